"""Buses: trips counted by hand, and the rule against every plan that there is."""

from itertools import permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import MethodError
from riskmap.shelters import Fleet, bus_trips, buses_for, longest_first, nearest_first, timetable


def shortest(minutes, buses):
    """Least time in which the trips can be done: every way of sharing them out."""
    return min(
        max(sum(m for m, b in zip(minutes, plan, strict=True) if b == one) for one in range(buses))
        for plan in product(range(buses), repeat=len(minutes))
    )


@given(st.lists(st.integers(1, 30), min_size=1, max_size=7), st.integers(1, 3))
def test_the_rule_stays_within_its_bound_of_the_best_plan(minutes, buses):
    bus, start = longest_first(minutes, buses=buses)
    ends = start + np.array(minutes)
    best = shortest(minutes, buses)
    assert best - 1e-9 <= ends.max() <= (4 / 3 - 1 / (3 * buses)) * best + 1e-9
    for one in range(buses):  # no bus makes two trips at once
        mine = np.argsort(start[bus == one])
        assert (start[bus == one][mine][1:] >= ends[bus == one][mine][:-1] - 1e-9).all()


@pytest.mark.parametrize("buses", [2, 3, 4])
def test_grahams_worst_case_is_reached(buses):
    # Graham 1969, figure for the bound: 2 of each length 2m-1 .. m+1, and 3 of length m
    minutes = [one for one in range(2 * buses - 1, buses, -1) for _ in range(2)] + [buses] * 3
    _, start = longest_first(minutes, buses=buses)
    assert (start + minutes).max() == 4 * buses - 1
    if buses < 4:
        assert shortest(minutes, buses) == 3 * buses


def test_a_timetable_by_hand():
    # two villages; 90 people of the far one make 3 trips of 10 + 30 + 40, 20 of the near one make 1 of 10 + 5 + 5
    jobs = pd.DataFrame({"people": [90, 20], "there_min": [30.0, 5.0], "back_min": [40.0, 5.0]})
    plan = timetable(jobs, Fleet(buses=2, seats=40, boarding_min=10))
    assert plan.jobs["trips"].tolist() == [3, 1]
    assert plan.jobs["trip_min"].tolist() == [80.0, 20.0]
    # one bus: far 0-80 and 80-160; the other: near 0-20, then far 20-100
    assert plan.jobs["clear_min"].tolist() == [80 + 10 + 30, 10 + 5]
    assert plan.jobs["buses"].tolist() == [2, 1]
    assert (plan.last_min, plan.bound_min) == (160, 130)


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=6),
    st.integers(1, 5),
)
def test_every_rider_has_a_seat_and_more_buses_never_raise_the_bound(rows, buses):
    jobs = pd.DataFrame(rows, columns=["people", "there_min", "back_min"]).astype(
        {"there_min": float, "back_min": float}
    )
    few, many = (timetable(jobs, Fleet(buses=n, seats=33, boarding_min=5)) for n in (buses, buses + 1))
    assert (few.jobs["trips"] * 33 >= jobs["people"]).all()
    assert ((few.jobs["trips"] - 1) * 33 < jobs["people"].clip(lower=1)).all()
    assert many.bound_min <= few.bound_min <= few.last_min + 1e-9
    assert (few.jobs["clear_min"] <= few.last_min + 1e-9).all()
    assert (few.jobs["buses"] <= np.minimum(few.jobs["trips"], buses)).all()


def test_nobody_needs_no_bus_and_faults_are_named():
    nobody = timetable(
        pd.DataFrame({"people": [], "there_min": [], "back_min": []}), Fleet(buses=1, seats=9, boarding_min=0)
    )
    assert (nobody.last_min, nobody.bound_min, len(nobody.jobs)) == (0, 0, 0)
    assert bus_trips([], seats=9).tolist() == []
    with pytest.raises(MethodError, match="at least one bus"):
        Fleet(buses=0, seats=40, boarding_min=1)
    with pytest.raises(MethodError, match="minutes"):
        longest_first([np.inf], buses=1)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 1)), min_size=1, max_size=5))
def test_nobody_waits_in_sum_longer_than_in_any_other_order(trips):
    minutes, bus = (np.array(one) for one in zip(*trips, strict=True))
    start = nearest_first(minutes, bus)
    for one in set(bus):
        mine = minutes[bus == one]
        ends = (start + minutes)[bus == one]
        assert ends.max() == mine.sum()  # no later than in the order of sharing out
        assert ends.sum() == min(np.cumsum(order).sum() for order in permutations(mine))


def test_the_near_village_does_not_wait_for_the_far_ones():
    jobs = pd.DataFrame({"people": [4000, 40], "there_min": [15.0, 1.5], "back_min": [15.0, 1.5]})
    plan = timetable(jobs, Fleet(buses=10, seats=40, boarding_min=15))
    assert plan.jobs["clear_min"].iloc[1] == 16.5
    assert plan.last_min < plan.bound_min * 4 / 3


@given(st.lists(st.integers(1, 12), max_size=5))
def test_the_buses_needed_lie_between_bound_and_plan(minutes):
    least, enough = buses_for(minutes, within_min=12)
    best = next(n for n in range(6) if not minutes or (n and shortest(minutes, n) <= 12))
    assert least <= best <= enough <= 11 / 9 * best + 6 / 9 + 1e-9
    assert least >= np.ceil(sum(minutes) / 12 - 1e-9)


def test_the_buses_needed_by_hand():
    assert buses_for([7, 7, 7, 5], within_min=12) == (3, 3)  # no two of 7 on one bus; the 5 rides along
    assert buses_for([8, 8, 5, 5], within_min=12) == (3, 3)  # 26 over 12 is 3; the fives fit no eight
    assert buses_for([6, 6, 7, 7, 7], within_min=12) == (4, 4)
    assert buses_for([], within_min=12) == (0, 0)
    assert buses_for([13], within_min=12) is None
    with pytest.raises(MethodError, match="time over 0"):
        buses_for([1], within_min=0)
