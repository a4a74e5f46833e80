"""Read sheets and text tables: which row is the header, and which row of the file each record is."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.loaders.delivered import Delivered
from riskmap.loaders.encoding import decode
from riskmap.loaders.headers import match_columns
from riskmap.loaders.kinds import check_kind, kind_of
from riskmap.loaders.limits import MOST_CELL_TEXT, MOST_COLUMNS, MOST_TEXT
from riskmap.loaders.merged import filled_header, filled_records
from riskmap.loaders.refusal import Refusal
from riskmap.loaders.workbook import Sheet, read_sheets
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["is_table", "read_table"]

_SEARCHED_ROWS = 10
_TOTALS = frozenset({"合计", "总计", "小计", "total"})
_TABLES = {
    "workbook-zip": "xlsx", "workbook-ole": "xls", "text": "csv", "json": "csv", "markup": "csv", "asc": "csv",
    "unknown": "csv", "empty": "csv",
}  # fmt: skip
"""Kinds of file that hold a table; what looks like other text may still be one."""
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb"})
_SUFFIXES = _WORKBOOKS | {".csv", ".txt", ".tsv"}
_Row = tuple[int, Sequence[Any]]


def is_table(path: Path) -> bool:
    """Say whether a file is read as a table: by its suffix, or because it is a workbook whatever it is called.

    Examples
    --------
    >>> is_table(Path("a.csv")), is_table(Path("a.gpkg"))
    (True, False)
    """
    return path.suffix.lower() in _SUFFIXES or (path.is_file() and kind_of(path).startswith("workbook"))


def read_table(
    path: Path,
    spec: LayerSpec,
    *,
    sheet: str = "",
    encoding: str = "",
    columns: Mapping[str, str] | None = None,
) -> Delivered:
    """Read a workbook or a text table.

    The header is the one of the first ten rows that names most fields of `spec`; rows above it are titles, and a
    heading over several columns goes before their own names where that makes a field's name. A text in a merged cell
    holds for all its rows; a number stays with the first. Empty rows and rows of totals (合计) are no records.

    Parameters
    ----------
    path : Path
        A workbook (``.xlsx``, ``.xlsm``, ``.xls``, ``.xlsb``) or a text table (``.csv``, ``.txt``); its content decides.
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
        A format that is not read, no such sheet, undecodable text, no header, or larger than `riskmap.loaders.limits`.

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
    wanted = dict(columns or {})
    kind = check_kind(path, allowed=_TABLES)
    if kind.startswith("workbook") or path.suffix.lower() in _WORKBOOKS - ({".xls"} if kind == "text" else set()):
        label, one = "", _best_sheet(read_sheets(path, sheet=sheet), spec, wanted)
    else:
        text, label = decode(_bytes(path), declared=encoding, where=path.name)
        one = Sheet(name="", rows=(), numbered=list(_lines(text, path.name)))
    rows: list[_Row] = one.numbered or list(enumerate(one.rows, 1))
    at = _header(rows, spec, wanted)
    if at is None:
        what = Text("表是空的", "the table is empty")
        cure = Text("第一行写表头，其下写记录", "give a header row and records under it")
        raise Refusal(path.name, what, cure, rule="empty-layer")
    if len(rows[at][1]) > MOST_COLUMNS:
        what = Text(
            f"有 {len(rows[at][1]):,} 列，最多 {MOST_COLUMNS:,} 列",
            f"has {len(rows[at][1]):,} columns; allowed: {MOST_COLUMNS:,}",
        )
        raise Refusal(
            path.name, what, Text("删除多余的列", "delete the columns that are not needed"), rule="absurd-size"
        )
    header, last = filled_header(rows, at, one.merged)
    header = _composed(header, spec, wanted)
    body, told = filled_records(rows[last + 1 :], header[-1], one.merged, spec=spec)
    return _records(header[-1], body, found=(label, one.name, told), spec=spec)


def _bytes(path: Path) -> bytes:
    size = path.stat().st_size
    if size > MOST_TEXT:
        what = Text(f"文本表有 {size:,} 字节，最多 {MOST_TEXT:,} 字节", f"has {size:,} bytes; allowed: {MOST_TEXT:,}")
        raise Refusal(
            path.name, what, Text("只提交本县的记录", "deliver only this county's records"), rule="absurd-size"
        )
    return path.read_bytes()


def _composed(header: list[list[str]], spec: LayerSpec, columns: Mapping[str, str]) -> list[list[str]]:
    """Names of the columns; where a heading stands over them, with it if only so they name a field."""
    if len(header) == 1:
        return header
    above, own = header
    choices = [own]
    for cut in ("", "对象", "情况", "信息"):
        pairs = zip(above, own, strict=True)
        choices.append([f"{upper.removesuffix(cut)}{lower}" if upper != lower else lower for upper, lower in pairs])
    fits = [
        set(match_columns([one for one in names if one], spec, columns=columns).found.values()) for names in choices
    ]
    names = list(own)
    for at, lower in enumerate(own):
        if own.count(lower) > 1 or lower not in fits[0]:
            both = [one[at] for one, fit in zip(choices[1:], fits[1:], strict=True) if one[at] in fit]
            names[at] = both[0] if both else choices[1][at]
    return [names]


def _records(
    names: list[str], rows: list[_Row], *, spec: LayerSpec, found: tuple[str, str, list[Finding]]
) -> Delivered:
    header = _unique(names)
    width = len(header)
    findings, records, numbers = list(found[2]), [], []
    for number, cells in rows:
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
    if "\0" in text:
        line, byte = text.count("\n", 0, text.index("\0")) + 1, text.index("\0")
        what = Text(f"第 {line} 行（第 {byte} 个字符）有空字符 (NUL)", f"line {line} (character {byte}) holds a NUL")
        raise Refusal(
            where, what, Text("重新导出为 UTF-8 的 csv 或 xlsx", "export it again as CSV in UTF-8, or as .xlsx")
        )
    first = text[:20000].split("\n", 1)[0]
    mark = max(",\t;|，", key=first.count)
    mark = mark if mark in first or " " not in first.strip() else " "
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=mark == " ")
    csv.field_size_limit(MOST_CELL_TEXT)
    before = start = 0
    try:
        for cells in reader:
            yield before + 1, cells
            start, before = before, reader.line_num
    except csv.Error as fault:
        what = Text(f"从第 {before + 1} 行起不能读取（{fault}）", f"cannot be read from line {before + 1} ({fault})")
        raise Refusal(where, what, Text("检查引号是否成对", "check that quotation marks are paired")) from None
    _check_closed(text, mark, start, where)


def _check_closed(text: str, mark: str, start: int, where: str) -> None:
    """Refuse a last record whose quotation mark is still open at the end: it has swallowed the rest of the file."""
    last = list(io.StringIO(text, newline=""))[start:]
    try:
        for _ in csv.reader(last, delimiter=mark, strict=True):
            pass
    except csv.Error as fault:
        if "unexpected end" not in str(fault):
            return
        what = Text(
            f"第 {start + 1} 行的引号直到文件末尾都没有闭合", f"the quotation mark on line {start + 1} is never closed"
        )
        raise Refusal(where, what, Text("补上引号", "close the quotation mark"), rule="open-quote") from None


def _best_sheet(sheets: list[Sheet], spec: LayerSpec, columns: Mapping[str, str]) -> Sheet:
    """The sheet whose header names most fields; the first of equals."""
    counts = []
    for one in sheets:
        rows = list(enumerate(one.rows[:_SEARCHED_ROWS], 1))
        at = _header(rows, spec, columns)
        names = [" ".join(str(cell).split()) for cell in rows[at][1] if _filled(cell)] if at is not None else []
        counts.append(len(match_columns(names, spec, columns=columns).found) + (0.5 if names else 0))
    return sheets[counts.index(max(counts))] if sheets else Sheet(name="", rows=())
