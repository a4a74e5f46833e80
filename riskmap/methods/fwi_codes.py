"""Kernels of the three moisture codes of the Fire Weather Index system, one station after another."""

import numpy as np
from numba import njit

__all__ = ["moisture_series"]


@njit(cache=True, nogil=True)
def _fine_fuel(previous: float, temp: float, humidity: float, wind: float, rain: float, constant: float) -> float:
    """Equations 1 to 10 of Van Wagner and Pickett 1985."""
    h = 99.9999 if humidity >= 100.0 else humidity
    m = constant * (101.0 - previous) / (59.5 + previous)
    if rain > 0.5:
        net = rain - 0.5
        wet = m + 42.5 * net * np.exp(-100.0 / (251.0 - m)) * (1.0 - np.exp(-6.93 / net))
        if m > 150.0:
            wet += 0.0015 * (m - 150.0) ** 2 * np.sqrt(net)
        m = min(wet, 250.0)
    warm = 0.18 * (21.1 - temp) * (1.0 - np.exp(-0.115 * h))
    drying = 0.942 * h**0.679 + 11.0 * np.exp((h - 100.0) / 10.0) + warm
    wetting = 0.618 * h**0.753 + 10.0 * np.exp((h - 100.0) / 10.0) + warm
    if m > drying:
        r = h / 100.0
        speed = 0.424 * (1.0 - r**1.7) + 0.0694 * np.sqrt(wind) * (1.0 - r**8)
        m = drying + (m - drying) / 10.0 ** (speed * 0.581 * np.exp(0.0365 * temp))
    elif m < drying and m < wetting:
        r = (100.0 - h) / 100.0
        speed = 0.424 * (1.0 - r**1.7) + 0.0694 * np.sqrt(wind) * (1.0 - r**8)
        m = wetting - (wetting - m) / 10.0 ** (speed * 0.581 * np.exp(0.0365 * temp))
    elif np.isnan(drying) or np.isnan(m):
        return np.nan
    code = 59.5 * (250.0 - m) / (constant + m)
    if code > 101.0:
        return 101.0
    return max(code, 0.0)


@njit(cache=True, nogil=True)
def _duff(previous: float, temp: float, humidity: float, rain: float, day_length_h: float) -> float:
    """Equations 11 to 17."""
    t = max(temp, -1.1)
    code = previous
    if rain > 1.5:
        net = 0.92 * rain - 1.27
        m = 20.0 + 280.0 / np.exp(0.023 * previous)
        if previous <= 33.0:
            slope = 100.0 / (0.5 + 0.3 * previous)
        elif previous <= 65.0:
            slope = 14.0 - 1.3 * np.log(previous)
        else:
            slope = 6.2 * np.log(previous) - 17.2
        code = 43.43 * (5.6348 - np.log(m + 1000.0 * net / (48.77 + slope * net) - 20.0))
        code = max(code, 0.0)
    code += 1.894 * (t + 1.1) * (100.0 - humidity) * day_length_h * 1e-4
    return max(code, 0.0)


@njit(cache=True, nogil=True)
def _drought(previous: float, temp: float, rain: float, day_factor: float) -> float:
    """Equations 18 to 23."""
    t = max(temp, -2.8)
    code = previous
    if rain > 2.8:
        net = 0.83 * rain - 1.27
        code = previous - 400.0 * np.log(1.0 + 3.937 * net / (800.0 * np.exp(-previous / 400.0)))
        code = max(code, 0.0)
    loss = (0.36 * (t + 2.8) + day_factor) / 2.0
    code += max(loss, 0.0)
    return max(code, 0.0)


@njit(cache=True, nogil=True)
def moisture_series(
    weather: np.ndarray,
    active: np.ndarray,
    month: np.ndarray,
    day_length: np.ndarray,
    start: np.ndarray,
    constant: float,
    longest_gap: int,
) -> np.ndarray:
    """Carry the codes from day to day: weather (4, S, D) of degC, %, km/h, mm -> codes (3, S, D).

    `active` (S, D) is False out of season: NaN there, and the codes begin at `start` (S, 3) again after it.
    `month` (D) is 0..11, `day_length` (2, S, 12) holds the DMC hours and DC factors. A day with unknown
    weather is NaN and the codes wait; after more than `longest_gap` such days in a row they stay NaN to the
    season's end.

    Examples
    --------
    >>> weather = np.array([[[17.0]], [[42.0]], [[25.0]], [[0.0]]])
    >>> lengths = np.array([[[12.8]], [[0.9]]])
    >>> month, start = np.array([0]), np.array([[85.0, 6.0, 15.0]])
    >>> codes = moisture_series(weather, np.array([[True]]), month, lengths, start, 147.2, 0)
    >>> codes.ravel().round(3).tolist()
    [87.693, 8.545, 19.014]
    """
    stations, days = active.shape
    codes = np.full((3, stations, days), np.nan)
    for s in range(stations):
        running, gap = False, 0
        fine, duff, drought = start[s, 0], start[s, 1], start[s, 2]
        for d in range(days):
            if not active[s, d]:
                running = False
                continue
            if not running:
                running, gap = True, 0
                fine, duff, drought = start[s, 0], start[s, 1], start[s, 2]
            temp, humidity, wind, rain = (
                weather[0, s, d],
                weather[1, s, d],
                weather[2, s, d],
                weather[3, s, d],
            )
            if np.isnan(temp) or np.isnan(humidity) or np.isnan(wind) or np.isnan(rain):
                gap += 1
                continue
            if gap > longest_gap:
                continue
            gap = 0
            fine = _fine_fuel(fine, temp, humidity, wind, rain, constant)
            duff = _duff(duff, temp, humidity, rain, day_length[0, s, month[d]])
            drought = _drought(drought, temp, rain, day_length[1, s, month[d]])
            codes[0, s, d], codes[1, s, d], codes[2, s, d] = fine, duff, drought
    return codes
