"""Lists are in order of urgency, say why, and name no warden."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import Exposure, Layer
from riskmap.pipeline.products.lists import make
from riskmap.scoring import hazards_at, in_order
from riskmap.standards import layer_spec


def at(*places):
    return [shapely.Point(tiny.WEST_M + x, tiny.NORTH_M - y) for x, y in places]


def with_layers(**frames):
    found = tiny.assessment()
    layers = {
        name: Layer(spec=layer_spec(name), data=gpd.GeoDataFrame(one, crs=tiny.CRS)) for name, one in frames.items()
    }
    return replace(found, survey=found.survey.with_layers(layers))


def graded(*, high_column):
    """One hazard, high in one column of cells, low elsewhere."""
    score = np.full(tiny.SHAPE, 0.1)
    score[:, high_column] = 0.95
    return tiny.theme("flood", tiny.Text("洪水", "Flood"), "flood-risk-degree", score)


def test_the_class_at_a_place_is_that_of_its_cell():
    places = gpd.GeoDataFrame(geometry=at((1250, 1000), (50, 1000), (-500, 0)), crs=tiny.CRS)
    theme = graded(high_column=12)
    found = hazards_at(places, {"flood": theme}, titles={"flood": tiny.Text("洪水", "Flood")}, high_classes=2)
    assert found["high"].tolist() == [1, 0, 0]
    assert found["why"].tolist() == [f"洪水{theme.scheme.label(4).zh}", "", ""]
    assert found["score"].round(2).tolist()[:2] == [0.95, 0.1]
    assert np.isnan(found["score"].iloc[2])


def test_equal_rows_share_a_rank_and_unknown_come_last():
    rows = pd.DataFrame({"code": ["d", "c", "b", "a"], "people": [np.nan, 7, 9, 7]})
    found = in_order(rows, ["people"], key="code")
    assert found["code"].tolist() == ["b", "a", "c", "d"]
    assert found.index.tolist() == [1, 2, 2, 4]


def hazard(code):
    label = graded(high_column=0).scheme.label(code)
    return tiny.Text(f"洪水{label.zh}", f"flood {label.en.lower()}")


def points(**more):
    return {"code": ["P1", "P2", "P3", "P4"], "name": ["沟口", "后山", "崖下", "空"], "type": ["滑坡"] * 4,
            "threatened_people": [40, 90, 40, 0], "warden_name": ["某某"] * 4, "warden_phone": ["13800000000"] * 4,
            "geometry": at((1250, 1000), (300, 1000), (300, 3000), (300, 1000))} | more  # fmt: skip


def test_relocation_goes_by_high_hazards_then_people_and_names_no_warden():
    found = with_layers(hazard_points=points())
    found = replace(found, themes={"flood": graded(high_column=12)})
    by_point, by_village = make(found)
    assert by_point.frame["code"].tolist() == ["P1", "P2", "P3"]
    assert by_point.frame.index.tolist() == [1, 2, 3]
    assert by_village.frame["code"].tolist() == [tiny.CODES[0], tiny.CODES[2]]
    assert by_village.frame["threatened_people"].tolist() == [130, 40]
    assert by_point.frame["why"].tolist()[:2] == ["威胁 40 人；" + hazard(4).zh, "威胁 90 人"]
    assert by_village.frame["why_en"].tolist()[0] == "first point: 沟口, 40 people threatened; " + hazard(4).en
    for table in (by_point, by_village):
        assert not {"warden_name", "warden_phone"} & set(table.frame)
        assert set(map(str, table.frame.columns)) - {"geometry"} <= set(table.headers)


def houses():
    return {"code": ["H1", "H2", "H3", "H4"], "floor_area_m2": [100.0, 50.0, 80.0, 900.0],
            "structure": ["土木", "砖混", "砖混", "钢筋混凝土"], "built_year": [2005, 1975, 2010, 2012],
            "use": ["住宅", "住宅", "住宅", "希望小学教学楼"],
            "geometry": at((1250, 1000), (1250, 1100), (1250, 1200), (1250, 3000))}  # fmt: skip


def test_weak_houses_are_counted_by_village_and_schools_are_found_by_their_words():
    found = replace(with_layers(buildings=houses()), themes={"flood": graded(high_column=12)})
    public, weak = make(found)
    assert public.frame["code"].tolist() == ["H4"]
    assert public.frame["kind"].iloc[0] == "学校"
    assert public.words["kind"]["学校"].en == "school"
    row = weak.frame.iloc[0]
    assert (row["code"], row["buildings"], row["weak"], row["weak_high"], row["weak_high_m2"]) == (
        tiny.CODES[0], 3, 2, 2, 150.0
    )  # fmt: skip
    assert "2 in a high class" in weak.notes[0].en
    assert row["why"] == "1990 年以前建成 1 栋、土木结构 1 栋"
    assert row["why_en"] == "built before 1990: 1, earth and timber: 1"


def test_people_in_weak_houses_go_by_floor_area_and_are_unknown_where_it_is():
    people = pd.DataFrame({"people": [46.0] * 6}, index=pd.Index(tiny.CODES, name="unit_id"))
    for first_m2, area, expected in ((100.0, 150.0, 30.0), (np.nan, np.nan, np.nan)):  # 46 x 150 / (100 + 50 + 80)
        built = houses() | {"floor_area_m2": [first_m2, 50.0, 80.0, 900.0]}
        found = replace(with_layers(buildings=built), themes={"flood": graded(high_column=12)},
                        exposed=Exposure(units=people, grids={}))  # fmt: skip
        row = make(found)[1].frame.iloc[0]
        assert row[["weak_high_m2", "weak_high_people"]].tolist() == pytest.approx([area, expected], nan_ok=True)


def test_points_that_do_not_say_how_many_people_are_told_in_the_note():
    found = with_layers(hazard_points=points(threatened_people=[40, 90, np.nan, 0]))
    by_point, _ = make(replace(found, themes={"flood": graded(high_column=12)}))
    assert by_point.frame["code"].tolist() == ["P1", "P2"]
    assert "1 处未填威胁人数" in by_point.notes[0].zh


def test_the_order_is_that_of_the_rules(monkeypatch):
    found = replace(with_layers(hazard_points=points()), themes={"flood": graded(high_column=12)})
    table = type(found.survey.standards).table
    rule = [{"list": "relocation_points", "by": ["threatened_people"]},
            {"list": "relocation_villages", "by": ["points"]}]  # fmt: skip
    monkeypatch.setattr(
        type(found.survey.standards), "table", lambda own, key: rule if key == "lists.order" else table(own, key)
    )
    assert make(found)[0].frame["code"].tolist() == ["P2", "P1", "P3"]


def test_low_ground_lists_nothing():
    found = replace(with_layers(buildings=houses()), themes={"flood": graded(high_column=40)})
    public, weak = make(found)
    assert public.frame.empty
    assert weak.frame.empty


def test_without_layers_it_is_left_out():
    with pytest.raises(MissingLayerError, match="not delivered"):
        make(tiny.assessment())
