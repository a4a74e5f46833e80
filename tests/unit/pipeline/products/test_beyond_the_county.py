"""Neighbours and the level above are read, compared and told; what is not given is left out in words."""

import geopandas as gpd
import pytest
import shapely
import tiny
import tiny_files

from riskmap.errors import CountyFileError, MissingLayerError
from riskmap.loaders import read_county
from riskmap.pipeline.products import make_product

TOLD = {"field": "等级", "classes": {"低": 1, "中": 3, "高": 5}, "producer": "东县应急局", "date": "2026-02"}


def product(title, path):
    return {"title": {"zh": title, "en": title}, "path": path, **TOLD}


def polygons(classes, boxes):
    return gpd.GeoDataFrame({"等级": classes}, geometry=[shapely.box(*one) for one in boxes], crs=tiny.CRS)


def test_the_border_with_a_neighbour(tmp_path):
    east, north = tiny.WEST_M + 5000, tiny.NORTH_M
    frame = polygons(
        ["高", "低", "未知"], [(east + 40, north - 2000 * n - 2000, east + 4000, north - 2000 * n) for n in range(3)]
    )
    tiny_files.vector(frame, tmp_path / "east.gpkg")
    found = tiny.assessment(tmp_path, compare={"neighbour": {"east": product("东县", "east.gpkg")}})
    table, worst = make_product("neighbours", found)
    # units 1 and 3 of the eastern side have classes 4 and 2, the neighbour 5 and 1; its third polygon has no class
    assert found.risk.units["class"].iloc[[1, 3]].tolist() == [4, 2]
    length = table.frame.set_index("difference")["length_km"]
    assert length[[-1, 1]].tolist() == pytest.approx([2, 2], abs=0.2)
    assert length.get(0, 0) <= 0.1  # the corner of the unit beyond, within the tolerance
    assert table.frame["length_share"].sum() == pytest.approx(1)
    assert set(worst.frame["unit_id"]) == {tiny.CODES[1], tiny.CODES[3]}
    assert worst.frame.crs == tiny.CRS
    assert "length_m" not in worst.frame
    assert any("未知" in one.zh for one in table.notes)
    for one in (table, worst):
        assert all(column in one.headers for column in one.frame.columns if column != "geometry")


def test_the_level_above(tmp_path):
    west, north = tiny.WEST_M, tiny.NORTH_M
    frame = polygons(
        ["高", "中"], [(west, north - 6000, west + 2500, north), (west + 2500, north - 2000, west + 5000, north)]
    )
    tiny_files.vector(frame, tmp_path / "p.gpkg")
    found = tiny.assessment(tmp_path, compare={"province": product("省级区划", "p.gpkg")})
    agreed, matrix, differ = make_product("province", found)
    # own classes 5 4 3 2 - 1; the province says 5 3 5 nothing 5 nothing
    row = agreed.frame.set_index("by").loc["units"]
    assert (row["amount"], row["overall"], row["within_one"]) == (3, pytest.approx(1 / 3), pytest.approx(2 / 3))
    by_area = agreed.frame.set_index("by").loc["area"]
    assert by_area["amount"] == pytest.approx(15)
    assert matrix.frame["area_km2"].sum() == pytest.approx(15)
    assert differ.frame.index.tolist() == [tiny.CODES[2], tiny.CODES[1]]
    assert differ.frame["difference"].tolist() == [-2, 1]
    assert any("2 个" in one.zh for one in agreed.notes)


def test_what_is_absent_or_broken_is_left_out_in_words(tmp_path):
    with pytest.raises(MissingLayerError, match=r"compare\.neighbour"):
        make_product("neighbours", tiny.assessment())
    with pytest.raises(MissingLayerError, match=r"compare\.province"):
        make_product("province", tiny.assessment())
    tiny_files.vector(
        polygons(["高"], [(tiny.WEST_M, tiny.NORTH_M - 900, tiny.WEST_M + 900, tiny.NORTH_M)]).rename(
            columns={"等级": "别的"}
        ),
        tmp_path / "p.gpkg",
    )
    found = tiny.assessment(tmp_path, compare={"province": product("省", "p.gpkg")})
    with pytest.raises(MissingLayerError, match=r"p\.gpkg.*no column '等级'"):
        make_product("province", found)


def test_faults_of_the_settings_name_the_key(tmp_path):
    (tmp_path / "county.toml").write_text(
        'date = "2026-01-01"\nunits = "grid30s"\nname = {zh = "县", en = "C"}\n[compare.province]\npath = "no.gpkg"\n'
        'field = "a"\nclasses = {"高" = 6}\nproducer = "省厅"\ndate = "2026"\ntitle = {zh = "省", en = "P"}\n',
        encoding="utf-8",
    )
    with pytest.raises(CountyFileError) as caught:
        read_county(tmp_path)
    text = "\n".join(caught.value.faults)
    assert "compare.province.path: file not found 'no.gpkg'" in text
    assert "compare.province.classes.高: 6; allowed: 1 to 5" in text
