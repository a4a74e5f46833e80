"""The published values: recomputed by riskmap's own functions and compared, with their source."""

from riskmap.verify.values import Verified, verify

__all__ = ["Verified", "verify"]
