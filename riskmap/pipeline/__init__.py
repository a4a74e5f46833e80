"""The corridor: open, load, derive, assess, publish, run."""

from riskmap.pipeline.county import open_county

__all__ = ["open_county"]
