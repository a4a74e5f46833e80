"""Records reach their places by code or by name, and the warning is said."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import Layer, LayerSource
from riskmap.pipeline.products import make_product
from riskmap.standards import layer_spec

UPPER, LOWER = tiny.CODES[0][:9] + "000", tiny.CODES[5][:9] + "000"


def assessed(codes, *, amounts=None, points=None):
    found = tiny.assessment()
    table = pd.DataFrame({"theme": "洪涝", "township_code": codes, "loss_yuan": amounts or [1e6] * len(codes)})
    layers = {"losses": table} | ({} if points is None else {"hazard_points": points})
    made = {
        name: Layer(spec=layer_spec(name), data=one, source=LayerSource(path="a.xlsx")) for name, one in layers.items()
    }
    towns = found.risk.townships.assign(people=[2040.0, 2100.0], score_flood=[0.8, 0.2], class_flood=[4, 1])
    risk = replace(found.risk, townships=towns)
    return replace(found, survey=found.survey.with_layers(made), risk=risk)


def test_records_fall_on_townships_by_code_village_and_name():
    assert {UPPER, LOWER} == set(tiny.townships().index)
    found = assessed([UPPER, tiny.CODES[1], "上乡", "戊村", "999999999999"])
    figures, *hits = make_product("history", found)
    risk = next(one for one in hits if one.name == "history_risk_loss_yuan")
    assert risk.frame.set_index("class")["losses"].to_dict() == {5: 3e6, 4: 0, 3: 0, 2: 1e6, 1: 0}
    flood = next(one for one in hits if one.name == "history_flood_records")
    assert flood.frame.set_index("class")["losses"].to_dict() == {4: 3, 3: 0, 2: 0, 1: 1}
    assert any("1 records fall on no township" in one.en for one in figures.notes)
    row = figures.frame.set_index(["records", "figure"]).loc[
        ("综合风险与全部灾情：直接经济损失 Comprehensive risk and all records: direct loss", "rank")
    ]
    assert row["value"] == pytest.approx(1)
    for one in (figures, *hits):
        assert all(column in one.headers for column in one.frame.columns)


def test_it_warns_where_people_tell_as_much():
    figures, *_ = make_product("history", assessed([LOWER, LOWER, UPPER]))
    assert set(figures.frame["verdict"]) == {"no more"}
    assert figures.notes[0].zh.startswith("警告")
    values = figures.frame.drop_duplicates("figure").set_index("figure")["value"]
    assert f"（秩相关 {values['rank']:.3g}，仅按人口 {values['people_rank']:.3g}）" in figures.notes[0].zh
    assert f"of people alone {values['people_rank']:.3g})" in figures.notes[0].en
    assert "WARNING" in figures.words["verdict"]["no more"].en
    assert set(figures.frame["figure"]) == set(figures.words["figure"])


def test_points_are_counted_by_unit():
    shapes = tiny.units().representative_point().iloc[[0, 0, 3]].to_numpy()
    points = gpd.GeoDataFrame({"code": list("abc")}, geometry=shapes, crs=tiny.CRS)
    found = assessed([UPPER], points=points)
    units = found.risk.units.assign(
        score_landslide=[0.9, 0.7, 0.5, 0.3, None, 0.1], class_landslide=[4, 3, 3, 2, 255, 1]
    )
    theme = replace(found.themes["flood"], name="landslide")
    found = replace(found, themes={"landslide": theme}, risk=replace(found.risk, units=units))
    hits = next(one for one in make_product("history", found) if one.name == "history_landslide_hazard_points")
    assert hits.frame.set_index("class")["losses"].to_dict() == {4: 2, 3: 0, 2: 1, 1: 0, 255: 0}


def test_without_records_it_is_left_out():
    with pytest.raises(MissingLayerError, match="no recorded loss"):
        make_product("history", tiny.assessment())
    with pytest.raises(MissingLayerError, match="no recorded loss"):
        make_product("history", assessed(["999999999999"]))
