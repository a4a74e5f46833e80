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
        "formula-like": Text("文字像公式", "Text like a formula"),
        "not-public": Text("不能公开", "Not public"),
        "personal-data": Text("含个人信息", "Personal data"),
        "plain-form": Text("写法统一", "Plain form"),
        "unknown-class": Text("未知等级", "Unknown class"),
        "unreadable": Text("不能读取", "Unreadable"),
    }
)
"""Names of rules that the catalogue of rules does not hold."""


def rule_title(rule: str) -> Text:
    """Name of a rule, from here or from the catalogue of rules; one without a name stands for itself.

    Examples
    --------
    >>> rule_title("personal-data").zh, rule_title("other-rule").en
    ('含个人信息', 'other-rule')
    """
    declared = rule_texts().get(rule)
    return RULES.get(rule, Text(rule, rule)) if declared is None else declared.title
