"""The hand-made county fits the nouns that it stands for."""

from dataclasses import fields

import tiny


def test_assessment_is_whole(tiny_assessment):
    for one in fields(tiny_assessment):
        assert getattr(tiny_assessment, one.name) is not None or one.name in {"hazard_units", "exposed"}
    assert set(tiny_assessment.risk.units.index) == set(tiny.CODES)
    assert tiny_assessment.survey.grid.shape == tiny.SHAPE
    assert tiny_assessment.themes["flood"].classes.odc.geobox == tiny_assessment.survey.grid
