"""The corridor: open a county, derive, assess."""

from riskmap.pipeline.assess import assess
from riskmap.pipeline.county import open_county

__all__ = ["assess", "open_county"]
