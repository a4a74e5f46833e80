"""Area and people of each class: the numbers beside a legend."""

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.model import NO_CLASS, Assessment, ClassScheme
from riskmap.spatial import cell_size_m, zonal_sum, zone_labels

__all__ = ["people_cells", "tally_cells", "tally_shapes"]


def people_cells(assessment: Assessment) -> xr.DataArray | None:
    """People in each cell, so that class legends can count them.

    Parameters
    ----------
    assessment : Assessment
        With exposure, a population grid, or villages with people.

    Returns
    -------
    DataArray of float64 or None
        The population grid, scaled inside each unit to the people that the exposure counts there. Without a
        grid (or where it is empty in a unit) the people of a unit stand at its seat. NaN in every cell of a unit whose
        people are unknown. None where nothing is known of people.

    Examples
    --------
    >>> people_cells.__name__
    'people_cells'
    """
    survey, risk = assessment.survey, assessment.risk
    cells = survey.raster("population").astype("float64") if survey.has("population") else None
    if risk is None or "people" not in risk.exposure:
        return cells
    units = survey.units
    people = risk.exposure["people"].reindex(units.index).to_numpy(float)
    labels = zone_labels(units, survey.grid)
    unknown = np.append(False, np.isnan(people))[labels.to_numpy()]
    if cells is None:
        return (xr.zeros_like(survey.mask, dtype="float64") + _at_seats(assessment, people)).where(~unknown)
    counted = zonal_sum(cells, labels, count=len(units))
    spread = counted > 0
    factor = np.divide(people, counted, out=np.zeros(len(units)), where=spread)
    scaled = np.nan_to_num(cells.to_numpy()) * np.append(0.0, np.nan_to_num(factor))[labels.to_numpy()]
    return cells.copy(data=np.where(unknown, np.nan, scaled + _at_seats(assessment, np.where(spread, 0.0, people))))


def tally_cells(
    codes: xr.DataArray, scheme: ClassScheme, *, mask: xr.DataArray, people: xr.DataArray | None = None
) -> pd.DataFrame:
    """Area and people of each class of a raster.

    Parameters
    ----------
    codes : DataArray of uint8
        Classes 1..K, `NO_CLASS` unknown.
    scheme : ClassScheme
        Of the classes.
    mask : DataArray of bool
        True inside the county.
    people : DataArray, optional
        From `people_cells`.

    Returns
    -------
    DataFrame
        Index ``class`` (1..K, then `NO_CLASS`); ``area_km2``, ``people`` (of those cells where they are known; NaN where
        they are in none of a class, and without `people`) and ``share`` of the county's area.

    Examples
    --------
    >>> tally_cells.__name__
    'tally_cells'
    """
    inside = mask.to_numpy()
    values = codes.to_numpy()[inside]
    known = np.where((values >= 1) & (values <= scheme.size), values, NO_CLASS)
    cells = np.bincount(known, minlength=NO_CLASS + 1)
    heads = np.full(NO_CLASS + 1, np.nan) if people is None else _heads(known, people.to_numpy()[inside])
    return _table(cells * cell_size_m(codes) ** 2 / 1e6, heads, scheme)


def tally_shapes(shapes: gpd.GeoDataFrame, scheme: ClassScheme) -> pd.DataFrame:
    """Area and people of each class of units or zones.

    Parameters
    ----------
    shapes : GeoDataFrame
        Column ``class``; ``people`` if known; geometry in metres.
    scheme : ClassScheme
        Of the classes.

    Returns
    -------
    DataFrame
        As `tally_cells`.

    Examples
    --------
    >>> tally_shapes.__name__
    'tally_shapes'
    """
    values = shapes["class"].fillna(NO_CLASS).astype(int).to_numpy()
    known = np.where((values >= 1) & (values <= scheme.size), values, NO_CLASS)
    areas = np.bincount(known, shapes.area.to_numpy() / 1e6, minlength=NO_CLASS + 1)
    people = shapes["people"].to_numpy("float64") if "people" in shapes else np.full(len(shapes), np.nan)
    return _table(areas, _heads(known, people), scheme)


def _heads(codes: np.ndarray, people: np.ndarray) -> np.ndarray:
    """People by class: unknown ones are not counted; NaN for a class in which none are known, nought for an empty one."""
    told = ~np.isnan(people)
    sums = np.bincount(codes, np.nan_to_num(people), minlength=NO_CLASS + 1)
    known, all_of = (np.bincount(one, minlength=NO_CLASS + 1) for one in (codes[told], codes))
    return np.where((known > 0) | ((all_of == 0) & told.any()), sums, np.nan)


def _table(areas: np.ndarray, people: np.ndarray, scheme: ClassScheme) -> pd.DataFrame:
    rows = [*range(1, scheme.size + 1), NO_CLASS]
    whole = areas[rows].sum()
    columns = {"area_km2": areas[rows], "people": people[rows], "share": areas[rows] / (whole or np.nan)}
    return pd.DataFrame(columns, index=pd.Index(rows, name="class"))


def _at_seats(assessment: Assessment, people: np.ndarray) -> np.ndarray:
    survey = assessment.survey
    seats = survey.units.representative_point()
    if survey.has("villages"):
        villages = survey.frame("villages")
        known = villages.assign(code=villages["code"].astype(str)).drop_duplicates("code").set_index("code")
        delivered = known.geometry.reindex(seats.index)
        seats = delivered.where(delivered.notna(), seats)
    rows, columns = survey.grid.shape
    cell = survey.grid.affine
    across, down = (seats.x.to_numpy() - cell.c) / cell.a, (seats.y.to_numpy() - cell.f) / cell.e
    at = np.floor(down).astype(int), np.floor(across).astype(int)
    inside = (at[0] >= 0) & (at[0] < rows) & (at[1] >= 0) & (at[1] < columns)
    found = np.zeros((rows, columns))
    np.add.at(found, (at[0][inside], at[1][inside]), np.nan_to_num(people)[inside])
    return found
