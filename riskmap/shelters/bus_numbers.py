"""How many buses it takes to bring everybody away in a given time."""

from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from riskmap.errors import MethodError

__all__ = ["buses_for"]

_HAIR = 1e-9


def buses_for(minutes: ArrayLike, *, within_min: float) -> tuple[int, int] | None:
    """Count the buses that make all trips within a time: so many at least, and so many that are enough.

    Parameters
    ----------
    minutes : array_like of float
        Length of each trip, there and back with boarding.
    within_min : float
        When the last bus is back, over 0.

    Returns
    -------
    tuple of int or None
        No fewer can do it, and so many can; the same number where it is exact. (0, 0) without trips; None where one trip
        alone takes longer, so that no number of buses is enough.

    Raises
    ------
    MethodError
        A trip without a length, or no time.

    Notes
    -----
    This is bin packing. Enough are the buses that first-fit decreasing fills, at most ``11/9 best + 6/9`` (Dósa 2007,
    doi:10.1007/978-3-540-74450-4_1). At least: bound L2 of Martello and Toth (1990), Knapsack Problems, section 8.3.2.

    Examples
    --------
    Five trips of 50 minutes, two hours: two trips a bus.

    >>> buses_for([50] * 5, within_min=120)
    (3, 3)
    >>> buses_for([150], within_min=120) is None
    True
    """
    length = -np.sort(-np.asarray(minutes, dtype="float64"))
    if not within_min > 0 or not (np.isfinite(length) & (length >= 0)).all():
        raise MethodError(
            f"trips of {length.tolist()[:5]} minutes within {within_min:g}: give 0 minutes or more a trip, and a time over 0"
        )
    if length.max(initial=0.0) > within_min + _HAIR:
        return None
    left = np.zeros(0)
    for one in length:
        fits = np.flatnonzero(left >= one - _HAIR)
        if len(fits):
            left[fits[0]] -= one
        else:
            left = np.append(left, within_min - one)
    return _least(length, within_min), len(left)


def _least(length: np.ndarray, within: float) -> int:
    """Bound L2: trips over half of the time share no bus; what they leave free holds only some of the rest."""
    half = within / 2
    found = 0
    for small in np.unique(np.append(length[length <= half], 0.0)):
        large = length > within - small
        middle = (length > half) & ~large
        rest = length[(length <= half) & (length >= small)].sum()
        room = middle.sum() * within - length[middle].sum()
        found = max(found, int(large.sum() + middle.sum()) + max(0, ceil((rest - room) / within - _HAIR)))
    return found
