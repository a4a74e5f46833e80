"""Shelters: their rules, who reaches them over the roads, and who is left out for which reason."""

from riskmap.shelters.access import catchment_weights, floating_catchment
from riskmap.shelters.allocation import Allocation, split_people
from riskmap.shelters.bridges import bridges_under_water
from riskmap.shelters.bus_numbers import buses_for
from riskmap.shelters.bus_plans import BusCase, bus_plans
from riskmap.shelters.buses import Fleet, Timetable, bus_trips, longest_first, nearest_first, timetable
from riskmap.shelters.coverage import assess_shelters, county_rules, demand_points
from riskmap.shelters.coverage_notes import parts_in_words
from riskmap.shelters.demand import GROUPS, SLOW, TIMES, group_shares, leaving, people_at_times
from riskmap.shelters.detours import detours, routes
from riskmap.shelters.driving import Travel, car_minutes
from riskmap.shelters.escape_routes import escape_routes
from riskmap.shelters.evacuation import Evacuation, evacuation
from riskmap.shelters.ground import Ground, states_of
from riskmap.shelters.groups import groups_moved, slow_flows
from riskmap.shelters.hauls import hauls
from riskmap.shelters.houses import PUBLIC_HOUSE, above_water, house_states, public_houses
from riskmap.shelters.judged import judged, verdicts
from riskmap.shelters.lifelines import Lifeline, lifeline, stretch_losses
from riskmap.shelters.lone_roads import WaysApart, lone_edges, lone_road_m, reached, ways_apart
from riskmap.shelters.next_places import NextPlaces, next_places
from riskmap.shelters.p_centre import p_centre
from riskmap.shelters.p_median import p_median
from riskmap.shelters.problem import Siting, SitingRules
from riskmap.shelters.reach import (
    Reach,
    closed_edges,
    highest_along,
    inside_mask,
    masks_that_close,
    reach,
    straight_coverage,
)
from riskmap.shelters.relief import StoreSize, goods_needed, store_size, urgency
from riskmap.shelters.robust import critical_edges, critical_roads
from riskmap.shelters.rules import rated_shelters, rule_thresholds, shelter_rules
from riskmap.shelters.scenarios import Scenario, closures, scenarios_of, serving, threats
from riskmap.shelters.service_rules import ServiceRule, WaterRule, driving_speeds, service_rule, service_rules
from riskmap.shelters.services import Service, in_reach, more_facilities, service, service_land, ways_to
from riskmap.shelters.site_order import sites_in_order
from riskmap.shelters.siting import fewest_sites, most_covered
from riskmap.shelters.turns import in_turn
from riskmap.shelters.whole_villages import assign_whole

__all__ = [
    "GROUPS",
    "PUBLIC_HOUSE",
    "SLOW",
    "TIMES",
    "Allocation",
    "BusCase",
    "Evacuation",
    "Fleet",
    "Ground",
    "Lifeline",
    "NextPlaces",
    "Reach",
    "Scenario",
    "Service",
    "ServiceRule",
    "Siting",
    "SitingRules",
    "StoreSize",
    "Timetable",
    "Travel",
    "WaterRule",
    "WaysApart",
    "above_water",
    "assess_shelters",
    "assign_whole",
    "bridges_under_water",
    "bus_plans",
    "bus_trips",
    "buses_for",
    "car_minutes",
    "catchment_weights",
    "closed_edges",
    "closures",
    "county_rules",
    "critical_edges",
    "critical_roads",
    "demand_points",
    "detours",
    "driving_speeds",
    "escape_routes",
    "evacuation",
    "fewest_sites",
    "floating_catchment",
    "goods_needed",
    "group_shares",
    "groups_moved",
    "hauls",
    "highest_along",
    "house_states",
    "in_reach",
    "in_turn",
    "inside_mask",
    "judged",
    "leaving",
    "lifeline",
    "lone_edges",
    "lone_road_m",
    "longest_first",
    "masks_that_close",
    "more_facilities",
    "most_covered",
    "nearest_first",
    "next_places",
    "p_centre",
    "p_median",
    "parts_in_words",
    "people_at_times",
    "public_houses",
    "rated_shelters",
    "reach",
    "reached",
    "routes",
    "rule_thresholds",
    "scenarios_of",
    "service",
    "service_land",
    "service_rule",
    "service_rules",
    "serving",
    "shelter_rules",
    "sites_in_order",
    "slow_flows",
    "split_people",
    "states_of",
    "store_size",
    "straight_coverage",
    "stretch_losses",
    "threats",
    "timetable",
    "urgency",
    "verdicts",
    "ways_apart",
    "ways_to",
]
