"""What columns of results are called, and the words for the codes in them, in both languages."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from riskmap.hazards import THEMES
from riskmap.maps.subject import scenario_title
from riskmap.maps.words import COLUMNS, REASONS, UNITS, rule_text
from riskmap.model import (
    NO_CLASS,
    NO_LEADER,
    NO_LEADER_WORDS,
    OBJECTS,
    Assessment,
    ClassScheme,
    ProductTable,
    Text,
)

__all__ = ["class_key", "hazard_names", "headers", "product_words", "words"]

_HEADERS: Mapping[str, Text] = {
    "unit_id": Text("单元代码", "Unit code"),
    "zone_id": Text("区划编号", "Zone"),
    "shelter_id": Text("场所编号", "Shelter code"),
    "shelter_name": Text("最近场所", "Nearest shelter"),
    "code": Text("代码", "Code"),
    "name": Text("名称", "Name"),
    "name_en": Text("英文名", "English name"),
    "parent_id": Text("上级代码", "Parent code"),
    "made_area": Text("范围由驻地生成", "Area made from the seat"),
    "index": Text("综合风险指数", "Risk index"),
    "class": Text("风险等级", "Risk class"),
    "class_computed": Text("计算等级", "Computed class"),
    "override": Text("人工审定", "Class set by hand"),
    "leading": Text("主导灾种", "Leading hazard"),
    "known_share": Text("已知指标占比", "Known share"),
    "stability": Text("等级稳定性", "Stability of the class"),
    "next_class": Text("权重变动时最可能变为", "Class most likely if weights change"),
    "theme": Text("灾种", "Hazard"),
    "object": Text("承灾体", "Exposed object"),
    "hazard": Text("危险性", "Hazard score"),
    "exposure": Text("暴露度", "Exposure"),
    "vulnerability": Text("脆弱性", "Vulnerability"),
    "type": Text("类型", "Type"),
    "contact_name": Text("负责人", "Contact"),
    "contact_phone": Text("联系电话", "Telephone"),
    "unsafe_for": Text("受威胁灾种", "Unsafe for"),
    "unsafe_why": Text("不得启用的依据", "Why it is not used then"),
    "covered": Text("是否覆盖", "Covered"),
    "second_id": Text("次近场所编号", "Code of the second nearest shelter"),
    "second_name": Text("次近场所", "Second nearest shelter"),
    "reason": Text("情形", "Reason"),
    "scenario": Text("情景", "Scenario"),
    "people_covered": Text("覆盖人口：服务半径内（人）", "Covered: within a radius (people)"),
    "people_uncovered": Text("未覆盖人口：服务半径外（人）", "Not covered: beyond every radius (people)"),
    "people_to_move": Text("需安置人口（人）", "People to move (people)"),
    "people_assigned": Text("已安置人口（人）", "Placed (people)"),
    "people_unassigned": Text("未安置人口（人）", "Not placed (people)"),
    "worst_min": Text("最长步行时间（分钟）", "Longest walk (min)"),
    "shelters_usable": Text("可用场所", "Usable shelters"),
    "share_covered": Text("道路覆盖率", "Share covered by road"),
    "share_straight": Text("直线覆盖率", "Share covered in a straight line"),
    "length_m": Text("长度（米）", "Length (m)"),
    "closed_in": Text("中断情景", "Closed in"),
}
_KINDS = {"score": ("危险性得分", "hazard score"), "class": ("等级", "class"), "index": ("风险指数", "risk index")}


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
    hazards = hazard_names(assessment)
    for column in _names(frame):
        head, _, tail = column.partition("_")
        if column in _HEADERS:
            found[column] = _HEADERS[column]
        elif column in COLUMNS:
            found[column] = _with_unit(*COLUMNS[column])
        elif tail in hazards and head == "part":
            title = hazards[tail]
            found[column] = Text(f"{title.zh}对指数的贡献", f"Part of the index from {title.en}")
        elif tail in hazards and head in {"score", "class"}:
            title = hazards[tail]
            zh, en = _KINDS["score"] if head == "score" else ("危险性等级", "hazard class")
            found[column] = Text(f"{title.zh}{zh}", f"{title.en} {en}")
        elif tail in OBJECTS and head in {"index", "class"}:
            zh, en = _KINDS[head]
            found[column] = Text(f"{OBJECTS[tail].zh}{zh}", f"{OBJECTS[tail].en} {en}")
    return found


def hazard_names(assessment: Assessment) -> dict[str, Text]:
    """Short names of the hazards, as columns bear them: 洪水, not 洪水淹没筛查图.

    Parameters
    ----------
    assessment : Assessment
        Knows its themes.

    Returns
    -------
    dict of str to Text
        By theme.

    Examples
    --------
    >>> hazard_names.__name__
    'hazard_names'
    """
    short = {one.name: one.title for one in THEMES}
    short |= {name: one.title.text for name, one in assessment.survey.county.given.items()}
    return {name: short.get(name, theme.title) for name, theme in assessment.themes.items()}


def class_key(assessment: Assessment) -> Text:
    """Tell the words of the classes of each hazard from low to high: 高 is not the same rank in every one.

    Parameters
    ----------
    assessment : Assessment
        Knows its themes and their schemes.

    Returns
    -------
    Text
        Hazards with the same words stand together.

    Examples
    --------
    >>> class_key.__name__
    'class_key'
    """
    names = hazard_names(assessment)
    groups: dict[tuple[Text, ...], list[Text]] = {}
    for name, theme in assessment.themes.items():
        groups.setdefault(theme.scheme.labels, []).append(names[name])
    zh = [f"{'、'.join(one.zh for one in told)}：{'＜'.join(one.zh for one in held)}" for held, told in groups.items()]
    en = [f"{', '.join(one.en for one in told)}: {' < '.join(one.en for one in held)}" for held, told in groups.items()]
    return Text(
        f"各灾种的等级用语不同，由低到高为：{'；'.join(zh)}",
        f"Each hazard has its own words for classes, from low to high: {'; '.join(en)}",
    )


def words(assessment: Assessment, frame: pd.DataFrame) -> dict[str, dict[Any, Text]]:
    """Words for the codes in the columns of a result.

    Parameters
    ----------
    assessment : Assessment
        Knows the names of its themes and its classes.
    frame : DataFrame
        A result.

    Returns
    -------
    dict of str to dict
        Column to its codes and their words.

    Examples
    --------
    >>> words.__name__
    'words'
    """
    hazards: dict[Any, Text] = {**hazard_names(assessment)}
    known: dict[str, dict[Any, Text]] = {
        column: {code: scheme.label(code) for code in (*range(scheme.size, 0, -1), NO_CLASS)}
        for column, scheme in _schemes(assessment).items()
    }
    known |= {
        "leading": {**hazards, NO_LEADER: NO_LEADER_WORDS},
        "theme": hazards,
        "object": {**OBJECTS},
        "reason": {**REASONS},
    }
    texts_only = {str(one) for one in frame if not pd.api.types.is_numeric_dtype(frame[one])}
    classes = _schemes(assessment)  # a text in a column of that name is a class of something else: of a road
    found = {
        column: known[column]
        for column in _names(frame)
        if column in known and not (column in classes and column in texts_only)
    }
    for column in ("scenario", "closed_in", "unsafe_for"):
        if column in _names(frame):
            values = frame.index if frame.index.name == column else frame[column]
            texts = dict.fromkeys(str(one) for one in values.dropna() if one)
            found[column] = {one: _told(assessment, one) for one in texts}
    if "unsafe_why" in frame:
        texts = dict.fromkeys(str(one) for one in frame["unsafe_why"].dropna() if one)
        found["unsafe_why"] = {one: _rules(assessment, one) for one in texts}
    return found


def product_words(product: ProductTable) -> dict[str, dict[Any, Text]]:
    """Words for the codes of a product: its classes, then what it says itself.

    Parameters
    ----------
    product : ProductTable
        Knows its schemes and words.

    Returns
    -------
    dict of str to dict
        Column to its codes and their words.

    Examples
    --------
    >>> product_words.__name__
    'product_words'
    """
    found: dict[str, dict[Any, Text]] = {
        column: {code: scheme.label(code) for code in (*range(scheme.size, 0, -1), NO_CLASS)}
        for column, scheme in product.schemes.items()
    }
    return found | {column: dict(told) for column, told in product.words.items()}


def _names(frame: pd.DataFrame) -> list[str]:
    return [str(one) for one in [*([frame.index.name] if frame.index.name else []), *frame.columns]]


def _schemes(assessment: Assessment) -> dict[str, ClassScheme]:
    found = {f"class_{name}": one.scheme for name, one in assessment.themes.items()}
    if assessment.risk is not None:
        found |= dict.fromkeys(("class", "next_class", "class_computed"), assessment.risk.scheme)
        found |= {f"class_{one}": assessment.risk.scheme for one in OBJECTS}
    return found


def _with_unit(text: Text, unit: str) -> Text:
    name = UNITS.get(unit, Text(unit, unit))
    return Text(f"{text.zh}（{name.zh}）", f"{text.en} ({name.en})") if unit else text


def _told(assessment: Assessment, names: str) -> Text:
    """Several scenarios or hazards that stand in one cell."""
    texts = [_scenario(assessment, one.strip()) for one in names.replace(",", ";").split(";") if one.strip()]
    return Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))


def _rules(assessment: Assessment, pairs: str) -> Text:
    """Hazards, each with the rule that shuts a shelter out of its zone: ``flood=shelters.exclusion; ...``."""
    texts = []
    for pair in pairs.split("; "):
        hazard, _, key = pair.partition("=")
        name, rule = _scenario(assessment, hazard), rule_text(assessment.survey.standards.threshold(key))
        texts.append(Text(f"{name.zh}：{rule.zh}", f"{name.en}: {rule.en}"))
    return Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts))


def _scenario(assessment: Assessment, name: str) -> Text:
    text = scenario_title(assessment, name)
    key = name.partition(":")[0]
    if key not in assessment.themes:
        return text
    long, short = assessment.themes[key].title, hazard_names(assessment)[key]
    return Text(text.zh.replace(long.zh, short.zh), text.en.replace(long.en, short.en))
