"""Run theory: spells of a series below a level, with their length and severity."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html

__all__ = ["Runs", "dry_runs"]


class Runs(NamedTuple):
    """Spells in the order of time, one entry each.

    `start` is the index of the first step, `length` the number of steps (merged gaps included), `severity`
    the sum of the deficits below the level. Mean intensity is ``severity / length``.
    """

    start: np.ndarray
    length: np.ndarray
    severity: np.ndarray

    def _repr_html_(self) -> str:
        return frame_html(self)

    def to_frame(self) -> pd.DataFrame:
        """Spells, a row each."""
        return pd.DataFrame(self._asdict())


def dry_runs(values: np.ndarray, *, level: float, longest_gap: int = 0, shortest: int = 1) -> Runs:
    """Find the spells in which a series is at or below a level.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Evenly spaced series (SPI by month). NaN ends a spell and is never bridged.
    level : float
        X1: a step belongs to a spell where ``value <= level`` (the bound counts, as in GB/T 20481).
    longest_gap : int
        Two spells with at most this many steps between them are one; the gap adds to its length, not to its
        severity.
    shortest : int
        Spells shorter than this, after merging, are dropped.

    Returns
    -------
    Runs
        Empty arrays where there is none. Spells cut by an end of the series or by NaN are kept as they stand.

    Raises
    ------
    MethodError
        `values` is not one series, or a count is negative.

    Notes
    -----
    D = number of steps, S = sum(level - value), I = S/D (Yevjevich 1967).

    Examples
    --------
    >>> runs = dry_runs(np.array([0, -1, -2, 0, -1, 1, 1, -0.6]), level=-0.5, longest_gap=1, shortest=2)
    >>> runs.start.tolist(), runs.length.tolist(), runs.severity.tolist()
    ([1], [4], [2.5])
    """
    x = np.asarray(values, dtype=float)
    if x.ndim != 1 or longest_gap < 0 or shortest < 1:
        raise MethodError(
            f"dry_runs takes one series, longest_gap >= 0 and shortest >= 1; "
            f"got {x.ndim} dimensions, {longest_gap} and {shortest}"
        )
    dry = x <= level
    change = np.diff(np.concatenate([[0], dry.astype(np.int8), [0]]))
    start, stop = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    unknown = np.concatenate([[0], np.cumsum(np.isnan(x))])
    apart = (start[1:] - stop[:-1] > longest_gap) | (unknown[start[1:]] > unknown[stop[:-1]])
    head = np.concatenate([[True], apart])[: start.size]
    tail = np.concatenate([apart, [True]])[: start.size]
    start, stop = start[head], stop[tail]
    deficit = np.concatenate([[0.0], np.cumsum(np.where(dry, level - x, 0.0))])
    keep = stop - start >= shortest
    start, stop = start[keep], stop[keep]
    return Runs(start=start, length=stop - start, severity=deficit[stop] - deficit[start])
