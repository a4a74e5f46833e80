"""Floating catchments: published ideas on numbers that a hand can follow."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.shelters.access import catchment_weights, floating_catchment

# One way: from the valley up to the school takes 40 minutes, back 20. The fleeing direction counts.
UP = np.array([[40.0, 10.0], [5.0, np.inf], [25.0, 30.0]])
PEOPLE, ROOM = np.array([120.0, 60.0, 0.0]), np.array([90.0, 30.0])


def plain(people, room, weight, *, selection):
    """The same by loops, as the papers write it."""
    places, sites = range(len(people)), range(len(room))
    chosen = [[1.0] * len(room) for _ in places]
    if selection:
        chosen = [[weight[i][j] / sum(weight[i]) if sum(weight[i]) else 0.0 for j in sites] for i in places]
    ratio = []
    for j in sites:
        asked = sum(people[i] * weight[i][j] * chosen[i][j] for i in places)
        ratio.append(room[j] / asked if asked else 0.0)
    return [sum(ratio[j] * weight[i][j] * chosen[i][j] for j in sites) for i in places]


@pytest.mark.parametrize("selection", [False, True])
@pytest.mark.parametrize("decay", ["none", "steps", "gaussian"])
def test_against_plain_loops(decay, selection):
    steps = {10.0: 1.0, 20.0: 0.68, 30.0: 0.22} if decay == "steps" else None
    weight = catchment_weights(UP, catchment=30, decay=decay, steps=steps)
    found = floating_catchment(PEOPLE, ROOM, weight, selection=selection)
    assert found == pytest.approx(plain(PEOPLE, ROOM, weight.tolist(), selection=selection), abs=1e-9)


def test_room_is_neither_made_nor_lost():
    rng = np.random.default_rng(1)
    for seed in range(30):
        times = rng.uniform(0, 60, (20, 5))
        weight = catchment_weights(times, catchment=30, decay="gaussian")
        people, room = rng.integers(1, 500, 20), rng.integers(1, 900, 5)
        found = floating_catchment(people, room, weight, selection=bool(seed % 2))
        assert found @ people == pytest.approx(room[(weight > 0).any(axis=0)].sum())


def test_a_bound_counts_as_inside_and_no_way_as_outside():
    weight = catchment_weights(
        [10.0, 10.1, 30.0, np.nan, np.inf], catchment=30, decay="steps", steps={10: 1.0, 30: 0.2}
    )
    assert weight.tolist() == [1.0, 0.2, 0.2, 0.0, 0.0]


def test_faults_say_what_is_wrong():
    with pytest.raises(MethodError, match="give steps"):
        catchment_weights([1.0], catchment=5, decay="steps")
    with pytest.raises(MethodError, match="above 0"):
        catchment_weights([1.0], catchment=0)
    with pytest.raises(MethodError, match="demand holds unknown"):
        floating_catchment([np.nan], [1], [[1.0]])
    with pytest.raises(MethodError, match="3 places"):
        floating_catchment([1, 2, 3], [1], [[1.0]])
