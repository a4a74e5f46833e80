"""Shelter coverage of a county: the units, the people, the scenarios, and those left out with the reason."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.model import ShelterResult, Survey, Text, ThemeResult
from riskmap.shelters.access import floating_catchment
from riskmap.shelters.reach import Reach, closed_edges, inside_mask, masks_that_close, reach, straight_coverage
from riskmap.shelters.rules import rated_shelters, rule_thresholds, shelter_rules
from riskmap.spatial import Network, attach, build_network, route_graph, walking_minutes, way_matrix

__all__ = ["assess_shelters", "demand_points"]

_SNAP_M = 5.0


def assess_shelters(
    survey: Survey, themes: Mapping[str, ThemeResult], *, people: pd.Series | None = None
) -> ShelterResult:
    """Find who reaches a shelter on foot over the roads, on a dry day and in each hazard scenario.

    Parameters
    ----------
    survey : Survey
        With ``roads`` and ``shelters``.
    themes : mapping of str to ThemeResult
        Their scenarios close roads and shelters.
    people : Series, optional
        People of each unit (index ``unit_id``).

    Returns
    -------
    ShelterResult

    Raises
    ------
    MissingLayerError
        No roads, no shelters, or no people.

    Examples
    --------
    >>> assess_shelters.__name__
    'assess_shelters'
    """
    settings = survey.county.shelters
    rules = shelter_rules(survey.standards, radius_m=settings.radius_m)
    places = rated_shelters(survey.frame("shelters"), rules)
    roads = survey.frame("roads")
    demand = demand_points(survey, people)
    network, nodes, _ = attach(build_network(roads, snap_m=_SNAP_M), demand.geometry, limit_m=settings.snap_m)
    network, sites, _ = attach(network, places.geometry, limit_m=settings.snap_m)
    radius = places["radius_m"].to_numpy()
    straight_m, straight = straight_coverage(demand.geometry, places.geometry, radius)
    dry = reach(network, nodes, sites, radius)
    bridges = _bridges(network, roads)
    minutes, unknown = walking_minutes(
        network.edges, survey.raster("dem") if survey.has("dem") else None,
        flat_km_h=settings.walk_speed_km_h, bridges=bridges,
    )  # fmt: skip
    states = _states(network, themes, places, bridges)
    rows = {"dry": _row(dry, demand, straight, usable=len(places))}
    for name, (open_edges, safe) in states.items():
        found = reach(network, nodes, np.where(safe, sites, -1), radius, usable=open_edges)
        rows[name] = _row(found, demand, straight, usable=int(safe.sum()))
    unit = gpd.sjoin(places[["geometry"]], survey.units[["geometry"]], how="left", predicate="intersects")
    reached = demand["people"].groupby(np.where(dry.covered, dry.shelter, -1)).sum()
    shelters = places.assign(
        people_in_reach=[int(reached.get(n, 0)) for n in range(len(places))],
        unsafe_for=_unsafe(themes, places),
        unit_id=unit[~unit.index.duplicated()].iloc[:, -1].fillna("").astype("str"),
    )
    edges = network.edges[network.edges["road"] >= 0]
    closed = _closed_text(states, network)[network.edges["road"] >= 0]
    return ShelterResult(
        shelters=shelters,
        demand=_demand_table(
            demand,
            dry,
            places,
            straight_m=straight_m,
            minutes=way_matrix(route_graph(network, minutes), sites, nodes),
            metres=way_matrix(route_graph(network), sites, nodes, limit=float(radius.max(initial=0)) + 1),
        ),
        scenarios=pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario"),
        roads=gpd.GeoDataFrame(edges[["length_m", "geometry"]].assign(closed_in=closed), crs=roads.crs).reset_index(
            drop=True
        ),
        notes=_notes(network, nodes, sites, relief=bool(unknown.min(initial=1) < 1)),
        thresholds=rule_thresholds(survey.standards),
    )


def demand_points(survey: Survey, people: pd.Series | None = None) -> gpd.GeoDataFrame:
    """Where the people of each unit set out: the village seat, else a point inside the unit.

    Parameters
    ----------
    survey : Survey
        Units, and ``villages`` where delivered.
    people : Series, optional
        People of each unit; else those of the village layer.

    Returns
    -------
    GeoDataFrame
        Index ``unit_id``; ``people`` (NaN unknown) and the point.

    Raises
    ------
    MissingLayerError
        Neither people nor a village layer is there.

    Examples
    --------
    >>> demand_points.__name__
    'demand_points'
    """
    inner = survey.units.geometry.representative_point()
    if survey.has("villages") or people is None:
        villages = survey.frame("villages").drop_duplicates("code").set_index("code")
        seats = villages.geometry.representative_point().reindex(survey.units.index)
        inner = seats.where(seats.notna(), inner)
        if people is None:
            people = pd.to_numeric(villages["people"], errors="coerce")
    counts = people.reindex(survey.units.index).astype("float64")
    return gpd.GeoDataFrame(
        {"people": counts}, geometry=inner.to_numpy(), index=survey.units.index, crs=survey.units.crs
    )


def _bridges(network: Network, roads: gpd.GeoDataFrame) -> np.ndarray:
    """Edges that the delivered roads call bridges."""
    given = roads["bridge"].fillna(False).astype(bool).to_numpy() if "bridge" in roads else np.zeros(len(roads), bool)
    return np.append(given, False)[network.edges["road"].to_numpy()]


def _states(
    network: Network, themes: Mapping[str, ThemeResult], places: gpd.GeoDataFrame, bridges: np.ndarray
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Open edges and safe shelters in each scenario."""
    walks = network.edges["road"].to_numpy() < 0
    sites = np.column_stack([places.geometry.x, places.geometry.y])
    found = {}
    for theme in themes.values():
        edge_masks = masks_that_close(theme.scenarios, theme.scenario_closes, what="edges")
        site_masks = masks_that_close(theme.scenarios, theme.scenario_closes, what="sites")
        for name in theme.scenarios:
            shut = np.zeros(len(network.edges), bool)
            if name in edge_masks:
                shut = closed_edges(network.edges, edge_masks[name], bridges=bridges | walks)
            unsafe = inside_mask(sites, site_masks[name]) if name in site_masks else np.zeros(len(sites), bool)
            found[name] = (~shut, ~unsafe)
    return found


def _row(found: Reach, demand: gpd.GeoDataFrame, straight: np.ndarray, *, usable: int) -> dict[str, float]:
    people = demand["people"].fillna(0).to_numpy()
    total = people.sum()
    covered = people[found.covered].sum()
    return {
        "people_covered": round(covered),
        "people_uncovered": round(total - covered),
        "shelters_usable": usable,
        "share_covered": covered / total if total > 0 else np.nan,
        "share_straight": people[straight].sum() / total if total > 0 else np.nan,
    }


def _demand_table(
    demand: gpd.GeoDataFrame,
    dry: Reach,
    places: gpd.GeoDataFrame,
    *,
    straight_m: np.ndarray,
    minutes: np.ndarray,
    metres: np.ndarray,
) -> gpd.GeoDataFrame:
    """What each place reaches; `minutes` and `metres` are ways from every place to every shelter."""
    way = np.where(np.isfinite(dry.distance_m), dry.distance_m, np.nan)
    ids = np.append(places.index.to_numpy(dtype="object"), "")
    reason = np.select(
        [(demand["people"] == 0).to_numpy(), np.isnan(way), dry.covered], ["no people", "no road", "covered"], "too far"
    )
    on_foot = np.column_stack([minutes, np.full(len(demand), np.inf)])
    row = np.arange(len(demand))
    time = on_foot[row, dry.shelter]
    on_foot[row, dry.shelter] = np.inf
    second = np.where(np.isfinite(on_foot.min(axis=1)), on_foot.argmin(axis=1), -1)
    columns = {
        "people": demand["people"],
        "shelter_id": ids[dry.shelter],
        "distance_m": way,
        "time_min": np.where(np.isfinite(time), time, np.nan),
        "straight_m": np.where(np.isfinite(straight_m), straight_m, np.nan),
        "covered": dry.covered,
        "reason": reason,
        "second_id": ids[second],
        "second_min": np.where(second >= 0, on_foot[row, second], np.nan),
        "room_per_head": _room_per_head(demand, places, metres),
    }
    return gpd.GeoDataFrame(columns, geometry=demand.geometry.to_numpy(), index=demand.index, crs=demand.crs)


def _room_per_head(demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame, metres: np.ndarray) -> np.ndarray:
    """Places a head within the radii of the shelters, with all who share them (2SFCA); NaN where people are unknown."""
    room = places["capacity_people"].fillna(0).to_numpy("float64")
    inside = (metres <= places["radius_m"].to_numpy() + 0.01).astype("float64")
    found = floating_catchment(demand["people"].fillna(0).to_numpy("float64"), room, inside)
    return np.where(demand["people"].isna(), np.nan, found)


def _unsafe(themes: Mapping[str, ThemeResult], places: gpd.GeoDataFrame) -> list[str]:
    sites = np.column_stack([places.geometry.x, places.geometry.y])
    names: list[list[str]] = [[] for _ in range(len(places))]
    for theme in themes.values():
        masks: dict[str, xr.DataArray] = masks_that_close(theme.scenarios, theme.scenario_closes, what="sites")
        hit = (
            np.any([inside_mask(sites, one) for one in masks.values()], axis=0)
            if masks
            else np.zeros(len(places), bool)
        )
        for n in np.flatnonzero(hit):
            names[n].append(theme.name)
    return [", ".join(one) for one in names]


def _closed_text(states: Mapping[str, tuple[np.ndarray, np.ndarray]], network: Network) -> np.ndarray:
    texts = np.full(len(network.edges), "", dtype=object)
    for name, (open_edges, _) in states.items():
        shut = ~open_edges
        texts[shut] = [f"{one}; {name}" if one else name for one in texts[shut]]
    return texts


def _notes(network: Network, demand: np.ndarray, sites: np.ndarray, *, relief: bool) -> tuple[Text, ...]:
    count = len(np.unique(network.islands()))
    far, off = int((demand < 0).sum()), int((sites < 0).sum())
    return (
        Text(f"路网分为 {count} 个互不连通的部分", f"the road network falls into {count} separate parts"),
        Text(
            f"{far} 个村（社区）、{off} 处避难场所附近没有道路", f"{far} villages and {off} shelters have no road near"
        ),
        Text("步行时间按坡度计算（Tobler 函数）", "walking times by slope (Tobler's function)")
        if relief
        else Text("缺少地形，步行时间按平地计算", "no relief: walking times as on flat ground"),
        Text(
            "人均可用容量为服务半径内场所容量按共享人口分摊；覆盖判断未核减容量",
            "room a head shares the capacity within the radii among all who live there; coverage does not count it off",
        ),
    )
