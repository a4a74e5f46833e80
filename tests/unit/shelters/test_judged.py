"""Shelters judged by the clauses of the standards: values at the limit, unknown values, clauses that do not concern."""

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.shelters import shelter_rules
from riskmap.shelters.judged import judged, verdicts
from riskmap.standards import book

RULES, CLAUSES = shelter_rules(book()), book().table("shelters.clauses")


def one(**facts):
    row = {"type": "长期固定", "indoor": True, "threats": 0, "mined_out_m": 900.0, "fault_m": 500.0, "area_m2": 50_000.0,
           "m2_per_person": 4.5, "slope_pct": 7.0, "entrances": 4, "fire_source_m": 30.0, "freeboard_m": 0.5}  # fmt: skip
    frame = pd.DataFrame([row | facts], index=pd.Index(["S1"], name="shelter_id"))
    return judged(frame, CLAUSES, RULES).set_index("clause")["verdict"]


def test_values_at_the_limit_pass():
    found = one()
    assert set(found) == {"pass"}
    assert len(found) == len(CLAUSES)


@pytest.mark.parametrize(
    ("column", "value", "clause"),
    [
        ("threats", 1, "hazard"),
        ("mined_out_m", 0.0, "mined_out"),
        ("fault_m", 499.0, "fault"),
        ("area_m2", 49_999.0, "area"),
        ("m2_per_person", 4.4, "room"),
        ("slope_pct", 7.1, "slope"),
        ("entrances", 3, "entrances"),
        ("fire_source_m", 29.0, "fire_source"),
        ("freeboard_m", 0.4, "freeboard"),
    ],
)
def test_just_beyond_the_limit_fails_that_clause_alone(column, value, clause):
    found = one(**{column: value})
    assert found[clause] == "fail"
    assert (found.drop(clause) == "pass").all()
    assert one(**{column: np.nan})[clause] == "not known"


def test_clauses_that_do_not_concern_are_not_told():
    assert "entrances" not in one(type="紧急", entrances=1)
    assert "fault" not in one(indoor=False, fault_m=10.0)


def test_only_a_pass_is_certain_where_inside_or_outside_is_not_known():
    assert one(indoor=None, fault_m=900.0)["fault"] == "pass"
    assert one(indoor=None, fault_m=10.0)["fault"] == "not known"


def test_limits_are_those_of_the_type():
    frame = pd.DataFrame({"type": ["紧急", "中期固定"], "area_m2": [10.0, 9000.0]}, index=["a", "b"])
    found = judged(frame, CLAUSES, RULES)
    area = found[found["clause"] == "area"]
    assert area["limit"].tolist() == [0.0, 10_000.0]
    assert area["verdict"].tolist() == ["pass", "fail"]


def test_verdicts_are_counted():
    frame = pd.DataFrame({"type": ["紧急"], "slope_pct": [1.0]}, index=["a"])
    counts = verdicts(judged(frame, CLAUSES, RULES))
    assert counts.loc["a", "pass"] == 1
    assert counts.loc["a"].sum() == len(CLAUSES) - 1


def test_a_clause_that_cannot_be_used_is_named():
    frame = pd.DataFrame({"type": ["紧急"]}, index=["a"])
    with pytest.raises(MethodError, match="limit 'girth'"):
        judged(frame, [{"key": "x", "value": "v", "operator": ">", "limit": "girth"}], RULES)
