"""The zoning held against recorded losses, hazard points and fires."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.maps.words import number
from riskmap.model import Assessment, ClassScheme, ProductTable, RiskResult, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring.history import HistoryCheck, check_history

__all__ = ["make"]

_AMOUNTS = {
    "loss_yuan": Text("直接经济损失", "direct loss"),
    "affected_people": Text("受灾人口", "affected people"),
}
_POINTS = {"hazard_points": "landslide", "past_fires": "fire"}
_VERDICTS = {
    "more": Text("比人口更能说明历史损失", "explains more than people alone"),
    "not shown": Text("记录太少，未能证明比人口更能说明", "too few records to show that it explains more than people"),
    "no more": Text("警告：并不比人口更能说明历史损失", "WARNING: explains no more than people alone"),
    "unknown": Text("无法判断", "cannot be told"),
}
_FIGURES = {
    "auroc": Text("受灾与未受灾的区分度（AUROC）", "Places with and without losses told apart (AUROC)"),
    "rank": Text("与损失的秩相关", "Rank correlation with the losses"),
    "gain": Text("累积曲线下面积", "Area under the cumulative curve"),
    "people_rank": Text("仅按人口的秩相关", "Rank correlation of people alone"),
    "people_gain": Text("仅按人口的曲线下面积", "Area under the curve of people alone"),
    "rank_more": Text("秩相关比人口高", "Rank correlation above that of people"),
    "gain_more": Text("曲线下面积比人口高", "Area under the curve above that of people"),
}
_HEADERS = {
    "class": Text("等级", "Class"),
    "records": Text("检验对象", "What is checked"),
    "figure": Text("指标", "Figure"),
    "value": Text("值", "Value"),
    "low": Text("区间下限", "Lower end"),
    "high": Text("区间上限", "Upper end"),
    "places": Text("地点数", "Places"),
    "struck": Text("有记录的地点数", "Places with records"),
    "verdict": Text("结论", "Verdict"),
    "losses": Text("记录数量", "Recorded amount"),
    "loss_share": Text("占记录", "Share of the records"),
    "area_share": Text("占面积", "Share of the area"),
    "people_share": Text("占人口", "Share of the people"),
    "ratio": Text("记录占比与面积占比之比", "Share of records over share of area"),
    "loss_sum": Text("累计占记录", "Share of the records, summed from the top"),
    "area_sum": Text("累计占面积", "Share of the area, summed from the top"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """One set of records on the places of one classed product."""

    name: str
    title: Text
    places: pd.DataFrame
    scheme: ClassScheme


def make(assessment: Assessment) -> list[ProductTable]:
    """Hold the zoning against what has happened.

    Parameters
    ----------
    assessment : Assessment
        With its risk, and a survey that holds losses, hazard points or past fires.

    Returns
    -------
    list of ProductTable
        Figures with intervals and the verdict against people alone; a table of hits for each set of records.

    Raises
    ------
    MissingLayerError
        No comprehensive risk, or no record that falls on a place of the county.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None or "people" not in risk.units:
        raise AbsentError(
            "历史检验需要综合风险和单元人口",
            "the check against history needs the comprehensive risk and the people of the units",
        )
    losses, notes = _by_township(assessment)
    cases = [*_loss_cases(assessment, risk, losses), *_point_cases(assessment, risk)]
    cases = [one for one in cases if one.places["losses"].fillna(0).sum() > 0]
    if not cases:
        raise AbsentError(
            "没有落在本县的灾情、隐患点或火灾记录",
            "no recorded loss, hazard point or fire falls on a place of the county",
        )
    value, made = survey.standards.value, []
    for place, one in enumerate(cases):
        found = check_history(
            one.places,
            size=one.scheme.size,
            draws=int(value("comparison.bootstrap_draws")),
            level=value("comparison.interval_level"),
            rng=np.random.default_rng([survey.county.seed, 43, place]),
        )
        made.append((one, found))
    return [_figures(assessment, made, notes), *(_hits(one, found) for one, found in made)]


def _by_township(assessment: Assessment) -> tuple[pd.DataFrame, list[Text]]:
    """Recorded losses with the township on which each falls; what could not be placed is told."""
    survey = assessment.survey
    if not survey.has("losses") or not len(survey.townships):
        return pd.DataFrame(columns=["theme", "place", *_AMOUNTS]), []
    table = pd.DataFrame(survey.frame("losses"))
    if "township_code" not in table:
        return pd.DataFrame(columns=["theme", "place", *_AMOUNTS]), [
            Text("历史灾情没有乡镇，未作检验", "the recorded losses name no township and are not checked")
        ]
    towns = {str(one): str(one) for one in survey.townships.index}
    towns |= {str(unit): str(parent) for unit, parent in survey.units["parent_id"].items()}
    for frame, codes in ((survey.units, survey.units["parent_id"]), (survey.townships, survey.townships.index)):
        names = pd.Series(np.asarray(codes, dtype=object), index=frame["name"])
        towns |= {str(name): str(code) for name, code in names[~names.index.duplicated(keep=False)].items()}
    place = table["township_code"].map(lambda one: towns.get(str(one), towns.get(f"{str(one)[:9]}000")))
    lost = int(place.isna().sum())
    notes = (
        [Text(f"{lost} 条灾情不在本县乡镇，未用", f"{lost} records fall on no township of the county")] if lost else []
    )
    return table.assign(place=place)[place.notna()], notes


def _loss_cases(assessment: Assessment, risk: RiskResult, losses: pd.DataFrame) -> Iterator[_Case]:
    towns = risk.townships
    if not len(losses) or "people" not in towns:
        return
    whole = Text("综合风险与全部灾情", "Comprehensive risk and all records")
    for amount, title in _AMOUNTS.items():
        if amount in losses:
            sums = losses.groupby("place")[amount].sum(min_count=1)
            said = Text(f"{whole.zh}：{title.zh}", f"{whole.en}: {title.en}")
            yield _Case(name=f"risk_{amount}", title=said, places=_places(towns, sums), scheme=risk.scheme)
    for row in assessment.survey.standards.table("comparison.loss_words"):
        theme = assessment.themes.get(row["theme"])
        if theme is None or f"score_{theme.name}" not in towns:
            continue
        own = losses[
            losses["theme"].astype(str).map(lambda one, words=row["words"]: any(word in one for word in words))
        ]
        said = Text(f"{theme.title.zh}与该灾种灾情次数", f"{theme.title.en} and the number of its records")
        places = _places(towns, own.groupby("place").size(), theme=theme.name)
        yield _Case(name=f"{theme.name}_records", title=said, places=places, scheme=theme.scheme)


def _point_cases(assessment: Assessment, risk: RiskResult) -> Iterator[_Case]:
    survey = assessment.survey
    for layer, name in _POINTS.items():
        theme = assessment.themes.get(name)
        if theme is None or not survey.has(layer) or f"score_{name}" not in risk.units:
            continue
        points = survey.frame(layer)
        points = points[points.geometry.notna()][["geometry"]].to_crs(risk.units.crs)
        joined = gpd.sjoin(points, risk.units[["geometry"]], predicate="within")
        key = risk.units.index.name or "index_right"
        title = survey.layer(layer).spec.title
        said = Text(f"{theme.title.zh}与{title.zh}个数", f"{theme.title.en} and the number of {title.en.lower()}")
        places = _places(risk.units, joined.groupby(key).size(), theme=name)
        yield _Case(name=f"{name}_{layer}", title=said, places=places, scheme=theme.scheme)


def _places(frame: gpd.GeoDataFrame, losses: pd.Series, *, theme: str = "") -> pd.DataFrame:
    index, code = (f"score_{theme}", f"class_{theme}") if theme else ("index", "class")
    table = {"index": frame[index], "class": frame[code], "people": frame["people"], "area_km2": frame.area / 1e6}
    return pd.DataFrame(table).assign(losses=losses.reindex(frame.index))


def _figures(assessment: Assessment, made: list[tuple[_Case, HistoryCheck]], notes: list[Text]) -> ProductTable:
    rows = [
        {
            "records": str(one.title),
            "figure": name,
            "value": (figure := getattr(found, name)).value,
            "low": figure.low,
            "high": figure.high,
            "places": found.places,
            "struck": found.struck,
            "verdict": found.verdict,
        }
        for one, found in made
        for name in _FIGURES
    ]
    level = assessment.survey.standards.value("comparison.interval_level")
    poor = [(one.title, found) for one, found in made if found.verdict == "no more"]
    told = [_warning(title, found) for title, found in poor]
    told += [
        Text(
            f"区间为对地点自助抽样的 {level:.0%} 区间；曲线下面积 0.5 表示没有区分能力",
            f"Intervals are of {level:.0%}, from bootstrap draws of the places; an area under the curve of 0.5 tells nothing",
        ),
        Text(
            "隐患点或历史火灾若已用于建立该灾种模型，则不是独立检验；承灾体越多损失越大，故与仅按人口的结果对照",
            "Hazard points and fires that went into a hazard's model are no independent check; losses grow with what is "
            "exposed, hence the comparison with people alone",
        ),
        *notes,
    ]
    return ProductTable(
        name="history_check", title=Text("历史灾情检验", "Check against history"), frame=pd.DataFrame(rows),
        headers=_HEADERS, words={"figure": _FIGURES, "verdict": _VERDICTS}, notes=tuple(told), rows_shown=2 * len(_FIGURES),
    )  # fmt: skip


def _warning(title: Text, found: HistoryCheck) -> Text:
    own, people = number(found.rank.value), number(found.people_rank.value)
    return Text(
        f"警告：{title.zh}：区划并不比仅按人口更能说明历史记录（秩相关 {own}，仅按人口 {people}）",
        f"WARNING: {title.en}: the zoning explains the records no better than people alone (rank correlation {own}, of "
        f"people alone {people})",
    )


def _hits(one: _Case, found: HistoryCheck) -> ProductTable:
    title = Text(f"{one.title.zh}：各等级命中", f"{one.title.en}: hits by class")
    return ProductTable(
        name=f"history_{one.name}", title=title, frame=found.hits, headers=_HEADERS, schemes={"class": one.scheme},
        rows_shown=0,
    )  # fmt: skip
