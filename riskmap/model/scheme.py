"""Class schemes and thresholds: published tables as frozen nouns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from riskmap.errors import StandardError
from riskmap.model.shown import fields_frame, frame_html
from riskmap.model.text import Text

__all__ = ["NO_CLASS", "Breaks", "ClassScheme", "Classification", "Confidence", "Threshold", "full_colour"]

Confidence = Literal["A", "A2", "B", "C", "county-confirmed"]
Breaks = Literal["fixed", "jenks", "quantile", "equal", "mean_sd", "geometric", "head_tail", "kmeans"]

NO_CLASS = 255
"""Value of a class raster where nothing is known."""
_HEX, _FULL = re.compile("#(?:[0-9a-fA-F]{3}){1,2}"), 7


def full_colour(colour: str) -> str:
    """Write a hex colour with six digits.

    Parameters
    ----------
    colour : str
        ``#eee`` or ``#eeeeee``.

    Returns
    -------
    str

    Raises
    ------
    StandardError
        Anything else: names are not known to every program that a style is read by.

    Examples
    --------
    >>> full_colour("#fc8"), full_colour("#FFCC88")
    ('#ffcc88', '#FFCC88')
    """
    if not isinstance(colour, str) or not _HEX.fullmatch(colour):
        raise StandardError(
            f"colour {colour!r}; allowed: # with three or six hex digits; write it as '#fc8' or '#ffcc88'"
        )
    return colour if len(colour) == _FULL else "#" + "".join(2 * one for one in colour[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One published number, with where it stands and how sure we are of it.

    Parameters
    ----------
    key : str
        ``table.name`` in `riskmap/standards`.
    value : float, str or tuple
        The number, or a row of numbers.
    unit : str
        Its unit; ``""`` for none.
    title : Text
        What it bounds.
    source, clause : str
        The document and the place in it.
    confidence : {"A", "A2", "B", "C", "county-confirmed"}
        A: clause read. A2: read in a secondary source. B: well known. C: candidate, unverified.
    """

    key: str
    value: float | str | tuple[float, ...]
    title: Text
    unit: str = ""
    source: str
    clause: str = ""
    confidence: Confidence

    _repr_html_ = frame_html
    to_frame = fields_frame

    @property
    def unverified(self) -> bool:
        """True where outputs must carry the mark 未核实 / unverified."""
        return self.confidence == "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScheme:
    """How a quantity is cut into named classes.

    Classes are numbered 1..K from low to high severity. A class holds ``[edge, next edge)`` (以上 includes
    the number, 以下 excludes it). With ``direction=-1`` low values are severe (SPI): the quantity is negated
    before it is cut, so a class holds ``(next edge, edge]`` of the quantity itself.

    Parameters
    ----------
    name : str
        Key in the standards.
    title : Text
        What is classed.
    labels : tuple of Text
        K names, low to high severity.
    colours : tuple of str
        K hex colours, low to high; ``#eee`` is kept as ``#eeeeee``.
    breaks : {"fixed", "jenks", "quantile", "equal", "mean_sd", "geometric", "head_tail", "kmeans"}
        ``fixed``: `edges` are given. The others are found from the data, and stored.
    edges : tuple of float
        K-1 inner edges of the severity (ascending), i.e. of ``direction * quantity``; empty unless known.
    options : mapping
        What `breaks` needs: ``quantiles`` or ``multiples`` (of the standard deviation).
    quantity, unit : str
        What is cut.
    source, clause, confidence
        As in `Threshold`.

    Raises
    ------
    StandardError
        A colour that is none.

    Examples
    --------
    >>> spi = ClassScheme(name="s", title=Text("干旱", "Drought"), direction=-1, edges=(0.5, 1.0),
    ...     labels=(Text("无旱", "none"), Text("轻旱", "light"), Text("中旱", "moderate")),
    ...     colours=("#eee", "#fc8", "#f84"), source="GB/T 20481-2017", confidence="A2")
    >>> spi.size
    3
    """

    name: str
    title: Text
    labels: tuple[Text, ...]
    colours: tuple[str, ...]
    breaks: Breaks = "fixed"
    edges: tuple[float, ...] = ()
    direction: Literal[1, -1] = 1
    options: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    quantity: str = ""
    unit: str = ""
    source: str
    clause: str = ""
    confidence: Confidence

    _repr_html_ = frame_html

    def __post_init__(self) -> None:
        try:
            colours = tuple(full_colour(one) for one in self.colours)
        except StandardError as fault:
            raise StandardError(f"scheme {self.name!r}: {fault}") from None
        object.__setattr__(self, "colours", colours)

    def to_frame(self) -> pd.DataFrame:
        """Classes 1..K: label, colour, and the bounds of the quantity (NaN where open or not yet known)."""
        edges = self.edges or (np.nan,) * (self.size - 1)
        bounds = np.array([np.nan, *edges, np.nan])
        low, high = bounds[:-1], bounds[1:]
        if self.direction == -1:
            low, high = -high, -low
        table = {"label": [str(one) for one in self.labels], "colour": self.colours, "low": low, "high": high}
        return pd.DataFrame(table, index=pd.RangeIndex(1, self.size + 1, name="class"))

    @property
    def size(self) -> int:
        """Number of classes K."""
        return len(self.labels)

    @property
    def unverified(self) -> bool:
        """True where outputs must carry the mark 未核实 / unverified."""
        return self.confidence == "C"

    def label(self, code: int) -> Text:
        """Name of class `code` (1..K); 无数据 / no data for anything else."""
        return self.labels[code - 1] if 1 <= code <= self.size else Text("无数据", "no data")

    def colour(self, code: int) -> str:
        """Hex colour of class `code`; a light grey for anything else."""
        return self.colours[code - 1] if 1 <= code <= self.size else "#d9d9d9"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classification:
    """Values put into the classes of a scheme.

    Parameters
    ----------
    codes : numpy.ndarray of uint8
        Class 1..K of each value, `NO_CLASS` where the value is NaN; shaped like the values.
    scheme : ClassScheme
        With `edges` filled in as they were used.
    goodness : float
        Goodness of variance fit (0..1): share of the variance that the classes explain; NaN if no variance.
    """

    codes: np.ndarray
    scheme: ClassScheme
    goodness: float

    _repr_html_ = frame_html

    @property
    def title(self) -> Text:
        """What is classed."""
        return self.scheme.title

    def to_frame(self) -> pd.DataFrame:
        """Classes of the scheme with the number of values in each and its share of those that have a class."""
        frame = self.scheme.to_frame()
        count = np.array([int((self.codes == code).sum()) for code in frame.index])
        return frame.assign(count=count, share=count / max(count.sum(), 1))
