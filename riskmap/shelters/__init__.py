"""Shelters: their rules, who reaches them over the roads, and who is left out for which reason."""

from riskmap.shelters.access import catchment_weights, floating_catchment
from riskmap.shelters.allocation import Allocation, split_people
from riskmap.shelters.coverage import assess_shelters, demand_points
from riskmap.shelters.evacuation import Evacuation, evacuation
from riskmap.shelters.ground import Ground, states
from riskmap.shelters.judged import judged, verdicts
from riskmap.shelters.next_places import NextPlaces, next_places
from riskmap.shelters.p_centre import p_centre
from riskmap.shelters.p_median import p_median
from riskmap.shelters.problem import Siting, SitingRules
from riskmap.shelters.reach import Reach, closed_edges, inside_mask, masks_that_close, reach, straight_coverage
from riskmap.shelters.rules import rated_shelters, rule_thresholds, shelter_rules
from riskmap.shelters.siting import fewest_sites, most_covered
from riskmap.shelters.whole_villages import assign_whole

__all__ = [
    "Allocation",
    "Evacuation",
    "Ground",
    "NextPlaces",
    "Reach",
    "Siting",
    "SitingRules",
    "assess_shelters",
    "assign_whole",
    "catchment_weights",
    "closed_edges",
    "demand_points",
    "evacuation",
    "fewest_sites",
    "floating_catchment",
    "inside_mask",
    "judged",
    "masks_that_close",
    "most_covered",
    "next_places",
    "p_centre",
    "p_median",
    "rated_shelters",
    "reach",
    "rule_thresholds",
    "shelter_rules",
    "split_people",
    "states",
    "straight_coverage",
    "verdicts",
]
