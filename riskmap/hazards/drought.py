"""Meteorological drought hazard (气象干旱危险性) from the rain records of stations.

It is no 旱灾风险: that is loss-based, from affected area, grain and people short of water. The two are never mixed.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.errors import MethodError
from riskmap.hazards.declare import product
from riskmap.hazards.weather import latitudes, on_stations, spread, station_names, twice
from riskmap.methods import dry_runs, spi, thornthwaite_mm
from riskmap.model import Factor, LeftOut, Standards, Survey, Text, Theme
from riskmap.standards import layer_spec

__all__ = ["DROUGHT", "measure"]

_PRODUCT = Text("气象干旱危险性图", "Meteorological drought hazard map")
_SCALE_MONTHS = 3
_TITLES: Mapping[str, tuple[Text, str]] = {
    "light_drought_pct": (Text("轻旱及以上频率", "Share of months in light drought or worse"), "%"),
    "moderate_drought_pct": (Text("中旱及以上频率", "Share of months in moderate drought or worse"), "%"),
    "drought_duration_months": (Text("干旱过程平均历时", "Mean length of a drought"), "month"),
    "drought_severity_months": (Text("干旱过程平均烈度", "Mean severity of a drought (SPI x months)"), "month"),
    "spi3_10a": (Text("10年一遇最小SPI-3", "Lowest SPI-3 of a year, 10-year return period"), "1"),
    "aridity": (Text("湿润指数（降水/可能蒸散）", "Rain over potential evapotranspiration"), "1"),
}
_LESS_IS_WORSE = ("spi3_10a", "aridity")
_KEYS = tuple(
    f"drought.{one}"
    for one in (
        "run_level", "run_gap_months", "run_shortest_months", "record_years", "spi_limit", "return_period_a",
    )
)  # fmt: skip


class _Records(NamedTuple):
    """Months of the stations with enough of them: rain and temperature, shape (stations, years * 12)."""

    stations: gpd.GeoDataFrame
    rain_mm: NDArray[np.float64]
    temp_degc: NDArray[np.float64]
    years: tuple[int, int]


def measure(survey: Survey, grid: GeoBox, *, fit: Literal["thom", "ub-pwm"] = "thom") -> xr.Dataset:
    """Frequency, length, severity and rarity of meteorological drought, from SPI-3 at stations.

    Parameters
    ----------
    survey : Survey
        ``stations`` and ``weather_monthly``.
    grid : GeoBox
        Analysis grid.
    fit : {"thom", "ub-pwm"}
        Gamma fit of the SPI (`riskmap.methods.gamma_fit`).

    Returns
    -------
    Dataset
        ``light_drought_pct``, ``moderate_drought_pct`` (share of months at that grade or worse),
        ``drought_duration_months`` and ``drought_severity_months`` (means over the runs at or below X1; gaps
        merged and short runs dropped as ``drought.run_*`` declare), ``spi3_10a`` (yearly lowest SPI-3 that is
        undercut once in 10 years; Weibull plotting position r/(n+1) over years known in full), ``aridity``
        (mean yearly rain over Thornthwaite's potential evapotranspiration; all NaN without temperatures), and
        the leave-one-out error of each as ``*_sd``. NaN outside the county.

    Raises
    ------
    MethodError
        No station has ``drought.record_years`` complete years, or a month stands twice for one station.
    MissingLayerError
        A required layer is not in the survey.

    Notes
    -----
    SPI: gamma fit for each calendar month over all years, mixed with the share of zeros, held to
    +-``drought.spi_limit``. An SPI compares a station with itself, so ``spi3_10a`` lies near -2 everywhere by
    construction; places differ by the length and severity of droughts and by aridity.

    Examples
    --------
    >>> DROUGHT.required
    ('stations', 'weather_monthly')
    """
    standards = survey.standards
    stations, monthly = survey.frame("stations"), survey.frame("weather_monthly")
    records, left_out = _records(stations, monthly, least=standards.value("drought.record_years"))
    limit = standards.value("drought.spi_limit")
    index = np.clip(spi(records.rain_mm, scale_months=_SCALE_MONTHS, fit=fit), -limit, limit)
    quantities = _quantities(index, standards) | {"aridity": _aridity(records)}
    if np.isnan(quantities["aridity"]).all():
        reason = Text("逐月气象没有可用的气温", "the monthly weather holds no usable temperatures")
        left_out.append(LeftOut(product=_TITLES["aridity"][0], reason=reason))
    variables: dict[str, xr.DataArray] = {}
    for name, (title, unit) in _TITLES.items():
        variables |= spread(
            name, quantities[name], records.stations, grid=grid, mask=survey.mask, title=title, unit=unit
        )
    return product(variables, title=_PRODUCT, method=_story(records, standards), thresholds=_KEYS, left_out=left_out)


def _records(stations: gpd.GeoDataFrame, monthly: pd.DataFrame, *, least: float) -> tuple[_Records, list[LeftOut]]:
    """Months on one calendar; stations with too few complete years are named and left out."""
    monthly = monthly[monthly["station_id"].isin(stations["station_id"])]
    twice(monthly, ["station_id", "year", "month"], layer="weather_monthly")
    if monthly.empty:
        raise MethodError(
            Text(
                "逐月气象中没有气象站图层里任何站的记录；请核对站号",
                "weather_monthly holds no month of any station in the layer stations; check station_id",
            )
        )
    first, last = int(monthly["year"].min()), int(monthly["year"].max())
    step = (monthly["year"].astype(int) - first) * 12 + monthly["month"].astype(int) - 1
    rain = on_stations(monthly, "rain_mm", stations=stations, step=step, steps=(last - first + 1) * 12)
    known = (~np.isnan(rain)).reshape(len(stations), -1, 12).all(axis=2).sum(axis=1)
    enough = known >= least
    left_out = [
        LeftOut(
            product=Text(f"{name}的干旱指标", f"Drought quantities of station {name}"),
            reason=Text(
                f"仅有{n}个完整年份，少于{least:g}年",
                f"{n} complete years only, {least:g} are needed",
            ),
        )
        for name, n in zip(station_names(stations), known, strict=True)
        if n < least
    ]
    if not enough.any():
        raise MethodError(
            Text(
                f"逐月气象：没有一个站有 {least:g} 个完整年份（最多 {known.max()} 年）；请补交更长的记录",
                f"weather_monthly: no station has {least:g} complete years (most: {known.max()}); deliver longer records",
            )
        )
    temp = np.full(rain.shape, np.nan)
    if "temp_degc" in monthly:
        temp = on_stations(monthly, "temp_degc", stations=stations, step=step, steps=rain.shape[1])
    return _Records(stations[enough], rain[enough], temp[enough], (first, last)), left_out


def _quantities(index: NDArray[np.float64], standards: Standards) -> dict[str, NDArray[np.float64]]:
    """One value a station; NaN where it cannot be told."""
    grades = [-edge for edge in standards.scheme("gb-spi").edges]
    known = np.maximum((~np.isnan(index)).sum(axis=1), 1)
    light, moderate = (100 * (index <= grade).sum(axis=1) / known for grade in grades[:2])
    runs = [
        dry_runs(
            one,
            level=standards.value("drought.run_level"),
            longest_gap=int(standards.value("drought.run_gap_months")),
            shortest=int(standards.value("drought.run_shortest_months")),
        )
        for one in index
    ]
    return {
        "light_drought_pct": light,
        "moderate_drought_pct": moderate,
        "drought_duration_months": np.array([_mean(one.length) for one in runs]),
        "drought_severity_months": np.array([_mean(one.severity) for one in runs]),
        "spi3_10a": _rare_minimum(index, standards.value("drought.return_period_a")),
    }


def _mean(values: NDArray) -> float:
    return float(values.mean()) if values.size else np.nan


def _rare_minimum(index: NDArray[np.float64], return_period_a: float) -> NDArray[np.float64]:
    """Yearly minimum that is undercut once in that many years; NaN for records too short to tell."""
    lowest = index.reshape(len(index), -1, 12).min(axis=2)  # NaN in a year that is not known in full
    found = np.full(len(index), np.nan)
    for n, years in enumerate(lowest):
        known = years[~np.isnan(years)]
        if known.size + 1 >= return_period_a:
            found[n] = np.quantile(known, 1 / return_period_a, method="weibull")
    return found


def _aridity(records: _Records) -> NDArray[np.float64]:
    """Mean yearly rain over mean yearly evapotranspiration, over years in which both are known."""
    found = np.full(len(records.stations), np.nan)
    for n, latitude in enumerate(latitudes(records.stations)):
        pet = thornthwaite_mm(records.temp_degc[n], latitude_deg=latitude).reshape(-1, 12).sum(axis=1)
        rain = records.rain_mm[n].reshape(-1, 12).sum(axis=1)
        both = ~np.isnan(pet) & ~np.isnan(rain)
        if both.any():
            found[n] = rain[both].sum() / pet[both].sum()
    return found


def _story(records: _Records, standards: Standards) -> Text:
    count, (first, last) = len(records.stations), records.years
    level, limit = standards.value("drought.run_level"), standards.value("drought.spi_limit")
    return Text(
        f"{count}个气象站{first}—{last}年逐月降水的3个月标准化降水指数（SPI-3，逐月Γ分布拟合，限于±{limit:g}）；"
        f"干旱过程按游程理论（SPI≤{level:g}）；站点值按距离反比插值。属气象干旱危险性，不是旱灾风险。",
        f"Standardised precipitation index over 3 months from {count} stations, {first}-{last} (gamma fit by "
        f"calendar month, held to +-{limit:g}); droughts are runs at or below {level:g}; stations are joined "
        "by inverse distance. Meteorological drought, not drought loss.",
    )


DROUGHT = Theme(
    name="drought",
    title=Text("气象干旱", "Meteorological drought"),
    layers=(layer_spec("stations"), layer_spec("weather_monthly")),
    required=("stations", "weather_monthly"),
    factors=tuple(
        Factor(variable=name, title=title, unit=unit, direction=-1 if name in _LESS_IS_WORSE else 1)
        for name, (title, unit) in _TITLES.items()
    ),
    headline="score",
    scheme="drought-hazard",
    profile="drought",
    measure=measure,
)
