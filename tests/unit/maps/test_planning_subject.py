"""The sheet of prevention: zones with numbers, borders of the first level, nothing said that is not so."""

from dataclasses import replace
from io import BytesIO

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import tiny
from PIL import Image

from riskmap.errors import MissingLayerError
from riskmap.maps import sheet, sheet_names
from riskmap.maps.planning_subject import prevention_subject
from riskmap.model import NO_CLASS, ProductTable, Text
from riskmap.standards import book


@pytest.fixture
def assessment():
    units = tiny.units().geometry
    frame = gpd.GeoDataFrame(
        {
            "first_level": ["西部干旱防治区", "西部干旱防治区", "东部洪水防治区"],
            "first_level_en": ["West", "West", "East"],
            "name": ["上乡一带综合重点防治区", "下镇一带无数据区", "东部综合一般防治区"],
            "class": np.array([3, NO_CLASS, 1], "uint8"),
            "people": [1290.0, 0.0, 2850.0],
        },
        geometry=[units.iloc[[0, 2]].union_all(), units.iloc[4], units.iloc[[1, 3, 5]].union_all()],
        index=pd.Index(["1-1", "1-2", "2-1"], name="zone_id"),
        crs=tiny.CRS,
    )
    table = ProductTable(
        name="prevention_comprehensive", title=Text("综合防治区划", "Prevention"), frame=frame,
        schemes={"class": book().scheme("prevention-comprehensive")},
        notes=(Text("按灾害组合", "by hazards"), Text("未经核实", "unverified")),
    )  # fmt: skip
    return replace(tiny.assessment(), products=(table,))


def test_the_sheet_is_there_where_the_zoning_is(assessment):
    assert "prevention" in sheet_names(assessment)
    bare = replace(assessment, products=())
    assert "prevention" not in sheet_names(bare)
    with pytest.raises(MissingLayerError, match="prevention"):
        prevention_subject(bare)


def test_legend_counts_and_says_no_breaks(assessment):
    subject = prevention_subject(assessment)
    told = [(one.label.zh, one.figures) for one in subject.rows]
    assert told == [
        ("重点防治区", ("10", "1,290", "33.3%")),
        ("次重点防治区", ("0", "0", "0%")),
        ("一般防治区", ("15", "2,850", "50%")),
        ("无数据", ("5", "0", "16.7%")),
        ("一级区界", ()),
    ]
    assert all(one.bounds == Text("", "") for one in subject.rows)
    assert subject.notes[0][1].zh == "1 西部干旱防治区\n2 东部洪水防治区"
    assert subject.notes[-1][1].zh == "未经核实"


def test_borders_of_the_first_level_have_no_seams(assessment):
    frame = assessment.products[0].frame.copy()
    frame.geometry = [one.buffer(-0.01) for one in frame.geometry]  # edges that miss one another by 2 cm
    parted = replace(assessment, products=(replace(assessment.products[0], frame=frame),))
    lines = prevention_subject(parted).lines
    assert len(lines) == 2
    assert lines.geometry.iloc[0].length == pytest.approx(17_000, rel=1e-3)


def test_it_is_drawn(assessment):
    def pixels(one):
        return np.asarray(Image.open(BytesIO(sheet(one, "prevention", dpi=50))).convert("RGB")).astype(int)

    picture = pixels(assessment)
    frame = assessment.products[0].frame.assign(**{"class": np.array([1, NO_CLASS, 3], "uint8")})
    turned = pixels(replace(assessment, products=(replace(assessment.products[0], frame=frame),)))
    assert picture.shape == turned.shape
    assert (np.abs(picture - turned).max(axis=2) > 60).mean() > 0.05
