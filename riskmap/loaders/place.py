"""Where the records lie: coordinate columns, swapped points, the analysis system."""

import re
import warnings
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from riskmap.loaders.refusal import Refusal
from riskmap.loaders.system import Box, transformer, wider
from riskmap.loaders.values import read_column
from riskmap.model.layers import Field, Finding
from riskmap.model.text import Text

__all__ = ["from_columns", "in_crs", "with_order"]

_DMS = re.compile(r"(\d{1,3})\s*[°度]\s*(\d{1,2})\s*['′分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[\"″秒]?)?\s*[EeNn]?")


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
        to_layer = transformer(pyproj.CRS.from_epsg(4326), frame.crs)
        box = to_layer.transform_bounds(*wider(near))
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
