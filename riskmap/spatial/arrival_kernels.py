"""Compiled loop of `riskmap.spatial.arrival`: least time from cell to cell, every direction with its own speed."""

import numpy as np
from numba import njit

from riskmap.spatial.route_kernels import _rise, _sink

__all__: list[str] = []


@njit(cache=True, nogil=True)
def _slowness(slow, row, column, down, right):  # type: ignore[no-untyped-def]
    """Mean time per metre of the cells on the straight way of one step; infinite where one of them stops it.

    A step to the side or a corner has half its way in either end. A knight's step has a quarter of it in each of four
    cells. Through a corner nothing passes that has stops on both sides of it.
    """
    ends = slow[row, column] + slow[row + down, column + right]
    if abs(down) + abs(right) == 3:
        one, other = (0, right // 2) if abs(right) == 2 else (down // 2, 0)
        beside = slow[row + one, column + other] + slow[row + down - one, column + right - other]
        return (ends + beside) / 4
    if down != 0 and right != 0 and np.isinf(slow[row + down, column]) and np.isinf(slow[row, column + right]):
        return np.inf
    return ends / 2


@njit(cache=True, nogil=True)
def advance(slow, z, steps, by_direction, by_slope, steepest, cell_m, limit, time):  # type: ignore[no-untyped-def]
    """Dijkstra over the cells from all that have a time already; `time` is lowered in place up to `limit`."""
    rows, columns = slow.shape
    heap_z, heap_node = np.empty(slow.size), np.empty(slow.size, np.int32)
    place = np.empty(slow.size, np.int32)
    flat, size, middle = time.ravel(), 0, (by_slope.size - 1) / 2
    for node in range(flat.size):
        if flat[node] < np.inf:
            _rise(heap_z, heap_node, place, size, flat[node], node)
            size += 1
    while size:
        here, node = heap_z[0], heap_node[0]
        size -= 1
        if size:
            _sink(heap_z, heap_node, place, size)
        row, column = node // columns, node % columns
        for k in range(by_direction.size):
            down, right = steps[k, 0], steps[k, 1]
            if not (0 <= row + down < rows and 0 <= column + right < columns):
                continue
            head = node + down * columns + right
            if flat[head] <= here:
                continue
            mean = _slowness(slow, row, column, down, right)
            if np.isinf(mean):
                continue
            run, rise = cell_m * np.sqrt(down * down + right * right), z[row + down, column + right] - z[row, column]
            at = middle * (1 + min(max(rise / run, -steepest), steepest) / steepest)
            low = min(int(at), by_slope.size - 2)
            factor = by_slope[low] + (at - low) * (by_slope[low + 1] - by_slope[low])
            new = here + np.sqrt(run * run + rise * rise) * mean / (by_direction[k] * factor)
            if new < flat[head] and new <= limit:
                up = place[head] if flat[head] < np.inf else size
                flat[head] = new
                _rise(heap_z, heap_node, place, up, new, head)
                size += up == size
