"""The shortest longest way: sites so that nobody is far."""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.shelters.cover import Cover, cover_of, open_sites, share_out
from riskmap.shelters.median_room import MOST_WAYS, sites_that_hold
from riskmap.shelters.problem import Case, Siting, SitingRules, checked_case, checked_room, most_sites, status_of

__all__ = ["p_centre"]


def p_centre(
    people: ArrayLike, ways: ArrayLike, *, rules: SitingRules | None = None, room: ArrayLike | None = None
) -> Siting:
    """Find the sites that make the longest way of any place as short as it can be.

    Parameters
    ----------
    people, ways, rules, room
        As in `fewest_sites`. Every place counts, however few its people; with room, places without people do not.

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
    then that of the problem without room.

    Examples
    --------
    >>> ways = [[1.0, 7.0], [4.0, 2.0], [9.0, 3.0]]
    >>> p_centre([1, 1, 1], ways, rules=SitingRules(add_at_most=1)).objective
    7.0
    >>> p_centre([1, 1, 1], ways, rules=SitingRules(add_at_most=2)).objective
    3.0
    """
    case = checked_case(people, ways, rules)
    space = None if room is None else checked_room(room, case)
    able = np.asarray(np.isfinite(case.ways).any(axis=1))
    asking = able if space is None else able & (case.people > 0)
    if not asking.any():
        raise MethodError("no place has a way to any candidate; give ways that are finite somewhere")
    inner = replace(case, people=case.people[asking], ways=case.ways[asking])
    chosen, longest, bound = _halve(inner, space)
    flow = share_out(cover_of(case, case.ways <= longest, room=space), chosen)
    return Siting(
        open=chosen,
        existing=case.existing,
        flow=flow,
        objective=longest,
        bound=bound,
        status=status_of(longest, bound, case.rules.gap),
        out_of_reach=~able,
        places=case.places,
        sites=case.sites,
    )


def _halve(case: Case, room: NDArray[np.int64] | None) -> tuple[NDArray[np.bool_], float, float]:
    """Open sites, the longest way with them, and the least that it could be."""
    # nobody has a shorter way than to the nearest candidate
    times = np.unique(case.ways[np.isfinite(case.ways)])
    times = times[times >= case.ways.min(axis=1).max()]
    end = time.monotonic() + case.rules.time_limit_s
    low, high, sure = 0, len(times), 0
    large = room is not None and np.isfinite(case.ways).sum() > MOST_WAYS and case.rules.budget is None
    if large:
        brief = replace(case, rules=replace(case.rules, time_limit_s=case.rules.time_limit_s / 4))
        low = sure = int(np.searchsorted(times, _halve(brief, None)[2]))
    best: NDArray[np.bool_] | None = None
    while low < high and (best is None or time.monotonic() < end):
        # the last step first: whether it can be done at all
        middle = (low + high) // 2 if best is not None else len(times) - 1
        cover = cover_of(case, case.ways <= times[middle], room=room)
        found, impossible = _sites(cover, end=end)
        if found is not None:
            best, high = found, middle
            if room is None:
                high = int(np.searchsorted(times, case.ways[:, best].min(axis=1).max()))
            continue
        if best is None:
            break
        low = middle + 1
        sure = max(sure, low) if impossible else sure
    if best is None:
        raise MethodError("no choice of sites within the rules reaches everyone; raise number, budget or room")
    return best, float(times[high]), float(times[sure])


def _sites(cover: Cover, *, end: float) -> tuple[NDArray[np.bool_] | None, bool]:
    """Sites that reach everyone and have room for all, if any were found; whether it is proved that there are none."""
    case, room = cover.case, cover.room
    if room is None or case.rules.budget is not None or cover.sites_of.nnz <= MOST_WAYS:
        asked = 0.0 if room is None else float(case.people.sum())
        found = open_sites(cover, seek="any", people=asked, all_by=1, time_limit_s=end - time.monotonic())
        return None if found.x is None else np.asarray(found.x[: len(case.sites)] > 0.5), found.impossible
    near = replace(case, ways=np.where(cover.reached, case.ways, np.inf))
    return sites_that_hold(near, room, count=most_sites(case), end=end), False
