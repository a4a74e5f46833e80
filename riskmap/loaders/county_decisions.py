"""Checks of what `county.toml` decides by hand or sets beside its own zoning: overrides, compared products."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from riskmap.errors import CountyFileError, StandardError
from riskmap.loaders.county_words import nearest
from riskmap.loaders.refusal import few
from riskmap.model.county import County
from riskmap.model.scheme import ClassScheme
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


def decision_faults(raw: Mapping[str, Any], lines: Sequence[int]) -> list[str]:
    """Find classes that do not exist, days that are none and units that are overridden twice.

    Parameters
    ----------
    raw : mapping
        Tables of ``county.toml``, not yet validated (wrong types are passed over here).
    lines : sequence of int
        From `override_lines`.

    Returns
    -------
    list of str
        One line a fault, with the line of the file.

    Examples
    --------
    >>> decision_faults({"overrides": [{"unit": "1", "class": "极高", "date": "2026-01-05"}]}, [7])
    ["overrides (line 7) unit 1 class: '极高'; allowed: 1 低 Low, 2 中低 Medium-low, ..."]
    """
    scoring = raw.get("scoring")
    name = scoring.get("scheme", "comprehensive-risk") if isinstance(scoring, Mapping) else "comprehensive-risk"
    try:
        scheme = book().scheme(str(name))
    except StandardError:
        return []  # told by the check of the scoring
    return [*_overrides(raw, lines, scheme), *_compared(raw, scheme)]


def _overrides(raw: Mapping[str, Any], lines: Sequence[int], scheme: ClassScheme) -> Iterator[str]:
    rows = raw.get("overrides")
    rows = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    allowed = ", ".join(f"{code} {label}" for code, label in enumerate(scheme.labels, start=1))
    names = {text.casefold() for label in scheme.labels for text in (label.zh, label.en)}
    names |= {str(code) for code in range(1, scheme.size + 1)}
    for one, line in zip(rows, lines, strict=False):
        where = f"overrides (line {line}) unit {one.get('unit')}"
        if "line" in one:
            yield f"overrides (line {line}) line: unknown key; remove it"
        for key in ("class", "computed"):
            value = one.get(key)
            if isinstance(value, int | str) and str(value).strip().casefold() not in names:
                yield f"{where} {key}: {value!r}; allowed: {allowed}"
        if isinstance(one.get("date"), str):
            try:
                date.fromisoformat(one["date"])
            except ValueError:
                yield f'{where} date: {one["date"]!r} is no date; write it as "2026-01-31"'
    for unit, count in Counter(str(one.get("unit")) for one in rows).items():
        if count > 1:
            places = [str(line) for one, line in zip(rows, lines, strict=False) if str(one.get("unit")) == unit]
            yield f"overrides unit {unit}: stands on lines {', '.join(places)}; keep one of them"


def _compared(raw: Mapping[str, Any], scheme: ClassScheme) -> Iterator[str]:
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
                yield f"compare.{name}.classes.{text}: {code}; allowed: 1 to {scheme.size} (low to high)"


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
    faults = [
        f"overrides (line {one.line}) unit: {one.unit!r} is no unit of this county"
        f"{nearest(one.unit, known) or f'; there are {few(known)}'}; give its present code or take the override out"
        for one in lost
    ]
    raise CountyFileError(f"{county.folder / 'county.toml'}: {len(lost)} overrides without a unit", faults)


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
        there = nearest(county.seat, known) or f"; there are {few(known)}"
        cure = "give the code of the village or community where the county government sits, or take seat out"
        fault = f"seat: {county.seat!r} is no unit of this county{there}; {cure}"
        raise CountyFileError(f"{county.folder / 'county.toml'}: the county seat is no unit", [fault])
