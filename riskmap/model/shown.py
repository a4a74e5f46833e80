"""Results as tables: what a notebook shows when one is the last line of a cell."""

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Shown"]

_ROWS = 12


class Shown(ABC):
    """A result that has a table, and shows it in a notebook.

    Examples
    --------
    >>> import pandas as pd
    >>> class Rain(Shown):
    ...     def to_frame(self):
    ...         return pd.DataFrame({"name": ["<b>"], "mm": [3]})
    >>> "&lt;b&gt;" in Rain()._repr_html_()
    True
    """

    __slots__ = ()

    @abstractmethod
    def to_frame(self) -> "pd.DataFrame":
        """Return the result as a table."""

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        plain = frame.drop(columns="geometry", errors="ignore")
        head = f"<p><b>{escape(type(self).__name__)}</b> {len(frame):,} × {plain.shape[1]}</p>"
        return head + str(plain.to_html(max_rows=_ROWS, max_cols=_ROWS, escape=True, border=0))
