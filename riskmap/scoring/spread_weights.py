"""Weights from the spread of the data, and weights joined from several sources."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.optimize import nnls

from riskmap.errors import MethodError
from riskmap.scoring.weights import given_weights, scaled_or_equal, whole_rows

__all__ = ["combined_weights", "game_weights", "pca_weights", "variation_weights"]


def variation_weights(columns: np.ndarray) -> np.ndarray:
    """Weights by the coefficient of variation: standard deviation over mean.

    Parameters
    ----------
    columns : ndarray, shape (rows, indicators)
        Values >= 0 (a ratio has no meaning on a scale that crosses zero). Rows with a NaN are left out.

    Returns
    -------
    ndarray of float64, shape (indicators,)
        Sums to 1. A column of equal values weighs 0; equal weights if all do.

    Raises
    ------
    MethodError
        A value is negative, or fewer than two whole rows remain.

    Notes
    -----
    ``v_j = s_j / mean_j``, ``w = v / sum v``; s is the population standard deviation (it cancels only where
    all columns have as many rows, as here).

    Examples
    --------
    >>> variation_weights(np.array([[1.0, 5.0], [3.0, 5.0]]))
    array([1., 0.])
    """
    data = whole_rows(columns)
    if (data < 0).any():
        raise MethodError(f"variation weights met {data.min():g}; values must not be negative")
    mean = data.mean(axis=0)
    return scaled_or_equal(np.where(mean > 0, data.std(axis=0) / np.where(mean > 0, mean, 1), 0))


def pca_weights(columns: np.ndarray, *, explained: float = 0.85) -> np.ndarray:
    """Weights from principal components: how much of what varies together each column carries.

    Parameters
    ----------
    columns : ndarray, shape (rows, indicators)
        Any values; each column is standardised first. Rows with a NaN are left out.
    explained : float
        Components are kept, the largest first, until they explain this share of the variance.

    Returns
    -------
    ndarray of float64, shape (indicators,)
        Sums to 1. A column of equal values weighs 0; equal weights if all do.

    Raises
    ------
    MethodError
        Fewer than two whole rows remain, or the share is not within 0..1.

    Notes
    -----
    Eigenvectors a and eigenvalues l of the correlation matrix: ``w_j = sum_k l_k |a_jk| / sum_k l_k``, scaled to
    sum 1. The usual recipe of Chinese index studies (主成分分析法赋权); the sign of a component has no meaning,
    so the absolute loading is taken.

    Examples
    --------
    >>> pca_weights(np.array([[1.0, 2.0, 5.0], [2.0, 4.0, 5.0], [3.0, 6.0, 5.0]])).round(3)
    array([0.5, 0.5, 0. ])
    """
    if not 0 < explained <= 1:
        raise MethodError(f"explained is {explained:g}; give a share above 0 and up to 1")
    data = whole_rows(columns)
    varies = np.ptp(data, axis=0) > 0
    weights = np.zeros(data.shape[1])
    if varies.any():
        part = data[:, varies]
        values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(part, rowvar=False)))
        values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
        kept = int(np.searchsorted(np.cumsum(values) / values.sum(), explained - 1e-12)) + 1
        weights[varies] = np.abs(vectors[:, :kept]) @ values[:kept]
    return scaled_or_equal(weights)


def combined_weights(
    sets: Sequence[Sequence[float] | np.ndarray],
    *,
    how: Literal["additive", "multiplicative", "game"] = "additive",
    shares: Sequence[float] = (),
) -> np.ndarray:
    """Join several sets of weights for the same indicators (主客观组合赋权).

    Parameters
    ----------
    sets : sequence of array_like, each shape (indicators,)
        Such as judged weights and entropy weights.
    how : {"additive", "multiplicative", "game"}
        ``sum a_i w_i``; ``prod w_i^a_i`` scaled to sum 1; or the game-theory combination (`game_weights`).
    shares : sequence of float
        a, one a set; equal unless given. ``game`` finds its own.

    Returns
    -------
    ndarray of float64
        Sums to 1.

    Raises
    ------
    MethodError
        Sets of different length, shares that do not fit, or a product that is 0 everywhere.

    Examples
    --------
    >>> combined_weights([[0.5, 0.5], [0.9, 0.1]])
    array([0.7, 0.3])
    >>> combined_weights([[0.5, 0.5], [0.9, 0.1]], how="multiplicative").round(2)
    array([0.75, 0.25])
    """
    table = _table(sets)
    if how == "game":
        if len(shares):
            raise MethodError("the game-theory combination finds its own shares; give none")
        return game_weights(table)
    part = given_weights(shares if len(shares) else np.ones(len(table)))
    if len(part) != len(table):
        raise MethodError(f"{len(table)} sets of weights, but {len(part)} shares; give one a set")
    if how == "additive":
        return given_weights(part @ table)
    if how != "multiplicative":
        raise MethodError(f"weights are joined 'additive', 'multiplicative' or 'game', not {how!r}")
    with np.errstate(divide="ignore"):
        product = np.exp((part[:, None] * np.log(table)).sum(axis=0))
    if not product.sum() > 0:
        raise MethodError("every indicator weighs 0 in one of the sets; their product leaves none")
    return given_weights(product)


def game_weights(sets: Sequence[Sequence[float] | np.ndarray] | np.ndarray) -> np.ndarray:
    """Combine sets of weights so that the result lies as near as can be to all of them.

    Parameters
    ----------
    sets : array_like, shape (sets, indicators)
        Weights, none negative.

    Returns
    -------
    ndarray of float64
        Sums to 1.

    Notes
    -----
    Coefficients a of ``W W' a = diag(W W')``, the condition that the combination literature writes for a compromise
    with each set (博弈论组合赋权); none below 0 (least squares where the exact solution would be). Then scaled to sum 1.

    Examples
    --------
    >>> game_weights([[0.5, 0.5], [0.5, 0.5]])
    array([0.5, 0.5])
    """
    table = _table(sets)
    cross = table @ table.T
    share, _ = nnls(cross, np.diag(cross))
    return given_weights(share @ table)


def _table(sets: Sequence[Sequence[float] | np.ndarray] | np.ndarray) -> np.ndarray:
    rows = [given_weights(one) for one in sets]
    if not rows or len({len(one) for one in rows}) > 1:
        raise MethodError(f"sets of weights have lengths {[len(one) for one in rows]}; give sets of one length")
    return np.stack(rows)
