"""Who goes where without overfilling a place: people of a village may share out over several."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html
from riskmap.shelters.flow import cheapest_flow, most_placed
from riskmap.shelters.problem import checked_case, checked_room
from riskmap.shelters.solve import Status, relative_gap

__all__ = ["Allocation", "AllocationCase", "Objective", "allocation_case", "allocation_of", "split_people"]

Objective = Literal["total", "worst"]

_MOST_ROOM = 2**31


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Allocation:
    """Who goes where, who stays out and why.

    Parameters
    ----------
    flows : DataFrame
        One row for each place and site with people between them: ``place``, ``site``, ``people``, ``minutes`` a head.
    places : DataFrame
        Index place: ``people`` = ``assigned`` + ``unassigned``, and ``reason`` for the unassigned: ``no way`` (no site
        within the limit), ``too large`` (kept together, it is larger than any site within the limit), ``no room``.
    sites : DataFrame
        Index site: ``room`` (all people, where it has no limit), ``people``, ``left``.
    people_bound : float
        Most people that any allocation places.
    total, total_bound : float
        Person-minutes, extra cost included; no allocation of as many people needs fewer than the bound.
    worst_min, worst_bound_min : float
        Longest way of anyone assigned; NaN if nobody is. The bound is NaN where the worst time was not sought.
    status : {"proved", "gap", "time limit"}
        Of people, worst and total together: how far the allocation is proved the best.
    """

    flows: pd.DataFrame
    places: pd.DataFrame
    sites: pd.DataFrame
    people_bound: float
    total: float
    total_bound: float
    worst_min: float
    worst_bound_min: float
    status: Status

    _repr_html_ = frame_html

    @property
    def gap(self) -> float:
        """How far the total may be from the least, as a share of it."""
        return relative_gap(self.total, self.total_bound)

    def to_frame(self) -> pd.DataFrame:
        """Who goes where, one row for each place and site with people between them."""
        return self.flows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AllocationCase:
    """Checked inputs of an allocation.

    Parameters
    ----------
    people : ndarray of int64, shape (places,)
        Who looks for room.
    room : ndarray of int64, shape (sites,)
        Whom each site holds.
    minutes : ndarray, shape (places, sites)
        Time a head; inf beyond the limit.
    cost : ndarray, shape (places, sites)
        Time and extra cost a head; inf beyond the limit.
    places, sites : Index
        Names.
    """

    people: NDArray[np.int64]
    room: NDArray[np.int64]
    minutes: NDArray[np.float64]
    cost: NDArray[np.float64]
    places: pd.Index
    sites: pd.Index


def allocation_case(
    people: ArrayLike, minutes: ArrayLike, room: ArrayLike, *, limit_min: ArrayLike = np.inf, extra_min: ArrayLike = 0.0
) -> AllocationCase:
    """Check the inputs of an allocation.

    Parameters
    ----------
    people, minutes, room, limit_min, extra_min
        As `split_people` takes them.

    Returns
    -------
    AllocationCase

    Raises
    ------
    MethodError
        Shapes that do not agree; unknown, negative or broken numbers.

    Examples
    --------
    >>> allocation_case([3], [[5.0, 50.0]], [9.5, 9], limit_min=30).minutes.tolist()
    [[5.0, inf]]
    """
    case = checked_case(people, minutes, may_be_empty=True)
    space = checked_room(room, case)
    known = np.asarray(room, dtype="float64")
    told = np.isfinite(known) & (known < _MOST_ROOM)
    space[told] = np.floor(known[told]).astype("int64")  # what is left of it is told, so it is not cut to the people
    extra = np.broadcast_to(np.asarray(extra_min, dtype="float64"), case.ways.shape)
    if not (np.isfinite(extra) & (extra >= 0)).all():
        raise MethodError("an extra cost is unknown or negative; give 0 minutes or more for each place and site")
    inside = np.where(case.ways <= np.asarray(limit_min, dtype="float64"), case.ways, np.inf)
    heads = case.people.astype("int64")
    return AllocationCase(
        people=heads, room=space, minutes=inside, cost=inside + extra, places=case.places, sites=case.sites
    )


def split_people(
    people: ArrayLike,
    minutes: ArrayLike,
    room: ArrayLike,
    *,
    limit_min: ArrayLike = np.inf,
    extra_min: ArrayLike = 0.0,
    objective: Objective = "total",
) -> Allocation:
    """Allocate people to places of shelter; a village may share out over several.

    As many people as possible find room; among all ways to do that, the objective chooses.

    Parameters
    ----------
    people : array_like, shape (places,)
        Whole people; a Series names the places.
    minutes : array_like, shape (places, sites)
        Time from place to site; inf or NaN where there is no way. The columns of a DataFrame name the sites. Metres
        do as well: all times below are then metres.
    room : array_like, shape (sites,)
        People that each site holds; fractions are cut off, inf is no limit.
    limit_min : array_like
        Nobody goes farther: one number, or one a site.
    extra_min : array_like, shape (places, sites)
        Extra cost a head, in minutes, say for leaving the own township. It weighs in the total, not in the limit and not
        in the worst time.
    objective : {"total", "worst"}
        ``total``: least person-minutes. ``worst``: shortest longest way, then least person-minutes.

    Returns
    -------
    Allocation
        Always proved. Without people, sites or ways nobody is assigned and the worst time is NaN.

    Raises
    ------
    MethodError
        Shapes that do not agree; unknown, negative or broken numbers.

    Notes
    -----
    Maximum flow for the number of people, then the transport problem at that number; both are exact and give whole
    people. ``worst`` halves the sorted times until the maximum flow falls (bottleneck transport, Hammer 1969,
    doi:10.1002/nav.3800160307).

    Examples
    --------
    Two townships, 15 minutes a head for leaving one's own; the second shelter is too small for its own people:

    >>> townships, of_site = np.array(["east", "west"]), np.array(["east", "west"])
    >>> away = 15.0 * (townships[:, None] != of_site)
    >>> found = split_people([100, 80], [[10, 20], [30, 5]], [150, 60], extra_min=away)
    >>> print(found.flows)
       place  site  people  minutes
    0      0     0     100     10.0
    1      1     0      20     30.0
    2      1     1      60      5.0
    >>> found.total
    2200.0
    """
    case = allocation_case(people, minutes, room, limit_min=limit_min, extra_min=extra_min)
    placed = int(most_placed(case.people, case.room, np.isfinite(case.minutes)).sum())
    cost, worst = case.cost, np.nan
    if objective == "worst" and placed:
        worst = _least_worst(case, placed)
        cost = np.where(case.minutes <= worst, cost, np.inf)
    best = cheapest_flow(case.people, case.room, cost, placed=placed)
    return allocation_of(
        case,
        best.flow,
        people_bound=placed,
        total_bound=best.total,
        worst_bound_min=worst,
        status="proved",
        together=False,
    )


def _least_worst(case: AllocationCase, placed: int) -> float:
    """Shortest longest way at which as many people find room."""
    times = np.unique(case.minutes[np.isfinite(case.minutes) & (case.people > 0)[:, None]])
    low, high = 0, len(times) - 1
    while low < high:
        middle = (low + high) // 2
        if most_placed(case.people, case.room, case.minutes <= times[middle]).sum() == placed:
            high = middle
        else:
            low = middle + 1
    return float(times[low])


def allocation_of(
    case: AllocationCase,
    flow: sp.csr_array,
    *,
    people_bound: float,
    total_bound: float,
    worst_bound_min: float,
    status: Status,
    together: bool,
) -> Allocation:
    """Tables of an allocation from its flow.

    Parameters
    ----------
    case : AllocationCase
        What was asked.
    flow : csr_array of int64, shape (places, sites)
        People from place to site.
    people_bound, total_bound, worst_bound_min, status
        As in `Allocation`.
    together : bool
        Whether places are kept whole: a place may then be too large for every site.

    Returns
    -------
    Allocation

    Examples
    --------
    >>> case = allocation_case([7], [[5.0]], [4])
    >>> found = allocation_of(
    ...     case, sp.csr_array([[4]]), people_bound=4, total_bound=20, worst_bound_min=np.nan, status="proved", together=False
    ... )
    >>> found.places.iloc[0].to_dict()
    {'people': 7, 'assigned': 4, 'unassigned': 3, 'reason': 'no room'}
    """
    net = flow.tocoo()
    row, column, heads = net.row, net.col, net.data
    way = case.minutes[row, column]
    assigned, used = np.asarray(flow.sum(axis=1)), np.asarray(flow.sum(axis=0))
    left_out = case.people - assigned
    open_way = np.isfinite(case.minutes)
    largest = np.where(open_way, case.room, -1).max(axis=1, initial=-1)
    reason = np.select(
        [left_out == 0, ~open_way.any(axis=1), together & (case.people > largest)],
        ["", "no way", "too large"],
        "no room",
    )
    flows = {"place": case.places[row], "site": case.sites[column], "people": heads, "minutes": way}
    return Allocation(
        flows=pd.DataFrame(flows),
        places=pd.DataFrame(
            {"people": case.people, "assigned": assigned, "unassigned": left_out, "reason": reason}, index=case.places
        ),
        sites=pd.DataFrame({"room": case.room, "people": used, "left": case.room - used}, index=case.sites),
        people_bound=people_bound,
        total=float(heads @ case.cost[row, column]),
        total_bound=total_bound,
        worst_min=float(way.max()) if way.size else np.nan,
        worst_bound_min=worst_bound_min,
        status=status,
    )
