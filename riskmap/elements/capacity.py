"""Capacity to prevent and relieve: what each unit or township holds, in its first form."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.elements.assets import unit_of_points
from riskmap.model import Exposure, LeftOut, Survey, Text

__all__ = ["Capacity", "capacity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Capacity:
    """Indicators of capacity, ready for the profile ``capacity``.

    Parameters
    ----------
    indicators : DataFrame
        Index of the townships, or of the units where there are none; ``attrs["units"]`` names the units.
        Columns, where the layers allow: ``shelter_m2_per_head``, ``beds_per_1000``, ``stores_per_10000``,
        ``fire_stations_per_10000``. NaN where the people are unknown or none.
    left_out : tuple of LeftOut
        Indicators whose layer is missing.
    """

    indicators: pd.DataFrame
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facility:
    layer: str
    column: str  # summed; "" counts the records
    per_people: float
    unit: str
    title: Text


_FACILITIES: Mapping[str, _Facility] = {
    "shelter_m2_per_head": _Facility(
        layer="shelters",
        column="area_m2",
        per_people=1,
        unit="m2",
        title=Text("人均避难面积", "Shelter area per head"),
    ),
    "beds_per_1000": _Facility(
        layer="clinics",
        column="beds_count",
        per_people=1000,
        unit="1",
        title=Text("千人床位数", "Hospital beds per 1,000 people"),
    ),
    "stores_per_10000": _Facility(
        layer="relief_stores",
        column="",
        per_people=10_000,
        unit="1",
        title=Text("万人救灾物资储备库数", "Relief stores per 10,000 people"),
    ),
    "fire_stations_per_10000": _Facility(
        layer="fire_stations",
        column="",
        per_people=10_000,
        unit="1",
        title=Text("万人消防救援站数", "Fire stations per 10,000 people"),
    ),
}


def capacity(survey: Survey, exposed: Exposure) -> Capacity:
    """Facilities per head in each township (in each unit where there are no townships).

    Parameters
    ----------
    survey : Survey
        Any of the layers ``shelters`` (area), ``clinics`` (beds), ``relief_stores``, ``fire_stations``.
    exposed : Exposure
        With people.

    Returns
    -------
    Capacity
        A township without a facility is a known zero when the layer was delivered; an indicator whose
        layer is missing is absent and named in `left_out`. Distance does not count here; reach over the roads
        is the work of `riskmap.shelters`.

    Notes
    -----
    After the contents of GB/T 43981-2024, whose indicator list has not been read: a first form. Capacity is
    reported beside the risk and not multiplied into it.

    Examples
    --------
    >>> capacity.__name__
    'capacity'
    """
    areas = survey.townships if len(survey.townships) else survey.units
    people = pd.Series(np.nan, index=areas.index)
    if "people" in exposed.units:
        people = exposed.units["people"]
        if len(survey.townships):
            sums = people.groupby(survey.units["parent_id"])
            people = sums.sum().where(sums.count() == sums.size())
        people = people.reindex(areas.index)
    columns, left_out = {}, []
    for name, one in _FACILITIES.items():
        found = _amount(survey, one, areas) if people.notna().any() else Text("没有人口", "no people")
        if isinstance(found, Text):
            left_out.append(LeftOut(product=one.title, reason=found))
        else:
            columns[name] = found / people.where(people > 0).to_numpy() * one.per_people
    table = pd.DataFrame(columns, index=areas.index, dtype="float64")
    table.attrs["units"] = {name: _FACILITIES[name].unit for name in columns}
    return Capacity(indicators=table, left_out=tuple(left_out))


def _amount(survey: Survey, one: _Facility, areas: gpd.GeoDataFrame) -> np.ndarray | Text:
    """Sum the facilities of each area, or say why that cannot be known."""
    if not survey.has(one.layer):
        return Text("没有交来相应图层", "its layer was not delivered")
    frame = survey.frame(one.layer)
    weight = np.ones(len(frame))
    if one.column:
        weight = pd.to_numeric(frame.get(one.column, pd.Series(np.nan, index=frame.index))).to_numpy(dtype="float64")
        if not np.isfinite(weight).any():
            return Text("图层没有所需字段的值", "its column holds no values")
    home = unit_of_points(frame, areas)
    counted = (home >= 0) & np.isfinite(weight)
    return np.bincount(home[counted], weights=weight[counted], minlength=len(areas))
