"""Bounds around the p-median: from above by exchanging sites, from below by Lagrange multipliers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from riskmap.shelters.median_kernels import served_too_often, worth_of_sites

__all__ = ["Ascent", "ascend", "climb", "exchange", "greedy", "swap_changes"]

_MEMORY = 0.05
"""Weight of the latest subgradient in the direction of the climb, at most."""
_LONG = 1000
_LONGER, _SHORTER, _SHORT = 1.1, 0.66, 1e-4
_RISE, _CLOSE = 1e-6, 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ascent:
    """The best bound that a climb found.

    Parameters
    ----------
    below : float
        The bound.
    price : ndarray, shape (places,)
        Multipliers there: what a place is ready to pay for being served.
    worth : ndarray, shape (sites,)
        What each site takes off the bound when it opens, 0 or less.
    taken : ndarray of int, shape (count,)
        Sites that are open in it.
    share : ndarray, shape (sites,)
        How often each site was open of late, 0..1: near to what the linear program opens of it.
    """

    below: float
    price: NDArray[np.float64]
    worth: NDArray[np.float64]
    taken: NDArray[np.intp]
    share: NDArray[np.float64]


def exchange(
    cost: NDArray[np.float64], start: NDArray[np.bool_], *, keep: NDArray[np.bool_], end: float = np.inf
) -> tuple[NDArray[np.bool_], float]:
    """Swap an open for a closed site as long as that lowers the cost, the best swap first.

    Parameters
    ----------
    cost : ndarray, shape (places, sites)
        Cost of serving a place from a site, finite.
    start : ndarray of bool, shape (sites,)
        Open sites, one at least.
    keep : ndarray of bool, shape (sites,)
        Open sites that may not be closed.
    end : float
        When to stop, by the monotonic clock.

    Returns
    -------
    open : ndarray of bool
        As many sites as in `start`.
    total : float
        Cost of all places from their cheapest open site.

    Notes
    -----
    Vertex substitution (Teitz and Bart 1968, doi:10.1287/opre.16.5.955), all swaps priced at once (Whitaker 1983,
    INFOR 21).

    Examples
    --------
    >>> cost = np.array([[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]])
    >>> exchange(cost, np.array([True, False, False]), keep=np.zeros(3, bool))
    (array([False,  True, False]), 8.0)
    """
    chosen = start.copy()
    while True:
        sites, others, change = swap_changes(cost, chosen)
        change[keep[sites]] = np.inf
        total = float(cost[:, sites].min(axis=1).sum())
        if not others.size or change.min() >= -1e-9 * max(total, 1e-9) or time.monotonic() > end:
            return chosen, total
        out, come = np.unravel_index(change.argmin(), change.shape)
        chosen[sites[out]], chosen[others[come]] = False, True


def swap_changes(
    cost: NDArray[np.float64], chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Price every swap of an open for a closed site.

    Parameters
    ----------
    cost : ndarray, shape (places, sites)
        Cost of serving a place from a site, finite.
    chosen : ndarray of bool, shape (sites,)
        Open sites, one at least.

    Returns
    -------
    sites, others : ndarray of int
        The open and the closed ones.
    change : ndarray, shape (open, closed)
        How the cost of all places from their cheapest open site changes.

    Examples
    --------
    >>> cost = np.array([[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]])
    >>> swap_changes(cost, np.array([True, False, False]))[2].tolist()
    [[-6.0, 0.0]]
    """
    places = np.arange(len(cost))
    sites, others = np.flatnonzero(chosen), np.flatnonzero(~chosen)
    inside = cost[:, sites]
    first = inside.argmin(axis=1)
    near = inside[places, first]
    second = np.full(len(cost), np.inf)
    if sites.size > 1:
        inside[places, first] = np.inf
        second = inside.min(axis=1)
    second = np.minimum(second, cost.max(axis=1))
    mine = sp.csr_array((np.ones(len(cost)), (first, places)), shape=(sites.size, len(cost)))
    # those of the closed site go to the better of the new one and their second
    other = cost[:, others]
    nearer = np.minimum(other, near[:, None])
    change = mine @ (np.minimum(other, second[:, None]) - nearer) + (nearer.sum(axis=0) - near.sum())
    return sites, others, change


def ascend(
    cost: NDArray[np.float64],
    price: NDArray[np.float64],
    *,
    keep: NDArray[np.bool_],
    count: int,
    above: float,
    steps: int,
) -> Ascent:
    """Raise the bound below a p-median.

    Parameters
    ----------
    cost : ndarray, shape (sites, places)
        Cost of serving a place, finite, one row a site.
    price : ndarray, shape (places,)
        Multipliers to start from.
    keep : ndarray of bool, shape (sites,)
        Sites that are open in any case.
    count : int
        Open sites, the kept ones among them.
    above : float
        Cost of a known answer; the climb stops there.
    steps : int
        At most. A longer climb takes longer first steps, and is more patient with them.

    Returns
    -------
    Ascent

    Notes
    -----
    The rows "each place is served once" are relaxed with multipliers ``u``: ``L(u) = sum u_i + sum of the smallest
    `count` of rho_j``, ``rho_j = sum_i min(0, c_ij - u_i)``, kept sites always taken (Cornuejols, Fisher and Nemhauser
    1977, doi:10.1287/mnsc.23.8.789). Multipliers go along an average of the subgradients, which also tells how often each
    site is open: the volume algorithm (Barahona and Anbil 2000, doi:10.1007/s101070050002).

    Examples
    --------
    >>> cost = np.array([[0.0, 5.0, 9.0], [4.0, 0.0, 4.0], [9.0, 5.0, 0.0]])
    >>> round(ascend(cost, np.array([4.0, 1.0, 4.0]), keep=np.zeros(3, bool), count=1, above=8.0, steps=50).below, 3)
    8.0
    """
    return climb(partial(_at, cost, keep=keep, count=count), price, sites=len(cost), above=above, steps=steps)


def climb(
    at: Callable[[NDArray[np.float64]], tuple[Ascent, NDArray[np.float64]]],
    price: NDArray[np.float64],
    *,
    sites: int,
    above: float,
    steps: int,
) -> Ascent:
    """Raise any bound that multipliers give.

    Parameters
    ----------
    at : callable
        Bound at multipliers, and its subgradient there.
    price : ndarray, shape (places,)
        Multipliers to start from.
    sites : int
        How many there are.
    above, steps
        As in `ascend`.

    Returns
    -------
    Ascent

    Examples
    --------
    >>> def at(price):  # 2 - |price - 2|
    ...     found = Ascent(below=2 - abs(price[0] - 2), price=price, worth=price, taken=np.array([0]), share=price)
    ...     return found, np.sign(2 - price)
    >>> bool(climb(at, np.array([0.0]), sites=1, above=2.0, steps=100).below > 1.99)
    True
    """
    step, patience = (1.0, 20) if steps >= _LONG else (0.3, 8)
    best, slope = at(price)
    mean, share, waited = slope, np.bincount(best.taken, minlength=sites).astype("float64"), 0
    for _ in range(steps):
        size = float(mean @ mean)
        if not slope.any() or size <= 0 or step < _SHORT or best.below >= above * (1 - _CLOSE):
            break
        found, slope = at(best.price + step * (1.005 * above - best.below) / size * mean)
        turn = mean - slope
        weight = float(np.clip(mean @ turn / max(float(turn @ turn), 1e-300), _MEMORY / 10, _MEMORY))
        mean = mean - weight * turn
        share *= 1 - weight
        share[found.taken] += weight
        waited += 1
        if found.below > best.below:
            step = min(step * _LONGER, 2.0) if slope @ mean >= 0 else step
            waited = 0 if found.below > best.below + _RISE * abs(above) else waited
            best = found
        if waited >= patience:
            step, waited = step * _SHORTER, 0
    return replace(best, share=share)


def _at(
    cost: NDArray[np.float64], price: NDArray[np.float64], *, keep: NDArray[np.bool_], count: int
) -> tuple[Ascent, NDArray[np.float64]]:
    """The bound at multipliers, and how it changes with them."""
    worth = worth_of_sites(cost, price)
    taken = np.argpartition(np.where(keep, -np.inf, worth), count - 1)[:count]
    below = float(price.sum() + worth[taken].sum())
    found = Ascent(below=below, price=price, worth=worth, taken=taken, share=worth)
    return found, -served_too_often(cost, price, taken)


def greedy(cost: NDArray[np.float64], count: int, *, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Open the site that saves most, one after another.

    Parameters
    ----------
    cost : ndarray, shape (places, sites)
        Cost of serving a place from a site, finite.
    count : int
        Open sites, the kept ones among them.
    keep : ndarray of bool, shape (sites,)
        Sites that are open anyway.

    Returns
    -------
    ndarray of bool, shape (sites,)

    Examples
    --------
    >>> cost = np.array([[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]])
    >>> greedy(cost, 1, keep=np.zeros(3, bool)).tolist()
    [False, True, False]
    """
    chosen = keep.copy()
    near = cost[:, keep].min(axis=1) if keep.any() else cost.max(axis=1)
    for _ in range(count - int(keep.sum())):
        saved = np.where(chosen, -np.inf, np.maximum(near[:, None] - cost, 0).sum(axis=0))
        best = int(saved.argmax())
        chosen[best] = True
        near = np.minimum(near, cost[:, best])
    return chosen
