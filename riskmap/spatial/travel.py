"""How long people need along a road: on foot over the relief, each direction its own, and by car by class of road."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import GridError, MethodError
from riskmap.spatial.sample import values_at

__all__ = ["driving_minutes", "tobler_km_h", "walking_minutes"]


def tobler_km_h(slope: ArrayLike, *, flat_km_h: float | None = None) -> NDArray[np.float64]:
    """Walking speed by slope (Tobler's hiking function).

    Parameters
    ----------
    slope : array_like
        Rise over run in the direction of travel: 0.1 climbs a metre in ten, -0.1 descends one.
    flat_km_h : float, optional
        Speed on the flat; the function is scaled to it (people who walk slowly, loaded, with children). Tobler's own is
        5.04 km/h.

    Returns
    -------
    ndarray of float64
        km/h; NaN where the slope is unknown. Fastest on a slight descent of 0.05.

    Raises
    ------
    MethodError
        A speed that is not above 0.

    Notes
    -----
    ``6 exp(-3.5 |slope + 0.05|)`` km/h. Tobler, W. (1993), Three presentations on geographical analysis and modeling,
    NCGIA Technical Report 93-1.

    Examples
    --------
    >>> tobler_km_h([-0.05, 0.0, 0.3]).round(2)
    array([6.  , 5.04, 1.76])
    >>> float(tobler_km_h(0.0, flat_km_h=3.0))
    3.0
    """
    if flat_km_h is not None and not flat_km_h > 0:
        raise MethodError(f"speed on the flat is {flat_km_h:g} km/h; give a speed above 0")
    best = 6.0 if flat_km_h is None else flat_km_h / np.exp(-3.5 * 0.05)
    return best * np.exp(-3.5 * np.abs(np.asarray(slope, dtype="float64") + 0.05))


def walking_minutes(
    edges: gpd.GeoDataFrame,
    dem: xr.DataArray | None,
    *,
    flat_km_h: float | None = None,
    bridges: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Minutes on foot along each edge of a network, from u to v and from v to u.

    Parameters
    ----------
    edges : GeoDataFrame
        Of a `Network`: ``length_m`` and lines that run from u to v, in the CRS of `dem`.
    dem : DataArray, optional
        Heights in metres; without it everything is flat.
    flat_km_h : float, optional
        Speed on the flat (`tobler_km_h`).
    bridges : ndarray of bool, optional
        Edges that run straight from end to end over the ground that was measured.

    Returns
    -------
    minutes : ndarray, shape (edges, 2)
    unknown_share : ndarray, shape (edges,)
        Share 0..1 of the edge whose relief is unknown; it is walked as if flat.

    Raises
    ------
    GridError
        Edges and relief stand in different coordinate systems.

    Examples
    --------
    >>> from riskmap.spatial import make_grid, on_grid
    >>> slope = on_grid(np.array([[0.0, 3.0, 6.0]]), make_grid((0, 0, 30, 10), "EPSG:4546", cell_size_m=10))
    >>> edge = gpd.GeoDataFrame({"length_m": [20.0]}, geometry=[shapely.LineString([(5, 5), (25, 5)])], crs="EPSG:4546")
    >>> minutes, unknown = walking_minutes(edge, slope)
    >>> minutes.round(3).tolist()
    [[0.681, 0.48]]
    """
    lines = edges.geometry.to_numpy()
    length = edges["length_m"].to_numpy("float64")
    flat = length / 1000 / tobler_km_h(0.0, flat_km_h=flat_km_h) * 60
    if dem is None:
        return np.column_stack([flat, flat]), np.ones(len(edges))
    if edges.crs is not None and edges.crs != dem.odc.geobox.crs:
        raise GridError(
            f"roads stand in {edges.crs.name!r}, the relief in {dem.odc.geobox.crs}; bring them to one system"
        )
    cell = abs(float(dem.odc.geobox.affine.a))
    drawable = np.flatnonzero(shapely.length(lines) > 0)
    xy, place = shapely.get_coordinates(shapely.segmentize(lines[drawable], cell), return_index=True)
    number = drawable[place]
    height = values_at(dem, xy)
    if bridges is not None and bridges.any():
        height = _spanned(height, xy, number, bridges)
    same = number[1:] == number[:-1]
    run = np.hypot(*np.diff(xy, axis=0).T)[same]
    rise, of = np.diff(height)[same], number[1:][same]
    unknown = np.isnan(rise)
    slope = np.divide(np.where(unknown, 0, rise), run, out=np.zeros_like(run), where=run > 0)
    drawn = np.bincount(of, weights=run, minlength=len(edges))
    scale = np.divide(
        length, drawn, out=np.ones_like(length), where=drawn > 0
    )  # an edge may be longer than its drawing
    minutes = [
        scale * np.bincount(of, weights=run / 1000 / tobler_km_h(one, flat_km_h=flat_km_h) * 60, minlength=len(edges))
        for one in (slope, -slope)
    ]
    lost = np.bincount(of, weights=run * unknown, minlength=len(edges))
    minutes = [np.where(drawn > 0, one, flat) for one in minutes]
    return np.column_stack(minutes), np.divide(lost, drawn, out=np.zeros(len(edges)), where=drawn > 0)


def _spanned(
    height: NDArray[np.float64], xy: NDArray[np.float64], number: NDArray[np.int64], bridges: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Heights with every bridge running evenly from its one end to the other."""
    found = height.copy()
    first = np.searchsorted(number, np.arange(len(bridges)))
    last = np.searchsorted(number, np.arange(len(bridges)), side="right") - 1
    for n in np.intersect1d(np.flatnonzero(bridges), number):
        piece = slice(first[n], last[n] + 1)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy[piece], axis=0).T))])
        found[piece] = np.interp(along, [0.0, max(along[-1], 1e-9)], height[[first[n], last[n]]])
    return found


def driving_minutes(
    edges: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    speeds_km_h: Mapping[str, float],
    *,
    other_km_h: float,
) -> NDArray[np.float64]:
    """Minutes by car along each edge of a network, from u to v and from v to u.

    Parameters
    ----------
    edges : GeoDataFrame
        Of a `Network`: ``length_m``, ``road`` (row of `roads`; -1 for the walk from a place to its road).
    roads : GeoDataFrame
        The delivered lines: ``speed_km_h`` where known, else ``class``; ``oneway`` (单向 drives as the line is drawn,
        反向 against it, 双向 or nothing both ways).
    speeds_km_h : mapping of str to float
        Speed by class.
    other_km_h : float
        Where neither is known, and for the walk to the road.

    Returns
    -------
    ndarray, shape (edges, 2)
        inf against a one-way street.

    Raises
    ------
    MethodError
        A speed that is not above 0.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (1000, 0)])
    >>> roads = gpd.GeoDataFrame({"class": ["县道"], "oneway": ["单向"]}, geometry=[line])
    >>> edges = gpd.GeoDataFrame({"length_m": [1000.0], "road": [0]}, geometry=[line])
    >>> driving_minutes(edges, roads, {"县道": 40.0}, other_km_h=20.0).tolist()
    [[1.5, inf]]
    """
    if not all(one > 0 for one in (*speeds_km_h.values(), other_km_h)):
        raise MethodError(f"speeds are {dict(speeds_km_h)}, else {other_km_h:g} km/h; give speeds above 0")
    empty = pd.Series([None] * len(roads), index=roads.index, dtype="object")
    own = pd.to_numeric(roads.get("speed_km_h", empty), errors="coerce").to_numpy("float64")
    by_class = roads.get("class", empty).map(dict(speeds_km_h)).to_numpy("float64", na_value=np.nan)
    speed = np.append(np.where(own > 0, own, np.where(np.isnan(by_class), other_km_h, by_class)), other_km_h)
    road = edges["road"].to_numpy("int64")
    minutes = edges["length_m"].to_numpy("float64") / 1000 / speed[road] * 60
    way = np.append(roads.get("oneway", empty).fillna("双向").to_numpy("str"), "双向")[road]
    along = _drawn_along(edges, roads)
    shut_back = ((way == "单向") & along) | ((way == "反向") & ~along)
    shut_there = ((way == "单向") & ~along) | ((way == "反向") & along)
    return np.column_stack([np.where(shut_there, np.inf, minutes), np.where(shut_back, np.inf, minutes)])


def _drawn_along(edges: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Whether each edge runs in the direction in which its road was drawn; noding may turn lines round."""
    road = edges["road"].to_numpy("int64")
    lines = edges.geometry.to_numpy()
    of_road = np.array([*roads.geometry, None], dtype="object")[road]
    start, end = (
        shapely.line_locate_point(of_road, shapely.line_interpolate_point(lines, share, normalized=True))
        for share in (0.25, 0.75)
    )
    return ~(start > end)
