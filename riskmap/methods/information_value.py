"""Information values: how much more often events stand in a class than its area alone would give."""

import numpy as np
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS

__all__ = ["class_counts", "class_sum", "cross_validated_sum", "information_values"]


def class_counts(
    codes: NDArray[np.uint8], places: NDArray[np.integer], *, classes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count events and cells in every class of one factor.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, one-dimensional
        Class 1..K of every cell, 255 unknown (counted nowhere).
    places : numpy.ndarray of int
        Position in `codes` of every event; two events in one cell count twice.
    classes : int
        K.

    Returns
    -------
    tuple of numpy.ndarray, each shape (K,)
        Events N_j and cells S_j.

    Raises
    ------
    MethodError
        A code outside 1..K.

    Examples
    --------
    >>> codes = np.array([1, 1, 1, 2, 255], "uint8")
    >>> n, s = class_counts(codes, np.array([0, 3, 3, 4]), classes=2)
    >>> n.tolist(), s.tolist()
    ([1, 2], [3, 1])
    """
    cells = np.bincount(codes, minlength=256)
    strange = np.flatnonzero(cells[classes + 1 : NO_CLASS]) + classes + 1
    if cells[0] or strange.size:
        raise MethodError(f"codes {[*([0] if cells[0] else []), *strange.tolist()]} are not in 1..{classes}")
    events = np.bincount(codes[places], minlength=256)
    return events[1 : classes + 1], cells[1 : classes + 1]


def information_values(
    events: NDArray[np.integer], cells: NDArray[np.integer], *, zero_count: float = 0.5
) -> NDArray[np.float64]:
    """Information value of every class of one factor.

    Parameters
    ----------
    events, cells : numpy.ndarray, shape (K,) or (..., K)
        Events N_j and cells S_j of each class.
    zero_count : float
        Count that stands for an empty class's zero events; such a class is never rated above 0,
        so that a class too small to expect an event is not called dangerous.

    Returns
    -------
    numpy.ndarray of float64, shaped like `events`
        ln[(N_j / N) / (S_j / S)]; NaN for a class without cells.

    Raises
    ------
    MethodError
        No event at all, or a `zero_count` outside (0, 1).

    Notes
    -----
    Yin and Yan 1988; I_j = ln[(N_j/N)/(S_j/S)], N_j = 0 taken as min(0, ln[(zero_count/N)/(S_j/S)]).

    Examples
    --------
    >>> information_values(np.array([10, 30, 0]), np.array([400, 400, 200])).round(3).tolist()
    [-0.47, 0.629, -2.773]
    """
    if not 0 < zero_count < 1:
        raise MethodError(f"zero_count {zero_count}: give a number between 0 and 1")
    total = events.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise MethodError("no event in any class: information values need an inventory")
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = total * (cells / cells.sum(axis=-1, keepdims=True))
        value = np.log(np.where(events > 0, events, zero_count) / expected)
    value = np.where(events > 0, value, np.minimum(value, 0.0))
    return np.where(cells > 0, value, np.nan)


def class_sum(codes: NDArray[np.uint8], values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Sum over the factors of the value of each cell's class.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape (factors, ...)
        Class 1..K of every cell, 255 unknown.
    values : numpy.ndarray, shape (factors, K)
        Value of every class; rows of factors with fewer classes are padded with NaN.

    Returns
    -------
    numpy.ndarray of float32, shape of one factor
        Sum of values; NaN where a factor is unknown.

    Raises
    ------
    MethodError
        As many rows of values as factors are needed.

    Examples
    --------
    >>> codes = np.array([[1, 2, 255], [2, 2, 1]], "uint8")
    >>> class_sum(codes, np.array([[0.5, -1.0], [0.0, 2.0]])).tolist()
    [2.5, 1.0, nan]
    """
    if len(codes) != len(values):
        raise MethodError(f"{len(codes)} factors but {len(values)} rows of values")
    total = np.zeros(codes.shape[1:], np.float32)
    table = np.full(256, np.nan, np.float32)
    for one, row in zip(codes, values, strict=True):
        table[1:NO_CLASS] = np.nan
        table[1 : len(row) + 1] = row
        total += table[one]
    return total


def cross_validated_sum(
    codes: NDArray[np.uint8],
    places: NDArray[np.integer],
    folds: NDArray[np.uint8],
    *,
    zero_count: float = 0.5,
) -> NDArray[np.float32]:
    """Sum of information values that each cell gets from the events and cells of all other folds.

    Parameters
    ----------
    codes : numpy.ndarray of uint8, shape (factors, cells)
        Class 1..K of every cell, 255 unknown.
    places : numpy.ndarray of int
        Cell of every event.
    folds : numpy.ndarray of uint8, shape (cells,)
        Fold 0..k-1 of every cell.
    zero_count : float
        As in `information_values`.

    Returns
    -------
    numpy.ndarray of float32, shape (cells,)
        NaN where a factor is unknown, where the other folds have no cell of the class, and everywhere when
        the other folds of some fold hold no event at all.

    Examples
    --------
    >>> codes = np.array([[1, 1, 2, 1, 2, 2]], "uint8")
    >>> folds = np.array([0, 0, 0, 1, 1, 1], "uint8")
    >>> cross_validated_sum(codes, np.array([0, 3]), folds).round(3)
    array([ 1.099,  1.099, -0.288,  0.405,  0.   ,  0.   ], dtype=float32)
    """
    count = int(folds.max()) + 1 if folds.size else 1
    total = np.zeros(folds.shape, np.float32)
    offset = folds.astype(np.uint16) * np.uint16(256)
    for one in codes:
        joint = offset + one
        cells = np.bincount(joint, minlength=256 * count).reshape(count, 256)[:, 1:NO_CLASS]
        events = np.bincount(joint[places], minlength=256 * count).reshape(count, 256)[:, 1:NO_CLASS]
        others, area = events.sum(axis=0) - events, cells.sum(axis=0) - cells
        if (others.sum(axis=1) == 0).any():
            return np.full(folds.shape, np.nan, np.float32)
        table = np.full((count, 256), np.nan, np.float32)
        table[:, 1:NO_CLASS] = information_values(others, area, zero_count=zero_count)
        total += table.ravel()[joint]
    return total
