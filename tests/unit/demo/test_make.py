"""The made-up county looks and behaves like the Loess Plateau, and is the same on every run."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr

from riskmap.demo import is_demo, make_demo, make_given
from riskmap.errors import CountyFileError
from riskmap.loaders import file_hash
from riskmap.pipeline import check, load, open_county
from riskmap.pipeline.derive import derived_layers
from riskmap.spatial import attach, build_network

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def survey(demo_folder):
    return load(open_county(demo_folder))


@pytest.fixture(scope="module")
def truth(demo_folder):
    return json.loads((demo_folder / "truth.json").read_text(encoding="utf-8"))


def test_size(survey, truth):
    assert len(survey.townships) == 11
    assert len(survey.units) == 193
    assert abs(truth["people"] - 120_000) < 1000
    assert survey.frame("villages")["people"].sum() == truth["people"]
    assert 30 <= truth["rows_before_faults"]["shelters"] <= 60
    assert int(survey.mask.sum()) == pytest.approx(1.46e6, rel=0.01)
    monthly, daily = survey.frame("weather_monthly"), survey.frame("weather_daily")
    assert set(monthly.groupby("station_id").size()) == {40 * 12}
    assert set(daily.groupby("station_id").size()) == {3652}  # 2014-2023, two leap years
    assert set(survey.layers) >= {"losses", "past_fires", "clinics", "relief_stores", "fire_stations", "planned_sites"}
    assert survey.frame("water_points")["yield_m3_d"].gt(0).all()
    assert survey.frame("relief_stores")["stock_water_l"].notna().all()


def test_relief_is_that_of_hequ(survey):
    dem = survey.raster("dem").where(survey.mask)
    assert 830 < float(dem.min()) < 860  # real: 845 m
    assert 1550 < float(dem.max()) < 1680  # real: 1,612 m
    assert 1150 < float(dem.mean()) < 1230  # real: 1,189 m
    slope = derived_layers(survey, "terrain")["slope_deg"].data.where(survey.mask)
    assert 8 < float(slope.mean()) < 25
    streams = survey.frame("streams")
    river = streams[streams["name"] == "黄河"].union_all()
    assert river.length / 1000 > 50
    assert streams["order"].max() == 8


def test_villages_stand_low(survey):
    """Nearer to the streams, and lower, than places anywhere."""
    villages, streams = survey.frame("villages"), survey.frame("streams").union_all()
    rng = np.random.default_rng(1)
    west, south, east, north = survey.outline.total_bounds
    spots = gpd.GeoSeries.from_xy(rng.uniform(west, east, 2000), rng.uniform(south, north, 2000), crs=villages.crs)
    spots = spots[spots.within(survey.outline.union_all())]
    assert villages.distance(streams).median() < 0.9 * spots.distance(streams).median()


def test_roads_hold_together(survey):
    network = build_network(survey.frame("roads"))
    assert set(network.islands().tolist()) == {0}
    _, node, walk = attach(network, survey.frame("villages").geometry, limit_m=1000.0)
    assert (node >= 0).all()
    assert np.median(walk) < 200


def test_points_follow_the_law(survey, truth):
    points = survey.frame("hazard_points")
    kinds = points["type"].value_counts()
    for kind, law in truth["hazard_points"]["law"].items():
        assert 0.85 * law["count"] - 2 <= kinds[kind] <= law["count"]
    slope = derived_layers(survey, "terrain")["slope_deg"].data
    slides = points[points["type"].isin(["滑坡", "崩塌"])]
    where = {"x": slides.geometry.x.to_numpy(), "y": slides.geometry.y.to_numpy()}
    cells = slope.sel({name: xr.DataArray(values, dims="p") for name, values in where.items()}, method="nearest")
    whole = float(slope.where(survey.mask).mean())
    assert float(cells.mean()) > 1.2 * whole, (float(cells.mean()), whole)


def test_every_fault_is_found(demo_folder, truth):
    found = check(demo_folder).findings
    sown = {(one["layer"], one["row"]) for one in truth["faults"] if one["what"] != "closed-record"}
    assert len(sown) == 14
    beside = {code for code, why in truth["badly_placed_shelters"].items() if why == "beside an active landslide"}
    assert {one.key for one in found if one.rule == "near-hazard-point"} == beside
    rest = [one for one in found if one.rule != "near-hazard-point"]
    assert {(one.layer, one.row) for one in rest if one.row is not None} == sown
    assert not [one for one in rest if one.severity != "note" and one.rule != "unit-not-stated" and one.row is None]
    closed = [one for one in truth["faults"] if one["what"] == "closed-record"]
    told = [one.message.en for one in found if one.rule == "closed-record"]
    assert told == [f"{len(closed)} closed records are no current risk and are left out"]


def test_every_file_says_that_it_is_made(demo_folder):
    note = "模拟数据"
    for path in demo_folder.rglob("*"):
        if path.suffix in {".geojson", ".json", ".toml", ".md"}:
            assert note in path.read_text(encoding="utf-8"), path
        if path.suffix == ".tif":
            with rasterio.open(path) as source:
                assert note in source.tags()["NOTE"]
        if path.suffix == ".xlsx":
            assert note in pd.read_excel(path, sheet_name="说明", header=None, engine="openpyxl").iloc[0, 0]


def test_same_bytes(demo_folder, tmp_path):
    other = make_demo(tmp_path / "raw" / "hequ")
    for path in sorted(demo_folder.rglob("*")):
        part = path.relative_to(demo_folder)
        if path.suffix == ".gdb":
            left, right = (gpd.read_file(one / part, layer="房屋建筑") for one in (demo_folder, other))
            assert left.equals(right)
        elif path.suffix == ".xlsx":
            left, right = (
                pd.read_excel(one / part, sheet_name=None, engine="openpyxl") for one in (demo_folder, other)
            )
            assert left.keys() == right.keys()
            assert all(left[name].equals(right[name]) for name in left)
        elif path.is_file() and not any(one.endswith(".gdb") for one in part.parts):
            assert file_hash(path) == file_hash(other / part), part


def test_others_are_left_alone(demo_folder, tmp_path):
    assert is_demo(demo_folder)
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    for make in (make_demo, make_given):
        with pytest.raises(CountyFileError, match="new or empty"):
            make(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
