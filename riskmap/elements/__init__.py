"""What is exposed and how vulnerable it is, and what the county can do about it."""

from riskmap.elements.exposure import exposure

__all__ = ["exposure"]
