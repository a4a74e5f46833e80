"""What a raster says of places: the value of the cell that holds them, or one between the cells."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

__all__ = ["cell_values", "values_at"]


def cell_values(raster: xr.DataArray, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of the cells that hold places.

    Parameters
    ----------
    raster : DataArray
        Dims ``(y, x)``: classes, scores.
    xy : ndarray, shape (n, 2)
        Easting and northing in the grid's CRS.

    Returns
    -------
    ndarray of float64, shape (n,)
        NaN off the grid and where the cell is unknown.

    Examples
    --------
    >>> from riskmap.spatial import make_grid, on_grid
    >>> raster = on_grid(np.array([[1.0, 2.0]]), make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10))
    >>> cell_values(raster, np.array([[5.0, 5.0], [19.0, 5.0], [21.0, 5.0]]))
    array([ 1.,  2., nan])
    """
    cell = raster.odc.geobox.affine
    column, row = np.floor((xy[:, 0] - cell.c) / cell.a), np.floor((xy[:, 1] - cell.f) / cell.e)
    inside = (column >= 0) & (row >= 0) & (column < raster.shape[1]) & (row < raster.shape[0])
    found = np.full(len(xy), np.nan)
    found[inside] = raster.to_numpy()[row[inside].astype("int64"), column[inside].astype("int64")]
    return found


def values_at(raster: xr.DataArray, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of a raster at places, bilinear between the centres of the cells.

    Parameters
    ----------
    raster : DataArray
        Dims ``(y, x)``: heights, slopes.
    xy : ndarray, shape (n, 2)
        Easting and northing in the grid's CRS.

    Returns
    -------
    ndarray of float64, shape (n,)
        NaN off the grid and beside unknown cells.

    Examples
    --------
    >>> from riskmap.spatial import make_grid, on_grid
    >>> dem = on_grid(np.array([[0.0, 10.0]]), make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10))
    >>> values_at(dem, np.array([[5.0, 5.0], [10.0, 5.0], [99.0, 5.0]]))
    array([ 0.,  5., nan])
    """
    cell = raster.odc.geobox.affine
    column, row = (xy[:, 0] - cell.c) / cell.a - 0.5, (xy[:, 1] - cell.f) / cell.e - 0.5
    # a place in the outer half of a rim cell takes the value of the rim
    inside = (column >= -0.5) & (row >= -0.5) & (column <= raster.shape[1] - 0.5) & (row <= raster.shape[0] - 0.5)
    found = map_coordinates(raster.to_numpy().astype("float64"), [row, column], order=1, mode="nearest")
    return np.where(inside, found, np.nan)
