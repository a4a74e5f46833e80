"""Rasters as cloud-optimised GeoTIFF, with a style beside them for desktop GIS."""

from pathlib import Path

import numpy as np
import rasterio
import xarray as xr
from rasterio.io import MemoryFile
from rasterio.shutil import copy

from riskmap.model.scheme import NO_CLASS

__all__ = ["write_cog"]


def write_cog(path: Path, array: xr.DataArray, *, title: str, style: str = "", note: str = "") -> None:
    """Write a raster as a COG (tiled, zstd, overviews), and its style as ``.qml``.

    Parameters
    ----------
    path : pathlib.Path
        ``*.tif`` to write.
    array : DataArray
        Dims ``(y, x)`` or ``(band, y, x)`` on a GeoBox; uint8 classes (nodata 255) or floats (nodata NaN).
    title : str
        Stored as the image description.
    style : str
        QML text; none is written when empty.
    note : str
        Stored as a tag (模拟数据 / synthetic survey).

    Examples
    --------
    >>> import tempfile
    >>> from odc.geo.geobox import GeoBox
    >>> from odc.geo.xr import xr_zeros
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     zeros = xr_zeros(GeoBox.from_bbox((0, 0, 100, 100), "EPSG:4546", resolution=10), dtype="uint8")
    ...     write_cog(Path(folder, "t.tif"), zeros, title="t")
    """
    values = array.to_numpy()
    bands = values if values.ndim == 3 else values[np.newaxis]
    grid = array.odc.geobox
    whole = bands.dtype.kind in "ui"
    profile = {
        "driver": "GTiff",
        "dtype": bands.dtype.name,
        "count": bands.shape[0],
        "height": bands.shape[1],
        "width": bands.shape[2],
        "crs": rasterio.CRS.from_wkt(grid.crs.to_wkt()),
        "transform": grid.affine,
        "nodata": NO_CLASS if bands.dtype == np.uint8 else None if whole else np.nan,
    }
    with MemoryFile() as memory:
        with memory.open(**profile) as target:
            target.write(bands)
            target.update_tags(TIFFTAG_IMAGEDESCRIPTION=title, NOTE=note)
            if values.ndim == 3:
                lead = str(array.dims[0])
                for number, entry in enumerate(array[lead].to_numpy(), start=1):
                    target.set_band_description(number, f"{lead} {entry}")
        with memory.open() as source:
            copy(
                source,
                path,
                driver="COG",
                compress="ZSTD",
                level=1,
                predictor="YES",
                overview_resampling="nearest" if whole else "average",
                num_threads="ALL_CPUS",
            )
    if style:
        path.with_suffix(".qml").write_text(style, encoding="utf-8")
