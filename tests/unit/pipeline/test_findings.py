"""What the check found, as files: written where asked, nowhere else, and fit to be sent back."""

import json
from dataclasses import replace

import openpyxl
import pytest
import tiny
import tiny_files
from commands import riskmap

from riskmap.loaders import file_hash
from riskmap.model import Finding, Text
from riskmap.pipeline.findings import return_sheets, write_findings


def content(folder):
    return {p.relative_to(folder).as_posix(): file_hash(p) for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    return tiny_files.write(tmp_path_factory.mktemp("退回") / "小 河")


def test_the_check_writes_nothing_unless_asked(county):
    before = content(county.parent)
    done = riskmap("check", county)
    assert done.returncode == 1
    assert content(county.parent) == before


def test_the_check_writes_its_three_files_where_asked(county, tmp_path):
    before = content(county)
    out = tmp_path / "给 局"
    done = riskmap("check", county, "--out", out, "--json")
    assert done.returncode == 1, done.stderr
    assert sorted(one.name for one in out.iterdir()) == ["quality.html", "quality.json", "quality.xlsx"]
    told = json.loads(done.stdout)
    kept = json.loads((out / "quality.json").read_text(encoding="utf-8"))["findings"]
    assert [(one["rule"], one["row"]) for one in told] == [(one["rule"], one["row"]) for one in kept]
    assert content(county) == before
    book = openpyxl.load_workbook(out / "quality.xlsx")
    page = book["地质灾害隐患点"]
    head = [one.value.split()[0] for one in page[1]]
    assert head == ["行号", "编号", "字段", "原值", "程度", "规则", "问题", "处理", "答复"]
    rows = [dict(zip(head, [one.value for one in row], strict=True)) for row in page.iter_rows(min_row=2)]
    assert len(rows) == sum(one["layer"] == "hazard_points" for one in told)
    twice = next(one for one in rows if one["规则"] == "编号重复")
    assert (twice["行号"], twice["编号"], twice["程度"], twice["答复"]) == (8, "Y01", "错误", None)
    assert "与第 3 行的编号重复" in twice["问题"]
    assert book["汇总 Summary"].max_row > 3


def test_many_findings_of_one_kind_all_stand_in_the_workbook_and_none_is_a_formula(tmp_path):
    plain = {
        "rule": "r",
        "severity": "warning",
        "layer": "roads",
        "message": Text("=坏", "@bad"),
        "cure": Text("+改", ""),
    }
    found = tuple(Finding(row=n, key="=1+1", value="-cmd", **plain) for n in range(1200))
    survey = replace(tiny.survey(), findings=found)
    assert len(return_sheets(survey)["公路"]) == 1200
    write_findings(survey, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "quality.xlsx")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert all(cell.data_type == "s" and cell.value[0] not in "=+-@\t\r" for cell in cells)
    assert book["公路"]["B2"].value == "'=1+1"


def test_the_same_findings_are_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write_findings(tiny.survey(), tmp_path / name)
    assert content(tmp_path / "a") == content(tmp_path / "b")
