"""GDP, crops, houses and roads on the units and on the grid."""

import geopandas as gpd
import numpy as np
import xarray as xr

from riskmap.elements.part import Part, on_survey_grid, reconciled, township_keys, township_totals
from riskmap.elements.spread import line_km_by_cell, points_by_cell
from riskmap.model import Survey, Text
from riskmap.spatial.zonal import zonal_sum

__all__ = ["count_crops", "count_gdp", "count_houses", "count_roads", "unit_of_points"]

_CROPLAND = "exposure.cropland_code"


def count_gdp(survey: Survey, labels: xr.DataArray, people: Part) -> Part:
    """GDP of each township from the yearbook, shared among its units and cells by people.

    Parameters
    ----------
    survey : Survey
        With the layer ``yearbook`` and its column ``gdp_yuan``.
    labels : DataArray of int32
        Units on the grid.
    people : Part
        From `count_people`.

    Returns
    -------
    Part
        Units of a township sum to the yearbook exactly; NaN where the yearbook has no value for the township,
        or where nobody is known to live there.

    Examples
    --------
    >>> count_gdp.__name__
    'count_gdp'
    """
    totals = township_totals(survey, "gdp_yuan")
    if totals is None:
        return Part(note=Text("统计年鉴没有分乡镇的地区生产总值", "no yearbook with the GDP of the townships"))
    if people.units is None or people.cells is None:
        return Part(note=Text("没有人口，无法分摊地区生产总值", "no people to share the GDP by"))
    keys = township_keys(survey)
    per_head = reconciled(people.units, keys, totals)
    per_head = np.where(keys.isin(totals.index), per_head, np.nan)
    note = Text(
        "经济：年鉴分乡镇地区生产总值，按人口分摊",
        "Economy: the yearbook's GDP of each township, shared by people",
    )
    cells = people.cells * np.append(np.nan, per_head)[labels.to_numpy()]
    return Part(units=people.units * per_head, cells=cells, note=note)


def count_crops(survey: Survey, labels: xr.DataArray) -> Part:
    """Cropland from the land cover, in km2, scaled to the yearbook's cropland of each township where given.

    Parameters
    ----------
    survey : Survey
        With the layer ``land_cover``; a value of 0 or NaN is unknown.
    labels : DataArray of int32
        Units on the grid.

    Returns
    -------
    Part
        The note states both the mapped and the published total.

    Examples
    --------
    >>> count_crops.__name__
    'count_crops'
    """
    if not survey.has("land_cover"):
        return Part(note=Text("没有土地覆盖图层", "no land cover"))
    cover = survey.raster("land_cover").to_numpy().astype("float64")
    cell_km2 = abs(survey.grid.resolution.x * survey.grid.resolution.y) / 1e6
    known = (labels.to_numpy() > 0) & (np.nan_to_num(cover) > 0)
    cells = np.where(known, (cover == survey.standards.value(_CROPLAND)) * cell_km2, np.nan)
    units = zonal_sum(on_survey_grid(cells, survey, units="km2"), labels, count=len(survey.units))
    mapped = float(np.nansum(units))
    zh, en = f"土地覆盖中的耕地，共 {mapped:.1f} 平方千米", f"cropland of the land cover, {mapped:.1f} km2"
    published = township_totals(survey, "cropland_m2")
    if published is not None:
        factor = reconciled(units, township_keys(survey), published / 1e6)
        units, cells = units * factor, cells * np.append(np.nan, factor)[labels.to_numpy()]
        after = float(np.nansum(units))
        zh += f"；按年鉴分乡镇耕地校正为 {after:.1f} 平方千米"
        en += f"; scaled to the yearbook's cropland of each township, {after:.1f} km2"
    return Part(units=units, cells=cells, note=Text(f"农作物：{zh}", f"Crops: {en}"), thresholds=(_CROPLAND,))


def count_houses(survey: Survey, labels: xr.DataArray) -> Part:
    """Floor area of buildings, in m2.

    Parameters
    ----------
    survey : Survey
        With the layer ``buildings``; a unit without a building is a known zero.
    labels : DataArray of int32
        Units on the grid.

    Returns
    -------
    Part

    Examples
    --------
    >>> count_houses.__name__
    'count_houses'
    """
    if not survey.has("buildings"):
        return Part(note=Text("没有房屋建筑图层", "no buildings"))
    frame = survey.frame("buildings")
    frame = frame[frame["floor_area_m2"].notna()]
    area = frame["floor_area_m2"].to_numpy(dtype="float64")
    home = unit_of_points(frame, survey.units)
    units = np.bincount(home[home >= 0], weights=area[home >= 0], minlength=len(survey.units))
    points = frame.geometry.representative_point()
    inside = home >= 0
    cells = points_by_cell(
        points.x.to_numpy()[inside], points.y.to_numpy()[inside], grid=survey.grid, weights=area[inside]
    )
    lost = int((~inside).sum())
    note = Text(
        f"房屋：{int(inside.sum())} 栋房屋的建筑面积" + (f"，{lost} 栋不在任何单元内" if lost else ""),
        f"Houses: floor area of {int(inside.sum())} buildings" + (f"; {lost} lie in no unit" if lost else ""),
    )
    return Part(units=units, cells=_within(cells, labels), note=note)


def count_roads(survey: Survey, labels: xr.DataArray) -> Part:
    """Length of roads, in km: exact in each unit, by pieces of a quarter cell in each cell.

    Parameters
    ----------
    survey : Survey
        With the layer ``roads``; a unit without a road is a known zero.
    labels : DataArray of int32
        Units on the grid.

    Returns
    -------
    Part

    Examples
    --------
    >>> count_roads.__name__
    'count_roads'
    """
    if not survey.has("roads"):
        return Part(note=Text("没有公路图层", "no roads"))
    lines = survey.frame("roads")[["geometry"]]
    zones = gpd.GeoDataFrame(
        {"zone": np.arange(len(survey.units))}, geometry=survey.units.geometry.to_numpy(), crs=lines.crs
    )
    parts = gpd.overlay(lines, zones, how="intersection", keep_geom_type=True)
    units = np.bincount(parts["zone"], weights=parts.length / 1000, minlength=len(zones))
    cells = line_km_by_cell(parts.geometry, grid=survey.grid)
    total = float(units.sum())
    note = Text(f"公路：县内里程 {total:.1f} 千米", f"Roads: {total:.1f} km in the county")
    return Part(units=units, cells=_within(cells, labels), note=note)


def unit_of_points(points: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> np.ndarray:
    """Position of the unit that each feature's point lies in; -1 for none.

    Parameters
    ----------
    points, units : GeoDataFrame
        In one CRS. A point on a common border belongs to the first of the units.

    Returns
    -------
    ndarray of int64, shape (points,)

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([1.5, 1, 9], [0.5, 0.5, 0.5]))
    >>> unit_of_points(points, units).tolist()
    [1, 0, -1]
    """
    place, unit = units.sindex.query(points.geometry.representative_point(), predicate="intersects")
    home = np.full(len(points), len(units), dtype="int64")
    np.minimum.at(home, place, unit)
    return np.where(home < len(units), home, -1)


def _within(cells: np.ndarray, labels: xr.DataArray) -> np.ndarray:
    """Amounts of counted objects; cells that only border on a unit keep what was found in them."""
    return np.where((labels.to_numpy() > 0) | (cells > 0), cells, np.nan)
