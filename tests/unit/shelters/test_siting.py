"""Siting on small cases that can be tried out one by one: every choice of sites is looked at."""

import itertools
from dataclasses import replace
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.shelters import SitingRules, fewest_sites, most_covered, next_places, p_centre, p_median, split_people
from riskmap.shelters.centre_bound import too_little_room
from riskmap.shelters.flow import most_placed
from riskmap.shelters.median_tree import _Branch, _fixed, solve_medians
from riskmap.shelters.medians import ascend
from riskmap.shelters.problem import checked_case

RADIUS = 30.0
SEEDS = range(12)


def case(seed, places=7, sites=5):
    """A small county; some ways do not exist, some places are out of reach of all."""
    rng = np.random.default_rng(seed)
    ways = rng.integers(1, 60, (places, sites)).astype(float)
    ways[rng.random(ways.shape) < 0.15] = np.nan
    return rng.integers(0, 90, places), ways, rng.integers(20, 160, sites), rng.integers(1, 9, sites)


def choices(sites, rules):
    """Every choice that the rules allow, as a mask."""
    kept = np.zeros(sites, bool) if rules.existing is None else np.asarray(rules.existing)
    cost = np.ones(sites) if rules.cost is None else np.asarray(rules.cost)
    most = sites if rules.add_at_most is None else rules.add_at_most
    for bits in itertools.product([False, True], repeat=sites):
        chosen = np.array(bits)
        added = chosen & ~kept
        in_budget = rules.budget is None or cost[added].sum() <= rules.budget
        if (chosen >= kept).all() and rules.add_at_least <= added.sum() <= most and in_budget:
            yield chosen


def reached(ways):
    return np.nan_to_num(ways, nan=np.inf) <= RADIUS


def some_rules(seed, cost):
    existing = np.zeros(5, bool)
    existing[seed % 5] = seed % 2
    return [
        SitingRules(add_at_most=2),
        SitingRules(existing=existing, add_at_most=2, add_at_least=1),
        SitingRules(existing=existing, cost=cost, budget=8.0),
    ]


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("seed", SEEDS)
def test_most_covered_is_the_best_of_all(seed, times):
    people, ways, _, cost = case(seed)
    for rules in some_rules(seed, cost):
        best = max(people[reached(ways)[:, one].sum(axis=1) >= times].sum() for one in choices(5, rules))
        found = most_covered(people, ways, RADIUS, rules=rules, times=times)
        assert found.objective == best == found.bound
        assert found.status == "proved"
        assert any((found.open == one).all() for one in choices(5, rules))
        open_ways = np.where(reached(ways) & found.open, ways, np.inf)
        walked = (found.flow.toarray() * np.where(np.isfinite(open_ways), open_ways, 0)).sum(axis=1)
        nearest = np.where(np.isfinite(open_ways).any(axis=1), people * open_ways.min(axis=1), 0)
        assert walked.tolist() == np.nan_to_num(nearest).tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_fewest_sites_are_the_fewest_of_all(seed):
    people, ways, _, cost = case(seed)
    inside = reached(ways)
    for rules in (SitingRules(), SitingRules(cost=cost), some_rules(seed, cost)[1]):
        price = np.ones(5) if rules.cost is None else cost
        price = np.where(np.zeros(5) if rules.existing is None else rules.existing, 0, price)
        free = SitingRules(existing=rules.existing, cost=rules.cost)
        for times in (1, 2):
            need = np.minimum(inside.sum(axis=1), times)
            good = [price[one].sum() for one in choices(5, free) if (inside[:, one].sum(axis=1) >= need).all()]
            found = fewest_sites(people, ways, RADIUS, rules=free, times=times)
            assert found.objective == min(good) == found.bound
            assert (found.out_of_reach == (inside.sum(axis=1) < times)).all()
        total, possible = people.sum(), people[inside.any(axis=1)].sum()
        if possible >= 0.7 * total > 0:
            good = [
                price[one].sum() for one in choices(5, free) if people[inside[:, one].any(axis=1)].sum() >= 0.7 * total
            ]
            found = fewest_sites(people, ways, RADIUS, rules=free, share=0.7)
            assert found.objective == min(good)
            assert found.served_people.sum() >= 0.7 * total


@pytest.mark.parametrize("seed", SEEDS)
def test_room_is_counted(seed):
    people, ways, room, cost = case(seed)
    inside = np.where(reached(ways), np.nan_to_num(ways), np.inf)

    def housed(chosen):
        return split_people(people, inside, np.where(chosen, room, 0)).places["assigned"].sum()

    for rules in some_rules(seed, cost):
        best = max(housed(one) for one in choices(5, rules))
        found = most_covered(people, ways, RADIUS, rules=rules, room=room)
        assert found.objective == best == found.bound == found.flow.sum()
        load = found.to_frame()["people"]
        assert (load.to_numpy() <= room[found.open]).all()
        assert (found.served_people <= people).all()
    able = housed(np.ones(5, bool))
    wanted = people[reached(ways).any(axis=1)].sum()
    if able < wanted:
        with pytest.raises(MethodError, match="no choice of sites"):
            fewest_sites(people, ways, RADIUS, room=room)
    else:
        found = fewest_sites(people, ways, RADIUS, room=room)
        assert found.objective == min(one.sum() for one in choices(5, SitingRules()) if housed(one) == wanted)
    half = 0.5 * people.sum()
    if able >= half:
        found = fewest_sites(people, ways, RADIUS, room=room, share=0.5)
        assert found.objective == min(one.sum() for one in choices(5, SitingRules()) if housed(one) >= half)


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_are_the_shortest_of_all(seed):
    people, ways, _, cost = case(seed)
    way = np.nan_to_num(ways, nan=np.inf)
    able = np.isfinite(way).any(axis=1)
    for rules in some_rules(seed, cost):
        served = [way[able][:, one].min(axis=1, initial=np.inf) for one in choices(5, rules)]
        served = [one for one in served if np.isfinite(one).all()]
        if not served:
            with pytest.raises(MethodError, match="everyone"):
                p_median(people, ways, rules=rules)
            with pytest.raises(MethodError, match="everyone"):
                p_centre(people, ways, rules=rules)
            continue
        least = min((people[able] * one).sum() for one in served)
        found = p_median(people, ways, rules=rules)
        assert found.objective == pytest.approx(least)
        assert (found.status, found.gap) == ("proved", pytest.approx(0, abs=1e-6))
        assert found.served_people.sum() == people[able].sum()
        far = p_centre(people, ways, rules=rules)
        assert far.objective == min(one.max() for one in served) == far.bound
        assert (found.out_of_reach == ~able).all()


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_ways_with_room_are_the_shortest_of_all(seed, together):
    people, ways, _, _ = case(seed, places=5, sites=4)
    ways = np.nan_to_num(ways, nan=50.0)
    room = np.random.default_rng(seed).integers(100, 240, 4)
    rules = SitingRules(add_at_most=3)
    least, longest = np.inf, np.inf
    for chosen in choices(4, rules):
        space = np.where(chosen, room, 0)
        if together:
            for sites in itertools.product(range(4), repeat=5):
                load = np.bincount(sites, weights=people, minlength=4)
                if (load <= space).all():
                    least = min(least, (people * ways[range(5), sites]).sum())
                    longest = min(longest, ways[range(5), sites][people > 0].max())
            continue
        found = split_people(people, ways, space, objective="worst")
        if found.places["unassigned"].sum() == 0:
            least = min(least, split_people(people, ways, space).total)
            longest = min(longest, found.worst_min)
    if np.isinf(least):
        with pytest.raises(MethodError, match="everyone"):
            p_median(people, ways, rules=rules, room=room, together=together)
        with pytest.raises(MethodError, match="everyone"):
            p_centre(people, ways, rules=rules, room=room, together=together)
        return
    found = p_median(people, ways, rules=rules, room=room, together=together)
    assert found.objective == pytest.approx(least)
    assert (np.asarray(found.flow.sum(axis=0)) <= np.where(found.open, room, 0)).all()
    far = p_centre(people, ways, rules=rules, room=room, together=together)
    assert (far.objective, far.bound, far.status) == (longest, longest, "proved")
    assert (far.served_people == people).all()
    assert (np.asarray(far.flow.sum(axis=0)) <= np.where(far.open, room, 0)).all()
    net = far.flow.tocoo()
    assert ways[net.row, net.col].max() == longest
    if together:
        assert (np.diff(far.flow.tocsr().indptr) == (people > 0)).all()


def test_whole_places_in_little_room_have_the_shortest_longest_way_of_all():
    farther = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        people, ways = rng.integers(20, 90, 5), rng.permutation(np.arange(1.0, 16.0)).reshape(5, 3)
        room = np.floor(people.sum() * 1.15 * rng.dirichlet(np.full(3, 8.0)))
        longest = np.inf
        for sites in itertools.product(range(3), repeat=5):
            if (np.bincount(sites, weights=people, minlength=3) <= room).all():
                longest = min(longest, ways[range(5), sites].max())
        found = best_or_none(people, ways, room=room, together=True)
        assert (found is None) == np.isinf(longest)
        if found is not None:
            assert (found.objective, found.bound) == (longest, longest)
            assert (np.diff(found.flow.tocsr().indptr) == 1).all()
            farther += longest > p_centre(people, ways, room=room).objective
    assert farther > 5


def test_whole_places_where_the_program_is_too_large(monkeypatch):
    """The sites are those of sharing out, filled by whole places; the bound is that of sharing out."""
    monkeypatch.setattr(import_module("riskmap.shelters.p_centre"), "MOST_WHOLE_WAYS", -1)
    answered = 0
    for seed in range(40):
        people, ways, _, _ = case(seed, places=6, sites=4)
        ways = np.nan_to_num(ways, nan=50.0)
        room = np.random.default_rng(seed).integers(100, 300, 4)
        split = best_or_none(people, ways, rules=SitingRules(add_at_most=3), room=room)
        found = best_or_none(people, ways, rules=SitingRules(add_at_most=3), room=room, together=True)
        if found is None:
            continue
        answered += 1
        assert found.bound == split.objective <= found.objective
        net = found.flow.tocoo()
        assert ways[net.row, net.col].max() == found.objective
        assert (np.diff(found.flow.tocsr().indptr) == (people > 0)).all()
        assert (found.served_people == people).all()
        assert (np.asarray(found.flow.sum(axis=0)) <= np.where(found.open, room, 0)).all()
    assert answered > 15


def best_or_none(*given, **more):
    try:
        return p_centre(*given, **more)
    except MethodError:
        return None


def test_no_choice_has_room_within_the_times_that_are_too_short():
    """Every choice of every number is tried; and the count says more than all sites open do, and than no room does."""
    beyond_open = beyond_reach = exact = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        people, ways = rng.integers(1, 60, 6).astype(float), rng.integers(1, 30, (6, 5)).astype(float)
        room = rng.integers(20, 140, 5)
        times, count = np.unique(ways), int(rng.integers(1, 5))

        def fits(time, chosen, *, people=people, ways=ways, room=room):
            return most_placed(people.astype(int), np.where(chosen, room, 0), ways <= time).sum() == people.sum()

        rules = SitingRules(add_at_most=count, existing=rng.random(5) < 0.2)
        most = min(count, int((~rules.existing).sum()))
        rules = replace(rules, add_at_most=most)
        options = list(choices(5, rules))
        least = next((n for n, one in enumerate(times) if any(fits(one, option) for option in options)), len(times))
        found = too_little_room(checked_case(people, ways, rules), room, times)
        every = too_little_room(checked_case(people, ways, replace(rules, add_at_most=None)), room, times)
        open_all = next((n for n, one in enumerate(times) if fits(one, np.ones(5, bool))), len(times))
        assert every == open_all <= found <= least
        beyond_open += found > every
        exact += found == least
        reach = next((n for n, one in enumerate(times) if any((ways[:, o] <= one).any(1).all() for o in options)), 99)
        beyond_reach += found > reach
    assert beyond_open > 10
    assert beyond_reach > 10
    assert exact > 10


def test_everyone_once_and_most_twice():
    ways = np.array([[1, 1, 9, 9], [1, 9, 9, 9], [9, 1, 1, 1], [9, 9, 1, 9.0]])
    people = np.array([10, 20, 40, 80])
    found = most_covered(people, ways, 5, rules=SitingRules(add_at_most=3), times=2, all_by=1)
    assert found.added.tolist() in ([0, 1, 2], [0, 2, 3])
    assert found.objective == (50 if found.open[1] else 40)
    assert found.objective == 50
    assert most_covered(people, ways, 5, rules=SitingRules(add_at_most=2), times=2).objective == 40


def test_a_site_may_reach_farther_than_others_and_names_are_kept():
    ways = pd.DataFrame([[4.0, 4.0], [4.0, 4.0]], index=["Yang", "Li"], columns=["school", "square"])
    people = pd.Series([5, 6], index=ways.index)
    found = most_covered(people, ways, [3.9, 4.0], rules=SitingRules(add_at_most=1))
    assert found.to_frame().to_dict("index") == {"square": {"new": True, "people": 11.0}}
    assert found.places.tolist() == ["Yang", "Li"]


def test_the_clock_is_told():
    rng = np.random.default_rng(1)
    here, there = rng.random((600, 1, 2)), rng.random((120, 2))
    ways = np.hypot(*(here - there).transpose(2, 0, 1))
    rules = SitingRules(add_at_most=15, time_limit_s=0.0)
    found = p_median(rng.integers(1, 500, 600), ways, rules=rules)
    assert found.bound <= found.objective
    assert found.status == ("proved" if found.gap < 1e-6 else "time limit")
    loose = p_median(rng.integers(1, 500, 600), ways, rules=SitingRules(add_at_most=15, gap=0.2))
    assert loose.status in {"gap", "proved"}
    assert loose.gap <= 0.2


def test_everyone_is_served_though_a_budget_would_rather_not():
    # the far farm has only the third site; the first two are nearer to all others
    ways = [[1.0, 2.0, 5.0], [2.0, 1.0, 5.0], [np.inf, np.inf, 9.0]]
    rules = SitingRules(cost=[3, 3, 5], budget=6)
    assert p_median([100, 100, 1], ways, rules=rules).added.tolist() == [2]
    with pytest.raises(MethodError, match="serves everyone"):
        p_median([100, 100, 1], ways, rules=SitingRules(cost=[3, 3, 5], budget=4))


def test_more_sites_than_needed_where_the_rules_ask_for_them():
    ways = [[1.0, 1.0, 9.0], [1.0, 9.0, 9.0]]
    assert fewest_sites([5, 5], ways, 2).added.tolist() == [0]
    assert len(fewest_sites([5, 5], ways, 2, rules=SitingRules(add_at_least=2)).added) == 2


@pytest.mark.parametrize("seed", range(8))
def test_what_the_bound_closes_or_opens_is_so_in_every_good_answer(seed):
    rng = np.random.default_rng(seed)
    cost = rng.integers(1, 90, 30)[:, None] * np.hypot(
        *(rng.random((30, 1, 2)) - rng.random((11, 2))).transpose(2, 0, 1)
    )
    every = [np.isin(np.arange(11), one) for one in itertools.combinations(range(11), 3)]
    total = np.array([cost[:, one].min(axis=1).sum() for one in every])
    keep = np.zeros(11, bool)
    climb = ascend(np.ascontiguousarray(cost.T), cost.min(axis=1) * 3, keep=keep, count=3, above=total.min(), steps=40)
    assert climb.below <= total.min() * (1 + 1e-9)
    for above in (1.0, 1.05, 1.2):
        cutoff = above * total.min() * (1 + 1e-9)
        inside, outside = _fixed(_Branch(0.0, 0, keep, keep, climb.price), climb, cutoff=cutoff)
        good = [one for one, value in zip(every, total, strict=True) if value < cutoff]
        assert all(one[inside].all() and not one[outside].any() for one in good)
    assert solve_medians(cost, 3, keep=keep).above == pytest.approx(total.min())


def test_next_places():
    # greedy takes the middle site first and then needs two more; two sites do
    ways = np.full((6, 4), 9.0)
    ways[:4, 1] = ways[[0, 1, 4], 2] = ways[[2, 3, 5], 3] = 1.0
    ways[0, 0] = 1.0
    people = np.array([30, 30, 30, 30, 28, 28])
    found = next_places(people, ways, 2.0, share=1.0, rules=SitingRules(existing=[True, False, False, False]))
    assert found.needed.added.tolist() == [2, 3]
    assert found.first.added.tolist() == [1]
    assert found.covered_now == pytest.approx(30 / 176)
    assert found.possible == 1.0
    none = next_places(people, ways[:, :2], 2.0, share=0.9, rules=SitingRules(existing=[True, False]))
    assert (none.needed, none.possible) == (None, pytest.approx(120 / 176))


def test_which_existing_place_matters_most():
    ways = np.array([[1.0, 8.0, 9.0], [2.0, 3.0, 9.0], [np.inf, 1.0, 9.0]])
    found = next_places([10, 20, 40], ways, 2.0, share=0.5, rules=SitingRules(existing=[True, True, False])).existing
    assert found.index.tolist() == [1, 0]
    assert found.loc[0].to_dict() == {"people": 30.0, "people_lost": 30.0, "extra": 90.0, "people_cut_off": 0.0}
    assert found.loc[1].to_dict() == {"people": 40.0, "people_lost": 40.0, "extra": 0.0, "people_cut_off": 40.0}


def test_faults_are_named_together():
    with pytest.raises(MethodError) as told:
        most_covered([1.0, np.nan], [[1.0, -2.0], [3.0, 4.0]], 2, rules=SitingRules(budget=3, add_at_least=5))
    for part in ("unknown or negative at 1 places", "ways are negative", "a budget without cost", "5 to 2 sites"):
        assert part in str(told.value)
    with pytest.raises(MethodError, match="one row a place"):
        p_median([1, 2], [[1.0]])
    with pytest.raises(MethodError, match="whole people"):
        most_covered([1.5], [[1.0]], 2, room=[3])
    with pytest.raises(MethodError, match="room goes with 1"):
        most_covered([1], [[1.0]], 2, room=[3], times=2)
    with pytest.raises(MethodError, match="all candidates together reach 1 people"):
        fewest_sites([1, 1], [[1.0], [9.0]], 2, share=0.9)
    with pytest.raises(MethodError, match="share is 0"):
        next_places([1], [[1.0]], 2, share=0)
