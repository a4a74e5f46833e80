"""How high a design rain makes the water stand in a channel of given catchment area."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.methods.stage import gumbel_interpolate, normal_depth_m, rational_peak_m3_s
from riskmap.model import Standards

__all__ = [
    "PEAK_KEYS",
    "RAIN_KEYS",
    "STAGE_KEYS",
    "design_rain_24h_mm",
    "peak_discharge_m3_s",
    "stage_m",
]

STAGE_KEYS = (
    "flood.slope_coefficient",
    "flood.slope_exponent",
    "flood.width_coefficient",
    "flood.width_exponent",
    "flood.roughness",
)
"""Published values behind `stage_m`."""

PEAK_KEYS = (
    "flood.rain_exponent",
    "flood.loss_mm_h",
    "flood.routing_m",
    "flood.rational_area_max_km2",
    "flood.area_exponent",
    "flood.length_coefficient_km",
    "flood.length_exponent",
    "flood.slope_coefficient",
    "flood.slope_exponent",
)
"""Published values behind `peak_discharge_m3_s`."""

RAIN_KEYS = ("flood.default_rain_periods_a", "flood.default_rain_24h_mm")
"""Design rain where the county delivers none."""


def design_rain_24h_mm(
    table: pd.DataFrame | None, standards: Standards, *, return_periods_a: Sequence[float]
) -> tuple[NDArray[np.float64], bool]:
    """Design rain of 24 hours at each return period.

    Parameters
    ----------
    table : DataFrame or None
        Layer ``rain_design``: ``return_period_a``, ``duration_h``, ``rain_mm``; its 24-hour rows are used
        (the mean of the stations) if they span one of the return periods asked for.
    standards : Standards
        ``flood.default_rain_*`` stand in where the county has no such table.
    return_periods_a : sequence of float
        Years.

    Returns
    -------
    tuple of numpy.ndarray and bool
        Rain in mm, NaN at return periods beyond the table; whether it is the county's own.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> own = pd.DataFrame({"return_period_a": [10, 100], "duration_h": 24, "rain_mm": [90.0, 150.0]})
    >>> design_rain_24h_mm(own, book(), return_periods_a=[5, 10, 100])
    (array([ nan,  90., 150.]), True)
    """
    asked = np.asarray(return_periods_a, float)
    if table is not None:
        rain = table[table["duration_h"] == 24].groupby("return_period_a")["rain_mm"].mean().dropna()
        found = _within(rain.index.to_numpy(float), rain.to_numpy(float), asked)
        if not np.isnan(found).all():
            return found, True
    periods, default = (np.asarray(standards.threshold(key).value, float) for key in RAIN_KEYS)
    return _within(periods, default, asked), False


def _within(periods: NDArray[np.float64], rain: NDArray[np.float64], asked: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.full(asked.shape, np.nan)
    if periods.size:
        inside = (asked >= periods[0]) & (asked <= periods[-1])
        found[inside] = gumbel_interpolate(periods, rain, at_a=asked[inside])
    return found


def peak_discharge_m3_s(
    area_km2: NDArray[np.float64], standards: Standards, *, rain_24h_mm: float
) -> NDArray[np.float64]:
    """Peak discharge of a catchment under a design rain.

    Parameters
    ----------
    area_km2 : numpy.ndarray
        Catchment area.
    standards : Standards
        Parameters (``flood.*``), all open to the county's confirmation.
    rain_24h_mm : float
        Design rain of 24 hours; NaN gives NaN.

    Returns
    -------
    numpy.ndarray of float64
        Rational formula up to ``flood.rational_area_max_km2``; beyond it in proportion to A^n from there.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> peak_discharge_m3_s(np.array([10.0, 1000.0]), book(), rain_24h_mm=160.0).round(0).tolist()
    [132.0, 1358.0]
    """
    if np.isnan(rain_24h_mm):
        return np.full(np.shape(area_km2), np.nan)
    v = standards.value
    limit = v("flood.rational_area_max_km2")
    small = np.minimum(area_km2, limit)
    exponent = v("flood.length_exponent")
    # With S = k A^-theta and A = (x/c)^(1/exponent), the mean slope is the outlet's over 1 - theta/exponent.
    steepening = 1 - v("flood.slope_exponent") / exponent
    if steepening <= 0:
        raise MethodError("flood.slope_exponent has to be smaller than flood.length_exponent")
    peak = rational_peak_m3_s(
        small,
        length_km=v("flood.length_coefficient_km") * small**exponent,
        slope=_channel_slope(small, standards) / steepening,
        rain_24h_mm=rain_24h_mm,
        rain_exponent=v("flood.rain_exponent"),
        loss_mm_h=v("flood.loss_mm_h"),
        routing_m=v("flood.routing_m"),
    )
    return peak * (np.maximum(area_km2, limit) / limit) ** v("flood.area_exponent")


def stage_m(
    discharge_m3_s: NDArray[np.float64], area_km2: NDArray[np.float64], standards: Standards
) -> NDArray[np.float64]:
    """Height of the water over the channel bed.

    Parameters
    ----------
    discharge_m3_s, area_km2 : numpy.ndarray
        Discharge and catchment area at the channel.
    standards : Standards
        Channel slope k A^-theta, width a Q^b and Manning's n (``flood.*``).

    Returns
    -------
    numpy.ndarray of float64
        Depth of uniform flow in m; NaN where an input is NaN.

    Notes
    -----
    The channel stays as wide as its own discharge makes it: water that spreads over a flood plain stands
    lower, so the screening errs on the side of more water.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> stage_m(np.array([100.0]), np.array([10.0]), book()).round(2).tolist()
    [0.89]
    """
    width = standards.value("flood.width_coefficient") * discharge_m3_s ** standards.value("flood.width_exponent")
    return normal_depth_m(
        discharge_m3_s,
        width_m=width,
        slope=_channel_slope(area_km2, standards),
        roughness=standards.value("flood.roughness"),
    )


def _channel_slope(area_km2: NDArray[np.float64], standards: Standards) -> NDArray[np.float64]:
    return standards.value("flood.slope_coefficient") * area_km2 ** -standards.value("flood.slope_exponent")
