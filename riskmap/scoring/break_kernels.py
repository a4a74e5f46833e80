"""Compiled loops of `riskmap.scoring.natural_breaks`."""

import numpy as np
from numba import njit

__all__: list[str] = []


@njit(cache=True, nogil=True)
def bounds(values):  # type: ignore[no-untyped-def]
    """Lowest and highest finite value, and how many there are."""
    low, high, count = np.inf, -np.inf, 0
    for n in range(values.size):
        one = values[n]
        if one - one == 0:
            count += 1
            low, high = min(low, one), max(high, one)
    return low, high, count


@njit(cache=True, nogil=True)
def fill_cells(values, low, per_unit, start, parts, cells):  # type: ignore[no-untyped-def]
    """Add values to cells of (count, sum above `low`, lowest, highest); bin b is cut into `parts[b]` cells."""
    last = parts.size - 1
    for n in range(values.size):
        one = np.float64(values[n])
        if one - one == 0:
            place = (one - low) * per_unit
            b = min(int(place), last)
            c = start[b] + min(int((place - b) * parts[b]), parts[b] - 1)
            cells[c, 0] += 1
            cells[c, 1] += one - low
            cells[c, 2] = min(cells[c, 2], one)
            cells[c, 3] = max(cells[c, 3], one)


@njit(cache=True, nogil=True)
def gather(values, lows, highs, room):  # type: ignore[no-untyped-def]
    """Write the values within any of the closed intervals to `room`; how many there are, also beyond the room."""
    marks = np.empty(1024, np.float32)  # loops over a short run of floats are done eight at a time
    count = 0
    for start in range(0, values.size, marks.size):
        part = values[start : min(start + marks.size, values.size)]
        mark = marks[: part.size]
        mark[:] = np.float32(0)
        for k in range(lows.size):
            low, high = lows[k], highs[k]
            for n in range(part.size):
                mark[n] += np.float32(1) if (part[n] >= low) & (part[n] <= high) else np.float32(0)
        some = 0
        for n in range(part.size):
            some += mark[n] > 0
        if some:
            for n in range(part.size):
                if mark[n] > 0:
                    if count < room.size:
                        room[count] = part[n]
                    count += 1
    return count


@njit(cache=True, nogil=True)
def _put(stack, top, left, right, first, last):  # type: ignore[no-untyped-def]
    """Lay four numbers on the stack one by one: a tuple laid at once takes seconds to compile."""
    stack[top], stack[top + 1], stack[top + 2], stack[top + 3] = left, right, first, last
    return top + 4


@njit(cache=True, nogil=True)
def best_starts(s0, s1, s2, before, classes):  # type: ignore[no-untyped-def]
    """First cell of each class but the lowest, from running sums of count, value and square."""
    n = s0.size - 1
    back = np.zeros((classes, n + 1), np.int32)
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
