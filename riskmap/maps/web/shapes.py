"""Shapes for a web page: longitude and latitude with five decimals, light, with shared edges kept."""

import json
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike

__all__ = ["area_shapes", "line_shapes", "packed", "point_places", "shape_of", "tolerance_of"]

DECIMALS = 5
TOLERANCE_M = 12.0
_CELL_PART = 10
_DIGITS = np.arange(7)


def packed(places: ArrayLike) -> str:
    """Write a path as text: about four characters for each corner in place of twenty.

    Parameters
    ----------
    places : array-like
        Longitude and latitude, one row a corner.

    Returns
    -------
    str
        Characters ``?`` to ``~``; empty for no corner.

    Notes
    -----
    The Encoded Polyline Algorithm Format of Google Maps: latitude before longitude, five decimals, steps from corner to
    corner, five bits a character. Corners are rounded to 0.00001 degrees (1.1 m); unknown ones are not allowed.

    Raises
    ------
    ValueError
        A place that is not a finite number.

    Examples
    --------
    >>> packed([(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)])
    '_p~iF~ps|U_ulLnnqC_mqNvxq`@'
    """
    at = np.asarray(places, "float64").reshape(-1, 2)
    if not np.isfinite(at).all():
        raise ValueError(f"{int((~np.isfinite(at)).any(axis=1).sum())} of {len(at)} places are unknown; leave them out")
    steps = np.diff(np.rint(at[:, ::-1] * 10**DECIMALS).astype("int64"), axis=0, prepend=0).ravel()
    folded = ((steps << 1) ^ (steps >> 63))[:, None] >> (5 * _DIGITS)
    more = folded >> 5 > 0
    characters = (folded & 31) + 32 * more + 63
    return characters[(folded > 0) | (_DIGITS == 0)].astype("uint8").tobytes().decode("ascii")


def shape_of(geometry: Any) -> Mapping[str, Any] | None:
    """One geometry in longitude and latitude as GeoJSON, each path of it packed; None where it is empty.

    Examples
    --------
    >>> shape_of(shapely.Point(111.1234567, 39))
    {'type': 'Point', 'coordinates': [111.12346, 39.0]}
    >>> shape_of(shapely.LineString([(111, 39), (111.001, 39.002)]))
    {'type': 'LineString', 'coordinates': '_e`mF_undToKgE'}
    """
    if geometry is None or geometry.is_empty:
        return None
    rounded = shapely.transform(shapely.force_2d(geometry), lambda at: np.round(at, DECIMALS))
    return _short(json.loads(shapely.to_geojson(rounded)))


def _short(shape: dict[str, Any]) -> dict[str, Any]:
    if "geometries" in shape:
        return shape | {"geometries": [_short(one) for one in shape["geometries"]]}
    return shape | {"coordinates": _paths(shape["coordinates"])}


def _paths(nest: list[Any]) -> Any:
    """Lists of places become text, however deep they lie."""
    if not nest or not isinstance(nest[0], list):
        return nest
    return [_paths(one) for one in nest] if isinstance(nest[0][0], list) else packed(nest)


def tolerance_of(cell_m: float) -> float:
    """Tolerance of areas that are worked out on cells of this size: a tenth of a cell, at least 12 m.

    Examples
    --------
    >>> tolerance_of(30), tolerance_of(1000)
    (12.0, 100.0)
    """
    return max(TOLERANCE_M, cell_m / _CELL_PART)


def area_shapes(frame: gpd.GeoDataFrame, *, tolerance_m: float = TOLERANCE_M) -> list[Mapping[str, Any] | None]:
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
        As `shape_of`, in the order of the rows; None for empty ones.

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


def line_shapes(
    frame: gpd.GeoDataFrame | gpd.GeoSeries, *, tolerance_m: float = TOLERANCE_M
) -> Mapping[str, Any] | None:
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
