"""Roads that matter and land within minutes, on networks that a hand can draw."""

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.shelters.robust import critical_edges, critical_roads
from riskmap.shelters.service_areas import isochrones, reached_roads
from riskmap.spatial import Network, attach, build_network, route_graph

CRS = "EPSG:4546"


def drawn(*lines):
    return build_network(gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs=CRS), snap_m=0.5)


def node_at(network, x, y):
    return int(np.hypot(*(network.nodes - [x, y]).T).argmin())


def test_the_only_bridge_cuts_off_the_far_bank():
    # shelter at (0, 0); a ring on the near bank; one bridge (100, 0)-(200, 0) to the far bank
    network = drawn([(0, 0), (100, 0)], [(0, 0), (50, 80), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)])
    nodes = [node_at(network, *one) for one in ((100, 0), (200, 0), (300, 0))]
    found = critical_edges(route_graph(network), [node_at(network, 0, 0)], nodes, people=[10, 20, 30])
    bridge = found.index[0]
    assert network.edges.loc[bridge, "geometry"].bounds == (100, 0, 200, 0)
    assert found.iloc[0].tolist() == [50, 50, 0]
    near = network.edges.index[network.edges["geometry"].map(lambda one: one.bounds == (0, 0, 100, 0))][0]
    detour = 2 * np.hypot(50, 80) - 100
    assert found.loc[near].tolist() == pytest.approx([60, 0, 60 * detour])


@pytest.mark.parametrize("seed", range(6))
def test_losses_equal_those_of_networkx(seed):
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, 14, (22, 2))
    edges = gpd.GeoDataFrame(
        {"u": ends[:, 0], "v": ends[:, 1], "length_m": rng.integers(1, 9, 22).astype(float), "road": 0},
        geometry=[shapely.LineString([(0, 0), (1, 1)])] * 22,
    )
    network = Network(nodes=np.zeros((14, 2)), edges=edges)
    demand, people = np.arange(3, 14), rng.integers(0, 50, 11)
    found = critical_edges(route_graph(network), [0, 1], demand, people=people)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(14))
    for number, (u, v, length) in enumerate(edges[["u", "v", "length_m"]].itertuples(index=False)):
        graph.add_edge(int(u), int(v), key=number, weight=length)
    before = nx.multi_source_dijkstra_path_length(graph, {0, 1})
    for edge, row in found.iterrows():
        less = graph.copy()
        less.remove_edge(*(int(one) for one in ends[edge]), key=int(edge))
        after = nx.multi_source_dijkstra_path_length(less, {0, 1})
        lost = sum(int(p) for n, p in zip(demand, people, strict=True) if int(n) in before and int(n) not in after)
        more = sum(
            int(p) * (after[int(n)] - before[int(n)]) for n, p in zip(demand, people, strict=True) if int(n) in after
        )
        assert (row["people_cut_off"], row["extra"]) == (lost, more)


def test_a_road_in_pieces_is_one_row_and_walks_are_none():
    # one road in three lines, then a fork to two villages, each with a walk of its own
    lines = [
        [(0, 0), (100, 0)],
        [(100, 0), (160, 0)],
        [(160, 0), (300, 0)],
        [(300, 0), (400, 0)],
        [(300, 0), (300, 90)],
    ]
    roads = gpd.GeoDataFrame(
        {"name": ["bridge", "low", "high", "east", "north"], "bridge": [True, False, False, None, None]},
        geometry=[shapely.LineString(one) for one in lines], crs=CRS,
    )  # fmt: skip
    villages = gpd.GeoSeries([shapely.Point(400, 10), shapely.Point(310, 90)], crs=CRS)
    network, node, _ = attach(build_network(roads, snap_m=0.5), villages, limit_m=50)
    shelter = node_at(network, 0, 0)
    losses = critical_edges(route_graph(network), [shelter], node, people=[70, 30])
    assert (network.edges["road"][losses.index] < 0).sum() == 2
    found = critical_roads(network, roads, losses)
    assert found["name"].tolist() == ["high", "east", "north"]
    assert found["bridge"].tolist() == [True, False, False]
    assert found["people_cut_off"].tolist() == [100, 70, 30]
    assert found["length_m"].tolist() == pytest.approx([300, 100, 90])
    assert found.length.tolist() == pytest.approx([300, 100, 90])
    assert len(critical_roads(network, roads, losses.iloc[:0])) == 0


def test_people_without_a_road_use_none():
    network = drawn([(0, 0), (100, 0)])
    assert critical_edges(route_graph(network), [0], [-1, 0], people=[40, 50]).empty
    with pytest.raises(MethodError, match="negative numbers"):
        critical_edges(route_graph(network), [0], [1], people=[np.nan])


def test_roads_are_cut_where_the_limit_falls_from_both_ends():
    network = drawn([(0, 0), (100, 0)])
    both = [node_at(network, 0, 0), node_at(network, 100, 0)]
    found = reached_roads(network, both, [30, 60])
    assert found.groupby("limit").apply(lambda part: part.length.sum(), include_groups=False).tolist() == [60.0, 100.0]


def test_the_way_back_counts_where_directions_differ():
    network = drawn([(0, 0), (100, 0)])
    start = node_at(network, 0, 0)
    uphill = network.edges["u"].iloc[0] == start
    cost = [[10.0, 50.0]] if uphill else [[50.0, 10.0]]  # to the site at (0, 0) it costs 50 for the whole edge
    found = reached_roads(network, [start], [25.0], cost=cost)
    assert found.length.tolist() == [50.0]
    assert found.geometry.iloc[0].bounds == (0, 0, 50, 0)


def test_closed_edges_are_not_reached_and_wider_limits_hold_narrower_ones():
    network = drawn([(0, 0), (100, 0)], [(100, 0), (100, 300)])
    start = node_at(network, 0, 0)
    usable = network.edges.geometry.map(lambda one: one.bounds[3] < 1).to_numpy()
    assert reached_roads(network, [start], [999], usable=usable).length.sum() == 100
    areas = isochrones(reached_roads(network, [start], [50, 200]), width_m=20)
    assert areas.geometry.iloc[1].covers(areas.geometry.iloc[0])
    assert areas.index.tolist() == [50, 200]


def test_faults_say_what_is_wrong():
    with pytest.raises(MethodError, match="ascending"):
        reached_roads(drawn([(0, 0), (1, 0)]), [0], [20, 10])
    with pytest.raises(MethodError, match="above 0"):
        isochrones(reached_roads(drawn([(0, 0), (9, 0)]), [0], [20]), width_m=0)


def test_a_stretch_without_length_is_no_road_that_can_be_lost():
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(100, 0), (250, 0)])]
    roads = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=lines, crs="EPSG:4546")
    network, losses = build_network(roads), pd.DataFrame(
        {"people_on_it": [5.0, 9.0], "people_cut_off": [5.0, 9.0], "extra": 0.0}, index=pd.Index([0, 1], name="edge")
    )  # fmt: skip
    edges = network.edges.copy()
    edges.loc[edges.index[0], "length_m"] = 0.0
    found = critical_roads(replace(network, edges=edges), roads, losses)
    assert found["name"].tolist() == ["b"]
    assert set(found.geometry.geom_type) == {"LineString"}
