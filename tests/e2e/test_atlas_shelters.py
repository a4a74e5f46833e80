"""Shelters in the atlas: scenario by scenario, who is left and why, where people go, what to add."""

import re
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
from reader import Reader, click_map

from riskmap.maps import atlas
from riskmap.model import ProductTable, Text

pytestmark = pytest.mark.browser
A, B, C, D = tiny.CODES[:4]


def assessment(**maps):
    made = tiny.assessment(**({"maps": {"compiler": "县局"} | maps} if maps else {}))
    moved = [
        ("dry", "resident", A, 1200, 1200, "covered"), ("dry", "resident", B, 300, 0, "too far"),
        ("flood: worst", "night", B, 120, 80, "no room"), ("flood: worst", "night", C, 40, 40, "covered"),
        ("flood: worst", "festival", B, 500, 0, "cut off"),
    ]  # fmt: skip
    flows = [
        ("dry", "resident", A, "S1", 1200, 1.5), ("flood: worst", "night", B, "S1", 50, 12.0),
        ("flood: worst", "night", B, "H1", 30, 4.0), ("flood: worst", "night", C, "S1", 40, np.nan),
        ("flood: worst", "festival", B, "S1", 1, 9.0),
    ]  # fmt: skip
    seats = tiny.units().representative_point()
    way = gpd.GeoDataFrame(
        {"scenario": ["flood: worst"], "unit_id": [B], "shelter_id": ["S1"]},
        geometry=[shapely.LineString([seats.iloc[1], seats.iloc[0]])], crs=tiny.CRS,
    )  # fmt: skip
    house = gpd.GeoDataFrame(
        {"name": ["<b>村部</b>"], "capacity_people": [30.0]}, geometry=[seats.iloc[2]], crs=tiny.CRS,
        index=pd.Index(["H1"], name="shelter_id"),
    )  # fmt: skip
    site = gpd.GeoDataFrame(
        {
            "name": ["中学操场", "甲村", *(f"备选{n}" for n in range(3, 16))], "first": [n == 0 for n in range(15)],
            "people_added": [2100.0, *range(140, 0, -10)], "share_after_pct": [60.0, *range(61, 75)], "land_m2": 4200.0,
        },
        geometry=[seats.iloc[5]] * 15, crs=tiny.CRS,
    )  # fmt: skip
    sums = {"people_to_move": [1500, 160], "people_assigned": [1200, 120], "people_unassigned": [300, 40]}
    shelters = replace(
        made.shelters, scenarios=made.shelters.scenarios.assign(**sums),
        evacuated=pd.DataFrame(moved, columns=["scenario", "time", "unit_id", "people", "assigned", "reason"]),
        flows=pd.DataFrame(flows, columns=["scenario", "time", "unit_id", "shelter_id", "people", "minutes"]),
        routes=way, houses=house,
        threats=pd.DataFrame({"shelter_id": ["S2"], "scenario": ["flood: worst"], "rule": ["shelters.exclusion"]}),
    )  # fmt: skip
    why = (Text("全部备选点也只能覆盖 75%，达不到 90%", "all candidates together cover 75%, less than 90%"),)
    table = ProductTable(name="shelter_sites", title=Text("增设", "Sites"), frame=site, notes=why)
    return replace(made, shelters=shelters, products=(table,))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("shelters") / "atlas.html"
    path.write_text(atlas(assessment()), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    made = Reader(chromium, file)
    made.page.check("#overlay-shelters")
    yield made
    made.closed_well(file)


def seat(n):
    point = tiny.units().representative_point().to_crs(4326).iloc[n]
    return point.y, point.x


def marks(page):
    return page.eval_on_selector_all(".leaflet-marks-pane path", "all => all.map(one => one.getAttribute('fill'))")


def strokes(page, pane):
    found = page.eval_on_selector_all(
        f".leaflet-{pane}-pane path",
        "all => all.map(one => [one.getAttribute('stroke'), one.getAttribute('stroke-width')])",
    )
    return [(colour, float(width)) for colour, width in found]


def test_closed_roads_are_drawn_on_a_white_casing(reader):
    page = reader.page
    page.click("#scenario-1")
    found, closed = strokes(page, "lines"), page.evaluate("Riskmap.doc.shelters.colours.closed")
    at = [colour for colour, _ in found].index(closed)
    assert found[at - 1][0] == "#ffffff"
    assert found[at - 1][1] > found[at][1]


def test_a_scenario_shows_its_own_villages_roads_and_shut_shelters(reader):
    page = reader.page
    assert len(marks(page)) == 5
    assert page.locator(".shelter .shut").count() == 0
    page.click("#scenario-1")
    assert reader.text("#scenario-shown").endswith("洪水淹没筛查（worst）")
    assert sorted(marks(page)) == ["#1b7837", "#c51b7d"]
    assert page.locator(".shelter .shut").count() == 1
    assert page.locator(".shelter .house").count() == 1
    rows = page.locator(".reach table").first.locator("tbody tr").all_inner_texts()
    assert [one.split() for one in rows][:2] == [["已安置", "1", "40"], ["未能全部安置", "1", "40"]]
    assert "场所容量不足" in reader.text(".left-over")
    page.click("#scenario-0")
    assert len(marks(page)) == 5


def test_a_village_tells_where_its_people_go_and_the_way_is_drawn(reader):
    page = reader.page
    page.click("#scenario-1")
    page.locator(".left-over button").first.click()
    card = reader.text(".card")
    for part in (
        "乙村",
        "未能全部安置：场所容量不足",
        "120",
        "80",
        "广场",
        "50 人",
        "12 分钟",
        "<b>村部</b>",
        "30 人",
        "4 分钟",
    ):
        assert part in card, part
    assert "500" not in card  # another time of the same scenario
    assert page.evaluate("Riskmap.waysShown.getLayers().length") == 1
    click_map(page, *seat(3))
    card = reader.text(".card")
    for part in ("该情景下无需转移", "无灾害时覆盖", "未覆盖：超出服务半径", "最近避难场所", "路程"):
        assert part in card, part
    assert page.evaluate("Riskmap.waysShown") is None
    assert page.locator(".panel b, .folium-map b").count() == 0


def test_the_next_place_and_a_house_can_be_clicked(reader):
    page = reader.page
    assert "达不到 90%" in reader.text("#next-places")
    rows = page.locator("#next-places li")
    assert rows.count() == 12
    assert rows.first.inner_text().split() == ["1", "中学操场", "累计", "60%，4,200", "m²", "+2,100"]
    page.click("#next-places .all")
    assert rows.count() == 15
    assert page.locator("#next-places .all").count() == 0
    rows.first.locator("button").click()
    assert reader.text(".card h2") == "中学操场"
    assert "最先增设" in reader.text(".card")
    assert "2,100" in reader.text(".card")
    page.click("#tab-layers")
    page.click("#scenario-1")
    page.evaluate("Riskmap.choose('houses', 0, null)")
    assert reader.text(".card h2") == "<b>村部</b>"
    assert "30" in reader.text(".card .facts")


def test_an_uncovered_village_tells_the_radius_and_shows_its_nearest_shelter(reader):
    page = reader.page
    page.evaluate("Riskmap.goTo('units', 1)")
    card = reader.text(".card")
    assert "其服务半径" in card
    assert "1,000 m" in card
    assert strokes(page, "county")[-3:-1] == [("#ffffff", 6), ("#c51b7d", 3)]  # a white casing under the way
    page.evaluate("Riskmap.goTo('units', 0)")  # covered
    assert page.evaluate("Riskmap.waysShown") is None


def test_the_two_measures_stand_apart_with_their_meaning(reader):
    heads = reader.page.locator(".scenarios thead th").all_inner_texts()
    assert heads == ["情景", "需安置", "已安置", "未安置", "覆盖率"]
    assert "不可相减" in reader.text("#measures")


@pytest.mark.parametrize("scenario", [0, 1])
def test_shelters_print_on_one_page_without_lists_and_links(reader, scenario):
    page = reader.page
    page.evaluate("window.print = () => {}")
    page.click(f"#scenario-{scenario}")
    page.click("#tool-print")
    kept = page.locator(".scenarios tbody tr")
    assert [kept.nth(n).is_visible() for n in range(2)] == [scenario == 0, scenario == 1]
    assert page.locator("#next-places").is_hidden()
    assert page.locator(".panel .link:visible, .panel .all:visible").count() == 0
    frame, last = page.locator(".app").bounding_box(), page.locator("#measures").bounding_box()
    assert last["y"] + last["height"] <= frame["y"] + frame["height"]
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/MediaBox ", made)) == 1
    page.wait_for_function("!document.documentElement.classList.contains('printing')")
    assert page.locator("#next-places").is_visible()


def test_a_proposed_place_has_the_english_name_of_its_village(reader):
    page = reader.page
    page.click("#lang-en")
    rows = page.locator("#next-places li button").all_inner_texts()
    assert rows[:2] == ["1 中学操场", "2 Village 0"]
    page.locator("#next-places li button").nth(1).click()
    assert reader.text(".card h2") == "Village 0"
    page.click("#lang-zh")
    assert reader.text(".card h2") == "甲村"
    page.evaluate("Riskmap.choose('proposed', 0, null)")
    assert page.locator(".card .under").text_content() == "建议增设 最先增设"


def test_a_phone_shows_the_first_five_proposed_places_until_all_are_asked_for(chromium, file):
    made = Reader(chromium, file, viewport={"width": 390, "height": 844})
    page = made.page
    page.evaluate("Riskmap.update({open: true, overlays: {...Riskmap.state.overlays, shelters: true}})")
    on_map = page.locator(".leaflet-shelters-pane .proposed")
    rows = page.locator("#next-places li")
    assert (on_map.count(), rows.count()) == (5, 5)
    page.click("#next-places .all")
    assert (on_map.count(), rows.count()) == (15, 15)
    made.closed_well(file)


def test_english_words_of_a_scenario(reader):
    page = reader.page
    page.click("#lang-en")
    page.click("#scenario-1")
    assert reader.text("#scenario-shown").endswith("Flood screening (worst)")
    assert "no room left" in reader.text(".left-over")


def test_a_public_page_draws_no_ways(chromium, tmp_path):
    path = tmp_path / "public.html"
    path.write_text(atlas(assessment(is_public=True, map_approval_number="晋S(2026)001号")), encoding="utf-8")
    made = Reader(chromium, path)
    made.page.check("#overlay-shelters")
    made.page.click("#scenario-1")
    made.page.evaluate("Riskmap.goTo('units', 1)")
    assert "乙村" in made.text(".card")
    assert made.page.evaluate("Riskmap.waysShown") is None
    made.closed_well(path)
