"""Cells of a delivered column -> typed values, with a finding for every one that cannot be read."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd

from riskmap.loaders.column import Column
from riskmap.loaders.dates import date_of, serial_dates
from riskmap.loaders.doubtful import with_points, without_sentinels, without_words
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.loaders.units_of_measure import bounds_words, factor, unit_words
from riskmap.model.layers import Field, Finding
from riskmap.model.text import Text

__all__ = ["MISSING", "read_column"]

MISSING = frozenset(
    {"", "-", "--", "---", "—", "——", "/", "\\", "null", "none", "nan", "na", "n/a", "#n/a", "<na>", "nat"}
)
"""Cell texts (small letters) that mean no value in every file; more by `missing` in county.toml."""

_YES = frozenset({"是", "1", "true", "yes", "y", "有", "√", "t", "已", "对"})
_NO = frozenset({"否", "0", "false", "no", "n", "无", "×", "x", "f", "未", "不是"})
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER_UNIT = re.compile(r"([+-]?\d[\d,]*\.?\d*(?:e[+-]?\d+)?)\s*([^\d\s.,+-].*)")
_FLOAT_CODE = re.compile(r"(\d+)\.0+")


def read_column(
    cells: pd.Series, field: Field, *, layer: str, unit: str = "", missing: Sequence[str] = ()
) -> tuple[pd.Series, list[Finding]]:
    """Read one delivered column as its field says.

    Parameters
    ----------
    cells : Series
        As delivered (texts, numbers, dates); the index is the row as a person counts it.
    field : Field
        Type, unit, range and list of values.
    layer : str
        For the findings.
    unit : str
        Unit of the delivered numbers (亩, 万元); ``""`` if already the field's.
    missing : sequence of str
        Cell texts that mean no value, besides `MISSING`.

    Returns
    -------
    values : Series
        Text and code: str, ``""`` where missing. Number: float64 with NaN, in the field's unit. Integer: the same,
        whole. Date: datetime64 with NaT. Yesno: nullable boolean. Same index.
    findings : list of Finding
        Values that could not be read (then missing), are out of range (then missing) or were mended; severity
        error where the field is required.

    Raises
    ------
    LayerError
        `unit` cannot be turned into the field's.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> field = layer_spec("villages").field("people")
    >>> values, findings = read_column(pd.Series(["1,200", "约30", "８５"], index=[2, 3, 4]), field, layer="villages")
    >>> values.tolist(), findings[0].row, findings[0].value
    ([1200.0, nan, 85.0], 3, '约30')
    """
    column = Column(field=field, layer=layer, unit=unit)
    gone = {_plain(one).lower() for one in missing} | MISSING
    readers: dict[str, Callable[[pd.Series, Column, set[str]], tuple[pd.Series, list[Finding]]]] = {
        "number": _numbers,
        "integer": _numbers,
        "date": _dates,
        "yesno": _yesno,
        "code": _codes,
        "text": _texts,
    }
    return readers[field.dtype](cells, column, gone)


def _plain(value: object) -> str:
    return unicodedata.normalize("NFKC", str(value)).strip()


def _strings(cells: pd.Series, gone: set[str]) -> pd.Series:
    """Texts of the cells, half width and trimmed, None where they mean no value."""
    text = cells.astype(object).where(cells.notna(), None)
    known = {
        one: _plain(shown(one, most=4000) if isinstance(one, float) else one)
        for one in text.unique()
        if one is not None
    }
    kept = {raw: one for raw, one in known.items() if one.lower() not in gone}
    return pd.Series([kept.get(one) for one in text], index=cells.index, dtype=object)


def _numbers(cells: pd.Series, column: Column, gone: set[str]) -> tuple[pd.Series, list[Finding]]:
    times = factor(column.unit, column.field.unit)
    if times is None:
        raise Refusal(
            f"{column.layer}, {column.field.title.zh}",
            Text(
                f"单位“{column.unit}”不能换算为 {column.field.unit or '无单位'}",
                f"unit '{column.unit}' does not become {column.field.unit or 'a plain number'}",
            ),
            Text("在 county.toml 的 units 中写明正确单位", "state the right unit under units in county.toml"),
            rule="wrong-unit",
        )
    if pd.api.types.is_numeric_dtype(cells.dtype) and not pd.api.types.is_bool_dtype(cells.dtype):
        sentinels = [float(one) for one in gone if re.fullmatch(r"[+-]?\d+(\.\d+)?", one)]
        raw = pd.Series(np.array(cells.astype("float64")), index=cells.index)
        values = raw.mask(raw.isin(sentinels) | np.isinf(raw)) * times
        findings: list[Finding] = []
    else:
        text, findings = without_words(_strings(cells, gone), column)
        values, told = _parsed(text, column, times)
        findings += told
    values, told = without_sentinels(values, times, column)
    findings += told
    more = [*_not_whole(values, cells, column), *_out_of_range(values, cells, column)]
    values = values.mask(values.index.isin([one.row for one in more]))
    return values, [*findings, *more]


def _parsed(text: pd.Series, column: Column, times: float) -> tuple[pd.Series, list[Finding]]:
    text, findings = with_points(text, column)
    commas = text.map(lambda one: one.replace(",", "") if _THOUSANDS.fullmatch(one) else one, na_action="ignore")
    values = pd.to_numeric(commas, errors="coerce").astype("float64") * times
    for row, value in text[text.notna() & values.isna()].items():
        number = _with_unit(value, column, times)
        word = shown(value)
        what = Text(f"“{word}”不是数，按缺值处理", f"'{word}' is no number and counts as missing")
        cure = Text("改为纯数字；没有值就留空", "write a plain number; leave the cell empty where there is none")
        if number is not None:
            values = values.mask(values.index == row, number)
            what = Text("单元格中带单位", "the cell carries its unit")
        findings.append(column.finding("no-number", what, cure, row=row, value=value, mended=number is not None))
    return values, findings


def _with_unit(value: str, column: Column, times: float) -> float | None:
    """Read ``350亩`` in the field's unit; the cell's own unit goes before the column's."""
    match = _NUMBER_UNIT.fullmatch(value)
    if match is None:
        return None
    own = factor(match[2], column.field.unit)
    if own is None and column.field.unit == "":
        own = times
    return None if own is None else float(match[1].replace(",", "")) * own


def _not_whole(values: pd.Series, cells: pd.Series, column: Column) -> list[Finding]:
    if column.field.dtype != "integer":
        return []
    broken = values.notna() & ((values - values.round()).abs() > 1e-6)
    what = Text("应为整数", "must be a whole number")
    cure = Text("核对原表", "check the source table")
    return [column.finding("not-whole", what, cure, row=row, value=value) for row, value in cells[broken].items()]


def _out_of_range(values: pd.Series, cells: pd.Series, column: Column) -> list[Finding]:
    low, high = column.field.low, column.field.high
    bad = pd.Series(False, index=values.index)
    if low is not None:
        bad |= values < low
    if high is not None:
        bad |= values > high
    if not bad.any():
        return []
    bounds, unit = bounds_words(low, high), unit_words(column.field.unit)
    what = Text(f"应{bounds.zh}{unit.zh}", f"must be {bounds.en} {unit.en}".rstrip())
    cure = Text("核对原表的数值和单位", "check value and unit in the source table")
    return [column.finding("out-of-range", what, cure, row=row, value=value) for row, value in cells[bad].items()]


def _dates(cells: pd.Series, column: Column, gone: set[str]) -> tuple[pd.Series, list[Finding]]:
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        plain = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
        return plain.astype("datetime64[s]"), []
    if pd.api.types.is_numeric_dtype(cells.dtype):
        cells = cells.astype(object).where(cells.notna(), None)
    text, findings = without_words(_strings(cells, gone), column)
    doubtful = cells.map(lambda one: isinstance(one, float) and 1700 <= one < 2200 and not one.is_integer())
    read = {one: date_of(one) for one in text.dropna().unique()}
    values = pd.to_datetime(text.map(read.get), errors="coerce").astype("datetime64[s]").mask(doubtful)
    what = Text("不是日期", "is no date")
    cure = Text("写成 2019-07-01", "write it as 2019-07-01")
    bad = text.notna() & values.isna()
    findings += [column.finding("no-date", what, cure, row=row, value=value) for row, value in text[bad].items()]
    count = sum(serial_dates(text.dropna()))
    if count:
        note = Text(
            f"{count} 个日期是电子表格的序列数，已换算",
            f"{count} dates are serial numbers of a spreadsheet; converted",
        )
        findings.append(
            column.finding("serial-date", note, Text("把该列设为日期格式", "format the column as dates"), mended=True)
        )
    return values, findings


def _yesno(cells: pd.Series, column: Column, gone: set[str]) -> tuple[pd.Series, list[Finding]]:
    if pd.api.types.is_bool_dtype(cells.dtype):
        return cells.astype("boolean"), []
    text = _strings(cells, gone).map(str.lower, na_action="ignore")
    table: dict[str, bool] = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
    values = text.map(table.get).astype("boolean")
    bad = text.notna() & values.isna()
    what = Text("不是“是”或“否”", "is neither yes nor no (是 / 否)")
    cure = Text("写“是”或“否”", "write 是 or 否")
    return values, [column.finding("no-yesno", what, cure, row=row, value=value) for row, value in text[bad].items()]


def _codes(cells: pd.Series, column: Column, gone: set[str]) -> tuple[pd.Series, list[Finding]]:
    text = _strings(cells, gone).fillna("")
    plain = text.str.replace(" ", "").str.lstrip("'")
    mended = plain.map(lambda one: match[1] if (match := _FLOAT_CODE.fullmatch(one)) else one)
    findings = []
    turned = mended != plain
    if turned.any():
        what = Text(
            f"{int(turned.sum())} 个代码被存成小数（如 {plain[turned].iloc[0]}），已还原",
            f"{int(turned.sum())} codes were stored as decimals (such as {plain[turned].iloc[0]}); put right",
        )
        cure = Text("把该列设为文本格式", "format the column as text")
        findings.append(
            column.finding("code-as-number", what, cure, row=turned.idxmax(), value=plain[turned].iloc[0], mended=True)
        )
    lost = mended.str.fullmatch(r"\d(\.\d+)?e\+?\d+", case=False)
    what = Text("代码变成了科学计数法，位数已丢失", "the code became scientific notation; digits are lost")
    cure = Text("从原始表重新导出，该列用文本格式", "export again with the column as text")
    findings += [
        column.finding("code-digits-lost", what, cure, row=row, value=value) for row, value in mended[lost].items()
    ]
    return mended.mask(lost, "").astype("str"), findings


def _texts(cells: pd.Series, column: Column, gone: set[str]) -> tuple[pd.Series, list[Finding]]:
    text = _strings(cells, gone)
    if not column.field.codes:
        kept = [shown(one, most=4000) if there else "" for one, there in zip(cells, text.notna(), strict=True)]
        return pd.Series(kept, index=cells.index, dtype="str"), []
    meant = {one: _listed(one, column.field.codes) for one in text.dropna().unique()}
    values = text.map(meant.get)
    findings = []
    for value, fit in meant.items():
        rows = [] if fit == value else text.index[text == value].tolist()
        near = get_close_matches(value, column.field.codes, n=1, cutoff=0.3) if rows else []
        listed = few(column.field.codes)
        cure = Text(f"可用的值：{listed}", f"allowed: {listed}{f'; nearest: {near[0]}' if near else ''}")
        what = Text("不在取值表中", "is not in the list of values")
        if fit and rows:
            what = Text(f"按“{fit}”读取（{len(rows)} 条记录）", f"read as {fit} ({len(rows)} records)")
            rows = rows[:1]
        mended = fit is not None
        findings += [column.finding("not-in-list", what, cure, row=row, value=value, mended=mended) for row in rows]
    return values.fillna("").astype("str"), findings


def _listed(value: str, codes: Sequence[str]) -> str | None:
    """Return the listed value that this one is, or holds (土质滑坡 -> 滑坡); None if none or several do."""
    if value in codes:
        return value
    held = [one for one in codes if one in value or (len(value) > 1 and value in one)]
    longest = max(held, key=len, default="")
    return longest if held and all(one in longest for one in held) else None
