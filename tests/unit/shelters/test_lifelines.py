"""A town drawn by hand: what its places hang on, what is left after a loss, whom a loss cuts off."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.shelters import critical_roads, detours, lifeline, lone_edges, reached, stretch_losses, ways_apart
from riskmap.spatial import Network, build_network, nearest_ways, route_graph

CRS = "EPSG:4546"

# The clinic C stands at the west bank, a second one D at the end of the lane beyond F. Two roads lead from C to the
# bridge at B: one of 100 m, one of 300 m. The bridge of 50 m leads to E on the far bank, a lane of 70 m from E on to F,
# and 30 m more to D. H lies on the west bank, on three roads. I is an island.
#
#   H ===3=== C --100-- B --bridge 50-- E --70-- F --30-- D      I
#             |__300____|
ROADS = {
    "短": [(0, 0), (100, 0)],
    "长": [(0, 0), (0, -100), (100, -100), (100, 0)],
    "大桥": [(100, 0), (150, 0)],
    "巷": [(150, 0), (220, 0)],
    "末": [(220, 0), (250, 0)],
    "甲": [(0, 0), (-40, 0)],
    "乙": [(0, 0), (0, 40), (-40, 40), (-40, 0)],
    "丙": [(0, 0), (-20, -30), (-40, 0)],
    "岛": [(0, 500), (10, 500)],
}
AT = {"C": (0, 0), "B": (100, 0), "E": (150, 0), "F": (220, 0), "D": (250, 0), "H": (-40, 0), "I": (0, 500)}


@pytest.fixture(scope="module")
def roads():
    lines = [shapely.LineString(one) for one in ROADS.values()]
    return gpd.GeoDataFrame({"name": list(ROADS), "bridge": [one == "大桥" for one in ROADS]}, geometry=lines, crs=CRS)


@pytest.fixture(scope="module")
def network(roads):
    return build_network(roads, snap_m=0.5)


def nodes(network, letters):
    return [int(np.hypot(*(network.nodes - AT[one]).T).argmin()) for one in letters]


def names(network, roads, edges):
    return roads["name"].iloc[network.edges["road"].iloc[edges]].tolist()


def held(network, places, sites):
    return lifeline(network, route_graph(network), nodes(network, places), nodes(network, sites))


def test_ways_and_what_they_hang_on(network, roads):
    found = held(network, "BEFHIC", "C")
    assert found.places["ways"].tolist() == [2, 1, 1, 3, 0, 3]
    assert [names(network, roads, one) for one in found.lone] == [[], ["大桥"], ["大桥", "巷"], [], [], []]
    assert found.places["lone_m"].tolist() == pytest.approx([0, 50, 120, 0, np.nan, 0], nan_ok=True)
    longest = found.places["lone_edge"].tolist()
    assert names(network, roads, [longest[1], longest[2]]) == ["大桥", "巷"]
    assert [longest[n] for n in (0, 3, 4, 5)] == [-1] * 4
    assert sorted(names(network, roads, lone_edges(network))) == sorted(["大桥", "巷", "末", "岛"])


def test_the_way_that_is_left(network, roads):
    places = held(network, "BEFHIC", "C").places
    assert places["cost"].tolist() == pytest.approx([100, 150, 220, 40, np.nan, 0], nan_ok=True)
    # B goes the long road; E and F have none beside the bridge, and the bridge is shorter than the lane of F; H takes 丙
    assert places["worst_cost"].tolist() == pytest.approx(
        [300, np.nan, np.nan, 2 * np.hypot(20, 30), np.nan, np.nan], nan_ok=True
    )
    assert names(network, roads, places["worst_edge"].tolist()[:4]) == ["短", "大桥", "巷", "甲"]
    assert places["worst_edge"].tolist()[4:] == [-1, -1]


def test_a_second_clinic_gives_a_second_way_and_what_both_share(network):
    places = held(network, "BEFI", "CD").places
    assert places["ways"].tolist() == [3, 2, 2, 0]
    assert places["site"].tolist() == [0, 1, 1, -1]
    assert places["second_cost"].tolist() == pytest.approx([150, 150, 220, np.nan], nan_ok=True)
    assert places["shared_m"].tolist() == pytest.approx([0, 0, 0, np.nan], nan_ok=True)
    # both clinics beyond the bridge: whoever comes from the west passes it to either
    far = held(network, "HB", "FD").places
    assert far["shared_m"].tolist() == [50 + 70, 50 + 70]
    assert far["lone_m"].tolist() == [50 + 70, 50 + 70]
    assert held(network, "B", "C").places["shared_m"].isna().all()  # there is no second one


def test_a_second_clinic_that_hangs_on_the_same_stretch_is_no_second_way(network):
    places = held(network, "F", "CB").places
    assert places.loc[0, ["ways", "shared_m", "lone_m"]].tolist() == [1, 120, 120]


def test_whom_a_loss_cuts_off(network, roads):
    clinic, store = held(network, "BEFHI", "C"), held(network, "BEFHI", "E")
    losses = stretch_losses({"clinic": clinic, "store": store}, [1, 10, 100, 1000, np.nan])
    told = critical_roads(network, roads, losses).set_index("name")
    # the bridge takes the clinic from E and F, the store from B and H: nobody loses both; F loses both by the lane
    assert told.loc["大桥", ["people_cut_off", "people_isolated", "lost", "people_on_it"]].tolist() == [
        1111,
        0,
        3,
        1111,
    ]
    assert told.loc["巷", ["people_cut_off", "people_isolated", "lost"]].tolist() == [100, 100, 3]
    assert told.loc["短", ["people_cut_off", "people_on_it", "extra"]].tolist() == [0, 1111, 1111 * 200]
    assert told.loc["甲", ["people_on_it", "extra"]].tolist() == pytest.approx(
        [1000, 1000 * (2 * np.hypot(20, 30) - 40)]
    )
    assert told.index[:2].tolist() == ["大桥", "巷"]
    assert bool(told.loc["大桥", "bridge"])
    assert "岛" not in told.index


def test_a_one_way_street_counts_as_a_way_but_keeps_its_direction(network, roads):
    cost = np.column_stack([network.edges["length_m"]] * 2)
    long = np.flatnonzero(network.edges["road"] == list(ROADS).index("长"))[0]
    at_c = int(network.edges["u"].iloc[long] == nodes(network, "C")[0])
    cost[long, 1 if at_c else 0] = np.inf  # away from C only
    found = lifeline(network, route_graph(network, cost), nodes(network, "B"), nodes(network, "C"))
    assert found.places.loc[0, "ways"] == 2
    assert np.isnan(found.places.loc[0, "worst_cost"])


def test_closed_roads_and_places_off_the_road(network):
    shut = (network.edges["road"] != list(ROADS).index("短")).to_numpy()
    places = [*nodes(network, "BH"), -1]
    found = ways_apart(network, places, nodes(network, "C"), usable=shut)
    assert found.ways.tolist() == [1, 3, 0]
    assert reached(network, places, [-1]).tolist() == [False] * 3
    assert ways_apart(network, places, [-1]).ways.tolist() == [0, 0, 0]


def test_no_roads_no_places_no_people():
    edges = gpd.GeoDataFrame({"u": [], "v": [], "length_m": [], "road": []}, geometry=[], crs=CRS).astype(
        {"u": int, "v": int}
    )
    bare = Network(nodes=np.empty((0, 2)), edges=edges)
    found = lifeline(bare, route_graph(bare), [-1, -1], [-1])
    assert found.places["ways"].tolist() == [0, 0]
    assert found.places["cost"].isna().all()
    assert stretch_losses({"clinic": found}, [1, 2]).empty


def test_wrong_input_is_told(network):
    found = held(network, "B", "C")
    with pytest.raises(MethodError, match="0 or more for each place"):
        stretch_losses({"clinic": found}, [-1])
    with pytest.raises(MethodError, match="0 or more for each place"):
        stretch_losses({"clinic": found}, [1, 2])
    with pytest.raises(MethodError, match="one entry for each edge"):
        detours(nearest_ways(route_graph(network), [0]), [1], losable=np.ones(1, bool))
