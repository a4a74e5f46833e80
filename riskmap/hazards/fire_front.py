"""How far a fire gets in given hours: from places of ignition over fuel, relief and the weather of a fire day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.errors import MethodError
from riskmap.hazards.declare import measured
from riskmap.hazards.fire_season import numbers
from riskmap.methods import calm_rate_m_min, slope_factor, wind_factor
from riskmap.model import LeftOut, Standards, Survey, Text
from riskmap.spatial import BEARINGS_DEG, burn, distance, least_time, on_grid

__all__ = ["FRONT_KEYS", "Front", "Weather", "fire_front"]

FRONT_KEYS = (
    "fire.front_hours", "fire.front_margin_m", "fire.front_day_share", "fire.calm_rate", "fire.wind_exponent",
    "fire.slope_exponent",
)  # fmt: skip
_PLACES = ("ignition_sources", "past_fires")
_PRODUCT = Text("火场推演", "Fire front")
_WEATHER = {"temp_degc": (-60.0, 60.0), "humidity_pct": (0.0, 100.0), "wind_m_s": (0.0, 75.0)}
_SLOPES = 1401
"""Slopes at which the factor of slope is taken; straight between them it is right to 1e-5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What the county declares of the weather that drives the front; None: as the stations tell.

    Parameters
    ----------
    wind_m_s, temp_degc, humidity_pct : float, optional
        Noon wind at 10 m, temperature and relative humidity.
    wind_from_deg : float, optional
        Where the wind comes from, degrees clockwise from north; None: from behind the fire, wherever it runs.
    """

    wind_m_s: float | None = None
    temp_degc: float | None = None
    humidity_pct: float | None = None
    wind_from_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Front:
    """A fire front, or why there is none.

    Parameters
    ----------
    variables : dict of str to DataArray
        ``front_arrival_h`` (y, x), hours from ignition, NaN where it does not come within the longest time; its attribute
        ``raster`` has it published as one, the low hours drawn dark;
        ``front_distance_m`` (hours, y, x), distance from what has burnt by then. Empty where there is no front.
    told : Text
        How it was made, one or two sentences; empty where there is none.
    left_out : tuple of LeftOut
        What is missing.
    """

    variables: dict[str, xr.DataArray]
    told: Text = Text("", "")  # noqa: RUF009 -- frozen
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    temp_degc: float
    humidity_pct: float
    wind_m_s: float
    date: str = ""


def fire_front(
    survey: Survey,
    grid: GeoBox,
    *,
    weather: Weather,
    months: Sequence[int],
    hours: Sequence[float] | None = None,
) -> Front:
    """Find when a fire from any of the delivered places of ignition can be in each cell.

    Parameters
    ----------
    survey : Survey
        ``land_cover`` and ``dem``; ``ignition_sources`` or ``past_fires``; ``stations`` with ``weather_daily`` unless all of
        `weather` is declared.
    grid : GeoBox
        Analysis grid.
    weather : Weather
        What is declared.
    months : sequence of int
        Months of the fire season.
    hours : sequence of float, optional
        Times after ignition; ``fire.front_hours`` unless given.

    Returns
    -------
    Front

    Raises
    ------
    MethodError
        A time that is not above 0 or stands twice, or weather out of range.
    MissingLayerError
        There is no land cover.

    Notes
    -----
    Rate ``R0 Ks Kw Kslope`` (`riskmap.methods.fire_spread`), arrival by `riskmap.spatial.least_time`. All places burn at
    once: a cell is reached if a fire from any of them could be there, which is a potential reach and no single fire. Land
    that does not burn (water, built-up, bare) stops it for good where it is as wide as a cell; narrower roads, streams and
    breaks do not (sparks cross them). Nobody puts it out, and it does not come from beyond the county line.

    Examples
    --------
    >>> fire_front.__kwdefaults__["hours"] is None
    True
    """
    times, standards = _times(hours, survey.standards), survey.standards
    _checked(weather)
    day = _day(survey, weather, months)
    missing = [
        *([] if survey.has("dem") else [("缺少高程图层", "no layer of heights")]),
        *([] if any(survey.has(one) for one in _PLACES) else [("缺少野外火源和历史火灾图层", "no places of ignition")]),
        *([] if times.size else [("未设定推演时长", "no hours are declared")]),
        *([] if day is not None else [("防火期火险天气不足", "too little weather of the fire season")]),
    ]
    if missing or day is None:
        return Front(variables={}, left_out=(_gone(missing),))
    ks = _fuel(survey, standards)
    started, count, places = _started(survey, grid, ks)
    if not started.any():
        nowhere = f"no place of ignition on land that burns, of {count}"
        return Front(variables={}, left_out=(_gone([(f"{count}处起火点均不在可燃地类上", nowhere)]),))
    speed = calm_rate_m_min(*_three(day), constants=numbers(standards, "fire.calm_rate")) * ks
    slope = numbers(standards, "fire.slope_exponent")
    arrival = least_time(
        on_grid(started, grid),
        on_grid(speed, grid),
        survey.raster("dem"),
        by_direction=_by_direction(day, weather, standards),
        by_slope=slope_factor(np.linspace(-slope[-1], slope[-1], _SLOPES), constants=slope),
        steepest=slope[-1],
        limit=60 * float(times[-1]),
    )
    told = _story(day, weather, (int(started.sum()), count), places)
    return Front(variables=_variables(arrival.to_numpy() / 60, survey, grid, times=times), told=told)


def _times(hours: Sequence[float] | None, standards: Standards) -> NDArray[np.float64]:
    asked = numbers(standards, "fire.front_hours") if hours is None else tuple(float(one) for one in hours)
    if not all(0 < one < np.inf for one in asked) or len(set(asked)) < len(asked):
        raise MethodError(
            Text(
                f"[hazards.fire] front_h {list(asked)}：每个时间写一次，单位小时，大于 0，如 [1, 3]",
                f"[hazards.fire] front_h {list(asked)}: give each time once, in hours above 0, such as [1, 3]",
            )
        )
    return np.array(sorted(asked), dtype="float64")


def _checked(weather: Weather) -> None:
    limits = {**_WEATHER, "wind_from_deg": (0.0, 360.0)}
    for name, (low, high) in limits.items():
        value = getattr(weather, name)
        if value is not None and not low <= value <= high:
            raise MethodError(
                Text(
                    f"[hazards.fire] {name} {value:g}：请给 {low:g} 至 {high:g} 的数",
                    f"[hazards.fire] {name} {value:g}: give a number from {low:g} to {high:g}",
                )
            )


def _gone(reasons: Sequence[tuple[str, str]]) -> LeftOut:
    return LeftOut(product=_PRODUCT, reason=Text(*("；".join(z for z, _ in reasons), "; ".join(e for _, e in reasons))))


def _three(day: _Day) -> tuple[float, float, float]:
    return day.temp_degc, day.wind_m_s, day.humidity_pct


def _day(survey: Survey, weather: Weather, months: Sequence[int]) -> _Day | None:
    """Day of the season at the declared share by rate of spread; what is declared takes the place of every day's own."""
    declared = {name: getattr(weather, name) for name in _WEATHER}
    if None not in declared.values():
        return _Day(**declared)
    if not survey.has("stations", "weather_daily"):
        return None
    table = _means(survey).assign(**{name: value for name, value in declared.items() if value is not None})
    table = table[table.index.month.isin(list(months))].dropna()  # type: ignore[attr-defined]
    standards = survey.standards
    if table.index.year.nunique() < standards.value("fire.fewest_seasons_count"):  # type: ignore[attr-defined]
        return None
    calm = calm_rate_m_min(
        table["temp_degc"], table["wind_m_s"], table["humidity_pct"], constants=numbers(standards, "fire.calm_rate")
    )
    rate = calm * wind_factor(table["wind_m_s"], exponent=standards.value("fire.wind_exponent"))
    rank = int(np.ceil(standards.value("fire.front_day_share") * rate.size)) - 1
    row = int(np.argsort(rate, kind="stable")[min(max(rank, 0), rate.size - 1)])
    chosen = {name: float(table[name].iloc[row]) for name in _WEATHER}
    return _Day(date=f"{table.index[row]:%Y-%m-%d}", **chosen)


def _means(survey: Survey) -> pd.DataFrame:
    """Mean of the stations that know, day by day."""
    stations, daily = survey.frame("stations"), survey.frame("weather_daily")
    daily = daily[daily["station_id"].isin(stations["station_id"]) & daily["date"].notna()]
    date = pd.to_datetime(daily["date"]).dt.normalize()
    return daily.groupby(date)[list(_WEATHER)].mean()


def _fuel(survey: Survey, standards: Standards) -> NDArray[np.float64]:
    """Factor of the fuel inside the county; NaN for codes that the table does not hold."""
    factor = np.full(257, np.nan)
    for row in standards.table("fire.fuel_classes"):
        factor[row["code"]] = row["spread"]
    codes = survey.raster("land_cover").to_numpy()
    place = np.where((codes >= 0) & (codes <= 255), codes, 256).astype(np.int16)
    return np.where(survey.mask.to_numpy().astype(bool), factor[place], np.nan)


def _started(survey: Survey, grid: GeoBox, ks: NDArray[np.float64]) -> tuple[NDArray[np.bool_], int, Text]:
    """Cells with a place of ignition that burn, how many have one, and what these places are."""
    cells = np.zeros(ks.shape, bool)
    delivered = [name for name in _PLACES if survey.has(name)]
    for name in delivered:
        cells |= burn(survey.frame(name), grid).to_numpy() > 0
    cells &= survey.mask.to_numpy().astype(bool)
    titles = [survey.layer(name).spec.title for name in delivered]
    return (
        cells & (ks > 0),
        int(cells.sum()),
        Text("、".join(t.zh for t in titles), " and ".join(t.en.lower() for t in titles)),
    )


def _by_direction(day: _Day, weather: Weather, standards: Standards) -> NDArray[np.float64]:
    """Factor of the wind along each step; behind the fire everywhere where nobody says where it comes from."""
    towards = np.ones(len(BEARINGS_DEG))
    if weather.wind_from_deg is not None:
        towards = np.cos(np.radians(np.array(BEARINGS_DEG) - weather.wind_from_deg - 180))
    return wind_factor(day.wind_m_s * towards, exponent=standards.value("fire.wind_exponent"))


def _variables(
    arrival_h: NDArray[np.floating], survey: Survey, grid: GeoBox, *, times: NDArray[np.float64]
) -> dict[str, xr.DataArray]:
    inside, last = survey.mask.to_numpy().astype(bool), f"{times[-1]:g}"
    title = Text(f"火场到达时间（起火后{last}小时内）", f"Arrival of a fire front (within {last} h of ignition)")
    made = {"front_arrival_h": measured(np.where(inside, arrival_h, np.nan), grid, title=title, unit="h")}
    made["front_arrival_h"].attrs["raster"] = "low is worse"
    title = Text("距火场距离", "Distance from the fire front")
    layers = [
        measured(
            np.where(inside, distance(on_grid(arrival_h <= one, grid)).to_numpy(), np.nan), grid, title=title, unit="m"
        )
        for one in times
    ]
    lead = xr.DataArray(times, dims="hours", name="hours", attrs={"units": "h"})
    made["front_distance_m"] = xr.concat(layers, dim=lead)
    return made


def _story(day: _Day, weather: Weather, counts: tuple[int, int], places: Text) -> Text:
    burning, count = counts
    of = (str(count), str(count)) if burning == count else (f"{burning}（共{count}）", f"{burning} of {count}")
    on = (f"{day.date}的", f"in the weather of {day.date}") if day.date else ("县定", "in declared weather")
    blows = ("风随火势，取最不利方向", "wind from behind it wherever it runs")
    if weather.wind_from_deg is not None:
        blows = (f"风自{weather.wind_from_deg:g}°方向来", f"wind from {weather.wind_from_deg:g}°")
    figures = (
        f"气温{day.temp_degc:.1f}℃、相对湿度{day.humidity_pct:.0f}%、风速{day.wind_m_s:.1f}米/秒",
        f"{day.temp_degc:.1f} °C, {day.humidity_pct:.0f} % humidity, {day.wind_m_s:.1f} m/s",
    )
    return Text(
        f"火场为{of[0]}处可燃地类上的起火点（{places.zh}）同时起火、{on[0]}天气（{figures[0]}，{blows[0]}）下无人扑救时可能到达的范围，"
        "并非一场火的预报；蔓延速度采用王正非—毛贤敏公式。",
        f" Fire front: where fires from {of[1]} places on land that burns ({places.en}) could be, all at once and with nobody"
        f" fighting them, {on[1]} ({figures[1]}; {blows[1]}), by the rates of Wang Zhengfei and Mao Xianmin; no forecast of a fire.",
    )
