"""One exposed object while it is being counted, and what the yearbook says of a township."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.xr import xr_coords

from riskmap.model import Survey, Text

__all__ = ["Part", "on_survey_grid", "reconciled", "township_keys", "township_totals"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One exposed object, counted or not.

    Parameters
    ----------
    units : ndarray of float64, optional
        Amount per unit in the order of the survey's units; None when the object is left out.
    cells : ndarray of float64, optional
        Amount per cell.
    note : Text
        How it was counted, or why it could not be.
    thresholds : tuple of str
        Keys of the declared values that went in.
    """

    note: Text
    units: np.ndarray | None = None
    cells: np.ndarray | None = None
    thresholds: tuple[str, ...] = ()


def on_survey_grid(cells: np.ndarray, survey: Survey, *, units: str) -> xr.DataArray:
    """Give plain cells the coordinates of the survey's grid.

    Examples
    --------
    >>> on_survey_grid.__name__
    'on_survey_grid'
    """
    return xr.DataArray(cells, dims=("y", "x"), coords=xr_coords(survey.grid, dims=("y", "x")), attrs={"units": units})


def township_keys(survey: Survey) -> pd.Series:
    """Township part (first nine digits, GB/T 10114) of the code that each unit stands under.

    Parameters
    ----------
    survey : Survey
        Units whose `parent_id`, or whose own id when the units are townships, is a township code.

    Returns
    -------
    Series of text
        Index ``unit_id``; the parent's key where the yearbook or the townships know it, else the unit's own.

    Examples
    --------
    >>> township_keys.__name__
    'township_keys'
    """
    known = set(survey.townships.index.astype(str).str[:9])
    if survey.has("yearbook"):
        known |= set(survey.frame("yearbook")["code"].astype(str).str[:9])
    parents = survey.units["parent_id"].astype(str).str[:9]
    own = pd.Series(survey.units.index.astype(str).str[:9], index=survey.units.index)
    return parents.where(parents.isin(known), own)


def township_totals(survey: Survey, column: str) -> pd.Series | None:
    """Yearbook column by township key; None where no township has a value.

    Examples
    --------
    >>> township_totals.__name__
    'township_totals'
    """
    if not survey.has("yearbook"):
        return None
    frame = survey.frame("yearbook")
    if column not in frame or not frame[column].notna().any():
        return None
    values = pd.to_numeric(frame[column]).astype("float64")
    values.index = pd.Index(frame["code"].astype(str).str[:9])
    return values.dropna()


def reconciled(amounts: np.ndarray, keys: pd.Series, totals: pd.Series) -> np.ndarray:
    """Factor of each unit that makes the units of a township sum to its total.

    Parameters
    ----------
    amounts : ndarray of float
        Amount per unit; NaN unknown (left out of the township's sum).
    keys : Series of text
        Township key per unit.
    totals : Series of float
        Total by township key.

    Returns
    -------
    ndarray of float64
        1 where the township has no total; NaN where it has one but no amount to share it by.

    Examples
    --------
    >>> keys = pd.Series(["a", "a", "b", "c"])
    >>> reconciled(np.array([1.0, 3.0, 2.0, 0.0]), keys, pd.Series({"a": 8.0, "c": 5.0})).tolist()
    [2.0, 2.0, 1.0, nan]
    """
    found = pd.Series(amounts, index=keys.index).groupby(keys).sum(min_count=1)
    factor = (totals / found.where(found > 0)).reindex(found.index)
    factor = factor.where(~((totals.reindex(found.index) == 0) & (found == 0)), 1.0)
    absent = ~found.index.isin(totals.index)
    return keys.map(factor.mask(absent, 1.0)).to_numpy(dtype="float64")
