"""Risks of objects and themes are joined to one index, on the units, the townships and the grid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import EXPOSURE_COLUMNS
from riskmap.model.shown import frame_html
from riskmap.scoring.cell_kernels import fill_index

__all__ = ["Comprehensive", "comprehensive", "grid_index", "harms_of", "roll_up"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comprehensive:
    """The joined index on the units, and what it is made of.

    Parameters
    ----------
    units : DataFrame
        Index ``unit_id``; ``index`` 0..1, ``known_share``, ``index_<object>``.
    contributions : DataFrame
        Index ``unit_id``, a column per theme: its part of the index; rows sum to the index.
    """

    units: pd.DataFrame
    contributions: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Units with their index."""
        return self.units


def comprehensive(risks: pd.DataFrame, *, themes: Mapping[str, float], objects: Mapping[str, float]) -> Comprehensive:
    """Join the risks of objects and themes to one index per unit.

    Parameters
    ----------
    risks : DataFrame
        Long table of `unit_risk`; ``known_share`` is taken as 1 where the column is absent.
    themes, objects : mapping of str to float
        Weights. A theme or object that the table does not hold lowers the known share of every unit.

    Returns
    -------
    Comprehensive

    Raises
    ------
    MethodError
        The table holds nothing that has a weight.

    Notes
    -----
    ``index = sum_t sum_o w_t w_o R_to / (the same sum of the weights whose R is known)``; the index of an object
    is the same over the themes alone. ``known_share = sum w k / sum w`` with k the known share of each R.

    Examples
    --------
    >>> risks = pd.DataFrame({"unit_id": ["a", "a"], "theme": ["flood", "drought"], "object": "people",
    ...     "index": [0.4, 0.1]})
    >>> found = comprehensive(risks, themes={"flood": 1, "drought": 2}, objects={"people": 1})
    >>> found.units[["index", "known_share"]].round(3).to_numpy().tolist(), found.contributions.round(3).to_numpy().tolist()
    ([[0.2, 1.0]], [[0.133, 0.067]])
    """
    units = pd.Index(risks["unit_id"].unique(), name="unit_id")
    held_t = [one for one in themes if (risks["theme"] == one).any()]
    held_o = [one for one in objects if (risks["object"] == one).any()]
    weight = np.outer([themes[one] for one in held_t], [objects[one] for one in held_o])[..., None]
    if not weight.sum() > 0:
        raise MethodError(
            f"no weight falls on what was assessed: themes {', '.join(risks['theme'].unique())}, "
            f"weights for {', '.join(themes) or 'none'}"
        )
    axes = (held_t, held_o, units)
    index = _cube(risks, "index", axes)
    known = np.isfinite(index)
    share = _cube(risks, "known_share", axes) if "known_share" in risks else known.astype("float64")
    parts, below = weight * np.nan_to_num(index), weight * known
    total = below.sum(axis=(0, 1))
    contributions = _divided(parts.sum(axis=1), total)
    joined = _divided(parts.sum(axis=(0, 1)), total)
    everything = sum(themes.values()) * sum(objects.values())
    table = {
        "index": joined,
        "known_share": (weight * np.nan_to_num(share) * known).sum(axis=(0, 1)) / everything,
    }
    for place, one in enumerate(held_o):
        table[f"index_{one}"] = _divided(parts[:, place].sum(axis=0), below[:, place].sum(axis=0))
    return Comprehensive(
        units=pd.DataFrame(table, index=units),
        contributions=pd.DataFrame(contributions.T, index=units, columns=pd.Index(held_t)),
    )


def _cube(risks: pd.DataFrame, column: str, axes: tuple[list[str], list[str], pd.Index]) -> np.ndarray:
    """Values of a column of the long table, themes x objects x units; NaN where the table has no row."""
    table = risks.set_index(["theme", "object", "unit_id"])[column].astype("float64")
    every = pd.MultiIndex.from_product(axes)
    return table.reindex(every).to_numpy().reshape([len(one) for one in axes])


def _divided(parts: np.ndarray, total: np.ndarray) -> np.ndarray:
    return np.divide(parts, total, out=np.full(parts.shape, np.nan), where=total > 0)


def grid_index(
    scores: Mapping[str, xr.DataArray],
    exposures: Mapping[str, xr.DataArray],
    vulnerability: Mapping[str, np.ndarray],
    labels: xr.DataArray,
    *,
    themes: Mapping[str, float],
    objects: Mapping[str, float],
) -> xr.DataArray:
    """Join hazard, exposure and vulnerability to one index per cell, by the formula of the units.

    Parameters
    ----------
    scores : mapping of theme to DataArray
        Hazard score 0..1 of each cell.
    exposures : mapping of object to DataArray
        Normalised amount 0..1 of each cell; 0 nothing there, NaN unknown.
    vulnerability : mapping of object to ndarray
        0..1 of each **unit** (finer is not known); every cell takes that of its unit. An absent object is unknown.
    labels : DataArray of int
        0 for none, n for unit n - 1.
    themes, objects : mapping of str to float
        Weights.

    Returns
    -------
    DataArray of float32
        ``sum_t sum_o w_t w_o R_to / (weights whose R is known)`` with R of `risk_index`; NaN outside the units.
        It differs from the index of the units: a cell is compared with the fullest cell, a unit with the
        fullest unit, and empty land between houses is 0.

    Raises
    ------
    MethodError
        No theme or object with a weight.

    Examples
    --------
    >>> one = lambda *values: xr.DataArray([list(values)], dims=("y", "x"))
    >>> grid_index({"flood": one(0.5, 1.0, 1.0)}, {"people": one(1.0, 0.0, 1.0)}, {"people": np.array([0.5])},
    ...     one(1, 1, 0), themes={"flood": 1}, objects={"people": 1}).to_numpy().tolist()
    [[0.25, 0.0, nan]]
    """
    held_t = [one for one in themes if one in scores and themes[one] > 0]
    held_o = [one for one in objects if one in exposures and objects[one] > 0]
    if not held_t or not held_o:
        raise MethodError("the grid index needs a theme and an object with a weight above 0")
    inside = labels.to_numpy() > 0
    zone = labels.to_numpy()[inside].astype("int64") - 1
    hazards, amounts = (
        np.stack([part[one].to_numpy()[inside] for one in held])
        for part, held in ((scores, held_t), (exposures, held_o))
    )
    by_theme, by_object = (
        np.array([float(part[one]) for one in held]) for part, held in ((themes, held_t), (objects, held_o))
    )
    found = np.empty(zone.size, np.float32)
    fill_index(hazards, amounts, harms_of(vulnerability, held_o, zone), zone, by_theme, by_object, found)
    cells = np.full(labels.shape, np.nan, dtype="float32")
    cells[inside] = found
    return xr.DataArray(cells, dims=labels.dims, coords=labels.coords, attrs={"units": "1"})


def harms_of(vulnerability: Mapping[str, np.ndarray], objects: Sequence[str], zone: np.ndarray) -> np.ndarray:
    """Vulnerability of some objects in one array, for the loops over cells.

    Parameters
    ----------
    vulnerability : mapping of object to ndarray
        0..1 of each unit; an absent object is unknown.
    objects : sequence of str
        Rows that are wanted.
    zone : ndarray of int
        Unit of each cell, from 0; some units have no cell.

    Returns
    -------
    ndarray of float64, shape (objects, units)
        NaN unknown.

    Examples
    --------
    >>> harms_of({"people": np.array([0.5, 0.7])}, ["people", "roads"], np.array([0, 0])).tolist()
    [[0.5, 0.7], [nan, nan]]
    """
    units = max([int(zone.max(initial=0)) + 1, *(len(one) for one in vulnerability.values())])
    unknown = np.full(units, np.nan)
    return np.stack([np.asarray(vulnerability.get(one, unknown), dtype="float64") for one in objects])


def roll_up(
    units: pd.DataFrame, parents: pd.Series, contributions: pd.DataFrame, *, area_km2: pd.Series
) -> pd.DataFrame:
    """Roll results of units up to the areas that hold them.

    Parameters
    ----------
    units : DataFrame
        Index ``unit_id``; ``index``, ``known_share``, ``index_<object>``, and amounts (``people``, ``gdp_yuan``,
        ...). Every other column is left aside.
    parents : Series of text
        Index ``unit_id``: what each unit belongs to.
    contributions : DataFrame
        Index ``unit_id``, a column per theme (`Comprehensive`).
    area_km2 : Series of float
        Area of each unit.

    Returns
    -------
    DataFrame
        Index: the parents. Indices and known share are means weighted by people; by area in a parent where
        the people of a unit are unknown or nobody lives. Unknown indices are left out of the mean (their weight
        lowers the known share). Amounts are sums, NaN where one is unknown. ``part_<theme>``: contributions, which add up to the index.

    Examples
    --------
    >>> units = pd.DataFrame({"index": [0.2, 0.6], "known_share": 1.0, "people": [300, 100]}, index=["a", "b"])
    >>> parts = pd.DataFrame({"flood": [0.2, 0.6]}, index=["a", "b"])
    >>> area = pd.Series(1.0, index=["a", "b"])
    >>> roll_up(units, pd.Series("T", index=["a", "b"]), parts, area_km2=area)[["index", "people"]].to_numpy()
    array([[3.e-01, 4.e+02]])
    """
    people = units["people"] if "people" in units else pd.Series(np.nan, index=units.index)
    groups = people.groupby(parents)
    by_people = parents.map((groups.count() == groups.size()) & (groups.sum() > 0))
    weight = people.where(by_people, area_km2)
    known = units["index"].notna()
    columns = {}
    for name in [one for one in units if one == "index" or str(one).startswith("index_")]:
        held = weight.where(units[name].notna())
        columns[name] = (units[name] * held).groupby(parents).sum(min_count=1) / held.groupby(parents).sum()
    share = (units["known_share"] * weight).where(known, 0.0)
    columns["known_share"] = share.groupby(parents).sum() / weight.groupby(parents).sum()
    whole = weight.where(known).groupby(parents).sum()
    for one in contributions:
        part = (contributions[one] * weight).where(known).groupby(parents).sum() / whole
        columns[f"part_{one}"] = part.where(columns["index"].notna())
    for name in [one for one in EXPOSURE_COLUMNS.values() if one in units]:
        sums = units[name].groupby(parents)
        columns[name] = sums.sum().where(sums.count() == sums.size())
    return pd.DataFrame(columns)
