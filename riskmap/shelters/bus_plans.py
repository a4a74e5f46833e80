"""Who rides a bus in each scenario, to which shelter, and when the last one is there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.shelters.allocation import split_people
from riskmap.shelters.buses import Fleet, timetable
from riskmap.shelters.evacuation import Evacuation
from riskmap.shelters.ground import Ground
from riskmap.spatial import route_graph, way_matrix

__all__ = ["BusCase", "bus_plans"]

_JOBS = [
    "scenario",
    "unit_id",
    "shelter_id",
    "people",
    "there_min",
    "back_min",
    "trips",
    "trip_min",
    "buses",
    "clear_min",
]
_ROWS = ["scenario", "people", "left", "trips", "last_min", "bound_min"]
_PAIR = ["unit_id", "shelter_id"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BusCase:
    """Roads and shelters of the buses.

    Parameters
    ----------
    ground : Ground
        Network with units and shelters on it.
    units : Index
        Names in the order of ``ground.nodes``.
    room : Series
        Index ``shelter_id`` in the order of ``ground.sites``: whom each holds.
    minutes : ndarray, shape (edges, 2)
        By road, from u to v and from v to u; inf where no bus drives.
    """

    ground: Ground
    units: pd.Index
    room: pd.Series
    minutes: NDArray[np.float64]

    def driving(self, usable: np.ndarray) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Minutes from the units to the shelters, and back, over usable edges; inf where there is no way."""
        network, ends = self.ground.network, (self.ground.sites, self.ground.nodes)
        tables = [
            way_matrix(route_graph(network, self.minutes, usable=usable, toward=toward), *ends)
            for toward in (True, False)
        ]
        return tables[0], tables[1]


def bus_plans(
    case: BusCase,
    moved: Evacuation,
    slow: pd.DataFrame,
    *,
    usable: Mapping[str, tuple[np.ndarray, np.ndarray]],
    fleet: Fleet,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plan the buses for the residents of each scenario.

    Parameters
    ----------
    case : BusCase
        Roads and shelters.
    moved : Evacuation
        On foot.
    slow : DataFrame
        From `riskmap.shelters.slow_flows`: those who have a place and walk too slowly to it.
    usable : mapping of scenario to (open edges, shelters that may be used)
        Scenarios for which buses run.
    fleet : Fleet
        Buses.

    Returns
    -------
    jobs : DataFrame
        ``scenario``, ``unit_id``, ``shelter_id``, ``people``, ``there_min``, ``back_min``, ``trips``, ``trip_min``,
        ``buses``, ``clear_min``.
    summary : DataFrame
        Index ``scenario``; ``people`` by bus, ``left`` (no shelter with room is open to their bus), ``trips``,
        ``last_min``, ``bound_min``.

    Notes
    -----
    Beside the slow walkers ride all who found no place on foot, but for those whose village has no road: as many as
    possible find room in what is left of the shelters, then the way there and back is least. Closed roads stay closed.

    Examples
    --------
    >>> bus_plans.__name__
    'bus_plans'
    """
    jobs, rows = [], []
    for name, (edges, shelters) in usable.items():
        mine = slow[(slow["scenario"] == name) & (slow["time"] == "resident")]
        wanting, taken = _without_place(moved, name)
        asked = int(mine["people"].sum()) + int(wanting.sum())
        if not asked:
            continue
        there, back = case.driving(edges)
        both = pd.DataFrame(np.where(shelters, there + back, np.inf), index=case.units, columns=case.room.index)
        room = (case.room - taken.reindex(case.room.index, fill_value=0)).clip(lower=0)
        more = split_people(wanting.reindex(case.units, fill_value=0), both, room).flows
        more.columns = pd.Index([*_PAIR, *more.columns[2:]])
        riders = pd.concat([mine[[*_PAIR, "people"]], more[[*_PAIR, "people"]]]).groupby(_PAIR)["people"].sum()
        table = riders.astype("int64").reset_index()
        row, column = (
            index.get_indexer(pd.Index(table[one]))
            for one, index in zip(_PAIR, (case.units, case.room.index), strict=True)
        )
        table["there_min"], table["back_min"] = there[row, column], back[row, column]
        driven = table[np.isfinite(table["there_min"] + table["back_min"])].reset_index(drop=True)
        plan, people = timetable(driven, fleet), int(driven["people"].sum())
        jobs.append(plan.jobs.assign(scenario=name))
        rows.append((name, people, asked - people, int(plan.jobs["trips"].sum()), plan.last_min, plan.bound_min))
    summary = pd.DataFrame(rows, columns=_ROWS).set_index("scenario")
    return (pd.concat(jobs, ignore_index=True)[_JOBS] if jobs else pd.DataFrame(columns=_JOBS)), summary


def _without_place(moved: Evacuation, name: str) -> tuple[pd.Series, pd.Series]:
    """Residents of each unit that found no place on foot though it has a road, and how full each shelter is."""
    here = moved.places[(moved.places["scenario"] == name) & (moved.places["time"] == "resident")]
    wanting = here[(here["unassigned"] > 0) & (here["reason"] != "no road")].set_index("unit_id")["unassigned"]
    flows = moved.flows[(moved.flows["scenario"] == name) & (moved.flows["time"] == "resident")]
    return wanting.astype("int64"), flows.groupby("shelter_id")["people"].sum()
