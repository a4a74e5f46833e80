"""Road lines as a network: joined at crossings, points put onto it, shortest ways over it."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from riskmap.errors import GridError
from riskmap.model.shown import fields_frame, frame_html

__all__ = ["Nearest", "Network", "attach", "build_network", "nearest_source"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Nodes and undirected edges of a road network.

    Parameters
    ----------
    nodes : numpy.ndarray, shape (n, 2)
        Easting and northing, metres.
    edges : GeoDataFrame
        ``u``, ``v`` (node numbers), ``length_m``, ``road`` (row of the delivered line; -1 for the walk from a point to
        its road), geometry.
    """

    nodes: np.ndarray
    edges: gpd.GeoDataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Roads between two nodes, a row each."""
        return self.edges

    def islands(self) -> np.ndarray:
        """Component number of every node."""
        return connected_components(self.matrix(), directed=False)[1]

    def matrix(self, *, usable: np.ndarray | None = None) -> csr_matrix:
        """Lengths as a sparse matrix, the shortest of parallel edges; `usable` (bool per edge) leaves edges out."""
        edges = self.edges if usable is None else self.edges[usable]
        low, high = edges[["u", "v"]].min(axis=1), edges[["u", "v"]].max(axis=1)
        frame = pd.DataFrame({"u": low, "v": high, "length": edges["length_m"]})
        best = frame[frame["u"] != frame["v"]].groupby(["u", "v"], as_index=False)["length"].min()
        count = len(self.nodes)
        # scipy takes 0 for "no edge": a zero length is written as a millionth of a metre
        lengths = np.maximum(best["length"].to_numpy("float64"), 1e-6)
        return coo_matrix((lengths, (best["u"], best["v"])), shape=(count, count)).tocsr()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Nearest:
    """The nearest source of every node.

    Parameters
    ----------
    distance_m : numpy.ndarray, shape (n,)
        Length of the shortest way; inf where there is none.
    source : numpy.ndarray of int, shape (n,)
        Position in the list of sources; -1 where there is none.
    previous : numpy.ndarray of int, shape (n,)
        Next node on the way to the source; negative at the source and where there is no way.
    """

    distance_m: np.ndarray
    source: np.ndarray
    previous: np.ndarray

    _repr_html_ = frame_html
    to_frame = fields_frame


def build_network(lines: gpd.GeoDataFrame, *, snap_m: float = 5.0) -> Network:
    """Join road lines to a network.

    Lines of one ``level`` (0 where none is given) are joined where they cross; lines of different levels only where
    their ends meet, so that a bridge does not join the road below it. Ends closer than `snap_m` become one node, and an
    end that close to another line of its level is joined to it.

    Parameters
    ----------
    lines : GeoDataFrame
        Road lines in a projected CRS; the column ``level`` is used if there is one.
    snap_m : float
        Tolerance, metres.

    Returns
    -------
    Network
        Without edges when there are no lines.

    Raises
    ------
    GridError
        The lines are in degrees.

    Examples
    --------
    >>> lines = [shapely.LineString([(0, 0), (20, 0)]), shapely.LineString([(10, -5), (10, 5)])]
    >>> cross = gpd.GeoDataFrame(geometry=lines, crs="EPSG:4546")
    >>> network = build_network(cross, snap_m=1)
    >>> len(network.nodes), sorted(network.edges["length_m"])
    (5, [5.0, 5.0, 10.0, 10.0])
    """
    if lines.crs is not None and not lines.crs.is_projected:
        raise GridError(f"roads in {lines.crs.name!r} count in degrees; bring them to metres by to_analysis")
    level = (
        pd.to_numeric(lines["level"], errors="coerce").fillna(0)
        if "level" in lines
        else pd.Series(0, index=lines.index)
    )
    pieces, roads = [], []
    for one in sorted(level.unique()):
        rows = np.flatnonzero((level == one).to_numpy())
        noded = _noded(lines.geometry.iloc[rows], snap_m)
        tree = shapely.STRtree(lines.geometry.iloc[rows].to_numpy())
        pieces.append(noded)
        roads.append(
            rows[tree.nearest(shapely.line_interpolate_point(noded, 0.5, normalized=True))] if len(noded) else rows[:0]
        )
    shapes = np.concatenate([*pieces, np.array([], dtype=object)])
    ends = np.vstack([shapely.get_coordinates(shapely.get_point(shapes, n)) for n in (0, -1)])
    nodes, number = _merged(ends, snap_m)
    count = len(shapes)
    table = {"u": number[:count], "v": number[count:], "length_m": shapely.length(shapes)}
    edges = gpd.GeoDataFrame(
        {**table, "road": np.concatenate([*roads, np.array([], int)])}, geometry=shapes, crs=lines.crs
    )
    return Network(
        nodes=nodes, edges=edges[(edges["u"] != edges["v"]) | (edges["length_m"] > snap_m)].reset_index(drop=True)
    )


def _noded(lines: gpd.GeoSeries, snap_m: float) -> np.ndarray:
    parts = shapely.get_parts(shapely.force_2d(lines[~lines.is_empty & lines.notna()].to_numpy()))
    if not len(parts):
        return parts
    near = _snapped(parts, snap_m) if snap_m > 0 else parts
    made = shapely.get_parts(shapely.node(shapely.multilinestrings(near)))
    return made[shapely.length(made) > 0]


def _snapped(parts: np.ndarray, snap_m: float) -> np.ndarray:
    """Lines with the ends of lines that are near to them as vertices; far ends are not asked, which saves minutes."""
    ends = np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    line, end = shapely.STRtree(ends).query(parts, predicate="dwithin", distance=snap_m)
    order = np.argsort(line, kind="stable")
    touched = shapely.multipoints(ends[end[order]], indices=line[order], out=np.full(len(parts), None, dtype=object))
    return shapely.snap(parts, touched, snap_m)


def _merged(points: np.ndarray, snap_m: float) -> tuple[np.ndarray, np.ndarray]:
    """One node for all points within the tolerance; which node each point became."""
    if not len(points):
        return np.empty((0, 2)), np.empty(0, int)
    pairs = cKDTree(points).query_pairs(max(snap_m, 1e-6), output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    _, number = connected_components(links, directed=False)
    first = np.unique(number, return_index=True)[1]
    return points[first], number


def attach(network: Network, points: gpd.GeoSeries, *, limit_m: float) -> tuple[Network, np.ndarray, np.ndarray]:
    """Put points onto the nearest place of the network; the walk there is an edge of its own.

    Parameters
    ----------
    network : Network
        To put them on (it is not changed).
    points : GeoSeries
        Points in the network's CRS.
    limit_m : float
        Farthest walk to a road, metres.

    Returns
    -------
    network : Network
        With the points as further nodes, the roads split where the walks meet them.
    node : numpy.ndarray of int
        Node of each point; -1 where no road is within the limit.
    walk_m : numpy.ndarray
        Length of each walk; NaN where there is none.

    Examples
    --------
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> on, node, walk = attach(build_network(road), gpd.GeoSeries([shapely.Point(40, 30)], crs=road.crs), limit_m=50)
    >>> walk.tolist(), sorted(on.edges["length_m"])
    ([30.0], [30.0, 40.0, 60.0])
    """
    node, walk = np.full(len(points), -1), np.full(len(points), np.nan)
    if not len(network.edges):
        return network, node, walk
    found, edge = shapely.STRtree(network.edges.geometry.to_numpy()).query_nearest(
        points.to_numpy(), max_distance=limit_m, all_matches=False
    )
    shapes = network.edges.geometry.to_numpy()[edge]
    offset = shapely.line_locate_point(shapes, points.to_numpy()[found])
    foot = shapely.line_interpolate_point(shapes, offset)
    walk[found] = shapely.distance(foot, points.to_numpy()[found])
    count = len(network.nodes)
    feet = count + np.arange(len(found))
    node[found] = count + len(found) + np.arange(len(found))
    nodes = np.vstack([network.nodes, shapely.get_coordinates(foot), shapely.get_coordinates(points.to_numpy()[found])])
    split = _split(network.edges, edge, offset, feet)
    lines = shapely.linestrings(
        np.stack([shapely.get_coordinates(foot), shapely.get_coordinates(points.to_numpy()[found])], 1)
    )
    walks = gpd.GeoDataFrame(
        {"u": feet, "v": node[found], "length_m": walk[found], "road": -1}, geometry=lines, crs=network.edges.crs
    )
    whole = network.edges.drop(index=network.edges.index[np.unique(edge)])
    edges = pd.concat([one for one in (whole, split, walks) if len(one)], ignore_index=True)
    return replace(network, nodes=nodes, edges=edges), node, walk


def _split(edges: gpd.GeoDataFrame, edge: np.ndarray, offset: np.ndarray, feet: np.ndarray) -> gpd.GeoDataFrame:
    """Cut the edges that points were put on at their offsets."""
    rows, shapes = [], []
    for number in np.unique(edge):
        row = edges.iloc[number]
        mine = np.flatnonzero(edge == number)
        mine = mine[np.argsort(offset[mine], kind="stable")]
        stops = [0.0, *offset[mine].tolist(), float(row.geometry.length)]
        chain = [int(row["u"]), *feet[mine].tolist(), int(row["v"])]
        scale = float(row["length_m"]) / max(float(row.geometry.length), 1e-12)
        for a, b, u, v in zip(stops[:-1], stops[1:], chain[:-1], chain[1:], strict=True):
            rows.append({"u": u, "v": v, "length_m": (b - a) * scale, "road": int(row["road"])})
            part = shapely.ops.substring(row.geometry, a, b)
            shapes.append(shapely.LineString([part, part]) if part.geom_type == "Point" else part)
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=edges.crs)


def nearest_source(
    network: Network, sources: np.ndarray, *, limit_m: float = np.inf, usable: np.ndarray | None = None
) -> Nearest:
    """Find the nearest of several sources from every node, over usable edges.

    Parameters
    ----------
    network : Network
        Undirected.
    sources : numpy.ndarray of int
        Node numbers; negative ones are passed over.
    limit_m : float
        Farthest distance looked at, metres.
    usable : numpy.ndarray of bool, optional
        One entry an edge; the others are closed.

    Returns
    -------
    Nearest
        One entry a node. Several-source Dijkstra of scipy.

    Examples
    --------
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> nearest_source(build_network(road), np.array([0])).distance_m.tolist()
    [0.0, 100.0]
    """
    count = len(network.nodes)
    real = np.flatnonzero(np.asarray(sources) >= 0)
    starts = np.asarray(sources)[real]
    if not len(starts):
        return Nearest(distance_m=np.full(count, np.inf), source=np.full(count, -1), previous=np.full(count, -9999))
    distance, previous, origin = dijkstra(
        network.matrix(usable=usable),
        directed=False,
        indices=starts,
        limit=limit_m,
        min_only=True,
        return_predecessors=True,
    )
    at = pd.Series(real[::-1], index=starts[::-1])
    first = at[~at.index.duplicated(keep="last")]
    source = np.where(origin >= 0, first.reindex(origin).fillna(-1).to_numpy("int64"), -1)
    return Nearest(distance_m=distance, source=source, previous=previous)
