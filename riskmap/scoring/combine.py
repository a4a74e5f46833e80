"""Scores are joined to one."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from riskmap.errors import MethodError
from riskmap.model.profile import Combiner
from riskmap.scoring.combiners import ANY_SIZE, COMBINERS, check_options, join
from riskmap.scoring.overlay_cells import FEW, overlay_scores
from riskmap.scoring.weights import given_weights

__all__ = ["combine", "combine_values"]

_LARGE = 262_144  # values from which compiled loops pay
_BLOCK = 32_768  # values per block: all rows of a block stay in the processor's cache

_How = tuple[Combiner, Mapping[str, Any], tuple[float, float]]  # the last: limits that the result is held to


def combine(
    scores: Sequence[np.ndarray | None],
    weights: Sequence[float] | np.ndarray,
    *,
    combiner: Combiner = "weighted_mean",
    options: Mapping[str, Any] | None = None,
    missing: Literal["renormalise", "unknown"] = "renormalise",
    required: Sequence[bool] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """Join scores 0..1 to one.

    Parameters
    ----------
    scores : sequence of ndarray or None
        One array per indicator, all of one shape; NaN unknown; None where the indicator is wholly missing.
    weights : sequence of float
        One per indicator; scaled to sum 1.
    combiner, options
        How, see `join`.
    missing : {"renormalise", "unknown"}
        Weights of the known indicators are scaled up, or the result is NaN where any is missing.
    required : sequence of bool
        Where True, the result is NaN wherever that indicator is NaN, whatever `missing` says.

    Returns
    -------
    score : ndarray
        0..1, NaN where nothing is known; float32 if all scores are, else float64.
    known_share : ndarray
        Share 0..1 of the weight that was known, same dtype.

    Raises
    ------
    MethodError
        Shapes or counts do not agree, no array at all, an unknown combiner, or one of `ANY_SIZE`.

    Examples
    --------
    >>> score, known = combine([np.array([0.2, 0.4]), np.array([1.0, np.nan])], [3, 1])
    >>> score.round(2).tolist(), known.tolist()
    ([0.4, 0.4], [1.0, 0.75])
    """
    if combiner in ANY_SIZE:
        raise MethodError(
            f"combiner {combiner!r} gives values of any size; combine_values takes it, and so does a profile. "
            f"For scores 0..1 there are {', '.join(one for one in COMBINERS if one not in ANY_SIZE)}"
        )
    if combiner == "weighted_mean" and not options and _is_large(scores):
        return overlay_scores(
            scores, weights, missing=missing, required=required
        )  # the same to the last bit, and quicker
    how = (combiner, options or {}, (0.0, 1.0))
    return _in_blocks(scores, weights, how, missing=missing, required=required)


def combine_values(
    values: Sequence[np.ndarray | None],
    weights: Sequence[float] | np.ndarray,
    *,
    combiner: Combiner = "sum",
    options: Mapping[str, Any] | None = None,
    missing: Literal["renormalise", "unknown"] = "renormalise",
    required: Sequence[bool] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """Join values of any size to one; as `combine`, but the result is not held to 0..1.

    Parameters
    ----------
    values, weights, combiner, options, missing, required
        As in `combine`.

    Returns
    -------
    value, known_share : ndarray
        As in `combine`, the value of any size.

    Raises
    ------
    MethodError
        As `combine`, but for combiners of any size.

    Examples
    --------
    >>> loss, vulnerable, resilient = np.array([90.0, 40.0]), np.array([2.0, 1.0]), np.array([3.0, 0.0])
    >>> exponents = {"exponents": [1, 1, -1]}
    >>> combine_values([loss, vulnerable, resilient], [1, 1, 1], combiner="power_product", options=exponents)[0]
    array([60., nan])
    """
    how = (combiner, options or {}, (-np.inf, np.inf))
    return _in_blocks(values, weights, how, missing=missing, required=required)


def _is_large(scores: Sequence[np.ndarray | None]) -> bool:
    """Whether these are rasters that the compiled overlay takes."""
    arrays = [one for one in scores if one is not None]
    return (
        1 <= len(arrays) <= FEW
        and arrays[0].size >= _LARGE
        and all(one.dtype == np.float32 and one.shape == arrays[0].shape for one in arrays)
    )


def _in_blocks(
    scores: Sequence[np.ndarray | None],
    weights: Sequence[float] | np.ndarray,
    how: _How,
    *,
    missing: str,
    required: Sequence[bool],
) -> tuple[np.ndarray, np.ndarray]:
    share = given_weights(weights)
    arrays = [one for one in scores if one is not None]
    if len(share) != len(scores) or (required and len(required) != len(scores)):
        raise MethodError(
            f"{len(scores)} scores, {len(share)} weights, {len(required)} required flags: give equal counts"
        )
    if missing not in {"renormalise", "unknown"}:
        raise MethodError(f"missing is {missing!r}; allowed: renormalise, unknown")
    check_options(how[0], how[1], count=len(scores))
    if not arrays or len({one.shape for one in arrays}) > 1:
        raise MethodError(f"scores must be arrays of one shape, got {[one.shape for one in arrays]}")
    must = np.array(required or [False] * len(scores)) | (missing == "unknown")
    dtype = np.result_type(*arrays)
    score, known_share = np.empty(arrays[0].size, dtype), np.empty(arrays[0].size, dtype)
    flat = [None if one is None else one.reshape(-1) for one in scores]
    share = share.astype(dtype)
    for start in range(0, score.size, _BLOCK):
        piece = slice(start, min(start + _BLOCK, score.size))
        absent = np.full(piece.stop - start, np.nan, dtype)
        block = np.stack([absent if one is None else one[piece] for one in flat])
        score[piece], known_share[piece] = _joined(block, share, must, how)
    return score.reshape(arrays[0].shape), known_share.reshape(arrays[0].shape)


def _joined(block: np.ndarray, share: np.ndarray, must: np.ndarray, how: _How) -> tuple[np.ndarray, np.ndarray]:
    gap = np.isnan(block)
    if gap.any():
        weight = np.where(gap, 0, share[:, None])
        known = weight.sum(axis=0)
    else:
        weight = share[:, None]
        known = np.broadcast_to(share.sum(), block.shape[1:])
    score = join(block, weight, gap, combiner=how[0], options=how[1])
    nothing = gap.all(axis=0) | gap[must].any(axis=0)
    return np.where(nothing, np.nan, np.clip(score, *how[2])), np.minimum(known, 1)
