"""Whole villages moved and swapped at random, less and less boldly: far better than one quick search where room is tight."""

import numpy as np
from numpy.typing import NDArray

from riskmap.shelters.annealing_kernels import cooled

__all__ = ["annealed"]

_STEPS_A_PLACE, _MOST_STEPS = 20_000, 10_000_000
_SEED = 1969


def annealed(
    people: NDArray[np.int64],
    room: NDArray[np.int64],
    cost: NDArray[np.float64],
    *,
    start: NDArray[np.intp],
    placed: int | None = None,
) -> NDArray[np.intp]:
    """Give villages sites anew: as many people as can be found room for, or the least cost at which so many are placed.

    Parameters
    ----------
    people : ndarray of int, shape (places,)
        Who looks for room; places of nobody stay without a site.
    room : ndarray of int, shape (sites,)
        Whom each site holds.
    cost : ndarray, shape (places, sites)
        Cost a head; inf where a place may not go.
    start : ndarray of int, shape (places,)
        Site of each village at first, -1 for none; it must fit.
    placed : int, optional
        People to be placed at least. Else the most that the search finds.

    Returns
    -------
    ndarray of int, shape (places,)
        The best that was met, at worst the start; -1 without a site.

    Notes
    -----
    Simulated annealing (Kirkpatrick, Gelatt and Vecchi 1983, doi:10.1126/science.220.4598.671): a village moves or two swap;
    to stay out is one more site, of the room that is left over by `placed`. Too many in a site are allowed, each for four
    times the longest way, so that the search passes through what does not fit. Steps and seed are fixed: the same answer on
    every run. No proof of quality: the caller compares with a bound.

    Examples
    --------
    Only 60 with 40 and 50 with 30 with 20 fill both sites:

    >>> people, room = np.array([60, 50, 40, 30, 20]), np.array([100, 100])
    >>> site = annealed(people, room, np.ones((5, 2)), start=np.full(5, -1))
    >>> np.bincount(site, weights=people).tolist()
    [100.0, 100.0]
    """
    mine = np.flatnonzero((people > 0) & np.isfinite(cost).any(axis=1))
    if not mine.size:
        return start.copy()
    heads, ways = people[mine].astype("float64"), cost[mine]
    open_way = np.isfinite(ways)
    longest = float(ways[open_way].max()) + 1.0
    if placed is None:  # a head outside costs 1, a way nothing
        price, stay, longest = np.where(open_way, 0.0, 1e3), heads.sum(), 1.0
        hot, cold = heads.mean(), 0.3
    else:
        price, stay = np.where(open_way, ways, 1e3 * longest), heads.sum() - placed
        hot, cold = 0.3 * heads.mean() * longest, 0.01 * heads.mean() * longest
    price = np.column_stack([price, np.full(len(mine), float(placed is None))]) * heads[:, None]
    first = np.where(start[mine] < 0, len(room), start[mine])
    steps = min(_STEPS_A_PLACE * len(mine), _MOST_STEPS)
    held = np.append(room, stay).astype("float64")
    best = cooled(heads, held, price, first, 4.0 * longest, hot, cold, steps, np.random.default_rng(_SEED))
    site = np.full(len(people), -1)
    site[mine] = np.where(best == len(room), -1, best)
    return site
