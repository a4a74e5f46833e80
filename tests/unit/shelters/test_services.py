"""Networks of facilities by declared profile, against networkx, plain loops and numbers reckoned by hand."""

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.errors import MethodError, StandardError
from riskmap.shelters.driving import Travel, car_minutes
from riskmap.shelters.hauls import hauls
from riskmap.shelters.lone_roads import lone_road_m
from riskmap.shelters.service_rules import service_rule, service_rules
from riskmap.shelters.services import more_facilities, service, service_land
from riskmap.shelters.turns import in_turn
from riskmap.spatial import Network, build_network
from riskmap.standards import book

CRS = "EPSG:4546"
RULES = {one.name: one for one in service_rules(book())}
FIRE, CLINICS, WATER = RULES["fire_stations"], RULES["clinics"], RULES["water_points"]


def random_roads(seed, *, nodes=16, edges=30):
    """Roads with minutes of their own in each direction, some closed to cars."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, nodes, (edges, 2))
    at = rng.uniform(0, 1000, (nodes, 2))
    frame = gpd.GeoDataFrame(
        {"u": ends[:, 0], "v": ends[:, 1], "length_m": 1.0, "road": 0},
        geometry=[shapely.LineString(at[one]) for one in ends],
        crs=CRS,
    )
    drive = rng.integers(1, 5, (edges, 2)).astype(float)
    drive[rng.random(edges) < 0.1] = np.inf
    drive[rng.random(edges) < 0.1, 1] = np.inf  # one-way
    return Travel(network=Network(nodes=at, edges=frame), walk=np.full((edges, 2), 9.0), drive=drive), rng


def points(nodes, travel, **columns):
    at = travel.network.nodes[np.maximum(nodes, 0)]
    return gpd.GeoDataFrame({"node": nodes, **columns}, geometry=gpd.points_from_xy(*at.T), crs=CRS)


def graph_of(travel, usable=None):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(travel.network.nodes)))
    for n, (u, v) in enumerate(travel.network.edges[["u", "v"]].to_numpy().tolist()):
        if usable is None or usable[n]:
            for a, b, cost in ((u, v, travel.drive[n, 0]), (v, u, travel.drive[n, 1])):
                if np.isfinite(cost):
                    graph.add_edge(a, b, weight=cost)
    return graph


@pytest.mark.parametrize("rule", [FIRE, CLINICS], ids=["engines drive out", "people come"])
@pytest.mark.parametrize("seed", range(6))
def test_ways_equal_networkx_in_the_direction_of_the_network(seed, rule):
    travel, rng = random_roads(seed)
    demand = points(np.arange(16), travel, amount=rng.integers(0, 90, 16))
    stations = points(np.array([2, 5, 11]), travel)
    found = service(rule, travel, demand, stations)
    graph = graph_of(travel)
    for node in range(16):
        ways = []
        for n, site in enumerate(stations["node"]):
            a, b = (site, node) if rule.outward else (node, site)
            if nx.has_path(graph, a, b):
                ways.append((nx.dijkstra_path_length(graph, a, b) + rule.start, n))
        ways.sort()
        row = found.places.iloc[node]
        told = [row["way"], row["second_way"]]
        assert [one for one in told if not np.isnan(one)] == pytest.approx([one for one, _ in ways[:2]])
        assert row["served"] == (bool(ways) and ways[0][0] <= rule.most)
        assert row["reason"] == ("served" if row["served"] else "too far" if ways else "no road")


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), data=st.data())
def test_closing_roads_never_shortens_and_a_station_never_harms(seed, data):
    travel, rng = random_roads(seed)
    amount = np.where(rng.random(16) < 0.1, np.nan, rng.integers(0, 90, 16))
    nodes = np.where(rng.random(16) < 0.1, -1, np.arange(16))
    demand, stations = points(nodes, travel, amount=amount), points(np.array([2, 5, 11]), travel)
    usable = np.array(data.draw(st.lists(st.booleans(), min_size=30, max_size=30)))
    safe = np.array(data.draw(st.lists(st.booleans(), min_size=3, max_size=3)))
    found = service(FIRE, travel, demand, stations, states={"flood": (usable, safe)})
    less = Travel(network=travel.network, walk=travel.walk, drive=np.where(usable[:, None], travel.drive, np.inf))
    shut = service(FIRE, less, demand, stations)
    assert (shut.places["way"].fillna(np.inf) >= found.places["way"].fillna(np.inf)).all()
    fewer = service(FIRE, travel, demand, stations.iloc[:2])
    assert found.scenarios.loc["dry", "served"] >= fewer.scenarios.loc["dry", "served"]
    told = found.scenarios
    parts = ["served", "too far", "no road", "cut off", "unsafe", "none"]
    assert (told[parts].sum(axis=1) == told["total"]).all()
    assert (told["total"] == np.nansum(amount)).all()
    assert told.loc["flood", "served"] <= told.loc["dry", "served"]
    # what the scenario serves is what the safe stations serve over the open roads
    assert told.loc["flood", "served"] == service(FIRE, less, demand, stations[safe]).scenarios.loc["dry", "served"]


def test_reasons_are_told_apart():
    # stations at 0 and at 10; villages at 1 (near 0), 9 (near 10), 5 (too far), 20 (no road); the edge 0-1 floods
    line = [(0, 1, 2), (1, 5, 10), (5, 9, 9), (9, 10, 2)]
    frame = gpd.GeoDataFrame(
        [{"u": a, "v": b, "length_m": 1.0, "road": 0} for a, b, _ in line],
        geometry=[shapely.LineString([(a, 0), (b, 0)]) for a, b, _ in line],
        crs=CRS,
    )
    minutes = np.array([[m, m] for *_, m in line], dtype=float)
    network = Network(nodes=np.column_stack([np.arange(21.0), np.zeros(21)]), edges=frame)
    travel = Travel(network=network, walk=minutes, drive=minutes)
    demand = points(np.array([1, 9, 5, 20]), travel, amount=[100, 20, 7, 3])
    stations = points(np.array([0, 10]), travel)
    flood = np.array([False, True, True, True]), np.array([True, False])
    found = service(FIRE, travel, demand, stations, states={"flood": flood})
    assert found.places["reason"].tolist() == ["served", "served", "too far", "no road"]
    dry, wet = found.scenarios.loc["dry"], found.scenarios.loc["flood"]
    assert dry[["served", "too far", "no road"]].tolist() == [120, 7, 3]
    assert wet[["facilities", "served", "cut off", "unsafe", "too far", "no road"]].tolist() == [1, 0, 100, 20, 7, 3]
    assert found.facilities["amount"].tolist() == [100, 27]
    assert found.facilities["served"].tolist() == [100, 20]
    assert found.facilities["farthest"].tolist() == [3.0, 12.0]


def test_without_a_facility_all_is_unserved_and_says_so():
    travel, _ = random_roads(1)
    demand = points(np.arange(4), travel, amount=[1, 2, np.nan, 4])
    for rule in (FIRE, RULES["stations_points"]):
        found = service(rule, travel, demand, points(np.array([], int), travel))
        assert found.scenarios.loc["dry", ["total", "none"]].tolist() == [7, 7]
        assert set(found.places["reason"]) == {"none"}


@pytest.mark.parametrize("count", [1, 4])
def test_straight_lines_equal_a_plain_loop(count):
    rng = np.random.default_rng(7)
    travel, _ = random_roads(1)
    here = gpd.GeoDataFrame(
        {"amount": [1.0] * 30, "node": -1}, geometry=gpd.points_from_xy(*rng.uniform(0, 20_000, (2, 30))), crs=CRS
    )
    there = gpd.GeoDataFrame(
        {"node": [-1] * count}, geometry=gpd.points_from_xy(*rng.uniform(0, 20_000, (2, count))), crs=CRS
    )
    found = service(RULES["stations_points"], travel, here, there)
    for one, (_, row) in zip(here.geometry, found.places.iterrows(), strict=True):
        ways = sorted(one.distance(other) for other in there.geometry)
        assert row["way"] == pytest.approx(ways[0])
        assert np.isnan(row["second_way"]) if count == 1 else row["second_way"] == pytest.approx(ways[1])
        assert row["served"] == (ways[0] <= 5000)
        assert there.geometry[row["facility"]].distance(one) == pytest.approx(ways[0])
    safe = np.arange(count) > 0
    flooded = service(
        RULES["stations_points"], travel, here, there, states={"flood": (np.ones(30, bool), safe)}
    ).scenarios.loc["flood"]
    left = service(RULES["stations_points"], travel, here, there[safe]).scenarios.loc["dry"]
    assert (flooded["served"], flooded["unsafe"]) == (
        left["served"],
        found.scenarios.loc["dry", "served"] - left["served"],
    )


def test_cars_keep_off_footpaths_and_drive_by_class():
    lines = [shapely.LineString([(0, 0), (1000, 0)]), shapely.LineString([(1000, 0), (1000, 1000)])]
    roads = gpd.GeoDataFrame({"class": ["乡道", "步行道"], "speed_km_h": [np.nan, 30.0]}, geometry=lines, crs=CRS)
    network = build_network(roads)
    found = car_minutes(network, roads, {"乡道": 30.0, "步行道": 0.0}, other_km_h=20)
    by_road = found[np.argsort(network.edges["road"])]
    assert by_road.tolist() == [[2.0, 2.0], [np.inf, np.inf]]


def test_more_stations_until_the_share_is_served():
    # villages every 3 minutes along a road; limit 5 with 1 to set out: a station serves its own and both neighbours
    frame = gpd.GeoDataFrame(
        {"u": np.arange(8), "v": np.arange(1, 9), "length_m": 1.0, "road": 0},
        geometry=[shapely.LineString([(n, 0), (n + 1, 0)]) for n in range(8)],
        crs=CRS,
    )
    minutes = np.full((8, 2), 3.0)
    network = Network(nodes=np.column_stack([np.arange(9.0), np.zeros(9)]), edges=frame)
    travel = Travel(network=network, walk=minutes, drive=minutes)
    demand = points(np.arange(9), travel, amount=[10.0] * 9)
    found = more_facilities(
        FIRE, travel, demand, points(np.array([1]), travel), candidates=points(np.arange(9), travel)
    )
    assert found.covered_now == pytest.approx(3 / 9)
    assert sorted((found.needed.added - 1).tolist()) == [4, 7]  # candidates stand after the one station
    few = more_facilities(FIRE, travel, demand, points(np.array([1]), travel), candidates=points(np.array([8]), travel))
    assert (len(few.needed.added), few.possible, few.asked) == (1, pytest.approx(5 / 9), pytest.approx(5 / 9))
    with pytest.raises(MethodError, match="declares no share"):
        more_facilities(replace(FIRE, share=None), travel, demand, demand, candidates=demand)


def test_sites_are_built_in_turn_and_gains_add_up():
    rng = np.random.default_rng(3)
    for _ in range(30):
        near, amount = rng.random((12, 5)) < 0.4, rng.integers(0, 50, 12).astype(float)
        order, gain = in_turn(amount, near)
        assert sorted(order.tolist()) == list(range(5))
        assert gain.sum() == amount[near.any(axis=1)].sum()
        left = amount.copy()
        for site, more in zip(order, gain, strict=True):
            assert more == left[near[:, site]].sum() == max(left[near[:, n]].sum() for n in range(5))
            left[near[:, site]] = 0


def test_land_of_a_station_follows_the_way_out():
    # 4 minutes are left after setting out; the road east takes 8 minutes out and 1 back: half of it is reached
    frame = gpd.GeoDataFrame(
        {"u": [0], "v": [1], "length_m": [1000.0], "road": [0]},
        geometry=[shapely.LineString([(0, 0), (1000, 0)])],
        crs=CRS,
    )
    drive = np.array([[8.0, 1.0]])
    network = Network(nodes=np.array([[0.0, 0], [1000, 0]]), edges=frame)
    travel = Travel(network=network, walk=drive, drive=drive)
    station = gpd.GeoDataFrame({"node": [0, -1]}, geometry=gpd.points_from_xy([0, 0], [0, 0]), crs=CRS)
    land = service_land(FIRE, travel, station, width_m=100)
    assert land.geometry.iloc[0].bounds == pytest.approx((-100, -100, 600, 100), abs=1e-6)
    assert land["area_km2"].round(3).tolist() == [round((500 * 200 + np.pi * 100**2) / 1e6, 3), 0]
    circle = service_land(RULES["stations_points"], travel, station, width_m=1)
    assert circle["area_km2"].iloc[0] == pytest.approx(25 * np.pi, rel=0.01)


@pytest.mark.parametrize("seed", range(40))
def test_lone_roads_equal_those_whose_loss_parts_networkx(seed):
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 12, (16, 2))
    frame = gpd.GeoDataFrame(
        {"u": ends[:, 0], "v": ends[:, 1], "length_m": rng.integers(1, 99, 16).astype(float)},
        geometry=[shapely.LineString([(0, 0), (1, 1)])] * 16,
    ).assign(road=np.where(rng.random(16) < 0.2, -1, 0))
    usable = rng.random(16) < 0.9
    found = lone_road_m(Network(nodes=np.zeros((12, 2)), edges=frame), [*range(12), -1], [0, 1, -1], usable=usable)
    graph = nx.MultiGraph([("stores", 0), ("stores", 1)])
    graph.add_nodes_from(range(12))
    for n in np.flatnonzero(usable):
        graph.add_edge(*ends[n].tolist(), key=int(n))
    for node in range(12):
        if not nx.has_path(graph, node, "stores"):
            assert np.isnan(found[node])
            continue
        lone = 0.0
        for n in np.flatnonzero(usable & (frame["road"] == 0)):
            less = graph.copy()
            less.remove_edge(*ends[n].tolist(), key=int(n))
            lone += 0.0 if nx.has_path(less, node, "stores") else frame["length_m"][n]
        assert found[node] == lone
    assert np.isnan(found[12])


def test_trucks_go_there_and_back():
    frame = gpd.GeoDataFrame(
        {"u": [0, 1], "v": [1, 2], "length_m": [1.0, 1.0], "road": 0},
        geometry=[shapely.LineString([(0, 0), (1, 0)]), shapely.LineString([(1, 0), (2, 0)])],
        crs=CRS,
    )
    drive = np.array([[10.0, 12.0], [5.0, 7.0]])  # from the well at 0 out, and back
    network = Network(nodes=np.array([[0.0, 0], [1, 0], [2, 0], [9, 9]]), edges=frame)
    travel = Travel(network=network, walk=drive, drive=drive)
    demand = points(np.array([2, 3, 1, 0]), travel, amount=[1000, 40, np.nan, 0])
    found = hauls(WATER, travel, demand, points(np.array([0]), travel))
    # 1000 people x 15 L = 15 m3 = 2 trucks of 8 m3; 15 out, 19 back, 20 to fill
    row = found.iloc[0]
    assert row[["there_min", "back_min", "round_min", "m3_d", "trips", "hours"]].tolist() == [15, 19, 54, 15, 2, 1.8]
    assert row["geometry"].length == 2
    assert found["trips"].fillna(-1).tolist() == [2, -1, -1, 0]
    assert found["facility"].tolist() == [0, None, 0, 0]
    shut = hauls(WATER, travel, demand, points(np.array([0]), travel), usable=np.array([True, False]))
    assert shut["facility"].tolist() == [None, None, 0, 0]
    with pytest.raises(MethodError, match="brings no water"):
        hauls(FIRE, travel, demand, demand)


def test_a_table_that_cannot_be_used_names_all_its_faults():
    row = {
        "name": "x",
        "title": {"zh": "甲", "en": "A"},
        "layer": "clinics",
        "mode": "fly",
        "villages": "far",
        "limits": 3,
    }
    with pytest.raises(StandardError) as fault:
        service_rule(row, book())
    text = str(fault.value)
    assert all(one in text for one in ("limits: unknown", "limit: missing", "demand: missing", "'fly'", "'far'"))
    good = {"name": "x", "title": {"zh": "甲", "en": "A"}, "layer": "clinics", "demand": "people"}
    straight = {**good, "mode": "straight", "limit": "networks.station_m", "before": "networks.fire_turnout_min"}
    with pytest.raises(StandardError, match="minutes cannot be added to metres"):
        service_rule(straight, book())
    late = {**good, "mode": "drive", "limit": "networks.fire_turnout_min", "before": "networks.fire_response_min"}
    with pytest.raises(StandardError, match="sets out after 5 min"):
        service_rule(late, book())


def test_states_and_amounts_that_do_not_fit_are_refused():
    travel, _ = random_roads(1)
    one = points(np.array([1]), travel, amount=[5.0])
    with pytest.raises(MethodError, match="tells of 1 roads and 1 facilities"):
        service(FIRE, travel, one, one, states={"flood": (np.ones(1, bool), np.ones(1, bool))})
    with pytest.raises(MethodError, match="negative"):
        service(FIRE, travel, one.assign(amount=-1.0), one)


def test_every_declared_network_names_a_layer_and_columns_of_the_catalogue():
    from riskmap.standards import layer_spec

    for rule in RULES.values():
        fields = {one.name for one in layer_spec(rule.layer).fields}
        assert set(rule.where) <= fields
        for column, kept in rule.where.items():
            assert set(kept) <= set(layer_spec(rule.layer).field(column).codes)
        if rule.demand != "people":
            assert rule.amount in {"", *(one.name for one in layer_spec(rule.demand).fields)}
        if rule.water:
            assert rule.water.supply in fields
    assert pd.Series([one.unit for one in RULES.values()]).isin(["min", "m"]).all()
