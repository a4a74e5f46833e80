"""Every format that counties deliver is read, or refused by its content with the export that cures it."""

import shutil
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
import tiny_files

from riskmap.errors import LayerError
from riskmap.loaders.kinds import kind_of
from riskmap.loaders.records import deliver
from riskmap.model.county import LayerEntry
from riskmap.standards import layer_spec

# A File GDB with coded-value domains (结构, 有无电梯) and a range domain (层数), written by GDAL 3.6
DOMAINS = Path(__file__).resolve().parents[2] / "data/domains.gdb.zip"


def sites():
    points = gpd.points_from_xy([111.1, 111.2], [39.3, 39.3])
    return gpd.GeoDataFrame({"编号": ["1", "2"], "名称": ["广场", "学校"]}, geometry=points, crs=4326)


def read(path, spec="shelters", **how):
    return deliver(path, layer_spec(spec), LayerEntry(path=path.name, **how))


@pytest.mark.parametrize(
    ("name", "driver"),
    [("a.fgb", "FlatGeobuf"), ("a.kml", "KML"), ("a.gpkg", "GPKG"), ("a.geojson", "GeoJSON"), ("a.shp", "ESRI Shapefile"),
     ("a.gdb", "OpenFileGDB")],
)  # fmt: skip
def test_vector_formats(tmp_path, name, driver):
    tiny_files.vector(sites(), tmp_path / name, driver=driver)
    got = read(tmp_path / name)
    assert got.frame.index.tolist() == [1, 2]
    frame = got.frame.sort_values("编号")  # a FlatGeobuf is sorted by place
    assert frame["名称"].tolist() == ["广场", "学校"]
    assert frame.geometry.x.tolist() == pytest.approx([111.1, 111.2])
    assert got.frame.crs.to_epsg() == 4326


def test_kml_has_no_columns_of_its_own(tmp_path):
    tiny_files.vector(sites(), tmp_path / "a.kml", driver="KML")
    assert set(read(tmp_path / "a.kml").frame.columns) == {"编号", "名称", "geometry"}


@pytest.mark.parametrize("inner", ["doc.kml", "隐患点.kml"])
def test_kmz(tmp_path, inner):
    tiny_files.vector(sites(), tmp_path / "a.kml", driver="KML")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w", zipfile.ZIP_DEFLATED) as file:
        file.write(tmp_path / "a.kml", inner)
    assert read(tmp_path / "a.kmz").frame["名称"].tolist() == ["广场", "学校"]


def test_geoparquet_and_plain_parquet(tmp_path):
    sites().to_crs(4490).to_parquet(tmp_path / "a.parquet")
    got = read(tmp_path / "a.parquet").frame
    assert got["名称"].tolist() == ["广场", "学校"]
    assert got.crs.to_epsg() == 4490
    pd.DataFrame({"乡镇代码": ["140930100"], "常住人口": [5]}).to_parquet(tmp_path / "b.parquet")
    assert read(tmp_path / "b.parquet", "yearbook").frame.loc[1, "常住人口"] == 5


def test_dxf_gives_the_objects_of_the_kind(tmp_path):
    ring = shapely.LineString([(111, 39), (111.1, 39), (111.1, 39.1), (111, 39)])
    drawn = gpd.GeoDataFrame({"Layer": ["村界", "注记"]}, geometry=[ring, shapely.Point(111, 39)], crs=4490)
    tiny_files.vector(drawn, tmp_path / "a.dxf", driver="DXF")
    got = read(tmp_path / "a.dxf", "townships")
    assert got.frame.geometry.geom_type.tolist() == ["Polygon"]
    assert got.frame.index.tolist() == [1]
    assert got.findings[0].rule == "other-shapes"
    assert got.frame["Layer"].tolist() == ["村界"]
    assert read(tmp_path / "a.dxf").frame.geometry.geom_type.tolist() == ["Point"]
    assert read(tmp_path / "a.dxf", "roads").frame.geometry.geom_type.tolist() == ["LineString"]


def archive(folder, frame, *, stem="避难场所"):
    tiny_files.shapefile(frame, folder / f"{stem}.shp")
    path = folder / "z.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for part in sorted(folder.glob(f"{stem}.*")):
            file.write(part, part.name)
    return path


def test_zip_whose_names_are_gbk(tmp_path):
    path = archive(tmp_path, sites(), stem="bncs")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"bncs", "避难".encode("gbk")))
    got = read(path)
    assert got.frame["名称"].tolist() == ["广场", "学校"]
    assert got.encoding == "GB18030 (fallback)"


def test_suffix_does_not_decide(tmp_path):
    tiny_files.vector(sites(), tmp_path / "a.gpkg", driver="GPKG")
    shutil.move(tmp_path / "a.gpkg", tmp_path / "a.geojson")
    assert len(read(tmp_path / "a.geojson").frame) == 2
    tiny_files.workbook(tmp_path / "a.xlsx", [["村代码", "村名"], ["140930100201", "甲村"]])
    shutil.move(tmp_path / "a.xlsx", tmp_path / "a.csv")
    assert read(tmp_path / "a.csv", "villages").frame["村名"].tolist() == ["甲村"]


def test_domains_become_words():
    got = read(DOMAINS, "buildings")
    assert got.frame["结构"].tolist() == ["钢筋混凝土", "砌体", "9", "木结构"]
    assert got.frame["有无电梯"].tolist()[:2] == ["是", "否"]
    told = {(one.rule, one.row, one.value) for one in got.findings if one.rule == "not-in-domain"}
    assert told == {("not-in-domain", 3, "9"), ("not-in-domain", 2, "900")}
    assert "1 to 60" in next(one.cure.en for one in got.findings if one.value == "900")


def test_domains_of_a_geopackage(tmp_path):
    path = tmp_path / "a.gpkg"
    tiny_files.vector(sites().assign(类型=["1", "2"]), path, driver="GPKG")
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT)"
        )
        base.execute(
            "CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT, constraint_type TEXT, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT)"
        )
        base.execute("INSERT INTO gpkg_data_columns VALUES ('a', '类型', '类型', '', '', NULL, 'kind')")
        base.executemany(
            "INSERT INTO gpkg_data_column_constraints VALUES ('kind', 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            [("1", "紧急避难场所"), ("2", "固定避难场所")],
        )
    base.close()
    assert read(path).frame["类型"].tolist() == ["紧急避难场所", "固定避难场所"]


FOREIGN = {
    "访问.mdb": (b"\0\1\0\0Standard Jet DB\0" + bytes(2000), "Access", "File Geodatabase"),
    "滑坡.wt": (b"WMAP`D22" + bytes(300), "MapGIS", "SHAPE"),
    "图.dwg": (b"AC1032" + bytes(300), "AutoCAD", ".dxf"),
    "边界.e00": (b"EXP  0 C:\\A.E00\nARC  2\n", "ArcInfo", "Import from E00"),
    "土地.vct": (b"HeadBegin\nDataMark: LANDUSE-VCT\n", "VCT", "shapefile"),
    "包.rar": (b"Rar!\x1a\x07\0" + bytes(50), "RAR", ".zip"),
    "表.xls": (b"<html><body><table><tr><td>a</td></tr></table>", "web page", ".xlsx"),
    "表2.xls": (b'<?xml version="1.0"?><Workbook xmlns="urn:x"></Workbook>', "2003", ".xlsx"),
    "命令.geojson": (b'{"type": "gdal_streamed_alg", "command_line": "gdal vector info /etc/passwd"}', "command", "deliver"),
    "命令2.geojson": (b'{"ty\\u0070e": "\\u0067dal_streamed_alg", "command_line": "gdal"}', "command", "deliver"),
    "指向.geojson": (b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "points at other files", "deliver"),
    "空.shp": (b"", "is empty", "allowed"),
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["own", ".shp"])
@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_formats_are_told_by_content(tmp_path, name, suffix):
    raw, what, cure = FOREIGN[name]
    path = tmp_path / (name if suffix == "own" else f"x{suffix}")
    path.write_bytes(raw)
    with pytest.raises(LayerError) as fault:
        read(path)
    assert what in fault.value.what.en
    assert cure in fault.value.cure.en
    assert fault.value.where == path.name


def test_a_command_for_gdal_would_have_been_run(tmp_path):
    """The refusal above guards something: GDAL itself opens such a file."""
    (tmp_path / "in.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    said = (
        f'{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {tmp_path}/in.geojson ! filter"}}'
    )
    (tmp_path / "c.geojson").write_text(said, encoding="utf-8")
    if "GDALG" not in pyogrio.list_drivers():
        pytest.skip("this GDAL knows no such files")
    assert kind_of(tmp_path / "c.geojson") == "gdal-command"
    assert len(pyogrio.read_dataframe(tmp_path / "c.geojson")) == 0


def old_sheet(path, rows, merges=()):
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表一")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            sheet.write(y, x, cell)
    for one in merges:
        sheet.write_merge(*one)
    book.save(str(path))


def test_merged_cells_and_a_header_of_two_rows(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["地质灾害隐患点一览表"],
        ["编号", "名称", "乡镇", "威胁对象", None],
        [None, None, None, "人数(人)", "财产(万元)"],
        ["Y1", "甲", "上乡", 12, 30],
        ["Y2", "乙", None, None, 5],
        ["Y3", "丙", None, 3, 6],
    ):
        sheet.append(row)
    for area in ("A1:E1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "C4:C6", "D4:D5"):
        sheet.merge_cells(area)
    book.save(tmp_path / "m.xlsx")
    got = read(tmp_path / "m.xlsx", "hazard_points")
    assert got.frame.index.tolist() == [4, 5, 6]
    assert got.frame["乡镇"].tolist() == ["上乡"] * 3
    assert got.frame["威胁人数(人)"].tolist() == [12, "", 3]
    assert got.frame["威胁财产(万元)"].tolist() == [30, 5, 6]
    rules = [(one.rule, one.row) for one in got.findings]
    assert rules == [("merged-cells", None), ("merged-number", 5)]


def test_hidden_sheets_and_formats_of_1997(tmp_path):
    path = tmp_path / "v.xls"
    old_sheet(path, [["村代码", "村名"], [140930100201.0, "甲村"]])
    assert kind_of(path) == "workbook-ole"
    assert read(path, "villages").frame["村名"].tolist() == ["甲村"]


def test_no_such_sheet_names_those_there_are(tmp_path):
    tiny_files.workbook(tmp_path / "a.xlsx", [["村代码"]])
    with pytest.raises(LayerError, match=r"a.xlsx: has no sheet '数据'; there are 表1"):
        read(tmp_path / "a.xlsx", "villages", sheet="数据")


def test_shapes_of_the_gpkg_and_lines(tmp_path):
    frame = sites().set_geometry([shapely.LineString([(111, 39), (111.1, 39)])] * 2)
    tiny_files.vector(frame, tmp_path / "a.fgb", driver="FlatGeobuf")
    assert set(read(tmp_path / "a.fgb", "roads").frame.geometry.geom_type) == {"LineString"}
