"""Compiled loops over cells: the comprehensive index, and its class under every draw of weights."""

import numpy as np
from numba import njit

__all__: list[str] = []


@njit(cache=True, nogil=True)
def fill_index(hazards, amounts, harms, zone, by_theme, by_object, index):  # type: ignore[no-untyped-def]
    """Fill `index` (cells) by the formula of `grid_index`; NaN where it is unknown.

    `hazards` (themes, cells) and `amounts` (objects, cells) hold NaN where unknown, `harms` (objects, units) too.
    """
    whole = by_theme.sum()
    for cell in range(zone.size):
        plain, steep, seen, total, below = 0.0, 0.0, 0.0, 0.0, 0.0  # sums over themes of w h, w h^1.5, w
        for theme in range(hazards.shape[0]):
            hazard = np.float64(hazards[theme, cell])
            if not np.isnan(hazard):
                plain += by_theme[theme] * hazard
                steep += by_theme[theme] * hazard * np.sqrt(hazard)
                seen += by_theme[theme]
        for thing in range(amounts.shape[0]):
            amount = np.float64(amounts[thing, cell])
            if amount == 0:
                below += by_object[thing] * whole
            elif not np.isnan(amount) and seen > 0:
                harm = harms[thing, zone[cell]]
                risk = amount * np.sqrt(amount) * steep if np.isnan(harm) else amount * harm * plain
                total += by_object[thing] * risk
                below += by_object[thing] * seen
        index[cell] = total / below if below > 0 else np.nan


@njit(cache=True, nogil=True)
def count_classes(hazards, amounts, harms, zone, by_theme, by_object, edges, counts):  # type: ignore[no-untyped-def]
    """Fill `counts` (cells, classes) of one block; all zero where the index is unknown.

    `hazards` (themes, cells) and `amounts` (objects, cells) hold NaN where unknown, `harms` (objects, units) too;
    the weights are (themes, draws) and (objects, draws), each draw summing to 1.
    """
    draws = by_theme.shape[1]
    plain, steep, seen, total, below = (
        np.empty(draws), np.empty(draws), np.empty(draws), np.empty(draws), np.empty(draws)
    )  # fmt: skip
    for cell in range(zone.size):
        least, known_objects = 0.0, 0
        for thing in range(amounts.shape[0]):
            if not np.isnan(amounts[thing, cell]):
                known_objects += 1
                least = max(least, amounts[thing, cell])
        if known_objects == 0:
            continue
        if least == 0.0:  # nothing stands here: the index is 0 whatever the weights
            counts[cell, np.searchsorted(edges, np.float32(0), side="right")] = draws
            continue
        plain[:], steep[:], seen[:], total[:], below[:] = 0.0, 0.0, 0.0, 0.0, 0.0
        for theme in range(hazards.shape[0]):
            hazard = np.float64(hazards[theme, cell])
            if not np.isnan(hazard):
                curved = hazard * np.sqrt(hazard)
                for d in range(draws):
                    plain[d] += by_theme[theme, d] * hazard
                    steep[d] += by_theme[theme, d] * curved
                    seen[d] += by_theme[theme, d]
        for thing in range(amounts.shape[0]):
            amount = np.float64(amounts[thing, cell])
            harm = harms[thing, zone[cell]]
            if amount == 0:
                for d in range(draws):
                    below[d] += by_object[thing, d]
            elif not np.isnan(amount):
                of_plain = 0.0 if np.isnan(harm) else amount * harm
                of_steep = amount * np.sqrt(amount) if np.isnan(harm) else 0.0
                for d in range(draws):
                    total[d] += by_object[thing, d] * (of_plain * plain[d] + of_steep * steep[d])
                    below[d] += by_object[thing, d] * seen[d]
        _tally(total, below, edges, counts[cell])


@njit(cache=True, nogil=True)
def _tally(total, below, edges, counts):  # type: ignore[no-untyped-def]
    """Count the classes of one cell; draws without any known part are left out."""
    for d in range(total.size):
        total[d] = np.float32(total[d] / below[d]) if below[d] > 0 else -1.0
    left = 0
    for d in range(total.size):
        left += total[d] >= 0
    for code in range(edges.size):
        above = 0
        for d in range(total.size):
            above += total[d] >= edges[code]
        counts[code] = left - above
        left = above
    counts[edges.size] = left


@njit(cache=True, nogil=True)
def tally_classes(index, edges, counts):  # type: ignore[no-untyped-def]
    """Add one to the class of each value in `counts` (places, classes); NaN adds nothing, an edge belongs above."""
    for place in range(index.size):
        if not np.isnan(index[place]):
            code = 0
            for edge in edges:
                code += index[place] >= edge
            counts[place, code] += 1
