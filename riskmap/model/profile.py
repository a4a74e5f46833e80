"""A profile: how measured quantities become a score, declared in one TOML file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from riskmap.model.scheme import Confidence
from riskmap.model.text import Text

__all__ = ["Combiner", "Indicator", "Profile", "Weighting"]

Combiner = Literal[
    "weighted_mean", "geometric_mean", "product", "max", "power_mean", "owa", "fuzzy_gamma", "topsis", "grey", "matrix"
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
        ``minmax``, ``half`` (0.5 + 0.5 scaled), ``rank``, ``log``, ``knots``, ``identity`` ...
    options : mapping
        What the normaliser needs: ``knots = [[x, score], ...]``, ``low``, ``high``, ``winsor``.
    weight : float
        Given weight; ignored where the profile computes weights.
    optional : bool
        The score is computed without it where it is missing (weights re-normalised, `known_share` falls).
    """

    factor: str
    title: Text
    unit: str = ""
    direction: Literal[1, -1] = 1
    normaliser: str = "minmax"
    options: Mapping[str, object] = field(default_factory=dict)
    weight: float = 1.0
    optional: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Indicators, weights, combiner and scheme of one score.

    Parameters
    ----------
    name : str
        Key in the standards, or the file's stem.
    title : Text
        What the score means.
    indicators : tuple of Indicator
        What goes in.
    weights : {"given", "equal", "ahp", "entropy", "critic", "variation", "pca"}
        Where the weights come from.
    matrix : tuple of tuple of float
        AHP pairwise judgements, in the order of `indicators`; empty unless ``weights = "ahp"``.
    combiner : str
        How scores are joined: ``weighted_mean``, ``geometric_mean``, ``product``, ``max``, ``power_mean``, ``owa``,
        ``fuzzy_gamma``, ``topsis``, ``grey`` or ``matrix``.
    combiner_options : mapping
        What that combiner takes: ``p``, ``order``, ``gamma``, ``rho``, ``matrix`` and ``edges``.
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
    weights: Weighting = "given"
    matrix: tuple[tuple[float, ...], ...] = ()
    combiner: Combiner = "weighted_mean"
    combiner_options: Mapping[str, object] = field(default_factory=dict)
    missing: Literal["renormalise", "unknown"] = "renormalise"
    scheme: str = ""
    source: str
    clause: str = ""
    confidence: Confidence
