"""The zones of a county by its settings."""

from collections.abc import Mapping

import geopandas as gpd

from riskmap.model import ClassScheme, Survey, Text
from riskmap.scoring.zone_landmarks import Rivers
from riskmap.scoring.zoning import zones

__all__ = [
    "REGION_BOUNDS",
    "county_rivers",
    "county_zones",
    "region_bounds",
    "smallest_zone_km2",
    "zone_note",
    "zone_thresholds",
]

_RIVER = ("comprehensive.river_near_m", "comprehensive.river_share", "comprehensive.river_area_share")
REGION_BOUNDS = ("comprehensive.fewest_regions", "comprehensive.most_regions")


def county_zones(
    units: gpd.GeoDataFrame, survey: Survey, *, scheme: ClassScheme, titles: Mapping[str, Text]
) -> gpd.GeoDataFrame:
    """Join the units of a county to zones by ``[zoning]`` of its settings.

    Parameters
    ----------
    units : GeoDataFrame
        With class, leading hazard and contributions.
    survey : Survey
        Its settings, thresholds, townships and streams.
    scheme : ClassScheme
        Of the classes, with the edges used.
    titles : mapping of theme to Text
        Short names of the themes.

    Returns
    -------
    GeoDataFrame
        From `zones`.

    Raises
    ------
    MethodError
        As `zones`.

    Examples
    --------
    >>> county_zones.__name__
    'county_zones'
    """
    settings = survey.county.zoning
    return zones(
        units,
        scheme=scheme,
        titles=titles,
        minimum_area_km2=smallest_zone_km2(survey),
        method=settings.method,
        count=settings.count,
        between=region_bounds(survey),
        townships=survey.townships if len(survey.townships) else None,
        rivers=county_rivers(survey),
    )


def county_rivers(survey: Survey) -> Rivers | None:
    """Rivers that zones of a county may be named by; None without named streams.

    Examples
    --------
    >>> county_rivers.__name__
    'county_rivers'
    """
    if not survey.has("streams") or "name" not in survey.frame("streams"):
        return None
    near_m, share, area = (float(survey.standards.value(one)) for one in _RIVER)
    return Rivers(lines=survey.frame("streams"), near_m=near_m, least_share=share, least_area=area)


def smallest_zone_km2(survey: Survey) -> float:
    """Smallest zone of a county: its setting, else a declared share of its area.

    Examples
    --------
    >>> smallest_zone_km2.__name__
    'smallest_zone_km2'
    """
    given = survey.county.zoning.minimum_area_km2
    if given is not None:
        return given
    return float(survey.standards.value("comprehensive.zone_share")) * float(survey.outline.area.sum()) / 1e6


def region_bounds(survey: Survey) -> tuple[int, int]:
    """Fewest and most regions that the jump of cost may choose.

    Examples
    --------
    >>> region_bounds.__name__
    'region_bounds'
    """
    fewest, most = (int(survey.standards.value(one)) for one in REGION_BOUNDS)
    return fewest, most


def zone_note(survey: Survey) -> Text:
    """Say how the zones of a county were made.

    Examples
    --------
    >>> zone_note.__name__
    'zone_note'
    """
    method = survey.county.zoning.method
    if method == "regions":
        return Text(
            "区划由各灾种得分与综合指数相近的相邻单元聚合而成，等级取平均指数所在等级",
            "Zones are touching units that resemble one another in scores and index, in the class of their mean index",
        )
    least = f"{smallest_zone_km2(survey):.3g} km²"
    zh = "等级与主导灾种相同" if method == "like" else "风险等级相同"
    en = "of one class and leading hazard" if method == "like" else "of one class"
    return Text(
        f"区划由{zh}的相邻单元合并而成，小于 {least} 的并入等级最近的邻区",
        f"Zones are touching units {en}; those under {least} went to the neighbour of the nearest class",
    )


def zone_thresholds(survey: Survey) -> tuple[str, ...]:
    """Keys of the declared values that the zones of a county use.

    Examples
    --------
    >>> zone_thresholds.__name__
    'zone_thresholds'
    """
    settings = survey.county.zoning
    keys = _RIVER if survey.has("streams") else ()
    if settings.method == "regions":
        return keys if settings.count is not None else (*keys, *REGION_BOUNDS)
    return keys if settings.minimum_area_km2 is not None else (*keys, "comprehensive.zone_share")
