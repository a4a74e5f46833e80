"""The grid: make it, put numbers on it, ask an array for it."""

from collections.abc import Hashable, Mapping, Sequence
from math import ceil, floor, isfinite
from typing import Any

import numpy as np
import xarray as xr
from affine import Affine
from numpy.typing import ArrayLike
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords

from riskmap.errors import GridError
from riskmap.spatial.crs import metric_crs

__all__ = ["cell_size_m", "grid_of", "make_grid", "on_grid"]


def make_grid(bounds: Sequence[float], crs: Any, *, cell_size_m: float, margin_m: float = 0.0) -> GeoBox:
    """Analysis grid over an extent, its lines at multiples of the cell.

    Grids made from other extents with the same cell fit each other cell by cell.

    Parameters
    ----------
    bounds : sequence of float
        West, south, east, north, metres in `crs`.
    crs : str, int or CRS
        Projected, metres (`metric_crs`).
    cell_size_m : float
        Side of a cell.
    margin_m : float
        Added on every side before snapping outwards.

    Returns
    -------
    GeoBox
        North up, square cells.

    Raises
    ------
    CountyFileError
        `crs` cannot carry an analysis.
    GridError
        Empty extent, or a cell size that is not above zero.

    Examples
    --------
    >>> make_grid((510010, 4360040, 510290, 4360150), "EPSG:4546", cell_size_m=30).shape
    Shape2d(x=10, y=5)
    """
    west, south, east, north = (float(one) for one in bounds)
    checked = metric_crs(crs)
    if not (cell_size_m > 0 and isfinite(cell_size_m)):
        raise GridError(f"cell size {cell_size_m} m is not above zero; set cell_size_m in county.toml")
    if not (isfinite(west + south + east + north) and west < east and south < north):
        raise GridError(f"extent {tuple(bounds)} is empty; allowed is west < east and south < north, in metres")
    slack = 1e-6
    left = floor((west - margin_m) / cell_size_m + slack)
    bottom = floor((south - margin_m) / cell_size_m + slack)
    right = ceil((east + margin_m) / cell_size_m - slack)
    top = ceil((north + margin_m) / cell_size_m - slack)
    transform = Affine(cell_size_m, 0, left * cell_size_m, 0, -cell_size_m, top * cell_size_m)
    return GeoBox((top - bottom, right - left), transform, checked)


def on_grid(
    values: ArrayLike,
    grid: GeoBox,
    *,
    name: Hashable | None = None,
    lead: Mapping[str, Sequence] | None = None,
    **attrs: Any,
) -> xr.DataArray:
    """Put plain numbers on a grid.

    Parameters
    ----------
    values : array
        Shape of the grid, led by one axis per entry of `lead`. Not copied.
    grid : GeoBox
        Where the cells are.
    name : str, optional
        Name of the array.
    lead : mapping of str to sequence, optional
        Leading dimension and its coordinates, such as ``{"return_period": (5, 10)}``.
    **attrs
        Attributes (``units="m"``).

    Returns
    -------
    DataArray
        Dims ``(*lead, y, x)``.

    Raises
    ------
    GridError
        The shapes differ.

    Examples
    --------
    >>> grid = make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30)
    >>> on_grid([[1.0, 2.0]], grid, units="m").odc.geobox == grid
    True
    """
    data = values if hasattr(values, "dtype") and hasattr(values, "shape") else np.asarray(values)
    axes = {key: list(one) for key, one in (lead or {}).items()}
    shape = (*(len(one) for one in axes.values()), *grid.shape)
    if tuple(data.shape) != shape:
        raise GridError(f"values of shape {tuple(data.shape)} do not fit; the grid asks for {shape}")
    dims = (*axes, "y", "x")
    coords = {**axes, **xr_coords(grid, dims=("y", "x"))}
    return xr.DataArray(data, dims=dims, coords=coords, name=name, attrs=attrs)


def grid_of(array: xr.DataArray | xr.Dataset) -> GeoBox:
    """Grid of an array: square cells, north up, on dims ``y, x``.

    Parameters
    ----------
    array : DataArray or Dataset
        On an analysis grid.

    Returns
    -------
    GeoBox
        Its grid.

    Raises
    ------
    GridError
        The array carries no grid, lies south up, is turned, or its cells are not square.

    Examples
    --------
    >>> grid = make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30)
    >>> grid_of(on_grid([[1.0, 2.0]], grid)) == grid
    True
    """
    box = array.odc.geobox
    cure = "put it on the grid with riskmap.spatial.resample or riskmap.spatial.on_grid"
    if box is None or tuple(array.dims)[-2:] != ("y", "x"):
        raise GridError(f"the array with dims {tuple(array.dims)} carries no grid on (y, x); {cure}")
    t = box.transform
    if t.b or t.d or not (t.a > 0 > t.e) or abs(t.a + t.e) > 1e-6 * t.a:
        raise GridError(f"cells of {t.a} x {t.e} turned by {t.b}, {t.d} are not square and north up; {cure}")
    return box


def cell_size_m(array: xr.DataArray | xr.Dataset) -> float:
    """Side of the cells of an array on a metric grid, metres.

    Parameters
    ----------
    array : DataArray or Dataset
        On an analysis grid; one without a coordinate system is taken to be in metres.

    Returns
    -------
    float
        Side of a cell.

    Raises
    ------
    GridError
        No square, north-up grid, or its coordinate system counts in degrees.

    Examples
    --------
    >>> cell_size_m(on_grid([[1.0, 2.0]], make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30)))
    30.0
    """
    box = grid_of(array)
    if box.crs is not None and not box.crs.projected:
        raise GridError(f"the cells are counted in degrees ({box.crs}); resample the raster to a metric grid")
    return float(box.transform.a)
