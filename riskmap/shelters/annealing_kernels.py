"""Inner loop of the random search for sites of whole villages."""

import numpy as np
from numba import njit

__all__ = ["cooled"]


@njit(cache=True, nogil=True)
def cooled(heads, room, total, start, penalty, hot, cold, steps, rng):  # type: ignore[no-untyped-def]
    """Move and swap places between sites at random, at falling heat.

    Parameters
    ----------
    heads : ndarray of float64, shape (places,)
        People.
    room : ndarray of float64, shape (sites,)
        Whom each site holds.
    total : ndarray of float64, shape (places, sites)
        Cost of each place in each site.
    start : ndarray of int, shape (places,)
        Site of each place at first.
    penalty : float
        Cost of a head too many in a site.
    hot, cold : float
        Rise of the cost that is still taken about every third time, at first and at last.
    steps : int
        How often a change is tried.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    ndarray of int, shape (places,)
        The cheapest that was met of those that fit; the start if none did.

    Examples
    --------
    >>> total, start = np.array([[9.0, 1.0], [1.0, 9.0]]), np.array([0, 1])
    >>> cooled(np.ones(2), np.ones(2), total, start, 9.0, 9.0, 0.1, 1000, np.random.default_rng(0)).tolist()
    [1, 0]
    """
    count, sites = total.shape
    site, best, load = start.copy(), start.copy(), np.zeros(sites)
    now = 0.0
    for one in range(count):
        load[site[one]] += heads[one]
        now += total[one, site[one]]
    over = np.maximum(load - room, 0.0).sum()
    least = now if over == 0 else np.inf
    for step in range(steps):
        heat = hot * (cold / hot) ** (step / steps)
        one = int(rng.random() * count)
        here = site[one]
        two = -1
        if rng.random() < 0.3:
            there = int(rng.random() * sites)
        else:
            two = int(rng.random() * count)
            there = site[two]
        if there == here:
            continue
        moved, change = heads[one], total[one, there] - total[one, here]
        if two >= 0:
            moved -= heads[two]
            change += total[two, here] - total[two, there]
        more = max(load[here] - moved - room[here], 0.0) + max(load[there] + moved - room[there], 0.0)
        more -= max(load[here] - room[here], 0.0) + max(load[there] - room[there], 0.0)
        worse = change + penalty * more
        if worse > 0 and rng.random() >= np.exp(-worse / heat):
            continue
        site[one] = there
        if two >= 0:
            site[two] = here
        load[here] -= moved
        load[there] += moved
        now += change
        over += more
        if over < 0.5 and now < least - 1e-6:
            least = now
            best[:] = site
    return best
