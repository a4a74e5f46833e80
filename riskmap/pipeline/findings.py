"""What the quality check found, as files: the page, the workbook to send back, the list for programs."""

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from riskmap.maps import quality_page
from riskmap.maps.imprint import approval
from riskmap.maps.quality_words import SEVERITIES, rule_title
from riskmap.maps.words import layer_title
from riskmap.model import Finding, Survey, Text
from riskmap.writers import write_bytes, write_json, write_workbook

__all__ = ["finding_rows", "return_sheets", "return_words", "write_findings"]

_PLAIN = ("id", "rule", "severity", "layer", "row", "key", "field", "value", "mended", "lon", "lat")
_DONE = Text("（已按正确值读取，请改正原表）", "(read right; correct the source table)")
_HEADS = (
    "行号 Row", "编号 Key", "字段 Column", "原值 Value", "程度 Severity", "规则 Rule", "问题 What is wrong",
    "处理 What to do", "答复 Answer",
)  # fmt: skip


def finding_rows(survey: Survey) -> list[dict[str, Any]]:
    """Findings as plain values, for JSON.

    Parameters
    ----------
    survey : Survey
        A checked survey.

    Returns
    -------
    list of dict
        In the order found; `message` and `cure` in both languages.

    Examples
    --------
    >>> finding_rows.__name__
    'finding_rows'
    """
    return [
        {
            **{name: getattr(one, name) for name in _PLAIN},
            "message": {"zh": one.message.zh, "en": one.message.en},
            "cure": {"zh": one.cure.zh, "en": one.cure.en},
        }
        for one in survey.findings
    ]


def return_sheets(survey: Survey) -> dict[str, pd.DataFrame]:
    """Sheets of `quality.xlsx`, one a layer, to be sent back to whoever delivered it.

    Parameters
    ----------
    survey : Survey
        A checked survey.

    Returns
    -------
    dict of str to DataFrame
        Title of the layer to its findings, the worst first, in the order of the rows of the file; the last column is
        empty, for the answer. A first sheet counts them by layer and rule.

    Examples
    --------
    >>> return_sheets.__name__
    'return_sheets'
    """
    order = list(SEVERITIES)
    layers: dict[str, list[Finding]] = {}
    for one in survey.findings:
        layers.setdefault(one.layer, []).append(one)
    sheets = {"汇总 Summary": _summary(survey)}
    for name, found in layers.items():
        found.sort(key=lambda one: (order.index(one.severity), one.row is not None, one.row or 0))
        sheets[_sheet_title(name, sheets)] = pd.DataFrame([_row(one) for one in found], columns=list(_HEADS))
    return sheets


def _sheet_title(name: str, taken: dict[str, pd.DataFrame]) -> str:
    title = layer_title(name).zh[:31]
    return title if title not in taken else name[:31]


def _row(one: Finding) -> tuple[object, ...]:
    cure = f"{one.cure.zh}\n{one.cure.en}"
    if one.mended:
        cure = f"{one.cure.zh}{_DONE.zh}\n{one.cure.en} {_DONE.en}"
    severity, rule = SEVERITIES[one.severity][0], rule_title(one.rule)
    what = f"{one.message.zh}\n{one.message.en}"
    return one.row, one.key, one.field, one.value, severity.zh, rule.zh, what, cure, ""


def _summary(survey: Survey) -> pd.DataFrame:
    counts = Counter((one.layer, one.severity, one.rule) for one in survey.findings)
    told = {name: one.source for name, one in survey.layers.items()}
    rows = [
        (
            str(layer_title(layer)),
            told[layer].path if layer in told else "",
            SEVERITIES[severity][0].zh,
            str(rule_title(rule)),
            count,
        )
        for (layer, severity, rule), count in counts.items()
    ]
    return pd.DataFrame(rows, columns=["图层 Layer", "文件 File", "程度 Severity", "规则 Rule", "条数 Count"])


def return_words(survey: Survey) -> list[str]:
    """Lines of the first sheet of `quality.xlsx`: whose, of when, and what to do with it.

    Parameters
    ----------
    survey : Survey
        A checked survey.

    Returns
    -------
    list of str

    Examples
    --------
    >>> return_words.__name__
    'return_words'
    """
    county = survey.county
    note = [] if county.maps.data_note is None else [str(county.maps.data_note.text)]
    return [
        str(Text(f"{county.title.zh}调查数据质检：退回修改", f"{county.title.en}: findings, sent back for correction")),
        *note,
        str(approval(survey)),
        f"{county.maps.compiler}  {county.date}".strip(),
        "每个图层一张表。请逐条核对原始资料，在“答复”列写明结果（已改正、属实、无法核实），改正后重新提交整个文件。",
        (
            "One sheet a layer. Check each row against the source, write the outcome under 答复 (corrected, true as it "
            "stands, cannot be checked), and deliver the whole file again."
        ),
        "行号：表格为工作表或文本文件的行号，矢量图层为要素序号（从 1 起）。",
        "Row: of the sheet or text file; of a vector layer the number of the feature, from 1.",
        "错误：该记录没有采用；警告：该值没有采用或已换算；提示：无需处理。个人信息以 *** 代替。",
        (
            "Error: the record is not used. Warning: the value is not used, or was read otherwise. Note: nothing to do. "
            "Personal data stand as ***."
        ),
    ]


def write_findings(survey: Survey, folder: Path, *, page: str | None = None) -> None:
    """Write `quality.html`, `quality.xlsx` and `quality.json` into a folder.

    Parameters
    ----------
    survey : Survey
        A checked survey.
    folder : pathlib.Path
        Made if it is not there; other files in it are left alone.
    page : str, optional
        The page, where it was made before.

    Examples
    --------
    >>> write_findings.__name__
    'write_findings'
    """
    write_bytes(folder / "quality.html", (quality_page(survey) if page is None else page).encode("utf-8"))
    book = folder / "quality.xlsx"
    write_workbook(book, return_sheets(survey), date=survey.county.date, notes=return_words(survey))
    write_json(folder / "quality.json", {"findings": finding_rows(survey)})
