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
        grid (or where it is empty in a unit) the people of a unit stand at its seat. None where nothing is
        known of people.

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
    if cells is None:
        return xr.zeros_like(survey.mask, dtype="float64") + _at_seats(assessment, people)
    labels = zone_labels(units, survey.grid)
    counted = zonal_sum(cells, labels, count=len(units))
    spread = counted > 0
    factor = np.divide(people, counted, out=np.zeros(len(units)), where=spread)
    scaled = np.nan_to_num(cells.to_numpy()) * np.append(0.0, np.nan_to_num(factor))[labels.to_numpy()]
    return cells.copy(data=scaled + _at_seats(assessment, np.where(spread, 0.0, people)))


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
        Index ``class`` (1..K, then `NO_CLASS`); ``area_km2``, ``people`` (NaN without `people`) and ``share``
        of the county's area.

    Examples
    --------
    >>> tally_cells.__name__
    'tally_cells'
    """
    inside = mask.to_numpy()
    values = codes.to_numpy()[inside]
    known = np.where((values >= 1) & (values <= scheme.size), values, NO_CLASS)
    cells = np.bincount(known, minlength=NO_CLASS + 1)
    heads = np.full(NO_CLASS + 1, np.nan)
    if people is not None:
        heads = np.bincount(known, np.nan_to_num(people.to_numpy()[inside]), minlength=NO_CLASS + 1)
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
    heads = np.full(NO_CLASS + 1, np.nan)
    if "people" in shapes:
        heads = np.bincount(known, shapes["people"].fillna(0).to_numpy(float), minlength=NO_CLASS + 1)
    return _table(areas, heads, scheme)


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
