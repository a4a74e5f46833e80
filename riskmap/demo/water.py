"""Streams of the made-up county, traced along its own drainage."""

from collections import defaultdict

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter1d

from riskmap.demo.frame import CRS, Frame, at
from riskmap.demo.relief import Relief

__all__ = ["RIVER", "make_streams", "trace"]

RIVER = "黄河"
_CHANNEL_M2 = 1.2e6
_NAMED_M2 = 1.5e7
_NAMES = {
    "县川河": "Xianchuan River", "朱家川河": "Zhujiachuan River", "大峪河": "Dayu River", "曲峪河": "Quyu River",
    "石城河": "Shicheng River", "唐家会沟": "Tangjiahui Gully", "邬家沟": "Wujia Gully", "阳面沟": "Yangmian Gully",
    "沙万沟": "Shawan Gully", "纸房沟": "Zhifang Gully",
}  # fmt: skip
_ENGLISH = {**_NAMES, RIVER: "Yellow River", "": ""}


def make_streams(frame: Frame, grid: GeoBox, relief: Relief) -> gpd.GeoDataFrame:
    """Trace all channels that drain more than 1.2 km2, and the Yellow River.

    Parameters
    ----------
    frame, grid, relief
        Outline and river, grid, drainage.

    Returns
    -------
    GeoDataFrame
        ``name`` and ``name_en`` (``""`` for small ones), ``order`` (Strahler; the Yellow River 8), ``area_km2`` at the lower end;
        lines downstream, EPSG:4546, to 600 m beyond the outline.

    Examples
    --------
    >>> make_streams.__name__
    'make_streams'
    """
    area = relief.area_m2.ravel()
    channel = (area > _CHANNEL_M2) & ~relief.river.ravel()
    links = trace(np.flatnonzero(channel), relief.receiver, channel)
    names = _names(links, relief, channel)
    rows = []
    for cells, order in links:
        end = relief.receiver[cells[-1]]
        whole = [*cells, int(end)] if end != cells[-1] else cells
        rows.append((names.get(cells[-1], ""), order, area[cells[-1]] / 1e6, _line(whole, grid, frame, relief)))
    rows.append((RIVER, 8, 390_000.0, frame.river))
    streams = gpd.GeoDataFrame(rows, columns=["name", "order", "area_km2", "geometry"], geometry="geometry", crs=CRS)
    streams.insert(1, "name_en", streams["name"].map(_ENGLISH))
    near = streams.clip(frame.outline.buffer(600.0).iloc[0], keep_geom_type=True).explode(ignore_index=True)
    return near[near.length > 1].sort_values(["order", "area_km2"], ascending=False).reset_index(drop=True)


def trace(
    cells: NDArray[np.int64], receiver: NDArray[np.int32], channel: NDArray[np.bool_]
) -> list[tuple[list[int], int]]:
    """Break channels into links between heads, confluences and the mouth.

    Parameters
    ----------
    cells : ndarray of int
        Flat numbers of the channel cells.
    receiver : ndarray of int32
        Where every cell drains to.
    channel : ndarray of bool, flat
        Channel cells.

    Returns
    -------
    list of (list of int, int)
        Cells of each link downstream, and its Strahler order.

    Examples
    --------
    >>> receiver = np.array([0, 0, 1, 1], np.int32)
    >>> trace(np.array([1, 2, 3]), receiver, np.array([False, True, True, True]))
    [([2], 1), ([3], 1), ([1], 2)]
    """
    donors = np.zeros(receiver.size, np.int16)
    np.add.at(donors, receiver[cells][channel[receiver[cells]] & (receiver[cells] != cells)], 1)
    waiting: dict[int, list[int]] = {int(cell): [] for cell in cells[donors[cells] > 1]}
    ready = [(int(cell), 1) for cell in cells[donors[cells] == 0]]
    links = []
    while ready:
        following = []
        for start, order in ready:
            link, cell = [start], int(receiver[start])
            while channel[cell] and donors[cell] == 1 and cell != link[-1]:
                link.append(cell)
                cell = int(receiver[cell])
            links.append((link, order))
            if channel[cell] and cell in waiting:
                waiting[cell].append(order)
                if len(waiting[cell]) == donors[cell]:
                    orders = sorted(waiting[cell])
                    following.append((cell, orders[-1] + (orders[-1] == orders[-2])))
        ready = following
    return links


def _names(links: list[tuple[list[int], int]], relief: Relief, channel: NDArray[np.bool_]) -> dict[int, str]:
    """Name the main stems of the largest basins; by the last cell of each link."""
    area = relief.area_m2.ravel()
    above = defaultdict(list)
    mouths = []
    for cells, _ in links:
        end = int(relief.receiver[cells[-1]])
        if channel[end] and end != cells[-1]:
            above[end].append(cells)
        else:
            mouths.append(cells)
    mouths.sort(key=lambda cells: -area[cells[-1]])
    names = {}
    for name, stem in zip(_NAMES, [one for one in mouths if area[one[-1]] > _NAMED_M2], strict=False):
        cells = stem
        while cells and area[cells[-1]] > _NAMED_M2 / 5:
            names[cells[-1]] = name
            cells = max(above[cells[0]], key=lambda one: area[one[-1]], default=[])
    return names


def _line(cells: list[int], grid: GeoBox, frame: Frame, relief: Relief) -> shapely.LineString:
    rows, columns = np.divmod(np.asarray(cells), grid.shape.x)
    points = np.stack(at(grid, columns + 0.5, rows + 0.5), axis=1)
    smooth = gaussian_filter1d(points, 1.5, axis=0, mode="nearest") if len(points) > 4 else points.copy()
    smooth[[0, -1]] = points[[0, -1]]
    if relief.river.ravel()[cells[-1]]:
        mouth = shapely.line_interpolate_point(frame.river, frame.river.project(shapely.Point(smooth[-1])))
        smooth = np.vstack([smooth, shapely.get_coordinates(mouth)])
    return shapely.LineString(smooth).simplify(4.0)
