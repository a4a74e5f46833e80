"""The quality page: what the check of a survey found, layer by layer and record by record."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from riskmap.maps.document import Cell, Head, Table, rendered, text_cell
from riskmap.maps.imprint import approval, imprint
from riskmap.maps.words import layer_title, share
from riskmap.model import Finding, Survey, Text

__all__ = ["SEVERITIES", "quality_page"]

SEVERITIES: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "error": (Text("错误", "Errors"), "#b2182b"),
        "warning": (Text("警告", "Warnings"), "#e08214"),
        "note": (Text("提示", "Notes"), "#4393c3"),
    }
)
_WIDE, _MARGIN, _MOST = 480.0, 14.0, 3000


def quality_page(survey: Survey) -> str:
    """Write the findings of the quality check as one HTML file that opens without a network.

    Parameters
    ----------
    survey : Survey
        A checked survey.

    Returns
    -------
    str
        HTML: records read and used of each layer, counts by rule, a map of the findings that have a place,
        and a table of all of them with a filter. Every text of the survey is escaped.

    Raises
    ------
    RiskmapError
        There is no font to embed.

    Notes
    -----
    The map shows at most 3000 findings, errors first, and says so where there are more.

    Examples
    --------
    >>> quality_page.__name__
    'quality_page'
    """
    county = survey.county
    ordered = sorted(survey.findings, key=lambda one: list(SEVERITIES).index(one.severity))
    titles = {one.layer: layer_title(one.layer) for one in ordered}
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
        "rules": _rules(ordered),
        "map": _map(survey, ordered),
        "severities": [_severity(name) for name in SEVERITIES],
        "names": sorted(titles.values(), key=lambda one: one.zh),
        "findings": [_row(one) for one in ordered],
    }
    return rendered("quality.html", values)


def _severity(name: str) -> dict[str, Any]:
    label, colour = SEVERITIES[name]
    return {"name": name, "label": label, "colour": colour}


def _row(one: Finding) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in ("key", "field", "value", "message", "cure", "mended")}
    number = "" if one.row is None else str(one.row)
    return {"severity": _severity(one.severity), "layer": layer_title(one.layer), "row": number, **plain}


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


def _rules(findings: list[Finding]) -> Table:
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.severity, one.layer, one.rule), []).append(one)
    heads = (
        Head(text=Text("程度", "Severity")),
        Head(text=Text("图层", "Layer")),
        Head(text=Text("问题（示例）", "What is wrong, for example")),
        Head(text=Text("条数", "Count"), right=True),
        Head(text=Text("已更正", "Mended"), right=True),
    )
    rows = tuple(
        (
            Cell(text=SEVERITIES[severity][0], colour=SEVERITIES[severity][1]),
            Cell(text=layer_title(layer)),
            Cell(text=some[0].message),
            text_cell(len(some)),
            text_cell(sum(one.mended for one in some)),
        )
        for (severity, layer, _), some in groups.items()
    )
    return Table(heads=heads, rows=rows)


def _map(survey: Survey, findings: list[Finding]) -> dict[str, Any] | None:
    located = [one for one in findings if one.lon is not None and one.lat is not None]
    if not located:
        return None
    to_map = Transformer.from_crs("EPSG:4326", survey.outline.crs, always_xy=True)
    west, south, east, north = survey.outline.total_bounds
    scale = (_WIDE - 2 * _MARGIN) / (east - west)
    high = (north - south) * scale + 2 * _MARGIN
    shown, outside = [], 0
    for one in located[:_MOST]:
        x, y = to_map.transform(one.lon, one.lat)
        across, down = _MARGIN + (x - west) * scale, _MARGIN + (north - y) * scale
        if not (0 <= across <= _WIDE and 0 <= down <= high):
            outside += 1
            continue
        text = f"{layer_title(one.layer).zh} {one.key}: {one.message.zh}"
        shown.append({"x": f"{across:.1f}", "y": f"{down:.1f}", "colour": SEVERITIES[one.severity][1], "text": text})
    words = Text(f"图上 {len(shown)} 条", f"{len(shown)} on the map")
    if outside:
        words = Text(f"{words.zh}，图外 {outside} 条", f"{words.en}, {outside} beyond it")
    if len(located) > _MOST:
        words = Text(f"{words.zh}（前 {_MOST} 条）", f"{words.en} (the first {_MOST})")
    outline = _path(survey.outline.union_all(), west, north, scale)
    return {
        "width": f"{_WIDE:.0f}", "height": f"{high:.0f}", "outline": outline, "points": shown[::-1], "words": words,
    }  # fmt: skip


def _path(outline: Any, west: float, north: float, scale: float) -> str:
    simple = shapely.simplify(outline, 0.3 / scale)
    rings = shapely.get_rings(shapely.get_parts(simple))
    parts = []
    for ring in rings:
        corners = shapely.get_coordinates(ring)
        places = np.c_[_MARGIN + (corners[:, 0] - west) * scale, _MARGIN + (north - corners[:, 1]) * scale]
        parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places) + "Z")
    return "".join(parts)
