"""Shelter coverage of a county: the units, the people, the scenarios, and those left out with the reason."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.model import ShelterResult, Survey, Text, ThemeResult
from riskmap.model.titles import scenario_words
from riskmap.shelters.access import floating_catchment
from riskmap.shelters.buses import BUS_THRESHOLDS
from riskmap.shelters.coverage_notes import coverage_notes
from riskmap.shelters.driving import car_minutes
from riskmap.shelters.evacuation import EVACUATION_THRESHOLDS
from riskmap.shelters.ground import Ground, states_of
from riskmap.shelters.groups import GROUP_THRESHOLDS, slow_pace
from riskmap.shelters.houses import HOUSE_THRESHOLDS
from riskmap.shelters.moving import move
from riskmap.shelters.reach import Reach, reach, straight_coverage
from riskmap.shelters.robust import critical_edges, critical_roads
from riskmap.shelters.rules import rated_shelters, rule_thresholds, shelter_rules
from riskmap.shelters.scenarios import Scenario, scenarios_of, serving, threats
from riskmap.shelters.service_areas import isochrones, reached_roads
from riskmap.shelters.service_rules import driving_speeds
from riskmap.spatial import Network, route_graph, way_matrix

__all__ = ["assess_shelters", "county_rules", "demand_points"]

_CHOSEN = (
    "shelters.walk_bands_min", "shelters.walk_width_m", "shelters.critical_roads", "shelters.earthquake_share",
    *EVACUATION_THRESHOLDS, *GROUP_THRESHOLDS, *HOUSE_THRESHOLDS, *BUS_THRESHOLDS,
)  # fmt: skip


def assess_shelters(
    survey: Survey,
    themes: Mapping[str, ThemeResult],
    *,
    people: pd.Series | None = None,
    threatened: Mapping[str, pd.Series] | None = None,
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
    threatened : mapping of scenario to Series, optional
        People of each unit inside the zone of a scenario, who must leave it.

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
    rules = county_rules(survey)
    places, demand = rated_shelters(survey.frame("shelters"), rules), demand_points(survey, people)
    scenarios = scenarios_of(survey, themes)
    ground = Ground.of(survey, demand, places)
    meant = {name: serving(places["type"], rules, one.theme) for name, one in scenarios.items()}
    dem = survey.raster("dem") if survey.has("dem") else None
    states = {
        name: (usable, safe & meant[name])
        for name, (usable, safe) in states_of(ground, scenarios.values(), places, dem=dem).items()
    }
    calm = replace(ground, sites=np.where(meant["dry"], ground.sites, -1))
    straight_m, straight = straight_coverage(demand.geometry, places.geometry, places["radius_m"].to_numpy())
    found = {name: _reached(ground, one, places["radius_m"].to_numpy()) for name, one in states.items()}
    shelters = _rated(survey, places, found["dry"], demand["people"])
    moved = move(survey, scenarios, ground, shelters, people=demand["people"], inside=threatened or {}, rules=rules)
    rows = {name: _row(one, demand, straight, usable=int(states[name][1].sum())) for name, one in found.items()}
    standards, danger = survey.standards, threats(scenarios.values(), places)
    return ShelterResult(
        shelters=shelters.assign(**_shut_out(danger, shelters.index)),
        demand=_demand_table(
            calm, demand, found["dry"], places=places, straight_m=straight_m, slower=slow_pace(survey),
            drive_min=_by_car(calm, survey, found["dry"]),
        ),
        scenarios=pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario").join(moved.evacuation.scenarios),
        roads=_roads(ground, states),
        notes=(*coverage_notes(ground), *moved.notes),
        thresholds=(
            *rule_thresholds(standards), *(standards.threshold(one) for one in _CHOSEN), driving_speeds(standards)[1],
        ),
        critical=_critical(calm, survey, demand["people"]),
        areas=_areas(calm, survey),
        flows=moved.evacuation.flows,
        evacuated=moved.evacuation.places,
        titles=_titles(scenarios, themes),
        threats=danger, times=moved.evacuation.times, groups=moved.groups, houses=moved.houses, routes=moved.routes,
        buses=moved.buses, fleet=moved.fleet, danger_zones=_delivered(scenarios, themes),
    )  # fmt: skip


def _delivered(scenarios: Mapping[str, Scenario], themes: Mapping[str, ThemeResult]) -> Mapping[str, xr.DataArray]:
    """Zones that stand in no theme: those of the danger areas."""
    told = {name for one in themes.values() for name in one.scenarios}
    return MappingProxyType({n: one.mask for n, one in scenarios.items() if one.mask is not None and n not in told})


def _titles(scenarios: Mapping[str, Scenario], themes: Mapping[str, ThemeResult]) -> Mapping[str, Text]:
    found = {name: one.title or _of_theme(name, themes.get(one.theme)) for name, one in scenarios.items()}
    return MappingProxyType({name: one for name, one in found.items() if one is not None})


def _of_theme(name: str, theme: ThemeResult | None) -> Text | None:
    return None if theme is None else scenario_words(theme.title, name, part=theme.scenario_titles.get(name))


def county_rules(survey: Survey) -> pd.DataFrame:
    """Rules of each shelter type, with the county's own radii and hazards served.

    Examples
    --------
    >>> county_rules.__name__
    'county_rules'
    """
    own = survey.county.shelters
    return shelter_rules(survey.standards, radius_m=own.radius_m, serves=own.serves)


def _reached(ground: Ground, state: tuple[np.ndarray, np.ndarray], radius: np.ndarray) -> Reach:
    usable, safe = state
    return reach(ground.network, ground.nodes, np.where(safe, ground.sites, -1), radius, usable=usable)


def _rated(survey: Survey, places: gpd.GeoDataFrame, dry: Reach, people: pd.Series) -> gpd.GeoDataFrame:
    reached = people.groupby(np.where(dry.covered, dry.shelter, -1)).sum()
    unit = gpd.sjoin(places[["geometry"]], survey.units[["geometry"]], how="left", predicate="intersects")
    return places.assign(
        people_in_reach=[int(reached.get(n, 0)) for n in range(len(places))],
        unit_id=unit[~unit.index.duplicated()].iloc[:, -1].fillna("").astype("str"),
    )


def _roads(ground: Ground, states: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> gpd.GeoDataFrame:
    real = ground.network.edges["road"] >= 0
    edges, closed = ground.network.edges[real], _closed_text(states, ground.network)[real]
    frame = edges[["length_m", "geometry"]].assign(closed_in=closed)
    return gpd.GeoDataFrame(frame, crs=edges.crs).reset_index(drop=True)


def _critical(ground: Ground, survey: Survey, people: pd.Series) -> gpd.GeoDataFrame:
    """Roads on which the ways of most people hang."""
    most = int(survey.standards.value("shelters.critical_roads"))
    losses = critical_edges(ground.on_foot(), ground.sites, ground.nodes, people=people.fillna(0))
    return critical_roads(ground.network, survey.frame("roads"), losses).head(most)


def _areas(ground: Ground, survey: Survey) -> gpd.GeoDataFrame:
    """Land within the declared minutes of a shelter."""
    bands = np.atleast_1d(np.asarray(survey.standards.threshold("shelters.walk_bands_min").value, dtype="float64"))
    reached = reached_roads(ground.network, ground.sites, bands.tolist(), cost=ground.minutes)
    return isochrones(reached, width_m=survey.standards.value("shelters.walk_width_m"))


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
    ground: Ground,
    demand: gpd.GeoDataFrame,
    dry: Reach,
    *,
    places: gpd.GeoDataFrame,
    straight_m: np.ndarray,
    slower: float,
    drive_min: np.ndarray,
) -> gpd.GeoDataFrame:
    """What each place reaches."""
    way = np.where(np.isfinite(dry.distance_m), dry.distance_m, np.nan)
    ids = np.append(places.index.to_numpy(dtype="object"), "")
    reason = np.select(
        [(demand["people"] == 0).to_numpy(), np.isnan(way), dry.covered], ["no people", "no road", "covered"], "too far"
    )
    minutes = way_matrix(ground.on_foot(), ground.sites, ground.nodes)
    on_foot = np.column_stack([minutes, np.full(len(demand), np.inf)])
    row = np.arange(len(demand))
    time = on_foot[row, dry.shelter]
    on_foot[row, dry.shelter] = np.inf
    second = np.where(np.isfinite(on_foot.min(axis=1)), on_foot.argmin(axis=1), -1)
    columns = {
        "people": demand["people"],
        "shelter_id": ids[dry.shelter],
        "distance_m": way,
        "radius_m": np.append(places["radius_m"].to_numpy("float64"), np.nan)[dry.shelter],
        "time_min": np.where(np.isfinite(time), time, np.nan),
        "slow_min": np.where(np.isfinite(time), time * slower, np.nan),
        "drive_min": drive_min,
        "straight_m": np.where(np.isfinite(straight_m), straight_m, np.nan),
        "covered": dry.covered,
        "reason": reason,
        "second_id": ids[second],
        "second_min": np.where(second >= 0, on_foot[row, second], np.nan),
        "room_per_head": _room_per_head(ground, demand, places),
    }
    return gpd.GeoDataFrame(columns, geometry=demand.geometry.to_numpy(), index=demand.index, crs=demand.crs)


def _by_car(ground: Ground, survey: Survey, dry: Reach) -> np.ndarray:
    """Minutes by car to the shelter of each place; NaN where no car gets there."""
    standards = survey.standards
    cost = car_minutes(
        ground.network,
        survey.frame("roads"),
        driving_speeds(standards)[0],
        other_km_h=standards.value("networks.other_km_h"),
    )
    minutes = way_matrix(route_graph(ground.network, cost), ground.sites, ground.nodes)
    found = np.column_stack([minutes, np.full(len(minutes), np.inf)])[np.arange(len(minutes)), dry.shelter]
    return np.where(np.isfinite(found), found, np.nan)


def _room_per_head(ground: Ground, demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> np.ndarray:
    """Places a head within the radii of the shelters, with all who share them (2SFCA); NaN where people are unknown."""
    room = places["capacity_people"].fillna(0).to_numpy("float64")
    radius = places["radius_m"].to_numpy("float64") + 0.01
    graph = route_graph(ground.network)
    metres = way_matrix(graph, ground.sites, ground.nodes, limit=float(radius.max(initial=0.0)))
    inside = (metres <= radius).astype("float64")
    found = floating_catchment(demand["people"].fillna(0).to_numpy("float64"), room, inside)
    return np.where(demand["people"].isna(), np.nan, found)


def _shut_out(danger: pd.DataFrame, shelters: pd.Index) -> dict[str, list[str]]:
    """Hazards from which each shelter is not safe, and the rules that shut it out."""
    pairs = danger.drop_duplicates(["shelter_id", "hazard", "rule"])
    why = pairs["hazard"] + "=" + pairs["rule"]
    told = {
        "unsafe_for": pairs["hazard"].groupby(pairs["shelter_id"]).agg(lambda one: ", ".join(one.unique())),
        "unsafe_why": why.groupby(pairs["shelter_id"]).agg("; ".join),
    }
    return {name: one.reindex(shelters).fillna("").tolist() for name, one in told.items()}


def _closed_text(states: Mapping[str, tuple[np.ndarray, np.ndarray]], network: Network) -> np.ndarray:
    texts = np.full(len(network.edges), "", dtype=object)
    for name, (open_edges, _) in states.items():
        shut = ~open_edges
        texts[shut] = [f"{one}; {name}" if one else name for one in texts[shut]]
    return texts
