"""How short the longest way can be at best where room counts: what no choice of sites goes below."""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from riskmap.shelters.flow import cheapest_flow, most_placed
from riskmap.shelters.problem import Case

__all__ = ["too_little_room"]


def too_little_room(case: Case, room: NDArray[np.int64], times: NDArray[np.float64], *, end: float = np.inf) -> int:
    """Count the times within which no choice of sites has room for all.

    Parameters
    ----------
    case : Case
        Whole people, and rules without a budget.
    room : ndarray of int64, shape (sites,)
        Whom each site holds.
    times : ndarray
        Sorted ways to be tried.
    end : float
        When to stop, by the monotonic clock; what is not tried by then does not count.

    Returns
    -------
    int
        All choices fail at so many of the first times; more of them may fail.

    Notes
    -----
    Two conditions that every choice meets, each tried by halving. All candidates open, everyone must find room: maximum
    flow, exact where the rules do not limit the number. And if the number added is limited: a site that holds r people and
    takes s of them counts s / r of a site, which is never more than it counts; the least sum is a transport problem whose
    cost a head is 1 / r, and may not exceed the limit. People may share out in both, so they hold for whole villages too.

    Examples
    --------
    Each site reaches all within 5, but one of them is too small for all; two are needed, and only one may be built:

    >>> from riskmap.shelters.problem import SitingRules, checked_case
    >>> ways = [[1.0, 5.0, 9.0], [5.0, 1.0, 9.0]]
    >>> case = checked_case([10, 10], ways, SitingRules(add_at_most=1))
    >>> too_little_room(case, np.array([15, 15, 20]), np.array([1.0, 5.0, 9.0]))
    2
    """
    people = case.people.astype("int64")
    low = _first_at(lambda reached: _all_placed(people, room, reached), case, times, end=end)
    if case.rules.add_at_most is None or low == len(times):
        return low
    share = np.where(case.existing | (room == 0), 0.0, 1 / np.maximum(room, 1))
    limit = case.rules.add_at_most * (1 + 1e-7)

    def few_enough(reached: NDArray[np.bool_]) -> bool:
        cost = np.where(reached, share, np.inf)
        return cheapest_flow(people, room, cost, placed=int(people.sum())).total <= limit

    return low + _first_at(few_enough, case, times[low:], end=end)


def _all_placed(people: NDArray[np.int64], room: NDArray[np.int64], reached: NDArray[np.bool_]) -> bool:
    return bool(most_placed(people, room, reached).sum() == people.sum())


def _first_at(holds: Callable[[NDArray[np.bool_]], bool], case: Case, times: NDArray[np.float64], *, end: float) -> int:
    """Position of the first time at which a condition holds that, once it holds, holds for all longer ones."""
    low, high = 0, len(times)
    while low < high and time.monotonic() < end:
        middle = (low + high) // 2
        if holds(case.ways <= times[middle]):
            high = middle
        else:
            low = middle + 1
    return low
