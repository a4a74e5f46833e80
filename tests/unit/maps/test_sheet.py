"""Sheets: true scale, nothing over anything, unknown apart from zero, same bytes twice."""

import re
from dataclasses import replace
from importlib import import_module
from io import BytesIO
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tiny
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from PIL import Image

from riskmap.errors import MissingLayerError, RiskmapError
from riskmap.maps import sheet, sheet_names
from riskmap.maps.frame import county_frame
from riskmap.maps.furniture import scale_steps
from riskmap.maps.imprint import approval, crs_name, imprint
from riskmap.maps.labels import Label, place_labels
from riskmap.maps.page import outline_path
from riskmap.maps.sheet import _MAP, A3_MM
from riskmap.maps.subject import scenario_title, subject_of
from riskmap.maps.tally import people_cells, tally_cells, tally_shapes
from riskmap.model import LayerSource, LeftOut, Text

NAMES = ("hazard-flood", "hazard-drought", "hazard-hail", "risk-units", "risk-grid", "zones", "shelters")


@pytest.fixture(scope="module")
def assessment():
    return tiny.assessment()


def drawn(assessment, name, **more):
    return np.asarray(Image.open(BytesIO(sheet(assessment, name, dpi=50, **more))).convert("RGB")).astype(int)


def words(monkeypatch, assessment, name, **more):
    """Every text that the sheet bears."""
    from matplotlib.text import Text as Written

    module = import_module("riskmap.maps.sheet")
    seen = []
    real = module._rendered

    def spy(figure, product, *, fmt):
        seen.extend(one.get_text() for one in figure.findobj(Written))
        return real(figure, product, fmt=fmt)

    monkeypatch.setattr(module, "_rendered", spy)
    picture = Image.open(BytesIO(sheet(assessment, name, dpi=30, **more)))
    monkeypatch.setattr(module, "_rendered", real)
    assert picture.size == pytest.approx((420 / 25.4 * 30, 297 / 25.4 * 30), abs=1)
    return "\n".join(seen)


def with_layer(assessment, name, frame):
    survey = assessment.survey
    layer = replace(survey.layers[name], data=frame)
    return replace(assessment, survey=survey.with_layers({name: layer}))


def at(picture, easting, northing):
    """Colour where a place lies on the drawn page."""
    frame = county_frame(tiny.survey(), _MAP)
    x, y = frame.on_page(easting, northing)
    rows, columns = picture.shape[:2]
    return picture[round(rows * (1 - y / A3_MM[1])), round(columns * x / A3_MM[0])].tolist()


def test_one_sheet_for_each_product(assessment):
    assert sheet_names(assessment) == NAMES
    assert sheet_names(replace(assessment, risk=None, shelters=None)) == NAMES[:3]
    with pytest.raises(MissingLayerError, match=r"hazard-frost.*hazard-flood"):
        sheet(assessment, "hazard-frost")


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_is_a3_and_has_the_furniture(assessment, name, monkeypatch):
    text = words(monkeypatch, assessment, name)
    for piece in ("小河县", "2026年", "图例", "比例尺 1:25,000", "北 N", "东县", "模拟数据", "内部使用",
                  "坐标系：2000国家大地坐标系", "高程基准", "数据来源", "编制单位：小河县应急管理局", "编制日期：2026-01-01",
                  "没有逐日气象资料", "111°09′E", "39°24′N", "县界"):  # fmt: skip
        assert piece in text, piece
    assert "flood" not in text.replace("Western flood high-risk zone", "")  # the name of a zone
    assert "drought:" not in text


def test_same_bytes_twice_and_no_setting_changed(assessment):
    before = dict(rcParams)
    for fmt in ("png", "pdf"):
        first, second = (sheet(assessment, "risk-units", dpi=40, fmt=fmt) for _ in range(2))
        assert first == second
    assert dict(rcParams) == before


def test_pdf_is_pdf_and_holds_its_font(assessment):
    content = sheet(assessment, "zones", dpi=40, fmt="pdf")
    assert content[:5] == b"%PDF-"
    assert b"/CreationDate" not in content
    assert re.search(rb"NotoSansSC", content)


def test_languages(assessment, monkeypatch):
    english = words(monkeypatch, assessment, "hazard-flood", language="en")
    assert "Legend" in english
    assert "图例" not in english
    assert "East" in english
    chinese = words(monkeypatch, assessment, "hazard-flood", language="zh")
    assert "Legend" not in chinese


def test_the_scale_is_true_and_the_county_fits():
    survey = tiny.survey()
    frame = county_frame(survey, _MAP)
    left, bottom, right, top = frame.box
    assert (right - left) / 1000 * frame.scale == pytest.approx(frame.extent[2] - frame.extent[0])
    assert (top - bottom) / 1000 * frame.scale == pytest.approx(frame.extent[3] - frame.extent[1])
    assert frame.scale == 25_000
    assert shapely.box(*frame.extent).contains(survey.outline.union_all())
    assert frame.on_page(frame.extent[2], frame.extent[3]) == pytest.approx((right, top))


def test_scale_bar_is_as_long_as_it_says():
    for scale in (7_500.0, 25_000.0, 300_000.0):
        metres, mm = scale_steps(scale)
        assert mm * scale / 1000 == pytest.approx(metres)
        assert 4 * mm <= 60


def test_classes_lie_where_they_belong_and_unknown_is_grey(assessment):
    picture = drawn(assessment, "hazard-flood")
    middle = at(picture, tiny.WEST_M + 2900, tiny.NORTH_M - 4500)
    edge = at(picture, tiny.WEST_M + 4800, tiny.NORTH_M - 4500)
    assert sum(middle) < sum(edge) - 200
    assert middle[2] > middle[0]
    unknown = {tuple(at(picture, tiny.WEST_M + e, tiny.NORTH_M - n)) for e in (80, 150, 220) for n in (80, 150, 220)}
    assert all(max(one) - min(one) <= 2 and 150 < min(one) < 225 for one in unknown)
    assert len(unknown) > 1  # hatched, no flat grey
    outside = at(picture, tiny.WEST_M - 600, tiny.NORTH_M - 4700)
    assert min(outside) > 225


def test_hillshade_is_faint(assessment):
    picture = drawn(assessment, "shelters")
    light = [min(at(picture, tiny.WEST_M + e, tiny.NORTH_M - 3700)) for e in (700, 4300)]
    assert light[0] != light[1]
    assert min(light) >= 0.7 * 255


def test_a_name_that_cannot_be_written_stops_the_sheet(assessment):
    villages = assessment.survey.frame("villages")
    villages.loc[0, "name"] = "\ue123村"
    with pytest.raises(RiskmapError, match=r"U\+E123.*RISKMAP_FONT"):
        sheet(with_layer(assessment, "villages", villages), "hazard-flood", dpi=30)


def test_matplotlibs_warning_becomes_an_error(assessment, monkeypatch):
    monkeypatch.setattr(import_module("riskmap.maps.sheet"), "missing_glyphs", lambda _text: "")
    villages = assessment.survey.frame("villages")
    villages.loc[0, "name"] = "\ue123村"
    spoilt = with_layer(assessment, "villages", villages)
    with pytest.raises(RiskmapError, match="cannot write"):
        sheet(spoilt, "hazard-flood", dpi=30)


def test_dollar_signs_are_no_formula(assessment):
    villages = assessment.survey.frame("villages")
    villages.loc[0, "name"] = "$x^2$"
    assert sheet(with_layer(assessment, "villages", villages), "hazard-flood", dpi=30)[:4] == b"\x89PNG"


def test_bare_survey_still_makes_a_sheet(assessment):
    survey = assessment.survey
    bare = replace(survey, layers=MappingProxyType({}), townships=survey.townships.iloc[:0])
    assert sheet(replace(assessment, survey=bare, left_out=()), "risk-units", dpi=30)


def test_long_stories_are_cut_and_say_so(assessment, monkeypatch):
    many = tuple(
        LeftOut(product=Text(f"产品{n}", f"product {n}"), reason=Text("缺资料" * 20, "none " * 30)) for n in range(40)
    )
    assert "（全文见报告）" in words(monkeypatch, replace(assessment, left_out=many), "zones")


def test_titles_and_the_mark_of_unverified_classes(assessment, monkeypatch):
    text = words(monkeypatch, assessment, "hazard-flood")
    assert "未核实" in text
    assert "≥ 0.75 m" in text
    screening = replace(assessment.themes["flood"], title=Text("洪水淹没筛查图", "Flood screening map"))
    assert subject_of(replace(assessment, themes={"flood": screening}), "hazard-flood").title.zh == "洪水淹没筛查图"
    assert subject_of(assessment, "hazard-drought").title.zh == "干旱危险性图"
    assert "未核实" not in words(monkeypatch, assessment, "hazard-drought")


def test_given_products_show_the_department_and_its_scores(assessment, monkeypatch):
    given = {
        "hail": {
            "title": {"zh": "冰雹", "en": "Hail"}, "path": "hail.gpkg", "kind": "polygon",
            "classes": {"低": 1, "中": 2, "高": 3, "极高": 4}, "scores": [0.1, 0.3, 0.6, 0.95],
            "scheme": "flood-risk-degree", "producer": "气象局", "date": "2025-06", "method": "普查",
        }
    }  # fmt: skip
    survey = replace(assessment.survey, county=tiny.county(given=given))
    theme = replace(assessment.themes["hail"], method=Text("气象局，2025-06，普查", "Weather bureau, 2025-06"))
    text = words(monkeypatch, replace(assessment, survey=survey, themes={"hail": theme}), "hazard-hail")
    for piece in ("部门成果", "气象局", "得分 0.95", "得分 0.1"):
        assert piece in text


def test_scenarios_bear_titles_not_names(assessment):
    assert scenario_title(assessment, "dry").zh == "无灾害"
    assert scenario_title(assessment, "flood: 20 a").zh == "洪水淹没筛查（20年一遇）"
    assert scenario_title(assessment, "flood: worst").en == "Flood screening (worst)"


def test_legend_counts_area_people_and_share(assessment):
    theme = assessment.themes["flood"]
    people = people_cells(assessment)
    assert float(people.sum()) == 4140
    table = tally_cells(theme.classes, theme.scheme, mask=assessment.survey.mask, people=people)
    assert table["area_km2"].sum() == pytest.approx(30)
    assert table["area_km2"].loc[255] == pytest.approx(0.09)
    assert table["people"].sum() == 4140
    assert table["share"].sum() == pytest.approx(1)
    units = tally_shapes(assessment.risk.units, assessment.risk.scheme)
    assert units["people"].to_dict() == {1: 2100, 2: 450, 3: 90, 4: 300, 5: 1200, 255: 0}


def test_population_grid_is_scaled_to_the_units(assessment):
    cells = tiny.raster(np.full(tiny.SHAPE, 2.0))
    cells[:20, :25] = 0.0
    layer = replace(assessment.survey.layers["dem"], data=cells)
    survey = assessment.survey.with_layers({"population": layer})
    people = people_cells(replace(assessment, survey=survey))
    assert float(people.sum()) == pytest.approx(4140)
    assert float(people[:20, 25:].sum()) == pytest.approx(300)
    assert float(people[:20, :25].max()) == 1200  # an empty grid puts people at the seat
    assert people_cells(replace(assessment, survey=survey, risk=None)).equals(cells)
    assert people_cells(replace(assessment, risk=None)) is None


def test_unknown_people_are_a_dash(assessment):
    subject = subject_of(replace(assessment, risk=None), "hazard-flood")
    assert {row.figures[1] for row in subject.rows} == {"—"}


def test_labels_keep_apart_and_inside():
    rng = np.random.default_rng(3)
    labels = [
        Label(text="村" * int(rng.integers(1, 9)), x=float(x), y=float(y), size=8, beside=bool(n % 2))
        for n, (x, y) in enumerate(rng.uniform(0, 100, (150, 2)))
    ]
    placed = place_labels(labels, frame=(0, 0, 100, 100), taken=[(40, 40, 60, 60)])
    boxes = shapely.box(*np.array([(*one.box,) for one in placed] + [(40, 40, 60, 60)]).T)
    pairs = shapely.STRtree(boxes).query(boxes, predicate="overlaps")
    assert pairs.size == 0
    assert 20 < len(placed) < 150
    assert placed[0].label is labels[0]
    assert all(shapely.box(0, 0, 100, 100).covers(one) for one in boxes)


def test_paths_keep_holes_and_parts():
    wound_alike = [[(4, 4), (6, 4), (6, 6), (4, 6)]]
    ring = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], wound_alike)
    path = outline_path(shapely.MultiPolygon([ring, shapely.box(20, 0, 21, 1)]))
    assert path.codes.tolist().count(1) == 3
    figure = Figure(figsize=(1, 1), dpi=110)
    figure.add_axes((0, 0, 1, 1), xlim=(0, 22), ylim=(0, 22), axisbelow=True).add_patch(PathPatch(path, fc="k"))
    out = BytesIO()
    FigureCanvasAgg(figure).print_png(out)
    grey = np.asarray(Image.open(out).convert("L"))
    assert grey[-26, 26] > 200
    assert grey[-11, 11] == 0
    assert len(outline_path(shapely.Polygon()).vertices) == 0
    line = outline_path(shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3), (4, 2)]]))
    assert line.codes.tolist() == [1, 2, 1, 2, 2]


def test_coordinate_systems_in_words():
    assert crs_name("EPSG:4546").zh.endswith("中央经线111°E")
    assert "UTM" in crs_name("EPSG:32649").zh


def test_a_public_map_bears_its_number_or_says_that_it_has_none():
    maps = {"is_public": True, "map_approval_number": "晋S(2026)001号"}
    survey = replace(tiny.survey(), county=tiny.county(maps=maps))
    assert approval(survey).zh == "审图号：晋S(2026)001号"
    assert approval(survey).en == "Map approval number: 晋S(2026)001号"
    inner = replace(survey, county=tiny.county(maps={**maps, "is_public": False}))
    assert approval(inner).zh == "审图号：晋S(2026)001号"
    for one, secrecy, mark in (
        (survey, "内部", "审图号：晋S(2026)001号"),  # went into cells that may be public
        (survey, "涉密", "涉密 内部使用"),
        (inner, "内部", "内部使用"),
    ):
        dem = replace(one.layers["dem"], source=LayerSource(path="dem.tif", secrecy=secrecy))
        assert approval(one.with_layers({"dem": dem})).zh == mark
    unnumbered = replace(survey, county=tiny.county(maps={"is_public": True}))
    assert approval(unnumbered).zh == "尚无审图号，不得公开"
    dem = replace(survey.layers["dem"], source=LayerSource(path="dem.tif", secrecy="内部"))
    assert approval(unnumbered.with_layers({"dem": dem})).zh == "尚无审图号，不得公开"
    assert any("编制单位：未填写" in one.zh for one in imprint(unnumbered))


def test_a_public_map_without_number_is_told(assessment, caplog):
    survey = replace(assessment.survey, county=tiny.county(maps={"is_public": True}))
    sheet(replace(assessment, survey=survey), "zones", dpi=30)
    assert "map_approval_number" in caplog.text


def test_sheets_leave_the_assessment_as_it_was(assessment):
    before = {name: layer.data.copy() for name, layer in assessment.survey.layers.items()}
    sheet(assessment, "risk-units", dpi=30)
    for name, data in before.items():
        after = assessment.survey.layers[name].data
        assert after.equals(data) if isinstance(data, gpd.GeoDataFrame) else after.identical(data)
