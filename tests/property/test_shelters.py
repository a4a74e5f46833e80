"""What must hold for any people, ways and room."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.shelters import (
    SitingRules,
    assign_whole,
    fewest_sites,
    most_covered,
    next_places,
    p_centre,
    p_median,
    split_people,
)

quick = settings(max_examples=40, deadline=None)
RADIUS = 20.0


@st.composite
def counties(draw):
    places, sites = draw(st.integers(1, 8)), draw(st.integers(2, 5))
    ways = st.integers(0, 40).map(float) | st.just(float("nan"))
    people = draw(st.lists(st.integers(0, 200), min_size=places, max_size=places))
    table = draw(st.lists(st.lists(ways, min_size=sites, max_size=sites), min_size=places, max_size=places))
    room = draw(st.lists(st.integers(0, 400), min_size=sites, max_size=sites))
    return np.array(people), np.array(table), np.array(room)


def greedy(people, ways, count):
    """Cover by the site that adds most, one after another."""
    inside = np.nan_to_num(ways, nan=np.inf) <= RADIUS
    covered = np.zeros(len(people), bool)
    for _ in range(count):
        covered |= inside[:, (people @ (inside & ~covered[:, None])).argmax()]
    return people[covered].sum()


@given(counties(), st.sampled_from(["total", "worst"]), st.sampled_from([split_people, assign_whole]))
@quick
def test_people_are_conserved(county, objective, allocate):
    people, ways, room = county
    found = allocate(people, ways, room, limit_min=RADIUS, objective=objective)
    assert (found.places["assigned"] + found.places["unassigned"] == people).all()
    assert (found.places[["assigned", "unassigned"]] >= 0).all().all()
    assert ((found.places["unassigned"] > 0) == (found.places["reason"] != "")).all()
    assert found.flows["people"].sum() == found.places["assigned"].sum() == found.sites["people"].sum()
    assert (found.sites["people"] <= room).all()
    assert (found.flows["minutes"] <= RADIUS).all()
    assert (found.flows["people"] > 0).all()
    per_place = found.flows.groupby("place")["people"].sum().reindex(range(len(people)), fill_value=0)
    assert (per_place == found.places["assigned"]).all()


@given(counties(), st.booleans())
@quick
def test_one_more_site_never_covers_fewer(county, counted):
    people, ways, room = county
    space = {"room": room} if counted else {}
    before = 0.0
    for count in range(ways.shape[1] + 1):
        found = most_covered(people, ways, RADIUS, rules=SitingRules(add_at_most=count), **space)
        assert found.objective >= before
        assert found.objective == found.flow.sum()
        before = found.objective
        if not counted:
            assert found.objective >= greedy(people, ways, count)


@given(counties())
@quick
def test_fewest_and_most_agree(county):
    people, ways, _ = county
    inside = np.nan_to_num(ways, nan=np.inf) <= RADIUS
    possible = people[inside.any(axis=1)].sum()
    for share in (0.3, 0.9, 1.0):
        asked = share * people.sum()
        if not 0 < asked <= possible:
            continue
        least = fewest_sites(people, ways, RADIUS, share=share)
        if share < 1:
            fewer = SitingRules(add_at_most=max(len(least.added) - 1, 0))
            assert most_covered(people, ways, RADIUS, rules=fewer).objective < asked
        found = next_places(people, ways, RADIUS, share=share)
        assert len(found.needed.added) == len(least.added)
        assert found.needed.served_people.sum() >= max(asked - 1e-6, least.served_people.sum())


@given(counties())
@quick
def test_one_more_site_never_lengthens_a_way(county):
    people, ways, _ = county
    ways = np.nan_to_num(ways, nan=77.0)
    total = longest = np.inf
    for count in range(1, ways.shape[1] + 1):
        near, far = (one(people, ways, rules=SitingRules(add_at_most=count)) for one in (p_median, p_centre))
        assert near.objective <= total
        assert far.objective <= longest
        total, longest = near.objective, far.objective
        assert near.status == far.status == "proved"
    assert total == pytest.approx(people @ ways.min(axis=1))
    assert longest == ways.min(axis=1).max()
