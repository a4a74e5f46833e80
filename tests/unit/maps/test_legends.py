"""Legends say what is on the map: what is covered, of what a share is, the marks as they are drawn, shapes that were mended."""

from dataclasses import replace

import geopandas as gpd
import shapely
import tiny

from riskmap.maps.furniture import _in_lines, _notes, _swatch
from riskmap.maps.page import Page
from riskmap.maps.planning_subject import conflicts_subject
from riskmap.maps.subject import subject_of
from riskmap.model import Finding, Layer, ProductTable, Text
from riskmap.standards import layer_spec

BOX = shapely.box(tiny.WEST_M, tiny.NORTH_M - 2000, tiny.WEST_M + 2000, tiny.NORTH_M)


def conflicts():
    made = tiny.assessment()
    bow = shapely.box(tiny.WEST_M + 3000, tiny.NORTH_M - 4000, tiny.WEST_M + 4000, tiny.NORTH_M - 3000)
    plans = gpd.GeoDataFrame(
        {"name": ["开发区", "农田"], "type": ["城镇开发边界"] * 2}, geometry=[BOX, bow], crs=tiny.CRS
    )
    at = gpd.GeoSeries([bow.centroid], crs=tiny.CRS).to_crs(4326).iloc[0]
    broken = Finding(
        rule="broken-shape", severity="warning", layer="planning", message=Text("x", "x"), cure=Text("x", "x"), mended=True,
        lon=at.x, lat=at.y,
    )  # fmt: skip
    survey = made.survey.with_layers({"planning": Layer(spec=layer_spec("planning"), data=plans)})
    survey = replace(survey, findings=(*survey.findings, broken))
    parts = plans.assign(theme="flood", highest="高")
    sites = gpd.GeoDataFrame({"high": [1, 0]}, geometry=[BOX.centroid, bow.centroid], crs=tiny.CRS)
    tables = (
        ProductTable(name="planning_conflicts", title=Text("冲突", "Conflicts"), frame=parts),
        ProductTable(name="planned_sites_checked", title=Text("点位", "Sites"), frame=sites),
    )
    return replace(made, survey=survey, products=tables)


def test_a_mended_shape_is_marked_on_the_map_in_the_legend_and_by_name():
    subject = conflicts_subject(conflicts())
    colours = subject.lines["colour"].tolist()
    assert colours[0] != colours[1]
    assert [one.colour for one in subject.rows if "修复" in one.label.zh] == [colours[1]]
    names = subject.notes[0][1].zh
    assert "农田（图形经修复，待核）：高" in names
    assert "开发区：高" in names
    whole = conflicts()
    whole = replace(whole, survey=replace(whole.survey, findings=()))
    assert not any("修复" in one.label.zh for one in conflicts_subject(whole).rows)


def test_planned_sites_are_squares_on_map_and_legend_and_no_column_is_empty():
    subject = conflicts_subject(conflicts())
    assert set(subject.points["marker"]) == {"s"}
    sites = [one for one in subject.rows if "点位" in one.label.zh]
    drawn = []

    class Axes:
        def plot(self, x, y, marker, **style):
            drawn.append(marker)

    for row in sites:
        _swatch(type("P", (), {"axes": Axes()})(), row, 0.0, 0.0)
    assert drawn == ["s", "s"]
    assert [one.figures[0] for one in sites] == ["1", "1"]
    conflict = subject.rows[0].figures
    assert conflict == ("2", "5", "16.7%")  # 4 + 1 of 30 km2
    assert len(subject.heads) == len(conflict)


def test_a_share_says_of_what():
    made = tiny.assessment()
    assert subject_of(made, "risk-units").heads[2].zh == "面积占比"
    assert subject_of(made, "shelters").heads[2].zh == "人口占比"
    assert subject_of(conflicts(), "conflicts").heads[2].zh == "面积占比"


def test_the_shelter_sheet_draws_whom_the_shelters_cover_and_why_others_are_not():
    subject = subject_of(tiny.assessment(), "shelters")
    codes = subject.shapes["class"].tolist()
    labels = [subject.scheme.label(one).zh for one in codes]
    assert labels[0] == "已覆盖：服务半径内"
    assert labels[1:4] == ["未覆盖：超出服务半径"] * 3
    assert labels[4:] == ["无常住人口", "未覆盖：无道路连通"]
    rows = {one.label.zh: one.figures for one in subject.rows if one.figures}
    assert rows["未覆盖：超出服务半径"] == ("3", "840", "20.3%")
    assert rows["未覆盖：无道路连通"][1] == "2,100"


def test_closed_roads_are_told_by_scenario():
    notes = dict(
        zip(("着色", "情景"), (body.zh for _, body in subject_of(tiny.assessment(), "shelters").notes), strict=False)
    )
    dry, flood = notes["情景"].splitlines()
    assert "中断" not in dry
    assert flood.endswith("中断路段 2.5 km")


def test_no_bracket_stands_alone_on_a_line_of_a_title():
    assert _in_lines("河曲县", "自然灾害综合风险图（行政村）", 90.0) == ("河曲县\n自然灾害综合风险图", "行政村")
    assert _in_lines("河曲县", "洪水图", 90.0) == ("河曲县洪水图", "")


def written(notes, room_mm, own=3):
    page = Page.of_size(90, 200, dpi=30, language="both")
    _notes(page, notes, (0.0, room_mm), floor=0.0, width=80.0, own=own)
    return [one.get_text() for one in page.axes.texts]


def test_chinese_comes_whole_before_english_takes_its_room():
    lines = [f"情景{n}：道路可达" for n in range(12)]
    notes = [
        (Text("着色", "Colours"), Text("按村着色", "by village")),
        (Text("情景", "Scenarios"), Text("\n".join(lines), "\n".join(f"scenario {n} by road" for n in range(12)))),
        (Text("阈值", "Thresholds"), Text("、".join(["甲乙丙丁戊己庚辛"] * 20), ", ".join(["a threshold"] * 20))),
    ]
    told = written(notes, 85.0)
    assert set(lines) <= set(told)
    assert "scenario 0 by road" not in told
    cut = told[told.index("（全文见报告）") - 1]
    assert cut.endswith("甲乙丙丁戊己庚辛…")
    assert "（全文见报告）" not in written(notes, 180.0)
    assert "阈值" in written(notes, 75.0)
    assert "阈值" not in written(notes, 75.0, own=2)
    assert "scenario 0 by road" in written(notes, 180.0)


def test_every_number_of_a_zone_stands_with_its_name():
    zones = tiny.assessment().risk.zones
    told = subject_of(tiny.assessment(), "zones").notes[0][1]
    assert told.zh.split("；") == [f"{key} {name}" for key, name in zones["name"].items()]
    assert told.en.split("; ") == [f"{key} {name}" for key, name in zones["name_en"].items()]
