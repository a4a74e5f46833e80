"""Totals of areas are spread over their cells, and points and lines are counted in cells."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely
from odc.geo.geobox import GeoBox

__all__ = ["cell_of", "line_km_by_cell", "points_by_cell", "spread"]


def spread(
    totals: np.ndarray, labels: np.ndarray, *, surfaces: Sequence[np.ndarray], seats: np.ndarray | None = None
) -> np.ndarray:
    """Spread the total of each zone over its cells in proportion to a surface; nothing is lost.

    Parameters
    ----------
    totals : ndarray, shape (zones,)
        Amount in each zone; NaN unknown.
    labels : ndarray of int, shape (rows, columns)
        0 for none, n for zone n - 1.
    surfaces : sequence of ndarray, shape (rows, columns)
        Tried in this order: a zone takes the first whose sum over its cells is above 0. NaN counts as 0.
        Evenly over the zone when none is.
    seats : ndarray of int, shape (zones, 2), optional
        Row and column that take the whole total of a zone without any cell.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        Amount per cell; NaN where `labels` is 0 or the total is unknown.

    Examples
    --------
    >>> spread(np.array([6.0]), np.array([[1, 1, 0]]), surfaces=[np.array([[1.0, 2.0, 9.0]])])
    array([[ 2.,  4., nan]])
    """
    count = len(totals)
    weight, sums = np.zeros(labels.shape), np.zeros(count + 1)
    open_zones = np.ones(count + 1, dtype=bool)
    for surface in (*surfaces, np.ones(labels.shape)):
        held = np.nan_to_num(np.asarray(surface, dtype="float64"))
        total = np.bincount(labels.ravel(), weights=held.ravel(), minlength=count + 1)
        taken = open_zones & (total > 0)
        weight = np.where(taken[labels], held, weight)
        sums[taken] = total[taken]
        open_zones &= ~taken
    per_weight = np.append(np.nan, totals) / np.where(sums > 0, sums, np.nan)
    cells = np.where(labels > 0, weight * per_weight[labels], np.nan)
    if seats is not None:
        lost = (sums[1:] == 0) & np.isfinite(totals) & (seats >= 0).all(axis=1)
        lost &= (seats < labels.shape).all(axis=1)
        rows, columns = seats[lost].T
        cells[rows, columns] = np.nan_to_num(cells[rows, columns])
        np.add.at(cells, (rows, columns), totals[lost])
    return cells


def cell_of(x: np.ndarray, y: np.ndarray, *, grid: GeoBox) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of the cell that holds each point; they may lie beyond the grid.

    Parameters
    ----------
    x, y : ndarray of float
        Easting and northing in the grid's CRS.
    grid : GeoBox
        The analysis raster, north up.

    Returns
    -------
    rows, columns : ndarray of int64

    Examples
    --------
    >>> grid = GeoBox.from_bbox((0, 0, 20, 10), "EPSG:4546", resolution=10)
    >>> [one.tolist() for one in cell_of(np.array([15.0, -1]), np.array([5.0, 5]), grid=grid)]
    [[0, 0], [1, -1]]
    """
    to_cell = grid.affine
    columns = np.floor((np.asarray(x, dtype="float64") - to_cell.c) / to_cell.a)
    rows = np.floor((np.asarray(y, dtype="float64") - to_cell.f) / to_cell.e)
    return rows.astype("int64"), columns.astype("int64")


def points_by_cell(x: np.ndarray, y: np.ndarray, *, grid: GeoBox, weights: np.ndarray) -> np.ndarray:
    """Sum of the weights of the points in each cell.

    Parameters
    ----------
    x, y : ndarray of float
        Easting and northing in the grid's CRS; points beyond the grid are not counted.
    grid : GeoBox
        The analysis raster.
    weights : ndarray of float
        One per point.

    Returns
    -------
    ndarray of float64, shape of the grid

    Examples
    --------
    >>> grid = GeoBox.from_bbox((0, 0, 20, 10), "EPSG:4546", resolution=10)
    >>> points_by_cell(np.array([5.0, 15, 15]), np.array([5.0, 5, 6]), grid=grid, weights=np.ones(3))
    array([[1., 2.]])
    """
    rows, columns = cell_of(x, y, grid=grid)
    height, width = grid.shape
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    place = rows[inside] * width + columns[inside]
    return np.bincount(place, weights=weights[inside], minlength=height * width).reshape(height, width)


def line_km_by_cell(lines: gpd.GeoSeries, *, grid: GeoBox, parts: int = 4) -> np.ndarray:
    """Length of lines in each cell, in km.

    Parameters
    ----------
    lines : GeoSeries of LineString
        In the grid's CRS, metres.
    grid : GeoBox
        The analysis raster.
    parts : int
        Pieces are cut to at most a cell over `parts`; each counts where its middle lies.

    Returns
    -------
    ndarray of float64, shape of the grid
        Sums to the whole length within the grid.

    Examples
    --------
    >>> grid = GeoBox.from_bbox((0, 0, 2000, 1000), "EPSG:4546", resolution=1000)
    >>> line_km_by_cell(gpd.GeoSeries([shapely.LineString([(500, 500), (1750, 500)])]), grid=grid).tolist()
    [[0.5, 0.75]]
    """
    step = abs(grid.resolution.x) / parts
    simple = lines[~lines.isna()].explode(index_parts=False)
    pieces = shapely.segmentize(np.asarray(simple.geometry), step)
    points, owner = shapely.get_coordinates(pieces, return_index=True)
    same = owner[1:] == owner[:-1]
    start, stop = points[:-1][same], points[1:][same]
    middle = (start + stop) / 2
    length_km = np.hypot(*(stop - start).T) / 1000
    return points_by_cell(middle[:, 0], middle[:, 1], grid=grid, weights=length_km)
