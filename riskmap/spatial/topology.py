"""What is odd about a road network: islands, dead ends, ends that all but meet a road."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from riskmap.model.shown import fields_frame, frame_html
from riskmap.spatial.network import Network

__all__ = ["Topology", "topology"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Topology:
    """How well the roads hang together.

    Parameters
    ----------
    islands : int
        Parts of the network with no road between them (1 for a sound one).
    off_main_km : float
        Length of road outside the longest part.
    dead_ends : int
        Nodes with a single road.
    near_misses : GeoSeries
        Dead ends that stop short of another road: likely slips of the pen. Points, index the node number.
    """

    islands: int
    off_main_km: float
    dead_ends: int
    near_misses: gpd.GeoSeries

    _repr_html_ = frame_html
    to_frame = fields_frame


def topology(network: Network, *, near_m: float = 20.0) -> Topology:
    """Report islands, dead ends and near misses of a network.

    Parameters
    ----------
    network : Network
        From `riskmap.spatial.build_network`.
    near_m : float
        How close to another road a dead end must stop to count as a near miss, metres. Roads of another
        level count too: look before joining them.

    Returns
    -------
    Topology
        Zeros and an empty series for a network without edges.

    Examples
    --------
    >>> from riskmap.spatial.network import build_network
    >>> lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, 12), (50, 90)])]
    >>> found = topology(build_network(gpd.GeoDataFrame(geometry=lines, crs="EPSG:4546"), snap_m=5))
    >>> found.islands, found.dead_ends, len(found.near_misses)
    (2, 4, 1)
    """
    edges = network.edges
    u, v = edges["u"].to_numpy("int64"), edges["v"].to_numpy("int64")
    part = network.islands() if len(edges) else np.empty(0, int)
    length = np.bincount(part[u], weights=edges["length_m"]) if len(edges) else np.zeros(1)
    degree = np.bincount(np.concatenate([u, v]), minlength=len(network.nodes))
    dead = np.flatnonzero(degree == 1)
    points = shapely.points(network.nodes[dead])
    which, edge = shapely.STRtree(edges.geometry.to_numpy()).query(points, predicate="dwithin", distance=near_m)
    other = (u[edge] != dead[which]) & (v[edge] != dead[which])
    # a road that starts where the dead end's own road does is its neighbour, not a miss
    own = np.full(len(network.nodes), -1)
    own[u], own[v] = v, u
    start = own[dead[which]]
    other &= (u[edge] != start) & (v[edge] != start)
    missed = np.unique(which[other])
    return Topology(
        islands=int((length > 0).sum()),
        off_main_km=float(length.sum() - length.max()) / 1000,
        dead_ends=len(dead),
        near_misses=gpd.GeoSeries(points[missed], index=dead[missed], crs=edges.crs),
    )
