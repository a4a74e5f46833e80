"""The atlas: one page that opens by double click and asks nobody for anything."""

from riskmap.maps.web.atlas import atlas
from riskmap.maps.web.offline import OfflineMap, check_offline

__all__ = ["OfflineMap", "atlas", "check_offline"]
