"""Minutes along the roads for a network of facilities: by car by class of road, or on foot."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from riskmap.shelters.service_rules import ServiceRule
from riskmap.spatial import Network, RouteGraph, driving_minutes, route_graph

__all__ = ["Travel", "car_minutes"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Travel:
    """Roads with the minutes along them.

    Parameters
    ----------
    network : Network
        With places and facilities attached.
    walk, drive : ndarray, shape (edges, 2)
        Minutes from u to v and from v to u; inf where that way is not open to it.
    """

    network: Network
    walk: NDArray[np.float64]
    drive: NDArray[np.float64]

    def closed(self, usable: NDArray[np.bool_]) -> "Travel":
        """Return the same roads with all but the usable edges closed."""
        walk, drive = (np.where(usable[:, None], one, np.inf) for one in (self.walk, self.drive))
        return Travel(network=self.network, walk=walk, drive=drive)

    def minutes(self, rule: ServiceRule) -> NDArray[np.float64]:
        """Minutes along every edge for a network of facilities."""
        return self.drive if rule.mode == "drive" else self.walk

    def graph(self, rule: ServiceRule, usable: NDArray[np.bool_] | None = None) -> RouteGraph:
        """Arcs in the direction in which the network of facilities works."""
        return route_graph(self.network, self.minutes(rule), usable=usable, toward=not rule.outward)


def car_minutes(
    network: Network, roads: gpd.GeoDataFrame, speeds_km_h: Mapping[str, float], *, other_km_h: float
) -> NDArray[np.float64]:
    """Minutes by car along each edge; ways on which no car drives are closed to it.

    Parameters
    ----------
    network : Network
        Of the roads.
    roads : GeoDataFrame
        The delivered lines, as in `riskmap.spatial.driving_minutes`.
    speeds_km_h : mapping of str to float
        By class of road; 0 where no car drives.
    other_km_h : float
        Where class and speed are unknown, and from a road to a place beside it.

    Returns
    -------
    ndarray, shape (edges, 2)
        From u to v and from v to u; inf where no car drives.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.spatial import build_network
    >>> lines = [shapely.LineString([(0, 0), (1000, 0)]), shapely.LineString([(1000, 0), (1000, 500)])]
    >>> roads = gpd.GeoDataFrame({"class": ["县道", "步行道"]}, geometry=lines, crs="EPSG:4546")
    >>> car_minutes(build_network(roads), roads, {"县道": 40.0, "步行道": 0.0}, other_km_h=20).max(axis=1).tolist()
    [1.5, inf]
    """
    driven = {name: speed for name, speed in speeds_km_h.items() if speed > 0}
    minutes = driving_minutes(network.edges, roads, driven, other_km_h=other_km_h)
    shut = [name for name, speed in speeds_km_h.items() if not speed > 0]
    on_foot = roads["class"].isin(shut).to_numpy() if "class" in roads else np.zeros(len(roads), bool)
    closed = np.append(on_foot, False)[network.edges["road"].to_numpy("int64")]
    return np.where(closed[:, None], np.inf, minutes)
