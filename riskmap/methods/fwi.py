"""The Canadian Fire Weather Index system (Van Wagner and Pickett 1985) over stations and days."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmap.errors import MethodError
from riskmap.methods.fwi_codes import moisture_series
from riskmap.model.shown import fields_frame, frame_html

__all__ = [
    "FFMC_CONSTANT",
    "FFMC_CONSTANT_EXACT",
    "FireWeather",
    "build_up_index",
    "day_lengths",
    "fire_season",
    "fire_weather",
    "fire_weather_index",
    "initial_spread_index",
]

FFMC_CONSTANT = 147.2
"""Moisture scale of the fine-fuel code as printed in Forestry Technical Report 33."""
FFMC_CONSTANT_EXACT = 250 * 59.5 / 101
"""The same, unrounded (147.2772...), as in newer releases of cffdrs."""

_DMC_46N = (6.5, 7.5, 9.0, 12.8, 13.9, 13.9, 12.4, 10.9, 9.4, 8.0, 7.0, 6.0)
_DMC_20N = (7.9, 8.4, 8.9, 9.5, 9.9, 10.2, 10.1, 9.7, 9.1, 8.6, 8.1, 7.8)
_DMC_20S = (10.1, 9.6, 9.1, 8.5, 8.1, 7.8, 7.9, 8.3, 8.9, 9.4, 9.9, 10.2)
_DMC_40S = (11.5, 10.5, 9.2, 7.9, 6.8, 6.2, 6.5, 7.4, 8.7, 10.0, 11.2, 11.8)
_DC_NORTH = (-1.6, -1.6, -1.6, 0.9, 3.8, 5.8, 6.4, 5.0, 2.4, 0.4, -1.6, -1.6)
_DC_SOUTH = (6.4, 5.0, 2.4, 0.4, -1.6, -1.6, -1.6, -1.6, -1.6, 0.9, 3.8, 5.8)
_DMC_EQUATOR_H, _DC_EQUATOR = 9.0, 1.4


class FireWeather(NamedTuple):
    """Codes and indices, arrays of one shape: moisture codes, spread, build-up and fire weather index."""

    ffmc: np.ndarray
    dmc: np.ndarray
    dc: np.ndarray
    isi: np.ndarray
    bui: np.ndarray
    fwi: np.ndarray

    def _repr_html_(self) -> str:
        return frame_html(self)

    def to_frame(self) -> pd.DataFrame:
        """Codes and indices, a row each, with the size of their arrays."""
        return fields_frame(self)


def day_lengths(latitude_deg: ArrayLike, *, between: Literal["bands", "linear"] = "bands") -> np.ndarray:
    """Effective day lengths of the duff code and day-length factors of the drought code.

    Parameters
    ----------
    latitude_deg : array_like, shape (S,)
        Latitudes, degrees north.
    between : {"bands", "linear"}
        ``bands``: the tables of 46 N, 20 N, equator, 20 S, 40 S each hold over a band with bounds at 30 N,
        10 N, 10 S, 30 S (drought code: 20 N, 20 S), as in cffdrs; so 39 N takes the table of 46 N.
        ``linear``: the duff table is interpolated between those latitudes, level beyond; bands for the
        drought code, whose factors are printed by hemisphere only.

    Returns
    -------
    ndarray, shape (2, S, 12)
        Hours for the duff code, then factors for the drought code, January first; NaN where a latitude is.

    Raises
    ------
    MethodError
        Latitude beyond the poles, or another rule.

    Examples
    --------
    >>> day_lengths([39.4])[0, 0, 3:6].tolist()
    [12.8, 13.9, 13.9]
    >>> day_lengths([39.4], between="linear")[0, 0, 3:6].round(2).tolist()
    [11.96, 12.88, 12.96]
    """
    latitude = np.atleast_1d(np.asarray(latitude_deg, dtype=float))
    if (np.abs(latitude) > 90).any() or between not in ("bands", "linear"):
        raise MethodError(
            f"latitudes {latitude.min():g} to {latitude.max():g}, rule {between!r}: give -90..90, and bands or linear"
        )
    rows = np.array([_DMC_40S, _DMC_20S, [_DMC_EQUATOR_H] * 12, _DMC_20N, _DMC_46N])
    if between == "bands":
        duff = rows[np.searchsorted([-30.0, -10.0, 10.0, 30.0], latitude)]
    else:
        knots = [-40.0, -20.0, 0.0, 20.0, 46.0]
        duff = np.stack([np.interp(latitude, knots, rows[:, m]) for m in range(12)], axis=1)
    factors = np.array([_DC_SOUTH, [_DC_EQUATOR] * 12, _DC_NORTH])
    drought = factors[np.searchsorted([-20.0, 20.0], latitude)]
    both = np.stack([duff, drought])
    both[:, np.isnan(latitude)] = np.nan
    return both


def initial_spread_index(ffmc: ArrayLike, wind_km_h: ArrayLike, *, constant: float = FFMC_CONSTANT) -> np.ndarray:
    """Rate of spread without the influence of fuel quantity.

    Parameters
    ----------
    ffmc : array_like
        Fine-fuel moisture code, 0..101.
    wind_km_h : array_like
        Noon wind at 10 m, km/h (not m/s).
    constant : float
        Moisture scale, as used for the code.

    Returns
    -------
    ndarray
        ISI = 0.208 e^(0.05039 W) 91.9 e^(-0.1386 m) (1 + m^5.31/4.93e7); NaN where an input is.

    Examples
    --------
    >>> initial_spread_index(87.692980092774448, 25.0).round(4).item()
    10.8537
    """
    code, wind = np.asarray(ffmc, dtype=float), np.asarray(wind_km_h, dtype=float)
    m = constant * (101 - code) / (59.5 + code)
    fuel = 91.9 * np.exp(-0.1386 * m) * (1 + m**5.31 / 4.93e7)
    return np.asarray(0.208 * np.exp(0.05039 * wind) * fuel)


def build_up_index(dmc: ArrayLike, dc: ArrayLike) -> np.ndarray:
    """Fuel available to a spreading fire.

    Parameters
    ----------
    dmc, dc : array_like
        Duff moisture code and drought code, 0 and more.

    Returns
    -------
    ndarray
        BUI = 0.8 P D/(P + 0.4 D) where P <= 0.4 D, else P - (1 - 0.8 D/(P + 0.4 D))(0.92 + (0.0114 P)^1.7);
        0 where both are 0, never below 0; NaN where an input is.

    Examples
    --------
    >>> build_up_index(8.5450511359999997, 19.013999999999999).round(4).item()
    8.4904
    """
    P, D = np.asarray(dmc, dtype=float), np.asarray(dc, dtype=float)
    whole = P + 0.4 * D
    safe = np.where(whole == 0, 1.0, whole)
    low = 0.8 * P * D / safe
    high = P - (1 - 0.8 * D / safe) * (0.92 + (0.0114 * P) ** 1.7)
    return np.maximum(np.where(P <= 0.4 * D, low, high), 0.0)


def fire_weather_index(isi: ArrayLike, bui: ArrayLike) -> np.ndarray:
    """Fire intensity as a plain index from spread and fuel.

    Parameters
    ----------
    isi, bui : array_like
        Initial spread and build-up index.

    Returns
    -------
    ndarray
        B = 0.1 ISI f(BUI), f = 0.626 BUI^0.809 + 2 up to 80 and 1000/(25 + 108.64 e^(-0.023 BUI)) above;
        FWI = B up to 1, else exp(2.72 (0.434 ln B)^0.647). NaN where an input is.

    Examples
    --------
    >>> fire_weather_index(10.853661073655068, 8.4904265268668649).round(4).item()
    10.0964
    """
    spread, fuel = np.asarray(isi, dtype=float), np.asarray(bui, dtype=float)
    light = 0.626 * np.minimum(fuel, 80) ** 0.809 + 2
    heavy = 1000 / (25 + 108.64 * np.exp(-0.023 * fuel))
    B = 0.1 * spread * np.where(fuel > 80, heavy, light)
    return np.where(B > 1, np.exp(2.72 * (0.434 * np.log(np.maximum(B, 1))) ** 0.647), B)


def fire_season(temp_degc: np.ndarray, *, start_degc: float, end_degc: float, days: int) -> np.ndarray:
    """Days on which the codes run, by temperature alone.

    Parameters
    ----------
    temp_degc : ndarray, shape (..., D)
        Noon temperature of consecutive days.
    start_degc, end_degc : float
        The season starts the day after `days` days in a row above `start_degc` and ends the day after as many
        below `end_degc`.
    days : int
        Days in a row, 1 and more.

    Returns
    -------
    ndarray of bool, shape (..., D)
        True in season; a record begins out of season. An unknown day breaks a row of days.

    Raises
    ------
    MethodError
        `days` below 1, or an end that is warmer than the start.

    Notes
    -----
    Wotton and Flannigan 1993, doi:10.5558/tfc69187-2 (there 12 degC, 5 degC and 3 days).

    Examples
    --------
    >>> temp = np.array([13.0, 14, 15, 11, 4, 4, 4, 4])
    >>> fire_season(temp, start_degc=12, end_degc=5, days=3).tolist()
    [False, False, False, True, True, True, True, False]
    """
    if days < 1 or end_degc > start_degc:
        raise MethodError(
            f"a season of {days} days from {start_degc:g} to {end_degc:g} degC: "
            "give 1 day or more, and an end that is not warmer than the start"
        )
    temp = np.asarray(temp_degc, dtype=float)
    step = np.arange(temp.shape[-1])
    last = np.zeros((2, *temp.shape), dtype=np.int64)
    for n, met in enumerate((temp > start_degc, temp < end_degc)):
        before = np.concatenate([np.zeros((*temp.shape[:-1], days), dtype=bool), met], axis=-1)[..., :-1]
        row = np.lib.stride_tricks.sliding_window_view(before, days, axis=-1).all(axis=-1)
        last[n] = np.maximum.accumulate(np.where(row, step + 1, 0), axis=-1)
    return np.asarray(last[0] > last[1])


def fire_weather(
    temp_degc: np.ndarray,
    humidity_pct: np.ndarray,
    wind_km_h: np.ndarray,
    rain_mm: np.ndarray,
    *,
    month: np.ndarray,
    lengths: np.ndarray,
    start: ArrayLike = (85.0, 6.0, 15.0),
    active: np.ndarray | None = None,
    longest_gap_days: int = 0,
    constant: float = FFMC_CONSTANT,
) -> FireWeather:
    """Run the Fire Weather Index system over consecutive days.

    Parameters
    ----------
    temp_degc, humidity_pct, wind_km_h, rain_mm : ndarray, shape (S, D)
        Noon temperature (degC), relative humidity (%), wind at 10 m (**km/h**), rain of the 24 h before (mm).
    month : ndarray of int, shape (D,)
        Calendar month of each day, 1..12.
    lengths : ndarray, shape (2, S, 12)
        From `day_lengths`.
    start : array_like, shape (3,) or (S, 3)
        Fine-fuel, duff and drought code before the first day of a season.
    active : ndarray of bool, shape (S, D), optional
        Days in season (`fire_season`); None for all. Every season begins at `start` (no overwintering).
    longest_gap_days : int
        Days of unknown weather in a row over which the codes wait; after a longer gap they are unknown up to
        the next season.
    constant : float
        147.2 (the report) or `FFMC_CONSTANT_EXACT`; they differ by up to 0.12 in the fine-fuel code.

    Returns
    -------
    FireWeather
        Arrays (S, D); NaN out of season and where the weather is unknown.

    Raises
    ------
    MethodError
        Shapes do not agree, or months outside 1..12.

    Notes
    -----
    Van Wagner and Pickett 1985, Forestry Technical Report 33; Van Wagner 1987, FTR 35.

    Examples
    --------
    >>> day = fire_weather(*np.array([[[17.0]], [[42.0]], [[25.0]], [[0.0]]]), month=np.array([4]),
    ...     lengths=day_lengths([46.0]))
    >>> day.fwi.round(3).item()
    10.096
    """
    series = [np.asarray(one, dtype=float) for one in (temp_degc, humidity_pct, wind_km_h, rain_mm)]
    shape, months = series[0].shape, np.asarray(month)
    agree = len(shape) == 2 and all(one.shape == shape for one in series)
    if not agree or months.shape != shape[1:] or lengths.shape != (2, shape[0], 12):
        raise MethodError(
            f"weather {[one.shape for one in series]}, months {months.shape}, day lengths {lengths.shape}: "
            "give (stations, days), (days,) and (2, stations, 12)"
        )
    if months.size and not (months.min() >= 1 and months.max() <= 12):
        raise MethodError(f"months {months.min()} to {months.max()}: give 1 to 12")
    codes = moisture_series(
        np.stack(series),
        np.ones(shape, dtype=bool) if active is None else np.asarray(active, dtype=bool),
        months.astype(np.int64) - 1,
        np.ascontiguousarray(lengths, dtype=float),
        np.array(np.broadcast_to(np.asarray(start, dtype=float), (shape[0], 3))),
        float(constant),
        longest_gap_days,
    )
    isi = initial_spread_index(codes[0], series[2], constant=constant)
    bui = build_up_index(codes[1], codes[2])
    return FireWeather(codes[0], codes[1], codes[2], isi, bui, fire_weather_index(isi, bui))
