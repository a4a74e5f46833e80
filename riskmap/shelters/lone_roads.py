"""Which places hang on one road: cut anywhere on it, and no other way is left."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order

from riskmap.spatial import Network

__all__ = ["roads_apart"]


def roads_apart(
    network: Network, places: ArrayLike, sites: ArrayLike, *, usable: NDArray[np.bool_] | None = None
) -> NDArray[np.int8]:
    """How many ways without a common stretch of road lead from each place to the sites: none, one, or more.

    Parameters
    ----------
    network : Network
        With places and sites attached; directions do not count.
    places, sites : array_like of int
        Their nodes; negative where no road is near.
    usable : ndarray of bool, optional
        One entry an edge; the others are closed.

    Returns
    -------
    ndarray of int8, shape (places,)
        0 no way; 1 every way passes one and the same stretch somewhere; 2 whichever stretch is lost, a way is left. The
        walk from a place to its road is no stretch.

    Notes
    -----
    Stretches that part the network are those on no circle. Every edge off a spanning tree bears a random 64-bit label;
    an edge of the tree lies on no circle if the labels that end below it cancel out (Pritchard and Thurimella 2011,
    doi:10.1145/2000807.2000814); a stretch is told wrongly once in 2^64 times. Sites count as joined.

    Examples
    --------
    A square of roads with the store at one corner, and a lane from the corner across:

    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> lines = [[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 9), (9, 9)], [(9, 9), (30, 9)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads, snap_m=0.1)
    >>> at = [int(np.hypot(*(network.nodes - one).T).argmin()) for one in ((0, 0), (9, 9), (30, 9))]
    >>> roads_apart(network, at[1:], at[:1]).tolist()
    [2, 1]
    """
    ends, top = _ends(network, np.asarray(sites, dtype="int64"), usable), len(network.nodes)
    shape = (top + 1, top + 1)
    joined = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=shape).tocsr()
    order, above = breadth_first_order(joined, top, directed=False, return_predecessors=True)
    label = _labels(ends, above, nodes=top + 1)
    for node in order[:0:-1]:
        label[above[node]] ^= label[node]
    found = np.zeros(top + 1, np.int8)
    found[top] = 2
    for node in order[1:]:
        found[node] = min(found[above[node]], 2 if label[node] else 1)
    at = np.asarray(places, dtype="int64")
    return np.where(at >= 0, found[at], 0).astype(np.int8)


def _ends(network: Network, sites: NDArray[np.int64], usable: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    """Ends of all edges; walks and the links from the sites to a node above them stand twice, so that none is alone."""
    edges = network.edges if usable is None else network.edges[usable]
    ends = edges[["u", "v"]].to_numpy("int64")
    ends = ends[ends[:, 0] != ends[:, 1]]
    walks = edges.loc[(edges["road"] < 0) & (edges["u"] != edges["v"]), ["u", "v"]].to_numpy("int64")
    there = np.unique(sites[sites >= 0])
    links = np.column_stack([there, np.full(len(there), len(network.nodes))])
    return np.concatenate([ends, walks, links, links])


def _labels(ends: NDArray[np.int64], above: NDArray[np.int32], *, nodes: int) -> NDArray[np.uint64]:
    """Labels that end at each node: of every edge but one between a node and the node above it in the tree."""
    u, v = ends.T
    down = np.where(above[v] == u, v, np.where(above[u] == v, u, -1))
    first = np.zeros(len(ends), bool)
    in_tree = np.flatnonzero(down >= 0)
    first[in_tree[np.unique(down[in_tree], return_index=True)[1]]] = True
    drawn = np.random.default_rng(0).integers(1, 2**64, len(ends), dtype=np.uint64, endpoint=False)
    drawn[first] = 0
    found = np.zeros(nodes, np.uint64)
    np.bitwise_xor.at(found, u, drawn)
    np.bitwise_xor.at(found, v, drawn)
    return found
