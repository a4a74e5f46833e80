"""From measured quantities to scores, weights, classes, risk and zones. Knows no hazard by name."""

from riskmap.scoring.classify import classify, cut, goodness_of_fit
from riskmap.scoring.combine import combine, evaluate
from riskmap.scoring.natural_breaks import natural_breaks
from riskmap.scoring.scores import NORMALISERS, normalise
from riskmap.scoring.weights import (
    ahp_weights,
    critic_weights,
    entropy_weights,
    equal_weights,
    given_weights,
    judged_weights,
    named_weights,
)

__all__ = [
    "NORMALISERS",
    "ahp_weights",
    "classify",
    "combine",
    "critic_weights",
    "cut",
    "entropy_weights",
    "equal_weights",
    "evaluate",
    "given_weights",
    "goodness_of_fit",
    "judged_weights",
    "named_weights",
    "natural_breaks",
    "normalise",
]
