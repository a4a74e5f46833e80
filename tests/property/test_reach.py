"""What must hold on any streets: a closed road shortens nothing, a further shelter takes nothing away."""

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.shelters import catchment_weights, floating_catchment, reach, split_people, straight_coverage
from riskmap.spatial import Network, nearest_ways, route_graph, way_matrix

quick = settings(max_examples=60, deadline=None)
LINE = shapely.LineString([(0, 0), (1, 1)])


@st.composite
def towns(draw):
    """Streets with one-ways, dead ends, islands, parallel and zero-length edges; people and shelters on some nodes."""
    nodes = draw(st.integers(2, 9))
    node = st.integers(0, nodes - 1)
    arcs = draw(st.lists(st.tuples(node, node, st.integers(0, 60), st.booleans()), min_size=1, max_size=20))
    u, v, length, one_way = (np.array(one) for one in zip(*arcs, strict=True))
    edges = gpd.GeoDataFrame({"u": u, "v": v, "length_m": length.astype(float), "road": 0}, geometry=[LINE] * len(u))
    cost = np.column_stack([length, np.where(one_way, np.inf, length * 1.5)]).astype(float)
    off_or_on = st.integers(-1, nodes - 1)
    places = np.array(draw(st.lists(off_or_on, min_size=1, max_size=6)))
    sites = np.array(draw(st.lists(off_or_on, min_size=2, max_size=4)))
    people = np.array(draw(st.lists(st.integers(0, 300), min_size=len(places), max_size=len(places))))
    room = np.array(draw(st.lists(st.integers(0, 400), min_size=len(sites), max_size=len(sites))))
    radius = np.array(draw(st.lists(st.sampled_from([10.0, 40.0, 90.0]), min_size=len(sites), max_size=len(sites))))
    usable = np.array(draw(st.lists(st.booleans(), min_size=len(u), max_size=len(u))))
    return Network(nodes=np.zeros((nodes, 2)), edges=edges), cost, places, sites, people, room, radius, usable


@given(towns())
@quick
def test_a_closed_road_never_shortens_a_trip(town):
    network, cost, places, sites, people, room, radius, usable = town
    before, after = route_graph(network, cost), route_graph(network, cost, usable=usable)
    assert (way_matrix(after, sites, places) >= way_matrix(before, sites, places)).all()
    without = Network(nodes=network.nodes, edges=network.edges[usable].reset_index(drop=True))
    removed = way_matrix(route_graph(without, cost[usable]), sites, places)
    assert (way_matrix(after, sites, places) == removed).all()
    for toward in (True, False):
        graphs = (route_graph(network, cost, usable=one, toward=toward) for one in (None, usable))
        near, far = (nearest_ways(one, sites, k=3).cost for one in graphs)
        assert (far >= near).all()
    dry, wet = (reach(network, places, sites, radius, usable=one) for one in (None, usable))
    assert not (wet.covered & ~dry.covered).any()
    assert not (np.isfinite(wet.distance_m) & ~np.isfinite(dry.distance_m)).any()
    placed = [
        split_people(people, way_matrix(one, sites, places), room).places["assigned"].sum() for one in (before, after)
    ]
    assert placed[1] <= placed[0]


@given(towns())
@quick
def test_a_further_shelter_never_lowers_coverage(town):
    network, cost, places, sites, people, room, radius, _ = town
    fewer, more = (reach(network, places, sites[:n], radius[:n]) for n in (len(sites) - 1, len(sites)))
    assert not (fewer.covered & ~more.covered).any()
    graph = route_graph(network, cost)
    few, many = (nearest_ways(graph, sites[:n], k=2).cost for n in (len(sites) - 1, len(sites)))
    assert (many <= few).all()
    ways = way_matrix(graph, sites, places)
    placed = [
        split_people(people, ways[:, :n], room[:n]).places["assigned"].sum() for n in (len(sites) - 1, len(sites))
    ]
    assert placed[0] <= placed[1]
    weight = catchment_weights(ways, catchment=40, decay="gaussian")
    head = [floating_catchment(people, room[:n], weight[:, :n]) for n in (len(sites) - 1, len(sites))]
    assert (head[1] >= head[0] - 1e-12).all()
    spots = [
        gpd.GeoSeries(shapely.points(one, one % 3)) for one in (places.astype(float) * 20, sites.astype(float) * 20)
    ]
    near = [straight_coverage(spots[0], spots[1].iloc[:n], radius[:n]) for n in (len(sites) - 1, len(sites))]
    assert (near[1][0] <= near[0][0]).all()
    assert not (near[0][1] & ~near[1][1]).any()


@given(towns())
@quick
def test_nobody_is_made_or_lost_whatever_is_closed(town):
    network, cost, places, sites, people, room, _, usable = town
    minutes = way_matrix(route_graph(network, cost, usable=usable), sites, places)
    found = split_people(people, minutes, room, limit_min=90)
    assert (found.places["people"] == people).all()
    assert (found.places["assigned"] + found.places["unassigned"] == people).all()
    assert found.flows["people"].sum() + found.places["unassigned"].sum() == people.sum()
    named = found.places["reason"].where(found.places["unassigned"] > 0, "")
    assert (named == found.places["reason"]).all()
    cut_off = ~(minutes <= 90).any(axis=1) & (people > 0)
    assert ((found.places["reason"] == "no way").to_numpy() == cut_off).all()
    assert ((found.places["unassigned"] > 0) == (found.places["reason"] != "")).all()
