"""A real city's roads: whom twelve stations serve, held against networkx, each direction its own.

Roads and zones of Coquimbo, Chile (OpenStreetMap, ODbL): 19,983 links, 133 zones with 451,834 people.
"""

import itertools

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest

from riskmap.shelters import Travel, car_minutes, lone_road_m, service, service_rules
from riskmap.spatial import attach, build_network
from riskmap.standards import book

pytestmark = pytest.mark.shared
RULES = {one.name: one for one in service_rules(book())}


@pytest.fixture(scope="module")
def city(shared):
    path = shared / "reference/network/coquimbo_roads.gpkg"
    links = gpd.read_file(path, layer="links").to_crs("EPSG:32719")
    zones = gpd.read_file(path, layer="zones").to_crs("EPSG:32719")
    # direction 1: as drawn, -1: against it, 0: both
    links["oneway"] = links["direction"].map({1: "单向", -1: "反向", 0: "双向"})
    links["class"] = np.where(links["link_type"] == "residential", "城市道路", "县道")
    homes = zones.geometry.representative_point()
    network, nodes, _ = attach(build_network(links, snap_m=1), homes, limit_m=2000)
    drive = car_minutes(network, links, {"城市道路": 30.0, "县道": 40.0}, other_km_h=20)
    demand = gpd.GeoDataFrame({"amount": zones["population"].astype(float), "node": nodes}, geometry=homes)
    at = np.random.default_rng(4).choice(len(network.nodes), 12, replace=False)
    stations = gpd.GeoDataFrame({"node": at}, geometry=gpd.points_from_xy(*network.nodes[at].T), crs=links.crs)
    return Travel(network=network, walk=drive, drive=drive), demand, stations


def nearest(travel, sites, *, outward):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(travel.network.nodes)))
    ends = travel.network.edges[["u", "v"]].to_numpy()
    for (u, v), both in zip(ends.tolist(), travel.drive.tolist(), strict=True):
        for a, b, cost in ((u, v, both[0]), (v, u, both[1])):
            if np.isfinite(cost) and cost < graph.get_edge_data(a, b, {"weight": np.inf})["weight"]:
                graph.add_edge(a, b, weight=cost)
    return nx.multi_source_dijkstra_path_length(graph if outward else graph.reverse(), set(sites.tolist()))


@pytest.mark.parametrize("name", ["fire_stations", "clinics"])
def test_minutes_and_people_equal_networkx_on_open_and_on_closed_roads(city, name):
    travel, demand, stations = city
    assert demand["amount"].sum() == 451_834
    usable = np.random.default_rng(5).random(len(travel.network.edges)) < 0.95
    safe = np.arange(len(stations)) != 3
    rule = RULES[name]
    found = service(rule, travel, demand, stations, states={"quake": (usable, safe)})
    cases = {"dry": (travel, stations), "quake": (travel.closed(usable), stations[safe])}
    for scenario, (roads, open_now) in cases.items():
        told = nearest(roads, open_now["node"].to_numpy(), outward=rule.outward)
        way = np.array([told.get(int(node), np.inf) for node in demand["node"]]) + rule.start
        if scenario == "dry":
            assert np.isfinite(way).sum() > 120
            np.testing.assert_allclose(found.places["way"].fillna(np.inf), way)
        people = demand["amount"][way <= rule.most]
        assert found.scenarios.loc[scenario, "served"] == people.sum()
        assert found.scenarios.loc[scenario, "total"] == 451_834
    assert 0 < found.scenarios.loc["quake", "served"] < found.scenarios.loc["dry", "served"] <= 451_834


def test_lone_roads_of_a_city_equal_the_bridges_of_networkx(city):
    travel, demand, stations = city
    found = lone_road_m(travel.network, demand["node"], stations["node"][:1])
    graph, edges = nx.MultiGraph(), travel.network.edges
    for u, v, length, road in edges[["u", "v", "length_m", "road"]].itertuples(index=False):
        for _ in range(1 if road >= 0 else 2):  # walks are no roads
            graph.add_edge(int(u), int(v), length=length)
    lone = {frozenset(one) for one in nx.bridges(nx.Graph(graph))}
    lone = {one for one in lone if graph.number_of_edges(*one) == 1}
    ways = nx.single_source_shortest_path(graph, int(stations["node"].iloc[0]))
    told = [
        sum(graph.edges[a, b, 0]["length"] for a, b in itertools.pairwise(way) if frozenset((a, b)) in lone)
        for way in (ways[int(node)] for node in demand["node"])
    ]
    np.testing.assert_allclose(found, told, atol=1e-6)
    assert (found > 0).any()
