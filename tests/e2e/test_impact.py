"""`riskmap impact`: what lies inside a footprint, of several kinds, beside the same counted with plain geopandas."""

import json
from dataclasses import replace

import geopandas as gpd
import openpyxl
import pytest
import rasterio
import shapely
from affine import Affine
from commands import riskmap

from riskmap.errors import LayerError
from riskmap.loaders import read_footprint
from riskmap.pipeline import impact, write_impact

pytestmark = pytest.mark.xdist_group("demo")
CRS = "EPSG:4546"
AREA = shapely.Polygon([(111.10, 39.35), (111.25, 39.33), (111.28, 39.22), (111.15, 39.20), (111.08, 39.28)])


@pytest.fixture(scope="module")
def told(demo_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("影响 范围")
    warning = folder / "预警.geojson"
    gpd.GeoDataFrame({"级别": ["红色"]}, geometry=[AREA], crs=4326).to_file(warning)
    done = riskmap("impact", demo_folder, warning, "--out", folder / "out", "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), folder / "out", demo_folder


def area():
    return gpd.GeoSeries([AREA], crs=4326).to_crs(CRS).iloc[0]


def test_figures_equal_plain_geopandas(told):
    values, _, county = told
    outline = gpd.read_file(county / "基础/县界.geojson").to_crs(CRS).union_all()
    inside = area().intersection(outline)
    assert values["facts"]["area_km2"] == pytest.approx(inside.area / 1e6, rel=1e-6)
    houses = gpd.read_file(county / "承灾体/房屋.gdb", layer="房屋建筑").to_crs(CRS)
    assert abs(values["facts"]["impact_buildings.buildings"] - houses.intersects(inside).sum()) <= 2  # two bad records
    roads = gpd.read_file(county / "承灾体/公路.gpkg").to_crs(CRS)
    assert values["facts"]["impact_roads.length_km"] == pytest.approx(
        roads.intersection(inside).length.sum() / 1000, rel=1e-3
    )
    people = sum(one["people_inside"] for one in values["units"])
    assert values["facts"]["impact_units.people_inside"] == people
    for one in values["units"]:
        assert 0 <= one["people_inside"] <= one["people"]
        assert 0 < one["area_share"] <= 1 + 1e-9


def test_files_are_marked_internal_and_name_the_wardens(told):
    _, out, _ = told
    assert {one.name for one in out.iterdir()} == {"impact.html", "impact.json", "impact.png", "impact.xlsx"}
    page = (out / "impact.html").read_text(encoding="utf-8")
    assert "内部使用" in page
    assert 'src="http' not in page
    book = openpyxl.load_workbook(out / "impact.xlsx", read_only=True)
    assert "内部使用" in str([cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row])
    sheet = book["范围内地质灾害隐患点"]
    head, first = list(sheet.iter_rows(max_row=2, values_only=True))
    assert first[head.index("防灾责任人 Warden")]


@pytest.fixture(scope="module")
def found(told):
    _, out, county = told
    return impact(county, out.parent / "预警.geojson")


def test_a_raster_of_the_same_area_says_the_same(found, tmp_path):
    inside = area()
    west, south, east, north = inside.bounds
    shape = (int((north - south) / 30) + 2, int((east - west) / 30) + 2)
    transform = Affine(30, 0, west - 15, 0, -30, north + 15)
    depth = rasterio.features.rasterize([(inside, 2.0)], out_shape=shape, transform=transform, fill=0.0)
    path = tmp_path / "depth.tif"
    with rasterio.open(path, "w", driver="GTiff", width=shape[1], height=shape[0], count=1, dtype="float32",
                       crs=CRS, transform=transform) as out:  # fmt: skip
        out.write(depth.astype("float32"), 1)
    cells, _ = read_footprint(path, found.survey, above=0.5)
    assert cells.area.sum() == pytest.approx(found.footprint.area.sum(), rel=0.01)
    with pytest.raises(LayerError, match="--above"):
        read_footprint(path, found.survey)
    warning = tmp_path / "w.geojson"
    gpd.GeoDataFrame(geometry=[AREA], crs=4326).to_file(warning)
    with pytest.raises(LayerError, match="leave out --above"):
        read_footprint(warning, found.survey, above=1.0)


def test_beside_the_county_is_said_and_is_no_fault(found, tmp_path):
    path = tmp_path / "near.geojson"
    gpd.GeoDataFrame(geometry=[shapely.box(111.75, 39.35, 111.8, 39.4)], crs=4326).to_file(path)
    empty, _ = read_footprint(path, found.survey)
    assert empty.empty
    folder = write_impact(replace(found, footprint=empty, tables={}), tmp_path / "out")
    assert json.loads((folder / "impact.json").read_text(encoding="utf-8"))["facts"] == {"area_km2": 0.0}


def test_shelters_inside_take_nobody_in(found):
    inside = set(found.tables["impact_shelters"].frame["code"])
    assert not inside & set(found.tables["impact_refuge"].frame["code"])
    taken = found.tables["impact_refuge"].frame
    assert (taken["taken_in"] <= taken["capacity_people"]).all()


def test_the_published_edition_is_no_place_for_it(found, tmp_path):
    edition = found.survey.county.output_folder
    with pytest.raises(LayerError, match="names wardens"):
        write_impact(found, edition / "impact")
    assert not edition.exists() or not (edition / "impact").exists()
