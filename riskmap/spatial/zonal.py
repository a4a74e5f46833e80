"""Statistics of a raster inside units: by labels where cells are small, else by exact fractions."""

import geopandas as gpd
import numpy as np
import xarray as xr
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from odc.geo.geobox import GeoBox

from riskmap.errors import GridError
from riskmap.spatial.align import burn

__all__ = ["exact_mean", "exact_statistics", "zonal_mean", "zonal_shares", "zonal_sum", "zone_labels"]


def zone_labels(units: gpd.GeoDataFrame, grid: GeoBox) -> xr.DataArray:
    """Label each cell with the unit that holds its centre.

    Parameters
    ----------
    units : GeoDataFrame
        In the CRS of the grid.
    grid : GeoBox
        Analysis grid.

    Returns
    -------
    DataArray of int32
        0 outside, n for the n-th unit counted from 1.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.spatial.grid import make_grid
    >>> boxes = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    >>> two = gpd.GeoDataFrame(geometry=boxes, crs="EPSG:4546")
    >>> zone_labels(two, make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10)).to_numpy().tolist()
    [[1, 2]]
    """
    return burn(units, grid)


def zonal_sum(values: xr.DataArray, labels: xr.DataArray, *, count: int) -> np.ndarray:
    """Sum of the known values in each unit.

    Parameters
    ----------
    values : DataArray
        Dims ``(y, x)``; NaN is unknown.
    labels : DataArray of int
        From `zone_labels`.
    count : int
        Number of units.

    Returns
    -------
    numpy.ndarray, shape (count,)
        NaN for a unit without a known cell.

    Examples
    --------
    >>> a = xr.DataArray([[1.0, 2.0, np.nan]], dims=("y", "x"))
    >>> zonal_sum(a, xr.DataArray([[1, 1, 2]], dims=("y", "x")), count=2).tolist()
    [3.0, nan]
    """
    known, zone = _known(values, labels)
    cells = np.bincount(zone, minlength=count + 1)[1:]
    sums = np.bincount(zone, weights=_of(values, known), minlength=count + 1)[1:]
    return np.where(cells > 0, sums, np.nan)


def zonal_mean(
    values: xr.DataArray, labels: xr.DataArray, *, count: int, weights: xr.DataArray | None = None
) -> np.ndarray:
    """Mean of the known values in each unit, weighted where weights are given.

    Parameters
    ----------
    values : DataArray
        Dims ``(y, x)``; NaN is unknown.
    labels : DataArray of int
        From `zone_labels`.
    count : int
        Number of units.
    weights : DataArray, optional
        People in each cell, for instance; NaN counts as 0.

    Returns
    -------
    numpy.ndarray, shape (count,)
        NaN for a unit without a known cell of positive weight.

    Examples
    --------
    >>> a = xr.DataArray([[1.0, 3.0, np.nan]], dims=("y", "x"))
    >>> zonal_mean(a, xr.DataArray([[1, 1, 2]], dims=("y", "x")), count=2).tolist()
    [2.0, nan]
    """
    if weights is not None:  # what weighs nothing is not looked at: people stand on a hundredth of the cells
        labels = labels.copy(data=np.where(weights.to_numpy() > 0, labels.to_numpy(), 0))
    known, zone = _known(values, labels)
    flat = _of(values, known)
    share = None if weights is None else _of(weights, known)
    total = np.bincount(zone, weights=share, minlength=count + 1)[1:]
    sums = np.bincount(zone, weights=flat if share is None else flat * share, minlength=count + 1)[1:]
    return np.divide(sums, total, out=np.full(count, np.nan), where=total > 0)


def zonal_shares(codes: xr.DataArray, labels: xr.DataArray, *, count: int, classes: int) -> np.ndarray:
    """Share of each class in each unit's classed cells.

    Parameters
    ----------
    codes : DataArray of uint8
        Classes 1..K; anything else is no class.
    labels : DataArray of int
        From `zone_labels`.
    count : int
        Number of units.
    classes : int
        K.

    Returns
    -------
    numpy.ndarray, shape (count, K)
        Rows sum to 1; NaN for a unit without a classed cell.

    Examples
    --------
    >>> codes = xr.DataArray(np.array([[1, 2, 2, 255]], "uint8"), dims=("y", "x"))
    >>> zonal_shares(codes, xr.DataArray([[1, 1, 1, 2]], dims=("y", "x")), count=2, classes=2)[1].tolist()
    [nan, nan]
    """
    code, zone = codes.to_numpy().ravel().astype("int64"), labels.to_numpy().ravel()
    good = (code >= 1) & (code <= classes) & (zone > 0)
    places = (zone[good].astype("int64") - 1) * classes + code[good] - 1
    cells = np.bincount(places, minlength=count * classes).reshape(count, classes)
    total = cells.sum(axis=1, keepdims=True)
    return np.divide(cells, total, out=np.full(cells.shape, np.nan), where=total > 0)


def exact_mean(values: xr.DataArray, units: gpd.GeoDataFrame) -> np.ndarray:
    """Mean weighted by the exact share of each cell that a unit covers.

    For units that are small against the cells; for large ones `zonal_mean` says the same, faster.

    Parameters
    ----------
    values : DataArray
        Dims ``(y, x)`` on a GeoBox in the CRS of the units; NaN is unknown.
    units : GeoDataFrame
        Polygons.

    Returns
    -------
    numpy.ndarray, shape (units,)
        NaN where a unit covers no known cell.

    Raises
    ------
    GridError
        The units are in another CRS.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.spatial.grid import make_grid, on_grid
    >>> grid = make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10)
    >>> unit = gpd.GeoDataFrame(geometry=[shapely.box(5, 0, 20, 10)], crs="EPSG:4546")
    >>> exact_mean(on_grid(np.array([[1.0, 4.0]]), grid), unit).tolist()
    [3.0]
    """
    return exact_statistics(values, units, ["mean"])[:, 0]


def exact_statistics(values: xr.DataArray, units: gpd.GeoDataFrame, statistics: list[str]) -> np.ndarray:
    """Statistics weighted by the exact share of each cell that a unit covers.

    Parameters
    ----------
    values : DataArray
        Dims ``(y, x)`` on a GeoBox in the CRS of the units; NaN is unknown.
    units : GeoDataFrame
        Polygons, small or large against the cells.
    statistics : list of str
        Names that exactextract knows: ``mean``, ``sum``, ``count``, ``min``, ``max``, ...

    Returns
    -------
    numpy.ndarray, shape (units, statistics)
        NaN where a unit covers no known cell.

    Raises
    ------
    GridError
        The units are in another CRS.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.spatial.grid import make_grid, on_grid
    >>> grid = make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10)
    >>> unit = gpd.GeoDataFrame(geometry=[shapely.box(5, 0, 20, 10)], crs="EPSG:4546")
    >>> exact_statistics(on_grid(np.array([[1.0, 4.0]]), grid), unit, ["mean", "count"]).tolist()
    [[3.0, 1.5]]
    """
    box = values.odc.geobox
    if units.crs is None or units.crs != box.crs.proj:
        raise GridError(f"units in {units.crs} do not fit a raster in {box.crs}; reproject them first")
    edges = box.extent.boundingbox
    source = NumPyRasterSource(
        np.ma.masked_invalid(values.to_numpy().astype("float64")),
        xmin=edges.left,
        ymin=edges.bottom,
        xmax=edges.right,
        ymax=edges.top,
        nodata=np.nan,
        srs_wkt=units.crs.to_wkt(),
    )
    table = exact_extract(source, units.reset_index(drop=True)[["geometry"]], statistics, output="pandas")
    return table[statistics].to_numpy(dtype="float64", na_value=np.nan)


def _known(values: xr.DataArray, labels: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Flat numbers of the known cells in units, and their units."""
    if values.shape != labels.shape:
        raise GridError(f"values {values.shape} and labels {labels.shape} lie on different grids")
    zone = labels.to_numpy().ravel()
    known = np.flatnonzero(np.isfinite(values.to_numpy().ravel()) & (zone > 0))
    return known, zone[known]


def _of(values: xr.DataArray, cells: np.ndarray) -> np.ndarray:
    return values.to_numpy().ravel()[cells].astype("float64")
