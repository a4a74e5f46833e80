"""The report: everything told, nothing run, nothing asked of the network."""

from dataclasses import replace

import pytest
import tiny
from pages import Page, offline

from riskmap.maps import report
from riskmap.maps.document import class_cell, text_cell, threshold_table
from riskmap.model import LayerSource
from riskmap.standards import book


@pytest.fixture(scope="module")
def page():
    return report(tiny.assessment())


def test_it_tells_what_went_in_what_was_found_and_what_is_missing(page):
    for piece in ("小河县自然灾害综合风险评估报告（2026年）", "模拟数据", "synthetic survey", "数字高程模型", "dem.x",
                  "洪水淹没筛查", "部门成果", "手工构造", "西部洪水高风险区", "各乡镇综合风险", "未覆盖的村（社区）",
                  "无道路连通", "超出服务半径", "森林草原火灾", "没有逐日气象资料", "未核实"):  # fmt: skip
        assert piece in page, piece
    assert "无数据" in page


def test_one_file_without_network_or_script(page):
    read = offline(page)
    assert "script" not in read.tags
    assert "img" not in read.tags
    assert "default-src 'none'" in page


def test_names_are_text_not_markup(page):
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page


def test_no_variable_names_for_planners(page):
    words = " ".join(Page(page).words)
    for code in ("known_share", "gdp_yuan", "people_covered", "too far", "unit_id", "class_flood", "dry"):
        assert code not in words, code


def test_pictures_are_inside_the_page():
    text = report(tiny.assessment(), images={"hazard-flood": b"\x89PNG", "zones": b"\x89PNG"})
    assert text.count('src="data:image/png;base64,') == 2
    offline(text)


def test_thin_assessments_have_a_thin_report():
    whole = tiny.assessment()
    text = report(replace(whole, risk=None, shelters=None, left_out=()))
    assert "综合风险与区划" not in text
    assert "未编制的产品" not in text
    assert "洪水淹没筛查" in text


def test_same_text_twice(page):
    assert report(tiny.assessment()) == page


def test_thresholds_stand_with_source_and_confidence():
    used = (book().threshold("flood.dry_depth_m"), book().threshold("flood.impassable_depth_m"))
    whole = tiny.assessment()
    flood = replace(whole.themes["flood"], thresholds=used)
    text = report(replace(whole, themes={"flood": flood}))
    for one in used:
        assert one.title.zh in text
        assert one.source in text
    assert "0.01 m" in text
    table = threshold_table(used)
    assert [row[-1].flag for row in table.rows] == [False, True]


def test_measured_quantities_and_agreement_with_events():
    whole = tiny.assessment()
    flood = whole.themes["flood"]
    measured = flood.measured.copy()
    measured["quantity"].attrs |= {"title_zh": "水深", "title_en": "Depth", "units": "m"}
    measured.attrs["auroc"] = {
        "points": 42, "folds": 5, "in_sample": 0.91, "in_sample_low": 0.88, "in_sample_high": 0.94,
        "quantity": 0.77, "cross_validated": None,
    }  # fmt: skip
    text = report(replace(whole, themes={"flood": replace(flood, measured=measured)}))
    for piece in ("水深（m）", "0.910", "0.880 ~ 0.940", "42", "0.770", "建模样本内"):
        assert piece in text, piece
    assert "空间分块交叉验证" not in text


def test_depths_by_return_period_bear_their_years():
    import xarray as xr

    whole = tiny.assessment()
    flood = whole.themes["flood"]
    one = flood.measured["quantity"]
    deep = xr.concat([one, one * 2], dim="return_period").assign_coords(return_period=[5.0, 100.0])
    deep.attrs |= {"title_zh": "水深", "title_en": "Depth", "units": "m"}
    text = report(replace(whole, themes={"flood": replace(flood, measured=deep.to_dataset(name="depth_m"))}))
    assert "水深（m）（100年一遇）" in text


def test_records_read_and_used_are_told():
    whole = tiny.assessment()
    roads = replace(
        whole.survey.layers["roads"],
        source=LayerSource(path="r.shp", rows_read=1234, rows_kept=1230, licence="内部", source="交通局"),
    )
    text = report(replace(whole, survey=whole.survey.with_layers({"roads": roads})))
    for piece in ("1,234", "1,230", "交通局"):
        assert piece in text


def test_cells():
    scheme = book().scheme("comprehensive-risk")
    assert class_cell(scheme, 255).unknown
    assert class_cell(scheme, None).text.zh == class_cell(scheme, float("nan")).text.zh == "无数据"
    assert class_cell(scheme, 2).colour == scheme.colour(2)
    assert text_cell(float("nan")).text.zh == "—"
    assert text_cell(0).text.zh == "0"


@pytest.mark.browser
def test_it_opens_without_a_network(chromium, page, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    context = chromium.new_context(offline=True)
    try:
        view = context.new_page()
        faults, requests = [], []
        view.on("pageerror", lambda fault: faults.append(str(fault)))
        view.on("console", lambda line: faults.append(line.text))
        view.on("request", lambda one: requests.append(one.url))
        view.goto(path.as_uri())
        assert view.evaluate("document.fonts.ready.then(() => document.fonts.check('16px RM', '河'))")
        assert view.locator("h2").count() >= 6
        assert faults == []
        assert [one for one in requests if not one.startswith(("file:", "data:"))] == []
    finally:
        context.close()
