"""Say pydantic's findings about `county.toml` in words of the file: dotted key, what came, what is allowed."""

import types
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from riskmap.model.county import County

__all__ = ["in_words", "nearest"]

_ALLOWED = {
    "string_type": "text in quotes",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "tuple_type": "a list in [ ]",
    "string_too_short": "text that is not empty",
}
_KINDS: dict[type, str] = {
    str: "text",
    bool: "true/false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


def in_words(error: ValidationError, raw: Mapping[str, Any]) -> list[str]:
    """Turn a validation error of the `County` model into one line per fault.

    Parameters
    ----------
    error : pydantic.ValidationError
        Raised by ``County.model_validate``.
    raw : mapping
        The tables that were validated.

    Returns
    -------
    list of str
        ``key: what is wrong; what is allowed``.

    Examples
    --------
    >>> try:
    ...     County.model_validate({"folder": ".", "name": {"zh": "甲", "en": "A"}, "date": "2026", "cell_size": 30})
    ... except ValidationError as fault:
    ...     print(in_words(fault, {"cell_size": 30})[0].split(";")[0])
    cell_size: unknown key
    """
    return [_one(dict(fault), raw) for fault in error.errors()]


def nearest(word: str, names: Iterable[str]) -> str:
    """Return ``"; nearest: a, b"`` for the names most like `word`, or ``""``.

    Examples
    --------
    >>> nearest("vilages", ["villages", "dem"])
    '; nearest: villages'
    """
    near = get_close_matches(word, list(names), n=3, cutoff=0.6)
    return f"; nearest: {', '.join(near)}" if near else ""


def _one(fault: dict[str, Any], raw: Mapping[str, Any]) -> str:
    loc = [part for part in fault["loc"] if part != "[key]"]
    key = ".".join(str(part) for part in loc)
    kind, limits = fault["type"], fault.get("ctx", {})
    if kind == "extra_forbidden":
        names = _keys(loc[:-1])
        return f"{key}: unknown key{nearest(str(loc[-1]), names)}; allowed: {', '.join(names)}"
    if kind == "missing":
        return f"{key}: missing; {_meaning(loc) or 'add this key'}"
    came = _came(raw, loc)
    if kind == "literal_error":
        return f"{key}: {came}; allowed: {limits['expected']}"
    if kind == "string_pattern_mismatch":
        return f"{key}: {came}; allowed: {_meaning(loc)} (pattern {limits['pattern']})"
    bounds = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
    if kind in bounds:
        sign = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}[bounds[kind]]
        return f"{key}: {came}; allowed: {sign} {limits[bounds[kind]]}"
    allowed = _ALLOWED.get(kind, str(fault["msg"]))
    meaning = _meaning(loc)
    return f"{key}: {came}; allowed: {allowed}{f' ({meaning})' if meaning else ''}"


def _came(raw: Mapping[str, Any], loc: list[Any]) -> str:
    value: Any = raw
    for part in loc:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            break
    kind = _KINDS.get(type(value), f"a {type(value).__name__}")
    shown = repr(value) if isinstance(value, str | int | float | list) else str(value)
    return f"{shown[:60]} is {kind}"


def _keys(loc: list[Any]) -> list[str]:
    model = _at(loc)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [name for name in model.model_fields if name != "folder"]
    return []


def _meaning(loc: list[Any]) -> str:
    parent = _at(loc[:-1])
    if isinstance(parent, type) and issubclass(parent, BaseModel) and loc[-1] in parent.model_fields:
        return parent.model_fields[loc[-1]].description or ""
    return ""


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
