"""Fire weather of the stations: the 90th percentile of the Fire Weather Index over the days of the fire season."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.hazards.weather import latitudes, on_stations, station_names, twice
from riskmap.methods import day_lengths, fire_season, fire_weather
from riskmap.model import LeftOut, Standards, Survey, Text

__all__ = ["SeasonWeather", "numbers", "season_weather"]

_TITLE = Text("防火期火险天气指数第90百分位", "90th percentile of the fire weather index in the season")
_KM_H = 3.6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeasonWeather:
    """Fire weather by station.

    Parameters
    ----------
    stations : GeoDataFrame
        Empty where there are none.
    p90 : ndarray, shape (stations,)
        90th percentile of the index; NaN unknown.
    span : tuple of int, optional
        How many stations know it, over which years (first, last); None where none does.
    left_out : tuple of LeftOut
        What could not be rated.
    """

    stations: gpd.GeoDataFrame
    p90: NDArray[np.float64]
    span: tuple[int, int, int] | None = None
    left_out: tuple[LeftOut, ...] = ()


def numbers(standards: Standards, key: str) -> tuple[float, ...]:
    """Numbers of a threshold that may hold one or several.

    Parameters
    ----------
    standards : Standards
        The book.
    key : str
        Of the threshold.

    Returns
    -------
    tuple of float

    Raises
    ------
    StandardError
        No such key, or a value of words.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> numbers(book(), "fire.season_days"), numbers(book(), "fire.start_codes")
    ((3.0,), (85.0, 6.0, 15.0))
    """
    value = standards.threshold(key).value
    return tuple(float(one) for one in value) if isinstance(value, tuple) else (standards.value(key),)


def season_weather(survey: Survey, months: Sequence[int], **how: Any) -> SeasonWeather:
    """Rate the days of the fire season at every station.

    Parameters
    ----------
    survey : Survey
        ``stations`` and ``weather_daily``, where they are there.
    months : sequence of int
        Months of the fire season.
    **how
        ``constant`` and ``daylight`` of `riskmap.methods.fire_weather` and `riskmap.methods.day_lengths`.

    Returns
    -------
    SeasonWeather

    Raises
    ------
    MethodError
        A day that stands twice for one station.

    Notes
    -----
    Stations with fewer years than ``fire.fewest_seasons_count`` stay unknown and are told.

    Examples
    --------
    >>> season_weather.__name__
    'season_weather'
    """
    if not survey.has("stations", "weather_daily"):
        why = ("缺少气象站或逐日气象", "no stations or no daily weather")
        return SeasonWeather(stations=gpd.GeoDataFrame(geometry=[]), p90=np.zeros(0), left_out=(_gone(_TITLE, why),))
    stations, daily = survey.frame("stations"), survey.frame("weather_daily")
    daily = daily[daily["station_id"].isin(stations["station_id"]) & daily["date"].notna()]
    if daily.empty:
        why = ("逐日气象中没有已知气象站的记录", "the daily weather holds no day of a known station")
        return SeasonWeather(stations=stations, p90=np.full(len(stations), np.nan), left_out=(_gone(_TITLE, why),))
    index, days = _daily_index(stations, daily, survey.standards, **how)
    p90, left_out = np.full(len(stations), np.nan), []
    least = survey.standards.value("fire.fewest_seasons_count")
    season = np.isin(days.month, months)
    for n, (name, one) in enumerate(zip(station_names(stations), index, strict=True)):
        known = season & ~np.isnan(one)
        count = np.unique(days.year[known]).size
        if count >= least:
            p90[n] = np.quantile(one[known], 0.9)
        else:
            why = (f"仅有{count}年的火险天气", f"{count} years of fire weather only, {least:g} are needed")
            left_out.append(_gone(Text(f"{name}的火险天气", f"Fire weather of station {name}"), why))
    used = int((~np.isnan(p90)).sum())
    span = (used, int(days.year[0]), int(days.year[-1])) if used else None
    return SeasonWeather(stations=stations, p90=p90, span=span, left_out=tuple(left_out))


def _gone(what: Text, why: tuple[str, str]) -> LeftOut:
    return LeftOut(product=what, reason=Text(*why))


def _daily_index(
    stations: gpd.GeoDataFrame,
    daily: pd.DataFrame,
    standards: Standards,
    *,
    constant: float,
    daylight: Literal["bands", "linear"],
) -> tuple[NDArray[np.float64], pd.DatetimeIndex]:
    date = pd.to_datetime(daily["date"]).dt.normalize()
    twice(daily.assign(date=date), ["station_id", "date"], layer="weather_daily")
    days = pd.date_range(date.min(), date.max(), freq="D")
    step = (date - days[0]).dt.days
    temp, humidity, wind, rain = (
        on_stations(daily, column, stations=stations, step=step, steps=len(days))
        for column in ("temp_degc", "humidity_pct", "wind_m_s", "rain_mm")
    )
    active = fire_season(
        temp,
        start_degc=standards.value("fire.season_start_degc"),
        end_degc=standards.value("fire.season_end_degc"),
        days=int(standards.value("fire.season_days")),
    )
    weather = fire_weather(
        temp,
        humidity,
        wind * _KM_H,
        rain,
        month=np.asarray(days.month),
        lengths=day_lengths(latitudes(stations), between=daylight),
        start=numbers(standards, "fire.start_codes"),
        active=active,
        longest_gap_days=int(standards.value("fire.longest_gap_days")),
        constant=constant,
    )
    return weather.fwi, days
