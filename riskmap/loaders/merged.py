"""Merged cells of a sheet: what they say holds for all that they cover, numbers excepted."""

from collections.abc import Mapping, Sequence
from typing import Any

from riskmap.loaders.headers import match_columns
from riskmap.loaders.refusal import shown
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["filled_header", "filled_records"]

_Row = tuple[int, Sequence[Any]]
_Merged = Mapping[int, Mapping[int, tuple[int, int]]]
"""Row -> column -> first row and column of its merged cell, from 0."""


def filled_header(rows: Sequence[_Row], at: int, merged: _Merged) -> tuple[list[list[str]], int]:
    """Header of a sheet, also when it stands over two rows.

    Parameters
    ----------
    rows : sequence of (int, sequence)
        Row number from 1, and its cells.
    at : int
        Position of the row that was taken for the header.
    merged : mapping
        Merged cells by row and column, from 0.

    Returns
    -------
    header : list of list of str
        The row with the columns' own names; before it the row of headings above them, if there is one.
    last : int
        Position of the header's last row.

    Examples
    --------
    >>> rows = [(1, ["编号", "威胁", ""]), (2, ["", "人数", "财产"]), (3, ["1", 5, 6])]
    >>> filled_header(rows, 0, {0: {2: (0, 1)}, 1: {0: (0, 0)}})
    ([['编号', '威胁', '威胁'], ['编号', '人数', '财产']], 1)
    """
    deep = [row for row, cells in merged.items() for top, _ in cells.values() if top == at < row < len(rows)]
    last = max(deep, default=at)
    own = _filled_row(rows, last, merged)
    tops = [top for top, _ in merged.get(last, {}).values() if top < last]
    if not tops:
        return [own], last
    above = _filled_row(rows, last - 1, merged)
    width = max(len(above), len(own))
    return [one + [""] * (width - len(one)) for one in (above, own)], last


def _filled_row(rows: Sequence[_Row], at: int, merged: _Merged) -> list[str]:
    cells = list(rows[at][1])
    for column, (top, left) in merged.get(at, {}).items():
        if column < len(cells) and top < len(rows) and left < len(rows[top][1]):
            cells[column] = rows[top][1][left]
    return ["" if one is None else " ".join(str(one).split()) for one in cells]


def filled_records(
    rows: Sequence[_Row], header: Sequence[str], merged: _Merged, *, spec: LayerSpec
) -> tuple[list[_Row], list[Finding]]:
    """Records with the texts of the merged cells that they belong to.

    Parameters
    ----------
    rows : sequence of (int, sequence)
        Records: row number from 1, and cells.
    header : sequence of str
        Names of the columns.
    merged : mapping
        Merged cells by row and column, from 0.
    spec : LayerSpec
        Says which columns hold numbers: those stay with the first record, lest they be counted twice.

    Returns
    -------
    rows : list of (int, sequence)
        Same rows.
    findings : list of Finding
        How many cells were filled, and each record whose number stands in a merged cell above it.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> filled_records([(2, ["上乡", "甲"]), (3, ["", "乙"])], ["乡镇", "村名"], {2: {0: (1, 0)}}, spec=layer_spec("villages"))[0]
    [(2, ['上乡', '甲']), (3, ['上乡', '乙'])]
    """
    if not merged:
        return list(rows), []
    types = {one.name: one.dtype for one in spec.fields}
    found = match_columns([one for one in header if one], spec).found
    known = {header.index(one) for one in found.values()}
    counted = {header.index(one) for name, one in found.items() if types.get(name) in {"number", "integer"}}
    by_row = {number - 1: cells for number, cells in rows}
    out: list[_Row] = []
    findings: list[Finding] = []
    count = 0
    for number, cells in rows:
        own = list(cells)
        for column, (top, left) in merged.get(number - 1, {}).items():
            above = by_row.get(top)
            if above is None or left != column or top == number - 1 or not any(str(one).strip() for one in cells):
                continue
            if column in counted:
                value = shown(above[column])
                findings.append(_shared(spec, number, (header[column], value, top + 1)))
            elif column < len(own) and (column in known or isinstance(above[column], str)):
                own[column] = above[column]
                count += 1
        out.append((number, own))
    if count:
        what = Text(
            f"{count} 个单元格取所属合并单元格的文字", f"{count} cells take the text of the merged cell they belong to"
        )
        cure = Text("提交前取消合并并填满", "unmerge and fill the cells before delivery")
        findings.insert(
            0, Finding(rule="merged-cells", severity="note", layer=spec.name, message=what, cure=cure, mended=True)
        )
    return out, findings


def _shared(spec: LayerSpec, row: int, cell: tuple[str, str, int]) -> Finding:
    column, value, first = cell
    what = Text(
        f"数值与第 {first} 行在同一合并单元格中，只计入第 {first} 行",
        f"its number stands in one merged cell with row {first} and is counted there only",
    )
    cure = Text("取消合并，按记录分开填写", "unmerge, and give each record its own number")
    return Finding(
        rule="merged-number",
        severity="warning",
        layer=spec.name,
        row=row,
        field=column,
        value=value,
        message=what,
        cure=cure,
    )
