"""Shelters: their rules, who reaches them over the roads, and who is left out for which reason."""

from riskmap.shelters.access import catchment_weights, floating_catchment
from riskmap.shelters.coverage import assess_shelters, demand_points
from riskmap.shelters.evacuation import Evacuation, evacuation
from riskmap.shelters.ground import Ground, states
from riskmap.shelters.judged import judged, verdicts
from riskmap.shelters.reach import Reach, closed_edges, inside_mask, masks_that_close, reach, straight_coverage
from riskmap.shelters.rules import rated_shelters, rule_thresholds, shelter_rules

__all__ = [
    "Evacuation",
    "Ground",
    "Reach",
    "assess_shelters",
    "catchment_weights",
    "closed_edges",
    "demand_points",
    "evacuation",
    "floating_catchment",
    "inside_mask",
    "judged",
    "masks_that_close",
    "rated_shelters",
    "reach",
    "rule_thresholds",
    "shelter_rules",
    "states",
    "straight_coverage",
    "verdicts",
]
