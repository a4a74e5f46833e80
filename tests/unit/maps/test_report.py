"""The report: everything told, nothing run, nothing asked of the network."""

import io
import re
from base64 import b64decode
from dataclasses import replace

import pandas as pd
import pytest
import tiny
from pages import Page, offline
from PIL import Image

from riskmap.maps import report
from riskmap.maps.conclusions import conclusions
from riskmap.maps.document import Head, Part, Section, Table, class_cell, text_cell, threshold_table
from riskmap.maps.report import SHEETS
from riskmap.maps.report_parts import LONG_TABLE, embedded, shortened
from riskmap.maps.web.about import threshold_rows
from riskmap.model import LayerSource, ProductTable, Text
from riskmap.pipeline.products import make_product
from riskmap.pipeline.tables import workbook
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
    text = report(tiny.assessment(), images={"hazard-flood": png(), "zones": png()})
    assert text.count('src="data:image/webp;base64,') == 2
    offline(text)


def png(width=2480, height=1753):
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_pictures_are_made_smaller_never_larger():
    whole, small = png(), png(400, 300)
    for made, size in ((embedded(whole), (1600, 1131)), (embedded(small), (400, 300))):
        content = b64decode(made.partition("base64,")[2])
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.format, picture.size) == ("WEBP", size)
    assert len(embedded(whole)) < len(whole) / 4


def test_every_chapter_and_table_is_in_the_contents(page):
    links = re.findall(r'href="#([^"]+)"', page)
    places = re.findall(r' id="([^"]+)"', page)
    assert len(places) == len(set(places))
    assert set(links) <= set(places)
    headed = [one for one in places if re.fullmatch(r"s\d+(-\d+)?", one)]
    assert len(headed) > 8
    assert set(headed) <= set(links)


def test_conclusions_tell_the_figures_of_the_run(page):
    told = [one.zh for one in conclusions(tiny.assessment())]
    assert told[0] == "高风险的村（社区） 1 个，人口 1,200 人，最多的乡镇为上乡（1 个）。"
    assert "洪水淹没筛查 1 个" in told[1]
    assert told[2].startswith("风险最高的村（社区）：甲村、乙村")
    assert all(one.split("<")[0] in page for one in told)
    thin = replace(tiny.assessment(), risk=None, shelters=None, left_out=())
    assert conclusions(thin) == ()


def test_conclusions_tell_the_warnings_of_the_products():
    whole = tiny.assessment()
    made = make_product("robustness", whole)
    units = made[1].frame
    units["likely_class"] = units["class"].where(units["class"] != 5, 4)
    warning = Text("警告：灾情：区划并不比仅按人口更能说明历史记录", "WARNING: no better than people alone")
    rows = pd.DataFrame({"records": ["a", "a", "b"], "verdict": ["no more", "no more", "more"]})
    checked = ProductTable(name="history_check", title=warning, frame=rows, notes=(warning,))
    told = [one.zh for one in conclusions(replace(whole, products=(*made, checked)))]
    assert "历史灾情检验 2 项，其中 1 项不优于仅按人口。警告：灾情：区划并不比仅按人口更能说明历史记录。" in told
    assert f"等级稳健性：{made[0].notes[0].zh}。" in told
    (doubted,) = [one for one in told if one.startswith("各项不确定来源同时变动时，1 个村（社区）")]
    assert "人口 1,200 人，占已定等级人口的 29%" in doubted  # of 1200, 300, 90, 450 and 2100
    lost = whole.risk.units.assign(people=float("nan"))
    blind = conclusions(replace(whole, risk=replace(whole.risk, units=lost), products=tuple(made)))
    assert "各项不确定来源同时变动时，1 个村（社区）的最可能等级与所给等级不同。" in [one.zh for one in blind]
    firm = replace(checked, frame=rows.assign(verdict="more"))
    said = "".join(one.zh for one in conclusions(replace(whole, products=(firm,))))
    assert "历史" not in said
    assert "同时变动" not in said


def test_the_sheets_that_are_named_are_there():
    sheets = {one.title for one in workbook(tiny.assessment()).values()}
    assert set(SHEETS.values()) <= sheets


def test_the_first_villages_bear_their_reasons():
    whole = tiny.assessment()
    made = replace(whole, products=tuple(make_product("why", whole)))
    told = [one for one in conclusions(made) if one.zh.startswith("风险第 ")]
    assert len(told) == 5
    assert told[0].zh.startswith("风险第 1 位：甲村。处于高等级的灾种：")
    assert told[0].en.startswith("Rank 1: ")


def test_long_tables_are_cut_and_say_where_the_rest_is():
    heads, row = (Head(text=Text("名称", "Name")),), (text_cell("甲"),)
    part = Part(title=Text("表", "Table"), tables=(Table(heads=heads, rows=(row,) * (LONG_TABLE * 2)),))
    (section,) = shortened([Section(title=Text("章", "Chapter"), parts=(part,))], sheets={"表": Text("全表", "Whole")})
    assert len(section.parts[0].tables[0].rows) == LONG_TABLE
    assert f"共 {LONG_TABLE * 2} 行" in section.parts[0].lines[-1].zh
    assert "tables.xlsx 的工作表“全表”" in section.parts[0].lines[-1].zh
    assert shortened([Section(title=Text("章", "Chapter"), parts=(part,))], sheets={})[0].parts == (part,)
    short = replace(part, tables=(Table(heads=heads, rows=(row,) * LONG_TABLE),))
    assert shortened([Section(title=Text("章", "Chapter"), parts=(short,))], sheets={})[0].parts == (short,)


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
    assert not [one for one in table.heads if one.right]  # columns of numbers never wrap, and a value may be a sentence


def test_many_thresholds_are_cut_and_the_sheet_with_all_is_named():
    used, whole = tuple(book().thresholds.values())[: LONG_TABLE * 2], tiny.assessment()
    text = report(replace(whole, themes={"flood": replace(whole.themes["flood"], thresholds=used)}))
    chapter = text.rpartition("采用的阈值及依据")[2]
    assert chapter.count("<tr>") == LONG_TABLE + 1
    assert "行，此处列前 10 行；全部见 tables.xlsx 的工作表“阈值与可信度”" in chapter
    assert "阈值与可信度" in workbook(whole)


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


def test_a_year_of_the_calendar_is_not_grouped():
    years = [one for one in book().thresholds.values() if one.unit == "year"]
    assert {"lists.old_house_year", "quality.first_year", "plan.first_year"} <= {one.key for one in years}
    for one in years:
        year = f"{one.value:.0f}"
        assert threshold_table([one]).rows[0][1].text == Text(f"{year} 年", year)
        assert str(threshold_rows([one])[0][1].zh).startswith(f"{year} 年")
        assert str(threshold_rows([one])[0][1].en).startswith(f"{year} (")


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
