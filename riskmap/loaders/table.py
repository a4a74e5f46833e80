"""Read sheets and text tables: which row is the header, and which row of the file each record is."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from riskmap.loaders.delivered import Delivered
from riskmap.loaders.encoding import decode
from riskmap.loaders.headers import match_columns
from riskmap.loaders.refusal import Refusal, few
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["read_table"]

_SEARCHED_ROWS = 10
_TOTALS = frozenset({"合计", "总计", "小计", "total"})
_Row = tuple[int, Sequence[Any]]


def read_table(
    path: Path,
    spec: LayerSpec,
    *,
    sheet: str = "",
    encoding: str = "",
    columns: Mapping[str, str] | None = None,
) -> Delivered:
    """Read a workbook or a text table.

    The header is the one of the first ten rows that names most fields of `spec`; rows above it are titles.
    Empty rows and rows of totals (合计) at the end are no records.

    Parameters
    ----------
    path : Path
        ``.xlsx``, ``.xlsm``, ``.csv`` or ``.txt``.
    spec : LayerSpec
        Whose fields the header should name.
    sheet : str
        Sheet of a workbook; by default the one whose header names most fields.
    encoding : str
        Of a text table; found by itself when empty.
    columns : mapping, optional
        Field = header, as in ``county.toml``.

    Returns
    -------
    Delivered
        The index of the frame is the sheet's own row number, or the line of the text file.

    Raises
    ------
    LayerError
        Not a workbook, no such sheet, undecodable text, or no header.

    Examples
    --------
    >>> import tempfile
    >>> from riskmap.standards import layer_spec
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "villages.csv")
    ...     _ = path.write_text("村代码,村名\\n140930100201,甲村\\n", encoding="gbk")
    ...     got = read_table(path, layer_spec("villages"))
    >>> got.encoding, got.frame.loc[2, "村名"]
    ('GB18030 (fallback)', '甲村')
    """
    label = ""
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        part, rows = _sheet(path, spec, sheet, columns or {})
    else:
        text, label = decode(path.read_bytes(), declared=encoding, where=path.name)
        part, rows = "", list(_lines(text, path.name))
    at = _header(rows, spec, columns or {})
    if at is None:
        raise Refusal(
            path.name,
            Text("表是空的", "the table is empty"),
            Text("第一行写表头，其下写记录", "give a header row and records under it"),
            rule="empty-layer",
        )
    return _records(rows, at, spec=spec, found=(label, part))


def _records(rows: list[_Row], at: int, *, spec: LayerSpec, found: tuple[str, str]) -> Delivered:
    header = _unique(rows[at][1])
    width = len(header)
    findings, records, numbers = [], [], []
    for number, cells in rows[at + 1 :]:
        if not any(_filled(one) for one in cells):
            continue
        if any(str(one).strip().lower() in _TOTALS for one in cells[:3]):
            findings.append(_note(spec, number, "totals-row", Text("合计行，不作为记录", "a row of totals, no record")))
            continue
        if any(_filled(one) for one in cells[width:]):
            findings.append(_ragged(spec, number, len(cells), width))
            continue
        records.append([*cells[:width], *[None] * (width - len(cells))])
        numbers.append(number)
    frame = pd.DataFrame(
        records,
        columns=pd.Index(header, dtype=object),
        index=pd.Index(numbers, name="row", dtype="int64"),
        dtype=object,
    )
    named = [one for one in header if not one.startswith("\0")]
    return Delivered(frame=frame[named], encoding=found[0], part=found[1], findings=tuple(findings))


def _unique(cells: Sequence[Any]) -> list[str]:
    """Header texts; empty ones (marked by a leading NUL) and repeated ones made distinct."""
    names: list[str] = []
    for number, cell in enumerate(cells):
        name = " ".join(str(cell).split()) if _filled(cell) else f"\0{number}"
        names.append(name if name not in names else f"{name} ({number + 1})")
    while names and names[-1].startswith("\0"):
        names.pop()
    return names


def _note(spec: LayerSpec, row: int, rule: str, what: Text) -> Finding:
    cure = Text("无需处理", "nothing to do")
    return Finding(rule=rule, severity="note", layer=spec.name, row=row, message=what, cure=cure)


def _ragged(spec: LayerSpec, row: int, have: int, width: int) -> Finding:
    what = Text(f"有 {have} 个单元格，表头只有 {width} 个", f"has {have} cells under {width} headers")
    cure = Text("含逗号的文字加引号，或改用 xlsx", "quote texts that hold commas, or deliver xlsx")
    return Finding(rule="ragged-row", severity="error", layer=spec.name, row=row, message=what, cure=cure)


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _header(rows: list[_Row], spec: LayerSpec, columns: Mapping[str, str]) -> int | None:
    """Position of the row that names most fields; the first filled one if none names any."""
    best, most = None, -1
    for at, (_, cells) in enumerate(rows[:_SEARCHED_ROWS]):
        names = [" ".join(str(one).split()) for one in cells if _filled(one)]
        count = len(match_columns(names, spec, columns=columns).found)
        if names and count > most:
            best, most = at, count
    return best


def _lines(text: str, where: str) -> Iterator[_Row]:
    head = text[:20000]
    first = head.split("\n", 1)[0]
    mark = max(",\t;|，", key=first.count)
    mark = mark if mark in first or " " not in first.strip() else " "
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=mark == " ")
    before = 0
    try:
        for cells in reader:
            yield before + 1, cells
            before = reader.line_num
    except csv.Error as fault:
        what = Text(f"第 {before + 1} 行不能读取（{fault}）", f"line {before + 1} cannot be read ({fault})")
        raise Refusal(where, what, Text("检查引号是否成对", "check that quotation marks are paired")) from None


def _sheet(path: Path, spec: LayerSpec, name: str, columns: Mapping[str, str]) -> tuple[str, list[_Row]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as fault:
        raise Refusal(
            path.name,
            Text(
                "不是可读的 xlsx 工作簿（加密、损坏或旧版 xls）",
                f"is no readable xlsx workbook (encrypted, damaged or an old xls: {fault})",
            ),
            Text("去掉密码，另存为 .xlsx", "remove the password and save as .xlsx"),
        ) from None
    try:
        sheets = [one.title for one in book.worksheets]
        if name and name not in sheets:
            what = Text(f"没有工作表“{name}”，有：{few(sheets)}", f"has no sheet '{name}'; there are {few(sheets)}")
            raise Refusal(
                path.name,
                what,
                Text("改正 county.toml 的 sheet", "correct sheet in county.toml"),
                rule="no-sheet",
            )
        wanted = name or _best_sheet(book, spec, columns)
        return wanted, _cells(book[wanted])
    finally:
        book.close()


def _best_sheet(book: Any, spec: LayerSpec, columns: Mapping[str, str]) -> str:
    counts = {}
    for one in book.worksheets:
        rows = _cells(one, most=_SEARCHED_ROWS)
        at = _header(rows, spec, columns)
        names = [" ".join(str(cell).split()) for cell in rows[at][1] if _filled(cell)] if at is not None else []
        counts[one.title] = len(match_columns(names, spec, columns=columns).found)
    return max(counts, key=lambda title: counts[title])


def _cells(sheet: Any, *, most: int | None = None) -> list[_Row]:
    sheet.reset_dimensions()
    return list(enumerate(sheet.iter_rows(values_only=True, max_row=most), 1))
