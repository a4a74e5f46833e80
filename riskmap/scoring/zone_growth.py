"""Units grow together: neighbours of one kind join, and what is too small goes to a neighbour."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from riskmap.model import NO_CLASS

__all__ = ["Grown", "dissolved", "grown", "neighbours"]

_SEAM_M = 1e-6


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


def dissolved(shapes: gpd.GeoSeries) -> BaseGeometry:
    """Dissolve units to one shape without the seams that rounding leaves between them.

    Parameters
    ----------
    shapes : GeoSeries of polygons
        In metres.

    Returns
    -------
    Polygon or MultiPolygon
        Vertices move by less than a micrometre.

    Examples
    --------
    >>> boxes = gpd.GeoSeries([shapely.box(0, 0, 1, 1), shapely.box(1 + 1e-9, 0, 2, 1)])
    >>> dissolved(boxes).geom_type, boxes.union_all().geom_type
    ('Polygon', 'MultiPolygon')
    """
    return shapely.union_all(shapes.to_numpy(), grid_size=_SEAM_M)


@dataclass(slots=True)
class Grown:
    """One group of units that hang together.

    Parameters
    ----------
    members : set of int
        Positions of its units.
    code : int
        Its class; `NO_CLASS` for none.
    leading : str
        What leads in it.
    area_m2 : float
        Of its units.
    borders : dict of int to float
        Metres by the group that it touches.
    """

    members: set[int]
    code: int
    leading: str
    area_m2: float
    borders: dict[int, float]

    @property
    def kind(self) -> tuple[int, str]:
        """Class and leading hazard: groups of one kind are joined."""
        return self.code, self.leading


def grown(units: gpd.GeoDataFrame, *, minimum_area_km2: float, keep: int = NO_CLASS) -> list[Grown]:
    """Join units of like class and like leading hazard, then give small groups to their neighbours.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in metres; ``class`` (`NO_CLASS` unknown) and ``leading`` (text).
    minimum_area_km2 : float
        A smaller group goes to the neighbour of the nearest class (of those, the one with the longest shared
        border), the smallest first. Groups without a class neither give nor take; a small group with no other
        neighbour stays.
    keep : int
        Groups of this class and higher stay, however small.

    Returns
    -------
    list of Grown
        Every unit is in one of them.

    Examples
    --------
    >>> frame = gpd.GeoDataFrame({"class": [5, 5, 1], "leading": ["flood", "flood", ""]},
    ...     geometry=[shapely.box(n * 3000, 0, n * 3000 + 3000, 3000) for n in range(3)], crs="EPSG:4546")
    >>> [sorted(one.members) for one in grown(frame, minimum_area_km2=1)]
    [[0, 1], [2]]
    """
    area = units.area.to_numpy()
    codes = units["class"].to_numpy()
    leading = units["leading"].fillna("").where(codes != NO_CLASS, "").to_numpy()
    groups = {n: Grown({n}, int(codes[n]), str(leading[n]), float(area[n]), {}) for n in range(len(units))}
    for (a, b), metres in neighbours(units.geometry).items():
        groups[a].borders[b] = groups[b].borders[a] = metres
    for n in list(groups):
        if n in groups:
            _join_likes(groups, n)
    while (pair := _next_to_give(groups, minimum_area_km2 * 1e6, keep)) is not None:
        host, least = pair
        _absorb(groups, host, least)
        _join_likes(groups, host)
    return list(groups.values())


def _next_to_give(groups: dict[int, Grown], minimum_m2: float, keep: int) -> tuple[int, int] | None:
    """Find the smallest zone under the minimum that has a neighbour to go to: (neighbour, zone)."""
    small = [
        (one.area_m2, n) for n, one in groups.items() if one.area_m2 < minimum_m2 and one.code < min(keep, NO_CLASS)
    ]
    for _, n in sorted(small):
        host = _host(groups, n)
        if host is not None:
            return host, n
    return None


def _host(groups: dict[int, Grown], n: int) -> int | None:
    """Neighbour of the nearest class; of those, the one with the longest shared border."""
    held = groups[n]
    others = [other for other in held.borders if groups[other].code != NO_CLASS]
    if not others:
        return None
    return min(others, key=lambda other: (abs(groups[other].code - held.code), -held.borders[other], other))


def _absorb(groups: dict[int, Grown], host: int, gone: int) -> None:
    taken, kept = groups.pop(gone), groups[host]
    kept.members |= taken.members
    kept.area_m2 += taken.area_m2
    for other, metres in taken.borders.items():
        groups_other = kept if other == host else groups[other]
        groups_other.borders.pop(gone, None)
        if other != host:
            kept.borders[other] = kept.borders.get(other, 0.0) + metres
            groups_other.borders[host] = kept.borders[other]


def _join_likes(groups: dict[int, Grown], n: int) -> None:
    while True:
        like = [other for other in groups[n].borders if groups[other].kind == groups[n].kind]
        if not like:
            return
        for other in like:
            if other in groups:
                _absorb(groups, n, other)
