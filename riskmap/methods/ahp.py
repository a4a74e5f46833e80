"""Weights from pairwise judgements (analytic hierarchy process)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.model.shown import fields_frame, frame_html
from riskmap.standards import book

__all__ = ["AhpWeights", "Doubt", "ahp_weights", "group_judgements", "judgement_doubts"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AhpWeights:
    """Weights with the consistency of the judgements behind them.

    Parameters
    ----------
    weights : numpy.ndarray
        Principal eigenvector, sum 1.
    largest_eigenvalue : float
        n for judgements without contradiction, else more.
    consistency_index : float
        (largest eigenvalue - n) / (n - 1).
    consistency_ratio : float
        Consistency index over the random index of n; 0 for n < 3.
    consistent : bool
        Whether the ratio is under the accepted limit.
    random_index : str
        Name of the table used.
    """

    weights: NDArray[np.float64]
    largest_eigenvalue: float
    consistency_index: float
    consistency_ratio: float
    consistent: bool
    random_index: str

    _repr_html_ = frame_html
    to_frame = fields_frame


def ahp_weights(
    matrix: ArrayLike, *, random_index: str = "saaty", method: Literal["eigenvector", "geometric_mean"] = "eigenvector"
) -> AhpWeights:
    """Weights of n indicators from their pairwise judgements.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Positive and reciprocal: ``matrix[i][j]`` says how much more i matters than j (1, 3, 5, 7, 9).
    random_index : {"saaty", "alternative"}
        Table of random indices (``ahp.random_index_*`` in the standards).
    method : {"eigenvector", "geometric_mean"}
        Principal right eigenvector, or the geometric means of the rows (the same where nothing contradicts); the
        consistency ratio is that of the eigenvalue either way.

    Returns
    -------
    AhpWeights
        Principal right eigenvector and the consistency ratio.

    Raises
    ------
    MethodError
        The matrix is not square, positive and reciprocal, or larger than the table; all faults at once.
    StandardError
        No such table.

    Notes
    -----
    Saaty 1980: A w = lambda_max w; CI = (lambda_max - n) / (n - 1); CR = CI / RI, accepted under 0.10.

    Examples
    --------
    >>> ahp_weights([[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]]).weights.round(2).tolist()
    [0.6, 0.3, 0.1]
    """
    judged = np.asarray(matrix, dtype=float)
    value = book().threshold(f"ahp.random_index_{random_index}").value
    table = value if isinstance(value, tuple) else ()
    faults = _faults(judged, len(table))
    if faults:
        raise MethodError("pairwise judgements that give no weights", faults)
    n = len(judged)
    values, vectors = np.linalg.eig(judged)
    first = int(np.argmax(values.real))
    means = np.exp(np.log(judged).mean(axis=1))
    weights = means if method == "geometric_mean" else np.abs(vectors[:, first].real)
    largest = float(values[first].real)
    index = max(0.0, (largest - n) / (n - 1)) if n > 1 else 0.0
    random = float(table[n - 1])
    ratio = index / random if random > 0 else 0.0
    return AhpWeights(
        weights=weights / weights.sum(),
        largest_eigenvalue=largest,
        consistency_index=index,
        consistency_ratio=ratio,
        consistent=ratio < book().value("ahp.consistency_limit"),
        random_index=random_index,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A judgement that does not go with the others.

    Parameters
    ----------
    row, column : int
        Which two are compared, counted from 0; row before column.
    judged : float
        What was said.
    implied : float
        What all the others say: the ratio of the weights found without this judgement.
    consistency_ratio : float
        Of the whole when the judgement is replaced by `implied`.
    """

    row: int
    column: int
    judged: float
    implied: float
    consistency_ratio: float

    _repr_html_ = frame_html
    to_frame = fields_frame


def judgement_doubts(matrix: ArrayLike, *, random_index: str = "saaty") -> list[Doubt]:
    """Which judgements spoil the consistency, and by how much, the worst first.

    Parameters
    ----------
    matrix, random_index
        As in `ahp_weights`.

    Returns
    -------
    list of Doubt
        One for each pair; the first is the one whose replacement lowers the consistency ratio most.

    Raises
    ------
    MethodError
        As `ahp_weights`.

    Notes
    -----
    Harker 1987 (doi:10.1016/0270-0255(87)90503-3): weights without one judgement are the eigenvector of the matrix with
    0 in its two places and 2 on its two diagonal places.

    Examples
    --------
    >>> worst = judgement_doubts([[1, 2, 9], [1 / 2, 1, 1 / 3], [1 / 9, 3, 1]])[0]
    >>> worst.consistency_ratio < 1e-9
    True
    """
    judged = np.asarray(matrix, dtype=float)
    ahp_weights(judged, random_index=random_index)
    doubts = []
    for row, column in zip(*np.triu_indices(len(judged), 1), strict=True):
        blank = judged.copy()
        blank[row, column] = blank[column, row] = 0.0
        blank[row, row] = blank[column, column] = 2.0
        values, vectors = np.linalg.eig(blank)
        weights = np.abs(vectors[:, int(np.argmax(values.real))].real)
        implied = float(weights[row] / weights[column])
        mended = judged.copy()
        mended[row, column], mended[column, row] = implied, 1 / implied
        ratio = ahp_weights(mended, random_index=random_index).consistency_ratio
        doubts.append(
            Doubt(row=int(row), column=int(column), judged=float(judged[row, column]), implied=implied,
                  consistency_ratio=ratio)
        )  # fmt: skip
    return sorted(doubts, key=lambda one: one.consistency_ratio)


def group_judgements(matrices: Sequence[ArrayLike], *, shares: Sequence[float] = ()) -> NDArray[np.float64]:
    """Join the judgements of several people: the weighted geometric mean of each judgement.

    Parameters
    ----------
    matrices : sequence of array_like, shape (n, n)
        Each positive and reciprocal.
    shares : sequence of float
        How much each person counts; equal unless given.

    Returns
    -------
    ndarray, shape (n, n)
        Positive and reciprocal: the only mean that keeps reciprocity (Aczel and Saaty 1983).

    Raises
    ------
    MethodError
        No matrix, other shapes, shares that do not fit, or as `ahp_weights`.

    Examples
    --------
    >>> group_judgements([[[1, 4], [1 / 4, 1]], [[1, 1], [1, 1]]]).tolist()
    [[1.0, 2.0], [0.5, 1.0]]
    """
    tables = [np.asarray(one, dtype=float) for one in matrices]
    if not tables or len({one.shape for one in tables}) > 1:
        raise MethodError(f"judgements have shapes {[one.shape for one in tables]}; give matrices of one shape")
    for one in tables:
        ahp_weights(one)
    part = np.asarray(shares if len(shares) else np.ones(len(tables)), dtype=float)
    if len(part) != len(tables) or (part < 0).any() or not part.sum() > 0:
        raise MethodError(f"{len(tables)} people, shares {part.tolist()}; give one a person, none negative")
    logs = sum(share * np.log(one) for share, one in zip(part / part.sum(), tables, strict=True))
    return np.asarray(np.exp(logs))


def _faults(judged: NDArray[np.float64], largest: int) -> list[str]:
    if judged.ndim != 2 or judged.shape[0] != judged.shape[1] or judged.size == 0:
        return [f"shape {judged.shape}: give n rows of n numbers"]
    faults = []
    if len(judged) > largest:
        faults.append(f"{len(judged)} indicators: the random index goes to {largest}; group them")
    for row, column in np.argwhere(~(judged > 0) | ~np.isfinite(judged)):
        faults.append(f"row {row + 1}, column {column + 1}: {judged[row, column]} is no positive number")
    if faults:
        return faults
    for row, column in np.argwhere(np.abs(judged * judged.T - 1) > 0.01):
        if row <= column:
            faults.append(
                f"row {row + 1}, column {column + 1}: {judged[row, column]:g} needs "
                f"{1 / judged[row, column]:.4g} in row {column + 1}, column {row + 1}, "
                f"not {judged[column, row]:g}"
            )
    return faults
