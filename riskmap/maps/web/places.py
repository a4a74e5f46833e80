"""What a page tells of a place that was clicked: its name, its facts, its hazards."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.maps.unit_words import VILLAGES, UnitWords
from riskmap.maps.web.layers import class_codes
from riskmap.maps.web.shapes import TOLERANCE_M, area_shapes, point_places
from riskmap.maps.words import COLUMNS, UNITS, number, quantity, share
from riskmap.model import NO_CLASS, NO_LEADER, NO_LEADER_WORDS, ClassScheme, ProductTable, RiskResult, Text, ThemeResult
from riskmap.model.titles import hazard_word, short_title

__all__ = [
    "area_set",
    "column_fact",
    "hazard_rows",
    "leaders",
    "place_names",
    "rank_fact",
    "reasons_of",
    "short_name",
    "sizes_of",
    "stable_texts",
    "unit_facts",
    "zone_facts",
    "zone_of",
]

_ENDINGS = (
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "社区"),
)
EXPOSED = ("people", "gdp_yuan", "crops_km2", "houses_m2", "roads_km")


def short_name(name: str) -> str:
    """Name of a village without the words for its committee.

    Examples
    --------
    >>> short_name("大东梁村民委员会"), short_name("河神庙村"), short_name("村委会")
    ('大东梁村', '河神庙村', '村委会')
    """
    for ending, kept in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return re.sub(f"{kept}{kept}$", kept, name.removesuffix(ending) + kept)
    return name


def area_set(
    frame: gpd.GeoDataFrame, *, townships: gpd.GeoDataFrame | None = None, tolerance_m: float = TOLERANCE_M
) -> dict[str, Any]:
    """Shapes, codes and names of areas, row by row.

    Parameters
    ----------
    frame : GeoDataFrame
        Index: codes; ``name``, ``name_en``, ``parent_id`` and ``made_area`` where known; in metres.
    townships : GeoDataFrame, optional
        Names of the parents.
    tolerance_m : float
        As `area_shapes`.

    Returns
    -------
    mapping
        ``shapes``, ``ids``, ``names``, ``seats`` (lon, lat), ``parents`` (names), ``made``.

    Examples
    --------
    >>> area_set.__name__
    'area_set'
    """
    parents = [None] * len(frame)
    if townships is not None and len(townships) and "parent_id" in frame:
        known = dict(zip(townships.index.astype(str), place_names(townships), strict=True))
        parents = [known.get(str(one)) for one in frame["parent_id"]]
    return {
        "shapes": area_shapes(frame, tolerance_m=tolerance_m),
        "ids": [str(one) for one in frame.index],
        "names": place_names(frame),
        "seats": point_places(frame),
        "parents": parents,
        "made": bool("made_area" in frame and frame["made_area"].fillna(False).astype(bool).any()),
        "facts": [],
    }


def column_fact(values: pd.Series, *, title: Text, unit: str = "") -> Mapping[str, Any]:
    """One line of a place's facts, for every place: the number as text and its unit; None unknown.

    Parameters
    ----------
    values : Series
        Numbers or texts.
    title : Text
        What it is.
    unit : str
        As in the data.

    Returns
    -------
    mapping
        ``title``, ``unit`` (with its space), ``values``.

    Examples
    --------
    >>> column_fact(pd.Series([1200.0, None]), title=Text("人口", "People"), unit="people")["values"]
    ['1,200', None]
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        texts = [None if pd.isna(one) or str(one) == "" else str(one) for one in values]
        return {"title": title, "unit": "", "values": texts}
    known = [float(one) if np.isfinite(one) else None for one in values.astype("float64")]
    if unit == "yuan":
        return {"title": title, "unit": "", "values": [None if x is None else quantity(x, unit) for x in known]}
    words = UNITS.get(unit, Text(unit, unit))
    gap = Text(*(f" {one}" if one and one not in {"°", "%"} else one for one in (words.zh, words.en)))
    whole = unit == "people"
    return {
        "title": title,
        "unit": gap,
        "values": [None if x is None else number(round(x) if whole else x) for x in known],
    }


def rank_fact(index: pd.Series) -> list[int | None]:
    """Rank of each unit by its index, 1 the highest; equal values share a rank; None unknown.

    Examples
    --------
    >>> rank_fact(pd.Series([0.2, 0.9, None]))
    [2, 1, None]
    """
    ranks = index.rank(ascending=False, method="min")
    return [None if np.isnan(one) else int(one) for one in ranks]


def unit_facts(units: gpd.GeoDataFrame) -> list[Mapping[str, Any]]:
    """Exposure of the units, as lines of facts; columns that are not there or wholly unknown are not shown.

    Examples
    --------
    >>> unit_facts.__name__
    'unit_facts'
    """
    known = [one for one in EXPOSED if one in units and units[one].notna().any()]
    facts = [column_fact(units[one], title=COLUMNS[one][0], unit=COLUMNS[one][1]) for one in known]
    if "override" in units:
        facts.append(column_fact(units["override"], title=Text("人工审定", "Class set by hand")))
    return [*facts, column_fact(units.area / 1e6, title=COLUMNS["area_km2"][0], unit="km2")]


def sizes_of(units: gpd.GeoDataFrame) -> Mapping[str, list[float | None]]:
    """Area and people of the units as numbers, for sums that the page makes.

    Returns
    -------
    mapping
        ``area_km2``; ``people``, None unknown, empty where no column tells them.

    Examples
    --------
    >>> import shapely
    >>> sizes_of(gpd.GeoDataFrame({"people": [5.0]}, geometry=[shapely.box(0, 0, 1000, 1000)], crs="EPSG:4546"))
    {'area_km2': [1.0], 'people': [5.0]}
    """
    people = units["people"].astype("float64") if "people" in units else pd.Series(dtype="float64")
    return {
        "area_km2": [round(float(one), 4) for one in units.area / 1e6],
        "people": [round(float(one), 2) if np.isfinite(one) else None for one in people],
    }


def zone_of(units: gpd.GeoDataFrame, zones: gpd.GeoDataFrame) -> list[int | None]:
    """Place of the zone in which a point inside each unit lies; None outside all.

    Examples
    --------
    >>> import shapely
    >>> one = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 9, 9)], crs="EPSG:4546")
    >>> zone_of(one, one)
    [0]
    """
    points = units.geometry.representative_point().to_numpy()
    inside, which = zones.sindex.query(points, predicate="intersects")
    found: list[int | None] = [None] * len(units)
    for n, zone in zip(inside.tolist(), which.tolist(), strict=True):
        found[n] = zone if found[n] is None else found[n]
    return found


def zone_facts(
    risk: RiskResult, themes: Mapping[str, ThemeResult], *, words: UnitWords = VILLAGES
) -> list[Mapping[str, Any]]:
    """Facts of the zones: leading hazard, number of units, people, area.

    Examples
    --------
    >>> zone_facts.__name__
    'zone_facts'
    """
    zones = risk.zones
    titles = leaders(zones["leading"], themes)
    facts: list[Mapping[str, Any]] = [{"title": Text("主导灾种", "Leading hazard"), "unit": "", "values": titles}]
    for name in ("units", "people", "area_km2"):
        if name in zones:
            title, unit = COLUMNS[name]
            if name == "units":
                title = words.fill(Text("{units}数", "{Units}"))
            facts.append(column_fact(zones[name], title=title, unit=unit))
    return facts


def leaders(names: pd.Series, themes: Mapping[str, ThemeResult]) -> list[Text | None]:
    """Words for the leading hazards: none stands out, or None where nothing is known.

    Examples
    --------
    >>> [one and one.en for one in leaders(pd.Series(["none", ""]), {})]
    ['No hazard stands out', None]
    """
    titles = {name: hazard_word(short_title(one.title)) for name, one in themes.items()} | {NO_LEADER: NO_LEADER_WORDS}
    return [titles.get(str(one)) for one in names]


def reasons_of(products: Sequence[ProductTable], name: str, places: pd.Index) -> list[Text | None] | None:
    """Sentence of a product that tells why each place stands in its class; None without that product.

    Examples
    --------
    >>> reasons_of([], "why_class", pd.Index(["a"])) is None
    True
    """
    frame = next((one.frame for one in products if one.name == name and "reason_zh" in one.frame), None)
    if frame is None:
        return None
    told = dict(zip(frame.index, map(Text, frame["reason_zh"], frame["reason_en"]), strict=True))
    return [told.get(one) for one in places]


def hazard_rows(
    themes: Mapping[str, ThemeResult], table: pd.DataFrame, *, colours: Mapping[str, ClassScheme] | None = None
) -> list[Mapping[str, Any]]:
    """Class and score of every hazard on every unit.

    Parameters
    ----------
    themes : mapping of str to ThemeResult
        By name.
    table : DataFrame
        ``class_<theme>`` and ``score_<theme>`` where known, in the order of the page's units.
    colours : mapping of str to ClassScheme, optional
        In place of the themes' own schemes.

    Returns
    -------
    list of mapping
        ``title``, ``given``, ``labels`` and ``colours`` by class, ``codes``, ``scores``.

    Examples
    --------
    >>> hazard_rows({}, pd.DataFrame())
    []
    """
    rows: list[Mapping[str, Any]] = []
    for name, theme in themes.items():
        if f"class_{name}" not in table:
            continue
        scheme = (colours or {}).get(name, theme.scheme)
        scores = table[f"score_{name}"] if f"score_{name}" in table else pd.Series(np.nan, index=table.index)
        rows.append(
            {
                "id": f"hazard-{name}",
                "title": short_title(theme.title),
                "given": theme.origin == "given",
                "labels": list(scheme.labels),
                "colours": list(scheme.colours),
                "codes": class_codes(table[f"class_{name}"], scheme),
                "scores": [round(float(one), 3) if np.isfinite(one) else None for one in scores],
            }
        )
    return rows


def known_texts(values: pd.Series) -> list[str | None]:
    """Shares as per cent; None unknown.

    Examples
    --------
    >>> known_texts(pd.Series([0.5, None]))
    ['50%', None]
    """
    return [share(one) if np.isfinite(one) else None for one in values.astype("float64")]


def stable_texts(units: pd.DataFrame, scheme: ClassScheme) -> list[Text | None] | None:
    """How often each unit keeps its class under other weights, and what it becomes else; None where not assessed.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> units = pd.DataFrame({"stability": [1.0, 0.8], "next_class": [255, 4]})
    >>> [one.en for one in stable_texts(units, book().scheme("comprehensive-risk"))]
    ['100%', '80%, else mostly Medium-high']
    """
    if "stability" not in units:
        return None
    found: list[Text | None] = []
    for kept, code in zip(units["stability"].astype("float64"), units["next_class"].astype(int), strict=True):
        if not np.isfinite(kept):
            found.append(None)
        elif code == NO_CLASS:
            found.append(Text(share(kept), share(kept)))
        else:
            label = scheme.label(code)
            found.append(Text(f"{share(kept)}，否则多为{label.zh}", f"{share(kept)}, else mostly {label.en}"))
    return found


def place_names(frame: gpd.GeoDataFrame) -> list[Text]:
    """Names of places in both languages, without the words for a committee; the code where there is none.

    Examples
    --------
    >>> place_names(gpd.GeoDataFrame({"name": ["河神庙村村委会", None]}, geometry=[None, None], index=["1", "2"]))
    [Text(zh='河神庙村', en='河神庙村'), Text(zh='2', en='2')]
    """
    blank = pd.Series("", index=frame.index)
    zh = frame.get("name", blank).fillna("").astype(str)
    en = frame.get("name_en", blank).fillna("").astype(str)
    ids = frame.index.astype(str)
    return [Text(short_name(a) or b or i, b or short_name(a) or i) for a, b, i in zip(zh, en, ids, strict=True)]
