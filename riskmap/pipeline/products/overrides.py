"""Classes that were set by hand, beside what was computed."""

from collections.abc import Iterator

import pandas as pd

from riskmap.model import Assessment, ProductTable, RiskResult, Text
from riskmap.model.county import County
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring.overrides import override_class, override_notes

__all__ = ["make"]

_HEADERS = {
    "computed_then": Text("审定时的计算等级", "Computed when it was signed"),
    "by": Text("审定单位", "Signed by"),
    "signed_on": Text("审定日期", "Signed on"),
    "why": Text("理由", "Reason"),
    "evidence": Text("依据", "Evidence"),
    "evidence_file": Text("依据文件", "File of the evidence"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """List the classes that were set by hand, with the computed ones, the reasons and the evidence.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    list of ProductTable
        One table; its notes tell which overrides agree with the computed class by now, or stand on another one.
        None where no class was set by hand.

    Raises
    ------
    MissingLayerError
        Classes were set by hand and there is no comprehensive risk.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk, county = assessment.risk, assessment.survey.county
    if not county.overrides:
        return []
    if risk is None:
        raise AbsentError(
            "没有综合风险，没有可人工确认的等级",
            "comprehensive risk was not assessed, so there are no classes to set by hand",
            asked=False,
        )
    frame = pd.DataFrame(list(_rows(risk, county))).set_index("unit_id")
    notes = tuple(override_notes((risk.units, risk.townships), county, risk.scheme))
    return [
        ProductTable(
            name="overrides", title=Text("人工审定的等级", "Classes set by hand"), frame=frame, headers=_HEADERS,
            schemes=dict.fromkeys(("class", "class_computed", "computed_then"), risk.scheme), notes=notes,
            rows_shown=len(frame),
        )
    ]  # fmt: skip


def _rows(risk: RiskResult, county: County) -> Iterator[dict[str, object]]:
    for one in county.overrides:
        frame = risk.units if one.unit in risk.units.index else risk.townships
        row = frame.loc[one.unit]
        then = None if one.computed is None else override_class(one.computed, risk.scheme)
        yield {
            "unit_id": one.unit,
            "name": str(row.get("name", "")),
            "class": int(row["class"]),
            "class_computed": int(row["class_computed"]),
            "computed_then": pd.NA if then is None else then,
            "by": one.by,
            "signed_on": one.date,
            "why": one.reason,
            "evidence": one.evidence,
            "evidence_file": one.evidence_file,
        }
