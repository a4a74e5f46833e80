"""What hangs on one road: people whom the loss of an edge cuts off, and how much farther the others must go."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from riskmap.errors import MethodError
from riskmap.shelters.detours import detours
from riskmap.spatial import Network, RouteGraph, nearest_ways

__all__ = ["critical_edges", "critical_roads"]


def critical_edges(
    graph: RouteGraph, sites: ArrayLike, demand: ArrayLike, *, people: ArrayLike, most: int | None = None
) -> pd.DataFrame:
    """Edges whose loss hurts most.

    Parameters
    ----------
    graph : RouteGraph
        Towards the sites.
    sites, demand : array_like of int
        Nodes; negative ones are passed over.
    people : array_like
        People of each place of demand; not negative.
    most : int, optional
        How many are told; else all.

    Returns
    -------
    DataFrame
        Index ``edge``; ``people_on_it``, ``people_cut_off`` (no way to any site is left), ``extra`` (people x cost that
        the others go farther), those that cut off most first, then by ``extra``. Only edges that somebody uses.

    Raises
    ------
    MethodError
        Unknown or negative people.

    Notes
    -----
    Every used edge is taken out once (`riskmap.shelters.detours`); nothing is sampled.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network, route_graph
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> critical_edges(route_graph(build_network(road)), [0], [1], people=[70]).to_numpy().tolist()
    [[70.0, 70.0, 0.0]]
    """
    count, nodes = np.asarray(people, dtype="float64"), np.asarray(demand, dtype="int64")
    if not (count >= 0).all():
        raise MethodError("people holds unknown or negative numbers; leave those places out, or count them as 0")
    kept = nodes >= 0
    nodes, count = nodes[kept], count[kept]
    found = detours(nearest_ways(graph, sites), nodes)
    head, lost = count[found["place"]], np.isinf(found["after"])
    table = pd.DataFrame(
        {
            "edge": found["edge"], "people_on_it": head, "people_cut_off": np.where(lost, head, 0.0),
            "extra": np.where(lost, 0.0, head * (found["after"] - found["before"])),
        }
    ).groupby("edge").sum()  # fmt: skip
    table = table[table["people_on_it"] > 0]
    table = table.sort_values(["people_cut_off", "extra"], ascending=False, kind="stable")
    return table if most is None else table.head(most)


def critical_roads(network: Network, roads: gpd.GeoDataFrame, losses: pd.DataFrame) -> gpd.GeoDataFrame:
    """Say which delivered roads the critical edges are; walks from a place to its road are left out.

    Parameters
    ----------
    network : Network
        Whose edges were tried.
    roads : GeoDataFrame
        The delivered lines: ``name``, ``class``, ``bridge`` where known.
    losses : DataFrame
        From `critical_edges`.

    Returns
    -------
    GeoDataFrame
        ``name``, ``class``, ``bridge`` (where delivered), ``length_m``, ``people_on_it``, ``people_cut_off``,
        ``extra``, geometry; in the order of `losses`. Edges that follow one another with the same losses are one row,
        named as the longest of them; it is a bridge if one of them is.

    Examples
    --------
    >>> from riskmap.spatial import build_network, route_graph
    >>> lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(100, 0), (130, 0)])]
    >>> roads = gpd.GeoDataFrame({"name": ["桥", "路"]}, geometry=lines, crs="EPSG:4546")
    >>> network = build_network(roads)
    >>> losses = critical_edges(route_graph(network), [0], [2], people=[70])
    >>> critical_roads(network, roads, losses)[["name", "length_m", "people_cut_off"]].to_numpy().tolist()
    [['桥', 130.0, 70.0]]
    """
    edges = network.edges.loc[losses.index]
    real = ((edges["road"] >= 0) & (edges["length_m"] > 0)).to_numpy()  # a crossing in one point is no stretch of road
    edges, losses = edges[real], losses[real]
    stretch = _stretches(edges, losses)
    told = (
        roads[[one for one in ("name", "class", "bridge") if one in roads]].iloc[edges["road"]].reset_index(drop=True)
    )
    table = told.join(pd.concat([edges[["length_m"]], losses], axis=1).reset_index(drop=True))
    longest = table.assign(stretch=stretch).sort_values("length_m", ascending=False, kind="stable")
    rows = longest.drop_duplicates("stretch").set_index("stretch").sort_index()
    rows["length_m"] = table["length_m"].groupby(stretch).sum()
    if "bridge" in rows:
        rows["bridge"] = told["bridge"].fillna(False).astype(bool).groupby(stretch).any()
    parts = edges.geometry.reset_index(drop=True).groupby(stretch)
    lines = [shapely.line_merge(shapely.multilinestrings(list(part))) for _, part in parts]
    return gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=lines, crs=network.edges.crs)


def _stretches(edges: gpd.GeoDataFrame, losses: pd.DataFrame) -> NDArray[np.intp]:
    """Number of the stretch of each edge, in order of appearance: edges that meet and whose losses are the same."""
    count, same = len(edges), losses.round(3).groupby(list(losses.columns), sort=False).ngroup().to_numpy()
    meeting = pd.DataFrame({"node": edges[["u", "v"]].to_numpy().T.ravel(), "same": np.tile(same, 2)})
    point = meeting.groupby(["node", "same"], sort=False).ngroup().to_numpy()
    pairs = (np.tile(np.arange(count), 2), count + point)
    graph = coo_array((np.ones(2 * count), pairs), shape=(3 * count, 3 * count))
    return pd.factorize(connected_components(graph, directed=False)[1][:count])[0]
