"""What a file holds, before any check."""

from dataclasses import dataclass
from typing import Any

from riskmap.model.layers import Finding

__all__ = ["Delivered"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Delivered:
    """What a file holds, before any check.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Columns under their delivered headers; the index is the row as a person counts it in the file.
    encoding : str
        Encoding of its texts and how it was decided; ``""`` where the format fixes it.
    part : str
        Sheet or layer inside the file that was read.
    findings : tuple of Finding
        What had to be mended while reading.
    cut : bool
        Headers may be cut to ten bytes.
    """

    frame: Any
    encoding: str = ""
    part: str = ""
    findings: tuple[Finding, ...] = ()
    cut: bool = False
