"""Core indicators of the plan: yearly rates with their counts, and the mean of the years against the targets."""

from collections.abc import Iterator

import pandas as pd

from riskmap.errors import MethodError
from riskmap.model import Assessment, ProductTable, Survey, Text
from riskmap.model.county import PlanSettings
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring.core_indicators import mean_of_years, yearly_counts, yearly_rates

__all__ = ["make"]

_TITLES = {
    "deaths_per_million": Text("年均每百万人口因灾死亡率（人）", "Deaths a year per million people (people)"),
    "affected_per_100000": Text("年均每十万人受灾人次（人次）", "Person-times affected a year per 100,000 people"),
    "loss_share_pct": Text("年均直接经济损失占地区生产总值（%）", "Direct loss a year as a share of GDP (%)"),
    "relief_share_pct": Text("时限内救助到位的灾害记录占比（%）", "Share of records relieved in time (%)"),
}
_COUNTED = {
    "deaths_per_million": ("deaths_people", Text("人", "people")),
    "affected_per_100000": ("affected_people", Text("人次", "person-times")),
    "loss_share_pct": ("loss_yuan", Text("元", "yuan")),
    "relief_share_pct": ("relief_in_time", Text("条记录", "records")),
}
_THRESHOLDS = (*_TITLES, "relief_hours", "count_missing")
_MET = {
    "yes": Text("达到", "met"),
    "no": Text("未达到", "not met"),
    "unknown": Text("无法判断", "cannot be told"),
}
_HEADERS = {
    "rate": Text("核心指标", "Core indicator"),
    "mean": Text("各年平均", "Mean of the years"),
    "count": Text("规划期合计（绝对数）", "Sum over the years, absolute"),
    "count_unit": Text("合计的单位", "Unit of the sum"),
    "years": Text("有数据的年数", "Years known"),
    "target": Text("目标", "Target"),
    "met": Text("是否达到", "Met"),
    "source": Text("目标依据", "Source of the target"),
    "year": Text("年份", "Year"),
    "records": Text("灾情记录（条）", "Records"),
    "deaths_people": Text("死亡（人）", "Deaths (people)"),
    "missing_people": Text("失踪（人）", "Missing (people)"),
    "affected_people": Text("受灾人次（人次）", "Affected (person-times)"),
    "loss_yuan": Text("直接经济损失（元）", "Direct loss (yuan)"),
    "relief_records": Text("写明救助时间的记录（条）", "Records that say when relief came"),
    "relief_in_time": Text("时限内救助到位（条）", "Records relieved in time"),
    "people": Text("常住人口（人）", "Resident people"),
    "gdp_yuan": Text("地区生产总值（元）", "GDP (yuan)"),
    "deaths_per_million": Text("每百万人口因灾死亡率（人）", "Deaths per million people (people)"),
    "affected_per_100000": Text("每十万人受灾人次（人次）", "Person-times affected per 100,000 people"),
    "loss_share_pct": Text("损失占地区生产总值（%）", "Loss as a share of GDP (%)"),
    "relief_share_pct": Text("时限内救助到位占比（%）", "Share relieved in time (%)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Hold the recorded losses of the plan's years against the targets of its core indicators.

    Parameters
    ----------
    assessment : Assessment
        With the layer ``losses``; people and GDP from ``[plan]`` by year, else from the layer ``yearbook``.

    Returns
    -------
    list of ProductTable
        The indicators against their targets, and the series by year. Targets that ``[plan]`` does not give are the
        national ones.

    Raises
    ------
    MissingLayerError
        No losses, or neither people nor GDP.
    MethodError
        The last year of the plan lies before the first.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    survey, plan = assessment.survey, assessment.survey.county.plan
    if not survey.has("losses"):
        raise AbsentError("没有历史灾情图层", "the disaster and loss history was not delivered")
    value = survey.standards.value
    first = plan.first_year if plan else int(value("plan.first_year"))
    last = plan.last_year if plan else int(value("plan.last_year"))
    if last < first:
        raise MethodError(f"county.toml [plan]: last_year {last} lies before first_year {first}; correct one of them")
    years = range(first, last + 1)
    hours = (plan and plan.relief_hours) or value("plan.relief_hours")
    losses = pd.DataFrame(survey.frame("losses"))
    counts = yearly_counts(losses, years=years, relief_hours=hours)
    people, gdp = (_by_year(survey, plan, one, years) for one in ("people", "gdp_yuan"))
    if people.isna().all() and gdp.isna().all():
        raise AbsentError(
            "没有人口与地区生产总值：请交统计年鉴，或在 county.toml 的 [plan] 中给出",
            "neither people nor GDP: deliver the yearbook, or give them under [plan] of county.toml",
        )
    missing = value("plan.count_missing") > 0
    rates = yearly_rates(counts, people=people, gdp_yuan=gdp, count_missing=missing)
    series = counts.assign(people=people, gdp_yuan=gdp).join(rates)
    if "missing_people" not in losses:
        series = series.drop(columns="missing_people")
    notes = (*_notes(survey, plan, years), *_gaps(losses, years), _definition(missing, hours))
    title = Text("规划核心指标", "Core indicators of the plan")
    if plan is not None:
        title = Text(f"{plan.name.zh}核心指标", f"Core indicators of {plan.name.en}")
    dead = counts["deaths_people"] + counts["missing_people"] if missing else counts["deaths_people"]
    rows = _against(survey, plan, counts.assign(deaths_people=dead), rates)
    used = tuple(survey.standards.threshold(f"plan.{one}") for one in _THRESHOLDS)
    return [
        ProductTable(name="core_indicators", title=title, frame=rows, headers=_HEADERS,
                     words={"rate": _TITLES, "met": _MET}, notes=notes, thresholds=used),
        ProductTable(name="core_indicators_by_year", title=Text("规划核心指标逐年值", "Core indicators by year"),
                     frame=series, headers=_HEADERS, rows_shown=len(series)),
    ]  # fmt: skip


def _against(survey: Survey, plan: PlanSettings | None, counts: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    national = survey.standards.threshold
    targets, sources = {}, {}
    for name in _TITLES:
        said = "relief_hours" if name == "relief_share_pct" else name
        own, told = getattr(plan, said, None), national(f"plan.{said}")
        targets[name] = survey.standards.value(f"plan.{name}") if own is None or said != name else float(own)
        unsure = "（未核实 unverified）" if told.unverified else ""
        sources[name] = told.source + unsure if own is None or plan is None else str(plan.name.text)
    target = pd.Series(targets)
    found = mean_of_years(rates, below=target.drop("relief_share_pct"), at_least=target[["relief_share_pct"]])
    sums = [counts[_COUNTED[name][0]].sum(min_count=1) for name in found.index]
    found.insert(1, "count", sums)
    found.insert(2, "count_unit", [str(_COUNTED[name][1]) for name in found.index])
    return found.assign(source=[sources[name] for name in found.index]).reset_index()


def _by_year(survey: Survey, plan: PlanSettings | None, column: str, years: range) -> pd.Series:
    """What the plan gives for each year, else the one total of the yearbook; NaN where neither is there."""
    whole = float("nan")
    if survey.has("yearbook") and column in survey.frame("yearbook"):
        whole = float(pd.to_numeric(survey.frame("yearbook")[column]).sum(min_count=1))
    own = getattr(plan, column, {})
    return pd.Series({year: float(own.get(str(year), whole)) for year in years})


def _notes(survey: Survey, plan: PlanSettings | None, years: range) -> Iterator[Text]:
    if plan is None:
        yield Text(
            "county.toml 没有 [plan]：采用全国目标和规划期", "no [plan] in county.toml: national targets and years"
        )
    given = {} if plan is None else plan.people
    if survey.has("yearbook") and any(str(year) not in given for year in years):
        yield Text(
            "没有逐年人口或地区生产总值的年份，采用统计年鉴的同一个数",
            "years without people or GDP of their own take the one figure of the yearbook",
        )


def _gaps(losses: pd.DataFrame, years: range) -> Iterator[Text]:
    year = pd.to_datetime(losses["date"]).dt.year
    first, last = int(year.min()), int(year.max())
    outside = [str(one) for one in years if not first <= one <= last]
    if outside:
        yield Text(
            f"灾情记录为 {first}—{last} 年，以下年份未知：{'、'.join(outside)}",
            f"records run from {first} to {last}; unknown: {', '.join(outside)}",
        )
    inside = losses[year.isin(years)]
    for column in ("deaths_people", "affected_people", "loss_yuan"):
        gone = int(inside[column].isna().sum()) if column in inside else len(inside)
        if gone:
            title = _HEADERS[column]
            yield Text(f"{gone} 条记录没有“{title.zh}”，未计入", f"{gone} records without '{title.en}' are not counted")


def _definition(missing: bool, hours: float) -> Text:
    zh, en = (
        ("计入失踪", "the missing count as deaths") if missing else ("不计失踪", "the missing do not count as deaths")
    )
    return Text(
        f"死亡率{zh}；救助时限 {hours:g} 小时；受灾按人次，同一人两次受灾计两次；先算各年比率再平均，一年一票；县人口不足百万，死亡一人即可超过目标，请同时看绝对数",
        f"deaths: {en}; relief in time: within {hours:g} hours; affected are person-times, a person struck twice counts twice; rates are taken year by year and "
        "averaged, one vote a year; a county has far fewer than a million people, so one death may exceed the target: "
        "look at the counts too",
    )
