"""Sums that the page makes: people that nobody knows are told as unknown, never added as nought."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tiny
import trial
from reader import CONTRAST, Reader, click_map

from riskmap.maps import atlas, explore

pytestmark = pytest.mark.browser
PEOPLE = dict(zip(tiny.CODES, [None, 300, 90, None, 0, 2100], strict=True))


def unknown(made, people):
    """The assessment with these people of the units; None unknown."""
    values = [np.nan if one is None else float(one) for one in people.values()]
    risk = replace(
        made.risk, units=made.risk.units.assign(people=values), exposure=made.risk.exposure.assign(people=values)
    )
    shelters = replace(made.shelters, demand=made.shelters.demand.assign(people=values))
    return replace(made, risk=risk, shelters=shelters)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sums") / "atlas.html"
    path.write_text(atlas(unknown(trial.assessment(), PEOPLE)), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    page = Reader(chromium, file)
    yield page
    page.closed_well(file)


def legend(reader, table=".shown table"):
    """Label to people, of a legend."""
    rows = reader.page.locator(f"{table} tbody tr").all()
    return {
        row.locator("th").inner_text(): row.locator("td.figure").all_inner_texts()[1]
        for row in rows
        if row.locator("td.figure").count() > 1
    }


def draw(page, corners):
    page.evaluate("Riskmap.map.setZoom(Riskmap.map.getZoom() - 0.5, {animate: false})")
    page.click("#tool-area")
    for lat, lon in corners:
        click_map(page, lat, lon)
        page.wait_for_timeout(320)
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawn-figures table")


def around(page, margin=0.004):
    (south, west), (north, east) = page.evaluate("Riskmap.doc.base.bounds")
    return [(south - margin, west - margin), (north + margin, west - margin), (north + margin, east + margin), (south - margin, east + margin)]  # fmt: skip


def around_first(page):
    shape = tiny.units().to_crs(4326).geometry.iloc[0].buffer(-0.001)
    west, south, east, north = shape.bounds
    return [(south, west), (north, west), (north, east), (south, east)]


def test_the_published_legend_tells_who_is_not_counted(reader):
    told = legend(reader)
    assert (told["高"], told["中高"], told["中低"], told["低"]) == ("无数据", "300", "无数据", "2,100")
    assert reader.text(".shown .unknown-people") == "2 个村（社区）无人口数据，未计入"
    reader.page.check("#layer-risk-grid")
    assert legend(reader)["高"] == "无数据"
    assert legend(reader)["中"] == "90"
    reader.page.click("#lang-en")
    assert reader.text(".shown .unknown-people") == "No figure of people, so not counted: 2 villages"


@pytest.mark.parametrize("layer", ["risk-units", "risk-grid"])
def test_the_legend_under_trial_weights_does_so_too(reader, file, layer):
    page = reader.page
    page.check(f"#layer-{layer}")
    page.click("#tab-whatIf")
    page.locator("#weight-themes-flood").fill("3")
    page.click("#tab-layers")
    reader.until("!document.querySelector('.shown table').textContent.includes('…')")
    labels = dict(enumerate(["无数据", "低", "中低", "中", "中高", "高"]))
    if layer == "risk-units":
        places = list(zip(page.evaluate("Riskmap.tried.codes.map((one) => one || 0)"), PEOPLE.values(), strict=True))
        told = legend(reader)
        for code, label in labels.items():
            here = [people for one, people in places if one == code]
            known = [one for one in here if one is not None]
            if label in told:
                assert told[label] == (f"{sum(known):,}" if known or not here else "无数据"), label
    else:
        cells, unit = page.evaluate("[[...Riskmap.cells.codes], [...Riskmap.cellData.units]]")
        held = {code: {PEOPLE[tiny.CODES[n - 1]] for one, n in zip(cells, unit, strict=True) if n and one == code} for code in labels}  # fmt: skip
        told = legend(reader)
        for code, label in labels.items():
            if label in told:
                assert (told[label] == "无数据") == (held[code] == {None}), label
    assert "2 个村（社区）无人口数据，未计入" in reader.text(".shown")


def test_cells_of_units_without_a_figure_have_none(reader):
    page = reader.page
    page.check("#layer-risk-grid")
    page.click("#tab-whatIf")
    page.locator("#weight-themes-flood").fill("3")
    page.click("#tab-layers")
    reader.until("Riskmap.cells && Riskmap.cells.id === 'risk-grid' && Riskmap.cellData")
    page.evaluate(
        "Riskmap.cells.codes = Riskmap.cellData.units.map((n) => Math.min(n, 5)); Riskmap.drawPanel({cells: true})"
    )
    assert list(legend(reader).values())[:5] == ["2,100", "无数据", "90", "300", "无数据"]


def test_those_who_change_class_are_counted_without_the_unknown(reader):
    page = reader.page
    page.click("#tab-whatIf")
    page.locator("#weight-themes-flood").fill("0")
    page.evaluate(
        "Riskmap.tried.codes = Riskmap.layer('risk-units').codes.map((one, n) => n === 0 ? 1 : one); Riskmap.drawTrial()"
    )
    assert reader.text("#moved-count") == "等级改变的单元 1 / 6 · 人口 无数据"
    assert reader.text(".moved .unknown-people") == "1 个村（社区）无人口数据，未计入"
    page.evaluate(
        "Riskmap.tried.codes = Riskmap.layer('risk-units').codes.map((one, n) => n < 2 ? 1 : one); Riskmap.drawTrial()"
    )
    assert reader.text("#moved-count") == "等级改变的单元 2 / 6 · 人口 300"
    assert reader.text(".moved .unknown-people") == "1 个村（社区）无人口数据，未计入"


def test_an_area_without_any_figure_has_no_data(reader):
    draw(reader.page, around_first(reader.page))
    told = legend(reader, "#drawn-figures table")
    assert set(told.values()) == {"无数据"}
    assert reader.text("#drawn-figures .unknown-people") == "1 个村（社区）无人口数据，未计入"


def test_an_area_counts_those_that_are_known(reader):
    draw(reader.page, around(reader.page))
    told = legend(reader, "#drawn-figures table")
    assert told["合计"] == "2,490"
    assert told["高"] == "无数据"
    assert reader.text("#drawn-figures .unknown-people") == "2 个村（社区）无人口数据，未计入"
    assert reader.page.evaluate(CONTRAST) == []


def test_an_area_of_whole_villages_does_so_too(chromium, tmp_path):
    path = tmp_path / "public.html"
    made = unknown(trial.assessment(is_public=True, map_approval_number="晋S(2026)001号"), PEOPLE)
    path.write_text(atlas(made), encoding="utf-8")
    reader = Reader(chromium, path)
    draw(reader.page, around(reader.page))
    told = legend(reader, "#drawn-figures table")
    assert (told["合计"], told["高"], told["低"]) == ("2,490", "无数据", "2,100")
    assert "2 个村（社区）无人口数据，未计入" in reader.text("#drawn-figures")
    reader.closed_well(path)


def test_shelters_count_those_that_are_known(reader):
    page = reader.page
    page.check("#overlay-shelters")
    told = legend(reader, ".reach table:not(.scenarios)")
    assert told["已覆盖村（社区）"] == "无数据"  # one village, its people unknown
    assert told["未覆盖村（社区）"] == "2,490"
    assert reader.text(".reach .unknown-people") == "2 个村（社区）无人口数据，未计入"


def test_shelters_alone_name_their_scenarios(chromium, tmp_path):
    path = tmp_path / "explore.html"
    reach = replace(tiny.shelters(), titles={"flood: worst": tiny.Text("洪水（最大）", "Flood (largest)")})
    path.write_text(explore(reach).html(), encoding="utf-8")
    reader = Reader(chromium, path)
    assert reader.page.locator(".scenarios tbody th").all_inner_texts() == ["无灾害", "洪水（最大）"]
    reader.closed_well(path)


def test_lines_alone_are_not_filled(chromium, tmp_path):
    lines = [shapely.LineString([(111, 39), (111.1, 39.1), (111.2, 39)]), shapely.box(111, 39.2, 111.1, 39.3)]
    path = tmp_path / "explore.html"
    frame = gpd.GeoDataFrame({"name": ["路", "地"]}, geometry=lines, crs=4326)
    path.write_text(explore(frame).html(), encoding="utf-8")
    reader = Reader(chromium, path)
    fills = reader.page.eval_on_selector_all(
        ".leaflet-areas-pane path", "all => all.map(one => one.getAttribute('fill'))"
    )
    assert (fills[0], fills[1] == "none") == ("none", False)
    reader.closed_well(path)
