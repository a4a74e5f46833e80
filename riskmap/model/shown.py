"""Results as tables: what a notebook shows when one is the last line of a cell."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from html import escape
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from riskmap.model.text import Text

__all__ = ["Rows", "fields_frame", "frame_html", "short_text"]

_MOST = 12
_MOST_TEXT = 400
_COLOUR = re.compile(r"<td>(#[0-9a-fA-F]{6})</td>")
_SWATCH = r'<td><span style="background:\1;border:1px solid #999;padding:0 1em"></span> \1</td>'
_Noun = TypeVar("_Noun")


def frame_html(result: Any, *, frame: pd.DataFrame | None = None) -> str:
    """Show the table of a result as HTML, its ends only when it is long; shapes are left out.

    Parameters
    ----------
    result : object
        With a method ``to_frame``; its `title`, where it has one, stands over the table.
    frame : DataFrame, optional
        Shown instead of ``result.to_frame()``.

    Returns
    -------
    str
        All text of the table is escaped. A colour (``#rrggbb``) is shown as such.

    Examples
    --------
    >>> class Rain:
    ...     def to_frame(self):
    ...         return pd.DataFrame({"name": ["<b>"], "mm": [3]})
    >>> "&lt;b&gt;" in frame_html(Rain())
    True
    """
    frame = result.to_frame() if frame is None else frame
    plain = pd.DataFrame(frame.drop(columns="geometry", errors="ignore"))
    head = f"<p><b>{escape(type(result).__name__)}</b>{escape(_title(result))} {len(frame):,} × {plain.shape[1]}</p>"
    with pd.option_context("display.max_colwidth", None):
        table = str(plain.to_html(max_rows=_MOST, max_cols=_MOST, escape=True, border=0))
    return head + _COLOUR.sub(_SWATCH, table)


def short_text(result: Any) -> str:
    """Say in one line what a large result is, where no table can be shown.

    Parameters
    ----------
    result : object
        With a method ``to_frame``.

    Returns
    -------
    str

    Examples
    --------
    >>> short_text(Rows([Text("洪水", "Flood")]))
    '<Rows 1 × 2>'
    """
    frame = result.to_frame()
    return f"<{type(result).__name__}{_title(result)} {len(frame):,} × {frame.shape[1]}>"


def fields_frame(noun: Any) -> pd.DataFrame:
    """List the fields of a noun: a row each, its value in a few words.

    Parameters
    ----------
    noun : dataclass or NamedTuple
        A frozen noun. Arrays and frames are told by their size, mappings by their keys.

    Returns
    -------
    DataFrame
        Index ``field``, column ``value``.

    Examples
    --------
    >>> fields_frame(Text("洪水", "Flood"))["value"].to_dict()
    {'zh': '洪水', 'en': 'Flood'}
    """
    return pd.DataFrame({"value": pd.Series(_brief(noun), dtype=object).rename_axis("field")})


class Rows(tuple[_Noun, ...]):
    """Nouns of one kind: a tuple that shows itself as a table, a row for each.

    Examples
    --------
    >>> Rows([Text("洪水", "Flood"), Text("干旱", "Drought")]).to_frame()["en"].tolist()
    ['Flood', 'Drought']
    """

    __slots__ = ()

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Fields as columns; empty without rows."""
        return pd.DataFrame([_brief(one) for one in self])


def _title(result: Any) -> str:
    title = getattr(result, "title", None)
    return f" {title}" if isinstance(title, Text) else ""


def _brief(noun: Any) -> dict[str, Any]:
    if is_dataclass(noun):
        return {one.name: _word(getattr(noun, one.name)) for one in fields(noun)}
    return {name: _word(value) for name, value in noun._asdict().items()}


def _word(value: Any) -> Any:
    """Return plain values as they are, others in a few words."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return ", ".join(str(key) for key in value)
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size <= _MOST:
        return "; ".join(f"{one:.4g}" if isinstance(one, float) else str(one) for one in value.tolist())
    if isinstance(value, np.ndarray | pd.DataFrame | pd.Series) or hasattr(value, "dims"):
        return " × ".join(f"{size:,}" for size in np.shape(value))
    if isinstance(value, tuple | list):
        return _cut("; ".join(str(_word(one)) for one in value))
    if is_dataclass(value) and not isinstance(value, type | Text):
        return str(getattr(value, "title", type(value).__name__))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else f"{text[: _MOST_TEXT - 1]}…"
