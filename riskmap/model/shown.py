"""Results as tables: what a notebook shows when one is the last line of a cell."""

from html import escape
from typing import Any

__all__ = ["frame_html"]

_MOST = 12


def frame_html(result: Any) -> str:
    """Show the table of a result as HTML, its ends only when it is long; shapes are left out.

    Parameters
    ----------
    result : object
        With a method ``to_frame``.

    Returns
    -------
    str
        All text of the table is escaped.

    Examples
    --------
    >>> import pandas as pd
    >>> class Rain:
    ...     def to_frame(self):
    ...         return pd.DataFrame({"name": ["<b>"], "mm": [3]})
    >>> "&lt;b&gt;" in frame_html(Rain())
    True
    """
    frame = result.to_frame()
    plain = frame.drop(columns="geometry", errors="ignore")
    head = f"<p><b>{escape(type(result).__name__)}</b> {len(frame):,} × {plain.shape[1]}</p>"
    return head + str(plain.to_html(max_rows=_MOST, max_cols=_MOST, escape=True, border=0))
