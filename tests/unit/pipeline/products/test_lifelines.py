"""Lifelines of the tiny county: classes, scenarios, the roads that most hang on, and words that a planner can read."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny

from riskmap.errors import CountyFileError, MissingLayerError
from riskmap.loaders.county_decisions import refuse_lost_seat
from riskmap.model import Layer, LayerSource
from riskmap.pipeline.products import make_product
from riskmap.pipeline.products.lifeline_ground import lifeline_ground
from riskmap.standards import layer_spec

# Seats lie at (1250 or 3750, 1000, 3000 or 5000 m south of the corner); the state road runs south along the western ones
# (villages 1, 3, 5), a village road east from the third to the fourth. The second and the sixth have no road near.
ONE, TWO, THREE, FOUR, FIVE, SIX = tiny.CODES


def layer(kind, points, /, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=[shapely.Point(*one) for one in points], crs=tiny.CRS)
    return {kind: Layer(spec=layer_spec(kind), data=frame, source=LayerSource(path="x", sha256="0" * 64))}


def roads(*lines, **columns):
    shapes = [shapely.LineString([at(*one) for one in line]) for line in lines]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=tiny.CRS)
    return {"roads": Layer(spec=layer_spec("roads"), data=frame, source=LayerSource(path="x", sha256="0" * 64))}


def at(east_m, south_m):
    return tiny.WEST_M + east_m, tiny.NORTH_M - south_m


def clinic(*points):
    return layer("clinics", [at(*one) for one in points], code=[f"C{n}" for n in range(len(points))], name="卫生院")


def county(layers, *, themes=None, **settings):
    found = tiny.assessment()
    survey = replace(found.survey, layers={k: v for k, v in found.survey.layers.items() if k != "shelters"})
    survey = replace(survey, county=survey.county.model_copy(update=settings))
    return replace(found, survey=survey.with_layers(layers), themes=themes or {})


def flood(closes, row):
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[row] = True
    theme = tiny.theme("flood", tiny.Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    return {"flood": replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": closes})}


def tables(assessment):
    return {one.name: one for one in make_product("lifelines", assessment)}


def test_classes_by_hand():
    made = tables(county(clinic((1250, 1000))))
    rows = made["lifeline_ways"].frame.set_index("unit_id")
    # the clinic stands in the first village: nothing to lose; the state road is the only one to the others
    label = {
        code: made["lifeline_ways"].schemes["ways_class"].label(int(rows.loc[code, "ways_class"])).zh
        for code in rows.index
    }
    assert label == {
        ONE: "三条及以上通路", TWO: "无路可达", THREE: "全系于一段路", FOUR: "全系于一段路", FIVE: "全系于一段路", SIX: "无路可达"
    }  # fmt: skip
    assert rows.loc[[THREE, FOUR, FIVE], "lone_km"].tolist() == pytest.approx([2.0, 4.5, 4.0])
    assert rows.loc[[THREE, FOUR, FIVE], "lone_road"].tolist() == ["国道", "村道", "国道"]
    assert rows.loc[[ONE, TWO, FOUR], "after"].tolist() == ["near", "none", "cut"]
    total = made["lifelines"].frame.iloc[0]
    assert total[[f"people_{n}" for n in (4, 3, 2, 1)]].tolist() == [300 + 2100, 90 + 450 + 0, 0, 1200]
    assert total[[f"villages_{n}" for n in (4, 3, 2, 1)]].tolist() == [2, 3, 0, 1]


def test_a_ring_gives_two_ways_and_the_longer_one_is_told():
    ring = roads(
        [(1250, 1000), (1250, 3000)], [(1250, 1000), (2250, 1000), (2250, 3000), (1250, 3000)],
        name=["近", "远"], **{"class": ["省道", "村道"]},
    )  # fmt: skip
    row = tables(county(ring | clinic((1250, 1000))))["lifeline_ways"].frame.set_index("unit_id").loc[THREE]
    # 2 km at 50 km/h against 4 km at 20 km/h
    assert row["minutes"] == pytest.approx(2.4)
    assert (row["after"], row["worst_road"]) == ("round", "近")
    assert row["extra_min"] == pytest.approx(12 - 2.4)
    assert row["ways_class"] == 2


def test_roads_by_the_people_who_hang_on_them():
    frame = tables(county(clinic((1250, 1000))))["lifeline_roads"].frame
    # the state road as far as the third village carries 90 + 450 people, the road east of it 450
    assert frame[["road", "people_cut_off", "people_isolated", "length_m"]].to_numpy().tolist()[:2] == [
        ["国道", 540, 540, 2000],
        ["村道", 450, 450, 2500],
    ]
    assert frame.geometry.iloc[1].length == pytest.approx(2500)
    assert frame["place"].iloc[0] in {"甲村", "丙村"}


def test_a_second_clinic_near_is_told_with_what_both_share():
    rows = tables(county(clinic((1250, 1000), (1250, 3000))))["lifeline_ways"].frame.set_index("unit_id")
    assert rows.loc[FOUR, ["lone_km", "shared_km"]].tolist() == [2.5, 2.5]
    assert rows.loc[FIVE, "second_min"] == pytest.approx(4.0)
    assert rows.loc[ONE, "shared_km"] == 0


def test_what_each_scenario_leaves():
    wet = flood("edges", slice(19, 21))  # water over the state road between the first and the third village
    made = tables(county(clinic((1250, 1000), (3750, 3000)) | layer(
        "fire_stations", [at(1250, 1000)], code=["F"], name=["站"]
    ), themes=wet))  # fmt: skip
    frame = made["lifeline_scenarios"].frame.set_index("scenario")
    assert frame.loc["dry", ["people_all", "people_fewer", "people_none", "people_never"]].tolist() == [
        1740,
        0,
        0,
        2400,
    ]
    wet = frame.loc["flood: 20 a"]
    assert wet[["people_all", "people_fewer", "people_none", "people_never"]].tolist() == [1200, 540, 0, 2400]
    assert wet[["reach_clinics", "reach_fire_stations"]].tolist() == [1740, 1200]
    left = made["lifeline_villages"].frame.set_index("unit_id")
    assert left.loc[[ONE, TWO, FOUR], "left_0"].tolist() == [2, 0, 2]
    assert left.loc[[ONE, TWO, FOUR], "left_1"].tolist() == [2, 0, 1]
    assert left.loc[[ONE, FOUR], ["left_fewest", "worst_in"]].to_numpy().tolist() == [[2, ""], [1, "flood: 20 a"]]
    lost = made["lifeline_ways"].frame.set_index(["unit_id", "lifeline"])["closed_in"]
    assert lost[FOUR].to_dict() == {"clinics": "", "fire_stations": "flood: 20 a"}


def test_a_threatened_site_is_lost_too():
    frame = tables(county(clinic((3750, 3000)), themes=flood("sites", slice(28, 32))))["lifeline_scenarios"].frame
    assert frame["reach_clinics"].tolist() == [1740, 0]
    assert frame["people_none"].tolist() == [0, 1740]


def test_what_takes_every_lifeline_at_once():
    store = layer("relief_stores", [at(1250, 5000)], code=["R"], name=["库"], level=["县级"])
    rows = tables(county(clinic((1250, 1000)) | store))["lifeline_villages"].frame.set_index("unit_id")
    # the fourth loses both on the village road alone; the third loses the one to the north and the other to the south
    assert rows.loc[[THREE, FOUR], "isolating_km"].tolist() == [0, 2.5]
    assert rows.loc[FOUR, "isolating_road"] == "村道"
    assert rows.loc[[ONE, THREE, FOUR], "hanging"].tolist() == [1, 2, 2]


def test_the_way_out_is_where_a_road_leaves():
    out = roads(
        [(1250, 1000), (1250, 3000)], [(1250, 3000), (-500, 3000)], [(1250, 5000), (10, 5000)], [(3750, 1000), (100, 1000)],
        **{"class": ["国道", "国道", "县道", "步行道"]},
    )  # fmt: skip
    (case,) = lifeline_ground(county(out)).cases
    assert case.name == "way_out"
    assert sorted(shapely.get_coordinates(case.sites.geometry).tolist()) == sorted(
        [list(at(-500, 3000)), list(at(10, 5000))]
    )
    assert case.sites["name"].tolist() == ["往西县"] * 2
    inside = county(clinic((1250, 1000)))
    assert any("没有道路到达县界" in one.zh for one in lifeline_ground(inside).absent)


def test_the_county_seat_is_told_by_county_toml():
    found = lifeline_ground(county({}, seat=ONE))
    assert [(one.name, one.sites["name"].tolist()) for one in found.cases] == [("seat", ["甲村"])]
    refuse_lost_seat(tiny.county(seat=ONE), pd.Index(tiny.CODES))
    with pytest.raises(CountyFileError, match="seat: '999' is no unit"):
        refuse_lost_seat(tiny.county(seat="999"), pd.Index(tiny.CODES))


def test_people_who_are_not_known_are_told():
    found = county(clinic((1250, 1000)))
    villages = found.survey.frame("villages").assign(people=[1200, 300, np.nan, 450, 0, 2100])
    layers = {"villages": replace(found.survey.layers["villages"], data=villages)}
    made = tables(replace(found, survey=found.survey.with_layers(layers), risk=None))
    assert "1 个村（社区）人口未知" in made["lifelines"].notes[-1].zh
    assert made["lifeline_roads"].frame["people_cut_off"].iloc[0] == 450
    assert made["lifeline_villages"].frame.set_index("unit_id").loc[[THREE], "people"].isna().all()


def test_every_column_has_words_in_both_languages():
    made = tables(county(clinic((1250, 1000)), themes=flood("both", slice(19, 21))))
    for one in made.values():
        for column in one.frame.columns.drop("geometry", errors="ignore"):
            head = one.headers[column]
            assert head.zh != head.en
            assert "_" not in head.zh + head.en, column
        said = one.in_words()
        assert not {"clinics", "cut", "near", "flood: 20 a"} & set(said.astype("str").to_numpy().ravel())


def test_without_roads_or_anything_to_lead_to_it_is_left_out():
    with pytest.raises(MissingLayerError, match="no facility, county seat or way out"):
        make_product("lifelines", county({}))
    found = county(clinic((1250, 1000)))
    bare = replace(found.survey, layers={k: v for k, v in found.survey.layers.items() if k != "roads"})
    with pytest.raises(MissingLayerError, match="roads or people are missing"):
        make_product("lifelines", replace(found, survey=bare))
