"""Where the delivered roads do not hang together: ends that stop short of a road, and parts that no road joins."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.shelters import parts_in_words
from riskmap.spatial import Network, build_network, topology

__all__ = ["make"]

_KINDS = {
    "island": Text("不与主网相连", "not joined to the main network"),
    "near miss": Text("端点差一点接上道路", "ends just short of a road"),
    "repeated": Text("重复路线", "line drawn twice"),
}
_HEADERS = {
    "kind": Text("问题", "What is odd"),
    "road": Text("路名", "Road"),
    "length_km": Text("涉及路长（km）", "Length concerned (km)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """List the odd places of the road network, with where they are.

    Parameters
    ----------
    assessment : Assessment
        Its survey with ``roads``.

    Returns
    -------
    list of ProductTable

    Raises
    ------
    MissingLayerError
        No roads were delivered.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey = assessment.survey
    if not survey.has("roads"):
        raise AbsentError("没有道路图层", "no roads were delivered")
    roads = survey.frame("roads")
    network = build_network(roads)
    found = topology(network)
    rows = [*_islands(network), *(("near miss", -1, np.nan, one) for one in found.near_misses), *_repeated(roads)]
    names = np.append(roads["name"].fillna("").to_numpy("str") if "name" in roads else np.full(len(roads), ""), "")
    table = pd.DataFrame(rows, columns=["kind", "road", "length_km", "geometry"])
    table["road"] = names[_nearest(roads, table["geometry"], table["road"].to_numpy("int64"))]
    parts, off = parts_in_words(found.islands), f"{found.off_main_km:.1f} km"
    more = Text(f"，主网以外 {off}", f", {off} outside the main one") if found.islands > 1 else Text("", "")
    note = Text(
        f"{parts.zh}{more.zh}；断头 {found.dead_ends} 处（乡村属正常）",
        f"{parts.en}{more.en}; {found.dead_ends} dead ends (normal in the country)",
    )
    return [
        ProductTable(
            name="road_network", title=Text("路网拓扑检查", "How the roads hang together"),
            frame=gpd.GeoDataFrame(table, geometry="geometry", crs=roads.crs), headers=_HEADERS,
            words={"kind": _KINDS}, notes=(note,),
        )
    ]  # fmt: skip


_Row = tuple[str, int, float, shapely.Point]


def _islands(network: Network) -> list[_Row]:
    """Every part but the longest, at the middle of its longest edge."""
    edges = network.edges
    if not len(edges):
        return []
    part = network.islands()[edges["u"].to_numpy()]
    length = edges["length_m"].groupby(part).sum().sort_values(ascending=False, kind="stable")
    found = []
    for one in length.index[1:]:
        longest = edges[part == one].sort_values("length_m").iloc[-1]
        middle = shapely.line_interpolate_point(longest.geometry, 0.5, normalized=True)
        found.append(("island", int(longest["road"]), float(length[one]) / 1000, middle))
    return found


def _repeated(roads: gpd.GeoDataFrame) -> list[_Row]:
    """Lines that were delivered twice, whichever way they run."""
    lines = shapely.normalize(roads.geometry.to_numpy())
    twice = pd.Series(shapely.to_wkb(lines), index=range(len(lines))).duplicated()
    rows = np.flatnonzero(twice & ~shapely.is_empty(lines))
    middles = shapely.line_interpolate_point(lines[rows], 0.5, normalized=True)
    return [
        ("repeated", int(n), float(shapely.length(lines[n])) / 1000, one) for n, one in zip(rows, middles, strict=True)
    ]


def _nearest(roads: gpd.GeoDataFrame, places: pd.Series, known: np.ndarray) -> np.ndarray:
    """Row of the road of each place; the nearest where it is not told."""
    if not len(places):
        return known
    near = shapely.STRtree(roads.geometry.to_numpy()).nearest(places.to_numpy())
    return np.where(known >= 0, known, near)
