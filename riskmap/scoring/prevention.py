"""Classes of hazard, risk, exposure and capacity become zones of prevention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, ClassScheme, Text
from riskmap.model.shown import frame_html
from riskmap.scoring.regions import regions, standardised
from riskmap.scoring.zone_growth import dissolved, grown, neighbours
from riskmap.scoring.zone_landmarks import Rivers
from riskmap.scoring.zone_names import hazard_word, unique_names
from riskmap.scoring.zone_places import Place, places_of
from riskmap.scoring.zoning import member_weights

__all__ = ["FirstLevel", "by_matrix", "first_level", "prevention_zones", "reaching_class"]

_NO_DATA = Text("无数据区", "no-data")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FirstLevel:
    """Zones of the first level: by nature and place.

    Parameters
    ----------
    labels : Series of int64
        Index of the units: their zone, from 0.
    names : tuple of Text
        Of the zones.
    """

    labels: pd.Series
    names: tuple[Text, ...]

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Zone of each unit: its number and name."""
        return pd.DataFrame({"zone": self.labels, "name": [str(self.names[one]) for one in self.labels]})


def by_matrix(rows: NDArray[np.integer], columns: NDArray[np.integer], *, matrix: Sequence[Sequence[int]]) -> NDArray:
    """Look two classes up in a matrix.

    Parameters
    ----------
    rows, columns : ndarray of int
        Classes from 1; anything beyond the matrix is unknown.
    matrix : sequence of sequences of int
        Class found, by row and column.

    Returns
    -------
    ndarray of uint8
        `NO_CLASS` where either class is unknown.

    Raises
    ------
    MethodError
        A matrix whose rows differ in length.

    Examples
    --------
    >>> by_matrix(np.array([1, 2, 255]), np.array([1, 2, 1]), matrix=[[1, 1], [2, 3]]).tolist()
    [1, 3, 255]
    """
    if len({len(one) for one in matrix}) != 1:
        raise MethodError(f"a matrix with rows of {[len(one) for one in matrix]} entries; all need as many")
    table = np.asarray(matrix, dtype="uint8")
    a, b = np.asarray(rows, "int64") - 1, np.asarray(columns, "int64") - 1
    known = (a >= 0) & (a < table.shape[0]) & (b >= 0) & (b < table.shape[1])
    return np.where(known, table[np.where(known, a, 0), np.where(known, b, 0)], NO_CLASS).astype("uint8")


def reaching_class(shares: NDArray[np.floating], *, least_share: float) -> NDArray[np.uint8]:
    """Highest class that, with those above it, covers a share of a unit.

    Parameters
    ----------
    shares : ndarray, shape (units, classes)
        Share of each class in the unit (`riskmap.spatial.zonal_shares`); NaN unknown.
    least_share : float
        Above 0, at most 1.

    Returns
    -------
    ndarray of uint8
        1..K; `NO_CLASS` for a unit without shares.

    Raises
    ------
    MethodError
        A share that is not above 0 and at most 1.

    Examples
    --------
    >>> reaching_class(np.array([[0.85, 0.08, 0.07], [0.95, 0.05, 0.0]]), least_share=0.1).tolist()
    [2, 1]
    """
    if not 0 < least_share <= 1:
        raise MethodError(f"least_share is {least_share:g}; give a share above 0, at most 1")
    above = np.cumsum(shares[:, ::-1], axis=1)[:, ::-1] >= least_share - 1e-9
    found = np.where(above, np.arange(1, shares.shape[1] + 1), 1).max(axis=1)
    return np.where(np.isfinite(shares).all(axis=1), found, NO_CLASS).astype("uint8")


def first_level(
    units: gpd.GeoDataFrame,
    *,
    titles: Mapping[str, Text],
    between: tuple[int, int],
    townships: gpd.GeoDataFrame | None = None,
    rivers: Rivers | None = None,
) -> FirstLevel:
    """Part a county into a few zones of like nature: the hazards that it suffers, on ground that hangs together.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in metres; ``score_<theme>`` 0..1, ``part_<theme>``, and ``people``, ``parent_id`` where known.
    titles : mapping of theme to Text
        Names of the themes.
    between : tuple of int
        Fewest and most zones; the largest jump of cost decides (`regions`). More where the county is in parts.
    townships, rivers
        To name zones by, as in `places_of`.

    Returns
    -------
    FirstLevel
        Every unit is in a zone: one with an unknown score goes to the zone it shares most border with. A zone bears
        the name of its place and of the two hazards of the largest mean contributions.

    Raises
    ------
    MethodError
        No unit has all scores.

    Examples
    --------
    >>> import shapely
    >>> shapes = [shapely.box(n * 3000, 0, n * 3000 + 3000, 3000) for n in range(4)]
    >>> units = gpd.GeoDataFrame({"score_flood": [0.9, 0.8, 0.1, 0.1], "part_flood": [0.9, 0.8, 0.1, 0.1],
    ...     "score_fire": [0.1, 0.1, 0.7, 0.8], "part_fire": [0.1, 0.1, 0.7, 0.8]}, geometry=shapes)
    >>> found = first_level(units, titles={"flood": Text("洪水", "Flood"), "fire": Text("火灾", "Fire")}, between=(2, 2))
    >>> found.labels.tolist(), [one.zh for one in found.names]
    ([0, 0, 1, 1], ['西部洪水、火灾防治区', '东部火灾、洪水防治区'])
    """
    units = units.sort_index()
    told = [str(one) for one in units if str(one).startswith("score_") and units[one].notna().any()]
    if not told or not units[told].notna().all(axis=1).any():
        raise MethodError("zones of the first level need units of which every hazard is known; there is none")
    pairs = neighbours(units.geometry)
    labels = regions(standardised(units[told].to_numpy("float64")), pairs, between=between).labels
    labels = _attached(labels, pairs)
    groups = [np.flatnonzero(labels == n).tolist() for n in range(labels.max() + 1)]
    places = places_of(units, groups, townships=townships, rivers=rivers)
    names = []
    for one, group in zip(places, groups, strict=True):
        lead = _leads(units.iloc[group], titles)
        tail = f" {one.along.en}" if one.along.en else ""
        hazard = f"{lead.en} " if lead.en else ""
        names.append(
            Text(f"{one.part.zh}{one.along.zh}{lead.zh}防治区", f"{one.part.en} {hazard}prevention area{tail}")
        )
    unique = unique_names(names, [one.township for one in places])
    return FirstLevel(labels=pd.Series(labels, index=units.index), names=tuple(unique))


def prevention_zones(
    units: gpd.GeoDataFrame,
    classes: pd.Series,
    *,
    scheme: ClassScheme,
    title: Text,
    measures: Mapping[int, Text],
    minimum_area_km2: float,
    first: FirstLevel | None = None,
    townships: gpd.GeoDataFrame | None = None,
    rivers: Rivers | None = None,
) -> gpd.GeoDataFrame:
    """Dissolve touching units of one class of prevention to named zones.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in metres; ``people`` and ``parent_id`` where known.
    classes : Series of uint8
        Class of prevention of each unit, `NO_CLASS` unknown.
    scheme : ClassScheme
        Of the classes.
    title : Text
        What is prevented, for the names: 地质灾害.
    measures : mapping of int to Text
        What to do in each class.
    minimum_area_km2 : float
        Smaller zones go to a neighbour, as in `grown`; those of the highest class stay, however small.
    first : FirstLevel, optional
        Zones of the first level; no zone of the second reaches beyond one.
    townships, rivers
        To name zones by, as in `places_of`.

    Returns
    -------
    GeoDataFrame
        Index ``zone_id``; with `first` its ``first_level`` and ``first_level_en``; ``name``, ``name_en``, ``class``,
        ``units`` (number), ``people`` (NaN where one is unknown), ``area_km2``, ``measures_zh``, ``measures_en``,
        geometry. The first level of the highest mean class first, within it the highest class, then the largest.
        Together they cover what the units cover; the order of the units changes nothing.

    Raises
    ------
    MethodError
        Classes of other units, or no units.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.standards import book
    >>> units = gpd.GeoDataFrame(geometry=[shapely.box(n * 3000, 0, n * 3000 + 3000, 3000) for n in range(3)])
    >>> found = prevention_zones(units, pd.Series([3, 3, 1]), scheme=book().scheme("prevention-flood"),
    ...     title=Text("洪水灾害", "Flood"), measures={3: Text("修堤", "Dikes")}, minimum_area_km2=1)
    >>> found[["name", "measures_zh", "area_km2"]].to_numpy().tolist()
    [['西部洪水灾害重点防治区', '修堤', 18.0], ['东部洪水灾害一般防治区', '', 9.0]]
    """
    if not len(units) or not classes.index.equals(units.index):
        raise MethodError(f"prevention zoning needs a class for each of the units; {len(units)} and {len(classes)}")
    table = units.assign(**{"class": classes.to_numpy("uint8"), "leading": ""}).sort_index()
    labels = np.zeros(len(table), "int64") if first is None else first.labels.reindex(table.index).to_numpy()
    pieces = [_rows(table, labels, n, least_km2=minimum_area_km2, keep=scheme.size) for n in _order(table, labels)]
    frame = pd.concat([one.assign(place=n) for n, one in enumerate(pieces, 1)], ignore_index=True)
    places = places_of(table, frame["members"].tolist(), townships=townships, rivers=rivers)
    names = [
        _name(one, code, title=title, scheme=scheme, within=first is not None)
        for one, code in zip(places, frame["class"], strict=True)
    ]
    unique = unique_names(names, [one.township if first is None else Text("", "") for one in places])
    told = [measures.get(int(code), Text("", "")) for code in frame["class"]]
    width = max(2, len(str(len(frame))))
    ids = [f"P{n:0{width}d}" for n in range(1, len(frame) + 1)]
    if first is not None:
        ids = [f"{a}-{b}" for a, b in zip(frame["place"], frame["nth"], strict=True)]
    frame.index = pd.Index(ids, name="zone_id")
    levels = {} if first is None else {
        "first_level": [first.names[n].zh for n in frame["level"]],
        "first_level_en": [first.names[n].en for n in frame["level"]],
    }  # fmt: skip
    columns = {
        **levels,
        "name": [one.zh for one in unique],
        "name_en": [one.en for one in unique],
        "class": frame["class"].to_numpy("uint8"),
        **{one: frame[one] for one in ("units", "people", "area_km2")},
        "measures_zh": [one.zh for one in told],
        "measures_en": [one.en for one in told],
    }
    return gpd.GeoDataFrame(
        pd.DataFrame(columns, index=frame.index), geometry=frame["geometry"].to_list(), crs=units.crs
    )


def _order(table: gpd.GeoDataFrame, labels: NDArray[np.int64]) -> list[int]:
    """Zones of the first level, the highest mean class (by area) first."""
    area = table.area.to_numpy() * (table["class"] != NO_CLASS).to_numpy()
    codes = np.where(table["class"] == NO_CLASS, 0, table["class"]).astype("float64")
    mean = {n: (codes * area)[labels == n].sum() / max(area[labels == n].sum(), 1e-9) for n in np.unique(labels)}
    return sorted(mean, key=lambda n: (-mean[n], n))


def _rows(
    table: gpd.GeoDataFrame, labels: NDArray[np.int64], level: int, *, least_km2: float, keep: int
) -> pd.DataFrame:
    """Zones of the second level within one of the first, the highest class first."""
    at = np.flatnonzero(labels == level)
    rows = []
    for one in grown(table.iloc[at], minimum_area_km2=least_km2, keep=keep):
        members = at[sorted(one.members)]
        held = table.iloc[members]
        rows.append(
            {
                "class": one.code,
                "units": len(held),
                "people": held["people"].sum(skipna=False) if "people" in held else np.nan,
                "geometry": dissolved(held.geometry),
                "members": members.tolist(),
                "first": members[0],
                "rank": -1 if one.code == NO_CLASS else one.code,
            }
        )
    frame = pd.DataFrame(rows)
    frame["area_km2"] = [one.area / 1e6 for one in frame["geometry"]]
    frame = frame.sort_values(["rank", "area_km2", "first"], ascending=[False, False, True])
    return frame.assign(level=level, nth=range(1, len(frame) + 1))


def _name(one: Place, code: int, *, title: Text, scheme: ClassScheme, within: bool) -> Text:
    """Name a zone by its part of the county; one of the second level by its township, where that is known."""
    label = scheme.label(code) if 1 <= code <= scheme.size else _NO_DATA
    what = Text(f"{title.zh}{label.zh}", f"{title.en.lower()} {label.en.lower()} zone")
    if within and one.township.zh:
        return Text(f"{one.township.zh}一带{what.zh}", f"{what.en[:1].upper()}{what.en[1:]} about {one.township.en}")
    tail = f" {one.along.en}" if one.along.en else ""
    return Text(f"{one.part.zh}{one.along.zh}{what.zh}", f"{one.part.en} {what.en}{tail}")


def _leads(members: pd.DataFrame, titles: Mapping[str, Text]) -> Text:
    """Say the two hazards of the largest mean contributions."""
    parts = [str(one) for one in members if str(one).startswith("part_")]
    weight = member_weights(members, gpd.GeoDataFrame(members).area)
    mean = members[parts].mul(weight, axis=0).sum().sort_values(ascending=False, kind="stable")
    themes = [str(one).removeprefix("part_") for one in mean.index[mean > 0]][:2]
    told = [hazard_word(titles.get(one, Text(one, one))) for one in themes]
    return Text("、".join(one.zh for one in told), " and ".join(one.en.lower() for one in told))


def _attached(labels: NDArray[np.int64], borders: Mapping[tuple[int, int], float]) -> NDArray[np.int64]:
    """Give units without a region to the one of the longest shared border; those that touch none stand alone."""
    found = labels.copy()
    while (left := np.flatnonzero(found < 0)).size:
        metres: dict[tuple[int, int], float] = {}
        for (a, b), length in borders.items():
            for one, other in ((a, b), (b, a)):
                if found[one] < 0 <= found[other]:
                    key = (one, int(found[other]))
                    metres[key] = metres.get(key, 0.0) + length
        if metres:
            unit, host = min(metres, key=lambda key: (-metres[key], key))
            found[unit] = host
        else:
            found[left[0]] = found.max() + 1
    return found
