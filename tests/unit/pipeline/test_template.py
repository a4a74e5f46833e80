"""Sheets to fill in: every field has its column, and what is filled in loads without a word to be changed."""

import json
import shutil
from datetime import datetime

import openpyxl
import pytest
import tiny
import tiny_files
from commands import riskmap

from riskmap.loaders import file_hash
from riskmap.loaders.headers import match_columns
from riskmap.loaders.units_of_measure import factor
from riskmap.pipeline.template import sheet_columns, template_layers, template_name

LAYERS = template_layers()


@pytest.mark.parametrize("name", list(LAYERS))
def test_every_header_means_its_field_in_a_unit_that_is_understood(name):
    spec = LAYERS[name]
    wanted = [one.name for one in spec.fields] + (["lon", "lat"] if spec.kind == "point" else [])
    headers = [one.header for one in sheet_columns(spec)]
    got = match_columns(headers, spec)
    assert got.found == dict(zip(wanted, headers, strict=True))
    assert all(factor(unit, spec.field(one).unit) for one, unit in got.units.items())


@pytest.fixture
def folder(tmp_path):
    done = riskmap("init", "--template", tmp_path / "填 报")
    assert done.returncode == 0, done.stderr
    return tmp_path / "填 报"


def test_the_templates_are_there_and_never_replaced(folder):
    assert {one.name for one in folder.iterdir()} == {template_name(one) for one in LAYERS.values()}
    before = {one.name: file_hash(one) for one in folder.iterdir()}
    done = riskmap("init", folder, "--template")
    assert done.returncode == 2
    assert "already, perhaps filled in" in done.stderr
    assert {one.name: file_hash(one) for one in folder.iterdir()} == before


def test_a_sheet_has_drop_downs_ranges_text_columns_and_an_explanation(folder):
    book = openpyxl.load_workbook(folder / template_name(LAYERS["shelters"]))
    page, told = book.worksheets
    assert told.title == "说明"
    head = {one.value: one for one in page[1]}
    assert list(head)[:4] == ["编号", "名称", "类型", "有效避难面积(平方米)"]
    rules = {str(one.sqref).split(":")[0]: one for one in page.data_validations.dataValidation}
    assert rules["C2"].formula1 == '"紧急,短期固定,中期固定,长期固定,安全公共建筑,避难硐室"'
    assert rules["F2"].formula1 == '"是,否"'
    assert (rules["D2"].type, rules["D2"].operator, rules["D2"].formula1, rules["D2"].formula2) == (
        "decimal", "between", "0", "2000000")  # fmt: skip
    assert page.column_dimensions["A"].number_format == "@"
    assert head["编号"].font.color.rgb.endswith("B2182B")
    assert "必填" in head["编号"].comment.text
    assert any("个人信息" in str(row[0].value) for row in told)


def test_drop_downs_are_short_enough_for_a_spreadsheet():
    for spec in LAYERS.values():
        for one in sheet_columns(spec):
            assert len(",".join(one.choices)) <= 255, one.header


def value(layer, field, n):
    """A plain value for row `n` of a field."""
    spot = tiny_files.degrees(tiny.units().representative_point().iloc[n])
    people = [1200, 300, 90, 450, 0, 2100][n]
    special = {
        ("villages", "code"): tiny.CODES[n], ("villages", "name"): f"第{n}村", ("yearbook", "code"): tiny.CODES[3 * n % 6][:9] + "000",
        ("yearbook", "people"): [1590, 2550][n % 2], ("villages", "people"): people,
        "township_code": tiny.CODES[n][:9] + "000", "village_code": tiny.CODES[n], "lon": round(spot.x, 6),
        "lat": round(spot.y, 6), "year": 2000, "month": n + 1, "station_id": f"0{n}", "return_period_a": [10, 20, 50][n % 3],
        "duration_h": 24, "built_year": 1990, "theme": "洪水", "households": people // 3, "threatened_households": 1,
        ("yearbook", "gdp_yuan"): 4000, ("buildings", "floor_area_m2"): 20 * people, "elevation_m": [1150, 1151, 1131][n % 3],
        ("shelters", "lon"): round(spot.x + 0.008, 6), "elderly_people": 0, "children_people": 0,
        "disabled_people": 0,
        "closed": "否",
    }  # fmt: skip
    for key in ((layer, field.name), field.name):
        if key in special:
            return special[key]
    if field.codes:
        return field.codes[0]
    kinds = {"date": datetime(2020, 7, 1 + n), "yesno": "是", "code": f"00{n}", "text": f"甲{n}"}
    return kinds.get(field.dtype, 10 + n)


def test_filled_sheets_load_without_an_edit(folder):
    filled = [one for one in LAYERS if one != "losses"]  # left empty: passed over
    for name in filled:
        spec, path = LAYERS[name], folder / template_name(LAYERS[name])
        book = openpyxl.load_workbook(path)
        names = [*spec.fields, *(type(spec.fields[0])(name=one, title=spec.title) for one in ("lon", "lat"))]
        rows = {"villages": 6, "yearbook": 2}.get(name, 3)
        for n in range(rows):
            book.worksheets[0].append(
                [value(name, field, n) for field in names[: len(spec.fields) + 2 * (spec.kind == "point")]]
            )
        book.save(path)
    base = tiny.survey()
    tiny_files.vector(base.outline, folder / "县界.geojson", driver="GeoJSON")
    tiny_files.raster(folder / "dem.tif", tiny.relief(), nodata=-9999.0)
    done = riskmap("init", folder)
    assert done.returncode == 0, done.stderr
    text = (folder / "county.toml").read_text(encoding="utf-8")
    assert {name for name in LAYERS if f"[layers.{name}]" in text} == set(filled)
    assert "说明" not in text
    done = riskmap("check", folder, "--json")
    assert done.returncode == 0, done.stderr
    found = [one for one in json.loads(done.stdout) if one["layer"] in filled and one["rule"] != "personal-data"]
    judged = [one for one in found if one["severity"] != "note"]
    assert judged == []
    shutil.rmtree(folder)
