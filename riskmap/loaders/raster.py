"""Read the part of a raster that covers the county, onto the analysis grid."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords
from rasterio.errors import RasterioError
from rasterio.windows import Window

from riskmap.loaders.files import file_hash
from riskmap.loaders.limits import MOST_RASTER_CELLS
from riskmap.loaders.raster_source import opened
from riskmap.loaders.refusal import Refusal, few
from riskmap.loaders.units_of_measure import bounds_words, unit_words
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Finding, Layer, LayerSource, LayerSpec
from riskmap.model.text import Text
from riskmap.spatial import resample

__all__ = ["raster_frame", "read_raster", "read_window"]

_MARGIN_CELLS = 3


def raster_frame(path: Path, *, crs: str = "", layer: str = "") -> gpd.GeoDataFrame:
    """Extent of a raster as a polygon in its own system.

    Parameters
    ----------
    path : Path
        The file.
    crs : str
        Used when the file states none.
    layer : str
        Variable of a NetCDF that holds several.

    Returns
    -------
    GeoDataFrame
        One row.

    Raises
    ------
    LayerError
        The file cannot be read, or no coordinate system is known.

    Examples
    --------
    >>> import tempfile, rasterio
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kind = {"driver": "GTiff", "width": 2, "height": 1, "count": 1, "dtype": "float32", "crs": "EPSG:4546"}
    ...     with rasterio.open(Path(folder, "d.tif"), "w", transform=rasterio.Affine(30, 0, 0, 0, -30, 30), **kind):
    ...         pass
    ...     raster_frame(Path(folder, "d.tif")).total_bounds.tolist()
    [0.0, 0.0, 60.0, 30.0]
    """
    with opened(path, band=1, layer=layer) as source:
        system = _system(source, crs, path)
        return gpd.GeoDataFrame(geometry=[shapely.box(*source.bounds)], crs=system)


def _system(source: Any, declared: str, path: Path) -> pyproj.CRS:
    if source.crs:
        try:
            return pyproj.CRS.from_user_input(source.crs.to_wkt())
        except (pyproj.exceptions.CRSError, RasterioError):
            pass
    if declared:
        return pyproj.CRS.from_user_input(declared)
    cure = Text("在 county.toml 写明 crs（如 EPSG:4490）", "state crs in county.toml (such as EPSG:4490)")
    raise Refusal(path.name, Text("栅格没有坐标系", "the raster states no coordinate system"), cure, rule="no-crs")


def read_window(path: Path, grid: GeoBox, *, band: int = 1, crs: str = "", layer: str = "") -> tuple[xr.DataArray, str]:
    """Read the cells of a raster that the analysis grid covers, with a margin.

    Parameters
    ----------
    path : Path
        GeoTIFF or another format of GDAL.
    grid : GeoBox
        The analysis grid.
    band : int
        From 1.
    crs : str
        Used when the file states none.
    layer : str
        Variable of a NetCDF that holds several.

    Returns
    -------
    values : DataArray
        float32 (float64 for 64-bit numbers) with NaN unknown, dims ``(y, x)``, in the raster's own system; the scale
        and offset that the file declares for packed numbers are applied.
    label : str
        Name of that system.

    Raises
    ------
    LayerError
        Damaged file, impossible size, no coordinate system, or nothing of it lies on the grid.

    Examples
    --------
    >>> import tempfile, rasterio
    >>> from riskmap.spatial import make_grid
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     kind = {"driver": "GTiff", "width": 2, "height": 1, "count": 1, "dtype": "int16", "crs": "EPSG:4546", "nodata": 0}
    ...     with rasterio.open(Path(folder, "d.tif"), "w", transform=rasterio.Affine(30, 0, 0, 0, -30, 30), **kind) as one:
    ...         one.write(np.array([[0, 7]], "int16"), 1)
    ...     read_window(Path(folder, "d.tif"), make_grid((0, 0, 60, 30), "EPSG:4546", cell_size_m=30))[0].values
    array([[nan,  7.]], dtype=float32)
    """
    with opened(path, band=band, layer=layer) as source:
        system = _system(source, crs, path)
        box = _box(system, grid, path)
        window = _window(source, box)
        if window is None:
            what = Text("栅格不在本县范围内", "the raster does not reach the county")
            cure = Text(
                "检查坐标系和文件是否属于本县", "check the coordinate system, and that the file is of this county"
            )
            raise Refusal(path.name, what, cure, rule="outside-county")
        if window.width * window.height > MOST_RASTER_CELLS:
            what = Text(
                f"本县范围内有 {window.width * window.height:.2g} 个格网，过细",
                f"has {window.width * window.height:.2g} cells in the county, too fine",
            )
            raise Refusal(
                path.name,
                what,
                Text("先重采样到接近分析格网的大小", "resample it to about the analysis cell first"),
                rule="absurd-size",
            )
        kind = "float64" if np.dtype(source.dtypes[band - 1]).itemsize > 4 else "float32"
        values = source.read(band, window=window, masked=True).astype(kind).filled(np.nan)
        scale, offset = source.scales[band - 1], source.offsets[band - 1]
        if (scale, offset) != (1.0, 0.0):
            values = (values * scale + offset).astype(kind)
        whole = GeoBox(source.shape, source.transform, system.to_wkt())
        place = whole[window.toslices()]
    values[~np.isfinite(values)] = np.nan
    array = xr.DataArray(values, dims=("y", "x"), coords=xr_coords(place, dims=("y", "x")))
    return array, system.name


def _box(system: pyproj.CRS, grid: GeoBox, path: Path) -> tuple[float, ...]:
    """Extent of the grid in the raster's system."""
    try:
        to_raster = pyproj.Transformer.from_crs(grid.crs.proj, system, always_xy=True)
        box = to_raster.transform_bounds(*grid.boundingbox)
    except pyproj.exceptions.ProjError:
        box = (np.inf,) * 4
    if not np.isfinite(box).all():
        what = Text(
            f"坐标系 {system.name} 不能用于本县", f"its coordinate system {system.name} cannot hold this county"
        )
        cure = Text("重新导出为 EPSG:4490，或在 county.toml 写明 crs", "export it again in EPSG:4490")
        raise Refusal(path.name, what, cure, rule="no-crs")
    return tuple(box)


def _window(source: Any, box: tuple[float, ...]) -> Window | None:
    back = ~source.transform
    corners = [(x, y) for x in box[::2] for y in box[1::2]]
    columns = [back.a * x + back.b * y + back.c for x, y in corners]
    rows = [back.d * x + back.e * y + back.f for x, y in corners]
    if not np.isfinite([*columns, *rows]).all():
        return None
    left, top = max(0, int(min(columns)) - _MARGIN_CELLS), max(0, int(min(rows)) - _MARGIN_CELLS)
    right, bottom = (
        min(source.width, int(max(columns)) + 1 + _MARGIN_CELLS),
        min(source.height, int(max(rows)) + 1 + _MARGIN_CELLS),
    )
    return Window(left, top, right - left, bottom - top) if right > left and bottom > top else None


def read_raster(
    entry: LayerEntry, spec: LayerSpec, *, folder: Path, grid: GeoBox, mask: xr.DataArray
) -> tuple[Layer, tuple[Finding, ...]]:
    """Read and check one raster layer on the analysis grid.

    Quantities are interpolated (averaged where the raster is less than half as coarse as the grid), codes keep the
    nearest value, people are shared out so that their total is kept.

    Parameters
    ----------
    entry : LayerEntry
        ``[layers.<name>]``.
    spec : LayerSpec
        Range and meaning of the values.
    folder : Path
        Of ``county.toml``.
    grid : GeoBox
        Analysis grid.
    mask : DataArray of bool
        Cells inside the county.

    Returns
    -------
    layer : Layer
        float32 on the grid, NaN unknown, also where a value is out of range or (codes) not listed as possible.
    findings : tuple of Finding
        Values out of range, parts of the county without values.

    Raises
    ------
    LayerError
        As `read_window`; or no cell inside the county has a value.

    Examples
    --------
    >>> read_raster.__name__
    'read_raster'
    """
    path = folder / entry.path
    raw, crs = read_window(path, grid, band=entry.band, crs=entry.crs, layer=entry.layer)
    values, findings = _in_range(raw, spec)
    on = resample(values, grid, method=_method(values, spec, grid)).astype("float32")
    findings += _coverage(on, mask, spec, path)
    on.name = spec.name
    on.attrs = {"units": spec.unit or "1"}
    inside = int(mask.sum())
    known = int((np.isfinite(on) & mask).sum())
    source = LayerSource(path=entry.path, sha256=file_hash(path), crs=crs, licence=entry.licence, source=entry.source,
                         rows_read=inside, rows_kept=known, secrecy=entry.secrecy or spec.secrecy)  # fmt: skip
    return Layer(spec=spec, data=on, source=source), tuple(findings)


def _method(values: xr.DataArray, spec: LayerSpec, grid: GeoBox) -> Any:
    if spec.categories:
        return "nearest"
    if spec.unit == "people":
        return "sum"
    here = values.odc.geobox
    cell = abs(here.resolution.y) * (111_320.0 if here.crs.geographic else 1.0)
    return "average" if cell * 2 < abs(grid.resolution.x) else "bilinear"


def _in_range(raw: xr.DataArray, spec: LayerSpec) -> tuple[xr.DataArray, list[Finding]]:
    data: NDArray[Any] = raw.to_numpy()
    bad = np.zeros(data.shape, bool)
    if spec.low is not None:
        bad |= data < spec.low
    if spec.high is not None:
        bad |= data > spec.high
    cure = Text("在原栅格中把无数据值写明为 NoData", "declare the value for no data (NoData) in the raster")
    findings = []
    if bad.any():
        found, count = np.unique(data[bad], return_counts=True)
        bounds, unit = bounds_words(spec.low, spec.high), unit_words(spec.unit)
        usual = [f"{one:g}" for one in found[np.argsort(-count)]]
        what = Text(
            f"{int(bad.sum())} 个格网的值（{few(usual, most=3)}）应{bounds.zh}{unit.zh}，作无数据处理",
            f"{int(bad.sum())} cells hold {few(usual, most=3)}, must be {bounds.en} {unit.en}; taken as no data",
        )
        findings.append(
            Finding(rule="out-of-range", severity="warning", layer=spec.name, value=usual[0], message=what, cure=cure)
        )
    if spec.categories:
        if 0 not in spec.categories:
            bad |= data == 0  # the usual value for no data of coded rasters
        strange = np.unique(data[~np.isnan(data) & ~bad & ~np.isin(data, list(spec.categories))])
        if strange.size:
            what = Text(
                f"没有说明的类别代码：{few(f'{one:g}' for one in strange)}",
                f"codes without a meaning: {few(f'{one:g}' for one in strange)}",
            )
            findings.append(
                Finding(
                    rule="unknown-code",
                    severity="warning",
                    layer=spec.name,
                    message=what,
                    cure=Text("核对分类表", "check the table of classes"),
                )
            )
    return raw.where(~bad), findings


def _coverage(on: xr.DataArray, mask: xr.DataArray, spec: LayerSpec, path: Path) -> list[Finding]:
    inside = int(mask.sum())
    share = float((on.isnull() & mask).sum()) / max(inside, 1)
    if share == 1:
        what = Text("本县范围内没有任何值", "has no value inside the county")
        raise Refusal(
            path.name, what, Text("提交覆盖全县的栅格", "deliver a raster that covers the county"), rule="no-coverage"
        )
    if share <= 0.0005:
        return []
    what = Text(f"全县 {share:.1%} 的面积没有值", f"{share:.1%} of the county has no value")
    cure = Text(
        "提交覆盖全县的栅格；无值处结果也为无数据", "deliver a raster that covers the county; results there are unknown"
    )
    return [Finding(rule="no-coverage", severity="warning", layer=spec.name, message=what, cure=cure)]
