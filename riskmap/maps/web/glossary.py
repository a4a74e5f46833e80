"""What the words and the classes of a page mean."""

from collections.abc import Mapping
from typing import Any

from riskmap.maps.style import legend_rows
from riskmap.maps.subject import BREAKS
from riskmap.maps.unit_words import unit_words
from riskmap.maps.words import CONFIDENCE
from riskmap.model import Assessment, ClassScheme, Text
from riskmap.model.titles import short_title
from riskmap.standards.source_words import source_text

__all__ = ["class_rows", "word_rows"]

_WORDS: Mapping[str, tuple[Text, Text]] = {
    "hazard": (
        Text("危险性", "Hazard"),
        Text(
            "一处发生灾害的可能与强度，不问那里有什么。",
            "How likely and how strong an event is at a place, whatever stands there.",
        ),
    ),
    "exposure": (
        Text("承灾体暴露", "Exposure"),
        Text(
            "一处有多少人口、经济、农作物、房屋和公路。", "People, economy, crops, houses and roads that stand there."
        ),
    ),
    "vulnerability": (
        Text("脆弱性", "Vulnerability"),
        Text("同样的灾害下，承灾体受损的程度。", "How much the same event harms them."),
    ),
    "risk": (
        Text("风险", "Risk"),
        Text(
            "危险性×暴露×脆弱性，0 至 1；综合风险为各灾种、各承灾体风险的加权平均。",
            "Hazard x exposure x vulnerability, 0 to 1; the comprehensive risk is the weighted mean over hazards and objects.",
        ),
    ),
    "class": (
        Text("等级", "Class"),
        Text(
            "由指数或物理量按分级界线划分；本县等级用于县内比较，与外县比较须用统一界线。",
            "An index or a quantity cut at breaks. Classes compare places within the county; against other counties common "
            "breaks are needed.",
        ),
    ),
    "stability": (
        Text("等级稳定性", "Stability of a class"),
        Text(
            "多次改变权重后等级不变的比例。低于一半时，等级不宜单独作为决策依据。",
            "Share of trials with other weights that leave the class as it is. Below one half, do not decide on the class alone.",
        ),
    ),
    "known": (
        Text("资料完备度", "Completeness of data"),
        Text("指数有资料支撑的权重占比。", "Share of the weights of an index that stand on data."),
    ),
    "confidence": (
        Text("可信度", "Confidence"),
        Text(
            "阈值出处的可靠程度：A 读过原文，A2 由可靠转述得知，B 众所周知而未见原文，C 自选或候选。",
            "How sure a threshold is: A the text was read, A2 told by a reliable source, B well known but not read, C chosen "
            "or a candidate.",
        ),
    ),
    "covered": (
        Text("避难覆盖", "Covered by a shelter"),
        Text(
            "沿道路在避难场所服务半径以内；不等于场所容量足够，安置情况见情景表。",
            "Within the radius of a shelter by road. It does not say that there is room: see who is placed, by scenario.",
        ),
    ),
}


def word_rows(assessment: Assessment) -> list[list[Any]]:
    """Words of the page with their meaning, as rows of the fine print.

    Parameters
    ----------
    assessment : Assessment
        Words of what it does not have are left away.

    Returns
    -------
    list
        Head, body, None.

    Examples
    --------
    >>> word_rows.__name__
    'word_rows'
    """
    gone = set() if assessment.risk is not None else {"exposure", "vulnerability", "risk", "stability", "known"}
    gone |= set() if assessment.shelters is not None else {"covered"}
    return [[head, body, None] for name, (head, body) in _WORDS.items() if name not in gone]


def class_rows(assessment: Assessment) -> list[list[Any]]:
    """Classes of every map with their limits, as rows of the fine print.

    Parameters
    ----------
    assessment : Assessment
        Its risk, and its hazards.

    Returns
    -------
    list
        Head, body, mark of the confidence.

    Examples
    --------
    >>> class_rows.__name__
    'class_rows'
    """
    rows, risk = [], assessment.risk
    if risk is not None:
        rows.append(
            _told(
                unit_words(assessment.survey).fill(Text("综合风险（{unit}）", "Comprehensive risk, by {unit}")),
                risk.scheme,
            )
        )
        rows.append(_told(Text("综合风险（格网）", "Comprehensive risk, by cell"), risk.grid_scheme))
    measured = [one for one in assessment.themes.values() if one.origin == "measured"]
    return rows + [_told(short_title(one.title), one.scheme) for one in measured]


def _told(title: Text, scheme: ClassScheme) -> list[Any]:
    limits = [(row.label, row.bounds) for row in legend_rows(scheme)]
    zh = "；".join(f"{label.zh} {bounds.zh}".strip() for label, bounds in limits)
    en = "; ".join(f"{label.en} {bounds.en}".strip() for label, bounds in limits)
    rule, where = BREAKS[scheme.breaks], source_text("; ".join(one for one in (scheme.source, scheme.clause) if one))
    body = Text(f"{zh}。{rule.zh}（{where.zh}）", f"{en}. {rule.en} ({where.en})")
    return [title, body, {"text": CONFIDENCE[scheme.confidence], "warn": scheme.unverified}]
