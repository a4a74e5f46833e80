"""Roads with everything on them that the declared networks of facilities ask for: built once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.elements.assets import unit_of_points
from riskmap.model import NO_CLASS, Assessment, Survey, Threshold
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.candidates import candidate_sites, safe_sites
from riskmap.shelters import (
    Ground,
    ServiceRule,
    Travel,
    car_minutes,
    demand_points,
    driving_speeds,
    scenarios_of,
    service_rules,
    states_of,
)

__all__ = ["NetworkCase", "NetworkGround", "high_risk", "network_ground", "village_people"]

_States = dict[str, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkCase:
    """One network of facilities in this county.

    Parameters
    ----------
    rule : ServiceRule
        What it must do.
    demand : GeoDataFrame
        ``name``, ``amount``, ``node`` and points.
    facilities : GeoDataFrame
        As delivered, with ``node``; points.
    states : dict
        Open edges and safe facilities by scenario; empty where hazards do not matter to it.
    all_villages : bool
        True where it is for some villages only, and which ones could not be told.
    """

    rule: ServiceRule
    demand: gpd.GeoDataFrame
    facilities: gpd.GeoDataFrame
    states: _States
    all_villages: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NetworkGround:
    """All networks of facilities on their roads.

    Parameters
    ----------
    travel : Travel
        Minutes on foot and by car.
    cases : tuple of NetworkCase
        Networks whose layers were delivered.
    candidates : GeoDataFrame
        Where a new facility could stand, out of danger: ``name``, ``kind``, ``gentle`` (not too steep), ``node``.
    speeds : Threshold
        Speeds by class of road, for the record.
    """

    travel: Travel
    cases: tuple[NetworkCase, ...]
    candidates: gpd.GeoDataFrame
    speeds: Threshold

    def fit(self, rule: ServiceRule) -> gpd.GeoDataFrame:
        """Candidates that will do for a network."""
        return self.candidates if rule.any_slope else self.candidates[self.candidates["gentle"]]


def network_ground(assessment: Assessment, *, only: Iterable[str] = ()) -> NetworkGround:
    """Put people, danger points, facilities and candidates of every delivered network onto the roads.

    Parameters
    ----------
    assessment : Assessment
        With hazards.
    only : iterable of str
        Names of the networks that are asked for; all if empty.

    Returns
    -------
    NetworkGround

    Raises
    ------
    AbsentError
        None of the layers of facilities was delivered, or roads or people are missing.

    Examples
    --------
    >>> network_ground.__name__
    'network_ground'
    """
    survey, wanted = assessment.survey, set(only)
    rules = [one for one in service_rules(survey.standards) if not wanted or one.name in wanted]
    rules = [one for one in rules if _delivered(one, assessment)]
    if not rules:
        raise AbsentError("没有交来相应设施图层", "no layer of such facilities was delivered", asked=False)
    if not survey.has("roads") or not (survey.has("villages") or assessment.risk is not None):
        raise AbsentError("缺少公路或人口图层", "roads or people are missing")
    return _built(assessment, rules, village_people(assessment))


def _built(assessment: Assessment, rules: list[ServiceRule], people: gpd.GeoDataFrame) -> NetworkGround:
    survey = assessment.survey
    demands = {kind: _demand(kind, survey, people) for kind in dict.fromkeys(_kind(one) for one in rules)}
    layers = {one.layer: _points(survey.frame(one.layer)) for one in rules}
    candidates, _ = safe_sites(assessment, candidate_sites(survey, people), any_slope=True)
    gentle = candidates.index.isin(safe_sites(assessment, candidates)[0].index)
    places, sites = list(demands.values()), [*layers.values(), candidates]
    ground = Ground.of(survey, _joined(places, survey), _joined(sites, survey))
    shut = _shut(assessment, ground, _joined(sites, survey))
    demands = {
        kind: one.assign(node=node)
        for (kind, one), node in zip(demands.items(), _parts(ground.nodes, places), strict=True)
    }
    *rows, new = _parts(np.arange(len(ground.sites)), sites)
    at = dict(zip(layers, rows, strict=True))
    cases = []
    for one in rules:
        mine = _of_network(one, layers[one.layer])
        number = at[one.layer][mine]
        facilities = layers[one.layer][mine].assign(node=ground.sites[number]).reset_index(drop=True)
        matters = len(number) and not one.dry_only
        closed = {name: (usable, safe[number]) for name, (usable, safe) in shut.items()} if matters else {}
        kept, told = _meant(one, assessment, demands[_kind(one)])
        demand = demands[_kind(one)][kept]
        cases.append(NetworkCase(rule=one, demand=demand, facilities=facilities, states=closed, all_villages=not told))
    speeds, record = driving_speeds(survey.standards)
    other = survey.standards.value("networks.other_km_h")
    drive = car_minutes(ground.network, survey.frame("roads"), speeds, other_km_h=other)
    return NetworkGround(
        travel=Travel(network=ground.network, walk=ground.minutes, drive=drive), cases=tuple(cases),
        candidates=candidates.assign(gentle=gentle, node=ground.sites[new]), speeds=record,
    )  # fmt: skip


def _kind(rule: ServiceRule) -> tuple[str, str, bool]:
    return rule.demand, rule.amount, rule.by_village


def _shut(assessment: Assessment, ground: Ground, sites: gpd.GeoDataFrame) -> _States:
    survey = assessment.survey
    zones = [one for one in scenarios_of(survey, assessment.themes).values() if one.mask is not None]
    return states_of(ground, zones, sites, dem=survey.raster("dem") if survey.has("dem") else None)


def _delivered(rule: ServiceRule, assessment: Assessment) -> bool:
    survey = assessment.survey
    if not survey.has(rule.layer) or not set(rule.where) <= set(survey.frame(rule.layer)):
        return False
    if rule.villages == "risk" and assessment.risk is None:
        return False
    return rule.demand == "people" or (
        survey.has(rule.demand) and (not rule.amount or rule.amount in survey.frame(rule.demand))
    )


def village_people(assessment: Assessment) -> gpd.GeoDataFrame:
    """Seats of the villages and their people, rounded: the sums of the tables are then exact.

    Parameters
    ----------
    assessment : Assessment
        With ``villages``, or with its risk.

    Returns
    -------
    GeoDataFrame
        Index ``unit_id``; ``name``, ``people`` (NaN unknown) and points.

    Examples
    --------
    >>> village_people.__name__
    'village_people'
    """
    risk = assessment.risk
    known = None if risk is None or "people" not in risk.exposure else risk.exposure["people"]
    found = demand_points(assessment.survey, known)
    names = assessment.survey.units.get("name", pd.Series(found.index, index=found.index))
    return found.assign(name=names.reindex(found.index), people=found["people"].round())


def _demand(kind: tuple[str, str, bool], survey: Survey, people: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    layer, amount, by_village = kind
    if layer == "people":
        return people.rename(columns={"people": "amount"})
    frame = survey.frame(layer)
    closed = survey.layer(layer).spec.closed_field
    if closed and closed in frame:
        frame = frame[~frame[closed].fillna(False).astype(bool)]
    count = pd.to_numeric(frame[amount], errors="coerce").astype("float64").round() if amount else 1.0
    points = _points(frame).assign(amount=count)
    if not by_village:
        names = points.get("name", pd.Series("", index=points.index)).fillna("")
        return points[["amount", "geometry"]].assign(name=names).reset_index(drop=True)
    home = unit_of_points(points, survey.units)
    inside = (home >= 0) & points["amount"].notna().to_numpy()
    sums = np.bincount(home[inside], weights=points["amount"].to_numpy()[inside], minlength=len(survey.units))
    return people[["name", "geometry"]].assign(amount=sums)


def _points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_geometry(frame.geometry.representative_point()).reset_index(drop=True)


def _of_network(rule: ServiceRule, facilities: gpd.GeoDataFrame) -> np.ndarray:
    kept = np.ones(len(facilities), bool)
    for column, values in rule.where.items():
        kept &= facilities[column].isin(values).to_numpy()
    return kept


def _meant(rule: ServiceRule, assessment: Assessment, demand: gpd.GeoDataFrame) -> tuple[np.ndarray, bool]:
    """Which places the network is for, and whether that could be told."""
    every = np.ones(len(demand), bool)
    if rule.villages == "all" or demand.index.name != "unit_id":
        return every, True
    if rule.villages == "risk":
        high = high_risk(assessment)
        return (every, False) if high is None else (high.reindex(demand.index, fill_value=False).to_numpy(), True)
    survey = assessment.survey
    if not survey.has("villages") or "ur_code" not in survey.frame("villages"):
        return every, False
    villages = survey.frame("villages").drop_duplicates("code").set_index("code")
    codes = villages["ur_code"].reindex(demand.index)
    if codes.isna().all():
        return every, False
    return codes.fillna("").astype(str).str.startswith("1").to_numpy(), True


def high_risk(assessment: Assessment) -> pd.Series | None:
    """Tell which villages are of a high risk class; None where the risk is not known.

    Parameters
    ----------
    assessment : Assessment
        With or without its risk.

    Returns
    -------
    Series of bool, or None
        Index ``unit_id``; False where a village has no class.

    Examples
    --------
    >>> high_risk.__name__
    'high_risk'
    """
    if assessment.risk is None:
        return None
    classes, least = assessment.risk.units["class"], assessment.risk.scheme.size
    return (classes > least - assessment.survey.standards.value("lists.high_classes")) & (classes != NO_CLASS)


def _joined(frames: list[gpd.GeoDataFrame], survey: Survey) -> gpd.GeoDataFrame:
    shapes = pd.concat([one[["geometry"]] for one in frames], ignore_index=True)
    return gpd.GeoDataFrame(shapes, geometry="geometry", crs=survey.units.crs)


def _parts(values: np.ndarray, frames: list[gpd.GeoDataFrame]) -> list[np.ndarray]:
    return np.split(values, np.cumsum([len(one) for one in frames])[:-1])
