"""Where a new facility could stand: planned sites and village seats, out of danger and on gentle ground."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.model import Assessment, Survey, Text
from riskmap.shelters import inside_mask, masks_that_close
from riskmap.spatial import values_at

__all__ = ["candidate_sites", "safe_sites"]


def candidate_sites(survey: Survey, demand: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Planned sites, and the seats of the villages where people live.

    Parameters
    ----------
    survey : Survey
        ``planned_sites`` where delivered.
    demand : GeoDataFrame
        Index ``unit_id``; ``people`` and the seats.

    Returns
    -------
    GeoDataFrame
        ``name``, ``kind`` in words, points.

    Examples
    --------
    >>> candidate_sites.__name__
    'candidate_sites'
    """
    names = survey.units["name"].reindex(demand.index) if "name" in survey.units else demand.index.to_series()
    lived = demand[demand["people"].fillna(0) > 0]
    seats = gpd.GeoDataFrame(
        {"name": names.reindex(lived.index), "kind": str(Text("村（社区）驻地", "village seat"))},
        geometry=lived.geometry, crs=demand.crs,
    ).rename(index=lambda one: f"seat {one}")  # fmt: skip
    if not survey.has("planned_sites"):
        return seats
    planned = survey.frame("planned_sites").reset_index(drop=True)
    sites = gpd.GeoDataFrame(
        {"name": planned["name"].astype(str), "kind": str(Text("规划点位", "planned site"))},
        geometry=planned.geometry.representative_point(), crs=planned.crs,
    ).rename(index=lambda one: f"plan {one}")  # fmt: skip
    return gpd.GeoDataFrame(pd.concat([sites, seats]), crs=demand.crs)


def safe_sites(
    assessment: Assessment, places: gpd.GeoDataFrame, *, any_slope: bool = False
) -> tuple[gpd.GeoDataFrame, int]:
    """Candidates outside every zone that closes sites, on ground that is not too steep; how many were refused.

    Parameters
    ----------
    assessment : Assessment
        With its themes; ``slope_deg`` where there is relief.
    places : GeoDataFrame
        From `candidate_sites`.
    any_slope : bool
        Steep ground will do.

    Returns
    -------
    GeoDataFrame
    int

    Examples
    --------
    >>> safe_sites.__name__
    'safe_sites'
    """
    xy = shapely.get_coordinates(places.geometry.to_numpy())
    good = np.ones(len(places), bool)
    for theme in assessment.themes.values():
        for mask in masks_that_close(theme.scenarios, theme.scenario_closes, what="sites").values():
            good &= ~inside_mask(xy, mask)
    survey = assessment.survey
    if survey.has("slope_deg") and not any_slope:
        steep = 100 * np.tan(np.radians(values_at(survey.raster("slope_deg"), xy)))
        good &= ~(steep > survey.standards.value("shelters.candidate_slope_pct"))
    return places[good], int((~good).sum())
