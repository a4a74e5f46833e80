"""What each class holds (风险容量), and where planned areas and sites meet high hazard."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.maps.words import COLUMNS, UNITS
from riskmap.model import NO_CLASS, Assessment, ClassScheme, ProductTable, RiskResult, Text, Threshold
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.lists import slow_hazards, sudden_hazards
from riskmap.scoring import (
    advice_for,
    amounts_by_class,
    in_order,
    planned_conflicts,
    rule_for,
    units_by_class,
    whole_numbers,
)
from riskmap.spatial import zone_labels

__all__ = ["make", "make_amounts"]

_HEADERS = {
    "product": Text("成果", "Product"),
    "label": Text("等级", "Class"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
    "area_share": Text("面积占比（%）", "Share of area (%)"),
    "people_share": Text("人口占比（%）", "Share of people (%)"),
    "name": Text("名称", "Name"),
    "type": Text("类别", "Type"),
    "theme": Text("灾种", "Hazard"),
    "label_en": Text("最高等级（英）", "Highest class (English)"),
    "highest": Text("最高等级", "Highest class"),
    "share": Text("占规划面积（%）", "Share of the planned area (%)"),
    "people": Text("人口（人）", "People"),
    "advice": Text("建议", "Advice"),
    "advice_en": Text("建议（英）", "Advice (English)"),
    "rank": Text("次序", "Rank"),
    "code": Text("编号", "Code"),
    "area_m2": Text("用地面积（m²）", "Area (m²)"),
    "high": Text("处于高等级的灾种数", "Hazards in a high class"),
    "why": Text("理由", "Why"),
    "why_en": Text("理由（英）", "Why (English)"),
}
_WHOLE = ("people", "gdp_yuan", "houses_m2")
_BY_UNIT = Text("综合风险（村、社区）", "Comprehensive risk, by unit")


def make_amounts(assessment: Assessment) -> list[ProductTable]:
    """Tabulate area, people, economy, crops, houses and roads by class, for every hazard and the risk.

    Parameters
    ----------
    assessment : Assessment
        With exposed objects.

    Returns
    -------
    list of ProductTable
        One table. Every column sums to the total of the county for each product; people are whole numbers in each unit.

    Raises
    ------
    MissingLayerError
        Nothing exposed was counted.

    Examples
    --------
    >>> make_amounts.__name__
    'make_amounts'
    """
    exposed = assessment.exposed
    if exposed is None or exposed.units.empty or not len(exposed.units.columns):
        raise AbsentError("没有统计到承灾体", "no exposed object was counted")
    survey = assessment.survey
    labels = zone_labels(survey.units, survey.grid)
    totals = exposed.units[[one for one in exposed.units if one in exposed.grids]].astype("float64")
    cells = {str(name): exposed.grids[str(name)].to_numpy() for name in totals}
    parts = [
        _of_classes(title, classes, scheme, labels=labels,
                    found=amounts_by_class(classes, labels, size=scheme.size, cells=cells, totals=totals))
        for title, classes, scheme in _classed(assessment)
    ]  # fmt: skip
    if assessment.risk is not None:
        parts.append(_of_units(assessment.risk, labels, totals))
    table = pd.concat(parts, ignore_index=True)
    headers = {str(one): Text(f"{COLUMNS[str(one)][0].zh}（{UNITS[COLUMNS[str(one)][1]].zh}）",
                              f"{COLUMNS[str(one)][0].en} ({UNITS[COLUMNS[str(one)][1]].en})") for one in totals}  # fmt: skip
    note = Text(
        "格网成果按格网把各单元总量分摊到等级，村（社区）成果整村计入本村等级；各列合计等于全县总量；人口在每个单元内取整",
        "by cell, the total of every unit is shared out by its cells; by unit, all of it is of the unit's class; columns sum to "
        "the county's totals; people are whole in each unit",
    )
    return [
        ProductTable(
            name="class_amounts", title=Text("各等级承灾体（风险容量）", "What each class holds"), frame=table,
            headers={**_HEADERS, **headers}, words=_spoken(assessment), notes=(note,), rows_shown=len(table),
        )
    ]  # fmt: skip


def _classed(assessment: Assessment) -> Iterator[tuple[Text, xr.DataArray, ClassScheme]]:
    names = hazard_names(assessment)
    for name, theme in assessment.themes.items():
        yield Text(f"{names[name].zh}危险性", f"{names[name].en} hazard"), theme.classes, theme.scheme
    if assessment.risk is not None:
        risk = assessment.risk
        yield Text("综合风险（格网）", "Comprehensive risk, by cell"), risk.classes, risk.grid_scheme


def _spoken(assessment: Assessment) -> dict[str, dict[Any, Text]]:
    """Names of the products and of their classes in both languages, by the Chinese."""
    told = [(title, scheme) for title, _, scheme in _classed(assessment)]
    risk = [] if assessment.risk is None else [(_BY_UNIT, assessment.risk.scheme)]
    labels = [scheme.label(code) for _, scheme in (*told, *risk) for code in (*range(1, scheme.size + 1), NO_CLASS)]
    return {"product": {one.zh: one for one, _ in (*told, *risk)}, "label": {one.zh: one for one in labels}}


def _of_units(risk: RiskResult, labels: xr.DataArray, totals: pd.DataFrame) -> pd.DataFrame:
    """The published classes: a unit with all that it holds is of its own class."""
    codes = risk.units["class"].reindex(totals.index).fillna(NO_CLASS).to_numpy("uint8")
    painted = labels.copy(data=np.append(np.uint8(NO_CLASS), codes)[labels.to_numpy()])
    found = units_by_class(pd.Series(codes, index=totals.index), size=risk.scheme.size, totals=totals)
    return _of_classes(_BY_UNIT, painted, risk.scheme, labels=labels, found=found)


def _of_classes(
    title: Text,
    classes: xr.DataArray,
    scheme: ClassScheme,
    *,
    labels: xr.DataArray,
    found: pd.DataFrame,
) -> pd.DataFrame:
    for name in [one for one in _WHOLE if one in found]:
        by_unit = found[name].to_numpy().reshape(-1, scheme.size + 1)
        found = found.assign(**{name: np.stack([whole_numbers(one) for one in by_unit]).ravel()})
    sums = found.groupby("class", sort=False).sum(min_count=1)
    box = classes.odc.geobox.affine
    inside = labels.to_numpy() > 0
    codes = classes.to_numpy()[inside]
    counts = np.array([int((codes == one).sum()) for one in range(1, scheme.size + 1)])
    counts = np.append(counts, inside.sum() - counts.sum())
    area = counts * abs(box.a * box.e) / 1e6
    table = sums.reset_index(drop=True)
    table.insert(0, "product", title.zh)
    table.insert(1, "label", [scheme.label(one).zh for one in (*range(1, scheme.size + 1), NO_CLASS)])
    table.insert(2, "area_km2", area)
    table.insert(3, "area_share", (100 * area / area.sum()).round(1))
    if "people" in table:
        table.insert(4, "people_share", (100 * table["people"] / table["people"].sum()).round(1))
    kept = table[(table["area_km2"] > 0) | (table.index < scheme.size)]
    return kept.iloc[::-1]


def make(assessment: Assessment) -> list[ProductTable]:
    """Lay planned areas and sites over the hazards.

    Parameters
    ----------
    assessment : Assessment
        With hazards; its survey with ``planning`` or ``planned_sites``.

    Returns
    -------
    list of ProductTable

    Raises
    ------
    MissingLayerError
        No planning layer was delivered.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey = assessment.survey
    found = []
    if survey.has("planning"):
        found.append(_areas(assessment))
    if survey.has("planned_sites"):
        found.append(_sites(assessment))
    if not found:
        raise AbsentError("没有规划图层", "no planning layer was delivered")
    return found


def _areas(assessment: Assessment) -> ProductTable:
    survey, value = assessment.survey, assessment.survey.standards.value
    people = None if assessment.exposed is None else assessment.exposed.grids.get("people")
    plans, rules = survey.frame("planning"), survey.standards.table("planning.conflicts")
    table = planned_conflicts(
        plans, assessment.themes, rules, people=people,
        high_classes=int(value("lists.high_classes")), least_share=value("planning.conflict_share"),
        slow=slow_hazards(assessment),
    )  # fmt: skip
    labels = [
        assessment.themes[name].scheme.label(code) for name, code in zip(table["theme"], table["class"], strict=True)
    ]
    frame = table.assign(
        highest=[one.zh for one in labels], share=(100 * table["share"]).round(1), people=table["people"].round(),
        advice_en=[one.en for one in table["advice"]], advice=[one.zh for one in table["advice"]],
    )  # fmt: skip
    order = ["name", "type", "theme", "highest", "area_km2", "share", "people", "advice", "advice_en", "geometry"]
    untried = [str(one) for one in plans["type"] if rule_for(str(one), rules) is None]
    note = Text(
        f"规划图层 {len(plans)} 个，与高等级区冲突 {table['name'].nunique()} 个；没有规则的类别：{'、'.join(sorted(set(untried))) or '无'}",
        f"{len(plans)} planned areas, {table['name'].nunique()} of them meet a high class; types without a rule: "
        f"{', '.join(sorted(set(untried))) or 'none'}",
    )
    return ProductTable(
        name="planning_conflicts", title=Text("规划图层冲突", "Planned areas in conflict"), frame=frame[order],
        headers=_HEADERS, notes=(note,), thresholds=_thresholds(assessment),
    )  # fmt: skip


def _sites(assessment: Assessment) -> ProductTable:
    survey = assessment.survey
    sites, rules = survey.frame("planned_sites").reset_index(drop=True), survey.standards.table("planning.conflicts")
    seen = sudden_hazards(assessment, sites)
    kinds = sites["type"].fillna("").astype(str) if "type" in sites else pd.Series("", index=sites.index)
    rule = [rule_for(one, rules) for one in kinds]
    high = _high_at(assessment, sites)
    advice = [Text("", "") if one is None else advice_for(one, there) for one, there in zip(rule, high, strict=True)]
    shown = [one for one in ("code", "name", "type", "area_m2") if one in sites]
    table = (
        sites[shown]
        .join(seen[["high", "why", "why_en", "score"]])
        .assign(
            advice=[one.zh for one in advice],
            advice_en=[one.en for one in advice],
        )
    )
    ordered = in_order(table, ["high", "score"], key=shown[0]).drop(columns="score")
    geometry = gpd.GeoSeries(
        in_order(table.assign(geometry=sites.geometry), ["high", "score"], key=shown[0])["geometry"]
    )
    frame = gpd.GeoDataFrame(ordered, geometry=geometry.to_numpy(), crs=sites.crs)
    note = Text(
        f"规划点位 {len(sites)} 个，{int((seen['high'] > 0).sum())} 个位于高等级区",
        f"{len(sites)} planned sites, {int((seen['high'] > 0).sum())} in a high class",
    )
    return ProductTable(
        name="planned_sites_checked", title=Text("规划点位核查", "Planned sites checked"), frame=frame,
        headers=_HEADERS, notes=(note,), thresholds=_thresholds(assessment),
    )  # fmt: skip


def _high_at(assessment: Assessment, sites: gpd.GeoDataFrame) -> list[list[str]]:
    """Names of the hazards that are high at each site, the highest score first as in the reasons."""
    seen = {}
    for name, theme in assessment.themes.items():
        one = sudden_hazards(replace(assessment, themes={name: theme}), sites)
        seen[name] = one["score"].fillna(-1.0).where(one["high"] > 0).to_numpy()
    return [
        sorted((name for name in seen if not np.isnan(seen[name][place])), key=lambda name: -seen[name][place])
        for place in range(len(sites))
    ]


def _thresholds(assessment: Assessment) -> tuple[Threshold, ...]:
    keys = ("lists.high_classes", "planning.conflict_share")
    return tuple(assessment.survey.standards.threshold(one) for one in keys)
