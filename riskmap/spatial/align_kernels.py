"""Compiled loop of `riskmap.spatial.resample`: hand counts over to other cells without losing any."""

import numpy as np
from numba import njit

__all__: list[str] = []


@njit(cache=True, nogil=True)
def drop(out: np.ndarray, reached: np.ndarray, box: tuple[float, float, float, float], amount: float) -> None:
    """Share an amount among the cells under a box no larger than a cell, by area."""
    left, top, width, height = box
    c, r = int(np.floor(left)), int(np.floor(top))
    for i in range(r, r + 2):
        tall = (min(top + height, i + 1.0) - max(top, float(i))) / height
        for j in range(c, c + 2):
            wide = (min(left + width, j + 1.0) - max(left, float(j))) / width
            if tall > 0 and wide > 0 and 0 <= i < out.shape[0] and 0 <= j < out.shape[1]:
                out[i, j] += amount * tall * wide
                reached[i, j] = True


@njit(cache=True, nogil=True)
def hand_over(
    values: np.ndarray, column: np.ndarray, row: np.ndarray, parts: int, shape: tuple[int, int]
) -> np.ndarray:
    """Spread each known cell over the target; its corners are fractional columns and rows there.

    `parts` cuts a cell so often each way that a part is no larger than a target cell.
    """
    out = np.zeros(shape)
    reached = np.zeros(shape, np.bool_)
    for r in range(values.shape[0]):
        for c in range(values.shape[1]):
            if np.isnan(values[r, c]):
                continue
            x00, x01, x10, x11 = column[r, c], column[r, c + 1], column[r + 1, c], column[r + 1, c + 1]
            y00, y01, y10, y11 = row[r, c], row[r, c + 1], row[r + 1, c], row[r + 1, c + 1]
            width = max(abs(x01 - x00 + x11 - x10) / (2 * parts), 1e-9)
            height = max(abs(y10 - y00 + y11 - y01) / (2 * parts), 1e-9)
            for a in range(parts):
                v = (a + 0.5) / parts
                for b in range(parts):
                    u = (b + 0.5) / parts
                    x = (x00 * (1 - u) + x01 * u) * (1 - v) + (x10 * (1 - u) + x11 * u) * v
                    y = (y00 * (1 - u) + y01 * u) * (1 - v) + (y10 * (1 - u) + y11 * u) * v
                    box = (x - width / 2, y - height / 2, width, height)
                    drop(out, reached, box, values[r, c] / parts**2)
    return np.where(reached, out, np.nan)
