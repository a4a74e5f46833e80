"""Weighted overlay of many cells at the speed at which memory gives them."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.scoring.overlay_kernels import overlay_blocks, score_blocks
from riskmap.scoring.weights import given_weights

__all__ = ["FEW", "overlay_classes", "overlay_scores"]

FEW = 8
"""How many layers one pass takes."""
_BLOCK = 32_768  # cells: that of `combine`, whose results these are
_RUN = 32 * _BLOCK  # cells that one thread takes at a time

Missing = Literal["renormalise", "unknown"]


def overlay_scores(
    layers: Sequence[np.ndarray | None],
    weights: Sequence[float] | np.ndarray,
    *,
    missing: Missing = "renormalise",
    required: Sequence[bool] = (),
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weighted mean of up to eight float32 layers, cell by cell, with two threads where there are two processors.

    Parameters
    ----------
    layers : sequence of ndarray of float32 or None
        Scores 0..1 of one shape; NaN unknown; None where a layer is wholly missing.
    weights, missing, required
        As in `combine`.

    Returns
    -------
    score, known_share : ndarray of float32
        Those of ``combine(..., combiner="weighted_mean")``, to the last bit.

    Raises
    ------
    MethodError
        More than eight layers, none at all, other types than float32, or shapes and counts that do not agree.

    Examples
    --------
    >>> score, known = overlay_scores([np.float32([0.25, 0.5]), np.float32([1, np.nan])], [3, 1])
    >>> score.tolist(), known.tolist()
    ([0.4375, 0.5], [1.0, 0.75])
    """
    plan = _Plan.of(layers, weights, missing=missing, required=required)
    score, seen = (np.empty(plan.size, np.float32) for _ in range(2))

    def part(piece: slice) -> None:
        score_blocks(plan.cut(piece), *plan.rule, score[piece], seen[piece], _BLOCK)

    _in_threads(part, plan.size)
    if plan.lost:
        score[:] = np.nan
    return score.reshape(plan.shape), seen.reshape(plan.shape)


def overlay_classes(
    layers: Sequence[np.ndarray | None],
    weights: Sequence[float] | np.ndarray,
    *,
    edges: Sequence[float],
    missing: Missing = "renormalise",
    required: Sequence[bool] = (),
) -> NDArray[np.uint8]:
    """Class the weighted mean of up to eight float32 layers; the mean itself is never written to memory.

    Parameters
    ----------
    layers, weights, missing, required
        As in `overlay_scores`.
    edges : sequence of float
        K - 1 ascending edges; a mean equal to an edge belongs above it, compared in float32.

    Returns
    -------
    ndarray of uint8
        1..K, `NO_CLASS` where the mean is unknown: those of `overlay_scores` and `cut`.

    Raises
    ------
    MethodError
        As `overlay_scores`, or edges that do not ascend.

    Examples
    --------
    >>> overlay_classes([np.float32([0.25, 0.5, np.nan]), np.float32([1, 0.5, np.nan])], [3, 1], edges=[0.4, 0.5])
    array([  2,   3, 255], dtype=uint8)
    """
    cuts = np.asarray(edges, dtype="float64")
    if cuts.ndim != 1 or np.isnan(cuts).any() or (np.diff(cuts) < 0).any() or cuts.size >= NO_CLASS - 1:
        raise MethodError(f"edges are {list(edges)}; give at most {NO_CLASS - 2} ascending numbers")
    plan = _Plan.of(layers, weights, missing=missing, required=required)
    codes = np.full(plan.size, NO_CLASS, np.uint8)

    def part(piece: slice) -> None:
        overlay_blocks(plan.cut(piece), *plan.rule, cuts.astype("float32"), codes[piece], _BLOCK)

    if not plan.lost:
        _in_threads(part, plan.size)
    return codes.reshape(plan.shape)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """Eight layers and the rule that joins them."""

    layers: tuple[NDArray[np.float32], ...]
    rule: tuple[NDArray[np.float32], NDArray[np.bool_], int, np.float32, bool]
    lost: bool  # a required layer is wholly missing: nothing is known
    shape: tuple[int, ...]

    @classmethod
    def of(
        cls,
        layers: Sequence[np.ndarray | None],
        weights: Sequence[float] | np.ndarray,
        *,
        missing: str,
        required: Sequence[bool],
    ) -> "_Plan":
        share = given_weights(weights).astype("float32")
        there = [one for one in layers if one is not None]
        if not 1 <= len(there) <= FEW or len(share) != len(layers) or len(required) not in {0, len(layers)}:
            raise MethodError(
                f"{len(there)} layers, {len(share)} weights, {len(required)} required flags: give one to {FEW} layers, "
                "and a weight and a flag for each"
            )
        if missing not in {"renormalise", "unknown"}:
            raise MethodError(f"missing is {missing!r}; allowed: renormalise, unknown")
        if any(one.dtype != np.float32 or one.shape != there[0].shape for one in there):
            raise MethodError(
                f"layers are {[(one.dtype.name, one.shape) for one in there]}; give float32 arrays of one shape"
            )
        must = np.array(list(required) or [False] * len(layers)) | (missing == "unknown")
        lost = any(flag for one, flag in zip(layers, must, strict=True) if one is None)
        keep = [n for n, one in enumerate(layers) if one is not None]
        flat = [np.ascontiguousarray(one).reshape(-1) for one in there]
        spare = FEW - len(keep)
        rule = (
            np.append(share[keep], np.zeros(spare, np.float32)),
            np.append(must[keep], np.zeros(spare, np.bool_)),
            len(keep),
            share[:, None].sum(axis=0)[0],
            len(keep) < len(layers),
        )
        return cls(layers=(*flat, *[flat[0]] * spare), rule=rule, lost=lost, shape=there[0].shape)

    @property
    def size(self) -> int:
        return self.layers[0].size

    def cut(self, piece: slice) -> tuple[NDArray[np.float32], ...]:
        return tuple(one[piece] for one in self.layers)


def _in_threads(part: Callable[[slice], None], size: int) -> None:
    runs = [slice(start, start + _RUN) for start in range(0, size, _RUN)]
    if len(runs) < 2:
        for one in runs:
            part(one)
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(part, runs))
