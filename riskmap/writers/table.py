"""Workbooks and manifest: tables as people and programs read them."""

import csv
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

__all__ = ["neutral", "save_workbook", "write_csv", "write_json", "write_workbook"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
_WIDEST = 48


def neutral(value: object) -> object:
    """Return a cell value that no spreadsheet program takes for a formula.

    Parameters
    ----------
    value : object
        Text that begins with ``= + - @`` (also full width), a tab or a carriage return gets an apostrophe before it;
        other control characters are taken out; NaN becomes None.

    Returns
    -------
    object

    Examples
    --------
    >>> neutral("=1+1"), neutral(-2.5), neutral(float("nan"))
    ("'=1+1", -2.5, None)
    """
    if isinstance(value, str):
        clean = "".join(one for one in value if one >= " " or one in "\t\n")
        return f"'{clean}" if (value[:1] == "\r" or clean.startswith(_FORMULA_STARTS)) else clean
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def write_workbook(path: Path, sheets: Mapping[str, pd.DataFrame], *, date: str, notes: Sequence[str] = ()) -> None:
    """Write tables into one workbook, a sheet each, header frozen.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    sheets : mapping of str to DataFrame
        Title of the sheet (31 characters are kept) to its table; the index is not written.
    date : str
        Date of the edition (ISO), the only date in the file: the same tables give the same bytes.
    notes : sequence of str
        Lines of a first sheet 说明 Notes.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_workbook(Path(folder, "t.xlsx"), {"村": pd.DataFrame({"人口": [1]})}, date="2026-01-01")
    """
    book = Workbook()
    first = book.active
    assert first is not None  # noqa: S101  a new Workbook has one sheet
    first.title = "说明 Notes"
    for line in notes:
        first.append([neutral(line)])
    first.column_dimensions["A"].width = 110
    for title, frame in sheets.items():
        _page(book.create_sheet(_NO_TITLE.sub("_", title)[:31]), frame)
    save_workbook(book, path, date=date)


def _page(page: Any, frame: pd.DataFrame) -> None:
    head = PatternFill("solid", fgColor="EDEFF2")
    page.append([neutral(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False):
        page.append([neutral(one) for one in row])
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True), head
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "A2"
    for number, name in enumerate(frame.columns, start=1):
        texts = [str(name), *(str(one) for one in frame.iloc[:200, number - 1])]
        lines = [line for text in texts for line in text.split("\n")]
        widest = max(sum(2 if ord(c) > 255 else 1 for c in line) for line in lines)
        blank = len(frame) > 0 and not any(texts[1:])  # a column to write into
        page.column_dimensions[get_column_letter(number)].width = _WIDEST if blank else min(widest + 2, _WIDEST)
        if any("\n" in one for one in texts[1:]):
            for (cell,) in page.iter_rows(min_row=2, min_col=number, max_col=number):
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def save_workbook(book: Workbook, path: Path, *, date: str) -> None:
    """Save a workbook with a given date instead of the clock's: the same cells are the same bytes.

    Parameters
    ----------
    book : Workbook
        Of openpyxl.
    path : pathlib.Path
        File to write.
    date : str
        ISO; the only date in the file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_workbook(Workbook(), Path(folder, "t.xlsx"), date="2026-01-01")
    ...     Path(folder, "t.xlsx").is_file()
    True
    """
    book.properties.created = datetime.fromisoformat(date)
    book.properties.creator = "riskmap"
    with BytesIO() as memory:
        book.save(memory)
        with ZipFile(memory) as source, ZipFile(path, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                if name == "docProps/core.xml":
                    stamp = rb"\g<1>" + f"{date}T00:00:00Z".encode()
                    content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", stamp, content)
                target.writestr(ZipInfo(name), content, compress_type=ZIP_DEFLATED)


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as comma-separated text in UTF-8 with a mark that spreadsheet programs know.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    rows : iterable of sequences
        The header first. Texts that look like formulas are neutralised, numbers written as text are left.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_csv(Path(folder, "t.csv"), [["a", "b"], ["=1+1", "-2.5"]])
    ...     Path(folder, "t.csv").read_text(encoding="utf-8-sig").split()
    ['a,b', "'=1+1,-2.5"]
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        for row in rows:
            writer.writerow([one if _is_number(one) else neutral(one) for one in row])


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a mapping as readable JSON, UTF-8, keys in the order given.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    content : mapping
        Plain values.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_json(Path(folder, "m.json"), {"县": "河曲"})
    ...     Path(folder, "m.json").read_text(encoding="utf-8").split()
    ['{', '"县":', '"河曲"', '}']
    """
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
