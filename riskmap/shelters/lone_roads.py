"""On how much road every way of a place hangs: cut there, and no other way is left."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order

from riskmap.spatial import Network

__all__ = ["lone_road_m"]


def lone_road_m(
    network: Network, places: ArrayLike, sites: ArrayLike, *, usable: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Length of road that every way from a place to the sites must pass.

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
    ndarray of float64, shape (places,)
        Metres; 0 where a way is left whichever stretch is lost, NaN where there is no way. The walk from a place to its
        road does not count.

    Notes
    -----
    These stretches are the ones on no circle. Every edge off a spanning tree bears a random 64-bit label; an edge of the
    tree lies on no circle if the labels that end below it cancel out (Pritchard and Thurimella 2011,
    doi:10.1145/2000807.2000814); a stretch is told wrongly once in 2^64 times. Sites count as joined.

    Examples
    --------
    A square of roads with the store at one corner, and a lane of 21 m from the corner across:

    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> lines = [[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 9), (9, 9)], [(9, 9), (30, 9)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads, snap_m=0.1)
    >>> at = [int(np.hypot(*(network.nodes - one).T).argmin()) for one in ((0, 0), (9, 9), (30, 9))]
    >>> lone_road_m(network, at[1:], at[:1]).tolist()
    [0.0, 21.0]
    """
    ends, length = _edges(network, np.asarray(sites, dtype="int64"), usable)
    top = len(network.nodes)
    joined = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(top + 1, top + 1)).tocsr()
    order, above = breadth_first_order(joined, top, directed=False, return_predecessors=True)
    label, up = _labels(ends, length, above)
    for node in order[:0:-1]:
        label[above[node]] ^= label[node]
    found = np.full(top + 1, np.nan)
    found[top] = 0.0
    for node in order[1:]:
        found[node] = found[above[node]] + (0.0 if label[node] else up[node])
    at = np.asarray(places, dtype="int64")
    return np.where(at >= 0, found[at], np.nan)


def _edges(
    network: Network, sites: NDArray[np.int64], usable: NDArray[np.bool_] | None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Ends and lengths; walks, and links from the sites to a node above them, stand twice so that none is alone."""
    edges = network.edges if usable is None else network.edges[usable]
    edges = edges[edges["u"] != edges["v"]]
    ends, length = edges[["u", "v"]].to_numpy("int64"), edges["length_m"].to_numpy("float64")
    walks = (edges["road"] < 0).to_numpy()
    there = np.unique(sites[sites >= 0])
    links = np.column_stack([there, np.full(len(there), len(network.nodes))])
    return (
        np.concatenate([ends, ends[walks], links, links]),
        np.concatenate([length, length[walks], np.zeros(2 * len(there))]),
    )


def _labels(
    ends: NDArray[np.int64], length: NDArray[np.float64], above: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Labels that end at each node, of every edge but one between it and the node above; the length of that one."""
    u, v = ends.T
    down = np.where(above[v] == u, v, np.where(above[u] == v, u, -1))
    in_tree = np.flatnonzero(down >= 0)
    first = in_tree[np.unique(down[in_tree], return_index=True)[1]]
    drawn = np.random.default_rng(0).integers(1, 2**64, len(ends), dtype=np.uint64, endpoint=False)
    drawn[first] = 0
    found, up = np.zeros(len(above), np.uint64), np.zeros(len(above))
    np.bitwise_xor.at(found, u, drawn)
    np.bitwise_xor.at(found, v, drawn)
    up[down[first]] = length[first]
    return found, up
