"""A table that planning asks for: ranked lists, comparisons, shares per class. What it is and how to say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from riskmap.model.scheme import ClassScheme, Threshold
from riskmap.model.shown import fields_frame, frame_html, short_text
from riskmap.model.text import Text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["ProductRaster", "ProductTable"]

_YES = {True: Text("是", "yes"), False: Text("否", "no")}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductRaster:
    """A raster that belongs to a product.

    Parameters
    ----------
    title : Text
        What it shows.
    array : DataArray
        Dims ``(y, x)``, or a leading one of bands.
    scheme : ClassScheme, optional
        Of classes 1..K. Without one the raster holds percentages (uint8, 255 unknown), the low ones drawn dark.

    Examples
    --------
    >>> ProductRaster.__name__
    'ProductRaster'
    """

    title: Text
    array: "xr.DataArray"
    scheme: ClassScheme | None = None

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductTable:
    """One finished table, with or without places, that stands in the database, the workbook and the report.

    Parameters
    ----------
    name : str
        Table name in the database, lower case: ``relocation_list``.
    title : Text
        What it shows.
    frame : DataFrame or GeoDataFrame
        Its rows, the most urgent first; a named index becomes the first column.
    headers : mapping of str to Text
        Header of each column that the house does not know yet.
    words : mapping of str to mapping
        Column to the words for its codes.
    schemes : mapping of str to ClassScheme
        Columns that hold classes 1..K; the first one colours the places.
    notes : tuple of Text
        How it was made, what it leaves out; printed over it in the report.
    internal : bool
        True for what names people or secret sites: never in a public edition.
    rows_shown : int
        How many rows the report prints; the others stand in the workbook. 0: it does not stand in the report.
    theme : Text, optional
        The group in which lists of tables show it; set by the pipeline.
    check : bool
        True for what tries the method rather than tells of the county; the report has a chapter of its own for these.
    columns_shown : tuple of str
        Columns that the report prints; all unless given. A column with its English beside it (``name`` and
        ``name_en``, ``reason_zh`` and ``reason_en``) is one column there.
    thresholds : tuple of Threshold
        Declared values that went in.
    rasters : mapping of str to ProductRaster
        By file stem.

    Examples
    --------
    >>> ProductTable.__name__
    'ProductTable'
    """

    name: str
    title: Text
    frame: "pd.DataFrame"
    headers: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Mapping[Any, Text]] = field(default_factory=dict)
    schemes: Mapping[str, ClassScheme] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    internal: bool = False
    rows_shown: int = 20
    theme: Text | None = None
    check: bool = False
    columns_shown: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    rasters: Mapping[str, ProductRaster] = field(default_factory=dict)

    __repr__ = short_text

    def _repr_html_(self) -> str:
        return frame_html(self, frame=self.in_words())

    def to_frame(self) -> "pd.DataFrame":
        """Return the rows."""
        return self.frame

    def in_words(self) -> "pd.DataFrame":
        """Return the rows with the headers, words and names of classes of this table in place of names and codes."""

        def say(name: Any, values: Any) -> Any:
            said = self.words.get(name, _YES if values.dtype == bool else {})
            if name in self.schemes:
                return values.map(self.schemes[name].label)
            return values.map(lambda value: said.get(value, value))

        frame = self.frame.assign(
            **{str(name): say(name, self.frame[name]) for name in self.frame if name != "geometry"}
        )
        heads: dict[Any, str] = {name: str(one) for name, one in self.headers.items()}
        frame.index = say(frame.index.name, frame.index).rename(heads.get(frame.index.name, frame.index.name))
        return frame.rename(columns=heads)
