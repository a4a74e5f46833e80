"""Who reaches a shelter: over roads and in a straight line, on a dry day and in each hazard scenario."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from scipy.spatial import cKDTree

from riskmap.spatial import Network, cell_values, nearest_source

__all__ = ["Reach", "closed_edges", "highest_along", "inside_mask", "masks_that_close", "reach", "straight_coverage"]


_CENTIMETRE = 0.01
"""A way is measured to the centimetre: one of exactly the radius is inside it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reach:
    """What each place of demand reaches.

    Parameters
    ----------
    shelter : numpy.ndarray of int
        Position of the shelter that covers it, else of the nearest; -1 where no road leads to any.
    distance_m : numpy.ndarray
        Way to that shelter, walks to and from the road included; inf without a way.
    covered : numpy.ndarray of bool
        Whether a shelter lies within its own radius by road.
    """

    shelter: np.ndarray
    distance_m: np.ndarray
    covered: np.ndarray


def reach(
    network: Network,
    demand: np.ndarray,
    shelters: np.ndarray,
    radius_m: np.ndarray,
    *,
    usable: np.ndarray | None = None,
) -> Reach:
    """Find for each place of demand the shelter that covers it, or else the nearest.

    Shelters have radii of their own, so the nearest shelter may not cover a place that a larger one farther away does:
    each radius is searched on its own, and among the covering shelters the nearest is taken.

    Parameters
    ----------
    network : Network
        With demand and shelters attached.
    demand, shelters : numpy.ndarray of int
        Their nodes; negative where no road is near.
    radius_m : numpy.ndarray
        Service radius of each shelter, metres.
    usable : numpy.ndarray of bool, optional
        One entry an edge; the others are closed.

    Returns
    -------
    Reach

    Examples
    --------
    >>> from riskmap.spatial import build_network
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> found = reach(build_network(road), np.array([1]), np.array([0]), np.array([500.0]))
    >>> found.distance_m.tolist(), found.covered.tolist()
    ([100.0], [True])
    """
    on_road = demand >= 0
    best = nearest_source(network, shelters, usable=usable)
    shelter = np.where(on_road, best.source[demand], -1)
    distance = np.where(on_road, best.distance_m[demand], np.inf)
    covered = np.zeros(len(demand), dtype=bool)
    nearest_cover = np.full(len(demand), np.inf)
    for radius in np.unique(radius_m):
        of_radius = np.where(radius_m == radius, shelters, -1)
        near = nearest_source(network, of_radius, limit_m=float(radius) + _CENTIMETRE, usable=usable)
        way = np.where(on_road, near.distance_m[demand], np.inf)
        better = (way <= radius + _CENTIMETRE) & (way < nearest_cover)
        shelter = np.where(better, near.source[demand], shelter)
        distance = np.where(better, way, distance)
        nearest_cover = np.where(better, way, nearest_cover)
        covered |= better
    return Reach(shelter=shelter, distance_m=distance, covered=covered)


def straight_coverage(
    demand: gpd.GeoSeries, shelters: gpd.GeoSeries, radius_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Straight-line coverage, which planners are asked for beside the road's.

    Parameters
    ----------
    demand, shelters : GeoSeries
        Points in one projected CRS.
    radius_m : numpy.ndarray
        Service radius of each shelter, metres.

    Returns
    -------
    distance_m : numpy.ndarray
        To the nearest shelter; inf without shelters.
    covered : numpy.ndarray of bool
        Whether any shelter lies within its own radius.

    Examples
    --------
    >>> a, b = gpd.GeoSeries([shapely.Point(0, 0)]), gpd.GeoSeries([shapely.Point(3, 4)])
    >>> straight_coverage(a, b, np.array([4.0]))[0].tolist()
    [5.0]
    """
    if not len(shelters):
        return np.full(len(demand), np.inf), np.zeros(len(demand), dtype=bool)
    here, there = shapely.get_coordinates(demand.to_numpy()), shapely.get_coordinates(shelters.to_numpy())
    covered = np.zeros(len(here), dtype=bool)
    for radius in np.unique(radius_m):
        covered |= np.isfinite(
            cKDTree(there[radius_m == radius]).query(here, distance_upper_bound=np.nextafter(radius, np.inf))[0]
        )
    return cKDTree(there).query(here)[0], covered


def inside_mask(points: np.ndarray, mask: xr.DataArray) -> np.ndarray:
    """Whether each point lies in a marked cell; points off the grid do not.

    Parameters
    ----------
    points : numpy.ndarray, shape (n, 2)
        Easting and northing in the grid's CRS.
    mask : DataArray of bool
        Dims ``(y, x)``.

    Returns
    -------
    numpy.ndarray of bool

    Examples
    --------
    >>> from riskmap.spatial import make_grid, on_grid
    >>> mask = on_grid(np.array([[True, False]]), make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10))
    >>> inside_mask(np.array([[5.0, 5.0], [15.0, 5.0], [99.0, 5.0]]), mask).tolist()
    [True, False, False]
    """
    cell = mask.odc.geobox.affine
    column, row = (points[:, 0] - cell.c) / cell.a, (points[:, 1] - cell.f) / cell.e
    r, c = np.floor(row).astype(int), np.floor(column).astype(int)
    good = (r >= 0) & (c >= 0) & (r < mask.shape[0]) & (c < mask.shape[1])
    found = np.zeros(len(points), dtype=bool)
    found[good] = mask.to_numpy()[r[good], c[good]]
    return found


def closed_edges(edges: gpd.GeoDataFrame, mask: xr.DataArray, *, bridges: np.ndarray | None = None) -> np.ndarray:
    """Edges that pass through a marked cell; bridges stay open, they stand above the ground that was measured.

    Parameters
    ----------
    edges : GeoDataFrame
        Of a `Network`.
    mask : DataArray of bool
        Closed cells.
    bridges : numpy.ndarray of bool, optional
        One entry an edge.

    Returns
    -------
    numpy.ndarray of bool

    Examples
    --------
    >>> from riskmap.spatial import build_network, make_grid, on_grid
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(1, 5), (19, 5)])], crs="EPSG:4546")
    >>> mask = on_grid(np.array([[False, True]]), make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10))
    >>> closed_edges(build_network(road).edges, mask).tolist()
    [True]
    """
    places, number = _along(edges, mask)
    hit = np.bincount(number[inside_mask(places, mask)], minlength=len(edges)) > 0
    return hit if bridges is None else hit & ~bridges


def highest_along(edges: gpd.GeoDataFrame, raster: xr.DataArray) -> np.ndarray:
    """Highest value of a raster along each edge.

    Parameters
    ----------
    edges : GeoDataFrame
        Of a `Network`.
    raster : DataArray
        Dims ``(y, x)``, NaN unknown.

    Returns
    -------
    numpy.ndarray of float64
        NaN where no cell along the edge is known.

    Examples
    --------
    >>> from riskmap.spatial import build_network, make_grid, on_grid
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(1, 5), (19, 5)])], crs="EPSG:4546")
    >>> level = on_grid(np.array([[801.5, np.nan]]), make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10))
    >>> highest_along(build_network(road).edges, level).tolist()
    [801.5]
    """
    places, number = _along(edges, raster)
    values = cell_values(raster, places)
    found = np.full(len(edges), -np.inf)
    known = np.isfinite(values)
    np.maximum.at(found, number[known], values[known])
    return np.where(np.isfinite(found), found, np.nan)


def _along(edges: gpd.GeoDataFrame, raster: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Places at most half a cell apart along each edge, and the edge of each."""
    lines = edges.geometry.to_numpy()
    long = np.flatnonzero(shapely.length(lines) > 0)
    step = abs(float(raster.odc.geobox.affine.a)) / 2
    places, at = shapely.get_coordinates(shapely.segmentize(lines[long], step), return_index=True)
    return places, long[at]


def masks_that_close(
    scenarios: Mapping[str, xr.DataArray], closes: Mapping[str, str], *, what: str
) -> dict[str, xr.DataArray]:
    """Masks among the scenarios that close `what` (``edges`` or ``sites``).

    Examples
    --------
    >>> masks_that_close({}, {}, what="edges")
    {}
    """
    return {name: mask for name, mask in scenarios.items() if closes[name] in {what, "both"}}
