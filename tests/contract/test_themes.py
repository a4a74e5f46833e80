"""What every hazard promises; a new one in `THEMES` is tested without an edit here."""

import inspect
from dataclasses import replace
from types import MappingProxyType

import fields
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from riskmap.errors import MissingLayerError
from riskmap.hazards import THEMES
from riskmap.model import ClassScheme, Profile, Threshold
from riskmap.standards import layer_specs

UNITS = ("_m", "_km2", "_deg", "_mm", "_a", "_pct", "_people", "_min", "_h", "_count", "_months", "_days", "_m3_s",
         "_stages_m", "_year", "_share", "_degc", "_m_s")  # fmt: skip
THEME = pytest.mark.parametrize("theme", THEMES, ids=lambda one: one.name)
HOLE = (slice(0, 3), slice(0, 4))


@pytest.fixture(scope="module")
def survey():
    """The tiny county with everything that any theme asks for, and a corner outside the county."""
    full = fields.everything()
    mask = full.mask.copy()
    mask[HOLE] = False
    return replace(full, mask=mask)


@pytest.fixture(scope="module")
def results(survey):
    return {theme.name: theme.measure(survey, survey.grid) for theme in THEMES}


def spatial(one):
    return {"y", "x"} <= set(one.dims)


def test_the_list_has_one_of_each():
    assert len({one.name for one in THEMES}) == len(THEMES)


@THEME
def test_layers_stand_in_the_catalogue(theme):
    names = [one.name for one in theme.layers]
    assert len(set(names)) == len(names)
    assert set(theme.required) <= set(names)
    assert all(layer_specs()[one.name] == one for one in theme.layers)


@THEME
def test_profile_scheme_and_thresholds_stand_in_the_book(theme, survey, results):
    book = survey.standards
    assert isinstance(book.scheme(theme.scheme), ClassScheme)
    profile = book.profile(theme.profile)
    assert isinstance(profile, Profile)
    measured = results[theme.name]
    for indicator in profile.indicators:
        assert indicator.factor in measured or indicator.factor in {one.variable for one in theme.factors}
        if indicator.factor in measured and indicator.unit:
            assert measured[indicator.factor].attrs["units"] == indicator.unit
    for key in (*measured.attrs["thresholds"], *(one.threshold for one in theme.closures)):
        assert isinstance(book.threshold(key), Threshold)


@THEME
def test_factors_are_measured_on_the_grid_with_their_units(theme, survey, results):
    measured = results[theme.name]
    assert isinstance(measured, xr.Dataset)
    for factor in theme.factors:
        one = measured[factor.variable]
        assert one.dims[-2:] == ("y", "x")
        assert one.shape[-2:] == survey.grid.shape
        assert one.dtype == np.float32
        assert one.attrs["units"] == factor.unit
        assert one.attrs["title_zh"]
        assert one.attrs["title_en"]
        for axis in ("y", "x"):
            np.testing.assert_array_equal(one[axis], survey.mask[axis])


@THEME
def test_headline_and_closures_name_what_is_measured(theme, survey, results):
    measured = results[theme.name]
    assert theme.headline == "score" or spatial(measured[theme.headline])
    for closure in theme.closures:
        assert spatial(measured[closure.variable])
        assert isinstance(survey.standards.value(closure.threshold), float)
        assert survey.standards.threshold(closure.rule or closure.threshold)
        assert not closure.over or measured[closure.variable].attrs["units"] == "m"


@THEME
def test_something_is_known_inside_and_nothing_outside(theme, results):
    for name, one in results[theme.name].data_vars.items():
        if spatial(one) and one.dtype.kind == "f":
            values = one.to_numpy()
            assert np.isnan(values[(..., *HOLE)]).all(), name
            assert np.isfinite(values).any(), name
            assert not np.isinf(values).any(), name


@THEME
def test_quantities_are_no_scores(theme):
    assert not [one.variable for one in theme.factors if "score" in one.variable]


@THEME
def test_the_product_tells_its_story(theme, results):
    told = results[theme.name].attrs
    for name in ("title_zh", "title_en", "method_zh", "method_en"):
        assert isinstance(told[name], str)
        assert told[name]
    assert isinstance(told["thresholds"], tuple)
    assert isinstance(told["left_out"], tuple)
    assert all(len(row) == 4 and all(isinstance(one, str) and one for one in row) for row in told["left_out"])


@THEME
def test_the_survey_is_not_written_into(theme, survey):
    before = {name: one.data.copy(deep=True) for name, one in survey.layers.items()}
    theme.measure(survey, survey.grid)
    for name, one in before.items():
        if isinstance(one, xr.DataArray):
            xr.testing.assert_identical(one, survey.layers[name].data)
        else:
            pd.testing.assert_frame_equal(pd.DataFrame(one), pd.DataFrame(survey.layers[name].data))


@THEME
def test_same_survey_same_bytes(theme, survey, results):
    xr.testing.assert_identical(theme.measure(survey, survey.grid), results[theme.name])


@THEME
def test_knobs_are_keywords_with_a_default_and_a_unit(theme):
    survey, grid, *knobs = inspect.signature(theme.measure).parameters.values()
    assert (survey.name, grid.name) == ("survey", "grid")
    for knob in knobs:
        assert knob.kind is knob.KEYWORD_ONLY
        assert knob.default is not knob.empty
        assert knob.annotation is not knob.empty
        if "float" in str(knob.annotation) or "int" in str(knob.annotation):
            assert knob.name.endswith(UNITS), f"{knob.name} states no unit"


@THEME
def test_it_measures_with_no_more_than_what_it_requires(theme, survey, results):
    layers = {name: survey.layers[name] for name in theme.required}
    thin = theme.measure(replace(survey, layers=MappingProxyType(layers)), survey.grid)
    assert {one.variable for one in theme.factors} <= set(thin.data_vars)
    if set(theme.required) < {one.name for one in theme.layers}:
        assert len(thin.attrs["left_out"]) > 0
        assert set(thin.attrs["left_out"]) != set(results[theme.name].attrs["left_out"])


@THEME
def test_a_required_layer_that_is_missing_is_named(theme, survey):
    for name in theme.required:
        layers = {key: one for key, one in survey.layers.items() if key != name}
        with pytest.raises(MissingLayerError, match=name):
            theme.measure(replace(survey, layers=MappingProxyType(layers)), survey.grid)
