"""Weights from pairwise judgements (analytic hierarchy process)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.standards import book

__all__ = ["AhpWeights", "ahp_weights"]


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


def ahp_weights(matrix: ArrayLike, *, random_index: str = "saaty") -> AhpWeights:
    """Weights of n indicators from their pairwise judgements.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Positive and reciprocal: ``matrix[i][j]`` says how much more i matters than j (1, 3, 5, 7, 9).
    random_index : {"saaty", "alternative"}
        Table of random indices (``ahp.random_index_*`` in the standards).

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
    weights = np.abs(vectors[:, first].real)
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
