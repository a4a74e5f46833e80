"""Names of the rules of the quality check, as people read them."""

from collections.abc import Mapping
from types import MappingProxyType

from riskmap.model import Text
from riskmap.standards import rule_texts

__all__ = ["RULES", "SEVERITIES", "rule_title"]

SEVERITIES: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "error": (Text("错误", "Errors"), "#b2182b"),
        "warning": (Text("警告", "Warnings"), "#e08214"),
        "note": (Text("提示", "Notes"), "#4393c3"),
    }
)
"""Severity: its name and its colour, the worst first."""

RULES: Mapping[str, Text] = MappingProxyType(
    {
        "absurd-size": Text("数据量异常", "Absurd size"),
        "ambiguous-column": Text("列含义不明", "Ambiguous column"),
        "broken-shape": Text("图形错误", "Broken shape"),
        "closed-record": Text("已销号", "Closed record"),
        "code-as-number": Text("代码存成数值", "Code stored as a number"),
        "code-digits-lost": Text("代码丢失位数", "Code lost digits"),
        "codes-joined": Text("旧代码已换新", "Old codes joined"),
        "crs-declared": Text("改用写明的坐标系", "Declared system used"),
        "duplicate-key": Text("编号重复", "Repeated code"),
        "duplicate-place": Text("位置和名称重复", "Repeated place"),
        "empty-layer": Text("没有记录", "No records"),
        "formula-like": Text("文字像公式", "Text like a formula"),
        "garbled-text": Text("乱码", "Garbled text"),
        "legacy-datum": Text("旧坐标系", "Legacy datum"),
        "made-areas": Text("范围由驻地生成", "Areas made from seats"),
        "many-layers": Text("文件含多个图层", "Several layers in the file"),
        "missing-column": Text("缺少必需列", "Required column missing"),
        "missing-part": Text("文件不全", "Part of the file missing"),
        "missing-value": Text("缺少必填值", "Required value missing"),
        "needless-shift": Text("偏移设置不符", "Needless shift"),
        "no-coordinates": Text("没有坐标列", "No coordinate columns"),
        "no-coverage": Text("没有覆盖本县", "Does not cover the county"),
        "no-crs": Text("没有坐标系", "No coordinate system"),
        "no-date": Text("不是日期", "No date"),
        "no-key": Text("没有编号列", "No column of codes"),
        "no-number": Text("不是数", "No number"),
        "no-place": Text("没有位置", "No place"),
        "no-yesno": Text("不是“是”或“否”", "Neither yes nor no"),
        "not-chosen": Text("按设置略去", "Passed over as set"),
        "not-in-list": Text("不在取值表中", "Not in the list of values"),
        "not-public": Text("不能公开", "Not public"),
        "not-whole": Text("不是整数", "Not whole"),
        "out-of-range": Text("超出范围", "Out of range"),
        "outside-county": Text("在县界外", "Outside the county"),
        "personal-data": Text("含个人信息", "Personal data"),
        "plain-form": Text("写法统一", "Plain form"),
        "ragged-row": Text("行与表头不齐", "Ragged row"),
        "reader-warning": Text("读取时提示", "Said on reading"),
        "serial-date": Text("日期存成序列数", "Date stored as a serial number"),
        "shift-removed": Text("已去除偏移", "Shift taken out"),
        "shifted-coordinates": Text("网络地图偏移", "Web map's shift"),
        "sum-differs": Text("合计不符", "Sums differ"),
        "swapped-coordinates": Text("经纬度颠倒", "Swapped coordinates"),
        "totals-row": Text("合计行", "Row of totals"),
        "unit-not-stated": Text("没有写单位", "Unit not stated"),
        "unknown-class": Text("未知等级", "Unknown class"),
        "unknown-code": Text("未知代码", "Unknown code"),
        "unknown-division": Text("未知区划代码", "Unknown division code"),
        "unknown-township": Text("未知乡镇", "Unknown township"),
        "unreadable": Text("不能读取", "Unreadable"),
        "unused-columns": Text("没有用到的列", "Columns not used"),
        "wrong-cpg": Text(".cpg 与内容不符", "Wrong .cpg"),
        "wrong-crs": Text("坐标系写错", "Wrong coordinate system"),
        "wrong-encoding": Text("编码写错", "Wrong encoding"),
        "wrong-kind": Text("图形类型不符", "Wrong kind of shape"),
        "wrong-unit": Text("单位不能换算", "Unit does not convert"),
    }
)
"""Rule: its name; rules that are not listed stand for themselves."""


def rule_title(rule: str) -> Text:
    """Name of a rule, from here or from the catalogue of rules; one without a name stands for itself.

    Examples
    --------
    >>> rule_title("swapped-coordinates").zh, rule_title("other-rule").en
    ('经纬度颠倒', 'other-rule')
    """
    if rule in RULES:
        return RULES[rule]
    declared = rule_texts().get(rule)
    return Text(rule, rule) if declared is None else declared.title
