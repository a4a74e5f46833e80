"""Where the map stands on the page and what of the ground it shows."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np

from riskmap.model import Survey

__all__ = ["Frame", "county_frame"]

_SCALES = (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8, 10)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where the map stands on the page, and what part of the country it shows.

    Parameters
    ----------
    box : tuple of float
        Left, bottom, right, top in mm on the page.
    extent : tuple of float
        Left, bottom, right, top in metres of the analysis CRS.
    scale : float
        Denominator of the map scale.
    """

    box: tuple[float, float, float, float]
    extent: tuple[float, float, float, float]
    scale: float

    def on_page(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Metres to mm on the page."""
        return (
            self.box[0] + (x - self.extent[0]) / self.scale * 1000,
            self.box[1] + (y - self.extent[1]) / self.scale * 1000,
        )

    def on_map(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Mm on the page to metres."""
        return (
            self.extent[0] + (x - self.box[0]) * self.scale / 1000,
            self.extent[1] + (y - self.box[1]) * self.scale / 1000,
        )


def county_frame(
    survey: Survey,
    box: tuple[float, float, float, float],
    *,
    margin_mm: float = 8,
    around: gpd.GeoDataFrame | None = None,
) -> Frame:
    """Choose the largest round scale at which the county, or a part of it, fits into `box`.

    Parameters
    ----------
    survey : Survey
        Its outline is shown whole.
    box : tuple of float
        Left, bottom, right, top of the map in mm.
    margin_mm : float
        Room that stays around it.
    around : GeoDataFrame, optional
        What is shown whole instead of the county.

    Returns
    -------
    Frame

    Examples
    --------
    >>> county_frame.__name__
    'county_frame'
    """
    west, south, east, north = (survey.outline if around is None else around).total_bounds
    wide, high = (box[2] - box[0]) / 1000, (box[3] - box[1]) / 1000
    room = 2 * margin_mm / 1000
    needed = max((east - west) / (wide - room), (north - south) / (high - room))
    power = 10.0 ** np.floor(np.log10(needed))
    scale = float(next(one * power for one in _SCALES if one * power >= needed))
    x, y = (west + east) / 2, (south + north) / 2
    half = wide * scale / 2, high * scale / 2
    return Frame(box, (x - half[0], y - half[1], x + half[0], y + half[1]), scale)
