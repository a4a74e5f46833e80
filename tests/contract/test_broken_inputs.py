"""Whatever a county delivers wrong, the message names file, place and cure."""

import re
import sys

import numpy as np
import openpyxl
import pytest
import rasterio
import shapely
import tiny
import tiny_files

from riskmap.cli import main
from riskmap.errors import CountyFileError, LayerError, RiskmapError
from riskmap.loaders import load_survey, read_county
from riskmap.standards import book, layer_specs


@pytest.fixture
def folder(tmp_path):
    return tiny_files.write(tmp_path / "tiny")


def edit(folder, old, new):
    path = folder / "county.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def only(folder, layers):
    """Leave out the other layers, for speed."""
    path = folder / "county.toml"
    head, *tables = path.read_text(encoding="utf-8").split("\n[layers.")
    kept = [one for one in tables if one.split("]")[0] in layers]
    path.write_text("\n[layers.".join([head, *kept]), encoding="utf-8")


def add(folder, text):
    path = folder / "county.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


GIVEN = """
[given.quake]
title = {zh = "地震", en = "Earthquake"}
path = "frame/townships.gpkg"
kind = "polygon"
field = "乡镇名称"
classes = {"上乡" = 1, "下镇" = 9}
scores = [0.1, 0.9]
scheme = "comprehensive-risk"
producer = "地震局"
date = "2025"
method = "区划"
"""

COUNTY_FILE = {
    "unknown key": (
        lambda f: edit(f, "cell_size_m", "cell_size"),
        ["cell_size: unknown key", "nearest: cell_size_m", "allowed: name"],
    ),
    "wrong type": (
        lambda f: edit(f, "cell_size_m = 100.0", 'cell_size_m = "30"'),
        ["cell_size_m: '30' is text", "a number"],
    ),
    "negative cell": (lambda f: edit(f, "100.0", "-5.0"), ["cell_size_m: -5.0", "> 0"]),
    "missing key": (lambda f: edit(f, 'date = "2026-01-01"', ""), ["date: missing", "date of the edition"]),
    "date without quotes": (
        lambda f: edit(f, '"2026-01-01"', "2026-01-01"),
        ["date: 2026-01-01 is a date", "text in quotes"],
    ),
    "no date": (lambda f: edit(f, '"2026-01-01"', '"next year"'), ["date: 'next year'", "2026-01-31"]),
    "code of five digits": (lambda f: edit(f, '"140930"', '"14093"'), ["code: '14093'", "six digits"]),
    "missing file": (
        lambda f: edit(f, "frame/dem.tif", "frame/dem30.tif"),
        ["layers.dem.path", "file not found 'frame/dem30.tif'", "in that folder there is", "nearest: dem.tif"],
    ),
    "out of the folder": (
        lambda f: edit(f, "frame/dem.tif", "../../dem.tif"),
        ["layers.dem.path: '../../dem.tif' leads out of the county's folder", "copy the file", "outside = ["],
    ),
    "out of the folder, absolute": (
        lambda f: edit(f, "frame/dem.tif", "/etc/hostname"),
        ["layers.dem.path", "leads out of the county's folder, to '/etc/hostname'", "copy the file"],
    ),
    "out of the folder by a link": (
        lambda f: ((f / "dem.tif").symlink_to("/etc/hostname"), edit(f, "frame/dem.tif", "dem.tif")),
        ["layers.dem.path: 'dem.tif' leads out", "'/etc/hostname'", "copy the file"],
    ),
    "out of the folder by a link beside": (
        lambda f: ((f / "villages.dbf").unlink(), (f / "villages.dbf").symlink_to("/etc/hostname")),
        ["layers.villages.path: 'villages.shp' leads out", "'/etc/hostname'", "copy the file"],
    ),
    "out of the folder by a given product": (
        lambda f: add(f, GIVEN.replace("frame/townships.gpkg", "/etc/hostname").replace("quake", "flames")),
        ["given.flames.path", "leads out", "copy the file"],
    ),
    "missing folder": (lambda f: edit(f, "frame/dem.tif", "raw/dem.tif"), ["layers.dem.path", "there is no folder"]),
    "backslashes": (
        lambda f: edit(f, '"frame/dem.tif"', r"'frame\dem.tif'"),
        ["layers.dem.path", "write / in place of"],
    ),
    "unknown layer": (
        lambda f: edit(f, "[layers.shelters]", "[layers.shelter]"),
        ["layers.shelter: unknown layer", "nearest: shelters"],
    ),
    "derived layer": (
        lambda f: edit(f, "[layers.shelters]", "[layers.slope_deg]"),
        ["layers.slope_deg", "from the elevation", "remove"],
    ),
    "wrong format": (lambda f: edit(f, "frame/dem.tif", "shelters.csv"), ["layers.dem.path", ".csv", "allowed: .tif"]),
    "unknown column": (
        lambda f: edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\ncolumns = {area = "面积"}'),
        ["layers.shelters.columns.area: unknown column", "nearest: area_m2"],
    ),
    "unit that does not fit": (
        lambda f: edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\nunits = {area_m2 = "万元"}'),
        ["layers.shelters.units.area_m2", "'万元'", "m2"],
    ),
    "analysis in degrees": (lambda f: edit(f, "EPSG:4546", "EPSG:4490"), ["crs", "EPSG:4490", "degrees", "EPSG:4546"]),
    "nonsense crs": (
        lambda f: edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\ncrs = "GPS2000"'),
        ["layers.shelters.crs", "'GPS2000'", "EPSG:4490"],
    ),
    "unknown encoding": (
        lambda f: edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\nencoding = "chinese8"'),
        ["layers.shelters.encoding", "'chinese8'", "GB18030"],
    ),
    "units": (lambda f: edit(f, "date =", 'units = "village"\ndate ='), ["units: 'village'", "nearest: villages"]),
    "output over the input": (lambda f: edit(f, "date =", 'output = "."\ndate ='), ["output: '.'", "derived"]),
    "unknown standard": (
        lambda f: add(f, '[standards.gb-spy]\nvalue = 1.0\nclause = "1"\nconfirmed_by = "x"\ndate = "2026"\n'),
        ["standards.gb-spy", "nearest: gb-spi"],
    ),
    "given scores": (
        lambda f: add(f, GIVEN),
        ["given.quake.scores: 2 numbers", "has 5 classes", "given.quake.classes.下镇: 9", "1 to 5"],
    ),
    "given scheme": (
        lambda f: add(f, GIVEN.replace("comprehensive-risk", "comprehensive")),
        ["given.quake.scheme", "'comprehensive'", "comprehensive-risk"],
    ),
    "no TOML": (lambda f: edit(f, "[layers.dem]", "[layers.dem"), ["no TOML", "line 10"]),
}


@pytest.mark.parametrize(("breaking", "said"), COUNTY_FILE.values(), ids=COUNTY_FILE)
def test_county_file(folder, breaking, said):
    breaking(folder)
    with pytest.raises(CountyFileError) as fault:
        read_county(folder)
    text = str(fault.value)
    assert "county.toml" in text
    for part in said:
        assert part in text


def test_folders_outside_may_be_named(folder):
    (folder.parent / "base").mkdir()
    (folder / "frame/dem.tif").rename(folder.parent / "base/dem.tif")
    edit(folder, "frame/dem.tif", "../base/dem.tif")
    with pytest.raises(CountyFileError, match="leads out"):
        read_county(folder)
    edit(folder, "date =", 'outside = ["../base"]\ndate =')
    assert read_county(folder).outside == ("../base",)


def test_all_faults_at_once(folder):
    edit(folder, "cell_size_m", "cellsize")
    edit(folder, "frame/dem.tif", "gone.tif")
    edit(folder, "[layers.roads]", "[layers.road]")
    with pytest.raises(CountyFileError) as fault:
        read_county(folder, extra_check=lambda raw: ["hazards.flood.depth: unknown knob"])
    assert len(fault.value.faults) == 4
    assert "4 faults" in str(fault.value)


def test_saved_as_gbk(folder):
    path = folder / "county.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    with pytest.raises(CountyFileError, match=r"saved as GBK .*line 2.*UTF-8"):
        read_county(folder)


def test_byte_order_mark_is_tolerated(folder):
    path = folder / "county.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_county(path).title.zh == "小河县"


def test_no_county_file(tmp_path):
    with pytest.raises(CountyFileError, match="riskmap init"):
        read_county(tmp_path)


def cut(path, share=0.5):
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])


def absurd(path):
    kind = {
        "driver": "GTiff",
        "height": 2_000_000,
        "width": 2_000_000,
        "count": 1,
        "dtype": "float32",
        "sparse_ok": True,
    }
    with rasterio.open(
        path,
        "w",
        crs=tiny.CRS,
        transform=rasterio.Affine(1, 0, 9, 0, -1, 9),
        tiled=True,
        blockxsize=16384,
        blockysize=16384,
        **kind,
    ):
        pass


def wrong_crs(path):
    with rasterio.open(path, "r+") as file:
        file.crs = "EPSG:4534"


def no_crs(folder):
    with rasterio.open(folder / "frame/dem.tif") as file:
        values = file.read(1)
    tiny_files.raster(folder / "frame/dem.tif", values, nodata=None, margin=0, crs=None)


def empty(folder):
    tiny_files.vector(tiny_files.villages().iloc[:0], folder / "villages.shp", encoding="GBK")


def lines_for_points(folder):
    frame = tiny_files.villages()
    frame = frame.set_geometry([shapely.LineString([(one.x, one.y), (one.x + 9, one.y)]) for one in frame.geometry])
    for part in folder.glob("villages.*"):
        part.unlink()
    tiny_files.shapefile(frame, folder / "villages.shp")


def no_key(folder):
    tiny_files.shapefile(
        tiny_files.villages().drop(columns="统计用区划代码").rename(columns={"村名": "村庄代号"}),
        folder / "villages.shp",
    )


def elsewhere(folder):
    frame = tiny_files.villages()
    tiny_files.shapefile(frame.set_geometry(frame.geometry.translate(300_000, -200_000)), folder / "villages.shp")


LAYERS = {
    "truncated raster": (
        "land_cover",
        lambda f: cut(f / "land_cover.tif", 0.2),
        ["land_cover.tif", "damaged", "copy the file again"],
    ),
    "no raster at all": (
        "land_cover",
        lambda f: (f / "land_cover.tif").write_text("x", "utf-8"),
        ["land_cover.tif", "nothing that can be read", "GeoTIFF", "copy"],
    ),
    "absurd claim": (
        "land_cover",
        lambda f: absurd(f / "land_cover.tif"),
        ["land_cover.tif", "2000000 x 2000000", "again"],
    ),
    "raster elsewhere": (
        "land_cover",
        lambda f: wrong_crs(f / "land_cover.tif"),
        ["land_cover.tif", "does not reach the county", "coordinate system"],
    ),
    "raster without system": ("dem", no_crs, ["dem.tif", "no coordinate system", "state crs"]),
    "no such band": (
        "dem",
        lambda f: edit(f, 'path = "frame/dem.tif"', 'path = "frame/dem.tif"\nband = 3'),
        ["dem.tif", "no band 3", "it has 1"],
    ),
    "empty layer": ("villages", empty, ["villages.shp", "no records", "deliver"]),
    "missing dbf": (
        "villages",
        lambda f: (f / "villages.dbf").unlink(),
        ["villages.shp", ".dbf is missing", "same name"],
    ),
    "missing shx": (
        "villages",
        lambda f: (f / "villages.shx").unlink(),
        ["villages.shp", ".shx is missing", "same name"],
    ),
    "lines for points": ("villages", lines_for_points, ["villages", "holds lines, not points", "deliver points"]),
    "no code column": ("villages", no_key, ["villages.shp", "统计用区划代码", "columns", "村庄代号"]),
    "other county": (
        "villages",
        elsewhere,
        ["villages", "all records lie far from the county", "(812500, 4163000)", "of this county", "EPSG:4546"],
    ),
    "declared UTF-8, is GBK": (
        "shelters",
        lambda f: edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\nencoding = "UTF-8"'),
        ["shelters.csv", "byte 0xB1 on line 1", "not UTF-8", "encoding in county.toml"],
    ),
    "declared GBK, is UTF-8": (
        "shelters",
        lambda f: (
            (f / "shelters.csv").write_text((f / "shelters.csv").read_text("gbk"), "utf-8"),
            edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\nencoding = "GBK"'),
        ),
        ["shelters.csv", "is not GBK", "encoding"],
    ),
    "shapefile declared UTF-8, is GBK": (
        "villages",
        lambda f: edit(f, 'path = "villages.shp"', 'path = "villages.shp"\nencoding = "UTF-8"'),
        ["villages.shp", "record", "not UTF-8", "encoding"],
    ),
    "column that is not there": (
        "shelters",
        lambda f: edit(f, 'path = "shelters.csv"', 'path = "shelters.csv"\ncolumns = {name = "场所"}'),
        ["shelters.csv", "no column '场所'", "columns in county.toml", "名称"],
    ),
    "no coordinates": (
        "shelters",
        lambda f: (f / "shelters.csv").write_text("编号,名称\n1,广场\n", "utf-8"),
        ["shelters", "no coordinate columns", "经度"],
    ),
    "empty sheet": (
        "yearbook",
        lambda f: openpyxl.Workbook().save(f / "yearbook.xlsx"),
        ["yearbook.xlsx", "empty", "header"],
    ),
    "no such sheet": (
        "yearbook",
        lambda f: edit(f, 'path = "yearbook.xlsx"', 'path = "yearbook.xlsx"\nsheet = "2025"'),
        ["yearbook.xlsx", "no sheet '2025'", "表1", "sheet"],
    ),
    "no workbook": (
        "yearbook",
        lambda f: (f / "yearbook.xlsx").write_bytes(b"\xd0\xcf\x11\xe0"),
        ["yearbook.xlsx", "no readable workbook", "save it as .xlsx"],
    ),
    "no such layer": (
        "roads",
        lambda f: edit(f, 'path = "roads.gdb"', 'path = "roads.gdb"\nlayer = "道路"'),
        ["roads.gdb", "no layer '道路'", "公路"],
    ),
    "GeoJSON cut short": (
        "outline",
        lambda f: cut(f / "frame/counties.geojson", 0.7),
        ["counties.geojson", "damaged", "again"],
    ),
    "county not in the outline": (
        "outline",
        lambda f: (edit(f, "140930", "150000"), edit(f, "小河县", "大河县")),
        ["counties.geojson", "none of its 3 polygons", "150000", "东县"],
    ),
}


@pytest.mark.parametrize(("layer", "breaking", "said"), LAYERS.values(), ids=LAYERS)
def test_layer(folder, layer, breaking, said):
    breaking(folder)
    only(folder, {"outline", layer})
    county = read_county(folder)
    try:
        survey = load_survey(county, layer_specs(), standards=book())
    except LayerError as fault:
        assert layer == "outline", "only the frame may stop a run"
        text = str(fault)
    else:
        spec = layer_specs()[layer]
        assert layer not in survey.layers
        assert [one.product for one in survey.left_out] == [spec.title]
        found = [one for one in survey.findings if one.layer == layer and one.severity == "error" and one.row is None]
        assert len(found) == 1
        assert re.search("[\u4e00-\u9fff]", found[0].message.zh)
        assert re.search("[\u4e00-\u9fff]", found[0].cure.zh)
        text = f"{found[0].message.en}; {found[0].cure.en}"
    for part in said:
        assert part in text


def test_nothing_tells_where_the_county_lies(folder):
    (folder / "county.toml").write_text(tiny_files.COUNTY.split("[layers.outline]")[0], encoding="utf-8")
    with pytest.raises(RiskmapError, match=r"neither outline.*deliver \[layers.outline\]"):
        load_survey(read_county(folder), layer_specs(), standards=book())


def test_undeclared_nodata_is_told(folder):
    values = tiny.relief()
    values[:10] = -9999
    tiny_files.raster(folder / "frame/dem.tif", values, nodata=None)
    survey = load_survey(read_county(folder), layer_specs(), standards=book())
    told = {one.rule: one for one in survey.findings if one.layer == "dem"}
    assert told["out-of-range"].value == "-9999"
    assert "16.7%" in told["no-coverage"].message.en
    assert np.isnan(survey.raster("dem").to_numpy()[0]).all()


def test_text_in_a_number_column_names_the_row_of_the_sheet(folder):
    survey = load_survey(read_county(folder), layer_specs(), standards=book())
    found = [one for one in survey.findings if one.rule == "no-number" and not one.mended]
    assert [(one.layer, one.row, one.field, one.value) for one in found] == [("hazard_points", 4, "威胁人数", "约30")]
    assert "empty" in found[0].cure.en


def command(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["riskmap", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        main()
    told = capsys.readouterr()
    return end.value.code, told.out + told.err


@pytest.mark.parametrize("name", COUNTY_FILE)
def test_wrong_settings_end_every_command_with_2(folder, name, monkeypatch, capsys):
    breaking, said = COUNTY_FILE[name]
    breaking(folder)
    for word in ("check", "run"):
        code, text = command(monkeypatch, capsys, word, folder, "--quiet")
        assert code == 2
        assert "Traceback" not in text
        assert all(part in text for part in ("county.toml", *said))
    assert not (folder / "derived").exists()


@pytest.mark.parametrize("name", LAYERS)
def test_a_broken_layer_is_told_by_check(folder, name, monkeypatch, capsys):
    layer, breaking, said = LAYERS[name]
    breaking(folder)
    only(folder, {"outline", layer})
    code, text = command(monkeypatch, capsys, "check", folder)
    assert code == 1
    assert "Traceback" not in text
    assert all(part in text for part in said)
