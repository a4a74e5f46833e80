"""Published figures for shelters: walking, room, ways over roads, transport and assignment of textbooks."""

from collections.abc import Callable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from riskmap.shelters import assign_whole, rated_shelters, shelter_rules, split_people
from riskmap.spatial import Network, nearest_ways, route_graph, tobler_km_h
from riskmap.standards import book
from riskmap.verify.worked import Worked

__all__ = ["shelter_values"]


def shelter_values(name: str, entry: Mapping[str, Any]) -> list[Worked]:
    """Compute what a source prints about shelters, roads and who goes where.

    Parameters
    ----------
    name : str
        Of the example.
    entry : mapping
        One of ``[shelters.*]`` in ``verify/published.toml``: its ``method``, what goes in, what the source prints.

    Returns
    -------
    list of (str, float, float)
        Name of the value, as printed, as computed.

    Examples
    --------
    >>> entry = {"method": "shared_out", "people": [2, 3], "room": [4, 4], "ways": [[1, 5], [2, 9]], "value": 12}
    >>> shelter_values("two villages", entry)
    [('two villages', 12.0, 12.0)]
    """
    return _METHODS[entry["method"]](name, entry)


def _walking_speed(name: str, entry: Mapping[str, Any]) -> list[Worked]:
    got = tobler_km_h(np.tan(np.radians(entry["slopes_deg"])))
    pairs = zip(entry["slopes_deg"], entry["speeds_km_h"], got, strict=True)
    return [(f"{name}: walk on {slope:g}° (km/h)", float(speed), float(mine)) for slope, speed, mine in pairs]


def _shelter_types(name: str, entry: Mapping[str, Any]) -> list[Worked]:
    types = entry["types"]
    places = gpd.GeoDataFrame(
        {"code": types, "name": types, "type": types, "area_m2": float(entry["area_m2"])},
        geometry=[shapely.Point(0, 0)] * len(types),
        crs="EPSG:4546",
    )
    found = rated_shelters(places, shelter_rules(book()))
    rows: list[Worked] = []
    for column, words in (("room_people", "people on {area} m2"), ("radius_m", "radius (m)")):
        got = found["capacity_people" if column == "room_people" else column]
        label = words.format(area=entry["area_m2"])
        rows += [
            (f"{name}: {kind}, {label}", float(a), float(b))
            for kind, a, b in zip(types, entry[column], got, strict=True)
        ]
    return rows


def _shortest_ways(name: str, entry: Mapping[str, Any]) -> list[Worked]:
    number = {node: n for n, node in enumerate(entry["nodes"])}
    ends = np.array([[number[a], number[b]] for a, b, _ in entry["arcs"]])
    length = np.array([float(one[2]) for one in entry["arcs"]])
    lines = [shapely.LineString([(0, 0), (1, 1)])] * len(length)
    edges = gpd.GeoDataFrame({"u": ends[:, 0], "v": ends[:, 1], "length_m": length, "road": 0}, geometry=lines)
    network = Network(nodes=np.zeros((len(number), 2)), edges=edges)
    one_way = np.column_stack([length, np.full(len(length), np.inf)])
    found = nearest_ways(route_graph(network, one_way, toward=False), [0]).cost[:, 0]
    pairs = zip(entry["nodes"], entry["values"], found, strict=True)
    return [(f"{name}: way to {node}", float(printed), float(got)) for node, printed, got in pairs]


def _shared_out(name: str, entry: Mapping[str, Any]) -> list[Worked]:
    found = split_people(entry["people"], entry["ways"], entry["room"])
    return [(name, float(entry["value"]), found.total)]


def _kept_together(name: str, entry: Mapping[str, Any]) -> list[Worked]:
    found = assign_whole(entry["people"], entry["ways"], entry["room"])
    return [(name, float(entry["value"]), found.total)]


_METHODS: Mapping[str, Callable[[str, Mapping[str, Any]], list[Worked]]] = {
    "walking_speed": _walking_speed,
    "shelter_types": _shelter_types,
    "shortest_ways": _shortest_ways,
    "shared_out": _shared_out,
    "kept_together": _kept_together,
}
