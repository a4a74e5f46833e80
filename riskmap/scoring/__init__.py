"""From measured quantities to scores, weights, classes, risk and zones. Knows no hazard by name."""

from riskmap.scoring.assess import assess_risk
from riskmap.scoring.at_places import hazards_at, in_order
from riskmap.scoring.bearing import amounts_by_class, units_by_class, whole_numbers
from riskmap.scoring.cell_stability import CellStability, cell_stability
from riskmap.scoring.chains import chains_of, compound, raised
from riskmap.scoring.classify import classify, cut, goodness_of_fit
from riskmap.scoring.combine import combine, combine_values
from riskmap.scoring.combiners import COMBINERS
from riskmap.scoring.comprehensive import Comprehensive, comprehensive, grid_index, roll_up
from riskmap.scoring.conflicts import advice_for, planned_conflicts, rule_for
from riskmap.scoring.inverse import quantity_of
from riskmap.scoring.natural_breaks import natural_breaks
from riskmap.scoring.overlay_cells import overlay_classes, overlay_scores
from riskmap.scoring.prevention import FirstLevel, by_matrix, first_level, prevention_zones, reaching_class
from riskmap.scoring.profile_nodes import holds_scores
from riskmap.scoring.profile_tree import TreeScores, evaluate, evaluate_tree, weight_tree
from riskmap.scoring.ranking import grey_relation, topsis
from riskmap.scoring.reasons import reasons
from riskmap.scoring.regions import Regions, regions, standardised
from riskmap.scoring.risk import risk_index, unit_hazard, unit_risk
from riskmap.scoring.scores import NORMALISERS, normalise
from riskmap.scoring.spread_weights import combined_weights, game_weights, pca_weights, variation_weights
from riskmap.scoring.stability import ClassStability, class_stability, contributions, drawn_weights, flip_distance
from riskmap.scoring.weights import (
    ahp_weights,
    critic_weights,
    entropy_weights,
    equal_weights,
    given_weights,
    judged_weights,
    named_weights,
)
from riskmap.scoring.zone_growth import neighbours
from riskmap.scoring.zone_landmarks import Rivers
from riskmap.scoring.zoning import member_weights, unit_regions, zone_of_units, zones

__all__ = [
    "COMBINERS",
    "NORMALISERS",
    "CellStability",
    "ClassStability",
    "Comprehensive",
    "FirstLevel",
    "Regions",
    "Rivers",
    "TreeScores",
    "advice_for",
    "ahp_weights",
    "amounts_by_class",
    "assess_risk",
    "by_matrix",
    "cell_stability",
    "chains_of",
    "class_stability",
    "classify",
    "combine",
    "combine_values",
    "combined_weights",
    "compound",
    "comprehensive",
    "contributions",
    "critic_weights",
    "cut",
    "drawn_weights",
    "entropy_weights",
    "equal_weights",
    "evaluate",
    "evaluate_tree",
    "first_level",
    "flip_distance",
    "game_weights",
    "given_weights",
    "goodness_of_fit",
    "grey_relation",
    "grid_index",
    "hazards_at",
    "holds_scores",
    "in_order",
    "judged_weights",
    "member_weights",
    "named_weights",
    "natural_breaks",
    "neighbours",
    "normalise",
    "overlay_classes",
    "overlay_scores",
    "pca_weights",
    "planned_conflicts",
    "prevention_zones",
    "quantity_of",
    "raised",
    "reaching_class",
    "reasons",
    "regions",
    "risk_index",
    "roll_up",
    "rule_for",
    "standardised",
    "topsis",
    "unit_hazard",
    "unit_regions",
    "unit_risk",
    "units_by_class",
    "variation_weights",
    "weight_tree",
    "whole_numbers",
    "zone_of_units",
    "zones",
]
