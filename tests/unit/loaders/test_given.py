import numpy as np
import pytest
import tiny
import tiny_files

from riskmap.errors import LayerError
from riskmap.loaders import read_given
from riskmap.model import NO_CLASS
from riskmap.model.county import GivenProduct

SCORES = (0.1, 0.3, 0.5, 0.7, 0.9)


def product(**more):
    base = {
        "title": {"zh": "地震", "en": "Earthquake"},
        "path": "p",
        "kind": "polygon",
        "field": "等级",
        "classes": {"低": 1, "中（Ⅲ）": 3, "高": 5},
        "scores": SCORES,
        "scheme": "comprehensive-risk",
        "producer": "地震局",
        "date": "2025",
        "method": "区划",
    }
    return GivenProduct.model_validate(base | more)


@pytest.fixture
def survey(tmp_path):
    return tiny.survey(folder=tmp_path)


def test_polygons(survey, tmp_path):
    frame = tiny.units().reset_index(drop=True)[["geometry"]].assign(等级=["低", "高", "中(III)", "高", "？", "低"])
    tiny_files.vector(frame.to_crs("EPSG:4525"), tmp_path / "p.gpkg")
    codes, score, found = read_given(product(path="p.gpkg"), name="quake", survey=survey)
    assert codes.dtype == np.uint8
    assert codes.odc.geobox == survey.grid
    assert np.unique(codes).tolist() == [1, 3, 5, NO_CLASS]
    assert codes.values[0, 0] == 1
    assert codes.values[0, 49] == 5
    assert score.values[0, 49] == np.float32(0.9)
    assert np.isnan(score.values[-1, 0]) == (codes.values[-1, 0] == NO_CLASS)
    assert {(one.rule, one.value) for one in found} == {("unknown-class", "？"), ("no-coverage", "")}
    assert "16.7%" in found[-1].message.en


def test_overlapping_polygons_keep_the_higher_class(survey, tmp_path):
    whole = tiny.survey().outline.geometry.iloc[0]
    frame = (
        survey.outline.iloc[[0, 0]][["geometry"]].set_geometry([whole, whole.buffer(-1500)]).assign(等级=["高", "低"])
    )
    tiny_files.vector(frame, tmp_path / "p.gpkg")
    codes, _, _ = read_given(product(path="p.gpkg"), name="quake", survey=survey)
    assert (codes == 5).all()


def test_raster(survey, tmp_path):
    values = np.full(tiny.SHAPE, 2, "int16")
    values[:, :10] = 7
    tiny_files.raster(tmp_path / "p.tif", values, nodata=-1)
    codes, score, found = read_given(
        product(path="p.tif", kind="raster", classes={"2": 4}), name="quake", survey=survey
    )
    assert (codes.values[:, 12:] == 4).all()
    assert (codes.values[:, :10] == NO_CLASS).all()
    assert np.nanmax(score) == np.float32(0.7)
    assert (found[0].rule, found[0].value) == ("unknown-class", "7")


def test_table_by_unit_and_by_township(survey, tmp_path):
    rows = [["单元", "等级"], [tiny.CODES[0], "高"], ["140930100", "低"], ["140930999999", "低"]]
    tiny_files.workbook(tmp_path / "p.xlsx", rows)
    codes, _, found = read_given(product(path="p.xlsx", kind="table", key="单元"), name="quake", survey=survey)
    assert codes.values[0, 0] == 5
    assert codes.values[0, 49] == 1
    assert codes.values[-1, 0] == NO_CLASS
    assert {one.rule for one in found} == {"unknown-division", "no-coverage"}


def test_nothing_classed_is_refused(survey, tmp_path):
    tiny_files.vector(tiny.units().assign(等级="?")[["等级", "geometry"]], tmp_path / "p.gpkg")
    with pytest.raises(LayerError, match=r"p.gpkg: gives no class .*classes"):
        read_given(product(path="p.gpkg"), name="quake", survey=survey)


def test_missing_column_is_refused(survey, tmp_path):
    tiny_files.vector(tiny.units()[["name", "geometry"]], tmp_path / "p.gpkg")
    with pytest.raises(LayerError, match=r"no column '等级'; the file has name"):
        read_given(product(path="p.gpkg"), name="quake", survey=survey)
