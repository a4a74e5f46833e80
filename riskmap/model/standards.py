"""The book of standards that a run uses: published tables, with the county's own confirmations on top."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from riskmap.errors import StandardError
from riskmap.model.profile import Profile
from riskmap.model.scheme import ClassScheme, Threshold
from riskmap.model.shown import Rows, frame_html, short_text
from riskmap.model.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Standards"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standards:
    """Thresholds, class schemes, tables and profiles by name.

    Parameters
    ----------
    thresholds : mapping of str to Threshold
        By key.
    schemes : mapping of str to ClassScheme
        By name.
    profiles : mapping of str to Profile
        By name.
    tables : mapping of str to tuple of mapping
        Rows of longer tables (fuel classes, shelter types) by ``table.name``.
    """

    thresholds: Mapping[str, Threshold] = field(default_factory=lambda: MappingProxyType({}))
    schemes: Mapping[str, ClassScheme] = field(default_factory=lambda: MappingProxyType({}))
    profiles: Mapping[str, Profile] = field(default_factory=lambda: MappingProxyType({}))
    tables: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=lambda: MappingProxyType({}))

    _repr_html_, __repr__ = frame_html, short_text

    def to_frame(self) -> "pd.DataFrame":
        """Thresholds, a row each."""
        return Rows(self.thresholds.values()).to_frame()

    def threshold(self, key: str) -> Threshold:
        """Threshold called `key`.

        Raises
        ------
        StandardError
            No such key; the nearest names are given.
        """
        return _find(self.thresholds, key, "threshold")

    def value(self, key: str) -> float:
        """Return the number of threshold `key`.

        Raises
        ------
        StandardError
            No such key, or its value is no single number.
        """
        value = self.threshold(key).value
        if not isinstance(value, int | float):
            raise StandardError(f"threshold {key!r} holds {value!r}, not one number")
        return float(value)

    def scheme(self, name: str) -> ClassScheme:
        """ClassScheme called `name`; StandardError with the nearest names if there is none."""
        return _find(self.schemes, name, "class scheme")

    def profile(self, name: str) -> Profile:
        """Profile called `name`; StandardError with the nearest names if there is none."""
        return _find(self.profiles, name, "profile")

    def table(self, name: str) -> tuple[Mapping[str, Any], ...]:
        """Rows of table `name`; StandardError with the nearest names if there is none."""
        return _find(self.tables, name, "table")

    def with_entries(
        self,
        *,
        thresholds: Mapping[str, Threshold] | None = None,
        schemes: Mapping[str, ClassScheme] | None = None,
        profiles: Mapping[str, Profile] | None = None,
    ) -> "Standards":
        """Return a book with these entries added or put in place of the published ones."""
        return replace(
            self,
            thresholds=MappingProxyType({**self.thresholds, **(thresholds or {})}),
            schemes=MappingProxyType({**self.schemes, **(schemes or {})}),
            profiles=MappingProxyType({**self.profiles, **(profiles or {})}),
        )


def _find(entries: Mapping[str, Any], name: str, what: str) -> Any:
    if name in entries:
        return entries[name]
    near = get_close_matches(name, entries, n=3, cutoff=0.5)
    every = ", ".join(sorted(entries)) or "none"
    zh = f"；最接近：{'、'.join(near)}" if near else f"；现有 {every}"
    en = f"; nearest: {', '.join(near)}" if near else f"; there are {every}"
    kind = {"threshold": "阈值", "scheme": "分级", "profile": "评分方案"}.get(what, what)
    raise StandardError(Text(f"没有名为 {name!r} 的{kind}{zh}", f"no {what} called {name!r}{en}"))
