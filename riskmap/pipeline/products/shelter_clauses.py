"""Every shelter against every clause of the standards that can be tried with what was delivered."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.maps.words import CONFIDENCE, UNITS
from riskmap.model import Assessment, ProductTable, Survey, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.shelters import judged, shelter_rules, verdicts
from riskmap.spatial import values_at
from riskmap.standards.source_words import source_text

__all__ = ["make"]

_EXCLUSION = "shelters.exclusion"
_VERDICTS = {"pass": Text("符合", "pass"), "fail": Text("不符合", "fail"), "not known": Text("无资料", "not known")}
_SIDES = {
    "<=": Text("不大于", "at most"),
    "<": Text("小于", "below"),
    ">=": Text("不小于", "at least"),
    ">": Text("大于", "above"),
}
_HEADERS = {
    "shelter_id": Text("编号", "Code"),
    "name": Text("避难场所", "Shelter"),
    "clause": Text("条款", "Clause"),
    "value": Text("实际值", "Value"),
    "limit": Text("限值", "Limit"),
    "verdict": Text("评价", "Verdict"),
    "source": Text("依据", "Source"),
    "confidence": Text("可信度", "Confidence"),
    **_VERDICTS,
}
_NOTE = Text(
    "按条款逐项评价，无资料的条款不计为符合；断层均按活动断裂计；危险区取本次评价的各情景",
    "Clause by clause; what is not known does not count as passed; every fault counts as active; hazard zones are those "
    "of this assessment's scenarios",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Judge the shelters of a county.

    Parameters
    ----------
    assessment : Assessment
        With shelters.

    Returns
    -------
    list of ProductTable
        A row a shelter with its numbers of verdicts, and a row a shelter and clause.

    Raises
    ------
    MissingLayerError
        No shelters were assessed.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    if assessment.shelters is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    survey, places = assessment.survey, assessment.shelters.shelters
    standards = survey.standards
    clauses = standards.table("shelters.clauses")
    facts = _facts(survey, places)
    found = judged(facts, clauses, shelter_rules(standards, radius_m=survey.county.shelters.radius_m))
    by_key = {str(one["key"]): one for one in clauses}
    table = found.assign(
        name=places["name"].reindex(found["shelter_id"]).to_numpy(),
        value=[_said(value, by_key[key]["unit"]) for key, value in zip(found["clause"], found["value"], strict=True)],
        limit=[_limit(by_key[key], limit) for key, limit in zip(found["clause"], found["limit"], strict=True)],
        source=found["clause"].map(lambda key: _source(by_key[key])),
        confidence=found["clause"].map(lambda key: by_key[key]["confidence"]),
    )
    order = ["shelter_id", "name", "clause", "value", "limit", "verdict", "source", "confidence"]
    worst = table.sort_values("verdict", key=lambda one: one.map({"fail": 0, "not known": 1, "pass": 2}), kind="stable")
    counts = places[["name", "type"]].join(verdicts(found)).join(places[["geometry"]])
    words = {
        "clause": {key: Text(**one["title"]) for key, one in by_key.items()},
        "verdict": _VERDICTS,
        "source": {_source(one): source_text(_source(one)) for one in clauses},
        "limit": _limit_words(found, by_key),
        "confidence": CONFIDENCE,
    }
    return [
        ProductTable(
            name="shelter_verdicts", title=Text("避难场所评价汇总", "Shelters by verdict"),
            frame=gpd.GeoDataFrame(counts, geometry="geometry", crs=places.crs).sort_values("fail", ascending=False),
            headers=_HEADERS, notes=(_NOTE,),
        ),
        ProductTable(
            name="shelter_clauses", title=Text("避难场所逐条评价", "Shelters clause by clause"),
            frame=worst[order].reset_index(drop=True), headers=_HEADERS, words=words,
        ),
    ]  # fmt: skip


def _source(clause: Mapping[str, Any]) -> str:
    return "; ".join(one for one in (clause["source"], clause["clause"]) if one)


def _limit(clause: Mapping[str, Any], limit: float) -> str:
    return f"{clause['operator']} {_said(limit, clause['unit'])}"


def _limit_words(found: pd.DataFrame, by_key: Mapping[str, Mapping[str, Any]]) -> dict[str, Text]:
    """Every limit of the table in words; one that no type sets is a dash."""
    words = {}
    for key, limit in zip(found["clause"], found["limit"], strict=True):
        side, said = _SIDES[by_key[key]["operator"]], _said(limit, by_key[key]["unit"])
        known = np.isfinite(limit)
        words[_limit(by_key[key], limit)] = Text(f"{side.zh} {said}", f"{side.en} {said}") if known else Text("—", "—")
    return words


def _facts(survey: Survey, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """What is known of each shelter, by the columns that clauses measure."""
    told = pd.DataFrame(index=places.index)
    if survey.has("shelters"):
        told = survey.frame("shelters").drop_duplicates("code").set_index("code").reindex(places.index)
    empty = pd.Series(np.nan, index=places.index)
    area = pd.to_numeric(told.get("area_m2", empty), errors="coerce")
    design = pd.to_numeric(told.get("capacity_people", empty), errors="coerce")
    facts = pd.DataFrame(
        {
            "type": places["type"],
            "indoor": told.get("indoor", pd.Series(pd.NA, index=places.index)).astype("boolean"),
            "threats": places["unsafe_why"].map(lambda one: str(one).count(f"={_EXCLUSION}")),
            "area_m2": area,
            "m2_per_person": area / design.where(design > 0),
        }
    )
    for column, layer in (("mined_out_m", "mined_out"), ("fault_m", "faults")):
        if survey.has(layer) and len(survey.frame(layer)):
            shape = shapely.union_all(survey.frame(layer).geometry.to_numpy())
            facts[column] = shapely.distance(places.geometry.to_numpy(), shape)
    if survey.has("slope_deg"):
        degrees = values_at(survey.raster("slope_deg"), shapely.get_coordinates(places.geometry.to_numpy()))
        facts["slope_pct"] = 100 * np.tan(np.radians(degrees))
    return facts


def _said(value: float, unit: str) -> str:
    if not np.isfinite(value):
        return "—"
    unit = UNITS[unit].zh if unit in UNITS else unit
    return f"{value:,.4g} {unit}".strip() if abs(value) < 1e4 else f"{value:,.0f} {unit}".strip()
