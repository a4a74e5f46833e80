"""Shelters on a page: where they are, whom they reach, who is left out and why."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from riskmap.maps.subject import CLOSED, COVERED, UNCOVERED
from riskmap.maps.unit_words import VILLAGES, UnitWords, unit_words
from riskmap.maps.web.places import column_fact, short_name
from riskmap.maps.web.scenarios import houses_part, proposed_part, scenario_views, title_of_row
from riskmap.maps.web.shapes import line_shapes, point_places
from riskmap.maps.web.strings import HINTS, SHELTER_TYPES
from riskmap.maps.words import COLUMNS, REASONS, number, rule_text, share
from riskmap.model import Assessment, ShelterResult, Text, ThemeResult
from riskmap.model.reach_result import MEASURES
from riskmap.model.titles import short_title

__all__ = ["shelter_part"]


_PARTS: Mapping[str, Text] = MappingProxyType(
    {
        "people_to_move": Text("需安置", "To move"),
        "people_assigned": Text("已安置", "Placed"),
        "people_unassigned": Text("未安置", "Not placed"),
        "share_covered": Text("覆盖率", "Covered"),
        "people_uncovered": Text("未覆盖人口", "Not covered"),
    }
)
"""Figures of a scenario; who is not covered only where nobody was placed."""
_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "all": Text("显示全部", "Show all"),
        "radius": Text("其服务半径", "Its radius"),
        "after": Text("累计", "covered then"),
        "adds": Text("新增覆盖（人）", "Newly covered (people)"),
        "share": Text("增设后累计覆盖率", "Covered after it"),
        "land": Text("所需有效避难面积", "Effective area needed"),
    }
)


def shelter_part(found: ShelterResult, *, units: pd.Index, assessment: Assessment | None = None) -> Mapping[str, Any]:
    """Everything that a page shows of shelters.

    Parameters
    ----------
    found : ShelterResult
        From the shelters room.
    units : Index
        ``unit_id`` in the order in which the page has its units; demand is told in that order.
    assessment : Assessment, optional
        Names the hazards of the scenarios.

    Returns
    -------
    mapping
        ``places``, ``demand``, ``legend``, ``unknown`` (units whose people are unknown), ``scenarios``, ``notes``, ``closed`` (shapes of roads that close), ``views`` (`scenario_views`),
        ``houses``, ``proposed``, ``proposedNotes``, ``measures`` (what the figures of a scenario mean).

    Examples
    --------
    >>> shelter_part.__name__
    'shelter_part'
    """
    themes: Mapping[str, ThemeResult] = {} if assessment is None else assessment.themes
    proposed, why = (
        ([], []) if assessment is None else proposed_part(assessment.products, units=assessment.survey.units)
    )
    closed = found.roads[found.roads["closed_in"].fillna("").astype(str) != ""]
    return {
        "places": _places(found, themes, assessment),
        "demand": _demand(found, units),
        "legend": _legend(found, len(closed), words=VILLAGES if assessment is None else unit_words(assessment.survey)),
        "unknown": int(found.demand["people"].isna().sum()),
        "scenarioHeads": [_PARTS[one] for one in _parts(found)],
        "scenarios": _scenarios(found, assessment),
        "notes": list(found.notes),
        "closed": line_shapes(closed) if len(closed) else None,
        "colours": {"covered": COVERED, "uncovered": UNCOVERED, "closed": CLOSED},
        "unverified": any(one.unverified for one in found.thresholds),
        "views": [] if assessment is None else scenario_views(found, assessment, units=units),
        "houses": houses_part(found),
        "left": dict(REASONS),
        "proposed": proposed,
        "proposedNotes": why,
        "measures": MEASURES,
        "words": dict(_WORDS),
    }


def _places(
    found: ShelterResult, themes: Mapping[str, ThemeResult], assessment: Assessment | None
) -> Mapping[str, Any]:
    frame = found.shelters
    unsafe = []
    for text in frame["unsafe_for"].fillna("").astype(str):
        names = [one for one in text.replace(";", ",").replace(" ", "").split(",") if one]
        titles = [
            short_title(themes[one].title) if one in themes else found.titles.get(one, Text(one, one)) for one in names
        ]
        unsafe.append(
            Text("、".join(one.zh for one in titles), ", ".join(one.en for one in titles)) if titles else None
        )
    kinds = [SHELTER_TYPES.get(str(one), Text(str(one), str(one))) for one in frame["type"]]
    facts: list[Mapping[str, Any]] = [{"title": Text("类型", "Type"), "unit": "", "values": kinds}]
    for name in ("capacity_people", "radius_m", "people_in_reach"):
        if name in frame:
            title, unit = COLUMNS[name]
            facts.append(column_fact(frame[name], title=title, unit=unit))
    facts.append({"title": Text("受威胁于", "Threatened by"), "unit": "", "values": unsafe})
    if assessment is not None and "unsafe_why" in frame:
        why = [_clauses(text, assessment) for text in frame["unsafe_why"].fillna("").astype(str)]
        facts.append({"title": Text("不得启用的依据", "Why it is not used then"), "unit": "", "values": why})
    return {
        "names": [short_name(str(one)) for one in frame["name"].fillna("")],
        "seats": point_places(frame),
        "facts": facts,
    }


def _clauses(pairs: str, assessment: Assessment) -> Text | None:
    """Rules that shut a shelter out, each once."""
    keys = dict.fromkeys(one.partition("=")[2] for one in pairs.split("; ") if one)
    texts = [rule_text(assessment.survey.standards.threshold(one)) for one in keys]
    return Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts)) if texts else None


def _demand(found: ShelterResult, units: pd.Index) -> Mapping[str, Any]:
    table = found.demand.reindex(units)
    order = {str(one): n for n, one in enumerate(found.shelters.index)}
    reasons = table["reason"].fillna("").astype(str)
    people = table["people"].astype("float64")
    moved: list[str] = [] if found.evacuated is None else found.evacuated["reason"].astype(str).tolist()
    told = sorted({one for one in (*reasons, *moved) if one})
    return {
        "seats": point_places(table),
        "covered": [bool(one) if pd.notna(one) else None for one in table["covered"]],
        "empty": [bool(one == 0) for one in people],
        "reason": list(reasons),
        "reasons": {one: REASONS.get(one, Text(one, one)) for one in told},
        "hints": {one: HINTS[one] for one in told if HINTS.get(one, Text("", "")).zh},
        "nearest": [order.get(str(one)) for one in table["shelter_id"].fillna("")],
        "minutes": column_fact(table["time_min"].round(), title=COLUMNS["time_min"][0], unit="min"),
        "way": column_fact(table["distance_m"].round(-1), title=COLUMNS["distance_m"][0], unit="m"),
        "radius": column_fact(
            table["radius_m"] if "radius_m" in table else table["people"] * np.nan,
            title=COLUMNS["radius_m"][0],
            unit="m",
        ),
        "straight": column_fact(table["straight_m"].round(-1), title=COLUMNS["straight_m"][0], unit="m"),
    }


def _legend(found: ShelterResult, closed: int, *, words: UnitWords) -> list[Mapping[str, Any]]:
    demand = found.demand
    people = demand["people"].astype("float64")
    lived = ~(people == 0)
    covered = demand["covered"].fillna(False).astype(bool)
    rows: list[Mapping[str, Any]] = [
        {"mark": "shelter", "colour": COVERED, "label": Text("避难场所", "Shelter"), "values": [_n(found.shelters)]}
    ]
    for label, colour, which in (
        (words.fill(Text("已覆盖{unit}", "{Unit} covered")), COVERED, covered & lived),
        (words.fill(Text("未覆盖{unit}", "{Unit} not covered")), UNCOVERED, ~covered & lived),
    ):
        heads = None if which.any() and people[which].isna().all() else number(round(np.nansum(people[which])))
        rows.append({"mark": "point", "colour": colour, "label": label, "values": [number(int(which.sum())), heads]})
    if closed:
        label = Text("灾害情景下中断道路", "Road closed in a scenario")
        rows.append({"mark": "line", "colour": CLOSED, "label": label, "values": []})
    return rows


def _parts(found: ShelterResult) -> list[str]:
    told = found.scenarios
    return [one for one in _PARTS if one in told and not (one == "people_uncovered" and "people_to_move" in told)]


def _scenarios(found: ShelterResult, assessment: Assessment | None) -> list[list[Any]]:
    rows = []
    for name, row in found.scenarios.iterrows():
        text = str(name)
        title = found.titles.get(text, Text(text, text)) if assessment is None else title_of_row(assessment, text)
        if assessment is None and text == "dry":
            title = Text("无灾害", "No hazard")
        rows.append(
            [title, *(share(row[one]) if one == "share_covered" else number(row[one]) for one in _parts(found))]
        )
    return rows


def _n(frame: pd.DataFrame) -> str:
    return number(len(frame))
