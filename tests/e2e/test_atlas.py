"""The atlas in a browser without network: opened from the disk, switched, clicked, searched, in both languages."""

import pytest
import shapely
import tiny
from pyproj import Transformer
from reader import CONTRAST, Reader, click_map

from riskmap.maps import atlas, explore
from riskmap.model import Assessment

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("atlas") / "atlas 图.html"
    path.write_text(atlas(tiny.assessment()), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    made = Reader(chromium, file)
    yield made
    made.closed_well(file)


def seat(n):
    points = tiny.units().representative_point().to_crs(4326)
    return points.iloc[n].y, points.iloc[n].x


def test_opens_with_title_note_and_approval(reader):
    assert reader.text("h1") == "小河县\n自然灾害综合风险区划图"
    assert reader.text(".note") == "模拟数据"
    assert reader.text(".leaflet-bottom.leaflet-left .approval") == "内部使用"
    assert reader.page.title() == "小河县自然灾害综合风险区划图"
    assert reader.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert reader.page.locator(".leaflet-control-scale-line").is_visible()


def test_packed_shapes_are_opened_as_they_were(reader):
    page = reader.page
    published = r"_p~iF~ps|U_ulLnnqC_mqNvxq`@"  # the example of Google's Encoded Polyline Algorithm Format
    assert page.evaluate("(text) => Riskmap.unpack(text)", published) == [
        [-120.2, 38.5],
        [-120.95, 40.7],
        [-126.453, 43.252],
    ]
    for n, area in enumerate(tiny.units().to_crs(4326).geometry):
        (ring,) = page.evaluate(f"Riskmap.doc.areas.units.shapes[{n}].coordinates")
        assert {tuple(one) for one in ring} == {tuple(one) for one in shapely.get_coordinates(area).round(5).tolist()}


def test_every_layer_can_be_switched_on(reader):
    page = reader.page
    for name in page.eval_on_selector_all("input[name=layer]", "all => all.map(one => one.id)"):
        page.check(f"#{name}")
        shown = page.locator(f"label:has(#{name}) span").first.inner_text()
        assert reader.text(".shown h2").startswith(shown)
        pictures = page.locator(".leaflet-grid-pane img").count()
        assert pictures == (1 if name.startswith("layer-hazard") or name == "layer-risk-grid" else 0)
    page.check("#layer-hazard-hail")
    assert "部门成果" in reader.text(".shown h2")


def test_class_is_read_back_from_the_picture(reader):
    page = reader.page
    page.check("#layer-hazard-flood")
    page.wait_for_function("Riskmap.cells && Riskmap.cells.id === 'hazard-flood'")
    theme = tiny.themes()["flood"]
    to_lon_lat = Transformer.from_crs(tiny.CRS, 4326, always_xy=True)
    for row, column in ((30, 24), (30, 2), (10, 45), (1, 1), (50, 12)):
        x, y = tiny.grid().affine @ (column + 0.5, row + 0.5)
        lon, lat = to_lon_lat.transform(x, y)
        code = int(theme.classes.values[row, column])
        assert page.evaluate(f"Riskmap.classAt({{lat: {lat}, lng: {lon}}})") == (0 if code == 255 else code)
    assert page.evaluate("Riskmap.classAt({lat: 10, lng: 10})") is None


def test_pointer_tells_what_lies_under_it(reader):
    page = reader.page
    lat, lon = seat(0)
    x, y = page.evaluate(f"(p => [p.x, p.y])(Riskmap.map.latLngToContainerPoint([{lat}, {lon}]))")
    page.mouse.move(x + 20, y + 40)
    page.mouse.move(x + 22, y + 40)
    page.wait_for_function("document.querySelector('.readout').textContent.includes('甲村')")
    assert "高" in reader.text(".readout")


def test_click_tells_the_story_of_a_village(reader):
    page = reader.page
    click_map(page, *seat(0))
    card = reader.text(".card")
    for part in (
        "甲村",
        "上乡",
        tiny.CODES[0],
        "高",
        "0.9",
        "1 / 5",
        "洪水淹没筛查",
        "1,200 人",
        "3,000 万元",
        "广场",
        "2 分钟",
        "已覆盖",
    ):
        assert part in card, part
    assert "未核实" in card
    click_map(page, *seat(4))
    assert reader.text(".verdict strong") == "无数据"
    assert "无道路连通" not in reader.text(".card")
    assert "无数据" in reader.text(".facts dd")
    click_map(page, *seat(1))
    assert "未覆盖：超出服务半径" in reader.text(".card")
    assert "宜就近增设" in reader.text(".advice")


def test_click_on_a_grid_tells_the_class_of_the_cell(reader):
    page = reader.page
    page.check("#layer-hazard-flood")
    page.wait_for_function("Riskmap.cells")
    lat, lon = seat(0)
    click_map(page, lat + 0.002, lon)
    assert reader.text(".here .chip") in {"低", "中", "高", "极高"}


def test_search_by_name_and_code_with_the_keyboard(reader):
    page = reader.page
    page.fill("#search", "己")
    assert page.locator("#found li").count() == 1
    page.keyboard.press("Enter")
    assert reader.text(".card h2") == "己村"
    page.fill("#search", tiny.CODES[1])
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    assert reader.text(".card h2") == "乙村"
    page.fill("#search", "不存在")
    assert reader.text("#found") == "没有符合的地点"
    page.keyboard.press("Escape")
    assert page.locator("#found").is_hidden()


def test_english_and_back(reader):
    page = reader.page
    click_map(page, *seat(0))
    page.click("#lang-en")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert reader.text("h1") == "Tiny County\nZoning of comprehensive natural-disaster risk"
    assert reader.text(".note") == "synthetic survey"
    assert reader.text(".card h2") == "Village 0"
    assert "1,200 people" in reader.text(".card")
    assert reader.text(".approval") == "For internal use"
    page.click("#tab-layers")
    assert "High" in reader.text(".shown")
    left = [one for one in page.locator(".panel").inner_text() if "\u4e00" <= one <= "\u9fff"]
    assert set(left) <= set("中文小河县应急管理局第一次全国自然灾害综合风险普查评估与区划"), left
    page.click("#lang-zh")
    assert reader.text("h1").startswith("小河县")


def test_evil_names_stay_text(reader):
    page = reader.page
    page.fill("#search", "<img")
    assert tiny.EVIL in reader.text("#found")
    page.keyboard.press("Enter")
    assert reader.text(".card h2") == tiny.EVIL
    page.click("#tab-layers")
    page.check("#overlay-shelters")
    page.locator(".shelter").nth(1).click()
    assert reader.text(".card h2") == '<b>学校</b>"'
    assert "受威胁于" in reader.text(".card")
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".panel b, .folium-map b").count() == 0


def test_shelters_show_covered_and_uncovered(reader):
    page = reader.page
    page.check("#overlay-shelters")
    assert page.locator(".shelter").count() == 2
    fills = page.eval_on_selector_all(".leaflet-marks-pane path", "all => all.map(one => one.getAttribute('fill'))")
    assert sorted(fills).count("#1b7837") == 1
    assert len(fills) == 5
    assert "4,140" in reader.text(".reach")
    page.uncheck("#overlay-shelters")
    assert page.locator(".shelter").count() == 0


def test_fine_print_names_what_is_left_out(reader):
    reader.page.click("#tab-about")
    assert "森林草原火灾" in reader.text(".about")
    assert "没有逐日气象资料" in reader.text(".about")


def test_opacity_and_overlays(reader):
    page = reader.page
    page.locator("#opacity").fill("40")
    fill = page.locator(".leaflet-areas-pane path").first.get_attribute("fill-opacity")
    assert fill == "0.4"
    assert page.locator(".leaflet-shade-pane img").count() == 1
    page.uncheck("#overlay-shade")
    assert page.locator(".leaflet-shade-pane img").count() == 0


def test_keyboard_alone_is_enough(reader):
    page = reader.page
    page.focus("#tab-layers")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-place"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-about"
    page.focus("#tab-about")
    page.keyboard.press("ArrowRight")
    page.focus("#layer-risk-units")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("Riskmap.state.layer") == "risk-grid"
    assert page.evaluate("document.activeElement.id") == "layer-risk-grid"
    page.focus("#lang-en")
    page.keyboard.press("Enter")
    assert page.evaluate("[Riskmap.lang, document.activeElement.id]") == ["en", "lang-en"]


def test_contrast_is_enough(reader):
    page = reader.page
    assert page.evaluate(CONTRAST) == []
    click_map(page, *seat(1))
    assert page.evaluate(CONTRAST) == []
    page.click("#tab-about")
    assert page.evaluate(CONTRAST) == []
    page.click("#tab-layers")
    page.check("#overlay-shelters")
    page.click("#class-risk-units-5")
    assert page.evaluate(CONTRAST) == []


def test_fonts_come_from_the_page(reader):
    assert reader.page.evaluate("document.fonts.check('14px Riskmap', '县')")
    assert reader.page.evaluate("[...document.fonts].map(one => one.status)") == ["loaded"]


def test_phone(chromium, file):
    reader = Reader(chromium, file, viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    page = reader.page
    assert page.locator(".body").is_hidden()
    assert page.get_attribute("#grab", "aria-expanded") == "false"
    assert reader.text(".strip .which") == "村（社区）综合风险"
    panel = page.locator("#panel").bounding_box()
    approval = page.locator(".approval").bounding_box()
    assert approval["y"] + approval["height"] <= panel["y"]
    page.tap("#grab")
    assert page.locator(".body").is_visible()
    assert page.locator("#panel").bounding_box()["height"] < 844 * 0.7
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.tap("#grab")
    click_map(page, *seat(0))
    assert reader.text(".card h2") == "甲村"
    reader.closed_well(file)


def test_hazards_only(chromium, tmp_path):
    path = tmp_path / "a.html"
    path.write_text(atlas(Assessment(survey=tiny.survey(), themes=tiny.themes())), encoding="utf-8")
    reader = Reader(chromium, path)
    assert reader.text("h1") == "小河县\n自然灾害危险性图"
    click_map(reader.page, *seat(0))
    assert reader.text(".card h2") == "甲村"
    reader.closed_well(path)


@pytest.mark.parametrize("what", ["survey", "themes", "risk", "shelters", "frame"])
def test_explore_pages_open(chromium, tmp_path, what):
    made = tiny.assessment()
    result = {
        "survey": made.survey,
        "themes": made.themes["flood"],
        "risk": made.risk,
        "shelters": made.shelters,
        "frame": made.survey.frame("villages"),
    }[what]
    path = tmp_path / "explore.html"
    path.write_text(explore(result).html(), encoding="utf-8")
    reader = Reader(chromium, path)
    if what != "themes":
        reader.page.fill("#search", "1" if what in {"survey", "risk", "shelters"} else "乙")
        reader.page.keyboard.press("Enter")
        assert reader.page.locator(".card h2").is_visible()
    reader.closed_well(path)
