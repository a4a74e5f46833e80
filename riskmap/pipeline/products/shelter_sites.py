"""Where the next shelters belong, which one to add first, and what each existing one is worth."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Survey, Text, Threshold
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.candidates import candidate_sites, safe_sites
from riskmap.shelters import (
    Ground,
    NextPlaces,
    SitingRules,
    demand_points,
    next_places,
    rated_shelters,
    rule_thresholds,
    shelter_rules,
    sites_in_order,
)
from riskmap.spatial import route_graph, way_matrix

__all__ = ["make"]

_THRESHOLDS = ("shelters.asked_share", "shelters.candidate_type", "shelters.candidate_slope_pct")
_HEADERS = {
    "code": Text("编号", "Code"),
    "order": Text("增设次序", "Order of adding"),
    "name": Text("地点", "Place"),
    "kind": Text("来源", "Kind"),
    "first": Text("最先增设", "Add first"),
    "people_added": Text("新增覆盖人口（人）", "Newly covered (people)"),
    "share_after_pct": Text("增设后累计覆盖率（%）", "Covered after it, with those before (%)"),
    "land_m2": Text("所需有效避难面积（m²）", "Effective area needed (m²)"),
    "covered_people": Text("半径内人口（人）", "People within the radius"),
    "people": Text("最近者人口（人）", "People nearest to it"),
    "people_lost": Text("若关闭失去覆盖（人）", "No longer covered without it (people)"),
    "extra_m": Text("若关闭其余人平均多走（m）", "Longer way of the others without it (m)"),
    "people_cut_off": Text("若关闭无路可达（人）", "No way to any other (people)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Answer the planner's three questions on the dry day, by road distance.

    Parameters
    ----------
    assessment : Assessment
        With shelters.

    Returns
    -------
    list of ProductTable
        Places to add, the best first; and the existing shelters, the most important first.

    Raises
    ------
    MissingLayerError
        No shelters were assessed.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey = assessment.survey
    if assessment.shelters is None or not (survey.has("shelters") and survey.has("roads")):
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    standards = survey.standards
    rules = shelter_rules(standards, radius_m=survey.county.shelters.radius_m)
    now = rated_shelters(survey.frame("shelters"), rules)
    demand = demand_points(survey, assessment.shelters.demand["people"])
    kind = str(standards.threshold("shelters.candidate_type").value)
    candidates, refused = safe_sites(assessment, candidate_sites(survey, demand))
    every = gpd.GeoDataFrame(
        pd.concat(
            [
                now[["name", "radius_m", "geometry"]].assign(kind=""),
                candidates.assign(radius_m=rules.loc[kind, "radius_m"]),
            ]
        ),
        crs=now.crs,
    )
    ground = Ground.of(survey, demand, every)
    metres = pd.DataFrame(
        way_matrix(route_graph(ground.network), ground.sites, ground.nodes), index=demand.index, columns=every.index
    )
    existing = np.arange(len(every)) < len(now)
    people, radius = demand["people"].fillna(0.0), every["radius_m"].to_numpy("float64") + 0.01
    share, fixed = standards.value("shelters.asked_share"), SitingRules(existing=existing)
    found = next_places(people, metres, radius, share=share, rules=fixed)
    among = None if found.needed is None else found.needed.added
    order = sites_in_order(people, metres, radius, rules=fixed, share=share, among=among)
    order["covered_people"] = (people.to_numpy() @ (metres.to_numpy() <= radius))[order["site"]]
    rule = dict(rules.loc[kind])
    land = np.maximum(order["people"] * float(rule["m2_per_person"]), float(rule["minimum_m2"]))
    table = _added(order.assign(land_m2=np.ceil(land)), every)
    notes = (_answer(found, every, len(order)), _terms(refused, rule, kind))
    used = (*(standards.threshold(one) for one in _THRESHOLDS), *_of_type(survey, kind))
    title = Text("避难场所增设建议", "Where the next shelters belong")
    sites = ProductTable(
        name="shelter_sites", title=title, frame=table, headers=_HEADERS, notes=notes, thresholds=used, rows_shown=30
    )
    return [sites, _worth(found, now)]


def _of_type(survey: Survey, kind: str) -> list[Threshold]:
    """Radius and area a person of the type that is added."""
    return [one for one in rule_thresholds(survey.standards) if one.title.zh.startswith(kind)]


def _added(order: pd.DataFrame, every: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    held = every.iloc[order["site"]]
    return gpd.GeoDataFrame(
        {
            "order": np.arange(1, len(order) + 1),
            "name": held["name"].to_numpy(),
            "kind": held["kind"].to_numpy(),
            "first": np.arange(len(order)) == 0,
            "people_added": order["people"].round().to_numpy(),
            "share_after_pct": (100 * order["share"]).round(1).to_numpy(),
            "land_m2": order["land_m2"].to_numpy(),
            "covered_people": order["covered_people"].round().to_numpy(),
        },
        geometry=held.geometry.to_numpy(),
        crs=every.crs,
    )


def _answer(found: NextPlaces, every: gpd.GeoDataFrame, count: int) -> Text:
    """How many are needed, or why the share asked for is out of reach."""
    now = Text(f"现有覆盖 {found.covered_now:.1%}（道路距离）", f"Covered now: {found.covered_now:.1%} by road")
    if found.needed is None and found.covered_now >= found.asked:
        return Text(f"{now.zh}，已达到 {found.asked:.0%}", f"{now.en}; the {found.asked:.0%} asked for are reached")
    if found.needed is None:
        return Text(
            f"{now.zh}。全部备选点也只能覆盖 {found.possible:.0%}，达不到 {found.asked:.0%}；下列 {count} 处按增益依次增设，"
            "其余备选点不再新增覆盖",
            f"{now.en}. All candidates together cover {found.possible:.0%}, less than {found.asked:.0%}; the {count} below are "
            "added by what each brings, the other candidates cover nobody more",
        )
    best = "" if found.first is None else str(every["name"].iloc[int(found.first.added[0])])
    alone = found.first is not None and int(found.first.added[0]) not in found.needed.added
    return Text(
        f"{now.zh}。要使 {found.asked:.0%} 的人在服务半径内，至少需增设 {count} 处，按增益排序"
        + (f"；若只增设 1 处，以{best}为最佳" if alone else ""),
        f"{now.en}. {count} more places bring {found.asked:.0%} within the radius, in the order of what each brings"
        + (f"; if only one is added, {best} is the best" if alone else ""),
    )


def _terms(refused: int, rule: Mapping[str, Any], kind: str) -> Text:
    """What a candidate is, and how much land it needs."""
    head, least, radius = (float(rule[one]) for one in ("m2_per_person", "minimum_m2", "radius_m"))
    floor = least > 0
    return Text(
        f"备选点为村（社区）驻地和规划点位，危险区内或过陡的 {refused} 处不列入。按{kind}避难场所计，服务半径 {radius:,.0f} m，"
        f"面积为新增覆盖人口 × {head:g} m²/人" + (f"，且不小于 {least:,.0f} m²" if floor else ""),
        f"Candidates are village seats and planned sites; {refused} in hazard zones or on steep ground are not among them. "
        f"Reckoned as {str(rule['en']).lower()} shelters: radius {radius:,.0f} m, area {head:g} m² for each person newly covered"
        + (f", at least {least:,.0f} m²" if floor else ""),
    )


def _worth(found: NextPlaces, now: gpd.GeoDataFrame) -> ProductTable:
    table = found.existing.copy()
    others = table["people"] - table["people_cut_off"]
    table["extra_m"] = (table["extra"] / others.where(others > 0)).round()
    table = table.drop(columns="extra").rename_axis("code")
    table.insert(0, "name", now["name"].reindex(table.index))
    frame = gpd.GeoDataFrame(table, geometry=now.geometry.reindex(table.index), crs=now.crs)
    title = Text("现有避难场所的重要性", "What each existing shelter is worth")
    return ProductTable(name="shelter_worth", title=title, frame=frame, headers=_HEADERS, rows_shown=10)
