"""How often a class holds when weights and scores are in doubt, and what each indicator adds to an index."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.model.shown import frame_html
from riskmap.scoring.weights import given_weights

__all__ = ["ClassStability", "class_stability", "contributions", "drawn_weights", "flip_distance"]

_BLOCK = 2_000_000  # indices held at once


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClassStability:
    """What many draws say of the class of each place.

    Parameters
    ----------
    probability : ndarray of float32, shape (places, classes)
        Share of the draws in each class; NaN where the index is unknown.
    likely : ndarray of uint8, shape (places,)
        Class of most draws (the lower of equals), `NO_CLASS` where unknown.
    stability : ndarray of float32, shape (places,)
        Share of the draws that give the published class; NaN where unknown.
    """

    probability: NDArray[np.float32]
    likely: NDArray[np.uint8]
    stability: NDArray[np.float32]

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Places, a row each: stability, the likely class, and the share of the draws in each class."""
        return pd.DataFrame({"stability": self.stability, "likely": self.likely}).join(
            pd.DataFrame(self.probability, columns=[f"share_{code + 1}" for code in range(self.probability.shape[1])])
        )


def drawn_weights(
    weights: Sequence[float] | np.ndarray, *, draws: int, rng: np.random.Generator, doubt: float = 0.2
) -> NDArray[np.float64]:
    """Draw weights around given ones (Dirichlet), each draw summing to 1.

    Parameters
    ----------
    weights : array_like, shape (indicators,)
        The centre; scaled to sum 1.
    draws : int
        How many.
    rng : Generator
        Source of random numbers.
    doubt : float
        Standard deviation of an average weight over that weight: 0.2 says +-20 %. Above 0.

    Returns
    -------
    ndarray of float64, shape (draws, indicators)
        Their mean tends to `weights`. A weight of 0 stays 0.

    Raises
    ------
    MethodError
        A doubt that is not above 0, or one so large that no Dirichlet has it.

    Notes
    -----
    Dirichlet(c w) has ``var(w_j) = w_j (1 - w_j) / (c + 1)``; c is chosen so that a weight of 1/n has the standard
    deviation ``doubt / n``: ``c = (n - 1) / doubt^2 - 1``.

    Examples
    --------
    >>> drawn = drawn_weights([1, 3], draws=2000, rng=np.random.default_rng(1))
    >>> drawn.mean(axis=0).round(2).tolist()
    [0.25, 0.75]
    """
    centre = given_weights(weights)
    used = centre > 0
    count = int(used.sum())
    found = np.zeros((draws, len(centre)))
    if count == 1:
        found[:, used] = 1.0
        return found
    strength = (count - 1) / doubt**2 - 1 if doubt > 0 else -1.0
    if strength <= 0:
        raise MethodError(f"doubt is {doubt:g}; give a number above 0 and under {np.sqrt(count - 1):.3g}")
    found[:, used] = rng.dirichlet(strength * centre[used], size=draws)
    return found


def class_stability(
    scores: NDArray[np.floating],
    weights: NDArray[np.float64],
    *,
    edges: Sequence[float],
    published: NDArray[np.uint8],
) -> ClassStability:
    """Class every place under every draw of weights, with the edges held.

    Parameters
    ----------
    scores : ndarray, shape (places, indicators)
        Scores 0..1; NaN unknown (weights of the known ones are scaled up).
    weights : ndarray, shape (draws, indicators)
        From `drawn_weights`.
    edges : sequence of float
        K - 1 ascending edges of the weighted mean; the class above an edge includes it.
    published : ndarray of uint8, shape (places,)
        Class 1..K that was published.

    Returns
    -------
    ClassStability

    Raises
    ------
    MethodError
        Shapes that do not agree.

    Notes
    -----
    Edges are held because a reader's question is "would this place still be high on this map?". Memory: one count a
    place and class, and a block of indices; draws are not kept.

    Examples
    --------
    >>> scores = np.array([[0.9, 0.9], [0.1, 0.9]])
    >>> draws = np.array([[0.2, 0.8], [0.8, 0.2]])
    >>> found = class_stability(scores, draws, edges=[0.5], published=np.array([2, 2], "uint8"))
    >>> found.stability.tolist()
    [1.0, 0.5]
    """
    cuts = np.asarray(edges, dtype="float64")
    if scores.ndim != 2 or weights.ndim != 2 or scores.shape[1] != weights.shape[1] or len(published) != len(scores):
        raise MethodError(
            f"scores of shape {scores.shape}, weights {weights.shape}, {len(published)} published classes: "
            "give one weight an indicator and one class a place"
        )
    counts = np.zeros((len(scores), len(cuts) + 1), np.int32)
    step = max(1, _BLOCK // max(len(weights), 1))
    for start in range(0, len(scores), step):
        piece = slice(start, start + step)
        _count_classes(scores[piece], weights, cuts, counts[piece])
    known = counts.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        probability = (counts / known[:, None]).astype("float32")
    likely = np.where(known > 0, counts.argmax(axis=1) + 1, NO_CLASS).astype("uint8")
    held = np.clip(published.astype(np.int64) - 1, 0, len(cuts))
    stability = np.where(published == NO_CLASS, np.nan, probability[np.arange(len(scores)), held])
    return ClassStability(probability=probability, likely=likely, stability=stability.astype("float32"))


def _count_classes(
    scores: NDArray[np.floating], weights: NDArray[np.float64], edges: NDArray[np.float64], counts: NDArray[np.int32]
) -> None:
    """Fill the counts of one block of places."""
    gap = np.isnan(scores)
    index = np.where(gap, 0, scores) @ weights.T
    if gap.any():
        known = (~gap).astype("float64") @ weights.T
        index = np.where(known > 0, index / np.where(known > 0, known, 1), np.nan)
    below = np.zeros(len(scores), np.int64)
    for code, edge in enumerate((*edges, np.inf)):
        under = np.count_nonzero(index < edge, axis=1)
        counts[:, code] = under - below
        below = under


def contributions(scores: NDArray[np.floating], weights: Sequence[float] | np.ndarray) -> NDArray[np.float64]:
    """What each indicator adds to the weighted mean of each place; they add up to the index.

    Parameters
    ----------
    scores : ndarray, shape (places, indicators)
        Scores 0..1; NaN unknown: adds NaN, and the weights of the others are scaled up.
    weights : array_like, shape (indicators,)
        Scaled to sum 1.

    Returns
    -------
    ndarray of float64, shape (places, indicators)
        ``w s / sum of the known w``.

    Examples
    --------
    >>> contributions(np.array([[0.5, 1.0]]), [1, 3]).tolist()
    [[0.125, 0.75]]
    """
    share = given_weights(weights)
    known = np.where(np.isnan(scores), 0, share)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(scores * known / known.sum(axis=1, keepdims=True), dtype="float64")


def flip_distance(
    scores: NDArray[np.floating], weights: Sequence[float] | np.ndarray, *, edges: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Smallest change of one weight that changes a place's class, the other weights keeping their ratios.

    Parameters
    ----------
    scores : ndarray, shape (places, indicators)
        Scores 0..1 without gaps (rows with a gap give NaN).
    weights : array_like, shape (indicators,)
        Scaled to sum 1.
    edges : sequence of float
        Ascending edges of the weighted mean.

    Returns
    -------
    change : ndarray of float64, shape (places,)
        Signed change of the weight; ``inf`` where no weight alone can do it.
    indicator : ndarray of int64, shape (places,)
        Which weight; -1 where none can.

    Notes
    -----
    With weight j set to v the index is ``v s_j + (1 - v) r_j``, r the mean of the others: linear in v, so that the v at
    which it meets an edge is exact. A class is reached from below at its edge, and left downwards just under it.

    Examples
    --------
    >>> change, which = flip_distance(np.array([[0.2, 0.6]]), [0.5, 0.5], edges=[0.5])
    >>> change.round(3).tolist(), which.tolist()
    ([-0.25], [0])
    """
    share = given_weights(weights)
    data = np.asarray(scores, dtype="float64")
    index = data @ share
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (index[:, None] - share * data) / (1 - share)
        slope = data - others
        at = (np.asarray(edges, dtype="float64")[None, None, :] - others[..., None]) / slope[..., None]
        change = at - share[None, :, None]
    legal = np.isfinite(change) & (at >= 0) & (at <= 1)
    change = np.where(legal, change, np.inf).reshape(len(data), -1)
    best = np.abs(change).argmin(axis=1)
    found = change[np.arange(len(data)), best]
    which = np.where(np.isfinite(found), best // max(len(edges), 1), -1)
    gap = np.isnan(index)
    return np.where(gap, np.nan, found), np.where(gap, -1, which)
