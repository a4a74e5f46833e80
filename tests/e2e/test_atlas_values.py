"""Values under the pointer: what was measured, in its unit, as exactly as the page carries it."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import tiny
import trial
import xarray as xr
from pyproj import Transformer
from reader import CONTRAST, Reader, click_map

from riskmap.maps import atlas, explore
from riskmap.maps.web.atlas import assessment_map
from riskmap.maps.web.quantities import in_steps, quantities_part

pytestmark = pytest.mark.browser
DRY, TRACE, DEEP, UNKNOWN = (5, 5), (40, 40), (30, 24), (1, 1)


def depths():
    """Metres: dry but for a trace, a deep cell and one that nobody knows."""
    found = np.zeros(tiny.SHAPE, "float32")
    found[TRACE], found[DEEP], found[UNKNOWN] = 0.004, 3.493, np.nan
    return found


def assessment(**maps):
    made = trial.assessment(**maps)
    flood = made.themes["flood"]
    told = {"units": "m", "title_zh": "淹没水深", "title_en": "Flood depth"}
    depth = tiny.raster(depths(), **told)
    frequent = xr.concat([depth * 0.5, depth], dim="return_period").assign_coords(return_period=[20, 100])
    frequent.attrs.update(told)
    measured = xr.Dataset({"depth": depth, "depth_m": frequent})
    themes = dict(made.themes) | {
        "flood": replace(
            flood, measured=measured, headline="depth",
            scenario_depths={"flood: 20 a": ("depth_m", 20.0), "flood: 100 a": ("depth_m", 100.0)},
        ),
        "drought": replace(made.themes["drought"], headline="score"),
    }  # fmt: skip
    return replace(made, themes=MappingProxyType(themes))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("values") / "atlas.html"
    path.write_text(atlas(assessment()), encoding="utf-8")
    return path


@pytest.fixture
def reader(chromium, file):
    page = Reader(chromium, file)
    page.page.check("#layer-hazard-flood")
    page.until("Riskmap.cells && Riskmap.cells.id === 'hazard-flood'")
    yield page
    page.closed_well(file)


def place(cell):
    x, y = tiny.grid().affine @ (cell[1] + 0.5, cell[0] + 0.5)
    lon, lat = Transformer.from_crs(tiny.CRS, 4326, always_xy=True).transform(x, y)
    return lat, lon


def point_at(page, cell):
    lat, lon = place(cell)
    x, y = page.evaluate(f"(p => [p.x, p.y])(Riskmap.map.latLngToContainerPoint([{lat}, {lon}]))")
    page.mouse.move(x + 1, y + 1)
    page.mouse.move(x, y)


@pytest.mark.parametrize(
    ("cell", "zh", "en"),
    [
        (DEEP, "淹没水深 约 3.5 m", "Flood depth about 3.5 m"),
        (DRY, "淹没水深 0 m", "Flood depth 0 m"),
        (TRACE, "淹没水深 < 0.01 m", "Flood depth < 0.01 m"),
    ],
)
def test_the_pointer_tells_value_and_unit(reader, cell, zh, en):
    page = reader.page
    point_at(page, cell)
    reader.until("document.querySelector('.readout').textContent.includes('淹没水深')")
    assert reader.text(".readout .muted") == zh
    page.click("#lang-en")
    point_at(page, cell)
    reader.until("document.querySelector('.readout').textContent.includes('Flood')")
    assert reader.text(".readout .muted") == en
    assert not [one for one in reader.text(".readout .muted") if "\u4e00" <= one <= "\u9fff"]


def test_unknown_is_not_nought(reader):
    page = reader.page
    page.evaluate("Promise.all(Riskmap.quantities(Riskmap.layer()).map((one) => Riskmap.readQuantity(one)))")
    click_map(page, *place(UNKNOWN))
    facts = reader.page.locator(".card section", has=page.locator(".here")).locator(".facts div").all_inner_texts()
    assert next(one.split("\n") for one in facts) == ["淹没水深", "无数据"]


def test_a_click_tells_every_scenario_with_its_error(reader):
    page = reader.page
    click_map(page, *place(DEEP))
    reader.until("document.querySelector('.card').textContent.includes('±')")
    facts = page.locator(".card section", has=page.locator(".here")).locator(".facts div").all_inner_texts()
    told = dict(one.split("\n") for one in facts)
    assert told["淹没水深"] == "3.5 ± 0.01 m"
    assert told["淹没水深（20年一遇）"] == "1.75 ± 0.005 m"
    assert told["淹没水深（100年一遇）"] == "3.5 ± 0.01 m"
    assert page.evaluate(CONTRAST) == []
    page.click("#tab-layers")
    assert reader.text(".value-note") == "指针处数值淹没水深，取整至 0.02 m，误差不超过 0.01 m"


def test_every_cell_is_within_half_a_step(reader):
    page = reader.page
    page.evaluate("Promise.all(Riskmap.quantities(Riskmap.layer()).map((one) => Riskmap.readQuantity(one)))")
    rng = np.random.default_rng(4)
    cells = [DEEP, DRY, *((int(r), int(c)) for r, c in zip(rng.integers(3, 60, 20), rng.integers(3, 50, 20), strict=True))]  # fmt: skip
    for cell in cells:
        lat, lon = place(cell)
        step = page.evaluate(f"Riskmap.stepAt(Riskmap.quantities(Riskmap.layer())[0], {{lat: {lat}, lng: {lon}}})")
        assert step * 0.02 == pytest.approx(float(depths()[cell]), abs=0.0101), cell


def test_a_score_is_told_once(reader):
    page = reader.page
    page.check("#layer-hazard-drought")
    assert page.evaluate("Riskmap.quantities(Riskmap.layer())") == []
    assert page.locator(".value-note").count() == 0


def test_paper_has_no_pointer(reader):
    assert reader.page.locator(".value-note").is_visible()
    reader.page.evaluate("Riskmap.printSheet('a4')")
    assert reader.page.locator(".value-note").is_hidden()


def test_a_public_page_bears_no_values(chromium, tmp_path):
    path = tmp_path / "public.html"
    path.write_text(atlas(assessment(is_public=True, map_approval_number="晋S(2026)001号")), encoding="utf-8")
    assert trial.document(path)["values"] is None
    reader = Reader(chromium, path)
    reader.page.check("#layer-hazard-flood")
    reader.until("Riskmap.cells")
    point_at(reader.page, DEEP)
    reader.until("document.querySelector('.readout').textContent.length > 0")
    assert "m" not in reader.text(".readout")
    reader.closed_well(path)


def test_values_go_first_where_the_page_is_too_large(tmp_path):
    whole = len(atlas(assessment(atlas_mb=10)).encode())
    page = atlas(assessment(atlas_mb=(whole - 100) / 1e6))
    path = tmp_path / "small.html"
    path.write_text(page, encoding="utf-8")
    told, before = trial.document(path), assessment_map(assessment(atlas_mb=10)).document
    assert told["values"] is None
    assert [one["picture"]["size"] for one in told["layers"] if "picture" in one] == [list(one["picture"]["size"]) for one in before["layers"] if "picture" in one]  # fmt: skip
    head, reason, _ = told["about"][0]["rows"][-1]
    assert (head[0], reason[0][:11]) == ("指针处数值", "附上后本页会超过限定的")


def test_values_can_be_left_out():
    document = assessment_map(assessment(atlas_leave_out=["values"])).document
    assert document["values"] is None
    assert not [row for row in document["about"][0]["rows"] if row[0].en == "Values under the pointer"]


def test_a_hazard_alone_tells_its_values(chromium, tmp_path):
    path = tmp_path / "explore.html"
    path.write_text(explore(assessment().themes["flood"]).html(), encoding="utf-8")
    reader = Reader(chromium, path)
    reader.until("Riskmap.cells")
    point_at(reader.page, DEEP)
    reader.until("document.querySelector('.readout').textContent.includes('约 3.5 m')")
    reader.closed_well(path)


@pytest.mark.parametrize(
    ("values", "low", "step"),
    [
        ([-8.99, 6.85], -9.0, 0.1),
        ([0.0, 0.533], 0.0, 0.005),
        ([0.0, 12_000.0], 0.0, 50.0),
        ([5.0, 5.0], 5.0, 0.05),
        ([0.0, 0.0], 0.0, 1.0),
        ([1e-4, 3e-4], 1e-4, 1e-6),
    ],
)
def test_steps_are_plain_numbers_and_few(values, low, step):
    given = np.array([*values, np.nan, np.inf])
    codes, scale = in_steps(given)
    assert (scale["low"], scale["step"]) == pytest.approx((low, step))
    assert codes[2:].tolist() == [255, 255]
    assert low + codes[:2] * step == pytest.approx(given[:2], abs=step / 2 + 1e-12)


def test_nothing_known_and_nothing_measured():
    codes, _ = in_steps(np.full((2, 2), np.nan))
    assert (codes == 255).all()
    made = assessment()
    assert quantities_part(replace(made, themes=MappingProxyType({"hail": replace(made.themes["hail"], measured=xr.Dataset())}))) is None  # fmt: skip


def test_a_quantity_that_is_the_score_is_not_carried():
    assert quantities_part(trial.assessment()) is None
