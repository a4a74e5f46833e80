"""Shortest ways equal those of networkx; crossings and bridges as on the ground."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from riskmap.spatial import attach, build_network, nearest_source

CRS = "EPSG:4546"


def streets(seed, count=40):
    rng = np.random.default_rng(seed)
    ends = rng.uniform(0, 1000, (count, 2, 2)).round(1)
    return gpd.GeoDataFrame(geometry=shapely.linestrings(ends), crs=CRS)


@pytest.mark.parametrize("seed", range(12))
def test_ways_equal_networkx(seed):
    network = build_network(streets(seed), snap_m=0.5)
    rng = np.random.default_rng(seed)
    points = gpd.GeoSeries(shapely.points(rng.uniform(0, 1000, (15, 2))), crs=CRS)
    network, node, walk = attach(network, points, limit_m=2000)
    sources = node[:3]
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    graph.add_weighted_edges_from(network.edges[["u", "v", "length_m"]].itertuples(index=False, name=None))
    theirs = nx.multi_source_dijkstra_path_length(graph, {int(one) for one in sources})
    ours = nearest_source(network, sources)
    for number in range(len(network.nodes)):
        assert ours.distance_m[number] == pytest.approx(theirs.get(number, np.inf), abs=1e-3)
    known = np.isfinite(ours.distance_m)
    assert (ours.source[known] >= 0).all()
    assert (ours.source[~known] == -1).all()
    assert (walk >= 0).all()


def test_bridge_does_not_join_the_road_below():
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, -50), (50, 50)])]
    flat = build_network(gpd.GeoDataFrame(geometry=lines, crs=CRS))
    over = build_network(gpd.GeoDataFrame({"level": [0, 1]}, geometry=lines, crs=CRS))
    assert len(np.unique(flat.islands())) == 1
    assert len(np.unique(over.islands())) == 2


def test_near_ends_are_joined_and_far_ones_not():
    lines = [shapely.LineString([(0, 0), (100, 0)]), shapely.LineString([(50, 3), (50, 50)])]
    frame = gpd.GeoDataFrame(geometry=lines, crs=CRS)
    assert len(np.unique(build_network(frame, snap_m=5).islands())) == 1
    assert len(np.unique(build_network(frame, snap_m=1).islands())) == 2


def test_closing_an_edge_never_shortens_a_way():
    network = build_network(streets(3), snap_m=0.5)
    whole = nearest_source(network, np.array([0])).distance_m
    for edge in range(0, len(network.edges), 7):
        usable = np.arange(len(network.edges)) != edge
        assert (nearest_source(network, np.array([0]), usable=usable).distance_m >= whole - 1e-6).all()


def test_roads_are_told_apart():
    frame = streets(1, count=6)
    network = build_network(frame, snap_m=0.1)
    for row in network.edges.itertuples():
        middle = row.geometry.interpolate(0.5, normalized=True)
        assert frame.geometry.iloc[row.road].distance(middle) < 0.1


def test_no_lines_no_way():
    network = build_network(gpd.GeoDataFrame(geometry=[], crs=CRS))
    _, node, walk = attach(network, gpd.GeoSeries([shapely.Point(0, 0)], crs=CRS), limit_m=100)
    assert node.tolist() == [-1]
    assert np.isnan(walk).all()
