"""The atlas in a second browser: Firefox, from the disk, with no network."""

from dataclasses import replace

import pytest
import tiny
from firefox import Firefox, firefox_program

from riskmap.maps import atlas
from riskmap.model import OBJECTS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def firefox(tmp_path_factory):
    if firefox_program() is None:
        pytest.skip("Firefox is not installed (apt-get install firefox-esr)")
    window = Firefox(tmp_path_factory.mktemp("profile"))
    yield window
    window.end()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "atlas 图.html"
    made = tiny.assessment()
    weights = {"theme_weights": {"flood": 0.6, "drought": 0.4}, "object_weights": dict.fromkeys(OBJECTS, 0.2)}
    path.write_text(atlas(replace(made, risk=replace(made.risk, **weights))), encoding="utf-8")
    return path


@pytest.fixture
def page(firefox, file):
    firefox.requests.clear()
    firefox.complaints.clear()
    firefox.open(file)
    yield firefox
    firefox.run("1")
    assert [one for one in firefox.requests if not one.startswith("data:")] == []  # the disk is not told
    assert firefox.complaints == []


def click_village(page, n):
    at = tiny.units().representative_point().to_crs(4326).iloc[n]
    x, y = page.run(f"(p => [p.x, p.y])(Riskmap.map.latLngToContainerPoint([{at.y}, {at.x}]))")
    left, top = page.run("(box => [box.x, box.y])(document.querySelector('.folium-map').getBoundingClientRect())")
    page.press(left + x, top + y)


def test_the_map_is_drawn(page):
    assert page.text("h1") == "小河县\n自然灾害综合风险区划图"
    assert page.run("document.querySelectorAll('.leaflet-areas-pane path').length") == 6
    assert page.run("document.fonts.check('14px Riskmap', '甲村')")
    assert page.run("document.querySelectorAll('.leaflet-names-pane .name').length") > 2


def test_a_click_tells_the_story_of_a_village(page):
    click_village(page, 0)
    page.wait("document.querySelector('.card h2')")
    assert page.text(".card h2") == "甲村"
    assert "1,200 人" in page.text(".card")


def test_the_class_of_a_cell_is_read_from_the_picture(page):
    page.press_on("#layer-hazard-flood")
    page.wait("Riskmap.cells && Riskmap.cells.id === 'hazard-flood'")
    at = tiny.units().representative_point().to_crs(4326).iloc[1]
    code = page.run(f"Riskmap.classAt({{ lat: {at.y}, lng: {at.x} }})")
    grid, point = tiny.grid(), tiny.units().representative_point().iloc[1]
    column, row = (int(one) for one in ~grid.affine @ (point.x, point.y))
    assert code == int(tiny.themes()["flood"].classes.values[row, column])


def test_a_weight_is_moved_with_the_keyboard(page):
    before = page.run("Riskmap.weights()")
    page.press_on("#tab-whatIf")
    page.run("document.querySelector('#weight-themes-flood').focus()")
    page.keys("\ue011")  # Home
    page.wait("Riskmap.tried")
    after = page.run("Riskmap.weights()")
    assert after != before
    assert page.text("label[for=weight-themes-flood] output") == "0%"
    assert page.text("label[for=weight-themes-drought] output") == "100%"
    assert page.run("Riskmap.tried.codes") == page.run("Riskmap.workUnits(Riskmap.weights()).codes")


def test_english_and_back(page):
    click_village(page, 0)
    page.press_on("#lang-en")
    page.wait("document.documentElement.lang === 'en'")
    assert page.text("h1") == "Tiny County\nZoning of comprehensive natural-disaster risk"
    assert page.text(".card h2") == "Village 0"
    page.press_on("#lang-zh")
    page.wait("document.documentElement.lang === 'zh-CN'")
    assert page.text(".card h2") == "甲村"


def test_faults_of_a_page_are_seen_here(firefox, tmp_path):
    path = tmp_path / "faulty.html"
    address = "https://riskmap.invalid/x.png"
    path.write_text(f"<html data-ready><img src='{address}'><script>console.error('broken')</script>")
    firefox.requests.clear()
    firefox.complaints.clear()
    firefox.open(path)
    assert "broken" in firefox.complaints
    assert address in firefox.requests
