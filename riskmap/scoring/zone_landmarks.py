"""Which river a zone lies along: a landmark that planners name places by."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.model import Text
from riskmap.model.shown import fields_frame, frame_html

__all__ = ["Rivers", "along_rivers", "river_text"]

_RIVER = "河"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rivers:
    """Rivers that zones may be named by.

    Parameters
    ----------
    lines : GeoDataFrame
        ``name``, and ``name_en`` where known; lines in the system of the units. Those without a name are passed over.
    near_m : float
        Ground up to this far from a river lies along it.
    least_share : float
        A zone lies along a river when more than this share of its people or of its area does.
    least_area : float
        People count only where at least this share of the area lies along the river too: a wide zone with its town
        on the bank is no zone along the river.
    """

    lines: gpd.GeoDataFrame
    near_m: float
    least_share: float
    least_area: float = 0.0

    _repr_html_ = frame_html
    to_frame = fields_frame


def river_text(name: str, name_en: str = "") -> Text:
    """Say that a place lies along a river.

    Parameters
    ----------
    name : str
        Chinese name. Of a name in two characters the word for river is left out, as people do: 沿黄.
    name_en : str
        English name; the Chinese one stands in for it where there is none.

    Returns
    -------
    Text

    Examples
    --------
    >>> river_text("黄河", "Yellow River").en, river_text("黄河").zh, river_text("县川河").zh
    ('along the Yellow River', '沿黄', '沿县川河')
    """
    short = name[:-1] if len(name) == 2 and name.endswith(_RIVER) else name
    return Text(f"沿{short}", f"along the {name_en}" if name_en else f"along {name}")


def along_rivers(units: gpd.GeoDataFrame, groups: Sequence[Sequence[int]], rivers: Rivers | None) -> list[Text]:
    """Find the river that each group of units lies along.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in metres; ``people`` where known, taken to live evenly over their unit.
    groups : sequence of sequences of int
        Positions of the units of each group.
    rivers : Rivers or None
        None names no group.

    Returns
    -------
    list of Text
        Empty for a group along no river; along several, the longest of them. People count only where those of all
        units of the group are known.

    Examples
    --------
    >>> boxes = [shapely.box(0, 0, 1000, 1000), shapely.box(1000, 0, 9000, 1000)]
    >>> units = gpd.GeoDataFrame(geometry=boxes, crs="EPSG:4546")
    >>> line = gpd.GeoDataFrame({"name": ["黄河"]}, geometry=[shapely.LineString([(0, 0), (0, 1000)])], crs="EPSG:4546")
    >>> found = along_rivers(units, [[0], [1]], Rivers(lines=line, near_m=800, least_share=0.5))
    >>> [one.zh for one in found]
    ['沿黄', '']
    """
    nothing = [Text("", "")] * len(groups)
    named = _named(rivers.lines) if rivers is not None else None
    if rivers is None or named is None or named.empty:
        return nothing
    near = shapely.buffer(named.geometry.to_numpy(), rivers.near_m)
    shapes, area = units.geometry.to_numpy(), units.area.to_numpy()
    reach = np.column_stack([shapely.area(shapely.intersection(shapes, one)) for one in near])
    people = units["people"].to_numpy("float64") if "people" in units else np.full(len(units), np.nan)
    heads = people[:, None] * reach / area[:, None]
    found = []
    for group in map(list, groups):
        share = reach[group].sum(axis=0) / area[group].sum()
        if people[group].sum() > 0:  # not where one is NaN
            lived = heads[group].sum(axis=0) / people[group].sum()
            share = np.where(share >= rivers.least_area, np.maximum(share, lived), share)
        first = next((n for n, one in enumerate(share) if one > rivers.least_share), None)
        row = None if first is None else named.iloc[first]
        found.append(Text("", "") if row is None else river_text(str(row["name"]), str(row["name_en"])))
    return found


def _named(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """One row a named river, the longest first."""
    frame = gpd.GeoDataFrame(
        {one: lines[one].fillna("").astype(str).str.strip() if one in lines else "" for one in ("name", "name_en")},
        geometry=lines.geometry.to_numpy(),
        index=lines.index,
        crs=lines.crs,
    )
    frame = frame[(frame["name"] != "") & ~frame.geometry.isna()]
    joined = frame.dissolve("name", aggfunc="max").reset_index()
    order = pd.DataFrame({"length": -joined.length, "name": joined["name"]}).sort_values(["length", "name"]).index
    return joined.loc[order].reset_index(drop=True)
