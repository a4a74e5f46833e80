"""What the analysis of shelters walks on: roads, people and shelters joined, and what each scenario leaves open."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.model import Survey
from riskmap.shelters.reach import closed_edges, highest_along, inside_mask
from riskmap.shelters.scenarios import Scenario
from riskmap.spatial import Network, RouteGraph, attach, build_network, route_graph, walking_minutes

__all__ = ["Ground", "states_of"]

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
    decks_m : ndarray, shape (edges,), optional
        Height of the deck of each bridge in the system of the relief; NaN where it is not known, and elsewhere.
    """

    network: Network
    nodes: np.ndarray
    sites: np.ndarray
    bridges: np.ndarray
    minutes: np.ndarray
    unknown_relief: np.ndarray
    decks_m: np.ndarray | None = None

    @classmethod
    def of(cls, survey: Survey, demand: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> "Ground":
        """Build the network of a county and put its people and shelters onto it."""
        settings = survey.county.shelters
        network, nodes, _ = attach(
            build_network(survey.frame("roads"), snap_m=_SNAP_M), demand.geometry, limit_m=settings.snap_m
        )
        network, sites, _ = attach(network, places.geometry, limit_m=settings.snap_m)
        return _on(network, survey, nodes=nodes, sites=sites)

    def with_sites(self, survey: Survey, more: gpd.GeoSeries) -> "Ground":
        """Put further shelters onto the same network, behind those that are there."""
        if more.empty:
            return self
        settings, before = survey.county.shelters, self.network
        network, sites, _ = attach(before, more, limit_m=settings.snap_m)
        return _on(network, survey, nodes=self.nodes, sites=np.concatenate([self.sites, sites]))

    def on_foot(self, usable: np.ndarray | None = None) -> RouteGraph:
        """Minutes on foot to the shelters, over usable edges."""
        return route_graph(self.network, self.minutes, usable=usable)


def _on(network: Network, survey: Survey, *, nodes: np.ndarray, sites: np.ndarray) -> Ground:
    """Tell the bridges of a network and the minutes along it."""
    roads = survey.frame("roads")
    road = network.edges["road"].to_numpy()
    given = roads["bridge"].fillna(False).astype(bool).to_numpy() if "bridge" in roads else np.zeros(len(roads), bool)
    bridges = np.append(given, False)[road]
    deck = np.full(len(roads), np.nan)
    if "deck_m" in roads:
        deck = pd.to_numeric(roads["deck_m"], errors="coerce").to_numpy("float64")
    dem = survey.raster("dem") if survey.has("dem") else None
    flat = survey.county.shelters.walk_speed_km_h
    minutes, unknown = walking_minutes(network.edges, dem, flat_km_h=flat, bridges=bridges)
    return Ground(
        network=network, nodes=nodes, sites=sites, bridges=bridges, minutes=minutes, unknown_relief=unknown,
        decks_m=np.where(bridges, np.append(deck, np.nan)[road], np.nan),
    )  # fmt: skip


def states_of(
    ground: Ground, scenarios: Iterable[Scenario], places: gpd.GeoDataFrame, *, dem: xr.DataArray | None = None
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Say which roads stay open and which shelters stay safe in each scenario.

    Parameters
    ----------
    ground : Ground
        Network with the shelters on it.
    scenarios : iterable of Scenario
        Their zones close roads and shelters.
    places : GeoDataFrame
        Shelters.
    dem : DataArray, optional
        Heights, metres: with the depth of water they give its level, by which bridges close.

    Returns
    -------
    dict of str to (ndarray of bool, ndarray of bool)
        Open edges and safe shelters by scenario.

    Notes
    -----
    A bridge closes where the water, ``dem + depth``, rises above its deck anywhere along it; a bridge whose deck or water
    is not known stays open, and so does the walk to a road.

    Examples
    --------
    >>> states_of.__name__
    'states_of'
    """
    network, walks = ground.network, ground.network.edges["road"].to_numpy() < 0
    sites = np.column_stack([places.geometry.x, places.geometry.y])
    found = {}
    for one in scenarios:
        shut, unsafe = np.zeros(len(network.edges), bool), np.zeros(len(sites), bool)
        if one.mask is not None and one.shuts("edges"):
            shut = closed_edges(network.edges, one.mask, bridges=ground.bridges | walks)
            shut |= _drowned(ground, one.depth_m, dem)
        if one.mask is not None and one.shuts("sites"):
            unsafe = inside_mask(sites, one.mask)
        found[one.name] = (~shut, ~unsafe)
    return found


def _drowned(ground: Ground, depth_m: xr.DataArray | None, dem: xr.DataArray | None) -> np.ndarray:
    """Bridges whose deck lies below the water."""
    found = np.zeros(len(ground.network.edges), bool)
    if depth_m is None or dem is None or ground.decks_m is None or not np.isfinite(ground.decks_m).any():
        return found
    told = np.flatnonzero(np.isfinite(ground.decks_m))
    level = (dem + depth_m).where(depth_m > 0)
    found[told] = highest_along(ground.network.edges.iloc[told], level) > ground.decks_m[told]
    return found
