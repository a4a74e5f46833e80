"""Units are named by what they are."""

from dataclasses import replace

import pandas as pd
import province
import tiny

from riskmap.maps.unit_words import unit_words
from riskmap.maps.web.atlas import assessment_map


def one(survey):
    return unit_words(survey).one.en


def test_villages_cells_townships_and_the_county():
    made = tiny.survey()
    none = made.townships.iloc[:0]
    assert one(made) == "village"
    assert one(tiny.survey(units="grid30s")) == "survey cell"
    townships = made.townships.set_index(pd.Index(["140930100000", "140930101000"], name="unit_id"))
    assert one(replace(made, units=townships, townships=none)) == "township"  # they stand in for villages
    assert one(replace(made, units=made.townships.iloc[:1], townships=none)) == "county"


def test_a_province_tells_of_townships():
    document = assessment_map(province.province(), pixels=50_000).document
    assert document["layers"][0]["title"].zh == "乡镇综合风险"
    strings = document["strings"]
    assert (strings["ovTownships"].zh, strings["search"].en) == ("县界", "Find a township, county or code")
    assert not [name for name, text in strings.items() if "村" in text.zh or "village" in text.en.lower()]


def test_a_county_tells_of_villages():
    document = assessment_map(tiny.assessment()).document
    assert document["layers"][0]["title"].en == "Comprehensive risk, by village"
    assert document["strings"]["search"].zh == "查找村（社区）、乡镇或代码"
    left = [text for text in document["strings"].values() if "{unit" in text.zh or "{above" in text.zh]
    assert left == []
