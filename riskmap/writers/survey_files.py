"""Delivered files as counties send them: the formats in which the demo county's layers are written."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import rasterio
import xarray as xr
from openpyxl import Workbook

__all__ = [
    "write_delivered_csv",
    "write_delivered_gdb",
    "write_delivered_gpkg",
    "write_delivered_raster",
    "write_delivered_shapefile",
    "write_delivered_sheet",
    "write_delivered_text",
]

_STAMP = "2026-01-01T00:00:00.000Z"


def write_delivered_shapefile(path: Path, frame: gpd.GeoDataFrame, *, encoding: str = "GBK") -> None:
    """Write a shapefile without its ``.cpg``, as older desktop programs do.

    Parameters
    ----------
    path : pathlib.Path
        ``*.shp`` to write.
    frame : GeoDataFrame
        Field names of at most ten bytes.
    encoding : str
        Encoding of names and texts; stated nowhere in the files.

    Examples
    --------
    >>> import tempfile
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"mc": ["旧县"]}, geometry=[Point(111, 39)], crs="EPSG:4490")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_shapefile(Path(folder, "p.shp"), frame)
    ...     sorted(one.suffix for one in Path(folder).iterdir())
    ['.dbf', '.prj', '.shp', '.shx']
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding=encoding, DBF_DATE_LAST_UPDATE=_STAMP[:10])
    path.with_suffix(".cpg").unlink(missing_ok=True)


def write_delivered_gpkg(path: Path, layers: Mapping[str, gpd.GeoDataFrame], *, note: str) -> None:
    """Write a GeoPackage with a fixed time stamp.

    Parameters
    ----------
    path : pathlib.Path
        ``*.gpkg`` to write.
    layers : mapping of str to GeoDataFrame
        By name.
    note : str
        Description of every layer.

    Examples
    --------
    >>> import tempfile
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"name": ["旧县"]}, geometry=[Point(111, 39)], crs="EPSG:4490")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_gpkg(Path(folder, "p.gpkg"), {"p": frame}, note="n")
    ...     len(gpd.read_file(Path(folder, "p.gpkg")))
    1
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _STAMP})
    try:
        for name, frame in layers.items():
            pyogrio.write_dataframe(
                frame, path, layer=name, driver="GPKG", append=path.exists(), layer_options={"DESCRIPTION": note}
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def write_delivered_gdb(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Write a File Geodatabase (a folder ``*.gdb``); equal by content, not by bytes, from run to run.

    Parameters
    ----------
    path : pathlib.Path
        ``*.gdb`` to write; an older one of that name is replaced.
    layers : mapping of str to GeoDataFrame
        By name.

    Examples
    --------
    >>> import tempfile
    >>> from shapely import Point
    >>> frame = gpd.GeoDataFrame({"jglx": ["窑洞"]}, geometry=[Point(111, 39)], crs="EPSG:4490")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_gdb(Path(folder, "p.gdb"), {"p": frame})
    ...     len(gpd.read_file(Path(folder, "p.gdb"), layer="p"))
    1
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        for one in path.iterdir():
            one.unlink()
        path.rmdir()
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame, path, layer=name, driver="OpenFileGDB", append=path.exists())


def write_delivered_sheet(
    path: Path, sheets: Mapping[str, pd.DataFrame], *, notes: tuple[str, ...] = (), heading: str = ""
) -> None:
    """Write a workbook as an office would: tables first, a sheet 说明 last.

    Parameters
    ----------
    path : pathlib.Path
        ``*.xlsx`` to write.
    sheets : mapping of str to DataFrame
        Title of the sheet to its table.
    notes : tuple of str
        Lines of the sheet 说明.
    heading : str
        A title line above the column names of each table; none when empty.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_sheet(Path(folder, "t.xlsx"), {"表1": pd.DataFrame({"人口": [1]})}, notes=("模拟数据",))
    ...     len(pd.read_excel(Path(folder, "t.xlsx"), sheet_name=None, engine="openpyxl"))
    2
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, frame in sheets.items():
        page = book.create_sheet(title)
        if heading:
            page.append([heading])
        page.append(list(frame.columns))
        for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            page.append(list(row))
    if notes:
        page = book.create_sheet("说明")
        for line in notes:
            page.append([line])
    book.properties.created = book.properties.modified = datetime.fromisoformat(_STAMP[:10])
    book.properties.creator = "riskmap"
    book.save(path)


def write_delivered_csv(path: Path, frame: pd.DataFrame, *, encoding: str = "utf-8") -> None:
    """Write a table as comma-separated text.

    Parameters
    ----------
    path : pathlib.Path
        ``*.csv`` to write.
    frame : DataFrame
        Without its index.
    encoding : str
        ``"utf-8-sig"`` or ``"gb18030"`` are usual too.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_csv(Path(folder, "t.csv"), pd.DataFrame({"人口": [1]}), encoding="gb18030")
    ...     Path(folder, "t.csv").read_text(encoding="gb18030").split()
    ['人口', '1']
    """
    write_delivered_text(path, frame.to_csv(index=False, lineterminator="\n"), encoding=encoding)


def write_delivered_text(path: Path, text: str, *, encoding: str = "utf-8") -> None:
    """Write a text file with ``\\n`` line ends on every system.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    text : str
        Content (TOML, JSON, GeoJSON, Markdown).
    encoding : str
        Of the text.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_text(Path(folder, "county.toml"), "name = 1\\n")
    ...     Path(folder, "county.toml").read_bytes()
    b'name = 1\\n'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))


def write_delivered_raster(path: Path, array: xr.DataArray, *, tags: Mapping[str, str], nodata: float) -> None:
    """Write a raster as a tiled GeoTIFF.

    Parameters
    ----------
    path : pathlib.Path
        ``*.tif`` to write.
    array : DataArray
        Dims ``(y, x)`` on a GeoBox.
    tags : mapping of str to str
        Such as the image description.
    nodata : float
        Value of cells that are not known; NaN cells get it.

    Examples
    --------
    >>> import tempfile
    >>> from odc.geo.geobox import GeoBox
    >>> from odc.geo.xr import xr_zeros
    >>> zeros = xr_zeros(GeoBox.from_bbox((0, 0, 100, 100), "EPSG:4546", resolution=10), dtype="uint8")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_delivered_raster(Path(folder, "t.tif"), zeros, tags={}, nodata=0)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    values: Any = array.to_numpy()
    if values.dtype.kind == "f":
        values = array.fillna(nodata).to_numpy()
    grid = array.odc.geobox
    profile = {
        "driver": "GTiff",
        "dtype": values.dtype.name,
        "count": 1,
        "height": values.shape[0],
        "width": values.shape[1],
        "crs": rasterio.CRS.from_wkt(grid.crs.to_wkt()),
        "transform": grid.affine,
        "nodata": nodata,
        "tiled": True,
        "compress": "deflate",
        "predictor": 3 if values.dtype.kind == "f" else 2,
    }
    with rasterio.open(path, "w", **profile) as target:
        target.write(values, 1)
        target.update_tags(**tags)
