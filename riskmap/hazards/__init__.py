"""Hazards: one file measures one hazard and declares it as a `Theme`; `THEMES` is the list of them."""

from riskmap.hazards.declare import measured, product
from riskmap.hazards.drought import DROUGHT
from riskmap.hazards.fire import FIRE
from riskmap.hazards.flood import FLOOD
from riskmap.hazards.landslide import LANDSLIDE
from riskmap.hazards.weather import on_stations, spread
from riskmap.model import Theme

__all__ = ["DROUGHT", "FIRE", "FLOOD", "LANDSLIDE", "THEMES", "measured", "on_stations", "product", "spread"]

THEMES: tuple[Theme, ...] = (LANDSLIDE, FLOOD, DROUGHT, FIRE)
"""The hazards that riskmap measures, in the order of maps and tables."""
