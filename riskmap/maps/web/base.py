"""What lies under and over every layer of a page: relief, neighbours, boundaries, water, roads, names."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.maps.water import county_streams
from riskmap.maps.web.pictures import shade_picture
from riskmap.maps.web.places import short_name
from riskmap.maps.web.shapes import line_shapes, point_places
from riskmap.maps.web.strings import ROADS
from riskmap.model import Survey, Text

__all__ = ["base_part", "bounds_of", "labels_part"]

VILLAGES = 600
_AROUND = 0.35


def bounds_of(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """South-west and north-east corner of a layer as latitude and longitude.

    Examples
    --------
    >>> bounds_of(gpd.GeoDataFrame(geometry=[shapely.box(111, 39, 112, 40)], crs="EPSG:4326"))
    [[39.0, 111.0], [40.0, 112.0]]
    """
    west, south, east, north = (round(float(one), 5) for one in frame.to_crs("EPSG:4326").total_bounds)
    return [[south, west], [north, east]]


def base_part(survey: Survey) -> Mapping[str, Any]:
    """Shapes and pictures that every layer shares.

    Parameters
    ----------
    survey : Survey
        Layers that are not there are None.

    Returns
    -------
    mapping
        ``bounds``, ``shade``, ``neighbours``, ``outline``, ``townships``, ``streams``, ``roads``.

    Examples
    --------
    >>> base_part.__name__
    'base_part'
    """
    return {
        "bounds": bounds_of(survey.outline),
        "shade": shade_picture(survey.raster("dem"), survey.mask) if survey.has("dem") else None,
        "neighbours": _neighbours(survey),
        "outline": line_shapes(survey.outline.boundary),
        "townships": _township_lines(survey),
        "streams": _streams(survey) if survey.has("streams") else None,
        "roads": _roads(survey.frame("roads")) if survey.has("roads") else None,
    }


def _streams(survey: Survey) -> list[Mapping[str, Any]]:
    """Streams of the county, wider by order."""
    streams = county_streams(survey)
    widths = pd.cut(streams["order"], [0, 2, 4, 6, np.inf], labels=[0.6, 1.2, 2.2, 5.0]).astype(float)
    shapes = ((width, line_shapes(streams[widths == width])) for width in sorted(set(widths)))
    return [{"width": width, "shape": shape} for width, shape in shapes if shape is not None]


def labels_part(survey: Survey) -> list[list[Any]]:
    """Names on the map, the most important first: ``[lon, lat, Text, kind]``.

    Parameters
    ----------
    survey : Survey
        Townships, neighbours, place names, villages (by people).

    Returns
    -------
    list

    Examples
    --------
    >>> labels_part.__name__
    'labels_part'
    """
    labels = _names(survey.townships, "town") if len(survey.townships) else []
    around = _around(survey)
    if around is not None:
        labels += _names(around, "neighbour")
    if survey.has("places"):
        labels += _names(survey.frame("places"), "place")
    seats = survey.frame("villages") if survey.has("villages") else survey.units
    if survey.county.units == "grid30s" and not survey.has("villages"):
        return labels
    people = (
        pd.to_numeric(seats["people"], errors="coerce").fillna(0) if "people" in seats else pd.Series(0, seats.index)
    )
    order = np.argsort(-people.to_numpy(float), kind="stable")[:VILLAGES]
    return labels + _names(_in_english(seats, survey.units).iloc[order], "village")


def _in_english(seats: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Villages with the English names that their units have."""
    if "name_en" in seats or "code" not in seats or "name_en" not in units:
        return seats
    return seats.assign(name_en=seats["code"].astype(str).map(units["name_en"]))


def _names(frame: gpd.GeoDataFrame, kind: str) -> list[list[Any]]:
    zh = frame["name"].fillna("").astype(str) if "name" in frame else [""] * len(frame)
    en = frame["name_en"].fillna("").astype(str) if "name_en" in frame else [""] * len(frame)
    rows = []
    for at, a, b in zip(point_places(frame), zh, en, strict=True):
        if at is not None and (a or b):
            rows.append([*at, Text(short_name(a) or b, b or short_name(a)), kind])
    return rows


def _around(survey: Survey) -> gpd.GeoDataFrame | None:
    """Neighbours, cut to the surroundings of the county and without its own area."""
    if not survey.has("neighbours"):
        return None
    west, south, east, north = survey.outline.total_bounds
    wide, high = (east - west) * _AROUND, (north - south) * _AROUND
    outside = survey.frame("neighbours")
    seen = outside.clip_by_rect(west - wide, south - high, east + wide, north + high)
    seen = seen.difference(survey.outline.union_all())
    return outside.set_geometry(seen)[~seen.is_empty]


def _neighbours(survey: Survey) -> Mapping[str, Any] | None:
    around = _around(survey)
    return None if around is None or not len(around) else line_shapes(around.geometry, tolerance_m=60.0)


def _township_lines(survey: Survey) -> Mapping[str, Any] | None:
    if len(survey.townships) < 2:
        return None
    shared = shapely.union_all(survey.townships.boundary.to_numpy())
    inner = shapely.difference(shared, shapely.buffer(survey.outline.union_all().boundary, 1.0))
    lines = shapely.line_merge(inner) if inner.geom_type == "MultiLineString" else inner
    return line_shapes(gpd.GeoSeries([lines], crs=survey.townships.crs))


def _roads(roads: gpd.GeoDataFrame) -> list[Mapping[str, Any]]:
    kinds = roads["class"] if "class" in roads else pd.Series("", index=roads.index)
    widths = kinds.map(ROADS).fillna(1).astype(int)
    parts = [(width, line_shapes(roads[widths == width])) for width in sorted(set(widths))]
    return [{"width": width, "shape": shape} for width, shape in parts if shape is not None]
