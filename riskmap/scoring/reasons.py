"""Why a zone or a township stands in its class: what adds most, what is most at risk, how sure it is."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.errors import MethodError
from riskmap.scoring.zoning import member_weights

__all__ = ["reasons"]

_PART, _OBJECT = "part_", "index_"


def reasons(units: gpd.GeoDataFrame, places: pd.Series) -> pd.DataFrame:
    """Sum up the units of each place: contributions, objects at risk, stability, people, economy, area.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons in metres; ``index``, ``part_<theme>`` (they add up to the index), ``known_share``, and where known
        ``index_<object>``, ``stability``, ``people``, ``gdp_yuan``.
    places : Series of text
        Index of the units: the zone or township of each; NaN for none.

    Returns
    -------
    DataFrame
        Index: the places, sorted. ``index``; ``part_<theme>``, which add up to it; ``theme_1``, ``theme_2``: the
        themes that add most (``""`` where none adds); ``object_1``, ``object_2``: the objects of the highest mean risk
        (``""`` where none is above 0); ``stability``; ``known_share``; ``units`` (number), ``people``, ``gdp_yuan``
        (sums, NaN where one is unknown), ``area_km2``.

    Raises
    ------
    MethodError
        Places of other units, or units without contributions.

    Notes
    -----
    Means are weighted by people, by area in a place where the people of a unit are unknown or nobody lives: the
    index of a township is that of `roll_up`. Units of unknown index are left out of the means and lower the known
    share.

    Examples
    --------
    >>> import shapely
    >>> units = gpd.GeoDataFrame({"index": [0.2, 0.6], "known_share": 1.0, "people": [300.0, 100.0],
    ...     "part_flood": [0.15, 0.2], "part_fire": [0.05, 0.4]},
    ...     geometry=[shapely.box(0, 0, 1000, 1000)] * 2, index=["a", "b"])
    >>> found = reasons(units, pd.Series("Z01", index=["a", "b"]))
    >>> found[["index", "part_flood", "part_fire", "theme_1", "people"]].round(4).to_numpy().tolist()
    [[0.3, 0.1625, 0.1375, 'flood', 400.0]]
    """
    parts = [str(one) for one in units if str(one).startswith(_PART)]
    if not parts:
        raise MethodError("reasons need what each hazard adds to the index; the units hold no contributions")
    if not units.index.equals(places.index):
        raise MethodError("the places are those of other units; give one for each unit, in their order")
    objects = [str(one) for one in units if str(one).startswith(_OBJECT)]
    rows = {key: _row(units.loc[held], parts, objects) for key, held in places.groupby(places).groups.items()}
    found = pd.DataFrame.from_dict(rows, orient="index")
    found.index.name = places.name
    return found


def _row(members: gpd.GeoDataFrame, parts: list[str], objects: list[str]) -> dict[str, object]:
    area = members.area
    weight = member_weights(members, area)
    known = weight.where(members["index"].notna(), 0.0)
    mean = {one: _mean(members[one], known) for one in parts}
    risk = {one: _mean(members[one], weight) for one in objects}
    adds, hit = _two(mean, _PART), _two(risk, _OBJECT)
    return {
        "index": _mean(members["index"], known),
        **mean,
        "theme_1": adds[0],
        "theme_2": adds[1],
        "object_1": hit[0],
        "object_2": hit[1],
        "stability": _mean(members["stability"], known) if "stability" in members else np.nan,
        "known_share": float((members["known_share"] * known).sum() / weight.sum()),
        "units": len(members),
        **{one: members[one].sum(skipna=False) for one in ("people", "gdp_yuan") if one in members},
        "area_km2": area.sum() / 1e6,
    }


def _mean(values: pd.Series, weight: pd.Series) -> float:
    held = weight.where(values.notna(), 0.0)
    return float((values.fillna(0.0) * held).sum() / held.sum()) if held.sum() > 0 else float("nan")


def _two(values: dict[str, float], prefix: str) -> tuple[str, str]:
    """Name the two largest above 0."""
    order = sorted((one for one in values if values[one] > 0), key=lambda one: -values[one])
    first, second = ([one.removeprefix(prefix) for one in order] + ["", ""])[:2]
    return first, second
