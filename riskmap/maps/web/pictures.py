"""Rasters as small indexed pictures in the web's map projection."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from math import ceil, cos, radians, sqrt
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from PIL import Image
from pyproj import Transformer

from riskmap.maps.web.offline import data_uri
from riskmap.model import ClassScheme
from riskmap.spatial import cell_size_m, hillshade, resample

__all__ = ["bit_picture", "change", "class_picture", "grey_picture", "lon_lat_bounds", "shade_picture", "web_grid"]

PIXELS = 4_500_000
SHADE_PIXELS = 900_000
_DARKEST, _LEVELS, _FLAT = 0.30, 20, 0.7071


def web_grid(grid: GeoBox, *, pixels: int = PIXELS) -> GeoBox:
    """Grid of web maps (EPSG:3857) over an analysis grid, with cells of the same size on the ground.

    Parameters
    ----------
    grid : GeoBox
        In metres.
    pixels : int
        At most so many; cells grow where the grid has more, and are halved where it has few, so that the edges
        of turned cells stay straight.

    Returns
    -------
    GeoBox

    Examples
    --------
    >>> from riskmap.spatial import make_grid
    >>> web_grid(make_grid((600000, 4290000, 603000, 4293000), "EPSG:4546", cell_size_m=30)).crs.epsg
    3857
    """
    left, bottom, right, top = _bounds(grid, "EPSG:3857")
    _, south, _, north = _bounds(grid, "EPSG:4326")
    step = abs(grid.resolution.x) / cos(radians((south + north) / 2))
    wide, high = right - left, top - bottom
    if 4 * wide / step * high / step < pixels / 4:
        step /= 2
    step *= max(1.0, sqrt(wide / step * high / step / pixels))
    shape = ceil(high / step), ceil(wide / step)
    edges = (left, top - shape[0] * step, left + shape[1] * step, top)
    return GeoBox.from_bbox(edges, "EPSG:3857", shape=shape)


def lon_lat_bounds(grid: GeoBox) -> list[list[float]]:
    """South-west and north-east corner of a grid as latitude and longitude.

    Examples
    --------
    >>> lon_lat_bounds(GeoBox.from_bbox((0, 0, 111319.49079327357, 111325.1428663851), "EPSG:3857", shape=(2, 2)))
    [[0.0, 0.0], [1.0, 1.0]]
    """
    west, south, east, north = (round(one, 7) for one in _bounds(grid, "EPSG:4326"))
    return [[south, west], [north, east]]


def class_picture(codes: xr.DataArray, scheme: ClassScheme, *, pixels: int = PIXELS) -> Mapping[str, Any]:
    """Draw a class raster as an 8-bit indexed PNG in EPSG:3857, nearest cell.

    Parameters
    ----------
    codes : DataArray of uint8
        Classes 1..K on a metric grid; anything else is transparent.
    scheme : ClassScheme
        Its colours. Colours that two classes share are told apart by one step of blue, so that a page can
        read the class back from the picture.
    pixels : int
        Upper size of the picture.

    Returns
    -------
    mapping
        ``png`` (data address), ``bounds`` (lat, lon corners), ``size`` (width, height), ``colours`` (r, g, b
        of class 1..K) and ``cell_m`` (size of a pixel on the ground).

    Examples
    --------
    >>> from riskmap.spatial import make_grid, on_grid
    >>> from riskmap.standards import book
    >>> grid = make_grid((600000, 4290000, 600060, 4290030), "EPSG:4546", cell_size_m=30)
    >>> picture = class_picture(on_grid(np.array([[1, 255]], "uint8"), grid), book().scheme("gb-spi"))
    >>> picture["colours"][0]
    (247, 247, 247)
    """
    grid = web_grid(codes.odc.geobox, pixels=pixels)
    values = np.asarray(resample(codes, grid, method="nearest").data)
    shown = np.where((values >= 1) & (values <= scheme.size), values, 0).astype("uint8")
    colours = _told_apart([scheme.colour(code) for code in range(1, scheme.size + 1)])
    cell = cell_size_m(codes) * sqrt(max(1.0, codes.size / shown.size))
    return {
        "png": _png(shown, colours),
        "bounds": lon_lat_bounds(grid),
        "size": (shown.shape[1], shown.shape[0]),
        "colours": colours,
        "cell_m": round(cell),
    }


def shade_picture(dem: xr.DataArray, mask: xr.DataArray) -> Mapping[str, Any]:
    """Draw light relief inside the county in few greys.

    Parameters
    ----------
    dem : DataArray
        Elevation, metres.
    mask : DataArray of bool
        True inside.

    Returns
    -------
    mapping
        ``png`` and ``bounds``, as `class_picture`.

    Examples
    --------
    >>> from riskmap.spatial import make_grid, on_grid
    >>> grid = make_grid((600000, 4290000, 600090, 4290090), "EPSG:4546", cell_size_m=30)
    >>> shade_picture(on_grid(np.ones((3, 3)), grid), on_grid(np.ones((3, 3), bool), grid))["png"][:14]
    'data:image/png'
    """
    grid = web_grid(dem.odc.geobox, pixels=SHADE_PIXELS)
    coarser = dem.size > 1.5 * SHADE_PIXELS
    light = hillshade(dem, exaggeration=1.4).where(mask)
    shade = np.asarray(resample(light, grid, method="average" if coarser else "bilinear").data)
    known = np.isfinite(shade)
    dark = np.clip(1 - np.nan_to_num(shade, nan=_FLAT) / _FLAT, 0, 1)
    levels = np.where(known, 1 + np.round(dark * (_LEVELS - 1)), 0).astype("uint8")
    greys = [round(255 * (1 - _DARKEST * one / (_LEVELS - 1))) for one in range(_LEVELS)]
    return {"png": _png(levels, [(one, one, one) for one in greys]), "bounds": lon_lat_bounds(grid)}


def _bounds(grid: GeoBox, crs: str) -> tuple[float, float, float, float]:
    """Bounds of a grid in another coordinate system, with its edges bent as they are there."""
    return change(str(grid.crs), crs).transform_bounds(*grid.boundingbox.bbox)


@lru_cache(maxsize=8)
def change(source: str, target: str) -> Transformer:
    """Way from one coordinate system to another, x before y.

    Examples
    --------
    >>> change("EPSG:4326", "EPSG:3857").transform(1.0, 0.0)[0].__round__()
    111319
    """
    return Transformer.from_crs(source, target, always_xy=True)


def grey_picture(values: NDArray[np.uint8]) -> str:
    """Write numbers 0..255 as a PNG that a page reads back: grey, or a band a layer of a third dimension.

    Examples
    --------
    >>> grey_picture(np.zeros((2, 2), "uint8"))[:14]
    'data:image/png'
    """
    target = BytesIO()
    Image.fromarray(values).save(target, "PNG", compress_level=6)
    return data_uri(target.getvalue(), "image/png")


def bit_picture(there: NDArray[np.bool_]) -> str:
    """Write yes and no as a PNG of one bit a pixel: white where true.

    Examples
    --------
    >>> bit_picture(np.ones((2, 2), bool))[:14]
    'data:image/png'
    """
    target = BytesIO()
    Image.fromarray(there).save(target, "PNG", compress_level=9)
    return data_uri(target.getvalue(), "image/png")


def _png(indexed: NDArray[np.uint8], colours: Sequence[tuple[int, int, int]]) -> str:
    """Index 0 is transparent, the colours follow."""
    image = Image.fromarray(indexed)
    image.putpalette([part for one in ((0, 0, 0), *colours) for part in one])
    target = BytesIO()
    image.save(target, "PNG", transparency=0, compress_level=6, bits=8)
    return data_uri(target.getvalue(), "image/png")


def _told_apart(colours: Sequence[str]) -> list[tuple[int, int, int]]:
    seen: list[tuple[int, int, int]] = []
    for one in colours:
        text = one.removeprefix("#")
        text = "".join(c * 2 for c in text) if len(text) == 3 else text
        red, green, blue = int(text[:2], 16), int(text[2:4], 16), int(text[4:6], 16)
        while (red, green, blue) in seen:
            blue = blue + 1 if blue < 255 else blue - len(colours)
        seen.append((red, green, blue))
    return seen
