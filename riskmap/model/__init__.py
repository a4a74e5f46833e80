"""The nouns of riskmap: frozen, without files and without pictures."""

from riskmap.model.county import County
from riskmap.model.exposure import EXPOSURE_COLUMNS, Exposure
from riskmap.model.layers import Field, Finding, Layer, LayerSource, LayerSpec, Rule, RuleText
from riskmap.model.product import ProductRaster, ProductTable
from riskmap.model.profile import Group, Indicator, Profile
from riskmap.model.results import OBJECTS, Assessment, LeftOut, RiskResult, ShelterResult, Survey, ThemeResult
from riskmap.model.scheme import NO_CLASS, Classification, ClassScheme, Threshold
from riskmap.model.standards import Standards
from riskmap.model.text import Text
from riskmap.model.theme import Closure, Factor, Theme
from riskmap.model.titles import NO_LEADER, NO_LEADER_WORDS

__all__ = [
    "EXPOSURE_COLUMNS",
    "NO_CLASS",
    "NO_LEADER",
    "NO_LEADER_WORDS",
    "OBJECTS",
    "Assessment",
    "ClassScheme",
    "Classification",
    "Closure",
    "County",
    "Exposure",
    "Factor",
    "Field",
    "Finding",
    "Group",
    "Indicator",
    "Layer",
    "LayerSource",
    "LayerSpec",
    "LeftOut",
    "ProductRaster",
    "ProductTable",
    "Profile",
    "RiskResult",
    "Rule",
    "RuleText",
    "ShelterResult",
    "Standards",
    "Survey",
    "Text",
    "Theme",
    "ThemeResult",
    "Threshold",
]
