"""Bad input never runs code, leaves its folder or exhausts the machine: it is refused with file, place and cure."""

import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio
import reader_seeds
import tiny_files
import xarray as xr

from riskmap.errors import LayerError, RiskmapError
from riskmap.loaders import archive, limits, read_window, table, vector, workbook
from riskmap.loaders.records import deliver
from riskmap.model.county import LayerEntry
from riskmap.spatial import make_grid
from riskmap.standards import layer_spec

GRID = make_grid((507000, 4352000, 522000, 4366000), "EPSG:4546", cell_size_m=500)
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def refused(path, spec="shelters", **how):
    with pytest.raises(LayerError) as fault:
        deliver(path, layer_spec(spec), LayerEntry(path=path.name, **how))
    assert fault.value.where == path.name
    assert fault.value.cure.zh
    return fault.value


@pytest.fixture
def shapes(tmp_path):
    tiny_files.shapefile(reader_seeds.points(), tmp_path / "p.shp")
    return [tmp_path / f"p.{one}" for one in ("shp", "shx", "dbf", "prj")]


def packed(path, files, more=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for one in files:
            file.write(one, one.name)
        for name, raw in more:
            file.writestr(name, raw)
    return path


@pytest.mark.parametrize("name", ["../../x.txt", "/etc/x.txt", "a/../../x.txt", "C:/x.txt", "..\\x.txt"])
def test_names_that_lead_out_of_an_archive(tmp_path, shapes, name):
    path = packed(tmp_path / "z.zip", shapes, [(name, b"x")])
    assert refused(path).rule == "unsafe-path"


def test_an_archive_that_unpacks_to_too_much(tmp_path, shapes, monkeypatch):
    path = packed(tmp_path / "z.zip", shapes, [("x.bin", bytes(limits.SMALL_UNPACKED + 1))])
    assert path.stat().st_size < 1 << 20
    fault = refused(path)
    assert fault.rule == "absurd-size"
    assert "allowed: 8 GB, 200 x" in fault.what.en
    monkeypatch.setattr(archive, "MOST_MEMBERS", 3)
    assert "5 files" in refused(path).what.en


def test_an_archive_in_an_archive_is_not_opened(tmp_path, shapes):
    inner = packed(tmp_path / "i.zip", shapes)
    assert refused(packed(tmp_path / "z.zip", [inner])).rule == "many-layers"


def test_an_archive_whose_entry_is_longer_than_it_says(tmp_path, shapes):
    path = packed(tmp_path / "z.zip", shapes)
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (1 << 31).to_bytes(4, "little")
    path.write_bytes(bytes(raw))
    assert refused(path).rule == "absurd-size"


def test_an_archive_under_a_password(tmp_path, shapes):
    path = packed(tmp_path / "z.zip", shapes)
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        raw[raw.index(mark) + offset] |= 1
    path.write_bytes(bytes(raw))
    assert "password" in refused(path).what.en


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_entities_in_kml(tmp_path, codec):
    text = f'<?xml version="1.0" encoding="{codec}"?>{LAUGHS}<kml><Document><name>&b;</name></Document></kml>'
    (tmp_path / "a.kml").write_bytes(text.encode(codec))
    assert refused(tmp_path / "a.kml").rule == "unsafe-markup"
    path = packed(tmp_path / "a.kmz", [], [("doc.kml", text.encode(codec))])
    assert refused(path).rule == "unsafe-markup"


def test_entities_in_a_workbook(tmp_path):
    tiny_files.workbook(tmp_path / "a.xlsx", [["村代码"], ["1"]])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts["xl/workbook.xml"] = LAUGHS.encode() + parts["xl/workbook.xml"]
    fault = refused(packed(tmp_path / "b.xlsx", [], parts.items()), "villages")
    assert fault.rule == "unsafe-markup"
    assert "xl/workbook.xml" in fault.what.en


def test_a_sheet_that_spans_everything(tmp_path):
    book = reader_seeds.tiny_files.openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "村代码", 1
    book.save(tmp_path / "a.xlsx")
    fault = refused(tmp_path / "a.xlsx", "villages")
    assert fault.rule == "absurd-size"
    assert "10,000,000 cells" in fault.what.en


def test_a_sheet_of_more_cells_than_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_SHEET_CELLS", 3)
    tiny_files.workbook(tmp_path / "a.xlsx", [["村代码", "村名"], ["1", "甲"]])
    assert "(2 x 2)" in refused(tmp_path / "a.xlsx", "villages").what.en


def test_a_workbook_that_takes_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "WORKBOOK_SECONDS", 0.0001)
    tiny_files.workbook(tmp_path / "a.xlsx", [["村代码"]])
    assert refused(tmp_path / "a.xlsx", "villages").rule == "absurd-size"


def test_old_binary_workbooks(tmp_path):
    reader_seeds.xlsb(tmp_path / "a.xlsb", [["村代码", "村名"], [140930100201.0, "甲村"]])
    got = deliver(tmp_path / "a.xlsb", layer_spec("villages"), LayerEntry(path="a.xlsb"))
    assert got.frame["村名"].tolist() == ["甲村"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("村代码,村名\n1,甲\0村\n", "line 2 (character 10) holds a NUL"),
        ('村代码,村名\n1,"甲村\n2,乙村\n3,丙村\n', "quotation mark on line 2 is never closed"),
        ('村代码,村名\n1,甲村\n2,"乙村', "quotation mark on line 3 is never closed"),
    ],
)
def test_texts_that_cannot_be_split(tmp_path, text, said):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert said in refused(tmp_path / "a.csv", "villages").what.en


def test_cells_and_columns_without_end(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text('村代码,村名\n1,"' + "x" * (limits.MOST_CELL_TEXT + 9) + '"\n', encoding="utf-8")
    assert "cannot be read from line 2" in refused(tmp_path / "a.csv", "villages").what.en
    (tmp_path / "b.csv").write_text("村代码," + "a," * 3000 + "\n1,2\n", encoding="utf-8")
    assert "3,002 columns; allowed: 2,000" in refused(tmp_path / "b.csv", "villages").what.en
    monkeypatch.setattr(table, "MOST_TEXT", 10)
    assert "allowed: 10" in refused(tmp_path / "b.csv", "villages").what.en


def test_records_and_columns_without_end(tmp_path, shapes, monkeypatch):
    monkeypatch.setattr(vector, "MOST_ROWS", 3)
    assert "claims 4 records of 7 columns; allowed: 3" in refused(tmp_path / "p.shp").what.en
    reader_seeds.points().to_parquet(tmp_path / "p.parquet")
    assert "claims 4 records" in refused(tmp_path / "p.parquet").what.en


VRT = (
    '<VRTDataset rasterXSize="30" rasterYSize="30"><SRS>EPSG:4490</SRS><GeoTransform>111.05,0.01,0,39.45,0,-0.01</GeoTransform>'
    '<VRTRasterBand dataType="Float32" band="1"{more}><SimpleSource><SourceFilename relativeToVRT="1">{name}</SourceFilename>'
    "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
)


@pytest.fixture
def rasters(tmp_path):
    reader_seeds._rasters(tmp_path)
    return tmp_path


def test_a_vrt_over_files_of_its_folder(rasters):
    (rasters / "a.vrt").write_text(VRT.format(name="dem.tif", more=""), encoding="utf-8")
    np.testing.assert_array_equal(read_window(rasters / "a.vrt", GRID)[0], read_window(rasters / "dem.tif", GRID)[0])


@pytest.mark.parametrize(
    "name",
    [
        "../dem.tif",
        "/etc/hostname",
        "/vsicurl/http://x.invalid/a.tif",
        "&#47;etc/hostname",
        "http://x.invalid/a.tif",
        "b.vrt",
        "NETCDF:dem.nc:x",
    ],
)
def test_a_vrt_that_points_elsewhere(rasters, name):
    (rasters / "a.vrt").write_text(VRT.format(name=name, more=""), encoding="utf-8")
    with pytest.raises(LayerError, match=r"a.vrt: the VRT points out of its folder: .*; export it to one GeoTIFF"):
        read_window(rasters / "a.vrt", GRID)


def test_a_vrt_that_computes(rasters):
    more = ' subClass="VRTDerivedRasterBand"><PixelFunctionLanguage>Python</PixelFunctionLanguage'
    (rasters / "a.vrt").write_text(VRT.format(name="dem.tif", more=more), encoding="utf-8")
    with pytest.raises(LayerError, match="function to compute"):
        read_window(rasters / "a.vrt", GRID)


def test_a_raster_without_a_size(rasters):
    with rasterio.open(rasters / "dem_plain.tif", "r+") as file:
        file.transform = rasterio.Affine(0, 0, 111, 0, -0.01, 39)
    with pytest.raises(LayerError, match=r"dem_plain.tif: its place is not stated, or its cell size is impossible"):
        read_window(rasters / "dem_plain.tif", GRID)


def test_packed_numbers_and_variables_of_a_netcdf(rasters):
    true = read_window(rasters / "dem.nc", GRID, crs="EPSG:4490")[0]
    with xr.open_dataset(rasters / "dem.nc", engine="h5netcdf") as held:
        both = held.load()
    both["double"] = both["elevation"] * 2
    packing = {"elevation": {"dtype": "int32", "scale_factor": 0.5, "add_offset": 100.0, "_FillValue": -9}}
    both.to_netcdf(rasters / "two.nc", engine="h5netcdf", encoding=packing)
    with pytest.raises(LayerError, match=r"two.nc: holds 2 variables: elevation, double; name one as layer"):
        read_window(rasters / "two.nc", GRID, crs="EPSG:4490")
    got = read_window(rasters / "two.nc", GRID, crs="EPSG:4490", layer="elevation")[0]
    np.testing.assert_allclose(got, true)
    np.testing.assert_allclose(read_window(rasters / "two.nc", GRID, crs="EPSG:4490", layer="double")[0], 2 * true)


def test_geojson_saved_as_gbk(tmp_path):
    text = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"名称": "河曲县"}, "geometry": {"type": "Point", "coordinates": [111, 39]}}]}'
    (tmp_path / "a.geojson").write_bytes(text.encode("gbk"))
    got = deliver(tmp_path / "a.geojson", layer_spec("shelters"), LayerEntry(path="a.geojson"))
    assert got.frame["名称"].tolist() == ["河曲县"]
    assert got.encoding == "GB18030 (fallback)"


# Copies that once got past the readers with an error of another library, by seed and number
ONCE = [("dem.tif", 119), ("dem.tif", 438), ("dem.tif", 443), ("dem_plain.tif", 5), ("p.geojson", 13), ("p.parquet", 588),
        ("p.shp", 7), ("p.shp", 10), ("p.shp", 16), ("p.shp", 18), ("p.shp", 220), ("t.dbf", 9), ("t.xls", 10049)]  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "number"), ONCE)
def test_copies_that_once_got_past(tmp_path, name, number):
    (tmp_path / "seeds").mkdir()
    (tmp_path / "copy").mkdir()
    path = reader_seeds.mutant(reader_seeds.write(tmp_path / "seeds")[name], tmp_path / "copy", number)
    try:
        reader_seeds.read(path)
    except RiskmapError as fault:
        said = str(fault)
    else:
        said = "read"
    assert said == "read" or path.name in said or "hazard_points" in said


def test_a_feature_that_once_ended_the_process(tmp_path):
    """In a process of its own, lest the test end with it."""
    reader_seeds.write(tmp_path)
    (tmp_path / "copy").mkdir()
    path = reader_seeds.mutant(tmp_path / "p.fgb", tmp_path / "copy", 10099)
    code = "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); import reader_seeds; reader_seeds.read(Path(sys.argv[2]))"
    command = [sys.executable, "-W", "ignore", "-c", code, str(Path(reader_seeds.__file__).parent), str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode in {0, 1}


def test_a_raster_that_claims_more_than_there_is(tmp_path):
    kind = {"height": 1_000_000, "width": 1_000_000, "count": 1, "dtype": "uint8", "sparse_ok": True}
    place = rasterio.Affine(1e-6, 0, 111, 0, -1e-6, 39.5)
    with rasterio.open(
        tmp_path / "d.tif",
        "w",
        crs="EPSG:4490",
        transform=place,
        tiled=True,
        blockxsize=16384,
        blockysize=16384,
        **kind,
    ):
        pass
    with pytest.raises(LayerError, match=r"d.tif: claims 1000000 x 1000000 cells in a file of \d+ bytes"):
        read_window(tmp_path / "d.tif", GRID)
