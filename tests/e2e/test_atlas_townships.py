"""A township in the atlas: its card and outline, on a desk and on a phone; a cell tells its index."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
import trial
from reader import Reader, click_map

from riskmap.maps import atlas

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


def assessment():
    made = trial.assessment()
    evacuated = pd.DataFrame(
        [("flood: worst", "night", tiny.CODES[0], 120, 80, "no room"), ("flood: worst", "night", tiny.CODES[2], 40, 40, "covered"),
         ("flood: worst", "night", tiny.CODES[3], 7, 0, "cut off")],
        columns=["scenario", "time", "unit_id", "people", "assigned", "reason"],
    )  # fmt: skip
    flows = pd.DataFrame(columns=["scenario", "time", "unit_id", "shelter_id", "people", "minutes"])
    return replace(made, shelters=replace(made.shelters, evacuated=evacuated, flows=flows))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("townships") / "atlas.html"
    path.write_text(atlas(assessment()), encoding="utf-8")
    return path


@pytest.fixture(params=["desk", "phone"])
def reader(request, chromium, file):
    made = Reader(chromium, file, **(PHONE if request.param == "phone" else {}))
    if request.param == "phone":
        made.page.tap("#grab")
    yield made
    made.closed_well(file)


def find(page, text):
    page.fill("#search", text)
    page.keyboard.press("Enter")


def pairs(page):
    return dict(one.split("\n") for one in page.locator(".card .facts > div").all_inner_texts())


def test_its_card_tells_class_units_worst_and_shelters(reader):
    page = reader.page
    find(page, "上乡")
    assert page.inner_text(".card h2") == "上乡"
    assert page.inner_text(".card .under") == f"乡镇 · {tiny.townships().index[0]}"
    assert "高" in page.inner_text(".card .verdict").split("\n")
    told = pairs(page)
    assert told["综合风险指数（村（社区）按人口加权平均）"] == "0.8"
    assert told["乡镇排名（由高到低）"] == "1 / 2"
    assert told["指数最高的村（社区）"] == "甲村 0.9"
    assert told["主导灾种"].startswith("洪水")
    rows = [one.split() for one in page.locator("#town-classes tbody tr").all_inner_texts()]
    assert rows == [["高", "1", "1,200"], ["中高", "1", "300"], ["中", "1", "90"]]
    assert (told["避难场所（处）"], told["已覆盖人口"], told["未覆盖人口"]) == ("2", "1,200 人", "390 人")
    assert page.evaluate("(b => b.scrollWidth <= b.clientWidth)(document.querySelector('.body'))")
    page.click(".card .facts .link")
    assert page.inner_text(".card h2") == "甲村"
    page.click("#to-town")
    assert page.inner_text(".card h2") == "上乡"


def test_its_card_in_english_with_unknown_units(reader):
    page = reader.page
    page.click("#lang-en")
    find(page, "Lower")
    rows = [one.split("\t") for one in page.locator("#town-classes tbody tr").all_inner_texts()]
    assert [[part.strip() for part in one] for one in rows] == [
        ["Medium-low", "1", "450"], ["Low", "1", "2,100"], ["no data", "1", "0"],
    ]  # fmt: skip
    assert pairs(page)["Village of the highest index"].endswith(" 0.3")
    assert pairs(page)["Shelters"] == "0"


def test_in_a_scenario_it_sums_who_must_leave(reader):
    page = reader.page
    page.evaluate("Riskmap.update({ scenario: 1 })")
    find(page, "上乡")
    told = pairs(page)
    assert [told[one] for one in ("需转移（人）", "已安置", "未安置（人）")] == ["160", "120", "40"]
    find(page, "下镇")
    assert [pairs(page)[one] for one in ("需转移（人）", "已安置", "未安置（人）")] == ["7", "0", "7"]


def test_its_outline_is_that_of_its_units_together(reader):
    find(reader.page, "上乡")
    lines = reader.page.evaluate("Riskmap.chosen.getLatLngs().map(one => one.map(at => [at.lng, at.lat]))")
    whole = tiny.townships().to_crs(4326).geometry.iloc[0].boundary
    assert shapely.MultiLineString(lines).length == pytest.approx(whole.length, rel=1e-3)


def test_a_trial_moves_its_index_and_says_so(reader):
    page = reader.page
    find(page, "上乡")
    assert page.locator(".card .trial-note").count() == 0
    page.evaluate("Riskmap.weigh('themes', 0, 3)")
    index = np.array(page.evaluate("[...Riskmap.tried.index]")[:3], dtype=float)
    people = np.array([1200, 300, 90])
    known = ~np.isnan(index)
    mean = (index * people)[known].sum() / people[known].sum()
    assert float(pairs(page)["综合风险指数（村（社区）按人口加权平均）"]) == pytest.approx(mean, rel=6e-3)
    assert page.locator(".card .trial-note").count() == 1
    assert "排名" not in page.inner_text(".card")


def test_a_cell_tells_its_index_as_the_run_works_it(reader, file):
    page, document = reader.page, trial.document(file)
    page.check("#layer-risk-grid")
    page.evaluate("Riskmap.readCells()")
    reader.until("Riskmap.cellData")
    raw = {side: [one["weight"] for one in document["whatIf"][side]] for side in ("themes", "objects")}
    expected = trial.cells_indexed(document)(raw)
    wide, high = document["cells"]["size"]
    (south, west), (north, east) = document["cells"]["bounds"]
    up = np.log(np.tan(np.pi / 4 + np.radians([north, south]) / 2))
    places, wanted = [], []
    for k in range(0, wide * high, 97):
        y = up[0] - (k // wide + 0.5) / high * (up[0] - up[1])
        lat = np.degrees(2 * np.arctan(np.exp(y)) - np.pi / 2)
        places.append([float(lat), float(west + (k % wide + 0.5) / wide * (east - west))])
        wanted.append(expected[k])
    got = page.evaluate("all => all.map(([lat, lng]) => Riskmap.valueAt({ lat, lng }))", places)
    assert np.isnan(wanted).any()
    assert len({one for one in got if one is not None}) > 20
    np.testing.assert_allclose([np.nan if one is None else one for one in got], wanted, atol=1e-6)


def test_the_index_of_a_cell_is_told_under_the_pointer_and_in_the_card(chromium, file):
    made = Reader(chromium, file)
    page = made.page
    page.check("#layer-risk-grid")
    made.until("Riskmap.cells && Riskmap.readCells() && Riskmap.cellData")
    n = page.evaluate("Riskmap.cells.codes.findIndex((code, k) => code > 2 && k > 4000)")
    at = page.evaluate(
        "n => { const p = Riskmap.layer().picture, [w, h] = p.size, [[s, e0], [t, e1]] = p.bounds; "
        "const a = L.Projection.SphericalMercator, top = a.project(L.latLng(t, e0)), low = a.project(L.latLng(s, e1)); "
        "const q = a.unproject(L.point(top.x + ((n % w + .5) / w) * (low.x - top.x), top.y + ((Math.floor(n / w) + .5) / h) * (low.y - top.y))); "
        "return [q.lat, q.lng]; }",
        n,
    )
    value = page.evaluate("([lat, lng]) => Riskmap.valueAt({ lat, lng })", at)
    click_map(page, *at)
    assert pairs(page)["综合风险指数"] == f"约 {value:.3f}"
    page.evaluate("([lat, lng]) => Riskmap.tell({ lat, lng })", at)
    assert f"综合风险指数 约 {value:.3f}" in page.evaluate("Riskmap.readout.innerText").replace("\n", " ")
    page.click("#lang-en")
    page.evaluate("([lat, lng]) => Riskmap.tell({ lat, lng })", at)
    assert f"Risk index about {value:.3f}" in page.evaluate("Riskmap.readout.innerText").replace("\n", " ")
    made.closed_well(file)


def test_a_public_page_tells_no_index_of_a_cell(chromium, tmp_path):
    path = tmp_path / "public.html"
    made = trial.assessment(is_public=True, map_approval_number="晋S(2026)001号")
    path.write_text(atlas(made), encoding="utf-8")
    reader = Reader(chromium, path)
    reader.page.check("#layer-risk-grid")
    assert reader.page.evaluate("Riskmap.valueAt(Riskmap.map.getCenter())") is None
    find(reader.page, "上乡")
    assert reader.page.inner_text(".card h2") == "上乡"
    assert "等级成因" not in reader.page.inner_text(".card")
    reader.closed_well(path)
