"""Run theory on series small enough to count by hand."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods import dry_runs


def spells(values, **more):
    runs = dry_runs(np.array(values, dtype=float), level=-0.5, **more)
    return list(zip(runs.start.tolist(), runs.length.tolist(), runs.severity.round(6).tolist(), strict=True))


def test_the_level_itself_is_dry():
    assert spells([0, -0.5, -0.51, 0]) == [(1, 2, 0.01)]


def test_severity_adds_up_the_deficits_below_the_level():
    assert spells([-1, -2, 1, -0.75]) == [(0, 2, 2.0), (3, 1, 0.25)]


@pytest.mark.parametrize(("gap", "expected"), [(1, [(0, 3, 1.0), (5, 1, 0.5)]), (2, [(0, 6, 1.5)])])
def test_near_spells_are_one_and_the_gap_counts_as_time_only(gap, expected):
    assert spells([-1, 1, -1, 0, 0, -1], longest_gap=gap) == expected


def test_short_spells_go_after_merging():
    assert spells([-1, 0, -1, 0, 0, -1], longest_gap=1, shortest=2) == [(0, 3, 1.0)]


def test_unknown_months_end_a_spell_and_are_not_bridged():
    assert spells([-1, np.nan, -1], longest_gap=3) == [(0, 1, 0.5), (2, 1, 0.5)]


@pytest.mark.parametrize("values", [[], [0, 1], [np.nan]])
def test_no_spell(values):
    assert spells(values) == []


@pytest.mark.parametrize("more", [{"longest_gap": -1}, {"shortest": 0}])
def test_counts_out_of_range(more):
    with pytest.raises(MethodError, match="longest_gap"):
        spells([0], **more)
