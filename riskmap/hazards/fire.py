"""Forest and grassland fire hazard: fuel, fire weather, sources of ignition, terrain."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.errors import MethodError
from riskmap.hazards.declare import measured, product
from riskmap.hazards.fire_front import FRONT_KEYS, Weather, fire_front
from riskmap.hazards.fire_season import numbers, season_weather
from riskmap.hazards.weather import spread
from riskmap.methods import FFMC_CONSTANT, FFMC_CONSTANT_EXACT, auroc
from riskmap.model import Closure, Factor, LeftOut, Standards, Survey, Text, Theme
from riskmap.spatial import burn, distance, on_grid
from riskmap.standards import layer_spec

__all__ = ["FIRE", "measure"]

_PRODUCT = Text("森林草原火灾危险性图", "Forest and grassland fire hazard map")
_TITLES: Mapping[str, tuple[Text, str]] = {
    "fuel_flammability": (Text("植被燃烧性", "Flammability of the vegetation"), "rating"),
    "fwi_p90": (
        Text("防火期火险天气指数第90百分位", "90th percentile of the fire weather index in the season"),
        "1",
    ),
    "ignition_distance_m": (Text("距火源距离", "Distance to sources of ignition"), "m"),
    "slope_deg": (Text("坡度", "Slope"), "deg"),
    "solar_aspect": (Text("向阳程度", "Exposure to the sun"), "1"),
    "fuel_distance_m": (Text("距易燃植被距离", "Distance to easily burning vegetation"), "m"),
    "burnable": (Text("可燃", "Burnable"), "1"),
}
_FACTORS = ("fuel_flammability", "fwi_p90", "ignition_distance_m", "slope_deg", "solar_aspect")
_NEARER_IS_WORSE = ("ignition_distance_m",)
_KEYS = ("fire.easily_burning", "fire.fewest_fires_count", "fire.safe_distance_m")
_WEATHER_KEYS = tuple(
    f"fire.{one}"
    for one in (
        "season_months", "fewest_seasons_count", "season_start_degc", "season_end_degc", "season_days",
        "start_codes", "longest_gap_days",
    )
)  # fmt: skip


def measure(
    survey: Survey,
    grid: GeoBox,
    *,
    season_months: Sequence[int] | None = None,
    moisture_scale: Literal["rounded", "exact"] = "rounded",
    daylight: Literal["bands", "linear"] = "linear",
    front_h: Sequence[float] | None = None,
    wind_m_s: float | None = None,
    wind_from_deg: float | None = None,
    temp_degc: float | None = None,
    humidity_pct: float | None = None,
) -> xr.Dataset:
    """Fuel, fire weather, sources of ignition and terrain, as far as the survey tells them.

    Parameters
    ----------
    survey : Survey
        ``land_cover``; where they are there ``stations`` with ``weather_daily``, ``slope_deg``,
        ``aspect_deg``, ``roads``, ``villages``, ``past_fires``, ``ignition_sources``, ``dem``.
    grid : GeoBox
        Analysis grid.
    season_months : sequence of int, optional
        Calendar months of the fire season; ``fire.season_months`` unless given.
    moisture_scale : {"rounded", "exact"}
        Constant 147.2 of the report, or its unrounded value (`riskmap.methods.fire_weather`).
    daylight : {"bands", "linear"}
        Day lengths at the stations' latitudes (`riskmap.methods.day_lengths`).
    front_h : sequence of float, optional
        Hours after ignition for which a fire front is drawn; ``fire.front_hours`` unless given, none if empty.
    wind_m_s, temp_degc, humidity_pct : float, optional
        Weather that drives the front; unless given, of the fire day that the stations tell (`fire.front_day_share`).
    wind_from_deg : float, optional
        Where this wind comes from, clockwise from north; unless given it blows from behind the fire wherever it runs.

    Returns
    -------
    Dataset
        ``fuel_flammability`` (0 does not burn, 1 hardly, 2, 3 easily; by land cover), ``burnable`` (1, 0),
        ``fwi_p90`` with ``fwi_p90_sd``, ``ignition_distance_m`` (to roads, villages, delivered sources and
        land cover with fire in use), ``slope_deg``, ``solar_aspect`` (sin(slope) cos(aspect - 180), -1 north to 1 south, 0
        flat), ``fuel_distance_m`` (to easily burning fuel). All NaN where its layers are missing, NaN outside
        the county. With places of ignition, ``front_arrival_h`` and ``front_distance_m`` (hours, y, x) too. Attribute ``auroc``: how well each factor tells the cells of past fires from the other
        burnable cells (no factor is fitted to them).

    Raises
    ------
    MethodError
        A month outside 1..12, hours or weather of the front out of range, or a day that stands twice for one station.
    MissingLayerError
        There is no land cover.

    Notes
    -----
    The weather codes begin anew every year by the temperature rule of Wotton and Flannigan 1993
    (``fire.season_*``); days between are not rated, so a cold month of the season adds no days.

    Examples
    --------
    >>> FIRE.required
    ('land_cover',)
    """
    standards = survey.standards
    months = [int(one) for one in season_months or numbers(standards, "fire.season_months")]
    if not all(1 <= one <= 12 for one in months):
        asked = f"[hazards.fire] season_months {months}"
        raise MethodError(Text(f"{asked}：请给 1 至 12 月", f"{asked}: give months 1 to 12"))
    inside = survey.mask.to_numpy().astype(bool)
    fuel, fires_in_use = _fuel(survey, standards)
    easy = fuel >= standards.value("fire.easily_burning")
    left_out: list[LeftOut] = []
    values = {
        "fuel_flammability": fuel,
        "burnable": np.where(np.isnan(fuel), np.nan, fuel > 0),
        "ignition_distance_m": _ignition(survey, grid, fires_in_use, left_out),
        "fuel_distance_m": distance(on_grid(easy, grid)).to_numpy(),
        **_terrain(survey, left_out),
    }
    variables = {}
    for name, one in values.items():
        title, unit = _TITLES[name]
        variables[name] = measured(np.where(inside, one, np.nan), grid, title=title, unit=unit)
    title, unit = _TITLES["fwi_p90"]
    constant = FFMC_CONSTANT if moisture_scale == "rounded" else FFMC_CONSTANT_EXACT
    rated = season_weather(survey, months, constant=constant, daylight=daylight)
    left_out += rated.left_out
    variables |= spread("fwi_p90", rated.p90, rated.stations, grid=grid, mask=survey.mask, title=title, unit=unit)
    checked = _check(survey, grid, variables, left_out)
    weather = Weather(wind_m_s=wind_m_s, wind_from_deg=wind_from_deg, temp_degc=temp_degc, humidity_pct=humidity_pct)
    front = fire_front(survey, grid, weather=weather, months=months, hours=front_h)
    left_out += front.left_out
    story = _story(months, rated.span, checked)
    return product(
        {name: variables[name] for name in [*_TITLES, "fwi_p90_sd"]} | front.variables,
        title=_PRODUCT,
        method=Text(story.zh + front.told.zh, story.en + front.told.en),
        thresholds=(*_KEYS, *(_WEATHER_KEYS if rated.span else ()), *(FRONT_KEYS if front.variables else ())),
        left_out=left_out,
        auroc=checked,
    )


def _fuel(survey: Survey, standards: Standards) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Flammability (NaN for codes that the table does not hold), and where people use fire."""
    rating, used = np.full(257, np.nan, np.float32), np.zeros(257, bool)
    for row in standards.table("fire.fuel_classes"):
        rating[row["code"]], used[row["code"]] = row["rating"], row["ignition"]
    codes = survey.raster("land_cover").to_numpy()
    place = np.where((codes >= 0) & (codes <= 255), codes, 256).astype(np.int16)
    return rating[place], used[place]


def _gone(zh: str, en: str, *, why: tuple[str, str]) -> LeftOut:
    return LeftOut(product=Text(zh, en), reason=Text(*why))


def _ignition(survey: Survey, grid: GeoBox, used: NDArray[np.bool_], left_out: list[LeftOut]) -> NDArray[np.float32]:
    sources = used.copy()
    if survey.has("ignition_sources"):
        sources |= burn(survey.frame("ignition_sources"), grid).to_numpy() > 0
    for name, zh, en in (("roads", "公路", "roads"), ("villages", "村庄", "villages")):
        if survey.has(name):
            sources |= burn(survey.frame(name), grid, all_touched=True).to_numpy() > 0
        else:
            why = (f"缺少{zh}图层", f"no layer of {en}")
            left_out.append(_gone(f"火源距离中的{zh}", f"{en.capitalize()} among the sources of ignition", why=why))
    return distance(on_grid(sources, grid)).to_numpy()


def _terrain(survey: Survey, left_out: list[LeftOut]) -> dict[str, NDArray[np.float32]]:
    unknown = np.full(survey.mask.shape, np.nan, np.float32)
    found = {"slope_deg": unknown, "solar_aspect": unknown}
    if survey.has("slope_deg"):
        found["slope_deg"] = slope = survey.raster("slope_deg").to_numpy()
        if survey.has("aspect_deg"):
            south = np.cos(np.radians(survey.raster("aspect_deg").to_numpy() - 180))
            sun = np.sin(np.radians(slope)) * south
            flat = ~np.isnan(slope) & np.isnan(south)  # a cell that faces nowhere
            found["solar_aspect"] = np.where(flat, 0, sun)
    for name, one in found.items():
        if one is unknown:
            title, _ = _TITLES[name]
            left_out.append(_gone(title.zh, title.en, why=("缺少地形图层", "no terrain layer")))
    return found


def _check(
    survey: Survey, grid: GeoBox, variables: Mapping[str, xr.DataArray], left_out: list[LeftOut]
) -> dict[str, float]:
    """Area under the curve of the cells of past fires against the other burnable cells, by factor."""
    what = ("历史火点检验", "Check against past fires")
    if not survey.has("past_fires"):
        left_out.append(_gone(*what, why=("缺少历史火灾图层", "no layer of past fires")))
        return {}
    burnable = variables["burnable"].to_numpy() == 1
    burnt = (burn(survey.frame("past_fires"), grid).to_numpy() > 0) & burnable
    count, least = int(burnt.sum()), survey.standards.value("fire.fewest_fires_count")
    if count < least:
        why = (f"可燃地类上仅有{count}处火点", f"{count} burnt cells on burnable land only")
        left_out.append(_gone(*what, why=why))
        return {}
    others = burnable & ~burnt
    found = {"points": float(count)}
    for name in _FACTORS:
        sign = -1 if name in _NEARER_IS_WORSE else 1
        values = sign * variables[name].to_numpy()
        area = auroc(values[burnt], values[others])
        if not np.isnan(area):
            found[name] = area
    return found


def _story(months: Sequence[int], span: tuple[int, int, int] | None, checked: Mapping[str, float]) -> Text:
    listed = ("、".join(str(one) for one in months), ", ".join(str(one) for one in months))
    zh, en = "植被燃烧性按土地覆盖赋级，", "Flammability by land cover"
    if span is None:
        zh, en = zh + "无火险天气，", en + "; no fire weather"
    else:
        count, first, last = span
        zh += f"火险天气为{count}个气象站{first}—{last}年防火期（{listed[0]}月）加拿大FWI第90百分位，"
        en += f"; fire weather of {count} stations, {first}-{last} (Canadian FWI, 90th percentile, months {listed[1]})"
    zh, en = (
        zh + "并计火源距离与地形；FWI未按中国校准。",
        en + "; distance to ignition and terrain. FWI is not calibrated for China.",
    )
    if checked:
        zh += f"历史火点{checked['points']:.0f}处只用于检验。"
        en += f" {checked['points']:.0f} cells of past fires serve as a check only."
    return Text(zh, en)


FIRE = Theme(
    name="fire",
    title=Text("森林草原火灾", "Forest and grassland fire"),
    layers=tuple(
        layer_spec(one)
        for one in (
            "land_cover", "stations", "weather_daily", "slope_deg", "aspect_deg", "roads", "villages", "past_fires",
            "ignition_sources", "dem",
        )
    ),
    required=("land_cover",),
    factors=tuple(
        Factor(variable=name, title=title, unit=unit, direction=-1 if name in _NEARER_IS_WORSE else 1)
        for name, (title, unit) in _TITLES.items()
        if name in _FACTORS
    ),
    headline="score",
    scheme="fire-hazard",
    profile="fire",
    measure=measure,
    closures=(
        Closure(
            variable="fuel_distance_m",
            operator="<",
            threshold="fire.safe_distance_m",
            closes="sites",
            title=Text("场所临近易燃植被", "Sites beside easily burning vegetation"),
            clause="radiant heat and smoke of a fire in easily burning fuel, wherever it starts",
        ),
        Closure(
            variable="front_distance_m",
            operator="<",
            threshold="fire.front_margin_m",
            closes="both",
            title=Text("火场", "Fire front"),
            clause="where a fire from a known place of ignition can be by then; nobody fights it",
            rule="shelters.inside_zone",
        ),
    ),
)  # fmt: skip
