"""Ways with one-ways, islands, parallel and zero-length edges equal those of networkx; the nearest few of all."""

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.spatial import Network, nearest_ways, route_graph, way_matrix


def streets(seed):
    """A random network: two islands, parallel edges, loops, zero lengths, a fifth of the edges one-way."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(8, 40))
    half = count // 2
    ends = np.vstack([rng.integers(0, half, (2 * half, 2)), rng.integers(half, count, (2 * half, 2))])
    ends = np.vstack([ends, ends[:5]])
    length = np.where(rng.random(len(ends)) < 0.1, 0.0, rng.integers(1, 50, len(ends)).astype(float))
    length[np.flatnonzero(ends[:, 0] != ends[:, 1])[0]] = 0.0
    cost = np.column_stack([length, length * rng.choice([1.0, 1.5], len(ends))])
    cost[rng.random(len(ends)) < 0.2, 1] = np.inf
    lines = [shapely.LineString([(0, 0), (1, 1)])] * len(ends)
    edges = gpd.GeoDataFrame({"u": ends[:, 0], "v": ends[:, 1], "length_m": length, "road": 0}, geometry=lines)
    return Network(nodes=np.zeros((count, 2)), edges=edges), cost, rng


def by_networkx(network, cost):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    for (u, v), (there, back) in zip(network.edges[["u", "v"]].to_numpy().tolist(), cost.tolist(), strict=True):
        for a, b, price in ((u, v, there), (v, u, back)):
            if np.isfinite(price):
                graph.add_edge(a, b, weight=price)
    return graph


@pytest.mark.parametrize("seed", range(50))
def test_every_network_has_what_is_hard(seed):
    network, cost, _ = streets(seed)
    ends = network.edges[["u", "v"]].to_numpy()
    real = ends[:, 0] != ends[:, 1]
    assert np.isinf(cost[real, 1]).any()  # one-way
    assert (cost[real, 0] == 0).any()
    assert len(np.unique(np.sort(ends[real]), axis=0)) < real.sum()  # parallel
    assert len(np.unique(network.islands())) > 1


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("toward", [True, False])
def test_ways_equal_networkx(seed, toward):
    network, cost, rng = streets(seed)
    sources = rng.integers(0, len(network.nodes), 6)
    found = nearest_ways(route_graph(network, cost, toward=toward), [*sources, -1], k=3)
    graph = by_networkx(network, cost)
    searched = graph.reverse() if toward else graph
    lengths = [nx.single_source_dijkstra_path_length(searched, int(one)) for one in sources]
    for node in range(len(network.nodes)):
        theirs = sorted(one.get(node, np.inf) for one in lengths)[:3]
        assert found.cost[node].tolist() == theirs
        for rank in range(3):
            origin = found.source[node, rank]
            assert (origin >= 0) == np.isfinite(found.cost[node, rank])
            if origin >= 0:
                assert lengths[origin][node] == found.cost[node, rank]
                assert walked(network, cost, found, node, rank) == pytest.approx(found.cost[node, rank])
        held = found.source[node][found.source[node] >= 0]
        assert len(set(held.tolist())) == len(held)


@pytest.mark.parametrize("seed", range(50))
def test_the_matrix_equals_networkx(seed):
    network, cost, rng = streets(seed)
    sources, places = rng.integers(0, len(network.nodes), 4), np.arange(-1, len(network.nodes))
    found = way_matrix(route_graph(network, cost), [*sources, -1], places)
    graph = by_networkx(network, cost).reverse()
    for column, one in enumerate(sources):
        lengths = nx.single_source_dijkstra_path_length(graph, int(one))
        assert found[1:, column].tolist() == [lengths.get(node, np.inf) for node in range(len(network.nodes))]
    assert np.isinf(found[0]).all()
    assert np.isinf(found[:, -1]).all()


def walked(network, cost, found, node, rank):
    """Cost of the route as it is told, gone edge by edge in the direction of travel."""
    route = found.route(node, rank).tolist()
    toward = found.graph.toward
    place, total = node, 0.0
    for edge in route if toward else route[::-1]:
        u, v = network.edges.loc[edge, ["u", "v"]]
        other = v if place == u else u
        total += cost[edge, 0 if (place == u) == toward else 1]
        place = other
    return total


def test_closed_edges_and_limits():
    line = shapely.LineString([(0, 0), (1, 0)])
    edges = gpd.GeoDataFrame({"u": [0, 1], "v": [1, 2], "length_m": [10.0, 20.0], "road": 0}, geometry=[line, line])
    network = Network(nodes=np.zeros((3, 2)), edges=edges)
    assert nearest_ways(route_graph(network), [0]).cost[:, 0].tolist() == [0.0, 10.0, 30.0]
    shut = route_graph(network, usable=np.array([True, False]))
    assert nearest_ways(shut, [0]).cost[:, 0].tolist() == [0.0, 10.0, np.inf]
    assert nearest_ways(route_graph(network), [0], limit=10).cost[:, 0].tolist() == [0.0, 10.0, np.inf]
    assert nearest_ways(route_graph(network), [0, 0], k=2).source.tolist() == [[0, 1]] * 3
    none = Network(nodes=network.nodes, edges=edges.iloc[:0])
    assert nearest_ways(route_graph(none, np.zeros((0, 2))), [0]).cost[:, 0].tolist() == [0.0, np.inf, np.inf]


def test_faults_say_what_is_wrong():
    network, cost, _ = streets(0)
    with pytest.raises(MethodError, match="one or two numbers"):
        route_graph(network, -cost)
    with pytest.raises(MethodError, match="k is 0"):
        nearest_ways(route_graph(network), [0], k=0)
