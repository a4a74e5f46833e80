"""Declared rules: they stand on what the catalogue and the thresholds hold, and findings keep their ids."""

import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny

import riskmap.loaders
from riskmap.loaders.quality import check_records
from riskmap.loaders.quality_between import BETWEEN_RULES
from riskmap.loaders.quality_given import sites_in_worst_class
from riskmap.loaders.quality_places import PLACE_RULES
from riskmap.loaders.quality_raster import RASTER_RULES
from riskmap.loaders.quality_records import COLUMN_RULES
from riskmap.loaders.quality_shapes import SHAPE_RULES
from riskmap.loaders.quality_time import TIME_RULES
from riskmap.loaders.rules import Against
from riskmap.model import Finding, Layer, Text
from riskmap.standards import book, layer_spec, layer_specs, rule_texts

VECTOR = {**COLUMN_RULES, **TIME_RULES, **PLACE_RULES, **SHAPE_RULES, **BETWEEN_RULES}
DECLARED = [(spec, rule) for spec in layer_specs().values() for rule in spec.rules]
AGAINST = Against(county="140930", date=pd.Timestamp("2026-01-01"))


@pytest.mark.parametrize(("spec", "rule"), DECLARED, ids=lambda one: getattr(one, "name", getattr(one, "rule", "")))
def test_a_declared_rule_stands_on_what_there_is(spec, rule):
    assert rule.rule in (RASTER_RULES if spec.kind == "raster" else VECTOR)
    assert rule.rule in rule_texts()
    for name in rule.fields:
        spec.field(name)
    for key in rule.limit:
        assert key in book().thresholds or book().table(key)
    layer, _, column = rule.of.partition(".")
    if column:
        layer_spec(layer).field(column)
    elif layer:
        assert layer in layer_specs() or spec.field(layer)


def test_every_rule_that_the_loaders_name_is_told():
    source = "".join(one.read_text(encoding="utf-8") for one in Path(riskmap.loaders.__file__).parent.glob("*.py"))
    named = set(re.findall(r'\brule="([a-z]+(?:-[a-z]+)+)"', source)) | set(re.findall(r'_one\(\s*"([a-z-]+)"', source))
    assert len(named) > 30
    assert named - set(rule_texts()) == set()
    assert set(VECTOR) | set(RASTER_RULES) <= set(rule_texts())


def test_an_id_outlives_other_records():
    one = Finding(
        rule="future-date", severity="warning", layer="losses", message=Text("", ""), cure=Text("", ""), row=7, key="Z7",
        field="日期", value="2031-01-01",
    )  # fmt: skip
    assert one.id == replace(one, row=9, message=Text("别的话", "other words")).id
    others = [
        replace(one, key="Z8"),
        replace(one, value="2032-01-01"),
        replace(one, rule="too-old"),
        replace(one, layer="shelters"),
    ]
    assert len({one.id, *(other.id for other in others)}) == 5
    twice = replace(one, rule="duplicate-key")
    assert twice.id != replace(twice, row=9).id
    unkeyed = replace(one, key="")
    assert unkeyed.id != replace(unkeyed, row=9).id


def book_rows(people):
    codes = ["140930000000", "140930100000", "140930101000"]
    return pd.DataFrame({"code": codes, "name": ["全县", "甲镇", "乙镇"], "people": people}, index=[3, 4, 5])


def test_the_row_of_the_county_is_summed_and_left_out():
    good = check_records(book_rows([300.0, 100.0, 200.0]), layer_spec("yearbook"), against=AGAINST)
    assert [(one.rule, one.row) for one in good.findings] == [("county-row", 3)]
    assert good.frame.index.tolist() == [4, 5]
    bad = check_records(book_rows([400.0, 100.0, 200.0]), layer_spec("yearbook"), against=AGAINST)
    assert [(one.rule, one.row, one.value) for one in bad.findings] == [
        ("county-row", 3, "140930000000"),
        ("sum-differs", 3, "400"),
    ]
    assert "300" in bad.findings[1].message.en


def points(count, **columns):
    places = gpd.points_from_xy(510_000 + 300.0 * np.arange(count), np.full(count, 4_360_000.0))
    return gpd.GeoDataFrame({"code": [f"c{n}" for n in range(count)], **columns}, geometry=places, crs="EPSG:4546")


def rules(frame, layer, against=AGAINST):
    return [(one.rule, one.row) for one in check_records(frame, layer_spec(layer), against=against).findings]


def test_a_county_that_classes_otherwise_is_told_once():
    frame = points(10, type="滑坡", threat_class="中型", threatened_people=5.0, threatened_property_yuan=100.0)
    assert rules(frame, "hazard_points") == [("class-differs", None)]
    frame.loc[1:, "threat_class"] = "小型"
    assert rules(frame, "hazard_points") == [("class-differs", 0)]
    frame.loc[0, ["threatened_people", "threat_class"]] = [np.nan, "大型"]  # people unknown: they may lift it
    assert rules(frame, "hazard_points") == []


def test_classes_take_the_number_of_their_edge():
    people = [99.0, 100.0, 499.0, 500.0, 999.0, 1000.0]
    classes = ["小型", "中型", "中型", "大型", "大型", "特大型"]
    frame = points(6, type="滑坡", threat_class=classes, threatened_people=people, threatened_property_yuan=0.0)
    assert rules(frame, "hazard_points") == []


def test_a_column_filled_by_default_is_told_for_the_layer():
    assert rules(points(30, name=[f"{n}号" for n in range(30)], area_m2=1000.0), "shelters") == [
        ("constant-column", None)
    ]
    assert rules(points(5, name=[f"{n}号" for n in range(5)], area_m2=1000.0), "shelters") == []


def test_neighbours_that_are_numbered_apart_are_no_duplicates():
    frame = points(4, name=["一号院", "二号院", "河湾学校", "河湾学校"])
    near = [shapely.Point(510_000 + 12.0 * n, 4_360_000) for n in range(4)]
    assert rules(frame.set_geometry(near, crs=frame.crs), "shelters") == [("near-duplicate", 3)]


def test_a_county_may_set_the_limits_itself():
    frame = points(2, name=["河湾学校", "河湾学校"])
    assert rules(frame, "shelters") == []
    near = replace(book().threshold("quality.near_m"), value=400.0)
    wide = book().with_entries(thresholds={"quality.near_m": near})
    assert rules(frame, "shelters", replace(AGAINST, standards=wide)) == [("near-duplicate", 1)]


def test_a_layer_that_is_coarse_throughout_is_not_told_record_by_record():
    lon, lat = np.meshgrid(111.2 + 0.01 * np.arange(5), 39.3 + 0.01 * np.arange(4))
    frame = points(20).set_geometry(gpd.points_from_xy(lon.ravel(), lat.ravel()), crs=4490).to_crs("EPSG:4546")
    assert rules(frame.assign(name=[f"{n}号" for n in range(20)]), "shelters") == []


@pytest.mark.parametrize("name", sorted(VECTOR))
def test_rules_bear_missing_columns_and_no_records(name):
    for spec, rule in DECLARED:
        if rule.rule == name and name not in BETWEEN_RULES:
            empty = gpd.GeoDataFrame({"code": pd.Series(dtype=str)}, geometry=[], crs="EPSG:4546")
            assert VECTOR[name](empty.iloc[:0], spec, rule, AGAINST) == []
            assert VECTOR[name](points(3), spec, rule, AGAINST) == []


def test_sites_in_the_worst_class_of_a_given_product_are_told():
    sites = gpd.GeoDataFrame(
        {"code": ["S1", "S2"], "name": ["甲", "乙"]},
        geometry=gpd.points_from_xy([tiny.WEST_M + 250, tiny.WEST_M + 4750], [tiny.NORTH_M - 250] * 2),
        crs=tiny.CRS,
    )
    shelters = Layer(spec=layer_spec("shelters"), data=sites, rows=np.array([4, 9]))
    survey = tiny.survey().with_layers({"shelters": shelters})
    codes = np.ones(tiny.SHAPE, "uint8")
    codes[:, :10] = 4
    title = Text("山洪", "Flash flood")
    found = sites_in_worst_class(tiny.raster(codes), survey, title=title, worst=4)
    assert [(one.rule, one.layer, one.row, one.key) for one in found] == [("in-hazard-zone", "shelters", 4, "S1")]
    codes[:, :40] = 4
    assert sites_in_worst_class(tiny.raster(codes), survey, title=title, worst=4) == []
