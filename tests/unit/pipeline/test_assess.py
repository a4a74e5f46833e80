"""The hand-made county from checked layers to risk, zones and shelters; what is missing is said."""

from dataclasses import replace
from types import MappingProxyType

import fields
import geopandas as gpd
import numpy as np
import pytest
import tiny

from riskmap.errors import LayerError
from riskmap.model import NO_CLASS, Layer
from riskmap.model.codec import decode, encode
from riskmap.pipeline.assess import assess
from riskmap.pipeline.tables import database, workbook
from riskmap.standards import book, layer_spec


def whole_survey():
    survey = fields.everything()
    villages = survey.frame("villages")
    places = gpd.GeoDataFrame(
        {"code": ["S1"], "name": ["学校"], "type": ["长期固定"], "area_m2": [60000.0]},
        geometry=[villages.geometry.iloc[2]],
        crs=tiny.CRS,
    )
    survey = survey.with_layers({"shelters": Layer(spec=layer_spec("shelters"), data=places)})
    heads = {name: layer for name, layer in survey.layers.items() if name != "population"}
    return replace(survey, layers=MappingProxyType(heads))


@pytest.fixture(scope="module")
def found():
    return assess(whole_survey())


def test_every_hazard_is_measured_classed_and_scored(found):
    assert list(found.themes) == ["landslide", "flood", "drought", "fire"]
    for theme in found.themes.values():
        assert theme.classes.dtype == np.uint8
        score = theme.score.to_numpy()
        known = score[np.isfinite(score)]
        assert known.size
        assert known.min() >= 0
        assert known.max() <= 1
        codes = np.unique(theme.classes)
        assert set(codes[codes != NO_CLASS]) <= set(range(1, theme.scheme.size + 1))
        assert {one.confidence for one in theme.thresholds} <= {"A", "A2", "B", "C"}
        assert theme.title.zh != theme.title.en
    assert "筛查" in found.themes["flood"].title.zh


def test_risk_zones_and_shelters(found):
    units, zones = found.risk.units, found.risk.zones
    assert set(units.index) == set(tiny.CODES)
    assert zones.area.sum() == pytest.approx(units.area.sum(), rel=1e-9)
    assert zones["name"].is_unique
    assert units.loc[tiny.CODES[4], "index_people"] == 0  # nobody lives there: a known zero
    assert found.shelters.demand.loc[tiny.CODES[2], "reason"] == "covered"
    assert "dry" in found.shelters.scenarios.index
    assert len(found.shelters.scenarios) > 1
    assert {f"score_{name}" for name in found.themes} <= set(found.hazard_units.columns)


def test_cells_outside_the_county_are_unknown():
    survey = whole_survey()
    mask = survey.mask.copy()
    mask[:, :10] = False
    found = assess(replace(survey, mask=mask))
    for theme in found.themes.values():
        assert np.isnan(theme.score.to_numpy()[:, :10]).all()
        assert (theme.classes.to_numpy()[:, :10] == NO_CLASS).all()
        assert not any(one.to_numpy()[:, :10].any() for one in theme.scenarios.values())


def test_what_is_missing_is_left_out_with_the_reason():
    found = assess(tiny.survey())
    reasons = {one.product.en: one.reason.en for one in found.left_out}
    assert "fire" not in found.themes
    assert "drought" not in found.themes
    assert any("shelters" in reason for reason in reasons.values())
    assert found.shelters is None
    nothing = replace(tiny.survey(), layers=MappingProxyType({}))
    with pytest.raises(LayerError, match="no hazard can be measured") as caught:
        assess(nothing)
    assert len(caught.value.faults) == 4


def test_result_can_be_stored(found):
    after = decode(encode(found), standards=book())
    assert list(after.themes) == list(found.themes)
    assert after.risk.units["class"].tolist() == found.risk.units["class"].tolist()


def test_tables_spell_classes_out(found):
    sheets = workbook(found)
    risk = sheets["单元综合风险"].frame
    assert "index" not in risk.columns
    labels = {found.risk.scheme.label(code).zh for code in (*range(1, 6), NO_CLASS)}
    assert set(risk["风险等级 Risk class"]) <= labels
    assert not any("_" in str(column) for column in risk.columns), risk.columns.tolist()
    names = [one.name for one in database(found)]
    assert len(names) == len(set(names))
    assert {"risk_units", "risk_zones", "shelters", "facts_thresholds"} <= set(names)
