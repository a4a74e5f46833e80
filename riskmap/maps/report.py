"""The report of a run: what went in, what was found, by which published values, and what is missing."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from riskmap.maps.chapters import risk_section, shelter_section, theme_parts
from riskmap.maps.conclusions import conclusions
from riskmap.maps.document import Cell, Head, Part, Section, Table, rendered, text_cell, threshold_table
from riskmap.maps.imprint import approval, imprint
from riskmap.maps.product_tables import product_section
from riskmap.maps.report_parts import embedded, printed_rows, rest_line, shortened
from riskmap.maps.words import layer_title, quantity, share
from riskmap.model import Assessment, Survey, Text

__all__ = ["SHEETS", "report"]

_SEVERITY = {
    "error": Text("错误", "Errors"),
    "warning": Text("警告", "Warnings"),
    "note": Text("提示", "Notes"),
}

SHEETS = {
    "图层": Text("图层来源", "Layers"),
    "风险区划": Text("风险区划", "Risk zones"),
    "未覆盖的村（社区）": Text("避难可达", "Reach by unit"),
    "各乡镇综合风险": Text("乡镇综合风险", "Risk by township"),
}
"""Sheets of the workbook that hold what parts of the report show."""


def report(assessment: Assessment, *, images: Mapping[str, bytes] | None = None) -> str:
    """Write the report as one HTML file that opens without a network.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    images : mapping of str to bytes, optional
        PNG files by name of `sheet_names`; smaller copies of them are put into the page.

    Returns
    -------
    str
        HTML; every text of the survey is escaped.

    Raises
    ------
    RiskmapError
        There is no font to embed.

    Examples
    --------
    >>> report.__name__
    'report'
    """
    survey, county = assessment.survey, assessment.survey.county
    uris = {name: embedded(one) for name, one in (images or {}).items()}
    sections = [Section(title=Text("使用的资料", "What went in"), parts=(_layers(survey), _findings(survey)))]
    if assessment.themes:
        sections.append(Section(title=Text("灾害危险性", "Hazards"), parts=theme_parts(assessment, uris)))
    sections += [one for one in (risk_section(assessment, uris), shelter_section(assessment, uris)) if one]
    sections += product_section(assessment)
    sections = [*shortened(sections, sheets=SHEETS), *_missing(assessment), _thresholds(assessment)]
    year = county.date[:4]
    named = county.maps.title.text if county.maps.title is not None else county.title
    title = Text(
        f"{named.zh}自然灾害综合风险评估报告（{year}年）", f"{named.en}: natural-disaster risk assessment, {year}"
    )
    note = None if county.maps.data_note is None else county.maps.data_note.text
    values: dict[str, Any] = {
        "title": title,
        "note": note,
        "imprint": imprint(survey),
        "approval": approval(survey),
        "facts": _facts(assessment),
        "conclusions": conclusions(assessment),
        "sections": sections,
    }
    return rendered("report.html", values)


def _facts(assessment: Assessment) -> list[dict[str, Any]]:
    survey, risk, reach = assessment.survey, assessment.risk, assessment.shelters
    area = float(survey.outline.area.sum()) / 1e6
    facts: list[tuple[str, Text]] = [
        (quantity(round(area), "km2").zh, Text("县域面积", "County area")),
        (f"{len(survey.units):,}", Text("评估单元", "Units assessed")),
        (f"{len(assessment.themes)}", Text("灾种", "Hazards")),
    ]
    if risk is not None:
        if "people" in risk.exposure:
            facts.append((quantity(risk.exposure["people"].sum(), "people").zh, Text("人口", "People")))
        top = risk.units["class"] == risk.scheme.size
        label = risk.scheme.label(risk.scheme.size)
        facts.append((f"{int(top.sum()):,}", Text(f"综合风险“{label.zh}”的单元", f"Units of {label.en.lower()} risk")))
    if reach is not None and "dry" in reach.scenarios.index:
        covered = reach.scenarios["share_covered"].loc["dry"]
        facts.append((share(covered), Text("无灾害时沿道路可达避难场所的人口", "People within reach by road")))
    return [{"value": value, "label": label} for value, label in facts]


def _layers(survey: Survey) -> Part:
    heads = tuple(
        Head(text=Text(zh, en), right=zh.endswith("数"))
        for zh, en in (
            ("图层", "Layer"), ("来源", "Source"), ("密级", "Secrecy"), ("读入记录数", "Rows read"),
            ("采用记录数", "Rows used"), ("许可", "Licence"), ("原坐标系", "Coordinates"),
        )
    )  # fmt: skip
    rows = []
    for layer in survey.layers.values():
        source = layer.source
        counted = layer.spec.kind != "raster" and source.rows_read > 0
        origin = source.source or source.path or Text("由高程推算", "made from the elevation")
        rows.append(
            (
                Cell(text=layer.spec.title),
                text_cell(origin),
                text_cell(source.secrecy),
                text_cell(source.rows_read if counted else None),
                text_cell(source.rows_kept if counted else None),
                text_cell(source.licence or None),
                text_cell(source.crs or None),
            )
        )
    date = survey.county.date
    line = Text(f"资料截至 {date}。", f"As of {date}.")
    return Part(title=Text("图层", "Layers"), lines=(line,), tables=(Table(heads=heads, rows=tuple(rows)),))


def _findings(survey: Survey) -> Part:
    title = Text("质量检查", "Quality check")
    if not survey.findings:
        return Part(title=title, lines=(Text("未发现问题。", "Nothing was found."),))
    frame = pd.DataFrame(
        [(one.layer, one.severity, one.mended) for one in survey.findings], columns=["layer", "severity", "mended"]
    )
    counts = frame.groupby("layer")["severity"].value_counts().unstack(fill_value=0)  # noqa: PD010  counts, not reshaping
    mended = frame.groupby("layer")["mended"].sum()
    heads = (
        Head(text=Text("图层", "Layer")),
        *(Head(text=text, right=True) for text in _SEVERITY.values()),
        Head(text=Text("已更正", "Mended"), right=True),
    )
    rows = tuple(
        (
            Cell(text=layer_title(str(layer))),
            *(text_cell(int(counts.loc[layer].get(one, 0))) for one in _SEVERITY),
            text_cell(int(mended.loc[layer])),
        )
        for layer in counts.index
    )
    line = Text("逐条清单见随附的质检报告。", "The quality report lists every finding.")
    return Part(title=title, lines=(line,), tables=(Table(heads=heads, rows=rows),))


def _thresholds(assessment: Assessment) -> Section:
    used = assessment.thresholds
    count = sum(one.unverified for one in used)
    lines = [Text(f"共采用 {len(used)} 项已公布或约定的取值。", f"{len(used)} published or agreed values went in.")]
    if count:
        lines.append(
            Text(
                f"其中 {count} 项未核实：所依据的条文未能查到，取候选值，须由县级主管部门核实后使用。",
                f"{count} of them are unverified: the clause could not be read; the county should confirm them.",
            )
        )
    shown = used[: printed_rows(len(used))]
    if len(shown) < len(used):
        lines.append(rest_line(len(used), len(shown), Text("阈值与可信度", "Thresholds")))
    tables = (threshold_table(shown),) if shown else ()
    part = Part(lines=tuple(lines), tables=tables)
    return Section(title=Text("采用的阈值及依据", "Published values used"), parts=(part,))


def _missing(assessment: Assessment) -> list[Section]:
    if not assessment.left_out:
        return []
    heads = (Head(text=Text("产品", "Product")), Head(text=Text("原因", "Reason")))
    rows = tuple((Cell(text=one.product), Cell(text=one.reason)) for one in assessment.left_out)
    return [Section(title=Text("未编制的产品", "Left out"), parts=(Part(tables=(Table(heads=heads, rows=rows),)),))]
