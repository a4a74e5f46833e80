"""Sheets of a workbook (.xlsx, .xlsm, .xls of 1997-2003, .xlsb), read at arm's length."""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from riskmap.loaders import workbook_child
from riskmap.loaders.archive import check_markup, members
from riskmap.loaders.kinds import kind_of
from riskmap.loaders.limits import MOST_SHEET_CELLS, WORKBOOK_BYTES, WORKBOOK_SECONDS
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.model.text import Text

__all__ = ["Sheet", "read_sheets"]

_ENDS = {10: "password", 12: "no-sheet", 13: "absurd"}
_SAVE = Text("用 Excel 或 WPS 打开，另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """One sheet.

    Parameters
    ----------
    name : str
        Its tab.
    rows : sequence of sequences
        From the sheet's first row and column; ``""`` where a cell is empty.
    merged : mapping of int to dict
        Row -> column -> first row and first column of the merged cell it belongs to (numbers from 0; the first cell
        of each is left out).
    numbered : list of (int, sequence)
        Rows with their numbers, where they are lines of a text.
    """

    name: str
    rows: Sequence[Sequence[Any]]
    merged: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)
    numbered: list[tuple[int, Sequence[Any]]] = field(default_factory=list)


def read_sheets(path: Path, *, sheet: str = "") -> list[Sheet]:
    """Read the sheets of a workbook in a process of its own, within bounds of time and memory.

    Parameters
    ----------
    path : Path
        Workbook, whatever its suffix.
    sheet : str
        Only this one; ``""`` for all.

    Returns
    -------
    list of Sheet
        In the order of the tabs, charts left out.

    Raises
    ------
    LayerError
        Under a password, damaged, with a document type in its markup, with no such sheet, or with more cells than
        `riskmap.loaders.limits` allow.

    Examples
    --------
    >>> import tempfile, openpyxl
    >>> book = openpyxl.Workbook()
    >>> book.active.append(["村名", 12])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     book.save(Path(folder, "a.xlsx"))
    ...     read_sheets(Path(folder, "a.xlsx"))[0].rows
    [['村名', 12.0]]
    """
    if kind_of(path) == "workbook-zip":
        names = members(path)
        check_markup(path, [one for one in names if one.lower().endswith((".xml", ".rels"))])
    size = path.stat().st_size
    command = [sys.executable, "-I", workbook_child.__file__, str(path), sheet]
    command += [str(MOST_SHEET_CELLS), str(WORKBOOK_BYTES)]
    try:
        done = subprocess.run(  # noqa: S603 - our own script, no shell
            command, capture_output=True, check=False, timeout=WORKBOOK_SECONDS * (1 + size / (1 << 20))
        )
    except subprocess.TimeoutExpired:
        raise _absurd(path, "") from None
    if done.returncode == 0:
        return [_sheet(*one) for one in pickle.loads(done.stdout)]  # noqa: S301 - written by our own script
    raise _refused(path, sheet, done)


def _sheet(name: str, rows: list[list[Any]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> Sheet:
    merged: dict[int, dict[int, tuple[int, int]]] = {}
    height, width = len(rows), max((len(one) for one in rows), default=0)
    for (top, left), (bottom, right) in ranges:
        if top >= height or left >= width:
            continue
        for row in range(top, min(bottom + 1, height)):
            for column in range(left, min(right + 1, width)):
                if (row, column) != (top, left):
                    merged.setdefault(row, {})[column] = (top, left)
    return Sheet(name=name, rows=rows, merged=merged)


def _refused(path: Path, sheet: str, done: "subprocess.CompletedProcess[bytes]") -> Refusal:
    said = done.stderr.decode("utf-8", "replace")
    kind = _ENDS.get(
        done.returncode, "damaged" if done.returncode > 0 and "memory allocation" not in said else "absurd"
    )
    if kind == "absurd":
        return _absurd(path, said)
    if kind == "no-sheet":
        names = said.splitlines()
        what = Text(f"没有工作表“{sheet}”，有：{few(names)}", f"has no sheet '{sheet}'; there are {few(names)}")
        cure = Text("改正 county.toml 的 sheet", "correct sheet in county.toml")
        return Refusal(path.name, what, cure, rule="no-sheet")
    if kind == "password":
        what = Text("工作簿有密码", "the workbook is under a password")
        return Refusal(path.name, what, Text("去掉密码后另存", "remove the password and save it again"))
    cause = shown(said.strip().splitlines()[-1] if said.strip() else "", most=150)
    what = Text(f"不是可读的工作簿，或已损坏（{cause}）", f"is no readable workbook, or damaged ({cause})")
    return Refusal(path.name, what, _SAVE)


def _absurd(path: Path, said: str) -> Refusal:
    size = said if " x " in said and len(said) < 40 else ""
    what = Text(
        f"工作表的行列范围过大或内容无法读完{f'（{size}）' if size else ''}，最多 {MOST_SHEET_CELLS:,} 个单元格",
        f"its sheets span too many cells{f' ({size})' if size else ''} or cannot be read to the end; "
        f"allowed: {MOST_SHEET_CELLS:,} cells",
    )
    cure = Text("删除数据区以外的行和列，另存为 .xlsx", "delete rows and columns outside the data and save it as .xlsx")
    return Refusal(path.name, what, cure, rule="absurd-size")
