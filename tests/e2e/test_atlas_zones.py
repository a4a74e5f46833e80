"""The area that a scenario strikes: drawn on its own cells under points and ways, told in the legend, kept back where it must be."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
from pyproj import Transformer
from reader import Reader

from riskmap.maps import atlas
from riskmap.maps.web.zones_of_scenarios import scenario_zones
from riskmap.model import Layer
from riskmap.standards import layer_spec

FLOOD, DANGER = "flood: worst", "山洪危险区（20年一遇）"


def assessment(secrecy=None, **maps):
    """A flood of a theme, a delivered danger area of 3 x 4 cells, and a day without a hazard."""
    entry = {"path": "危险区.gpkg"} | ({"secrecy": secrecy} if secrecy else {})
    made = tiny.assessment(maps={"compiler": "县局"} | maps, layers={"danger_areas": entry})
    area = gpd.GeoDataFrame(
        {"type": ["山洪危险区"]}, geometry=[shapely.box(*_corner(10, 10), *_corner(13, 6))], crs=tiny.CRS
    )
    survey = made.survey.with_layers({"danger_areas": Layer(spec=layer_spec("danger_areas"), data=area)})
    there = np.zeros(tiny.SHAPE, bool)
    there[6:10, 10:13] = True
    moved = [(FLOOD, "night", tiny.CODES[1], 120, 80, "no room"), (DANGER, "night", tiny.CODES[0], 9, 9, "covered")]
    sums = made.shelters.scenarios
    shelters = replace(
        made.shelters,
        scenarios=pd.concat([sums, sums.iloc[[1]].rename(index={FLOOD: DANGER})]).rename_axis("scenario"),
        evacuated=pd.DataFrame(moved, columns=["scenario", "time", "unit_id", "people", "assigned", "reason"]),
        flows=pd.DataFrame(columns=["scenario", "time", "unit_id", "shelter_id", "people", "minutes"]),
        danger_zones={DANGER: tiny.raster(there)},
    )  # fmt: skip
    return replace(made, survey=survey, shelters=shelters)


def _corner(column, row):
    return tiny.WEST_M + 100 * column, tiny.NORTH_M - 100 * row


def centres():
    """Latitude and longitude of every cell's middle."""
    rows, columns = np.mgrid[0 : tiny.SHAPE[0], 0 : tiny.SHAPE[1]] + 0.5
    lon, lat = Transformer.from_crs(tiny.CRS, 4326, always_xy=True).transform(*_corner(columns.ravel(), rows.ravel()))
    return np.column_stack([lat, lon]).tolist()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("zones") / "atlas.html"
    path.write_text(atlas(assessment()), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    made = Reader(chromium, file)
    made.page.check("#overlay-shelters")
    yield made
    made.closed_well(file)


def painted(page):
    """Strength of the drawn area at the middle of every cell of the analysis, 0..255."""
    found = page.evaluate(
        "all => { const c = document.querySelector('.leaflet-zone-pane canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; "
        "return all.map(([lat, lng]) => { const [x, y] = Riskmap.pixelOf({ lat, lng }, Riskmap.doc.scenarioZones).map(Math.floor); return d[4 * (y * c.width + x) + 3]; }); }",
        centres(),
    )
    return np.array(found).reshape(tiny.SHAPE)


def shown(reader, n):
    reader.page.click(f"#scenario-{n}")
    reader.until(f"Riskmap.zoneLook === {n} && Riskmap.zoneShown !== null")


@pytest.mark.browser
def test_the_area_of_the_chosen_scenario_is_painted_on_its_own_cells(reader):
    shown(reader, 1)
    flood = tiny.themes()["flood"].scenarios[FLOOD].to_numpy()
    assert ((painted(reader.page) > 0) == flood).all()
    shown(reader, 2)
    drawn = painted(reader.page)
    assert sorted(set(np.argwhere(drawn > 0)[:, 1])) == [10, 11, 12]
    assert (drawn > 0).sum() == 12
    assert len(set(drawn[drawn > 0])) > 1  # an edge or a line of the hatch is stronger


@pytest.mark.browser
def test_a_day_without_a_hazard_and_a_map_without_shelters_show_none(reader):
    page = reader.page
    assert page.locator(".leaflet-zone-pane canvas").count() == 0
    assert "影响范围" not in page.inner_text(".reach")
    shown(reader, 1)
    assert page.locator(".leaflet-zone-pane canvas").count() == 1
    page.click("#scenario-0")
    assert page.locator(".leaflet-zone-pane canvas").count() == 0
    shown(reader, 2)
    page.uncheck("#overlay-shelters")
    assert page.locator(".leaflet-zone-pane canvas").count() == 0
    page.check("#overlay-shelters")
    reader.until("Riskmap.zoneShown !== null")


@pytest.mark.browser
def test_the_legend_names_it_with_its_extent_in_both_languages(reader):
    page = reader.page
    shown(reader, 2)
    assert page.inner_text("tr:has(.zone-mark)").strip() == "本情景影响范围 0.12 km²"
    page.click("#lang-en")
    assert page.inner_text("tr:has(.zone-mark)").strip() == "Area of this scenario 0.12 km²"
    cells = int(tiny.themes()["flood"].scenarios[FLOOD].sum())
    shown(reader, 1)
    assert page.inner_text("tr:has(.zone-mark)").strip().endswith(f" {cells / 100:g} km²")


@pytest.mark.browser
def test_it_lies_under_points_and_ways_and_lets_the_pointer_through(reader):
    shown(reader, 1)
    level = reader.page.evaluate(
        "Object.fromEntries(Object.entries(Riskmap.map.getPanes()).map(([k, one]) => [k, Number(one.style.zIndex)]))"
    )
    assert level["areas"] < level["zone"] < min(level[one] for one in ("lines", "county", "marks", "shelters", "names"))
    assert reader.page.evaluate("getComputedStyle(Riskmap.map.getPane('zone')).pointerEvents") == "none"


@pytest.mark.browser
def test_on_a_phone_it_is_drawn_too(chromium, file):
    size = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "locale": "en"}
    made = Reader(chromium, file, **size)
    made.page.tap("#grab")
    made.page.check("#overlay-shelters")
    shown(made, 1)
    assert (painted(made.page) > 0).any()
    made.closed_well(file)


PUBLIC = {"is_public": True, "map_approval_number": "晋S(2026)001号"}


@pytest.mark.parametrize(
    ("secrecy", "maps", "told"),
    [
        ("内部", PUBLIC, False),
        ("涉密", PUBLIC, False),
        ("公开", PUBLIC, True),
        (None, PUBLIC, True),
        ("内部", {}, True),
    ],
)
def test_areas_that_are_not_public_stay_out_of_public_pages(secrecy, maps, told):
    made = assessment(secrecy, **maps)
    dry, flood, danger = scenario_zones(made.shelters, made)["zones"]
    assert dry is None
    assert flood["png"]
    assert (danger["png"] is not None) == told
    assert (danger["area"] is not None) == told


@pytest.mark.browser
def test_a_public_page_says_why_an_area_is_not_drawn(chromium, tmp_path):
    path = tmp_path / "public.html"
    path.write_text(atlas(assessment("内部", **PUBLIC)), encoding="utf-8")
    made = Reader(chromium, path)
    made.page.check("#overlay-shelters")
    shown(made, 1)
    assert made.page.locator("#zone-hidden").count() == 0
    made.page.click("#scenario-2")
    assert "不公开" in made.page.inner_text("#zone-hidden")
    assert made.page.locator(".leaflet-zone-pane canvas, .zone-mark").count() == 0
    made.closed_well(path)
