"""How large a delivery may be: what goes beyond is refused before it is read, never half read.

They guard the machine, not the result: a county's real layers stay far below each of them.
"""

__all__ = [
    "MOST_CELL_TEXT",
    "MOST_COLUMNS",
    "MOST_MEMBERS",
    "MOST_RASTER_CELLS",
    "MOST_ROWS",
    "MOST_SHEET_CELLS",
    "MOST_SQUEEZED",
    "MOST_SQUEEZED_RASTER",
    "MOST_TEXT",
    "MOST_UNPACKED",
    "SMALL_UNPACKED",
    "WORKBOOK_BYTES",
    "WORKBOOK_SECONDS",
]

MOST_MEMBERS = 20_000
"""Files in one archive (a File GDB has some hundred)."""

MOST_UNPACKED = 8 << 30
"""Bytes of all files of an archive together, unpacked (8 GB)."""

SMALL_UNPACKED = 64 << 20
"""An archive that unpacks to less (64 MB) may be squeezed as much as it likes."""

MOST_SQUEEZED = 200
"""Times that a larger archive may be smaller than its content (tables of blanks reach about 100)."""

MOST_SHEET_CELLS = 10_000_000
"""Cells of all sheets of a workbook together."""

MOST_ROWS = 20_000_000
"""Records of a vector layer or text table."""

MOST_COLUMNS = 2_000
"""Columns of a layer or table."""

MOST_CELL_TEXT = 1 << 20
"""Characters in one cell of a text table: more is a quotation mark that was never closed."""

MOST_TEXT = 1 << 30
"""Bytes of a text table (1 GB)."""

WORKBOOK_BYTES = 6 << 30
"""Memory that reading a workbook may take (6 GB)."""

WORKBOOK_SECONDS = 6.0
"""Seconds that reading a workbook may take, and as many again for each megabyte of it."""

MOST_RASTER_CELLS = 400_000_000
"""Cells of a raster inside the county."""

MOST_SQUEEZED_RASTER = 20_000
"""A raster that claims to hold so many times its file's size is damaged (the best codecs reach about 1,000)."""
