"""Buses for those who cannot walk in time: round trips, shared out over a fleet, and when each village is clear."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html

__all__ = ["BUS_THRESHOLDS", "Fleet", "Timetable", "bus_trips", "longest_first", "nearest_first", "timetable"]

BUS_THRESHOLDS = ("shelters.bus_seats", "shelters.bus_count", "shelters.bus_boarding_min", "networks.other_km_h")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Buses of one kind.

    Parameters
    ----------
    buses : int
        How many, 1 or more.
    seats : int
        Seats of one, 1 or more.
    boarding_min : float
        Minutes for getting in and out on each trip.
    """

    buses: int
    seats: int
    boarding_min: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        if self.buses < 1 or self.seats < 1 or not 0 <= self.boarding_min < np.inf:
            raise MethodError(
                f"{self.buses} buses of {self.seats} seats, {self.boarding_min} minutes of boarding: give at least one bus, "
                "one seat and 0 minutes"
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Timetable:
    """What a fleet does in one scenario.

    Parameters
    ----------
    jobs : DataFrame
        As given to `timetable`, with ``trips``, ``trip_min`` (there, back and boarding), ``buses`` (how many different ones
        come) and ``clear_min`` (when the last rider arrives).
    last_min : float
        When the last bus is back; 0 without riders.
    bound_min : float
        No plan of these trips for this fleet ends earlier.
    """

    jobs: pd.DataFrame
    last_min: float
    bound_min: float

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Trips of each village to each shelter."""
        return self.jobs


def bus_trips(people: ArrayLike, *, seats: int) -> NDArray[np.int64]:
    """Count the trips that a bus makes for each load of people.

    Parameters
    ----------
    people : array_like of int
        Riders from one village to one shelter.
    seats : int
        Seats of a bus.

    Returns
    -------
    ndarray of int64

    Examples
    --------
    >>> bus_trips([0, 1, 40, 41], seats=40).tolist()
    [0, 1, 1, 2]
    """
    return -(-np.asarray(people, dtype="int64") // seats)


def longest_first(minutes: ArrayLike, *, buses: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Share trips out over buses: the longest trip next, to the bus that is free first.

    Parameters
    ----------
    minutes : array_like of float
        Length of each trip.
    buses : int
        How many there are.

    Returns
    -------
    bus : ndarray of int64
        Which bus makes each trip.
    start : ndarray of float64
        When it sets out, minutes.

    Raises
    ------
    MethodError
        A trip without a length, or no bus.

    Notes
    -----
    The last trip ends within ``4/3 - 1/(3 buses)`` times the least possible time. Graham, R. L. (1969), Bounds on
    multiprocessing timing anomalies, SIAM J. Appl. Math. 17(2), doi:10.1137/0117039.

    Examples
    --------
    Graham's own worst case for two buses: the rule needs 7, the best plan 6.

    >>> bus, start = longest_first([3, 3, 2, 2, 2], buses=2)
    >>> float((start + [3, 3, 2, 2, 2]).max())
    7.0
    """
    length = np.asarray(minutes, dtype="float64")
    if buses < 1 or not (np.isfinite(length) & (length >= 0)).all():
        raise MethodError(
            f"{buses} buses for trips of {length.tolist()[:5]} minutes: give a bus, and 0 minutes or more a trip"
        )
    free = np.zeros(buses)
    bus, start = np.zeros(len(length), np.int64), np.zeros(len(length))
    for trip in np.argsort(-length, kind="stable"):
        bus[trip] = int(free.argmin())
        start[trip] = free[bus[trip]]
        free[bus[trip]] += length[trip]
    return bus, start


def nearest_first(minutes: ArrayLike, bus: ArrayLike) -> NDArray[np.float64]:
    """Order the trips of each bus: the shortest first, so that those who live near do not wait for those far away.

    Parameters
    ----------
    minutes : array_like of float
        Length of each trip.
    bus : array_like of int
        Which bus makes it.

    Returns
    -------
    ndarray of float64
        When each trip sets out, minutes.

    Notes
    -----
    When a bus is done does not depend on the order of its trips; the sum of the times at which they end is then the least
    (Smith 1956, doi:10.1002/nav.3800030106).

    Examples
    --------
    >>> nearest_first([80, 80, 20], [0, 1, 1]).tolist()
    [0.0, 20.0, 0.0]
    """
    length, which = np.asarray(minutes, dtype="float64"), np.asarray(bus, dtype="int64")
    start = np.zeros(len(length))
    for one in np.unique(which):
        mine = np.flatnonzero(which == one)
        mine = mine[np.argsort(length[mine], kind="stable")]
        start[mine] = np.cumsum(length[mine]) - length[mine]
    return start


def timetable(jobs: pd.DataFrame, fleet: Fleet) -> Timetable:
    """Plan the trips of a fleet.

    Parameters
    ----------
    jobs : DataFrame
        One row for each village and shelter: ``people``, ``there_min`` and ``back_min`` by road; finite.
    fleet : Fleet
        All of its buses stand ready at the first stop of their first trip.

    Returns
    -------
    Timetable

    Raises
    ------
    MethodError
        A way that is not known.

    Notes
    -----
    Every trip is boarding, the way there and the way back, so trips do not depend on one another; they are shared out by
    `longest_first`, and each bus makes its own in the order of `nearest_first`. ``bound_min`` is the larger of the longest trip and the sum of all trips over the number of buses.

    Examples
    --------
    100 people, 20 minutes there and back, 10 minutes of boarding; two buses of 40 seats make three trips of 50 minutes.

    >>> one = pd.DataFrame({"people": [100], "there_min": [20.0], "back_min": [20.0]})
    >>> plan = timetable(one, Fleet(buses=2, seats=40, boarding_min=10))
    >>> plan.jobs[["trips", "trip_min", "buses", "clear_min"]].values.tolist(), plan.last_min, plan.bound_min
    ([[3.0, 50.0, 2.0, 80.0]], 100.0, 75.0)
    """
    trips = bus_trips(jobs["people"], seats=fleet.seats)
    whole = (jobs["there_min"] + jobs["back_min"]).to_numpy("float64") + fleet.boarding_min
    of = np.repeat(np.arange(len(jobs)), trips)
    bus, _ = longest_first(whole[of], buses=fleet.buses)
    start = nearest_first(whole[of], bus)
    arrives = start + fleet.boarding_min + jobs["there_min"].to_numpy("float64")[of]
    clear = np.zeros(len(jobs))
    np.maximum.at(clear, of, arrives)
    buses = pd.DataFrame({"of": of, "bus": bus}).groupby("of")["bus"].nunique().reindex(range(len(jobs)), fill_value=0)
    ends = start + whole[of]
    bound = max(float(whole[of].max(initial=0.0)), float(whole[of].sum()) / fleet.buses)
    return Timetable(
        jobs=jobs.assign(trips=trips, trip_min=whole, buses=buses.to_numpy(), clear_min=clear),
        last_min=float(ends.max(initial=0.0)),
        bound_min=bound,
    )
