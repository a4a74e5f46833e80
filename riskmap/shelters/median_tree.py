"""The p-median by branch and bound: the bound of Lagrange multipliers says which sites need no look."""

import heapq
import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from riskmap.shelters.medians import Ascent, ascend, exchange, greedy
from riskmap.shelters.solve import PROVED

__all__ = ["MedianAnswer", "solve_medians"]

_FIRST_STEPS, _STEPS = 2000, 120
_EXCHANGE_FIRST, _EXCHANGE_EVERY = 20, 25
_ONE = 0.999
"""The step between whole numbers, less the rounding of sums."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MedianAnswer:
    """Sites of a p-median.

    Parameters
    ----------
    open : ndarray of bool, shape (sites,)
        The best found.
    above : float
        Their cost.
    below : float
        No sites cost less.
    """

    open: NDArray[np.bool_]
    above: float
    below: float


@dataclass(order=True, slots=True)
class _Branch:
    """What is still to be looked at: some sites are in, some are out."""

    below: float
    number: int
    inside: NDArray[np.bool_] = field(compare=False)
    outside: NDArray[np.bool_] = field(compare=False)
    price: NDArray[np.float64] = field(compare=False)


def solve_medians(
    cost: NDArray[np.float64], count: int, *, keep: NDArray[np.bool_], gap: float = 0.0, time_limit_s: float = 60.0
) -> MedianAnswer:
    """Find the `count` sites from which serving all places costs least.

    Parameters
    ----------
    cost : ndarray, shape (places, sites)
        Cost of serving a place from a site, finite.
    count : int
        Open sites, the kept ones among them, 1 or more.
    keep : ndarray of bool, shape (sites,)
        Sites that are open anyway.
    gap : float
        Answers may be this far from the best, as a share.
    time_limit_s : float
        Then the best answer found stands, with the bound of what was not looked at.

    Returns
    -------
    MedianAnswer

    Notes
    -----
    From above by greedy opening and exchange of sites, from below by Lagrange multipliers (`ascend`). At each branch,
    sites whose opening (or closing) would lift the bound to the known answer are closed (or opened) for good; the site
    whose share in the latest steps is nearest to one half divides what is left. Best bound first, so the bound is that
    of the whole. Branch and bound after Christofides and Beasley (1982, European Journal of Operational Research 10). Where all
    costs are whole numbers, a better answer is better by 1 at least.

    Examples
    --------
    >>> cost = np.array([[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]])
    >>> solve_medians(cost, 2, keep=np.zeros(3, bool)).above
    4.0
    """
    end = time.monotonic() + time_limit_s
    rows, none = np.ascontiguousarray(cost.T), np.zeros(len(keep), bool)
    whole = bool((cost % 1 == 0).all())
    best = exchange(cost, greedy(cost, count, keep=keep), keep=keep)
    near = np.sort(cost[:, best[0]], axis=1)[:, :2]
    heap = [_Branch(-np.inf, 0, keep, none, near[:, -1] * (1.5 if count == 1 else 1.0))]
    looked = 0
    while heap and heap[0].below < _cutoff(best[1], whole=whole, gap=gap) and (time.monotonic() < end or not looked):
        branch = heapq.heappop(heap)
        stay = np.flatnonzero(~branch.outside)
        climb = ascend(
            rows[stay],
            branch.price,
            keep=branch.inside[stay],
            count=count,
            above=best[1],
            steps=_STEPS if looked else _FIRST_STEPS,
        )
        branch.below, branch.price = max(branch.below, climb.below), climb.price
        if looked < _EXCHANGE_FIRST or looked % _EXCHANGE_EVERY == 0:
            sites = none.copy()
            sites[stay[climb.taken]] = True
            best = min(best, exchange(cost, sites, keep=keep), key=lambda one: one[1])
        looked += 1
        cutoff = _cutoff(best[1], whole=whole, gap=gap)
        if branch.below >= cutoff:
            continue
        inside, outside = _fixed(branch, climb, cutoff=cutoff)
        if inside.sum() == count or (~outside).sum() == count:
            sites = inside if inside.sum() == count else ~outside
            best = min(best, (sites, float(cost[:, sites].min(axis=1).sum())), key=lambda one: one[1])
            continue
        free = np.flatnonzero(~inside & ~outside)
        share = np.zeros(len(keep))
        share[stay] = climb.share
        site = np.arange(len(keep)) == free[np.abs(share[free] - 0.5).argmin()]
        for number, (come, go) in enumerate(((inside | site, outside), (inside, outside | site))):
            heapq.heappush(heap, _Branch(branch.below, 2 * looked + number, come, go, branch.price))
    return _answer(best, heap, whole=whole, gap=gap)


def _answer(best: tuple[NDArray[np.bool_], float], heap: list[_Branch], *, whole: bool, gap: float) -> MedianAnswer:
    """The best answer with the bound of what was not looked at."""
    above, cutoff = best[1], _cutoff(best[1], whole=whole, gap=gap)
    below = heap[0].below if heap else np.inf
    if below >= cutoff:
        below = above if whole and above - cutoff < 1 else cutoff
    return MedianAnswer(open=best[0], above=above, below=below)


def _cutoff(above: float, *, whole: bool, gap: float) -> float:
    """A branch at or over this holds nothing that is better and counts."""
    return above - max(gap * above, _ONE if whole else PROVED / 2 * above)


def _fixed(branch: _Branch, climb: Ascent, *, cutoff: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Sites that are in, and out, of every answer of this branch under the cutoff."""
    stay = np.flatnonzero(~branch.outside)
    keep, slack = branch.inside[stay], cutoff - climb.below
    taken = np.isin(np.arange(len(stay)), climb.taken)
    last = climb.worth[taken & ~keep].max(initial=-np.inf)
    following = climb.worth[~taken].min(initial=np.inf)
    inside, outside = branch.inside.copy(), branch.outside.copy()
    inside[stay] |= taken & (following - climb.worth > slack)
    outside[stay] |= ~taken & (climb.worth - last > slack)
    return inside, outside
