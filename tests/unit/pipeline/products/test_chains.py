"""Chains and hazards that meet, as tables for planners."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import tiny
import xarray as xr

from riskmap.errors import MissingLayerError
from riskmap.model import NO_CLASS, Assessment, Text
from riskmap.model.county import Confirmation
from riskmap.pipeline.assess import _hazard_units
from riskmap.pipeline.products import PRODUCTS, make_product
from riskmap.pipeline.products.chains import hazards_together
from riskmap.pipeline.publish import rasters
from riskmap.pipeline.tables import database, workbook
from riskmap.standards import confirmed


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


def test_declared_values_stand_beside_the_chain_and_a_county_can_set_its_own():
    found = assessment()
    assert "0.3" in make_product("chains", found)[0].frame["declared"][0]
    own = Confirmation(value=0.9, clause="1", confirmed_by="县局", date="2026-01-01")
    standards = confirmed(found.survey.standards, {"chains.dry_strength": own})
    stronger = replace(found, survey=replace(found.survey, standards=standards))
    (row,) = make_product("chains", stronger)[0].frame.to_dict("records")
    assert "0.9" in row["declared"]
    assert row["score_after"] > make_product("chains", found)[0].frame["score_after"][0]


def test_tables_reach_database_and_workbook():
    found = replace(assessment(), products=tuple(make_product("chains", assessment())))
    assert {"hazard_chains", "hazards_at_once", "chains_by_unit"} <= {one.name for one in database(found)}
    assert {"灾害链", "多灾种叠加", "单元灾害链"} <= set(workbook(found))


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


def test_the_raster_of_leading_hazards_knows_none_from_unknown():
    whole = assessment()
    found = replace(whole, themes={name: replace(one, headline="") for name, one in whole.themes.items()})
    _, leading, _ = rasters(found)["hazards_leading"]
    codes, inside, met = leading.to_numpy(), found.survey.mask.to_numpy(), hazards_together(found)
    none = len(found.themes) + 1
    assert set(np.unique(codes)) <= {*range(1, none + 1), NO_CLASS}
    assert (codes[inside & (met.number == 0) & (met.leading != NO_CLASS)] == none).all()
    assert (codes[inside] == none).any()
    assert (codes[inside & (met.number > 0)] < none).all()
    assert (codes[~inside] == NO_CLASS).all()
