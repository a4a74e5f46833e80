"""From a measured Dataset to the result of one theme."""

import operator
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr

from riskmap.errors import MethodError, MissingLayerError
from riskmap.model import (
    ClassScheme,
    LeftOut,
    Profile,
    Survey,
    Text,
    Theme,
    ThemeResult,
    Threshold,
)
from riskmap.model.titles import entry_words
from riskmap.scoring import classify, evaluate, weight_tree

__all__ = ["assess_theme", "missing_layers"]

_OPERATORS = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def missing_layers(theme: Theme, survey: Survey) -> LeftOut | None:
    """Say which required layers of a theme are absent; None if none is.

    Parameters
    ----------
    theme : Theme
        A hazard.
    survey : Survey
        Checked layers.

    Returns
    -------
    LeftOut or None

    Examples
    --------
    >>> from riskmap.hazards import FLOOD
    >>> from types import SimpleNamespace
    >>> county = SimpleNamespace(title=Text("县", "County"))
    >>> missing_layers(FLOOD, Survey(**{**dict.fromkeys(Survey.__slots__, {}), "county": county})).product.en
    'Flood'
    """
    absent = [one.title for one in theme.layers if one.name in theme.required and not survey.has(one.name)]
    if not absent:
        return None
    zh, en = "、".join(one.zh for one in absent), ", ".join(one.en for one in absent)
    return LeftOut(product=theme.title, reason=Text(f"缺少图层：{zh}", f"layers not delivered: {en}"))


def assess_theme(theme: Theme, survey: Survey, settings: Mapping[str, Any]) -> tuple[ThemeResult | None, list[LeftOut]]:
    """Measure a hazard, class it by its official scheme and score it by its profile.

    Parameters
    ----------
    theme : Theme
        A hazard.
    survey : Survey
        With the derived layers.
    settings : mapping
        ``[hazards.<name>]``: knobs of `measure`, and ``profile``.

    Returns
    -------
    ThemeResult or None
        None when the hazard cannot be measured.
    list of LeftOut
        The theme itself, or products of it, that could not be made.

    Examples
    --------
    >>> assess_theme.__name__
    'assess_theme'
    """
    absent = missing_layers(theme, survey)
    if absent is not None:
        return None, [absent]
    knobs = {key: value for key, value in settings.items() if key != "profile"}
    try:
        measured = theme.measure(survey, survey.grid, **knobs).where(survey.mask)
    except (MissingLayerError, MethodError) as fault:
        why = Text(f"无法计算：{fault.zh}", f"cannot be measured: {fault.en}")
        return None, [LeftOut(product=theme.title, reason=why)]
    profile = survey.standards.profile(settings.get("profile", theme.profile))
    score, known = evaluate(profile, measured)
    quantity = score if theme.headline == "score" else measured[theme.headline]
    scheme = survey.standards.scheme(theme.scheme)
    classified = classify(quantity.to_numpy(), scheme)
    attrs = measured.attrs
    result = ThemeResult(
        name=theme.name,
        title=Text(attrs["title_zh"], attrs["title_en"]),
        origin="measured",
        method=Text(attrs["method_zh"], attrs["method_en"]),
        measured=measured,
        headline=theme.headline,
        classes=_like(score, classified.codes),
        scheme=classified.scheme,
        score=score.astype("float32"),
        known_share=known.astype("float32"),
        thresholds=_thresholds(survey, measured, classified.scheme, profile),
        **_scenarios(theme, measured, survey),
    )
    gone = [LeftOut(product=Text(a, b), reason=Text(c, d)) for a, b, c, d in attrs.get("left_out", ())]
    return result, gone


def _like(pattern: xr.DataArray, values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims=pattern.dims, coords=pattern.coords)


def _scenarios(theme: Theme, measured: xr.Dataset, survey: Survey) -> dict[str, Mapping[str, Any]]:
    masks: dict[str, xr.DataArray] = {}
    closes: dict[str, str] = {}
    rules: dict[str, str] = {}
    depths: dict[str, tuple[str, Any]] = {}
    titles: dict[str, Text] = {}
    for closure in theme.closures:
        if closure.variable not in measured:
            continue
        closed = _OPERATORS[closure.operator](measured[closure.variable], survey.standards.value(closure.threshold))
        lead = [str(dim) for dim in closed.dims if dim not in {"y", "x"}]
        unit = measured[lead[0]].attrs.get("units", "a") if lead else ""
        entries: list[Any] = closed[lead[0]].to_numpy().tolist() if lead else [None]
        for entry in entries:
            name = f"{theme.name}: {closure.title.zh}" if entry is None else f"{theme.name}: {entry:g} {unit}"
            mask = closed if entry is None else closed.sel({lead[0]: entry}, drop=True)
            masks[name] = mask & survey.mask
            titles[name] = closure.title if entry is None else entry_words(entry, unit, closure.title)
            closes[name] = closure.closes
            rules[name] = closure.rule or closure.threshold
            if closure.over and survey.has(closure.over):
                depths[name] = (closure.variable, entry)
    found: dict[str, Mapping[str, Any]] = {
        "scenarios": masks,
        "scenario_closes": closes,
        "scenario_rules": rules,
        "scenario_depths": depths,
        "scenario_titles": titles,
    }
    return {key: MappingProxyType(one) for key, one in found.items()}


def _thresholds(survey: Survey, measured: xr.Dataset, scheme: ClassScheme, profile: Profile) -> tuple[Threshold, ...]:
    edges = Threshold(
        key=f"scheme.{scheme.name}",
        value=tuple(scheme.direction * edge for edge in scheme.edges),
        unit=scheme.unit,
        title=scheme.title,
        source=scheme.source,
        clause=scheme.clause,
        confidence=scheme.confidence,
    )
    weights = Threshold(
        key=f"profile.{profile.name}",
        value="; ".join(f"{title.zh} {share:g}" for title, share in _shares(profile, measured)),
        title=profile.title,
        source=profile.source,
        clause=profile.clause,
        confidence=profile.confidence,
    )
    return (*(survey.standards.threshold(key) for key in measured.attrs["thresholds"]), edges, weights)


def _shares(profile: Profile, measured: xr.Dataset) -> list[tuple[Text, float]]:
    """Weights as declared; in a tree, or where they are computed, shares of the goal."""
    if profile.weights == "given" and not profile.groups:
        return [(one.title, one.weight) for one in profile.indicators]
    table = weight_tree(profile, measured)
    leaves = table[table["kind"] == "indicator"]
    return list(zip(leaves["title"], leaves["global"].round(3), strict=True))
