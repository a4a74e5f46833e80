"""Natural breaks (Fisher, Jenks) by exact dynamic programming."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from riskmap.scoring.break_kernels import best_starts, bounds, fill_cells, gather

__all__ = ["natural_breaks"]

_SORTABLE = 262_144  # up to so many values all are told apart; beyond, they are gathered in cells
_BINS = 16_384  # equal bins, those that hold much cut into finer cells: at most twice as many
_SAMPLE = 1_048_576  # values that say which bins hold much
_WINDOW = 4  # cells to each side of a break whose values are then told apart
_ROOM = 4_194_304  # at most so many of them
_ROUNDS = 4

Found = TypeVar("Found")


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
    because the best ``i`` never falls as ``j`` grows (O(K n log n)). Up to 262,144 values it is exact. Above, values
    are gathered in cells (16,384 equal bins, the full ones cut finer), the cells are classed, and the values in the
    cells around each break are told apart and classed again, until every break lies between two single values: the
    optimum, unless two partitions are as good as one another to the width of a cell.
    Fisher, W. D. (1958), doi:10.1080/01621459.1958.10501479.

    Examples
    --------
    >>> natural_breaks(np.array([1.0, 1.1, 5.0, 5.2, 9.0]), classes=3)
    (5.0, 9.0)
    """
    flat = values.reshape(-1)
    if flat.dtype != np.float32:
        flat = flat.astype("float64", copy=False)
    if classes < 2:
        return ()
    if flat.size > _SORTABLE:
        return _large(np.ascontiguousarray(flat), classes)
    known = flat[np.isfinite(flat)].astype("float64")
    lowest, counts = np.unique(known, return_counts=True)
    return _edges(lowest, counts.astype("float64"), lowest, classes)


def _edges(lowest: np.ndarray, counts: np.ndarray, centre: np.ndarray, classes: int) -> tuple[float, ...]:
    if lowest.size <= classes:
        return tuple(lowest[1:].tolist()) + (np.inf,) * (classes - max(lowest.size, 1))
    return tuple(lowest[_starts(counts, centre, classes)].tolist())


def _starts(counts: np.ndarray, centre: np.ndarray, classes: int) -> np.ndarray:
    x = (centre - centre.mean()) / np.ptp(centre)
    s0, s1, s2 = (np.concatenate([[0.0], np.cumsum(one)]) for one in (counts, counts * x, counts * x * x))
    before = np.zeros(len(s0))
    before[1:] = s2[1:] - s1[1:] * s1[1:] / s0[1:]
    return np.asarray(best_starts(s0, s1, s2, before, classes))


def _large(flat: np.ndarray, classes: int) -> tuple[float, ...]:
    """Breaks of more values than are worth sorting."""
    ends = _in_threads(bounds, flat)
    low, high = float(min(one[0] for one in ends)), float(max(one[1] for one in ends))
    if not low < high:
        return _edges(np.array([low] if np.isfinite(low) else []), np.ones(1), np.array([low]), classes)
    cells = _cells(flat, low, high)
    counts, lowest, highest = cells[:, 0], cells[:, 2], cells[:, 3]
    centre = low + cells[:, 1] / counts
    edges: tuple[float, ...] = ()
    for _ in range(_ROUNDS):
        if lowest.size > classes:
            starts = _starts(counts, centre, classes)
            edges = tuple(lowest[starts].tolist())
        else:
            starts = np.arange(1, lowest.size)
            edges = _edges(lowest, counts, centre, classes)
        near = np.unique(np.clip(np.add.outer(starts, np.arange(-_WINDOW, _WINDOW)), 0, lowest.size - 1))
        coarse = near[lowest[near] < highest[near]]
        beside = np.concatenate([starts - 1, starts])
        if not coarse.size or (lowest[beside] == highest[beside]).all():
            break
        single, number = _told_apart(flat, lowest[coarse], highest[coarse])
        if not single.size:
            break
        parts = ((lowest, single), (counts, number), (highest, single), (centre, single))
        lowest, counts, highest, centre = (np.append(np.delete(old, coarse), new) for old, new in parts)
        order = np.argsort(lowest, kind="stable")
        lowest, counts, highest, centre = lowest[order], counts[order], highest[order], centre[order]
    return edges


def _cells(flat: np.ndarray, low: float, high: float) -> np.ndarray:
    """Cells that hold anything, ascending: count, sum above `low`, lowest and highest value."""
    per_unit = (_BINS - 1) / (high - low)
    sample = flat[:: max(1, flat.size // _SAMPLE)].astype("float64")
    bins = ((sample[np.isfinite(sample)] - low) * per_unit).astype("int64")
    share = np.bincount(np.clip(bins, 0, _BINS - 1), minlength=_BINS) / max(bins.size, 1)
    parts = 1 + np.floor(share * _BINS).astype("int32")
    start = (np.cumsum(parts) - parts).astype("int32")

    def fill(piece: np.ndarray) -> np.ndarray:
        cells = np.zeros((int(parts.sum()), 4))
        cells[:, 2], cells[:, 3] = np.inf, -np.inf
        fill_cells(piece, low, per_unit, start, parts, cells)
        return cells

    made = _in_threads(fill, flat)
    whole = made[0]
    for one in made[1:]:
        whole[:, :2] += one[:, :2]
        np.minimum(whole[:, 2], one[:, 2], out=whole[:, 2])
        np.maximum(whole[:, 3], one[:, 3], out=whole[:, 3])
    return whole[whole[:, 0] > 0]


def _told_apart(flat: np.ndarray, lows: np.ndarray, highs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct values within some intervals and how often each stands; none where they are too many to sort."""
    joined = np.append(True, lows[1:] > np.nextafter(highs[:-1], np.inf)) if lows.size else np.array([], bool)
    first, last = np.flatnonzero(joined), np.append(np.flatnonzero(joined)[1:] - 1, lows.size - 1)
    bottom, top = lows[first].astype(flat.dtype), highs[last].astype(flat.dtype)

    def collect(piece: np.ndarray) -> np.ndarray:
        room = np.empty(_ROOM // 64, flat.dtype)
        count = gather(piece, bottom, top, room)
        if count > room.size and count <= _ROOM:
            room = np.empty(count, flat.dtype)
            gather(piece, bottom, top, room)
        return room[:count] if count <= _ROOM else np.full(1, np.nan, flat.dtype)

    found = np.concatenate(_in_threads(collect, flat)).astype("float64")
    if np.isnan(found).any():
        return np.array([]), np.array([])
    single, counts = np.unique(found, return_counts=True)
    return single, counts.astype("float64")


def _in_threads(call: Callable[[np.ndarray], Found], flat: np.ndarray) -> list[Found]:
    """Call for equal shares of the values, one a processor; the order of the answers is that of the shares."""
    pieces = np.array_split(flat, os.cpu_count() or 1)
    with ThreadPoolExecutor(len(pieces)) as pool:
        return list(pool.map(call, pieces))
