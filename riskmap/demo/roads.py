"""Roads of the made-up county: least-cost ways over its slopes, joined into one network."""

from collections.abc import Iterable
from itertools import pairwise

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, label, uniform_filter
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay
from shapely.ops import substring

from riskmap.demo.frame import CRS, at
from riskmap.demo.ground import Ground

__all__ = ["make_roads"]

_STEP = 4
_BRIDGE_KM2 = 25.0
_BRIDGE_M = 45.0
_LOOP_M, _DETOUR = 4200.0, 3.0
_ROUND = 40
_CLASSES = ("国道", "省道", "县道", "乡道", "村道")
_WIDTHS_M = {"国道": 9.0, "省道": 7.5, "县道": 6.5, "乡道": 5.0, "村道": 3.5, "城市道路": 12.0}
_TRUNKS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("国道", "G338", "国道338线（模拟）", ("102", "101", "100", "103", "205", "104")),
    ("省道", "S249", "省道249线（模拟）", ("103", "200", "202", "203")),
    ("省道", "S313", "省道313线（模拟）", ("104", "206", "105")),
    ("县道", "X131", "楼刘线（模拟）", ("102", "200")),
    ("县道", "X132", "沙单线（模拟）", ("105", "202")),
    ("县道", "X133", "社鹿线（模拟）", ("206", "205", "200")),
)


class _Web:
    """Cells 120 m apart, what it costs to go between neighbours, and the ways built so far."""

    def __init__(self, ground: Ground) -> None:
        half = _STEP // 2
        self.ground = ground
        slope = uniform_filter(np.tan(np.radians(ground.slope_deg)), _STEP)[half::_STEP, half::_STEP]
        self.open = _largest(ground.inside[half::_STEP, half::_STEP])
        self.level = ground.relief.level[half::_STEP, half::_STEP]
        wet = ground.height_m[half::_STEP, half::_STEP] < 1.5
        self.cost = (1 + (slope / 0.24) ** 2 + 1.5 * wet).astype(np.float64)
        self.shape = slope.shape
        self.built: dict[tuple[int, int], int] = {}
        self.labels: dict[tuple[int, int], tuple[str, str]] = {}
        self.edges = self._edges()

    def _edges(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        number = np.arange(self.open.size).reshape(self.shape)
        starts, ends, costs = [], [], []
        for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
            a = number[: self.shape[0] - down, max(0, -right) : self.shape[1] - max(0, right)]
            b = number[down:, max(0, right) : self.shape[1] + min(0, right)]
            both = self.open.ravel()[a] & self.open.ravel()[b]
            a, b = a[both], b[both]
            length = 120.0 * np.hypot(down, right)
            grade = np.abs(self.level.ravel()[a] - self.level.ravel()[b]) / length
            mean = (self.cost.ravel()[a] + self.cost.ravel()[b]) / 2
            starts.append(a)
            ends.append(b)
            costs.append(length * mean * (1 + (grade / 0.12) ** 2))
        return np.concatenate(starts), np.concatenate(ends), np.concatenate(costs)

    def graph(self, *, share: float = 0.3) -> csr_array:
        """Costs between neighbours; on a road that is there, a share of them."""
        starts, ends, costs = self.edges
        keys = starts * self.open.size + ends
        built = np.array([min(a, b) * self.open.size + max(a, b) for a, b in self.built], np.int64)
        costs = np.where(np.isin(keys, built), costs * share, costs)
        return csr_array(coo_array((costs, (starts, ends)), shape=(self.open.size, self.open.size)))

    def nodes(self, points: gpd.GeoSeries) -> NDArray[np.int64]:
        """Open cell nearest to each point."""
        rows, columns = self.ground.cells(points.x.to_numpy(), points.y.to_numpy())
        free = np.argwhere(self.open)
        own = np.stack([rows, columns], axis=1) / _STEP - 0.5
        nearest = [int(((free - one) ** 2).sum(axis=1).argmin()) for one in own]
        return free[nearest] @ np.array([self.shape[1], 1])

    def lay(self, path: Iterable[int], *, kind: int, label: tuple[str, str]) -> None:
        """Build along a path; what is there keeps its better class."""
        cells = list(path)
        for a, b in pairwise(cells):
            edge = (min(a, b), max(a, b))
            if kind < self.built.get(edge, 99):
                self.built[edge] = kind
                self.labels[edge] = label


def _largest(free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest piece that hangs together: no road leads out of the others."""
    pieces, _ = label(free, structure=np.ones((3, 3)))
    return pieces == np.bincount(pieces.ravel())[1:].argmax() + 1


def make_roads(ground: Ground, villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Lay trunk roads between the township seats, then a road to every village.

    Parameters
    ----------
    ground : Ground
        Slopes and streams.
    villages : GeoDataFrame
        Seats; ``code``, ``township_code``, ``name``.

    Returns
    -------
    GeoDataFrame
        ``code``, ``name``, ``class``, ``width_m``, ``bridge``; lines of one connected network whose ends meet
        exactly, EPSG:4546.

    Examples
    --------
    >>> make_roads.__name__
    'make_roads'
    """
    web = _Web(ground)
    towns = ground.frame.townships
    seat = dict(zip(towns["code"].str[6:9], web.nodes(towns.geometry), strict=True))
    for kind, code, name, stops in _TRUNKS:
        for start, end in pairwise(stops):
            _, before = dijkstra(web.graph(share=0.5), directed=False, indices=seat[start], return_predecessors=True)
            web.lay(_walk(before, int(seat[end])), kind=_CLASSES.index(kind), label=(code, name))
    _to_villages(web, villages)
    _between_villages(web, villages)
    return _bridged(_lines(web), ground)


def _walk(before: NDArray[np.int32], end: int) -> list[int]:
    cells = [end]
    while before[cells[-1]] >= 0:
        cells.append(int(before[cells[-1]]))
    return cells


def _to_villages(web: _Web, villages: gpd.GeoDataFrame) -> None:
    """Township roads first to the larger villages, then village roads to the others."""
    nodes = web.nodes(villages.geometry)
    large = (villages["people"].rank(pct=True) > 0.6).to_numpy()
    for which, kind, letter in ((large, 3, "Y"), (~large, 4, "C")):
        roots = np.unique(np.array(list(web.built)).ravel())
        _, before, _ = dijkstra(web.graph(), directed=False, indices=roots, min_only=True, return_predecessors=True)
        for n in np.flatnonzero(which):
            code = f"{letter}{villages['code'].iloc[n][6:]}"
            name = f"{villages['name'].iloc[n]}{'路' if kind == 4 else '乡道'}"
            web.lay(_walk(before, int(nodes[n])), kind=kind, label=(code, name))


def _between_villages(web: _Web, villages: gpd.GeoDataFrame) -> None:
    """Roads between neighbours that have a long way round, so that the network has loops."""
    nodes = web.nodes(villages.geometry)
    points = shapely.get_coordinates(villages.geometry.to_numpy())
    pairs = Delaunay(points).simplices[:, [[0, 1], [1, 2], [0, 2]]].reshape(-1, 2)
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    straight = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    used, edges = np.unique(np.array(list(web.built)), return_inverse=True)
    edges = edges.reshape(-1, 2)
    length = np.where(np.diff(used[edges], axis=1).ravel() % web.shape[1] == 0, 120.0, 150.0)
    built = csr_array(coo_array((length, edges.T), shape=(len(used), len(used))))
    round_m = dijkstra(built, directed=False, indices=np.searchsorted(used, nodes))
    round_m = round_m[pairs[:, 0], np.searchsorted(used, nodes[pairs[:, 1]])]
    long = (straight > 400) & (straight < _LOOP_M) & (round_m > _DETOUR * straight)
    costs = web.graph()
    for a, b in pairs[long]:
        code = f"C{villages['code'].iloc[a][6:]}{villages['code'].iloc[b][-3:]}"
        name = f"{villages['name'].iloc[a]}至{villages['name'].iloc[b]}路"
        web.lay(_way(web, costs, int(nodes[a]), int(nodes[b])), kind=4, label=(code, name))


def _way(web: _Web, costs: csr_array, start: int, end: int) -> list[int]:
    """Cheapest way between two cells that keeps to the ground around them."""
    (top, left), (bottom, right) = np.sort(np.divmod([start, end], web.shape[1]), axis=1).T
    rows = np.arange(max(top - _ROUND, 0), min(bottom + _ROUND + 1, web.shape[0]))
    columns = np.arange(max(left - _ROUND, 0), min(right + _ROUND + 1, web.shape[1]))
    cells = np.add.outer(rows * web.shape[1], columns).ravel()
    here = np.searchsorted(cells, [start, end])
    _, before = dijkstra(costs[cells][:, cells], directed=False, indices=here[0], return_predecessors=True)
    return cells[_walk(before, int(here[1]))].tolist()


def _lines(web: _Web) -> gpd.GeoDataFrame:
    """Edges joined between junctions, made smooth with their ends held."""
    links: dict[int, list[int]] = {}
    for a, b in web.built:
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)

    def about(a: int, b: int) -> tuple[int, tuple[str, str]]:
        edge = (min(a, b), max(a, b))
        return web.built[edge], web.labels[edge]

    def ends(cell: int) -> bool:
        near = links[cell]
        return len(near) != 2 or about(cell, near[0]) != about(cell, near[1])

    done: set[tuple[int, int]] = set()
    rows = []
    for start in sorted(links):
        if not ends(start):
            continue
        for first in sorted(links[start]):
            if (min(start, first), max(start, first)) in done:
                continue
            cells = [start, first]
            while not ends(cells[-1]):
                cells.append(next(one for one in links[cells[-1]] if one != cells[-2]))
            done.update((min(a, b), max(a, b)) for a, b in pairwise(cells))
            kind, (code, name) = about(start, first)
            rows.append((code, name, _CLASSES[kind], _smooth(cells, web)))
    return gpd.GeoDataFrame(rows, columns=["code", "name", "class", "geometry"], geometry="geometry", crs=CRS)


def _smooth(cells: list[int], web: _Web) -> shapely.LineString:
    rows, columns = np.divmod(np.asarray(cells), web.shape[1])
    points = np.stack(at(web.ground.grid, columns * _STEP + 2.5, rows * _STEP + 2.5), axis=1)
    fine = shapely.get_coordinates(shapely.LineString(points).segmentize(40.0))
    soft = gaussian_filter1d(fine, 2.5, axis=0, mode="nearest")
    soft[[0, -1]] = fine[[0, -1]]
    return shapely.LineString(shapely.get_coordinates(shapely.LineString(soft).simplify(3.0)).round(2))


def _bridged(roads: gpd.GeoDataFrame, ground: Ground) -> gpd.GeoDataFrame:
    """Cut out the pieces that cross larger streams and mark them as bridges."""
    streams = ground.streams[ground.streams["area_km2"] > _BRIDGE_KM2]
    wet = streams.union_all()
    rows = []
    for road in roads.itertuples(index=False):
        line = road.geometry
        spans = sorted(
            line.project(one) for one in shapely.get_parts(line.intersection(wet)) if one.geom_type == "Point"
        )
        cuts = [0.0]
        for place in spans:
            if place - _BRIDGE_M > cuts[-1] + (5 if len(cuts) == 1 else 250) and place + _BRIDGE_M < line.length - 5:
                cuts += [place - _BRIDGE_M, place + _BRIDGE_M]
        cuts.append(line.length)
        pieces = [substring(line, a, b) for a, b in pairwise(cuts)]
        for n, piece in enumerate(_joined(pieces)):
            rows.append((road[0], road[1], road[2], _WIDTHS_M[road[2]], "是" if n % 2 else "否", piece))
    columns = ["code", "name", "class", "width_m", "bridge", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=CRS)


def _joined(pieces: list[shapely.LineString]) -> list[shapely.LineString]:
    """Pieces whose inner ends are rounded alike, so that they meet exactly; outer ends are round already."""
    return [shapely.LineString(shapely.get_coordinates(one).round(2)) for one in pieces]
