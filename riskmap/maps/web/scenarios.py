"""Shelters by scenario on a page: who must leave, who finds no place and why, where the others go, what is shut."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.maps.subject import scenario_title
from riskmap.maps.web.places import place_names, short_name
from riskmap.maps.web.shapes import line_shapes, point_places, shape_of
from riskmap.model import Assessment, ProductTable, ShelterResult, Text
from riskmap.model.reach_result import AT_ONCE

__all__ = ["houses_part", "proposed_part", "scenario_views", "title_of_row"]

_SIMPLE_M = 12.0


def scenario_views(found: ShelterResult, assessment: Assessment, *, units: pd.Index) -> list[Mapping[str, Any]]:
    """What changes on the map from one scenario to the next.

    Parameters
    ----------
    found : ShelterResult
        With its allocation; without one there are no views.
    assessment : Assessment
        Names the scenarios. A public map bears no ways.
    units : Index
        ``unit_id`` in the order of the page.

    Returns
    -------
    list of mapping
        ``title``; ``leaving`` (place of the unit: people, placed, reason of the rest); ``flows`` (unit, target, people,
        minutes; targets are the shelters, then the houses); ``ways`` (one shape a flow, None where none is told);
        ``closed`` (roads) and ``shut`` (places of the shelters).

    Examples
    --------
    >>> scenario_views.__name__
    'scenario_views'
    """
    if found.evacuated is None or found.flows is None:
        return []
    place = {str(one): n for n, one in enumerate(units)}
    houses = [] if found.houses is None else list(found.houses.index)
    target = {str(one): n for n, one in enumerate([*found.shelters.index, *houses])}
    ways = None if assessment.survey.county.maps.is_public else found.routes
    views: list[Mapping[str, Any]] = []
    for name in found.scenarios.index:
        moved, flows = (_first_time(one[one["scenario"] == name]) for one in (found.evacuated, found.flows))
        flows = flows[flows["unit_id"].astype(str).isin(place) & flows["shelter_id"].astype(str).isin(target)]
        views.append(
            {
                "title": title_of_row(assessment, str(name)),
                "leaving": {
                    str(place[unit]): [int(people), int(placed), reason]
                    for unit, people, placed, reason in zip(
                        moved["unit_id"].astype(str), moved["people"], moved["assigned"], moved["reason"], strict=True
                    )
                    if unit in place and people > 0
                },
                "flows": [
                    [place[unit], target[shelter], int(people), round(minutes, 1) if np.isfinite(minutes) else None]
                    for unit, shelter, people, minutes in zip(
                        *(flows[one].astype(str).tolist() for one in ("unit_id", "shelter_id")),
                        *(flows[one].astype("float64").tolist() for one in ("people", "minutes")),
                        strict=True,
                    )
                ],
                "ways": _ways(ways, flows, str(name)),
                "closed": _closed(found.roads, str(name)),
                "shut": _shut(found, str(name), target),
            }
        )
    return views


def title_of_row(assessment: Assessment, name: str) -> Text:
    """Name of a scenario; without a hazard also what its figures mean, where people were placed.

    Examples
    --------
    >>> title_of_row.__name__
    'title_of_row'
    """
    title, found = scenario_title(assessment, name), assessment.shelters
    if name != "dry" or found is None or "people_to_move" not in found.scenarios:
        return title
    return Text(f"{title.zh}（{AT_ONCE.zh}）", f"{title.en} ({AT_ONCE.en})")


def houses_part(found: ShelterResult) -> Mapping[str, Any]:
    """Public houses that take people in: names, places, room.

    Examples
    --------
    >>> houses_part.__name__
    'houses_part'
    """
    houses = found.houses
    if houses is None or houses.empty:
        return {"names": [], "seats": [], "room": []}
    return {
        "names": [short_name(str(one)) for one in houses["name"].fillna("")],
        "seats": point_places(houses),
        "room": [None if pd.isna(one) else int(one) for one in houses["capacity_people"]],
    }


def proposed_part(
    products: Sequence[ProductTable], *, units: gpd.GeoDataFrame | None = None
) -> tuple[list[list[Any]], list[Text]]:
    """Places where the next shelters belong, in their order, and what to know of them.

    Parameters
    ----------
    products : sequence of ProductTable
        With ``shelter_sites``, or without.
    units : GeoDataFrame, optional
        Villages: a place called as one of them has its English name, unless two of that name are spelt apart in English.

    Returns
    -------
    list of list
        lon, lat, name, whether it is the first, people newly covered, share covered after it (percent), land in m2.
    list of Text
        How many are needed, or why the share asked for is out of reach.

    Examples
    --------
    >>> proposed_part([])
    ([], [])
    """
    table = next((one for one in products if one.name == "shelter_sites"), None)
    if table is None or not isinstance(table.frame, gpd.GeoDataFrame):
        return [], []
    frame = table.frame
    figures = frame[["people_added", "share_after_pct", "land_m2"]].astype("float64").to_numpy()
    called = set() if units is None else set(place_names(units))
    times = Counter(one.zh for one in called)
    english = {one.zh: one.en for one in called if times[one.zh] == 1}
    rows = [
        [
            *at,
            Text(str(name), english.get(short_name(str(name)), str(name))),
            bool(first),
            round(people),
            part,
            round(land),
        ]
        for at, name, first, (people, part, land) in zip(
            point_places(frame), frame["name"], frame["first"], figures.tolist(), strict=True
        )
        if at is not None
    ]
    return rows, list(table.notes)


def _first_time(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first time that a scenario tells (residents, else the night, ...)."""
    return table if "time" not in table or table.empty else table[table["time"] == table["time"].iloc[0]]


def _ways(routes: gpd.GeoDataFrame | None, flows: pd.DataFrame, scenario: str) -> list[Mapping[str, Any] | None]:
    if routes is None or flows.empty:
        return [None] * len(flows)
    here = routes[routes["scenario"] == scenario]
    light = here.geometry.simplify(_SIMPLE_M).to_crs("EPSG:4326")
    keys = zip(here["unit_id"].astype(str), here["shelter_id"].astype(str), strict=True)
    shapes = dict(zip(keys, (shape_of(one) for one in light), strict=True))
    return [shapes.get(one) for one in zip(*(flows[key].astype(str) for key in ("unit_id", "shelter_id")), strict=True)]


def _closed(roads: gpd.GeoDataFrame, scenario: str) -> Mapping[str, Any] | None:
    named = roads["closed_in"].fillna("").astype(str).str.split("; ")
    return line_shapes(roads[[scenario in one for one in named]])


def _shut(found: ShelterResult, scenario: str, target: Mapping[str, int]) -> list[int]:
    threats = found.threats
    if threats is None or "scenario" not in threats:
        return []
    ids = threats.loc[threats["scenario"] == scenario, "shelter_id"].astype(str)
    return sorted({target[one] for one in ids if one in target})
