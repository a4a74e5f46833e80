"""The quality page: every finding, findable, with its place."""

import re
from dataclasses import replace

import pytest
import tiny
from pages import offline

from riskmap.maps import quality_page
from riskmap.model import Finding, LayerSource, Text


def finding(n, **more):
    plain = {"rule": "out-of-range", "severity": "error", "layer": "roads", "row": n, "key": f"K{n}", "value": tiny.EVIL,
             "message": Text("超出范围", "Out of range"), "cure": Text("请核对", "Check it")}  # fmt: skip
    return Finding(**(plain | more))


@pytest.fixture(scope="module")
def survey():
    base = tiny.survey()
    roads = replace(
        base.layers["roads"],
        source=LayerSource(path="r.shp", rows_read=200, rows_kept=150, encoding="GB18030", crs="EPSG:4546"),
    )
    more = (*(finding(n) for n in range(3)), finding(9, severity="note", lon=10.0, lat=10.0))
    return replace(base.with_layers({"roads": roads}), findings=base.findings + more)


@pytest.fixture(scope="module")
def page(survey):
    return quality_page(survey)


def test_totals_completeness_and_every_finding(page):
    for piece in ("小河县调查数据质检报告（2026年）", "模拟数据", "经纬度颠倒", "超出范围", "请核对", "已更正", "GB18030",
                  "地质灾害隐患点", "75%", "200", "150"):  # fmt: skip
        assert piece in page, piece
    assert page.count('data-v="error"') == 3
    rule = re.search(r"公路.*?超出范围.*?<td class=\"n\">3<", page, re.DOTALL)
    assert rule


def test_errors_come_first(page):
    assert re.findall(r'data-v="(\w+)"', page) == ["error"] * 3 + ["warning", "note"]


def test_one_file_without_network_and_markup_stays_text(page):
    offline(page)
    assert "<img" not in page
    assert "innerHTML" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_places_stand_on_the_map_and_far_ones_are_counted(page):
    assert page.count("<circle") == 1
    assert "图外 1 条" in page
    x, y = (float(one) for one in re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', page).groups())
    # 111.15 E, 39.38 N is E 512 924, N 4 360 702 (CM 111): 2924 m and 5298 m into a county of 5 x 6 km.
    scale = (480 - 28) / 5000
    assert (x, y) == pytest.approx((14 + 2924 * scale, 14 + 5298 * scale), abs=0.2)


def test_a_clean_survey_says_so(survey):
    text = quality_page(replace(survey, findings=()))
    assert "未发现问题" in text
    assert "<script" not in text
    assert "<svg" not in text


def test_columns_are_told_with_their_share(page):
    assert re.search(r"村（社区）.*?常住人口.*?<td class=\"n\">6</td>.*?100%", page, re.DOTALL)
    assert "没有该列" in page


def test_a_long_list_is_cut_and_says_where_the_rest_is(survey):
    text = quality_page(replace(survey, findings=tuple(finding(n) for n in range(400))))
    assert text.count('<tr id="f') == 300
    assert "另有 100 条" in text
    assert '<td class="n">400</td>' in text  # the counts by rule are of all


def test_same_text_twice(survey, page):
    assert quality_page(survey) == page


@pytest.mark.browser
def test_the_filter_filters(chromium, page, tmp_path):
    path = tmp_path / "quality.html"
    path.write_text(page, encoding="utf-8")
    context = chromium.new_context(offline=True)
    try:
        view = context.new_page()
        faults, requests = [], []
        view.on("pageerror", lambda fault: faults.append(str(fault)))
        view.on("dialog", lambda dialog: (faults.append(dialog.message), dialog.dismiss()))
        view.on("console", lambda line: faults.append(line.text))
        view.on("request", lambda one: requests.append(one.url))
        view.goto(path.as_uri())
        rows = view.locator("#f tbody tr:visible")
        assert rows.count() == 5
        view.fill("#q", "k1")
        assert rows.count() == 1
        view.fill("#q", "")
        view.select_option("#v", "warning")
        assert rows.count() == 1
        assert view.locator("#c").text_content() == "1 / 5"
        view.select_option("#v", "")
        view.select_option("#r", "out-of-range")
        assert rows.count() == 4
        assert view.locator("circle:visible").count() == 0  # the swapped one is filtered out of the map too
        view.select_option("#r", "")
        view.select_option("#l", "hazard_points")
        assert rows.count() == 1
        view.locator("circle").click()
        assert view.locator("tr.on").get_attribute("id") == "f3"
        assert "经纬度颠倒" in view.locator("tr.on").text_content()
        assert view.evaluate("location.hash") == "#f3"
        view.locator("tr.on button").click()
        assert view.locator("circle.on").count() == 1
        assert "经纬度颠倒" in view.locator("#one").text_content()
        assert faults == []
        assert [one for one in requests if not one.startswith(("file:", "data:"))] == []
    finally:
        context.close()
