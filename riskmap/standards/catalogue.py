"""Hand out the declared layers by name."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from riskmap.errors import StandardError
from riskmap.model.layers import Field, LayerSpec, Rule, RuleText
from riskmap.model.text import Text

__all__ = ["layer_spec", "layer_specs", "rule_texts"]


@cache
def layer_specs() -> Mapping[str, LayerSpec]:
    """Read the catalogue of layers that ships with riskmap.

    Returns
    -------
    mapping of str to LayerSpec
        Delivered and derived layers by name.

    Raises
    ------
    StandardError
        A table of the package is not well formed.

    Examples
    --------
    >>> layer_specs()["dem"].unit
    'm'
    """
    found: dict[str, LayerSpec] = {}
    folder = files("riskmap.standards").joinpath("layers")
    for path in sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name):
        for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[name] = _spec(name, entry, path.name)
    return MappingProxyType(found)


def layer_spec(name: str) -> LayerSpec:
    """Layer declared as `name`.

    Raises
    ------
    StandardError
        The catalogue has no such layer.

    Examples
    --------
    >>> layer_spec("hazard_points").field("threatened_people").title.zh
    '威胁人数'
    """
    if name not in layer_specs():
        raise StandardError(f"no layer called {name!r}; there are {', '.join(sorted(layer_specs()))}")
    return layer_specs()[name]


@cache
def rule_texts() -> Mapping[str, RuleText]:
    """Read what the rules of the quality check mean.

    Returns
    -------
    mapping of str to RuleText
        By name, in the order of the file.

    Examples
    --------
    >>> rule_texts()["duplicate-key"].severity
    'error'
    """
    file = files("riskmap.standards").joinpath("checks", "rules.toml")
    entries = tomllib.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            name: RuleText(name=name, severity=one["severity"], title=Text(**one["title"]), cure=Text(**one["cure"]))
            for name, one in entries.items()
        }
    )


def _spec(name: str, entry: Mapping[str, Any], where: str) -> LayerSpec:
    unknown = sorted(set(entry) - {one.name for one in fields(LayerSpec)})
    if unknown:
        raise StandardError(f"standards/layers/{where} [{name}]: unknown key {', '.join(unknown)}")
    columns = tuple(_column(row) for row in entry.get("fields", ()))
    categories = {int(code): Text(**text) for code, text in entry.get("categories", {}).items()}
    rest: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one
        for key, one in entry.items()
        if key not in {"fields", "title", "categories", "rules"}
    }
    rules = tuple(_rule(row) for row in entry.get("rules", ()))
    title = Text(**entry["title"])
    return LayerSpec(name=name, title=title, fields=columns, categories=categories, rules=rules, **rest)


def _column(row: Mapping[str, Any]) -> Field:
    frozen: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}
    return Field(**{**frozen, "title": Text(**row["title"])})


def _rule(row: Mapping[str, Any]) -> Rule:
    frozen: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in row.items()}
    return Rule(**frozen)
