"""Where each scenario strikes, as a picture of one bit a cell."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr

from riskmap.maps.web.pictures import PIXELS, bit_picture, lon_lat_bounds, web_grid
from riskmap.maps.words import number
from riskmap.model import Assessment, ShelterResult, Survey, Text
from riskmap.spatial import cell_size_m, resample

__all__ = ["scenario_zones"]

_DANGERS = "danger_areas"
_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "zone": Text("本情景影响范围", "Area of this scenario"),
        "hidden": Text(
            "本情景影响范围所依据的危险区资料不公开，图上不绘出。",
            "The area of this scenario is not drawn: the danger areas that it comes from are not public.",
        ),
    }
)


def scenario_zones(found: ShelterResult, assessment: Assessment, *, pixels: int = PIXELS) -> Mapping[str, Any]:
    """Draw the cells that each scenario of the shelters strikes.

    Parameters
    ----------
    found : ShelterResult
        Its scenarios, and the zones of the delivered danger areas.
    assessment : Assessment
        Its themes hold the zones of their own scenarios.
    pixels : int
        Upper size of each picture.

    Returns
    -------
    mapping
        ``words``; ``size`` and ``bounds`` of every picture; ``zones``, one a scenario in the order of `found`: None where it
        tells of no zone (a day without a hazard, a share of all people), else ``png`` (None where the page is public and
        the danger areas are not) and ``area`` as text.

    Notes
    -----
    Zones are drawn on the cells of the analysis, or on coarser ones where there are more than `pixels`, nearest cell. The area is
    that of the cells of the analysis; no cell gives 0.

    Examples
    --------
    >>> scenario_zones.__name__
    'scenario_zones'
    """
    survey, grid = assessment.survey, web_grid(assessment.survey.grid, pixels=pixels)
    masks = {name: mask for theme in assessment.themes.values() for name, mask in theme.scenarios.items()}
    secret = set(found.danger_zones) if _kept_back(survey) else set()
    masks |= found.danger_zones

    def drawn(name: str) -> Mapping[str, Any] | None:
        if name not in masks:
            return None
        if name in secret:
            return {"png": None, "area": None}
        there = masks[name].astype("uint8")
        bits = np.asarray(resample(there, grid, method="nearest").data)
        return {"png": bit_picture(bits == 1), "area": _area(there)}

    return {
        "words": dict(_WORDS),
        "size": (grid.shape[1], grid.shape[0]),
        "bounds": lon_lat_bounds(grid),
        "zones": [drawn(str(name)) for name in found.scenarios.index],
    }


def _kept_back(survey: Survey) -> bool:
    """Whether the page is public and the delivered danger areas are not."""
    if not survey.county.maps.is_public or not survey.has(_DANGERS):
        return False
    entry = survey.county.layers.get(_DANGERS)
    return ((entry.secrecy if entry else None) or survey.layer(_DANGERS).spec.secrecy) != "公开"


def _area(there: xr.DataArray) -> str:
    return f"{number(float(there.sum()) * cell_size_m(there) ** 2 / 1e6)} km²"
