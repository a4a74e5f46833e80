"""Capacity to reduce disasters (减灾能力) of townships and villages, by the groups of its profile."""

from typing import cast

import geopandas as gpd
import pandas as pd

from riskmap.maps.words import UNITS
from riskmap.model import (
    NO_CLASS,
    Assessment,
    Classification,
    LeftOut,
    ProductTable,
    Profile,
    Survey,
    Text,
    Threshold,
)
from riskmap.model.profile import Group
from riskmap.pipeline.capacity_score import CAPACITY_PROFILE, capacity_score, enough_known
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import classify

__all__ = ["make"]

_HEADERS = {
    "unit_id": Text("代码", "Code"),
    "score": Text("减灾能力指数（0-1）", "Capacity (0-1)"),
    "class": Text("减灾能力等级", "Class of capacity"),
    "place": Text("次序", "Rank"),
    "known_share": Text("已知指标占比", "Known share"),
    "township": Text("乡镇", "Township"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Score and class the capacity of every township; villages take that of their township.

    Parameters
    ----------
    assessment : Assessment
        With exposed people.

    Returns
    -------
    list of ProductTable
        ``capacity_townships`` (or of the units where there are no townships): score, class, rank, the score of every
        group and what it adds (they sum to the score), and the indicators; ``capacity_units``.

    Raises
    ------
    MissingLayerError
        No indicator of capacity can be told.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey = assessment.survey
    made = None if assessment.exposed is None else capacity_score(survey, assessment.exposed)
    if made is None:
        raise AbsentError("没有可用的减灾能力资料（人口与设施）", "nothing is known of capacity: people and facilities")
    (told, tree), profile = made, survey.standards.profile(CAPACITY_PROFILE)
    scores, known = cast("pd.DataFrame", tree.scores), cast("pd.DataFrame", tree.known_share)
    found = classify(enough_known(tree, survey), survey.standards.scheme(profile.scheme))
    areas = survey.townships if len(survey.townships) else survey.units
    table = pd.DataFrame(
        {
            "score": scores["goal"],
            "class": found.codes,
            "place": scores["goal"].rank(ascending=False, method="min"),
            "known_share": known["goal"],
        },
        index=areas.index,
    )
    groups = {one.name: one.title for one in profile.groups if one.name in scores}
    parts = _parts(scores[list(groups)], {one.name: one.weight for one in profile.groups})
    table = table.join(scores[list(groups)].add_prefix("score_group_")).join(parts.add_prefix("adds_"))
    table = table.join(told.indicators)
    frame = gpd.GeoDataFrame(_names(areas).join(table), geometry=areas.geometry, crs=areas.crs)
    frame = frame.sort_values("score", kind="stable").rename_axis("unit_id")
    headers = {**_HEADERS, **_told(profile, told.indicators, groups)}
    lost = [one for one in profile.groups if one.name not in scores]
    notes = _notes(told.left_out, lost)
    title = Text("乡镇减灾能力", "Capacity of the townships")
    first = ProductTable(
        name="capacity_townships", title=title, frame=frame, headers=headers, schemes={"class": found.scheme}, notes=notes,
        thresholds=(_threshold(profile), survey.standards.threshold("capacity.least_known_share")), rows_shown=len(frame),
        columns_shown=("name", "name_en", "score", "class", *(f"score_group_{one}" for one in groups), "known_share"),
    )  # fmt: skip
    return [first, *_units(survey, frame, headers, found)] if len(survey.townships) else [first]


def _parts(scores: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    """What every group adds to the score: its weight among the known ones times its score."""
    weight = pd.DataFrame({one: weights[str(one)] for one in scores}, index=scores.index).where(scores.notna())
    return scores * weight.div(weight.sum(axis=1), axis=0)


def _names(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(areas)[[one for one in ("name", "name_en") if one in areas]]


def _told(profile: Profile, indicators: pd.DataFrame, groups: dict[str, Text]) -> dict[str, Text]:
    units = indicators.attrs["units"]
    found = {}
    for one in profile.indicators:
        if one.factor in indicators:
            unit = UNITS.get(units[one.factor], Text(units[one.factor], units[one.factor]))
            tail = (f"（{unit.zh}）", f" ({unit.en})") if unit.zh else ("", "")
            found[one.factor] = Text(one.title.zh + tail[0], one.title.en + tail[1])
    for name, title in groups.items():
        found[f"score_group_{name}"] = Text(f"{title.zh}能力（0-1）", f"{title.en} (0-1)")
        found[f"adds_{name}"] = Text(f"{title.zh}贡献", f"Part from {title.en.lower()}")
    return found


def _notes(left_out: tuple[LeftOut, ...], lost: list[Group]) -> tuple[Text, ...]:
    told = [
        Text(
            "指数在县内比较：1 为县内最强；村（社区）取所在乡镇的值；指标与权重为参考方案（未核实）",
            "Compared within the county: 1 is its best; villages take the value of their township; indicators and weights are "
            "candidates (unverified)",
        )
    ]
    if left_out:
        told.append(
            Text(
                "缺少的指标：" + "、".join(one.product.zh for one in left_out),
                "Not told: " + ", ".join(one.product.en for one in left_out),
            )
        )
    if lost:
        told.append(
            Text(
                "缺少的方面：" + "、".join(one.title.zh for one in lost),
                "Groups without a fact: " + ", ".join(one.title.en for one in lost),
            )
        )
    return tuple(told)


def _threshold(profile: Profile) -> Threshold:
    value = "; ".join(f"{one.title.zh} {one.weight:g}" for one in profile.groups)
    return Threshold(
        key=f"profile.{profile.name}", value=value, title=profile.title, source=profile.source, clause=profile.clause,
        confidence=profile.confidence,
    )  # fmt: skip


def _units(
    survey: Survey, towns: gpd.GeoDataFrame, headers: dict[str, Text], found: Classification
) -> list[ProductTable]:
    units = survey.units
    if "parent_id" not in units:
        return []
    mine = towns[["score", "class"]].reindex(units["parent_id"])
    table = _names(units).assign(
        township=towns["name"].reindex(units["parent_id"]).to_numpy() if "name" in towns else "",
        score=mine["score"].to_numpy(),
        **{"class": mine["class"].fillna(NO_CLASS).astype("uint8").to_numpy()},
    )
    frame = gpd.GeoDataFrame(table, geometry=units.geometry, crs=units.crs).rename_axis("unit_id")
    title = Text("村（社区）减灾能力", "Capacity of the villages")
    return [
        ProductTable(
            name="capacity_units", title=title, frame=frame.sort_values("score", kind="stable"), headers=headers,
            schemes={"class": found.scheme}, rows_shown=0,
        )
    ]  # fmt: skip
