"""The chapters of the report that tell of hazards, of risk and of shelters."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.maps.document import Cell, Head, Part, Section, Table, class_cell, text_cell
from riskmap.maps.report_parts import LONG_TABLE
from riskmap.maps.subject import scenario_title, subject_of
from riskmap.maps.words import DASH, ORIGINS, REASONS, UNITS, number, share
from riskmap.model import NO_LEADER, NO_LEADER_WORDS, Assessment, RiskResult, ShelterResult, Text, ThemeResult
from riskmap.model.titles import hazard_word, short_title

__all__ = ["risk_section", "shelter_section", "theme_parts"]

_MOST = LONG_TABLE
_NAME = Head(text=Text("名称", "Name"))
_PEOPLE = Head(text=Text("人口（人）", "People"), right=True)
_AUROC = {
    "in_sample": Text("建模样本内", "In sample"),
    "cross_validated": Text("空间分块交叉验证", "Cross-validated in blocks"),
}


def theme_parts(assessment: Assessment, images: Mapping[str, str]) -> tuple[Part, ...]:
    """Tell of each hazard: origin, method, classes, measured quantities, how well it agrees with events.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    images : mapping of str to str
        Data addresses of sheets.

    Returns
    -------
    tuple of Part

    Examples
    --------
    >>> theme_parts.__name__
    'theme_parts'
    """
    parts = []
    for name, theme in assessment.themes.items():
        tables = [_legend_table(assessment, f"hazard-{name}"), *_measured(theme), *_agreement(theme)]
        parts.append(
            Part(
                title=theme.title,
                tag=ORIGINS[theme.origin],
                lines=(theme.method,),
                image=images.get(f"hazard-{name}", ""),
                tables=tuple(tables),
            )
        )
    return tuple(parts)


def _legend_table(assessment: Assessment, product: str) -> Table:
    subject = subject_of(assessment, product)
    heads = (
        Head(text=Text("等级", "Class")),
        Head(text=Text("分级值", "Bounds"), right=True),
        *(Head(text=one, right=True) for one in subject.heads),
    )
    rows = tuple(
        (
            Cell(text=row.label, colour=row.colour, unknown=row.mark == "unknown"),
            text_cell(row.bounds.zh),
            *(Cell(text=Text(one, one)) for one in row.figures),
        )
        for row in subject.rows
    )
    head, body = next((one for one in subject.notes if one[0].zh.endswith(("分级依据", "（未核实）"))), (None, None))
    title = None if head is None or body is None else Text(f"{head.zh}：{body.zh}", f"{head.en}: {body.en}")
    return Table(heads=heads, rows=rows, title=title)


def _measured(theme: ThemeResult) -> list[Table]:
    rows = []
    for name, array in theme.measured.data_vars.items():
        if not np.issubdtype(array.dtype, np.floating):
            continue
        unit = str(array.attrs.get("units", ""))
        words = UNITS.get(unit, Text(unit, unit))
        title = Text(str(array.attrs.get("title_zh", name)), str(array.attrs.get("title_en", name)))
        if words.zh:
            title = Text(f"{title.zh}（{words.zh}）", f"{title.en}, {words.en}")
        rows += [_spread(title, one) for title, one in _layers_of(title, array)]
    if not rows:
        return []
    columns = (("量", "Quantity"), ("最小", "Least"), ("中位", "Median"), ("平均", "Mean"), ("最大", "Most"))
    heads = tuple(Head(text=Text(zh, en), right=n > 0) for n, (zh, en) in enumerate(columns))
    return [Table(heads=heads, rows=tuple(rows), title=Text("县域内的测算量", "Measured in the county"))]


def _layers_of(title: Text, array: xr.DataArray) -> list[tuple[Text, np.ndarray]]:
    if array.ndim == 2:
        return [(title, array.to_numpy())]
    if array.ndim != 3 or array.dims[0] != "return_period":
        return []
    return [
        (Text(f"{title.zh}（{year:g}年一遇）", f"{title.en} ({year:g}-year)"), layer)
        for year, layer in zip(array["return_period"].to_numpy().tolist(), array.to_numpy(), strict=True)
    ]


def _spread(title: Text, values: np.ndarray) -> tuple[Cell, ...]:
    known = values[np.isfinite(values)]
    if not known.size:
        return (Cell(text=title), *(text_cell(None) for _ in range(4)))
    four = (known.min(), np.median(known), known.mean(dtype="float64"), known.max())
    return (Cell(text=title), *(text_cell(float(one)) for one in four))


def _agreement(theme: ThemeResult) -> list[Table]:
    found = theme.measured.attrs.get("auroc") or {}
    rows = []
    for name, area in found.items():
        if name in {"points", "folds"} or name.endswith(("_low", "_high")) or area is None:
            continue
        title = _AUROC.get(name)
        if title is None and name in theme.measured:
            attrs = theme.measured[name].attrs
            title = Text(str(attrs.get("title_zh", "")), str(attrs.get("title_en", "")))
        low, high = found.get(f"{name}_low"), found.get(f"{name}_high")
        between = DASH if low is None or high is None else f"{low:.3f} ~ {high:.3f}"
        rows.append((Cell(text=title or Text(name, name)), text_cell(f"{area:.3f}"), text_cell(between)))
    if not rows:
        return []
    heads = (
        Head(text=Text("检验", "Check")),
        Head(text=Text("AUROC（0.5 无区分，1 完全区分）", "0.5 none, 1 perfect"), right=True),
        Head(text=Text("95% 区间", "95% interval"), right=True),
    )
    count = number(found.get("points"))
    title = Text(f"与 {count} 处已知灾害点的符合程度", f"Agreement with {count} known events")
    return [Table(heads=heads, rows=tuple(rows), title=title)]


def risk_section(assessment: Assessment, images: Mapping[str, str]) -> Section | None:
    """Tell of the comprehensive risk: classes, zones, townships, and the units of highest risk.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    images : mapping of str to str
        Data addresses of sheets.

    Returns
    -------
    Section or None
        None where there is no risk.

    Examples
    --------
    >>> risk_section.__name__
    'risk_section'
    """
    risk = assessment.risk
    if risk is None:
        return None
    first = Part(
        lines=risk.notes, image=images.get("risk-units", ""), tables=(_legend_table(assessment, "risk-units"),)
    )
    parts = [first]
    if len(risk.zones):
        parts.append(
            Part(title=Text("风险区划", "Zones"), image=images.get("zones", ""), tables=(_zones(assessment, risk),))
        )
    if len(risk.townships):
        rows = _places(assessment, risk, risk.townships)
        parts.append(Part(title=Text("各乡镇综合风险", "Risk by township"), tables=(rows,)))
    top = risk.units[risk.units["index"].notna()].nlargest(_MOST, "index")
    parts.append(
        Part(
            title=Text(f"综合风险最高的 {min(_MOST, len(top))} 个单元", "Units of highest risk"),
            tables=(_places(assessment, risk, top),),
        )
    )
    return Section(title=Text("综合风险与区划", "Comprehensive risk and zones"), parts=tuple(parts))


def _theme_title(assessment: Assessment, name: Any) -> Text:
    if name == NO_LEADER:
        return NO_LEADER_WORDS
    theme = assessment.themes.get(str(name)) if isinstance(name, str) else None
    return hazard_word(short_title(theme.title)) if theme is not None else Text(DASH, DASH)


def _zones(assessment: Assessment, risk: RiskResult) -> Table:
    heads = (
        Head(text=Text("编号", "No.")),
        _NAME,
        Head(text=Text("等级", "Class")),
        Head(text=Text("主导灾种", "Leading hazard")),
        Head(text=Text("面积（km²）", "Area, km²"), right=True),
        _PEOPLE,
        Head(text=Text("单元数", "Units"), right=True),
    )
    rows = tuple(
        (
            Cell(text=Text(row["zone_id"], row["zone_id"])),
            Cell(text=_named(row)),
            class_cell(risk.scheme, row["class"]),
            Cell(text=_theme_title(assessment, row["leading"])),
            text_cell(row["area_km2"]),
            text_cell(row.get("people")),
            text_cell(row["units"]),
        )
        for row in risk.zones.drop(columns="geometry").rename_axis("zone_id").reset_index().to_dict("records")
    )
    return Table(heads=heads, rows=rows)


def _named(row: Mapping[Any, Any]) -> Text:
    zh, en = (row.get(key) for key in ("name", "name_en"))
    zh = zh if isinstance(zh, str) and zh else DASH
    return Text(zh, en if isinstance(en, str) and en else zh)


def _places(assessment: Assessment, risk: RiskResult, places: gpd.GeoDataFrame) -> Table:
    heads = (
        _NAME, Head(text=Text("等级", "Class")), Head(text=Text("风险指数", "Index"), right=True),
        Head(text=Text("主导灾种", "Leading hazard")), Head(text=Text("已知指标占比", "Known share"), right=True),
        _PEOPLE,
    )  # fmt: skip
    frame = pd.DataFrame(places.drop(columns="geometry"))
    ordered = frame.sort_values("index", ascending=False, kind="stable")
    most = ordered["index"].max()
    rows = []
    for row in ordered.to_dict("records"):
        index = row["index"]
        bar = None if pd.isna(index) or not most > 0 else round(4 * float(index) / float(most), 2)
        text = DASH if pd.isna(index) else f"{index:.3f}"
        rows.append(
            (
                Cell(text=_named(row)),
                class_cell(risk.scheme, row["class"]),
                Cell(text=Text(text, text), bar=bar),
                Cell(text=_theme_title(assessment, row.get("leading"))),
                text_cell(share(row.get("known_share"))),
                text_cell(row.get("people")),
            )
        )
    return Table(heads=heads, rows=tuple(rows))


def shelter_section(assessment: Assessment, images: Mapping[str, str]) -> Section | None:
    """Tell who reaches a shelter in each scenario, and which villages do not, and why.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    images : mapping of str to str
        Data addresses of sheets.

    Returns
    -------
    Section or None
        None where shelters were not assessed.

    Examples
    --------
    >>> shelter_section.__name__
    'shelter_section'
    """
    reach = assessment.shelters
    if reach is None:
        return None
    heads = (
        Head(text=Text("情景", "Scenario")),
        *(
            Head(text=Text(zh, en), right=True)
            for zh, en in (
                ("可用场所", "Shelters usable"), ("需安置（人）", "To move (people)"),
                ("已安置（人）", "Placed"), ("未安置（人）", "Not placed"),
                ("覆盖：服务半径内（人）", "Covered: within a radius"), ("未覆盖：服务半径外（人）", "Not covered: beyond"),
                ("道路覆盖率", "Covered by road"), ("直线覆盖率", "Straight line"),
            )
        ),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(text=scenario_title(assessment, str(row["scenario"]))),
            text_cell(row["shelters_usable"]),
            *(text_cell(row.get(f"people_{one}")) for one in ("to_move", "assigned", "unassigned")),
            text_cell(row["people_covered"]),
            text_cell(row["people_uncovered"]),
            text_cell(share(row["share_covered"])),
            text_cell(share(row["share_straight"])),
        )
        for row in reach.scenarios.rename_axis("scenario").reset_index().to_dict("records")
    )
    first = Part(lines=reach.notes, image=images.get("shelters", ""), tables=(Table(heads=heads, rows=rows),))
    return Section(title=Text("应急避难场所", "Emergency shelters"), parts=(first, _uncovered(assessment, reach)))


def _uncovered(assessment: Assessment, reach: ShelterResult) -> Part:
    demand = pd.DataFrame(reach.demand.drop(columns="geometry"))
    some = demand[~demand["covered"].astype(bool) & (demand["people"].fillna(0) > 0)]
    title = Text("未覆盖的村（社区）", "Villages not covered")
    if some.empty:
        return Part(title=title, lines=(Text("没有。", "None."),))
    names = assessment.survey.units["name"].astype(str).to_dict()
    shelters = reach.shelters["name"].astype(str).to_dict()
    heads = (
        _NAME,
        _PEOPLE,
        Head(text=Text("原因", "Reason")),
        Head(text=Text("最近场所", "Nearest shelter")),
        Head(text=Text("路程（m）", "Way to it, m"), right=True),
        Head(text=Text("其服务半径（m）", "Its radius, m"), right=True),
        Head(text=Text("步行时间（分钟）", "Walking, min"), right=True),
    )
    ordered = some.sort_values("people", ascending=False, kind="stable")
    rows = tuple(
        (
            text_cell(names.get(str(unit), DASH)),
            text_cell(row["people"]),
            Cell(text=REASONS.get(row["reason"], Text(str(row["reason"]), str(row["reason"])))),
            text_cell(shelters.get(str(row["shelter_id"]), DASH)),
            text_cell(row["distance_m"]),
            text_cell(row.get("radius_m")),
            text_cell(row["time_min"]),
        )
        for unit, row in zip(ordered.index, ordered.to_dict("records"), strict=True)
    )
    return Part(title=title, tables=(Table(heads=heads, rows=rows),))
