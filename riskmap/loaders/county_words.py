"""Say pydantic's findings about `county.toml` in words of the file: dotted key, what came, what is allowed."""

import types
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from riskmap.loaders.county_meanings import MEANINGS
from riskmap.model.county import County
from riskmap.model.text import Text

__all__ = ["choices", "in_words", "nearest", "no_date", "not_a_class"]

_WHOLE, _TABLE = Text("整数", "a whole number"), Text("表", "a table")
_ALLOWED = {
    "string_type": Text("带引号的文字", "text in quotes"),
    "float_type": Text("数字", "a number"),
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": Text("true 或 false", "true or false"),
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "tuple_type": Text("方括号 [ ] 里的列表", "a list in [ ]"),
    "string_too_short": Text("不能为空的文字", "text that is not empty"),
}
_SIGNS = {"greater_than": ">", "greater_than_equal": ">=", "less_than": "<", "less_than_equal": "<="}
_KINDS: dict[type, Text] = {
    str: Text("文字", "text"),
    bool: Text("true/false", "true/false"),
    int: _WHOLE,
    float: Text("数字", "a number"),
    list: Text("列表", "a list"),
    dict: _TABLE,
    date: Text("不带引号的日期", "a date without quotes"),
}


def in_words(error: ValidationError, raw: Mapping[str, Any]) -> list[Text]:
    """Turn a validation error of the `County` model into one line per fault.

    Parameters
    ----------
    error : pydantic.ValidationError
        Raised by ``County.model_validate``.
    raw : mapping
        The tables that were validated.

    Returns
    -------
    list of Text
        ``key: what is wrong; what is allowed``.

    Examples
    --------
    >>> try:
    ...     County.model_validate({"folder": ".", "name": {"zh": "甲", "en": "A"}, "date": "2026", "cell_size": 30})
    ... except ValidationError as fault:
    ...     told = in_words(fault, {"cell_size": 30})[0]
    >>> told.zh.split("；")[0], told.en.split(";")[0]
    ('cell_size：没有这一项', 'cell_size: unknown key')
    """
    return [_one(dict(fault), raw) for fault in error.errors()]


def nearest(word: str, names: Iterable[str]) -> Text:
    """Return ``"; nearest: a, b"`` for the names most like `word`, or ``""``, in both languages.

    Examples
    --------
    >>> nearest("vilages", ["villages", "dem"])
    Text(zh='；最接近：villages', en='; nearest: villages')
    """
    near = get_close_matches(word, list(names), n=3, cutoff=0.6)
    return Text(f"；最接近：{'、'.join(near)}", f"; nearest: {', '.join(near)}") if near else Text("", "")


def choices(word: str, names: Iterable[str]) -> Text:
    """Return the nearest of the names and all that are allowed, to stand after a fault.

    Examples
    --------
    >>> choices("vilages", ["villages", "dem"]).en
    '; nearest: villages; allowed: villages, dem'
    """
    known, near = list(names), nearest(word, names)
    return Text(f"{near.zh}；可用：{'、'.join(known)}", f"{near.en}; allowed: {', '.join(known)}")


def no_date(where: str, value: str) -> Text:
    """Say that a text is no day.

    Examples
    --------
    >>> print(no_date("date", "2026").zh)
    date：'2026' 不是日期；请写成 "2026-01-31"
    """
    return Text(
        f'{where}：{value!r} 不是日期；请写成 "2026-01-31"', f'{where}: {value!r} is no date; write it as "2026-01-31"'
    )


def not_a_class(where: str, code: int, size: int) -> Text:
    """Say that a number is no class of a scheme with so many.

    Examples
    --------
    >>> not_a_class("given.hail.classes.高", 7, 5).en
    'given.hail.classes.高: 7; allowed: 1 to 5 (low to high)'
    """
    return Text(
        f"{where}：{code}；可用：1 至 {size}（由低到高）", f"{where}: {code}; allowed: 1 to {size} (low to high)"
    )


def _one(fault: dict[str, Any], raw: Mapping[str, Any]) -> Text:
    loc = [part for part in fault["loc"] if part != "[key]"]
    key = ".".join(str(part) for part in loc)
    kind, limits, meaning = fault["type"], fault.get("ctx", {}), _meaning(loc)
    if kind == "extra_forbidden":
        names = choices(str(loc[-1]), _keys(loc[:-1]))
        return Text(f"{key}：没有这一项{names.zh}", f"{key}: unknown key{names.en}")
    if kind == "missing":
        return Text(f"{key}：缺少；{meaning.zh or '请补上这一项'}", f"{key}: missing; {meaning.en or 'add this key'}")
    came = _came(raw, loc)
    if kind == "literal_error":
        expected = str(limits["expected"])
        allowed = Text(expected.replace(" or ", " 或 "), expected)
    elif kind == "string_pattern_mismatch":
        pattern = limits["pattern"]
        allowed = Text(f"{meaning.zh}（格式 {pattern}）", f"{meaning.en} (pattern {pattern})")
    elif kind in _SIGNS:
        bound = f"{_SIGNS[kind]} {next(iter(limits.values()))}"
        allowed = Text(bound, bound)
    else:
        other = str(fault["msg"])
        allowed = _ALLOWED.get(kind, Text(other, other))
        if meaning.en:
            allowed = Text(f"{allowed.zh}（{meaning.zh}）", f"{allowed.en} ({meaning.en})")
    return Text(f"{key}：{came.zh}；可用：{allowed.zh}", f"{key}: {came.en}; allowed: {allowed.en}")


def _came(raw: Mapping[str, Any], loc: list[Any]) -> Text:
    value: Any = raw
    for part in loc:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            break
    other = type(value).__name__
    kind = _KINDS.get(type(value), Text(other, f"a {other}"))
    shown = (repr(value) if isinstance(value, str | int | float | list) else str(value))[:60]
    return Text(f"{shown} 是{kind.zh}", f"{shown} is {kind.en}")


def _keys(loc: list[Any]) -> list[str]:
    model = _at(loc)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [name for name in model.model_fields if name != "folder"]
    return []


def _meaning(loc: list[Any]) -> Text:
    """What the key is for."""
    parent = _at(loc[:-1])
    if isinstance(parent, type) and issubclass(parent, BaseModel) and loc[-1] in parent.model_fields:
        told = parent.model_fields[loc[-1]].description or ""
        return Text(MEANINGS.get(told, told), told)
    return Text("", "")


def _at(loc: list[Any]) -> Any:
    """Type declared at a place of the county file."""
    here: Any = County
    for part in loc:
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = here.model_fields[part].annotation if part in here.model_fields else None
        else:
            inner = get_args(here)
            here = inner[-1] if get_origin(here) is dict else inner[0] if inner else None
        while get_origin(here) in {Annotated, Union, types.UnionType}:
            here = get_args(here)[0]
    return here
