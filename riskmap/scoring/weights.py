"""Weights of indicators: given, equal, from judgements, or from the spread of the data."""

from collections.abc import Mapping, Sequence

import numpy as np

from riskmap.errors import MethodError
from riskmap.methods.ahp import ahp_weights

__all__ = [
    "ahp_weights",
    "critic_weights",
    "entropy_weights",
    "equal_weights",
    "given_weights",
    "judged_weights",
    "named_weights",
    "scaled_or_equal",
    "whole_rows",
]


def equal_weights(count: int) -> np.ndarray:
    """Return `count` equal weights that sum to 1; MethodError for fewer than one.

    Examples
    --------
    >>> equal_weights(4)
    array([0.25, 0.25, 0.25, 0.25])
    """
    if count < 1:
        raise MethodError(f"weights of {count} indicators were asked for; give at least one")
    return np.full(count, 1 / count)


def given_weights(weights: Sequence[float] | np.ndarray) -> np.ndarray:
    """Scale given weights to sum 1.

    Parameters
    ----------
    weights : sequence of float
        None negative, at least one above 0.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    MethodError
        A weight is negative or not finite, or all are 0.

    Examples
    --------
    >>> given_weights([1, 3])
    array([0.25, 0.75])
    """
    data = np.asarray(weights, dtype="float64")
    if not data.size or not np.isfinite(data).all() or (data < 0).any() or data.sum() <= 0:
        raise MethodError(f"weights are {data.tolist()}; none may be negative and one must be above 0")
    return data / data.sum()


def entropy_weights(columns: np.ndarray) -> np.ndarray:
    """Weights by information entropy: a column that tells the rows apart weighs more.

    Parameters
    ----------
    columns : ndarray, shape (rows, indicators)
        Values >= 0. Rows with a NaN are left out.

    Returns
    -------
    ndarray of float64, shape (indicators,)
        Sums to 1. A column of equal values (or of zeros) weighs 0; equal weights if all are so.

    Raises
    ------
    MethodError
        A value is negative, or fewer than two whole rows remain.

    Notes
    -----
    ``p = x / sum x``; ``e = -sum(p ln p) / ln m`` with ``0 ln 0 = 0``; ``w = (1 - e) / sum(1 - e)``.
    STANDARDS of the rain-risk kind use it (DB63/T 2186-2023, annex B); Elsayed et al. 2017, IJETT 46(2).

    Examples
    --------
    >>> entropy_weights(np.array([[1.0, 5.0], [9.0, 5.0]]))
    array([1., 0.])
    """
    data = whole_rows(columns)
    if (data < 0).any():
        raise MethodError(f"entropy weights met {data.min():g}; values must not be negative")
    sums = data.sum(axis=0)
    share = data / np.where(sums > 0, sums, 1)
    logs = np.log(np.where(share > 0, share, 1))
    entropy = np.where(sums > 0, -(share * logs).sum(axis=0) / np.log(len(data)), 1)
    return scaled_or_equal(1 - entropy)


def critic_weights(columns: np.ndarray) -> np.ndarray:
    """Weights by contrast and conflict (CRITIC): spread counts, repetition of another column does not.

    Parameters
    ----------
    columns : ndarray, shape (rows, indicators)
        Any values; each column is scaled to 0..1 first. Rows with a NaN are left out.

    Returns
    -------
    ndarray of float64, shape (indicators,)
        Sums to 1. A column of equal values weighs 0; equal weights if all do, or if all say the same.

    Raises
    ------
    MethodError
        Fewer than two whole rows remain.

    Notes
    -----
    ``C_j = s_j sum_k (1 - r_jk)``, ``w = C / sum C``; s is the sample standard deviation (m - 1) of
    the scaled column.
    Diakoulaki et al. 1995, doi:10.1016/0305-0548(94)00059-H.

    Examples
    --------
    >>> critic_weights(np.array([[0.0, 2.0], [1.0, 0.0], [0.5, 1.0]]))
    array([0.5, 0.5])
    """
    data = whole_rows(columns)
    span = np.ptp(data, axis=0)
    varies = span > 0
    scaled = (data - data.min(axis=0)) / np.where(varies, span, 1)
    spread = scaled.std(axis=0, ddof=1)
    centred = scaled - scaled.mean(axis=0)
    norm = np.where(varies, np.sqrt((centred**2).sum(axis=0)), 1)
    conflict = 1 - (centred / norm).T @ (centred / norm)
    return scaled_or_equal(spread * conflict[:, varies].sum(axis=1))


def judged_weights(matrix: Sequence[Sequence[float]] | np.ndarray) -> np.ndarray:
    """Weights from pairwise judgements, refusing judgements that contradict one another.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Positive and reciprocal.

    Returns
    -------
    ndarray of float64
        Sums to 1.

    Raises
    ------
    MethodError
        As `ahp_weights`, or the consistency ratio is not under the accepted limit (0.10).

    Examples
    --------
    >>> judged_weights([[1, 3], [1 / 3, 1]]).round(2).tolist()
    [0.75, 0.25]
    """
    found = ahp_weights(np.asarray(matrix, dtype="float64"))
    if not found.consistent:
        raise MethodError(
            f"pairwise judgements contradict one another: consistency ratio {found.consistency_ratio:.3f}, "
            f"under 0.10 is accepted; look for three that form a circle and judge them again"
        )
    return found.weights


def named_weights(
    names: Sequence[str],
    *,
    given: Mapping[str, float] | None = None,
    order: Sequence[str] = (),
    pairwise: Sequence[Sequence[float]] = (),
) -> dict[str, float]:
    """Weights by name: from pairwise judgements, else as given, else equal.

    Parameters
    ----------
    names : sequence of str
        What is to be weighed (the themes of a run, the exposed objects).
    given : mapping of str to float
        Weights by name; a name that is not in it weighs 0 when any is given.
    order, pairwise : sequences
        AHP matrix and the names of its rows; it outranks `given`. Names without a row are a fault.

    Returns
    -------
    dict of str to float
        In the order of `names`, summing to 1.

    Raises
    ------
    MethodError
        The judgements do not fit or contradict one another (see `ahp_weights`), a name has no row,
        or no weight is above 0.

    Examples
    --------
    >>> named_weights(["flood", "drought"], given={"flood": 3, "drought": 1, "hail": 9})
    {'flood': 0.75, 'drought': 0.25}
    """
    if not names:
        raise MethodError("there is nothing to weigh; give at least one name")
    if len(pairwise):
        absent = [one for one in names if one not in order]
        if absent:
            raise MethodError(
                f"the pairwise judgements have no row for {', '.join(absent)}; rows are {', '.join(order) or 'unnamed'}"
            )
        weights = judged_weights(pairwise)
        if len(order) != len(weights):
            raise MethodError(f"{len(weights)} rows of judgements, but {len(order)} names for them")
        judged = dict(zip(order, weights.tolist(), strict=True))
        values = given_weights([judged[one] for one in names])
    elif given:
        values = given_weights([given.get(one, 0.0) for one in names])
    else:
        values = equal_weights(len(names))
    return dict(zip(names, values.tolist(), strict=True))


def whole_rows(columns: np.ndarray) -> np.ndarray:
    """Rows of a table without gaps; MethodError for fewer than two, or another number of dimensions.

    Examples
    --------
    >>> whole_rows(np.array([[1.0, 2.0], [np.nan, 1.0], [3.0, 4.0]])).shape
    (2, 2)
    """
    data = np.asarray(columns, dtype="float64")
    if data.ndim != 2:
        raise MethodError(f"weights are computed from a table of two dimensions, not {data.ndim}")
    data = data[np.isfinite(data).all(axis=1)]
    if len(data) < 2:
        raise MethodError(f"weights from data need at least two rows without gaps; there are {len(data)}")
    return data


def scaled_or_equal(raw: np.ndarray) -> np.ndarray:
    """Scale to sum 1; equal weights where nothing is above 0.

    Examples
    --------
    >>> scaled_or_equal(np.array([0.0, 0.0]))
    array([0.5, 0.5])
    """
    held = np.where(raw > 1e-12, raw, 0)
    return held / held.sum() if held.sum() > 0 else equal_weights(raw.size)
