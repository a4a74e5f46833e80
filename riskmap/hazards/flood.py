"""Flood screening (洪水淹没筛查图): depth of design floods from height above drainage.

It is no 洪水风险图: that needs design stages, discharges or depth rasters of a hydraulic model.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import Geometry
from odc.geo.xr import rasterize
from scipy.ndimage import distance_transform_edt

from riskmap.errors import MethodError
from riskmap.hazards.declare import measured, product
from riskmap.methods import risk_degree
from riskmap.methods.flood_rating import (
    PEAK_KEYS,
    RAIN_KEYS,
    STAGE_KEYS,
    design_rain_24h_mm,
    peak_discharge_m3_s,
    stage_m,
)
from riskmap.model import Closure, Factor, LeftOut, Standards, Survey, Text, Theme
from riskmap.standards import layer_spec

__all__ = ["FLOOD", "measure"]

_PRODUCT = Text("洪水淹没筛查图", "Flood screening map")
_TITLES: Mapping[str, tuple[Text, str]] = {
    "depth_m": (Text("淹没水深", "Flood depth"), "m"),
    "equivalent_depth_m": (Text("洪水综合风险度", "Flood risk degree"), "m"),
    "inundation_frequency": (Text("淹没频率", "Frequency of inundation"), "1/a"),
    "hand_m": (Text("河道相对高度", "Height above nearest drainage"), "m"),
}
_DRY = "flood.dry_depth_m"
_RIVER_KEYS = ("flood.through_river_rise_m", "flood.through_river_reach_m")
_AREAS_KM2 = np.geomspace(1e-3, 1e7, 400)  # nodes of the rating; stage is a power law between them


def measure(
    survey: Survey,
    grid: GeoBox,
    *,
    return_periods_a: Sequence[float] = (5, 10, 20, 50, 100),
    peak_coefficients_m3_s: Sequence[float] = (),
    bankfull_return_period_a: float | None = None,
    through_rivers: Sequence[str] = (),
    through_river_stages_m: Sequence[float] = (),
    tail: Literal["held", "zero"] = "held",
) -> xr.Dataset:
    """Depth of design floods over the county's tributaries, for screening.

    Parameters
    ----------
    survey : Survey
        ``hand_m`` and ``channel_km2``; ``rain_design``, ``streams`` and ``dem`` where they are there.
    grid : GeoBox
        Analysis grid.
    return_periods_a : sequence of float
        Floods, in years, ascending.
    peak_coefficients_m3_s : sequence of float
        Peak discharge at 1 km2 for each return period: Q = C A^n in place of the rational formula.
    bankfull_return_period_a : float, optional
        Flood that fills the channel: depths count from its stage, and the risk degree from its frequency.
        Without it depths count from the channel bed of the elevation model.
    through_rivers : sequence of str
        Names (in layer ``streams``) of rivers that come from outside, beside those of the standards.
    through_river_stages_m : sequence of float
        Their height above the water of the elevation model at each return period. Without it the depth
        beside them is unknown.
    tail : {"held", "zero"}
        What the risk degree counts below the rarest frequency.

    Returns
    -------
    Dataset
        ``depth_m`` (return_period, y, x), ``equivalent_depth_m``, ``inundation_frequency``, ``hand_m``;
        NaN outside the county and where the height above drainage is unknown. ``inundation_frequency`` is
        1/T of the smallest flood that wets the cell, 0 where none does.

    Raises
    ------
    MethodError
        Knobs that do not fit one another.
    MissingLayerError
        A required layer is not in the survey.

    Notes
    -----
    depth = max(stage(T, A) - HAND, 0), A the drainage area at the nearest channel; HAND after Nobre et al.
    2011 (doi 10.1016/j.jhydrol.2011.03.051). Velocity and duration are unknown: depth is its own
    equivalent.

    Examples
    --------
    >>> measure.__kwdefaults__["return_periods_a"]
    (5, 10, 20, 50, 100)
    """
    for name in FLOOD.required:
        survey.layer(name)
    years = _checked(return_periods_a, peak_coefficients_m3_s, through_river_stages_m)
    stages, used, left_out = _rating(survey, years, peak_coefficients_m3_s, bankfull_return_period_a)
    kept = np.flatnonzero(~np.isnan(stages[:, 0]))
    left_out += [_beyond_rain(float(year)) for year in np.delete(years, kept)]
    years, stages = years[kept], stages[kept]
    hand = _inside(survey, "hand_m")
    depths = _depths(hand, _inside(survey, "channel_km2"), stages)
    names = {row["name"] for row in survey.standards.table("flood.through_rivers")} | set(through_rivers)
    rises = np.asarray(through_river_stages_m, np.float32)[kept] if len(through_river_stages_m) else None
    river = _river(survey, grid, names)
    if river is not None and river.any():
        depths = _beside(survey, grid, river, depths=depths, rises=rises)
        used += _RIVER_KEYS
    left_out += _river_notes(river, has_stages=rises is not None)
    layers = {
        "equivalent_depth_m": risk_degree(
            depths, years.tolist(), tail=tail,
            bankfull_frequency=1 / bankfull_return_period_a if bankfull_return_period_a else None,
        ),
        "inundation_frequency": _frequency(depths, years, survey.standards.value(_DRY)),
        "hand_m": hand,
    }  # fmt: skip
    variables = {
        name: measured(one, grid, title=_TITLES[name][0], unit=_TITLES[name][1]) for name, one in layers.items()
    }
    variables["depth_m"] = _by_period(depths, grid, years)
    method = _method(peak_coefficients_m3_s, bankfull_return_period_a, tail)
    return product(variables, title=_PRODUCT, method=method, thresholds=(*used, _DRY), left_out=left_out)


def _checked(*rows: Sequence[float]) -> NDArray[np.float64]:
    years = np.asarray(rows[0], float)
    faults = []
    if not years.size or (years <= 1).any() or (np.diff(years) <= 0).any():
        asked = f"return_periods_a {list(rows[0])}"
        faults.append(Text(f"{asked}：请给由小到大、大于 1 的年数", f"{asked}: give years over 1, ascending"))
    for name, row in zip(("peak_coefficients_m3_s", "through_river_stages_m"), rows[1:], strict=True):
        if len(row) not in {0, years.size}:
            zh, en = f" {years.size} 个重现期各给一个数", f"give one number for each of the {years.size} return periods"
            faults.append(Text(f"{name} {list(row)}：请为{zh}", f"{name} {list(row)}: {en}"))
    if faults:
        raise MethodError(Text("county.toml 的 [hazards.flood]", "[hazards.flood] in county.toml"), faults)
    return years


def _rating(
    survey: Survey, years: NDArray[np.float64], coefficients: Sequence[float], bankfull_a: float | None
) -> tuple[NDArray[np.float64], tuple[str, ...], list[LeftOut]]:
    """Stage at `_AREAS_KM2` for each return period (rows), the keys used, what is left out."""
    standards, notes = survey.standards, _not_made(survey.standards)
    asked = years if bankfull_a is None else np.append(years, bankfull_a)
    if coefficients:
        if bankfull_a is not None:
            raise MethodError(
                Text(
                    "bankfull_return_period_a 需要设计暴雨；请不写 peak_coefficients_m3_s",
                    "bankfull_return_period_a needs design rain; leave out peak_coefficients_m3_s",
                )
            )
        exponent = standards.value("flood.area_exponent")
        peaks = np.asarray(coefficients, float)[:, None] * _AREAS_KM2**exponent
        used: tuple[str, ...] = (*STAGE_KEYS, "flood.area_exponent")
    else:
        table = survey.frame("rain_design") if survey.has("rain_design") else None
        rain, own = design_rain_24h_mm(table, standards, return_periods_a=asked.tolist())
        peaks = np.array([peak_discharge_m3_s(_AREAS_KM2, standards, rain_24h_mm=one) for one in rain])
        used = (*STAGE_KEYS, *PEAK_KEYS) if own else (*STAGE_KEYS, *PEAK_KEYS, *RAIN_KEYS)
        if not own:
            notes.append(_NO_RAIN)
    stages = np.array([stage_m(one, _AREAS_KM2, standards) for one in peaks])
    if bankfull_a is not None:
        if not bankfull_a < years[0] or np.isnan(stages[-1, 0]):
            raise MethodError(
                Text(
                    f"bankfull_return_period_a {bankfull_a:g}：请取设计暴雨的重现期之一，小于 {years[0]:g} 年",
                    f"bankfull_return_period_a {bankfull_a:g}: give one of the design rain, below {years[0]:g} a",
                )
            )
        stages = np.maximum(stages[:-1] - stages[-1], 0)
    return stages, used, notes


def _inside(survey: Survey, name: str) -> NDArray[np.float32]:
    values = survey.raster(name).to_numpy().astype(np.float32)
    return np.where(survey.mask.to_numpy(), values, np.float32(np.nan))


def _depths(
    hand_m: NDArray[np.float32], area_km2: NDArray[np.float32], stages: NDArray[np.float64]
) -> NDArray[np.float32]:
    with np.errstate(divide="ignore"):
        place = np.log(area_km2)
    nodes = np.log(_AREAS_KM2)
    depths = np.empty((len(stages), *hand_m.shape), np.float32)
    for depth, stage in zip(depths, stages, strict=True):
        np.maximum(np.interp(place, nodes, stage) - hand_m, 0, out=depth, casting="same_kind")
    return depths


def _frequency(depths: NDArray[np.float32], years: NDArray[np.float64], dry_m: float) -> NDArray[np.float32]:
    frequency = np.zeros(depths.shape[1:], np.float32)
    for depth, year in zip(depths[::-1], years[::-1], strict=True):
        frequency[depth >= dry_m] = 1 / year
    frequency[np.isnan(depths).any(axis=0)] = np.nan
    return frequency


def _river(survey: Survey, grid: GeoBox, names: set[str]) -> NDArray[np.bool_] | None:
    """Cells of the rivers that come from outside; None where no stream bears a name."""
    if not survey.has("streams"):
        return None
    streams = survey.frame("streams")
    if "name" not in streams:
        return None
    streams = streams[streams["name"].isin(names)]
    if streams.empty:
        return np.zeros(grid.shape, bool)
    return rasterize(Geometry(streams.union_all(), streams.crs), grid, all_touched=True).to_numpy()


def _beside(
    survey: Survey, grid: GeoBox, river: NDArray[np.bool_], *, depths: NDArray[np.float32],
    rises: NDArray[np.float32] | None,
) -> NDArray[np.float32]:  # fmt: skip
    """Depths where a river from outside reaches: by its given stages, else unknown."""
    dem = survey.raster("dem").to_numpy()
    cell_m = abs(float(grid.resolution.x))
    away, nearest = distance_transform_edt(~river, sampling=cell_m, return_indices=True)
    above = dem - dem[tuple(nearest)]
    close = away <= survey.standards.value("flood.through_river_reach_m")
    if rises is None:
        valley = close & (above <= survey.standards.value("flood.through_river_rise_m"))
        return np.where(valley, np.float32(np.nan), depths)
    water = np.where(close, rises[:, None, None] - above, np.float32(0))
    return np.maximum(depths, water).astype(np.float32)


def _by_period(depths: NDArray[np.float32], grid: GeoBox, years: NDArray[np.float64]) -> xr.DataArray:
    title, unit = _TITLES["depth_m"]
    periods = xr.DataArray(
        years, dims="return_period", attrs={"units": "a", "title_zh": "重现期", "title_en": "Return period"}
    )
    rows = [measured(one, grid, title=title, unit=unit) for one in depths]
    return xr.concat(rows, dim="return_period", combine_attrs="identical").assign_coords(return_period=periods)


def _not_made(standards: Standards) -> list[LeftOut]:
    return [
        LeftOut(product=Text(**row["product"]), reason=Text(**row["reason"]))
        for row in standards.table("flood.not_made")
    ]


_NO_RAIN = LeftOut(
    product=Text("按本县设计暴雨推求的水深", "Depth from the county's own design rain"),
    reason=Text(
        "无24小时设计暴雨表，改用数量级缺省雨量（未核实）",
        "no table of 24-hour design rain; default rain of the right order is used (unverified)",
    ),
)


def _beyond_rain(year: float) -> LeftOut:
    return LeftOut(
        product=Text(f"{year:g}年一遇淹没水深", f"Depth of the {year:g}-year flood"),
        reason=Text("设计暴雨表不含该重现期，不外延", "the design rain does not reach this return period"),
    )


def _river_notes(river: NDArray[np.bool_] | None, *, has_stages: bool) -> list[LeftOut]:
    if river is not None and (has_stages or not river.any()):
        return []
    reason = Text(
        "流域在高程模型之外，流量未知；给出各重现期水位后方可计算",
        "its catchment lies outside the elevation model, so its discharge is unknown; give its stages",
    )
    if river is None:
        reason = Text(
            "无带名称的水系图层，无法识别过境大河",
            "no layer of named streams tells which rivers come from outside",
        )
    return [LeftOut(product=Text("过境大河沿岸淹没水深", "Depth beside rivers that come from outside"), reason=reason)]


def _method(coefficients: Sequence[float], bankfull_a: float | None, tail: str) -> Text:
    zh = "给定洪峰系数" if coefficients else "24小时设计暴雨、推理公式"
    en = "given peak coefficients" if coefficients else "24-hour design rain and the rational formula"
    base_zh, base_en = "河床", "the channel bed"
    if bankfull_a:
        base_zh, base_en = f"{bankfull_a:g}年一遇平滩水位", f"the stage of the {bankfull_a:g}-year flood"
    tail_zh = "保持最稀遇水深" if tail == "held" else "不计"
    tail_en = "holds the rarest depth" if tail == "held" else "is not counted"
    return Text(
        f"筛查成果，不是洪水风险图。由{zh}得洪峰，曼宁公式得水位，与河道相对高度相减得水深，自{base_zh}起算；"
        f"未计流速、历时与上游在高程模型之外的来水；最稀遇频率以下{tail_zh}。",
        f"A screening, not a flood risk map. Peaks from {en}, stage by Manning's formula, depth as stage "
        f"minus height above drainage, counted from {base_en}; velocity, duration and inflow from outside "
        f"the elevation model are not in it. Below the rarest frequency the risk degree {tail_en}.",
    )


FLOOD = Theme(
    name="flood",
    title=Text("洪水", "Flood"),
    layers=tuple(layer_spec(one) for one in ("dem", "hand_m", "channel_km2", "streams", "rain_design")),
    required=("dem", "hand_m", "channel_km2"),
    factors=tuple(
        Factor(variable=name, title=title, unit=unit, direction=-1 if name == "hand_m" else 1)
        for name, (title, unit) in _TITLES.items()
    ),
    headline="equivalent_depth_m",
    scheme="flood-risk-degree",
    profile="flood",
    measure=measure,
    closures=(
        Closure(
            variable="depth_m",
            operator=">",
            threshold="flood.impassable_depth_m",
            closes="both",
            title=Text("洪水淹没", "Flooded"),
            clause="deeper than a car or a walker passes",
            rule="shelters.exclusion",
            over="dem",
        ),
    ),
)
