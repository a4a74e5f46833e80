"""Expected depth over the frequency of floods."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from riskmap.errors import MethodError

__all__ = ["risk_degree"]


def risk_degree(
    depths: NDArray[np.floating],
    return_periods_a: Sequence[float],
    *,
    tail: Literal["held", "zero"] = "held",
    bankfull_frequency: float | None = None,
) -> NDArray[np.floating]:
    """Flood risk degree: the expectation of (equivalent) depth over frequency.

    Parameters
    ----------
    depths : numpy.ndarray, shape (n, ...)
        Depth in m at each return period.
    return_periods_a : sequence of float
        T of each, in years, ascending.
    tail : {"held", "zero"}
        Below the rarest frequency p_n the depth stays H_n (adds p_n H_n), or is not counted.
    bankfull_frequency : float, optional
        Frequency p_0 > p_1 at which water leaves the channel or overtops the levee: adds
        (p_0 - p_1) H_1 / 2. Without it nothing is counted above p_1.

    Returns
    -------
    numpy.ndarray, shape of one depth, dtype of `depths`
        R = sum_i (p_i - p_{i+1}) (H_i + H_{i+1}) / 2 + p_n H_n in m, p = 1/T; NaN where a depth is NaN.

    Raises
    ------
    MethodError
        Return periods that do not ascend, do not fit the depths, or a bank-full frequency under p_1.

    Notes
    -----
    The formula of the flood zoning requirement as it is remembered (unverified); see
    ``flood-risk-degree`` in the standards.

    Examples
    --------
    >>> risk_degree(np.array([[1.0], [2.0]]), [10, 100]).round(3).tolist()
    [0.155]
    """
    years = np.asarray(return_periods_a, float)
    if len(years) != len(depths) or not len(years) or (years <= 0).any() or (np.diff(years) <= 0).any():
        raise MethodError(f"{len(depths)} depths for return periods {years.tolist()}: give one a depth, ascending")
    frequency = 1 / years
    if bankfull_frequency is not None and bankfull_frequency <= frequency[0]:
        raise MethodError(
            f"bankfull_frequency {bankfull_frequency:g}: it lies above {frequency[0]:g}, "
            f"the frequency of the smallest flood ({years[0]:g} a)"
        )
    weights = np.zeros(len(years))
    weights[:-1] += -np.diff(frequency) / 2
    weights[1:] += -np.diff(frequency) / 2
    weights[-1] += frequency[-1] if tail == "held" else 0.0
    weights[0] += (bankfull_frequency - frequency[0]) / 2 if bankfull_frequency is not None else 0.0
    return np.tensordot(weights.astype(depths.dtype), depths, axes=1)
