"""Compiled loops of `riskmap.scoring.overlay_cells`: weighted mean of up to eight layers, tile by tile."""

import numpy as np
from numba import njit

__all__: list[str] = []


@njit(cache=True, nogil=True, error_model="numpy")
def add_known(values, weight, total, seen):  # type: ignore[no-untyped-def]
    """Add a layer where it is known."""
    for i in range(values.size):
        known = values[i] == values[i]
        total[i] += values[i] * weight if known else np.float32(0)
        seen[i] += weight if known else np.float32(0)


@njit(cache=True, nogil=True, error_model="numpy")
def spoil(values, total):  # type: ignore[no-untyped-def]
    """Make unknown what a required layer does not know."""
    for i in range(values.size):
        if values[i] != values[i]:
            total[i] = np.nan


@njit(cache=True, nogil=True, error_model="numpy")
def overlay(a, b, c, d, e, f, g, h, w, must, count, whole, hole, score, seen):  # type: ignore[no-untyped-def]
    """Fill `score` and `seen` of one block from `count` of the eight layers; the others repeat the first with weight 0.

    `whole` is the sum of the weights where nothing is missing; `hole` says that a layer is missing altogether.
    """
    gap = hole
    if not hole:
        for i in range(a.size):
            score[i] = ((((((a[i] * w[0] + b[i] * w[1]) + c[i] * w[2]) + d[i] * w[3]) + e[i] * w[4]) + f[i] * w[5])
                        + g[i] * w[6]) + h[i] * w[7]  # fmt: skip
        unknown = 0
        for i in range(a.size):
            unknown += score[i] != score[i]
        gap = unknown > 0
    if not gap:
        for i in range(a.size):
            score[i] /= whole
            seen[i] = whole
    else:
        score[:] = np.float32(0)
        seen[:] = np.float32(0)
        add_known(a, w[0], score, seen)
        if count > 1:
            add_known(b, w[1], score, seen)
        if count > 2:
            add_known(c, w[2], score, seen)
        if count > 3:
            add_known(d, w[3], score, seen)
        if count > 4:
            add_known(e, w[4], score, seen)
        if count > 5:
            add_known(f, w[5], score, seen)
        if count > 6:
            add_known(g, w[6], score, seen)
        if count > 7:
            add_known(h, w[7], score, seen)
        for i in range(a.size):
            score[i] /= seen[i]
        if must[0]:
            spoil(a, score)
        if must[1]:
            spoil(b, score)
        if must[2]:
            spoil(c, score)
        if must[3]:
            spoil(d, score)
        if must[4]:
            spoil(e, score)
        if must[5]:
            spoil(f, score)
        if must[6]:
            spoil(g, score)
        if must[7]:
            spoil(h, score)
    for i in range(a.size):
        held = score[i]
        held = np.float32(0) if held < np.float32(0) else held  # noqa: FURB136 -- NaN stays NaN
        score[i] = np.float32(1) if held > np.float32(1) else held  # noqa: FURB136


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
    a, b, c, d, e, f, g, h = layers
    score, seen = np.empty(block, np.float32), np.empty(block, np.float32)
    for start in range(0, a.size, block):
        stop = min(start + block, a.size)
        n = stop - start
        overlay(a[start:stop], b[start:stop], c[start:stop], d[start:stop], e[start:stop], f[start:stop], g[start:stop],
                h[start:stop], w, must, count, whole, hole, score[:n], seen[:n])  # fmt: skip
        to_classes(score[:n], edges, seen[:n], codes[start:stop], 255)


@njit(cache=True, nogil=True)
def score_blocks(layers, w, must, count, whole, hole, score, seen, block):  # type: ignore[no-untyped-def]
    """Score a run of cells, block by block."""
    a, b, c, d, e, f, g, h = layers
    for start in range(0, a.size, block):
        stop = min(start + block, a.size)
        overlay(a[start:stop], b[start:stop], c[start:stop], d[start:stop], e[start:stop], f[start:stop], g[start:stop],
                h[start:stop], w, must, count, whole, hole, score[start:stop], seen[start:stop])  # fmt: skip
