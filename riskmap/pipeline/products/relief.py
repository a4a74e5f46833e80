"""Relief goods: which villages first, what each needs, what each store must hold, and whether the store is large enough."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Standards, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.network_ground import NetworkCase, NetworkGround, high_risk, network_ground
from riskmap.pipeline.products.relief_words import (
    HEADERS,
    NOTES,
    SIZES,
    URGENCY,
    VERDICTS,
    good_headers,
    good_thresholds,
)
from riskmap.pipeline.products.service_words import YES
from riskmap.scoring import in_order
from riskmap.shelters import Service, goods_needed, lone_road_m, service, store_size, urgency

__all__ = ["make"]

_COUNTY = "relief_county"
_NETWORKS = (_COUNTY, "relief_township", "relief_village")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """What all tables stand on."""

    assessment: Assessment
    ground: NetworkGround
    cases: Mapping[str, NetworkCase]
    scenario: str
    leaving: pd.Series
    needs: pd.DataFrame

    @property
    def standards(self) -> Standards:
        return self.assessment.survey.standards

    @property
    def goods(self) -> tuple[Mapping[str, Any], ...]:
        return self.standards.table("networks.relief_goods")

    @property
    def county(self) -> NetworkCase:
        return self.cases[_COUNTY]

    def nearest(self, case: NetworkCase, *, shut: bool = False) -> Service:
        """Nearest store of every village; `shut`: in the scenario, over its open roads."""
        travel, facilities = self.ground.travel, case.facilities
        if shut and self.scenario in case.states:
            usable, safe = case.states[self.scenario]
            travel, facilities = travel.closed(usable), facilities[safe]
        return service(case.rule, travel, case.demand.assign(amount=self.leaving), facilities)


def make(assessment: Assessment) -> list[ProductTable]:
    """Order the villages, reckon their goods and what every store must hold, and judge the county store.

    Parameters
    ----------
    assessment : Assessment
        With shelters: people to move are the residents of the scenario that moves most.

    Returns
    -------
    list of ProductTable
        Size of the county store; villages in the order of supply; stores.

    Raises
    ------
    MissingLayerError
        No relief stores, no roads, or nobody to move.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    plan = _planned(assessment)
    return [_size(plan), _villages(plan), _stores(plan)]


def _planned(assessment: Assessment) -> _Plan:
    survey, reach = assessment.survey, assessment.shelters
    if not survey.has("relief_stores"):
        raise AbsentError("没有救灾物资储备库图层", "relief stores were not delivered", asked=False)
    if reach is None or reach.evacuated is None:
        raise AbsentError("没有避难安置分析", "people to move were not assessed", asked=False)
    moved = reach.evacuated[(reach.evacuated["scenario"] != "dry") & (reach.evacuated["time"] == "resident")]
    if not moved["people"].sum() > 0:
        raise AbsentError("没有需要转移人口的灾害情景", "no scenario in which people must be moved")
    scenario = str(moved.groupby("scenario", sort=False)["people"].sum().idxmax())
    people = moved[moved["scenario"] == scenario].groupby("unit_id")["people"].sum()
    ground = network_ground(assessment, only=_NETWORKS)
    cases = {one.rule.name: one for one in ground.cases}
    leaving = people.reindex(cases[_COUNTY].demand.index).fillna(0.0).round()
    goods, days = survey.standards.table("networks.relief_goods"), survey.standards.value("networks.relief_days")
    return _Plan(
        assessment=assessment, ground=ground, cases=cases, scenario=scenario, leaving=leaving,
        needs=goods_needed(leaving, goods, days=days).round(1),
    )  # fmt: skip


def _size(plan: _Plan) -> ProductTable:
    stores = plan.county.facilities
    area = np.nan
    if len(stores) and "floor_area_m2" in stores:
        area = float(pd.to_numeric(stores["floor_area_m2"], errors="coerce").sum(skipna=False))
    people = float(plan.leaving.sum())
    safe = int(plan.county.states[plan.scenario][1].sum()) if plan.scenario in plan.county.states else len(stores)
    found = store_size(people, area, sizes=plan.standards.table("networks.store_sizes"))
    frame = pd.DataFrame(
        {
            "scenario": [plan.scenario], "people_to_move": [int(people)], "facilities": [len(stores)], "safe": [safe],
            "floor_area_m2": [area], "asked_m2": [round(found.asked_m2)] if np.isfinite(found.asked_m2) else [np.nan],
            "verdict": [found.verdict], "why": [found.reason],
        }
    )  # fmt: skip
    note = Text(
        "按转移人口最多的情景计；“要求建筑面积”在规范未列的人口规模下为下限",
        "By the scenario in which most people must be moved; where the standard is silent the area asked for is a least one",
    )
    return ProductTable(
        name="relief_size", title=Text("县级救灾物资储备库规模", "Size of the county relief store"), frame=frame,
        headers=HEADERS, words={"verdict": VERDICTS, "why": SIZES}, notes=(note,),
        thresholds=(plan.standards.threshold("networks.store_size"),),
    )  # fmt: skip


def _villages(plan: _Plan) -> ProductTable:
    """Villages that need goods, the most urgent first."""
    county, standards, found = plan.county, plan.standards, plan.nearest(plan.county)
    travel, way = plan.ground.travel, found.places["way"]
    driven = np.asarray(np.isfinite(travel.drive).any(axis=1))
    lone_km = lone_road_m(travel.network, county.demand["node"], county.facilities["node"], usable=driven) / 1000
    near = way - county.rule.start <= standards.value("networks.remote_min")
    remote = ~(near & (lone_km <= standards.value("networks.lone_km")))  # no road is no nearness
    high = high_risk(plan.assessment)
    risk = plan.leaving > 0 if high is None else high.reindex(plan.leaving.index, fill_value=False)
    table = pd.DataFrame(
        {
            "unit_id": county.demand.index, "name": county.demand["name"], "urgency": urgency(risk, remote),
            "people_to_move": plan.leaving.astype("int64"), "minutes": way.round(0), "in_time": found.places["served"],
            "shut_min": plan.nearest(county, shut=True).places["way"].round(0), "lone_km": lone_km.round(1),
        },
        index=county.demand.index,
    ).join(plan.needs)  # fmt: skip
    needing = table[table["people_to_move"] > 0].reset_index(drop=True)
    ordered = in_order(needing, standards.table("networks.relief_order")[0]["by"], key="unit_id")
    places = county.demand.geometry.reindex(ordered["unit_id"]).to_numpy()
    late = ordered[~ordered["in_time"]]
    note = Text(
        f"需转移 {int(plan.leaving.sum()):,} 人，分布于 {len(ordered)} 个村（社区）；其中 {len(late)} 个（{int(late['people_to_move'].sum()):,} 人）"
        "在无灾害日也不能按时送达",
        f"{int(plan.leaving.sum()):,} people to move in {len(ordered)} villages; {len(late)} of them "
        f"({int(late['people_to_move'].sum()):,} people) are not reached in time even on a dry day",
    )
    told = ("networks.relief_days", "networks.remote_min", "networks.lone_km", "lists.high_classes")
    return ProductTable(
        name="relief_villages", title=Text("救灾物资需求与配送次序", "Relief goods by village, in the order of supply"),
        frame=gpd.GeoDataFrame(ordered, geometry=places, crs=county.demand.crs),
        headers={**HEADERS, **good_headers(plan.goods)}, words={"urgency": URGENCY, "in_time": YES}, notes=(note, *NOTES),
        thresholds=(
            *county.rule.thresholds, *(standards.threshold(one) for one in told), *good_thresholds(plan.goods),
            plan.ground.speeds,
        ),
    )  # fmt: skip


def _stores(plan: _Plan) -> ProductTable:
    """What every store must hold for the villages to which it is the nearest of its level; each level adds up to all."""
    rows = [_of_level(plan, case) for case in plan.cases.values() if len(case.facilities)]
    if not rows:
        rows = [_of_level(plan, plan.county)]
    frame = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=plan.county.demand.crs)
    note = Text(
        "各级分别按最近的储备库供应，每一级合计都等于全部需求；“无路可达”为该级没有储备库可到达的村；缺口为需求减库存，未交库存的不计缺口",
        "Each level by itself, from the nearest store: every level adds up to the whole need; what no store of the level "
        "reaches stands in a row of its own. Missing is need less stock, and is not told where no stock was delivered",
    )
    return ProductTable(
        name="relief_stores_need", title=Text("各储备库应储物资", "What each store must hold"), frame=frame,
        headers={**HEADERS, **good_headers(plan.goods)}, notes=(note,), rows_shown=len(frame),
        thresholds=(plan.standards.threshold("networks.relief_days"), *good_thresholds(plan.goods)),
    )  # fmt: skip


def _of_level(plan: _Plan, case: NetworkCase) -> gpd.GeoDataFrame:
    places = plan.nearest(case).places
    store = places["facility"].where(places["facility"].notna(), -1)[plan.leaving > 0]
    sums = plan.needs.assign(people=plan.leaving)[plan.leaving > 0].groupby(store).sum()
    sums["villages"] = store.value_counts()
    index = [*case.facilities.index, *([-1] if -1 in sums.index else [])]
    sums = sums.reindex(index, fill_value=0.0)
    own = case.facilities.reindex(index)
    lost = Text("无路可达", "no way")
    table = pd.DataFrame(
        {
            "name": own["name"].fillna(str(lost)), "level": own["level"].fillna(""),
            "villages": sums["villages"].astype("int64"), "people": sums["people"].astype("int64"),
        }
    )  # fmt: skip
    for row in plan.goods:
        name, stock = row["name"], row["stock"]
        table[name] = sums[name].round(1)
        if stock in own and own[stock].notna().any():
            table[stock] = own[stock]
            table[f"gap_{name}"] = (sums[name] - own[stock]).clip(lower=0).round(1)
    return gpd.GeoDataFrame(table, geometry=own.geometry, crs=case.facilities.crs)
