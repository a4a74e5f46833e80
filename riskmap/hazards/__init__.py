"""Hazards: one file measures one hazard and declares it as a `Theme`; `THEMES` is the list of them."""

from riskmap.hazards.flood import FLOOD
from riskmap.model import Theme

__all__ = ["FLOOD", "THEMES"]

THEMES: tuple[Theme, ...] = (FLOOD,)
"""The hazards that riskmap measures, in the order of maps and tables."""
