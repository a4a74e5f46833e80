"""A workbook of tables: a sheet each, an index by theme with links there and back, filters and readable numbers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from riskmap.model.text import Text
from riskmap.writers.number_format import number_formats
from riskmap.writers.table import neutral, save_workbook

__all__ = ["Sheet", "write_workbook"]

_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _LONGEST_TITLE = 48, 31
_HEAD = PatternFill("solid", fgColor="EDEFF2")
_LINK, _TOP = "1F5FA8", Alignment(wrap_text=True, vertical="top")
_INDEX = "目录 Index"
_INDEX_HEADS = ("主题 Theme", "表 Table", "英文名 English name", "行数 Rows", "说明", "Notes")
_INDEX_WIDTHS = (26, 46, 46, 12, 80, 80)
_BACK = Text("单击返回目录", "click: back to the index")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One table of a workbook that has an index.

    Parameters
    ----------
    title : Text
        What it shows.
    theme : Text
        The group of the index in which it stands.
    frame : DataFrame
        Its rows, headers and words as people read them.
    notes : tuple of Text
        How it was made; printed in the index.
    """

    title: Text
    theme: Text
    frame: pd.DataFrame
    notes: tuple[Text, ...] = ()


def write_workbook(
    path: Path, sheets: Mapping[str, pd.DataFrame | Sheet], *, date: str, notes: Sequence[str] = ()
) -> None:
    """Write tables into one workbook, a sheet each: header frozen, filters set, numbers shown by their unit.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    sheets : mapping of str to DataFrame or Sheet
        Title of the sheet (31 characters are kept; one that is taken gets a number) to its table; the index of a frame
        is not written. Where there are Sheets, a page 目录 Index lists them by theme with links there; the first header
        of each leads back.
    date : str
        Date of the edition (ISO), the only date in the file: the same tables give the same bytes.
    notes : sequence of str
        Lines of a first sheet 说明 Notes.

    Notes
    -----
    Cells hold the whole value; only its display is rounded, see `number_format`.

    Examples
    --------
    >>> import tempfile
    >>> from openpyxl import load_workbook
    >>> frame = pd.DataFrame({"人口（人） People (people)": [12000]})
    >>> one = Sheet(title=Text("村", "Villages"), theme=Text("人口", "People"), frame=frame)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_workbook(Path(folder, "t.xlsx"), {"村": one}, date="2026-01-01")
    ...     book = load_workbook(Path(folder, "t.xlsx"))
    >>> book.sheetnames, book["村"]["A2"].number_format
    (['说明 Notes', '目录 Index', '村'], '#,##0')
    """
    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101  a new Workbook has one sheet
    first.title = "说明 Notes"
    first.column_dimensions["A"].width = 110
    told = {title: one for title, one in sheets.items() if isinstance(one, Sheet)}
    titles = _titles(sheets, taken=[first.title, _INDEX])
    for line in (*notes[:1], *([_INDEX] if told else []), *notes[1:]):
        first.append([neutral(line)])
    if told:
        _index(book.create_sheet(_INDEX), told, titles)
        _link(first.cell(len(notes[:1]) + 1, 1), _INDEX)
    for title, one in sheets.items():
        page = book.create_sheet(titles[title])
        _page(page, one.frame if isinstance(one, Sheet) else one)
        if title in told and page.max_column:
            _link(page["A1"], _INDEX, hint=str(_BACK), bold=True)
    save_workbook(book, path, date=date)


def _titles(sheets: Mapping[str, object], *, taken: Sequence[str]) -> dict[str, str]:
    """Titles that a workbook can hold, each once."""
    used, found = {one.lower() for one in taken}, {}
    for title in sheets:
        plain = _NO_TITLE.sub("_", title)
        name, count = plain[:_LONGEST_TITLE], 1
        while name.lower() in used:
            count += 1
            name = f"{plain[: _LONGEST_TITLE - len(str(count))]}{count}"
        used.add(name.lower())
        found[title] = name
    return found


def _link(cell: Any, page: str, *, hint: str = "", bold: bool = False) -> None:
    place = "'" + page.replace("'", "''") + "'!A1"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place, tooltip=hint or None)
    cell.font = Font(bold=bold, underline="single", color=_LINK)


def _index(page: Any, sheets: Mapping[str, Sheet], titles: Mapping[str, str]) -> None:
    page.append(_INDEX_HEADS)
    for title, one in sheets.items():
        notes = ("\n".join(note[language] for note in one.notes) for language in ("zh", "en"))
        row = (str(one.theme), one.title.zh, one.title.en, len(one.frame), *notes)
        page.append([neutral(value) for value in row])
        _link(page.cell(page.max_row, 2), titles[title])
        for cell in page[page.max_row]:
            cell.alignment = _TOP
        page.cell(page.max_row, 4).number_format = "#,##0"
    themes = [str(one.theme) for one in sheets.values()]
    for place, (before, after) in enumerate(pairwise(themes), start=3):
        if before != after:
            page.cell(place, 1).font = Font(bold=True)
    page.cell(2, 1).font = Font(bold=True)
    _head(page)
    for number, width in enumerate(_INDEX_WIDTHS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width


def _head(page: Any) -> None:
    """The first row as a header: bold, frozen, with filters where there are rows."""
    for cell in page[1]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, _TOP
    page.freeze_panes = "A2"
    if page.max_row > 1:
        page.auto_filter.ref = page.dimensions


def _page(page: Any, frame: pd.DataFrame) -> None:
    page.append([neutral(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False):
        page.append([neutral(one) for one in row])
    _head(page)
    for number, name in enumerate(frame.columns, start=1):
        column = frame.iloc[:, number - 1]
        texts = [str(name), *(f"{one:.5g}" if isinstance(one, float) else str(one) for one in column[:200])]
        lines = [line for text in texts for line in text.split("\n")]
        widest = max(sum(2 if ord(c) > 255 else 1 for c in line) for line in lines)
        blank = len(frame) > 0 and not any(texts[1:])  # a column to write into
        page.column_dimensions[get_column_letter(number)].width = _WIDEST if blank else min(widest + 3, _WIDEST)
        formats = number_formats(str(name), column.tolist())
        broken = any("\n" in one for one in texts[1:])
        for row_number, shown in enumerate(formats, start=2):
            if shown != "General":
                page.cell(row_number, number).number_format = shown
            if broken:
                page.cell(row_number, number).alignment = _TOP
