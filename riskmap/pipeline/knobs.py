"""Check the knobs of `[hazards.*]` against the very signatures that take them."""

import inspect
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from riskmap.loaders.county_words import choices
from riskmap.model.atlas_names import atlas_names
from riskmap.model.text import Text
from riskmap.model.theme import Theme
from riskmap.standards import book

__all__ = ["atlas_faults", "knob_faults", "knobs_of", "serves_faults"]

_SETTINGS = {"profile": str, "leave_out": str}
"""Keys of `[hazards.<name>]` that are no knobs of `measure`."""


def knobs_of(theme: Theme) -> dict[str, Any]:
    """Names of a theme's knobs with their types.

    Parameters
    ----------
    theme : Theme
        A hazard.

    Returns
    -------
    dict of str to type
        The keyword-only arguments of ``theme.measure``.

    Examples
    --------
    >>> from riskmap.hazards import THEMES
    >>> "return_periods_a" in knobs_of({one.name: one for one in THEMES}["flood"])
    True
    """
    hints = typing.get_type_hints(theme.measure)
    parameters = inspect.signature(theme.measure).parameters.values()
    return {one.name: hints[one.name] for one in parameters if one.kind is one.KEYWORD_ONLY}


def knob_faults(hazards: Mapping[str, Mapping[str, Any]], themes: Sequence[Theme]) -> list[Text]:
    """Name everything in `[hazards.*]` that the hazards do not take.

    Parameters
    ----------
    hazards : mapping
        The raw tables of ``county.toml``.
    themes : sequence of Theme
        The hazards there are.

    Returns
    -------
    list of Text
        One line a fault; empty when all is right.

    Examples
    --------
    >>> from riskmap.hazards import THEMES
    >>> knob_faults({"flod": {}}, THEMES)[0].en.startswith("hazards.flod: no such hazard; nearest: flood")
    True
    """
    known = {one.name: one for one in themes}
    faults = []
    for name, table in hazards.items():
        if name not in known:
            near = choices(name, known)
            faults.append(Text(f"hazards.{name}：没有这个灾种{near.zh}", f"hazards.{name}: no such hazard{near.en}"))
            continue
        allowed = {**_SETTINGS, **knobs_of(known[name])}
        for key, value in table.items():
            where = f"hazards.{name}.{key}"
            if key not in allowed:
                near = choices(key, allowed)
                faults.append(Text(f"{where}：没有这一项{near.zh}", f"{where}: unknown key{near.en}"))
                continue
            try:
                TypeAdapter(allowed[key]).validate_python(value)
            except ValidationError as fault:
                why = fault.errors()[0]["msg"].lower()
                faults.append(Text(f"{where} = {value!r}：类型不对（{why}）", f"{where} = {value!r}: {why}"))
    return faults


def serves_faults(raw: Mapping[str, Any], themes: Sequence[Theme]) -> list[Text]:
    """Name the hazards of `[shelters.serves]` that there are not.

    Parameters
    ----------
    raw : mapping
        All of ``county.toml``.
    themes : sequence of Theme
        The hazards there are.

    Returns
    -------
    list of Text
        One line a fault. Allowed are these, ``dry``, those of the standard, products given by departments, declared shares.

    Examples
    --------
    >>> from riskmap.hazards import THEMES
    >>> serves_faults({"shelters": {"serves": {"紧急": ["fires"]}}}, THEMES)[0].en.partition(";")[0]
    'shelters.serves.紧急: no hazard called fires'
    """
    shelters, given = raw.get("shelters"), raw.get("given")
    if not isinstance(shelters, dict) or not isinstance(shelters.get("serves"), dict):
        return []
    own = [name for one in (given, shelters.get("share")) if isinstance(one, dict) for name in one]
    standard = [name for row in book().table("shelters.types") for name in row.get("serves", ())]
    shares = [str(row["name"]) for row in book().table("shelters.shares")]
    allowed = dict.fromkeys(["dry", *standard, *shares, *(one.name for one in themes), *own])
    return [
        _unknown(
            Text(f"shelters.serves.{kind}：没有灾种 ", f"shelters.serves.{kind}: no hazard called "), name, allowed
        )
        for kind, names in shelters["serves"].items()
        if isinstance(names, list)
        for name in names
        if name not in allowed
    ]


def atlas_faults(raw: Mapping[str, Any], themes: Sequence[Theme]) -> list[Text]:
    """Name what `[maps] atlas_leave_out` asks for that no atlas has.

    Parameters
    ----------
    raw : mapping
        All of ``county.toml``.
    themes : sequence of Theme
        The hazards there are; products given by departments are hazards too.

    Returns
    -------
    list of Text
        One line a name. A hazard that the run may turn out unable to measure is no fault.

    Examples
    --------
    >>> from riskmap.hazards import THEMES
    >>> atlas_faults({"maps": {"atlas_leave_out": ["hazard-flod"]}}, THEMES)[0].en.partition(",")[0]
    'maps.atlas_leave_out: no layer called hazard-flod; nearest: hazard-flood'
    """
    maps, given = raw.get("maps"), raw.get("given")
    names = maps.get("atlas_leave_out") if isinstance(maps, dict) else None
    if not isinstance(names, list):
        return []
    allowed = atlas_names([*(one.name for one in themes), *(given if isinstance(given, dict) else ())])
    return [
        _unknown(Text("maps.atlas_leave_out：没有图层 ", "maps.atlas_leave_out: no layer called "), name, allowed)
        for name in names
        if name not in allowed
    ]


def _unknown(what: Text, name: object, allowed: Iterable[str]) -> Text:
    near = choices(str(name), allowed)
    return Text(f"{what.zh}{name}{near.zh}", f"{what.en}{name}{near.en}")
