"""Real shelters of Ishikawa, real roads of Coquimbo and Helsinki: each in the part that it can serve.

Counts of the Geospatial Information Authority of Japan (designated emergency places): 1,536, of them 817 for floods and 1,030
for slopes; 941 shelters. Coquimbo: 19,983 links between 15,724 nodes, 133 zones with 451,834 people.
"""

from functools import partial

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import CRS
from scipy.spatial.distance import cdist

from riskmap.loaders.layer import Where, read_layer
from riskmap.model.county import LayerEntry
from riskmap.shelters import (
    SitingRules,
    assign_whole,
    fewest_sites,
    judged,
    most_covered,
    p_centre,
    p_median,
    rated_shelters,
    reach,
    shelter_rules,
    split_people,
    straight_coverage,
    verdicts,
)
from riskmap.shelters.robust import critical_edges, critical_roads
from riskmap.spatial import (
    Network,
    attach,
    build_network,
    driving_minutes,
    nearest_ways,
    route_graph,
    topology,
    way_matrix,
)
from riskmap.standards import book, layer_spec

pytestmark = pytest.mark.shared
FLOOD, SLOPE = "洪水", "崖崩れ、土石流及び地滑り"


# --- Ishikawa


@pytest.fixture(scope="module")
def ishikawa(shared):
    where = Where(folder=shared / "reference" / "shelter", crs=CRS(6690))

    def layer(name, **only):
        entry = LayerEntry(
            path=f"japan_ishikawa_{name}_shelters.geojson",
            columns={"code": "共通ID", "name": "施設・場所名"},
            every={"type": "紧急"},
            only=only,
        )
        return read_layer(entry, layer_spec("shelters"), where=where)[0].data

    return {
        "places": layer("emergency"),
        "flood": layer("emergency", **{FLOOD: ("1",)}),
        "slope": layer("emergency", **{SLOPE: ("1",)}),
        "shelters": layer("evacuation"),
    }


def test_shelters_of_ishikawa_are_read_by_hazard(ishikawa):
    assert {name: len(one) for name, one in ishikawa.items()} == {
        "places": 1536,
        "flood": 817,
        "slope": 1030,
        "shelters": 941,
    }
    places = ishikawa["places"]
    assert places["code"].is_unique
    assert set(ishikawa["flood"]["code"]) <= set(places["code"])
    degrees = places.to_crs(4326).total_bounds
    assert degrees == pytest.approx([136.25, 36.17, 137.35, 37.85], abs=0.02)


def test_straight_coverage_of_ishikawa_equals_all_distances(ishikawa):
    rated = rated_shelters(ishikawa["places"], shelter_rules(book()))
    here = shapely.get_coordinates(ishikawa["shelters"].geometry.to_numpy())
    there = shapely.get_coordinates(rated.geometry.to_numpy())
    every = cdist(here, there)
    for name in ("places", "flood", "slope"):
        usable = rated.index.isin(ishikawa[name]["code"])
        radius = rated["radius_m"].to_numpy()[usable]
        metres, covered = straight_coverage(ishikawa["shelters"].geometry, rated.geometry[usable], radius)
        assert metres == pytest.approx(every[:, usable].min(axis=1))
        assert covered.tolist() == (every[:, usable] <= radius).any(axis=1).tolist()
        assert 0.4 < covered.mean() < 1


def test_clauses_on_the_shelters_of_ishikawa(ishikawa):
    places = ishikawa["places"].set_index("code").rename_axis("shelter_id")
    unfit = ~places.index.isin(ishikawa["flood"]["code"]) | ~places.index.isin(ishikawa["slope"]["code"])
    facts = pd.DataFrame({"type": places["type"], "threats": unfit.astype(float)}, index=places.index)
    clauses = book().table("shelters.clauses")
    table = judged(facts, clauses, shelter_rules(book()))
    hazard = table[table["clause"] == "hazard"].set_index("shelter_id")["verdict"]
    assert (hazard == "fail").sum() == unfit.sum()
    assert (hazard == "pass").sum() == len(places) - unfit.sum()
    others = table[table["clause"] != "hazard"]
    assert set(others["verdict"]) == {"not known"}  # nothing else is delivered, and nothing is made up
    assert len(verdicts(table)) == 1536


# --- Coquimbo


@pytest.fixture(scope="module")
def coquimbo(shared):
    folder = shared / "reference" / "network"
    entry = LayerEntry(path="coquimbo_roads.gpkg", layer="links", columns={"code": "link_id", "name": "name"})
    roads = read_layer(entry, layer_spec("roads"), where=Where(folder=folder, crs=CRS(32719)))[0].data
    raw = gpd.read_file(folder / "coquimbo_roads.gpkg", layer="links")
    zones = gpd.read_file(folder / "coquimbo_roads.gpkg", layer="zones").to_crs(32719)
    return roads, raw, zones


def test_roads_of_coquimbo_become_a_network(coquimbo):
    roads, raw, _ = coquimbo
    assert len(roads) == 19_983
    network = build_network(roads, snap_m=1.0)
    length = network.edges["length_m"].sum()
    assert length == pytest.approx(raw["distance"].sum(), rel=2e-3)  # the file's own lengths, on the ellipsoid
    assert length == pytest.approx(roads.length.sum(), rel=1e-3)
    ends = pd.unique(raw[["a_node", "b_node"]].to_numpy().ravel())
    assert len(ends) == 15_724
    assert abs(len(network.nodes) - len(ends)) / len(ends) < 0.02  # crossings without a node of the file
    told = topology(network)
    assert told.islands < 10
    assert told.off_main_km < 2
    assert told.dead_ends > 1000
    assert (told.near_misses.distance(roads.union_all()) < 1).all()


def test_ways_on_the_links_as_given_equal_networkx(coquimbo):
    """The links by the nodes of the file, one-way links as one-way; toward 20 places and from them."""
    _, raw, _ = coquimbo
    number = {node: n for n, node in enumerate(pd.unique(raw[["a_node", "b_node"]].to_numpy().ravel()))}
    edges = gpd.GeoDataFrame(
        {
            "u": raw["a_node"].map(number),
            "v": raw["b_node"].map(number),
            "length_m": raw["distance"],
            "road": np.arange(len(raw)),
        },
        geometry=raw.geometry,
    )
    network = Network(nodes=np.zeros((len(number), 2)), edges=edges)
    one_way = np.where(raw["direction"] == 1, np.inf, raw["distance"])
    assert np.isinf(one_way).sum() == 5420
    cost = np.column_stack([raw["distance"], one_way])
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(number)))
    graph.add_weighted_edges_from(zip(edges["u"], edges["v"], raw["distance"], strict=True))
    back = np.isfinite(one_way)
    graph.add_weighted_edges_from(zip(edges["v"][back], edges["u"][back], raw["distance"][back], strict=True))
    sources = np.random.default_rng(1).choice(len(number), 20, replace=False)
    for toward, searched in ((True, graph.reverse()), (False, graph)):
        found = nearest_ways(route_graph(network, cost, toward=toward), sources).cost[:, 0]
        theirs = nx.multi_source_dijkstra_path_length(searched, {int(one) for one in sources})
        assert found == pytest.approx([theirs.get(node, np.inf) for node in range(len(number))])
    assert np.isinf(found).sum() < 0.02 * len(number)


@pytest.fixture(scope="module")
def sited(coquimbo):
    """Zones on the network, ways between them, and ten of them chosen as shelters."""
    roads, _, zones = coquimbo
    network, node, _ = attach(build_network(roads, snap_m=1.0), zones.representative_point(), limit_m=1000)
    assert (node >= 0).all()
    ways = way_matrix(route_graph(network), node, node)
    people = zones["population"].to_numpy()
    return network, node, ways, people, p_median(people, ways, rules=SitingRules(add_at_most=10))


def test_shelters_sited_in_coquimbo(sited):
    _, _, ways, people, near = sited
    assert people.sum() == 451_834
    assert near.status == "proved"
    assert near.objective == pytest.approx(people @ ways[:, near.open].min(axis=1))
    far = p_centre(people, ways, rules=SitingRules(add_at_most=10))
    assert far.status == "proved"
    assert far.objective <= ways[:, near.open].min(axis=1).max()
    fewest = fewest_sites(people, ways, 2500)
    assert (ways[:, fewest.open] <= 2500).any(axis=1).all()
    most = most_covered(people, ways, 2500, rules=SitingRules(add_at_most=10))
    near_covers = people[(ways[:, near.open] <= 2500).any(axis=1)].sum()
    assert near_covers <= most.objective < people.sum()
    enough = SitingRules(add_at_most=int(fewest.objective))
    assert most_covered(people, ways, 2500, rules=enough).objective == people.sum()


def test_people_of_coquimbo_are_allocated_and_accounted_for(sited):
    network, node, ways, people, near = sited
    sites = near.added
    found = reach(network, node, node[sites], np.full(10, 2500.0))
    assert found.covered.tolist() == (ways[:, sites].min(axis=1) <= 2500).tolist()
    assert found.distance_m == pytest.approx(ways[:, sites].min(axis=1), abs=1e-3)
    room = np.full(10, int(0.9 * people.sum() / 10))
    together = partial(assign_whole, gap=0.01, time_limit_s=5)
    for allocate in (split_people, together):
        placed = allocate(people, ways[:, sites], room, limit_min=8000)
        assert (placed.places["assigned"] + placed.places["unassigned"] == people).all()
        assert (placed.sites["people"] <= room).all()
        assert set(placed.places["reason"]) == {"", "no room", "no way"}
        assert (placed.places["reason"] == "no way").to_numpy().tolist() == (ways[:, sites].min(axis=1) > 8000).tolist()
        assert placed.places["assigned"].sum() <= placed.people_bound <= room.sum()
        assert placed.places["assigned"].sum() > 0.99 * placed.people_bound


def test_whole_zones_of_coquimbo_in_no_more_room_than_they_need(sited):
    _, _, ways, people, near = sited
    total, between = people.sum(), ways[:, near.added]
    room = np.append(np.full(9, total // 10), total - 9 * (total // 10))
    full = assign_whole(people, between, room, gap=0.01, time_limit_s=2)
    assert full.places["assigned"].sum() == total - people.min()  # all but the smallest zone: nothing lies between
    assert full.gap < 0.2
    for space in (room, np.floor(0.9 * room)):
        some = assign_whole(people, between, space, gap=0.01, people_gap=0.01, time_limit_s=2)
        assert some.gap < 0.08
        assert 0.98 * some.people_bound < some.places["assigned"].sum() <= some.people_bound


def test_critical_roads_of_coquimbo(coquimbo, sited):
    roads, _, _ = coquimbo
    network, node, ways, people, near = sited
    sites = node[near.added]
    losses = critical_edges(route_graph(network), sites, node, people=people)
    told = critical_roads(network, roads, losses)
    assert told["people_cut_off"].is_monotonic_decreasing
    assert told["people_cut_off"].iloc[0] > 5000
    graph = nx.MultiGraph()
    graph.add_weighted_edges_from(network.edges[["u", "v", "length_m"]].itertuples(index=False, name=None))
    before = people @ ways[:, near.added].min(axis=1)
    real = losses[network.edges["road"].loc[losses.index] >= 0]
    for edge in [*real.index[:3], *real[real["people_cut_off"] == 0].index[:3]]:
        u, v, length = network.edges.loc[edge, ["u", "v", "length_m"]]
        key = next(k for k, one in graph[u][v].items() if one["weight"] == length)
        graph.remove_edge(u, v, key=key)
        after = nx.multi_source_dijkstra_path_length(graph, {int(one) for one in sites})
        graph.add_edge(u, v, key=key, weight=length)
        reached = np.array([one in after for one in node])
        assert people[~reached].sum() == losses.loc[edge, "people_cut_off"]
        longer = sum(int(p) * after[n] for p, n in zip(people[reached], node[reached], strict=True))
        shorter = before - people[~reached] @ ways[~reached][:, near.added].min(axis=1)
        assert longer - shorter == pytest.approx(losses.loc[edge, "extra"], rel=1e-6, abs=1e-3)


# --- Helsinki


def test_roads_of_helsinki(shared):
    entry = LayerEntry(path="helsinki_centre.osm.pbf", layer="lines")
    where = Where(folder=shared / "reference" / "network", crs=CRS(3067))
    roads = read_layer(entry, layer_spec("roads"), where=where)[0].data
    raw = gpd.read_file(shared / "reference" / "network" / "helsinki_centre.osm.pbf", layer="lines")
    tagged = raw.loc[raw["osm_id"].isin(roads["code"]), "other_tags"].fillna("")
    said = tagged.str.contains('"oneway"=>"yes"')
    round_it = tagged.str.contains('"junction"=>"roundabout"') & ~tagged.str.contains('"oneway"=>')
    assert len(tagged) == len(roads) == 2302
    assert (roads["oneway"] == "单向").sum() == (said | round_it).sum()
    assert roads["bridge"].sum() == tagged.str.contains('"bridge"=>"(?!no")').sum() > 0
    network = build_network(roads, snap_m=0.5)
    assert network.edges["length_m"].sum() == pytest.approx(roads.length.sum(), rel=0.01)
    sizes = np.bincount(network.islands())
    assert sizes.max() > 0.8 * sizes.sum()  # a clip has edges that hang loose at its border
    walking = route_graph(network)
    main = np.flatnonzero(network.islands() == sizes.argmax())
    sources = main[:: len(main) // 5][:5]
    on_foot = nearest_ways(walking, sources).cost[main, 0]
    assert np.isfinite(on_foot).all()
    minutes = driving_minutes(network.edges, roads, {"国道": 60.0, "县道": 40.0}, other_km_h=20.0)
    assert 100 < np.isinf(minutes).any(axis=1).sum() < len(minutes) / 2
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    u, v = network.edges["u"].to_numpy(), network.edges["v"].to_numpy()
    for a, b, cost in ((u, v, minutes[:, 0]), (v, u, minutes[:, 1])):
        there = np.isfinite(cost)
        graph.add_weighted_edges_from(zip(a[there].tolist(), b[there].tolist(), cost[there].tolist(), strict=True))
    by_car = nearest_ways(route_graph(network, minutes), sources).cost[:, 0]
    theirs = nx.multi_source_dijkstra_path_length(graph.reverse(), {int(one) for one in sources})
    assert by_car == pytest.approx([theirs.get(one, np.inf) for one in range(len(network.nodes))])
