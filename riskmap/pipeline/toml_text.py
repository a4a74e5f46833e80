"""Plain values as TOML text."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_text(tables: Mapping[str, Any]) -> str:
    """Write nested plain values as TOML.

    Parameters
    ----------
    tables : mapping
        Texts, numbers, booleans, sequences and mappings; None is left out.

    Returns
    -------
    str
        Values first, then tables; tables of tables get a heading each, deeper ones stand on one line.

    Examples
    --------
    >>> print(toml_text({"date": "2026-01-01", "layers": {"dem": {"path": "a.tif", "units": {"x": "m"}}}}))
    date = "2026-01-01"
    <BLANKLINE>
    [layers.dem]
    path = "a.tif"
    units = {x = "m"}
    <BLANKLINE>
    """
    lines = [
        f"{_key(name)} = {_value(one)}"
        for name, one in tables.items()
        if not isinstance(one, Mapping) and one is not None
    ]
    for name, table in tables.items():
        if not isinstance(table, Mapping) or not table:
            continue
        if all(isinstance(one, Mapping) for one in table.values()):
            for inner, one in table.items():
                lines += ["", f"[{_key(name)}.{_key(inner)}]", *_rows(one)]
        else:
            lines += ["", f"[{_key(name)}]", *_rows(table)]
    return "\n".join(lines) + "\n"


def _rows(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_value(one)}" for name, one in table.items() if one is not None]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(one: Any) -> str:
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, str):
        return json.dumps(one, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(one, Mapping):
        return "{" + ", ".join(_rows(one)) + "}"
    if isinstance(one, Sequence):
        return "[" + ", ".join(_value(inner) for inner in one) + "]"
    return repr(one)
