"""Chains: where one hazard raises another, and where several are high at once. Names come from the rules alone."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import xarray as xr

from riskmap.errors import MethodError, StandardError
from riskmap.model import NO_CLASS, Standards, Text, Threshold
from riskmap.spatial import Flow, accumulation

__all__ = ["Chain", "Compound", "Condition", "Raised", "chains_of", "compound", "raised"]

_OPERATORS: Mapping[str, Callable[[Any, float], Any]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What must hold of a variable: ``stream_distance_m <= 100``.

    Parameters
    ----------
    variable : str
        Name of a measured quantity or layer.
    operator : {">", ">=", "<", "<="}
        As written.
    threshold : Threshold
        With its source and confidence.
    """

    variable: str
    operator: str
    threshold: Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A rule by which one hazard raises another.

    Parameters
    ----------
    name : str
        Key.
    title, words : Text
        What happens, and where.
    cause, effect : str
        Names of the two hazards.
    reach : {"here", "upstream"}
        Where the cause must stand: at the place, or anywhere above it along the flow of water.
    cause_where, where : tuple of Condition
        What must hold where the cause stands, and at the place itself.
    strength : Threshold
        k, 0..1.
    """

    name: str
    title: Text
    words: Text
    cause: str
    effect: str
    reach: Literal["here", "upstream"] = "here"
    cause_where: tuple[Condition, ...] = ()
    where: tuple[Condition, ...] = ()
    strength: Threshold

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Every declared value of the rule."""
        return (*(one.threshold for one in (*self.cause_where, *self.where)), self.strength)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Raised:
    """Scores with the chains in them.

    Parameters
    ----------
    scores : mapping of str to ndarray
        By hazard; the same array where no chain raises it.
    acting : mapping of str to ndarray of bool
        By chain: where it acts.
    left_out : mapping of str to tuple of str
        By chain that could not be worked out: what it lacks.
    """

    scores: Mapping[str, np.ndarray]
    acting: Mapping[str, np.ndarray]
    left_out: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compound:
    """Hazards that meet at one place.

    Parameters
    ----------
    number : ndarray of uint8
        How many are high.
    leading : ndarray of uint8
        1..n: of the hazards that are high, the one with the largest weighted score, in the order of `names`; 0 where
        none is high; `NO_CLASS` where no score is known.
    names : tuple of str
        Of the hazards, in their order.
    """

    number: np.ndarray
    leading: np.ndarray
    names: tuple[str, ...]


def chains_of(standards: Standards) -> tuple[Chain, ...]:
    """Read the rules that the standards declare (``chains.rules``), with the county's own thresholds.

    Parameters
    ----------
    standards : Standards
        Holds the table and the thresholds that it names.

    Returns
    -------
    tuple of Chain

    Raises
    ------
    StandardError
        A rule names a threshold that does not exist, an unknown key, operator or reach, or a strength outside 0..1.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> [(one.cause, one.effect) for one in chains_of(book())][0]
    ('landslide', 'flood')
    """
    return tuple(_chain(row, standards) for row in standards.table("chains.rules"))


def _chain(row: Mapping[str, Any], standards: Standards) -> Chain:
    def conditions(key: str) -> tuple[Condition, ...]:
        return tuple(
            Condition(**{**one, "threshold": standards.threshold(one["threshold"])}) for one in row.get(key, ())
        )

    told: dict[str, Any] = {key: Text(**row[key]) for key in ("title", "words")}
    parts = {key: conditions(key) for key in ("cause_where", "where")}
    found = Chain(**{**row, **told, **parts, "strength": standards.threshold(row["strength"])})
    wrong = [one.operator for one in (*found.cause_where, *found.where) if one.operator not in _OPERATORS]
    if wrong or found.reach not in {"here", "upstream"}:
        raise StandardError(
            f"chain {found.name!r}: operator {', '.join(wrong) or 'given'}, reach {found.reach!r}; allowed are "
            f"{', '.join(_OPERATORS)} and here, upstream"
        )
    if not 0 <= standards.value(found.strength.key) <= 1:
        raise StandardError(f"chain {found.name!r}: strength {found.strength.value}; give a number within 0..1")
    return found


def raised(
    scores: Mapping[str, np.ndarray],
    chains: Sequence[Chain],
    *,
    high: Mapping[str, np.ndarray],
    values: Mapping[str, np.ndarray] | None = None,
    flow: Flow | None = None,
) -> Raised:
    """Raise the scores of hazards where a chain acts.

    Parameters
    ----------
    scores : mapping of str to ndarray
        0..1 by hazard, all of one shape; NaN unknown.
    chains : sequence of Chain
        From `chains_of`.
    high : mapping of str to ndarray of bool
        By hazard: where it stands in an upper class, so that it can start a chain.
    values : mapping of str to ndarray
        Variables that conditions name, of the same shape; where one is NaN its condition does not hold.
    flow : Flow, optional
        Which way water goes, on the grid of the scores; chains that reach from upstream need it.

    Returns
    -------
    Raised
        A score that is NaN stays NaN. Where the cause is unknown no chain acts.

    Raises
    ------
    MethodError
        Arrays of different shapes.

    Notes
    -----
    Noisy-or (Pearl 1988, Probabilistic Reasoning in Intelligent Systems, section 4.3): ``1 - (1 - a) prod(1 - k b)``
    over the acting chains, a the own score, b that of the cause, k the strength. All chains start from the scores as
    given, so that their order does not count. From upstream, b is the mean score of the places that start the chain.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> dry = [one for one in chains_of(book()) if one.name == "dry_fuel"]
    >>> found = raised({"drought": np.array([1.0, 1.0]), "fire": np.array([0.5, 0.5])}, dry,
    ...     high={"drought": np.array([True, True])}, values={"fuel_flammability": np.array([2.0, 0.0])})
    >>> found.scores["fire"].round(3).tolist(), found.acting["dry_fuel"].tolist()
    ([0.65, 0.5], [True, False])
    """
    known = values or {}
    shapes = {np.shape(one) for one in (*scores.values(), *high.values(), *known.values())}
    if len(shapes) > 1:
        raise MethodError(f"scores, classes and values have shapes {sorted(shapes)}; give arrays of one shape")
    spared: dict[str, np.ndarray] = {}
    acting: dict[str, np.ndarray] = {}
    left_out: dict[str, tuple[str, ...]] = {}
    for one in chains:
        lacks = _lacks(one, {"scores": scores, "high": high, "values": known}, flow)
        if lacks:
            left_out[one.name] = lacks
            continue
        cause, starts = scores[one.cause], _holds(one.cause_where, known, high[one.cause])
        starts = starts & ~np.isnan(cause)
        if one.reach == "upstream" and flow is not None:
            cause, starts = _from_upstream(cause, starts, flow)
        acts = acting[one.name] = _holds(one.where, known, starts) & ~np.isnan(scores[one.effect])
        spare = np.where(acts, 1 - float(one.strength.value) * np.where(acts, cause, 0), 1)  # type: ignore[arg-type]
        spared[one.effect] = spared.get(one.effect, np.ones_like(spare)) * spare
    joined = {name: 1 - (1 - scores[name]) * spared[name] if name in spared else scores[name] for name in scores}
    return Raised(scores=MappingProxyType(joined), acting=MappingProxyType(acting), left_out=MappingProxyType(left_out))


def compound(
    scores: Mapping[str, np.ndarray],
    *,
    high: Mapping[str, np.ndarray],
    weights: Mapping[str, float] | None = None,
) -> Compound:
    """Count the hazards that are high at each place, and name the one that leads.

    Parameters
    ----------
    scores : mapping of str to ndarray
        0..1 by hazard, all of one shape; NaN unknown. Its order breaks ties: the first leads.
    high : mapping of str to ndarray of bool
        By hazard: where it is at or above the class that counts; a hazard without an entry is never counted.
    weights : mapping of str to float
        By hazard; 1 unless given.

    Returns
    -------
    Compound

    Raises
    ------
    MethodError
        No hazard, or arrays of different shapes.

    Examples
    --------
    >>> scores = {"flood": np.array([0.6, 0.0, np.nan]), "fire": np.array([0.6, 0.0, 0.2])}
    >>> high = {"flood": np.array([True, False, False]), "fire": np.array([True, False, False])}
    >>> found = compound(scores, high=high)
    >>> found.number.tolist(), found.leading.tolist()
    ([2, 0, 0], [1, 0, 0])
    """
    shapes = {np.shape(one) for one in (*scores.values(), *high.values())}
    if len(shapes) != 1:
        raise MethodError(f"scores and classes have shapes {sorted(shapes) or 'none'}; give arrays of one shape")
    number = np.zeros(shapes.pop(), dtype="uint8")
    for name in scores:
        if name in high:
            number += np.asarray(high[name], dtype="uint8")
    share = weights or {}
    best = np.zeros(number.shape)
    known = np.logical_or.reduce([np.isfinite(one) for one in scores.values()])
    leading = np.where(known, 0, NO_CLASS).astype("uint8")
    for place, (name, score) in enumerate(scores.items(), start=1):
        counted = high.get(name, np.False_)
        weighted = np.where(counted, np.nan_to_num(np.asarray(score, dtype="float64")), 0.0) * share.get(name, 1.0)
        ahead = weighted > best
        best, leading = np.where(ahead, weighted, best), np.where(ahead, np.uint8(place), leading)
    return Compound(number=number, leading=leading, names=tuple(scores))


def _lacks(one: Chain, there: Mapping[str, Mapping[str, np.ndarray]], flow: Flow | None) -> tuple[str, ...]:
    """What a chain needs and does not have."""
    hazards = [name for name in (one.cause, one.effect) if name not in there["scores"]]
    if one.cause in there["scores"] and one.cause not in there["high"]:
        hazards.append(one.cause)
    variables = [rule.variable for rule in (*one.cause_where, *one.where) if rule.variable not in there["values"]]
    return tuple(dict.fromkeys([*hazards, *variables, *(["flow"] if one.reach == "upstream" and flow is None else [])]))


def _holds(conditions: Sequence[Condition], values: Mapping[str, np.ndarray], also: np.ndarray) -> np.ndarray:
    found = np.asarray(also, dtype=bool)
    for one in conditions:
        found = found & _OPERATORS[one.operator](values[one.variable], float(one.threshold.value))  # type: ignore[arg-type]
    return found


def _from_upstream(cause: np.ndarray, starts: np.ndarray, flow: Flow) -> tuple[np.ndarray, np.ndarray]:
    """Mean score of the starting places at or above each place, and where there is one."""

    def gathered(values: np.ndarray) -> np.ndarray:
        weights = xr.DataArray(values, dims=flow.filled.dims)
        return np.nan_to_num(accumulation(flow, weights=weights).to_numpy())

    count = gathered(starts.astype("float64"))
    reached = count >= 1 - 1e-3  # counts come as float32
    total = gathered(np.where(starts, np.nan_to_num(cause), 0.0))
    return np.where(reached, np.clip(total / np.where(reached, count, 1), 0, 1), 0).astype(cause.dtype), reached
