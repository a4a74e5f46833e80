"""Why a unit stands in its class: what is high there, and what there is of it beside the middle of the county."""

import numpy as np
import pandas as pd
import pytest
import tiny

from riskmap.model import NO_CLASS
from riskmap.pipeline.products import make_product
from riskmap.pipeline.products.why_words import beside_the_county, why_sentences
from riskmap.scoring.beside_median import beside_median


def test_beside_the_median_by_hand():
    found = beside_median(pd.DataFrame({"roads": [1.0, 2.0, 6.0, np.nan], "none": [0.0, 0.0, 0.0, 5.0]}))
    assert found["roads"].tolist() == pytest.approx([0.5, 1.0, 3.0, np.nan], nan_ok=True)
    assert found["none"].isna().all()


def test_amounts_stand_beside_the_median_of_the_county():
    found = tiny.assessment()
    risk = found.risk
    beside = beside_the_county(risk)
    people = risk.exposure["people"]
    assert beside["amount_people"].to_numpy() == pytest.approx((people / people.median()).to_numpy(), nan_ok=True)
    frame = make_product("why", found)[0].frame
    pd.testing.assert_frame_equal(frame[list(beside)], beside.reindex(frame.index))


def test_the_sentence_tells_what_is_high_and_how_much_there_is():
    found = tiny.assessment()
    table = make_product("why", found)[0]
    first = table.frame.iloc[0]
    unit = table.frame.index[0]
    assert found.risk.units.loc[unit, "class_flood"] >= found.themes["flood"].scheme.size - 1
    assert first["reason_zh"].startswith("处于高等级的灾种：")
    assert "洪水" in first["reason_zh"].split("；")[0]
    assert "flood" in first["reason_en"].split(";")[0]
    times = table.frame.loc[unit, "amount_people"]
    assert f"人口为全县中位数的 {times:.2g} 倍" in first["reason_zh"]
    assert f"the amount is {times:.2g} times the county median" in first["reason_en"]
    assert set(table.frame) <= set(table.headers)


def test_where_no_hazard_is_high_it_says_so():
    whole = tiny.assessment()
    units = whole.risk.units
    for one in whole.themes:
        units[f"class_{one}"] = np.uint8(1)
    frame = make_product("why", whole)[0].frame
    known = units["class"].reindex(frame.index) != NO_CLASS
    assert frame.loc[known, "reason_zh"].str.startswith("没有灾种处于高等级；").all()
    assert frame.loc[known, "reason_en"].str.startswith("No hazard is in a high class; ").all()
    assert (frame.loc[~known, "reason_zh"] == "资料不足，未定等级。").all()


def told(shares, amounts):
    found = tiny.assessment()
    unit = found.risk.units.index[0]
    parts = pd.DataFrame([{name: 0.5 * one for name, one in shares.items()}], index=[unit])
    beside = pd.DataFrame([{f"amount_{name}": one for name, one in amounts.items()}], index=[unit])
    return why_sentences(found, parts, beside)[0]


def test_what_is_far_above_the_county_is_named_though_its_share_is_not_the_largest():
    shares = {"roads": 0.4, "crops": 0.3, "houses": 0.14, "people": 0.12, "gdp": 0.04}
    # as a village of the demo county: 5.4 times the people, 5.2 times the houses; the economy counts too little
    amounts = {"roads": 1.2, "crops": 0.95, "houses": 5.2, "people": 5.4, "gdp": 9.0}
    said = told(shares, amounts)
    assert said.zh.endswith("；其他承灾体中高于全县中位数最多的是人口（5.4 倍）、房屋（5.2 倍）。")
    assert said.en.endswith("; of the others furthest above the county median: people (5.4 times), houses (5.2 times).")
    assert "; roads: 40% of the index, the amount is 1.2 times the county median; " in said.en
    usual = told(shares, {**amounts, "houses": 1.1, "people": np.nan})
    assert "其他承灾体" not in usual.zh
    assert "of the others" not in usual.en
