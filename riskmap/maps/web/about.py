"""The fine print of a page: what is left out, what the check found, methods, thresholds, sources."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from riskmap.maps.imprint import crs_name, sources
from riskmap.maps.web.glossary import class_rows, word_rows
from riskmap.maps.words import CONFIDENCE, UNITS, amount, number
from riskmap.model import Assessment, LeftOut, Survey, Text, Threshold
from riskmap.standards.source_words import source_text

__all__ = ["about_part", "findings_row", "threshold_rows"]

_SEVERITIES = {
    "error": Text("错误（记录未采用）", "Errors (records not used)"),
    "warning": Text("警告", "Warnings"),
    "note": Text("提示", "Notes"),
}
_THEMES = (
    (Text("风险与区划", "Risk and zones"), ("comprehensive", "prevention", "planning")),
    (Text("等级方案", "Classes"), ("scheme",)),
    (Text("权重方案", "Weights"), ("profile",)),
    (Text("灾害危险性", "Hazards"), ("geohazard", "flood", "rainstorm", "drought", "fire", "chains")),
    (Text("承灾体与减灾能力", "What is exposed, and capacity"), ("exposure", "vulnerability", "capacity")),
    (Text("避难与转移", "Shelters and evacuation"), ("shelters",)),
    (Text("防灾设施", "Facilities"), ("networks",)),
    (Text("生命线", "Lifelines"), ("lifelines",)),
    (Text("规划应用", "Planning"), ("plan", "lists")),
    (Text("方法检验", "Checks of the method"), ("robustness", "comparison", "ahp")),
)
"""Headings of the thresholds, and the standards under each; what stands under none is told last."""
_REST = Text("其他", "Others")
_COPYRIGHT = Text(
    "页面内含 Leaflet 1.9（BSD-2-Clause）与思源黑体（OFL）。本页不访问网络。",
    "This page carries Leaflet 1.9 (BSD-2-Clause) and Noto Sans SC (OFL). It asks the network for nothing.",
)


def about_part(assessment: Assessment, *, values: bool = True) -> list[Mapping[str, Any]]:
    """Sections of fine print, in order; empty ones are left away.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    values : bool
        Whether the page had room for the values of the cells.

    Returns
    -------
    list of mapping
        ``title`` and ``rows`` (head, body, mark).

    Examples
    --------
    >>> about_part.__name__
    'about_part'
    """
    survey, risk = assessment.survey, assessment.risk
    methods = [[theme.title, theme.method, None] for theme in assessment.themes.values()]
    if risk is not None:
        methods += [[Text("综合风险", "Comprehensive risk"), one, None] for one in risk.notes]
    if assessment.shelters is not None:
        methods += [[Text("避难场所", "Shelters"), one, None] for one in assessment.shelters.notes]
    thresholds = {one.key: one for one in (*(risk.thresholds if risk else ()), *assessment.thresholds)}
    sections = [
        (Text("未编制的产品", "Left out"), _left_out(assessment, values=values)),
        (Text("数据质量检查", "Quality check"), findings_row(survey)),
        (Text("名词解释", "What the words mean"), word_rows(assessment)),
        (Text("等级与界线", "Classes and their limits"), class_rows(assessment)),
        (Text("编制方法", "Methods"), methods),
        *_themed(thresholds.values()),
        (Text("资料与坐标", "Data and coordinates"), _sources(survey)),
    ]
    return [{"title": title, "rows": rows} for title, rows in sections if rows]


def findings_row(survey: Survey) -> list[list[Any]]:
    """How many findings of each severity the quality check made; empty when there are none.

    Examples
    --------
    >>> findings_row.__name__
    'findings_row'
    """
    counted: Counter[str] = Counter(one.severity for one in survey.findings)
    return [
        [title, Text(f"{number(counted[name])} 条", number(counted[name])), None]
        for name, title in _SEVERITIES.items()
        if counted[name]
    ]


def _themed(thresholds: Iterable[Threshold]) -> list[tuple[Text, list[list[Any]]]]:
    """A section of thresholds a theme."""
    theme = {standard: title for title, standards in _THEMES for standard in standards}
    groups: dict[Text, list[Threshold]] = {title: [] for title in (*(title for title, _ in _THEMES), _REST)}
    for one in thresholds:
        groups[theme.get(one.key.partition(".")[0], _REST)].append(one)
    head = Text("阈值与依据：{}", "Thresholds and their sources: {}")
    return [
        (Text(head.zh.format(title.zh), head.en.format(title.en.lower())), threshold_rows(group))
        for title, group in groups.items()
    ]


def threshold_rows(thresholds: Iterable[Threshold]) -> list[list[Any]]:
    """Title, value with unit and source, and confidence of each threshold, once, by title.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> one = next(iter(book().thresholds.values()))
    >>> len(threshold_rows([one]))
    1
    """
    rows = []
    for one in sorted(thresholds, key=lambda one: (one.title.zh, one.key)):
        values = one.value if isinstance(one.value, tuple) else (one.value,)
        text = " / ".join(part if isinstance(part, str) else amount(part, one.unit, digits=4) for part in values)
        unit = UNITS.get(one.unit, Text(one.unit, one.unit))
        where = source_text("; ".join(part for part in (one.source, one.clause) if part))
        body = Text(f"{text} {unit.zh}".strip() + f"（{where.zh}）", f"{text} {unit.en}".strip() + f" ({where.en})")
        rows.append([one.title, body, {"text": CONFIDENCE[one.confidence], "warn": one.unverified}])
    return rows


def _left_out(assessment: Assessment, *, values: bool) -> list[list[Any]]:
    risk = assessment.risk
    gone = (*assessment.left_out, *assessment.survey.left_out, *(risk.left_out if risk else ()))
    once: dict[tuple[str, str], LeftOut] = {}
    for one in gone:
        once.setdefault((one.product.zh, one.reason.zh), one)
    if not values:
        most = number(assessment.survey.county.maps.atlas_mb)
        reason = Text(
            f"附上后本页会超过限定的 {most} MB", f"with them this page would be larger than the {most} MB allowed"
        )
        once["values", ""] = LeftOut(product=Text("指针处数值", "Values under the pointer"), reason=reason)
    return [[one.product, one.reason, None] for one in once.values()]


def _sources(survey: Survey) -> list[list[Any]]:
    maps, rows = survey.county.maps, []
    data = sources(survey)
    if data.zh:
        rows.append([Text("数据来源", "Data"), data, None])
    rows.append([Text("分析坐标系", "Analysis grid"), crs_name(survey.grid.crs), None])
    date = Text(f"截至 {survey.county.date}", f"as of {survey.county.date}")
    rows.append([Text("数据时间", "Date of data"), date, None])
    rows.append([Text("编制", "Compiled"), _compiled(maps.compiler, maps.compile_date or survey.county.date), None])
    rows.append([Text("软件", "Software"), _COPYRIGHT, None])
    return rows


def _compiled(who: str, date: str) -> Text:
    return Text(f"{who or '编制单位未填写'}，{date}", f"{who or 'compiler not given'}, {date}")
