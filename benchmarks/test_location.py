"""Siting and allocation: against spopt with the same solver in the same run, and how far large cases get."""

import warnings

import numpy as np
import pytest

from riskmap.shelters import SitingRules, assign_whole, fewest_sites, most_covered, p_centre, p_median, split_people

RADIUS = 0.08


def county(places, sites, seed=0, heaviest=1000):
    """Places and sites at random in a square of side 1."""
    rng = np.random.default_rng(seed)
    here, there = rng.random((places, 1, 2)), rng.random((sites, 2))
    return rng.integers(1, heaviest, places), np.hypot(*(here - there).transpose(2, 0, 1)), rng


def repeat(benchmark, call, rounds=1):
    found = benchmark.pedantic(call, rounds=rounds, iterations=1, warmup_rounds=0)
    if hasattr(found, "status"):
        benchmark.extra_info |= {"status": found.status, "gap": f"{found.gap:.2e}"}


def by_spopt(model, *arguments, **keywords):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pulp, locate = pytest.importorskip("pulp"), pytest.importorskip("spopt.locate")
        built = getattr(locate, model).from_cost_matrix(*arguments, **keywords)
        return built.solve(pulp.HiGHS(msg=False), results=False)


@pytest.mark.parametrize("who", ["riskmap", "spopt"])
def test_most_covered(benchmark, who):
    people, ways, _ = county(2000, 300)
    benchmark.group = "most covered: 2000 places, 300 candidates, 20 sites"
    if who == "riskmap":
        repeat(benchmark, lambda: most_covered(people, ways, RADIUS, rules=SitingRules(add_at_most=20)))
    else:
        repeat(benchmark, lambda: by_spopt("MCLP", ways, people.astype(float), RADIUS, p_facilities=20))


@pytest.mark.parametrize("who", ["riskmap", "spopt"])
def test_fewest(benchmark, who):
    people, ways, _ = county(2000, 300)
    benchmark.group = "fewest that cover: 2000 places, 300 candidates"
    if who == "riskmap":
        repeat(benchmark, lambda: fewest_sites(people, ways, 0.1))
    else:
        able = (ways <= 0.1).any(axis=1)
        repeat(benchmark, lambda: by_spopt("LSCP", ways[able], 0.1))


@pytest.mark.parametrize("model", ["p_median", "p_centre"])
@pytest.mark.parametrize("who", ["riskmap", "spopt"])
def test_small_medians_and_centres(benchmark, who, model):
    people, ways, _ = county(200, 40)
    ours, theirs = {"p_median": (p_median, "PMedian"), "p_centre": (p_centre, "PCenter")}[model]
    benchmark.group = f"{model}: 200 places, 40 candidates, 8 sites"
    if who == "riskmap":
        ours(people, ways, rules=SitingRules(add_at_most=3))  # compile
        repeat(benchmark, lambda: ours(people, ways, rules=SitingRules(add_at_most=8)))
    else:
        weights = [people.astype(float)] if model == "p_median" else []
        repeat(benchmark, lambda: by_spopt(theirs, ways, *weights, p_facilities=8))


@pytest.mark.parametrize("seed", range(10))
def test_p_median(benchmark, seed):
    people, ways, _ = county(2000, 300, seed)
    benchmark.group = "p-median to 0.01 %: 2000 places, 300 candidates, 20 sites"
    repeat(benchmark, lambda: p_median(people, ways, rules=SitingRules(add_at_most=20, gap=1e-4)))


@pytest.mark.parametrize("how", ["shared out", "together", "longest way"])
def test_short_ways_with_room(benchmark, how):
    people, ways, rng = county(2000, 300)
    room = rng.integers(int(people.sum() / 20), int(2 * people.sum() / 20), 300)
    rules = SitingRules(add_at_most=20, gap=1e-3)
    benchmark.group = "ways with room: 2000 places, 300 candidates, 20 sites"
    if how == "longest way":
        repeat(benchmark, lambda: p_centre(people, ways, rules=rules, room=room))
    else:
        repeat(benchmark, lambda: p_median(people, ways, rules=rules, room=room, together=how == "together"))


@pytest.mark.parametrize("radius", [0.1, 0.15])
def test_room_for_100_000_places(benchmark, radius):
    people, ways, rng = county(100_000, 100, heaviest=100)
    room = rng.integers(50_000, 200_000, 100)
    rules = SitingRules(add_at_most=30, gap=1e-4)
    benchmark.group = "most covered with room: 100,000 places, 100 candidates, 30 sites"
    repeat(benchmark, lambda: most_covered(people, ways, radius, rules=rules, room=room))


@pytest.mark.parametrize("how", ["shared out", "together"])
@pytest.mark.parametrize("size", [(200, 50), (2000, 300)])
def test_allocation(benchmark, size, how):
    people, minutes, rng = county(*size)
    people = people + 50
    room = rng.integers(people.max(), int(3 * people.sum() / size[1]), size[1])
    benchmark.group = f"allocation of {size[0]} places to {size[1]} sites"
    if how == "together":
        repeat(benchmark, lambda: assign_whole(people, minutes, room, limit_min=0.4, gap=0.01, time_limit_s=30))
    else:
        repeat(benchmark, lambda: split_people(people, minutes, room, limit_min=0.4))
