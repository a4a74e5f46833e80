"""Capacity to prevent and relieve: what each unit or township holds for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.elements.assets import unit_of_points
from riskmap.model import Exposure, LeftOut, Survey, Text
from riskmap.model.shown import frame_html

__all__ = ["Capacity", "capacity"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Capacity:
    """Indicators of capacity, ready for the profile ``capacity``.

    Parameters
    ----------
    indicators : DataFrame
        Index of the townships, or of the units where there are none; ``attrs["units"]`` names the units. Columns, where
        the layers allow: ``shelter_m2_per_head``, ``beds_per_1000``, ``stores_per_10000``, ``fire_stations_per_10000``,
        ``road_km_per_km2``, ``watched_share_pct`` (danger points with a named warden), ``income_yuan``,
        ``dependants_pct`` (people under 15 and over 64), ``weak_houses_pct`` (floor area of earthen and cave houses).
        NaN where the people are unknown or none, and where there is nothing to watch.
    left_out : tuple of LeftOut
        Indicators whose layer or column is missing.
    """

    indicators: pd.DataFrame
    left_out: tuple[LeftOut, ...] = ()

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Indicators by township or unit."""
        return self.indicators


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ground:
    """What every indicator asks for."""

    survey: Survey
    areas: gpd.GeoDataFrame
    people: np.ndarray

    def column(self, layer: str, name: str) -> pd.Series | None:
        """Return a numeric column of a layer; None where it was not delivered or holds nothing."""
        if not self.survey.has(layer) or name not in self.survey.frame(layer):
            return None
        values = pd.to_numeric(self.survey.frame(layer)[name], errors="coerce").astype("float64")
        return values if values.notna().any() else None

    def summed(self, layer: str, weight: np.ndarray) -> np.ndarray:
        """Sum records of a layer over the areas that hold them; unknown weights are left out."""
        home = unit_of_points(self.survey.frame(layer), self.areas)
        counted = (home >= 0) & np.isfinite(weight)
        return np.bincount(home[counted], weights=weight[counted], minlength=len(self.areas)).astype("float64")

    def per_head(self, amount: np.ndarray, heads: float) -> np.ndarray:
        return np.divide(amount * heads, self.people, out=np.full(len(self.areas), np.nan), where=self.people > 0)


_Made = np.ndarray | None


def _facilities(layer: str, column: str, heads: float) -> Callable[[_Ground], _Made]:
    def make(ground: _Ground) -> _Made:
        if not ground.survey.has(layer) or not (ground.people > 0).any():
            return None
        weight = np.ones(len(ground.survey.frame(layer)))
        if column:
            values = ground.column(layer, column)
            if values is None:
                return None
            weight = values.to_numpy()
        return ground.per_head(ground.summed(layer, weight), heads)

    return make


def _roads(ground: _Ground) -> _Made:
    if not ground.survey.has("roads"):
        return None
    lines = ground.survey.frame("roads")[["geometry"]]
    parts = lines.overlay(gpd.GeoDataFrame({"place": range(len(ground.areas))}, geometry=ground.areas.geometry.to_numpy(),
                                           crs=ground.areas.crs), how="intersection", keep_geom_type=True)  # fmt: skip
    length = np.bincount(parts["place"], weights=parts.length, minlength=len(ground.areas))
    return length / 1000 / (ground.areas.area.to_numpy() / 1e6)


def _watched(ground: _Ground) -> _Made:
    """Share of the danger points that name who watches them."""
    if not ground.survey.has("hazard_points") or "warden_name" not in ground.survey.frame("hazard_points"):
        return None
    named = ground.survey.frame("hazard_points")["warden_name"].fillna("").astype(str).str.strip() != ""
    every = ground.summed("hazard_points", np.ones(len(named)))
    watched = ground.summed("hazard_points", named.to_numpy("float64"))
    return np.divide(100 * watched, every, out=np.full(len(every), np.nan), where=every > 0)


def _income(ground: _Ground) -> _Made:
    values = ground.column("yearbook", "income_yuan")
    if values is None:
        return None
    values.index = pd.Index(ground.survey.frame("yearbook")["code"].astype(str).str[:9])
    book = values[~values.index.duplicated()]
    return book.reindex(ground.areas.index.astype(str).str[:9]).to_numpy("float64")


def _dependants(ground: _Ground) -> _Made:
    columns = [ground.column("villages", one) for one in ("people", "elderly_people", "children_people")]
    people, old, young = columns
    if people is None or old is None or young is None:
        return None
    known = (people + old + young).notna().to_numpy()
    heads = ground.summed("villages", np.where(known, people, np.nan))
    weak = ground.summed("villages", np.where(known, old + young, np.nan))
    return np.divide(100 * weak, heads, out=np.full(len(heads), np.nan), where=heads > 0)


def _weak_houses(ground: _Ground) -> _Made:
    area = ground.column("buildings", "floor_area_m2")
    if area is None or "structure" not in ground.survey.frame("buildings"):
        return None
    weak = {str(row["structure"]) for row in ground.survey.standards.table("lists.weak_structures")}
    kind = ground.survey.frame("buildings")["structure"]
    known = kind.notna().to_numpy()
    every = ground.summed("buildings", np.where(known, area, np.nan))
    frail = ground.summed("buildings", np.where(known, area * kind.isin(weak), np.nan))
    return np.divide(100 * frail, every, out=np.full(len(every), np.nan), where=every > 0)


_INDICATORS: Mapping[str, tuple[Text, str, Callable[[_Ground], _Made]]] = {
    "shelter_m2_per_head": (Text("人均避难面积", "Shelter area per head"), "m2", _facilities("shelters", "area_m2", 1)),
    "beds_per_1000": (
        Text("千人床位数", "Hospital beds per 1,000 people"), "1", _facilities("clinics", "beds_count", 1000)
    ),
    "stores_per_10000": (
        Text("万人救灾物资储备库数", "Relief stores per 10,000 people"), "1", _facilities("relief_stores", "", 10_000)
    ),
    "fire_stations_per_10000": (
        Text("万人消防救援站数", "Fire stations per 10,000 people"), "1", _facilities("fire_stations", "", 10_000)
    ),
    "road_km_per_km2": (Text("路网密度", "Roads per area"), "km/km2", _roads),
    "watched_share_pct": (Text("隐患点有责任人比例", "Danger points with a named warden"), "%", _watched),
    "income_yuan": (Text("人均可支配收入", "Income per head"), "yuan", _income),
    "dependants_pct": (Text("老幼人口占比", "Share of children and elderly"), "%", _dependants),
    "weak_houses_pct": (Text("土木、窑洞、砖木房屋面积占比", "Share of earthen, cave and brick houses"), "%", _weak_houses),
}  # fmt: skip


def capacity(survey: Survey, exposed: Exposure) -> Capacity:
    """What each township (each unit where there are no townships) has against disasters.

    Parameters
    ----------
    survey : Survey
        Any of the layers ``shelters`` (area), ``clinics`` (beds), ``relief_stores``, ``fire_stations``, ``roads``,
        ``hazard_points`` (wardens), ``yearbook`` (income), ``villages`` (children, elderly), ``buildings`` (structure).
    exposed : Exposure
        With people.

    Returns
    -------
    Capacity
        A township without a facility is a known zero when the layer was delivered; an indicator whose layer or column is
        missing is absent and named in `left_out`. Reach over the roads is the work of `riskmap.shelters`.

    Notes
    -----
    After the groups of the census (government, enterprises and society, township and community, household) and the
    contents of GB/T 43981-2024, whose list of indicators has not been read: the indicators are chosen.

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
    ground = _Ground(survey=survey, areas=areas, people=people.to_numpy("float64"))
    columns, left_out = {}, []
    for name, (title, _, make) in _INDICATORS.items():
        found = make(ground)
        if found is None:
            reason = Text(
                "没有交来相应图层，或字段没有值", "its layer was not delivered, or its column holds no values"
            )
            left_out.append(LeftOut(product=title, reason=reason))
        else:
            columns[name] = found
    table = pd.DataFrame(columns, index=areas.index, dtype="float64")
    table.attrs["units"] = {name: _INDICATORS[name][1] for name in columns}
    return Capacity(indicators=table, left_out=tuple(left_out))
