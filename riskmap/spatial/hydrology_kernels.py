"""Compiled loops of `riskmap.spatial.hydrology`: priority flood, steepest flow, sums along the flow.

Cells are counted row by row. Neighbours go east, south, west, north, then the diagonals: ties fall the
same way on every machine, and ways over flats are as straight as they can be.
"""

import numpy as np
from numba import njit

__all__: list[str] = []

DROW = np.array([0, 1, 0, -1, 1, 1, -1, -1], np.int64)
DCOL = np.array([1, 0, -1, 0, 1, -1, -1, 1], np.int64)
SPAN = np.array([1.0] * 4 + [2.0**0.5] * 4)


@njit(cache=True, nogil=True)
def push(heap_z: np.ndarray, heap_cell: np.ndarray, size: int, z: float, cell: int) -> int:
    """Add a cell to the heap of four children a node; returns its new size."""
    at = size
    while at > 0:
        up = (at - 1) >> 2
        if heap_z[up] <= z:
            break
        heap_z[at], heap_cell[at] = heap_z[up], heap_cell[up]
        at = up
    heap_z[at], heap_cell[at] = z, cell
    return size + 1


@njit(cache=True, nogil=True)
def pop(heap_z: np.ndarray, heap_cell: np.ndarray, size: int) -> int:
    """Take the lowest cell off the heap; the caller counts the size down."""
    top = heap_cell[0]
    last = size - 1
    z, cell = heap_z[last], heap_cell[last]
    at = 0
    while True:
        low = 4 * at + 1
        if low >= last:
            break
        for child in range(low + 1, min(low + 4, last)):
            if heap_z[child] < heap_z[low]:
                low = child
        if heap_z[low] >= z:
            break
        heap_z[at], heap_cell[at] = heap_z[low], heap_cell[low]
        at = low
    heap_z[at], heap_cell[at] = z, cell
    return top


@njit(cache=True, nogil=True)
def outlets(z: np.ndarray) -> np.ndarray:
    """Known cells on the rim of the array or beside an unknown one: water leaves through them."""
    rows, columns = z.shape
    out = np.zeros((rows, columns), np.bool_)
    for r in range(rows):
        for c in range(columns):
            if np.isnan(z[r, c]):
                continue
            for k in range(8):
                i, j = r + DROW[k], c + DCOL[k]
                if i < 0 or j < 0 or i >= rows or j >= columns or np.isnan(z[i, j]):
                    out[r, c] = True
                    break
    return out


@njit(cache=True, nogil=True)
def flood(z: np.ndarray, out: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Priority flood from the outlets: filled heights, cells in order, and who let each cell in."""
    rows, columns = z.shape
    filled = z.copy()
    seen = np.isnan(z)
    parent = np.full(z.size, -1, np.int32)
    order = np.empty(z.size, np.int32)
    heap_z, heap_cell = np.empty(z.size, np.float32), np.empty(z.size, np.int32)
    pit = np.empty(z.size, np.int32)
    size, head, tail, done = 0, 0, 0, 0
    for r in range(rows):
        for c in range(columns):
            if out[r, c]:
                size = push(heap_z, heap_cell, size, z[r, c], r * columns + c)
                seen[r, c] = True
    while size > 0 or head < tail:
        if head < tail:
            cell = pit[head]
            head += 1
        else:
            cell = pop(heap_z, heap_cell, size)
            size -= 1
        order[done] = cell
        done += 1
        r, c = cell // columns, cell % columns
        level = filled[r, c]
        for k in range(8):
            i, j = r + DROW[k], c + DCOL[k]
            if i < 0 or j < 0 or i >= rows or j >= columns or seen[i, j]:
                continue
            seen[i, j] = True
            parent[i * columns + j] = cell
            if z[i, j] <= level:
                filled[i, j] = level
                pit[tail] = i * columns + j
                tail += 1
            else:
                size = push(heap_z, heap_cell, size, z[i, j], i * columns + j)
    return filled, order[:done], parent


@njit(cache=True, nogil=True)
def steepest(filled: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """Next cell downhill: the steepest of eight, else (on a flat) the one the flood came from; -1 leaves."""
    rows, columns = filled.shape
    receiver = np.full(filled.size, -1, np.int32)
    for r in range(rows):
        for c in range(columns):
            cell = r * columns + c
            best, receiver[cell] = 0.0, parent[cell]
            for k in range(8):
                i, j = r + DROW[k], c + DCOL[k]
                if i < 0 or j < 0 or i >= rows or j >= columns:
                    continue
                drop = (filled[r, c] - filled[i, j]) / SPAN[k]
                if drop > best:
                    best, receiver[cell] = drop, i * columns + j
    return receiver


@njit(cache=True, nogil=True)
def gather(own: np.ndarray, order: np.ndarray, receiver: np.ndarray) -> np.ndarray:
    """Sum of the own values of each cell and of all cells that drain through it."""
    total = own.copy()
    for n in range(order.size - 1, -1, -1):
        cell = order[n]
        down = receiver[cell]
        if down >= 0:
            total[down] += total[cell]
    return total


@njit(cache=True, nogil=True)
def first_channel(channel: np.ndarray, order: np.ndarray, receiver: np.ndarray) -> np.ndarray:
    """Cell where the water of each cell first meets a channel; -1 where it leaves without."""
    found = np.full(channel.size, -1, np.int32)
    for cell in order:
        if channel[cell]:
            found[cell] = cell
        elif receiver[cell] >= 0:
            found[cell] = found[receiver[cell]]
    return found
