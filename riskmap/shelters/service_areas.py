"""What lies within so many minutes of a shelter: the roads, and the land along them."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.spatial import Network, nearest_ways, route_graph

__all__ = ["isochrones", "reached_roads"]


def reached_roads(
    network: Network,
    sites: ArrayLike,
    limits: Sequence[float],
    *,
    cost: ArrayLike | None = None,
    usable: NDArray[np.bool_] | None = None,
) -> gpd.GeoDataFrame:
    """Roads from which a site is reached within each limit, cut where the limit falls inside an edge.

    Parameters
    ----------
    network : Network
        With the sites attached.
    sites : array_like of int
        Their nodes; negative ones are passed over.
    limits : sequence of float
        Above 0, ascending, in the unit of `cost`.
    cost : array_like, shape (edges,) or (edges, 2), optional
        As in `route_graph`; by default lengths in metres.
    usable : ndarray of bool, optional
        One entry an edge; the others are closed.

    Returns
    -------
    GeoDataFrame
        ``limit``, ``edge``, geometry; every limit holds all that is within it, the nearer ones too.

    Raises
    ------
    MethodError
        Limits that do not ascend from above 0.

    Examples
    --------
    >>> from riskmap.spatial import build_network
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> reached_roads(build_network(road), [0], [30, 300]).length.tolist()
    [30.0, 100.0]
    """
    steps = np.asarray(limits, dtype="float64")
    if not len(steps) or steps[0] <= 0 or (np.diff(steps) <= 0).any():
        raise MethodError(f"limits are {list(limits)}; give ascending numbers above 0")
    graph = route_graph(network, cost, usable=usable)
    way = nearest_ways(graph, sites, limit=float(steps[-1])).cost[:, 0]
    edges = network.edges if usable is None else network.edges[usable]
    price = np.asarray(network.edges["length_m"] if cost is None else cost, dtype="float64").reshape(
        len(network.edges), -1
    )
    price = price[edges.index.to_numpy()]
    back, there = price[:, -1], price[:, 0]  # from a place on the edge to u, to v
    from_u, from_v = way[edges["u"].to_numpy()], way[edges["v"].to_numpy()]
    parts = []
    for limit in steps:
        at_u, at_v = _share(limit - from_u, back), _share(limit - from_v, there)
        parts += [_cut(edges, at_u, at_v, float(limit))]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=edges.crs)


def _share(left: NDArray[np.float64], price: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share 0..1 of an edge that what is left of the limit is enough for; -1 where not even its end is reached."""
    share = np.divide(left, price, out=np.ones_like(left), where=(price > 0) & np.isfinite(price) & np.isfinite(left))
    return np.where(np.isfinite(left) & (left >= 0) & np.isfinite(price), np.minimum(share, 1), -1)


def _cut(
    edges: gpd.GeoDataFrame, at_u: NDArray[np.float64], at_v: NDArray[np.float64], limit: float
) -> gpd.GeoDataFrame:
    lines = edges.geometry.to_numpy()
    whole = np.maximum(at_u, 0) + np.maximum(at_v, 0) >= 1
    rows, shapes = [np.flatnonzero(whole)], [lines[whole]]
    for share, start in ((at_u, True), (at_v, False)):
        some = np.flatnonzero(~whole & (share > 0))
        length = shapely.length(lines[some])
        stops = (np.zeros(len(some)), share[some]) if start else (1 - share[some], np.ones(len(some)))
        pieces = [
            shapely.ops.substring(line, a * long, b * long)
            for line, a, b, long in zip(lines[some], *stops, length, strict=True)
        ]
        rows.append(some)
        shapes.append(np.array(pieces, dtype="object"))
    return gpd.GeoDataFrame(
        {"limit": limit, "edge": edges.index.to_numpy()[np.concatenate(rows)]},
        geometry=np.concatenate(shapes),
        crs=edges.crs,
    )


def isochrones(roads: gpd.GeoDataFrame, *, width_m: float = 100.0) -> gpd.GeoDataFrame:
    """Land along the reached roads, one area a limit.

    Parameters
    ----------
    roads : GeoDataFrame
        From `reached_roads`.
    width_m : float
        How far from the road still counts.

    Returns
    -------
    GeoDataFrame
        Index ``limit``, ascending; geometry (a wider limit holds the narrower) and ``area_km2``.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (1000, 0)])
    >>> roads = gpd.GeoDataFrame({"limit": [10.0], "edge": [0]}, geometry=[line], crs="EPSG:4546")
    >>> isochrones(roads, width_m=100)["area_km2"].round(2).tolist()
    [0.23]
    """
    if not width_m > 0:
        raise MethodError(f"width is {width_m:g} m; give a distance above 0")
    # each line for itself: the time of widening all at once grows with their square
    found = roads[["limit"]].set_geometry(roads.buffer(width_m)).dissolve("limit")
    return found.assign(area_km2=found.area / 1e6)
