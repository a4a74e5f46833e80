"""Roads with the villages and all that their lifelines lead to on them, and what every scenario leaves open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.model import Assessment, Survey, Text, Threshold
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.network_ground import village_people
from riskmap.shelters import (
    Ground,
    car_minutes,
    county_rules,
    driving_speeds,
    rated_shelters,
    scenarios_of,
    serving,
    states_of,
)
from riskmap.spatial import Network, RouteGraph, build_network, route_graph

__all__ = ["LifelineCase", "LifelineGround", "lifeline_ground"]

_SNAP_M = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifelineCase:
    """One lifeline of this county.

    Parameters
    ----------
    name : str
        Key of its table.
    title : Text
        What it is called.
    sites : GeoDataFrame
        ``name``, ``node`` and points.
    graph : RouteGraph
        Minutes, in the direction in which it works.
    usable : ndarray of bool
        Edges on which it can come at all.
    safe : dict of str to ndarray of bool
        Sites that can be used, by scenario; ``dry`` first.
    """

    name: str
    title: Text
    sites: gpd.GeoDataFrame
    graph: RouteGraph
    usable: NDArray[np.bool_]
    safe: Mapping[str, NDArray[np.bool_]]

    def nodes(self, scenario: str) -> NDArray[np.int64]:
        """Nodes of the sites; -1 for those that cannot be used."""
        return np.where(self.safe[scenario], self.sites["node"].to_numpy("int64"), -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifelineGround:
    """All lifelines on their roads.

    Parameters
    ----------
    network : Network
        With villages and sites attached.
    villages : GeoDataFrame
        Index ``unit_id``; ``name``, ``people``, ``node`` and points.
    cases : tuple of LifelineCase
        Lifelines that lead somewhere.
    absent : tuple of Text
        Why the others are not told.
    open_edges : dict of str to ndarray of bool
        By scenario; ``dry`` first.
    speeds : Threshold
        Speeds by class of road, for the record.
    """

    network: Network
    villages: gpd.GeoDataFrame
    cases: tuple[LifelineCase, ...]
    absent: tuple[Text, ...]
    open_edges: Mapping[str, NDArray[np.bool_]]
    speeds: Threshold


def lifeline_ground(assessment: Assessment) -> LifelineGround:
    """Put the villages and everything that their lifelines lead to onto the roads.

    Parameters
    ----------
    assessment : Assessment
        With hazards; their scenarios close roads and sites.

    Returns
    -------
    LifelineGround

    Raises
    ------
    AbsentError
        Roads or people are missing, or no lifeline leads anywhere.

    Examples
    --------
    >>> lifeline_ground.__name__
    'lifeline_ground'
    """
    survey = assessment.survey
    if not survey.has("roads") or not (survey.has("villages") or assessment.risk is not None):
        raise AbsentError("缺少公路或人口图层", "roads or people are missing")
    people = village_people(assessment)
    rows = survey.standards.table("lifelines.lifelines")
    told = {row["name"]: _sites(row, survey, people) for row in rows}
    sites = {name: one for name, one in told.items() if isinstance(one, gpd.GeoDataFrame)}
    if not sites:
        raise AbsentError(
            "没有可达的设施、县城或出县通道", "no facility, county seat or way out to lead to", asked=False
        )
    absent = tuple(one for one in told.values() if isinstance(one, Text))
    places = gpd.GeoDataFrame(
        pd.concat([one[["geometry"]] for one in sites.values()], ignore_index=True), crs=people.crs
    )
    ground = Ground.of(survey, people, places)
    return _built(assessment, ground, people, sites=sites, absent=absent, places=places)


def _built(
    assessment: Assessment,
    ground: Ground,
    people: gpd.GeoDataFrame,
    *,
    sites: Mapping[str, gpd.GeoDataFrame],
    absent: tuple[Text, ...],
    places: gpd.GeoDataFrame,
) -> LifelineGround:
    survey = assessment.survey
    scenarios = scenarios_of(survey, assessment.themes)
    zones = [one for one in scenarios.values() if one.name == "dry" or one.mask is not None]
    dem = survey.raster("dem") if survey.has("dem") else None
    states, themes = states_of(ground, zones, places, dem=dem), {one.name: one.theme for one in zones}
    speeds, record = driving_speeds(survey.standards)
    other = survey.standards.value("networks.other_km_h")
    minutes = {
        "walk": ground.minutes,
        "drive": car_minutes(ground.network, survey.frame("roads"), speeds, other_km_h=other),
    }
    rows = {row["name"]: row for row in survey.standards.table("lifelines.lifelines")}
    cases, start = [], 0
    for name, one in sites.items():
        mine, price = slice(start, start + len(one)), minutes[rows[name]["mode"]]
        start += len(one)
        safe = {key: state[1][mine] & _serves(survey, one, themes[key]) for key, state in states.items()}
        cases.append(
            LifelineCase(
                name=name, title=Text(**rows[name]["title"]), sites=one.assign(node=ground.sites[mine]),
                graph=route_graph(ground.network, price, toward=not rows[name].get("outward", False)),
                usable=np.asarray(np.isfinite(price).any(axis=1)), safe=safe,
            )
        )  # fmt: skip
    return LifelineGround(
        network=ground.network, villages=people.assign(node=ground.nodes), cases=tuple(cases), absent=absent,
        open_edges={key: state[0] for key, state in states.items()}, speeds=record,
    )  # fmt: skip


def _serves(survey: Survey, sites: gpd.GeoDataFrame, theme: str) -> NDArray[np.bool_]:
    """Shelters of some types serve in some hazards only."""
    if "type" not in sites:
        return np.ones(len(sites), bool)
    return serving(sites["type"], county_rules(survey), theme)


def _sites(row: Mapping[str, Any], survey: Survey, people: gpd.GeoDataFrame) -> gpd.GeoDataFrame | Text:
    """Where a lifeline leads to, or why it leads nowhere."""
    layer, title = row["layer"], Text(**row["title"])
    if layer == "outline":
        return _ways_out(survey, title)
    if layer == "villages":
        seat = survey.county.seat
        if not seat:
            return Text(
                f"{title.zh}：county.toml 未写 seat（县政府所在村、社区代码），未计算",
                f"{title.en}: county.toml names no seat (code of the village where the county government sits); not told",
            )
        return people.loc[[seat], ["name", "geometry"]].reset_index(drop=True)
    if not survey.has(layer) or not len(survey.frame(layer)):
        return Text(f"{title.zh}：没有交来图层，未计算", f"{title.en}: not delivered, not told")
    if layer == "shelters":
        return rated_shelters(survey.frame(layer), county_rules(survey))[["name", "type", "geometry"]].reset_index(
            drop=True
        )
    frame = survey.frame(layer)
    names = frame["name"].fillna("").astype(str) if "name" in frame else ""
    points = gpd.GeoDataFrame({"name": names}, geometry=frame.geometry.representative_point(), crs=frame.crs)
    return points.reset_index(drop=True)


def _ways_out(survey: Survey, title: Text) -> gpd.GeoDataFrame | Text:
    """Where driven roads cross the county line, or end at it."""
    near_m, speeds = survey.standards.value("lifelines.border_m"), driving_speeds(survey.standards)[0]
    roads = survey.frame("roads")
    driven = roads["class"].map(speeds).fillna(1.0).to_numpy() > 0 if "class" in roads else np.ones(len(roads), bool)
    network = build_network(roads[driven].reset_index(drop=True), snap_m=_SNAP_M)
    points, county = shapely.points(network.nodes), survey.outline.geometry.union_all()
    inside, ends = shapely.covers(county, points), network.edges[["u", "v"]].to_numpy("int64")
    crossing = ends[inside[ends].sum(axis=1) == 1]
    beyond = crossing[~inside[crossing]]
    last = np.bincount(ends.ravel(), minlength=len(points)) == 1
    close = shapely.distance(points, county.boundary) <= near_m
    found = points[np.union1d(beyond, np.flatnonzero(last & close & inside))]
    if not len(found):
        return Text(
            f"{title.zh}：没有道路到达县界（末端距县界 {near_m:g} m 以内），未计算",
            f"{title.en}: no road reaches the county line (ends within {near_m:g} m of it); not told",
        )
    names = pd.Series(str(title), index=range(len(found)))
    if survey.has("neighbours") and "name" in survey.frame("neighbours"):
        others = survey.frame("neighbours")
        near = shapely.STRtree(others.geometry.to_numpy()).nearest(found)
        names = "往" + others["name"].fillna("").astype(str).iloc[near].reset_index(drop=True)
    return gpd.GeoDataFrame({"name": names}, geometry=found, crs=roads.crs)
