"""The hazard that leads is one that is high at the place."""

import numpy as np
import pandas as pd
import pytest
import tiny

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, NO_LEADER, Text
from riskmap.scoring.leading import high_columns, leading_hazard, stands_high
from riskmap.scoring.zone_names import zone_name
from riskmap.standards import book


def test_a_hazard_that_is_low_leads_nowhere_however_much_it_adds():
    parts = pd.DataFrame({"drought": [0.5, 0.5, 0.5], "fire": [0.1, 0.1, 0.0], "hail": [0.1, 0.0, 0.0]})
    high = pd.DataFrame({"drought": False, "fire": True, "hail": True}, index=parts.index)
    assert leading_hazard(parts, high, parts.sum(axis=1)).tolist() == ["fire", "fire", NO_LEADER]
    both = high.assign(drought=[True, False, False])
    assert leading_hazard(parts, both, parts.sum(axis=1)).tolist() == ["drought", "fire", NO_LEADER]


def test_unknown_is_not_none():
    parts = pd.DataFrame({"fire": [np.nan, 0.0]})
    high = pd.DataFrame({"fire": [True, True]})
    assert leading_hazard(parts, high, pd.Series([np.nan, 0.0])).tolist() == ["", NO_LEADER]
    with pytest.raises(MethodError, match="different places"):
        leading_hazard(parts, high.iloc[::-1], pd.Series([np.nan, 0.0]))


def test_the_two_highest_classes_count_as_high_by_the_declared_value():
    assert book().threshold("lists.high_classes").value == 2
    assert stands_high(np.array([0, 3, 4, 5, NO_CLASS]), classes=5, high_classes=2).tolist() == [
        False,
        False,
        True,
        True,
        False,
    ]
    themes = tiny.themes()
    size = themes["flood"].scheme.size
    table = pd.DataFrame({f"class_{name}": [size - 2, size - 1] for name in themes})
    assert high_columns(table, {"flood": themes["flood"]}, high_classes=2)["flood"].tolist() == [False, True]


def test_a_zone_without_a_leader_is_named_without_a_hazard():
    scheme = book().scheme("comprehensive-risk")
    name = zone_name(Text("东部", "Eastern"), code=5, leading=NO_LEADER, scheme=scheme, titles={})
    assert (name.zh, name.en) == ("东部高风险区", "Eastern high-risk zone")
