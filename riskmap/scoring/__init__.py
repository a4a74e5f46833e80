"""From measured quantities to scores, weights, classes, risk and zones. Knows no hazard by name."""

from riskmap.scoring.assess import assess_risk
from riskmap.scoring.classify import classify, cut, goodness_of_fit
from riskmap.scoring.combine import combine, evaluate
from riskmap.scoring.comprehensive import Comprehensive, comprehensive, grid_index, roll_up
from riskmap.scoring.natural_breaks import natural_breaks
from riskmap.scoring.risk import risk_index, unit_hazard, unit_risk
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
from riskmap.scoring.zoning import neighbours, zones

__all__ = [
    "NORMALISERS",
    "Comprehensive",
    "ahp_weights",
    "assess_risk",
    "classify",
    "combine",
    "comprehensive",
    "critic_weights",
    "cut",
    "entropy_weights",
    "equal_weights",
    "evaluate",
    "given_weights",
    "goodness_of_fit",
    "grid_index",
    "judged_weights",
    "named_weights",
    "natural_breaks",
    "neighbours",
    "normalise",
    "risk_index",
    "roll_up",
    "unit_hazard",
    "unit_risk",
    "zones",
]
