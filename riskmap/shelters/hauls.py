"""Water by truck: the route to every village, trips a day, and the hours that trucks are under way."""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.shelters.driving import Travel
from riskmap.shelters.service_rules import ServiceRule
from riskmap.spatial import Ways, nearest_ways, route_graph, way_matrix

__all__ = ["hauls"]


def hauls(
    rule: ServiceRule,
    travel: Travel,
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    usable: NDArray[np.bool_] | None = None,
) -> gpd.GeoDataFrame:
    """Route and trips from the nearest facility to every place.

    Parameters
    ----------
    rule : ServiceRule
        A network over roads whose trucks bring water.
    travel : Travel
        Roads, with demand and facilities attached.
    demand : GeoDataFrame
        Points with ``amount`` (people; NaN unknown) and ``node``.
    facilities : GeoDataFrame
        Points with ``node``.
    usable : ndarray of bool, optional
        Edges that are open.

    Returns
    -------
    GeoDataFrame
        Index of the demand; ``facility`` (None without a way), ``there_min`` and ``back_min``, ``round_min`` (both and the
        time to fill), ``m3_d``, ``trips`` a day (whole), ``hours`` a day that a truck is under way for it, and the route
        (None without one). NaN where there is no way or people are unknown; 0 trips where nobody lives.

    Raises
    ------
    MethodError
        A network without water or without roads.

    Notes
    -----
    ``trips = ceil(people x litres a head / load)``; ``hours = trips x round_min / 60``.

    Examples
    --------
    150 people, 15 L a head: 2.25 m3, one truck of 8 m3; 12 minutes there, 12 back, 20 to fill:

    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.spatial import build_network
    >>> from riskmap.standards import book
    >>> water = next(one for one in service_rules(book()) if one.water)
    >>> network = build_network(gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (4000, 0)])], crs="EPSG:4546"))
    >>> travel = Travel(network=network, walk=np.full((1, 2), 60.0), drive=np.full((1, 2), 12.0))
    >>> place = gpd.GeoDataFrame({"amount": [150], "node": [1]}, geometry=gpd.points_from_xy([4000], [0]))
    >>> well = gpd.GeoDataFrame({"node": [0]}, geometry=gpd.points_from_xy([0], [0]))
    >>> hauls(water, travel, place, well)[["m3_d", "trips", "round_min"]].iloc[0].tolist()
    [2.25, 1.0, 44.0]
    """
    if rule.water is None or rule.mode == "straight":
        raise MethodError(f"network {rule.name!r} brings no water over roads; add water to its table, and mode drive")
    minutes = travel.minutes(rule)
    out = nearest_ways(route_graph(travel.network, minutes, usable=usable, toward=False), facilities["node"])
    at = demand["node"].to_numpy("int64")
    source = np.where(at >= 0, out.source[at, 0], -1)
    there = np.where(at >= 0, out.cost[at, 0], np.inf)
    home = way_matrix(route_graph(travel.network, minutes, usable=usable), facilities["node"], at)
    back = home[np.arange(len(at)), source] if home.shape[1] else np.full(len(at), np.inf)
    there, back = (np.where((source >= 0) & np.isfinite(one), one, np.nan) for one in (there, back))
    people, load = demand["amount"].to_numpy("float64"), float(rule.water.load.value)  # type: ignore[arg-type]
    cubic = people * float(rule.water.a_head.value) / 1000  # type: ignore[arg-type]
    turn = there + back + rule.start
    trips = np.where(np.isnan(turn), np.nan, np.ceil(cubic / load - 1e-9))
    ids = np.array([*facilities.index, None], dtype="object")
    return gpd.GeoDataFrame(
        {
            "facility": ids[source], "there_min": there, "back_min": back, "round_min": turn, "m3_d": cubic,
            "trips": trips, "hours": trips * turn / 60,
        },
        geometry=[_route(out, int(node), travel) for node in at], index=demand.index, crs=demand.crs,
    )  # fmt: skip


def _route(ways: Ways, node: int, travel: Travel) -> shapely.Geometry | None:
    passed = ways.route(node)
    return shapely.multilinestrings(travel.network.edges.geometry.to_numpy()[passed]) if len(passed) else None
