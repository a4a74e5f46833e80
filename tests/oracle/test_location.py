"""Siting against published optima, against spopt, and against trying out every choice of real sites."""

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.sparse.csgraph import floyd_warshall

from riskmap.shelters import SitingRules, fewest_sites, most_covered, next_places, p_centre, p_median

pytestmark = pytest.mark.shared

# OR-Library, file pmedopt: the optima of pmed1 .. pmed20 (Beasley 1985, European Journal of Operational
# Research 21, Table 2).
MEDIANS = (5819, 4093, 4250, 3034, 1355, 7824, 5631, 4445, 2734, 1255)
MEDIANS += (7696, 6634, 4374, 2968, 1729, 8162, 6999, 4809, 2845, 1789)
# Vertex p-centre of the same graphs: Pullan 2008, Evolutionary Computation 16 (3).
CENTRES = {1: 127, 2: 98, 3: 93, 4: 74, 5: 48, 6: 84, 7: 64, 8: 55, 9: 37, 10: 20}
CENTRES |= {11: 59, 12: 51, 13: 36, 14: 26, 15: 18, 18: 28, 19: 18, 20: 13}


def graph(shared, number):
    """Shortest ways of a graph of OR-Library; an edge that is given again takes its last cost, as its page says."""
    with (shared / "reference" / "location" / f"pmed{number}.txt").open() as file:
        nodes, _, count = (int(one) for one in file.readline().split())
        edges = np.loadtxt(file, dtype=int)
    cost = np.full((nodes, nodes), np.inf)
    for here, there, length in edges:
        cost[here - 1, there - 1] = cost[there - 1, here - 1] = length
    return floyd_warshall(cost), count


@pytest.mark.parametrize("number", range(1, 21))
def test_p_median_of_or_library(shared, number):
    ways, count = graph(shared, number)
    found = p_median(np.ones(len(ways)), ways, rules=SitingRules(add_at_most=count))
    assert found.objective == MEDIANS[number - 1]
    assert found.status == "proved"
    assert found.bound == pytest.approx(found.objective, rel=1e-6)
    assert found.open.sum() == count
    assert ways[:, found.open].min(axis=1).sum() == found.objective


@pytest.mark.parametrize("number", CENTRES)
def test_p_centre_of_or_library(shared, number):
    ways, count = graph(shared, number)
    found = p_centre(np.ones(len(ways)), ways, rules=SitingRules(add_at_most=count))
    assert found.objective == CENTRES[number] == found.bound
    assert ways[:, found.open].min(axis=1).max() == found.objective
    assert found.open.sum() <= count


@pytest.fixture(scope="module")
def stores(shared):
    """San Francisco: 205 census tracts, 16 stores, network metres (the example data of spopt)."""
    folder = shared / "reference" / "location" / "sanfrancisco"
    table = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    ways = table.pivot_table(index="DestinationName", columns="name", values="distance")
    return table.groupby("DestinationName")["demand"].first().reindex(ways.index), ways


@pytest.fixture(scope="module")
def locate():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PuLP, about its next release
        import pulp
        from spopt import locate

    def objective(model, *arguments, **keywords):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            solver = pulp.HiGHS(msg=False)
            if model == "LSCPB":  # it solves the covering first, with the solver that it is built with
                built = locate.LSCPB.from_cost_matrix(*arguments, solver=solver, **keywords).solve(results=False)
            else:
                built = getattr(locate, model).from_cost_matrix(*arguments, **keywords).solve(solver, results=False)
            return pulp.value(built.problem.objective)

    return objective


@pytest.mark.parametrize("radius", [4000, 5000, 7000, 10000])
def test_fewest_and_most_equal_spopt(stores, locate, radius):
    people, ways = stores
    inside = ways.to_numpy() <= radius
    able = inside.any(axis=1)
    assert fewest_sites(people, ways, radius).objective == locate("LSCP", ways.to_numpy()[able], radius)
    for count in (2, 4, 7):
        found = most_covered(people, ways, radius, rules=SitingRules(add_at_most=count))
        theirs = locate("MCLP", ways.to_numpy(), people.to_numpy("float64"), radius, p_facilities=count)
        assert found.objective == pytest.approx(theirs)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_median_and_centre_equal_spopt(stores, locate, count):
    people, ways = stores
    rules = SitingRules(add_at_most=count)
    theirs = locate("PMedian", ways.to_numpy(), people.to_numpy("float64"), p_facilities=count)
    assert p_median(people, ways, rules=rules).objective == pytest.approx(theirs)
    assert p_centre(people, ways, rules=rules).objective == pytest.approx(
        locate("PCenter", ways.to_numpy(), p_facilities=count)
    )


def small_town(seed):
    """Places and candidates in a square of 100; two candidates stand already."""
    rng = np.random.default_rng(seed)
    ways = np.hypot(*(rng.uniform(0, 100, (14, 1, 2)) - rng.uniform(0, 100, (8, 2))).transpose(2, 0, 1))
    people, room = rng.integers(5, 60, 14), rng.integers(150, 300, 8)
    return people, ways, room, np.isin(np.arange(8), rng.choice(8, 2, replace=False))


@pytest.mark.parametrize("seed", range(6))
def test_existing_sites_equal_spopt(locate, seed):
    """Kept sites: spopt counts them among the p that it opens, here they are not added."""
    people, ways, _, existing = small_town(seed)
    rules, kept = SitingRules(existing=existing, add_at_most=2), {"predefined_facilities_arr": existing.astype(int)}
    weights = people.astype("float64")
    theirs = locate("MCLP", ways, weights, 30, p_facilities=4, **kept)
    assert most_covered(people, ways, 30, rules=rules).objective == pytest.approx(theirs)
    theirs = locate("PMedian", ways, weights, p_facilities=4, **kept)
    assert p_median(people, ways, rules=rules).objective == pytest.approx(theirs)
    theirs = locate("PCenter", ways, p_facilities=4, **kept)
    assert p_centre(people, ways, rules=rules).objective == pytest.approx(theirs)
    theirs = locate("LSCP", ways, 60, **kept)
    assert fewest_sites(people, ways, 60, rules=SitingRules(existing=existing)).objective == theirs - 2


@pytest.mark.parametrize("seed", range(6))
def test_room_equals_spopt(locate, seed):
    people, ways, room, _ = small_town(seed)
    theirs = locate("LSCP", ways, 70, demand_quantity_arr=people, facility_capacity_arr=room)
    assert fewest_sites(people, ways, 70, room=room).objective == theirs
    theirs = locate("PMedian", ways, people.astype("float64"), p_facilities=4, facility_capacities=room)
    ours = p_median(people, ways, rules=SitingRules(add_at_most=4), room=room, together=True)
    assert ours.objective == pytest.approx(theirs)
    shared = p_median(people, ways, rules=SitingRules(add_at_most=4), room=room)
    assert shared.objective <= ours.objective


@pytest.mark.parametrize("seed", range(6))
def test_backup_equals_spopt(locate, seed):
    _, ways, _, _ = small_town(seed)
    ones = np.ones(len(ways))
    radius = 1.3 * ways.min(axis=1).max()
    fewest = int(fewest_sites(ones, ways, radius).objective)
    rules = SitingRules(add_at_most=fewest, add_at_least=fewest)
    found = most_covered(ones, ways, radius, rules=rules, times=2, all_by=1)
    # spopt 0.7 counts places that only one candidate reaches as covered twice: its row for them leaves the count free
    lonely = int(((ways <= radius).sum(axis=1) == 1).sum())
    assert found.objective == locate("LSCPB", ways, radius) - lonely


def test_published_figures_of_san_francisco(stores):
    # spopt, notebooks lscp, mclp, p-median and p-center: 8 stores; 21 tracts uncovered; 2982.12686; 7403.06
    people, ways = stores
    assert fewest_sites(people, ways, 5000).objective == 8
    found = most_covered(people, ways, 5000, rules=SitingRules(add_at_most=4))
    assert (found.served_people == 0).sum() == 21
    mean = p_median(people, ways, rules=SitingRules(add_at_most=4)).objective / people.sum()
    assert mean == pytest.approx(2982.1268579890657)
    assert p_centre(people, ways, rules=SitingRules(add_at_most=4)).objective == pytest.approx(7403.06, abs=0.005)


def test_every_choice_of_san_francisco(stores):
    """All 65,536 choices of 16 stores: coverage once and twice, and the fewest for a share."""
    people, ways = stores
    inside = (ways.to_numpy() <= 5000).astype(np.int8)
    heads = people.to_numpy()
    every = np.array(list(itertools.product([0, 1], repeat=16)), dtype=np.int8)
    times = inside @ every.T
    number = every.sum(axis=1)
    once, twice = heads @ (times >= 1), heads @ (times >= 2)
    for count in (1, 3, 6, 8):
        rules = SitingRules(add_at_most=count)
        allowed = number <= count
        assert most_covered(people, ways, 5000, rules=rules).objective == once[allowed].max()
        assert most_covered(people, ways, 5000, rules=rules, times=2).objective == twice[allowed].max()
    all_once = (times >= 1).all(axis=0)
    ones = np.ones(len(people))
    backed = most_covered(ones, ways, 5000, rules=SitingRules(add_at_most=8), times=2, all_by=1)
    # LSCP-B: of 205 tracts, 145 can be covered twice by 8 stores that cover all once
    assert backed.objective == (times >= 2).sum(axis=0)[all_once & (number == 8)].max() == 145
    for share in (0.5, 0.8, 0.9, 0.99):
        enough = once >= share * heads.sum()
        needed = next_places(people, ways, 5000, share=share).needed
        assert len(needed.added) == number[enough].min()
        assert needed.served_people.sum() == once[number == number[enough].min()].max()
