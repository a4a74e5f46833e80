"""Where zones lie: the part of the county, the river, the township."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from riskmap.model import Text
from riskmap.scoring.zone_landmarks import Rivers, along_rivers
from riskmap.scoring.zone_names import octant

__all__ = ["Place", "places_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one zone lies.

    Parameters
    ----------
    part : Text
        Part of the county: 西部.
    along : Text
        River: 沿黄; empty for none.
    township : Text
        Township that holds most of it; empty where unknown.
    """

    part: Text
    along: Text
    township: Text


def places_of(
    units: gpd.GeoDataFrame,
    groups: Sequence[Sequence[int]],
    *,
    townships: gpd.GeoDataFrame | None = None,
    rivers: Rivers | None = None,
    central_share: float = 0.25,
) -> list[Place]:
    """Say where groups of units lie.

    Parameters
    ----------
    units : GeoDataFrame
        All units of the county, polygons in metres; ``parent_id`` and ``people`` where known.
    groups : sequence of sequences of int
        Positions of the units of each group.
    townships : GeoDataFrame, optional
        ``name``, ``name_en`` by ``parent_id``.
    rivers : Rivers, optional
        Landmarks.
    central_share : float
        Groups whose centroid lies within this share of the county's radius are central.

    Returns
    -------
    list of Place

    Examples
    --------
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(n * 3000, 0, n * 3000 + 3000, 3000) for n in range(3)])
    >>> [one.part.zh for one in places_of(units, [[0], [1], [2]])]
    ['西部', '中部', '东部']
    """
    weight = units.area.to_numpy()
    middles = units.centroid
    east, north = np.average(middles.x, weights=weight), np.average(middles.y, weights=weight)
    middle_m = central_share * np.sqrt(weight.sum() / np.pi)
    shapes = units.geometry.to_numpy()
    found = []
    for group, along in zip(groups, along_rivers(units, groups, rivers), strict=True):
        centre = shapely.centroid(shapely.union_all(shapes[list(group)]))
        part = octant(centre.x - east, centre.y - north, middle_m=middle_m)
        found.append(Place(part=part, along=along, township=_township(units.iloc[list(group)], townships)))
    return found


def _township(members: gpd.GeoDataFrame, townships: gpd.GeoDataFrame | None) -> Text:
    """Township that holds most of the zone's area."""
    if townships is None or "parent_id" not in members:
        return Text("", "")
    held = members.area[members["parent_id"].isin(townships.index)]
    if held.empty:
        return Text("", "")
    found = held.groupby(members["parent_id"]).sum().idxmax()
    name = str(townships.loc[found, "name"])
    english = townships.loc[found, "name_en"] if "name_en" in townships else ""
    return Text(name, str(english) if isinstance(english, str) and english else name)
