"""How well scores tell places with an event from places without."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from riskmap.errors import MethodError

__all__ = ["auroc", "auroc_interval"]


def auroc(positive: ArrayLike, negative: ArrayLike) -> float:
    """Area under the receiver operating characteristic, as a rank statistic.

    Parameters
    ----------
    positive, negative : array_like, one-dimensional
        Scores of the places with and without the event; NaN scores are unknown and take no part.

    Returns
    -------
    float
        Probability that a place with the event scores above one without, ties counted half; 0..1.
        NaN where either side has no known score.

    Raises
    ------
    MethodError
        A score array is not one-dimensional.

    Notes
    -----
    Mann-Whitney U / (n_positive * n_negative) (Hanley and McNeil 1982, doi 10.1148/radiology.143.1.7063747).

    Examples
    --------
    >>> auroc([0.8, 0.4], [0.1, 0.4, 0.3, 0.2])
    0.9375
    """
    with_event, without = (np.asarray(one) for one in (positive, negative))
    if with_event.ndim != 1 or without.ndim != 1:
        raise MethodError(f"scores have shapes {with_event.shape} and {without.shape}; give two flat arrays")
    with_event = with_event[~np.isnan(with_event)]
    without = np.sort(without[~np.isnan(without)])
    if not with_event.size or not without.size:
        return float("nan")
    below = np.searchsorted(without, with_event, side="left").astype(float)
    equal = np.searchsorted(without, with_event, side="right") - below
    return float((below + 0.5 * equal).mean() / without.size)


def auroc_interval(
    area: float, *, positive_count: int, negative_count: int, level: float = 0.95
) -> tuple[float, float]:
    """Interval of an area under the curve after Hanley and McNeil.

    Parameters
    ----------
    area : float
        Area under the curve, 0..1.
    positive_count, negative_count : int
        Places with and without the event.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        Lower and upper end, within 0..1; NaN where `area` is NaN. It takes the places as independent:
        events that cluster make it too narrow.

    Raises
    ------
    MethodError
        Counts under 1, or an area or level outside 0..1.

    Notes
    -----
    SE^2 = [A(1-A) + (n_p - 1)(Q1 - A^2) + (n_n - 1)(Q2 - A^2)] / (n_p n_n), Q1 = A/(2-A), Q2 = 2A^2/(1+A)
    (Hanley and McNeil 1982, doi 10.1148/radiology.143.1.7063747).

    Examples
    --------
    >>> low, high = auroc_interval(0.8, positive_count=50, negative_count=50)
    >>> round(low, 3), round(high, 3)
    (0.713, 0.887)
    """
    if np.isnan(area):
        return float("nan"), float("nan")
    if not 0 <= area <= 1 or not 0 < level < 1 or min(positive_count, negative_count) < 1:
        raise MethodError(
            f"area {area}, level {level}, counts {positive_count} and {negative_count}: "
            "area and level lie in 0..1 and both counts are 1 or more"
        )
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area)
    spread += (positive_count - 1) * (first - area**2) + (negative_count - 1) * (second - area**2)
    half = float(ndtri(0.5 + level / 2)) * (max(spread, 0.0) / (positive_count * negative_count)) ** 0.5
    return max(0.0, area - half), min(1.0, area + half)
