"""Two published editions of one county: which units changed class, and whether by data, by method or within doubt."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import EditionError
from riskmap.loaders.edition import PublishedEdition, read_edition
from riskmap.maps.words import layer_title
from riskmap.model import NO_CLASS, Text
from riskmap.model.county import ScoringSettings
from riskmap.model.editions import Cause, EditionsCompared
from riskmap.pipeline.edition_shelters import changed_placing, changed_shelters
from riskmap.standards import book

__all__ = ["compare_editions"]

_DATA = ("layers", "given", "codes", "code", "code_version", "units", "cell_size_m", "crs")
_METHOD = ("hazards", "scoring", "standards", "seed")  # zones are made of classes and move none
_FACTS = ("people", "gdp_yuan", "crops_km2", "houses_m2", "roads_km")
_SOFTWARE = Text("软件或其组件的版本不同", "another version of the software or of a library")
_SAME = 1e-6  # of a score or an amount: the database keeps what was computed, but for rounding


def compare_editions(old: str | Path, new: str | Path) -> EditionsCompared:
    """Say which units changed class between two editions, and why.

    Parameters
    ----------
    old, new : path
        Folders of two published editions.

    Returns
    -------
    EditionsCompared

    Raises
    ------
    EditionError
        One is no edition, they are of two counties, or they share no unit.

    Notes
    -----
    The cause of a change, the first that holds:

    * *by hand*: the computed class is the same, a signed class was set, changed or taken back;
    * *noise*: no setting and no threshold differ, the new class is the one that the old edition named as most likely
      under other weights, and either its stability of the class lay below ``comparison.firm_stability`` or the unit's
      own scores and amounts are the same; or nothing differs between the manifests at all;
    * *data*: inputs (their hashes, or how they are read) differ, the method does not;
    * *method*: parameters, thresholds, profile, code or libraries differ, and inputs do not, or they do not reach this
      unit: its scores and amounts are the same;
    * *data and method*: both differ, and both may have reached it.

    Shelters and the people placed and covered in each scenario are set side by side as the databases tell them.

    Breaks found from data move with the data: a unit may change though nothing of its own did.

    Examples
    --------
    >>> compare_editions.__name__
    'compare_editions'
    """
    before, now = read_edition(Path(old)), read_edition(Path(new))
    counties = [one.manifest["county"] for one in (before, now)]
    both = before.units.index.intersection(now.units.index)
    _check_pair([old, new], counties, shared=len(both))
    name = now.manifest["parameters"]["scoring"]["scheme"]
    was, is_now = before.units.loc[both], now.units.loc[both]
    data, method = _data(before, now), _method(before, now)
    rules = [one for one in method if one != _SOFTWARE]
    changes = _changes(was, is_now, differs=(bool(data), bool(method), bool(rules)))
    pairs = pd.DataFrame({"class_old": was["class"], "class_new": is_now["class"]})
    groups = pairs.assign(people=is_now.get("people", np.nan)).groupby(["class_old", "class_new"])["people"]
    people = groups.sum().where(groups.count() == groups.size())
    transition = pd.DataFrame({"units": groups.size(), "people": people}).reset_index()
    return EditionsCompared(
        county=Text(counties[1]["zh"], counties[1]["en"]),
        dates=(before.manifest["date"], now.manifest["date"]),
        scheme=book().scheme(name),
        changes=changes,
        transition=transition,
        same=int((was["class"] == is_now["class"]).sum()),
        added=len(now.units) - len(both),
        removed=len(before.units) - len(both),
        data=tuple(data),
        method=tuple(method),
        shelters=None
        if before.shelters is None or now.shelters is None
        else changed_shelters(before.shelters, now.shelters),
        placing=None
        if before.scenarios is None or now.scenarios is None
        else changed_placing(before.scenarios, now.scenarios, themes=now.manifest.get("themes")),
    )


def _check_pair(folders: Sequence[str | Path], counties: Sequence[Mapping[str, Any]], *, shared: int) -> None:
    (old, new), (was, is_now) = folders, counties
    if was["code"] != is_now["code"]:
        raise EditionError(
            Text(
                f"{old} 是{was['zh']}，{new} 是{is_now['zh']}；请对比同一个县的成果",
                f"{old} is of {was['en']}, {new} of {is_now['en']}; compare one county",
            )
        )
    if not shared:
        raise EditionError(
            Text(
                f"{old} 与 {new} 没有相同的单元；一套按村、一套按乡镇，或代码已变",
                f"{old} and {new} share no unit; they were made by villages and by townships, or renumbered",
            )
        )


def _data(before: PublishedEdition, now: PublishedEdition) -> list[Text]:
    """What differs in the inputs."""
    found = []
    was, is_now = before.manifest["inputs"], now.manifest["inputs"]
    for name in sorted({*was, *is_now} - {one for one in {*was, *is_now} if one.startswith("compare.")}):
        title = layer_title(name)
        if name not in was or name not in is_now:
            zh, en = ("新增图层", "new layer") if name not in was else ("不再使用", "no longer used")
            found.append(Text(f"{title.zh}：{zh}", f"{title.en}: {en}"))
        elif was[name]["sha256"] != is_now[name]["sha256"]:
            found.append(Text(f"{title.zh}：文件不同", f"{title.en}: another file"))
    keys = _settings(before, now, _DATA)
    return found + [Text(f"设置不同：{one}", f"settings differ: {one}") for one in keys]


def _method(before: PublishedEdition, now: PublishedEdition) -> list[Text]:
    """What differs in the way from inputs to classes."""
    found = [Text(f"设置不同：{one}", f"settings differ: {one}") for one in _settings(before, now, _METHOD)]
    was, is_now = ({one["key"]: one for one in edition.manifest["thresholds"]} for edition in (before, now))
    for key in sorted({*was} & {*is_now}):
        plain = ("clause", "confidence") if key.startswith("scheme.") else ("value", "clause", "confidence")
        if any(was[key].get(one) != is_now[key].get(one) for one in plain):
            values = f"{was[key]['value']} → {is_now[key]['value']}"
            found.append(Text(f"阈值不同：{key} {values}", f"threshold differs: {key} {values}"))
    for key in ("riskmap", "code", "versions"):
        if before.manifest.get(key) != now.manifest.get(key):
            return [*found, _SOFTWARE]
    return found


def _settings(before: PublishedEdition, now: PublishedEdition, keys: tuple[str, ...]) -> list[str]:
    """Names of the settings that differ; those that were not there yet count as they are by default."""
    was, is_now = (_whole(one.manifest["parameters"]) for one in (before, now))
    return [one for one in keys if one in was and one in is_now and _told(was[one]) != _told(is_now[one])]


def _whole(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with the defaults of those that came after the edition."""
    return {**parameters, "scoring": {**ScoringSettings().model_dump(mode="json"), **parameters["scoring"]}}


def _told(value: Any) -> Any:
    """A setting without what changes no number."""
    if not isinstance(value, Mapping):
        return value
    idle = {"path", "licence", "source", "secrecy"}
    return {key: _told(one) for key, one in value.items() if key not in idle}


def _changes(was: pd.DataFrame, now: pd.DataFrame, *, differs: tuple[bool, bool, bool]) -> pd.DataFrame:
    moved = was.index[(was["class"] != now["class"]).to_numpy()]
    touched = _touched(was, now)
    firm = book().value("comparison.firm_stability")
    rows = []
    for unit in moved:
        cause, reason = _cause(was.loc[unit], now.loc[unit], touched=bool(touched[unit]), differs=differs, firm=firm)
        a, b = int(was.loc[unit, "class"]), int(now.loc[unit, "class"])
        known = NO_CLASS not in (a, b)
        rows.append(
            {
                "unit_id": unit,
                "name": str(now.loc[unit].get("name", "")),
                "class_old": a,
                "class_new": b,
                "step": b - a if known else np.nan,
                "index_old": was.loc[unit, "index"],
                "index_new": now.loc[unit, "index"],
                "stability_old": was.loc[unit].get("stability", np.nan),
                "cause": cause,
                "reason": str(reason),
            }
        )
    columns = ["unit_id", "name", "class_old", "class_new", "step", "index_old", "index_new", "stability_old"]
    table = pd.DataFrame(rows, columns=[*columns, "cause", "reason"]).set_index("unit_id")
    order = table["step"].astype("float64").abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order]


def _touched(was: pd.DataFrame, now: pd.DataFrame) -> pd.Series:
    """Units whose own scores or amounts differ."""
    columns = [one for one in now if one in was and (one in _FACTS or str(one).startswith("score_"))]
    lost = {one for one in {*was} ^ {*now} if str(one).startswith("score_") or one in _FACTS}
    one, two = (frame[columns].to_numpy("float64") for frame in (was, now))
    same = np.isclose(one, two, rtol=_SAME, atol=_SAME, equal_nan=True).all(axis=1)
    return pd.Series(~same | bool(lost), index=was.index)


def _cause(
    was: pd.Series, now: pd.Series, *, touched: bool, differs: tuple[bool, bool, bool], firm: float
) -> tuple[Cause, Text]:
    data, method, rules = differs
    computed = [int(one.get("class_computed", one["class"])) for one in (was, now)]
    if computed[0] == computed[1]:
        return "by hand", Text("人工审定有变，计算等级未变", "a signed class changed, the computed one did not")
    if not rules and int(was.get("next_class", NO_CLASS)) == int(now["class"]):
        stability = float(was.get("stability", np.nan))
        if stability < firm:
            told = f"{stability:.0%}"
            return "noise", Text(f"原等级稳定性仅 {told}", f"the earlier class held in {told} of the draws only")
        if not touched:
            return "noise", Text(
                "本单元数据未变，且为原先最可能的另一等级", "nothing of its own changed; the likely other class"
            )
    if not data and not method:
        return "noise", Text("资料与方法均相同", "neither data nor method differ")
    if not method:
        own = (
            ("本单元资料有变", "its own data changed")
            if touched
            else ("分级界线随资料变动", "breaks moved with the data")
        )
        return "data", Text(*own)
    if not data or not touched:
        return "method", Text("方法有变，本单元资料未变或无资料变动", "the method changed, and no data that reach it")
    return "data and method", Text("资料与方法都有变", "both data and method changed")
