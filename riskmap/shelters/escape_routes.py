"""The way of each village to each shelter that takes its people in (转移路线)."""

from collections.abc import Mapping
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.shelters.ground import Ground
from riskmap.spatial import nearest_ways

__all__ = ["escape_routes"]

_KEYS = ["scenario", "unit_id", "shelter_id"]


def escape_routes(
    ground: Ground,
    flows: pd.DataFrame,
    *,
    units: pd.Index,
    shelters: pd.Index,
    states: Mapping[str, tuple[np.ndarray, np.ndarray]],
) -> gpd.GeoDataFrame:
    """Draw the quickest way on foot of every flow, over the roads that stay open in its scenario.

    Parameters
    ----------
    ground : Ground
        Network with units and shelters on it.
    flows : DataFrame
        ``scenario``, ``unit_id``, ``shelter_id``, ``people``, ``minutes``; of several times the most people count.
    units, shelters : Index
        Names in the order of ``ground.nodes`` and ``ground.sites``.
    states : mapping of scenario to (open edges, safe shelters)
        From `riskmap.shelters.states_of`.

    Returns
    -------
    GeoDataFrame
        ``scenario``, ``unit_id``, ``shelter_id``, ``people``, ``minutes``, ``length_m``, line from the village to the
        shelter. A village at the very door has a line of no length.

    Examples
    --------
    >>> escape_routes.__name__
    'escape_routes'
    """
    table = flows.groupby(_KEYS, sort=False).agg({"people": "max", "minutes": "first"}).reset_index()
    node = dict(zip(units, ground.nodes, strict=True))
    site = dict(zip(shelters, ground.sites, strict=True))
    every = np.ones(len(ground.network.edges), bool)
    length, lines = np.zeros(len(table)), np.full(len(table), None, dtype=object)
    for scenario, mine in table.groupby("scenario", sort=False):
        graph = ground.on_foot(states.get(str(scenario), (every, every))[0])
        for shelter, group in mine.groupby("shelter_id", sort=False):
            ways = nearest_ways(graph, [site[shelter]])
            for row, unit in zip(group.index, group["unit_id"], strict=True):
                edges = ways.route(int(node[unit]))
                length[row] = ground.network.edges["length_m"].to_numpy()[edges].sum()
                lines[row] = _drawn(ground, int(node[unit]), edges)
    return gpd.GeoDataFrame(table.assign(length_m=length), geometry=lines, crs=ground.network.edges.crs)


def _drawn(ground: Ground, node: int, edges: np.ndarray) -> shapely.LineString:
    """Join the lines of a route, each turned into the direction of travel."""
    network = ground.network
    points = [network.nodes[node]]
    for edge in edges:
        u, v = (int(network.edges[end].to_numpy()[edge]) for end in ("u", "v"))
        xy = shapely.get_coordinates(network.edges.geometry.to_numpy()[edge])
        points.extend(xy if u == node else xy[::-1])
        node = v if u == node else u
    kept = [points[0], *(b for a, b in pairwise(points) if not np.array_equal(a, b))]
    return shapely.LineString(kept if len(kept) > 1 else [kept[0], kept[0]])
