"""Standardised precipitation indices (SPI, SPEI) and Thornthwaite's evapotranspiration, on monthly series."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from scipy.special import ndtri

from riskmap.errors import MethodError
from riskmap.methods.distributions import GammaFit, gamma_cdf, gamma_fit, loglogistic_cdf, loglogistic_fit

__all__ = ["rolling_sum", "spei", "spi", "thornthwaite_mm"]

_MONTH_DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def rolling_sum(values: np.ndarray, *, months: int) -> np.ndarray:
    """Sum of each month and the `months` - 1 before it.

    Parameters
    ----------
    values : ndarray, shape (..., n)
        Monthly values, oldest first.
    months : int
        Length of the window, 1 and more.

    Returns
    -------
    ndarray
        Shaped like `values`; NaN where the window is not full or holds NaN.

    Raises
    ------
    MethodError
        `months` is below 1.

    Examples
    --------
    >>> rolling_sum(np.array([1.0, 2.0, 3.0]), months=2)
    array([nan,  3.,  5.])
    """
    if months < 1:
        raise MethodError(f"a window of {months} months; give 1 or more")
    x = np.asarray(values, dtype=float)
    sums = np.full(x.shape, np.nan)
    if x.shape[-1] >= months:
        sums[..., months - 1 :] = np.lib.stride_tricks.sliding_window_view(x, months, axis=-1).sum(axis=-1)
    return sums


def spi(
    rain_mm: np.ndarray,
    *,
    scale_months: int,
    first_month: int = 1,
    fit: GammaFit = "thom",
    zeros: Literal["mixed", "impossible"] = "mixed",
) -> np.ndarray:
    """Standardised Precipitation Index: how unusual the rain of the last months is for the time of year.

    Parameters
    ----------
    rain_mm : ndarray, shape (..., n)
        Monthly rain, mm, oldest first, without gaps in the calendar (a missing month is NaN).
    scale_months : int
        Months added up: 3 for SPI-3.
    first_month : int
        Calendar month of the first value, 1..12.
    fit : {"thom", "ub-pwm"}
        Gamma fit of each calendar month, see `gamma_fit`; the default is the formula of GB/T 20481.
    zeros : {"mixed", "impossible"}
        ``mixed``: H = q + (1 - q) G with q the share of zeros, so a dry month has the index of probability
        q, which is finite wherever zeros occurred. ``impossible``: G alone, as in R's SPEI 1.8.1; a zero is
        -inf.

    Returns
    -------
    ndarray
        Index, shaped like `rain_mm`. NaN where the sum is unknown, or a calendar month has fewer than 4
        positive sums or no spread. Nothing is capped.

    Raises
    ------
    MethodError
        Negative rain, or arguments outside their range.

    Notes
    -----
    GB/T 20481-2017 (SPI); McKee and others 1993. The fit uses the whole series given.

    Examples
    --------
    >>> rain = np.tile(np.arange(10.0, 22.0), 30) + 2.0 * (np.arange(360) // 12)
    >>> spi(rain, scale_months=3)[[0, 2, -1]].round(2)
    array([  nan, -2.08,  1.47])
    """
    if zeros not in ("mixed", "impossible"):
        raise MethodError(f"zeros = {zeros!r}; give mixed or impossible")
    rain = np.asarray(rain_mm, dtype=float)
    if (rain < 0).any():
        raise MethodError(f"rain of {np.nanmin(rain):g} mm: rain is never negative; mark missing months as NaN")

    def probability(sums: np.ndarray) -> np.ndarray:
        known = sums[~np.isnan(sums)]
        shape, scale = gamma_fit(known[known > 0], method=fit)
        dry = float((known == 0).mean()) if known.size and zeros == "mixed" else 0.0
        return dry + (1 - dry) * gamma_cdf(sums, shape=shape, scale=scale)

    return _standardised(rolling_sum(rain, months=scale_months), probability, first_month=first_month)


def spei(balance_mm: np.ndarray, *, scale_months: int, first_month: int = 1) -> np.ndarray:
    """Standardised Precipitation-Evapotranspiration Index of a monthly water balance.

    Parameters
    ----------
    balance_mm : ndarray, shape (..., n)
        Rain less potential evapotranspiration, mm a month, oldest first (a missing month is NaN).
    scale_months : int
        Months added up.
    first_month : int
        Calendar month of the first value, 1..12.

    Returns
    -------
    ndarray
        Index, shaped like `balance_mm`; NaN where the sum is unknown or cannot be fitted.

    Raises
    ------
    MethodError
        Arguments outside their range.

    Notes
    -----
    Log-logistic fit by unbiased probability-weighted moments for each calendar month
    (Vicente-Serrano and others 2010, doi:10.1175/2009JCLI2909.1; Begueria and others 2014).

    Examples
    --------
    >>> balance = np.random.default_rng(1).normal(size=240)
    >>> bool(abs(np.nanmean(spei(balance, scale_months=1))) < 0.02)
    True
    """

    def probability(sums: np.ndarray) -> np.ndarray:
        location, scale, shape = loglogistic_fit(sums)
        return loglogistic_cdf(sums, location=location, scale=scale, shape=shape)

    return _standardised(rolling_sum(balance_mm, months=scale_months), probability, first_month=first_month)


def thornthwaite_mm(temp_degc: np.ndarray, *, latitude_deg: float, first_month: int = 1) -> np.ndarray:
    """Potential evapotranspiration of each month after Thornthwaite.

    Parameters
    ----------
    temp_degc : ndarray, shape (n,)
        Mean temperature of each month, degC, oldest first (a missing month is NaN).
    latitude_deg : float
        Latitude, degrees north.
    first_month : int
        Calendar month of the first value, 1..12.

    Returns
    -------
    ndarray, shape (n,)
        mm a month; 0 at and below 0 degC, NaN where the temperature is, all NaN where a calendar month has no
        value or none has a mean above 0 degC.

    Raises
    ------
    MethodError
        `first_month` is outside 1..12.

    Notes
    -----
    PET = 16 d (10 T/H)^A, H = sum of (T/5)^1.514 over the mean months, d = day length/12 h x days/30,
    A = 6.75e-7 H^3 - 7.71e-5 H^2 + 1.792e-2 H + 0.49239 (Thornthwaite 1948).

    Examples
    --------
    >>> year = np.array([-8.0, -4.0, 3.0, 11.0, 17.0, 21.0, 23.0, 21.0, 16.0, 9.0, 1.0, -6.0])
    >>> thornthwaite_mm(year, latitude_deg=39.4)[[0, 6]].round(0).tolist()
    [0.0, 142.0]
    """
    month = _calendar(temp_degc.shape[-1], first_month)
    middle = np.cumsum(_MONTH_DAYS) - _MONTH_DAYS + 15
    declination = 0.4093 * np.sin(2 * np.pi * middle / 365 - 1.405)
    cosine = -np.tan(np.radians(latitude_deg)) * np.tan(declination)
    daylight_h = 24 / np.pi * np.arccos(np.clip(cosine, -1, 1))
    temp = np.asarray(temp_degc, dtype=float)
    warm = np.maximum(temp, 0)
    mean = np.array([_mean(temp[month == m]) for m in range(12)])
    H = float(((np.maximum(mean, 0) / 5) ** 1.514).sum())
    if not H > 0:
        return np.full(temp.shape, np.nan)
    A = 6.75e-7 * H**3 - 7.71e-5 * H**2 + 1.792e-2 * H + 0.49239
    return (daylight_h / 12 * _MONTH_DAYS / 30)[month] * 16 * (10 * warm / H) ** A


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def _calendar(length: int, first_month: int) -> np.ndarray:
    if not 1 <= first_month <= 12:
        raise MethodError(f"first_month {first_month}: give 1 to 12")
    return (np.arange(length) + first_month - 1) % 12


def _standardised(sums: np.ndarray, probability: Callable[[np.ndarray], np.ndarray], *, first_month: int) -> np.ndarray:
    month = _calendar(sums.shape[-1], first_month)
    index = np.full(sums.shape, np.nan)
    for m in range(12):
        here = month == m
        for series in np.ndindex(sums.shape[:-1]):
            index[(*series, here)] = ndtri(probability(sums[(*series, here)]))
    return index
