"""Every model of siting on 200 small random counties: each choice that the rules allow is tried out.

Who finds room is counted by the smallest cut over all sets of sites, and ways with room by a plain linear program, so that
nothing here rests on the flows or programs of the package.
"""

import itertools
from importlib import import_module

import numpy as np
import pytest
from scipy.optimize import linprog

from riskmap.errors import MethodError
from riskmap.shelters import SitingRules, fewest_sites, most_covered, p_centre, p_median
from riskmap.shelters.solve import Solved

RADIUS, SITES, PLACES = 30.0, 5, 6
EVERY = np.array(list(itertools.product([False, True], repeat=SITES)))
CASES = pytest.mark.parametrize("seed", range(200))


def county(seed):
    """People, ways (some missing), room, and rules that differ from case to case."""
    rng = np.random.default_rng(seed)
    ways = rng.integers(1, 60, (PLACES, SITES)).astype(float)
    ways[rng.random(ways.shape) < 0.15] = np.inf
    people, room = rng.integers(0, 90, PLACES), rng.integers(20, 200, SITES)
    existing = rng.random(SITES) < 0.25
    cost = rng.integers(1, 9, SITES)
    free = int((~existing).sum())
    most = int(rng.integers(0, free + 1))
    number = {"add_at_most": most, "add_at_least": int(rng.integers(0, most + 1))}
    money = {"cost": cost, "budget": float(rng.integers(4, 20))}
    rules = SitingRules(existing=existing, **[number, money, number | money][seed % 3])
    return people, ways, room, rules


def choices(rules):
    """Masks of sites that the rules allow."""
    added = EVERY & ~rules.existing
    good = (EVERY | ~rules.existing).all(axis=1) & (added.sum(axis=1) >= rules.add_at_least)
    if rules.add_at_most is not None:
        good &= added.sum(axis=1) <= rules.add_at_most
    if rules.budget is not None:
        good &= added @ rules.cost <= rules.budget
    return EVERY[good]


def housed(people, inside, room):
    """Most people who find room: the smallest cut (room of some sites, and all who can go elsewhere than to these)."""
    return min(room[cut].sum() + people[(inside & ~cut).any(axis=1)].sum() for cut in EVERY)


def least_total(people, ways, room):
    """Person-minutes when everyone is housed; None where not all can be."""
    row, column = np.nonzero(np.isfinite(ways) & (room > 0))
    arcs = np.arange(row.size)
    served, held = np.zeros((PLACES, row.size)), np.zeros((SITES, row.size))
    served[row, arcs] = held[column, arcs] = 1
    if (people[~served.any(axis=1)] > 0).any():
        return None
    keep = served.any(axis=1)
    found = linprog(ways[row, column], held, room, served[keep], people[keep])
    return found.fun if found.status == 0 else None


def price(rules, chosen):
    added = chosen & ~rules.existing
    return float(added.sum() if rules.cost is None else added @ rules.cost)


def best_or_none(found, values):
    """The model's answer where there is one; a told fault where no choice does what is asked."""
    if values:
        return found()
    with pytest.raises(MethodError):
        found()
    return None


def rightly_chosen(found, rules):
    assert any((found.open == one).all() for one in choices(rules))
    assert (found.open >= rules.existing).all()
    assert found.status == "proved"


@CASES
def test_most_covered(seed):
    people, ways, room, rules = county(seed)
    inside = ways <= RADIUS
    allowed = list(choices(rules))
    plain = [people[inside[:, one].any(axis=1)].sum() for one in allowed]
    twice = [people[inside[:, one].sum(axis=1) >= 2].sum() for one in allowed]
    roomy = [housed(people, inside & one, np.where(one, room, 0)) for one in allowed]
    once_each = np.minimum(inside.sum(axis=1), 1)
    backed = [n for n, one in zip(twice, allowed, strict=True) if (inside[:, one].sum(axis=1) >= once_each).all()]
    for values, more in (
        (plain, {}),
        (twice, {"times": 2}),
        (roomy, {"room": room}),
        (backed, {"times": 2, "all_by": 1}),
    ):
        found = best_or_none(lambda: most_covered(people, ways, RADIUS, rules=rules, **more), values)  # noqa: B023
        if found is not None:
            assert found.objective == max(values) == found.bound
            rightly_chosen(found, rules)


@CASES
def test_fewest_or_cheapest(seed):
    people, ways, room, rules = county(seed)
    inside = ways <= RADIUS
    allowed = list(choices(rules))
    share = (1.0, 0.8, 0.5)[seed % 3]
    asked = share * people.sum()
    for times in (1, 2):
        reached = [inside[:, one].sum(axis=1) for one in allowed]
        need = np.minimum(inside.sum(axis=1), times)
        good = [(one >= need).all() if share == 1 else people[one >= times].sum() >= asked for one in reached]
        values = [price(rules, one) for one, fits in zip(allowed, good, strict=True) if fits]
        found = best_or_none(lambda: fewest_sites(people, ways, RADIUS, rules=rules, share=share, times=times), values)  # noqa: B023
        if found is not None:
            assert found.objective == min(values) == pytest.approx(found.bound)
            rightly_chosen(found, rules)
    if share == 1:
        asked = people[inside.any(axis=1)].sum()
    values = [price(rules, one) for one in allowed if housed(people, inside & one, np.where(one, room, 0)) >= asked]
    found = best_or_none(lambda: fewest_sites(people, ways, RADIUS, rules=rules, share=share, room=room), values)
    if found is not None:
        assert found.objective == min(values) == pytest.approx(found.bound)
        assert (np.asarray(found.flow.sum(axis=0)) <= np.where(found.open, room, 0)).all()
        rightly_chosen(found, rules)


@CASES
def test_shortest_ways(seed):
    people, ways, _, rules = county(seed)
    able = np.isfinite(ways).any(axis=1)
    heads, way = people[able], ways[able]
    near = [way[:, one].min(axis=1, initial=np.inf) for one in choices(rules)]
    near = [one for one in near if np.isfinite(one).all()]
    median = best_or_none(lambda: p_median(people, ways, rules=rules), near)
    centre = best_or_none(lambda: p_centre(people, ways, rules=rules), near)
    if near:
        assert median.objective == pytest.approx(min(heads @ one for one in near)) == pytest.approx(median.bound)
        assert centre.objective == min(one.max() for one in near) == centre.bound
        rightly_chosen(median, rules)
        rightly_chosen(centre, rules)


@CASES
def test_shortest_ways_with_room(seed):
    people, ways, room, rules = county(seed)
    able = np.isfinite(ways).any(axis=1)
    served = np.where(able, people, 0)
    spaces = [(one, np.where(one, room, 0)) for one in choices(rules)]
    totals = [least_total(served, np.where(one, ways, np.inf), space) for one, space in spaces]
    totals = [one for one in totals if one is not None]
    median = best_or_none(lambda: p_median(people, ways, rules=rules, room=room), totals)
    steps = np.unique(ways[np.isfinite(ways)])
    longest = [
        step for step in steps for one, space in spaces if housed(served, (ways <= step) & one, space) == served.sum()
    ]
    if served.sum():
        centre = best_or_none(lambda: p_centre(people, ways, rules=rules, room=room), longest)
    if totals:
        assert median.objective == pytest.approx(min(totals))
        assert median.bound == pytest.approx(min(totals))
        rightly_chosen(median, rules)
        assert centre.objective == min(longest) == centre.bound
        rightly_chosen(centre, rules)


@CASES
def test_exchange_holds_the_best_between_its_answer_and_its_bound(seed, monkeypatch):
    """What large counties get: here the program over all ways is taken away, and the best is known by trying."""
    for name in ("p_median", "p_centre"):
        monkeypatch.setattr(import_module(f"riskmap.shelters.{name}"), "MOST_WAYS", -1)
    people, ways, room, rules = county(seed)
    able = np.isfinite(ways).any(axis=1)
    rules = SitingRules(
        existing=rules.existing, add_at_most=1 + seed % 3 if rules.add_at_most is None else rules.add_at_most
    )
    spaces = [(one, np.where(one, room, 0)) for one in choices(rules)]
    totals = [least_total(np.where(able, people, 0), np.where(one, ways, np.inf), space) for one, space in spaces]
    totals = [one for one in totals if one is not None]
    if not totals:
        with pytest.raises(MethodError):
            p_median(people, ways, rules=rules, room=room)
        return
    found = p_median(people, ways, rules=rules, room=room)
    assert found.bound <= min(totals) * (1 + 1e-9) + 1e-9
    assert found.objective >= min(totals) * (1 - 1e-9) - 1e-9
    assert found.objective <= 1.15 * min(totals) + 1e-9
    assert any((found.open == one).all() for one in choices(rules))
    assert (np.asarray(found.flow.sum(axis=0)) <= np.where(found.open, room, 0)).all()
    assert found.served_people.sum() == people[able].sum()
    served = np.where(able, people, 0)
    steps = np.unique(ways[np.isfinite(ways)])
    best = min(s for s in steps for one, space in spaces if housed(served, (ways <= s) & one, space) == served.sum())
    far = p_centre(people, ways, rules=rules, room=room)
    assert far.bound <= best <= far.objective <= 2.5 * best
    assert far.served_people.sum() == people[able].sum()
    assert (np.asarray(far.flow.sum(axis=0)) <= np.where(far.open, room, 0)).all()


def test_greedy_coverage_holds_the_best_between_its_answer_and_its_bound(monkeypatch):
    """What is answered where the solver finds nothing in time: seldom nothing, never beyond the rules or the bound."""
    nothing = Solved(x=None, objective=np.inf, bound=-np.inf)
    monkeypatch.setattr(import_module("riskmap.shelters.siting"), "open_sites", lambda *_, **__: nothing)
    possible = answered = 0
    for seed in range(200):
        people, ways, room, rules = county(seed)
        inside, share = ways <= RADIUS, (1.0, 0.8, 0.5)[seed % 3]
        asked = share * people.sum() if share < 1 else people[inside.any(axis=1)].sum()
        held = [(one, housed(people, inside & one, np.where(one, room, 0))) for one in choices(rules)]
        values = [price(rules, one) for one, n in held if n >= asked]
        possible += bool(values) + bool(held)
        try:
            most = most_covered(people, ways, RADIUS, rules=rules, room=room)
        except MethodError:
            assert rules.budget is not None
        else:
            answered += 1
            assert most.objective == housed(people, inside & most.open, np.where(most.open, room, 0))
            assert 0.5 * max(n for _, n in held) <= most.objective <= max(n for _, n in held) <= most.bound
            assert any((most.open == one).all() for one, _ in held)
        try:
            found = fewest_sites(people, ways, RADIUS, rules=rules, share=share, room=room)
        except MethodError:
            continue
        answered += 1
        assert found.bound <= min(values) <= found.objective
        assert found.flow.sum() >= asked
        assert any((found.open == one).all() for one, n in held if n >= asked)
    assert answered > 0.95 * possible > 250


@CASES
def test_shortest_ways_with_villages_kept_together(seed):
    people, ways, room, rules = county(seed)
    people, ways = people[:4] + 1, np.where(np.isfinite(ways[:4]), ways[:4], 70.0)
    every = np.array(list(itertools.product(range(SITES), repeat=4)))
    load = (people[None, :, None] * (every[:, :, None] == np.arange(SITES))).sum(axis=1)
    total = (people * ways[np.arange(4), every]).sum(axis=1)
    used = (every[:, :, None] == np.arange(SITES)).any(axis=1)
    fits = (load <= room).all(axis=1)
    values = [
        t for t, mine in zip(total[fits], used[fits], strict=True) if any((mine <= one).all() for one in choices(rules))
    ]
    found = best_or_none(lambda: p_median(people, ways, rules=rules, room=room, together=True), values)
    if found is not None:
        assert found.objective == pytest.approx(min(values)) == pytest.approx(found.bound)
        rightly_chosen(found, rules)
        assert (np.diff(found.flow.tocsr().indptr) == 1).all()
