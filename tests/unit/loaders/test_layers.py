"""Rules of records, code tables, rasters, archives."""

import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
import tiny
import tiny_files

from riskmap.errors import LayerError
from riskmap.loaders import Where, file_hash, read_layer, read_raster
from riskmap.loaders.codes import read_codes
from riskmap.loaders.quality import Against
from riskmap.model.county import CodeTable, LayerEntry
from riskmap.standards import layer_spec

LONLAT = (
    tiny.survey()
    .outline.representative_point()
    .to_crs(4490)
    .pipe(lambda p: ([p.x[0] + d for d in (0, 0.001, 0.002)], [p.y[0]] * 3))
)


@pytest.fixture
def where(tmp_path):
    outline = tiny.survey().outline
    return Where(
        folder=tmp_path, crs=outline.crs, near=tuple(outline.to_crs(4326).total_bounds), against=Against(area=outline)
    )


def test_zipped_shapefile_and_geodatabase(where, tmp_path):
    tiny_files.shapefile(tiny_files.villages(), tmp_path / "v.shp")
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
        for part in tmp_path.glob("v.*"):
            if part.suffix != ".zip":
                archive.write(part, f"村庄/{part.name}")
    layer, _ = read_layer(LayerEntry(path="v.zip"), layer_spec("villages"), where=where)
    assert layer.data["name"].tolist()[0] == "甲村"
    assert layer.source.encoding == "GB18030 (fallback)"
    tiny_files.vector(tiny_files.villages(), tmp_path / "g.gdb", driver="OpenFileGDB", layer="村")
    with zipfile.ZipFile(tmp_path / "g.gdb.zip", "w") as archive:
        for part in (tmp_path / "g.gdb").iterdir():
            archive.write(part, f"g.gdb/{part.name}")
    for path in ("g.gdb", "g.gdb.zip"):
        layer, _ = read_layer(LayerEntry(path=path), layer_spec("villages"), where=where)
        assert layer.data["people"].tolist() == [1200, 300, 90, 450, 0, 2100]


def test_garbled_cpg_is_passed_over(where, tmp_path):
    tiny_files.shapefile(tiny_files.villages(), tmp_path / "v.shp")
    (tmp_path / "v.cpg").write_text("UTF-8", encoding="ascii")
    layer, found = read_layer(LayerEntry(path="v.shp"), layer_spec("villages"), where=where)
    assert layer.data["name"].tolist()[0] == "甲村"
    assert "wrong-cpg" in {one.rule for one in found}


def test_village_polygons_are_taken(where, tmp_path):
    frame = tiny.units().reset_index().rename(columns={"unit_id": "code"})[["code", "name", "geometry"]]
    tiny_files.vector(frame, tmp_path / "v.gpkg")
    layer, _ = read_layer(LayerEntry(path="v.gpkg"), layer_spec("villages"), where=where, also=("polygon",))
    assert set(layer.data.geom_type) == {"Polygon"}
    layer, _ = read_layer(LayerEntry(path="v.gpkg"), layer_spec("villages"), where=where)
    assert set(layer.data.geom_type) == {"Point"}


def test_broken_polygons_are_mended_and_told(where, tmp_path):
    west, north = tiny.WEST_M, tiny.NORTH_M
    tie = shapely.Polygon([(west, north), (west + 900, north - 900), (west + 900, north), (west, north - 900)])
    frame = gpd.GeoDataFrame({"岩组": ["黄土", "砂岩"]}, geometry=[tie, tie.buffer(0)], crs=tiny.CRS)
    tiny_files.vector(frame, tmp_path / "l.gpkg")
    layer, found = read_layer(LayerEntry(path="l.gpkg"), layer_spec("lithology"), where=where)
    assert layer.data.geometry.is_valid.all()
    told = [one for one in found if one.rule == "broken-shape"]
    assert [(one.row, one.mended) for one in told] == [(1, True)]
    assert told[0].lon == pytest.approx(111.12, abs=0.05)


def test_required_cell_that_is_empty_drops_the_record(where, tmp_path):
    (tmp_path / "y.csv").write_text("乡镇代码,GDP(万元)\n140930100,1\n,2\n", encoding="utf-8")
    layer, found = read_layer(LayerEntry(path="y.csv"), layer_spec("yearbook"), where=where)
    assert layer.source.rows_read == 2
    assert layer.source.rows_kept == 1
    assert [(one.rule, one.row, one.severity) for one in found] == [("missing-value", 3, "error")]


def test_unit_that_is_not_stated_is_told(where, tmp_path):
    (tmp_path / "y.csv").write_text("乡镇代码,GDP\n140930100,1\n", encoding="utf-8")
    _, found = read_layer(LayerEntry(path="y.csv"), layer_spec("yearbook"), where=where)
    assert [one.rule for one in found] == ["unit-not-stated"]
    _, found = read_layer(LayerEntry(path="y.csv", units={"gdp_yuan": "万元"}), layer_spec("yearbook"), where=where)
    assert found == ()


def test_codes_are_joined(where, tmp_path):
    (tmp_path / "c.csv").write_text("旧,新\n140930104,140930201\n", encoding="utf-8")
    (tmp_path / "y.csv").write_text("乡镇代码,GDP(元)\n140930104,1\n140930100,2\n", encoding="utf-8")
    join = read_codes(CodeTable(path="c.csv", old="旧", new="新"), folder=tmp_path)
    moved = Where(folder=tmp_path, crs=where.crs, near=where.near, against=where.against, codes=join)
    layer, found = read_layer(LayerEntry(path="y.csv"), layer_spec("yearbook"), where=moved)
    assert layer.data["code"].tolist() == ["140930201000", "140930100000"]
    assert [one.rule for one in found] == ["codes-joined"]


def test_code_table_with_two_answers_is_refused(tmp_path):
    (tmp_path / "c.csv").write_text("old_code,new_code\n1,2\n1,3\n", encoding="utf-8")
    with pytest.raises(LayerError, match="several new ones: 1"):
        read_codes(CodeTable(path="c.csv"), folder=tmp_path)


def test_people_are_shared_out_without_loss(tmp_path):
    coarse = np.zeros((6, 5), "float32")
    coarse[2, 3] = 1000
    tiny_files.raster(tmp_path / "p.tif", coarse, nodata=-1.0, cell=1000.0, margin=0)
    mask = tiny.survey().mask
    layer, _ = read_raster(
        LayerEntry(path="p.tif"), layer_spec("population"), folder=tmp_path, grid=tiny.grid(), mask=mask
    )
    assert float(layer.data.sum()) == pytest.approx(1000)
    assert float(layer.data.max()) == pytest.approx(10)


def test_raster_in_degrees_is_brought_to_the_grid(tmp_path):
    import rasterio

    west, south, east, north = tiny.survey().outline.to_crs(4490).total_bounds
    step = 0.0005
    columns, rows = int((east - west) / step) + 40, int((north - south) / step) + 40
    lat = north + 20 * step - (np.arange(rows) + 0.5) * step
    values = np.repeat(lat[:, None], columns, 1) * 10
    place = rasterio.Affine(step, 0, west - 20 * step, 0, -step, north + 20 * step)
    kind = {"driver": "GTiff", "height": rows, "width": columns, "count": 1, "dtype": "float64", "crs": "EPSG:4490"}
    with rasterio.open(tmp_path / "d.tif", "w", transform=place, **kind) as file:
        file.write(values, 1)
    mask = tiny.survey().mask
    layer, found = read_raster(
        LayerEntry(path="d.tif"), layer_spec("dem"), folder=tmp_path, grid=tiny.grid(), mask=mask
    )
    middle = gpd.GeoSeries([shapely.Point(tiny.WEST_M + 2550, tiny.NORTH_M - 2950)], crs=tiny.CRS).to_crs(4490)
    assert float(layer.data[29, 25]) == pytest.approx(10 * middle.y[0], abs=1e-3)
    assert found == ()


def test_hash_follows_every_part(tmp_path):
    tiny_files.shapefile(tiny_files.villages(), tmp_path / "v.shp")
    before = file_hash(tmp_path / "v.shp")
    assert before == file_hash(tmp_path / "v.shp")
    raw = (tmp_path / "v.dbf").read_bytes()
    (tmp_path / "v.dbf").write_bytes(raw.replace("甲村".encode("gbk"), "乙村".encode("gbk")))
    assert file_hash(tmp_path / "v.shp") != before


def test_only_some_records_and_one_text_for_all(where, tmp_path):
    text = "经度,纬度,是否滑坡\n" + "".join(f"{x},{y},{told}\n" for x, y, told in zip(*LONLAT, "YNY", strict=True))
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    entry = LayerEntry(path="p.csv", crs="EPSG:4490", only={"是否滑坡": ("Y",)}, every={"type": "滑坡"})
    layer, found = read_layer(entry, layer_spec("hazard_points"), where=where)
    assert layer.data["type"].tolist() == ["滑坡", "滑坡"]
    assert layer.data["code"].tolist() == ["2", "4"]
    assert layer.source.rows_read == 2
    assert {"not-chosen", "no-key"} <= {one.rule for one in found}
    for wrong, told in (({"是否": ("Y",)}, "has no column '是否'"), ({"是否滑坡": ("是",)}, "the column holds Y, N")):
        with pytest.raises(LayerError, match=told):
            read_layer(entry.model_copy(update={"only": wrong}), layer_spec("hazard_points"), where=where)
