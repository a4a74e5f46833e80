"""Compiled loops of `riskmap.scoring.overlay_cells`: weighted mean of up to eight layers, block by block."""

import numpy as np
from numba import njit

__all__: list[str] = []


@njit(cache=True, nogil=True, error_model="numpy")
def _mean_of_all(layers, w, whole, start, score, seen):  # type: ignore[no-untyped-def]
    """Fill a block of which everything is known; False where something is not."""
    stop = start + score.size
    a, b, c, d = layers[0][start:stop], layers[1][start:stop], layers[2][start:stop], layers[3][start:stop]
    e, f, g, h = layers[4][start:stop], layers[5][start:stop], layers[6][start:stop], layers[7][start:stop]
    for i in range(score.size):
        score[i] = ((((((a[i] * w[0] + b[i] * w[1]) + c[i] * w[2]) + d[i] * w[3]) + e[i] * w[4]) + f[i] * w[5])
                    + g[i] * w[6]) + h[i] * w[7]  # fmt: skip
    unknown = 0
    for i in range(score.size):
        unknown += score[i] != score[i]
    if unknown:
        return False
    for i in range(score.size):
        score[i] /= whole
        seen[i] = whole
    return True


@njit(cache=True, nogil=True, error_model="numpy")
def _mean_of_known(layers, w, must, count, start, score, seen):  # type: ignore[no-untyped-def]
    """Fill a block with gaps."""
    score[:] = np.float32(0)
    seen[:] = np.float32(0)
    for k in range(count):
        values, weight = layers[k][start : start + score.size], w[k]
        for i in range(score.size):
            known = values[i] == values[i]
            score[i] += values[i] * weight if known else np.float32(0)
            seen[i] += weight if known else np.float32(0)
    for i in range(score.size):
        score[i] /= seen[i]
    for k in range(count):
        if must[k]:
            values = layers[k][start : start + score.size]
            for i in range(score.size):
                if values[i] != values[i]:
                    score[i] = np.nan


@njit(cache=True, nogil=True, error_model="numpy")
def overlay(layers, w, must, count, whole, hole, start, score, seen):  # type: ignore[no-untyped-def]
    """Fill `score` and `seen` of one block from `count` of the eight layers; the others repeat the first with weight 0.

    `whole` is the sum of the weights where nothing is missing; `hole` says that a layer is missing altogether.
    """
    if hole or not _mean_of_all(layers, w, whole, start, score, seen):
        _mean_of_known(layers, w, must, count, start, score, seen)
    for i in range(score.size):
        held = score[i]
        held = np.float32(0) if held < np.float32(0) else held  # noqa: FURB136 -- NaN stays NaN
        score[i] = np.float32(1) if held > np.float32(1) else held  # noqa: FURB136
        seen[i] = np.float32(1) if seen[i] > np.float32(1) else seen[i]  # noqa: FURB136


@njit(cache=True, nogil=True)
def to_classes(score, edges, tally, codes, nothing):  # type: ignore[no-untyped-def]
    """Put the scores of one block into classes 1..K; `tally` is scratch."""
    for i in range(score.size):
        tally[i] = np.float32(1) if score[i] == score[i] else np.float32(nothing)
    for k in range(edges.size):
        edge = edges[k]
        for i in range(score.size):
            tally[i] += np.float32(1) if score[i] >= edge else np.float32(0)
    for i in range(score.size):
        codes[i] = np.uint8(np.int32(tally[i]))


@njit(cache=True, nogil=True)
def overlay_blocks(layers, w, must, count, whole, hole, edges, codes, block):  # type: ignore[no-untyped-def]
    """Class a run of cells, block by block; `layers` is a tuple of eight arrays."""
    score, seen = np.empty(block, np.float32), np.empty(block, np.float32)
    for start in range(0, codes.size, block):
        stop = min(start + block, codes.size)
        n = stop - start
        overlay(layers, w, must, count, whole, hole, start, score[:n], seen[:n])
        to_classes(score[:n], edges, seen[:n], codes[start:stop], 255)


@njit(cache=True, nogil=True)
def score_blocks(layers, w, must, count, whole, hole, score, seen, block):  # type: ignore[no-untyped-def]
    """Score a run of cells, block by block."""
    for start in range(0, score.size, block):
        stop = min(start + block, score.size)
        overlay(layers, w, must, count, whole, hole, start, score[start:stop], seen[start:stop])
