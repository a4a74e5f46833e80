"""What each class of a hazard or a risk holds: people, economy, crops, houses, roads."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS

__all__ = ["amounts_by_class", "units_by_class", "whole_numbers"]


def amounts_by_class(
    classes: xr.DataArray,
    labels: xr.DataArray,
    *,
    size: int,
    cells: Mapping[str, np.ndarray],
    totals: pd.DataFrame,
) -> pd.DataFrame:
    """Divide the amounts of every unit among the classes that its cells bear.

    Parameters
    ----------
    classes : DataArray of uint8
        Class 1..K of each cell; anything else is unknown.
    labels : DataArray of int
        0 for none, n for the n-th unit (`zone_labels`).
    size : int
        K.
    cells : mapping of str to ndarray
        Amount in each cell by column; NaN counts as none.
    totals : DataFrame of float
        Index: the units in the order of the labels; the same columns: what each unit holds altogether.

    Returns
    -------
    DataFrame of float64
        Index (unit, class 1..K and `NO_CLASS`), the columns of `totals`. Classes of a unit sum to its total; the
        cells only say how it is divided. A total of a unit without an amount in any cell is of no known class. NaN where
        the total is NaN.

    Raises
    ------
    MethodError
        Grids of different shapes, or a column without cells.

    Notes
    -----
    ``A_uc = T_u * sum(a of the cells of u in c) / sum(a of the cells of u)``.

    Examples
    --------
    >>> row = lambda *values: xr.DataArray([list(values)], dims=("y", "x"))
    >>> totals = pd.DataFrame({"people": [30.0]}, index=["a"])
    >>> found = amounts_by_class(row(1, 2, 255), row(1, 1, 1), size=2, cells={"people": np.array([[4.0, 1, 1]])},
    ...     totals=totals)
    >>> found["people"].tolist()
    [20.0, 5.0, 5.0]
    """
    names = [str(one) for one in totals]
    lost = [name for name in names if name not in cells]
    shapes = {classes.shape, labels.shape, *(one.shape for one in cells.values())}
    if lost or len(shapes) > 1:
        raise MethodError(f"amounts by class: no cells for {', '.join(lost) or 'none'}, grids of shapes {shapes}")
    zone = labels.to_numpy().ravel().astype("int64")
    inside = np.flatnonzero(zone > 0)
    code = classes.to_numpy().ravel()[inside].astype("int64")
    code = np.where((code >= 1) & (code <= size), code, size + 1)
    place = (zone[inside] - 1) * (size + 1) + code - 1
    rows = len(totals) * (size + 1)
    columns = {}
    for name in names:
        amount = np.nan_to_num(cells[name].ravel()[inside])
        held = np.bincount(place, weights=amount, minlength=rows).reshape(len(totals), size + 1)
        columns[name] = _divided(held, totals[name].to_numpy("float64")).ravel()
    return pd.DataFrame(columns, index=_index(totals.index, size))


def _divided(held: np.ndarray, total: np.ndarray) -> np.ndarray:
    whole = held.sum(axis=1)
    nowhere = ~(whole > 0)
    share = held / np.where(nowhere, 1, whole)[:, None]
    share[nowhere] = 0
    share[nowhere, -1] = 1
    return share * total[:, None]


def _index(units: pd.Index, size: int) -> pd.MultiIndex:
    return pd.MultiIndex.from_product([units, [*range(1, size + 1), NO_CLASS]], names=["unit_id", "class"])


def units_by_class(classes: pd.Series, *, size: int, totals: pd.DataFrame) -> pd.DataFrame:
    """Give the whole amount of every unit to the class that the unit itself bears.

    Parameters
    ----------
    classes : Series of int
        Class of each unit.
    size : int
        K.
    totals : DataFrame of float
        Index as `classes`.

    Returns
    -------
    DataFrame of float64
        As `amounts_by_class`.

    Examples
    --------
    >>> classes = pd.Series([2, 255], index=["a", "b"])
    >>> found = units_by_class(classes, size=2, totals=pd.DataFrame({"people": [30.0, 5.0]}, index=["a", "b"]))
    >>> found["people"].tolist()
    [0.0, 30.0, 0.0, 0.0, 0.0, 5.0]
    """
    codes = classes.reindex(totals.index).fillna(NO_CLASS).to_numpy()
    every = np.array([*range(1, size + 1), NO_CLASS])
    codes = np.where(np.isin(codes, every), codes, NO_CLASS)
    own = codes[:, None] == every
    columns = {name: (own * totals[name].to_numpy("float64")[:, None]).ravel() for name in totals}
    return pd.DataFrame(columns, index=_index(totals.index, size))


def whole_numbers(parts: np.ndarray) -> np.ndarray:
    """Round parts to whole numbers that sum to the rounded whole: the largest remainders go up.

    Parameters
    ----------
    parts : ndarray of float, shape (parts,)
        Not negative.

    Returns
    -------
    ndarray of float64
        All NaN where one is NaN.

    Notes
    -----
    Largest remainders (Hamilton); of equal remainders the first goes up.

    Examples
    --------
    >>> whole_numbers(np.array([1.4, 1.4, 1.2])).tolist()
    [2.0, 1.0, 1.0]
    """
    if not np.isfinite(parts).all():
        return np.full(len(parts), np.nan)
    held = parts.round(6)
    found = np.floor(held)
    missing = round(float(parts.sum())) - int(found.sum())
    order = np.argsort(-(held - found), kind="stable")
    found[order[:missing]] += 1
    return found
