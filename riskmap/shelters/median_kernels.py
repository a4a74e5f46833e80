"""Inner loops of the bound from below: one pass over all places of each site."""

import numpy as np
from numba import njit

__all__ = ["served_too_often", "worth_of_sites"]


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def worth_of_sites(cost, price):  # type: ignore[no-untyped-def]
    """Sum over places of ``min(0, cost - price)`` for each site.

    Parameters
    ----------
    cost : ndarray of float64, shape (sites, places)
        Cost of serving a place, one row a site.
    price : ndarray of float64, shape (places,)
        What each place pays.

    Returns
    -------
    ndarray of float64, shape (sites,)

    Examples
    --------
    >>> worth_of_sites(np.array([[1.0, 5.0], [4.0, 2.0]]), np.array([3.0, 3.0])).tolist()
    [-2.0, -1.0]
    """
    worth = np.zeros(cost.shape[0])
    for site in range(cost.shape[0]):
        total = 0.0
        for place in range(cost.shape[1]):
            total += min(cost[site, place] - price[place], 0.0)
        worth[site] = total
    return worth


@njit(cache=True, nogil=True)
def served_too_often(cost, price, taken):  # type: ignore[no-untyped-def]
    """How many more than one of the taken sites each place would use; -1 for none.

    Parameters
    ----------
    cost : ndarray of float64, shape (sites, places)
        Cost of serving a place, one row a site.
    price : ndarray of float64, shape (places,)
        What each place pays: it uses the sites that cost less.
    taken : ndarray of int, shape (count,)
        Open sites.

    Returns
    -------
    ndarray of float64, shape (places,)

    Examples
    --------
    >>> served_too_often(np.array([[1.0, 5.0], [2.0, 4.0]]), np.array([3.0, 3.0]), np.array([0, 1])).tolist()
    [1.0, -1.0]
    """
    count = np.full(cost.shape[1], -1.0)
    for site in taken:
        for place in range(cost.shape[1]):
            count[place] += 1.0 if cost[site, place] < price[place] else 0.0
    return count
