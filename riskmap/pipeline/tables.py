"""Lay out an assessment as the tables of the database and of the workbook, with headers in both languages."""

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from riskmap.maps.desktop import Shape, class_style, plain_style
from riskmap.maps.words import COLUMNS, REASONS
from riskmap.model import OBJECTS, Assessment, ClassScheme, Text
from riskmap.writers import GeoTable

__all__ = ["database", "headers", "workbook"]

_HEADERS: Mapping[str, Text] = {
    "unit_id": Text("单元代码", "Unit code"),
    "zone_id": Text("区划编号", "Zone"),
    "shelter_id": Text("场所编号", "Shelter"),
    "name": Text("名称", "Name"),
    "name_en": Text("英文名", "English name"),
    "parent_id": Text("上级代码", "Parent code"),
    "made_area": Text("范围由驻地生成", "Area made from the seat"),
    "index": Text("综合风险指数", "Risk index"),
    "class": Text("风险等级代码", "Risk class code"),
    "class_name": Text("风险等级", "Risk class"),
    "leading": Text("主导灾种", "Leading hazard"),
    "known_share": Text("已知指标占比", "Known share"),
    "theme": Text("灾种", "Hazard"),
    "object": Text("承灾体", "Exposed object"),
    "hazard": Text("危险性", "Hazard score"),
    "exposure": Text("暴露度", "Exposure"),
    "vulnerability": Text("脆弱性", "Vulnerability"),
    "type": Text("类型", "Type"),
    "unsafe_for": Text("受威胁灾种", "Unsafe for"),
    "covered": Text("是否覆盖", "Covered"),
    "reason": Text("情形", "Reason"),
    "scenario": Text("情景", "Scenario"),
    "people_covered": Text("覆盖人口", "People covered"),
    "people_uncovered": Text("未覆盖人口", "People not covered"),
    "shelters_usable": Text("可用场所", "Usable shelters"),
    "share_covered": Text("道路覆盖率", "Share covered by road"),
    "share_straight": Text("直线覆盖率", "Share covered in a straight line"),
    "length_m": Text("长度（米）", "Length (m)"),
    "closed_in": Text("中断情景", "Closed in"),
}


def headers(assessment: Assessment, frame: pd.DataFrame) -> dict[str, Text]:
    """Header of every column of a result, in both languages.

    Parameters
    ----------
    assessment : Assessment
        Knows the names of its themes.
    frame : DataFrame
        A result.

    Returns
    -------
    dict of str to Text
        Columns (and a named index) that have a header.

    Examples
    --------
    >>> headers.__name__
    'headers'
    """
    found: dict[str, Text] = {}
    names = [*([frame.index.name] if frame.index.name else []), *frame.columns]
    for column in names:
        head, _, tail = str(column).partition("_")
        if column in _HEADERS:
            found[column] = _HEADERS[column]
        elif column in COLUMNS:
            text, unit = COLUMNS[column]
            found[column] = Text(f"{text.zh}（{unit}）", f"{text.en} ({unit})") if unit else text
        elif tail in assessment.themes and head in {"score", "class"}:
            found[column] = _joined(assessment.themes[tail].title, head)
        elif tail in OBJECTS and head in {"index", "class"}:
            found[column] = _joined(OBJECTS[tail], head)
    return found


def _joined(title: Text, what: str) -> Text:
    words = {"score": ("危险性得分", "hazard score"), "class": ("等级", "class"), "index": ("风险指数", "risk index")}
    zh, en = words[what]
    return Text(f"{title.zh}{zh}", f"{title.en} {en}")


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
    found = [_table(assessment, "outline", county, assessment.survey.outline, colour="#4d4d4d")]
    found += [*_risk_tables(assessment), *_hazard_tables(assessment), *_shelter_tables(assessment)]
    found += [GeoTable(name=name, title=title, frame=frame) for name, (title, frame) in _facts(assessment).items()]
    return found


def _risk_tables(assessment: Assessment) -> list[GeoTable]:
    risk = assessment.risk
    if risk is None:
        return []
    layers = {
        "risk_units": (Text("单元综合风险", "Risk by unit"), risk.units),
        "risk_townships": (Text("乡镇综合风险", "Risk by township"), risk.townships),
        "risk_zones": (Text("风险区划", "Risk zones"), risk.zones),
    }
    found = [
        _classed(assessment, name, title, frame, scheme=risk.scheme, column="class")
        for name, (title, frame) in layers.items()
        if len(frame)
    ]
    objects = Text("承灾体单灾种风险", "Risk by hazard and object")
    return [*found, _table(assessment, "risk_objects", objects, risk.unit_risk)]


def _hazard_tables(assessment: Assessment) -> list[GeoTable]:
    units = assessment.hazard_units
    if units is None:
        return []
    first = next(iter(assessment.themes.values()))
    title, column = Text("单元危险性", "Hazards by unit"), f"class_{first.name}"
    return [_classed(assessment, "hazard_units", title, units, scheme=first.scheme, column=column)]


def _shelter_tables(assessment: Assessment) -> list[GeoTable]:
    reach = assessment.shelters
    if reach is None:
        return []
    return [
        _table(assessment, "shelters", Text("避难场所", "Shelters"), reach.shelters, colour="#1b7f4b", shape="point"),
        _table(
            assessment,
            "shelter_demand",
            Text("避难可达", "Reach by unit"),
            reach.demand,
            colour="#555555",
            shape="point",
        ),
        _table(
            assessment, "shelter_roads", Text("疏散道路", "Roads used"), reach.roads, colour="#8c8c8c", shape="line"
        ),
        _table(assessment, "shelter_scenarios", Text("避难情景", "Shelter scenarios"), reach.scenarios),
    ]


def workbook(assessment: Assessment) -> dict[str, pd.DataFrame]:
    """Sheets of `tables.xlsx`: the results without geometry, headers in both languages, class names spelled out.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.

    Returns
    -------
    dict of str to DataFrame
        Title of the sheet to its table.

    Examples
    --------
    >>> workbook.__name__
    'workbook'
    """
    sheets: dict[str, pd.DataFrame] = {}
    facts = _facts(assessment)
    skip = {"outline", "shelter_roads"}
    for table in database(assessment):
        if table.name in skip or table.name in facts:
            continue
        frame = pd.DataFrame(table.frame.drop(columns="geometry", errors="ignore"))
        frame = frame.reset_index() if frame.index.name else frame
        frame = _spelled(assessment, frame)
        names = {**table.headers, "class_name": _HEADERS["class_name"]}
        sheets[table.title.zh] = frame.rename(columns={one: str(names.get(one, one)) for one in frame.columns})
    for title, frame in facts.values():
        sheets[title.zh] = frame
    return sheets


def _spelled(assessment: Assessment, frame: pd.DataFrame) -> pd.DataFrame:
    """Put words where the database has codes."""
    schemes: dict[str, ClassScheme] = {f"class_{name}": one.scheme for name, one in assessment.themes.items()}
    if assessment.risk is not None:
        schemes |= {"class": assessment.risk.scheme} | {f"class_{one}": assessment.risk.scheme for one in OBJECTS}
    spelled = {c: frame[c].map(lambda code, s=s: s.label(int(code)).zh) for c, s in schemes.items() if c in frame}
    titles = {name: theme.title.zh for name, theme in assessment.themes.items()}
    for column in ("leading", "theme"):
        if column in frame:
            spelled[column] = frame[column].map(lambda one: titles.get(one, one))
    if "object" in frame:
        spelled["object"] = frame["object"].map(lambda one: OBJECTS[one].zh)
    if "reason" in frame:
        spelled["reason"] = frame["reason"].map(lambda one: REASONS[one].zh if one in REASONS else one)
    return frame.assign(**spelled)


def _table(
    assessment: Assessment, name: str, title: Text, frame: pd.DataFrame, *, colour: str = "", shape: Shape = "polygon"
) -> GeoTable:
    names = headers(assessment, frame)
    style = plain_style(colour, shape=shape, headers=names) if colour else ""
    return GeoTable(name=name, title=title, frame=frame, headers=names, style=style)


def _classed(
    assessment: Assessment, name: str, title: Text, frame: gpd.GeoDataFrame, *, scheme: ClassScheme, column: str
) -> GeoTable:
    names = headers(assessment, frame)
    style = class_style(scheme, column=column, headers=names)
    return GeoTable(name=name, title=title, frame=frame, headers=names, style=style)


def _facts(assessment: Assessment) -> dict[str, tuple[Text, pd.DataFrame]]:
    thresholds = [
        (str(one.title), one.key, str(one.value), one.unit, one.source, one.clause, one.confidence)
        for one in assessment.thresholds
    ]
    layers = [
        (str(layer.spec.title), told.path, told.encoding, told.crs, told.rows_read, told.rows_kept, told.licence)
        for layer in assessment.survey.layers.values()
        if (told := layer.source)
    ]
    gone = [(str(one.product), one.reason.zh, one.reason.en) for one in assessment.left_out]
    columns = {
        "thresholds": "阈值 Threshold,键 Key,值 Value,单位 Unit,来源 Source,条款 Clause,可信度 Confidence",
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
