"""Why each unit stands in its class, and what would move it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmap.model import NO_CLASS, OBJECTS, Assessment, ProductTable, Text
from riskmap.pipeline.columns import hazard_names
from riskmap.pipeline.products.unit_index import UnitIndex, unit_index
from riskmap.pipeline.products.why_words import UNUSUAL, beside_headers, beside_the_county, why_sentences
from riskmap.scoring.one_class_down import one_class_down, parts_of_index, weight_flip

__all__ = ["make"]

_PARTS = {
    "hazard": Text("危险性", "hazard of"),
    "exposure": Text("暴露度", "exposure of"),
    "vulnerability": Text("脆弱性", "vulnerability of"),
}
_OUTCOMES = {
    "none": Text("任何单项措施都不足以降低一级", "no single measure does it"),
    "lowest": Text("已是最低等级", "in the lowest class already"),
    "unknown": Text("指数未知", "index unknown"),
}
_HEADERS = {
    "rank": Text("风险排名", "Rank"),
    "reason": Text("成因说明", "In words"),
    "reason_zh": Text("成因说明（中文）", "In words (Chinese)"),
    "reason_en": Text("成因说明（英文）", "In words (English)"),
    "class": Text("计算等级", "Computed class"),
    "index": Text("综合风险指数（0-1）", "Risk index (0-1)"),
    "weight": Text("最易改变等级的权重", "Weight that most easily changes the class"),
    "from": Text("该权重现值（0-1）", "That weight now (0-1)"),
    "to": Text("改变等级所需值（0-1）", "Weight at which the class changes (0-1)"),
    "measure": Text("降低一级最小的单项措施", "Smallest single measure for one class down"),
    "measure_zh": Text("降低一级最小的单项措施（中文）", "Smallest single measure for one class down (Chinese)"),
    "measure_en": Text("降低一级最小的单项措施（英文）", "Smallest single measure for one class down (English)"),
    "reduction_pct": Text("所需降低幅度（%）", "Reduction needed (%)"),
    "index_after": Text("措施后指数（0-1）", "Index after it (0-1)"),
}
_WHY = Text(
    "各灾种的贡献之和等于指数，各承灾体的贡献之和也等于指数；权重改变时其余权重保持相互比例",
    "The parts of the hazards add up to the index, and so do those of the objects; when a weight changes the others keep "
    "their ratios",
)
_BESIDE = Text(
    "与全县中位数之比：该单元的数量或脆弱性除以全县各单元的中位数；中位数为零的不列",
    "Times the county median: amount or vulnerability of the unit over the median of the units; not told where that is 0",
)
_DOWN = Text(
    "只改变一项得分、其余不变，使指数降到本级下限以下所需的最小幅度；表示指数的反应，不代表实际措施能够达到",
    "Smallest cut of one score, all others as they are, that brings the index under the lower bound of its class. It is what "
    "the index says; whether a measure on the ground can take that much is another question",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate what the index of each unit is made of, which weight would change its class, and what would lower it.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        Two tables of the units, the highest index first.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    whole = unit_index(assessment)
    names: Mapping[str, Text] = {**hazard_names(assessment), **OBJECTS}
    frame = whole.names.copy()
    frame["class"], frame["index"] = whole.classes, whole.model()
    frame.insert(0, "rank", frame["index"].rank(ascending=False, method="min").astype("Int64"))
    frame = frame.sort_values("rank", kind="stable")
    return [_why(assessment, whole, frame, names=names), _down(whole, frame, names)]


def _why(assessment: Assessment, whole: UnitIndex, frame: pd.DataFrame, *, names: Mapping[str, Text]) -> ProductTable:
    model, parts = whole.model, parts_of_index(whole.model)
    columns, headers = {}, dict(_HEADERS)
    sides = (("theme", model.themes, parts.sum(axis=1)), ("object", model.objects, parts.sum(axis=0)))
    for kind, members, sums in sides:
        for one, values in zip(members, sums, strict=True):
            columns[f"part_{kind}_{one}"] = values
            headers[f"part_{kind}_{one}"] = Text(
                f"{names[one].zh}对指数的贡献（0-1）", f"Part of the index from {names[one].en} (0-1)"
            )
    flip = weight_flip(model, scheme=whole.risk.scheme)
    by_object = pd.DataFrame(dict(zip(model.objects, sides[1][2], strict=True)), index=model.units)
    beside = beside_the_county(whole.risk).reindex(model.units)
    headers |= beside_headers([str(one) for one in beside])
    told = why_sentences(assessment, by_object, beside)
    said = pd.DataFrame(
        {"reason_zh": [one.zh for one in told], "reason_en": [one.en for one in told]}, index=model.units
    )
    table = frame.join(said).join(pd.DataFrame(columns, index=model.units)).join(beside)
    table = table.join(flip[["weight", "from", "to"]])
    stay = int((flip["from"].isna() & (whole.classes != NO_CLASS)).sum())
    note = Text(
        f"{stay}个单元改变任何一个权重都不会改变等级", f"{stay} units keep their class whatever a single weight is"
    )
    return ProductTable(
        name="why_class", title=Text("等级成因", "Why this class"), frame=table, headers=headers,
        words={"weight": {**names, "": Text("无", "none")}}, schemes={"class": whole.risk.scheme}, notes=(_WHY, _BESIDE, note),
        columns_shown=("rank", "name", "class", "reason_zh", "weight", "from", "to"),
        thresholds=tuple(assessment.survey.standards.threshold(one) for one in UNUSUAL),
    )  # fmt: skip


def _down(whole: UnitIndex, frame: pd.DataFrame, names: Mapping[str, Text]) -> ProductTable:
    found = one_class_down(whole.model, whole.classes, scheme=whole.risk.scheme)
    told = [_told(one, names) for one in found[["outcome", "part", "of", "reduction_pct"]].itertuples(index=False)]
    found = found.assign(measure_zh=[one.zh for one in told], measure_en=[one.en for one in told])
    found = found[["measure_zh", "measure_en", "reduction_pct", "index_after", "outcome"]]
    counts = found["outcome"].value_counts()
    does = found.loc[found["outcome"] == "measure", "reduction_pct"]
    half = float(np.median(does)) if len(does) else np.nan
    note = Text(
        f"{len(does)}个单元有单项措施可降低一级（所需幅度中位数{half:.1f}%），{counts.get('none', 0)}个单元没有",
        f"For {len(does)} units a single measure does it (median cut {half:.1f} %), for {counts.get('none', 0)} none does",
    )
    return ProductTable(
        name="one_class_down", title=Text("降低一级所需措施", "What would move a unit one class down"),
        frame=frame.join(found.drop(columns="outcome")), headers=_HEADERS, schemes={"class": whole.risk.scheme},
        notes=(_DOWN, note),
    )  # fmt: skip


def _told(row: tuple[str, str, str, float], names: Mapping[str, Text]) -> Text:
    """Say a measure in both languages."""
    outcome, part, of, pct = row
    if outcome != "measure":
        return _OUTCOMES[outcome]
    one, thing = _PARTS[part], names[of]
    return Text(f"{thing.zh}{one.zh}降低{pct:.1f}%", f"lower the {one.en} {thing.en} by {pct:.1f} %")
