"""A profile is evaluated, from its indicators up to its goal."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError, MissingLayerError
from riskmap.model import Group, Indicator, Profile
from riskmap.model.shown import frame_html
from riskmap.scoring.combine import combine, combine_values
from riskmap.scoring.combiners import ANY_SIZE
from riskmap.scoring.profile_nodes import (
    FROM_DATA,
    check_tree,
    holds_scores,
    is_there,
    node_key,
    node_label,
    node_names,
    node_weights,
    weight_rows,
)
from riskmap.scoring.scores import normalise

__all__ = ["TreeScores", "evaluate", "evaluate_tree", "weight_tree"]

_Measured = xr.Dataset | pd.DataFrame
_Mask = xr.DataArray | pd.Series | np.ndarray | None
_Node = Profile | Group | Indicator


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TreeScores:
    """Scores of the goal, of every group and of every indicator of a profile.

    Parameters
    ----------
    scores, known_share : Dataset or DataFrame
        A variable or column per node that could be scored: ``goal``, names of groups, names of factors (``group/factor``
        where a factor is used more than once).
    weights : DataFrame
        As `weight_tree` gives it; weights from data as they were found.
    """

    scores: _Measured
    known_share: _Measured
    weights: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Weights, a row a node."""
        return self.weights


def evaluate(profile: Profile, measured: _Measured, *, mask: _Mask = None) -> Any:
    """Score measured quantities by a profile.

    Parameters
    ----------
    profile : Profile
        Indicators, weights, combiner; with groups a tree, worked from the indicators up.
    measured : Dataset or DataFrame
        Factors as variables on one set of dimensions ``(y, x)`` with the attribute ``units``, or as columns
        (units in ``measured.attrs["units"]``, a mapping by column, checked where it names the column).
    mask : DataArray, Series or ndarray of bool, optional
        Only where True (the county); elsewhere unknown, and without a say in bounds found from the data.

    Returns
    -------
    score : DataArray of float32 or Series of float64
        0..1, NaN unknown; of any size where `holds_scores` says no.
    known_share : DataArray of float32 or Series of float64
        Share 0..1 of the profile's weight that was known; 0 outside the mask. An absent optional indicator
        lowers it everywhere. With computed weights (entropy, CRITIC) each absent indicator counts 1/n.

    Raises
    ------
    MissingLayerError
        A required indicator or group is absent, or all are, or the column of a percentile by groups.
    MethodError
        Units or dimensions that do not fit (all named at once), or as `normalise` and `combine`.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> title = Text("坡度", "Slope")
    >>> slope = Indicator(factor="slope_deg", title=title, unit="deg", options={"low": 0, "high": 40})
    >>> rain = Indicator(factor="rain_mm", title=Text("雨量", "Rain"), unit="mm")
    >>> profile = Profile(name="p", title=title, indicators=(slope, rain), source="here", confidence="C")
    >>> score, known = evaluate(profile, pd.DataFrame({"slope_deg": [10.0, 20.0]}))
    >>> score.tolist(), known.tolist()
    ([0.25, 0.5], [0.5, 0.5])
    """
    case = _Case.of(profile, measured, mask)
    goal = case.branch(profile)
    bounded = holds_scores(profile)
    return _labelled(goal.score, case.template, bounded), _labelled(goal.known, case.template, True)


def evaluate_tree(profile: Profile, measured: _Measured, *, mask: _Mask = None) -> TreeScores:
    """Score measured quantities by a profile, and keep the score of every node.

    Parameters
    ----------
    profile, measured, mask
        As in `evaluate`.

    Returns
    -------
    TreeScores
        Nodes that are absent everywhere have no variable, but keep their weight.

    Raises
    ------
    MissingLayerError, MethodError
        As `evaluate`.

    Notes
    -----
    The known share of a group is the sum of its local weights times the known shares of its children; a child without
    a score counts 0.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> title = Text("地形", "Ground")
    >>> slope = Indicator(factor="slope", title=title, group="ground", normaliser="identity")
    >>> relief = Indicator(factor="relief", title=title, group="ground", normaliser="identity", weight=3)
    >>> rain = Indicator(factor="rain", title=title, normaliser="identity")
    >>> profile = Profile(name="p", title=title, indicators=(slope, relief, rain), source="here", confidence="C",
    ...     groups=(Group(name="ground", title=title),))
    >>> found = evaluate_tree(profile, pd.DataFrame({"slope": [0.0], "relief": [0.8], "rain": [0.2]}))
    >>> found.scores.round(3).to_dict("records")
    [{'goal': 0.4, 'ground': 0.6, 'slope': 0.0, 'relief': 0.8, 'rain': 0.2}]
    """
    case = _Case.of(profile, measured, mask)
    goal = case.branch(profile)
    nodes = {name: one for name, one in _walk(goal) if one.score is not None}
    scores = {name: _labelled(one.score, case.template, holds_scores(profile, one.node)) for name, one in nodes.items()}
    known = {name: _labelled(_known_share(one), case.template, True) for name, one in nodes.items()}
    table = xr.Dataset if isinstance(measured, xr.Dataset) else pd.DataFrame
    return TreeScores(scores=table(scores), known_share=table(known), weights=weight_rows(profile, case.local))


def weight_tree(profile: Profile, measured: _Measured | None = None, *, mask: _Mask = None) -> pd.DataFrame:
    """Local and global weights of everything in a profile.

    Parameters
    ----------
    profile : Profile
        With or without groups.
    measured, mask : optional
        As in `evaluate`; needed only where weights are found from data.

    Returns
    -------
    DataFrame
        Index ``node`` (``goal`` first, then as in `TreeScores`); ``parent``, ``title`` (Text), ``kind`` (``goal``,
        ``group``, ``indicator``), ``local`` (siblings sum to 1), ``global`` (product of the local weights on the way
        from the goal; those of the indicators sum to 1).

    Raises
    ------
    MethodError
        Weights from data without `measured`, or as `evaluate`.
    MissingLayerError
        As `evaluate`.

    Notes
    -----
    Saaty 1980: global priority = local priority x global priority of the parent. Combiners that take no weights
    (``max``, ``sum``, ``power_product`` ...) ignore them: then these are nominal.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> title = Text("地形", "Ground")
    >>> slope = Indicator(factor="slope", title=title, group="ground")
    >>> rain = Indicator(factor="rain", title=title)
    >>> relief = Indicator(factor="relief", title=title, group="ground", weight=3)
    >>> profile = Profile(name="p", title=title, indicators=(slope, relief, rain), source="here", confidence="C",
    ...     groups=(Group(name="ground", title=title),))
    >>> weight_tree(profile)["global"].to_dict()
    {'goal': 1.0, 'ground': 0.5, 'slope': 0.125, 'relief': 0.375, 'rain': 0.5}
    """
    if measured is not None:
        case = _Case.of(profile, measured, mask)
        case.branch(profile)
        return weight_rows(profile, case.local)
    check_tree(profile)
    local = {}
    for one in profile.branches:
        if one.weights in FROM_DATA:
            raise MethodError(
                f"profile {profile.name!r}: weights of {node_label(one)} are found from data; give measured, the quantities"
            )
        local[node_label(one)] = node_weights(one, profile.children(node_key(one)), [])
    return weight_rows(profile, local)


@dataclass(slots=True, kw_only=True)
class _Found:
    """A node with its score, None where it is absent everywhere, and what it was made of.

    `known` is None for indicators: they are known where they have a score.
    """

    node: _Node
    name: str
    score: np.ndarray | None = None
    known: np.ndarray | None = None
    parts: "Sequence[_Found]" = ()


@dataclass(slots=True, kw_only=True)
class _Case:
    """One profile on one table or grid; `local` gathers the weights of the children of each branch."""

    profile: Profile
    measured: _Measured
    inside: np.ndarray | None
    template: Any
    names: Mapping[int, str]
    local: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: Profile, measured: _Measured, mask: _Mask) -> "_Case":
        check_tree(profile)
        present = [one for one in profile.indicators if one.factor in measured]
        if not is_there(profile, profile, measured):
            absent = [one.factor for one in profile.indicators if one.factor not in measured]
            lost = [one.factor for one in profile.indicators if not one.optional and one.factor in absent]
            raise MissingLayerError(
                f"profile {profile.name!r} needs {', '.join(lost or absent)}; measured are "
                f"{', '.join(map(str, measured)) or 'none'}"
            )
        _check_units(profile, measured, present)
        return cls(
            profile=profile,
            measured=measured,
            inside=None if mask is None else np.asarray(mask, dtype=bool),
            template=measured[present[0].factor],
            names=node_names(profile),
        )

    def branch(self, one: Profile | Group) -> _Found:
        """Score a group or the goal from its children."""
        children = self.profile.children(node_key(one))
        parts = [self.leaf(child) if isinstance(child, Indicator) else self.branch(child) for child in children]
        scores = [part.score for part in parts]
        weights = self.local[node_label(one)] = node_weights(one, children, scores)
        if not is_there(self.profile, one, self.measured):
            return _Found(node=one, name=node_label(one), parts=parts)
        join = combine if one.combiner not in ANY_SIZE and all(map(self.scored, children)) else combine_values
        score, known = join(
            scores, weights, combiner=one.combiner, options=one.combiner_options, missing=one.missing,
            required=[not child.optional for child in children],
        )  # fmt: skip
        if any(part.parts for part in parts):
            known = _known(parts, weights).astype(known.dtype)
        return _Found(node=one, name=node_label(one), score=self.normalised(score, one), known=known, parts=parts)

    def leaf(self, one: Indicator) -> _Found:
        """Score an indicator; without a score where it was not measured."""
        found = _Found(node=one, name=self.names[id(one)])
        if one.factor in self.measured:
            data = np.asarray(self.measured[one.factor])
            data = data.astype("float32" if isinstance(self.measured, xr.Dataset) else "float64", copy=False)
            if self.inside is not None:
                data = np.where(self.inside, data, np.float32(np.nan))
            found.score = self.normalised(data, one)
        return found

    def normalised(self, values: np.ndarray, one: _Node) -> np.ndarray:
        """Apply the normaliser of a node; ``by`` names a column."""
        if one.normaliser == "raw" and not one.options and one.direction == 1:
            return values
        options: dict[str, Any] = dict(one.options)
        if "by" in options:
            options["by"] = _column(self.profile, self.measured, str(options["by"]), values.shape)
        return normalise(values, method=one.normaliser, direction=one.direction, **options)

    def scored(self, one: _Node) -> bool:
        """Whether a node gives 0..1."""
        return holds_scores(self.profile, one)


def _walk(found: _Found) -> Iterator[tuple[str, _Found]]:
    yield found.name, found
    for part in found.parts:
        yield from _walk(part)


def _known(parts: Sequence[_Found], weights: np.ndarray) -> np.ndarray:
    """Share of the weight that is known below; a part without a score counts 0."""
    known = [
        weight * np.where(np.isnan(part.score), 0, _known_share(part))
        for part, weight in zip(parts, weights, strict=True)
        if part.score is not None
    ]
    return np.minimum(np.sum(known, axis=0), 1)


def _known_share(found: _Found) -> np.ndarray:
    if found.known is not None:
        return found.known
    score = np.asarray(found.score)
    return (~np.isnan(score)).astype(score.dtype)


def _check_units(profile: Profile, measured: _Measured, present: Sequence[Indicator]) -> None:
    faults = []
    first = measured[present[0].factor]
    units: Mapping[str, str] = measured.attrs.get("units", {}) if isinstance(measured, pd.DataFrame) else {}
    for one in present:
        column = measured[one.factor]
        if isinstance(column, xr.DataArray) and column.dims != first.dims:
            faults.append(f"{one.factor}: dimensions {column.dims}, but {present[0].factor} has {first.dims}")
        has = column.attrs.get("units", "") if isinstance(column, xr.DataArray) else units.get(one.factor, one.unit)
        if (has or "1") != (one.unit or "1"):
            faults.append(f"{one.factor}: measured in {has or '1'!r}, the profile asks for {one.unit or '1'!r}")
    if faults:
        raise MethodError(f"profile {profile.name!r} does not fit what was measured", faults)


def _column(profile: Profile, measured: _Measured, name: str, shape: tuple[int, ...]) -> np.ndarray:
    if name not in measured:
        raise MissingLayerError(
            f"profile {profile.name!r} ranks within the values of {name!r}, which is not measured; there are "
            f"{', '.join(map(str, measured))}"
        )
    labels = np.asarray(measured[name])
    if labels.shape != shape:
        raise MethodError(f"profile {profile.name!r}: {name} has shape {labels.shape}, the scores have {shape}")
    return labels


def _labelled(values: np.ndarray | None, template: "xr.DataArray | pd.Series", bounded: bool) -> Any:
    if isinstance(template, xr.DataArray):
        attrs = {"units": "1"} if bounded else {}
        return xr.DataArray(values, dims=template.dims, coords=template.coords, attrs=attrs)
    return pd.Series(values, index=template.index)
