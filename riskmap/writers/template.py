"""Workbooks to fill in: headers, drop-downs, ranges, and a sheet that explains them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from riskmap.model.text import Text
from riskmap.writers.table import neutral, save_workbook

__all__ = ["Column", "write_template"]

_LAST = 20_000
"""Last row that drop-downs and ranges reach."""
_FORMATS = {"code": "@", "text": "@", "date": "yyyy-mm-dd", "integer": "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a sheet to fill in.

    Parameters
    ----------
    header : str
        With its unit in brackets.
    note : Text
        What goes into it.
    kind : {"text", "code", "integer", "number", "date", "yesno"}
        Type of its cells.
    required : bool
        Set in red.
    low, high : float, optional
        Allowed range, in the unit of the header.
    choices : tuple of str
        Drop-down.
    """

    header: str
    note: Text
    kind: str = "text"
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def write_template(path: Path, title: str, columns: Sequence[Column], *, notes: Sequence[str], date: str) -> None:
    """Write one workbook: the sheet to fill in first, then 说明.

    Parameters
    ----------
    path : pathlib.Path
        ``*.xlsx`` to write; its folder is made.
    title : str
        Of the sheet.
    columns : sequence of Column
        From left to right.
    notes : sequence of str
        First lines of the sheet 说明; a list of the columns follows.
    date : str
        ISO, the only date in the file.

    Examples
    --------
    >>> import tempfile
    >>> from openpyxl import load_workbook
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     one = Column(header="类型", note=Text("类型", "Type"), choices=("紧急",))
    ...     write_template(Path(folder, "t.xlsx"), "场所", [one], notes=["x"], date="2026-01-01")
    ...     load_workbook(Path(folder, "t.xlsx")).sheetnames
    ['场所', '说明']
    """
    book = Workbook()
    page: Any = book.active
    page.title = title[:31]
    for number, column in enumerate(columns, start=1):
        _head(page, number, column)
        for rule in _rules(column):
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{_LAST}")
            page.add_data_validation(rule)
    page.freeze_panes = "A2"
    told = book.create_sheet("说明")
    for line in notes:
        told.append([neutral(line)])
    for column in columns:
        told.append([f"{column.header}：{column.note.zh}  {column.note.en}"])
    told.column_dimensions["A"].width = 120
    for (cell,) in told.iter_rows(max_col=1):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    path.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(book, path, date=date)


def _head(page: Any, number: int, column: Column) -> None:
    cell = page.cell(row=1, column=number, value=neutral(column.header))
    cell.font = Font(bold=True, color="B2182B" if column.required else "1F2933")
    cell.fill = PatternFill("solid", fgColor="EDEFF2")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.comment = Comment(f"{column.note.zh}\n{column.note.en}", "riskmap", width=320, height=120)
    wide = page.column_dimensions[get_column_letter(number)]
    wide.width = max(12, min(2 + sum(2 if ord(one) > 255 else 1 for one in column.header), 36))
    if column.kind in _FORMATS:
        wide.number_format = _FORMATS[column.kind]


def _rules(column: Column) -> list[DataValidation]:
    if column.choices:
        listed = ",".join(column.choices)
        rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    elif column.kind in {"integer", "number"} and (column.low is not None or column.high is not None):
        low, high = column.low, column.high
        how: Any = "between" if None not in (low, high) else "greaterThanOrEqual" if high is None else "lessThanOrEqual"
        ends = [f"{one:g}" if abs(one) < 1e6 else f"{one:.0f}" for one in (low, high) if one is not None]
        kind: Any = "whole" if column.kind == "integer" else "decimal"
        rule = DataValidation(type=kind, operator=how, formula1=ends[0], formula2=ends[-1] if len(ends) > 1 else None)
    else:
        return []
    rule.errorTitle, rule.error = "核对 Check", f"{column.note.zh}\n{column.note.en}"[:225]
    rule.showErrorMessage = True
    rule.errorStyle = "stop" if column.choices else "warning"
    return [rule]
