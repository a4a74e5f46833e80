"""Two editions of the tiny county: every change of class under its cause."""

import json
import shutil
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
import tiny
from commands import riskmap
from pages import offline

from riskmap.errors import EditionError
from riskmap.pipeline import edition_lines
from riskmap.pipeline.edition_files import edition_values, write_edition_comparison
from riskmap.pipeline.editions import compare_editions
from riskmap.pipeline.publish import _manifest
from riskmap.pipeline.tables import database
from riskmap.writers import write_geopackage, write_json


def edition(folder, *, sha="0" * 64, units=None, reach=None, **settings):
    """Database and manifest of an edition, as publishing writes them."""
    found = tiny.assessment(**settings)
    layers = {
        name: replace(one, source=replace(one.source, sha256=sha if name == "villages" else "0" * 64))
        for name, one in found.survey.layers.items()
    }
    frame = found.risk.units if units is None else units(found.risk.units)
    found = replace(found, survey=replace(found.survey, layers=layers), risk=replace(found.risk, units=frame))
    folder.mkdir()
    kept = {"risk_units", "shelters", "shelter_scenarios"} if reach else {"risk_units"}
    found = replace(found, shelters=reach(found.shelters)) if reach else found
    tables = [one for one in database(found) if one.name in kept]
    write_geopackage(folder / "riskmap.gpkg", tables, date="2026-01-01")
    write_json(folder / "manifest.json", _manifest(found, folder, "k"))
    return folder


def moved(*changes, **columns):
    """Classes (and columns of the first unit) that differ; the stability of the older edition is 0.75."""

    def change(units):
        codes = units["class"].to_numpy().copy()
        for place, code in changes:
            codes[place] = code
        units = units.assign(**{"class": codes})
        for name, value in columns.items():
            values = units[name].to_numpy().copy()
            values[0] = value
            units = units.assign(**{name: values})
        return units

    return change


def causes(found):
    return found.changes["cause"].to_dict()


def test_editions_that_are_the_same_have_no_change(tmp_path):
    found = compare_editions(edition(tmp_path / "a"), edition(tmp_path / "b"))
    assert found.changes.empty
    assert (found.same, found.added, found.removed, found.data, found.method) == (6, 0, 0, (), ())


def test_data_reach_a_unit_or_move_the_breaks(tmp_path):
    new = edition(tmp_path / "b", sha="1" * 64, units=moved((0, 4), (1, 5), people=900.0))
    found = compare_editions(edition(tmp_path / "a"), new)
    assert causes(found) == {tiny.CODES[0]: "data", tiny.CODES[1]: "data"}
    (told,) = found.data
    assert told.zh.endswith("：文件不同")
    assert "own data" in found.changes.loc[tiny.CODES[0], "reason"]
    assert "breaks moved" in found.changes.loc[tiny.CODES[1], "reason"]
    rows = found.transition.set_index(["class_old", "class_new"])
    assert rows.loc[(5, 4)].tolist() == [1, 900]
    assert rows["units"].sum() == 6
    assert found.changes["step"].tolist() == [-1, 1]


def test_method_and_both(tmp_path):
    old = edition(tmp_path / "a")
    method = {"scoring": {"weights": {"flood": 1.0}}}
    found = compare_editions(old, edition(tmp_path / "b", units=moved((0, 4), people=900.0), **method))
    assert causes(found) == {tiny.CODES[0]: "method"}
    assert [one.en for one in found.method] == ["settings differ: scoring"]
    new = edition(tmp_path / "c", sha="1" * 64, units=moved((0, 4), (1, 5), people=900.0), **method)
    assert causes(compare_editions(old, new)) == {tiny.CODES[0]: "data and method", tiny.CODES[1]: "method"}


def test_settings_that_came_later_or_do_not_reach_a_class_are_no_method(tmp_path):
    old, new = edition(tmp_path / "a"), edition(tmp_path / "b", sha="1" * 64, units=moved((0, 4), people=900.0))
    told = json.loads((old / "manifest.json").read_text(encoding="utf-8"))
    told["parameters"]["zoning"]["method"] = "regions"
    del told["parameters"]["scoring"]["worst_share"]
    write_json(old / "manifest.json", told)
    found = compare_editions(old, new)
    assert found.method == ()
    assert causes(found) == {tiny.CODES[0]: "data"}
    told["parameters"]["scoring"]["worst_share"] = 0.3
    write_json(old / "manifest.json", told)
    assert [one.en for one in compare_editions(old, new).method] == ["settings differ: scoring"]


def test_within_the_doubt_of_the_earlier_edition(tmp_path):
    def shaky(units):
        return units.assign(stability=np.where(units.index == tiny.CODES[0], 0.55, 0.9))

    old = edition(tmp_path / "a", units=shaky)
    new = edition(tmp_path / "b", sha="1" * 64, units=moved((0, 3), (1, 3), (2, 4), people=900.0))
    found = compare_editions(old, new)
    # the first held in 55 % of the draws and became the next; the second became what the older edition named as next, and nothing of its
    # own changed; the third became something else
    assert causes(found) == {tiny.CODES[0]: "noise", tiny.CODES[1]: "noise", tiny.CODES[2]: "data"}
    another = edition(tmp_path / "d", sha="1" * 64, units=moved((0, 4), people=900.0))
    assert causes(compare_editions(old, another)) == {tiny.CODES[0]: "data"}  # unsteady, but not to that class
    method = edition(tmp_path / "e", units=moved((0, 3), (1, 3)), scoring={"weights": {"flood": 1.0}})
    assert set(causes(compare_editions(old, method)).values()) == {"method"}
    software = edition(tmp_path / "f", units=moved((0, 3), (2, 4)))
    told = json.loads((software / "manifest.json").read_text(encoding="utf-8"))
    write_json(software / "manifest.json", {**told, "code": "another"})
    assert causes(compare_editions(old, software)) == {tiny.CODES[0]: "noise", tiny.CODES[2]: "method"}
    nothing = compare_editions(old, edition(tmp_path / "c", units=moved((2, 4))))
    assert causes(nothing) == {tiny.CODES[2]: "noise"}


def test_a_signed_class_is_no_change_of_data_or_method(tmp_path):
    def signed(units):
        codes = units["class"].to_numpy().copy()
        computed = codes.copy()
        codes[5] = 5
        return units.assign(**{"class": codes, "class_computed": computed, "override": ""})

    found = compare_editions(edition(tmp_path / "a"), edition(tmp_path / "b", sha="1" * 64, units=signed))
    assert causes(found) == {tiny.CODES[5]: "by hand"}


def test_files_and_command(tmp_path):
    old = edition(tmp_path / "旧")
    new = edition(tmp_path / "新", sha="1" * 64, units=moved((0, 4), (3, 255), people=900.0))
    found = compare_editions(old, new)
    write_edition_comparison(found, tmp_path / "out")
    values = json.loads((tmp_path / "out" / "editions.json").read_text(encoding="utf-8"))
    assert values == json.loads(json.dumps(edition_values(found)))
    assert values["causes"]["data"] == 2
    assert {one["step"] for one in values["units"]} == {-1, None}
    page = offline((tmp_path / "out" / "editions.html").read_text(encoding="utf-8"))
    words = " ".join(page.words)
    assert "甲村" in words
    assert "无数据" in words
    book = openpyxl.load_workbook(tmp_path / "out" / "editions.xlsx")
    assert any("旧等级" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    done = riskmap("editions", old, new, "--out", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == ("2 个单元变了等级（资料 2），4 个未变  2 changed class (2 data), 4 kept it")
    assert (tmp_path / "again" / "editions.html").is_file()


def test_what_cannot_be_compared_is_refused(tmp_path):
    old = edition(tmp_path / "a")
    with pytest.raises(EditionError, match="no edition of riskmap"):
        compare_editions(old, tmp_path)
    with pytest.raises(EditionError, match="compare one county"):
        compare_editions(old, edition(tmp_path / "b", code="140931"))
    shutil.copytree(old, tmp_path / "c")
    (tmp_path / "c" / "riskmap.gpkg").write_bytes(b"x")
    with pytest.raises(EditionError, match="cannot be read"):
        compare_editions(old, tmp_path / "c")


def placed(*, capacity=2000, gone=False, placed=(1200, 120)):
    """Shelters of an edition: the first with a capacity, the second perhaps gone, and people placed."""

    def change(reach):
        shelters = reach.shelters.assign(capacity_people=[capacity, 500])
        sums = {"people_to_move": [4140, 160], "people_assigned": placed, "people_unassigned": [0, 0]}
        return replace(
            reach, shelters=shelters.iloc[:1] if gone else shelters, scenarios=reach.scenarios.assign(**sums)
        )

    return change


def test_shelters_and_people_placed_are_compared_though_no_unit_changed_class(tmp_path):
    old = edition(tmp_path / "a", reach=placed())
    new = edition(tmp_path / "b", reach=placed(capacity=150, gone=True, placed=(400, 120)))
    found = compare_editions(old, new)
    assert found.changes.empty
    assert found.shelters.loc["S1", ["change", "capacity_people_old", "capacity_people_new"]].tolist() == [
        "changed",
        2000,
        150,
    ]
    assert found.shelters.loc["S2", "change"] == "gone"
    assert found.placing.index.tolist() == ["dry"]  # the flood is the same
    assert found.placing.loc["dry", ["people_assigned_old", "people_assigned_new"]].tolist() == [1200, 400]
    assert found.placing.loc["dry", "name"] == "无灾害 No hazard"
    said = edition_lines(found, edition_values(found))
    assert any("广场" in one and "2,000 → 150" in one for one in said)
    assert any("1,200 → 400" in one for one in said)
    assert said[-2].startswith("2 处避难场所有变，1 个情景")
    write_edition_comparison(found, tmp_path / "c")
    page = (tmp_path / "c" / "editions.html").read_text(encoding="utf-8")
    for part in ("避难场所与安置", "有变的避难场所", "2,000", "150", "取消"):
        assert part in page, part
    book = openpyxl.load_workbook(tmp_path / "c" / "editions.xlsx", read_only=True)
    rows = [[str(one) for one in row] for name in book.sheetnames for row in book[name].iter_rows(values_only=True)]
    assert any("取消 Gone" in row for row in rows)
    assert any("无灾害 No hazard" in row for row in rows)
    values = json.loads((tmp_path / "c" / "editions.json").read_text(encoding="utf-8"))
    assert values["shelters"][0]["capacity_people_new"] == 150
    assert values["placing"][0]["people_assigned_old"] == 1200


def test_editions_without_shelters_say_nothing_of_them(tmp_path):
    found = compare_editions(edition(tmp_path / "a", reach=placed()), edition(tmp_path / "b"))
    assert found.shelters is None
    assert edition_values(found)["placing"] is None
    same = compare_editions(tmp_path / "a", edition(tmp_path / "c", reach=placed()))
    assert same.shelters.empty
    assert same.placing.empty
