"""Villages kept together, quickly: those who lose most by waiting choose first, then moves and swaps."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["insert_by_regret"]

_ROUNDS = 50


def insert_by_regret(
    people: NDArray[np.int64],
    room: NDArray[np.int64],
    cost: NDArray[np.float64],
    *,
    start: NDArray[np.intp] | None = None,
) -> NDArray[np.intp]:
    """Give each village one site with room for all of it, as well as a quick search can.

    Parameters
    ----------
    people : ndarray of int, shape (places,)
        Who looks for room; places of nobody stay without a site.
    room : ndarray of int, shape (sites,)
        Whom each site holds.
    cost : ndarray, shape (places, sites)
        Cost a head; inf where a place may not go.
    start : ndarray of int, optional
        Sites that some villages have already (-1 none); they must fit.

    Returns
    -------
    ndarray of int, shape (places,)
        Position of the site; -1 without.

    Notes
    -----
    Regret: people times the difference between the best and the second best site that still has room (Martello and Toth
    1990, Knapsack Problems, 7.4). Then, until nothing gets better: a village moves to a cheaper site, two villages
    swap sites, one that was left out takes the place of another which has somewhere else to go, or of a smaller one.
    No proof of quality: the caller compares with a bound.

    Examples
    --------
    >>> insert_by_regret(np.array([60, 50]), np.array([60, 80]), np.array([[1.0, 9.0], [1.0, 2.0]])).tolist()
    [0, 1]
    """
    total = cost * np.maximum(people, 1)[:, None]  # places of nobody wait for nothing
    site = np.full(len(people), -1) if start is None else start.copy()
    free = room - np.bincount(site[site >= 0], weights=people[site >= 0], minlength=len(room)).astype("int64")
    waiting = np.flatnonzero((people > 0) & (site < 0))
    while waiting.size:
        fits = np.where(people[waiting, None] <= free, total[waiting], np.inf)
        waiting, fits = waiting[np.isfinite(fits).any(axis=1)], fits[np.isfinite(fits).any(axis=1)]
        if not waiting.size:
            break
        best = fits.argmin(axis=1)
        two = np.partition(fits, 1, axis=1)[:, :2] if fits.shape[1] > 1 else np.column_stack([fits, fits + np.inf])
        regret = two[:, 1] - two[:, 0]
        number = np.lexsort((people[waiting], regret))[-1]
        site[waiting[number]] = best[number]
        free[best[number]] -= people[waiting[number]]
        waiting = np.delete(waiting, number)
    for _ in range(_ROUNDS):
        if not (_placed_more(people, total, site, free=free) | _cheaper(people, total, site, free=free)):
            break
    return site


def _cheaper(
    people: NDArray[np.int64], total: NDArray[np.float64], site: NDArray[np.intp], *, free: NDArray[np.int64]
) -> bool:
    """Move or swap each village where that saves most; changes `site` and `free`."""
    changed = False
    for one in np.flatnonzero(site >= 0):
        here = site[one]
        move = np.where(people[one] <= free, total[one] - total[one, here], np.inf)
        there = int(move.argmin())
        mates = np.flatnonzero((site >= 0) & (site != here))
        theirs = site[mates]
        change = total[one, theirs] - total[one, here] + total[mates, here] - total[mates, theirs]
        fits = (people[mates] <= free[here] + people[one]) & (people[one] <= free[theirs] + people[mates])
        change = np.where(fits, change, np.inf)
        mate = int(change.argmin()) if mates.size else -1
        if mate >= 0 and change[mate] < min(move[there], 0) - 1e-9:
            other = mates[mate]
            free[here] += people[one] - people[other]
            free[site[other]] += people[other] - people[one]
            site[one], site[other] = site[other], here
            changed = True
        elif move[there] < -1e-9:
            free[here] += people[one]
            free[there] -= people[one]
            site[one] = there
            changed = True
    return changed


def _placed_more(
    people: NDArray[np.int64], total: NDArray[np.float64], site: NDArray[np.intp], *, free: NDArray[np.int64]
) -> bool:
    """Find room for villages that were left out, the largest first; changes `site` and `free`."""
    changed = False
    out = np.flatnonzero((site < 0) & (people > 0))
    for one in out[np.argsort(-people[out], kind="stable")]:
        mates = np.flatnonzero(site >= 0)
        theirs = site[mates]
        fits = (people[one] <= free[theirs] + people[mates]) & np.isfinite(total[one, theirs])
        mates = mates[fits]
        elsewhere = np.where(
            (people[mates, None] <= free) & (site[mates, None] != np.arange(len(free))), total[mates], np.inf
        )
        open_site = np.where((people[one] <= free) & np.isfinite(total[one]), total[one], np.inf)
        if np.isfinite(open_site).any():
            site[one] = open_site.argmin()
        elif np.isfinite(elsewhere).any():
            extra = elsewhere.min(axis=1) - total[mates, site[mates]] + total[one, site[mates]]
            mate = mates[extra.argmin()]
            site[one], site[mate] = site[mate], elsewhere[extra.argmin()].argmin()
            free[site[mate]] -= people[mate]
            free[site[one]] += people[mate]
        elif mates.size and people[mates].min() < people[one]:
            mate = mates[people[mates].argmin()]
            site[one], site[mate] = site[mate], -1
            free[site[one]] += people[mate]
        else:
            continue
        free[site[one]] -= people[one]
        changed = True
    return changed
