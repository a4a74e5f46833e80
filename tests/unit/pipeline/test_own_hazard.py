"""A hazard that no file of the package knows stands beside those of the house."""

from dataclasses import replace

import fields
import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.hazards import DROUGHT, THEMES, product, spread
from riskmap.model import ClassScheme, Factor, Indicator, Profile, Text, Theme
from riskmap.pipeline import assess
from riskmap.pipeline.publish import edition_key
from riskmap.pipeline.steps import Steps
from riskmap.pipeline.tables import database
from riskmap.standards import layer_spec

NAME = Text("大风", "Wind")


def measure(survey, grid):
    stations = survey.frame("stations")
    mean = survey.frame("weather_daily").groupby("station_id")["wind_m_s"].mean()
    values = mean.reindex(stations["station_id"]).to_numpy(float)
    made = spread("wind_m_s", values, stations, grid=grid, mask=survey.mask, title=NAME, unit="m/s")
    return product(made, title=NAME, method=NAME, thresholds=())


WIND = Theme(
    name="wind", title=NAME, layers=(layer_spec("stations"), layer_spec("weather_daily")), required=("weather_daily",),
    factors=(Factor(variable="wind_m_s", title=NAME, unit="m/s"),), headline="score", scheme="wind", profile="wind",
    measure=measure,
)  # fmt: skip


@pytest.fixture(scope="module")
def survey():
    how = Indicator(factor="wind_m_s", title=NAME, unit="m/s", options={"low": 0, "high": 20})
    profile = Profile(name="wind", title=NAME, indicators=(how,), source="here", confidence="C")
    scheme = ClassScheme(
        name="wind", title=NAME, labels=(Text("低", "Low"), Text("高", "High")), colours=("#eeeeee", "#333333"), edges=(0.1,),
        source="here", confidence="C",
    )  # fmt: skip
    full = fields.everything()
    book = full.standards.with_entries(profiles={"wind": profile}, schemes={"wind": scheme})
    return replace(full, standards=book)


@pytest.fixture(scope="module")
def found(survey):
    return assess(survey, hazards=(DROUGHT, WIND))


def test_it_is_scored_classed_and_joined_to_the_risk(found, survey):
    assert list(found.themes) == ["drought", "wind"]
    wind = found.themes["wind"]
    expected = wind.measured["wind_m_s"] / 20
    np.testing.assert_allclose(wind.score, expected, atol=1e-6)
    assert set(np.unique(wind.classes.where(survey.mask, 1))) <= {1, 2}
    parts = found.risk.units[["part_drought", "part_wind"]].sum(axis=1)
    np.testing.assert_allclose(parts, found.risk.units["index"], rtol=1e-9)
    assert (found.risk.units["part_wind"] > 0).any()


def test_it_has_its_words_in_the_tables(found):
    tables = {one.name: one for one in database(found)}
    assert "大风" in str(tables["risk_units"].headers["score_wind"])
    assert "score_wind" in found.to_frame()
    assert any(str(NAME) in str(one.to_frame().to_string()) for one in found.products)


def test_an_edition_with_it_is_another_one(found, survey):
    alone = replace(found, themes={"drought": found.themes["drought"]})
    assert edition_key(found) != edition_key(alone)


def test_names_must_differ_and_nothing_of_it_is_remembered(survey, tmp_path):
    with pytest.raises(MethodError, match="drought stands twice; give each hazard a name of its own"):
        assess(survey, hazards=(*THEMES, replace(WIND, name="drought")))
    steps = Steps(cache=tmp_path, standards=survey.standards)
    with pytest.raises(MethodError, match="without steps"):
        assess(survey, hazards=(*THEMES, WIND), steps=steps)
