"""The shortest longest way: sites so that nobody is far."""

import time
from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.shelters.allocation import split_people
from riskmap.shelters.centre_bound import too_little_room
from riskmap.shelters.cover import cover_of, open_sites, share_out
from riskmap.shelters.median_room import MOST_WAYS, sites_that_hold
from riskmap.shelters.problem import Case, Siting, SitingRules, checked_case, checked_room, most_sites, status_of
from riskmap.shelters.room_program import program_with_room
from riskmap.shelters.whole_villages import MOST_WHOLE_WAYS, assign_whole

__all__ = ["p_centre"]

_SHUT = "no choice of sites within the rules reaches everyone; raise number, budget or room"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Found:
    """Open sites, who goes there where that is told, the longest way and what it cannot go below."""

    chosen: NDArray[np.bool_]
    flow: sp.csr_array | None = None
    longest: float = np.inf
    bound: float = 0.0


def p_centre(
    people: ArrayLike,
    ways: ArrayLike,
    *,
    rules: SitingRules | None = None,
    room: ArrayLike | None = None,
    together: bool = False,
) -> Siting:
    """Find the sites that make the longest way of any place as short as it can be.

    Parameters
    ----------
    people, ways, rules, room
        As in `fewest_sites`. Every place counts, however few its people; with room, places without people do not.
    together : bool
        With room: each place goes to one site as a whole. Else its people may share out.

    Returns
    -------
    Siting
        ``objective`` and ``bound``: the longest way. Places that no candidate reaches are left aside and named in
        ``out_of_reach``.

    Raises
    ------
    MethodError
        Inputs that do not fit; no place has a way; or the rules leave places without a site that candidates reach.

    Notes
    -----
    The sorted ways are halved; at each the set covering tells whether sites within the rules reach everyone (Minieka
    1970, doi:10.1137/1012016). Where the clock stops one of these questions, the bound is the longest way that is proved
    too short. With room and more than 40,000 ways (and no budget) an exchange of sites answers instead; the bound is
    then the longer of two, that of the problem without room and that of `too_little_room`. Whole places: a generalised
    assignment with open sites at each step, up to 10,000 ways; beyond, or where it finds nothing in time, the sites are those
    of people who may share out, `assign_whole` fills them, and the bound is that of sharing out.

    Examples
    --------
    >>> ways = [[1.0, 7.0], [4.0, 2.0], [9.0, 3.0]]
    >>> p_centre([1, 1, 1], ways, rules=SitingRules(add_at_most=1)).objective
    7.0
    >>> p_centre([1, 1, 1], ways, rules=SitingRules(add_at_most=2)).objective
    3.0

    Two sites for 15 people each: a village of 20 finds room if it shares out, two of 10 even as a whole.

    >>> p_centre([10, 10], ways[:2], room=[15, 15], together=True).objective
    2.0
    """
    case = checked_case(people, ways, rules)
    space = None if room is None else checked_room(room, case)
    able = np.asarray(np.isfinite(case.ways).any(axis=1))
    asking = able if space is None else able & (case.people > 0)
    if not asking.any():
        raise MethodError("no place has a way to any candidate; give ways that are finite somewhere")
    inner = replace(case, people=case.people[asking], ways=case.ways[asking])
    found = _whole(inner, space) if together and space is not None else _told(_halve(inner, space)[0])
    if found.flow is None:
        flow = share_out(cover_of(case, case.ways <= found.longest, room=space), found.chosen)
    else:
        net = found.flow.tocoo()
        flow = sp.csr_array((net.data, (np.flatnonzero(asking)[net.row], net.col)), shape=case.ways.shape)
    return Siting(
        open=found.chosen,
        existing=case.existing,
        flow=flow,
        objective=found.longest,
        bound=min(found.bound, found.longest),
        status=status_of(found.longest, min(found.bound, found.longest), case.rules.gap),
        out_of_reach=~able,
        places=case.places,
        sites=case.sites,
    )


def _whole(case: Case, room: NDArray[np.int64]) -> _Found:
    """The shortest longest way when places stay together."""
    limit = case.rules.time_limit_s
    if np.isfinite(case.ways).sum() <= MOST_WHOLE_WAYS:
        found, impossible = _halve(case, room, whole=True)
        if found is not None or impossible:
            return _told(found)
    shared = _told(_halve(case, room)[0])
    ways = np.where(shared.chosen, case.ways, np.inf)
    placed = assign_whole(case.people, ways, room, objective="worst", time_limit_s=limit)
    if placed.places["unassigned"].any():
        raise MethodError(
            f"no choice of sites that keeps all places whole was found in {limit:g} s; give more room or time"
        )
    at = placed.flows["place"].to_numpy(), placed.flows["site"].to_numpy()
    flow = sp.csr_array((placed.flows["people"].to_numpy("float64"), at), shape=case.ways.shape)
    return replace(shared, flow=flow, longest=placed.worst_min)


def _told(found: _Found | None) -> _Found:
    if found is None:
        raise MethodError(_SHUT)
    return found


def _halve(case: Case, room: NDArray[np.int64] | None, *, whole: bool = False) -> tuple[_Found | None, bool]:
    """Shorten the longest way as far as the clock allows; whether it is proved that nothing reaches everyone."""
    # nobody has a shorter way than to the nearest candidate
    times = np.unique(case.ways[np.isfinite(case.ways)])
    times = times[times >= case.ways.min(axis=1).max()]
    end = time.monotonic() + case.rules.time_limit_s
    low = sure = _too_short(case, room, times)
    high, impossible = len(times), False
    best: _Found | None = None
    while low < high and (best is None or time.monotonic() < end):
        # the last step first: whether it can be done at all
        middle = (low + high) // 2 if best is not None else len(times) - 1
        found, impossible = _at(case, room, float(times[middle]), whole=whole, end=end)
        if found is not None:
            best, high = found, min(middle, int(np.searchsorted(times, _longest(case, room, found))))
            continue
        if best is None:
            break
        low = middle + 1
        sure = max(sure, low) if impossible else sure
    if best is None:
        return None, impossible
    return replace(best, longest=float(times[high]), bound=float(times[sure])), False


def _too_short(case: Case, room: NDArray[np.int64] | None, times: NDArray[np.float64]) -> int:
    """How many of the sorted times are proved too short before any choice of sites is tried."""
    if room is None or case.rules.budget is not None or np.isfinite(case.ways).sum() <= MOST_WAYS:
        return 0
    limit = case.rules.time_limit_s / 4
    brief = replace(case, rules=replace(case.rules, time_limit_s=limit))
    low = int(np.searchsorted(times, _told(_halve(brief, None)[0]).bound))
    return low + too_little_room(case, room, times[low:-1], end=time.monotonic() + limit)


def _at(
    case: Case, room: NDArray[np.int64] | None, longest: float, *, whole: bool, end: float
) -> tuple[_Found | None, bool]:
    """Sites that reach everyone within a time and have room for all, if any were found; whether there are surely none."""
    left = max(end - time.monotonic(), 0.0)
    reached = case.ways <= longest
    if whole and room is not None:
        reached = reached & (case.people[:, None] <= room)
        solved = program_with_room(case, room, reached, together=True, seek="any", time_limit_s=left)
        if solved.x is None:
            return None, solved.impossible
        row, column = np.nonzero(reached)
        goes = solved.x[len(room) :] > 0.5
        flow = sp.csr_array((case.people[row][goes], (row[goes], column[goes])), shape=reached.shape)
        return _Found(chosen=solved.x[: len(room)] > 0.5, flow=flow), False
    cover = cover_of(case, reached, room=room)
    if room is None or case.rules.budget is not None or cover.sites_of.nnz <= MOST_WAYS:
        asked = 0.0 if room is None else float(case.people.sum())
        solved = open_sites(cover, seek="any", people=asked, all_by=1, time_limit_s=left)
        return None if solved.x is None else _Found(chosen=solved.x[: len(case.sites)] > 0.5), solved.impossible
    near = replace(case, ways=np.where(reached, case.ways, np.inf))
    chosen = sites_that_hold(near, room, count=most_sites(case), end=end)
    return None if chosen is None else _Found(chosen=chosen), False


def _longest(case: Case, room: NDArray[np.int64] | None, found: _Found) -> float:
    """Longest way to the sites that were found: nobody walks farther than need be."""
    if found.flow is not None:
        net = found.flow.tocoo()
        return float(case.ways[net.row, net.col].max())
    if room is None:
        return float(case.ways[:, found.chosen].min(axis=1).max())
    ways = case.ways[:, found.chosen]
    return split_people(case.people, ways, room[found.chosen], objective="worst").worst_min
