"""Checks of what `county.toml` decides by hand or sets beside its own zoning: overrides, compared products."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from riskmap.errors import CountyFileError, StandardError
from riskmap.loaders.county_words import nearest, no_date, not_a_class
from riskmap.loaders.refusal import few
from riskmap.model.county import County
from riskmap.model.scheme import ClassScheme
from riskmap.model.text import Text
from riskmap.standards import book

__all__ = ["decision_faults", "override_lines", "refuse_lost_overrides", "refuse_lost_seat"]

_HEAD = re.compile(r"^\s*\[\[\s*[\"']?overrides[\"']?\s*\]\]")


def override_lines(text: str, count: int) -> list[int]:
    """Line of `county.toml` on which each override begins; 0 where that cannot be told.

    Examples
    --------
    >>> override_lines('units = "villages"\\n\\n[[overrides]]\\nunit = "1"\\n[[overrides]]\\n', 2)
    [3, 5]
    """
    found = [number for number, line in enumerate(text.splitlines(), start=1) if _HEAD.match(line)]
    return found if len(found) == count else [0] * count


def decision_faults(raw: Mapping[str, Any], lines: Sequence[int]) -> list[Text]:
    """Find classes that do not exist, days that are none and units that are overridden twice.

    Parameters
    ----------
    raw : mapping
        Tables of ``county.toml``, not yet validated (wrong types are passed over here).
    lines : sequence of int
        From `override_lines`.

    Returns
    -------
    list of Text
        One line a fault, with the line of the file.

    Examples
    --------
    >>> decision_faults({"overrides": [{"unit": "1", "class": "极高", "date": "2026-01-05"}]}, [7])[0].en
    "overrides (line 7) unit 1 class: '极高'; allowed: 1 低 Low, 2 中低 Medium-low, ..."
    """
    scoring = raw.get("scoring")
    name = scoring.get("scheme", "comprehensive-risk") if isinstance(scoring, Mapping) else "comprehensive-risk"
    try:
        scheme = book().scheme(str(name))
    except StandardError:
        return []  # told by the check of the scoring
    return [*_overrides(raw, lines, scheme), *_compared(raw, scheme)]


def _overrides(raw: Mapping[str, Any], lines: Sequence[int], scheme: ClassScheme) -> Iterator[Text]:
    rows = raw.get("overrides")
    rows = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    allowed = ", ".join(f"{code} {label}" for code, label in enumerate(scheme.labels, start=1))
    names = {text.casefold() for label in scheme.labels for text in (label.zh, label.en)}
    names |= {str(code) for code in range(1, scheme.size + 1)}
    for one, line in zip(rows, lines, strict=False):
        unit = one.get("unit")
        where = Text(f"overrides（第 {line} 行）单元 {unit} ", f"overrides (line {line}) unit {unit} ")
        if "line" in one:
            yield Text(
                f"overrides（第 {line} 行）line：没有这一项；请删去",
                f"overrides (line {line}) line: unknown key; remove it",
            )
        for key in ("class", "computed"):
            value = one.get(key)
            if isinstance(value, int | str) and str(value).strip().casefold() not in names:
                yield Text(
                    f"{where.zh}{key}：{value!r}；可用：{allowed}", f"{where.en}{key}: {value!r}; allowed: {allowed}"
                )
        if isinstance(one.get("date"), str):
            try:
                date.fromisoformat(one["date"])
            except ValueError:
                told = no_date("date", one["date"])
                yield Text(where.zh + told.zh, where.en + told.en)
    for unit, count in Counter(str(one.get("unit")) for one in rows).items():
        if count > 1:
            places = [str(line) for one, line in zip(rows, lines, strict=False) if str(one.get("unit")) == unit]
            yield Text(
                f"overrides 单元 {unit}：写在第 {'、'.join(places)} 行；请只留一处",
                f"overrides unit {unit}: stands on lines {', '.join(places)}; keep one of them",
            )


def _compared(raw: Mapping[str, Any], scheme: ClassScheme) -> Iterator[Text]:
    compare = raw.get("compare")
    if not isinstance(compare, Mapping):
        return
    near = compare.get("neighbour")
    entries = {f"neighbour.{name}": one for name, one in near.items()} if isinstance(near, Mapping) else {}
    entries["province"] = compare.get("province")
    for name, entry in entries.items():
        classes = entry.get("classes") if isinstance(entry, Mapping) else None
        for text, code in classes.items() if isinstance(classes, Mapping) else ():
            if isinstance(code, int) and not 1 <= code <= scheme.size:
                yield not_a_class(f"compare.{name}.classes.{text}", code, scheme.size)


def refuse_lost_overrides(county: County, units: pd.Index, townships: pd.Index) -> None:
    """Stop where an override names a unit that the county does not have, or no longer.

    Parameters
    ----------
    county : County
        Its overrides.
    units, townships : Index
        Codes of this county.

    Raises
    ------
    CountyFileError
        Names the line of ``county.toml``, the code and the nearest codes there are.

    Examples
    --------
    >>> plain = {"folder": ".", "name": {"zh": "县", "en": "C"}, "date": "2026-01-01"}
    >>> refuse_lost_overrides(County.model_validate(plain), pd.Index([]), pd.Index([]))
    """
    known = [str(one) for one in (*units, *townships)]
    lost = [one for one in county.overrides if one.unit not in set(known)]
    if not lost:
        return
    faults = []
    for one in lost:
        near = _near(one.unit, known)
        zh = f"overrides（第 {one.line} 行）unit：{one.unit!r} 不是本县的单元{near.zh}；请写现行代码，或删去这一条"
        en = f"overrides (line {one.line}) unit: {one.unit!r} is no unit of this county{near.en}; "
        faults.append(Text(zh, f"{en}give its present code or take the override out"))
    file, count = county.folder / "county.toml", len(lost)
    raise CountyFileError(
        Text(f"{file}：{count} 条人工审定找不到单元", f"{file}: {count} overrides without a unit"), faults
    )


def _near(code: str, known: Sequence[str]) -> Text:
    near = nearest(code, known)
    return near if near.en else Text(f"；本县有 {few(known)}", f"; there are {few(known)}")


def refuse_lost_seat(county: County, units: pd.Index) -> None:
    """Stop where the county seat is no unit of the county.

    Parameters
    ----------
    county : County
        Its ``seat``; an empty one is not asked.
    units : Index
        Codes of this county.

    Raises
    ------
    CountyFileError
        Tells the code and the nearest codes there are.

    Examples
    --------
    >>> plain = {"folder": ".", "name": {"zh": "县", "en": "C"}, "date": "2026-01-01"}
    >>> refuse_lost_seat(County.model_validate(plain), pd.Index([]))
    """
    known = [str(one) for one in units]
    if county.seat and county.seat not in known:
        near, file = _near(county.seat, known), county.folder / "county.toml"
        fault = Text(
            f"seat：{county.seat!r} 不是本县的单元{near.zh}；请写县政府所在村（社区）的代码，或删去 seat",
            f"seat: {county.seat!r} is no unit of this county{near.en}; give the code of the village or community where "
            "the county government sits, or take seat out",
        )
        head = Text(f"{file}：县政府驻地不是本县的单元", f"{file}: the county seat is no unit")
        raise CountyFileError(head, [fault])
