"""The shortest ways altogether: sites so that people walk least."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.shelters.flow import cheapest_flow
from riskmap.shelters.median_room import MOST_WAYS, exchange_with_room
from riskmap.shelters.median_tree import MedianAnswer, solve_medians
from riskmap.shelters.problem import (
    Case,
    Siting,
    SitingRules,
    checked_case,
    checked_room,
    most_sites,
    status_of,
)
from riskmap.shelters.radius_program import solve_by_radius
from riskmap.shelters.room_program import program_with_room
from riskmap.shelters.solve import Solved
from riskmap.shelters.whole_villages import assign_whole

__all__ = ["p_median"]

_SHUT = "no choice of sites within the rules serves everyone; raise number, budget or room, or leave out cut-off places"


def p_median(
    people: ArrayLike,
    ways: ArrayLike,
    *,
    rules: SitingRules | None = None,
    room: ArrayLike | None = None,
    together: bool = False,
) -> Siting:
    """Find the sites to which people have the shortest ways altogether.

    Parameters
    ----------
    people, ways, rules, room
        As in `fewest_sites`. All places that any candidate reaches must be served.
    together : bool
        With room: each place goes to one site as a whole. Else its people may share out.

    Returns
    -------
    Siting
        ``objective`` and ``bound``: sum of people times way. Places that no candidate reaches are left aside and named
        in ``out_of_reach``.

    Raises
    ------
    MethodError
        Inputs that do not fit, or rules under which nobody can serve all.

    Notes
    -----
    Hakimi 1964, doi:10.1287/opre.12.3.450. Without room and budget by branch and bound (`solve_medians`), with a budget
    by a program over radii (`solve_by_radius`), with room as the capacitated p-median with the rows ``x_ij <= y_j``
    (Ceselli and Righini 2005, doi:10.1002/net.20059); where that has more than 40,000 ways, or finds nothing in time, by
    exchange of sites with a bound (`exchange_with_room`; not with a budget). As many sites are opened as the rules allow: one more never
    lengthens a way.

    Examples
    --------
    >>> ways = [[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]]
    >>> found = p_median([10, 1, 10], ways, rules=SitingRules(add_at_most=2))
    >>> found.added.tolist(), found.objective, found.status
    ([0, 2], 5.0, 'proved')
    """
    case = checked_case(people, ways, rules)
    able = np.asarray(np.isfinite(case.ways).any(axis=1))
    inner = replace(case, people=case.people[able], ways=case.ways[able])
    if room is not None:
        chosen, flow, bound = _with_room(inner, checked_room(room, case), together=together)
    else:
        chosen, bound = _without_room(inner)
        row = np.arange(len(inner.people))
        nearest = np.where(chosen, inner.ways, np.inf).argmin(axis=1)
        flow = sp.csr_array((inner.people, (row, nearest)), shape=inner.ways.shape)
    net = flow.tocoo()
    total = float(net.data @ inner.ways[net.row, net.col])
    return Siting(
        open=chosen,
        existing=case.existing,
        flow=sp.csr_array((net.data, (np.flatnonzero(able)[net.row], net.col)), shape=case.ways.shape),
        objective=total,
        bound=min(bound, total),
        status=status_of(total, min(bound, total), case.rules.gap),
        out_of_reach=~able,
        places=case.places,
        sites=case.sites,
    )


def _without_room(case: Case) -> tuple[NDArray[np.bool_], float]:
    """Open sites and bound."""
    rules = case.rules
    finite = np.isfinite(case.ways)
    cost = case.people[:, None] * np.where(finite, case.ways, 0.0)
    if rules.budget is not None:
        found = solve_by_radius(case, cost, usable=finite)
        return _chosen(case, found), found.bound
    cut_off = float(np.ceil(cost.max(axis=1).sum()) + 1)  # more than any answer that serves all
    count, answer = most_sites(case), None
    if count:
        answer = solve_medians(
            np.where(finite, cost, cut_off),
            count,
            keep=case.existing,
            gap=rules.gap,
            time_limit_s=rules.time_limit_s,
        )
    if answer is None or answer.above >= cut_off:
        raise MethodError(_SHUT)
    return answer.open, answer.below


def _chosen(case: Case, found: Solved) -> NDArray[np.bool_]:
    if found.x is None:
        raise MethodError(_SHUT if found.impossible else f"no answer in {case.rules.time_limit_s:g} s; give more time")
    return np.asarray(found.x[: len(case.sites)] > 0.5)


def _with_room(case: Case, room: NDArray[np.int64], *, together: bool) -> tuple[NDArray[np.bool_], sp.csr_array, float]:
    """Open sites, who goes where, and bound, where sites hold so many."""
    reached = np.isfinite(case.ways) & (case.people > 0)[:, None]
    row, column = np.nonzero(reached)
    budget, count = case.rules.budget is not None, most_sites(case)
    found = Solved(x=None, objective=np.inf, bound=-np.inf)
    if budget or row.size <= MOST_WAYS:
        found = program_with_room(case, room, reached, together=together)
    if found.x is None and not (found.impossible or budget) and count:
        answer = exchange_with_room(case, room, count=count, time_limit_s=case.rules.time_limit_s)
        if answer is not None:
            chosen, flow = answer.open, _flow(case, room, answer, together=together)
            return chosen, flow, max(answer.below, found.bound)
    chosen = _chosen(case, found)
    if together and found.x is not None:
        way = found.x[len(room) :] > 0.5
        return (
            chosen,
            sp.csr_array((case.people[row][way], (row[way], column[way])), shape=case.ways.shape),
            found.bound,
        )
    return chosen, _shared_out(case, room, chosen), found.bound


def _shared_out(case: Case, room: NDArray[np.int64], chosen: NDArray[np.bool_]) -> sp.csr_array:
    people = case.people.astype("int64")
    return cheapest_flow(people, room, np.where(chosen, case.ways, np.inf), placed=int(people.sum())).flow


def _flow(case: Case, room: NDArray[np.int64], answer: MedianAnswer, *, together: bool) -> sp.csr_array:
    """Who goes to the sites that were found by exchange."""
    if not together:
        return _shared_out(case, room, answer.open)
    ways, limit = np.where(answer.open, case.ways, np.inf), case.rules.time_limit_s
    found = assign_whole(case.people, ways, room, gap=case.rules.gap, time_limit_s=limit)
    if found.places["unassigned"].any():
        raise MethodError(
            f"no choice of sites that keeps all places whole was found in {limit:g} s; give more room or time"
        )
    flows = found.flows
    at = flows["place"].to_numpy(), flows["site"].to_numpy()
    return sp.csr_array((flows["people"].to_numpy("float64"), at), shape=case.ways.shape)
