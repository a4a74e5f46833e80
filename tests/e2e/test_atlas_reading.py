"""The atlas as a planner reads it, on a desk and on a phone: nothing is cut, nothing covers another, everything is found."""

from dataclasses import replace

import pandas as pd
import pytest
import tiny
import trial
from reader import Reader, click_map

from riskmap.maps import atlas
from riskmap.model import NO_LEADER, ProductTable

pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("reading") / "atlas.html"
    path.write_text(atlas(trial.assessment()), encoding="utf-8")
    return path


@pytest.fixture(params=["desk", "phone"])
def reader(request, chromium, file):
    made = Reader(chromium, file, **(PHONE if request.param == "phone" else {}))
    if request.param == "phone":
        made.page.tap("#grab")
    yield made
    made.closed_well(file)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_legend_is_cut(reader, lang):
    page = reader.page
    page.click(f"#lang-{lang}")
    page.evaluate(
        "Riskmap.layer('risk-grid').legend.rows.forEach((row) => { row.bounds = ['0.0471 ~ 0.0655', '0.0471 to 0.0655']; row.values = ['1,269', '103,317', '96.4%']; })"
    )
    for name in page.eval_on_selector_all("input[name=layer]", "all => all.map(one => one.id)"):
        page.check(f"#{name}")
        assert page.evaluate("(b => b.scrollWidth <= b.clientWidth)(document.querySelector('.body'))"), name


def test_controls_names_and_scale_keep_clear_of_one_another(reader):
    boxes = reader.page.evaluate(
        "[...document.querySelectorAll('.leaflet-control, .name')].map((one) => [one.className, one.getBoundingClientRect()])"
        ".filter(([, r]) => r.width && r.height).map(([name, r]) => [name, r.left, r.top, r.right, r.bottom])"
    )
    assert len(boxes) > 5
    for n, (name, left, top, right, bottom) in enumerate(boxes):
        for other, west, north, east, south in boxes[:n]:
            assert left >= east or right <= west or top >= south or bottom <= north, (name, other)


def test_a_township_is_found_by_name(reader):
    page = reader.page
    click_map(
        page, *[tiny.units().to_crs(4326).representative_point().iloc[0].coords[0][n] for n in (1, 0)]
    ) if page.viewport_size["width"] > 760 else None
    page.fill("#search", "下")
    assert page.locator("#found li").first.inner_text().split("\n") == ["下镇", "乡镇"]
    page.keyboard.press("Enter")
    assert page.input_value("#search") == "下镇"
    assert page.inner_text(".card h2") == "下镇"
    west, south, east, north = tiny.townships().to_crs(4326).geometry.iloc[1].bounds
    seen = page.evaluate("(b => [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()])(Riskmap.map.getBounds())")
    assert seen[0] < west
    assert seen[1] < south
    assert seen[2] > east
    assert seen[3] > north
    page.click("#lang-en")
    page.fill("#search", "lower")
    assert page.locator("#found li").first.inner_text().split("\n") == ["Lower", "Township"]


def test_a_zone_is_named_as_one_not_by_its_code(reader):
    reader.page.fill("#search", "西部洪水")
    assert reader.page.locator("#found li").all_inner_texts() == ["西部洪水高风险区\n综合风险区划"]


def test_a_layer_that_does_not_follow_a_trial_says_so_and_shows_the_way(reader):
    page = reader.page
    page.check("#layer-hazard-flood")
    page.click("#tab-whatIf")
    page.locator("#weight-themes-flood").fill("80")
    banner = "getComputedStyle(document.querySelector('.stage'), '::after').content"
    assert page.evaluate(banner) == '"本图层不随试算权重变化。"'
    page.click("#show-risk")
    assert page.evaluate("Riskmap.state.layer") == "risk-units"
    assert page.evaluate(banner) == '"试算权重，非发布成果"'
    assert page.locator("#show-risk").count() == 0
    assert page.locator("#moved-count").is_visible()


def test_long_names_do_not_run_into_the_classes(reader):
    page = reader.page
    page.click("#lang-en")
    page.click("#tab-whatIf")
    page.evaluate("Riskmap.doc.areas.units.names = Array.from({length: 6}, () => ['上打回头村', 'Shangdahuitoucun'])")
    page.locator("#weight-themes-flood").fill("3")
    page.evaluate(
        "Riskmap.tried.codes = Riskmap.layer('risk-units').codes.map((one) => one === 4 ? 2 : 4); Riskmap.drawTrial()"
    )
    rows = page.evaluate(
        "[...document.querySelectorAll('.moved li')].map((row) => { const range = document.createRange(); range.selectNodeContents(row.firstChild); "
        "return [range.getBoundingClientRect().right, row.children[1].getBoundingClientRect().left]; })"
    )
    assert len(rows) >= 5
    assert all(name <= chip for name, chip in rows), rows


def test_the_leading_hazard_is_a_hazard_not_a_map(chromium, tmp_path):
    made = trial.assessment()
    flood = made.themes["flood"]
    object.__setattr__(flood, "title", tiny.Text("洪水淹没筛查图", "Flood screening map"))
    path = tmp_path / "atlas.html"
    path.write_text(atlas(made), encoding="utf-8")
    reader = Reader(chromium, path)
    reader.page.evaluate("Riskmap.goTo('units', 0)")
    assert "洪水淹没筛查" in reader.text(".card")
    assert "筛查图" not in reader.text(".card")
    reader.closed_well(path)


def test_villages_and_zones_tell_why(chromium, tmp_path):
    made = trial.assessment()
    places = {"why_class": made.survey.units.index, "zone_reasons": made.risk.zones.index}
    tables = [
        ProductTable(
            name=name,
            title=tiny.Text("成因", "Why"),
            frame=pd.DataFrame(
                {f"reason_{one}": [f"{name} {one} {n}" for n in range(len(index))] for one in ("zh", "en")}, index=index
            ),
        )
        for name, index in places.items()
    ]
    made = replace(made, products=tuple(tables))
    path = tmp_path / "atlas.html"
    path.write_text(atlas(made), encoding="utf-8")
    reader = Reader(chromium, path)
    told = {one.name: one.frame for one in made.products}
    unit = made.survey.units.index[0]
    reader.page.evaluate("Riskmap.goTo('units', 0)")
    assert reader.text(".card .reason") == told["why_class"].loc[unit, "reason_zh"]
    reader.page.evaluate("Riskmap.goTo('zones', 0)")
    assert reader.text(".card .reason") == told["zone_reasons"].iloc[0]["reason_zh"]
    reader.page.click("#lang-en")
    assert reader.text(".card .reason") == told["zone_reasons"].iloc[0]["reason_en"]
    reader.closed_well(path)


def test_no_hazard_stands_out_is_said(chromium, tmp_path):
    made = trial.assessment()
    made.risk.units["leading"] = NO_LEADER
    path = tmp_path / "atlas.html"
    path.write_text(atlas(made), encoding="utf-8")
    reader = Reader(chromium, path)
    reader.page.evaluate("Riskmap.goTo('units', 0)")
    assert "无突出灾种" in reader.text(".card")
    reader.closed_well(path)


def test_coarser_pictures_name_their_cells(chromium, tmp_path):
    path = tmp_path / "atlas.html"
    path.write_text(atlas(trial.assessment(), pixels=400), encoding="utf-8")
    reader = Reader(chromium, path)
    reader.page.check("#layer-risk-grid")
    cell = trial.document(path)["layers"][1]["picture"]["cell_m"]
    assert cell > 120
    assert f"显示格网{cell} m" in reader.text(".shown")
    reader.closed_well(path)


def test_cells_as_fine_as_the_grid_are_not_spoken_of(reader):
    reader.page.check("#layer-risk-grid")
    assert "显示格网" not in reader.text(".shown")
