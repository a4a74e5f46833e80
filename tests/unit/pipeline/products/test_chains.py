"""Chains and hazards that meet, as tables for planners."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import tiny
import xarray as xr

from riskmap.errors import MissingLayerError
from riskmap.model import Assessment, Text
from riskmap.pipeline.assess import _hazard_units
from riskmap.pipeline.products import PRODUCTS, make_product


def assessment(names=("drought", "fire")):
    """Drought grows southward, fire eastward; half of the ground burns."""
    rows, columns = np.mgrid[0 : tiny.SHAPE[0], 0 : tiny.SHAPE[1]]
    score = {"drought": rows / (tiny.SHAPE[0] - 1.0), "fire": columns / (tiny.SHAPE[1] - 1.0)}
    score["drought"][:4] = np.nan
    fuel = xr.Dataset({"fuel_flammability": tiny.raster((rows % 2 * 2.0).astype("float32"), units="rating")})
    themes = {
        "drought": tiny.theme("drought", Text("干旱", "Drought"), "flood-risk-degree", score["drought"]),
        "fire": replace(tiny.theme("fire", Text("火灾", "Fire"), "flood-risk-degree", score["fire"]), measured=fuel),
    }
    themes = MappingProxyType({name: themes[name] for name in names})
    survey = tiny.survey()
    return Assessment(survey=survey, themes=themes, hazard_units=_hazard_units(survey, themes))


def test_tables_by_hand():
    found = assessment()
    tables = {one.name: one for one in make_product("chains", found)}
    drought, fire = (found.themes[one].score.to_numpy() for one in ("drought", "fire"))
    high = drought >= 0.5  # the upper two of four classes
    acts = high & (np.arange(60)[:, None] % 2 == 1)
    row = tables["hazard_chains"].frame.iloc[0]
    assert len(tables["hazard_chains"].frame) == 1
    assert row["county_pct"] == pytest.approx(100 * acts.mean(), abs=0.006)
    assert row["score_before"] == pytest.approx(fire[acts].mean(), abs=6e-4)
    assert row["score_after"] == pytest.approx((1 - (1 - fire) * (1 - 0.3 * drought))[acts].mean(), abs=6e-4)
    assert row["confidence"] == "C"
    meets = tables["hazards_at_once"].frame.set_index("number_high")
    assert meets.loc[2, "county_pct"] == pytest.approx(100 * (high & (fire >= 0.5)).mean(), abs=0.006)
    assert meets["area_km2"].sum() == pytest.approx(30)
    units = tables["chains_by_unit"].frame
    assert units.loc[tiny.CODES[0], "chains"] == ""
    assert units.loc[tiny.CODES[4], "chain_pct"] == pytest.approx(50)
    assert "50%" in units.loc[tiny.CODES[4], "chains"]
    assert units.loc[tiny.CODES[4], "leading"] == "drought"
    assert units["number_high"].is_monotonic_decreasing
    assert units.crs == found.survey.units.crs


def test_every_column_has_a_header_and_codes_have_words():
    assert "chains" in PRODUCTS
    for table in make_product("chains", assessment()):
        assert set(table.frame.columns) - {"geometry"} <= set(table.headers)
        for column in {"cause", "effect", "leading", "confidence"} & set(table.frame.columns):
            assert set(table.frame[column]) - {""} <= set(table.words[column])


def test_chains_without_their_hazard_are_named_and_the_risk_is_left_alone():
    found = assessment()
    before = {name: one.score.to_numpy().copy() for name, one in found.themes.items()}
    (table, *_) = make_product("chains", found)
    told = " ".join(one.en for one in table.notes)
    assert "A slide dams the stream" in told
    assert "do not change" in told
    for name, one in found.themes.items():
        assert np.array_equal(one.score.to_numpy(), before[name], equal_nan=True)


def test_one_hazard_makes_no_chain():
    with pytest.raises(MissingLayerError, match="two hazards"):
        make_product("chains", assessment(("fire",)))
