"""A workbook with an index: links there and back, filters, frozen headers, whole values."""

import openpyxl
import pandas as pd
import pytest

from riskmap.model import Text
from riskmap.writers import Sheet, write_workbook

LONG = "一张名称很长很长很长很长很长很长很长很长很长很长的表格，其一"


@pytest.fixture
def book(tmp_path):
    risk, other = Text("综合风险", "Risk"), Text("区划", "Zones")
    area = pd.DataFrame({"面积（km²） Area (km²)": [130.8851570884123, 2.0], "名称 Name": ["甲", "乙"]})
    sheets = {
        "甲'表": Sheet(
            title=Text("甲表", "Table A"), theme=risk, frame=area, notes=(Text("说一", "told"), Text("二", "two"))
        ),
        LONG + "甲": Sheet(title=Text("长", "=Long"), theme=risk, frame=area),
        LONG + "乙": Sheet(title=Text("长", "Long"), theme=other, frame=area.iloc[:0]),
    }
    write_workbook(tmp_path / "t.xlsx", sheets, date="2026-01-01", notes=["某县", "某局"])
    return openpyxl.load_workbook(tmp_path / "t.xlsx")


def test_the_index_leads_to_every_sheet_and_each_leads_back(book):
    index = book["目录 Index"]
    assert book.sheetnames[:2] == ["说明 Notes", "目录 Index"]
    rows = [[cell.value for cell in row] for row in index.iter_rows(min_row=2)]
    assert [row[:4] for row in rows] == [
        ["综合风险 Risk", "甲表", "Table A", 2], ["综合风险 Risk", "长", "'=Long", 2], ["区划 Zones", "长", "Long", 0],
    ]  # fmt: skip
    assert rows[0][4:] == ["说一\n二", "told\ntwo"]
    targets = [row[1].hyperlink.location for row in index.iter_rows(min_row=2)]
    names = [one.removesuffix("!A1").strip("'").replace("''", "'") for one in targets]
    assert names == book.sheetnames[2:]
    assert len(set(names)) == 3
    assert all(len(one) <= 31 for one in names)
    assert {book[name]["A1"].hyperlink.location for name in names} == {"'目录 Index'!A1"}
    assert book["说明 Notes"]["A2"].hyperlink.location == "'目录 Index'!A1"
    assert [cell.value for cell in book["说明 Notes"]["A"]] == ["某县", "目录 Index", "某局"]


def test_headers_are_frozen_and_filtered(book):
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref == (page.dimensions if page.max_row > 1 else None), page.title


def test_values_stay_whole_behind_their_format(book):
    cell = book["甲'表"]["A2"]
    assert (cell.value, cell.number_format) == (130.8851570884123, "#,##0.00")


def test_no_text_is_an_empty_cell(tmp_path):
    write_workbook(tmp_path / "t.xlsx", {"a": pd.DataFrame({"答复": ["", None, "好"]})}, date="2026-01-01")
    page = openpyxl.load_workbook(tmp_path / "t.xlsx")["a"]
    assert [cell.value for cell in page["A"]] == ["答复", None, None, "好"]


def test_plain_frames_get_no_index(tmp_path):
    write_workbook(tmp_path / "t.xlsx", {"a": pd.DataFrame({"人口（人）": [1.0]})}, date="2026-01-01")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["说明 Notes", "a"]
    assert book["a"]["A1"].hyperlink is None


def test_text_stays_text_whatever_it_looks_like(tmp_path):
    said = ["{=1+1}", "http://example.org/a", "012", "internal:'Sheet'!A1", "真"]
    write_workbook(tmp_path / "t.xlsx", {"村": pd.DataFrame({"名称": said})}, date="2026-01-01")
    page = openpyxl.load_workbook(tmp_path / "t.xlsx")["村"]
    cells = [page.cell(row, 1) for row in range(2, 7)]
    assert [one.value for one in cells] == said
    assert {one.data_type for one in cells} == {"s"}
    assert not any(one.hyperlink for one in cells)
