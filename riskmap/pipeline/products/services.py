"""Whom fire stations, relief stores, clinics, weather stations and water points serve, and where the next ones belong."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Survey, Text
from riskmap.pipeline.products.network_ground import NetworkCase, NetworkGround, network_ground
from riskmap.pipeline.products.service_land import land_tables
from riskmap.pipeline.products.service_trucks import truck_tables
from riskmap.pipeline.products.service_words import (
    HEADERS,
    NEEDS_NOTE,
    NOTES,
    REASONS,
    SITES_NOTE,
    YES,
    amount_headers,
    amount_words,
    limit_words,
    outcome_words,
    reckoned_for,
    way_headers,
)
from riskmap.shelters import Service, in_reach, in_turn, more_facilities, service, ways_to

__all__ = ["make"]

_PARTS = {
    "served": "served", "too_far": "too far", "no_road": "no road", "cut_off": "cut off", "unsafe": "unsafe", "none": "none"
}  # fmt: skip
_NEEDS = [
    "network",
    "covered_pct",
    "asked_pct",
    "possible_pct",
    "reached",
    "more",
    "land_m2",
    "candidates",
    "outcome",
    "outcome_en",
]


def make(assessment: Assessment) -> list[ProductTable]:
    """Answer for every declared network whose layer was delivered.

    Parameters
    ----------
    assessment : Assessment
        With hazards; their scenarios close roads and facilities.

    Returns
    -------
    list of ProductTable
        All networks by scenario; how many more are needed; the places proposed; each network by place; the land of
        facilities; and the trucks that bring water.

    Raises
    ------
    MissingLayerError
        No facility was delivered, or roads or people are missing.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    ground = network_ground(assessment)
    found = {
        one.rule.name: service(one.rule, ground.travel, one.demand, one.facilities, states=one.states)
        for one in ground.cases
    }
    places = [_places(one, found[one.rule.name], assessment.survey) for one in ground.cases]
    return [
        _summary(ground, found),
        *_next(ground),
        *land_tables(ground, found, assessment.survey),
        *truck_tables(ground),
        *places,
    ]


def _titles(ground: NetworkGround) -> dict[str, Text]:
    return {one.rule.name: one.rule.title for one in ground.cases}


def _headers(ground: NetworkGround) -> dict[str, Text]:
    return {**HEADERS, **amount_headers(one.rule for one in ground.cases)}


def _summary(ground: NetworkGround, found: dict[str, Service]) -> ProductTable:
    rows = []
    for name, one in found.items():
        told = one.scenarios.reset_index()
        table = told[["scenario", "facilities", "places", "places_served", "total"]].assign(
            **{column: told[part] for column, part in _PARTS.items()}, share_pct=(100 * told["share"]).round(1)
        )
        table.insert(0, "network", name)
        table.insert(1, "measure", name)
        rows.append(table)
    frame = pd.concat(rows, ignore_index=True)
    whole = [one for one in frame if one not in {"network", "measure", "scenario", "share_pct"}]
    thresholds = {used.key: used for one in ground.cases for used in one.rule.thresholds}
    return ProductTable(
        name="networks", title=Text("防灾设施网络服务情况", "What the networks of facilities serve"),
        frame=frame.astype(dict.fromkeys(whole, "int64")), headers=_headers(ground),
        words={"network": _titles(ground), "measure": {one.rule.name: amount_words(one.rule) for one in ground.cases}},
        notes=(*NOTES, *(_reckoned(one) for one in ground.cases)),
        thresholds=(*thresholds.values(), ground.speeds), rows_shown=len(frame),
    )  # fmt: skip


def _reckoned(case: NetworkCase) -> Text:
    told, limit = reckoned_for(case.rule, all_villages=case.all_villages), limit_words(case.rule)
    unknown = int(case.demand["amount"].isna().sum())
    zh, en = f"{case.rule.title.zh}：{limit.zh}；{told.zh}", f"{case.rule.title.en}: {limit.en}; {told.en}"
    if unknown:
        return Text(f"{zh}；{unknown} 处数量未知，未计入", f"{en}; {unknown} places of unknown amount are not counted")
    return Text(zh, en)


def _places(case: NetworkCase, found: Service, survey: Survey) -> ProductTable:
    """Every place of a network on the dry day, the unserved first."""
    rule, told = case.rule, found.places
    names = case.facilities["name"].fillna("").astype(str) if "name" in case.facilities else pd.Series(dtype="str")
    digits = 0 if rule.unit == "m" else 1
    table = pd.DataFrame(
        {
            "name": told["name"],
            "amount": told["amount"],
            "reason": told["reason"],
            "facility": told["facility"].map(names),
            "way": told["way"].round(digits),
            "second": told["second"].map(names),
            "second_way": told["second_way"].round(digits),
        },
        index=told.index,
    )
    frame = gpd.GeoDataFrame(table, geometry=told.geometry, crs=told.crs)
    frame = frame.assign(order=told["served"]).sort_values(
        ["order", "amount", "way"], ascending=[True, False, False], kind="stable"
    )
    own = survey.county.layers.get(rule.demand)
    secret = rule.demand != "people" and ((own and own.secrecy) or survey.layer(rule.demand).spec.secrecy) != "公开"
    headers = {**HEADERS, **way_headers(rule)}
    return ProductTable(
        name=f"network_{rule.name}", title=Text(f"{rule.title.zh}逐点服务情况", f"{rule.title.en}: place by place"),
        frame=frame.drop(columns="order").reset_index(drop=told.index.name is None), headers=headers,
        words={"reason": REASONS}, internal=secret, rows_shown=5, thresholds=rule.thresholds,
    )  # fmt: skip


def _next(ground: NetworkGround) -> list[ProductTable]:
    """How many more of each network, and where."""
    rows, sites = [], []
    for case in ground.cases:
        rule = case.rule
        if rule.share is None or not case.demand["amount"].sum() > 0:
            continue
        fit = ground.fit(rule)
        found = more_facilities(rule, ground.travel, case.demand, case.facilities, candidates=fit)
        added = [] if found.needed is None else (found.needed.added - len(case.facilities)).tolist()
        area = np.nan if rule.site_m2 is None else float(rule.site_m2.value)  # type: ignore[arg-type]
        asked = float(rule.share.value)  # type: ignore[arg-type]
        reached = found.possible >= asked * (1 - 1e-9)
        after = outcome_words(len(added), reached=reached, most_pct=100 * found.possible)
        shares = (100 * found.covered_now, 100 * asked, 100 * found.possible)
        rows.append((rule.name, *shares, reached, len(added), len(added) * area, len(fit), after.zh, after.en))
        if added:
            sites.append(_sites(case, ground, fit.iloc[added], area=area))
    words = {"network": _titles(ground)}
    needs = ProductTable(
        name="network_needs", title=Text("设施增设需求", "How many more facilities"), headers=HEADERS,
        words={**words, "reached": YES},
        frame=pd.DataFrame(rows, columns=_NEEDS).round(1), notes=(NEEDS_NOTE,), rows_shown=len(rows),
    )  # fmt: skip
    if not sites:
        return [needs]
    places = ProductTable(
        name="network_sites", title=Text("设施增设建议点位", "Where the next facilities belong"), headers=_headers(ground), words=words,
        frame=gpd.GeoDataFrame(pd.concat(sites, ignore_index=True), crs=ground.candidates.crs), notes=(SITES_NOTE,),
        rows_shown=30,
    )  # fmt: skip
    return [needs, places]


def _sites(case: NetworkCase, ground: NetworkGround, held: gpd.GeoDataFrame, *, area: float) -> gpd.GeoDataFrame:
    """The proposed sites in the order in which they are best built, each with what it adds in its turn."""
    now = service(case.rule, ground.travel, case.demand, case.facilities).places["served"].to_numpy()
    near = in_reach(case.rule, ways_to(case.rule, ground.travel, case.demand, held))
    order, gain = in_turn(case.demand["amount"].where(~now), near)
    sites = held.iloc[order]
    table = pd.DataFrame(
        {
            "network": case.rule.name, "turn": np.arange(1, len(sites) + 1), "name": sites["name"].to_numpy(),
            "kind": sites["kind"].to_numpy(), "gain": gain.astype("int64"), "land_m2": area,
        }
    )  # fmt: skip
    return gpd.GeoDataFrame(table, geometry=sites.geometry.to_numpy(), crs=sites.crs)
