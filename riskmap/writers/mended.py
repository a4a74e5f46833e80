"""Mended copies of delivered files; the delivered files themselves are only read."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.cell import MergedCell
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from riskmap.writers.table import save_workbook

__all__ = ["write_mended_copy", "write_mended_sheet"]

_CHANGED = PatternFill("solid", fgColor="FFF3C4")
Cells = Mapping[tuple[int, str], object]


def write_mended_copy(path: Path, source: Path, sheet: str, *, cells: Cells, day: str) -> bool:
    """Copy a workbook with some cells of one sheet changed, coloured where they are.

    Titles, other sheets and formats stay; formulas become the values that they showed.

    Parameters
    ----------
    path : pathlib.Path
        ``*.xlsx`` to write.
    source : pathlib.Path
        The delivered workbook; only read.
    sheet : str
        Its sheet.
    cells : mapping
        ``(row of the sheet, header)`` to the new value.
    day : str
        ISO date of the file.

    Returns
    -------
    bool
        False, with nothing written, where the file is another kind of workbook than its name says, a header is not
        found above its cells, or a cell is part of a merged one.

    Examples
    --------
    >>> write_mended_copy.__name__
    'write_mended_copy'
    """
    try:
        book = load_workbook(source, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        return False
    if sheet not in book.sheetnames:
        return False
    page = book[sheet]
    top = min(row for row, _ in cells)
    places: dict[str, int] = {}
    for header in {name for _, name in cells}:
        place = next((at for at in _columns(page, header, top)), None)
        if place is None:
            return False
        places[header] = place
    if any(isinstance(page.cell(row=row, column=places[header]), MergedCell) for row, header in cells):
        return False
    for (row, header), value in cells.items():
        _put(page.cell(row=row, column=places[header]), value)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(book, path, date=day)
    return True


def _columns(page: Any, header: str, top: int) -> list[int]:
    """Columns headed so in the last rows above the records."""
    return [
        cell.column
        for cells in reversed(list(page.iter_rows(min_row=1, max_row=max(top - 1, 1))))
        for cell in cells
        if cell.value is not None and " ".join(str(cell.value).split()) == header
    ]


def _put(cell: Any, value: object) -> None:
    day = _day(value)
    cell.value = day or value
    cell.fill = _CHANGED
    if day is not None:
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, str):
        cell.data_type = "s"  # a text that begins with = is no formula
        cell.number_format = "@"


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def write_mended_sheet(path: Path, frame: pd.DataFrame, sheet: str, *, cells: Cells, day: str) -> None:
    """Write a table as a new workbook of one sheet, changed cells coloured.

    Parameters
    ----------
    path : pathlib.Path
        ``*.xlsx`` to write.
    frame : DataFrame
        Index is the row of the delivered file, as in `cells`.
    sheet : str
        Title.
    cells : mapping
        ``(row, header)`` of what was changed.
    day : str
        ISO date of the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_mended_sheet(Path(folder, "t.xlsx"), pd.DataFrame({"a": [1]}), "表", cells={}, day="2026-01-01")
    """
    book = Workbook()
    page: Any = book.active
    page.title = sheet[:31] or "表"
    plain = frame.astype(object).where(frame.notna(), None)
    headers = [str(one) for one in frame.columns]
    for number, header in enumerate(headers, start=1):
        _text(page.cell(row=1, column=number), header)
    for at, (row, values) in enumerate(zip(plain.index, plain.itertuples(index=False), strict=True), start=2):
        for number, value in enumerate(values, start=1):
            cell = page.cell(row=at, column=number)
            if (row, headers[number - 1]) in cells:
                _put(cell, value)
            elif value is not None:
                _text(cell, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_workbook(book, path, date=day)


def _text(cell: Any, value: object) -> None:
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
