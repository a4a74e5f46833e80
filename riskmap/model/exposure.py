"""What stands in the way of a hazard, counted on the units and on the grid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from riskmap.model.results import LeftOut
from riskmap.model.scheme import Threshold
from riskmap.model.shown import frame_html, short_text
from riskmap.model.text import Text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["EXPOSURE_COLUMNS", "Exposure"]

EXPOSURE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {"people": "people", "gdp": "gdp_yuan", "crops": "crops_km2", "houses": "houses_m2", "roads": "roads_km"}
)
"""Column of each exposed object, its unit as suffix."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exposure:
    """Exposed objects of a county.

    Parameters
    ----------
    units : DataFrame
        Index ``unit_id``; columns of `EXPOSURE_COLUMNS`, where the layers allow; 0 is a known zero, NaN unknown.
    grids : mapping of str to DataArray of float64
        The same columns as amount per cell (dims ``y, x``); NaN outside the units and where unknown.
    left_out : tuple of LeftOut
        Objects that could not be counted, with the reason.
    notes : tuple of Text
        How each object was counted, and what was reconciled with what.
    thresholds : tuple of Threshold
        Declared values that went in.
    """

    units: "pd.DataFrame"
    grids: "Mapping[str, xr.DataArray]"
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Text, ...] = ()
    thresholds: tuple[Threshold, ...] = field(default=())

    _repr_html_, __repr__ = frame_html, short_text

    def to_frame(self) -> "pd.DataFrame":
        """Amounts by unit."""
        return self.units
