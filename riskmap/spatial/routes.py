"""Ways over a road network in the direction that people take: cheapest sources, the nearest few, and their routes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from riskmap.errors import MethodError
from riskmap.model.shown import fields_frame, frame_html
from riskmap.spatial.network import Network
from riskmap.spatial.route_kernels import seed, spread

__all__ = ["RouteGraph", "Ways", "nearest_ways", "route_graph", "way_matrix"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RouteGraph:
    """Arcs of a network, sorted for a search that starts at the sources.

    Parameters
    ----------
    indptr : ndarray of int64, shape (nodes + 1,)
        Arcs of node n are ``indptr[n]:indptr[n + 1]``.
    heads : ndarray of int32
        Node to which each arc leads in the search.
    costs : ndarray of float64
        Its cost, not negative.
    edges : ndarray of int64
        The edge of the network that it belongs to.
    toward : bool
        True where the search runs against the traffic: costs are of the way **to** the sources.
    """

    indptr: NDArray[np.int64]
    heads: NDArray[np.int32]
    costs: NDArray[np.float64]
    edges: NDArray[np.int64]
    toward: bool

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ways:
    """The nearest few sources of every node, nearest first.

    Parameters
    ----------
    cost : ndarray of float64, shape (nodes, k)
        In the unit of the graph; inf where there are fewer.
    source : ndarray of int32, shape (nodes, k)
        Position in the list of sources; -1 where there are fewer.
    arc : ndarray of int32, shape (nodes, k)
        Arc by which the search came; -1 at the source.
    graph : RouteGraph
        What was searched.
    """

    cost: NDArray[np.float64]
    source: NDArray[np.int32]
    arc: NDArray[np.int32]
    graph: RouteGraph

    _repr_html_ = frame_html
    to_frame = fields_frame

    def route(self, node: int, rank: int = 0) -> NDArray[np.int64]:
        """Edges of the network between a node and its source number `rank`, in the order of travel.

        Empty where the node is the source, or has no such source.
        """
        origin = int(self.source[node, rank]) if node >= 0 else -1
        passed: list[int] = []
        while origin >= 0:
            arc = int(self.arc[node, int(np.flatnonzero(self.source[node] == origin)[0])])
            if arc < 0:
                break
            passed.append(int(self.graph.edges[arc]))
            node = int(np.searchsorted(self.graph.indptr, arc, side="right")) - 1
        return np.array(passed if self.graph.toward else passed[::-1], dtype="int64")


def route_graph(
    network: Network,
    cost: ArrayLike | None = None,
    *,
    usable: NDArray[np.bool_] | None = None,
    toward: bool = True,
) -> RouteGraph:
    """Sort the arcs of a network for searches.

    Parameters
    ----------
    network : Network
        Its edges count as two arcs each.
    cost : array_like, shape (edges,) or (edges, 2), optional
        Cost of each edge, or from u to v and from v to u (minutes uphill and downhill; inf against a one-way street).
        By default its length, both ways.
    usable : ndarray of bool, optional
        One entry an edge; the others are closed.
    toward : bool
        Search for ways to the sources (people flee to shelters), not from them (an engine drives from its station).

    Returns
    -------
    RouteGraph

    Raises
    ------
    MethodError
        A cost of another shape, negative or unknown.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> graph = route_graph(build_network(road), [[3.0, np.inf]])
    >>> graph.costs.tolist(), graph.heads.tolist()
    ([3.0], [0])
    """
    edges = network.edges
    both = np.asarray(edges["length_m"] if cost is None else cost, dtype="float64")
    both = both.reshape(-1, 1) if both.ndim < 2 else both
    if both.ndim != 2 or len(both) != len(edges) or both.shape[1] > 2 or not (both >= 0).all():
        raise MethodError(
            f"cost of shape {both.shape} for {len(edges)} edges: give one or two numbers from 0 on an edge"
        )
    ends = edges[["u", "v"]].to_numpy("int64")
    tail, head = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
    price = np.concatenate([both[:, 0], both[:, -1]])
    number = np.tile(np.arange(len(edges)), 2)
    kept = np.isfinite(price) & (tail != head)
    if usable is not None:
        kept &= np.tile(usable, 2)
    start, stop = (head, tail) if toward else (tail, head)
    start, stop, price, number = start[kept], stop[kept], price[kept], number[kept]
    order = np.argsort(start, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(start, minlength=len(network.nodes)))])
    return RouteGraph(
        indptr=indptr.astype("int64"), heads=stop[order].astype("int32"), costs=price[order],
        edges=number[order], toward=toward,
    )  # fmt: skip


def nearest_ways(graph: RouteGraph, sources: ArrayLike, *, k: int = 1, limit: float = np.inf) -> Ways:
    """Find the nearest `k` sources of every node.

    Parameters
    ----------
    graph : RouteGraph
        From `route_graph`.
    sources : array_like of int
        Nodes; negative ones (no road near) are passed over. Two sources may stand on one node.
    k : int
        How many.
    limit : float
        Highest cost looked at.

    Returns
    -------
    Ways

    Raises
    ------
    MethodError
        `k` under 1, or a node that the graph does not have.

    Notes
    -----
    Rank by rank: the next nearest source of a node comes from what its neighbours hold of earlier ranks, or from a
    neighbour's own next nearest, so that one Dijkstra a rank is enough. Where several sources stand on one node, the
    first in the list is the nearer one.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> nearest_ways(route_graph(build_network(road)), [0, 1], k=2).cost.tolist()
    [[0.0, 100.0], [0.0, 100.0]]
    """
    starts = np.asarray(sources, dtype="int64")
    nodes = graph.indptr.size - 1
    if k < 1 or starts.max(initial=-1) >= nodes:
        raise MethodError(f"k is {k}, the highest node {starts.max(initial=-1)} of {nodes}")
    costs, sources_of, arcs = np.empty((nodes, 0)), np.empty((nodes, 0), np.int32), np.empty((nodes, 0), np.int32)
    for _ in range(k):
        cost, source, arc = np.full(nodes, np.inf), np.full(nodes, -1, np.int32), np.full(nodes, -1, np.int32)
        seed(graph.indptr, graph.heads, graph.costs, (costs, sources_of), float(limit), cost, source, arc)
        for number in np.flatnonzero(starts >= 0):
            node = starts[number]
            if cost[node] > 0 and number not in sources_of[node]:
                cost[node], source[node], arc[node] = 0.0, number, -1
        spread(graph.indptr, graph.heads, graph.costs, sources_of, float(limit), cost, source, arc)
        costs, sources_of = np.column_stack([costs, cost]), np.column_stack([sources_of, source])
        arcs = np.column_stack([arcs, arc])
    return Ways(cost=costs, source=sources_of, arc=arcs, graph=graph)


def way_matrix(
    graph: RouteGraph, sources: ArrayLike, places: ArrayLike, *, limit: float = np.inf
) -> NDArray[np.float64]:
    """Cost between every place and every source.

    Parameters
    ----------
    graph : RouteGraph
        From `route_graph`; its direction decides who travels.
    sources, places : array_like of int
        Nodes; negative ones have no way.
    limit : float
        Highest cost looked at.

    Returns
    -------
    ndarray of float64, shape (places, sources)
        inf where there is no way within the limit.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> way_matrix(route_graph(build_network(road), [[3.0, 8.0]]), [0], [0, 1, -1]).ravel().tolist()
    [0.0, 8.0, inf]
    """
    starts, ends = np.asarray(sources, dtype="int64"), np.asarray(places, dtype="int64")
    nodes = graph.indptr.size - 1
    matrix = csr_matrix((graph.costs, graph.heads, graph.indptr), shape=(nodes, nodes))
    found = np.full((ends.size, starts.size), np.inf)
    rows = np.flatnonzero(ends >= 0)
    for column in np.flatnonzero(starts >= 0):  # one at a time: a row for every node is held only once
        found[rows, column] = dijkstra(matrix, indices=int(starts[column]), limit=limit)[ends[rows]]
    return found
