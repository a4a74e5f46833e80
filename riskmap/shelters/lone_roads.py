"""How many ways of a place share no stretch of road, and the stretches on which all of them hang."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from riskmap.model.shown import fields_frame, frame_html
from riskmap.spatial import Network

__all__ = ["MOST_WAYS", "WaysApart", "lone_edges", "lone_road_m", "reached", "ways_apart"]

MOST_WAYS = 3
"""Ways are counted up to here."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WaysApart:
    """Ways of each place that share no stretch of road.

    Parameters
    ----------
    ways : ndarray of int, shape (places,)
        0 to `MOST_WAYS`, which stands for more too.
    lone : tuple of ndarray of int
        By place: edges of the network that every way must pass, from the sites outwards; empty where a way is left
        whichever one is lost, and where there is no way.
    """

    ways: NDArray[np.int64]
    lone: tuple[NDArray[np.int64], ...]

    _repr_html_ = frame_html
    to_frame = fields_frame


def ways_apart(
    network: Network, places: ArrayLike, sites: ArrayLike, *, usable: NDArray[np.bool_] | None = None
) -> WaysApart:
    """Count the ways from each place to the sites that share no stretch of road.

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
    WaysApart
        Two ways may lead to two sites. A place at a site has `MOST_WAYS`: no road can take it away. Walks from a place to
        its road, and edges without length, are no roads that can be lost.

    Notes
    -----
    The ways are the edge connectivity between the place and all sites joined (Menger 1927): one where a single stretch
    cuts them off, two where two do. Every edge off a spanning tree bears a random 64-bit label, an edge of the tree the
    sum (xor) of those that pass over it: it cuts alone if its label is 0, and together with those of the same label
    (Pritchard and Thurimella 2011, doi:10.1145/2000807.2000814). A place is cut off by two of a label if the way along the
    tree passes some but not all that bear it. Wrong once in 2^64 times. One search for all places.

    Examples
    --------
    A square of roads with the store at one corner, and a lane of 21 m from the corner across:

    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> lines = [[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 9), (9, 9)], [(9, 9), (30, 9)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads, snap_m=0.1)
    >>> at = [int(np.hypot(*(network.nodes - one).T).argmin()) for one in ((0, 0), (9, 9), (30, 9))]
    >>> found = ways_apart(network, at[1:], at[:1])
    >>> found.ways.tolist(), [network.edges["length_m"][one].tolist() for one in found.lone]
    ([2, 1], [[], [21.0]])
    """
    tree = _tree(network, np.asarray(sites, dtype="int64"), usable)
    at = np.asarray(places, dtype="int64")
    part = np.append(tree.part, -1)[np.where(at >= 0, at, -1)]
    lone, none = _lone_edges(tree, set(part.tolist())), np.empty(0, "int64")
    return WaysApart(
        ways=np.where(part >= 0, _counted(tree)[part], 0), lone=tuple(lone.get(one, none) for one in part.tolist())
    )


def lone_road_m(
    network: Network, places: ArrayLike, sites: ArrayLike, *, usable: NDArray[np.bool_] | None = None
) -> NDArray[np.float64]:
    """Length of road that every way from a place to the sites must pass.

    Parameters
    ----------
    network, places, sites, usable
        As in `ways_apart`.

    Returns
    -------
    ndarray of float64, shape (places,)
        Metres; 0 where a way is left whichever stretch is lost, NaN where there is no way. The walk from a place to its
        road does not count.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> lines = [[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 9), (9, 9)], [(9, 9), (30, 9)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads, snap_m=0.1)
    >>> at = [int(np.hypot(*(network.nodes - one).T).argmin()) for one in ((0, 0), (9, 9), (30, 9))]
    >>> lone_road_m(network, at[1:], at[:1]).tolist()
    [0.0, 21.0]
    """
    found, length = ways_apart(network, places, sites, usable=usable), network.edges["length_m"].to_numpy("float64")
    return np.where(found.ways > 0, [float(length[one].sum()) for one in found.lone], np.nan)


def lone_edges(network: Network, *, usable: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Edges of road without which a part of the network falls in two: whoever goes from one side to the other passes them.

    Parameters
    ----------
    network, usable
        As in `ways_apart`.

    Returns
    -------
    ndarray of int
        In ascending order.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> lines = [[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 9), (9, 9)], [(9, 9), (30, 9)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads, snap_m=0.1)
    >>> network.edges["length_m"][lone_edges(network)].tolist()
    [21.0]
    """
    edges = network.edges[["u", "v"]].to_numpy("int64")
    part, _ = _parts(edges if usable is None else edges[usable], np.empty(0, "int64"), len(network.nodes))
    one_each = np.unique(part, return_index=True)[1]  # joined at one node each, the parts make no new circle
    tree = _tree(network, one_each, usable)
    return np.sort([tree.edge[one] for one in tree.order[1:] if not tree.label[one]]).astype("int64")


def reached(
    network: Network, places: ArrayLike, sites: ArrayLike, *, usable: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Whether any way leads from a place to the sites.

    Parameters
    ----------
    network, places, sites, usable
        As in `ways_apart`.

    Returns
    -------
    ndarray of bool, shape (places,)
        False for a place without a road near.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (9, 0)])], crs="EPSG:4546")
    >>> reached(build_network(road), [1, -1], [0]).tolist()
    [True, False]
    """
    edges, at = network.edges[["u", "v"]].to_numpy("int64"), np.asarray(places, dtype="int64")
    kept = edges if usable is None else edges[usable]
    part, top = _parts(kept, np.asarray(sites, dtype="int64"), len(network.nodes))
    return np.append(part == top, False)[np.where(at >= 0, at, -1)]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Tree:
    """A spanning tree from the joined sites over what cannot be torn apart.

    part: part of each node. order: parts reached, from the sites outwards. above: part above each. edge: the edge between
    (-1 at the top). label: of that edge. bearers: how many edges bear each label.
    """

    part: NDArray[np.int64]
    order: list[int]
    above: list[int]
    edge: list[int]
    label: list[int]
    bearers: Counter[int]


def _tree(network: Network, sites: NDArray[np.int64], usable: NDArray[np.bool_] | None) -> _Tree:
    edges = network.edges[["u", "v"]].to_numpy("int64")
    kept = np.ones(len(edges), bool) if usable is None else usable
    road = ((network.edges["road"] >= 0) & (network.edges["length_m"] > 0)).to_numpy()
    part, top = _parts(edges[kept & ~road], sites, len(network.nodes))
    ends = part[edges]
    number = np.flatnonzero(kept & road & (ends[:, 0] != ends[:, 1]))
    ends = ends[number]
    count = max(int(part.max(initial=0)), top) + 1
    joined = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count)).tocsr()
    order, above = breadth_first_order(joined, top, directed=False, return_predecessors=True)
    edge, label, drawn = _labels(ends, above)
    for node in order[:0:-1]:
        label[above[node]] ^= label[node]
    number = np.append(number, -1)
    return _Tree(
        part=part, order=order.tolist(), above=above.tolist(), edge=number[edge].tolist(), label=label.tolist(),
        bearers=Counter([*drawn.tolist(), *label[order[1:]].tolist()]),
    )  # fmt: skip


def _parts(firm: NDArray[np.int64], sites: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], int]:
    """Part of each node, nodes with no road between them joined and all sites too; part of the sites."""
    there = sites[sites >= 0]
    pairs = np.concatenate([firm, np.column_stack([there, np.full(len(there), count)])])
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count + 1, count + 1))
    part = connected_components(links, directed=False)[1].astype("int64")
    return part[:-1], int(part[-1])


def _labels(
    ends: NDArray[np.int64], above: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint64]]:
    """The edge between each part and the one above; labels that end at each part; labels of the edges off the tree."""
    u, v = ends.T
    down = np.where(above[v] == u, v, np.where(above[u] == v, u, -1))
    in_tree = np.flatnonzero(down >= 0)
    first = in_tree[np.unique(down[in_tree], return_index=True)[1]]
    drawn = np.random.default_rng(0).integers(1, 2**64, len(ends), dtype=np.uint64, endpoint=False)
    drawn[first] = 0
    found, edge = np.zeros(len(above), np.uint64), np.full(len(above), -1)
    np.bitwise_xor.at(found, u, drawn)
    np.bitwise_xor.at(found, v, drawn)
    edge[down[first]] = first
    return edge, found, drawn[drawn > 0]


def _counted(tree: _Tree) -> NDArray[np.int64]:
    """Ways of every part, 0 where none leads there."""
    below: list[list[int]] = [[] for _ in tree.above]
    for node in tree.order[1:]:
        below[tree.above[node]].append(node)
    ways = np.zeros(len(tree.above), "int64")
    passed: Counter[int] = Counter()
    stack = [(tree.order[0], False, 0, False)]
    while stack:  # every part twice: when the way along the tree comes in, and when it leaves
        node, leaving, halves, cut = stack.pop()
        top, label = node == tree.order[0], tree.label[node]
        if leaving:
            passed[label] -= 1
            continue
        if not top:
            passed[label] += 1
            cut |= label == 0
            halves += (passed[label] == 1) - (passed[label] == tree.bearers[label])
            stack.append((node, True, 0, False))
        ways[node] = 1 if cut else 2 if halves else MOST_WAYS
        stack += [(one, False, halves, cut) for one in below[node]]
    return ways


def _lone_edges(tree: _Tree, parts: set[int]) -> dict[int, NDArray[np.int64]]:
    """Edges that cut alone between the sites and each of the parts, from the sites outwards."""
    hung = {tree.order[0]: -1}  # the lowest part at or above this one that hangs on the edge over it
    for node in tree.order[1:]:
        hung[node] = hung[tree.above[node]] if tree.label[node] else node
    found = {}
    for one in parts & hung.keys():
        passed, node = [], hung[one]
        while node >= 0:
            passed.append(tree.edge[node])
            node = hung[tree.above[node]]
        found[one] = np.array(passed[::-1], dtype="int64")
    return found
