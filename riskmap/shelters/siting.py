"""Where places of shelter are best put: the fewest that cover, the most covered, the shortest longest way."""

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.shelters.cover import Cover, cover_of, open_sites, share_out
from riskmap.shelters.cover_greedy import least_cost_of_room, open_greedily
from riskmap.shelters.median_room import MOST_WAYS
from riskmap.shelters.problem import Case, Siting, SitingRules, checked_case, checked_room, status_of
from riskmap.shelters.solve import PROVED, Solved, relative_gap

__all__ = ["fewest_sites", "most_covered"]

_CURE = "raise the number of sites, the budget, the radius or the room, or ask for a smaller share"


def fewest_sites(
    people: ArrayLike,
    ways: ArrayLike,
    radius: ArrayLike,
    *,
    rules: SitingRules | None = None,
    share: float = 1.0,
    times: int = 1,
    room: ArrayLike | None = None,
) -> Siting:
    """Find the fewest (or cheapest) sites to add so that people are covered.

    Parameters
    ----------
    people : array_like, shape (places,)
        People of each place, known and not negative; a Series names the places.
    ways : array_like, shape (places, sites)
        Distance or time from place to candidate; inf or NaN where there is no way. The columns of a DataFrame name
        the sites. Existing sites are columns too (`SitingRules.existing`).
    radius : array_like
        How far a site reaches, in the unit of `ways`: one number or one a site. A way of exactly the radius is inside.
    rules : SitingRules, optional
        Existing sites, number, cost, budget, time limit. With a cost, the cheapest sites are sought, not the fewest.
    share : float
        Part of **all** people to cover, above 0. At 1 every place is covered that any candidate reaches (places
        without people too, unless room counts); the others are named in ``out_of_reach``.
    times : int
        By how many sites a place must be reached; 2 leaves it covered when one fails. At a share of 1, places with
        fewer candidates are reached by all of them.
    room : array_like, optional
        People that each site holds; who finds no room is not covered. People must be whole numbers then.

    Returns
    -------
    Siting
        ``objective`` and ``bound``: number of added sites, or their cost.

    Raises
    ------
    MethodError
        Inputs that do not fit, or no choice of sites that does what is asked.

    Notes
    -----
    Location set covering (Toregas et al. 1971, doi:10.1287/opre.19.6.1363), with a share the partial set cover, with
    room its capacitated form (Current and Storbeck 1988, doi:10.1068/b150153). Where the clock stops the solver with
    room (or it was not started, for more than 40,000 ways), sites are opened greedily and needless ones closed as well, and the better of both answers stands with the
    best of the bounds (`status` is then ``time limit``).

    Examples
    --------
    Three villages along a road, three candidates, 2 km on foot:

    >>> ways = [[0.5, 3.0, 9.0], [1.5, 1.0, 9.0], [6.0, 1.9, 9.0]]
    >>> fewest_sites([100, 200, 300], ways, 2.0).added.tolist()
    [0, 1]
    >>> fewest_sites([100, 200, 300], ways, 2.0, share=0.8).added.tolist()
    [1]
    """
    cover = _cover(people, ways, radius, rules=rules, times=times, room=room)
    total = float(cover.case.people.sum())
    everywhere = share >= 1 and cover.room is None
    asked = total * share
    if share >= 1:
        asked = 0.0 if everywhere else float(cover.case.people[~cover.out_of_reach].sum())
    seek = partial(open_sites, seek="least", people=asked * (1 - 1e-12))
    found = Solved(x=None, objective=np.inf, bound=-np.inf)
    if cover.room is None or cover.sites_of.nnz <= MOST_WAYS:
        found = seek(cover, all_by=times if everywhere else 0)
    if cover.room is not None and _unsure(found, cover.case):
        plain = seek(replace(cover, room=None))
        lower = max(plain.bound, least_cost_of_room(cover, cover.room, people=asked))
        found = _quick(found, open_greedily(cover, cover.room, people=asked), cover.case.cost, bound=lower)
    if found.x is None:
        possible = float(cover.case.people[~cover.out_of_reach].sum())
        raise _no_choice(found, f"{max(asked, possible if everywhere else 0):g} of {total:g} people", possible)
    return _siting(cover, found, cost=True)


def most_covered(
    people: ArrayLike,
    ways: ArrayLike,
    radius: ArrayLike,
    *,
    rules: SitingRules | None = None,
    times: int = 1,
    all_by: int = 0,
    room: ArrayLike | None = None,
) -> Siting:
    """Find the sites that cover the most people within number and budget.

    Parameters
    ----------
    people, ways, radius, rules, times, room
        As in `fewest_sites`.
    all_by : int
        Every place must be reached by so many sites (or by all candidates that reach it, if they are fewer). With 1 and
        ``times=2``: everyone covered once, most covered twice.

    Returns
    -------
    Siting
        ``objective`` and ``bound``: people covered (`times` times; with room: who find room). Without people all is 0.

    Raises
    ------
    MethodError
        Inputs that do not fit, or rules that no choice of sites meets.

    Notes
    -----
    Maximal covering (Church and ReVelle 1974, doi:10.1007/BF01942293), backup coverage (Hogan and ReVelle 1986,
    doi:10.1287/mnsc.32.11.1434), capacitated maximal covering (Current and Storbeck 1988, doi:10.1068/b150153). People
    of a place may share out over several sites with room; to keep villages together, pass the chosen sites to
    `assign_whole`.

    Examples
    --------
    >>> ways = [[0.5, 3.0, 9.0], [1.5, 1.0, 9.0], [6.0, 1.9, 9.0]]
    >>> found = most_covered([100, 200, 300], ways, 2.0, rules=SitingRules(add_at_most=1))
    >>> found.added.tolist(), found.objective, found.status
    ([1], 500.0, 'proved')
    >>> most_covered([100, 200, 300], ways, 2.0, rules=SitingRules(add_at_most=1), room=[300, 250, 900]).objective
    300.0
    """
    cover = _cover(people, ways, radius, rules=rules, times=times, room=room)
    found = open_sites(cover, seek="most", all_by=all_by)
    possible = float(cover.case.people[~cover.out_of_reach].sum())
    if cover.room is not None and not all_by and _unsure(found, cover.case):
        found = _more_housed(cover, found, open_greedily(cover, cover.room, people=np.inf))
    if found.x is None:
        raise _no_choice(found, "what the rules ask", possible)
    return _siting(cover, found, cost=False)


def _cover(
    people: ArrayLike,
    ways: ArrayLike,
    radius: ArrayLike,
    *,
    rules: SitingRules | None,
    times: int,
    room: ArrayLike | None,
) -> Cover:
    case = checked_case(people, ways, rules)
    if times < 1 or (room is not None and times > 1):
        raise MethodError(f"covered {times} times with room {'not ' if room is None else ''}counted; room goes with 1")
    reached = np.isfinite(case.ways) & (case.ways <= np.asarray(radius, dtype="float64"))
    return cover_of(case, reached, times=times, room=None if room is None else checked_room(room, case))


def _unsure(found: Solved, case: Case) -> bool:
    """Whether the clock stopped the solver before it found an answer as near to the bound as asked."""
    gap = np.inf if found.x is None else relative_gap(found.objective, found.bound)
    return not found.impossible and gap > case.rules.gap + PROVED


def _quick(found: Solved, chosen: NDArray[np.bool_] | None, cost: NDArray[np.float64], *, bound: float) -> Solved:
    """The cheaper of the solver's answer and that of a quick search, with the better of two bounds."""
    bound = max(found.bound, bound)
    if chosen is None or (found.x is not None and cost[chosen].sum() >= cost[found.x[: len(cost)] > 0.5].sum()):
        return replace(found, bound=bound)
    return replace(found, x=chosen.astype("float64"), bound=bound)


def _more_housed(cover: Cover, found: Solved, chosen: NDArray[np.bool_] | None) -> Solved:
    """Whichever houses more: the solver's answer or that of a quick search."""
    tried = [one for one in (None if found.x is None else _opened(cover.case, found), chosen) if one is not None]
    if not tried:
        return found
    best = max(tried, key=lambda one: share_out(cover, one).sum())
    return replace(found, x=best.astype("float64"))


def _no_choice(found: Solved, asked: str, possible: float) -> MethodError:
    if found.impossible:
        return MethodError(
            f"no choice of sites covers {asked}; all candidates together reach {possible:g} people; {_CURE}"
        )
    return MethodError(f"no choice of sites that covers {asked} was found in time; give more time, or {_CURE}")


def _siting(cover: Cover, found: Solved, *, cost: bool) -> Siting:
    """Tell the answer from its open sites, counted anew."""
    case = cover.case
    chosen = _opened(case, found)
    flow = share_out(cover, chosen)
    if cost:
        objective, bound = float(case.cost[chosen].sum()), found.bound
        if case.rules.cost is None:
            bound = float(np.ceil(bound - PROVED))
        bound = min(bound, objective)
    else:
        covered = cover.reached[:, chosen].sum(axis=1) >= cover.times
        objective = float(flow.sum()) if cover.room is not None else float(case.people[covered].sum())
        bound = min(-found.bound, float(case.people[~cover.out_of_reach].sum()))
        if (case.people % 1 == 0).all():
            bound = float(np.floor(bound + PROVED))
        bound = max(bound, objective)
    return Siting(
        open=chosen,
        existing=case.existing,
        flow=flow,
        objective=objective,
        bound=bound,
        status=status_of(objective, bound, case.rules.gap),
        out_of_reach=cover.out_of_reach,
        places=case.places,
        sites=case.sites,
    )


def _opened(case: Case, found: Solved) -> NDArray[np.bool_]:
    if found.x is None:  # pragma: no cover - told before
        raise MethodError("no choice of sites was found; " + _CURE)
    return np.asarray(found.x[: len(case.sites)] > 0.5)
