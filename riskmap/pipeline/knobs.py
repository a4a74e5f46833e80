"""Check the knobs of `[hazards.*]` against the very signatures that take them."""

import inspect
import typing
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import TypeAdapter, ValidationError

from riskmap.model.theme import Theme

__all__ = ["knob_faults", "knobs_of"]

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


def knob_faults(hazards: Mapping[str, Mapping[str, Any]], themes: Sequence[Theme]) -> list[str]:
    """Name everything in `[hazards.*]` that the hazards do not take.

    Parameters
    ----------
    hazards : mapping
        The raw tables of ``county.toml``.
    themes : sequence of Theme
        The hazards there are.

    Returns
    -------
    list of str
        One line a fault; empty when all is right.

    Examples
    --------
    >>> from riskmap.hazards import THEMES
    >>> knob_faults({"flod": {}}, THEMES)[0].startswith("hazards.flod: no such hazard; nearest: flood")
    True
    """
    known = {one.name: one for one in themes}
    faults = []
    for name, table in hazards.items():
        if name not in known:
            faults.append(f"hazards.{name}: no such hazard; {_nearest(name, known)}")
            continue
        allowed = {**_SETTINGS, **knobs_of(known[name])}
        for key, value in table.items():
            where = f"hazards.{name}.{key}"
            if key not in allowed:
                faults.append(f"{where}: unknown key; {_nearest(key, allowed)}")
                continue
            try:
                TypeAdapter(allowed[key]).validate_python(value)
            except ValidationError as fault:
                faults.append(f"{where} = {value!r}: {fault.errors()[0]['msg'].lower()}")
    return faults


def _nearest(name: str, allowed: Mapping[str, Any]) -> str:
    near = get_close_matches(name, allowed, n=2, cutoff=0.5)
    return (f"nearest: {', '.join(near)}; " if near else "") + f"allowed: {', '.join(sorted(allowed))}"
