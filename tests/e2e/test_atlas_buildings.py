"""Buildings in the atlas: off at first, dots once the map is near, by structure; none on a public page."""

import json
import re
from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tiny
from reader import Reader

from riskmap.maps import atlas
from riskmap.model import Layer, LayerSource
from riskmap.standards import layer_spec

pytestmark = pytest.mark.browser
COUNT = 5000
KINDS = ["砖混", "窑洞", "竹", None]


def buildings():
    """5,000 houses at random in the county, a quarter of each kind."""
    at = np.random.default_rng(4).random((COUNT, 2)) * [5000, 6000] + [tiny.WEST_M, tiny.NORTH_M - 6000]
    return gpd.GeoDataFrame({"structure": np.resize(KINDS, COUNT)}, geometry=shapely.points(at), crs=tiny.CRS)


def assessment(**settings):
    made = tiny.assessment(**settings)
    layer = Layer(spec=layer_spec("buildings"), data=buildings(), source=LayerSource(path="b.x", sha256="0" * 64))
    return replace(
        made, survey=replace(made.survey, layers=MappingProxyType({**made.survey.layers, "buildings": layer}))
    )


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("buildings") / "atlas.html"
    path.write_text(atlas(assessment()), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    page = Reader(chromium, file)
    yield page
    page.closed_well(file)


def near(page, lat, lon, zoom):
    page.evaluate(f"Riskmap.map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")


COPY = """
    const one = document.querySelector('canvas.buildings'), copy = document.createElement('canvas');
    [copy.width, copy.height] = [one.width, one.height];
    const pen = copy.getContext('2d', { willReadFrequently: true });
    pen.drawImage(one, 0, 0);
"""


def inked(page):
    """Pixels of the canvas that are not empty."""
    count = (
        "return pen.getImageData(0, 0, copy.width, copy.height).data.filter((value, k) => k % 4 === 3 && value).length;"
    )
    return page.evaluate(f"() => {{ {COPY} {count} }}")


def test_off_at_first_and_drawn_when_near(reader):
    page = reader.page
    assert page.locator("canvas.buildings").count() == 0
    page.check("#overlay-buildings")
    assert inked(page) == 0
    assert "放大地图" in reader.text(".houses")
    home = page.evaluate("Riskmap.map.getZoom()")
    middle = buildings().to_crs(4326).union_all().centroid
    near(page, middle.y, middle.x, home + 2)
    assert inked(page) > 500
    page.uncheck("#overlay-buildings")
    assert page.locator("canvas.buildings").count() == 0


def test_a_dot_stands_on_its_building_in_its_colour(reader):
    page = reader.page
    page.check("#overlay-buildings")
    frame = buildings().to_crs(4326)
    for n in (0, 1, 2):
        at = frame.geometry.iloc[n]
        near(page, at.y, at.x, 18)
        where = f"Riskmap.map.latLngToLayerPoint([{at.y}, {at.x}]).subtract(L.DomUtil.getPosition(one)).round()"
        pixel = f"const at = {where}; return [...pen.getImageData(at.x, at.y, 1, 1).data];"
        got = page.evaluate(f"() => {{ {COPY} {pixel} }}")
        assert got == [[31, 95, 168, 255], [109, 59, 31, 255], [154, 160, 166, 255]][n]


def test_all_of_them_are_on_the_map_and_follow_it(reader):
    page = reader.page
    page.check("#overlay-buildings")
    placed = page.evaluate("Riskmap.buildingPlaces().reduce((sum, one) => sum + one.flat.length / 2, 0)")
    assert placed == COUNT
    west, south, east, north = buildings().to_crs(4326).total_bounds
    near(page, (south + north) / 2, (west + east) / 2, page.evaluate("Riskmap.buildingsFrom()"))
    some = page.evaluate("Riskmap.buildingsDrawn")
    assert 0 < some <= COUNT
    near(page, north + 1, east, 15)
    assert page.evaluate("Riskmap.buildingsDrawn") == 0


def test_the_legend_counts_each_structure_in_both_languages(reader):
    page = reader.page
    page.check("#overlay-buildings")
    rows = page.locator(".houses tbody tr").all_inner_texts()
    assert [one.split() for one in rows] == [
        ["砖混", "1,250"],
        ["窑洞", "1,250"],
        ["其他", "1,250"],
        ["无数据", "1,250"],
    ]
    page.click("#lang-en")
    assert "Brick and concrete" in reader.text(".houses")


def test_they_cost_little(file):
    text = file.read_text(encoding="utf-8")
    part = json.loads(re.search(r'id="riskmap-data">(.*?)</script>', text, re.DOTALL).group(1))["buildings"]
    assert len(json.dumps(part)) < 8 * COUNT


def test_a_page_may_be_told_to_leave_them_out(chromium, tmp_path):
    for name, maps in (("public", {"is_public": True}), ("left", {"atlas_leave_out": ["buildings"]})):
        path = tmp_path / f"{name}.html"
        path.write_text(atlas(assessment(maps={"compiler": "县局"} | maps)), encoding="utf-8")
        page = Reader(chromium, path)
        assert page.page.locator("#overlay-names").count() == 1
        assert page.page.locator("#overlay-buildings").count() == 0
        assert page.page.evaluate("Riskmap.doc.buildings") is None
        page.closed_well(path)
