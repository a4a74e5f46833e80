"""Risk of each exposed object to each theme on the units: hazard x exposure x vulnerability."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import ClassScheme
from riskmap.scoring.classify import classify
from riskmap.scoring.combine import combine
from riskmap.spatial.zonal import zonal_mean

__all__ = ["risk_index", "unit_hazard", "unit_risk"]

Rule = Literal["area_mean", "people_mean", "exposed_mean", "worst_share"]


def unit_hazard(
    score: xr.DataArray,
    labels: xr.DataArray,
    *,
    count: int,
    weights: xr.DataArray | None = None,
    worst_share: float | None = None,
    area_mean: np.ndarray | None = None,
) -> np.ndarray:
    """Bring a hazard score from the cells to the units.

    Parameters
    ----------
    score : DataArray
        0..1 on the grid, NaN unknown.
    labels : DataArray of int
        0 for none, n for unit n - 1.
    count : int
        Number of units.
    weights : DataArray, optional
        Amount exposed per cell. Units where nothing is exposed on a known cell take the mean over their area.
    worst_share : float, optional
        Mean over the worst share (0..1) of each unit's known cells, at least one; `weights` are then not used.
    area_mean : ndarray, optional
        The mean over the area, where it has been computed already.

    Returns
    -------
    ndarray of float64, shape (count,)
        NaN for a unit without a known cell.

    Examples
    --------
    >>> score = xr.DataArray([[0.0, 1.0, 0.5]], dims=("y", "x"))
    >>> labels = xr.DataArray([[1, 1, 2]], dims=("y", "x"))
    >>> unit_hazard(score, labels, count=2, weights=xr.DataArray([[1.0, 3.0, 0.0]], dims=("y", "x"))).tolist()
    [0.75, 0.5]
    >>> unit_hazard(score, labels, count=2, worst_share=0.1).tolist()
    [1.0, 0.5]
    """
    if worst_share is not None:
        return _worst(score.to_numpy().ravel(), labels.to_numpy().ravel(), count, worst_share)
    area = zonal_mean(score, labels, count=count) if area_mean is None else area_mean
    if weights is None:
        return area
    exposed = zonal_mean(score, labels, count=count, weights=weights)
    return np.where(np.isnan(exposed), area, exposed)


def _worst(score: np.ndarray, labels: np.ndarray, count: int, share: float) -> np.ndarray:
    if not 0 < share <= 1:
        raise MethodError(f"worst_share is {share:g}; give a share above 0, at most 1")
    known = (labels > 0) & np.isfinite(score)
    zone, value = labels[known] - 1, score[known].astype("float64")
    order = np.lexsort((-value, zone))
    zone, value = zone[order], value[order]
    cells = np.bincount(zone, minlength=count)
    place = np.arange(zone.size) - (np.cumsum(cells) - cells)[zone]
    taken = place < np.maximum(np.floor(cells * share + 0.5), 1)[zone]
    sums = np.bincount(zone[taken], weights=value[taken], minlength=count)
    number = np.bincount(zone[taken], minlength=count)
    return np.divide(sums, number, out=np.full(count, np.nan), where=number > 0)


def risk_index(
    hazard: np.ndarray, exposure: np.ndarray, vulnerability: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Index of risk: hazard x exposure x vulnerability.

    Parameters
    ----------
    hazard, exposure : ndarray
        0..1, one shape; NaN unknown.
    vulnerability : ndarray or None
        0..1; where it is unknown it is taken as the geometric mean of the other two, ``(H E)^1.5``, and the
        known share is 2/3.

    Returns
    -------
    index : ndarray of float64
        0..1. 0 wherever the exposure is 0 (known: nothing is there), whatever else is unknown; NaN where the
        exposure, or the hazard to something exposed, is unknown.
    known_share : ndarray of float64
        1, 2/3 or 0.

    Examples
    --------
    >>> index, known = risk_index(np.array([0.5, np.nan, 0.5]), np.array([1.0, 0.0, np.nan]), np.ones(3))
    >>> index.tolist(), known.tolist()
    ([0.5, 0.0, nan], [1.0, 1.0, 0.0])
    """
    parts = [np.asarray(hazard, dtype="float64"), np.asarray(exposure, dtype="float64")]
    third = None if vulnerability is None else np.asarray(vulnerability, dtype="float64")
    index, known = combine([*parts, third], [1, 1, 1], combiner="product", required=[True, True, False])
    nothing = parts[1] == 0
    known = np.where(np.isnan(index), 0.0, known)
    return np.where(nothing, 0.0, index), np.where(nothing, 1.0, known)


def unit_risk(
    hazard: pd.DataFrame | Mapping[str, pd.DataFrame],
    exposure: pd.DataFrame,
    vulnerability: pd.DataFrame,
    *,
    scheme: ClassScheme,
    hazard_known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tabulate the risk of each exposed object to each theme on each unit.

    Parameters
    ----------
    hazard : DataFrame, or mapping of object to DataFrame
        Index ``unit_id``, a column per theme: score 0..1 of the unit. With a mapping each object has its own
        (the hazard where that object stands).
    exposure : DataFrame
        Index ``unit_id``, a column per object: normalised 0..1; 0 nothing there, NaN unknown.
    vulnerability : DataFrame
        Index ``unit_id``, a column 0..1 per object; an absent column is unknown.
    scheme : ClassScheme
        Cuts the index of each (theme, object) over the units, each with its own edges where the scheme finds
        them from the data.
    hazard_known : DataFrame, optional
        Index ``unit_id``, a column per theme: share 0..1 of the score that stands on known facts; 1 unless given.

    Returns
    -------
    DataFrame
        Long table ``unit_id, theme, object, hazard, exposure, vulnerability, index, class, known_share``; units
        in the order of `exposure`. ``known_share`` is the mean of what is known of hazard, exposure and
        vulnerability; 1 where nothing is exposed, 0 where the index is NaN.

    Raises
    ------
    MethodError
        No theme or no object, or units that do not agree.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> units = pd.Index(["a", "b"], name="unit_id")
    >>> table = unit_risk(pd.DataFrame({"flood": [0.5, 1.0]}, index=units),
    ...     pd.DataFrame({"people": [1.0, 0.0]}, index=units), pd.DataFrame({"people": [0.5, 0.5]}, index=units),
    ...     scheme=book().scheme("object-risk"))
    >>> table[["unit_id", "theme", "object", "index"]].to_numpy().tolist()
    [['a', 'flood', 'people', 0.25], ['b', 'flood', 'people', 0.0]]
    """
    by_object = hazard if isinstance(hazard, Mapping) else dict.fromkeys(map(str, exposure), hazard)
    parts = []
    for thing in map(str, exposure):
        scores = by_object[thing]
        if not (scores.index.equals(exposure.index) and vulnerability.index.equals(exposure.index)):
            raise MethodError(f"{thing}: hazard, exposure and vulnerability stand on different units")
        harm = vulnerability[thing].to_numpy(dtype="float64") if thing in vulnerability else None
        for theme in scores:
            index, known = risk_index(scores[theme].to_numpy(), exposure[thing].to_numpy(), harm)
            if hazard_known is not None:
                doubt = (exposure[thing] > 0).to_numpy() & (known > 0)
                known = known - np.where(doubt, 1 - hazard_known[theme].to_numpy(), 0) / 3
            parts.append(
                pd.DataFrame(
                    {
                        "unit_id": exposure.index,
                        "theme": theme,
                        "object": thing,
                        "hazard": scores[theme].to_numpy(),
                        "exposure": exposure[thing].to_numpy(),
                        "vulnerability": np.nan if harm is None else harm,
                        "index": index,
                        "class": classify(index, scheme).codes,
                        "known_share": known,
                    }
                )
            )
    if not parts:
        raise MethodError("risk needs at least one theme and one exposed object")
    return pd.concat(parts, ignore_index=True)
