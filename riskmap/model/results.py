"""What a run finds out, as frozen nouns on the grid and on the units."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from riskmap.model.county import County
from riskmap.model.layers import Finding, Layer
from riskmap.model.named_layers import NamedLayers
from riskmap.model.product import ProductTable
from riskmap.model.reach_result import ShelterResult
from riskmap.model.scheme import ClassScheme, Threshold
from riskmap.model.shown import Rows, fields_frame, frame_html, short_text
from riskmap.model.standards import Standards
from riskmap.model.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from odc.geo.geobox import GeoBox

    from riskmap.model.exposure import Exposure

__all__ = ["OBJECTS", "Assessment", "LeftOut", "RiskResult", "ShelterResult", "Survey", "ThemeResult"]

OBJECTS: Mapping[str, Text] = MappingProxyType(
    {
        "people": Text("人口", "People"),
        "gdp": Text("经济", "Economy (GDP)"),
        "crops": Text("农作物", "Crops"),
        "houses": Text("房屋", "Houses"),
        "roads": Text("公路", "Roads"),
    }
)
"""The exposed objects of the national survey, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A product that a run could not make, and why."""

    product: Text
    reason: Text

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """The checked layers of one county on one grid.

    Parameters
    ----------
    county : County
        Settings.
    standards : Standards
        Published values, with the county's confirmations.
    grid : GeoBox
        The analysis raster, in the analysis CRS.
    mask : DataArray of bool
        True inside the county (dims ``y, x``).
    outline : GeoDataFrame
        One row, the county's outline.
    units : GeoDataFrame
        Index ``unit_id`` (text); columns ``name`` (zh), ``name_en``, ``parent_id``, ``made_area`` (bool), geometry.
    townships : GeoDataFrame
        The same columns one level up; its index is the `parent_id` of the units; may be empty.
    layers : mapping of str to Layer
        Delivered and derived layers by name.
    findings : tuple of Finding
        What the quality check found.
    left_out : tuple of LeftOut
        Layers that could not be used.
    """

    county: County
    standards: Standards
    grid: "GeoBox"
    mask: "xr.DataArray"
    outline: "gpd.GeoDataFrame"
    units: "gpd.GeoDataFrame"
    townships: "gpd.GeoDataFrame"
    layers: Mapping[str, Layer]
    findings: tuple[Finding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    _repr_html_, __repr__ = frame_html, short_text

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", MappingProxyType(NamedLayers(self.layers, held_by=self.county.title.en)))
        object.__setattr__(self, "findings", Rows(self.findings))
        object.__setattr__(self, "left_out", Rows(self.left_out))

    @property
    def title(self) -> Text:
        """Name of the county."""
        return self.county.title

    def to_frame(self) -> "pd.DataFrame":
        """Layers by name: what each is, its file, and how many records were read and kept."""
        rows = [
            (str(one.spec.title), one.source.path, one.source.rows_read, one.source.rows_kept)
            for one in self.layers.values()
        ]
        return pd.DataFrame(rows, columns=["title", "path", "rows_read", "rows_kept"], index=pd.Index(self.layers))

    def has(self, *names: str) -> bool:
        """Whether every one of these layers is there; False for a name that no layer has."""
        return all(name in self.layers for name in names)

    def layer(self, name: str) -> Layer:
        """Layer called `name`.

        Raises
        ------
        MissingLayerError
            The survey does not hold it; the message names the nearest that it holds.
        """
        return self.layers[name]

    def frame(self, name: str) -> "gpd.GeoDataFrame":
        """Table of a vector layer or sheet (a copy); MissingLayerError if it is not there."""
        return self.layer(name).data.copy()

    def raster(self, name: str) -> "xr.DataArray":
        """Values of a raster layer on the grid (a copy); MissingLayerError if it is not there."""
        return self.layer(name).data.copy()  # type: ignore[return-value]

    def with_layers(self, layers: Mapping[str, Layer]) -> "Survey":
        """Return a survey with these layers added."""
        return replace(self, layers=MappingProxyType({**self.layers, **layers}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ThemeResult:
    """One hazard, measured here or given by another department.

    Parameters
    ----------
    name, title : str, Text
        The theme, and the product's name (洪水淹没筛查图 for a screening).
    origin : {"measured", "given"}
        ``given``: a finished product, shown as 部门成果.
    method : Text
        One or two sentences on how it was made; for a given product: producer, date, method, score table.
    measured : Dataset
        Quantities with units (empty for a given product).
    headline : str
        Variable that the classes were cut from (``""`` for a given product).
    classes : DataArray of uint8
        Hazard class 1..K, `NO_CLASS` unknown (dims ``y, x``).
    scheme : ClassScheme
        With the edges that were used.
    score : DataArray of float32
        0..1, NaN unknown.
    known_share : DataArray of float32
        Share of the profile's weight that was known in each cell (1 for given products where known).
    thresholds : tuple of Threshold
        Published values that went in.
    scenarios : mapping of str to DataArray of bool
        Masks of the theme's closures: ``"flood: 20 a"`` -> closed cells.
    scenario_closes : mapping of str to str
        ``edges``, ``sites`` or ``both`` for each scenario.
    scenario_rules : mapping of str to str
        Key of the threshold that shuts a shelter out of the scenario's zone.
    scenario_depths : mapping of str to tuple of (str, float)
        Variable of `measured`, and the entry of its leading dimension, that is the depth of water of a scenario.
    scenario_titles : mapping of str to Text
        What people call a scenario of the theme: 20年一遇, 高易发斜坡中断.
    """

    name: str
    title: Text
    origin: Literal["measured", "given"]
    method: Text
    measured: "xr.Dataset"
    headline: str
    classes: "xr.DataArray"
    scheme: ClassScheme
    score: "xr.DataArray"
    known_share: "xr.DataArray"
    thresholds: tuple[Threshold, ...] = ()
    scenarios: "Mapping[str, xr.DataArray]" = field(default_factory=lambda: MappingProxyType({}))
    scenario_closes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    scenario_rules: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    scenario_depths: Mapping[str, tuple[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    scenario_titles: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))

    _repr_html_, __repr__ = frame_html, short_text

    def depth_m(self, scenario: str) -> "xr.DataArray | None":
        """Depth of water in a scenario, metres above the ground; None where the hazard tells none."""
        if scenario not in self.scenario_depths:
            return None
        variable, entry = self.scenario_depths[scenario]
        values = self.measured[variable]
        lead = [dim for dim in values.dims if dim not in {"y", "x"}]
        return values.sel({lead[0]: entry}, drop=True) if lead else values

    def to_frame(self) -> "pd.DataFrame":
        """Classes 1..K, the lowest first, with label, colour, number of cells and share of the cells that have one."""
        codes = range(1, self.scheme.size + 1)
        cells = np.array([int((self.classes == code).sum()) for code in codes])
        table = {
            "label": [str(self.scheme.label(code)) for code in codes],
            "colour": [self.scheme.colour(code) for code in codes],
            "cells": cells,
            "share": cells / max(cells.sum(), 1),
        }
        return pd.DataFrame(table, index=pd.Index(codes, name="class"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RiskResult:
    """Risk of exposed objects on the units, the comprehensive risk, and the zones.

    Parameters
    ----------
    exposure : DataFrame
        Index ``unit_id``; columns ``people``, ``gdp_yuan``, ``crops_km2``, ``houses_m2``, ``roads_km`` where known.
    vulnerability : DataFrame
        Index ``unit_id``; one column 0..1 per object of `OBJECTS` that is known.
    unit_risk : DataFrame
        Long table: ``unit_id, theme, object, hazard, exposure, vulnerability, index, class``.
    units : GeoDataFrame
        Index ``unit_id``; name, parent_id, made_area, ``index``, ``class``, ``leading`` (theme), ``known_share``,
        ``index_<object>``, ``class_<object>``, ``score_<theme>``, ``class_<theme>``, ``part_<theme>`` (they add up to
        the index), ``stability`` and ``next_class`` (`class_doubt`), exposure columns, geometry.
    townships : GeoDataFrame
        Rolled up, without the last three; empty without townships.
    index : DataArray of float32
        Comprehensive index 0..1 on the grid.
    classes : DataArray of uint8
        Its class.
    scheme : ClassScheme
        Comprehensive scheme with the edges used on the units (and on the townships).
    grid_scheme : ClassScheme
        Scheme with the edges used on the grid.
    zones : GeoDataFrame
        Index ``zone_id``; ``name``, ``name_en``, ``class``, ``leading``, ``units`` (their number), ``people``,
        ``area_km2``, geometry.
    cell_stability : DataArray of float32, optional
        Share 0..1 of the draws of weights that leave a cell in its class; NaN unknown.
    cell_likely : DataArray of uint8, optional
        Class of a cell under most draws.
    theme_weights, object_weights : mapping of str to float
        As used, each summing to 1; empty where they are not known.
    cell_exposure : mapping of str to DataArray of uint8
        Exposure of each object as scaled for the grid, in steps of 1/250: 0 nothing there, 255 unknown.
    left_out : tuple of LeftOut
        Exposed objects that are not in it, with the reason.
    notes : tuple of Text
        How it was made, in words.
    thresholds : tuple of Threshold
        Declared values and weights that went in.
    """

    exposure: "pd.DataFrame"
    vulnerability: "pd.DataFrame"
    unit_risk: "pd.DataFrame"
    units: "gpd.GeoDataFrame"
    townships: "gpd.GeoDataFrame"
    index: "xr.DataArray"
    classes: "xr.DataArray"
    scheme: ClassScheme
    grid_scheme: ClassScheme
    zones: "gpd.GeoDataFrame"
    cell_stability: "xr.DataArray | None" = None
    cell_likely: "xr.DataArray | None" = None
    theme_weights: Mapping[str, float] = field(default_factory=dict)
    object_weights: Mapping[str, float] = field(default_factory=dict)
    cell_exposure: "Mapping[str, xr.DataArray]" = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Text, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    _repr_html_, __repr__ = frame_html, short_text

    def to_frame(self) -> "gpd.GeoDataFrame":
        """Units with their index and class."""
        return self.units


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assessment:
    """Everything one run found out.

    Parameters
    ----------
    survey : Survey
        What it stands on.
    themes : mapping of str to ThemeResult
        Hazards by name, measured first.
    risk : RiskResult, optional
        None where there is no exposure.
    shelters : ShelterResult, optional
        None where roads, shelters or people are missing.
    left_out : tuple of LeftOut
        Everything that could not be made, with the reason.
    hazard_units : GeoDataFrame, optional
        Units with ``score_<theme>`` (mean over the unit) and ``class_<theme>`` (class of most of its area).
    products : tuple of ProductTable
        Tables that planning asks for, in the order in which the report shows them.
    exposed : Exposure, optional
        Amounts by unit and by cell.
    """

    survey: Survey
    themes: Mapping[str, ThemeResult]
    risk: RiskResult | None = None
    shelters: ShelterResult | None = None
    left_out: tuple[LeftOut, ...] = ()
    hazard_units: "gpd.GeoDataFrame | None" = None
    products: tuple[ProductTable, ...] = ()
    exposed: "Exposure | None" = None

    _repr_html_, __repr__ = frame_html, short_text

    def __post_init__(self) -> None:
        object.__setattr__(self, "left_out", Rows(self.left_out))

    @property
    def title(self) -> Text:
        """Name of the county."""
        return self.survey.county.title

    def to_frame(self) -> "pd.DataFrame":
        """Units with the score and class of every hazard, and with index and class of the risk where it is known."""
        frame = self.survey.units if self.hazard_units is None else self.hazard_units
        if self.risk is None:
            return frame
        own = self.risk.units.drop(columns="geometry").rename(columns={"index": "risk_index", "class": "risk_class"})
        return frame.join(own[[name for name in own if name not in frame]])

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Every published value that a result used, once, sorted by key."""
        parts = (*self.themes.values(), self.risk, self.shelters, *self.products)
        used = {one.key: one for part in parts if part is not None for one in part.thresholds}
        return Rows(used[key] for key in sorted(used))
