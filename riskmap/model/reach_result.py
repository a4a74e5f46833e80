"""What the analysis of shelters found out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from riskmap.model.scheme import Threshold
from riskmap.model.shown import frame_html, short_text
from riskmap.model.text import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

__all__ = ["AT_ONCE", "MEASURES", "ShelterResult"]


AT_ONCE = Text("假定全县同时转移", "if the whole county moved at once")
"""What the figures of placing mean where there is no hazard."""
MEASURES = Text(
    "“覆盖”指全县人口中，沿畅通道路到可用场所的路程在其服务半径以内者，不论是否需要转移、场所有无空位；"
    "“需安置、已安置、未安置”指该情景下必须离开的人，其中分到有空位的安全场所者为已安置。"
    f"无灾害时无人必须离开，该行为{AT_ONCE.zh}的人数；无灾害和地震情景限服务半径，其他灾害情景限步行时间，不限服务半径。"
    "两者口径不同，不可相减",
    "covered: of all people, those whose way over open roads to a usable shelter lies within its radius, whether they must leave "
    "or not and whatever its room; to move, placed, not placed: those who must leave in the scenario, placed where they find "
    "room in a safe shelter; without a hazard nobody must leave, the row tells who would find room "
    f"{AT_ONCE.en}; the limit is the radius there and after an earthquake, the walking time in other hazards; one cannot be "
    "taken from the other",
)
"""What the two measures of shelters mean, in the same words on every page."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShelterResult:
    """Who reaches a shelter over the roads.

    Parameters
    ----------
    shelters : GeoDataFrame
        Index ``shelter_id``; ``name``, ``type``, ``capacity_people``, ``radius_m``, ``people_in_reach``,
        ``unsafe_for`` (text, themes), ``unsafe_why`` (text, ``theme=threshold``), ``unit_id``, geometry.
    demand : GeoDataFrame
        Index ``unit_id``; ``people``, ``shelter_id`` (nearest), ``distance_m``, ``radius_m`` (of that shelter),
        ``time_min``, ``slow_min`` (those who walk slowly), ``drive_min`` (by car), ``straight_m``, ``second_id``, ``second_min`` (next nearest on foot),
        ``room_per_head`` (places a head within the radii), ``covered`` (bool), ``reason`` (``covered``, ``too far``,
        ``no road``, ``unsafe``, ``no people``), geometry.
    scenarios : DataFrame
        One row per scenario (``dry`` first): ``people_covered``, ``people_uncovered``, ``shelters_usable``,
        ``share_covered``, ``share_straight`` (straight-line coverage).
    roads : GeoDataFrame
        Edges of the network used: ``length_m``, ``closed_in`` (text), geometry.
    notes : tuple of Text
        Topology report in words (islands, snapped distances).
    thresholds : tuple of Threshold
        Rules used.
    critical : GeoDataFrame, optional
        Roads whose loss hurts most: ``name``, ``people_on_it``, ``people_cut_off``, ``extra`` (people x minutes), geometry.
    areas : GeoDataFrame, optional
        Index ``limit`` (minutes on foot): land along the roads within it, ``area_km2``, geometry.
    flows, evacuated : DataFrame, optional
        Who goes where, and who finds no room or way, in each scenario (`riskmap.shelters.Evacuation`).
    titles : mapping of str to Text
        Names of the scenarios, but for ``dry``.
    threats : DataFrame, optional
        Shelters inside zones, and the rule that shuts them out (`riskmap.shelters.threats`).
    times, groups : DataFrame, optional
        Sums by scenario and time; those who walk slowly (`riskmap.shelters.groups_moved`).
    houses : GeoDataFrame, optional
        Public houses that take people in, index ``shelter_id``.
    routes : GeoDataFrame, optional
        Ways of the flows (`riskmap.shelters.escape_routes`).
    buses, fleet : DataFrame, optional
        Trips by village and shelter, and by scenario (`riskmap.shelters.bus_plans`).
    danger_zones : mapping of str to DataArray of bool
        Cells of the delivered danger areas, by scenario; zones of hazards stand in their `ThemeResult`.
    """

    shelters: "gpd.GeoDataFrame"
    demand: "gpd.GeoDataFrame"
    scenarios: "pd.DataFrame"
    roads: "gpd.GeoDataFrame"
    notes: tuple[Text, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    critical: "gpd.GeoDataFrame | None" = None
    areas: "gpd.GeoDataFrame | None" = None
    flows: "pd.DataFrame | None" = None
    evacuated: "pd.DataFrame | None" = None
    titles: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    threats: "pd.DataFrame | None" = None
    times: "pd.DataFrame | None" = None
    groups: "pd.DataFrame | None" = None
    houses: "gpd.GeoDataFrame | None" = None
    routes: "gpd.GeoDataFrame | None" = None
    buses: "pd.DataFrame | None" = None
    fleet: "pd.DataFrame | None" = None
    danger_zones: "Mapping[str, xr.DataArray]" = field(default_factory=lambda: MappingProxyType({}))

    _repr_html_, __repr__ = frame_html, short_text

    def to_frame(self) -> "gpd.GeoDataFrame":
        """Places of demand, each with the shelter in reach."""
        return self.demand
