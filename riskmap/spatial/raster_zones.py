"""Class rasters become zones: smooth them, take away what is too small, draw the patches as polygons."""

import heapq
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from numpy.typing import NDArray
from rasterio.features import shapes
from scipy.ndimage import label

from riskmap.errors import GridError
from riskmap.model import NO_CLASS
from riskmap.spatial.grid import cell_size_m, grid_of

__all__ = ["class_polygons", "minimum_mapping", "smooth_classes"]


def smooth_classes(classes: xr.DataArray, *, size: int) -> xr.DataArray:
    """Give each cell the class of most cells around it (majority filter).

    Parameters
    ----------
    classes : DataArray of uint8
        Classes 1..K, `NO_CLASS` unknown.
    size : int
        Side of the square window, cells; odd. 1 changes nothing.

    Returns
    -------
    DataArray of uint8
        An unknown cell stays unknown and has no vote, as the ground beyond the edge has none. Of equal classes the
        cell's own stays; where it is none of them, the lowest is taken.

    Raises
    ------
    GridError
        A size that is not an odd number above 0.

    Notes
    -----
    Focal majority, as in map algebra (Tomlin 1990, Geographic Information Systems and Cartographic Modeling).

    Examples
    --------
    >>> line = xr.DataArray(np.array([[1, 1, 3, 1, 255]], "uint8"), dims=("y", "x"))
    >>> smooth_classes(line, size=3).to_numpy().tolist()
    [[1, 1, 1, 1, 255]]
    """
    if size < 1 or size % 2 == 0:
        raise GridError(f"a window of {size} cells has no middle; give an odd number above 0, such as 5")
    codes = classes.to_numpy()
    best, own = np.zeros(codes.shape, "int64"), np.zeros(codes.shape, "int64")
    found = np.full(codes.shape, NO_CLASS, "uint8")
    for code in _present(codes):
        votes = _window_sum(codes == code, size // 2)
        more = votes > best
        found[more], best[more] = code, votes[more]
        mine = codes == code
        own[mine] = votes[mine]
    found = np.where(own == best, codes, found)
    return classes.copy(data=np.where(codes == NO_CLASS, np.uint8(NO_CLASS), found))


def minimum_mapping(classes: xr.DataArray, *, area_km2: float) -> xr.DataArray:
    """Give patches that are too small to map to a neighbouring patch.

    Parameters
    ----------
    classes : DataArray of uint8
        On a metric grid; classes 1..K, `NO_CLASS` unknown.
    area_km2 : float
        Smallest patch that stays; 0 changes nothing.

    Returns
    -------
    DataArray of uint8
        No patch (cells of one class that share edges) is smaller, but for those with no neighbour of a known
        class. Unknown cells stay unknown, and no patch goes to them. The smallest patch goes first (of equals
        the one that begins first, row by row), to the neighbour with the longest shared border (of equals the
        nearest class, then the lower one).

    Raises
    ------
    GridError
        A negative area, or no metric grid.

    Notes
    -----
    Unlike ``gdal_sieve``, which leaves small patches that have only small neighbours.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid, on_grid
    >>> row = on_grid(np.array([[1, 1, 3, 1, 255]], "uint8"), make_grid((0, 0, 500, 100), "EPSG:4546", cell_size_m=100))
    >>> minimum_mapping(row, area_km2=0.02).to_numpy().tolist()
    [[1, 1, 1, 1, 255]]
    """
    if not area_km2 >= 0:
        raise GridError(f"the smallest area is {area_km2} km2; give a number from 0 up")
    side = cell_size_m(classes)
    codes = classes.to_numpy()
    patches, kind = _patches(codes)
    if not kind.size:
        return classes.copy()
    least = area_km2 * 1e6 / side**2
    host = _merged(patches, kind, least - 1e-9)
    given = np.append(np.uint8(NO_CLASS), kind[host])
    return classes.copy(data=given[patches])


def class_polygons(classes: xr.DataArray, *, simplify_m: float = 0.0) -> gpd.GeoDataFrame:
    """Draw every patch of a class raster as one polygon.

    Parameters
    ----------
    classes : DataArray of uint8
        On a metric grid; classes 1..K, `NO_CLASS` unknown.
    simplify_m : float
        Tolerance with which the borders between patches are straightened; the outer border, beside unknown
        ground, is left. 0 leaves every cell edge.

    Returns
    -------
    GeoDataFrame
        ``class`` (uint8), ``cells`` (number), geometry; the highest class first, then the largest patch. Without
        `simplify_m` the area of each is exactly cells x area of a cell. Neighbours share their borders, with
        no gaps or overlaps, simplified or not; the area of all together is that of the known cells. Empty where
        nothing is known.

    Raises
    ------
    GridError
        A negative tolerance, or no metric grid.

    Notes
    -----
    Patches are cells that share edges. Borders are straightened together by ``shapely.coverage_simplify``
    (Visvalingam and Whyatt 1993), so that what one zone loses its neighbour gains.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid, on_grid
    >>> grid = make_grid((0, 0, 300, 200), "EPSG:4546", cell_size_m=100)
    >>> found = class_polygons(on_grid(np.array([[1, 1, 2], [1, 2, 2]], "uint8"), grid))
    >>> found["class"].tolist(), found.area.tolist()
    ([2, 1], [30000.0, 30000.0])
    """
    if not simplify_m >= 0:
        raise GridError(f"the tolerance is {simplify_m} m; give a number from 0 up")
    side, box = cell_size_m(classes), grid_of(classes)
    codes = classes.to_numpy()
    drawn = list(shapes(codes, mask=codes != NO_CLASS, connectivity=4))
    plain = shapely.from_geojson([_geojson(one) for one, _ in drawn]) if drawn else np.empty(0, object)
    table = pd.DataFrame({"class": np.array([code for _, code in drawn], "uint8")})
    table["cells"] = np.rint(shapely.area(plain)).astype("int64")
    if simplify_m and drawn:
        noded = shapely.transform(shapely.segmentize(plain, 1.0), np.rint)
        plain = shapely.coverage_simplify(noded, simplify_m / side, simplify_boundary=False)
    west, north = box.transform.c, box.transform.f
    placed = shapely.transform(plain, lambda xy: np.column_stack([west + side * xy[:, 0], north - side * xy[:, 1]]))
    frame = gpd.GeoDataFrame(table, geometry=placed, crs=None if box.crs is None else box.crs.proj)
    first = shapely.bounds(plain)
    order = np.lexsort((first[:, 0], first[:, 1], -table["cells"], -table["class"].astype("int64")))
    return frame.iloc[order].reset_index(drop=True)


def _geojson(shape: dict) -> str:
    rings = ",".join("[" + ",".join(f"[{x:.0f},{y:.0f}]" for x, y in ring) + "]" for ring in shape["coordinates"])
    return f'{{"type":"Polygon","coordinates":[{rings}]}}'


def _present(codes: NDArray[np.uint8]) -> list[int]:
    return [int(one) for one in np.unique(codes) if one != NO_CLASS]


def _window_sum(chosen: NDArray[np.bool_], reach: int) -> NDArray[np.int64]:
    """Count the chosen cells in the window around each cell, by running totals: exact whatever the window."""
    total = np.zeros((chosen.shape[0] + 1, chosen.shape[1] + 1), "int64")
    total[1:, 1:] = chosen.cumsum(axis=0, dtype="int64").cumsum(axis=1)
    low, high = ([np.clip(np.arange(n) + step, 0, n) for n in chosen.shape] for step in (-reach, reach + 1))
    rows = total[high[0]] - total[low[0]]
    return rows[:, high[1]] - rows[:, low[1]]


def _patches(codes: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Number the patches from 1 in the order of their first cells, 0 unknown; and the class of each."""
    found = np.zeros(codes.shape, "int64")
    count = 0
    for code in _present(codes):
        numbers, many = label(codes == code)
        found += np.where(numbers > 0, numbers + count, 0)
        count += many
    flat = found.ravel()
    _, first = np.unique(flat, return_index=True)
    first = first[flat[first] > 0]
    place = np.zeros(count + 1, "int64")
    place[flat[np.sort(first)]] = np.arange(1, count + 1)
    return place[found], codes.ravel()[np.sort(first)]


def _borders(patches: NDArray[np.int64], count: int) -> Iterator[tuple[int, int, int]]:
    """Pairs of patches that share cell edges, numbered from 0, with the number of these edges."""
    sides = []
    for one, other in ((patches[:, :-1], patches[:, 1:]), (patches[:-1], patches[1:])):
        meets = (one != other) & (one > 0) & (other > 0)
        a, b = one[meets] - 1, other[meets] - 1
        sides.append(np.minimum(a, b) * count + np.maximum(a, b))
    pairs, edges = np.unique(np.concatenate(sides), return_counts=True)
    yield from zip((pairs // count).tolist(), (pairs % count).tolist(), edges.tolist(), strict=True)


def _merged(patches: NDArray[np.int64], kind: NDArray[np.uint8], least: float) -> NDArray[np.int64]:
    """For each patch the patch that it ends in: the smallest first, to the longest border."""
    count = len(kind)
    size = np.bincount(patches.ravel(), minlength=count + 1)[1:].tolist()
    code = kind.tolist()
    borders: list[dict[int, int]] = [{} for _ in range(count)]
    for a, b, edges in _borders(patches, count):
        borders[a][b] = borders[b][a] = edges
    host = list(range(count))
    waiting = [(cells, n) for n, cells in enumerate(size) if cells < least]
    heapq.heapify(waiting)
    while waiting:
        cells, n = heapq.heappop(waiting)
        if host[n] != n or cells != size[n] or not borders[n]:
            continue
        near = borders[n]
        goal = min(near, key=lambda o: (-near[o], abs(code[o] - code[n]), code[o], o))
        alike = [one for one in near if one != goal and code[one] == code[goal]]  # no other neighbour can be
        _join(borders, goal, n)
        size[goal], host[n] = size[goal] + cells, goal
        for like in alike:
            _join(borders, goal, like)
            size[goal], host[like] = size[goal] + size[like], goal
        if size[goal] < least:
            heapq.heappush(waiting, (size[goal], goal))
    return _roots(np.array(host))


def _join(borders: list[dict[int, int]], goal: int, gone: int) -> None:
    """Hand the borders of a patch over to another."""
    kept = borders[goal]
    for other, edges in borders[gone].items():
        del borders[other][gone]
        if other != goal:
            kept[other] = borders[other][goal] = kept.get(other, 0) + edges
    borders[gone] = {}


def _roots(host: NDArray[np.int64]) -> NDArray[np.int64]:
    while not np.array_equal(host, host[host]):
        host = host[host]
    return host
