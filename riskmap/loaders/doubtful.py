"""Cells that mean something by custom only: words and numbers for no value, commas for the decimal point."""

import re
from typing import Any

import pandas as pd

from riskmap.loaders.column import Column
from riskmap.model.layers import Finding
from riskmap.model.text import Text

__all__ = ["with_points", "without_sentinels", "without_words"]

_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})")
_NO_VALUE = frozenset(
    {"无", "无数据", "暂无", "暂缺", "缺", "缺失", "不详", "未知", "不清楚", "空", "没有", "未填", "未统计"}
)
"""Words for no value that are no `MISSING` everywhere (无 is also the answer no): taken so, and told."""
_SENTINELS = (-9999.0, -99999.0, -999999.0, -32768.0, -3.4028234663852886e38, -1.7976931348623157e308)


def without_words(text: pd.Series, column: Column) -> tuple[pd.Series, list[Finding]]:
    """Take words for no value as such, with one finding for each word.

    Examples
    --------
    >>> from riskmap.model import Field
    >>> one = Column(field=Field(name="a", title=Text("数", "Number")), layer="l", unit="")
    >>> without_words(pd.Series(["5", "不详"]), one)[1][0].message.en
    "'不详' stands 1 times; taken as no value"
    """
    findings = []
    for word in sorted(_NO_VALUE & set(text.dropna())):
        here = text == word
        findings.append(_undeclared(column, word, int(here.sum()), here.idxmax()))
        text = text.mask(here, None)
    return text, findings


def _undeclared(column: Column, value: str, count: int, row: Any) -> Finding:
    what = Text(f"“{value}”出现 {count} 次，按缺失处理", f"'{value}' stands {count} times; taken as no value")
    cure = Text(f'在 county.toml 写明 missing = ["{value}"]', f'state missing = ["{value}"] in county.toml')
    return column.finding("undeclared-missing", what, cure, row=row, value=value, mended=True)


def without_sentinels(values: pd.Series, times: float, column: Column) -> tuple[pd.Series, list[Finding]]:
    """Take out the usual numbers for no data, where no range of the field tells them from real ones.

    Examples
    --------
    >>> from riskmap.model import Field
    >>> one = Column(field=Field(name="a", title=Text("数", "Number")), layer="l", unit="")
    >>> without_sentinels(pd.Series([5.0, -9999.0]), 1.0, one)[0].tolist()
    [5.0, nan]
    """
    if column.field.low is not None:
        return values, []
    findings = []
    for one in _SENTINELS:
        here = values == one * times
        if here.any():
            findings.append(_undeclared(column, f"{one:.10g}", int(here.sum()), here.idxmax()))
            values = values.mask(here)
    return values, findings


def with_points(text: pd.Series, column: Column) -> tuple[pd.Series, list[Finding]]:
    """Turn decimal commas into points; where a column has any, a lone ``1,234`` could be either and is not read.

    Examples
    --------
    >>> from riskmap.model import Field
    >>> one = Column(field=Field(name="a", title=Text("数", "Number")), layer="l", unit="")
    >>> with_points(pd.Series(["12,5", "1,234", "7"]), one)[0].tolist()
    ['12.5', '?1,234', '7']
    """
    found = text.map(lambda one: bool(_DECIMAL_COMMA.fullmatch(one)), na_action="ignore")
    here = text.index[found.eq(True)]
    if not len(here):
        return text, []
    turned = text.map(lambda one: one.replace(".", "").replace(",", "."), na_action="ignore")
    what = Text(
        f"{len(here)} 个数用逗号作小数点，已按小数读取",
        f"{len(here)} numbers have a comma for the decimal point; read so",
    )
    cure = Text("小数点写“.”", "write the decimal point as '.'")
    told = column.finding("decimal-comma", what, cure, row=here[0], value=text[here[0]], mended=True)
    either = text.map(lambda one: bool(re.fullmatch(r"[+-]?\d{1,3},\d{3}", one)), na_action="ignore").eq(True)
    return text.mask(text.index.isin(here), turned).mask(either, "?" + text), [told]
