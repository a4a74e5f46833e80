"""Hazards measured anew with other knobs, in the sensitivity of the index."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import xarray as xr
from doubtful import assessment

from riskmap.errors import MethodError
from riskmap.hazards import FLOOD, THEMES
from riskmap.pipeline.knobs import knobs_of
from riskmap.pipeline.products.sensitivity import knob_trials, sensitivity_table
from riskmap.pipeline.products.unit_index import unit_index
from riskmap.standards import book

DEPTHS = {"held": 0.5, "zero": 2.0}  # scores 0.5 and 1.0 by the knots of the profile
ATTRS = {"title_zh": "洪水", "title_en": "Flood", "method_zh": "试", "method_en": "trial", "thresholds": ()}


def measure(survey, grid, *, tail="held"):
    if tail not in DEPTHS:
        raise MethodError(f"tail {tail}")
    depth = tiny.raster(np.full(tiny.SHAPE, DEPTHS[tail], "float32"), units="m")
    return xr.Dataset({"equivalent_depth_m": depth}, attrs=ATTRS)


def flat(survey, grid, *, tail="held"):
    if tail == "zero":
        raise MethodError("no such tail here")
    return measure(survey, grid)


@pytest.fixture
def tried(monkeypatch):
    def find(how, **settings):
        found = assessment(scoring={"try_knobs": True}, **settings)
        fake = (replace(FLOOD, required=(), measure=how, closures=()),)
        monkeypatch.setitem(knob_trials.__globals__, "THEMES", fake)
        return found, unit_index(found)

    return find


def test_every_setting_is_measured_once_and_brought_to_the_units(tried):
    found, whole = tried(measure)
    trials = knob_trials(found, whole)
    assert list(trials.inputs) == ["knob/flood/tail"]
    assert trials.measured == 2
    assert trials.refused == ()
    for tail, score in (("held", 0.5), ("zero", 1.0)):
        array = trials.of({"knob/flood/tail": tail})["flood"]
        assert array.shape == (len(whole.model.objects), len(whole.model.units))
        np.testing.assert_allclose(array[np.isfinite(array)], score, atol=1e-6)
    changed = whole.model({"hazard": trials.of({"knob/flood/tail": "zero"})})
    by_hand = replace(whole.model, hazard=np.stack([trials.hazards["flood"][("zero",)], *whole.model.hazard[1:]]))
    np.testing.assert_array_equal(changed, by_hand())


def test_a_knob_stands_in_the_table_of_sensitivity(tried):
    found, whole = tried(measure)
    table = sensitivity_table(found, whole, {})
    row = table.frame[table.frame["input"].str.contains("Flood beyond")]
    assert len(row) == 1
    assert float(row["total"].iloc[0]) > 0.05
    assert any("anew 2 times" in one.en for one in table.notes)


def test_a_setting_that_is_refused_is_told_and_a_knob_with_one_left_is_no_input(tried):
    found, whole = tried(flat)
    trials = knob_trials(found, whole)
    assert trials.inputs == {}
    assert trials.hazards == {}
    assert ["no such tail here" in one.en for one in trials.refused] == [True]
    assert trials.of({}) == {}


def test_nothing_is_measured_unless_asked(tried):
    found, whole = tried(measure)
    plain = replace(found, survey=replace(found.survey, county=tiny.county()))
    assert knob_trials(plain, whole).measured == 0


def test_declared_knobs_are_those_of_the_signatures():
    themes = {one.name: one for one in THEMES}
    for row in book().table("robustness.knobs"):
        allowed = knobs_of(themes[row["hazard"]])
        assert row["knob"] in allowed
        assert set(row["options"]) <= set(allowed[row["knob"]].__args__)
        assert len(row["options"]) > 1
