"""Bounds around the p-median: from above by exchanging sites, from below by Lagrange multipliers."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from riskmap.shelters.median_kernels import served_too_often, worth_of_sites

__all__ = ["Ascent", "ascend", "exchange", "greedy"]

_MEMORY = 0.9
_LONG = 1000
_RISE, _CLOSE, _SHORT = 1e-5, 1e-9, 1e-3


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
        How often each site was open of late, 0..1.
    """

    below: float
    price: NDArray[np.float64]
    worth: NDArray[np.float64]
    taken: NDArray[np.intp]
    share: NDArray[np.float64]


def exchange(
    cost: NDArray[np.float64], start: NDArray[np.bool_], *, keep: NDArray[np.bool_]
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
    places = np.arange(len(cost))
    while True:
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
        # change of cost if one site closes and another opens: those of the closed site go to the better of both
        other = cost[:, others]
        nearer = np.minimum(other, near[:, None])
        change = mine @ (np.minimum(other, second[:, None]) - nearer) + (nearer.sum(axis=0) - near.sum())
        change[keep[sites]] = np.inf
        if not others.size or change.min() >= -1e-9 * max(near.sum(), 1e-9):
            return chosen, float(near.sum())
        out, come = np.unravel_index(change.argmin(), change.shape)
        chosen[sites[out]], chosen[others[come]] = False, True


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
    1977, doi:10.1287/mnsc.23.8.789). Multipliers go along the subgradient with the step of Held, Wolfe and Crowder
    (1974, doi:10.1007/BF01580223).

    Examples
    --------
    >>> cost = np.array([[0.0, 5.0, 9.0], [4.0, 0.0, 4.0], [9.0, 5.0, 0.0]])
    >>> round(ascend(cost, np.array([4.0, 1.0, 4.0]), keep=np.zeros(3, bool), count=1, above=8.0, steps=50).below, 3)
    8.0
    """
    best = Ascent(below=-np.inf, price=price, worth=price[:0], taken=np.zeros(0, int), share=price[:0])
    share, waited = np.zeros(len(cost)), 0
    step, patience = (1.5, 25) if steps >= _LONG else (0.3, 12)
    for _ in range(steps):
        worth = worth_of_sites(cost, price)
        taken = np.argpartition(np.where(keep, -np.inf, worth), count - 1)[:count]
        value = float(price.sum() + worth[taken].sum())
        share *= _MEMORY
        share[taken] += 1 - _MEMORY
        waited += 1
        if value > best.below:
            waited = 0 if value > best.below + _RISE * abs(above) else waited
            best = Ascent(below=value, price=price, worth=worth, taken=taken, share=share)
        if best.below >= above * (1 - _CLOSE) or step < _SHORT:
            break
        if waited >= patience:
            step, waited, price = step / 2, 0, best.price
            continue
        slope = -served_too_often(cost, price, taken)
        if not slope.any():
            break
        price = price + step * (1.005 * above - value) / float(slope @ slope) * slope
    return best


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
