"""Who goes where when villages stay together: each goes to one place of shelter, or nowhere."""

import time
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import LinearConstraint

from riskmap.errors import MethodError
from riskmap.shelters.allocation import Allocation, AllocationCase, Objective, allocation_case, allocation_of
from riskmap.shelters.annealing import annealed
from riskmap.shelters.flow import CheapestFlow, cheapest_flow, most_placed
from riskmap.shelters.problem import status_of
from riskmap.shelters.regret import insert_by_regret
from riskmap.shelters.solve import PROVED, Solved, Status, solve

__all__ = ["MOST_WHOLE_WAYS", "assign_whole"]

MOST_WHOLE_WAYS = 10_000
"""Larger programs are not started: the solver does not look at the clock while it prepares them."""

_SEVERITY: tuple[Status, ...] = ("proved", "gap", "time limit")


def assign_whole(
    people: ArrayLike,
    minutes: ArrayLike,
    room: ArrayLike,
    *,
    limit_min: ArrayLike = np.inf,
    extra_min: ArrayLike = 0.0,
    objective: Objective = "total",
    gap: float = 0.0,
    people_gap: float = 0.0,
    time_limit_s: float = 60.0,
) -> Allocation:
    """Allocate whole villages to places of shelter.

    As many people as possible find room; among all ways to do that, the objective chooses.

    Parameters
    ----------
    people, minutes, room, limit_min, extra_min, objective
        As in `split_people`.
    gap : float
        Stop when the total is this near to its bound, as a share.
    people_gap : float
        So many more may stay without room than must, as a share of those who can be placed, where that shortens the
        ways. With 0 the last head counts more than any way.
    time_limit_s : float
        For each of the searches (people, worst time, total); when it is over, the best answer found stands and `status`
        is ``time limit``.

    Returns
    -------
    Allocation
        ``people_bound`` and ``total_bound`` tell how far people and total are from the best.

    Raises
    ------
    MethodError
        Shapes that do not agree; unknown, negative or broken numbers; a `people_gap` that is no share.

    Notes
    -----
    Generalised assignment (Martello and Toth 1990, Knapsack Problems, chapter 7). The transport problem, in which
    villages may share out, bounds people and total; few villages do share out in it, and a quick search by regret gives
    those a site. Where that meets the bound, it is the proof. Else villages are moved and swapped at random, and a mixed
    integer program over the ways that can still be part of something better (by their reduced cost) looks on; where it
    finds nothing in time, or where more than 10,000 ways are left, the best answer stands with its gap to the better of
    the two bounds (status ``time limit``).

    Where there is no more room than people, the gap can be wide: to place the last heads, villages must fill each site
    to the head, whatever their ways, while the bound lets them share out. Of 451,834 people in 133 zones of Coquimbo, ten equal
    sites for all of them take 451,115 (no other number is possible but all), the total at most 8 % above the least; ten sites
    for nine tenths take all but 16 of their room, and the total may be four times the least. With ``people_gap=0.01`` both
    gaps are a few hundredths.

    Examples
    --------
    Sharing out would place all 180; together only one of the villages fits:

    >>> found = assign_whole([100, 80], [[10, 20], [12, 5]], [90, 90])
    >>> print(found.places)
           people  assigned  unassigned     reason
    place
    0         100         0         100  too large
    1          80        80           0
    """
    if not 0 <= people_gap < 1:
        raise MethodError(f"people_gap is {people_gap}; give a share from 0 to below 1")
    case = allocation_case(people, minutes, room, limit_min=limit_min, extra_min=extra_min)
    fits = case.people[:, None] <= case.room
    case = replace(case, cost=np.where(fits, case.cost, np.inf))
    site, most, status = _most_people(case, time_limit_s=time_limit_s)
    placed = int(np.ceil(case.people[site >= 0].sum() * (1 - people_gap)))
    worst_bound, cost = np.nan, case.cost
    if objective == "worst" and placed:
        site, worst_bound, found = _least_worst(case, site, placed, time_limit_s=time_limit_s)
        status = max(status, found, key=_SEVERITY.index)
        cost = np.where(case.minutes <= _longest(case, site), cost, np.inf)
    site, bound = _least_total(case, cost, site, placed=placed, gap=gap, time_limit_s=time_limit_s)
    total = _total(case, site, 0)
    row = np.flatnonzero(site >= 0)
    return allocation_of(
        case,
        sp.csr_array((case.people[row], (row, site[row])), shape=case.minutes.shape),
        people_bound=most,
        total_bound=min(bound, total),
        worst_bound_min=worst_bound,
        status=max(status, status_of(total, min(bound, total), gap), key=_SEVERITY.index),
        together=True,
    )


def _longest(case: AllocationCase, site: NDArray[np.intp]) -> float:
    return float(case.minutes[site >= 0, site[site >= 0]].max())


def _program(
    case: AllocationCase,
    cost: NDArray[np.float64],
    *,
    gain: NDArray[np.float64] | None = None,
    at_least: int = 0,
    gap: float = 0.0,
    time_limit_s: float,
) -> tuple[Solved, NDArray[np.intp]]:
    """Assign by program: least cost with so many people placed, or the most of `gain` a place."""
    usable = np.isfinite(cost) & (case.people > 0)[:, None]
    row, column = np.nonzero(usable)
    site = np.full(len(case.people), -1)
    if not row.size or row.size > MOST_WHOLE_WAYS:
        return Solved(x=None, objective=np.inf, bound=-np.inf), site
    ones, arcs = np.ones(row.size), np.arange(row.size)
    heads = case.people[row].astype("float64")
    rows = [
        LinearConstraint(sp.csr_array((ones, (row, arcs)), shape=(len(site), row.size)), -np.inf, 1),
        LinearConstraint(sp.csr_array((heads, (column, arcs)), shape=(len(case.room), row.size)), -np.inf, case.room),
        LinearConstraint(sp.csr_array(heads[None]), at_least, np.inf),
    ]
    aim = heads * cost[row, column] if gain is None else -gain[row]
    found = solve(aim, rows, whole=1, upper=1, gap=gap, time_limit_s=time_limit_s)
    if found.x is not None:
        chosen = found.x > 0.5
        site[row[chosen]] = column[chosen]
    return found, site


def _quick(case: AllocationCase, cost: NDArray[np.float64], placed: int) -> tuple[NDArray[np.intp], CheapestFlow]:
    """Let villages share out, keep those that do not, insert the others by regret: sites, and the bound."""
    bound = cheapest_flow(case.people, case.room, cost, placed=placed)
    net = bound.flow.tocoo()
    complete = net.data == case.people[net.row]
    start = np.full(len(case.people), -1)
    start[net.row[complete]] = net.col[complete]
    site = insert_by_regret(case.people, case.room, cost, start=start)
    if case.people[site >= 0].sum() < placed:
        other = insert_by_regret(case.people, case.room, cost)
        site = max(site, other, key=lambda one: case.people[one >= 0].sum())
    return site, bound


def _most_people(case: AllocationCase, *, time_limit_s: float) -> tuple[NDArray[np.intp], float, Status]:
    """Place as many people as whole villages allow: sites, the most that could be, and how far that is proved."""
    most = int(most_placed(case.people, case.room, np.isfinite(case.cost)).sum())
    site, _ = _quick(case, case.cost, most)
    placed = int(case.people[site >= 0].sum())
    if placed == most:
        return site, most, "proved"
    site = annealed(case.people, case.room, case.cost, start=site)
    placed = int(case.people[site >= 0].sum())
    if placed == most:
        return site, most, "proved"
    found, other = _program(case, case.cost, gain=case.people.astype("float64"), time_limit_s=time_limit_s)
    if case.people[other >= 0].sum() > placed:
        site = other
    most = min(most, int(np.floor(-found.bound + 0.5))) if np.isfinite(found.bound) else most
    placed = int(case.people[site >= 0].sum())
    return site, max(most, placed), "proved" if placed >= most else "time limit"


def _least_worst(
    case: AllocationCase, site: NDArray[np.intp], placed: int, *, time_limit_s: float
) -> tuple[NDArray[np.intp], float, Status]:
    """Shorten the longest way while as many people stay placed: sites, the least it could be, and how far proved."""
    times = np.unique(case.minutes[np.isfinite(case.cost)])
    times = times[times <= _longest(case, site)]
    low, high, sure = 0, len(times) - 1, 0
    end = time.monotonic() + time_limit_s
    while low < high:
        middle = (low + high) // 2
        inside = np.where(case.minutes <= times[middle], case.cost, np.inf)
        impossible = most_placed(case.people, case.room, np.isfinite(inside)).sum() < placed
        if not impossible:
            quick, _ = _quick(case, inside, placed)
            if case.people[quick >= 0].sum() >= placed:
                site, high = quick, middle
                continue
            found, other = _program(
                case, inside, gain=np.zeros(len(site)), at_least=placed, time_limit_s=end - time.monotonic()
            )
            if found.x is not None:
                site, high = other, middle
                continue
            impossible = found.impossible
        low = middle + 1
        sure = max(sure, low) if impossible else sure
    return site, float(times[sure]), "proved" if sure == high else "time limit"


def _least_total(
    case: AllocationCase,
    cost: NDArray[np.float64],
    site: NDArray[np.intp],
    *,
    placed: int,
    gap: float,
    time_limit_s: float,
) -> tuple[NDArray[np.intp], float]:
    """Lower the total while so many people stay placed: sites, and what no allocation goes below."""
    quick, free = _quick(case, cost, placed)
    tried = [site, quick]
    if min(_total(case, one, placed) for one in tried) - free.total > (gap + PROVED) * free.total:
        tried.append(annealed(case.people, case.room, cost, start=tried[0], placed=placed))
    best = min(_total(case, one, placed) for one in tried)
    if best - free.total <= (gap + PROVED) * best:
        return min(tried, key=lambda one: _total(case, one, placed)), free.total
    # what each way adds to the bound; those that add too much are left out
    slack = (best - free.total) * (1 + PROVED) + PROVED
    worth = free.detour <= slack / np.maximum(case.people, 1)[:, None]
    found, exact = _program(case, np.where(worth, cost, np.inf), at_least=placed, gap=gap, time_limit_s=time_limit_s)
    tried.append(exact)
    bound = max(free.total, found.bound)
    return min(tried, key=lambda one: _total(case, one, placed)), bound


def _total(case: AllocationCase, site: NDArray[np.intp], placed: int) -> float:
    """Person-minutes; inf if too few are placed."""
    row = np.flatnonzero(site >= 0)
    if case.people[row].sum() < placed:
        return np.inf
    return float((case.people[row] * case.cost[row, site[row]]).sum())
