"""Who goes where: every allocation of small cases is tried out."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from riskmap.errors import MethodError
from riskmap.shelters import assign_whole, split_people
from riskmap.shelters.annealing import annealed
from riskmap.shelters.regret import insert_by_regret


def case(seed, places=5, sites=3):
    rng = np.random.default_rng(seed)
    minutes = rng.integers(1, 60, (places, sites)).astype(float)
    minutes[rng.random(minutes.shape) < 0.2] = np.inf
    return rng.integers(0, 100, places), minutes, rng.integers(20, 160, sites)


def whole_ones(people, minutes, room):
    """Every allocation of whole villages that fits, as (people placed, total, worst)."""
    for sites in itertools.product(range(-1, len(room)), repeat=len(people)):
        placed = [(i, j) for i, j in enumerate(sites) if j >= 0]
        load = np.zeros(len(room))
        for i, j in placed:
            load[j] += people[i]
        ways = [minutes[i, j] for i, j in placed]
        if (load <= room).all() and np.isfinite(ways).all():
            yield (
                sum(people[i] for i, _ in placed),
                sum(people[i] * minutes[i, j] for i, j in placed),
                max((minutes[i, j] for i, j in placed if people[i]), default=0.0),
            )


@pytest.mark.parametrize("seed", range(25))
def test_whole_villages_are_the_best_of_all(seed):
    people, minutes, room = case(seed)
    every = list(whole_ones(people, minutes, room))
    most = max(one[0] for one in every)
    every = [one for one in every if one[0] == most]
    found = assign_whole(people, minutes, room)
    assert found.places["assigned"].sum() == most == found.people_bound
    assert found.total == pytest.approx(min(one[1] for one in every))
    assert found.total_bound == pytest.approx(found.total)
    assert found.status == "proved"
    far = assign_whole(people, minutes, room, objective="worst")
    longest = min(one[2] for one in every)
    if most:
        assert far.worst_min == longest == far.worst_bound_min
    assert far.total == pytest.approx(min(one[1] for one in every if one[2] <= longest))
    assert (found.sites["left"] >= 0).all()
    assert not found.flows["place"].duplicated().any()


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("share", [0.1, 0.4])
def test_some_may_stay_out_where_that_shortens_the_ways(seed, share):
    people, minutes, room = case(seed)
    every = list(whole_ones(people, minutes, room))
    enough = math.ceil(max(one[0] for one in every) * (1 - share))
    found = assign_whole(people, minutes, room, people_gap=share)
    assert found.places["assigned"].sum() >= enough
    assert (
        found.total
        == pytest.approx(min(one[1] for one in every if one[0] >= enough))
        == pytest.approx(found.total_bound)
    )
    far = assign_whole(people, minutes, room, people_gap=share, objective="worst")
    longest = min(one[2] for one in every if one[0] >= enough)
    assert far.worst_bound_min == longest or not enough
    assert np.nan_to_num(far.worst_min) <= longest


@pytest.mark.parametrize("seed", range(6))
def test_villages_that_fill_their_sites_to_the_head_are_found(seed):
    """Villages cut from full sites: all fit, but only just; one quick search leaves some out."""
    rng = np.random.default_rng(seed)
    parts = [
        np.diff(np.sort(rng.choice(np.arange(1, 3000), 9, replace=False)), prepend=0, append=3000) for _ in range(8)
    ]
    people, room = rng.permutation(np.concatenate(parts)), np.full(8, 3000)
    minutes = rng.uniform(5, 60, (80, 8))
    quick = insert_by_regret(people, room, minutes)
    assert people[quick >= 0].sum() < people.sum()
    site = annealed(people, room, minutes, start=quick)
    assert people[site >= 0].sum() >= 0.999 * people.sum()
    loose = int(0.99 * people.sum())
    near = annealed(people, room, minutes, start=site, placed=loose)
    load = np.bincount(near[near >= 0], weights=people[near >= 0], minlength=8)
    assert (load <= room).all()
    assert load.sum() >= loose
    inside = near >= 0
    cost = people[inside] @ minutes[inside, near[inside]]
    least = split_people(people, minutes, room).total
    assert 0.9 * least < cost < 1.4 * least
    assert (annealed(people, room, minutes, start=site, placed=loose) == near).all()


@pytest.mark.parametrize("seed", range(12))
def test_whole_villages_by_the_plain_program(seed):
    """The textbook program over all ways, without a quick search or bounds before it."""
    people, minutes, room = case(seed, places=20, sites=5)
    people, room = people + 20, room * 7
    row, column = np.nonzero(np.isfinite(minutes))
    arcs = np.arange(row.size)
    once, held = np.zeros((20, row.size)), np.zeros((5, row.size))
    once[row, arcs], held[column, arcs] = 1, people[row]
    rows = [LinearConstraint(once, -np.inf, 1), LinearConstraint(held, -np.inf, room)]
    most = -milp(-people[row].astype(float), constraints=rows, integrality=1 + 0 * arcs, bounds=Bounds(0, 1)).fun
    rows.append(LinearConstraint(people[row][None], most - 0.5, np.inf))
    best = milp(people[row] * minutes[row, column], constraints=rows, integrality=1 + 0 * arcs, bounds=Bounds(0, 1))
    found = assign_whole(people, minutes, room)
    assert found.places["assigned"].sum() == pytest.approx(most)
    assert found.total == pytest.approx(best.fun) == pytest.approx(found.total_bound)
    loose = assign_whole(people, minutes, room, gap=0.1)
    assert loose.total_bound * (1 - 1e-9) <= best.fun <= loose.total * (1 + 1e-9)
    assert loose.gap <= 0.1


@pytest.mark.parametrize("seed", range(25))
def test_sharing_out_is_the_best_of_all(seed):
    # one head a village: sharing out is then the same as whole villages
    _, minutes, room = case(seed)
    heads, room = np.ones(5, int), room // 60
    every = list(whole_ones(heads, minutes, room))
    most = max(one[0] for one in every)
    every = [one for one in every if one[0] == most]
    found = split_people(heads, minutes, room)
    assert found.places["assigned"].sum() == most
    assert found.total == pytest.approx(min(one[1] for one in every))
    far = split_people(heads, minutes, room, objective="worst")
    longest = min(one[2] for one in every)
    if most:
        assert far.worst_min == longest
    assert far.total == pytest.approx(min(one[1] for one in every if one[2] <= longest))


@pytest.mark.parametrize("seed", range(10))
def test_sharing_out_is_never_worse_and_the_quick_search_never_overfills(seed):
    people, minutes, room = case(seed, places=30, sites=6)
    room = room * 4
    split, whole = split_people(people, minutes, room), assign_whole(people, minutes, room, gap=0.05, time_limit_s=2)
    assert whole.places["assigned"].sum() <= whole.people_bound <= split.places["assigned"].sum()
    if whole.places["assigned"].sum() == split.places["assigned"].sum():
        assert split.total <= whole.total_bound + 1e-6
    assert whole.total_bound <= whole.total
    site = insert_by_regret(people, room, minutes)
    load = np.bincount(site[site >= 0], weights=people[site >= 0], minlength=6)
    assert (load <= room).all()
    assert np.isfinite(minutes[site >= 0, site[site >= 0]]).all()


def test_everyone_is_accounted_for_by_reason():
    people = pd.Series([50, 40, 30, 0], index=["high", "low", "cut off", "empty"])
    minutes = pd.DataFrame([[10, 25], [10, 12], [np.nan, 99], [5, 5]], columns=["school", "hall"])
    found = split_people(people, minutes, [60, 10.9], limit_min=30)
    assert found.places.loc["cut off", ["assigned", "unassigned", "reason"]].tolist() == [0, 30, "no way"]
    assert found.places.loc[["high", "low"], "unassigned"].sum() == 20
    assert set(found.places.loc[["high", "low"], "reason"]) <= {"", "no room"}
    assert found.places.loc["empty"].tolist() == [0, 0, 0, ""]
    assert found.sites.loc["hall"].tolist() == [10, 10, 0]
    assert found.total == 60 * 10 + 10 * 12
    whole = assign_whole(people, minutes, [45, 20], limit_min=30)
    assert whole.places["reason"].tolist() == ["too large", "", "no way", ""]


def test_room_that_is_left_is_told_in_full():
    found = split_people([10, 20], [[5.0, 9.0], [5.0, 9.0]], [100.5, np.inf])
    assert found.sites.to_numpy().tolist() == [[100, 30, 70], [30, 0, 30]]


def test_a_limit_of_each_site_and_the_bound_is_inside():
    found = split_people([10, 10], [[30, 10], [31, 11]], [50, 50], limit_min=[30, 10])
    assert found.flows[["place", "site"]].to_numpy().tolist() == [[0, 1]]
    assert found.places["reason"].tolist() == ["", "no way"]


def test_the_own_township_is_preferred_by_the_price_that_is_declared():
    home, of_site = np.array(["east", "east", "west"]), np.array(["east", "west"])
    away = home[:, None] != of_site
    minutes = [[20, 10], [20, 18], [40, 5]]
    free = split_people([10, 10, 10], minutes, [100, 100])
    assert free.flows["site"].tolist() == [1, 1, 1]
    some = split_people([10, 10, 10], minutes, [100, 100], extra_min=5 * away)
    assert some.flows["site"].tolist() == [1, 0, 1]
    assert some.total == 10 * 10 + 5 * 10 + 10 * 20 + 10 * 5
    much = assign_whole([10, 10, 10], minutes, [100, 100], extra_min=15 * away)
    assert much.flows["site"].tolist() == [0, 0, 1]


def test_the_worst_way_before_the_total():
    # total alone sends 10 far away and all others near; the worst way alone lets all walk half an hour
    minutes = np.array([[1.0, 30.0], [2.0, 60.0]])
    total = split_people([10, 10], minutes, [10, 10])
    worst = split_people([10, 10], minutes, [10, 10], objective="worst")
    assert (worst.worst_min, worst.total) == (30.0, 320.0)
    assert (total.worst_min, total.total) == (30.0, 320.0)
    minutes = np.array([[1.0, 30.0], [29.0, 50.0]])
    assert split_people([10, 10], minutes, [10, 10]).total == 510
    minutes = np.array([[1.0, 25.0], [27.0, 45.0]])
    assert split_people([10, 10], minutes, [10, 10]).worst_min == 45.0
    far = split_people([10, 10], minutes, [10, 10], objective="worst")
    assert (far.worst_min, far.total) == (27.0, 520.0)


@pytest.mark.parametrize("objective", ["total", "worst"])
@pytest.mark.parametrize("allocate", [split_people, assign_whole])
def test_without_any_site_everybody_stays_out(allocate, objective):
    people = pd.Series([7, 0], index=["high", "empty"])
    for minutes in (pd.DataFrame(index=people.index), np.empty((2, 0)), [[], []]):
        found = allocate(people, minutes, [], objective=objective)
        assert found.places.loc["high"].tolist() == [7, 0, 7, "no way"]
        assert found.places.loc["empty"].tolist() == [0, 0, 0, ""]
        assert (len(found.flows), len(found.sites), found.total, found.status) == (0, 0, 0.0, "proved")
        assert np.isnan(found.worst_min)
    none = allocate([], np.empty((0, 2)), [5, 6.5], objective=objective)
    assert (len(none.places), none.sites["left"].tolist(), none.status) == (0, [5, 6], "proved")
    with pytest.raises(MethodError, match="one row a place"):
        allocate(people, np.empty((3, 0)), [], objective=objective)


def test_nobody_and_nowhere():
    found = split_people([0, 0], [[1.0], [2.0]], [5])
    assert (len(found.flows), found.total, found.status) == (0, 0.0, "proved")
    assert np.isnan(found.worst_min)
    for objective in ("total", "worst"):
        for one in (split_people, assign_whole):
            found = one([7, 8], [[np.nan], [np.inf]], [50], objective=objective)
            assert found.places["reason"].tolist() == ["no way", "no way"]
            assert found.places["unassigned"].sum() == 15


def test_faults():
    with pytest.raises(MethodError, match="whole people"):
        split_people([1.5], [[1.0]], [3])
    with pytest.raises(MethodError, match="room must be known"):
        split_people([1], [[1.0]], [np.nan])
    with pytest.raises(MethodError, match="extra cost"):
        split_people([1], [[1.0]], [1], extra_min=-1)
    with pytest.raises(MethodError, match="people_gap is 1; give a share"):
        assign_whole([1], [[1.0]], [1], people_gap=1)
    with pytest.raises(MethodError, match="unknown or negative"):
        assign_whole([np.nan], [[1.0]], [1])
    with pytest.raises(MethodError, match="counts 2147483647 at most"):
        split_people([2_000_000_000, 2_000_000_000], [[1.0], [1.0]], [9])
