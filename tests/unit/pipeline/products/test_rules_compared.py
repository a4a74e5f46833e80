"""Every rule is set against every other and against the published class, in words."""

from dataclasses import replace

import pytest
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import NO_CLASS
from riskmap.pipeline.products import make_product
from riskmap.scoring.cells_to_units import RULES


def test_pairs_and_units_are_told_in_words():
    found = tiny.assessment()
    pairs, units = make_product("rules_compared", found)
    names = {"published", *RULES}
    assert len(pairs.frame) == len(names) * (len(names) - 1) / 2
    for column in ("first", "second"):
        assert set(pairs.frame[column]) <= set(pairs.words[column])
    for one in (pairs, units):
        assert all(column in one.headers for column in one.frame.columns if column != "geometry")
    assert any("mean weighted by what is exposed" in one.en for one in pairs.notes)


def test_units_stand_with_the_most_doubtful_first_and_unknown_is_no_class():
    found = tiny.assessment()
    _, units = make_product("rules_compared", found)
    frame = units.frame
    assert frame["class"].to_dict() == found.risk.units["class"].to_dict()
    assert (frame["class"] == NO_CLASS).any()
    classes = frame[["class", *(f"class_by_{rule}" for rule in RULES)]].astype("float64")
    known = classes.where(classes <= found.risk.scheme.size)
    assert frame["spread"].tolist() == (known.max(axis=1) - known.min(axis=1)).tolist()
    assert frame["spread"].tolist() == sorted(frame["spread"], reverse=True)
    assert frame["spread"].iloc[0] > 0


def test_without_risk_there_is_nothing_to_compare():
    with pytest.raises(MissingLayerError, match="no classes to compare"):
        make_product("rules_compared", replace(tiny.assessment(), risk=None))
