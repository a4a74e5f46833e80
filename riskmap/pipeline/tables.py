"""Lay out an assessment as tables of the database and of the workbook: headers in both languages, and styles."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.maps.desktop import Columns, Shape, case_style, class_style, plain_style, table_style
from riskmap.maps.style import INK, NO_DATA_COLOUR
from riskmap.maps.subject import CLOSED, COVERED, UNCOVERED
from riskmap.maps.words import CONFIDENCE, REASONS, UNITS
from riskmap.model import OBJECTS, Assessment, ClassScheme, ProductTable, Text, Threshold
from riskmap.model.reach_result import MEASURES
from riskmap.pipeline.columns import class_key, headers, product_words, words
from riskmap.pipeline.table_themes import THEMES, table_theme
from riskmap.standards.source_words import source_text
from riskmap.writers import GeoTable, Sheet

__all__ = ["database", "workbook"]

_LABELS = {
    "outline": 2_000_000,
    "risk_townships": 1_000_000,
    "risk_units": 150_000,
    "risk_zones": 150_000,
    "hazard_units": 150_000,
    "shelter_demand": 100_000,
    "shelters": 50_000,
}
"""Layers that bear names, and the scale from which they do."""
_REASON_COLOURS = {
    "covered": COVERED,
    "too far": UNCOVERED,
    "no road": "#762a83",
    "unsafe": CLOSED,
    "no people": NO_DATA_COLOUR,
}
_SAFE = (
    (0, Text("避难场所", "Shelter"), COVERED),
    (1, Text("受灾害威胁的避难场所", "Shelter that a hazard threatens"), CLOSED),
)
_OPEN = (
    (0, Text("道路", "Road"), "#8a8178"),
    (1, Text("灾害情景下中断道路", "Road closed in a scenario"), CLOSED),
)
_SHAPES: Mapping[str, Shape] = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
}
_VALUE = "值 Value"
_YES = {True: "是", False: "否"}
_KEYED = {"hazard_units", "risk_units", "risk_objects"}
"""Tables that put classes of several hazards side by side."""
_NOTED: Mapping[str, tuple[Text, ...]] = {"shelter_scenarios": (MEASURES,)}
_DECIDED = {
    "fallback": Text("无声明，由系统识别", "not declared, recognised"),
    "declared": Text("按配置", "as configured"),
    "strict": Text("由系统识别", "recognised"),
    "language byte": Text("按文件头", "as the head of the file says"),
    "byte order mark": Text("按文件标记", "as the mark of the file says"),
    ".cpg": Text("按 .cpg 文件", "as the .cpg file says"),
}
"""How an encoding was decided, by the word of the loaders."""
_Style = Callable[..., str]


def database(assessment: Assessment) -> list[GeoTable]:
    """Tables of `riskmap.gpkg`: every vector result, styled, and the facts that stand behind them.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    list of GeoTable

    Examples
    --------
    >>> database.__name__
    'database'
    """
    county = Text("县界", "County outline")
    edge = partial(plain_style, INK, shape="outline")
    found = [_table(assessment, "outline", county, assessment.survey.outline, styles={"": edge})]
    found += [*_risk_tables(assessment), *_hazard_tables(assessment), *_shelter_tables(assessment)]
    found = [replace(one, theme=table_theme(one.name)) for one in found]
    found += [_product_table(one) for one in assessment.products if len(one.frame)]
    found += [
        GeoTable(name=name, title=title, frame=_as_text(frame), theme=table_theme(name))
        for name, (title, frame) in _facts(assessment).items()
    ]
    order = [*THEMES.values()]
    return sorted(found, key=lambda one: order.index(one.theme or order[0]))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Values of several kinds in one column as text: a database column holds one kind."""
    return frame.assign(**{_VALUE: frame[_VALUE].map(str)}) if _VALUE in frame else frame


def _risk_tables(assessment: Assessment) -> list[GeoTable]:
    risk = assessment.risk
    if risk is None:
        return []
    layers: Mapping[str, tuple[Text, pd.DataFrame, Shape]] = {
        "risk_units": (Text("单元综合风险", "Risk by unit"), risk.units, "polygon"),
        "risk_townships": (Text("乡镇综合风险", "Risk by township"), risk.townships, "zone"),
        "risk_zones": (Text("风险区划", "Risk zones"), risk.zones, "zone"),
    }
    schemes = {"class": risk.scheme, **{f"class_{one}": risk.scheme for one in OBJECTS}, **_schemes(assessment)}
    found = [
        _table(assessment, name, title, frame, styles=_classed(frame, schemes, shape=shape))
        for name, (title, frame, shape) in layers.items()
        if len(frame)
    ]
    objects = Text("承灾体单灾种风险", "Risk by hazard and object")
    return [*found, _table(assessment, "risk_objects", objects, risk.unit_risk)]


def _hazard_tables(assessment: Assessment) -> list[GeoTable]:
    units = assessment.hazard_units
    if units is None:
        return []
    styles = _classed(units, _schemes(assessment), shape="polygon")
    return [_table(assessment, "hazard_units", Text("单元危险性", "Hazards by unit"), units, styles=styles)]


def _product_table(one: ProductTable) -> GeoTable:
    """A table of planning; its first classes colour its places."""
    held = {str(name) for name in (one.frame.index.name, *one.frame.columns)}
    names = {column: text for column, text in one.headers.items() if column in held}
    columns = Columns(headers=names, words=product_words(one))
    style = table_style(columns=columns)
    if isinstance(one.frame, gpd.GeoDataFrame):
        shape = _SHAPES.get(one.frame.geom_type.iloc[0] if len(one.frame) else "", "polygon")
        column = next(iter(one.schemes), "")
        style = plain_style(INK, shape="outline" if shape == "polygon" else shape, columns=columns)
        if column:
            style = class_style(one.schemes[column], column=column, shape=shape, columns=columns)
    styles = {one.title.zh: style}
    return GeoTable(name=one.name, title=one.title, frame=one.frame, headers=names, styles=styles, theme=one.theme)


def _schemes(assessment: Assessment) -> dict[str, ClassScheme]:
    return {f"class_{name}": theme.scheme for name, theme in assessment.themes.items()}


def _classed(frame: pd.DataFrame, schemes: Mapping[str, ClassScheme], *, shape: Shape) -> dict[str, _Style]:
    return {
        column: partial(class_style, scheme, column=column, shape=shape)
        for column, scheme in schemes.items()
        if column in frame
    }


def _shelter_tables(assessment: Assessment) -> list[GeoTable]:
    reach = assessment.shelters
    if reach is None:
        return []
    demand = _with_names(reach.demand, reach.shelters["name"])
    if "name" in assessment.survey.units:
        demand.insert(0, "name", assessment.survey.units["name"].reindex(demand.index))
    reasons = [(key, REASONS[key], colour) for key, colour in _REASON_COLOURS.items()]
    flag = "if(coalesce(\"{}\", '') = '', 0, 1)"
    styles: Mapping[str, _Style] = {
        "shelters": partial(case_style, _SAFE, column=flag.format("unsafe_for"), shape="triangle"),
        "shelter_demand": partial(case_style, reasons, column="reason", shape="point"),
        "shelter_roads": partial(case_style, _OPEN, column=flag.format("closed_in"), shape="line"),
        "shelter_scenarios": table_style,
    }
    frames = {
        "shelters": (Text("避难场所", "Shelters"), _with_contacts(assessment, reach.shelters)),
        "shelter_demand": (Text("避难可达", "Reach by unit"), demand),
        "shelter_roads": (Text("疏散道路", "Roads used"), reach.roads),
        "shelter_scenarios": (Text("避难情景", "Shelter scenarios"), reach.scenarios),
    }
    return [_table(assessment, name, *told, styles={"": styles[name]}) for name, told in frames.items()]


def _with_names(demand: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """Put the name of a shelter behind its code."""
    demand = demand.copy()
    for code, name in (("shelter_id", "shelter_name"), ("second_id", "second_name")):
        if code in demand:
            demand.insert(list(demand.columns).index(code) + 1, name, demand[code].map(names))
    return demand


def _with_contacts(assessment: Assessment, shelters: pd.DataFrame) -> pd.DataFrame:
    """Add who answers for a shelter, where county.toml lets personal data into the outputs."""
    survey = assessment.survey
    if not (survey.county.maps.personal_data and survey.has("shelters")):
        return shelters
    told = survey.frame("shelters").drop_duplicates("code").set_index("code").reindex(shelters.index)
    personal = [one.name for one in survey.layer("shelters").spec.fields if one.personal and one.name in told]
    plain = pd.DataFrame(told)[personal].fillna("")
    at = list(shelters.columns).index("type") + 1 if "type" in shelters else len(shelters.columns)
    for place, name in enumerate(personal):
        shelters = shelters.copy()
        shelters.insert(at + place, name, plain[name].to_numpy())
    return shelters


def workbook(assessment: Assessment) -> dict[str, Sheet]:
    """Sheets of `tables.xlsx`: the results without geometry, headers in both languages, class names spelled out.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    dict of str to Sheet
        Title of the sheet to its table, theme by theme.

    Examples
    --------
    >>> workbook.__name__
    'workbook'
    """
    sheets: dict[str, Sheet] = {}
    facts = _facts(assessment)
    products = {one.name: one for one in assessment.products}
    key = class_key(assessment)
    for table in database(assessment):
        if table.name in {"outline", "shelter_roads"}:
            continue
        frame, own = pd.DataFrame(table.frame.drop(columns="geometry", errors="ignore")), products.get(table.name)
        if table.name in facts:
            frame = facts[table.name][1]
        frame = frame.reset_index() if frame.index.name else frame
        frame = _spelled(assessment, frame, own=own)
        frame = frame.rename(columns={one: str(table.headers.get(one, one)) for one in frame.columns})
        notes = own.notes if own else (key,) if table.name in _KEYED else _NOTED.get(table.name, ())
        sheets[table.title.zh] = Sheet(title=table.title, theme=table.theme or table.title, frame=frame, notes=notes)
    return sheets


def _spelled(assessment: Assessment, frame: pd.DataFrame, *, own: ProductTable | None = None) -> pd.DataFrame:
    """Put words where the database has codes, and 是 or 否 where it has true or false."""
    told = product_words(own) if own else words(assessment, frame)
    for name in frame:
        said = told.get(str(name), {})
        if said or frame[name].dtype == bool or frame[name].dtype == object:
            frame = frame.assign(**{str(name): [_word(one, said) for one in frame[name]]})
    return frame


def _word(value: Any, text: Mapping[Any, Text]) -> Any:
    if isinstance(value, Hashable) and value in text:
        return text[value].zh
    return _YES[bool(value)] if isinstance(value, bool | np.bool_) else value


def _table(
    assessment: Assessment, name: str, title: Text, frame: pd.DataFrame, *, styles: Mapping[str, _Style] | None = None
) -> GeoTable:
    """Make a table; the first style is its default, each is named after the column that it shows."""
    names = headers(assessment, frame)
    label = "name" if name in _LABELS and "name" in frame else ""
    columns = Columns(headers=names, words=words(assessment, frame), label=label, label_scale=_LABELS.get(name, 1))
    made = {
        names[column].zh if column else title.zh: make(columns=columns)
        for column, make in (styles or {"": table_style}).items()
    }
    return GeoTable(name=name, title=title, frame=frame, headers=names, styles=made)


def _facts(assessment: Assessment) -> dict[str, tuple[Text, pd.DataFrame]]:
    thresholds = [_threshold(one) for one in assessment.thresholds]
    layers = [
        (
            str(layer.spec.title),
            told.path,
            _encoding(told.encoding),
            told.crs,
            told.rows_read,
            told.rows_kept,
            told.licence,
        )
        for layer in assessment.survey.layers.values()
        if (told := layer.source)
    ]
    gone = [(str(one.product), one.reason.zh, one.reason.en) for one in assessment.left_out]
    columns = {
        "thresholds": (
            f"阈值 Threshold,{_VALUE},单位 Unit,来源 Source,来源（英） Source (en),条款 Clause,条款（英） Clause (en),"
            "可信度 Confidence,配置键 Key in county.toml"
        ),
        "layers": "图层 Layer,文件 File,编码 Encoding,坐标系 CRS,读入 Read,采用 Kept,许可 Licence",
        "left_out": "产品 Product,原因 Reason,原因（英） Reason (en)",
    }
    frames = {
        name: pd.DataFrame(rows, columns=columns[name].split(","))
        for name, rows in (("thresholds", thresholds), ("layers", layers), ("left_out", gone))
    }
    return {
        "facts_thresholds": (Text("阈值与可信度", "Thresholds"), frames["thresholds"]),
        "facts_layers": (Text("图层来源", "Layers"), frames["layers"]),
        "facts_left_out": (Text("未编制产品", "Left out"), frames["left_out"]),
    }


def _encoding(label: str) -> str:
    """Say how an encoding was decided in words: ``GB18030 (fallback)`` becomes 无声明，由系统识别."""
    for how, text in _DECIDED.items():
        label = label.replace(f"({how})", f"（{text.zh} {text.en}）")
    return label


def _threshold(one: Threshold) -> tuple[object, ...]:
    """A declared value as a row: in words, its key last."""
    value = "、".join(f"{part:g}" for part in one.value) if isinstance(one.value, tuple) else one.value
    unit, source, clause = (
        UNITS.get(one.unit, Text(one.unit, one.unit)),
        source_text(one.source),
        source_text(one.clause),
    )
    told = (source.zh, source.en, clause.zh, clause.en, str(CONFIDENCE.get(one.confidence, one.confidence)))
    return (str(one.title), value, str(unit), *told, one.key)
