"""Shapes for a web page: longitude and latitude with five decimals, light, with shared edges kept."""

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

__all__ = ["area_shapes", "line_shapes", "point_places", "shape_of"]

DECIMALS = 5


def shape_of(geometry: Any) -> Mapping[str, Any] | None:
    """One geometry in longitude and latitude as GeoJSON with five decimals; None where it is empty.

    Examples
    --------
    >>> shape_of(shapely.Point(111.1234567, 39))
    {'type': 'Point', 'coordinates': [111.12346, 39.0]}
    """
    if geometry is None or geometry.is_empty:
        return None
    rounded = shapely.transform(shapely.force_2d(geometry), lambda at: np.round(at, DECIMALS))
    return json.loads(shapely.to_geojson(rounded))


def area_shapes(frame: gpd.GeoDataFrame, *, tolerance_m: float = 12.0) -> list[Mapping[str, Any] | None]:
    """Areas, simplified so that neighbours keep one common edge.

    Parameters
    ----------
    frame : GeoDataFrame
        Polygons in a metric coordinate system.
    tolerance_m : float
        Least height of the triangles that are kept (Visvalingam-Whyatt), metres.

    Returns
    -------
    list of mapping
        GeoJSON geometries in longitude and latitude, in the order of the rows; None for empty ones.

    Examples
    --------
    >>> boxes = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 500, 500), shapely.box(500, 0, 900, 500)], crs="EPSG:4546")
    >>> len(area_shapes(boxes))
    2
    """
    shapes = frame.geometry.to_numpy().copy()
    areal = (shapely.get_dimensions(shapes) == 2) & ~shapely.is_empty(shapes)
    if areal.any():
        light = shapely.coverage_simplify(shapes[areal], tolerance_m)
        shapes[areal] = np.where(shapely.is_empty(light), shapes[areal], light)
    return [shape_of(one) for one in gpd.GeoSeries(shapes, crs=frame.crs).to_crs("EPSG:4326")]


def line_shapes(frame: gpd.GeoDataFrame | gpd.GeoSeries, *, tolerance_m: float = 12.0) -> Mapping[str, Any] | None:
    """All shapes of a layer as one light geometry (lines, or areas of water).

    Examples
    --------
    >>> lines = gpd.GeoSeries([shapely.LineString([(0, 0), (1, 1), (2000, 0)])], crs="EPSG:4546")
    >>> line_shapes(lines)["type"]
    'LineString'
    """
    shapes = frame.geometry.simplify(tolerance_m)
    shapes = shapes[~(shapes.is_empty | shapes.isna())].to_crs("EPSG:4326")
    if not len(shapes):
        return None
    parts = shapely.get_parts(shapes.to_numpy())
    kinds = shapely.get_dimensions(parts)
    chosen = parts[kinds == kinds.max()]
    return shape_of(chosen[0] if len(chosen) == 1 else _collected(chosen))


def point_places(frame: gpd.GeoDataFrame) -> list[tuple[float, float] | None]:
    """Longitude and latitude of a point inside each shape, in the order of the rows; None where unknown.

    Examples
    --------
    >>> point_places(gpd.GeoDataFrame(geometry=[shapely.Point(111, 39)], crs="EPSG:4326"))
    [(111.0, 39.0)]
    """
    points = frame.geometry.representative_point().to_crs("EPSG:4326")
    return [None if one is None or one.is_empty else (round(one.x, DECIMALS), round(one.y, DECIMALS)) for one in points]


def _collected(parts: Any) -> Any:
    dimension = int(shapely.get_dimensions(parts[0]))
    make = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[dimension]
    return make(parts)
