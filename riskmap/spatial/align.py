"""Onto the grid: resample rasters to it, burn shapes into it, measure distance on it."""

from typing import Any, Literal

import geopandas as gpd
import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.warp import reproject
from scipy.ndimage import distance_transform_edt

from riskmap.errors import GridError
from riskmap.model import NO_CLASS
from riskmap.spatial.align_kernels import hand_over
from riskmap.spatial.grid import cell_size_m, grid_of, make_grid, on_grid

__all__ = ["burn", "cell_size_m", "distance", "grid_of", "inside", "make_grid", "on_grid", "resample"]

Method = Literal["bilinear", "nearest", "average", "sum"]


def _source(array: xr.DataArray, method: Method) -> tuple[np.ndarray, Any]:
    """Values as GDAL can take them, and their nodata; categories only where categories are meant."""
    data = np.asarray(array.data)
    if data.dtype == bool:
        return (data.astype("uint8"), NO_CLASS) if method == "nearest" else (data.astype("float32"), np.nan)
    nodata = array.attrs.get("nodata", NO_CLASS if data.dtype == np.uint8 else None)
    if data.dtype.kind in "iu" and method != "nearest":
        known = data.astype("float64" if data.dtype.itemsize > 2 else "float32")
        return (known if nodata is None else np.where(data == nodata, np.nan, known)), np.nan
    if data.dtype.kind == "f":
        return data, np.nan
    if nodata is None and data.dtype.kind == "i":
        nodata = np.iinfo(data.dtype).min
    if nodata is None:
        raise GridError(f"whole numbers of type {data.dtype} need attrs['nodata'] before they are resampled")
    return data, nodata


def _handed_over(data: np.ndarray, box: GeoBox, grid: GeoBox) -> np.ndarray:
    """Counts split among the target's cells by area, exact at the corners of the source's cells."""
    rows, columns = data.shape
    east, north = box.transform @ np.meshgrid(np.arange(columns + 1.0), np.arange(rows + 1.0))
    if box.crs != grid.crs:
        east, north = Transformer.from_crs(box.crs.proj, grid.crs.proj, always_xy=True).transform(east, north)
    column, row = ~grid.transform @ (east, north)
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        raise GridError(f"a raster over {tuple(box.boundingbox)} in {box.crs} does not fit {grid.crs}; cut it first")
    parts = int(np.ceil(max(np.abs(np.diff(column, axis=1)).max(), np.abs(np.diff(row, axis=0)).max())))
    return hand_over(data.astype("float64"), column, row, max(parts, 1), tuple(grid.shape))


def resample(array: xr.DataArray, grid: GeoBox, *, method: Method = "bilinear") -> xr.DataArray:
    """Bring a raster onto a grid.

    Parameters
    ----------
    array : DataArray
        Dims ``(y, x)`` in any coordinate system; floats with NaN unknown, or codes whose unknown value
        stands in ``attrs["nodata"]`` (else 255 for uint8, the lowest number for signed integers).
    grid : GeoBox
        Target.
    method : {"bilinear", "nearest", "average", "sum"}
        ``bilinear`` for quantities onto similar or smaller cells, ``nearest`` for codes, ``average`` for
        quantities onto larger cells (weighted by covered area), ``sum`` for counts: each count is split
        by area, so that the total is kept (GDAL's own ``sum`` loses a percent on smaller cells).

    Returns
    -------
    DataArray
        Floats stay floats; ``nearest`` keeps the type of codes and truth values (unknown is False); the
        other methods turn whole numbers to floats and truth values to shares. Cells that the source does
        not reach are NaN or the nodata value, which then stands in ``attrs["nodata"]``. A cell next to an
        unknown one is interpolated from the known ones alone.

    Raises
    ------
    GridError
        The array carries no grid or coordinate system, or codes without an unknown value.

    Examples
    --------
    >>> fine = on_grid([[1.0, 3.0]], make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30))
    >>> coarse = make_grid((0, 0, 60, 60), "EPSG:4546", cell_size_m=60)
    >>> resample(fine, coarse, method="sum").item()
    4.0
    """
    box = array.odc.geobox
    if box is None or box.crs is None or grid.crs is None:
        raise GridError("a raster without a coordinate system cannot be resampled; set its crs in county.toml")
    data, nodata = _source(array, method)
    attrs = {key: one for key, one in array.attrs.items() if key not in {"nodata", "_FillValue"}}
    if method == "sum":
        return on_grid(_handed_over(data, box, grid).astype(data.dtype), grid, name=array.name, **attrs)
    out = np.full(grid.shape, nodata, dtype=data.dtype)
    reproject(
        data,
        out,
        src_transform=box.transform,
        src_crs=str(box.crs),
        src_nodata=nodata,
        dst_transform=grid.transform,
        dst_crs=str(grid.crs),
        dst_nodata=nodata,
        resampling=Resampling[method],
        tolerance=0.0,
        init_dest_nodata=True,
    )
    if array.dtype == bool and method == "nearest":
        out = out == 1
    elif out.dtype.kind in "iu":
        attrs["nodata"] = nodata
    return on_grid(out, grid, name=array.name, **attrs)


def _shapes(frame: gpd.GeoDataFrame, grid: GeoBox) -> gpd.GeoSeries:
    if frame.crs is not None and grid.crs is not None and frame.crs != grid.crs.proj:
        raise GridError(f"the layer is in {frame.crs.name!r}, the grid in {grid.crs.proj.name!r}; see to_analysis")
    return frame.geometry


def burn(
    frame: gpd.GeoDataFrame, grid: GeoBox, *, column: str | None = None, all_touched: bool = False
) -> xr.DataArray:
    """Write shapes into cells.

    Parameters
    ----------
    frame : GeoDataFrame
        Shapes in the coordinate system of the grid.
    grid : GeoBox
        Where the cells are.
    column : str, optional
        Column of numbers to write. Without it each cell gets the place of its row, counted from 1.
    all_touched : bool
        Every cell that a shape touches, not only those whose centre it covers. Lines: touched cells,
        instead of one cell a step.

    Returns
    -------
    DataArray
        float32 with NaN outside for a column; int32 with 0 outside without. Where shapes overlap the later
        row stands; a NaN in the column is written as NaN.

    Raises
    ------
    GridError
        Another coordinate system than the grid's, or a column that holds no numbers.

    Examples
    --------
    >>> from shapely import box
    >>> grid = make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30)
    >>> burn(gpd.GeoDataFrame(geometry=[box(30, 0, 60, 30)], crs="EPSG:4546"), grid).values
    array([[0, 1]], dtype=int32)
    """
    shapes = _shapes(frame, grid)
    if column is None:
        numbers, out = np.arange(1, len(frame) + 1), np.zeros(grid.shape, dtype="int32")
    else:
        if frame[column].dtype.kind not in "iufb":
            raise GridError(f"column {column!r} holds {frame[column].dtype}, not numbers; number its texts first")
        numbers, out = frame[column].to_numpy(dtype="float64"), np.full(grid.shape, np.nan, dtype="float32")
    both = zip(shapes, numbers.tolist(), strict=True)
    pairs = [(shape, number) for shape, number in both if shape is not None and not shape.is_empty]
    if pairs:
        rasterize(pairs, out=out, transform=grid.transform, all_touched=all_touched)
    return on_grid(out, grid, name=column)


def inside(frame: gpd.GeoDataFrame, grid: GeoBox, *, all_touched: bool = False) -> xr.DataArray:
    """Cells inside shapes.

    Parameters
    ----------
    frame : GeoDataFrame
        Shapes in the coordinate system of the grid.
    grid : GeoBox
        Where the cells are.
    all_touched : bool
        Every touched cell, not only those whose centre is covered.

    Returns
    -------
    DataArray of bool
        Dims ``(y, x)``.

    Raises
    ------
    GridError
        Another coordinate system than the grid's.

    Examples
    --------
    >>> from shapely import box
    >>> grid = make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30)
    >>> inside(gpd.GeoDataFrame(geometry=[box(30, 0, 60, 30)], crs="EPSG:4546"), grid).values
    array([[False,  True]])
    """
    return burn(frame, grid, all_touched=all_touched) > 0


def distance(mask: xr.DataArray) -> xr.DataArray:
    """Straight distance from each cell's centre to that of the nearest true cell, metres.

    Exact Euclidean transform. Against the shape that was burned the error is up to half a cell's diagonal.

    Parameters
    ----------
    mask : DataArray of bool
        True at what is to be reached.

    Returns
    -------
    DataArray of float32
        0 in true cells; NaN everywhere when no cell is true.

    Raises
    ------
    GridError
        No metric grid.

    Examples
    --------
    >>> grid = make_grid((0, 0, 90, 30), "EPSG:4546", cell_size_m=30)
    >>> distance(on_grid([[True, False, False]], grid)).values
    array([[ 0., 30., 60.]], dtype=float32)
    """
    cell = cell_size_m(mask)
    true = np.asarray(mask.data, dtype=bool)
    if not true.any():
        return on_grid(np.full(true.shape, np.nan, "float32"), grid_of(mask), units="m")
    return on_grid(distance_transform_edt(~true, sampling=cell).astype("float32"), grid_of(mask), units="m")
