"""What a scenario closes, and which clause shuts a shelter out of it."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tiny
from tiny_shelters import MIDDLE, belt, danger, theme, with_shelters

from riskmap.errors import MethodError
from riskmap.maps.words import rule_text
from riskmap.model import Layer
from riskmap.pipeline.columns import words
from riskmap.shelters import (
    Ground,
    assess_shelters,
    demand_points,
    rated_shelters,
    scenarios_of,
    shelter_rules,
    states_of,
    threats,
)
from riskmap.standards import book, layer_spec


def test_an_unsafe_shelter_says_which_clause():
    themes = theme(mask=belt(28, 32)) | theme("fire", belt(0, 60), rule="fire.safe_distance_m", closes="sites")
    found = assess_shelters(with_shelters(MIDDLE, (1250, 1000, "紧急")), themes)
    assert found.shelters["unsafe_for"].tolist() == ["flood, fire", "fire"]
    assert found.shelters["unsafe_why"].tolist() == [
        "flood=shelters.exclusion; fire=fire.safe_distance_m",
        "fire=fire.safe_distance_m",
    ]
    assert found.threats.groupby("scenario").size().to_dict() == {"flood: 20 a": 1, "fire: 20 a": 2}
    told = words(replace(tiny.assessment(), shelters=found), found.shelters)["unsafe_why"]
    text = told["flood=shelters.exclusion; fire=fire.safe_distance_m"]
    assert "行洪和山洪威胁区内不得设置避难场所（GB 55028-2022 特殊设施工程项目规范 第4章）" in text.zh
    assert "50 m (chosen here, no clause)" in text.en
    assert "=" not in text.zh + text.en


def test_a_rule_of_words_and_a_rule_of_numbers_read_as_sentences():
    assert rule_text(book().threshold("shelters.inside_zone")).zh.startswith("位于该灾害范围内的场所")
    assert (
        rule_text(book().threshold("fire.safe_distance_m")).zh == "场所距易燃植被的最小距离 50 m（本系统取值，无条文）"
    )


def test_a_bridge_closes_by_its_own_level_only():
    # the northern half of the road is a bridge over a belt of water; its ground lies at level - depth
    survey = with_shelters((1250, 4900, "长期固定"))
    line = shapely.LineString
    x, north = tiny.WEST_M + 1250, tiny.NORTH_M
    parts = [line([(x, north - a), (x, north - b)]) for a, b in ((1000, 1800), (1800, 2200), (2200, 5000))]
    dem = tiny.relief()[20, 12]
    for deck, open_ in ((dem + 1.9, False), (dem + 2.3, True), (np.nan, True)):
        roads = gpd.GeoDataFrame(
            {"bridge": [False, True, False], "deck_m": [np.nan, deck, np.nan]}, geometry=parts, crs=tiny.CRS
        )
        here = survey.with_layers({"roads": Layer(spec=layer_spec("roads"), data=roads)})
        wet = belt(20, 21)
        themes = theme(mask=wet, closes="edges", depth=wet.astype("float32") * 2.0)
        scenarios = scenarios_of(here, themes)
        places = rated_shelters(here.frame("shelters"), shelter_rules(here.standards))
        ground = Ground.of(here, demand_points(here), places)
        bridge = ground.bridges
        assert bridge.sum() == 1
        usable, _ = states_of(ground, scenarios.values(), places, dem=here.raster("dem"))["flood: 20 a"]
        assert usable[bridge].tolist() == [open_], deck
        assert usable[~bridge].all()
        # without heights the level is not known: the bridge stays open
        assert states_of(ground, scenarios.values(), places)["flood: 20 a"][0][bridge].all()


def test_delivered_danger_areas_are_scenarios_of_their_own():
    survey = danger(with_shelters(MIDDLE), ("山洪危险区", 2800, 3200), ("火场", 3600, 4000))
    scenarios = scenarios_of(survey, {})
    assert list(scenarios) == ["dry", "山洪危险区", "火场", "earthquake"]
    assert int(scenarios["山洪危险区"].mask.sum()) == 4 * 50
    found = assess_shelters(survey, {})
    assert found.shelters["unsafe_why"].tolist() == ["山洪危险区=shelters.exclusion"]
    assert found.titles["火场"].en == "Fire front"
    # people leave a flash flood area on a warning: its roads stay open; a fire front closes them
    assert set(found.roads["closed_in"]) == {"", "火场"}
    assert found.scenarios["shelters_usable"].to_dict() == {"dry": 1, "山洪危险区": 0, "火场": 1, "earthquake": 1}
    table = words(replace(tiny.assessment(), shelters=found), found.shelters)
    assert table["unsafe_for"]["山洪危险区"].en == "Flash flood danger areas"


def test_the_result_keeps_the_zones_of_danger_areas_and_leaves_those_of_hazards_to_them():
    survey = danger(with_shelters(MIDDLE), ("山洪危险区", 2800, 3200))
    themes = theme("flood", belt(0, 10))
    found = assess_shelters(survey, themes)
    assert themes["flood"].scenarios
    assert list(found.danger_zones) == ["山洪危险区"]
    assert (found.danger_zones["山洪危险区"] == scenarios_of(survey, {})["山洪危险区"].mask).all()


def test_each_return_period_of_danger_areas_is_a_scenario():
    survey = danger(tiny.survey(), ("洪水淹没区", 0, 500), ("洪水淹没区", 0, 900), ("洪水淹没区", 5000, 6000))
    areas = survey.frame("danger_areas").assign(return_period_a=[20, 100, np.nan])
    survey = survey.with_layers({"danger_areas": Layer(spec=layer_spec("danger_areas"), data=areas)})
    found = {name: one for name, one in scenarios_of(survey, {}).items() if one.mask is not None}
    cells = {name: int(one.mask.sum()) for name, one in found.items()}
    assert cells == {"洪水淹没区（20年一遇）": 250, "洪水淹没区（100年一遇）": 450, "洪水淹没区": 500}
    assert found["洪水淹没区（20年一遇）"].title.en == "Flooded areas (20-year)"


def test_a_mine_refuge_serves_no_village_unless_the_county_says_so():
    plain = assess_shelters(with_shelters((1250, 3000, "避难硐室")), {})
    assert plain.scenarios["shelters_usable"].tolist() == [0, 0]
    assert plain.scenarios["people_covered"].sum() == plain.flows["people"].sum() == 0
    assert plain.demand["shelter_id"].eq("").all()
    told = shelter_rules(book(), serves={"避难硐室": ("fire",)}).loc["避难硐室", "serves"]
    assert told == ("fire",)
    survey = with_shelters((1250, 3000, "避难硐室"))
    own = survey.county.model_copy(
        update={"shelters": survey.county.shelters.model_copy(update={"serves": {"避难硐室": ("fire",)}})}
    )
    fire = theme("fire", belt(0, 3), closes="sites", rule="fire.safe_distance_m")
    fire |= theme("flood", belt(0, 3), closes="sites")
    usable = assess_shelters(replace(survey, county=own), fire).scenarios["shelters_usable"]
    assert usable.to_dict() == {"dry": 0, "fire: 20 a": 1, "flood: 20 a": 0, "earthquake": 0}
    with pytest.raises(MethodError, match="广场"):
        shelter_rules(book(), serves={"广场": ("fire",)})


def test_shares_of_the_county_stand_beside_or_replace_the_standard():
    share = {"earthquake": {"title": {"zh": "强震", "en": "Strong quake"}, "share": 0.5}}
    share["rain"] = {"title": {"zh": "暴雨", "en": "Rain"}, "share": 0.1, "limit": "time"}
    survey = tiny.survey(shelters={"share": share})
    found = scenarios_of(survey, {})
    assert {name: (one.share, one.by_radius) for name, one in found.items() if one.title} == {
        "earthquake": (0.5, True),
        "rain": (0.1, False),
    }
    assert scenarios_of(tiny.survey(), {})["earthquake"].share == 0.15


def test_nobody_is_threatened_where_no_zone_reaches():
    places = rated_shelters(with_shelters(MIDDLE).frame("shelters"), shelter_rules(book()))
    far = scenarios_of(tiny.survey(), theme(mask=belt(0, 5)))
    assert threats(far.values(), places).empty
