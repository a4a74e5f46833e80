"""The way that is left when one stretch of the usual one is lost: exact, for every stretch of every place's way."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.spatial import RouteGraph, Ways
from riskmap.spatial.route_kernels import spread

__all__ = ["detours", "routes"]


def routes(ways: Ways, places: ArrayLike, *, rank: int = 0) -> pd.DataFrame:
    """Edges of the ways of all places at once.

    Parameters
    ----------
    ways : Ways
        From `riskmap.spatial.nearest_ways`.
    places : array_like of int
        Nodes; negative ones are passed over.
    rank : int
        0 for the nearest source, 1 for the next.

    Returns
    -------
    DataFrame
        ``place`` (position in the list), ``edge``, ``node`` (the end of the edge away from the source), from the place
        towards its source.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network, nearest_ways, route_graph
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> routes(nearest_ways(route_graph(build_network(road)), [0]), [1, -1]).to_numpy().tolist()
    [[0, 0, 1]]
    """
    graph, node = ways.graph, np.asarray(places, dtype="int64")
    tail = np.repeat(np.arange(graph.indptr.size - 1), np.diff(graph.indptr))
    place = np.flatnonzero(node >= 0)
    node = node[place]
    origin = ways.source[node, rank]
    place, node, origin = (one[origin >= 0] for one in (place, node, origin))
    found: list[NDArray[np.int64]] = []
    while len(place):
        column = (ways.source[node] == origin[:, None]).argmax(axis=1)
        arc = ways.arc[node, column]
        on = arc >= 0
        place, node, origin, arc = (one[on] for one in (place, node, origin, arc))
        found.append(np.column_stack([place, graph.edges[arc], node]))
        node = tail[arc]
    table = pd.DataFrame(np.concatenate([np.empty((0, 3), "int64"), *found]), columns=["place", "edge", "node"])
    return table.sort_values("place", kind="stable", ignore_index=True)


def detours(ways: Ways, places: ArrayLike, *, losable: NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """Cost of the best way left to any source when one edge of the usual way is lost.

    Parameters
    ----------
    ways : Ways
        From `riskmap.spatial.nearest_ways`.
    places : array_like of int
        Nodes; negative ones are passed over.
    losable : ndarray of bool, optional
        One entry an edge of the network; the others cannot be lost.

    Returns
    -------
    DataFrame
        ``place`` (position in the list), ``edge``, ``before``, ``after`` (inf where no way is left): a row for each edge
        that can be lost on the way of each place to its nearest source.

    Raises
    ------
    MethodError
        `losable` is of another network.

    Notes
    -----
    The replacement paths problem (Malik, Mittal and Gupta 1989, doi:10.1016/0167-6377(89)90065-5) on the whole tree of
    shortest ways: the loss of an edge changes the ways of the nodes beyond it only, so these alone are searched again,
    from what their neighbours outside know. Exact, one-way streets and parallel edges included.

    Examples
    --------
    A store, a place 100 m away, and a way round of 300 m:

    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network, nearest_ways, route_graph
    >>> lines = [[(0, 0), (100, 0)], [(0, 0), (0, 100), (100, 100), (100, 0)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads)
    >>> at = [int(np.hypot(*(network.nodes - one).T).argmin()) for one in ((0, 0), (100, 0))]
    >>> detours(nearest_ways(route_graph(network), at[:1]), at[1:])[["before", "after"]].to_numpy().tolist()
    [[100.0, 300.0]]
    """
    if losable is not None and len(losable) <= ways.graph.edges.max(initial=-1):
        raise MethodError(f"losable tells of {len(losable)} edges; give one entry for each edge of the network")
    passed = routes(ways, places)
    if losable is not None:
        passed = passed[losable[passed["edge"].to_numpy()]].reset_index(drop=True)
    before = ways.cost[np.asarray(places, dtype="int64")[passed["place"]], 0]
    beyond, after, lower = _Beyond(ways), np.full(len(passed), np.inf), passed["node"].to_numpy("int64")
    start = np.asarray(places, dtype="int64")[passed["place"].to_numpy()]
    for rows in passed.groupby("node", sort=False).indices.values():
        after[rows] = beyond.without(int(lower[rows[0]]), start[rows])
    return passed[["place", "edge"]].assign(before=before, after=after)


class _Beyond:
    """The tree of shortest ways with its nodes numbered so that all beyond an edge stand in one run."""

    def __init__(self, ways: Ways) -> None:
        graph: RouteGraph = ways.graph
        count = graph.indptr.size - 1
        tail = np.repeat(np.arange(count), np.diff(graph.indptr))
        arc = ways.arc[:, 0].astype("int64")
        above = np.where(arc >= 0, tail[arc], -1) if len(tail) else np.full(count, -1)
        self.first, self.last = _runs(above)
        order = np.argsort(self.first[graph.heads], kind="stable")
        self.tails, self.heads = self.first[tail[order]], self.first[graph.heads[order]]
        self.costs, self.edges = graph.costs[order], graph.edges[order]
        self.enters = np.searchsorted(self.heads, np.arange(count + 1))
        self.cost = np.empty(count)
        self.cost[self.first] = ways.cost[:, 0]
        self.edge = np.where(arc >= 0, graph.edges[arc], -1) if len(tail) else arc

    def without(self, node: int, places: NDArray[np.int64]) -> NDArray[np.float64]:
        """Costs of places beyond the edge over a node, without that edge."""
        low, high = int(self.first[node]), int(self.last[node])
        mine = slice(self.enters[low], self.enters[high])
        tails, heads = self.tails[mine], self.heads[mine] - low
        kept = self.edges[mine] != self.edge[node]
        inner = kept & (tails >= low) & (tails < high)
        outer = kept & ~inner
        cost = np.full(high - low, np.inf)
        np.minimum.at(cost, heads[outer], self.cost[tails[outer]] + self.costs[mine][outer])
        order = np.argsort(tails[inner], kind="stable")
        indptr = np.searchsorted(tails[inner][order] - low, np.arange(high - low + 1))
        nothing = np.empty((high - low, 0), np.int32)
        spread(
            indptr, heads[inner][order].astype("int32"), self.costs[mine][inner][order], nothing, np.inf, cost,
            np.zeros(high - low, np.int32), np.full(high - low, -1, np.int32),
        )  # fmt: skip
        return cost[self.first[places] - low]


def _runs(above: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of each node, and the end of the run of the nodes whose way leads over it."""
    below: list[list[int]] = [[] for _ in above]
    tops: list[int] = []
    for node, up in enumerate(above.tolist()):
        (below[up] if up >= 0 else tops).append(node)
    first, last, number = np.empty(len(above), "int64"), np.empty(len(above), "int64"), 0
    stack = [(one, False) for one in tops]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            last[node] = number
            continue
        first[node], number = number, number + 1
        stack.append((node, True))
        stack += [(one, False) for one in below[node]]
    return first, last
