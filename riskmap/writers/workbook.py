"""A workbook of tables: a sheet each, an index by theme with links there and back, filters and readable numbers."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from riskmap.model.text import Text
from riskmap.writers.number_format import number_formats
from riskmap.writers.table import neutral

__all__ = ["Sheet", "write_workbook"]

_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_WIDEST, _LONGEST_TITLE, _LONGEST_TEXT = 48, 31, 32767
_TOP: dict[str, Any] = {"text_wrap": True, "valign": "top"}
_HEAD: dict[str, Any] = {"bold": True, "bg_color": "#EDEFF2", **_TOP}
_LINK: dict[str, Any] = {"underline": 1, "font_color": "#1F5FA8"}
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_NOTES, _INDEX = "说明 Notes", "目录 Index"
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
    told = {title: one for title, one in sheets.items() if isinstance(one, Sheet)}
    titles = _titles(sheets, taken=[_NOTES, _INDEX])
    with xlsxwriter.Workbook(path, _PLAIN) as file:
        file.set_properties({"author": "riskmap", "created": dt.datetime.fromisoformat(date)})
        book = _Book(file=file)
        first = file.add_worksheet(_NOTES)
        first.set_column(0, 0, 110)
        for row, line in enumerate((*notes[:1], *([_INDEX] if told else []), *notes[1:])):
            book.write(first, row, 0, line)
        if told:
            _index(book, told, titles)
            book.link(first, len(notes[:1]), 0, _INDEX, text=_INDEX)
        for title, one in sheets.items():
            frame = one.frame if isinstance(one, Sheet) else one
            _page(book, file.add_worksheet(titles[title]), frame, linked=title in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """A workbook being written, and the looks that its cells share."""

    file: Any
    looks: dict[tuple[tuple[str, object], ...], Any] = field(default_factory=dict)

    def look(self, **wanted: object) -> Any:
        """One format for every set of wishes; none for none."""
        key = tuple(wanted.items())
        if key and key not in self.looks:
            self.looks[key] = self.file.add_format(wanted)
        return self.looks.get(key)

    def write(self, page: Any, row: int, column: int, value: object, **wanted: object) -> None:
        """Write a cell; text that looks like a formula stays text."""
        plain = neutral(value)
        if plain is None or plain == "":
            page.write_blank(row, column, None, self.look(**wanted))
        elif isinstance(plain, str):
            page.write_string(row, column, plain[:_LONGEST_TEXT], self.look(**wanted))
        elif isinstance(plain, dt.date):
            page.write_datetime(row, column, plain, self.look(num_format="yyyy-mm-dd", **wanted))
        else:
            page.write(row, column, plain, self.look(**wanted))

    def link(self, page: Any, row: int, column: int, to: str, *, text: str, hint: str = "", **wanted: object) -> None:
        """Write a cell that leads to another page."""
        place = "internal:'" + to.replace("'", "''") + "'!A1"
        page.write_url(row, column, place, self.look(**_LINK, **wanted), str(neutral(text)), hint or None)


def _titles(sheets: Mapping[str, object], *, taken: Sequence[str]) -> dict[str, str]:
    """Titles that a workbook can hold, each once."""
    used, found = {one.lower() for one in taken}, {}
    for title in sheets:
        plain = _NO_TITLE.sub("_", title).strip("'") or "_"
        name, count = plain[:_LONGEST_TITLE], 1
        while name.lower() in used:
            count += 1
            name = f"{plain[: _LONGEST_TITLE - len(str(count))]}{count}"
        used.add(name.lower())
        found[title] = name
    return found


def _index(book: _Book, sheets: Mapping[str, Sheet], titles: Mapping[str, str]) -> None:
    page = book.file.add_worksheet(_INDEX)
    _head(book, page, _INDEX_HEADS, rows=len(sheets))
    for number, width in enumerate(_INDEX_WIDTHS):
        page.set_column(number, number, width)
    themes = [str(one.theme) for one in sheets.values()]
    begins = [True, *(before != after for before, after in pairwise(themes))]
    for row, ((title, one), new) in enumerate(zip(sheets.items(), begins, strict=True), start=1):
        book.write(page, row, 0, str(one.theme), **_TOP, **({"bold": True} if new else {}))
        book.link(page, row, 1, titles[title], text=one.title.zh, **_TOP)
        book.write(page, row, 2, one.title.en, **_TOP)
        book.write(page, row, 3, len(one.frame), num_format="#,##0", **_TOP)
        book.write(page, row, 4, "\n".join(note.zh for note in one.notes), **_TOP)
        book.write(page, row, 5, "\n".join(note.en for note in one.notes), **_TOP)


def _head(book: _Book, page: Any, names: Sequence[str], *, rows: int) -> None:
    """The first row as a header: bold, frozen, with filters where there are rows."""
    for column, name in enumerate(names):
        book.write(page, 0, column, name, **_HEAD)
    page.freeze_panes(1, 0)
    if rows and names:
        page.autofilter(0, 0, rows, len(names) - 1)


def _page(book: _Book, page: Any, frame: pd.DataFrame, *, linked: bool) -> None:
    names = [str(name) for name in frame.columns]
    _head(book, page, names, rows=len(frame))
    if linked and names:
        book.link(page, 0, 0, _INDEX, text=names[0], hint=str(_BACK), **_HEAD)
    for number, name in enumerate(names):
        values = frame.iloc[:, number].tolist()
        texts = [name, *(f"{one:.5g}" if isinstance(one, float) else str(one) for one in values[:200])]
        lines = [line for text in texts for line in text.split("\n")]
        widest = max(sum(2 if ord(c) > 255 else 1 for c in line) for line in lines)
        blank = len(frame) > 0 and not any(texts[1:])  # a column to write into
        page.set_column(number, number, _WIDEST if blank else min(widest + 3, _WIDEST))
        look = _TOP if any("\n" in one for one in texts[1:]) else {}
        for row, (value, shown) in enumerate(zip(values, number_formats(name, values), strict=True), start=1):
            wanted = look if shown == "General" else {"num_format": shown, **look}
            book.write(page, row, number, value, **wanted)
