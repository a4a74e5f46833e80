"""Turn the TOML of the published tables into frozen nouns."""

import tomllib
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from riskmap.errors import StandardError
from riskmap.model.county import Confirmation
from riskmap.model.profile import Group, Indicator, Profile, tree_faults
from riskmap.model.scheme import ClassScheme, Threshold
from riskmap.model.standards import Standards
from riskmap.model.text import Text

__all__ = ["book", "confirmed", "read_profile"]

Noun = TypeVar("Noun", Threshold, ClassScheme, Profile, Indicator, Group)


@cache
def book() -> Standards:
    """Read the standards that ship with riskmap.

    Returns
    -------
    Standards
        Thresholds, schemes, tables and profiles by name.

    Raises
    ------
    StandardError
        A file of the package is not well formed, or two files use one name.

    Examples
    --------
    >>> book().scheme("gb-spi").labels[0].zh
    '无旱'
    """
    thresholds: dict[str, Threshold] = {}
    schemes: dict[str, ClassScheme] = {}
    tables: dict[str, tuple[Mapping[str, Any], ...]] = {}
    folder = files("riskmap.standards")
    for path in sorted((p for p in folder.iterdir() if p.name.endswith(".toml")), key=lambda p: p.name):
        stem = path.name.removesuffix(".toml")
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        source = raw.get("source", "")
        for name, entry in raw.get("thresholds", {}).items():
            key = f"{stem}.{name}"
            thresholds[key] = _noun(Threshold, {"source": source, **entry, "key": key}, path.name)
        for name, entry in raw.get("schemes", {}).items():
            if name in schemes:
                raise StandardError(f"standards/{path.name}: scheme {name!r} stands in another file too")
            schemes[name] = _noun(ClassScheme, {"source": source, **entry, "name": name}, path.name)
        for name, rows in raw.get("tables", {}).items():
            tables[f"{stem}.{name}"] = tuple(MappingProxyType(row) for row in rows)
    profiles = {}
    for path in sorted(folder.joinpath("profiles").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".toml"):
            name = path.name.removesuffix(".toml")
            profiles[name] = read_profile(path.read_text(encoding="utf-8"), name=name)
    return Standards(
        thresholds=MappingProxyType(thresholds),
        schemes=MappingProxyType(schemes),
        tables=MappingProxyType(tables),
        profiles=MappingProxyType(profiles),
    )


def read_profile(text: str, *, name: str) -> Profile:
    """Read a profile from the text of its TOML file.

    Parameters
    ----------
    text : str
        Content of the file.
    name : str
        Name of the profile; also used in messages.

    Returns
    -------
    Profile

    Raises
    ------
    StandardError
        The text is no TOML, holds unknown, missing or misplaced keys, or groups that make no tree (see `tree_faults`).

    Examples
    --------
    >>> read_profile('''
    ... title = {zh = "得分", en = "Score"}
    ... source = "here"
    ... confidence = "C"
    ... [[indicators]]
    ... factor = "slope_deg"
    ... title = {zh = "坡度", en = "Slope"}
    ... ''', name="mine").indicators[0].factor
    'slope_deg'
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise StandardError(f"profile {name!r} is no TOML: {fault}") from None
    rows = raw.pop("indicators", [])
    indicators = tuple(_noun(Indicator, row, f"profile {name}") for row in rows)
    if not indicators:
        raise StandardError(f"profile {name!r} has no [[indicators]]")
    groups = tuple(_noun(Group, row, f"profile {name}") for row in raw.pop("groups", []))
    profile = _noun(Profile, {**raw, "name": name, "indicators": indicators, "groups": groups}, f"profile {name}")
    faults = tree_faults(profile)
    if faults:
        raise StandardError(f"profile {name!r}: its groups make no tree", faults)
    return profile


def confirmed(standards: Standards, entries: Mapping[str, Confirmation]) -> Standards:
    """Put a county's own readings of the standards in place of the published ones.

    Parameters
    ----------
    standards : Standards
        What ships.
    entries : mapping of str to Confirmation
        By threshold key, or by scheme name (then `edges` are replaced).

    Returns
    -------
    Standards
        With ``confidence = "county-confirmed"`` on these entries.

    Raises
    ------
    StandardError
        A key that does not exist, or an entry without the value that its kind needs; all named at once.

    Examples
    --------
    >>> entry = Confirmation(edges=(0.2, 0.6, 1.2), clause="5.2", confirmed_by="水利局", date="2026-03-01")
    >>> confirmed(book(), {"flood-risk-degree": entry}).scheme("flood-risk-degree").confidence
    'county-confirmed'
    """
    thresholds, schemes, faults = {}, {}, []
    for key, entry in entries.items():
        note = {
            "clause": f"{entry.clause} ({entry.confirmed_by}, {entry.date})",
            "confidence": entry.confidence,
        }
        try:
            if key in standards.schemes:
                scheme = standards.scheme(key)
                if len(entry.edges) != scheme.size - 1 or list(entry.edges) != sorted(entry.edges):
                    count = scheme.size - 1
                    zh = f"[standards.{key}] edges：请给 {count} 个由小到大的数"
                    faults.append(Text(zh, f"[standards.{key}] edges: give {count} ascending numbers"))
                    continue
                schemes[key] = replace(scheme, breaks="fixed", edges=entry.edges, **note)  # type: ignore[arg-type]
            elif entry.value is None:
                standards.threshold(key)
                faults.append(Text(f"[standards.{key}] value：缺少", f"[standards.{key}] value: missing"))
            else:
                thresholds[key] = replace(standards.threshold(key), value=entry.value, **note)  # type: ignore[arg-type]
        except StandardError as fault:
            faults.append(Text(f"[standards.{key}] {fault.zh}", f"[standards.{key}] {fault.en}"))
    if faults:
        raise StandardError(
            Text("county.toml：确认的数值不能采用", "county.toml: confirmed values that cannot be used"), faults
        )
    return standards.with_entries(thresholds=thresholds, schemes=schemes)


def _noun(kind: type[Noun], entry: Mapping[str, Any], where: str) -> Noun:
    known = {one.name for one in fields(kind)}
    unknown = sorted(set(entry) - known)
    if unknown:
        raise StandardError(f"{where}: unknown key {', '.join(unknown)}; allowed: {', '.join(sorted(known))}")
    try:
        return kind(**{key: _frozen(value) for key, value in entry.items()})
    except (TypeError, StandardError) as fault:
        raise StandardError(f"{where}: {fault}") from None


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return Text(**value)
        return MappingProxyType({key: _frozen(one) for key, one in value.items()})
    if isinstance(value, list):
        return tuple(_frozen(one) for one in value)
    return value
