"""The two demo counties from the command line to what a planner opens."""

import json
import os
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import trial
from commands import riskmap
from reader import Reader, click_map

pytestmark = pytest.mark.xdist_group("demo")

NOTE = "模拟数据"


@pytest.fixture(scope="module")
def edition(demo_folder):
    """What `riskmap demo DIR` publishes of a folder that is whole."""
    done = riskmap("demo", demo_folder)
    assert done.returncode == 0, done.stderr
    folder = demo_folder.parents[1] / "derived" / "hequ"
    assert f"图集 atlas: {folder / 'atlas.html'}" in done.stdout
    assert "沿用 kept as it is" in done.stdout
    assert done.stdout.splitlines()[-1] == "未采用记录 records not used: 8"
    return folder


def test_whole_edition(edition):
    names = {one.name for one in edition.iterdir()}
    assert names >= {"atlas.html", "riskmap.gpkg", "tables.xlsx", "manifest.json", "quality.html", "quality.json"}
    assert names >= {"report.html", "rasters", "sheets"}
    assert {one.stem for one in (edition / "sheets").iterdir()} == {
        "hazard-landslide", "hazard-flood", "hazard-drought", "hazard-fire",
        "risk-units", "risk-grid", "zones", "prevention", "capacity", "conflicts", "shelters",
    }  # fmt: skip
    assert (edition / "atlas.html").stat().st_size < 10e6


def test_every_output_says_that_it_is_made(edition):
    for name in ("atlas.html", "report.html", "quality.html", "manifest.json"):
        assert NOTE in (edition / name).read_text(encoding="utf-8"), name
    with zipfile.ZipFile(edition / "tables.xlsx") as book:
        assert any(NOTE in book.read(one).decode() for one in book.namelist() if one.endswith(".xml"))
    assert NOTE.encode() in (edition / "riskmap.gpkg").read_bytes()
    for path in (edition / "rasters").glob("*.tif"):
        assert NOTE.encode() in path.read_bytes(), path.name


def test_units_have_risk_and_classes_spread(edition):
    units = gpd.read_file(edition / "riskmap.gpkg", layer="risk_units")
    assert len(units) == 193
    assert set(units["class"]) == {1, 2, 3, 4, 5}
    assert units["people"].sum() == pytest.approx(120_000, rel=0.01)
    zones = gpd.read_file(edition / "riskmap.gpkg", layer="risk_zones")
    assert zones.area.sum() == pytest.approx(units.area.sum(), rel=1e-6)


def test_townships_add_up_to_the_yearbook_exactly(edition, demo_folder):
    book = pd.read_excel(demo_folder / "统计/河曲县统计年鉴2024.xlsx", dtype={"乡镇代码": str}, engine="openpyxl")
    book = book.set_index("乡镇代码")
    towns = gpd.read_file(edition / "riskmap.gpkg", layer="risk_townships").set_index("unit_id")
    told = book.reindex(towns.index)
    assert towns["people"].tolist() == told["常住人口(人)"].tolist()
    assert towns["gdp_yuan"].tolist() == pytest.approx((told["GDP(万元)"] * 1e4).tolist(), abs=1e-3)
    units = gpd.read_file(edition / "riskmap.gpkg", layer="risk_units")
    assert units["people"].sum() == told["常住人口(人)"].sum()


def test_no_file_holds_the_name_or_number_of_a_person(edition, demo_folder):
    wardens = gpd.read_file(demo_folder / "地质灾害" / "隐患点.shp", encoding="GB18030")
    people = {*wardens["zrrxm"].dropna(), *wardens["zrrdh"].dropna()} - {""}
    assert len(people) > 200
    wanted = [text.encode(codec) for text in people for codec in ("utf-8", "gb18030")]
    for path in sorted(one for one in edition.rglob("*") if one.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as pack:
                parts += [pack.read(name) for name in pack.namelist()]
        assert not [one for one in wanted if any(one in part for part in parts)], path.name
    told = json.loads((edition / "quality.json").read_text(encoding="utf-8"))["findings"]
    assert {one["layer"] for one in told if one["rule"] == "personal-data"} == {"hazard_points", "shelters"}


@pytest.mark.browser
def test_atlas_opens_offline_and_tells_of_a_village(edition, chromium):
    reader = Reader(chromium, edition / "atlas.html")
    units = gpd.read_file(edition / "riskmap.gpkg", layer="risk_units").to_crs(4326)
    spot = units.geometry.representative_point().iloc[60]
    click_map(reader.page, spot.y, spot.x)
    reader.page.wait_for_timeout(200)
    assert units["name"].iloc[60] in reader.text("#panel, aside, body")
    reader.closed_well(edition / "atlas.html")


@pytest.mark.browser
def test_trial_weights_class_every_village_and_cell_as_a_run_would(edition, chromium):
    reader, told = Reader(chromium, edition / "atlas.html"), trial.document(edition / "atlas.html")
    weights = trial.drawn(told, 20)
    for raw in weights:
        got = reader.page.evaluate("(raw) => Riskmap.workUnits(Riskmap.weightsOf(raw)).codes", raw)
        assert got == trial.units_classed(told, raw)
    classed = trial.cells_classed(told)
    reader.page.evaluate("Riskmap.readCells()")
    for raw in weights[:3]:  # millions of cells: told by how many of each class, and where, in sums
        sums = reader.page.evaluate(
            "(raw) => { const n = [0, 0, 0, 0, 0, 0], at = [0, 0, 0, 0, 0, 0]; Riskmap.workCells(Riskmap.weightsOf(raw))"
            ".forEach((code, k) => { n[code] += 1; at[code] += k % 65521; }); return [n, at]; }",
            raw,
        )
        codes = classed(raw)
        assert sums[0] == np.bincount(codes, minlength=6).tolist()
        assert sums[1] == np.bincount(codes, weights=np.arange(codes.size) % 65521, minlength=6).tolist()
    reader.closed_well(edition / "atlas.html")


def test_a_public_atlas_has_no_trial_no_ways_and_larger_cells(edition, demo_folder, tmp_path):
    file = tmp_path / "公开 public.html"
    done = riskmap("run", demo_folder, "--quiet", "--public", file)
    assert done.returncode == 0, done.stderr
    told = trial.document(file)
    assert told["whatIf"] is None
    assert told["cells"] is None
    grids = [one["picture"]["cell_m"] for one in told["layers"] if one["kind"] == "grid"]
    assert len(grids) == 5
    assert min(grids) >= 100
    assert not any(way for view in told["shelters"]["views"] for way in view["ways"])
    own = trial.document(edition / "atlas.html")
    assert own["whatIf"] is not None
    assert [one["codes"] for one in told["layers"] if one["id"] == "risk-units"] == [
        one["codes"] for one in own["layers"] if one["id"] == "risk-units"
    ]


def test_given_products_only(tmp_path):
    done = riskmap("demo", tmp_path / "raw" / "hequ_given", "--given", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    gone = {one["product"] for one in told["left_out"]}
    assert gone == {
        "避难场所覆盖",
        "避险搬迁与加固清单",
        "规划图层冲突",
        "规划核心指标",
        "路网拓扑检查",
        "历史灾情检验",
        "生命线冗余",
    }
    edition = tmp_path / "derived" / "hequ_given"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["themes"]) == {"landslide", "flood", "drought", "fire", "earthquake", "hail"}
    assert {one["origin"] for one in manifest["themes"].values()} == {"given"}
    for name in ("atlas.html", "report.html"):
        text = (edition / name).read_text(encoding="utf-8")
        assert "部门成果" in text
        assert NOTE in text
    units = gpd.read_file(edition / "riskmap.gpkg", layer="risk_units")
    assert set(units["class"]) == {1, 2, 3, 4, 5}
    online_base_only_when_asked(edition, tmp_path)


def online_base_only_when_asked(edition, tmp_path):
    """A key from the environment goes into the file that was asked for, and nowhere else."""
    key = "0123456789abcdef0123456789abcdef"
    county = tmp_path / "raw" / "hequ_given"
    words = ("run", county, "--quiet", "--online-atlas", tmp_path / "online.html")
    done = riskmap(*words, env={**os.environ, "TIANDITU_KEY": ""})
    assert done.returncode == 2
    assert "TIANDITU_KEY: not set" in done.stderr
    assert riskmap(*words, env={**os.environ, "TIANDITU_KEY": key}).returncode == 0
    holders = [one.name for one in tmp_path.rglob("*") if one.is_file() and key.encode() in one.read_bytes()]
    assert holders == ["online.html"]
    assert "tianditu" not in (edition / "atlas.html").read_text(encoding="utf-8")
