"""Kernels of a landscape that rivers cut: drainage with lakes filled, implicit stream power, hillslope creep."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["channel_of", "creep", "drain", "incise", "upstream_sum"]

_ROWS = np.array([-1, -1, -1, 0, 0, 1, 1, 1], np.int64)
_COLUMNS = np.array([-1, 0, 1, -1, 1, -1, 0, 1], np.int64)


@njit(cache=True, nogil=True)
def _flood(z: np.ndarray, base: np.ndarray, rise: float) -> tuple[np.ndarray, np.ndarray]:
    """Raise every cell above the lowest way out to `base`; cells from the base upwards, by slices of half a rise.

    A slice is whole before it is begun (whatever a cell lets in lies a rise above it), and no cell drains within its
    slice (the one that let it in lies further down, even along a diagonal), so the order inside a slice is free.
    """
    rows, columns = z.shape
    level, seen = z.copy().ravel(), base.copy().ravel()
    low, width = level.min(), 0.5 * rise
    last = int((level.max() - low) / width) + 8 * (rows + columns)
    first, after = np.full(last + 1, -1, np.int32), np.full(level.size, -1, np.int32)
    order = np.empty(level.size, np.int32)
    for cell in range(level.size):
        if seen[cell]:
            at = int((level[cell] - low) / width)
            after[cell], first[at] = first[at], cell
    done = 0
    for part in range(last + 1):
        while first[part] >= 0:
            cell = first[part]
            first[part] = after[cell]
            order[done] = cell
            done += 1
            row, column = cell // columns, cell % columns
            for n in range(8):
                r, c = row + _ROWS[n], column + _COLUMNS[n]
                near = r * columns + c
                if 0 <= r < rows and 0 <= c < columns and not seen[near]:
                    seen[near] = True
                    level[near] = max(level[near], level[cell] + rise)
                    at = min(int((level[near] - low) / width), last)
                    after[near], first[at] = first[at], near
    return level.reshape(z.shape), order[:done]


@njit(cache=True, nogil=True)
def _receivers(level: np.ndarray, base: np.ndarray) -> np.ndarray:
    rows, columns = level.shape
    to = np.arange(level.size).astype(np.int32)
    for row in range(rows):
        for column in range(columns):
            if base[row, column]:
                continue
            best = 0.0
            for n in range(8):
                r, c = row + _ROWS[n], column + _COLUMNS[n]
                if 0 <= r < rows and 0 <= c < columns:
                    fall = level[row, column] - level[r, c]
                    if _ROWS[n] * _COLUMNS[n] != 0:
                        fall *= np.float32(0.70710678)
                    if fall > best:
                        best = fall
                        to[row * columns + column] = r * columns + c
    return to


def drain(
    z: NDArray[np.float32], base: NDArray[np.bool_], *, rise_m: float = 1e-3
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32]]:
    """Fill the lakes and find where each cell drains, so that all water reaches `base`.

    Parameters
    ----------
    z : ndarray of float32 (rows, columns)
        Elevation, m; finite.
    base : ndarray of bool
        Cells that water leaves by (the river); not empty.
    rise_m : float
        Least fall between neighbours on filled ground.

    Returns
    -------
    level, order, receiver : ndarray
        Filled elevation; flat cell numbers from the base upwards; flat number of the cell that each drains to
        (steepest of eight neighbours; base cells name themselves).

    Notes
    -----
    Priority flood with a rise (Barnes and others 2014, doi:10.1016/j.cageo.2013.04.024), in slices of height instead
    of a heap. NaN is not allowed.

    Examples
    --------
    >>> z = np.array([[0, 3, 1, 4]], np.float32)
    >>> level, order, receiver = drain(z, z == 0, rise_m=0.5)
    >>> level.tolist(), receiver.tolist()
    ([[0.0, 3.0, 3.5, 4.0]], [0, 0, 1, 2])
    """
    level, order = _flood(z, base, np.float32(rise_m))
    return level, order, _receivers(level, base)


@njit(cache=True, nogil=True)
def upstream_sum(weight: np.ndarray, order: np.ndarray, receiver: np.ndarray) -> np.ndarray:
    """Sum of `weight` over each cell and all that drains to it.

    Parameters
    ----------
    weight : ndarray (rows, columns)
        Such as the area of a cell.
    order, receiver : ndarray of int32
        From `drain`.

    Returns
    -------
    ndarray of float32 (rows, columns)

    Examples
    --------
    >>> order, receiver = np.array([0, 1, 2], np.int32), np.array([0, 0, 1], np.int32)
    >>> upstream_sum(np.ones((1, 3), np.float32), order, receiver).tolist()
    [[3.0, 2.0, 1.0]]
    """
    total = weight.astype(np.float64).ravel()
    for n in range(order.size - 1, -1, -1):
        cell = order[n]
        if receiver[cell] != cell:
            total[receiver[cell]] += total[cell]
    return total.astype(np.float32).reshape(weight.shape)


@njit(cache=True, nogil=True)
def channel_of(channel: np.ndarray, order: np.ndarray, receiver: np.ndarray) -> np.ndarray:
    """Flat number of the channel cell that the water of each cell reaches first.

    Parameters
    ----------
    channel : ndarray of bool (rows, columns)
        Channels; the base counts as one.
    order, receiver : ndarray of int32
        From `drain`.

    Returns
    -------
    ndarray of int32 (rows, columns)

    Examples
    --------
    >>> order, receiver = np.array([0, 1, 2], np.int32), np.array([0, 0, 1], np.int32)
    >>> channel_of(np.array([[True, True, False]]), order, receiver).tolist()
    [[0, 1, 1]]
    """
    mine = channel.ravel()
    at = np.arange(order.size).astype(np.int32)
    for cell in order:
        if not mine[cell] and receiver[cell] != cell:
            at[cell] = at[receiver[cell]]
    return at.reshape(channel.shape)


@njit(cache=True, nogil=True)
def incise(
    z: np.ndarray, rate: np.ndarray, flow: tuple[np.ndarray, np.ndarray], steepest: tuple[float, float]
) -> np.ndarray:
    """One implicit step of stream power, upstream from the base.

    Parameters
    ----------
    z : ndarray of float32 (rows, columns)
        Elevation after uplift, m.
    rate : ndarray of float32
        ``K A^m dt / dx`` of each cell, with dx along a side.
    flow : tuple of ndarray of int32
        order, receiver from `drain`.
    steepest : tuple of float
        Greatest fall to the receiver, m, along a side and along a diagonal (steeper ground slides).

    Returns
    -------
    ndarray of float32
        ``(z + F z_receiver) / (1 + F)`` (Braun and Willett 2013, doi:10.1016/j.geomorph.2012.10.008, n = 1).

    Examples
    --------
    >>> flow = np.array([0, 1], np.int32), np.array([0, 0], np.int32)
    >>> incise(np.array([[0, 4]], np.float32), np.ones((1, 2), np.float32), flow, (9.0, 9.0)).tolist()
    [[0.0, 2.0]]
    """
    order, receiver = flow
    columns = z.shape[1]
    new = z.copy().ravel()
    factor = rate.ravel()
    for cell in order:
        to = receiver[cell]
        if to == cell:
            continue
        gap = abs(to - cell)
        diagonal = gap not in (1, columns)
        f = factor[cell] * (np.float32(0.70710678) if diagonal else np.float32(1.0))
        cut = (new[cell] + f * new[to]) / (1 + f)
        new[cell] = min(cut, new[to] + (steepest[1] if diagonal else steepest[0]))
    return new.reshape(z.shape)


@njit(cache=True, nogil=True)
def creep(z: np.ndarray, share: float, still: np.ndarray) -> np.ndarray:
    """One explicit step of hillslope creep (linear diffusion), edges closed.

    Parameters
    ----------
    z : ndarray of float32 (rows, columns)
        Elevation, m.
    share : float
        ``D dt / dx^2``, at most 0.25.
    still : ndarray of bool
        Cells that keep their elevation (the river).

    Returns
    -------
    ndarray of float32

    Examples
    --------
    >>> creep(np.array([[0, 4, 0]], np.float32), 0.25, np.zeros((1, 3), np.bool_)).tolist()
    [[1.0, 2.0, 1.0]]
    """
    rows, columns = z.shape
    new = z.copy()
    for r in range(rows):
        up, down = max(r - 1, 0), min(r + 1, rows - 1)
        for c in range(columns):
            if not still[r, c]:
                left, right = max(c - 1, 0), min(c + 1, columns - 1)
                new[r, c] = z[r, c] + share * (z[up, c] + z[down, c] + z[r, left] + z[r, right] - 4 * z[r, c])
    return new
