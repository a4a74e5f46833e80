"""Comprehensive risk on the cells: index, classes, and how firmly each cell stands in its class."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from riskmap.model import NO_CLASS, ClassScheme
from riskmap.scoring.cell_stability import cell_stability
from riskmap.scoring.classify import classify
from riskmap.scoring.comprehensive import grid_index

__all__ = ["GridRisk", "grid_risk", "in_steps"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridRisk:
    """Comprehensive risk on the grid.

    Parameters
    ----------
    index : DataArray of float32
        0..1, NaN unknown.
    classes : DataArray of uint8
        1..K, `NO_CLASS` unknown.
    scheme : ClassScheme
        With the edges used.
    likely : DataArray of uint8
        Class of most draws of the weights.
    stability : DataArray of float32
        Share of the draws that leave the cell in its class.
    """

    index: xr.DataArray
    classes: xr.DataArray
    scheme: ClassScheme
    likely: xr.DataArray
    stability: xr.DataArray


def grid_risk(
    scores: Mapping[str, xr.DataArray],
    exposures: Mapping[str, xr.DataArray],
    vulnerability: Mapping[str, np.ndarray],
    labels: xr.DataArray,
    *,
    weights: tuple[Mapping[str, float], Mapping[str, float]],
    scheme: ClassScheme,
    draws: int,
    doubt: float,
    seed: int,
) -> GridRisk:
    """Join the risks of a cell to one index, class it, and class it again under drawn weights.

    Parameters
    ----------
    scores, exposures, vulnerability, labels
        As in `grid_index`.
    weights : tuple of two mappings
        Of themes and of objects.
    scheme : ClassScheme
        Cuts the index.
    draws, doubt, seed
        As in `cell_stability`.

    Returns
    -------
    GridRisk

    Raises
    ------
    MethodError
        As `grid_index`, `classify` and `cell_stability`.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> one = lambda *values: xr.DataArray([list(values)], dims=("y", "x"))
    >>> found = grid_risk({"flood": one(0.5, 0.0)}, {"people": one(1.0, 1.0)}, {"people": np.array([1.0])}, one(1, 1),
    ...     weights=({"flood": 1}, {"people": 1}), scheme=book().scheme("comprehensive-risk"), draws=9, doubt=0.2, seed=1)
    >>> found.index.to_numpy().tolist(), found.stability.to_numpy().tolist()
    ([[0.5, 0.0]], [[1.0, 1.0]])
    """
    index = grid_index(scores, exposures, vulnerability, labels, themes=weights[0], objects=weights[1])
    found = classify(index, scheme)
    classes = xr.DataArray(found.codes, dims=index.dims, coords=index.coords)
    firm = cell_stability(
        scores, exposures, vulnerability, labels, weights=weights, edges=found.scheme.edges, published=classes,
        draws=draws, doubt=doubt, seed=seed,
    )  # fmt: skip
    return GridRisk(
        index=index, classes=classes, scheme=found.scheme, likely=firm.likely, stability=firm.stability
    )  # fmt: skip


def in_steps(scores: xr.DataArray) -> xr.DataArray:
    """Keep scores in steps of 1/250, for a page that works the index again.

    Parameters
    ----------
    scores : DataArray
        0..1, NaN unknown.

    Returns
    -------
    DataArray of uint8
        0 only where the score is 0, 255 unknown.

    Examples
    --------
    >>> in_steps(xr.DataArray([0.0, 0.001, 0.5, 1.0, np.nan])).to_numpy().tolist()
    [0, 1, 125, 250, 255]
    """
    values = scores.to_numpy()
    steps = np.where(np.isnan(values), NO_CLASS, np.maximum(np.rint(np.nan_to_num(values) * 250), values > 0))
    return scores.copy(data=steps.astype("uint8"))
