"""Adjacent units of like class and like leading hazard become zones."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, ClassScheme, Text
from riskmap.scoring.zone_names import octant, unique_names, zone_name

__all__ = ["neighbours", "zones"]


def neighbours(units: gpd.GeoSeries, *, tolerance_m: float = 0.1) -> dict[tuple[int, int], float]:
    """Pairs of polygons that share a border, with its length.

    Parameters
    ----------
    units : GeoSeries of polygons
        In a projected CRS, metres.
    tolerance_m : float
        Borders up to this far apart count as shared (edges of made areas differ by rounding). A corner is no
        border: pairs that share less than ten times this length are left out.

    Returns
    -------
    dict of (int, int) to float
        Metres by the positions of both polygons, lower position first.

    Examples
    --------
    >>> boxes = gpd.GeoSeries([shapely.box(0, 0, 9, 9), shapely.box(9, 0, 18, 9), shapely.box(9, 9, 18, 18)])
    >>> {pair: round(length) for pair, length in neighbours(boxes).items()}
    {(0, 1): 9, (1, 2): 9}
    """
    shapes = np.asarray(units)
    wide = shapely.buffer(shapes, tolerance_m)
    first, second = shapely.STRtree(shapes).query(wide, predicate="intersects")
    upper = first < second
    first, second = first[upper], second[upper]
    border = shapely.intersection(shapely.boundary(shapes[first]), wide[second])
    length = shapely.length(border)
    return {
        (int(a), int(b)): float(metres)
        for a, b, metres in zip(first, second, length, strict=True)
        if metres > 10 * tolerance_m
    }


def zones(
    units: gpd.GeoDataFrame,
    *,
    scheme: ClassScheme,
    titles: Mapping[str, Text],
    minimum_area_km2: float,
    townships: gpd.GeoDataFrame | None = None,
    central_share: float = 0.25,
) -> gpd.GeoDataFrame:
    """Join adjacent units of like class and like leading hazard to named zones.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in a projected CRS; ``class`` (uint8, `NO_CLASS` unknown), ``leading`` (text), and, where known,
        ``people`` and ``parent_id``.
    scheme : ClassScheme
        Names of the classes.
    titles : mapping of theme to Text
        Names of the themes in zone names.
    minimum_area_km2 : float
        A smaller zone goes to the neighbour of the nearest class (of those, the one with the longest shared
        border), smallest zone first; it takes on that zone's class and hazard. Zones without data are neither
        absorbed nor absorb; a small zone with no other neighbour stays.
    townships : GeoDataFrame, optional
        ``name``, ``name_en`` by ``parent_id``, to tell zones of one name apart.
    central_share : float
        Zones whose centroid lies within this share of the county's radius are called central.

    Returns
    -------
    GeoDataFrame
        Index ``zone_id``; ``name``, ``name_en``, ``class``, ``leading``, ``units`` (number), ``people`` (NaN where
        one is unknown), ``area_km2``, geometry; most severe first, no data last. Together they cover what the
        units cover.

    Raises
    ------
    MethodError
        No units, or an index that is not unique.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> frame = gpd.GeoDataFrame({"class": [5, 5, 1], "leading": ["flood", "flood", ""]}, index=list("abc"),
    ...     geometry=[shapely.box(n * 3000, 0, n * 3000 + 3000, 3000) for n in range(3)], crs="EPSG:4546")
    >>> found = zones(frame, scheme=book().scheme("comprehensive-risk"), minimum_area_km2=1,
    ...     titles={"flood": Text("洪水", "Flood")})
    >>> found[["name", "units", "area_km2"]].to_numpy().tolist()
    [['西部洪水高风险区', 2, 18.0], ['东部低风险区', 1, 9.0]]
    """
    if not len(units) or not units.index.is_unique:
        raise MethodError(f"zoning needs units with unique ids; there are {len(units)}")
    groups = _grown(units, minimum_area_km2)
    rows = [_row(units.iloc[sorted(one.members)], one) for one in groups]
    table = pd.DataFrame(rows)
    table["rank"] = np.where(table["class"] == NO_CLASS, -1, table["class"].astype("int64"))
    order = table.sort_values(["rank", "area_km2", "first"], ascending=[False, False, True]).index
    table = table.loc[order].reset_index(drop=True)
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs=units.crs)
    names = _names(frame, units, scheme=scheme, titles=titles, townships=townships, central_share=central_share)
    width = max(2, len(str(len(frame))))
    frame.index = pd.Index([f"Z{n:0{width}d}" for n in range(1, len(frame) + 1)], name="zone_id")
    frame = frame.assign(name=[one.zh for one in names], name_en=[one.en for one in names])
    columns = ["name", "name_en", "class", "leading", "units", "people", "area_km2", "geometry"]
    return frame[columns].astype({"class": "uint8"})


@dataclass(slots=True)
class _Zone:
    members: set[int]
    code: int
    leading: str
    area_m2: float
    borders: dict[int, float]

    @property
    def kind(self) -> tuple[int, str]:
        return self.code, self.leading


def _grown(units: gpd.GeoDataFrame, minimum_area_km2: float) -> list[_Zone]:
    """Join like to like, then give small zones to their neighbours."""
    area = units.area.to_numpy()
    codes = units["class"].to_numpy()
    leading = units["leading"].fillna("").where(codes != NO_CLASS, "").to_numpy()
    groups = {n: _Zone({n}, int(codes[n]), str(leading[n]), float(area[n]), {}) for n in range(len(units))}
    for (a, b), metres in neighbours(units.geometry).items():
        groups[a].borders[b] = groups[b].borders[a] = metres
    for n in list(groups):
        if n in groups:
            _join_likes(groups, n)
    while (pair := _next_to_give(groups, minimum_area_km2 * 1e6)) is not None:
        host, least = pair
        _absorb(groups, host, least)
        _join_likes(groups, host)
    return list(groups.values())


def _next_to_give(groups: dict[int, _Zone], minimum_m2: float) -> tuple[int, int] | None:
    """Find the smallest zone under the minimum that has a neighbour to go to: (neighbour, zone)."""
    small = [(one.area_m2, n) for n, one in groups.items() if one.area_m2 < minimum_m2 and one.code != NO_CLASS]
    for _, n in sorted(small):
        host = _host(groups, n)
        if host is not None:
            return host, n
    return None


def _host(groups: dict[int, _Zone], n: int) -> int | None:
    """Neighbour of the nearest class; of those, the one with the longest shared border."""
    held = groups[n]
    others = [other for other in held.borders if groups[other].code != NO_CLASS]
    if not others:
        return None
    return min(others, key=lambda other: (abs(groups[other].code - held.code), -held.borders[other], other))


def _absorb(groups: dict[int, _Zone], host: int, gone: int) -> None:
    taken, kept = groups.pop(gone), groups[host]
    kept.members |= taken.members
    kept.area_m2 += taken.area_m2
    for other, metres in taken.borders.items():
        groups_other = kept if other == host else groups[other]
        groups_other.borders.pop(gone, None)
        if other != host:
            kept.borders[other] = kept.borders.get(other, 0.0) + metres
            groups_other.borders[host] = kept.borders[other]


def _join_likes(groups: dict[int, _Zone], n: int) -> None:
    while True:
        like = [other for other in groups[n].borders if groups[other].kind == groups[n].kind]
        if not like:
            return
        for other in like:
            if other in groups:
                _absorb(groups, n, other)


def _row(members: gpd.GeoDataFrame, zone: _Zone) -> dict[str, object]:
    people = members["people"] if "people" in members else pd.Series(np.nan, index=members.index)
    shape = members.geometry.union_all()
    return {
        "class": zone.code,
        "leading": zone.leading,
        "units": len(members),
        "people": people.sum(skipna=False),
        "area_km2": shape.area / 1e6,
        "geometry": shape,
        "members": list(members.index),
        "first": min(zone.members),
    }


def _names(
    frame: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    *,
    scheme: ClassScheme,
    titles: Mapping[str, Text],
    townships: gpd.GeoDataFrame | None,
    central_share: float,
) -> list[Text]:
    weight = units.area.to_numpy()
    middles = units.centroid
    east, north = np.average(middles.x, weights=weight), np.average(middles.y, weights=weight)
    radius_m = np.sqrt(weight.sum() / np.pi)
    names, places = [], []
    rows = zip(frame["class"], frame["leading"], frame["members"], frame.geometry.centroid, strict=True)
    for code, leading, members, centre in rows:
        part = octant(centre.x - east, centre.y - north, middle_m=central_share * radius_m)
        names.append(zone_name(part, code=code, leading=leading, scheme=scheme, titles=titles))
        places.append(_township(units.loc[members], townships))
    return unique_names(names, places)


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
