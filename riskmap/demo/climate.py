"""Made-up weather: stations, forty years of months, ten years of days, design rain."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr

from riskmap.demo.frame import CRS, rng_of
from riskmap.demo.ground import Ground

__all__ = ["make_daily", "make_monthly", "make_rain_design", "make_stations"]

_YEARS = range(1984, 2024)
_DAILY_YEARS = range(2014, 2024)
_RAIN_MM = np.array([2.6, 4.2, 9.5, 19.0, 31.0, 52.0, 98.0, 103.0, 54.0, 22.0, 8.5, 2.2])
_TEMP_DEGC = np.array([-9.2, -4.8, 2.6, 10.8, 17.3, 21.4, 23.0, 21.2, 15.6, 8.8, 0.0, -7.0])
_SHAPE = np.array([0.7, 0.8, 1.0, 1.2, 1.7, 2.4, 3.0, 3.0, 2.2, 1.5, 0.9, 0.6])
_WET_DAYS = np.array([2, 3, 4, 5, 6, 9, 12, 11, 8, 6, 3, 2])
_WIND_M_S = np.array([2.4, 2.8, 3.6, 4.2, 4.0, 3.2, 2.6, 2.3, 2.4, 2.6, 2.7, 2.4])
_HUMIDITY_PCT = np.array([44, 38, 31, 27, 29, 37, 50, 54, 49, 44, 45, 46])
_LAPSE_DEGC_M = 0.006
_DESIGN_MM = {1: (26, 35, 43, 54, 62), 6: (46, 60, 74, 92, 106), 24: (62, 81, 99, 123, 141)}
_PERIODS_A = (5, 10, 20, 50, 100)


def make_stations(ground: Ground) -> gpd.GeoDataFrame:
    """Eight stations at township seats and two beyond the county's east.

    Parameters
    ----------
    ground : Ground
        Relief.

    Returns
    -------
    GeoDataFrame
        ``station_id``, ``name``, ``elevation_m``, EPSG:4546.

    Examples
    --------
    >>> make_stations.__name__
    'make_stations'
    """
    towns = ground.frame.townships.iloc[[0, 1, 2, 3, 5, 6, 7, 9]]
    west, south, east, north = ground.frame.outline.total_bounds
    points = gpd.GeoSeries(
        [*towns.geometry, *gpd.points_from_xy([east - 900, west + 0.86 * (east - west)], [north - 9000, south + 9000])],
        crs=CRS,
    )
    rows, columns = ground.cells(points.x.to_numpy(), points.y.to_numpy())
    names = [*towns["name"].str[:-1] + "站", "县外东北站", "县外东南站"]
    return gpd.GeoDataFrame(
        {
            "station_id": [f"D{n:04d}" for n in range(1, len(points) + 1)],
            "name": names,
            "elevation_m": ground.relief.level[rows, columns].round(0).astype(float),
        },
        geometry=points.to_numpy(),
        crs=CRS,
    )


def make_monthly(stations: gpd.GeoDataFrame, *, seed: int) -> pd.DataFrame:
    """Monthly rain and temperature, 1984 to 2023; droughts last because wet and dry linger.

    Parameters
    ----------
    stations : GeoDataFrame
        From `make_stations`.
    seed : int
        Seed of the county.

    Returns
    -------
    DataFrame
        ``station_id``, ``year``, ``month``, ``rain_mm`` (about 400 a year, more in the south-east), ``temp_degc``.

    Notes
    -----
    Rain is a gamma variable of each month; its normal score is a slow part (0.9 of it stays to the next month), a
    part of the month and a part of the station, of variances 0.3, 0.55 and 0.15.

    Examples
    --------
    >>> make_monthly.__name__
    'make_monthly'
    """
    rng = rng_of(seed, "weather_monthly")
    months = len(_YEARS) * 12
    slow = np.zeros(months)
    for n in range(1, months):
        slow[n] = 0.9 * slow[n - 1] + np.sqrt(1 - 0.81) * rng.standard_normal()
    shared = np.sqrt(0.3) * slow + np.sqrt(0.55) * rng.standard_normal(months)
    score = shared + np.sqrt(0.15) * rng.standard_normal((len(stations), months))
    place = 1 + 0.0030 * (stations.geometry.x - stations.geometry.x.mean()) / 1000
    place = place - 0.0026 * (stations.geometry.y - stations.geometry.y.mean()) / 1000
    month = np.tile(np.arange(12), len(_YEARS))
    mean = _RAIN_MM[month] * place.to_numpy()[:, np.newaxis]
    rain = gammaincinv(_SHAPE[month], ndtr(score)) * mean / _SHAPE[month]
    warming = 0.03 * (np.arange(months) / 12 - len(_YEARS) / 2)
    cool = _LAPSE_DEGC_M * (stations["elevation_m"].to_numpy() - 900)[:, np.newaxis]
    temp = _TEMP_DEGC[month] + warming + 1.1 * rng.standard_normal(months) - 0.35 * shared - cool
    temp = temp + 0.2 * rng.standard_normal(rain.shape)
    return pd.DataFrame(
        {
            "station_id": np.repeat(stations["station_id"].to_numpy(), months),
            "year": np.tile(np.repeat(list(_YEARS), 12), len(stations)),
            "month": np.tile(month + 1, len(stations)),
            "rain_mm": rain.round(1).ravel(),
            "temp_degc": temp.round(1).ravel(),
        }
    )


def make_daily(stations: gpd.GeoDataFrame, monthly: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Noon weather of ten years; the days' rain adds up to the months' within rounding.

    Parameters
    ----------
    stations : GeoDataFrame
        From `make_stations`.
    monthly : DataFrame
        From `make_monthly`.
    seed : int
        Seed of the county.

    Returns
    -------
    DataFrame
        ``station_id``, ``date`` (ISO), ``temp_degc``, ``humidity_pct``, ``wind_m_s``, ``rain_mm`` (24 h).

    Examples
    --------
    >>> make_daily.__name__
    'make_daily'
    """
    rng = rng_of(seed, "weather_daily")
    days = pd.date_range(f"{_DAILY_YEARS[0]}-01-01", f"{_DAILY_YEARS[-1]}-12-31")
    month = days.month.to_numpy() - 1
    wet = rng.random(len(days)) < (_WET_DAYS / 30.4)[month]
    burst = np.where(wet, rng.gamma(0.7, 1.0, len(days)), 0.0)
    swing = _lingering(len(days), 0.75, rng)
    wind = _WIND_M_S[month] * rng.gamma(6, 1 / 6, len(days))
    moist = _lingering(len(days), 0.6, rng)
    keys = days.year.to_numpy() * 100 + month + 1
    parts = []
    for station in stations["station_id"]:
        table = monthly[monthly["station_id"] == station].assign(key=lambda one: one["year"] * 100 + one["month"])
        table = table.set_index("key").loc[keys]
        weight = burst * rng.lognormal(0, 0.35, len(days))
        rain = _shared_out(weight, table["rain_mm"].to_numpy(), keys)
        temp = (
            table["temp_degc"].to_numpy() + 5.6 + 3.2 * swing - 2.5 * (rain > 1) + 0.4 * rng.standard_normal(len(days))
        )
        humid = _HUMIDITY_PCT[month] * np.exp(0.25 * moist - 0.02 * swing) + 26 * (1 - np.exp(-rain / 4))
        parts.append(
            pd.DataFrame(
                {
                    "station_id": station,
                    "date": days.strftime("%Y-%m-%d"),
                    "temp_degc": temp.round(1),
                    "humidity_pct": humid.clip(6, 100).round(0).astype(int),
                    "wind_m_s": (wind * rng.lognormal(0, 0.15, len(days))).round(1),
                    "rain_mm": rain,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _lingering(count: int, stay: float, rng: np.random.Generator) -> NDArray[np.float64]:
    values = rng.standard_normal(count)
    for n in range(1, count):
        values[n] = stay * values[n - 1] + np.sqrt(1 - stay**2) * values[n]
    return values


def _shared_out(
    weight: NDArray[np.float64], month_mm: NDArray[np.float64], keys: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Give each month's rain to its days by weight; a month without a wet day rains on its 15th."""
    weight = weight.copy()
    first = np.flatnonzero(np.r_[True, np.diff(keys) != 0])
    total = np.add.reduceat(weight, first)
    weight[first[total == 0] + 14] = 1.0
    total = np.repeat(np.add.reduceat(weight, first), np.diff(np.r_[first, len(keys)]))
    return np.round(weight / total * month_mm, 1)


def make_rain_design() -> pd.DataFrame:
    """Design rain of the county by return period and duration.

    Returns
    -------
    DataFrame
        ``return_period_a``, ``duration_h``, ``rain_mm``.

    Examples
    --------
    >>> make_rain_design().query("duration_h == 24")["rain_mm"].tolist()
    [62, 81, 99, 123, 141]
    """
    rows = [
        (period, hours, depth)
        for hours, depths in _DESIGN_MM.items()
        for period, depth in zip(_PERIODS_A, depths, strict=True)
    ]
    return pd.DataFrame(rows, columns=["return_period_a", "duration_h", "rain_mm"])
