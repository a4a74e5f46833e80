"""Where the records lie: coordinate columns, systems that are missing or wrong, swapped axes."""

import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from riskmap.errors import GridError
from riskmap.loaders.refusal import Refusal
from riskmap.loaders.values import read_column
from riskmap.model.layers import Field, Finding
from riskmap.model.text import Text
from riskmap.spatial import guess_crs, is_legacy_datum

__all__ = ["Box", "from_columns", "in_crs", "with_crs", "with_order"]

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_DMS = re.compile(r"(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\"″秒]?)?\s*[EeNn]?")
_CURE_CRS = Text("在 county.toml 写明 crs（如 EPSG:4546）", "state crs in county.toml (such as EPSG:4546)")
_CHINA: Box = (72.0, 2.0, 138.0, 55.0)


def from_columns(
    frame: pd.DataFrame, found: Mapping[str, str], *, layer: str
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Make points of a table with coordinate columns (decimal degrees, degrees-minutes-seconds, or metres).

    Parameters
    ----------
    frame : DataFrame
        As delivered.
    found : mapping
        ``lon`` and ``lat`` -> headers.
    layer : str
        For the findings.

    Returns
    -------
    points : GeoDataFrame
        Without a coordinate system; no shape where a coordinate cannot be read.
    findings : list of Finding
        Coordinates that cannot be read.

    Raises
    ------
    LayerError
        The table has no coordinate columns.

    Examples
    --------
    >>> table = pd.DataFrame({"经度": ["111°09′00″"], "纬度": ["39.38"]}, index=[2])
    >>> from_columns(table, {"lon": "经度", "lat": "纬度"}, layer="shelters")[0].geometry[2].x
    111.15
    """
    if not {"lon", "lat"} <= set(found):
        raise Refusal(
            layer,
            Text("表中没有坐标列", "the table has no coordinate columns"),
            Text(
                "增加“经度”“纬度”两列，或在 columns 中写明 lon 和 lat",
                "add columns 经度 and 纬度, or name lon and lat under columns",
            ),
            rule="no-coordinates",
        )
    values, findings = [], []
    for name, title in (("lon", Text("经度", "Longitude")), ("lat", Text("纬度", "Latitude"))):
        field = Field(name=name, title=title, dtype="number", required=True)
        read, more = read_column(frame[found[name]].map(_decimal), field, layer=layer)
        values.append(read.to_numpy("float64"))
        findings += more
    known = np.isfinite(values[0]) & np.isfinite(values[1])
    shapes = np.full(len(frame), None, dtype=object)
    shapes[known] = shapely.points(values[0][known], values[1][known])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index)), findings


def _decimal(value: Any) -> Any:
    match = _DMS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return value
    return int(match[1]) + int(match[2]) / 60 + float(match[3] or 0) / 3600


def with_crs(
    frame: gpd.GeoDataFrame, *, layer: str, declared: str = "", near: Box | None = None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Give a layer the coordinate system that its numbers are in.

    Parameters
    ----------
    frame : GeoDataFrame
        As delivered.
    layer : str
        For messages.
    declared : str
        `crs` in county.toml, used when the file states none.
    near : tuple of float, optional
        Extent of the county in degrees; without it only what the numbers themselves show is used.

    Returns
    -------
    frame : GeoDataFrame
        With the system set; coordinates are untouched, except where the axes of all records are swapped.
    findings : list of Finding
        System guessed, wrong, swapped, or of a legacy datum.

    Raises
    ------
    LayerError
        Neither file nor county.toml states a system and the numbers do not show it.

    Notes
    -----
    CGCS2000 by EPSG v11.022; an easting of eight digits carries the zone number.

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([37512924], [4360702]))
    >>> with_crs(seat, layer="villages", near=(110.9, 39.0, 111.6, 39.6))[0].crs.to_epsg()
    4525
    """
    centre = _centre(frame)
    stated = frame.crs or (pyproj.CRS.from_user_input(declared) if declared else None)
    if centre is None:
        return frame.set_crs(stated or 4490, allow_override=True), []
    if stated is not None and _fits(stated, centre, near):
        return frame.set_crs(stated, allow_override=True), _legacy(stated, layer)
    for swap in (False, True):
        x, y = centre[::-1] if swap else centre
        tries = _candidates(x, y, near)
        if tries:
            moved = frame.set_geometry(_swapped(frame.geometry)) if swap else frame
            return moved.set_crs(tries[0], allow_override=True), [_told(layer, stated, tries, swap=swap)]
    if stated is None and (tries := _candidates(*centre, None)):
        return frame.set_crs(tries[0], allow_override=True), [_told(layer, stated, tries, swap=False)]
    if stated is None:
        what = Text(
            f"没有坐标系，坐标如 ({centre[0]:.6g}, {centre[1]:.6g})",
            f"states no coordinate system; numbers such as ({centre[0]:.8g}, {centre[1]:.8g})",
        )
        raise Refusal(layer, what, _CURE_CRS, rule="no-crs")
    return frame.set_crs(stated, allow_override=True), _legacy(stated, layer)


def _centre(frame: gpd.GeoDataFrame) -> tuple[float, float] | None:
    """Median centre of the records, which a few wrong ones do not move."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    middle = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
    return float(middle[0]), float(middle[1])


def _fits(crs: pyproj.CRS, centre: tuple[float, float], near: Box | None) -> bool:
    if crs.is_geographic and not (abs(centre[0]) <= 180 and abs(centre[1]) <= 90):
        return False
    x, y = _transformer(crs, pyproj.CRS.from_epsg(4326)).transform(*centre)
    if not np.isfinite([x, y]).all():
        return False
    return near is None or _inside(x, y, _wider(near))


@lru_cache(maxsize=64)
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    """Longitude (easting) first; made once, for it takes 30 ms."""
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _candidates(x: float, y: float, near: Box | None) -> list[pyproj.CRS]:
    if near is not None:
        try:
            return list(guess_crs((x, y, x, y), near=_wider(near)))
        except GridError:
            return []  # not in China: nothing to guess from
    if _inside(x, y, _CHINA):
        return [pyproj.CRS.from_epsg(4490)]
    zone = int(x // 1_000_000)
    if 0 < y < 6_500_000 and 25 <= zone <= 45:
        return [pyproj.CRS.from_epsg(4488 + zone)]
    if 0 < y < 6_500_000 and 13 <= zone <= 23:
        return [pyproj.CRS.from_epsg(4478 + zone)]
    return []


def _inside(x: float, y: float, box: Box) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _wider(box: Box) -> Box:
    dx, dy = max(0.1, 0.25 * (box[2] - box[0])), max(0.1, 0.25 * (box[3] - box[1]))
    return box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy


def _swapped(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    turned = shapely.transform(shapes.to_numpy(), lambda xy: xy[:, ::-1])
    return gpd.GeoSeries(turned, index=shapes.index, crs=shapes.crs)


def _told(layer: str, stated: pyproj.CRS | None, tries: list[pyproj.CRS], *, swap: bool) -> Finding:
    used = tries[0].name
    zh = "没有坐标系" if stated is None else f"写明的坐标系 {stated.name} 与坐标不符"
    en = "states no coordinate system" if stated is None else f"states {stated.name}, which its numbers do not fit"
    zh, en = f"{zh}，按坐标判断为 {used}", f"{en}; by its numbers it is {used}"
    if swap:
        zh, en = f"{zh}，两个坐标轴已对调", f"{en}, with the two axes swapped"
    if len(tries) > 1:
        zh, en = f"{zh}（也可能是 {tries[1].name}）", f"{en} (it could also be {tries[1].name})"
    rule = "no-crs" if stated is None else "wrong-crs"
    plain = stated is None and not swap and tries[0].is_geographic
    severity: Literal["note", "warning"] = "note" if plain else "warning"
    return Finding(rule=rule, severity=severity, layer=layer, message=Text(zh, en), cure=_CURE_CRS, mended=True)


def _legacy(crs: pyproj.CRS, layer: str) -> list[Finding]:
    if not is_legacy_datum(crs):
        return []
    what = Text(
        f"坐标系为 {crs.name}，未经参数转换，位置可能偏差约 100 米",
        f"is in {crs.name}; without shift parameters it can lie 100 m off",
    )
    cure = Text(
        "用省级转换参数转为 CGCS2000 后再提交", "have it transformed to CGCS2000 with the province's parameters"
    )
    return [Finding(rule="legacy-datum", severity="warning", layer=layer, message=what, cure=cure)]


def with_order(frame: gpd.GeoDataFrame, *, layer: str, near: Box | None) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Put right single points whose longitude and latitude (easting and northing) are swapped.

    Parameters
    ----------
    frame : GeoDataFrame
        Points in a known system; other shapes are left as they are.
    layer : str
        For the findings.
    near : tuple of float, optional
        Extent of the county in degrees; without it only latitudes over 90 are seen.

    Returns
    -------
    frame : GeoDataFrame
        A point that lies outside the county and would lie inside when swapped is swapped.
    findings : list of Finding
        One for each, mended.

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([39.38], [111.15]), index=[7], crs=4490)
    >>> with_order(seat, layer="villages", near=(110.9, 39.0, 111.6, 39.6))[0].geometry[7].x
    111.15
    """
    shapes = frame.geometry.to_numpy()
    point = shapely.get_type_id(shapes) == 0
    x, y = shapely.get_x(shapes), shapely.get_y(shapes)
    if near is None:
        wrong = point & (np.abs(y) > 90) & (np.abs(x) <= 90) if frame.crs.is_geographic else np.zeros(len(frame), bool)
    else:
        to_layer = _transformer(pyproj.CRS.from_epsg(4326), frame.crs)
        box = to_layer.transform_bounds(*_wider(near))
        wrong = point & ~_within(x, y, box) & _within(y, x, box)
    if not wrong.any():
        return frame, []
    out = shapes.copy()
    out[wrong] = shapely.points(y[wrong], x[wrong])
    what = Text(
        "经纬度（或横纵坐标）颠倒，已对调", "longitude and latitude (or easting and northing) are swapped; put right"
    )
    cure = Text("改正原表", "correct the source")
    findings = [
        Finding(rule="swapped-coordinates", severity="warning", layer=layer, row=int(frame.index[n]), field="经度、纬度",
                value=f"{x[n]:.8g}, {y[n]:.8g}", message=what, cure=cure, mended=True)
        for n in np.flatnonzero(wrong)
    ]  # fmt: skip
    return frame.set_geometry(gpd.GeoSeries(out, index=frame.index, crs=frame.crs)), findings


def _within(x: NDArray[np.float64], y: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    return (x >= box[0]) & (x <= box[2]) & (y >= box[1]) & (y <= box[3])


def in_crs(frame: gpd.GeoDataFrame, crs: Any) -> gpd.GeoDataFrame:
    """Bring a layer to the analysis system; shapes that cannot be projected become missing.

    Unlike `riskmap.spatial.to_analysis` a legacy datum passes (it was told by `with_crs`), and single impossible
    records do not stop the layer: the quality rules find them without a place.

    Parameters
    ----------
    frame : GeoDataFrame
        With a coordinate system.
    crs : str, int or CRS
        Target.

    Returns
    -------
    GeoDataFrame
        Same rows.

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([111.15], [39.38]), crs=4490)
    >>> round(in_crs(seat, "EPSG:4546").geometry[0].x)
    512924
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        moved = frame.to_crs(crs)
    shapes = moved.geometry.to_numpy().copy()
    shapes[~np.isfinite(shapely.bounds(shapes)).all(axis=1)] = None
    return moved.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=moved.crs))
