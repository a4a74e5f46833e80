"""Why each zone and township stands in its class, with a sentence to print."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.maps.words import quantity, share
from riskmap.model import NO_LEADER, OBJECTS, Assessment, ClassScheme, ProductTable, Text
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import reasons, zone_of_units
from riskmap.scoring.county_zones import zone_note
from riskmap.scoring.zone_names import hazard_word

__all__ = ["make"]

_ZONES = "zone_reasons"
_HEADERS = {
    "theme_1": Text("贡献最大灾种", "Hazard that adds most"),
    "theme_2": Text("贡献第二灾种", "Hazard that adds second"),
    "object_1": Text("风险最高承灾体", "Most at risk"),
    "object_2": Text("风险次高承灾体", "Next most at risk"),
    "reason": Text("成因说明", "In words"),
    "reason_zh": Text("成因说明（中文）", "In words (Chinese)"),
    "reason_en": Text("成因说明（英文）", "In words (English)"),
}
_NOTES = (
    Text(
        "主导灾种为处于高等级的灾种中对指数贡献最大者，区的主导灾种为其多数人口所在单元的主导灾种；没有灾种处于高等级的为“无突出灾种”",
        "The leading hazard is, of those in a high class, the one that adds most to the index; in a zone, the one that leads "
        "where most of its people live. Where no hazard is in a high class none stands out",
    ),
    Text(
        "各灾种对指数的贡献相加等于综合风险指数；均值按人口加权（人口不详或无人的按面积）；等级稳定性为权重变动时等级不变的占比",
        "What the hazards add sums to the index; means are weighted by people (by area where unknown or none); "
        "stability is the share of changed weights under which the class holds",
    ),
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the reasons of the class of every zone and township.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        Zones, then townships where there are any; in the order of the results they tell of.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk = assessment.risk
    if risk is None:
        raise AbsentError(
            "没有综合风险，无法说明成因", "There is no comprehensive risk to give reasons for", asked=False
        )
    found = [(_ZONES, Text("区划成因", "Why each zone"), risk.zones, zone_of_units(risk.units, risk.zones))]
    if len(risk.townships):
        towns = risk.units["parent_id"].where(risk.units["parent_id"].isin(risk.townships.index))
        found.append(("township_reasons", Text("乡镇成因", "Why each township"), risk.townships, towns))
    return [
        _table(assessment, frame, reasons(risk.units, places).reindex(frame.index), name=name, title=title)
        for name, title, frame, places in found
    ]


def _table(
    assessment: Assessment, places: gpd.GeoDataFrame, told: pd.DataFrame, *, name: str, title: Text
) -> ProductTable:
    assert assessment.risk is not None  # noqa: S101  told by make
    scheme = assessment.risk.scheme
    hazards = hazard_names(assessment)
    lead = [one for one in ("name", "name_en", "class", "leading") if one in places]
    table = places[lead].join(told)
    unit = assessment.survey.county.units
    texts = [_sentence(row, scheme, hazards, unit=unit) for row in table.to_dict("records")]
    table = table.assign(reason_zh=[one.zh for one in texts], reason_en=[one.en for one in texts])
    words = {one: {**hazards, "": Text("", "")} for one in ("theme_1", "theme_2")}
    words |= {one: {**OBJECTS, "": Text("", "")} for one in ("object_1", "object_2")}
    return ProductTable(
        name=name,
        title=title,
        frame=gpd.GeoDataFrame(table, geometry=places.geometry, crs=places.crs),
        headers=_HEADERS,
        words=words,
        schemes={"class": scheme},
        columns_shown=("zone_id", "name", "class", "reason_zh"),
        notes=(*((zone_note(assessment.survey),) if name == _ZONES else ()), *_NOTES),
    )


_UNITS = {
    "villages": Text("个村（社区）", "villages"),
    "townships": Text("个乡镇", "townships"),
    "grid30s": Text("个调查格网", "survey cells"),
}


def _sentence(row: Mapping[Any, Any], scheme: ClassScheme, hazards: Mapping[str, Text], *, unit: str) -> Text:
    """Say it as a planner would print it."""
    zh, en = [], []
    area, people, gdp = (
        quantity(row.get(name), kind)
        for name, kind in (("area_km2", "km2"), ("people", "people"), ("gdp_yuan", "yuan"))
    )
    if pd.notna(row.get("units")):
        count, of = int(row["units"]), _UNITS.get(unit, Text("个单元", "units"))
        zh.append(f"{row['name']}含 {count} {of.zh}，面积 {area.zh}，人口 {people.zh}，地区生产总值 {gdp.zh}")
        name = row.get("name_en") if isinstance(row.get("name_en"), str) and row["name_en"] else row["name"]
        en.append(
            f"{name} holds {count} {of.en.removesuffix('s') if count == 1 else of.en} ({area.en}, {people.en}, GDP {gdp.en})"
        )
    if not 1 <= int(row["class"]) <= scheme.size or not row.get("index", 0) >= 0:
        return Text(
            "；".join([*zh, "资料不足，未定等级"]) + "。", "; ".join([*en, "too little is known to class it"]) + "."
        )
    label = scheme.label(int(row["class"]))
    zh.append(f"综合风险等级为{label.zh}")
    en.append(f"its comprehensive risk is {label.en.lower()}")
    for more_zh, more_en in (_leads(row, hazards), _adds(row, hazards), _hits(row), _sure(row)):
        zh += [more_zh] if more_zh else []
        en += [more_en] if more_en else []
    return Text("；".join(zh) + "。", "; ".join(en) + ".")


def _leads(row: Mapping[Any, Any], hazards: Mapping[str, Text]) -> tuple[str, str]:
    leading = row.get("leading")
    if leading == NO_LEADER:
        return "无突出灾种", "no hazard stands out"
    if not isinstance(leading, str) or not leading:
        return "", ""
    one = hazard_word(hazards.get(leading, Text(leading, leading)))
    return (
        f"处于高等级的灾种中，主导灾种为{one.zh}",
        f"of the hazards in a high class the leading one is {one.en.lower()}",
    )


def _adds(row: Mapping[Any, Any], hazards: Mapping[str, Text]) -> tuple[str, str]:
    """Tell the share of the leading hazard first, then those that add most, high or not."""
    largest = [one for one in (row["theme_1"], row["theme_2"]) if isinstance(one, str) and one]
    leads = [one for one in (row.get("leading"),) if isinstance(one, str) and row.get(f"part_{one}", 0) > 0]
    names = list(dict.fromkeys([*leads, *largest]))
    if not names:
        return "", ""
    told = [(hazard_word(hazards.get(one, Text(one, one))), share(row[f"part_{one}"] / row["index"])) for one in names]
    zh, en = [f"{one.zh}占 {part}" for one, part in told], [f"{one.en.lower()} {part}" for one, part in told]
    if leads and names[: len(largest)] != largest:  # another hazard adds more, in no high class or not where most live
        return (
            f"风险指数中{zh[0]}；占比更大而不居主导的：{'、'.join(zh[1:])}",
            f"of the index: {en[0]}; larger without leading: {', '.join(en[1:])}",
        )
    return f"风险指数中{'、'.join(zh)}", f"of the index: {', '.join(en)}"


def _hits(row: Mapping[Any, Any]) -> tuple[str, str]:
    things = [OBJECTS[one] for one in (row["object_1"], row["object_2"]) if one in OBJECTS]
    if not things:
        return "", ""
    zh, en = "、".join(one.zh for one in things), " and ".join(one.en.lower() for one in things)
    return f"{zh}受威胁最重", f"most at risk: {en.replace('(gdp)', '(GDP)')}"


def _sure(row: Mapping[Any, Any]) -> tuple[str, str]:
    known = share(row["known_share"])
    if pd.isna(row["stability"]):
        return f"资料完备程度 {known}", f"{known} of the indicators are known"
    firm = share(row["stability"])
    return (
        f"权重变动时 {firm} 的情形等级不变，资料完备程度 {known}",
        f"its class holds under {firm} of changed weights, {known} of the indicators are known",
    )
