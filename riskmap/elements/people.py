"""Where the people are: from a population grid, or spread from the counts of villages."""

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from scipy.spatial import KDTree

from riskmap.elements.part import Part, on_survey_grid, reconciled, township_keys, township_totals
from riskmap.elements.spread import cell_of, points_by_cell, spread
from riskmap.model import Survey, Text
from riskmap.spatial.zonal import zonal_sum

__all__ = ["count_people"]

_RADIUS, _BUILT = "exposure.seat_radius_m", "exposure.built_code"


def count_people(survey: Survey, labels: xr.DataArray) -> Part:
    """People per unit and per cell.

    Parameters
    ----------
    survey : Survey
        With the layer ``population``, or ``villages`` with a column ``people``.
    labels : DataArray of int32
        Units on the grid (`zone_labels`).

    Returns
    -------
    Part
        A population grid is scaled to the yearbook's people of each township where it gives them. Counts of
        villages are taken as they stand and spread inside the village's area over floor area of buildings,
        else built-up land, else the surroundings of the seat, else evenly; totals are kept exactly.

    Examples
    --------
    >>> count_people.__name__
    'count_people'
    """
    if survey.has("population"):
        return _from_grid(survey, labels)
    if survey.has("villages"):
        villages = survey.frame("villages")
        if "people" in villages and villages["people"].notna().any():
            return _from_villages(survey, labels, villages)
    return Part(
        note=Text("没有人口格网，村（社区）也没有人口数", "no population grid, and the villages give no people")
    )


def _from_grid(survey: Survey, labels: xr.DataArray) -> Part:
    cells = survey.raster("population").to_numpy().astype("float64")
    cells = np.where(labels.to_numpy() > 0, cells, np.nan)
    units = zonal_sum(on_survey_grid(cells, survey, units="people"), labels, count=len(survey.units))
    totals = township_totals(survey, "people")
    zh, en = "人口格网", "population grid"
    if totals is not None:
        factor = reconciled(units, township_keys(survey), totals)
        units, cells = units * factor, cells * np.append(np.nan, factor)[labels.to_numpy()]
        zh, en = f"{zh}，按年鉴分乡镇人口校正", f"{en}, scaled to the yearbook's people of each township"
    return Part(units=units, cells=cells, note=Text(f"人口：{zh}", f"People: {en}"))


def _from_villages(survey: Survey, labels: xr.DataArray, villages: gpd.GeoDataFrame) -> Part:
    counts = pd.to_numeric(villages["people"]).astype("float64")
    codes = villages["code"].astype(str)
    by_code = bool(codes.isin(survey.units.index).any())
    if by_code:
        totals = counts.groupby(codes).sum(min_count=1).reindex(survey.units.index).to_numpy()
        seats = villages.assign(code=codes).drop_duplicates("code").set_index("code").geometry
        seats = seats.reindex(survey.units.index)
        seats = seats.where(~seats.isna(), survey.units.representative_point())
        zones = labels.to_numpy()
    else:
        totals, seats, zones = counts.to_numpy(), villages.geometry, _nearest_seat(villages.geometry, labels)
    surfaces, words, used = _surfaces(survey, zones, seats)
    rows, columns = cell_of(seats.x.to_numpy(), seats.y.to_numpy(), grid=survey.grid)
    cells = spread(totals, zones, surfaces=surfaces, seats=np.stack([rows, columns], axis=1))
    if by_code:
        units = totals
    else:
        units = zonal_sum(on_survey_grid(cells, survey, units="people"), labels, count=len(survey.units))
    note = Text(f"人口：各村人口，按{words.zh}落到格网", f"People: counts of villages, placed by {words.en}")
    return Part(units=units, cells=cells, note=note, thresholds=used)


def _nearest_seat(seats: gpd.GeoSeries, labels: xr.DataArray) -> np.ndarray:
    """Label the cells inside the units with the nearest seat: villages without areas of their own."""
    inside = labels.to_numpy() > 0
    rows, columns = np.nonzero(inside)
    centres = np.stack([labels["x"].to_numpy()[columns], labels["y"].to_numpy()[rows]], axis=1)
    zones = np.zeros(labels.shape, dtype="int64")
    zones[inside] = KDTree(np.stack([seats.x, seats.y], axis=1)).query(centres)[1] + 1
    return zones


def _surfaces(
    survey: Survey, zones: np.ndarray, seats: gpd.GeoSeries
) -> tuple[list[np.ndarray], Text, tuple[str, ...]]:
    """Surfaces to spread by, best first, in words, with the keys of the declared values."""
    found: list[np.ndarray] = []
    words, used = [], []
    if survey.has("buildings"):
        frame = survey.frame("buildings")
        points = frame.geometry.representative_point()
        area = frame["floor_area_m2"].fillna(0).to_numpy(dtype="float64")
        found.append(points_by_cell(points.x.to_numpy(), points.y.to_numpy(), grid=survey.grid, weights=area))
        words.append(Text("房屋建筑面积", "floor area of buildings"))
    if survey.has("land_cover"):
        found.append((survey.raster("land_cover").to_numpy() == survey.standards.value(_BUILT)).astype("float64"))
        words.append(Text("建成区", "built-up land"))
        used.append(_BUILT)
    radius = survey.standards.value(_RADIUS)
    east = np.append(np.nan, seats.x.to_numpy())[zones]
    north = np.append(np.nan, seats.y.to_numpy())[zones]
    pattern = on_survey_grid(np.zeros(survey.grid.shape), survey, units="1")
    near = np.hypot(pattern["x"].to_numpy() - east, pattern["y"].to_numpy()[:, None] - north) <= radius
    found.append(near.astype("float64"))
    words.append(Text(f"村址周围 {radius:g} 米", f"{radius:g} m round the seat"))
    used.append(_RADIUS)
    zh, en = "，其次".join(one.zh for one in words), ", else ".join(one.en for one in words)
    return found, Text(zh, en), tuple(used)
