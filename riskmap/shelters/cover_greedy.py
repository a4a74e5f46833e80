"""Coverage with room where the solver finds no answer in time: sites opened one after another, and a simple bound."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from riskmap.shelters.cover import Cover
from riskmap.shelters.flow import most_placed

__all__ = ["least_cost_of_room", "open_greedily"]


def open_greedily(cover: Cover, room: NDArray[np.int64], *, people: float) -> NDArray[np.bool_] | None:
    """Open the site that houses most of those who still wait, for its cost, one after another; then close needless ones.

    Parameters
    ----------
    cover : Cover
        Who is reached from where; the rules of its case are kept to.
    room : ndarray of int64, shape (sites,)
        Whom each site holds.
    people : float
        How many must find room; inf opens as many sites as the rules allow.

    Returns
    -------
    ndarray of bool or None
        Open sites; None where the search did not house so many within the rules.

    Examples
    --------
    >>> from riskmap.shelters.cover import cover_of
    >>> from riskmap.shelters.problem import checked_case
    >>> case = checked_case([10, 20, 5], [[1.0, 9.0, 1.0], [9.0, 1.0, 1.0], [9.0, 9.0, 1.0]])
    >>> open_greedily(cover_of(case, case.ways <= 5), np.array([30, 30, 35]), people=35).tolist()
    [False, False, True]
    """
    rules, kept, cost = cover.case.rules, cover.case.existing, cover.case.cost
    most = len(room) if rules.add_at_most is None else rules.add_at_most
    budget = np.inf if rules.budget is None else rules.budget
    chosen = kept.copy()
    flow = _housed(cover, room, chosen)
    while True:
        added = chosen & ~kept
        if (flow.sum() >= people and added.sum() >= rules.add_at_least) or added.sum() >= most:
            break
        waiting = cover.people - np.asarray(flow.sum(axis=1))
        gain = np.minimum(room, waiting @ cover.sites_of)
        able = ~chosen & (cost + cost[added].sum() <= budget)
        if not able.any() or (gain[able].max() <= 0 and added.sum() >= rules.add_at_least):
            break
        chosen[np.where(able, gain / np.maximum(cost, 1e-9), -1.0).argmax()] = True
        flow = _housed(cover, room, chosen)
    if (chosen & ~kept).sum() < rules.add_at_least or (np.isfinite(people) and flow.sum() < people):
        return None
    return _without_needless(cover, room, chosen, people=people) if np.isfinite(people) else chosen


def _housed(cover: Cover, room: NDArray[np.int64], chosen: NDArray[np.bool_]) -> sp.csr_array:
    """People of each group in each of the open sites."""
    sites = np.flatnonzero(chosen)
    return most_placed(cover.people.astype("int64"), room[sites], cover.sites_of[:, sites].toarray() > 0)


def _without_needless(
    cover: Cover, room: NDArray[np.int64], chosen: NDArray[np.bool_], *, people: float
) -> NDArray[np.bool_]:
    """Close added sites, the dearest and smallest first, without which as many find room."""
    kept, least = cover.case.existing, cover.case.rules.add_at_least
    for site in np.lexsort((room, -cover.case.cost)):
        trial = chosen & (np.arange(len(room)) != site)
        if chosen[site] and not kept[site] and (trial & ~kept).sum() >= least:
            chosen = trial if _housed(cover, room, trial).sum() >= people else chosen
    return chosen


def least_cost_of_room(cover: Cover, room: NDArray[np.int64], *, people: float) -> float:
    """What sites that hold so many cost at least, wherever they are: the cheapest room first, the last site in part.

    Parameters
    ----------
    cover, room, people
        As in `open_greedily`.

    Returns
    -------
    float
        inf if all sites together hold fewer.

    Examples
    --------
    >>> from riskmap.shelters.cover import cover_of
    >>> from riskmap.shelters.problem import checked_case
    >>> case = checked_case([10, 20], [[1.0, 9.0], [9.0, 1.0]])
    >>> least_cost_of_room(cover_of(case, case.ways <= 5), np.array([20, 20]), people=30)
    1.5
    """
    existing, cost = cover.case.existing, cover.case.cost
    asked = people - float(room[existing].sum())
    if asked <= 0:
        return 0.0
    some = np.flatnonzero(~existing & (room > 0))
    some = some[np.argsort(cost[some] / room[some], kind="stable")]
    held, paid = np.cumsum(room[some]).astype("float64"), np.cumsum(cost[some])
    return float(np.interp(asked, np.append(0.0, held), np.append(0.0, paid), right=np.inf))
