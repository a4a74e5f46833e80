"""Sites one after another: against every order that there is, and by hand."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import MethodError
from riskmap.shelters import SitingRules, sites_in_order


def test_by_hand_the_second_counts_only_those_who_still_wait():
    # B covers both 30 and 40; A covers 40 and 25, so after B it brings 25 only, less than C's 28
    ways = [[9, 1, 9], [1, 1, 9], [1, 9, 9], [9, 9, 1]]
    found = sites_in_order([30, 40, 25, 28], ways, 2)
    assert found["site"].tolist() == [1, 2, 0]
    assert found["people"].tolist() == [70, 28, 25]
    assert found["share"].tolist() == pytest.approx([70 / 123, 98 / 123, 1])


def test_it_stops_at_the_share_keeps_to_the_candidates_and_adds_no_needless_site():
    ways = np.array([[1, 9, 9], [9, 1, 9], [9, 9, 9.0]])
    assert sites_in_order([50, 40, 10], ways, 2, share=0.5)["site"].tolist() == [0]
    assert sites_in_order([50, 40, 10], ways, 2)["share"].tolist() == [0.5, 0.9]
    assert sites_in_order([50, 40, 10], ways, 2, among=[1])["site"].tolist() == [1]
    now = SitingRules(existing=[True, False, False])
    assert sites_in_order([50, 40, 10], ways, 2, rules=now)["people"].tolist() == [40]
    assert len(sites_in_order([0, 0, 0], ways, 2)) == 0
    with pytest.raises(MethodError, match="share"):
        sites_in_order([1], [[1.0]], 2, share=0)


@given(st.lists(st.tuples(st.integers(0, 50), st.lists(st.booleans(), min_size=5, max_size=5)), min_size=1, max_size=7))
def test_each_prefix_is_within_its_bound_of_the_best_choice(rows):
    people = np.array([one for one, _ in rows], float)
    near = np.array([two for _, two in rows])
    found = sites_in_order(people, np.where(near, 1.0, 9.0), 2)
    assert (np.diff(found["people"]) <= 1e-9).all()
    for k in range(1, len(found) + 1):
        best = max(people[near[:, list(some)].any(axis=1)].sum() for some in combinations(range(5), k))
        mine = people[near[:, found["site"][:k]].any(axis=1)].sum()
        assert found["people"][:k].sum() == pytest.approx(mine)
        assert mine >= (1 - (1 - 1 / k) ** k) * best - 1e-9  # Nemhauser, Wolsey and Fisher 1978, theorem 4.2
