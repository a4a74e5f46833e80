"""Who reaches a shelter on the hand-made county, told by hand."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
from tiny_shelters import with_shelters

from riskmap.errors import MethodError, MissingLayerError
from riskmap.model import Layer, Text
from riskmap.pipeline.products.evacuation import make as evacuation_tables
from riskmap.pipeline.products.shelter_roads import make
from riskmap.shelters import assess_shelters, parts_in_words, shelter_rules
from riskmap.standards import book, layer_spec


def test_by_hand():
    # villages sit at (1250|3750, 1000|3000|5000) m; the road runs down the west, with an arm to the middle east one
    found = assess_shelters(with_shelters((1250, 3000, "短期固定")), {})
    demand = found.demand
    assert demand["distance_m"].round(3).tolist()[:1] == [2000.0]
    assert demand.loc[tiny.CODES[2], "distance_m"] == pytest.approx(0, abs=1e-3)
    assert demand.loc[tiny.CODES[2], "covered"]
    assert demand.loc[tiny.CODES[3], "distance_m"] == pytest.approx(2500)
    assert demand.loc[tiny.CODES[3], "reason"] == "too far"
    assert demand.loc[tiny.CODES[3], "radius_m"] == 1000  # GB 51143: short-term shelters
    assert np.isnan(demand.loc[tiny.CODES[1], "radius_m"])
    # down a valley side of 8 m in 100, over a flat floor of 100 m, up the other side; Tobler scaled to 4 km/h
    down, up = (4 * np.exp(3.5 * (0.05 - abs(slope + 0.05))) for slope in (-0.08, 0.08))
    assert demand.loc[tiny.CODES[3], "time_min"] == pytest.approx((1.2 / down + 0.1 / 4 + 1.2 / up) * 60, rel=1e-3)
    # by car: 2.5 km of village road at 20 km/h, for people who walk slowly 4 / 1.8 times as long as on foot
    assert demand.loc[tiny.CODES[3], "drive_min"] == pytest.approx(7.5, abs=0.01)
    assert demand["slow_min"].to_numpy() == pytest.approx(demand["time_min"].to_numpy() * 4 / 1.8, nan_ok=True)
    assert np.isnan(demand.loc[tiny.CODES[1], "drive_min"])
    assert np.isnan(demand.loc[tiny.CODES[3], "second_min"])
    assert demand.loc[tiny.CODES[2], "room_per_head"] == pytest.approx(1500 / 90)
    assert demand.loc[tiny.CODES[3], "room_per_head"] == 0
    assert demand.loc[tiny.CODES[1], "reason"] == "no road"
    assert np.isnan(demand.loc[tiny.CODES[1], "distance_m"])
    assert demand.loc[tiny.CODES[4], "reason"] == "no people"
    assert found.shelters["people_in_reach"].tolist() == [90]
    assert found.shelters["capacity_people"].tolist() == [1500]
    assert found.shelters["unit_id"].tolist() == [tiny.CODES[2]]
    total = found.scenarios[["people_covered", "people_uncovered"]].sum(axis=1)
    assert (total == 4140).all()


def test_roads_in_words_for_none_one_and_many():
    found = assess_shelters(with_shelters((1250, 3000, "短期固定")), {})
    said = [str(one) for one in found.notes]
    assert not any("1 个互不连通" in one or "0 个" in one or "0 shelters" in one for one in said)
    assert "路网全部连通" in said[0]
    assert "2 个村（社区）附近没有道路 2 villages have no road near" in said
    far = assess_shelters(with_shelters((1250, 3000, "短期固定"), (4900, 100, "紧急")), {})
    assert any("2 villages and 1 shelter have no road near" in str(one) for one in far.notes)
    assert any("不可相减" in one for one in said)
    assert str(parts_in_words(3)).startswith("路网分为 3 个")


def test_a_larger_shelter_farther_away_covers():
    places = ((1250, 1700, "紧急"), (1250, 3000, "长期固定"))
    found = assess_shelters(with_shelters(*places), {})
    first = found.demand.loc[tiny.CODES[0]]
    assert first["shelter_id"] == "S1"
    assert first["covered"]
    assert first["distance_m"] == pytest.approx(2000)
    assert first["second_id"] == "S0"
    assert first["second_min"] < first["time_min"]


def test_a_flood_closes_road_and_shelter():
    from dataclasses import replace

    survey = with_shelters((1250, 3000, "长期固定"))
    rows = np.arange(tiny.SHAPE[0])[:, None] * np.ones(tiny.SHAPE[1])[None]
    flood = tiny.themes()["flood"]
    cut = tiny.raster(rows == 40)
    over = replace(
        flood, scenarios=MappingProxyType({"flood 20 a": cut}), scenario_closes=MappingProxyType({"flood 20 a": "both"})
    )
    found = assess_shelters(survey, {"flood": over})
    assert found.scenarios.loc["dry", "people_covered"] == 1200 + 90 + 450
    # row 40 is 4,000-4,100 m south: it cuts off only the village at 5,000 m, which has no people
    assert found.scenarios.loc["flood 20 a", "people_covered"] == 1740
    assert (found.roads["closed_in"] == "flood 20 a").sum() == 1
    drowned = replace(over, scenarios=MappingProxyType({"flood 20 a": tiny.raster((rows >= 29) & (rows <= 31))}))
    found = assess_shelters(survey, {"flood": drowned})
    assert found.scenarios.loc["flood 20 a", ["people_covered", "shelters_usable"]].tolist() == [0, 0]
    assert found.shelters["unsafe_for"].tolist() == ["flood"]


def test_adding_a_shelter_never_lowers_coverage():
    one = assess_shelters(with_shelters((1250, 3000, "短期固定")), {})
    two = assess_shelters(with_shelters((1250, 3000, "短期固定"), (1250, 1100, "紧急")), {})
    assert two.scenarios.loc["dry", "people_covered"] > one.scenarios.loc["dry", "people_covered"]


def test_people_may_be_handed_in():
    people = pd.Series(10.0, index=tiny.CODES)
    found = assess_shelters(with_shelters((1250, 3000, "短期固定")), {}, people=people)
    assert found.scenarios.loc["dry", "people_covered"] == 10


def test_missing_layers_and_wrong_types():
    with pytest.raises(MissingLayerError, match="shelters"):
        assess_shelters(tiny.survey(), {})
    with pytest.raises(MethodError, match="allowed: 紧急"):
        shelter_rules(book(), radius_m={"广场": 3.0})
    own = assess_shelters(with_shelters((1250, 3000, "短期固定"), radius_m={"短期固定": 2600.0}), {})
    assert own.demand.loc[tiny.CODES[3], "covered"]


def test_the_road_that_all_hang_on_and_the_land_within_minutes():
    found = assess_shelters(with_shelters((1250, 3000, "长期固定")), {})
    worst = found.critical.iloc[0]
    assert worst["people_cut_off"] == found.critical["people_cut_off"].max() > 0
    assert (found.critical["people_on_it"] >= found.critical["people_cut_off"]).all()
    assert found.areas.index.tolist() == [10.0, 20.0, 30.0]
    assert found.areas["area_km2"].is_monotonic_increasing
    (roads, areas) = make(replace(tiny.assessment(), shelters=found))
    assert len(roads.frame) == len(found.critical)
    assert roads.frame["extra_min"].notna().all()
    assert areas.headers["limit"].en.startswith("On foot")


def moved(*places, people=None, themes=None, threatened=None):
    found = assess_shelters(with_shelters(*places), themes or {}, people=people, threatened=threatened)
    assert set(found.evacuated["time"]) == {"resident"}
    table = found.evacuated.drop(columns="time").set_index(["scenario", "unit_id"])
    assert (table["people"] == table["assigned"] + table["unassigned"]).all()
    assert found.flows["people"].sum() == table["assigned"].sum()
    return found, table


def test_a_full_shelter_leaves_people_out_and_says_so():
    # 3000 m2 of a short-term shelter hold 1500; 1600 live at its door
    people = pd.Series([0, 0, 1600, 0, 0, 0], index=tiny.CODES)
    found, table = moved((1250, 3000, "短期固定"), people=people)
    row = table.loc[("dry", tiny.CODES[2])]
    assert (row["assigned"], row["unassigned"], row["reason"]) == (1500, 100, "no room")
    assert found.scenarios.loc["dry", ["people_to_move", "people_assigned", "people_unassigned"]].tolist() == [
        1600,
        1500,
        100,
    ]


def test_only_the_threatened_leave_and_closed_roads_cut_them_off():
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[18:22] = True  # a belt across the road between the first and the second row of villages
    theme = tiny.theme("flood", Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    theme = replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": "both"})
    threatened = {"flood: 20 a": pd.Series([400.4, 0, 90, 0, 0, 0], index=tiny.CODES)}
    found, table = moved((1250, 3000, "短期固定"), themes={"flood": theme}, threatened=threatened)
    scenario = table.loc["flood: 20 a"]
    assert scenario.loc[tiny.CODES[2], "reason"] == "covered"
    assert scenario.loc[tiny.CODES[0]].tolist() == [400, 0, 400, "cut off"]
    left, flows = evacuation_tables(replace(tiny.assessment(), shelters=found))
    assert left.words["reason"]["cut off"].zh == "道路被灾害中断"
    assert flows.frame["shelter"].notna().all()


def test_a_shelter_inside_the_zone_takes_nobody_in():
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[28:32] = True  # the ground of the shelter; roads stay open
    theme = tiny.theme("flood", Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    theme = replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": "sites"})
    threatened = {"flood: 20 a": pd.Series([0, 0, 90, 0, 0, 0], index=tiny.CODES)}
    _, table = moved((1250, 3000, "短期固定"), themes={"flood": theme}, threatened=threatened)
    row = table.loc[("flood: 20 a", tiny.CODES[2])]
    assert (row["assigned"], row["unassigned"], row["reason"]) == (0, 90, "unsafe")


def test_a_way_round_that_takes_too_long_is_no_way():
    survey = with_shelters((1250, 3000, "短期固定"))
    x, y = tiny.WEST_M, tiny.NORTH_M
    corners = [(1250, 1000), (4700, 1000), (4700, 3000), (3750, 3000)]
    detour = shapely.LineString([(x + east, y - south) for east, south in corners])
    roads = survey.frame("roads")
    more = gpd.GeoDataFrame({"code": ["C2"], "name": ["绕行"], "class": ["村道"]}, geometry=[detour], crs=tiny.CRS)
    roads = pd.concat([roads, more], ignore_index=True)
    survey = survey.with_layers({"roads": Layer(spec=layer_spec("roads"), data=roads)})
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[18:22, :20] = True  # the short way only; the other is 9 km, more than two hours
    theme = tiny.theme("flood", Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    theme = replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": "both"})
    threatened = {"flood: 20 a": pd.Series([400, 0, 0, 0, 0, 0], index=tiny.CODES)}
    found = assess_shelters(survey, {"flood": theme}, threatened=threatened)
    row = found.evacuated.set_index(["scenario", "unit_id"]).loc[("flood: 20 a", tiny.CODES[0])]
    assert (row["assigned"], row["reason"]) == (0, "cut off")
    # a bus drives it in time
    assert found.fleet.loc["flood: 20 a", ["people", "left"]].tolist() == [400, 0]
    assert found.buses["there_min"].item() == pytest.approx((3.45 + 2 + 3.45) / 20 * 60, rel=0.01)
