"""The nouns of a sheet's legend: lines, figures, and the story beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.maps.style import NO_DATA_COLOUR, legend_rows
from riskmap.maps.words import NO_DATA, number, share
from riskmap.model import NO_CLASS, ClassScheme, Text
from riskmap.standards.source_words import source_text

__all__ = ["BREAKS", "HEADS", "LegendLine", "Subject", "break_note", "class_rows"]

BREAKS: Mapping[str, Text] = MappingProxyType(
    {
        "fixed": Text("固定阈值", "fixed thresholds"),
        "jenks": Text("自然断点法", "natural breaks"),
        "quantile": Text("分位数法", "quantiles"),
        "equal": Text("等间距法", "equal intervals"),
        "mean_sd": Text("均值标准差法", "mean and standard deviation"),
        "geometric": Text("几何间隔法", "geometric intervals"),
        "head_tail": Text("头尾分割法", "head/tail breaks"),
        "kmeans": Text("K 均值法", "k-means"),
    }
)
HEADS = (Text("面积 km²", "Area km²"), Text("人口 人", "People"), Text("面积占比", "Area share"))
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendLine:
    """One row of a legend.

    Parameters
    ----------
    label, bounds : Text
        Name of the class; its break values.
    colour : str
        Of the swatch or the mark.
    figures : tuple of str
        Under the heads of the legend.
    mark : {"area", "unknown", "point", "shelter", "site", "line"}
        How the swatch is drawn.
    """

    label: Text
    colour: str
    bounds: Text = NOTHING
    figures: tuple[str, ...] = ()
    mark: str = "area"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """The one thing that a sheet is about.

    Parameters
    ----------
    title : Text
        Without the county.
    heads : tuple of Text
        Over the value columns of the legend.
    rows : tuple of LegendLine
        High to low, then no data.
    notes : tuple of (Text, Text)
        Heading and body: how it was made, where the breaks come from.
    scheme : ClassScheme, optional
        Colours of `codes` and `shapes`.
    codes : DataArray of uint8, optional
        Classes on the grid.
    shapes : GeoDataFrame, optional
        Areas with a column ``class``; named on the map where `named`.
    named : bool
        Whether the areas themselves bear labels.
    points, lines : GeoDataFrame, optional
        With columns ``colour`` and, for points, ``size`` and ``marker``.
    """

    title: Text
    heads: tuple[Text, ...]
    rows: tuple[LegendLine, ...]
    notes: tuple[tuple[Text, Text], ...] = ()
    scheme: ClassScheme | None = None
    codes: xr.DataArray | None = None
    shapes: gpd.GeoDataFrame | None = None
    named: bool = False
    points: gpd.GeoDataFrame | None = None
    lines: gpd.GeoDataFrame | None = None


def class_rows(
    scheme: ClassScheme, table: pd.DataFrame, *, bounds: Mapping[int, Text] | None = None
) -> tuple[LegendLine, ...]:
    """Lines of a legend of classes, high to low, then no data.

    Parameters
    ----------
    scheme : ClassScheme
        Of the classes.
    table : DataFrame
        From `riskmap.maps.tally`.
    bounds : mapping of int to Text, optional
        What stands under the name of a class; its break values unless given.

    Returns
    -------
    tuple of LegendLine

    Examples
    --------
    >>> class_rows.__name__
    'class_rows'
    """
    rows = [
        LegendLine(
            label=row.label,
            colour=row.colour,
            bounds=row.bounds if bounds is None else bounds.get(row.code, Text("", "")),
            figures=_values(table, row.code),
        )
        for row in legend_rows(scheme)
    ]
    if table["area_km2"].loc[NO_CLASS] > 0:
        values = _values(table, NO_CLASS)
        rows.append(LegendLine(label=NO_DATA, colour=NO_DATA_COLOUR, figures=values, mark="unknown"))
    return tuple(rows)


def _values(table: pd.DataFrame, code: int) -> tuple[str, ...]:
    area, people, part = (float(table[column].loc[code]) for column in ("area_km2", "people", "share"))
    return number(area), number(people if np.isnan(people) else round(people)), share(part)


def break_note(scheme: ClassScheme) -> tuple[Text, Text]:
    """Say where the breaks of a scheme come from.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> break_note(book().scheme("drought-hazard"))[1].zh
    '均值标准差法；气象灾害风险普查，危险性等级按均值与标准差划分；原文未读'
    """
    rule = BREAKS[scheme.breaks]
    head = Text("分级依据", "Classes")
    if scheme.unverified:
        head = Text("※ 分级依据（未核实）", "Classes (unverified)")
    source = source_text(scheme.source)
    return head, Text(f"{rule.zh}；{source.zh}", f"{rule.en}; {source.en}")
