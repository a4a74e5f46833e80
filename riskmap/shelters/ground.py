"""What the analysis of shelters walks on: roads, people and shelters joined, and what each scenario leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from riskmap.model import Survey, ThemeResult
from riskmap.shelters.reach import closed_edges, inside_mask, masks_that_close
from riskmap.spatial import Network, RouteGraph, attach, build_network, route_graph, walking_minutes

__all__ = ["Ground", "states"]

_SNAP_M = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """The network with places and shelters on it, and the minutes on foot along every edge.

    Parameters
    ----------
    network : Network
        With places and shelters attached.
    nodes, sites : ndarray of int
        Nodes of the places and of the shelters; -1 where no road is near.
    bridges : ndarray of bool, shape (edges,)
        Edges that the delivered roads call bridges.
    minutes : ndarray, shape (edges, 2)
        On foot, from u to v and from v to u.
    unknown_relief : ndarray, shape (edges,)
        Share of each edge that was walked as if flat.
    """

    network: Network
    nodes: np.ndarray
    sites: np.ndarray
    bridges: np.ndarray
    minutes: np.ndarray
    unknown_relief: np.ndarray

    @classmethod
    def of(cls, survey: Survey, demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> "Ground":
        """Build the network of a county and put its people and shelters onto it."""
        settings, roads = survey.county.shelters, survey.frame("roads")
        network, nodes, _ = attach(build_network(roads, snap_m=_SNAP_M), demand.geometry, limit_m=settings.snap_m)
        network, sites, _ = attach(network, places.geometry, limit_m=settings.snap_m)
        given = (
            roads["bridge"].fillna(False).astype(bool).to_numpy() if "bridge" in roads else np.zeros(len(roads), bool)
        )
        bridges = np.append(given, False)[network.edges["road"].to_numpy()]
        dem = survey.raster("dem") if survey.has("dem") else None
        minutes, unknown = walking_minutes(network.edges, dem, flat_km_h=settings.walk_speed_km_h, bridges=bridges)
        return cls(network=network, nodes=nodes, sites=sites, bridges=bridges, minutes=minutes, unknown_relief=unknown)

    def on_foot(self, usable: np.ndarray | None = None) -> RouteGraph:
        """Minutes on foot to the shelters, over usable edges."""
        return route_graph(self.network, self.minutes, usable=usable)


def states(
    ground: Ground, themes: Mapping[str, ThemeResult], places: gpd.GeoDataFrame
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Say which roads stay open and which shelters stay safe in each scenario that the themes declare.

    Parameters
    ----------
    ground : Ground
        Network with the shelters on it.
    themes : mapping of str to ThemeResult
        Their scenarios close roads and shelters.
    places : GeoDataFrame
        Shelters.

    Returns
    -------
    dict of str to (ndarray of bool, ndarray of bool)
        Open edges and safe shelters by scenario. Bridges and the walks to a road stay open.

    Examples
    --------
    >>> states.__name__
    'states'
    """
    network, walks = ground.network, ground.network.edges["road"].to_numpy() < 0
    sites = np.column_stack([places.geometry.x, places.geometry.y])
    found = {}
    for theme in themes.values():
        edge_masks = masks_that_close(theme.scenarios, theme.scenario_closes, what="edges")
        site_masks = masks_that_close(theme.scenarios, theme.scenario_closes, what="sites")
        for name in theme.scenarios:
            shut = np.zeros(len(network.edges), bool)
            if name in edge_masks:
                shut = closed_edges(network.edges, edge_masks[name], bridges=ground.bridges | walks)
            unsafe = inside_mask(sites, site_masks[name]) if name in site_masks else np.zeros(len(sites), bool)
            found[name] = (~shut, ~unsafe)
    return found
