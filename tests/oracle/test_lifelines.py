"""Ways that share no road equal networkx's edge connectivity; what is left after a loss equals taking each edge out."""

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from riskmap.shelters import (
    critical_edges,
    detours,
    lifeline,
    lone_edges,
    lone_road_m,
    reached,
    routes,
    stretch_losses,
    ways_apart,
)
from riskmap.spatial import Network, nearest_ways, route_graph

SEEDS = range(50)
FIRM = 99  # more than any number of roads


def town(seed):
    """Two islands of roads with parallel edges, loops, edges without length, walks, one-way streets; places everywhere."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(8, 40))
    half = count // 2
    ends = np.vstack([rng.integers(0, half, (half + 3, 2)), rng.integers(half, count, (half + 3, 2))])
    ends = np.vstack([ends, ends[:4], [[0, 0]]])
    length = np.where(rng.random(len(ends)) < 0.1, 0.0, rng.integers(1, 50, len(ends)).astype(float))
    length[np.flatnonzero(ends[:, 0] != ends[:, 1])[0]] = 0.0
    road = np.where(rng.random(len(ends)) < 0.1, -1, 0)
    lines = [shapely.LineString([(0, 0), (1, 1)])] * len(ends)
    edges = gpd.GeoDataFrame({"u": ends[:, 0], "v": ends[:, 1], "length_m": length, "road": road}, geometry=lines)
    cost = np.column_stack([length, length * rng.choice([1.0, 1.5], len(ends))])
    cost[rng.random(len(ends)) < 0.2, 1] = np.inf
    cost[2, 1] = np.inf
    usable = rng.random(len(ends)) < 0.9
    usable[1] = False
    return Network(nodes=np.zeros((count, 2)), edges=edges), cost, rng.integers(-1, count, 3), usable


def by_networkx(network, sites, usable):
    """The town with every road as wide as one way, and all sites joined to one node."""
    graph, top = nx.Graph(), len(network.nodes)
    graph.add_nodes_from(range(top + 1))
    for row, kept in zip(network.edges.itertuples(), usable, strict=True):
        if kept and row.u != row.v:
            wide = 1 if row.road >= 0 and row.length_m > 0 else FIRM
            held = graph.get_edge_data(row.u, row.v, {"capacity": 0})["capacity"]
            graph.add_edge(row.u, row.v, capacity=held + wide)
    graph.add_edges_from([(int(one), top) for one in sites if one >= 0], capacity=FIRM)
    return graph, top


@pytest.mark.parametrize("seed", SEEDS)
def test_the_towns_hold_what_is_hard(seed):
    network, cost, _, usable = town(seed)
    ends, real = np.sort(network.edges[["u", "v"]].to_numpy()), network.edges["u"] != network.edges["v"]
    assert len(np.unique(ends[real], axis=0)) < real.sum()  # parallel
    assert (network.edges.loc[real, "length_m"] == 0).any()
    assert len(np.unique(network.islands())) > 1
    assert np.isinf(cost).any()
    assert not usable.all()


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_equal_the_maximum_flow_of_networkx(seed):
    network, _, sites, usable = town(seed)
    graph, top = by_networkx(network, sites, usable)
    places = np.arange(top)
    theirs = [min(3, nx.maximum_flow_value(graph, node, top)) for node in range(top)]
    assert ways_apart(network, places, sites, usable=usable).ways.tolist() == theirs
    assert (reached(network, places, sites, usable=usable) == (np.array(theirs) > 0)).all()


def test_every_number_of_ways_was_tried():
    found = []
    for seed in SEEDS:
        network, _, sites, usable = town(seed)
        found += ways_apart(network, np.arange(len(network.nodes)), sites, usable=usable).ways.tolist()
    assert np.bincount(found, minlength=4).min() > 100


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_equal_the_edge_connectivity_and_disjoint_paths_of_networkx(seed):
    """Roads without parallels or walks, one site: what networkx means by the words."""
    graph = nx.gnm_random_graph(14, 22, seed=seed)
    edges = np.array(graph.edges)
    lines = [shapely.LineString([(0, 0), (1, 1)])] * len(edges)
    frame = gpd.GeoDataFrame({"u": edges[:, 0], "v": edges[:, 1], "length_m": 1.0, "road": 0}, geometry=lines)
    found = ways_apart(Network(nodes=np.zeros((14, 2)), edges=frame), range(1, 14), [0]).ways
    assert found.tolist() == [min(3, nx.edge_connectivity(graph, node, 0)) for node in range(1, 14)]
    paths = [len(list(nx.edge_disjoint_paths(graph, n, 0))) if nx.has_path(graph, n, 0) else 0 for n in range(1, 14)]
    assert found.tolist() == [min(3, one) for one in paths]


@pytest.mark.parametrize("seed", SEEDS)
def test_lone_edges_equal_the_cut_of_each_edge(seed):
    network, _, sites, usable = town(seed)
    places = np.arange(len(network.nodes))
    found, before = ways_apart(network, places, sites, usable=usable), reached(network, places, sites, usable=usable)
    road = ((network.edges["road"] >= 0) & (network.edges["length_m"] > 0)).to_numpy()
    theirs = [set() for _ in places]
    apart, islands = set(), _islands(network, usable)
    for edge in np.flatnonzero(road & usable):
        without = usable & (np.arange(len(usable)) != edge)
        for place in np.flatnonzero(before & ~reached(network, places, sites, usable=without)):
            theirs[place].add(int(edge))
        if _islands(network, without) > islands:
            apart.add(int(edge))
    assert [set(one.tolist()) for one in found.lone] == theirs
    assert set(lone_edges(network, usable=usable).tolist()) == apart
    length = network.edges["length_m"].to_numpy()
    metres = [length[list(one)].sum() if here else np.nan for one, here in zip(theirs, before, strict=True)]
    assert lone_road_m(network, places, sites, usable=usable) == pytest.approx(metres, nan_ok=True)


def _islands(network, usable):
    graph = nx.Graph()
    graph.add_nodes_from(range(len(network.nodes)))
    graph.add_edges_from(network.edges.loc[usable, ["u", "v"]].to_numpy().tolist())
    return nx.number_connected_components(graph)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("toward", [True, False])
def test_detours_equal_a_search_without_the_edge(seed, toward):
    network, cost, sites, usable = town(seed)
    graph = route_graph(network, cost, usable=usable, toward=toward)
    places, ways = np.arange(-1, len(network.nodes)), nearest_ways(graph, sites, k=2)
    found = detours(ways, places)
    for edge, rows in found.groupby("edge"):
        without = nearest_ways(replace(graph, costs=np.where(graph.edges == edge, np.inf, graph.costs)), sites)
        assert rows["after"].to_numpy() == pytest.approx(without.cost[places[rows["place"]], 0])
    assert (found["before"] == ways.cost[places[found["place"]], 0]).all()
    for rank in (0, 1):
        passed = routes(ways, places, rank=rank).groupby("place")["edge"].agg(list)
        for n, node in enumerate(places.tolist()):
            theirs = ways.route(node, rank).tolist()
            assert passed.get(n, []) == (theirs if toward else theirs[::-1])


def taken_out(graph, sites, people):
    """People on, cut off by, and farther for every edge, each taken out of the whole network once."""
    ways, rows = nearest_ways(graph, sites), {}
    before = ways.cost[:, 0]
    for edge in np.unique(graph.edges):
        on = sum(people[node] for node in range(len(people)) if edge in ways.route(node))
        after = nearest_ways(replace(graph, costs=np.where(graph.edges == edge, np.inf, graph.costs)), sites).cost[:, 0]
        left = np.isfinite(after)
        extra = people[left] @ (after[left] - before[left])
        if on > 0:
            rows[int(edge)] = [on, people[np.isfinite(before) & ~left].sum(), extra]
    return rows


@pytest.mark.parametrize("seed", SEEDS)
def test_losses_equal_those_of_every_edge_taken_out_of_the_whole_network(seed):
    network, cost, sites, _ = town(seed)
    graph, places = route_graph(network, cost), np.arange(len(network.nodes))
    people = np.random.default_rng(seed).integers(0, 500, len(places)).astype(float)
    theirs = taken_out(graph, sites, people)
    ours = critical_edges(graph, sites, places, people=people)
    assert sorted(ours.index) == sorted(theirs)
    assert ours.to_numpy() == pytest.approx(np.array([theirs[one] for one in ours.index]).reshape(-1, 3))
    road = ((network.edges["road"] >= 0) & (network.edges["length_m"] > 0)).to_numpy()
    found = stretch_losses({"clinic": lifeline(network, graph, places, sites)}, people)
    found = found[found["people_on_it"] > 0]
    assert sorted(found.index) == sorted(one for one in theirs if road[one])
    assert found[list(ours)].to_numpy() == pytest.approx(np.array([theirs[one] for one in found.index]).reshape(-1, 3))
    assert (found["people_isolated"] == found["people_cut_off"]).all()  # there is one lifeline only


@pytest.mark.parametrize("seed", SEEDS)
def test_road_shared_by_both_ways_equals_what_cuts_off_both_sites(seed):
    network, cost, sites, usable = town(seed)
    places = np.arange(len(network.nodes))
    graph = route_graph(network, np.where(np.isinf(cost), cost[:, :1], cost), usable=usable)
    found = lifeline(network, graph, places, sites, usable=usable).places
    road = ((network.edges["road"] >= 0) & (network.edges["length_m"] > 0)).to_numpy() & usable
    lost = dict.fromkeys(np.flatnonzero(road).tolist())
    for edge in lost:
        without = usable & (np.arange(len(usable)) != edge)
        lost[edge] = [reached(network, places, [one], usable=without) for one in sites]
    length = network.edges["length_m"]
    for n, row in found[found["second"] >= 0].iterrows():
        cut = [e for e, kept in lost.items() if not kept[int(row["site"])][n] and not kept[int(row["second"])][n]]
        assert row["shared_m"] == pytest.approx(length[cut].sum())
    assert found.loc[found["second"] < 0, "shared_m"].isna().all()
