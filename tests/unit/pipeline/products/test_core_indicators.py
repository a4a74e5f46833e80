"""The plan's indicators: its own targets, else the national ones, with counts beside rates and the gaps told."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny
import tiny_exposure

from riskmap.errors import MethodError, MissingLayerError
from riskmap.pipeline.products import make_product
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.core_indicators import make

PLAN = {"name": {"zh": "小河县规划", "en": "Plan of Tiny"}, "first_year": 2021, "last_year": 2024}


def losses():
    return pd.DataFrame(
        {
            "date": pd.to_datetime(["2019-07-01", "2021-07-01", "2021-08-02", "2023-06-01"]),
            "theme": "洪涝",
            "deaths_people": [9.0, 1, 0, 0],
            "affected_people": [900.0, 100, 200, np.nan],
            "loss_yuan": [9e9, 1e6, 2e6, 4e6],
            "relief_hours": [np.nan, 8.0, 12.0, 6.0],
        }
    )


def found(**settings):
    made = tiny.assessment(**settings)
    return replace(
        made, survey=tiny_exposure.with_layers(made.survey, losses=losses(), yearbook=tiny_exposure.yearbook())
    )


def test_own_targets_go_before_the_national_ones():
    plan = {**PLAN, "deaths_per_million": 40.5, "relief_hours": 24.0}
    by_rate = make(found(plan=plan))[0].frame.set_index("rate")
    # 8,280 people in the yearbook of the tiny county; 2021 to 2023 are recorded, 2024 is not
    assert by_rate.loc["deaths_per_million", "mean"] == pytest.approx(1e6 / 8280 / 3)
    assert by_rate.loc["deaths_per_million", ["count", "years", "target", "met"]].tolist() == [1, 3, 40.5, "yes"]
    assert by_rate.loc["deaths_per_million", "source"] == "小河县规划 Plan of Tiny"
    assert by_rate.loc["affected_per_100000", "target"] == 15000
    assert "国减发" in by_rate.loc["affected_per_100000", "source"]
    assert "未核实" in by_rate.loc["loss_share_pct", "source"]
    assert by_rate.loc["relief_share_pct", ["mean", "met"]].tolist() == [100, "yes"]
    assert by_rate.loc["relief_share_pct", "source"] == "小河县规划 Plan of Tiny"
    strict = make(found(plan=PLAN))[0].frame.set_index("rate")
    assert strict.loc["relief_share_pct", ["mean", "met"]].tolist() == [75, "no"]


def test_people_and_gdp_by_year_go_before_the_yearbook():
    plan = {**PLAN, "people": {"2021": 1e6}, "gdp_yuan": {"2021": 1e8}}
    series = make(found(plan=plan))[1].frame
    assert series.loc[2021, "deaths_per_million"] == 1
    assert series.loc[2021, "loss_share_pct"] == pytest.approx(3)
    assert series.loc[2022, "people"] == 8280
    assert series.loc[2022, "loss_yuan"] == 0
    assert np.isnan(series.loc[2024, "loss_yuan"])
    assert np.isnan(series.loc[2023, "affected_people"])


def test_gaps_and_definitions_are_told():
    notes = " ".join(one.en for one in make(found())[0].notes)
    for part in (
        "national targets",
        "one figure of the yearbook",
        "unknown: 2024, 2025",
        "1 records without",
        "within 10 hours",
    ):
        assert part in notes


def test_it_is_a_product_with_words():
    table, series = make_product("core_indicators", found(plan=PLAN))
    assert set(table.frame["met"]) <= set(table.words["met"])
    assert {*series.frame.columns, "year"} <= set(series.headers)
    assert "小河县规划" in table.title.zh


def test_what_is_missing_or_wrong_is_said():
    with pytest.raises(MissingLayerError, match="loss history"):
        make(tiny.assessment())
    made = tiny.assessment()
    bare = replace(made, survey=tiny_exposure.with_layers(made.survey, losses=losses()))
    with pytest.raises(MissingLayerError, match="neither people nor GDP"):
        make(bare)
    with pytest.raises(MethodError, match="last_year 2020"):
        make(found(plan={**PLAN, "last_year": 2020}))


def test_the_missing_stand_in_the_sum_where_they_count_as_deaths(monkeypatch):
    made = tiny.assessment(plan=PLAN)
    kind = type(made.survey.standards)
    value = kind.value
    monkeypatch.setattr(kind, "value", lambda own, key: 1.0 if key == "plan.count_missing" else value(own, key))
    one = losses().assign(missing_people=[0.0, 2, 0, 0])
    layers = {"losses": one, "yearbook": tiny_exposure.yearbook()}
    table, series = make(replace(made, survey=tiny_exposure.with_layers(made.survey, **layers)))
    row = table.frame.set_index("rate").loc["deaths_per_million"]
    assert row["count"] == 3
    assert row["mean"] == pytest.approx(3e6 / 8280 / 3)
    assert series.frame.loc[2021, ["deaths_people", "missing_people"]].tolist() == [1, 2]
    assert {"plan.count_missing", "plan.relief_hours"} <= {used.key for used in table.thresholds}


def test_why_it_is_left_out_is_said_in_both_languages():
    with pytest.raises(AbsentError, match="history") as caught:
        make(tiny.assessment())
    assert caught.value.reason.zh == "没有历史灾情图层"
