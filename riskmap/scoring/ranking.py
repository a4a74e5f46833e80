"""Rank the rows of a table by several columns: the published forms of TOPSIS and grey relation."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from riskmap.errors import MethodError
from riskmap.scoring.weights import given_weights

__all__ = ["grey_relation", "topsis"]


def topsis(
    table: np.ndarray,
    weights: Sequence[float] | np.ndarray,
    *,
    directions: Sequence[Literal[1, -1]] = (),
    normalisation: Literal["vector", "minmax", "none"] = "vector",
) -> np.ndarray:
    """Closeness of each row to the best and the worst row that the table could make.

    Parameters
    ----------
    table : ndarray, shape (rows, columns)
        Quantities.
    weights : array_like, shape (columns,)
        Scaled to sum 1.
    directions : sequence of {1, -1}
        1: more brings a row nearer to 1. All 1 unless given.
    normalisation : {"vector", "minmax", "none"}
        Each column over its Euclidean length; scaled to 0..1; or as it is.

    Returns
    -------
    ndarray, shape (rows,)
        ``d- / (d+ + d-)``, 0..1; NaN for a row with a gap, and for all rows where no column varies.

    Raises
    ------
    MethodError
        Weights or directions that do not fit the table.

    Notes
    -----
    Hwang and Yoon 1981; Tzeng and Huang 2011.

    Examples
    --------
    >>> topsis(np.array([[1.0, 1.0], [3.0, 2.0], [2.0, 1.5]]), [1, 1]).round(2).tolist()
    [0.0, 1.0, 0.5]
    """
    data, share, sign = _fitting(table, weights, directions)
    whole = np.isfinite(data).all(axis=1)
    known = data[whole]
    if normalisation == "vector":
        length = np.sqrt((known**2).sum(axis=0))
        known = known / np.where(length > 0, length, 1)
    elif normalisation == "minmax":
        span = np.ptp(known, axis=0)
        known = (known - known.min(axis=0)) / np.where(span > 0, span, 1)
    known = known * share * sign
    far = np.sqrt(((known - known.max(axis=0)) ** 2).sum(axis=1))
    near = np.sqrt(((known - known.min(axis=0)) ** 2).sum(axis=1))
    found = np.full(len(data), np.nan)
    both = far + near
    found[whole] = np.where(both > 0, near / np.where(both > 0, both, 1), np.nan)
    return found


def grey_relation(
    table: np.ndarray,
    weights: Sequence[float] | np.ndarray,
    *,
    directions: Sequence[Literal[1, -1]] = (),
    rho: float = 0.5,
) -> np.ndarray:
    """Grey relational grade of each row to the best row that the table could make.

    Parameters
    ----------
    table, weights, directions
        As in `topsis`; columns are scaled to 0..1.
    rho : float
        Distinguishing coefficient, above 0 and up to 1.

    Returns
    -------
    ndarray, shape (rows,)
        0..1; NaN for a row with a gap.

    Raises
    ------
    MethodError
        As `topsis`, or a rho outside its range.

    Notes
    -----
    ``(min + rho max) / (delta + rho max)`` over the deviations delta of the whole table. Deng 1982,
    doi:10.1016/S0167-6911(82)80025-X.

    Examples
    --------
    >>> grey_relation(np.array([[0.0], [1.0]]), [1]).round(3).tolist()
    [0.333, 1.0]
    """
    if not 0 < rho <= 1:
        raise MethodError(f"rho is {rho:g}; give a number above 0 and up to 1")
    data, share, sign = _fitting(table, weights, directions)
    whole = np.isfinite(data).all(axis=1)
    known = data[whole] * sign
    span = np.ptp(known, axis=0)
    away = 1 - np.where(span > 0, (known - known.min(axis=0)) / np.where(span > 0, span, 1), 1)
    most = away.max(initial=0.0)
    relation = np.ones_like(away) if most == 0 else (away.min() + rho * most) / (away + rho * most)
    found = np.full(len(data), np.nan)
    found[whole] = relation @ share
    return found


def _fitting(
    table: np.ndarray, weights: Sequence[float] | np.ndarray, directions: Sequence[int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    data, share = np.asarray(table, dtype="float64"), given_weights(weights)
    sign = np.asarray(directions if len(directions) else np.ones(len(share)))
    if data.ndim != 2 or data.shape[1] != len(share) or len(sign) != len(share) or not np.isin(sign, (1, -1)).all():
        raise MethodError(
            f"a table of shape {data.shape}, {len(share)} weights, directions {sign.tolist()}: "
            "give one weight and one direction (1 or -1) a column"
        )
    return data, share, sign
