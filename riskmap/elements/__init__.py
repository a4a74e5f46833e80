"""What is exposed and how vulnerable it is, and what the county can do about it."""

from riskmap.elements.capacity import Capacity, capacity
from riskmap.elements.exposure import exposure
from riskmap.elements.inside import lines_inside, records_inside, units_inside
from riskmap.elements.spread import spread
from riskmap.elements.vulnerability import vulnerability

__all__ = [
    "Capacity",
    "capacity",
    "exposure",
    "lines_inside",
    "records_inside",
    "spread",
    "units_inside",
    "vulnerability",
]
