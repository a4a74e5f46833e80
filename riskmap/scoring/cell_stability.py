"""How firmly each cell stands in its class of comprehensive risk when the weights are in doubt."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.model.shown import fields_frame, frame_html
from riskmap.scoring.cell_kernels import count_classes
from riskmap.scoring.comprehensive import harms_of
from riskmap.scoring.stability import drawn_weights

__all__ = ["CellStability", "cell_stability"]

_BLOCK = 32_768  # cells that one thread takes at a time


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellStability:
    """What many draws of weights say of the class of each cell.

    Parameters
    ----------
    probability : DataArray of float32, dims ``(class, y, x)``
        Share of the draws in each class 1..K; NaN where the index is unknown.
    likely : DataArray of uint8
        Class of most draws (the lower of equals), `NO_CLASS` where unknown.
    stability : DataArray of float32
        Share of the draws that give the published class; NaN where unknown.
    """

    probability: xr.DataArray
    likely: xr.DataArray
    stability: xr.DataArray

    _repr_html_ = frame_html
    to_frame = fields_frame


def cell_stability(
    scores: Mapping[str, xr.DataArray],
    exposures: Mapping[str, xr.DataArray],
    vulnerability: Mapping[str, np.ndarray],
    labels: xr.DataArray,
    *,
    weights: tuple[Mapping[str, float], Mapping[str, float]],
    edges: Sequence[float],
    published: xr.DataArray,
    draws: int,
    doubt: float,
    seed: int,
) -> CellStability:
    """Class every cell under draws of the weights of themes and objects, with the edges held.

    Parameters
    ----------
    scores, exposures, vulnerability, labels
        As in `grid_index`.
    weights : tuple of two mappings
        Of themes and of objects: the centre of the draws.
    edges : sequence of float
        K - 1 ascending edges of the index; the class above an edge includes it.
    published : DataArray of uint8
        Class 1..K that was published, `NO_CLASS` unknown.
    draws : int
        How many, 1 to 65,535.
    doubt : float
        Relative standard deviation of an average weight (`drawn_weights`).
    seed : int
        Same seed, same draws, same bytes; the number of processors does not matter.

    Returns
    -------
    CellStability

    Raises
    ------
    MethodError
        No theme or object with a weight, or a number of draws or a doubt that makes no sense.

    Notes
    -----
    The index of a cell is linear in the weights: ``sum_o w_o (a_o sum_t w_t h_t + b_o sum_t w_t h_t^1.5)`` with
    ``a = exposure x vulnerability`` or, where vulnerability is unknown, ``b = exposure^1.5`` (`risk_index`), over the
    same sum of the weights that are known. No draw is kept: one count a cell and class.

    Examples
    --------
    >>> one = lambda *values: xr.DataArray([list(values)], dims=("y", "x"))
    >>> found = cell_stability({"flood": one(0.9, 0.2), "drought": one(0.1, 0.2)}, {"people": one(1.0, 1.0)},
    ...     {"people": np.array([1.0])}, one(1, 1), weights=({"flood": 1, "drought": 1}, {"people": 1}), edges=[0.5],
    ...     published=one(2, 1).astype("uint8"), draws=200, doubt=0.2, seed=1)
    >>> found.stability.round(1).to_numpy().tolist()
    [[0.5, 1.0]]
    """
    themes = {name: one for name, one in weights[0].items() if name in scores and one > 0}
    objects = {name: one for name, one in weights[1].items() if name in exposures and one > 0}
    if not themes or not objects:
        raise MethodError("the stability of cells needs a theme and an object with a weight above 0")
    if not 1 <= draws <= np.iinfo(np.uint16).max:
        raise MethodError(f"draws is {draws}; give a whole number from 1 to 65535")
    rng = np.random.default_rng([seed, 43])
    by_theme, by_object = (
        np.ascontiguousarray(drawn_weights(list(part.values()), draws=draws, rng=rng, doubt=doubt).T)
        for part in (themes, objects)
    )
    places = np.flatnonzero(labels.to_numpy().ravel() > 0)
    zone = labels.to_numpy().ravel()[places].astype("int64") - 1
    cuts = np.asarray(edges, dtype="float32")
    counts = np.zeros((places.size, cuts.size + 1), np.uint16)
    harms = harms_of(vulnerability, list(objects), zone)
    fields = [
        [source[name].to_numpy().ravel() for name in part] for source, part in ((scores, themes), (exposures, objects))
    ]

    def count(start: int) -> None:
        piece = slice(start, start + _BLOCK)
        hazards, amounts = (np.stack([one[places[piece]] for one in part]).astype("float32") for part in fields)
        count_classes(hazards, amounts, harms, zone[piece], by_theme, by_object, cuts, counts[piece])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(count, range(0, places.size, _BLOCK)))
    return _on_grid(counts, places, published)


def _on_grid(counts: np.ndarray, places: np.ndarray, published: xr.DataArray) -> CellStability:
    """Spread the counts of the cells inside over the whole grid."""
    size = published.size
    known = counts.sum(axis=1, dtype="float32")
    held = published.to_numpy().ravel()[places]
    share = np.full(size, np.nan, np.float32)
    likely = np.full(size, NO_CLASS, np.uint8)
    probability = np.full((counts.shape[1], size), np.nan, np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        for code in range(counts.shape[1]):
            part = counts[:, code] / known
            probability[code, places] = part
            share[places] = np.where(held == code + 1, part, share[places])
    likely[places] = np.where(known > 0, counts.argmax(axis=1) + 1, NO_CLASS)
    dims, coords = published.dims, published.coords
    whole = xr.DataArray(
        probability.reshape(-1, *published.shape),
        dims=("class", *dims),
        coords={**coords, "class": np.arange(1, counts.shape[1] + 1, dtype="uint8")},
        attrs={"units": "1"},
    )
    return CellStability(
        probability=whole,
        likely=xr.DataArray(likely.reshape(published.shape), dims=dims, coords=coords),
        stability=xr.DataArray(share.reshape(published.shape), dims=dims, coords=coords, attrs={"units": "1"}),
    )
