"""Who must leave in each scenario, to which shelter with room left, and who finds none for which reason."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Standards
from riskmap.shelters.allocation import split_people
from riskmap.shelters.ground import Ground
from riskmap.spatial import route_graph, way_matrix

__all__ = ["EVACUATION_THRESHOLDS", "Evacuation", "evacuation"]

EVACUATION_THRESHOLDS = ("shelters.evacuation_limit_min", "shelters.other_township_min")
_CENTIMETRE = 0.01
_FLOWS = ("scenario", "unit_id", "shelter_id", "people", "minutes")
_PLACES = ("scenario", "unit_id", "people", "assigned", "unassigned", "reason")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evacuation:
    """Allocation of people to shelters, scenario by scenario.

    Parameters
    ----------
    flows : DataFrame
        ``scenario``, ``unit_id``, ``shelter_id``, ``people``, ``minutes`` on foot; one row for each unit and shelter
        with people between them.
    places : DataFrame
        ``scenario``, ``unit_id``, ``people`` = ``assigned`` + ``unassigned``, ``reason`` of the unassigned: ``no room``,
        ``cut off`` (closed roads alone are the cause), ``unsafe`` (only threatened shelters are near), ``too far``,
        ``no road``; ``covered`` where all found room.
    scenarios : DataFrame
        Index ``scenario``; ``people_to_move``, ``people_assigned``, ``people_unassigned``, ``worst_min``.
    """

    flows: pd.DataFrame
    places: pd.DataFrame
    scenarios: pd.DataFrame


def evacuation(
    ground: Ground,
    places: gpd.GeoDataFrame,
    people: Mapping[str, pd.Series],
    *,
    states: Mapping[str, tuple[np.ndarray, np.ndarray]],
    away: np.ndarray,
    standards: Standards,
) -> Evacuation:
    """Allocate the people of each scenario to shelters that stay safe and have room, over roads that stay open.

    Parameters
    ----------
    ground : Ground
        Network with units and shelters on it.
    places : GeoDataFrame
        Index ``shelter_id``; ``capacity_people`` (NaN holds nobody), ``radius_m``.
    people : mapping of scenario to Series
        Index ``unit_id`` in the order of ``ground.nodes``: who must leave; NaN counts as nobody, fractions are rounded.
        ``dry`` is the day without a hazard: then the radius of each shelter is the limit, else the declared time.
    states : mapping of scenario to (open edges, safe shelters)
        From `riskmap.shelters.ground.states`; a scenario that is not in it leaves all open.
    away : ndarray of bool, shape (units, shelters)
        Where the shelter stands in another township.
    standards : Standards
        Limit, and the price of leaving the own township.

    Returns
    -------
    Evacuation

    Notes
    -----
    As many people as possible find room, then the least person-minutes (`split_people`, proved).

    Examples
    --------
    >>> evacuation.__name__
    'evacuation'
    """
    limit = standards.value("shelters.evacuation_limit_min")
    extra = standards.value("shelters.other_township_min") * away
    dry_min = way_matrix(ground.on_foot(), ground.sites, ground.nodes)
    radius = places["radius_m"].to_numpy("float64") + _CENTIMETRE
    metres = way_matrix(route_graph(ground.network), ground.sites, ground.nodes, limit=float(radius.max(initial=0.0)))
    room = np.floor(places["capacity_people"].fillna(0).to_numpy("float64"))
    everywhere = np.ones(len(ground.network.edges), bool), np.ones(len(places), bool)
    parts = []
    for name, count in people.items():
        usable, safe = states.get(name, everywhere)
        near = metres <= radius if name == "dry" else dry_min <= limit
        minutes = dry_min if usable.all() else way_matrix(ground.on_foot(usable), ground.sites, ground.nodes)
        inside = near if name == "dry" else minutes <= limit
        heads = count.fillna(0).round()
        table = pd.DataFrame(np.where(inside & safe, minutes, np.inf), index=heads.index, columns=places.index)
        found = split_people(heads, table, room, extra_min=extra)
        why = np.select(
            [~np.isfinite(dry_min).any(axis=1), (near & safe).any(axis=1), near.any(axis=1)],
            ["no road", "cut off", "unsafe"],
            "too far",
        )
        told = found.places.assign(
            scenario=name,
            reason=np.select(
                [found.places["unassigned"] == 0, found.places["reason"] == "no way"], ["covered", why], "no room"
            ),
        )
        parts.append((found.flows.assign(scenario=name), told.rename_axis("unit_id").reset_index(), found.worst_min))
    return _joined(parts, list(people))


def _joined(parts: list[tuple[pd.DataFrame, pd.DataFrame, float]], names: list[str]) -> Evacuation:
    named = {"place": "unit_id", "site": "shelter_id"}
    flows = pd.concat([one.rename(columns=named) for one, _, _ in parts], ignore_index=True)
    places = pd.concat([one for _, one, _ in parts], ignore_index=True)
    places = places[places["people"] > 0].reset_index(drop=True)
    sums = places.groupby("scenario")[["people", "assigned", "unassigned"]].sum().reindex(names, fill_value=0)
    sums.columns = pd.Index([f"people_{one}" for one in ("to_move", "assigned", "unassigned")])
    summary = sums.assign(worst_min=[one for _, _, one in parts]).rename_axis("scenario")
    return Evacuation(flows=flows[list(_FLOWS)], places=places[list(_PLACES)], scenarios=summary)
