"""A page of sections and tables as one offline file: what the report and the quality page share."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from riskmap.maps.fonts import woff_subset
from riskmap.maps.style import NO_DATA_COLOUR
from riskmap.maps.words import CONFIDENCE, DASH, amount, number, quantity
from riskmap.model import ClassScheme, Text, Threshold
from riskmap.standards.source_words import source_text

__all__ = [
    "Cell",
    "Head",
    "Part",
    "Section",
    "Table",
    "class_cell",
    "data_uri",
    "rendered",
    "text_cell",
    "threshold_table",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a table.

    Parameters
    ----------
    text : Text
        What stands in it.
    colour : str
        Swatch before the text; ``unknown`` hatches it.
    bar : float, optional
        Length of a bar before the text, in em.
    flag : bool
        Whether it is set in the colour of warnings.
    """

    text: Text
    colour: str = ""
    unknown: bool = False
    bar: float | None = None
    flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Head of a column; ``right`` for numbers."""

    text: Text
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with its heads."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading, some lines, a picture and tables."""

    title: Text | None = None
    tag: Text | None = None
    lines: tuple[Text, ...] = ()
    image: str = ""
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter of the page: its title and its parts."""

    title: Text
    parts: tuple[Part, ...]


def text_cell(value: Any, unit: str = "") -> Cell:
    """Put a value into a cell: numbers with their unit, unknown as 无数据, text as it stands.

    Examples
    --------
    >>> text_cell(12.0, "km2").text.zh, text_cell("甲村").text.zh
    ('12 km²', '甲村')
    """
    if isinstance(value, Text):
        return Cell(text=value)
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return Cell(text=Text(DASH, DASH))
    if isinstance(value, str):
        return Cell(text=Text(value, value))
    return Cell(text=quantity(value, unit) if unit else Text(number(value), number(value)))


def class_cell(scheme: ClassScheme, code: Any) -> Cell:
    """Put a class into a cell, with its colour; anything but 1..K is 无数据.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> class_cell(book().scheme("comprehensive-risk"), 5).text.zh
    '高'
    """
    known = code is not None and not np.isnan(float(code)) and 1 <= int(code) <= scheme.size
    place = int(code) if known else 0
    return Cell(text=scheme.label(place), colour=scheme.colour(place) if known else NO_DATA_COLOUR, unknown=not known)


def threshold_table(thresholds: Iterable[Threshold]) -> Table:
    """Tabulate published values with source, clause and confidence; unverified ones are flagged.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> len(threshold_table([book().threshold("flood.dry_depth_m")]).rows)
    1
    """
    heads = tuple(
        Head(text=Text(zh, en))  # a value may be a sentence: no column of numbers, which never wraps
        for zh, en in (
            ("阈值", "Threshold"), ("取值", "Value"), ("来源", "Source"), ("条款或说明", "Clause"),
            ("可信度", "Confidence"),
        )
    )  # fmt: skip
    rows = tuple(
        (
            Cell(text=one.title),
            Cell(text=_value(one)),
            Cell(text=source_text(one.source)),
            Cell(text=source_text(one.clause or DASH)),
            Cell(text=CONFIDENCE[one.confidence], flag=one.unverified),
        )
        for one in thresholds
    )
    return Table(heads=heads, rows=rows)


def _value(threshold: Threshold) -> Text:
    value = threshold.value
    if isinstance(value, str):
        return Text(value, value)
    if isinstance(value, tuple):
        if not value:
            return Text(DASH, DASH)
        last = quantity(value[-1], threshold.unit)
        before = "".join(f"{amount(one, threshold.unit)}, " for one in value[:-1])
        return Text(before + last.zh, before + last.en)
    return quantity(value, threshold.unit)


def data_uri(content: bytes, *, kind: str) -> str:
    """Pack bytes into an address that needs no network.

    Examples
    --------
    >>> data_uri(b"a", kind="image/png")
    'data:image/png;base64,YQ=='
    """
    return f"data:{kind};base64,{b64encode(content).decode('ascii')}"


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template and put the font that its text needs into it.

    Parameters
    ----------
    template : str
        File in ``riskmap/maps/templates``.
    values : mapping
        What it shows; everything is escaped.

    Returns
    -------
    str
        HTML without any address outside itself.

    Raises
    ------
    RiskmapError
        As `riskmap.maps.fonts.font_path`.

    Examples
    --------
    >>> rendered.__name__
    'rendered'
    """
    css = files("riskmap.maps").joinpath("templates", "page.css").read_text(encoding="utf-8")
    page = _environment().get_template(template)
    reader = _Reader()
    reader.feed(page.render(**values, style=""))
    uri = data_uri(woff_subset("".join(sorted(set("".join(reader.seen))))), kind="font/woff")
    font = f'@font-face {{ font-family: "RM"; src: url({uri}) format("woff"); }}\n'
    return page.render(**values, style=Markup(font + css))  # noqa: S704  our own file and base64, no input


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("riskmap.maps", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Reader(HTMLParser):
    """Collects what a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  inherited
        self.seen += [value or "" for name, value in attrs if name in {"placeholder", "alt"}]

    def handle_data(self, data: str) -> None:
        self.seen.append(data)
