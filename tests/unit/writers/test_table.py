"""Workbooks and text tables: no cell is a formula, whatever stood in the data."""

import csv

import openpyxl
import pandas as pd
import pytest

from riskmap.writers import neutral, write_csv, write_workbook

EVIL = [
    "=1+1",
    "+1+1",
    "-1+2",
    "-1,-2,A1",
    "-2+3+cmd|' /C calc'!A0",
    "+86 139x1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\r\n=1",
    "＝1",
    '=HYPERLINK("http://x","y")',
    "\x00=1",
]


@pytest.mark.parametrize("text", EVIL)
def test_texts_that_begin_like_formulas_are_texts(text):
    assert neutral(text).startswith("'")


@pytest.mark.parametrize("plain", ["甲村", "a=b", " =1", "", -2.5, 7, True, "-1200", "+1", "-1.5e-3", "-3.064, -0.7275, 0.8309",
                                   "-2；-1；0", "-1、1"])  # fmt: skip
def test_other_values_stay(plain):
    assert neutral(plain) == plain


def test_a_workbook_holds_no_formula(tmp_path):
    frame = pd.DataFrame({"=cmd": EVIL, "n": range(len(EVIL))})
    write_workbook(tmp_path / "t.xlsx", {"a/b:c*?[d]": frame}, date="2026-01-01", notes=EVIL)
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["说明 Notes", "a_b_c___d_"]
    cells = [one for page in book for row in page.iter_rows() for one in row if one.value is not None]
    assert {one.data_type for one in cells} == {"s", "n"}
    assert all(one.value.startswith("'") for one in cells if one.data_type == "s" and "1" in one.value)


def test_a_text_table_holds_no_formula_and_keeps_numbers(tmp_path):
    write_csv(tmp_path / "t.csv", [["名称", "值"], *([one, "-2.5"] for one in EVIL)])
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert all(name.startswith("'") for name, _ in rows[1:])
    assert {value for _, value in rows[1:]} == {"-2.5"}
