"""The quality page: what the check of a survey found, layer by layer and record by record."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from riskmap.maps.document import Cell, Head, Table, rendered, text_cell
from riskmap.maps.imprint import approval, imprint
from riskmap.maps.quality_map import findings_map
from riskmap.maps.quality_words import SEVERITIES, rule_title
from riskmap.maps.words import layer_title, share
from riskmap.model import Finding, Survey, Text

__all__ = ["SEVERITIES", "quality_page"]

_MOST = 300
"""Findings of one rule on one column that stand on the page; the workbook lists them all."""


def quality_page(survey: Survey) -> str:
    """Write the findings of the quality check as one HTML file that opens without a network.

    Parameters
    ----------
    survey : Survey
        A checked survey.

    Returns
    -------
    str
        HTML: records read and used of each layer, how full its columns are, counts by rule, a map of the findings
        that have a place, and a table of them with filters; a click on the map leads to the row and back. Every
        text of the survey is escaped.

    Raises
    ------
    RiskmapError
        There is no font to embed.

    Notes
    -----
    Of one rule on one column at most 300 findings stand in the table, and at most 3000 on the map, errors first;
    the page says so where there are more, and the workbook beside it lists all.

    Examples
    --------
    >>> quality_page.__name__
    'quality_page'
    """
    county = survey.county
    ordered = sorted(survey.findings, key=lambda one: list(SEVERITIES).index(one.severity))
    listed = _first(ordered)
    titles = {one.layer: layer_title(one.layer) for one in listed}
    rules = {one.rule: rule_title(one.rule) for one in listed}
    places = findings_map(survey, listed)
    mapped = {one["number"] for one in places["points"]} if places else set()
    values: dict[str, Any] = {
        "title": Text(
            f"{county.title.zh}调查数据质检报告（{county.date[:4]}年）",
            f"{county.title.en}: quality of the survey data, {county.date[:4]}",
        ),
        "note": None if county.maps.data_note is None else county.maps.data_note.text,
        "imprint": imprint(survey),
        "approval": approval(survey),
        "facts": _facts(survey),
        "layers": _layers(survey),
        "columns": _columns(survey),
        "rules": _rules(ordered),
        "map": places,
        "severities": [_severity(name) for name in SEVERITIES],
        "layer_names": sorted(titles.items(), key=lambda one: one[1].zh),
        "rule_names": sorted(rules.items(), key=lambda one: one[1].zh),
        "findings": [_row(one, placed=n in mapped) for n, one in enumerate(listed)],
        "unlisted": len(ordered) - len(listed),
    }
    return rendered("quality.html", values)


def _first(findings: Sequence[Finding]) -> list[Finding]:
    seen: Counter[tuple[str, str, str, str]] = Counter()
    kept = []
    for one in findings:
        kind = (one.layer, one.rule, one.field, one.severity)
        seen[kind] += 1
        if seen[kind] <= _MOST:
            kept.append(one)
    return kept


def _severity(name: str) -> dict[str, Any]:
    label, colour = SEVERITIES[name]
    return {"name": name, "label": label, "colour": colour}


def _row(one: Finding, *, placed: bool) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("key", "field", "value", "message", "cure", "mended", "rule")}
    number = "" if one.row is None else str(one.row)
    names = {"layer": layer_title(one.layer), "layer_name": one.layer, "placed": placed}
    return {"severity": _severity(one.severity), "row": number, **names, **plain}


def _facts(survey: Survey) -> list[dict[str, Any]]:
    counts = Counter(one.severity for one in survey.findings)
    sources = [one.source for one in survey.layers.values() if one.spec.kind != "raster" and one.source.rows_read]
    read, kept = sum(one.rows_read for one in sources), sum(one.rows_kept for one in sources)
    facts = [(f"{counts[name]:,}", label) for name, (label, _) in SEVERITIES.items()]  # type: ignore[index]
    facts += [
        (f"{sum(one.mended for one in survey.findings):,}", Text("已自动更正", "Mended on reading")),
        (f"{read:,}", Text("读入记录", "Records read")),
        (f"{kept:,}", Text("采用记录", "Records used")),
    ]
    return [{"value": value, "label": label} for value, label in facts]


def _layers(survey: Survey) -> Table:
    counts = Counter((one.layer, one.severity) for one in survey.findings)
    delivered = {name: one for name, one in survey.layers.items() if one.source.path}
    heads = (
        Head(text=Text("图层", "Layer")),
        Head(text=Text("读入记录", "Read"), right=True),
        Head(text=Text("采用记录", "Used"), right=True),
        Head(text=Text("采用比例", "Share used"), right=True),
        *(Head(text=label, right=True) for label, _ in SEVERITIES.values()),
        Head(text=Text("编码与坐标系", "Encoding, coordinates")),
    )
    rows = []
    for name in [*delivered, *sorted({one.layer for one in survey.findings} - set(delivered))]:
        source = delivered[name].source if name in delivered else None
        counted = source is not None and source.rows_read > 0 and delivered[name].spec.kind != "raster"
        read, kept = (source.rows_read, source.rows_kept) if source is not None and counted else (None, None)
        how = "" if source is None else "  ".join(one for one in (source.encoding, source.crs) if one)
        rows.append(
            (
                Cell(text=layer_title(name)),
                text_cell(read),
                text_cell(kept),
                text_cell(share(kept / read) if read and kept is not None else None),
                *(text_cell(counts[name, one]) for one in SEVERITIES),  # type: ignore[index]
                text_cell(how or None),
            )
        )
    return Table(heads=heads, rows=tuple(rows))


def _columns(survey: Survey) -> Table:
    """How many of the records used have a value, column by column; a declared column may be absent."""
    heads = (
        Head(text=Text("图层", "Layer")),
        Head(text=Text("字段", "Column")),
        Head(text=Text("有值记录", "With a value"), right=True),
        Head(text=Text("完整率", "Share"), right=True),
    )
    rows = []
    for name, layer in survey.layers.items():
        frame: Any = layer.data
        if not layer.source.path or layer.spec.kind == "raster" or not len(frame):
            continue
        for field in layer.spec.fields:
            if field.name not in frame and field.personal:
                continue  # kept out of what is published
            if field.name not in frame:
                rows.append((Cell(text=layer_title(name)), Cell(text=field.title), text_cell(None), _absent()))
                continue
            values: pd.Series = frame[field.name]
            there = int((values.notna() & (values.astype(str) != "")).sum())
            bar = Cell(text=Text(share(there / len(frame)), ""), bar=round(4 * there / len(frame), 2))
            rows.append((Cell(text=layer_title(name)), Cell(text=field.title), text_cell(there), bar))
    return Table(heads=heads, rows=tuple(rows))


def _absent() -> Cell:
    return Cell(text=Text("没有该列", "no such column"))


def _rules(findings: list[Finding]) -> Table:
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.severity, one.layer, one.rule), []).append(one)
    heads = (
        Head(text=Text("程度", "Severity")),
        Head(text=Text("图层", "Layer")),
        Head(text=Text("规则", "Rule")),
        Head(text=Text("问题（示例）", "What is wrong, for example")),
        Head(text=Text("条数", "Count"), right=True),
        Head(text=Text("已更正", "Mended"), right=True),
    )
    rows = tuple(
        (
            Cell(text=SEVERITIES[severity][0], colour=SEVERITIES[severity][1]),
            Cell(text=layer_title(layer)),
            Cell(text=rule_title(rule)),
            Cell(text=some[0].message),
            text_cell(len(some)),
            text_cell(sum(one.mended for one in some)),
        )
        for (severity, layer, rule), some in groups.items()
    )
    return Table(heads=heads, rows=rows)
