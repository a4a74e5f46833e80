"""Where the next shelters belong, which one to add first, and what each existing one is worth."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.candidates import candidate_sites, safe_sites
from riskmap.shelters import (
    Ground,
    NextPlaces,
    SitingRules,
    demand_points,
    next_places,
    rated_shelters,
    shelter_rules,
)
from riskmap.spatial import route_graph, way_matrix

__all__ = ["make"]

_THRESHOLDS = ("shelters.asked_share", "shelters.candidate_type", "shelters.candidate_slope_pct")
_HEADERS = {
    "code": Text("编号", "Code"),
    "name": Text("地点", "Place"),
    "kind": Text("来源", "Kind"),
    "first": Text("最先增设", "Add first"),
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
    share = standards.value("shelters.asked_share")
    found = next_places(people, metres, radius, share=share, rules=SitingRules(existing=existing))
    return [_added(found, every, (people, metres, radius), refused=refused, assessment=assessment), _worth(found, now)]


def _added(
    found: NextPlaces,
    every: gpd.GeoDataFrame,
    ways: tuple[pd.Series, pd.DataFrame, np.ndarray],
    *,
    refused: int,
    assessment: Assessment,
) -> ProductTable:
    people, metres, radius = ways
    chosen = [] if found.needed is None else list(found.needed.added)
    first = None if found.first is None else int(found.first.added[0])
    rows = list(dict.fromkeys([*([first] if first is not None else []), *chosen]))
    held = every.iloc[rows]
    within = metres.iloc[:, rows].to_numpy() <= radius[rows]
    table = gpd.GeoDataFrame(
        {
            "name": held["name"].to_numpy(),
            "kind": held["kind"].to_numpy(),
            "first": np.array(rows) == first if rows else np.array([], bool),
            "covered_people": (people.to_numpy() @ within).round() if rows else np.array([], "float64"),
        },
        geometry=held.geometry.to_numpy(),
        crs=every.crs,
    )
    asked, possible = found.asked, found.possible
    answer = (
        Text(
            f"要使 {asked:.0%} 的人在服务半径内，至少需增设 {len(chosen)} 处",
            f"{len(chosen)} more places bring {asked:.0%} within the radius",
        )
        if found.needed is not None
        else Text(
            f"全部备选点也只能覆盖 {possible:.0%}，达不到 {asked:.0%}",
            f"all candidates together cover {possible:.0%}, less than {asked:.0%}",
        )
    )
    note = Text(
        f"现有覆盖 {found.covered_now:.1%}（道路距离）。{answer.zh}。备选点为村（社区）驻地和规划点位，危险区内或过陡的 {refused} 处不列入",
        f"Covered now: {found.covered_now:.1%} by road. {answer.en}. Candidates are village seats and planned sites; {refused} in "
        "hazard zones or on steep ground are not among them",
    )
    return ProductTable(
        name="shelter_sites", title=Text("避难场所增设建议", "Where the next shelters belong"),
        frame=table.sort_values(["first", "covered_people"], ascending=False, kind="stable").reset_index(drop=True),
        headers=_HEADERS, notes=(note,),
        thresholds=tuple(assessment.survey.standards.threshold(one) for one in _THRESHOLDS),
    )  # fmt: skip


def _worth(found: NextPlaces, now: gpd.GeoDataFrame) -> ProductTable:
    table = found.existing.copy()
    others = table["people"] - table["people_cut_off"]
    table["extra_m"] = (table["extra"] / others.where(others > 0)).round()
    table = table.drop(columns="extra").rename_axis("code")
    table.insert(0, "name", now["name"].reindex(table.index))
    frame = gpd.GeoDataFrame(table, geometry=now.geometry.reindex(table.index), crs=now.crs)
    title = Text("现有避难场所的重要性", "What each existing shelter is worth")
    return ProductTable(name="shelter_worth", title=title, frame=frame, headers=_HEADERS, rows_shown=10)
