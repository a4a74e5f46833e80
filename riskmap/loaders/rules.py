"""What declared rules work with: what records are held against, and how a rule tells what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.loaders.refusal import shown
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.standards import Standards
from riskmap.model.text import Text
from riskmap.standards import book, rule_texts

__all__ = ["Against", "Beside", "BetweenRule", "RecordRule", "numbers", "tell", "titles"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Against:
    """What the records of one layer are held against.

    Parameters
    ----------
    area : GeoDataFrame, optional
        The county, in the system of the records.
    border_m : float
        Points this far outside are taken as lying on the border.
    divisions : frozenset of str, optional
        Codes of the county's villages and townships, twelve digits; None where they are not known.
    county : str
        Code of the county, six digits; ``""`` where it is not known.
    date : Timestamp, optional
        Of the edition.
    standards : Standards
        Thresholds of the rules.
    """

    area: gpd.GeoDataFrame | None = None
    border_m: float = 0.0
    divisions: frozenset[str] | None = None
    county: str = ""
    date: pd.Timestamp | None = None
    standards: Standards = field(default_factory=book)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beside:
    """What the layers of a county are held against: each other.

    Parameters
    ----------
    layers : mapping of str to frame or DataArray
        Usable layers; the index of a frame is the row as a person counts it.
    areas : mapping of str to GeoDataFrame
        ``villages`` and ``townships`` where they were delivered as polygons, indexed by row, with ``code``.
    mask : DataArray of bool
        Cells inside the county.
    against : Against
        As for single layers.
    files : mapping of str to Path
        Delivered rasters.
    """

    layers: Mapping[str, Any]
    areas: Mapping[str, gpd.GeoDataFrame]
    mask: Any
    against: Against
    files: Mapping[str, Path] = field(default_factory=dict)

    def value(self, key: str) -> float:
        """Number of threshold `key`."""
        return self.against.standards.value(key)


RecordRule = Callable[[Any, LayerSpec, Rule, Against], list[Finding]]
BetweenRule = Callable[[Any, LayerSpec, Rule, Beside], list[Finding]]


def tell(
    spec: LayerSpec,
    rule: str,
    rows: Sequence[Any] | pd.Index | NDArray[Any],
    what: Text | Sequence[Text],
    *,
    field: str = "",
    values: Sequence[Any] | NDArray[Any] | None = None,
    severity: Literal["error", "warning", "note"] | None = None,
) -> list[Finding]:
    """One finding for every row, with severity and cure of the rule.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    rule : str
        Name of a declared rule text.
    rows : sequence of int
        As a person counts them.
    what : Text or sequence of Text
        The same for all, or one a row.
    field : str
        Chinese title of the column.
    values : sequence, optional
        Offending values, one a row.
    severity : {"error", "warning", "note"}, optional
        Instead of the rule's own.

    Returns
    -------
    list of Finding

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> found = tell(layer_spec("villages"), "future-date", [4], Text("晚", "late"), values=[2099.0])
    >>> found[0].row, found[0].value, found[0].severity
    (4, '2099', 'warning')
    """
    text = rule_texts()[rule]
    told = [what] * len(rows) if isinstance(what, Text) else what
    cells = [""] * len(rows) if values is None else [shown(_plain(one)) for one in values]
    return [
        Finding(rule=rule, severity=severity or text.severity, layer=spec.name, row=int(row), field=field, value=cell,
                message=one, cure=text.cure)
        for row, cell, one in zip(rows, cells, told, strict=True)
    ]  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp | np.datetime64):
        stamp = pd.Timestamp(value)
        return stamp.strftime("%Y-%m-%d") if not pd.isna(stamp) else ""
    return float(value) if isinstance(value, np.floating) else value


def titles(spec: LayerSpec, names: Sequence[str]) -> Text:
    """Titles of columns, joined.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> titles(layer_spec("villages"), ["people", "households"]).zh
    '常住人口、户数'
    """
    told = [spec.field(name).title for name in names]
    return Text("、".join(one.zh for one in told), " and ".join(one.en for one in told))


def numbers(frame: Any, names: Sequence[str]) -> NDArray[np.float64]:
    """Sum of columns of a frame, NaN where all are unknown; columns that were not delivered are passed over.

    Examples
    --------
    >>> numbers(pd.DataFrame({"a": [1.0, np.nan], "b": [2.0, np.nan]}), ["a", "b", "c"])
    array([ 3., nan])
    """
    there = [name for name in names if name in frame]
    if not there:
        return np.full(len(frame), np.nan)
    table = pd.DataFrame(frame[there])
    return np.array(table.sum(axis=1, min_count=1).to_numpy("float64"))
