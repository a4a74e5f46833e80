"""What may happen: the day without a hazard, the zones that hazards declare, delivered danger areas, declared shares."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.model import Survey, Text, ThemeResult
from riskmap.shelters.reach import inside_mask
from riskmap.spatial import inside

__all__ = ["INSIDE", "Scenario", "closures", "scenarios_of", "serving", "threats"]

INSIDE = "shelters.inside_zone"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scenario:
    """One thing that may happen, and what it closes.

    Parameters
    ----------
    name : str
        ``dry``, ``flood: 20 a``, type and return period of danger areas, the name of a declared share.
    theme : str
        Hazard that it belongs to: shelters of some types serve in some hazards only.
    title : Text, optional
        How people call it; None where the theme's own title says it.
    mask : DataArray of bool, optional
        The zone that people must leave; None where none is told.
    closes : {"edges", "sites", "both", ""}
        What the zone closes.
    rule : str
        Key of the threshold that shuts a shelter out of the zone.
    depth_m : DataArray, optional
        Depth of water above the ground.
    share : float
        Share of all people who must leave, where there is no zone.
    by_radius : bool
        The limit is the radius of each shelter, not a walking time.
    """

    name: str
    theme: str
    title: Text | None = None
    mask: xr.DataArray | None = None
    closes: Literal["edges", "sites", "both", ""] = ""
    rule: str = INSIDE
    depth_m: xr.DataArray | None = None
    share: float = 1.0
    by_radius: bool = False

    def shuts(self, what: Literal["edges", "sites"]) -> bool:
        """Whether its zone closes roads (``edges``) or shelters (``sites``)."""
        return self.mask is not None and self.closes in {what, "both"}


def closures(themes: Mapping[str, ThemeResult]) -> Iterator[Scenario]:
    """List the zones that the themes declare.

    Parameters
    ----------
    themes : mapping of str to ThemeResult
        Measured or given hazards.

    Yields
    ------
    Scenario

    Examples
    --------
    >>> list(closures({}))
    []
    """
    for theme in themes.values():
        for name, mask in theme.scenarios.items():
            yield Scenario(
                name=name, theme=theme.name, mask=mask, closes=theme.scenario_closes[name],  # type: ignore[arg-type]
                rule=theme.scenario_rules.get(name, INSIDE), depth_m=theme.depth_m(name),
            )  # fmt: skip


def scenarios_of(survey: Survey, themes: Mapping[str, ThemeResult]) -> dict[str, Scenario]:
    """List everything for which shelters are tried, by name.

    Parameters
    ----------
    survey : Survey
        ``danger_areas`` where delivered; shares of ``[shelters.share]``.
    themes : mapping of str to ThemeResult
        Measured or given hazards.

    Returns
    -------
    dict of str to Scenario
        ``dry`` first, then the zones of the themes, the danger areas by type and return period, and the declared shares.

    Notes
    -----
    What a delivered danger area closes stands in the table ``shelters.danger_areas``. A declared share (earthquake) closes
    nothing: no shaking is modelled.

    Examples
    --------
    >>> scenarios_of.__name__
    'scenarios_of'
    """
    found = [Scenario(name="dry", theme="dry", by_radius=True), *closures(themes), *_given(survey), *_shares(survey)]
    return {one.name: one for one in found}


def _given(survey: Survey) -> Iterator[Scenario]:
    if not survey.has("danger_areas"):
        return
    areas = survey.frame("danger_areas")
    for row in survey.standards.table("shelters.danger_areas"):
        mine = areas[areas["type"] == row["type"]]
        for title, part in _by_period(mine, Text(row["type"], row["en"])):
            yield Scenario(
                name=title.zh, theme=row["theme"], title=title, mask=inside(part, survey.grid) & survey.mask,
                closes=row["closes"], rule=row["rule"],
            )  # fmt: skip


def _by_period(areas: gpd.GeoDataFrame, title: Text) -> Iterator[tuple[Text, gpd.GeoDataFrame]]:
    """Danger areas of one type: those of each return period, and those without one."""
    empty = pd.Series(np.nan, index=areas.index)
    years = pd.to_numeric(areas.get("return_period_a", empty), errors="coerce").astype("float64")
    for one in np.unique(years[years.notna()]):
        yield Text(f"{title.zh}（{one:g}年一遇）", f"{title.en} ({one:g}-year)"), areas[years == one]
    if years.isna().any():
        yield title, areas[years.isna()]


def _shares(survey: Survey) -> Iterator[Scenario]:
    own = survey.county.shelters.share
    for row in survey.standards.table("shelters.shares"):
        if row["name"] not in own:
            yield Scenario(
                name=row["name"], theme=row["name"], title=Text(**row["title"]), by_radius=True,
                share=survey.standards.value(row["share"]),
            )  # fmt: skip
    for name, one in own.items():
        yield Scenario(name=name, theme=name, title=one.title.text, by_radius=one.limit == "radius", share=one.share)


def serving(kinds: Iterable[str], rules: pd.DataFrame, theme: str) -> np.ndarray:
    """Whether shelters of these types serve in a hazard.

    Parameters
    ----------
    kinds : iterable of str
        Type of each shelter.
    rules : DataFrame
        From `shelter_rules`: ``serves`` (tuple of themes; empty for all).
    theme : str
        Hazard of the scenario; ``dry`` for the day without one.

    Returns
    -------
    ndarray of bool

    Examples
    --------
    >>> rules = pd.DataFrame({"serves": [(), ("flood",)]}, index=["紧急", "安全公共建筑"])
    >>> serving(["紧急", "安全公共建筑"], rules, "fire").tolist()
    [True, False]
    """
    told = rules["serves"].to_dict()
    return np.array([not told[one] or theme in told[one] for one in kinds], dtype=bool)


def threats(scenarios: Iterable[Scenario], places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Say which shelters stand inside a zone that shuts them out, and which clause says so.

    Parameters
    ----------
    scenarios : iterable of Scenario
        From `scenarios_of`.
    places : GeoDataFrame
        Shelters, index ``shelter_id``.

    Returns
    -------
    DataFrame
        ``shelter_id``, ``scenario``, ``hazard`` (the theme; the scenario itself for a danger area), ``rule`` (key of the
        threshold); one row for each shelter and scenario. Empty where all are safe.

    Examples
    --------
    >>> list(threats([], gpd.GeoDataFrame(geometry=[], crs="EPSG:4546")).columns)
    ['shelter_id', 'scenario', 'hazard', 'rule']
    """
    sites = np.column_stack([places.geometry.x, places.geometry.y])
    rows = [
        (place, one.name, one.theme if one.title is None else one.name, one.rule)
        for one in scenarios
        if one.shuts("sites") and one.mask is not None
        for place in places.index[inside_mask(sites, one.mask)]
    ]
    return pd.DataFrame(rows, columns=["shelter_id", "scenario", "hazard", "rule"])
