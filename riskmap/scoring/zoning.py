"""Adjacent units become named zones: by class, by class and leading hazard, or by likeness."""

from collections.abc import Mapping, Sequence
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, ClassScheme, Text
from riskmap.scoring.classify import cut
from riskmap.scoring.regions import Regions, regions, standardised
from riskmap.scoring.zone_growth import dissolved, grown, neighbours
from riskmap.scoring.zone_landmarks import Rivers
from riskmap.scoring.zone_names import unique_names, zone_name
from riskmap.scoring.zone_places import Place, places_of

__all__ = ["ZoningMethod", "member_weights", "unit_regions", "zone_of_units", "zones"]

ZoningMethod = Literal["class", "like", "regions"]


def zones(
    units: gpd.GeoDataFrame,
    *,
    scheme: ClassScheme,
    titles: Mapping[str, Text],
    minimum_area_km2: float,
    method: ZoningMethod = "class",
    count: int | None = None,
    between: tuple[int, int] = (2, 20),
    townships: gpd.GeoDataFrame | None = None,
    rivers: Rivers | None = None,
    central_share: float = 0.25,
) -> gpd.GeoDataFrame:
    """Join adjacent units to named zones.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in a projected CRS; ``class`` (uint8, `NO_CLASS` unknown), ``leading`` (text), and, where known,
        ``people``, ``parent_id`` and ``part_<theme>``; for ``regions`` also ``index`` and ``score_<theme>``.
    scheme : ClassScheme
        Names of the classes, and for ``regions`` their edges.
    titles : mapping of theme to Text
        Names of the themes in zone names.
    minimum_area_km2 : float
        For ``class`` and ``like``: a smaller zone goes to the neighbour of the nearest class (of those, the one with
        the longest shared border), smallest zone first. Zones without data are neither absorbed nor absorb; a
        small zone with no other neighbour stays.
    method : {"class", "like", "regions"}
        ``class``: units of one class. ``like``: units of one class with one leading hazard; an absorbed zone takes on
        both. ``regions``: units that resemble one another in score and index (`unit_regions`); the class is
        that of the mean index, weighted by people (by area where people are unknown or none).
    count : int, optional
        Number of regions; by the largest jump of cost unless given.
    between : tuple of int
        Fewest and most regions that the jump may choose.
    townships : GeoDataFrame, optional
        ``name``, ``name_en`` by ``parent_id``, to tell zones of one name apart.
    rivers : Rivers, optional
        To name zones by.
    central_share : float
        Zones whose centroid lies within this share of the county's radius are called central.

    Returns
    -------
    GeoDataFrame
        Index ``zone_id``; ``name``, ``name_en``, ``class``, ``leading`` (but for ``like`` the one of most
        people, else of most ground; `NO_LEADER` counts as one), ``units`` (number), ``people`` (NaN where one is unknown),
        ``area_km2``, geometry; most severe first, no data last. Together they cover what the units cover. The order
        of the units changes nothing.

    Raises
    ------
    MethodError
        No units, an index that is not unique, or a method that is not known.

    Examples
    --------
    >>> import shapely
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
    units = units.sort_index()
    if method == "regions":
        groups = _by_regions(units, scheme, count=count, between=between)
    elif method in {"class", "like"}:
        groups = _by_class(units, minimum_area_km2, like=method == "like")
    else:
        raise MethodError(f"zoning method {method!r}; allowed: class, like, regions")
    table = pd.DataFrame([_row(units.iloc[members], members, code, leading) for members, code, leading in groups])
    table["rank"] = np.where(table["class"] == NO_CLASS, -1, table["class"].astype("int64"))
    order = table.sort_values(["rank", "area_km2", "first"], ascending=[False, False, True]).index
    table = table.loc[order].reset_index(drop=True)
    frame = gpd.GeoDataFrame(table, geometry="geometry", crs=units.crs)
    places = places_of(
        units, table["members"].tolist(), townships=townships, rivers=rivers, central_share=central_share
    )
    names = _names(places, table, scheme, titles)
    width = max(2, len(str(len(frame))))
    frame.index = pd.Index([f"Z{n:0{width}d}" for n in range(1, len(frame) + 1)], name="zone_id")
    frame = frame.assign(name=[one.zh for one in names], name_en=[one.en for one in names])
    columns = ["name", "name_en", "class", "leading", "units", "people", "area_km2", "geometry"]
    return frame[columns].astype({"class": "uint8"})


def unit_regions(units: gpd.GeoDataFrame, *, count: int | None = None, between: tuple[int, int] = (2, 20)) -> Regions:
    """Regions of units that resemble one another in the scores of all hazards and in the index.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in metres; ``index`` and ``score_<theme>`` 0..1.
    count, between
        As in `regions`.

    Returns
    -------
    Regions
        On the standardised columns, each counting alike; a column without a known value is left out. Units with an
        unknown value are in none.

    Raises
    ------
    MethodError
        As `regions`; or no such column with a value.

    Examples
    --------
    >>> import shapely
    >>> frame = gpd.GeoDataFrame({"index": [0.1, 0.1, 0.8], "score_flood": [0.2, 0.3, 0.9]},
    ...     geometry=[shapely.box(n * 3000, 0, n * 3000 + 3000, 3000) for n in range(3)], crs="EPSG:4546")
    >>> unit_regions(frame, count=2).labels.tolist()
    [0, 0, 1]
    """
    told = [str(one) for one in units if one == "index" or str(one).startswith("score_")]
    columns = [one for one in told if units[one].notna().any()]
    if not columns:
        raise MethodError("regions need the index or the scores of the units; none is known")
    values = standardised(units[columns].to_numpy("float64"))
    return regions(values, neighbours(units.geometry), count=count, between=between)


def zone_of_units(units: gpd.GeoDataFrame, found: gpd.GeoDataFrame) -> pd.Series:
    """Tell which zone each unit was joined to.

    Parameters
    ----------
    units, found : GeoDataFrame
        Units, and the zones made of them.

    Returns
    -------
    Series of text
        Index of the units; NaN for a unit in none.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], index=["a", "b"])
    >>> zones = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 1)], index=["Z01"])
    >>> zone_of_units(units, zones).tolist()
    ['Z01', 'Z01']
    """
    inside, where = found.sindex.query(units.representative_point(), predicate="intersects")
    first = pd.Series(found.index.to_numpy()[where], index=inside).groupby(level=0).first()
    return pd.Series(first.reindex(range(len(units))).to_numpy(), index=units.index, name="zone_id")


def member_weights(units: pd.DataFrame, area: pd.Series) -> pd.Series:
    """Weight the units of one place by their people; by their area where people are unknown or none.

    Examples
    --------
    >>> member_weights(pd.DataFrame({"people": [3.0, 1.0]}), pd.Series([1.0, 1.0])).tolist()
    [3.0, 1.0]
    >>> member_weights(pd.DataFrame({"people": [3.0, np.nan]}), pd.Series([1.0, 2.0])).tolist()
    [1.0, 2.0]
    """
    people = units["people"] if "people" in units else pd.Series(np.nan, index=units.index)
    return people.astype("float64") if people.notna().all() and people.sum() > 0 else area


_Group = tuple[list[int], int, str]


def _by_class(units: gpd.GeoDataFrame, minimum_area_km2: float, *, like: bool) -> list[_Group]:
    plain = units if like else units.assign(leading="")
    found = grown(plain[["class", "leading", "geometry"]], minimum_area_km2=minimum_area_km2)
    return [
        (members, one.code, one.leading if like else _leading(units.iloc[members], one.code))
        for one in found
        if (members := sorted(one.members))
    ]


def _by_regions(
    units: gpd.GeoDataFrame, scheme: ClassScheme, *, count: int | None, between: tuple[int, int]
) -> list[_Group]:
    known = (units["class"] != NO_CLASS).to_numpy()
    labels = unit_regions(units, count=count, between=between).labels
    labels = np.where(known, _taken_in(units, labels, known), -1)
    blank = grown(units.assign(leading="").iloc[np.flatnonzero(~known)], minimum_area_km2=0) if (~known).any() else []
    at = np.flatnonzero(~known)
    found: list[_Group] = [(sorted(at[list(one.members)].tolist()), NO_CLASS, "") for one in blank]
    for n in range(labels.max(initial=-1) + 1):
        members = np.flatnonzero(labels == n)
        part = units.iloc[members]
        weight = member_weights(part, part.area)
        index = float(np.average(part["index"], weights=weight))
        code = int(cut(np.array([index]), scheme)[0])
        found.append((members.tolist(), code, _leading(part, code)))
    return found


def _taken_in(units: gpd.GeoDataFrame, labels: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Units with an index but an unknown score go to the touching region of the nearest index; else stand alone."""
    found, index = labels.copy(), units["index"].to_numpy("float64")
    ends = np.array(list(neighbours(units.geometry)), dtype="int64").reshape(-1, 2)
    a, b = np.concatenate([ends, ends[:, ::-1]]).T
    held = found >= 0
    mean = list(np.bincount(found[held], index[held]) / np.bincount(found[held])) if held.any() else []
    while (left := np.flatnonzero(known & (found < 0))).size:
        near = np.flatnonzero(known[a] & (found[a] < 0) & (found[b] >= 0))
        if near.size:
            away = np.abs(index[a[near]] - np.array(mean)[found[b[near]]])
            best = near[np.lexsort((found[b[near]], a[near], away))[0]]
            found[a[best]] = found[b[best]]
        else:
            found[left[0]] = len(mean)
            mean.append(index[left[0]])
    return found


def _leading(members: pd.DataFrame, code: int) -> str:
    """Name what leads where most of the people live, or over most of the ground where their number is unknown."""
    if code == NO_CLASS:
        return ""
    area = gpd.GeoDataFrame(members).area
    return str(member_weights(members, area).groupby(members["leading"].fillna("")).sum().idxmax())


def _row(members: gpd.GeoDataFrame, places: Sequence[int], code: int, leading: str) -> dict[str, object]:
    people = members["people"] if "people" in members else pd.Series(np.nan, index=members.index)
    shape = dissolved(members.geometry)
    return {
        "class": code,
        "leading": leading,
        "units": len(members),
        "people": people.sum(skipna=False),
        "area_km2": shape.area / 1e6,
        "geometry": shape,
        "members": list(places),
        "first": min(places),
    }


def _names(places: Sequence[Place], table: pd.DataFrame, scheme: ClassScheme, titles: Mapping[str, Text]) -> list[Text]:
    rows = zip(places, table["class"], table["leading"], strict=True)
    names = [
        zone_name(one.part, code=code, leading=leading, scheme=scheme, titles=titles, along=one.along)
        for one, code, leading in rows
    ]
    return unique_names(names, [one.township for one in places])
