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

__all__ = ["neutral", "save_workbook", "write_csv", "write_json"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ONE = r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?"
_NUMBERS = re.compile(rf"{_ONE}((, ?|; ?|，|、|；| ){_ONE})*", re.IGNORECASE)


def neutral(value: object) -> object:
    """Return a cell value that no spreadsheet program takes for a formula.

    Parameters
    ----------
    value : object
        Text that begins with ``= + - @`` (also full width), a tab or a carriage return gets an apostrophe before it,
        unless it reads as a number or a list of numbers; other control characters are taken out; NaN becomes None.

    Returns
    -------
    object

    Examples
    --------
    >>> neutral("=1+1"), neutral("-1+1"), neutral("-3.064, -0.7275"), neutral(-2.5), neutral(float("nan"))
    ("'=1+1", "'-1+1", '-3.064, -0.7275', -2.5, None)
    """
    if isinstance(value, str):
        clean = "".join(one for one in value if one >= " " or one in "\t\n")
        guarded = value[:1] == "\r" or clean.startswith(_FORMULA_STARTS)
        return f"'{clean}" if guarded and not _NUMBERS.fullmatch(clean) else clean
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if hasattr(value, "item") else value


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
            writer.writerow([neutral(one) for one in row])


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
