"""Open rasters whose claims are possible, by the drivers that are meant, with nothing outside their own folder."""

import html
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from riskmap.loaders.archive import has_doctype
from riskmap.loaders.kinds import check_kind
from riskmap.loaders.limits import MOST_SQUEEZED_RASTER
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.model.text import Text

__all__ = ["opened"]

_DRIVERS = {"tiff": "GTiff", "img": "HFA", "asc": "AAIGrid", "netcdf": "netCDF", "jp2": "JP2OpenJPEG", "sqlite": "GPKG",
            "vrt": "VRT"}  # fmt: skip
_NAMES = {"tiff": "GeoTIFF", "img": "IMG", "asc": "ASC", "netcdf": "NetCDF", "jp2": "JPEG 2000", "sqlite": "GeoPackage",
          "vrt": "VRT"}  # fmt: skip
_POINTED = re.compile(r"<(SourceFilename|SourceDataset|Filename|DataFile|Source_?File)\b[^>]*>([^<]*)<", re.IGNORECASE)
_MOST_VRT = 16 << 20
_AGAIN = Text("重新导出或重新复制该文件", "export or copy the file again")


@contextmanager
def opened(path: Path, *, band: int, layer: str = "") -> Iterator[Any]:
    """Open a raster whose claims are possible; faults of reading become refusals.

    Parameters
    ----------
    path : Path
        GeoTIFF, COG, IMG, ASC, NetCDF, JPEG 2000, GeoPackage, or a VRT over files of its own folder.
    band : int
        From 1; it must be there.
    layer : str
        Variable of a NetCDF or table of a GeoPackage that holds several.

    Yields
    ------
    rasterio dataset

    Raises
    ------
    LayerError
        Another format, damaged, of impossible size or place, without that band, or with several variables.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "d.tif").write_bytes(b"AC1032" + bytes(100))
    ...     try:
    ...         with opened(Path(folder, "d.tif"), band=1):
    ...             pass
    ...     except Refusal as fault:
    ...         print(fault.what.en)
    is an AutoCAD drawing (.dwg), which is not read
    """
    kind = check_kind(path, allowed=_NAMES)
    if kind == "vrt":
        _check_vrt(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # told as a refusal below
            with rasterio.open(path, driver=_DRIVERS[kind]) as whole:
                inner = _variable(whole, path, layer)
            source = rasterio.open(inner or path, driver=_DRIVERS[kind])
        with source:
            _check_claims(source, path, vrt=kind == "vrt")
            if band > source.count:
                what = Text(f"没有第 {band} 波段，共有 {source.count} 个", f"has no band {band}; it has {source.count}")
                cure = Text("改正 county.toml 的 band", "correct band in county.toml")
                raise Refusal(path.name, what, cure, rule="no-band")
            yield source
    except (RasterioError, OSError, MemoryError, UnicodeDecodeError) as fault:
        cause = shown(str(fault.__cause__ or fault).replace(f"{path.parent}/", ""), most=150)
        what = Text(f"栅格文件损坏、不完整或格式不支持（{cause}）", f"damaged, cut short, or no raster ({cause})")
        raise Refusal(path.name, what, _AGAIN) from None


def _variable(source: Any, path: Path, layer: str) -> str:
    """Name for GDAL of the wished variable; ``""`` where the file is one raster."""
    names = {one.rsplit(":", 1)[-1].strip('"'): one for one in source.subdatasets}
    if layer and layer in names:
        return str(names[layer])
    if layer and names:
        what = Text(f"没有变量“{layer}”，有：{few(names)}", f"has no variable '{layer}'; there are {few(names)}")
        cure = Text("改正 county.toml 的 layer", "correct layer in county.toml")
        raise Refusal(path.name, what, cure, rule="no-layer")
    if source.count:
        return ""
    what = Text(f"有 {len(names)} 个变量：{few(names)}", f"holds {len(names)} variables: {few(names)}")
    cure = Text("在 county.toml 写明 layer", "name one as layer in county.toml")
    raise Refusal(path.name, what, cure, rule="many-layers")


def _check_claims(source: Any, path: Path, *, vrt: bool) -> None:
    size = source.width * source.height * np.dtype(source.dtypes[0]).itemsize
    if size > MOST_SQUEEZED_RASTER * max(path.stat().st_size, 1) and not vrt:
        what = Text(
            f"文件头写明 {source.width} x {source.height} 个格网，而文件只有 {path.stat().st_size} 字节",
            f"claims {source.width} x {source.height} cells in a file of {path.stat().st_size} bytes",
        )
        raise Refusal(path.name, what, _AGAIN, rule="absurd-size")
    place = source.transform
    if not np.isfinite(place[:6]).all() or place.determinant == 0 or place.is_identity:
        what = Text("栅格没有写明位置，或格网大小不可能", "its place is not stated, or its cell size is impossible")
        cure = Text("重新导出，写明左上角坐标和格网大小", "export it again with its corner and cell size")
        raise Refusal(path.name, what, cure, rule="no-place")


def _check_vrt(path: Path) -> None:
    """Refuse a VRT that computes, declares entities, or points out of its folder or over the network."""
    if path.stat().st_size > _MOST_VRT:
        raise Refusal(path.name, Text("VRT 过大", "the VRT is too large"), _AGAIN, rule="absurd-size")
    raw = path.read_bytes()
    text = html.unescape(raw.decode("utf-8", "replace"))
    if has_doctype(raw) or "PixelFunction" in text or "\0" in text:
        what = Text("VRT 中有计算函数或实体声明", "the VRT holds a function to compute, or entities")
    else:
        home = path.parent.resolve()
        named = [one[1].strip() for one in _POINTED.findall(text)]
        out = [one for one in named if not _at_home(one, home)]
        if not out:
            return
        what = Text(
            f"VRT 指向其文件夹之外：{few(map(shown, out), most=3)}",
            f"the VRT points out of its folder: {few(map(shown, out), most=3)}",
        )
    cure = Text("导出为一个 GeoTIFF", "export it to one GeoTIFF")
    raise Refusal(path.name, what, cure, rule="unsafe-path")


def _at_home(name: str, home: Path) -> bool:
    """Whether a name in a VRT is a plain file of its folder, and no VRT again."""
    if ":" in name or name.startswith("/vsi") or name.lower().endswith(".vrt"):
        return False
    return (home / name).resolve().is_relative_to(home)
