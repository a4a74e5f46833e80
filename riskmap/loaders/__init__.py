"""Disk -> checked layer: the only room that reads delivered files."""

from riskmap.loaders.county import read_county

__all__ = ["read_county"]
