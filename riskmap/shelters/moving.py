"""All who must leave, scenario by scenario: to shelters and safe houses, on foot and by bus, with their routes."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Standards, Survey, Text
from riskmap.shelters.bus_plans import BusCase, bus_plans
from riskmap.shelters.buses import Fleet
from riskmap.shelters.demand import SLOW, TIMES, group_shares, leaving, people_at_times
from riskmap.shelters.driving import car_minutes
from riskmap.shelters.escape_routes import escape_routes
from riskmap.shelters.evacuation import Evacuation, evacuation
from riskmap.shelters.ground import Ground, states_of
from riskmap.shelters.groups import groups_moved, slow_flows, slow_pace
from riskmap.shelters.houses import PUBLIC_HOUSE, house_states, public_houses
from riskmap.shelters.scenarios import Scenario, serving
from riskmap.shelters.service_rules import driving_speeds

__all__ = ["Moved", "move"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moved:
    """Who leaves, to where, how and in what time.

    Parameters
    ----------
    evacuation : Evacuation
        On foot.
    groups : DataFrame
        Of `groups_moved`.
    houses : GeoDataFrame
        Public houses that serve in some scenario.
    routes : GeoDataFrame
        Of `escape_routes`.
    buses, fleet : DataFrame
        Of `bus_plans`: by village and shelter, and by scenario.
    notes : tuple of Text
        What was not delivered.
    """

    evacuation: Evacuation
    groups: pd.DataFrame
    houses: gpd.GeoDataFrame
    routes: gpd.GeoDataFrame
    buses: pd.DataFrame
    fleet: pd.DataFrame
    notes: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """Shelters and houses on one network, and what each scenario leaves of them."""

    survey: Survey
    ground: Ground
    places: gpd.GeoDataFrame
    units: pd.Index
    states: Mapping[str, tuple[np.ndarray, np.ndarray]]

    def away(self) -> np.ndarray:
        """Where a shelter stands in another township than the unit; unknown townships are no others."""
        if "parent_id" not in self.survey.units:
            return np.zeros((len(self.units), len(self.places)), bool)
        parents = self.survey.units["parent_id"].fillna("").astype(str)
        mine = parents.reindex(self.units).to_numpy()
        theirs = parents.reindex(self.places["unit_id"]).fillna("").to_numpy()
        return (mine[:, None] != theirs) & (mine[:, None] != "") & (theirs != "")


def move(
    survey: Survey,
    scenarios: Mapping[str, Scenario],
    ground: Ground,
    shelters: gpd.GeoDataFrame,
    *,
    people: pd.Series,
    inside: Mapping[str, pd.Series],
    rules: pd.DataFrame,
) -> Moved:
    """Move the people of every scenario.

    Parameters
    ----------
    survey : Survey
        Units, roads, and where delivered villages, buildings and relief.
    scenarios : mapping of str to Scenario
        From `riskmap.shelters.scenarios_of`.
    ground : Ground
        Network with units and shelters on it.
    shelters : GeoDataFrame
        Rated, with ``unit_id``.
    people : Series
        Residents of each unit, in the order of ``ground.nodes``.
    inside : mapping of scenario to Series
        Residents inside its zone.
    rules : DataFrame
        From `shelter_rules`.

    Returns
    -------
    Moved

    Notes
    -----
    Buses run where a walking time is the limit, for the residents (`bus_plans`).

    Examples
    --------
    >>> move.__name__
    'move'
    """
    times = people_at_times(survey, people)
    leave = {name: leaving(survey, one, times, inside=inside.get(name)) for name, one in scenarios.items()}
    told = {name: one for name, one in leave.items() if one is not None}
    case = _case(survey, scenarios, ground, shelters=shelters, rules=rules, leave=told)
    serves = {name: serving(case.places["type"], rules, one.theme) for name, one in scenarios.items()}
    found = evacuation(
        case.ground, case.places, told, states=case.states, away=case.away(), standards=survey.standards, serves=serves,
        by_radius=[name for name, one in scenarios.items() if one.by_radius],
    )  # fmt: skip
    shares, limit = group_shares(survey), survey.standards.value("shelters.evacuation_limit_min")
    groups = groups_moved(found, shares, slower=slow_pace(survey), limit_min=limit)
    timed = [name for name in told if not scenarios[name].by_radius]
    usable = {name: (case.states[name][0], case.states[name][1] & serves[name]) for name in timed}
    buses, fleet = _buses(case, found, groups, usable)
    used = case.places.index.isin(found.flows["shelter_id"]) & (np.arange(len(case.places)) >= len(shelters))
    return Moved(
        evacuation=found, groups=groups, houses=case.places[used], buses=buses, fleet=fleet,
        routes=escape_routes(
            case.ground, found.flows, units=case.units, shelters=case.places.index, states=case.states
        ),
        notes=_notes(times, shares),
    )  # fmt: skip


def _case(
    survey: Survey,
    scenarios: Mapping[str, Scenario],
    ground: Ground,
    *,
    shelters: gpd.GeoDataFrame,
    rules: pd.DataFrame,
    leave: Mapping[str, pd.DataFrame],
) -> _Case:
    """Put the public houses beside the shelters."""
    dem = survey.raster("dem") if survey.has("dem") else None
    serve = [name for name in leave if serving([PUBLIC_HOUSE], rules, scenarios[name].theme)[0]]
    needed = {name: leave[name].max(axis=1) for name in serve if scenarios[name].mask is not None}
    houses = public_houses(survey, rules, needed)
    houses = houses[~houses.index.isin(shelters.index)]
    wide = ground.with_sites(survey, houses.geometry)
    freeboard = survey.standards.value("shelters.flood_freeboard_m")
    firm = house_states(houses, scenarios.values(), dem=dem, freeboard_m=freeboard)
    states = {
        name: (usable, np.concatenate([safe, firm[name]]))
        for name, (usable, safe) in states_of(wide, scenarios.values(), shelters, dem=dem).items()
    }
    columns = ["name", "type", "capacity_people", "radius_m", "unit_id", "geometry"]
    both = pd.concat([one[columns] for one in (shelters, houses) if len(one)]) if len(houses) else shelters[columns]
    places = gpd.GeoDataFrame(both, geometry="geometry", crs=shelters.crs).rename_axis("shelter_id")
    return _Case(survey=survey, ground=wide, places=places, units=survey.units.index, states=states)


def _buses(
    case: _Case, found: Evacuation, groups: pd.DataFrame, usable: Mapping[str, tuple[np.ndarray, np.ndarray]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring those who walk too slowly, or found no place on foot."""
    standards = case.survey.standards
    limit, slower = standards.value("shelters.evacuation_limit_min"), slow_pace(case.survey)
    speeds, _ = driving_speeds(standards)
    minutes = car_minutes(
        case.ground.network, case.survey.frame("roads"), speeds, other_km_h=standards.value("networks.other_km_h")
    )
    room = np.floor(case.places["capacity_people"].fillna(0).astype("float64"))
    return bus_plans(
        BusCase(ground=case.ground, units=case.units, room=room, minutes=minutes),
        found,
        slow_flows(found, groups[groups["group"] == SLOW], slower=slower, limit_min=limit),
        usable=usable if standards.value("shelters.bus_count") >= 1 else {},
        fleet=_fleet(standards),
    )


def _fleet(standards: Standards) -> Fleet:
    return Fleet(
        buses=max(int(standards.value("shelters.bus_count")), 1),
        seats=int(standards.value("shelters.bus_seats")),
        boarding_min=standards.value("shelters.bus_boarding_min"),
    )


def _notes(times: pd.DataFrame, shares: pd.DataFrame) -> tuple[Text, ...]:
    absent = [text for name, text in TIMES.items() if name not in times]
    found = []
    if absent:
        zh, en = "、".join(one.zh for one in absent), ", ".join(one.en.lower() for one in absent)
        found.append(
            Text(
                f"未提交{zh}人口，仅按已有人口计算", f"people were not delivered for: {en}; only the others are counted"
            )
        )
    if not len(shares.columns):
        found.append(
            Text("未提交老年、儿童、残疾人口，未分人群", "no groups (elderly, children, disabled) were delivered")
        )
    return tuple(found)
