"""What a layer should be (declared) and what was delivered (checked)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from riskmap.model.shown import Rows, fields_frame, frame_html, short_text
from riskmap.model.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import xarray as xr

__all__ = ["Field", "Finding", "Layer", "LayerSource", "LayerSpec", "Rule", "RuleText", "Secrecy"]

Secrecy = Literal["公开", "内部", "涉密"]
FieldType = Literal["text", "code", "integer", "number", "date", "yesno"]
LayerKind = Literal["point", "line", "polygon", "raster", "table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column that a layer should have.

    Parameters
    ----------
    name : str
        Canonical name, unit as suffix (``threatened_people``, ``area_m2``).
    title : Text
        Header shown to people.
    dtype : {"text", "code", "integer", "number", "date", "yesno"}
        ``code`` is text with leading zeros kept; ``yesno`` reads 是/否.
    unit : str
        Unit after loading.
    required : bool
        The layer cannot be used without it.
    aliases : tuple of str
        Other headers that mean this field: Chinese, pinyin initials, cut to 10 bytes.
    low, high : float, optional
        Allowed range, both included.
    codes : tuple of str
        Allowed values of a text field; empty for any.
    personal : bool
        Names, telephone numbers: dropped from every published output.
    """

    name: str
    title: Text
    dtype: FieldType = "text"
    unit: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    codes: tuple[str, ...] = ()
    personal: bool = False

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """What a rule of the quality check is, whichever layer it looks at.

    Parameters
    ----------
    name : str
        Short name, as in `Finding.rule`.
    severity : {"error", "warning", "note"}
        The usual one; a finding may be milder or harder.
    title : Text
        What is found.
    cure : Text
        What to do.
    """

    name: str
    severity: Literal["error", "warning", "note"]
    title: Text
    cure: Text

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that a layer declares for its records, beside what its fields say.

    Parameters
    ----------
    rule : str
        Name of a `RuleText`; names the comparison too.
    fields : tuple of str
        Columns that are looked at.
    of : str
        What they are held against: a column, another layer, or ``layer.column``.
    by : str
        Column that joins the two.
    limit : tuple of str
        Keys of thresholds.
    """

    rule: str
    fields: tuple[str, ...] = ()
    of: str = ""
    by: str = ""
    limit: tuple[str, ...] = ()

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSpec:
    """A layer that a room asks for: its kind, columns and rules.

    Parameters
    ----------
    name : str
        Key of the layer in ``county.toml`` (``[layers.<name>]``) and in the `Survey`.
    title : Text
        What it is.
    kind : {"point", "line", "polygon", "raster", "table"}
        Points may also come as a table with longitude and latitude columns.
    fields : tuple of Field
        Columns (none for rasters).
    key : str
        Field that must be unique; ``""`` for none.
    unit : str
        Unit of a raster's values.
    low, high : float, optional
        Allowed range of a raster's values.
    derived : str
        Name of the derivation (``"terrain"``, ``"hydrology"``) when riskmap makes the layer itself.
    closed_field : str
        A ``yesno`` field: records with 是 are no current risk and are left out.
    categories : mapping of int to Text
        Meaning of the values of a coded raster.
    secrecy : {"公开", "内部", "涉密"}
        Default secrecy of the layer.
    file_words : tuple of str
        Words in the name of a file that say that it holds this layer.
    rules : tuple of Rule
        What its records are held against.
    """

    name: str
    title: Text
    kind: LayerKind
    fields: tuple[Field, ...] = ()
    key: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    derived: str = ""
    closed_field: str = ""
    categories: Mapping[int, Text] = field(default_factory=dict)
    secrecy: Secrecy = "公开"
    file_words: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()

    _repr_html_ = frame_html

    def to_frame(self) -> "pd.DataFrame":
        """Columns that the layer should have, a row each."""
        return Rows(self.fields).to_frame()

    def field(self, name: str) -> Field:
        """Return the declared column called `name`; KeyError if there is none."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerSource:
    """Where a checked layer came from.

    Parameters
    ----------
    path : str
        As written in ``county.toml``; ``""`` for a derived layer.
    sha256 : str
        Hash of the delivered file (of all its parts); ``""`` for a derived layer.
    encoding : str
        Text encoding used, and how it was decided (``"GB18030 (fallback)"``).
    crs : str
        Coordinate system of the delivery.
    licence, source : str
        As declared.
    rows_read, rows_kept : int
        Records delivered and records used.
    secrecy : {"公开", "内部", "涉密"}
        As declared, else the spec's.
    """

    path: str = ""
    sha256: str = ""
    encoding: str = ""
    crs: str = ""
    licence: str = ""
    source: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    secrecy: Secrecy = "公开"

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """A checked layer: declared columns with their types, in the analysis CRS.

    Parameters
    ----------
    spec : LayerSpec
        What it should be.
    data : GeoDataFrame, DataFrame or DataArray
        Vector layers in the analysis CRS; rasters on the analysis grid (dims ``y, x``); tables by columns.
    source : LayerSource
        Where it came from.
    rows : ndarray of int, optional
        Row of each record as a person counts it in the delivered file; None where that is not known.
    """

    spec: LayerSpec
    data: "gpd.GeoDataFrame | pd.DataFrame | xr.DataArray"
    source: LayerSource = field(default_factory=LayerSource)
    rows: "np.ndarray[Any, Any] | None" = None

    _repr_html_, __repr__ = frame_html, short_text

    @property
    def title(self) -> Text:
        """What it is."""
        return self.spec.title

    def to_frame(self) -> "pd.DataFrame":
        """Records without the columns that name people; of a raster its cells, how many are known, and their range."""
        data: Any = self.data
        if self.spec.kind != "raster":
            return data.drop(columns=[one.name for one in self.spec.fields if one.personal], errors="ignore")
        told = {"cells": data.size, "known": int(data.count())}
        told |= {name: float(getattr(data, name)()) for name in ("min", "mean", "max")}
        return pd.DataFrame({"value": told}).rename_axis("field")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing the quality check found.

    Parameters
    ----------
    rule : str
        Short name of the rule (``"out-of-range"``).
    severity : {"error", "warning", "note"}
        ``error``: the record (or layer) is not used.
    layer : str
        Layer name.
    row : int, optional
        Row as a person counts it in the source file (first record is 1; for sheets the sheet's own row number).
    key, field, value : str
        The record's key, the column and the offending value.
    message : Text
        What is wrong.
    cure : Text
        What to do.
    mended : bool
        Whether riskmap read it right all the same (swapped coordinates put back).
    lon, lat : float, optional
        Where, WGS 84 degrees.
    """

    rule: str
    severity: Literal["error", "warning", "note"]
    layer: str
    message: Text
    cure: Text
    row: int | None = None
    key: str = ""
    field: str = ""
    value: str = ""
    mended: bool = False
    lon: float | None = None
    lat: float | None = None

    _repr_html_ = frame_html
    to_frame = fields_frame

    @property
    def id(self) -> str:
        """Name of this finding that stays the same as long as the fault does.

        Made of layer, rule, column, value, and the record's key (its row where it has none or where the key itself is
        repeated), so that it survives other records being added or taken away.

        Examples
        --------
        >>> plain = {"layer": "shelters", "message": Text("", ""), "cure": Text("", "")}
        >>> Finding(rule="near-duplicate", severity="note", row=7, key="S01", **plain).id
        'shelters.near-duplicate.fb12bf67'
        """
        keyed = self.key and not self.rule.startswith("duplicate-")
        record = self.key if keyed else f"{self.key} {self.row}"
        told = f"{self.layer}|{self.rule}|{self.field}|{record}|{self.value}"
        return f"{self.layer}.{self.rule}.{hashlib.sha256(told.encode()).hexdigest()[:8]}"
