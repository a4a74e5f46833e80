"""What must hold of ways on any streets: a closed road never gives one more, a further facility never takes one away."""

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.shelters import lifeline, ways_apart
from riskmap.spatial import Network, route_graph

quick = settings(max_examples=150, deadline=None)
LINE = shapely.LineString([(0, 0), (1, 1)])


@st.composite
def towns(draw):
    """Streets with dead ends, islands, parallels, walks and edges without length; places and facilities on some nodes."""
    nodes = draw(st.integers(2, 9))
    node = st.integers(0, nodes - 1)
    arcs = draw(
        st.lists(st.tuples(node, node, st.integers(0, 60), st.sampled_from([-1, 0, 0, 0])), min_size=1, max_size=24)
    )
    u, v, length, road = (np.array(one) for one in zip(*arcs, strict=True))
    edges = gpd.GeoDataFrame({"u": u, "v": v, "length_m": length.astype(float), "road": road}, geometry=[LINE] * len(u))
    sites = np.array(draw(st.lists(st.integers(-1, nodes - 1), min_size=2, max_size=4)))
    usable = np.array(draw(st.lists(st.booleans(), min_size=len(u), max_size=len(u))))
    return Network(nodes=np.zeros((nodes, 2)), edges=edges), np.arange(-1, nodes), sites, usable


@given(towns())
@quick
def test_a_closed_road_never_raises_the_number_of_ways(town):
    network, places, sites, usable = town
    before, after = ways_apart(network, places, sites), ways_apart(network, places, sites, usable=usable)
    assert (after.ways <= before.ways).all()
    without = Network(nodes=network.nodes, edges=network.edges[usable].reset_index(drop=True))
    assert (ways_apart(without, places, sites).ways == after.ways).all()


@given(towns())
@quick
def test_a_further_facility_never_lowers_the_number_of_ways(town):
    network, places, sites, usable = town
    fewer, more = (ways_apart(network, places, one, usable=usable) for one in (sites[:-1], sites))
    assert (more.ways >= fewer.ways).all()
    for here, there in zip(more.lone, fewer.lone, strict=True):
        assert not len(there) or set(here.tolist()) <= set(there.tolist())


@given(towns())
@quick
def test_one_way_hangs_and_two_do_not(town):
    network, places, sites, usable = town
    found = ways_apart(network, places, sites, usable=usable)
    assert [len(one) > 0 for one in found.lone] == (found.ways == 1).tolist()


@given(towns())
@quick
def test_without_one_way_streets_a_way_is_left_after_a_loss_where_there_are_two(town):
    network, places, sites, usable = town
    graph = route_graph(network, usable=usable)
    found = lifeline(network, graph, places, sites, usable=usable).places
    assert (found["cost"].notna() == (found["ways"] > 0)).all()
    loses = found["worst_edge"] >= 0
    assert (found.loc[loses, "worst_cost"].isna() == (found.loc[loses, "ways"] == 1)).all()
    assert not (found["worst_cost"] < found["cost"]).any()
    assert not (found["second_cost"] < found["cost"]).any()
    assert (found.loc[found["ways"] > 1, "lone_m"] == 0).all()
