"""Weights under pairwise judgements that are each a step or two off on the scale they were made on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.methods.ahp import ahp_weights

__all__ = ["JudgementDraws", "moved_judgements"]

_TRIES = 200  # matrices tried for each that is wanted


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgementDraws:
    """Weights of judgements moved on their scale.

    Parameters
    ----------
    weights : ndarray of float64, shape (draws, n)
        Each row sums to 1.
    rejected : int
        Draws that contradicted themselves and were made again.
    """

    weights: NDArray[np.float64]
    rejected: int


def moved_judgements(matrix: ArrayLike, *, steps: int, draws: int, rng: np.random.Generator) -> JudgementDraws:
    """Draw weights from judgements each moved by up to some steps of Saaty's scale.

    Parameters
    ----------
    matrix : array_like, shape (n, n)
        Positive and reciprocal judgements.
    steps : int
        Largest move of one judgement, 1 or more; every whole number of steps up to it is equally likely.
    draws : int
        How many consistent draws are wanted.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    JudgementDraws

    Raises
    ------
    MethodError
        As `ahp_weights`; steps or draws under 1; or hardly any moved judgement is consistent.

    Notes
    -----
    The scale runs 1/9, 1/8, ... 1/2, 1, 2, ... 9 (Saaty 1980); a judgement v stands at ``v - 1`` or, under 1, at
    ``1 - 1/v``. Moves stop at its ends. The mirrored judgement is the reciprocal. A draw whose consistency ratio is not
    under the accepted limit (0.10) is rejected and counted.

    Examples
    --------
    >>> found = moved_judgements([[1, 3], [1 / 3, 1]], steps=1, draws=300, rng=np.random.default_rng(1))
    >>> np.unique(found.weights[:, 0].round(3)).tolist(), found.rejected
    ([0.667, 0.75, 0.8], 0)
    """
    judged = np.asarray(matrix, dtype="float64")
    ahp_weights(judged)
    if steps < 1 or draws < 1:
        raise MethodError(f"steps is {steps}, draws is {draws}; give whole numbers of at least 1")
    rows, columns = np.triu_indices(len(judged), 1)
    place = _place(judged[rows, columns])
    found: list[NDArray[np.float64]] = []
    rejected = 0
    while len(found) < draws:
        moved = np.clip(place + rng.integers(-steps, steps + 1, size=place.size), -8, 8)
        drawn = np.ones_like(judged)
        drawn[rows, columns] = np.where(moved >= 0, moved + 1, 1 / (1 - np.minimum(moved, 0)))
        drawn[columns, rows] = 1 / drawn[rows, columns]
        result = ahp_weights(drawn)
        if result.consistent:
            found.append(result.weights)
            continue
        rejected += 1
        if rejected > _TRIES * draws:
            raise MethodError(
                f"of {rejected + len(found)} sets of judgements moved by up to {steps} steps only {len(found)} are "
                "consistent; mend the judgements first (see judgement_doubts)"
            )
    return JudgementDraws(weights=np.stack(found), rejected=rejected)


def _place(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Steps from 1 on the scale."""
    data = np.asarray(values, dtype="float64")
    return np.where(data >= 1, data - 1, 1 - 1 / data)
