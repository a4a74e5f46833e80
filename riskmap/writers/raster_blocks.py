"""Many rasters to one, strip by strip, so that none has to fit into memory."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.windows import Window

from riskmap.errors import LayerError
from riskmap.model.scheme import NO_CLASS

__all__ = ["write_class_blocks"]

_TILE = 256
_VALUES = 16_000_000  # values of all layers held at once: 64 MB
_CACHE_MB = 64

Blocks = list[NDArray[np.float32]]


def write_class_blocks(
    sources: Sequence[Path], target: Path, call: Callable[[Blocks], NDArray[np.uint8]], *, title: str, note: str = ""
) -> Path:
    """Make a class raster from rasters on one grid, a strip at a time.

    Parameters
    ----------
    sources : sequence of pathlib.Path
        Rasters of one grid; the first band of each is read, as float32, its nodata as NaN.
    target : pathlib.Path
        ``*.tif`` to write: uint8, nodata 255, tiled, zstd. It is written beside itself and put in place when whole.
    call : callable
        From one array per source to the classes of the same cells; each cell by itself. The arrays are used again
        for the next strip: what is kept must be copied.
    title, note : str
        As in `write_cog`.

    Returns
    -------
    pathlib.Path
        The target.

    Raises
    ------
    LayerError
        No source, or sources that are not on one grid; all that differ are named.

    Examples
    --------
    >>> write_class_blocks([], Path("x.tif"), lambda one: one[0].astype("uint8"), title="t")
    Traceback (most recent call last):
    riskmap.errors.LayerError: an overlay needs at least one raster
    """
    if not sources:
        raise LayerError("an overlay needs at least one raster")
    beside = target.with_name(f".{target.name}.part")
    workers = os.cpu_count() or 1
    try:
        with ExitStack() as stack:
            stack.enter_context(rasterio.Env(GDAL_CACHEMAX=_CACHE_MB))  # each tile is read once
            opened = [stack.enter_context(rasterio.open(one)) for one in sources]
            _check_grids(opened)
            out = stack.enter_context(rasterio.open(beside, "w", **_profile(opened[0])))
            out.update_tags(TIFFTAG_IMAGEDESCRIPTION=title, NOTE=note)
            pool = stack.enter_context(ThreadPoolExecutor(workers))
            strips = _strips(opened[0], len(opened))
            rooms = [np.empty((strips[0].height, strips[0].width), np.float32) for _ in opened]  # used again and again
            for window in strips:
                layers = list(pool.map(_read, opened, [window] * len(opened), rooms))
                out.write(call(layers), 1, window=window)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    return target


def _check_grids(opened: Sequence[Any]) -> None:
    first = opened[0]
    faults = [
        f"{one.name}: {one.width} x {one.height} cells, {one.crs}, {tuple(one.transform)[:6]}"
        for one in opened
        if (one.crs, one.shape) != (first.crs, first.shape) or not one.transform.almost_equals(first.transform)
    ]
    if faults:
        raise LayerError(
            f"rasters on other grids than {first.name} ({first.width} x {first.height} cells, {first.crs}, "
            f"{tuple(first.transform)[:6]}); align them first",
            faults,
        )


def _profile(first: Any) -> dict[str, Any]:
    return {
        "driver": "GTiff", "dtype": "uint8", "count": 1, "height": first.height, "width": first.width,
        "crs": first.crs, "transform": first.transform, "nodata": NO_CLASS, "tiled": True, "blockxsize": _TILE,
        "blockysize": _TILE, "compress": "zstd", "zstd_level": 1, "num_threads": "ALL_CPUS", "bigtiff": "IF_SAFER",
    }  # fmt: skip


def _strips(first: Any, layers: int) -> list[Window]:
    """Windows over the whole width, as high as memory allows, in whole rows of tiles."""
    rows = max(1, _VALUES // max(first.width * layers * _TILE, 1)) * _TILE
    return [Window(0, at, first.width, min(rows, first.height - at)) for at in range(0, first.height, rows)]


def _read(source: Any, window: Window, room: NDArray[np.float32]) -> NDArray[np.float32]:
    """Read a window into `room`; new memory for every strip costs more than the reading."""
    found, nodata = room[: window.height], source.nodata
    if source.dtypes[0] == "float32":
        source.read(1, window=window, out=found)
        lost = None if nodata is None or np.isnan(nodata) else found == np.float32(nodata)
    else:
        values = source.read(1, window=window)
        found[...] = values
        lost = None if nodata is None or np.isnan(nodata) else values == nodata
    if lost is not None:
        found[lost] = np.nan
    return found
