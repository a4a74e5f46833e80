"""Natural breaks (Fisher, Jenks) by exact dynamic programming."""

import numpy as np
from numba import njit

__all__ = ["natural_breaks"]

_BINS = 65_536  # up to so many distinct values the answer is exact; beyond, values share bins
_SORTABLE = 262_144  # above so many values one pass into bins is quicker than sorting


def natural_breaks(values: np.ndarray, *, classes: int) -> tuple[float, ...]:
    """Edges between the classes that leave the least sum of squares within classes.

    Parameters
    ----------
    values : ndarray of float
        Any shape; NaN and infinite values are left out.
    classes : int
        K, at least 1.

    Returns
    -------
    tuple of float
        K - 1 ascending edges, each the **lowest value of the next class**: a value equal to an edge belongs
        above it. Equal values are never split. With fewer distinct values than classes every value is a class
        of its own, counted from the lowest, and the edges left over are ``inf`` (those classes stay empty).

    Notes
    -----
    Weighted one-dimensional k-means: ``D[k][j] = min_i D[k-1][i] + ss(i, j)``, filled by divide and conquer
    because the best ``i`` never falls as ``j`` grows (O(K n log n)). Exact up to 65,536 distinct values;
    above that, values are gathered in 65,536 equal bins, each kept with its count, sum and lowest value.
    Fisher, W. D. (1958), doi:10.1080/01621459.1958.10501479.

    Examples
    --------
    >>> natural_breaks(np.array([1.0, 1.1, 5.0, 5.2, 9.0]), classes=3)
    (5.0, 9.0)
    """
    known = values[np.isfinite(values)].astype("float64").ravel()
    if not known.size or classes < 2:
        return (np.inf,) * (classes - 1)
    if known.size <= _SORTABLE:
        lowest, counts = np.unique(known, return_counts=True)
        centre = lowest
    if known.size > _SORTABLE or lowest.size > _BINS:
        lowest, counts, centre = _binned(known)
    if lowest.size <= classes:
        return tuple(lowest[1:].tolist()) + (np.inf,) * (classes - lowest.size)
    shift, spread = centre.mean(), np.ptp(centre)
    starts = _best_starts(*_sums((centre - shift) / spread, counts.astype("float64")), classes)
    return tuple(lowest[starts].tolist())


def _binned(known: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lowest value, count and mean of each bin that holds any value."""
    low, high = float(known.min()), float(known.max())
    if low == high:
        return np.array([low]), np.array([known.size]), np.array([low])
    counts, sums, lowest = np.zeros(_BINS, np.int64), np.zeros(_BINS), np.full(_BINS, np.inf)
    _fill_bins(known, low, (_BINS - 1) / (high - low), counts, sums, lowest)
    used = counts > 0
    return lowest[used], counts[used], low + sums[used] / counts[used]


def _sums(x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, ...]:
    """Running sums of w, w x and w x^2 from 0 on, and the sum of squares of everything up to each value."""
    s0, s1, s2 = (np.concatenate([[0.0], np.cumsum(one)]) for one in (w, w * x, w * x * x))
    before = np.zeros(len(s0))
    before[1:] = s2[1:] - s1[1:] * s1[1:] / s0[1:]
    return s0, s1, s2, before


@njit(cache=True, nogil=True)
def _fill_bins(known, low, per_unit, counts, sums, lowest):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Fill arrays made outside, which compiles in half the time."""
    for n in range(known.size):
        b = min(int((known[n] - low) * per_unit), counts.size - 1)
        counts[b] += 1
        sums[b] += known[n] - low
        lowest[b] = min(lowest[b], known[n])


@njit(cache=True, nogil=True)
def _put(stack, top, left, right, first, last):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- numba infers
    """Lay four numbers on the stack one by one: a tuple laid at once takes seconds to compile."""
    stack[top], stack[top + 1], stack[top + 2], stack[top + 3] = left, right, first, last
    return top + 4


@njit(cache=True, nogil=True)
def _best_starts(s0, s1, s2, before, classes):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- numba infers
    n = s0.size - 1
    back = np.zeros((classes, n + 1), np.int64)
    stack = np.empty(512, np.int64)
    for k in range(1, classes):
        now = np.empty(n + 1)
        for j in range(n + 1):
            now[j] = np.inf
        top = _put(stack, 0, k + 1, n, k, n - 1)
        while top:
            top -= 4
            left, right, first, last = stack[top], stack[top + 1], stack[top + 2], stack[top + 3]
            j = (left + right) // 2
            best, at = np.inf, first
            for i in range(first, min(last, j - 1) + 1):
                d1 = s1[j] - s1[i]
                cost = before[i] + s2[j] - s2[i] - d1 * d1 / (s0[j] - s0[i])
                if cost < best:
                    best, at = cost, i
            now[j], back[k, j] = best, at
            if left < j:
                top = _put(stack, top, left, j - 1, first, at)
            if j < right:
                top = _put(stack, top, j + 1, right, at, last)
        before = now
    starts = np.empty(classes - 1, np.int64)
    j = n
    for k in range(classes - 1, 0, -1):
        j = back[k, j]
        starts[k - 1] = j
    return starts
