"""Weights tried in the page, classes hidden, areas drawn, distances, the printed page: as a reader would, with no network."""

import re
import tomllib

import numpy as np
import pytest
import tiny
import trial
from reader import CONTRAST, Reader, click_map

from riskmap.maps import atlas

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made():
    return trial.assessment()


@pytest.fixture(scope="module")
def file(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("trial") / "atlas.html"
    path.write_text(atlas(made), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    page = Reader(chromium, file)
    yield page
    page.closed_well(file)


def test_units_are_classed_as_by_the_run_under_20_weights(reader, file):
    told = trial.document(file)
    seen = []
    for raw in trial.drawn(told, 20):
        got = reader.page.evaluate("(raw) => Riskmap.workUnits(Riskmap.weightsOf(raw)).codes", raw)
        assert got == trial.units_classed(told, raw)
        seen.append(tuple(got))
    assert len(set(seen)) > 3


def test_cells_are_classed_as_by_the_run_under_20_weights(reader, file):
    told = trial.document(file)
    classed, seen = trial.cells_classed(told), set()
    reader.page.evaluate("Riskmap.readCells()")
    for raw in trial.drawn(told, 20):
        got = reader.page.evaluate("(raw) => Array.from(Riskmap.workCells(Riskmap.weightsOf(raw)))", raw)
        np.testing.assert_array_equal(np.array(got), classed(raw))
        seen |= set(got)
    assert seen == {0, 1, 2, 3, 4, 5}


def test_parts_add_up_to_the_index(reader):
    sums = reader.page.evaluate(
        "[0, 1, 2].map((n) => { const p = Riskmap.parts(n), s = (list) => list.reduce((a, b) => a + b, 0); "
        "return [s(p.themes), s(p.objects), Riskmap.workUnits(Riskmap.weights()).index[n]]; })"
    )
    for themes, objects, index in sums:
        assert themes == pytest.approx(index, abs=1e-12)
        assert objects == pytest.approx(index, abs=1e-12)


def test_a_reader_tries_weights_copies_them_and_goes_back(reader):
    page = reader.page
    published = page.evaluate("Riskmap.layer('risk-units').codes")
    page.click("#tab-whatIf")
    assert page.locator("#reset-weights").is_disabled()
    page.locator("#weight-themes-flood").fill("0")
    assert page.locator("label[for=weight-themes-flood] output").inner_text() == "0%"
    assert page.locator("label[for=weight-themes-drought] output").inner_text() == "100%"
    table = tomllib.loads(page.input_value("#toml"))["scoring"]
    assert table["weights"] == {"flood": 0, "drought": 1}
    assert sum(table["objects"].values()) == pytest.approx(1)
    page.locator("#weight-themes-drought").fill("0")  # nothing would weigh anything: not taken
    assert tomllib.loads(page.input_value("#toml"))["scoring"]["weights"] == {"flood": 0, "drought": 1}
    tried = page.evaluate("Riskmap.tried.codes")
    assert reader.text("#moved-count").startswith(
        f"等级改变的单元 {sum(a != b for a, b in zip(published, tried, strict=True))} / 6"
    )
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.stage'), '::after').content")
        == '"试算权重，非发布成果"'
    )
    page.click("#copy-weights")
    page.wait_for_function("document.getElementById('copy-weights').textContent === '已复制'")
    page.click("#tab-layers")
    assert "试算权重，非发布成果" in reader.text(".shown")
    page.check("#layer-zones")
    assert "不随试算权重变化" in reader.text(".shown")
    page.check("#layer-risk-units")
    page.click("#tab-whatIf")
    page.click("#reset-weights")
    assert page.evaluate("[Riskmap.tried, Riskmap.codes(Riskmap.layer('risk-units'))]") == [None, published]
    assert page.locator("html.on-trial").count() == 0


def test_a_village_tells_its_trial_class_and_why(reader):
    page = reader.page
    page.click("#tab-whatIf")
    page.locator("#weight-objects-people").fill("100")
    page.evaluate("Riskmap.goTo('units', 0)")
    code = page.evaluate("Riskmap.tried.codes[0]")
    assert reader.text(".verdict strong") == ["低", "中低", "中", "中高", "高"][code - 1]
    assert "试算权重，非发布成果" in reader.text(".card")
    whole = [int(one.removesuffix("%")) for one in page.locator(".bars.why").first.locator(".label").all_inner_texts()]
    assert abs(sum(whole) - 100) <= 1
    assert whole == sorted(whole, reverse=True)


def test_the_pointer_tells_the_score_of_a_cell(reader, made):
    page = reader.page
    page.check("#layer-hazard-flood")
    page.wait_for_function("Riskmap.cells")
    page.evaluate("Riskmap.readCells()")
    point = tiny.units().to_crs(4326).representative_point().iloc[2]
    at = f"{{lat: {point.y}, lng: {point.x}}}"
    x, y = page.evaluate(f"(p => [p.x, p.y])(Riskmap.map.latLngToContainerPoint({at}))")
    page.mouse.move(x + 3, y + 3)
    page.mouse.move(x, y)
    page.wait_for_function("document.querySelector('.readout').textContent.includes('得分')")
    here = tiny.units().representative_point().iloc[2]
    score = float(made.themes["flood"].score.sel(x=here.x, y=here.y, method="nearest"))
    assert page.evaluate(f"Riskmap.valueAt({at})") == pytest.approx(score, abs=0.03)
    click_map(page, point.y, point.x)
    assert "得分（0-1）" in reader.text(".card")


def test_classes_can_be_hidden_on_units_and_cells(reader):
    page = reader.page
    page.click("#class-risk-units-5")
    assert page.get_attribute("#class-risk-units-5", "aria-pressed") == "false"
    opacity = page.evaluate(
        "Riskmap.layer('risk-units').codes.map((code, n) => [code, Riskmap.areaStyle('units', n).fillOpacity])"
    )
    assert all((one == 0) == (code == 5) for code, one in opacity)
    page.click("#class-risk-units-5")
    page.check("#layer-hazard-flood")
    page.click("#class-hazard-flood-1")
    page.wait_for_selector(".leaflet-grid-pane canvas")
    inked = page.evaluate(
        "(() => { const c = document.querySelector('.leaflet-grid-pane canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; "
        "const n = [0, 0]; Riskmap.cells.codes.forEach((code, k) => { if (code === 1 && d[4 * k + 3]) n[0] += 1; if (code > 1 && !d[4 * k + 3]) n[1] += 1; }); return n; })()"
    )
    assert inked == [0, 0]
    page.click("#class-hazard-flood-1")
    page.wait_for_selector(".leaflet-grid-pane img")


def around(page, margin=0.004):
    (south, west), (north, east) = page.evaluate("Riskmap.doc.base.bounds")
    return [(south - margin, west - margin), (north + margin, west - margin), (north + margin, east + margin), (south - margin, east + margin)]  # fmt: skip


def test_an_area_is_drawn_and_counted(reader, made):
    page = reader.page
    page.evaluate("Riskmap.map.setZoom(Riskmap.map.getZoom() - 0.5, {animate: false})")
    page.click("#tool-area")
    assert page.get_attribute("#tool-area", "aria-pressed") == "true"
    for lat, lon in around(page):
        click_map(page, lat, lon)
        page.wait_for_timeout(320)  # two quick clicks would be a double one
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawn-figures table")
    total = page.locator("#drawn-figures tr").last.locator("td").all_inner_texts()
    km2 = float(made.survey.units.area.sum() / 1e6)
    assert float(total[0]) == pytest.approx(km2, rel=0.01)
    assert int(total[1].replace(",", "")) == int(made.risk.exposure["people"].sum())
    by_class = page.locator("#drawn-figures tbody tr").all_inner_texts()
    legend = {row["code"]: row for row in page.evaluate("Riskmap.layer('risk-units').legend.rows")}
    high = next(one for one in by_class if one.startswith("高"))
    assert high.split()[-1] == legend[5]["values"][1]
    page.click("#clear-drawn")
    assert page.evaluate("[Riskmap.drawnShape, Riskmap.state.drawn]") == [None, None]


def test_escape_and_the_cross_clear_what_was_drawn(reader):
    page = reader.page
    draw = "Riskmap.startTool('area'); Riskmap.tool.at.push(...%s.map(([a, b]) => L.latLng(a, b))); Riskmap.endTool()"
    for clear in (lambda: page.keyboard.press("Escape"), lambda: page.click("#clear-map")):
        page.evaluate(draw % [list(one) for one in around(page)])
        assert page.locator("#clear-map").is_visible()
        page.evaluate("Riskmap.goTo('units', 0)")  # other work, with the area still there
        clear()
        assert page.evaluate("[Riskmap.drawnShape, Riskmap.state.drawn]") == [None, None]
        assert page.locator("#clear-map").count() == 0
        assert page.evaluate("Riskmap.state.place.set") == "units"


def test_a_trial_is_told_as_a_sentence_in_the_language_of_the_page(reader):
    page = reader.page
    page.click("#tab-whatIf")
    assert page.input_value("#sentence").startswith("发布采用的权重：灾种为")
    assert "100%" in reader.text("#share-help")
    page.locator("#weight-themes-flood").fill("100")
    told = page.input_value("#sentence")
    share = page.locator("#weight-themes-flood + output").inner_text()
    moved = page.evaluate("Riskmap.layer('risk-units').codes.filter((one, n) => one !== Riskmap.tried.codes[n]).length")
    assert told.startswith("试算权重：灾种为")
    assert f" {share}" in told
    assert f"有 {moved} 个等级改变" in told
    page.click("#lang-en")
    assert page.input_value("#sentence").startswith("Trial weights: hazards ")
    assert f"{moved} of " in page.input_value("#sentence")
    face = page.evaluate("getComputedStyle(document.querySelector('#sentence')).fontFamily.split(', ')[0]")
    assert face == "Riskmap"  # embedded in the page, not that of the machine
    page.click("#copy-sentence")
    assert page.locator("#copy-sentence").inner_text() == "Copied"


def test_a_distance_is_measured_and_escape_cancels(reader):
    page = reader.page
    page.evaluate("Riskmap.map.setZoom(Riskmap.map.getZoom() - 0.5, {animate: false})")
    page.click("#tool-measure")
    first, second = around(page)[:2]
    click_map(page, *first)
    page.wait_for_timeout(320)
    click_map(page, *second)
    page.wait_for_timeout(320)
    assert "km" in reader.text(".hint")
    page.keyboard.press("Enter")
    metres = page.evaluate(f"Riskmap.map.distance({list(first)}, {list(second)})")
    told = float(re.search(r"([\d.]+) km", reader.text(".card")).group(1))
    assert told == pytest.approx(metres / 1000, rel=0.01)
    page.click("#tool-measure")
    click_map(page, *first)
    page.keyboard.press("Escape")
    assert page.evaluate("Riskmap.tool") is None
    click_map(page, *[tiny.units().to_crs(4326).representative_point().iloc[0].coords[0][n] for n in (1, 0)])
    assert reader.text(".card h2") == "甲村"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_nothing_covers_the_clear_button_the_imprint_or_the_county(chromium, file, lang):
    made = Reader(chromium, file, viewport={"width": 390, "height": 700})
    page = made.page
    box = lambda selector: page.locator(selector).first.bounding_box()  # noqa: E731
    west = page.evaluate("Riskmap.map.latLngToContainerPoint(L.latLngBounds(Riskmap.doc.base.bounds).getNorthWest()).x")
    assert west >= box(".zoom")["x"] + box(".zoom")["width"]
    page.evaluate(f"Riskmap.setLanguage('{lang}')")
    page.click("#tool-area")
    hint, imprint = box(".hint"), box(".approval")
    assert hint["y"] + hint["height"] <= imprint["y"]
    assert hint["x"] >= box(".zoom")["x"] + box(".zoom")["width"]
    for x, y in ((200, 100), (260, 100), (260, 160)):
        page.mouse.click(x, y)
    page.keyboard.press("Enter")
    clear, panel = box("#clear-map"), box("#panel")
    assert clear["y"] + clear["height"] <= panel["y"]
    assert clear["x"] + clear["width"] <= 390
    assert page.evaluate("(one => one.scrollWidth <= one.clientWidth)(document.getElementById('clear-map'))")
    made.closed_well(file)


@pytest.mark.parametrize(("size", "points"), [("a4", (841.9, 595.3)), ("a3", (1190.6, 841.9))])
def test_one_printed_page_holds_map_and_legend(reader, size, points):
    page = reader.page
    page.evaluate("window.print = () => {}")
    page.click("#tool-print" if size == "a4" else "#print-a3")
    panel, app = page.locator("#panel").bounding_box(), page.locator(".app").bounding_box()
    assert panel["x"] + panel["width"] <= app["x"] + app["width"] + 1
    assert page.evaluate("document.querySelector('.body').scrollWidth <= document.querySelector('.body').clientWidth")
    assert page.locator(".search").is_hidden()
    assert page.locator(".shown table").is_visible()
    made = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)
    assert len(boxes) == 1
    assert [float(one) for one in boxes[0]] == pytest.approx(points, abs=1)
    page.wait_for_function("!document.documentElement.classList.contains('printing')")


def test_a_public_page_offers_no_trial(chromium, tmp_path):
    path = tmp_path / "public.html"
    path.write_text(atlas(trial.assessment(is_public=True, map_approval_number="晋S(2026)001号")), encoding="utf-8")
    found = trial.document(path)
    assert found["whatIf"] is None
    assert found["cells"] is None
    page = Reader(chromium, path)
    assert page.page.locator("#tab-whatIf").count() == 0
    click_map(page.page, *[tiny.units().to_crs(4326).representative_point().iloc[0].coords[0][n] for n in (1, 0)])
    assert page.text(".card h2") == "甲村"
    assert page.page.locator(".bars.why").count() == 0
    page.page.evaluate("Riskmap.map.setZoom(Riskmap.map.getZoom() - 0.5, {animate: false})")
    page.page.click("#tool-area")
    for lat, lon in around(page.page):
        click_map(page.page, lat, lon)
        page.page.wait_for_timeout(320)
    page.page.keyboard.press("Enter")
    total = page.page.locator("#drawn-figures tr").last.locator("td").all_inner_texts()
    assert int(total[1].replace(",", "")) == int(tiny.risk().exposure["people"].sum())
    assert "按驻地在范围内" in page.text("#drawn-figures")
    page.closed_well(path)


def test_contrast_of_a_trial_is_enough(reader):
    page = reader.page
    page.click("#tab-whatIf")
    page.locator("#weight-themes-flood").fill("10")
    assert page.evaluate(CONTRAST) == []
    page.evaluate("Riskmap.goTo('units', 0)")
    assert page.evaluate(CONTRAST) == []


def test_english_trial(reader):
    page = reader.page
    page.click("#lang-en")
    page.click("#tab-whatIf")
    page.locator("#weight-themes-flood").fill("10")
    assert "Units that change class" in reader.text("#moved-count")
    words = page.locator(".body").inner_text()
    assert not [one for one in words if "\u4e00" <= one <= "\u9fff"]
