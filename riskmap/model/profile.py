"""A profile: how measured quantities become a score, declared in one TOML file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from riskmap.model.scheme import Confidence
from riskmap.model.shown import Rows, fields_frame, frame_html
from riskmap.model.text import Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Combiner", "Group", "Indicator", "Profile", "Weighting", "tree_faults"]

Combiner = Literal[
    "weighted_mean",
    "geometric_mean",
    "product",
    "max",
    "power_mean",
    "owa",
    "fuzzy_gamma",
    "topsis",
    "grey",
    "matrix",
    "sum",
    "power_product",
]
Weighting = Literal["given", "equal", "ahp", "entropy", "critic", "variation", "pca"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A profile's use of one factor or unit column.

    Parameters
    ----------
    factor : str
        Variable of the measured Dataset, or column of the unit table.
    title : Text
        Shown in legends and tables.
    unit : str
        Unit the factor must have.
    direction : {1, -1}
        1: more is worse. -1: less is worse.
    normaliser : str
        ``minmax``, ``half`` (0.5 + 0.5 scaled), ``rank``, ``log``, ``knots``, ``identity``, ``raw`` (as it is) ...
    options : mapping
        What the normaliser needs: ``knots = [[x, score], ...]``, ``low``, ``high``, ``winsor``, ``by`` (a column:
        percentiles within each of its values).
    weight : float
        Given weight; ignored where the profile computes weights.
    optional : bool
        The score is computed without it where it is missing (weights re-normalised, `known_share` falls).
    group : str
        Name of the group that it belongs to; ``""`` for the goal itself.
    """

    factor: str
    title: Text
    unit: str = ""
    direction: Literal[1, -1] = 1
    normaliser: str = "minmax"
    options: Mapping[str, object] = field(default_factory=dict)
    weight: float = 1.0
    optional: bool = True
    group: str = ""

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A theme between the goal and its indicators; groups may stand in groups.

    Parameters
    ----------
    name : str
        Key within the profile.
    title : Text
        What its score means.
    parent : str
        Name of the group that it belongs to; ``""`` for the goal.
    weight : float
        Given weight among its siblings; ignored where the parent computes weights.
    optional : bool
        False: the parent is unknown wherever this group is.
    weights, matrix, combiner, combiner_options, missing
        As in `Profile`, over the children of this group: its groups in their order, then its indicators.
    normaliser, options, direction
        As in `Indicator`, for the result of this group; ``raw`` leaves it as it is.
    """

    name: str
    title: Text
    parent: str = ""
    weight: float = 1.0
    optional: bool = True
    weights: Weighting = "given"
    matrix: tuple[tuple[float, ...], ...] = ()
    combiner: Combiner = "weighted_mean"
    combiner_options: Mapping[str, object] = field(default_factory=dict)
    missing: Literal["renormalise", "unknown"] = "renormalise"
    normaliser: str = "raw"
    options: Mapping[str, object] = field(default_factory=dict)
    direction: Literal[1, -1] = 1

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Indicators, weights, combiner and scheme of one score; with groups a tree of scores.

    Parameters
    ----------
    name : str
        Key in the standards, or the file's stem.
    title : Text
        What the score means.
    indicators : tuple of Indicator
        What goes in.
    groups : tuple of Group
        Themes between the goal and the indicators; empty for a list of indicators.
    weights : {"given", "equal", "ahp", "entropy", "critic", "variation", "pca"}
        Where the weights come from.
    matrix : tuple of tuple of float
        AHP pairwise judgements, in the order of the children of the goal (its groups, then its indicators); empty
        unless ``weights = "ahp"``.
    combiner : str
        How scores are joined: ``weighted_mean``, ``geometric_mean``, ``product``, ``max``, ``power_mean``, ``owa``,
        ``fuzzy_gamma``, ``topsis``, ``grey`` or ``matrix``; values of any size: ``sum`` or ``power_product``.
    combiner_options : mapping
        What that combiner takes: ``p``, ``order``, ``gamma``, ``rho``, ``matrix`` and ``edges``, ``coefficients``,
        ``exponents``.
    normaliser, options, direction
        As in `Indicator`, for the result; ``raw`` leaves it as it is.
    missing : {"renormalise", "unknown"}
        What a missing indicator does: weights of the others are scaled up, or the score is NaN.
    scheme : str
        ClassScheme that cuts the score (or the quantity named by the scheme).
    source, clause, confidence
        As in `Threshold`.
    """

    name: str
    title: Text
    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...] = ()
    weights: Weighting = "given"
    matrix: tuple[tuple[float, ...], ...] = ()
    combiner: Combiner = "weighted_mean"
    combiner_options: Mapping[str, object] = field(default_factory=dict)
    missing: Literal["renormalise", "unknown"] = "renormalise"
    normaliser: str = "raw"
    options: Mapping[str, object] = field(default_factory=dict)
    direction: Literal[1, -1] = 1
    scheme: str = ""
    source: str
    clause: str = ""
    confidence: Confidence

    _repr_html_ = frame_html

    def to_frame(self) -> "pd.DataFrame":
        """Indicators, a row each; `riskmap.scoring.weight_tree` tells the weights."""
        return Rows(self.indicators).to_frame()

    @property
    def branches(self) -> "tuple[Profile | Group, ...]":
        """The goal and every group."""
        return (self, *self.groups)

    def children(self, name: str = "") -> "tuple[Group | Indicator, ...]":
        """Groups, then indicators, that belong to group `name` (``""``: the goal), each in their order."""
        groups = [one for one in self.groups if one.parent == name]
        return (*groups, *(one for one in self.indicators if one.group == name))


def tree_faults(profile: Profile) -> list[str]:
    """Say what keeps the groups of a profile from being a tree.

    Parameters
    ----------
    profile : Profile

    Returns
    -------
    list of str
        Empty where every group and indicator hangs below the goal and every group holds something.

    Examples
    --------
    >>> title = Text("坡度", "Slope")
    >>> slope = Indicator(factor="slope_deg", title=title, group="ground")
    >>> tree_faults(Profile(name="p", title=title, indicators=(slope,), source="here", confidence="C"))
    ["indicator slope_deg: no group called 'ground'; there are none"]
    """
    return list(_faults(profile))


def _faults(profile: Profile) -> Iterator[str]:
    names = [one.name for one in profile.groups]
    there = ", ".join(names) or "none"
    for name in sorted({one for one in names if one in {"", "goal"} or names.count(one) > 1}):
        yield f"group {name!r}: give each group a name of its own, other than goal"
    for group in profile.groups:
        if group.parent and group.parent not in names:
            yield f"group {group.name}: no group called {group.parent!r}; there are {there}"
        elif group.name in _above(profile, group):
            yield f"group {group.name}: stands below itself; give it another parent"
        if not profile.children(group.name):
            yield f"group {group.name}: holds no group and no indicator"
    for one in profile.indicators:
        if one.group and one.group not in names:
            yield f"indicator {one.factor}: no group called {one.group!r}; there are {there}"


def _above(profile: Profile, group: Group) -> list[str]:
    """Names on the way to the goal; a name that comes twice ends it."""
    parents = {one.name: one.parent for one in profile.groups}
    way: list[str] = []
    at = group.parent
    while at and at not in way:
        way.append(at)
        at = parents.get(at, "")
    return way
