"""Bridges that floods close, and the flood that closes them first."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.shelters import bridges_under_water, closures

__all__ = ["make"]

_HEADERS = {
    "road": Text("路名", "Road"),
    "class": Text("道路等级", "Class of road"),
    "place": Text("所在村（社区）", "Where"),
    "deck_m": Text("桥面高程（m）", "Height of the deck (m)"),
    "scenario": Text("最早中断的情景", "First scenario that closes it"),
    "over_m": Text("该情景水面高出桥面（m）", "Water over the deck then (m)"),
    "most_over_m": Text("各情景中最大高出（m）", "Most water over the deck (m)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the bridges that lie under water in some flood, those that close first at the top.

    Parameters
    ----------
    assessment : Assessment
        With roads that tell the heights of decks, and floods with depths.

    Returns
    -------
    list of ProductTable

    Raises
    ------
    MissingLayerError
        No roads, no heights of decks, no depths of a flood, or no bridge under water.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey = assessment.survey
    floods = [one for one in closures(assessment.themes) if one.depth_m is not None and one.shuts("edges")]
    if not (survey.has("roads") and survey.has("dem") and floods):
        raise AbsentError("没有公路、高程或洪水水深", "no roads, no relief or no depth of a flood", asked=False)
    roads = survey.frame("roads")
    over = bridges_under_water(roads, floods, dem=survey.raster("dem"))
    if over.empty:
        raise AbsentError("公路图层没有桥面高程", "the roads tell no height of a deck", asked=False)
    closed = over > 0
    hit = closed.any(axis=1)
    if not hit.any():
        raise AbsentError("各洪水情景均不淹没已知高程的桥面", "no flood rises over a deck of known height")
    first = closed[hit].idxmax(axis=1)
    frame = _told(roads.loc[first.index], assessment).assign(
        deck_m=roads.loc[first.index, "deck_m"].astype("float64").round(1),
        scenario=first,
        over_m=over.to_numpy()[np.flatnonzero(hit), over.columns.get_indexer(pd.Index(first))].round(2),
        most_over_m=over[hit].max(axis=1).round(2),
    )
    order = frame["scenario"].map({name: n for n, name in enumerate(over.columns)})
    frame = frame.assign(_order=order).sort_values(["_order", "over_m"], ascending=[True, False], kind="stable")
    return [
        ProductTable(
            name="flooded_bridges", title=Text("洪水淹没的桥梁", "Bridges that floods close"),
            frame=frame[[*_HEADERS, "geometry"]].reset_index(drop=True), headers=_HEADERS, notes=_notes(roads, len(over)),
        )
    ]  # fmt: skip


def _told(bridges: gpd.GeoDataFrame, assessment: Assessment) -> gpd.GeoDataFrame:
    """Name, class and place of each bridge."""
    units = assessment.survey.units
    points = gpd.GeoDataFrame(geometry=bridges.representative_point(), crs=bridges.crs)
    empty = pd.Series("", index=bridges.index)
    place = empty
    if "name" in units:
        joined = gpd.sjoin(points, units[["name", "geometry"]], how="left", predicate="intersects")
        place = joined.loc[~joined.index.duplicated(), "name"].fillna("")
    return gpd.GeoDataFrame(
        {"road": bridges.get("name", empty), "class": bridges.get("class", empty), "place": place},
        geometry=bridges.geometry,
        crs=bridges.crs,
    )


def _notes(roads: gpd.GeoDataFrame, known: int) -> tuple[Text, ...]:
    unknown = int(roads["bridge"].fillna(False).astype(bool).sum()) - known
    return (
        Text(
            "水面为地面高程加淹没水深，取桥梁沿线最高值；高出桥面即视为中断，未计冲刷与桥头路基",
            "the water is the ground with the depth upon it, the highest along the bridge; over the deck the bridge is closed; scour "
            "and approaches are not counted",
        ),
        Text(
            f"另有 {unknown} 座桥梁桥面高程未知，视为畅通", f"bridges of unknown height, held to stay open: {unknown}"
        ),
    )
