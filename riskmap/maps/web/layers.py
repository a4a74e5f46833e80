"""The layers that a page offers, each with its legend: classes on the grid, on units, on zones."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.maps.style import NO_DATA_COLOUR, legend_rows
from riskmap.maps.subject import BREAKS
from riskmap.maps.tally import tally_cells, tally_shapes
from riskmap.maps.web.pictures import PIXELS, class_picture
from riskmap.maps.words import NO_DATA, number, share
from riskmap.model import NO_CLASS, OBJECTS, ClassScheme, RiskResult, Text, ThemeResult

__all__ = ["area_layer", "class_codes", "grid_layer", "legend_of", "object_layers", "theme_layer"]

NOTHING = Text("", "")
_GROUPS = {
    "risk": Text("综合风险", "Comprehensive risk"),
    "hazard": Text("单灾种危险性", "Hazards"),
    "object": Text("承灾体风险", "Risk by exposed object"),
    "data": Text("数据", "Data"),
}
_HEADS = {
    "area_km2": Text("面积 km²", "Area km²"),
    "people": Text("人口", "People"),
    "share": Text("面积占比", "Area share"),
}


def class_codes(values: Any, scheme: ClassScheme) -> list[int | None]:
    """Class codes as a page has them: 1..K, None for no data.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> class_codes(np.array([1, 255], "uint8"), book().scheme("gb-spi"))
    [1, None]
    """
    codes = pd.to_numeric(pd.Series(np.asarray(values)), errors="coerce")
    return [int(one) if 1 <= one <= scheme.size else None for one in codes]


def legend_of(
    scheme: ClassScheme, table: pd.DataFrame | None = None, *, bounds: Mapping[int, Text] | None = None
) -> Mapping[str, Any]:
    """Legend of a scheme, high to low, with area, people and share of each class where they are known.

    Parameters
    ----------
    scheme : ClassScheme
        With the edges that were used.
    table : DataFrame, optional
        From `riskmap.maps.tally`; columns that are wholly unknown are not shown.
    bounds : mapping of int to Text, optional
        Shown in place of the break values.

    Returns
    -------
    mapping
        ``heads`` and ``rows``.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> [row["label"].en for row in legend_of(book().scheme("gb-spi"))["rows"]][0]
    'Extreme'
    """
    shown = [] if table is None else [one for one in _HEADS if table[one].notna().any()]
    rows = [
        {
            "code": row.code,
            "colour": row.colour,
            "label": row.label,
            "bounds": row.bounds if bounds is None else bounds.get(row.code, NOTHING),
            "values": [_cell(table, one, row.code) for one in shown],
        }
        for row in legend_rows(scheme)
    ]
    if table is None or table["area_km2"].loc[NO_CLASS] > 0:
        blank = [_cell(table, one, NO_CLASS) for one in shown]
        rows.append({"code": 0, "colour": NO_DATA_COLOUR, "label": NO_DATA, "bounds": NOTHING, "values": blank})
    return {"heads": [_HEADS[one] for one in shown], "rows": rows}


def theme_layer(
    theme: ThemeResult,
    *,
    mask: xr.DataArray,
    people: xr.DataArray | None = None,
    scores: Sequence[float] = (),
    pixels: int = PIXELS,
) -> Mapping[str, Any]:
    """Layer of one hazard's classes on the grid.

    Parameters
    ----------
    theme : ThemeResult
        Measured or given.
    mask, people : DataArray
        As `riskmap.maps.tally.tally_cells`.
    scores : sequence of float
        Scores of the classes of a given product, shown in place of break values.
    pixels : int
        Upper size of the picture.

    Returns
    -------
    mapping

    Examples
    --------
    >>> theme_layer.__name__
    'theme_layer'
    """
    given = theme.origin == "given"
    head = Text("来源与方法", "Source and method") if given else Text("编制方法", "Method")
    words = {code: Text(f"得分 {number(one)}", f"score {number(one)}") for code, one in enumerate(scores, 1)}
    layer = grid_layer(
        theme.classes, theme.scheme, mask=mask, people=people, pixels=pixels, bounds=words if given else None
    )
    notes = [[head, theme.method], *_not_in_it(theme), *([] if given else [_breaks(theme.scheme)])]
    return layer | {
        "id": f"hazard-{theme.name}",
        "group": _GROUPS["hazard"],
        "title": theme.title,
        "given": given,
        "unverified": not given and (theme.scheme.unverified or any(one.unverified for one in theme.thresholds)),
        "notes": notes,
    }


def grid_layer(
    codes: xr.DataArray,
    scheme: ClassScheme,
    *,
    mask: xr.DataArray,
    people: xr.DataArray | None = None,
    pixels: int = PIXELS,
    bounds: Mapping[int, Text] | None = None,
) -> dict[str, Any]:
    """Layer of any class raster; the caller says what it is.

    Examples
    --------
    >>> grid_layer.__name__
    'grid_layer'
    """
    table = tally_cells(codes, scheme, mask=mask, people=people)
    return {
        "id": "grid",
        "group": _GROUPS["risk"],
        "title": scheme.title,
        "kind": "grid",
        "given": False,
        "unverified": scheme.unverified,
        "picture": class_picture(codes, scheme, pixels=pixels),
        "legend": legend_of(scheme, table, bounds=bounds),
        "notes": [_breaks(scheme)],
    }


def area_layer(
    frame: gpd.GeoDataFrame, scheme: ClassScheme, *, name: str, areas: str, title: Text, column: str = "class"
) -> dict[str, Any]:
    """Layer that colours areas by a class column.

    Parameters
    ----------
    frame : GeoDataFrame
        Units or zones, in the order in which the page has them; ``people`` if known; in metres.
    scheme : ClassScheme
        Of `column`.
    name, areas : str
        Key of the layer, and of the shapes it colours.
    title : Text
        Shown in the list.
    column : str
        Class codes.

    Returns
    -------
    mapping

    Examples
    --------
    >>> area_layer.__name__
    'area_layer'
    """
    shown = ["people", "geometry"] if "people" in frame else ["geometry"]
    table = tally_shapes(frame[shown].assign(**{"class": frame[column]}), scheme)
    return {
        "id": name,
        "group": _GROUPS["risk"],
        "title": title,
        "kind": "areas",
        "areas": areas,
        "given": False,
        "unverified": scheme.unverified,
        "codes": class_codes(frame[column], scheme),
        "legend": legend_of(scheme, table),
        "notes": [_breaks(scheme)],
    }


def object_layers(risk: RiskResult, units: gpd.GeoDataFrame, scheme: ClassScheme) -> list[Mapping[str, Any]]:
    """Layers of the risk of each exposed object, on the units.

    Parameters
    ----------
    risk : RiskResult
        Says which objects there are.
    units : GeoDataFrame
        Its units in the order in which the page has them.
    scheme : ClassScheme
        Of the objects; their break values differ, so that each legend shows the index found in a class.

    Returns
    -------
    list of mapping

    Examples
    --------
    >>> object_layers.__name__
    'object_layers'
    """
    layers: list[Mapping[str, Any]] = []
    for name, title in OBJECTS.items():
        if f"class_{name}" not in risk.units:
            continue
        layer = area_layer(units, scheme, name=f"object-{name}", areas="units", title=title, column=f"class_{name}")
        found = _found(units[f"class_{name}"], units[f"index_{name}"]) if f"index_{name}" in units else {}
        for row in layer["legend"]["rows"]:
            row["bounds"] = found.get(row["code"], row["bounds"])
        layers.append(layer | {"group": _GROUPS["object"]})
    return layers


def _found(codes: pd.Series, index: pd.Series) -> dict[int, Text]:
    spans = index.groupby(codes).agg(["min", "max"]).dropna()
    return {
        int(code): Text(f"{number(low)} ~ {number(high)}", f"{number(low)} to {number(high)}")
        for code, low, high in spans.itertuples()
    }


def _cell(table: pd.DataFrame | None, column: str, code: int) -> Any:
    value = np.nan if table is None else float(table[column].loc[code])
    if np.isnan(value):
        return NO_DATA
    if column == "share":
        return share(value)
    return number(round(value) if column == "people" else value)


def _not_in_it(theme: ThemeResult) -> list[list[Text]]:
    """What a hazard does not assess: often why a part of its map has no data; the fine print gives the reasons."""
    products = [(zh, en) for zh, en, *_ in theme.measured.attrs.get("left_out", ())]
    if not products:
        return []
    names = Text("、".join(zh for zh, _ in products), "; ".join(en for _, en in products))
    return [[Text("本图不含", "Not in this map"), names]]


def _breaks(scheme: ClassScheme) -> list[Text]:
    rule = BREAKS[scheme.breaks]
    return [Text("分级依据", "Classes"), Text(f"{rule.zh}；{scheme.source}", f"{rule.en}; {scheme.source}")]
