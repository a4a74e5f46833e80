"""Inner loops of the bound from below: one pass over all places of each site."""

import numpy as np
from numba import njit

__all__ = ["filled_room", "served_too_often", "worth_of_sites", "worth_with_room"]


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


@njit(cache=True, nogil=True)
def filled_room(way, price, people, room, share):  # type: ignore[no-untyped-def]
    """Fill one site with those who gain most a head, as long as there is room; the last may come in part.

    Parameters
    ----------
    way : ndarray of float64, shape (places,)
        Way to the site, a head; inf where there is none.
    price : ndarray of float64, shape (places,)
        What each place pays, a head.
    people : ndarray of float64, shape (places,)
        Its people.
    room : float
        Whom the site holds.
    share : ndarray of float64, shape (places,)
        Set to the part of each place that comes.

    Returns
    -------
    float
        Sum of ``people share (way - price)``, 0 or less.

    Examples
    --------
    >>> share = np.zeros(3)
    >>> filled_room(np.array([1.0, 2.0, 9.0]), np.array([5.0, 5.0, 5.0]), np.array([4.0, 4.0, 4.0]), 6.0, share)
    -22.0
    >>> share.tolist()
    [1.0, 0.5, 0.0]
    """
    share[:] = 0.0
    gain = price - way
    come = np.flatnonzero(gain > 0)
    asked = 0.0
    for place in come:
        asked += people[place]
    if asked > room:
        come = come[np.argsort(-gain[come])]
    worth, left = 0.0, room
    for place in come:
        if left <= 0:
            break
        part = 1.0 if people[place] <= left else left / people[place]
        share[place] = part
        worth -= gain[place] * people[place] * part
        left -= people[place] * part
    return worth


@njit(cache=True, nogil=True)
def worth_with_room(way, price, people, room):  # type: ignore[no-untyped-def]
    """What each site takes off the bound when it is filled as well as it can be.

    Parameters
    ----------
    way : ndarray of float64, shape (sites, places)
        One row a site, as in `filled_room`.
    price, people : ndarray of float64, shape (places,)
        As in `filled_room`.
    room : ndarray of float64, shape (sites,)
        Whom each site holds.

    Returns
    -------
    ndarray of float64, shape (sites,)

    Examples
    --------
    >>> way = np.array([[1.0, 2.0], [9.0, 9.0]])
    >>> worth_with_room(way, np.array([5.0, 5.0]), np.array([4.0, 4.0]), np.array([6.0, 6.0])).tolist()
    [-22.0, 0.0]
    """
    worth, share = np.zeros(way.shape[0]), np.zeros(way.shape[1])
    for site in range(way.shape[0]):
        worth[site] = filled_room(way[site], price, people, room[site], share)
    return worth
