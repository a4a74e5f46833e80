"""The atlas page: what it says, that it says nothing that is not known, that it is one file with one set of bytes."""

import base64
import json
import re
from dataclasses import replace
from io import BytesIO
from types import MappingProxyType

import numpy as np
import pytest
import tiny
from PIL import Image
from pyproj import Transformer

from riskmap.errors import MethodError
from riskmap.maps import atlas
from riskmap.maps.web.atlas import assessment_map
from riskmap.maps.web.layers import legend_of
from riskmap.maps.web.pictures import class_picture, lon_lat_bounds, shade_picture, web_grid
from riskmap.model import NO_CLASS, Assessment, LeftOut, Text
from riskmap.spatial import make_grid, on_grid
from riskmap.standards import book


def document(page):
    return json.loads(re.search(r'id="riskmap-data">(.*?)</script>', page, re.DOTALL).group(1))


def told_of(assessment):
    return json.loads(assessment_map(assessment).data)


def picture(address):
    return Image.open(BytesIO(base64.b64decode(address.split(",", 1)[1])))


@pytest.fixture(scope="module")
def page():
    return atlas(tiny.assessment())


@pytest.fixture(scope="module")
def told(page):
    return document(page)


def layer(told, name):
    return next(one for one in told["layers"] if one["id"] == name)


def test_same_assessment_same_bytes(page):
    assert atlas(tiny.assessment()) == page
    assert len(page.encode()) < 500_000


def test_layers_in_order_with_titles_and_badges(told):
    ids = [one["id"] for one in told["layers"]]
    objects = [f"object-{one}" for one in ("people", "gdp", "crops", "houses", "roads")]
    assert ids == ["risk-units", "risk-grid", "zones", "hazard-flood", "hazard-drought", "hazard-hail", *objects]
    assert layer(told, "hazard-flood")["title"] == ["洪水淹没筛查", "Flood screening"]
    assert [one["id"] for one in told["layers"] if one["given"]] == ["hazard-hail"]
    assert layer(told, "risk-units")["unverified"]


def test_legend_tells_area_people_and_breaks(told):
    rows = {row["code"]: row for row in layer(told, "risk-units")["legend"]["rows"]}
    assert rows[5]["values"] == ["5", "1,200", "16.7%"]
    assert rows[5]["bounds"] == "≥ 0.8"
    assert rows[0]["label"] == ["无数据", "no data"]
    flood = {row["code"]: row["values"] for row in layer(told, "hazard-flood")["legend"]["rows"]}
    cells = np.bincount(tiny.themes()["flood"].classes.values.ravel(), minlength=256)
    assert [flood[code][0] for code in (1, 2, 3, 4)] == [f"{cells[code] / 100:g}" for code in (1, 2, 3, 4)]
    assert flood[0][0] == "0.09"


def test_a_hazard_names_what_is_not_in_its_map():
    made = tiny.assessment()
    flood = made.themes["flood"]
    gone = (("凌汛淹没", "Ice-jam flooding", "需壅水位", "needs stages"), ("溃坝淹没", "Dam break", "甲", "a"))
    themes = dict(made.themes) | {"flood": replace(flood, measured=flood.measured.assign_attrs(left_out=gone))}
    told = told_of(replace(made, themes=themes))
    notes = {head[0]: body for head, body in layer(told, "hazard-flood")["notes"]}
    assert notes["本图不含"] == ["凌汛淹没、溃坝淹没", "Ice-jam flooding; Dam break"]
    assert [head for head, _ in layer(told, "hazard-drought")["notes"] if head[0] == "本图不含"] == []


def test_unknown_is_never_nought(told):
    units = told["areas"]["units"]
    assert units["index"] == ["0.9", "0.7", "0.5", "0.3", None, "0.1"]
    assert units["rank"] == [1, 2, 3, 4, None, 5]
    assert units["ranked"] == 5
    assert layer(told, "risk-units")["codes"] == [5, 4, 3, 2, None, 1]
    demand = told["shelters"]["demand"]
    assert demand["minutes"]["values"] == ["2", "18", "30", "45", None, None]
    assert demand["nearest"] == [0, 1, 0, 1, None, None]


def test_people_unknown_in_a_class_are_told_so():
    made = tiny.assessment()
    units = made.risk.units.copy()
    units["people"] = units["people"].astype(float)
    units.loc[tiny.CODES[0], "people"] = np.nan
    told = told_of(replace(made, risk=replace(made.risk, units=units)))
    rows = {row["code"]: row["values"] for row in layer(told, "risk-units")["legend"]["rows"]}
    assert rows[5][1] == ["无数据", "no data"]
    assert rows[4][1] == "300"
    assert told["areas"]["units"]["facts"][0]["values"][0] is None
    units["people"] = np.nan
    told = told_of(replace(made, risk=replace(made.risk, units=units), shelters=None))
    heads = layer(told, "risk-units")["legend"]["heads"]
    assert heads == [["面积 km²", "Area km²"], ["面积占比", "Area share"]]


def test_names_numbers_and_units_of_a_village(told):
    units = told["areas"]["units"]
    facts = {one["title"][1]: (one["values"][0], one["unit"]) for one in units["facts"]}
    assert facts["People"] == ("1,200", [" 人", " people"])
    assert facts["GDP"] == (["3,000 万元", "30 million yuan"], "")
    assert facts["Area"] == ("5", " km²")
    assert units["names"][0] == ["甲村", "Village 0"]
    assert units["parents"][0] == ["上乡", "Upper"]
    assert units["made"] is True


def test_fine_print(told):
    about = {one["title"][1]: one["rows"] for one in told["about"]}
    assert about["Left out"] == [[["森林草原火灾", "Fire"], ["没有逐日气象资料", "no daily weather"], None]]
    assert about["Quality check"][0][1] == ["1 条", "1"]
    assert told["note"] == ["模拟数据", "synthetic survey"]
    assert told["approval"] == ["内部使用", "For internal use"]
    assert told["compiler"] == "小河县应急管理局"
    assert told["date"] == "2026-01-01"


def test_thresholds_carry_their_confidence():
    made = tiny.assessment()
    used = tuple(book().thresholds.values())
    reach = replace(made.shelters, thresholds=used)
    told = told_of(replace(made, shelters=reach))
    parts = [one["rows"] for one in told["about"] if one["title"][1].startswith("Thresholds and their sources: ")]
    rows = [row for part in parts for row in part]
    assert len(rows) == len(used)
    assert sum(row[2]["warn"] for row in rows) == sum(one.confidence == "C" for one in used) > 0
    assert told["shelters"]["unverified"]


def test_approval_number_stands_in_the_page():
    maps = {"map_approval_number": "晋S(2026)001号", "is_public": True}
    told = told_of(tiny.assessment(maps=maps))
    assert "晋S(2026)001号" in told["approval"][0]
    assert told["note"] is None


def test_hazards_only_county_says_what_is_missing():
    gone = (LeftOut(product=Text("综合风险", "Risk"), reason=Text("没有人口资料", "no people")),)
    made = Assessment(survey=tiny.survey(), themes=tiny.themes(), left_out=gone)
    told = told_of(made)
    assert [one["kind"] for one in told["layers"]] == ["grid"] * 3
    assert told["title"] == ["自然灾害危险性图", "Natural hazards"]
    assert told["shelters"] is None
    assert told["about"][0]["rows"][0][1] == ["没有人口资料", "no people"]
    assert "index" not in told["areas"]["units"]


def test_a_county_of_nothing_still_opens():
    bare = tiny.survey()
    bare = replace(bare, layers=MappingProxyType({}), townships=bare.townships.iloc[:0], findings=())
    told = told_of(Assessment(survey=bare, themes={}))
    assert told["layers"] == []
    assert told["base"]["shade"] is None
    assert len(told["areas"]["units"]["shapes"]) == 6


def test_hazard_bars_come_from_the_units_table():
    made = tiny.assessment()
    table = tiny.units()[["geometry"]].assign(class_drought=np.array([1, 2, 3, 4, 255, 5], "uint8"), score_drought=0.25)
    rows = told_of(replace(made, hazard_units=table))["areas"]["units"]["hazards"]
    drought = next(one for one in rows if one["id"] == "hazard-drought")
    assert drought["codes"] == [1, 2, 3, 4, None, 5]
    assert drought["scores"] == [0.25] * 6


def test_picture_holds_the_class_under_every_pixel():
    theme = tiny.themes()["flood"]
    made = class_picture(theme.classes, theme.scheme)
    image = picture(made["png"])
    assert image.mode == "P"
    grid = web_grid(theme.classes.odc.geobox)
    assert image.size == tuple(made["size"]) == (grid.shape[1], grid.shape[0])
    columns, rows = np.meshgrid(np.arange(grid.shape[1]) + 0.5, np.arange(grid.shape[0]) + 0.5)
    x, y = grid.affine @ (columns, rows)
    there = Transformer.from_crs(3857, tiny.CRS, always_xy=True).transform(x, y)
    across, down = (np.floor(one).astype(int) for one in ~tiny.grid().affine @ there)
    inside = (across >= 0) & (down >= 0) & (across < tiny.SHAPE[1]) & (down < tiny.SHAPE[0])
    codes = np.where(inside, theme.classes.values[down.clip(0, 59), across.clip(0, 49)], NO_CLASS)
    expected = np.zeros((*codes.shape, 4), np.uint8)
    for code, colour in enumerate(made["colours"], 1):
        expected[codes == code] = (*colour, 255)
    rgba = np.asarray(image.convert("RGBA"))
    assert np.array_equal(rgba[..., 3], expected[..., 3])
    assert np.array_equal(rgba[codes != NO_CLASS], expected[codes != NO_CLASS])
    assert (codes == 4).any()


def test_classes_of_one_colour_can_be_told_apart():
    scheme = replace(book().scheme("flood-risk-degree"), colours=("#ffffff", "#fff", "#ffffff", "#08306b"))
    grid = make_grid((600000, 4290000, 600120, 4290030), "EPSG:4546", cell_size_m=30)
    made = class_picture(on_grid(np.array([[1, 2, 3, 4]], "uint8"), grid), scheme)
    assert len(set(made["colours"])) == 4


def test_large_grids_are_drawn_coarser():
    grid = make_grid((600000, 4290000, 690000, 4380000), "EPSG:4546", cell_size_m=30)
    small = web_grid(grid, pixels=1_000_000)
    assert 900_000 < small.shape[0] * small.shape[1] < 1_010_000
    south, north = lon_lat_bounds(small)[0][0], lon_lat_bounds(small)[1][0]
    assert south < 38.8 < north


def test_a_page_too_large_is_made_again_with_larger_cells():
    noise = np.random.default_rng(1).integers(1, 5, tiny.SHAPE).astype("uint8")

    def made(**maps):
        found = tiny.assessment(maps={"compiler": "县局"} | maps)
        flood = replace(found.themes["flood"], classes=tiny.raster(noise))
        return replace(found, themes={"flood": flood})

    whole = atlas(made(), pixels=3000)
    fine = layer(document(whole), "hazard-flood")["picture"]["size"]
    budget = len(whole.encode()) / 1e6 - 0.0003
    coarse = layer(document(atlas(made(atlas_mb=budget), pixels=3000)), "hazard-flood")["picture"]["size"]
    assert 0.4 < coarse[0] * coarse[1] / (fine[0] * fine[1]) < 0.6


def test_a_page_that_stays_too_large_names_its_largest_parts():
    with pytest.raises(MethodError, match=r"atlas_mb allows 0\.1; allow more.*atlas_leave_out") as fault:
        atlas(tiny.assessment(maps={"compiler": "县局", "atlas_mb": 0.1}))
    assert len(fault.value.faults) == 6
    assert all(re.search(r"\d\.\d\d MB$", one) for one in fault.value.faults)


def test_layers_are_left_out_as_the_county_says():
    maps = {"compiler": "县局", "atlas_leave_out": ["hazard-flood", "object-roads"]}
    ids = {one["id"] for one in told_of(tiny.assessment(maps=maps))["layers"]}
    assert ids.isdisjoint({"hazard-flood", "object-roads"})
    assert "hazard-drought" in ids
    with pytest.raises(MethodError, match="atlas_leave_out names hazrd-flood; the atlas has risk-units, risk-grid"):
        told_of(tiny.assessment(maps={"compiler": "县局", "atlas_leave_out": ["hazrd-flood", "hazard-fire"]}))


def test_shade_is_light_and_only_inside_the_county():
    survey = tiny.survey()
    mask = survey.mask.copy(data=np.arange(50)[None, :] < 25 * np.ones((60, 1)))
    image = np.asarray(picture(shade_picture(survey.raster("dem"), mask)["png"]).convert("RGBA"))
    shown = image[..., 3] > 0
    assert 0.4 < shown.mean() < 0.6
    assert image[shown][:, :3].min() >= 178


def test_legend_without_numbers_has_no_columns():
    legend = legend_of(book().scheme("gb-spi"))
    assert legend["heads"] == []
    assert [row["code"] for row in legend["rows"]] == [5, 4, 3, 2, 1, 0]


def test_tianditu_only_with_a_key():
    assert "tianditu.gov" not in atlas(tiny.assessment())
    page = atlas(tiny.assessment(), tianditu_key="0123456789abcdef0123456789abcdef")
    assert page.count("t{s}.tianditu.gov.cn") == 2
    assert "https://t7.tianditu.gov.cn" in re.search(r'Content-Security-Policy" content="(.*?)"', page).group(1)
    with pytest.raises(MethodError, match="key"):
        atlas(tiny.assessment(), tianditu_key='"><script src=x>')
