"""What makes a long report readable: short tables, small pictures, a list of its contents."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PIL import Image

from riskmap.maps.document import Part, Section, Table, data_uri
from riskmap.maps.words import number
from riskmap.model import Text

__all__ = ["LONG_TABLE", "embedded", "printed_rows", "rest_line", "shortened"]

LONG_TABLE = 10
"""Rows that the report prints of a table; the others stand in the workbook."""

_WIDTH_PX, _QUALITY = 1600, 80


def embedded(png: bytes) -> str:
    """Make a sheet small enough to stand in a page: as wide as the page prints it, packed as WebP.

    Parameters
    ----------
    png : bytes
        A sheet; its file beside the report stays as it is.

    Returns
    -------
    str
        Data address; the picture keeps its proportions and is never made larger.

    Examples
    --------
    >>> out = io.BytesIO()
    >>> Image.new("RGB", (2400, 1200), "white").save(out, "PNG")
    >>> embedded(out.getvalue())[:23]
    'data:image/webp;base64,'
    """
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB")
    if picture.width > _WIDTH_PX:
        height = round(picture.height * _WIDTH_PX / picture.width)
        picture = picture.resize((_WIDTH_PX, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=4)
    return data_uri(out.getvalue(), kind="image/webp")


def shortened(
    sections: Sequence[Section], *, sheets: Mapping[str, Text], rows: int = LONG_TABLE
) -> tuple[Section, ...]:
    """Cut the long tables of some chapters, and say where the rest stands.

    Parameters
    ----------
    sections : sequence of Section
        Chapters of the report.
    sheets : mapping of str to Text
        Sheet of the workbook by the Chinese title of a part; a part without a sheet stays whole.
    rows : int
        How many are printed.

    Returns
    -------
    tuple of Section

    Examples
    --------
    >>> shortened([], sheets={})
    ()
    """
    return tuple(replace(one, parts=tuple(_short(part, sheets, rows=rows) for part in one.parts)) for one in sections)


def _short(part: Part, sheets: Mapping[str, Text], *, rows: int) -> Part:
    longest = max((len(one.rows) for one in part.tables), default=0)
    sheet = None if part.title is None else sheets.get(part.title.zh)
    if printed_rows(longest, rows) == longest or sheet is None:
        return part
    line = rest_line(longest, rows, sheet)
    return replace(part, lines=(*part.lines, line), tables=tuple(_cut(one, rows) for one in part.tables))


def _cut(table: Table, rows: int) -> Table:
    return replace(table, rows=table.rows[:rows])


def printed_rows(every: int, rows: int = LONG_TABLE) -> int:
    """How many rows of a table are printed: all of one that is at most half longer than asked, for little would be saved.

    Examples
    --------
    >>> printed_rows(8), printed_rows(15), printed_rows(16)
    (8, 15, 10)
    """
    return every if every <= rows + rows // 2 else rows


def rest_line(every: int, shown: int, sheet: Text) -> Text:
    """Say how many rows a table has and where they all are.

    Examples
    --------
    >>> rest_line(193, 20, Text("等级成因", "Why this class")).zh
    '共 193 行，此处列前 20 行；全部见 tables.xlsx 的工作表“等级成因”'
    """
    return Text(
        f"共 {number(every)} 行，此处列前 {number(shown)} 行；全部见 tables.xlsx 的工作表“{sheet.zh}”",
        f"The first {number(shown)} of {number(every)} rows; all of them: tables.xlsx, sheet {sheet.zh} ({sheet.en})",
    )
