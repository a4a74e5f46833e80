"""The figures that an edition is asked for first, and what moved since the one before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from riskmap.maps.subject import scenario_title
from riskmap.maps.words import layer_title
from riskmap.model import Assessment, Text

__all__ = ["Changes", "changes_between", "headlines"]

_SAME = 1e-6  # of a figure: what the order of a sum may move


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs between an edition and the one that it took the place of.

    Parameters
    ----------
    date : str
        Of the earlier edition.
    inputs : tuple of Text
        Deliveries, settings and software that are not the same, in words.
    figures : tuple of (Text, float or None, float or None)
        Headline figures that moved: title with unit, before, now; None where it was not known.
    compared : int
        Headline figures that stand in both editions.
    """

    date: str
    inputs: tuple[Text, ...] = ()
    figures: tuple[tuple[Text, float | None, float | None], ...] = ()
    compared: int = field(default=0)


def headlines(assessment: Assessment) -> list[dict[str, Any]]:
    """Figures of the whole county that an office reports on.

    Parameters
    ----------
    assessment : Assessment
        From `assess`.

    Returns
    -------
    list of dict
        ``key``, ``zh``, ``en`` (title with unit) and ``value``: people in each class of comprehensive risk; people within
        reach of a shelter, and people who find a place and who do not, by scenario. Villages whose people are not known
        are in no sum; where none is known the value is None.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> headlines(SimpleNamespace(risk=None, shelters=None))
    []
    """
    return [{"key": key, "zh": title.zh, "en": title.en, "value": value} for key, title, value in _figures(assessment)]


def _figures(assessment: Assessment) -> Iterator[tuple[str, Text, float | None]]:
    risk, reach = assessment.risk, assessment.shelters
    if risk is not None and "people" in risk.exposure:
        for code in range(risk.scheme.size, 0, -1):
            label = risk.scheme.label(code)
            title = Text(f"综合风险“{label.zh}”的人口（人）", f"People at {label.en.lower()} risk (people)")
            of_class = risk.exposure["people"][risk.units["class"].reindex(risk.exposure.index) == code]
            yield f"people-risk-{code}", title, _sum(of_class)
    if reach is None:
        return
    if "dry" in reach.scenarios.index:
        title = Text("沿道路可达避难场所的人口（人）", "People within reach of a shelter by road (people)")
        yield "people-covered", title, _value(reach.scenarios["people_covered"]["dry"])
    for name, row in reach.scenarios.iterrows():
        case = scenario_title(assessment, str(name))
        for column, zh, en in _PLACED:
            if column in row:
                title = Text(f"{case.zh}：{zh}（人）", f"{case.en}: {en} (people)")
                yield f"{column}: {name}", title, _value(row[column])


_PLACED = (
    ("people_assigned", "避难场所可安置的人口", "people who find a place"),
    ("people_unassigned", "没有安置的人口", "people without a place"),
)


def _sum(values: pd.Series) -> float | None:
    return _value(values.sum(min_count=1)) if len(values) else 0.0


def _value(value: Any) -> float | None:
    return None if pd.isna(value) else round(float(value), 3)


def changes_between(before: Mapping[str, Any], now: Mapping[str, Any]) -> Changes:
    """Name the inputs that differ between two manifests, and the headline figures that moved.

    Parameters
    ----------
    before, now : mapping
        ``manifest.json`` of the earlier and of the new edition.

    Returns
    -------
    Changes
        A figure that only one of them holds is not compared; a manifest without figures gives ``compared`` 0.

    Examples
    --------
    >>> shelters = {"path": "a.csv", "sha256": "1"}
    >>> figure = {"key": "placed", "zh": "安置（人）", "en": "Placed (people)", "value": 10.0}
    >>> old = {"date": "2026-01-01", "inputs": {"shelters": shelters}, "headlines": [figure]}
    >>> new = {"inputs": {"shelters": {**shelters, "sha256": "2"}}, "headlines": [{**figure, "value": 7.0}]}
    >>> found = changes_between(old, new)
    >>> found.inputs[0].zh, found.figures[0][0].zh, found.figures[0][1:]
    ('应急避难场所 a.csv：文件已改', '安置（人）', (10.0, 7.0))
    """
    was = {one["key"]: one for one in before.get("headlines", ())}
    figures, compared = [], 0
    for one in now.get("headlines", ()):
        if one["key"] not in was:
            continue
        compared += 1
        old, new = was[one["key"]]["value"], one["value"]
        if not _same(old, new):
            figures.append((Text(one["zh"], one["en"]), old, new))
    inputs = tuple(_inputs(before, now))
    return Changes(date=str(before.get("date", "")), inputs=inputs, figures=tuple(figures), compared=compared)


def _same(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is new
    return abs(old - new) <= _SAME * max(abs(old), abs(new), 1.0)


def _inputs(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Text]:
    was, is_now = before.get("inputs", {}), now.get("inputs", {})
    for name in dict.fromkeys([*is_now, *was]):
        title, path = layer_title(name), (is_now.get(name) or was[name]).get("path", "")
        zh, en = f"{title.zh} {path}", f"{title.en} {path}"
        if name not in was:
            yield Text(f"{zh}：新增", f"{en}: new")
        elif name not in is_now:
            yield Text(f"{zh}：不再使用", f"{en}: no longer used")
        elif was[name].get("sha256") != is_now[name].get("sha256"):
            yield Text(f"{zh}：文件已改", f"{en}: the file has changed")
    settings = [before.get("parameters", {}), now.get("parameters", {})]
    keys = [one for one in dict.fromkeys([*settings[1], *settings[0]]) if settings[0].get(one) != settings[1].get(one)]
    if keys:
        yield Text(f"设置 county.toml：{'、'.join(keys)} 已改", f"settings county.toml: {', '.join(keys)} changed")
    if any(before.get(one) != now.get(one) for one in ("riskmap", "code", "versions")):
        yield Text("软件：版本不同", "software: another version")
