"""Copies of workbooks with changed cells: all else stays, and what cannot be copied so is refused, not broken."""

import openpyxl
import pandas as pd

from riskmap.loaders import file_hash
from riskmap.writers import write_mended_copy, write_mended_sheet


def workbook(path):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "表1"
    for row in (["一览表"], ["编号", "人数", "公式"], ["001", "1,200", "=1+1"], ["002", "=cmd", 5]):
        page.append(row)
    page["B4"].data_type = "s"
    page.merge_cells("A1:C1")
    page.merge_cells("C3:C4")
    book.create_sheet("别的").append(["x"])
    book.save(path)
    return path


def test_only_the_named_cells_change(tmp_path):
    source = workbook(tmp_path / "a.xlsx")
    before = file_hash(source)
    assert write_mended_copy(tmp_path / "b.xlsx", source, "表1", cells={(3, "人数"): 1200}, day="2026-01-01")
    assert file_hash(source) == before
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert book.sheetnames == ["表1", "别的"]
    page = book["表1"]
    assert (page["A1"].value, page["A3"].value, page["B3"].value) == ("一览表", "001", 1200)
    assert (page["B4"].value, page["B4"].data_type) == ("=cmd", "s")
    assert page["C3"].data_type != "f"  # formulas become the values that they showed


def test_what_cannot_be_copied_so_is_left_to_a_new_sheet(tmp_path):
    source = workbook(tmp_path / "a.xlsx")
    old = tmp_path / "old.xlsx"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook")
    target = tmp_path / "b.xlsx"
    for path, sheet, cells in (
        (source, "表1", {(4, "公式"): 1}),  # part of a merged cell
        (source, "表1", {(3, "没有的列"): 1}),
        (source, "没有的表", {(3, "人数"): 1}),
        (old, "表1", {(3, "人数"): 1}),
    ):
        assert not write_mended_copy(target, path, sheet, cells=cells, day="2026-01-01")
        assert not target.exists()


def test_a_new_sheet_holds_texts_as_texts(tmp_path):
    frame = pd.DataFrame({"编号": ["001", None], "=名": ["=1+1", "b"], "日": ["2020-07-01", "2020"]}, index=[3, 4])
    cells = {(3, "日"): "2020-07-01"}
    write_mended_sheet(tmp_path / "t.xlsx", frame, "表", cells=cells, day="2026-01-01")
    page = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert (page["B2"].value, page["A2"].value, page["C3"].value) == ("=1+1", "001", "2020")
    assert page["C2"].is_date
