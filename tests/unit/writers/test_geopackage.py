"""The county database: rows, headers and styles as a desktop GIS looks for them; the same bytes each time."""

import sqlite3
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pyogrio
import tiny
from geopandas.testing import assert_geodataframe_equal
from openpyxl import load_workbook

from riskmap.maps.desktop import class_style
from riskmap.model import Text
from riskmap.writers import GeoTable, write_cog, write_geopackage, write_workbook


def tables():
    risk = tiny.risk()
    style = class_style(risk.scheme, column="class")
    title, headers = Text("单元风险", "Risk by unit"), {"class": Text("等级", "Class")}
    return [
        GeoTable(name="risk_units", title=title, frame=risk.units, headers=headers, styles={"风险等级": style}),
        GeoTable(name="risk_objects", title=Text("表", "Table"), frame=risk.unit_risk),
    ]


def test_rows_headers_and_styles(tmp_path):
    path = tmp_path / "县 库" / "riskmap.gpkg"
    path.parent.mkdir()
    write_geopackage(path, tables(), date="2026-01-01", note="模拟数据")
    after = gpd.read_file(path, layer="risk_units")
    assert after["name"].tolist() == tiny.units()["name"].tolist()
    assert after["class"].tolist() == [5, 4, 3, 2, 255, 1]
    assert after.crs == tiny.CRS
    assert_geodataframe_equal(
        after[["geometry"]].explode(ignore_index=True), tiny.units()[["geometry"]].reset_index(drop=True)
    )
    with sqlite3.connect(path) as base:
        row = base.execute(
            "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
        ).fetchall()
        assert row[0][:3] == ("risk_units", "geom", 1)
        assert "categorizedSymbol" in row[0][3]
        column = base.execute("SELECT title FROM gpkg_data_columns WHERE column_name = 'class'").fetchone()
        assert column == ("等级 Class",)
        geometry = base.execute("SELECT column_name FROM gpkg_geometry_columns").fetchall()
        assert geometry == [("geom",)]
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(pyogrio.read_dataframe(path, layer="risk_objects")) == len(tiny.risk().unit_risk)


def test_layers_are_named_by_their_theme(tmp_path):
    one, two = tables()
    theme = Text("综合风险", "Risk")
    write_geopackage(tmp_path / "t.gpkg", [replace(one, theme=theme), two], date="2026-01-01", note="模拟数据")
    with sqlite3.connect(tmp_path / "t.gpkg") as base:
        rows = base.execute("SELECT table_name, identifier, description FROM gpkg_contents LIMIT 2").fetchall()
    assert rows == [
        ("risk_units", "综合风险·单元风险 Risk: Risk by unit", "综合风险 Risk  模拟数据"),
        ("risk_objects", "表 Table", "模拟数据"),
    ]


def test_same_bytes(tmp_path):
    for name in ("a.gpkg", "b.gpkg"):
        write_geopackage(tmp_path / name, tables(), date="2026-01-01")
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()


def test_cog_keeps_values_and_unknown(tmp_path):
    import rasterio

    classes = tiny.themes()["flood"].classes
    write_cog(tmp_path / "c.tif", classes, title="洪水", style="<qgis/>", note="模拟数据")
    with rasterio.open(tmp_path / "c.tif") as source:
        assert source.nodata == 255
        assert (source.read(1) == classes.to_numpy()).all()
        assert source.crs.to_epsg() == 4546
        assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert source.tags()["NOTE"] == "模拟数据"
    assert (tmp_path / "c.qml").read_text(encoding="utf-8") == "<qgis/>"


def test_no_cell_is_a_formula(tmp_path):
    frame = pd.DataFrame({"=cmd": ["=1+1", "@x", "-5", None], "n": [1.5, float("nan"), -2, 0]})
    write_workbook(tmp_path / "t.xlsx", {"表": frame}, date="2026-01-01", notes=["+说明"])
    page = load_workbook(tmp_path / "t.xlsx")["表"]
    assert [cell.value for cell in page["A"]] == ["'=cmd", "'=1+1", "'@x", "-5", None]
    assert [cell.value for cell in page["B"]][1:] == [1.5, None, -2, 0]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
