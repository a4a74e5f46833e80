"""Mended copies: what was read right is written right, nothing else changes, and the delivered files never do."""

import csv
import json

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
import tiny
import tiny_files
from commands import riskmap

from riskmap.errors import CountyFileError
from riskmap.loaders import file_hash
from riskmap.pipeline import check, fix
from riskmap.pipeline.toml_text import toml_text


def content(folder):
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in sorted(folder.rglob("*")) if p.is_file()}


def kinds(survey, *, mended=True):
    return sorted((one.layer, one.rule, one.row or 0, one.field) for one in survey.findings if one.mended == mended)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """The tiny county with more dirt: garbled texts, old codes, a file without its system, cells like formulas."""
    folder = tiny_files.write(tmp_path_factory.mktemp("改正") / "小 河")
    frame = tiny.survey().frame("streams")
    frame = pd.concat([frame.assign(name=text.encode("utf-8").decode("latin-1")) for text in ("黄河", "县川河")])
    tiny_files.vector(frame.rename(columns={"name": "名称"}), folder / "streams.gpkg")
    places = [["名称", "经度", "纬度", "备注"]]
    for n, one in enumerate(tiny.units().to_crs(4326).representative_point()):
        places.append([f"=地{n}", one.y if n == 2 else one.x, one.x if n == 2 else one.y, "+1+1"])
    with (folder / "places.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(places)
    with (folder / "codes.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["old_code", "new_code"], ["140930999000", "140930101000"]])
    old = [["乡镇代码", "乡镇", "GDP(万元)", "耕地面积（亩）", "常住人口"]]
    old += [["140930100", "上乡", 1500, "３，000", 1590], ["140930999", "下镇", "2,000", 1500, 2550]]
    tiny_files.workbook(folder / "yearbook.xlsx", old)
    faults = tiny.survey().frame("streams").set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        tiny_files.vector(faults, folder / "faults.geojson", driver="GeoJSON")
    more = (
        '[layers.streams]\npath = "streams.gpkg"\n[layers.places]\npath = "places.csv"\n[codes]\npath = "codes.csv"\n'
    )
    more += '[layers.faults]\npath = "faults.geojson"\n'
    (folder / "county.toml").write_text(tiny_files.COUNTY + more, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def both(county):
    before = content(county)
    survey = check(county)
    fixed = fix(survey)
    after = {name: digest for name, digest in content(county).items() if not name.startswith("derived-clean/")}
    assert after == before  # the delivered files are untouched
    return survey, fixed, check(fixed.folder)


def test_the_copies_stand_beside_the_edition(county, both):
    _, fixed, _ = both
    assert fixed.folder == county / "derived-clean"
    assert {"county.toml", "changes.json", "changes.xlsx", *fixed.files.values()} == {
        one.name for one in fixed.folder.iterdir()
    }
    assert {fixed.files[one] for one in ("hazard_points", "yearbook")} == {"hazard_points.xlsx", "yearbook.xlsx"}
    assert fixed.files["shelters"] == "shelters.csv"
    assert fixed.files["streams"] == "streams.gpkg"
    assert "roads" not in fixed.files  # nothing to mend in it


def test_the_copies_load_again_without_those_findings(both):
    survey, fixed, again = both
    left = [one for one in kinds(again) if one[0] in fixed.files]
    told = {one[1] for one in kinds(survey) if one[0] in fixed.files}
    assert gpd.read_file(fixed.folder / "faults.gpkg").crs.to_epsg() == 4546  # its numbers said so, its file did not
    assert told >= {
        "swapped-coordinates",
        "wrong-crs",
        "no-number",
        "not-in-list",
        "serial-date",
        "garbled-text",
        "codes-joined",
    }
    assert left == [], "mended findings that the copies still have"


def test_nothing_is_mended_that_is_wrong(both):
    survey, _, again = both
    for rule in ("out-of-range", "duplicate-key", "outside-county"):
        assert {one[:3] for one in kinds(again, mended=False) if one[1] == rule} == {
            one[:3] for one in kinds(survey, mended=False) if one[1] == rule
        }, rule


def test_the_same_records_with_the_same_values_are_read(both):
    survey, fixed, again = both
    assert set(again.layers) == set(survey.layers)
    for name in fixed.files:
        one, two = survey.layers[name].data, again.layers[name].data
        assert list(one.columns) == list(two.columns), name
        assert survey.layers[name].source.rows_read == again.layers[name].source.rows_read
        plain = [column for column in one.columns if column != "geometry" and name != "places"]
        pd.testing.assert_frame_equal(pd.DataFrame(one[plain]), pd.DataFrame(two[plain]), rtol=1e-9)
        if isinstance(one, gpd.GeoDataFrame):
            assert one.geometry.distance(two.geometry).max() < 1e-3, name


def test_every_changed_cell_of_a_workbook_is_in_the_log_and_no_other_changed(county, both):
    _, fixed, _ = both
    told = json.loads((fixed.folder / "changes.json").read_text(encoding="utf-8"))
    for name in ("hazard_points", "yearbook"):
        old = openpyxl.load_workbook(county / f"{name}.xlsx").worksheets[0]
        new = openpyxl.load_workbook(fixed.folder / f"{name}.xlsx").worksheets[0]
        assert (new.max_row, new.max_column) == (old.max_row, old.max_column)
        at = 2 if name == "hazard_points" else 1
        heads = [cell.value for cell in old[at]]
        changed = {
            (cell.row, heads[cell.column - 1])
            for row in old.iter_rows() for cell in row if new[cell.coordinate].value != cell.value
        }  # fmt: skip
        logged = {(one["row"], one["header"]): one for one in told["changes"][name] if one["row"]}
        assert set(logged) == changed
        assert len(changed) >= 2
    people = next(one for one in told["changes"]["hazard_points"] if one["header"] == "威胁人数(人)")
    assert (people["row"], people["key"], people["old"], people["new"]) == (3, "Y01", "1,200", 1200)
    assert {one["rule"] for one in told["changes"]["hazard_points"]} >= {
        "swapped-coordinates",
        "not-in-list",
        "no-number",
    }


def test_changed_cells_are_coloured_and_titles_stay(both):
    _, fixed, _ = both
    page = openpyxl.load_workbook(fixed.folder / "hazard_points.xlsx").worksheets[0]
    assert page["A1"].value == "河曲县地质灾害隐患点一览表"
    assert page["F3"].value == 1200
    assert page["F3"].fill.fgColor.rgb.endswith("FFF3C4")
    assert page["F4"].value == "约30"
    assert page["J3"].value == "13800000000"


def test_a_text_table_is_utf8_keeps_its_headers_and_holds_no_formula(both):
    _, fixed, _ = both
    with (fixed.folder / "places.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["名称", "经度", "纬度", "备注"]
    assert rows[1][0] == "'=地0"
    assert rows[1][3] == "'+1+1"
    assert all(float(lon) > 100 > float(lat) for _, lon, lat, _ in rows[1:])
    told = json.loads((fixed.folder / "changes.json").read_text(encoding="utf-8"))["changes"]["places"]
    assert sum(one["rule"] == "formula-like" for one in told) == 12
    assert sum(one["rule"] == "swapped-coordinates" for one in told) == 2


def test_garbled_texts_are_put_right_record_by_record(both):
    _, fixed, _ = both
    told = json.loads((fixed.folder / "changes.json").read_text(encoding="utf-8"))["changes"]["streams"]
    assert [(one["row"], one["new"]) for one in told if one["row"]] == [(1, "黄河"), (2, "县川河")]
    assert gpd.read_file(fixed.folder / "streams.gpkg")["名称"].tolist() == ["黄河", "县川河"]


def test_mended_copies_of_mended_copies_are_refused(both):
    _, _, again = both
    with pytest.raises(CountyFileError, match="mended copies already"):
        fix(again)


def test_the_command_mends_and_says_where(county, tmp_path):
    before = {name: digest for name, digest in content(county).items() if not name.startswith("derived-clean/")}
    done = riskmap("check", county, "--fix")
    assert done.returncode == 1, done.stderr
    assert "已改 mended:" in done.stdout
    assert "changes.xlsx" in done.stdout.splitlines()[-1]
    assert {name: d for name, d in content(county).items() if not name.startswith("derived-clean/")} == before


def test_settings_are_written_as_they_were():
    import tomllib

    tables = {
        "date": "2026-01-01", "cell_size_m": 30.0, "seed": 7, "name": {"zh": '县"\\', "en": "a\nb"},
        "layers": {"a b": {"path": "x", "only": {"列 1": ["甲", "乙"]}, "crs": None}}, "given": {},
        "scoring": {"pairwise": [[1.0, 2.0], [0.5, 1.0]], "weights": {"flood": 0.25}}, "maps": {"is_public": False},
    }  # fmt: skip
    read = tomllib.loads(toml_text(tables))
    del tables["layers"]["a b"]["crs"], tables["given"]
    assert read == tables
