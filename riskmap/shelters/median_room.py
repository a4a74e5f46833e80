"""The p-median with room where a program is too large: exchange of sites by prices, and a bound of Lagrange multipliers."""

import time
from functools import partial

import numpy as np
from numpy.typing import NDArray

from riskmap.shelters.flow import CheapestFlow, cheapest_flow, most_placed
from riskmap.shelters.median_kernels import filled_room, worth_with_room
from riskmap.shelters.median_tree import MedianAnswer
from riskmap.shelters.medians import Ascent, climb, exchange, greedy, swap_changes
from riskmap.shelters.problem import Case

__all__ = ["MOST_WAYS", "exchange_with_room", "sites_that_hold"]

MOST_WAYS = 40_000
"""Larger programs with room are not started: the solver finds nothing good in minutes, and forgets the clock."""

_STEPS = 1000
_TRIED = 25
"""Swaps of one round that are tried out, the most promising first."""


def exchange_with_room(case: Case, room: NDArray[np.int64], *, count: int, time_limit_s: float) -> MedianAnswer | None:
    """Find sites with room for all to which the ways are short, and how short they could be at best.

    Parameters
    ----------
    case : Case
        Every place has a way; people are whole.
    room : ndarray of int64, shape (sites,)
        Whom each site holds.
    count : int
        Open sites, the existing ones among them, 1 or more.
    time_limit_s : float
        For the exchange; the bound takes a few seconds more.

    Returns
    -------
    MedianAnswer or None
        ``above`` is the cost of the transport problem over the open sites; None if no sites with room for all were found.

    Notes
    -----
    Sites are opened greedily and exchanged as in the p-median without room (a second time: those that the bound opens most
    often), then so that all find room, then as the prices of room tell: the dual of the transport problem adds to each way what a place at the site is worth, and the
    swaps that look best by it are tried out. From below: the rows "each place is served once" are relaxed, each site is
    then filled by a knapsack whose last item may be cut (Ceselli and Righini 2005, doi:10.1002/net.20059).

    Examples
    --------
    >>> from riskmap.shelters.problem import checked_case
    >>> case = checked_case([10, 10, 10], [[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]])
    >>> found = exchange_with_room(case, np.array([20, 5, 20]), count=2, time_limit_s=5.0)
    >>> found.open.tolist(), found.above
    ([True, False, True], 50.0)
    """
    end = time.monotonic() + time_limit_s
    start = sites_that_hold(case, room, count=count, end=end)
    if start is None:
        return None
    chosen, best = _exchanged(case, room, start, end=end)
    climbed = _bound(case, room, count=count, above=best.total)
    often = np.zeros(len(room), bool)
    often[np.argsort(np.where(case.existing, -2.0, -climbed.share), kind="stable")[:count]] = True
    start = _roomy(case, room, often, end=end)
    if start is not None and time.monotonic() < end:
        other, found = _exchanged(case, room, start, end=end)
        chosen, best = (other, found) if found.total < best.total else (chosen, best)
    return MedianAnswer(open=chosen, above=best.total, below=min(climbed.below, best.total))


def sites_that_hold(case: Case, room: NDArray[np.int64], *, count: int, end: float) -> NDArray[np.bool_] | None:
    """Find sites in which all find room, those with short ways first.

    Parameters
    ----------
    case, room, count
        As in `exchange_with_room`.
    end : float
        When to stop, by the monotonic clock.

    Returns
    -------
    ndarray of bool or None
        None where the search found none; there may be some all the same.

    Examples
    --------
    >>> from riskmap.shelters.problem import checked_case
    >>> case = checked_case([10, 10], [[0.0, 4.0], [5.0, 6.0]])
    >>> sites_that_hold(case, np.array([15, 20]), count=1, end=np.inf).tolist()
    [False, True]
    """
    cost = case.people[:, None] * _finite(case)
    near, _ = exchange(cost, greedy(cost, count, keep=case.existing), keep=case.existing, end=end)
    return _roomy(case, room, near, end=end)


def _finite(case: Case) -> NDArray[np.float64]:
    """Ways, and where there is none more than any answer costs."""
    open_way = np.isfinite(case.ways)
    return np.where(open_way, case.ways, (case.people.sum() + 1) * (case.ways[open_way].max(initial=1.0) + 1))


def _roomy(case: Case, room: NDArray[np.int64], chosen: NDArray[np.bool_], *, end: float) -> NDArray[np.bool_] | None:
    """Exchange sites for larger ones while any wait for room; None if that does not house all."""
    cost = case.people[:, None] * _finite(case)
    heads, reached = case.people.astype("int64"), np.isfinite(case.ways)
    waiting = heads.sum() - most_placed(heads, np.where(chosen, room, 0), reached).sum()
    while waiting > 0 and time.monotonic() < end:
        sites, others, change = swap_changes(cost, chosen)
        change[case.existing[sites]] = np.inf
        more = room[others][None, :] - room[sites][:, None]
        worth = np.where(
            (more > 0) & np.isfinite(change), np.minimum(more, waiting) / (1 + np.maximum(change, 0)), -np.inf
        )
        found = False
        for out, come in _first(-worth, sites, others):
            trial = chosen.copy()
            trial[out], trial[come] = False, True
            left = heads.sum() - most_placed(heads, np.where(trial, room, 0), reached).sum()
            if left < waiting:
                chosen, waiting, found = trial, left, True
                break
        if not found:
            return None
    return chosen if waiting == 0 else None


def _first(value: NDArray[np.float64], sites: NDArray[np.intp], others: NDArray[np.intp]) -> list[tuple[int, int]]:
    """Swaps of the least value, the least first."""
    flat = value.ravel()
    order = np.argsort(flat, kind="stable")[:_TRIED]
    order = order[np.isfinite(flat[order])]
    return [(int(sites[one // len(others)]), int(others[one % len(others)])) for one in order]


def _transport(case: Case, room: NDArray[np.int64], chosen: NDArray[np.bool_]) -> CheapestFlow | None:
    """The cheapest way to place all in the open sites; None if they do not hold all."""
    heads, space = case.people.astype("int64"), np.where(chosen, room, 0)
    if space.sum() < heads.sum() or most_placed(heads, space, np.isfinite(case.ways)).sum() < heads.sum():
        return None
    return cheapest_flow(heads, space, case.ways, placed=int(heads.sum()))


def _exchanged(
    case: Case, room: NDArray[np.int64], chosen: NDArray[np.bool_], *, end: float
) -> tuple[NDArray[np.bool_], CheapestFlow]:
    """Exchange sites as long as the transport gets cheaper and the clock allows."""
    best = cheapest_flow(
        case.people.astype("int64"), np.where(chosen, room, 0), case.ways, placed=int(case.people.sum())
    )
    ways, better = _finite(case), True
    while better and time.monotonic() < end:
        better = False
        price = np.where(chosen, best.price, 0.0)
        sites, others, change = swap_changes(case.people[:, None] * (ways + price), chosen)
        change = change + (room * price)[sites][:, None]
        change[case.existing[sites]] = np.inf
        for out, come in _first(change, sites, others):
            trial = chosen.copy()
            trial[out], trial[come] = False, True
            found = _transport(case, room, trial) if time.monotonic() < end else None
            if found is not None and found.total < best.total * (1 - 1e-9):
                chosen, best, better = trial, found, True
                break
    return chosen, best


def _bound(case: Case, room: NDArray[np.int64], *, count: int, above: float) -> Ascent:
    """What no choice of so many sites goes below, and how often each site is open in it."""
    asking = case.people > 0
    people, ways = case.people[asking], case.ways[asking]
    way = np.ascontiguousarray(ways.T)
    near = np.sort(np.where(np.isfinite(ways), ways, np.nan), axis=1)
    price = people * np.where(np.isfinite(near[:, :count]), near[:, :count], near[:, :1]).max(axis=1)
    at = partial(_at, way, people, room.astype("float64"), keep=case.existing, count=count)
    return climb(at, price, sites=len(room), above=above, steps=_STEPS)


def _at(
    way: NDArray[np.float64],
    people: NDArray[np.float64],
    room: NDArray[np.float64],
    price: NDArray[np.float64],
    *,
    keep: NDArray[np.bool_],
    count: int,
) -> tuple[Ascent, NDArray[np.float64]]:
    """The bound at multipliers, and how it changes with them."""
    head = price / people
    worth = worth_with_room(way, head, people, room)
    taken = np.argpartition(np.where(keep, -np.inf, worth), count - 1)[:count]
    served, share = np.zeros(len(people)), np.empty(len(people))
    for site in taken:
        filled_room(way[site], head, people, room[site], share)
        served += share
    below = float(price.sum() + worth[taken].sum())
    return Ascent(below=below, price=price, worth=worth, taken=taken, share=worth), 1 - served
