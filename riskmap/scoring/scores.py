"""Quantities with units become scores 0..1, by declaration."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError

__all__ = ["NORMALISERS", "bounds", "normalise"]

Values = TypeVar("Values", np.ndarray, pd.Series, xr.DataArray)

NORMALISERS: Mapping[str, frozenset[str]] = {
    "minmax": frozenset({"low", "high", "winsor", "constant"}),
    "half": frozenset({"low", "high", "winsor", "constant"}),
    "log": frozenset({"low", "high", "winsor", "constant", "scale", "scale_share"}),
    "power": frozenset({"low", "high", "winsor", "constant", "exponent"}),
    "boxcox": frozenset({"low", "high", "winsor", "constant", "exponent"}),
    "zscore": frozenset({"limit", "constant"}),
    "target": frozenset({"target", "reach", "constant"}),
    "percentile": frozenset({"by"}),
    "rank": frozenset(),
    "knots": frozenset({"knots"}),
    "identity": frozenset(),
    "raw": frozenset({"times", "plus"}),
}
"""The normalisers and the options that each takes."""

_ROUNDING = 1e-6  # how far a float32 share may leave 0..1 by rounding alone


def normalise(values: Values, *, method: str, direction: Literal[1, -1] = 1, **options: Any) -> Values:
    """Turn a quantity into a score 0..1 (``half``: 0.5..1; ``raw``: any size), where more is worse.

    Parameters
    ----------
    values : ndarray, Series or DataArray
        The quantity, any shape. float32 stays float32, everything else becomes float64.
    method : str
        One of `NORMALISERS`:

        * ``minmax``: ``t = (x - low) / (high - low)``, held to 0..1 where bounds are declared.
        * ``half``: ``0.5 + 0.5 t`` (common in the weather service's products).
        * ``log``: ``ln(1 + (x - low)/scale) / ln(1 + (high - low)/scale)``; `low` is 0 unless given.
        * ``power``: ``(x^e - low^e) / (high^e - low^e)``, e the `exponent` (0.5 unless given: the square root;
          1/3: the cube root); `low` is 0 unless given.
        * ``boxcox``: ``minmax`` of ``(x^e - 1) / e`` (``ln x`` at 0), e the `exponent`, else that of the greatest
          likelihood; values above 0 only. Box and Cox 1964.
        * ``zscore``: ``(z + limit) / (2 limit)`` held to 0..1, z from mean and population standard deviation,
          `limit` 3 unless given.
        * ``target``: ``|x - target| / reach`` held to 0..1: far is worse; `reach` is the largest distance unless given.
        * ``percentile``: ``(rank - 1) / (n - 1)`` with the mean rank of ties; with `by` among the values of one label.
        * ``rank``: ``(rank - 0.5) / n`` with the mean rank of ties.
        * ``knots``: piecewise linear through ``[[x, score], ...]``, level beyond the ends.
        * ``identity``: the values are scores already.
        * ``raw``: the values as they are, ``times x + plus`` (1 and 0 unless given); not held to 0..1.
    direction : {1, -1}
        -1: less is worse, ``t`` becomes ``1 - t``. ``knots`` state their scores themselves: no effect there.
    **options
        ``low``, ``high`` (declared bounds), ``winsor = [p, q]`` (bounds are these quantiles, 0..1),
        ``constant`` (what ``t`` is when all values are equal: 0.5 unless given), ``scale`` (unit of the
        quantity, 1 unless given) or ``scale_share`` (of ``high - low``), ``knots``, ``by`` (labels, shape of `values`;
        NaN where a label is missing), ``times``, ``plus``.

    Returns
    -------
    ndarray, Series or DataArray
        The same kind, shape and labels; NaN where `values` is NaN. Bounds come from the finite values.

    Raises
    ------
    MethodError
        An unknown method or option, bounds in the wrong order, knots that do not ascend or leave 0..1,
        ``identity`` outside 0..1, ``log`` of values below `low` when `low` is not declared, ``raw`` with direction -1,
        labels of another shape.

    Notes
    -----
    A column without contrast says nothing about which unit is worse: its ``t`` is 0.5, the same as the
    ``rank`` of equal values, so that it neither raises nor lowers a combined score by its own scale.

    Examples
    --------
    >>> normalise(np.array([2.0, 4.0, np.nan, 6.0]), method="minmax", direction=-1)
    array([1. , 0.5, nan, 0. ])
    >>> normalise(np.array([0.0, 0.25, 9.0]), method="knots", knots=[[0, 0], [0.5, 0.4], [3, 1]])
    array([0. , 0.2, 1. ])
    """
    if method not in NORMALISERS:
        raise MethodError(f"normaliser {method!r} is not known; there are {', '.join(sorted(NORMALISERS))}")
    wrong = sorted(set(options) - NORMALISERS[method])
    if wrong:
        allowed = ", ".join(sorted(NORMALISERS[method])) or "none"
        raise MethodError(f"normaliser {method!r} takes no option {', '.join(wrong)}; allowed: {allowed}")
    if direction not in {1, -1}:
        raise MethodError(f"direction is {direction!r}; allowed: 1 (more is worse), -1 (less is worse)")
    if method == "raw" and direction == -1:
        raise MethodError(
            "normaliser 'raw' has no direction -1; turn the values by times = -1, or by an exponent of -1"
        )
    data = np.asarray(values)
    if data.dtype != np.float32:
        data = data.astype("float64")
    score = _SHAPES[method](data, options)
    if direction == -1 and method != "knots":
        score = 1 - score
    if method == "half":
        score = 0.5 + 0.5 * score
    return _like(values, score.astype(data.dtype, copy=False))


def _like(values: Values, score: np.ndarray) -> Values:
    if isinstance(values, xr.DataArray):
        return xr.DataArray(score, dims=values.dims, coords=values.coords, name=values.name, attrs={"units": "1"})
    if isinstance(values, pd.Series):
        return pd.Series(score, index=values.index, name=values.name)
    return score


def bounds(data: np.ndarray, options: Mapping[str, Any], low: float | None = None) -> tuple[float, float]:
    """Bounds between which a quantity is scaled: as declared, else those of its finite values.

    Parameters
    ----------
    data : ndarray of float
        The quantity.
    options : mapping
        ``low``, ``high``, ``winsor``, as `normalise` takes them.
    low : float, optional
        The lower bound where none is declared, instead of the least value.

    Returns
    -------
    tuple of float
        (nan, nan) without a finite value.

    Examples
    --------
    >>> bounds(np.array([2.0, 5.0, np.nan]), {"high": 9})
    (2.0, 9.0)
    """
    finite = data[np.isfinite(data)]
    if not finite.size:
        found = (np.nan, np.nan)
    elif "winsor" in options:
        lower, upper = options["winsor"]
        if not 0 <= lower < upper <= 1:
            raise MethodError(f"winsor is [{lower}, {upper}]; give two ascending shares within 0..1")
        found = tuple(np.quantile(finite, [lower, upper]).tolist())
    else:
        found = (float(finite.min()), float(finite.max()))
    start = float(options.get("low", found[0] if low is None else low))
    stop = float(options.get("high", found[1]))
    if "low" in options and "high" in options and start >= stop:
        raise MethodError(f"bounds are low = {start:g}, high = {stop:g}; low must be below high")
    return start, stop


def _level(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    constant = float(options.get("constant", 0.5))
    if not 0 <= constant <= 1:
        raise MethodError(f"constant is {constant:g}; give a score within 0..1")
    return np.where(np.isnan(data), np.nan, constant)


def _minmax(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    low, high = bounds(data, options)
    if not high > low:
        return _level(data, options)
    if data.dtype == np.float32:
        return np.clip((data - np.float32(low)) / np.float32(high - low), 0, 1)
    return np.clip((data - low) / (high - low), 0, 1)


def _log(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    low, high = bounds(data, options, low=0.0)
    least = np.nanmin(data, initial=np.inf)
    if "low" not in options and least < low:
        raise MethodError(f"normaliser 'log' met {least:g}; without a declared low, values start at 0")
    if not high > low:
        return _level(data, options)
    scale = float(options.get("scale", 1.0))
    if "scale_share" in options:
        scale = float(options["scale_share"]) * (high - low)
    if not scale > 0:
        raise MethodError(f"scale is {scale:g}; give a number above 0")
    held = np.clip(data, low, high)
    return np.clip(np.log1p((held - low) / scale) / np.log1p((high - low) / scale), 0, 1)


def _power(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    low, high = bounds(data, options, low=0.0)
    exponent = float(options.get("exponent", 0.5))
    least = np.nanmin(data, initial=np.inf)
    if not exponent > 0 or low < 0 or ("low" not in options and least < 0):
        raise MethodError(
            f"normaliser 'power': exponent {exponent:g}, low {low:g}, least value {least:g}; "
            "give an exponent above 0 and a low that is not negative"
        )
    if not high > low:
        return _level(data, options)
    start = low**exponent
    return np.clip((np.clip(data, low, high) ** exponent - start) / (high**exponent - start), 0, 1)


def _boxcox(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    from scipy.special import boxcox  # scipy.stats is slow to import and few profiles ask for it

    finite = data[np.isfinite(data)].astype("float64")
    if finite.size and finite.min() <= 0:
        raise MethodError(f"normaliser 'boxcox' met {finite.min():g}; values must be above 0")
    if not finite.size or finite.min() == finite.max():
        return _level(data, options)
    exponent = options.get("exponent")
    if exponent is None:
        from scipy.stats import boxcox_normmax

        exponent = boxcox_normmax(finite, method="mle")
    low, high = (float(boxcox(one, exponent)) for one in bounds(data, options))
    return np.clip((boxcox(data.astype("float64"), exponent) - low) / (high - low), 0, 1)


def _zscore(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    limit = float(options.get("limit", 3.0))
    if not limit > 0:
        raise MethodError(f"limit is {limit:g}; give a number above 0")
    finite = data[np.isfinite(data)].astype("float64")
    spread = finite.std() if finite.size else 0.0
    if not spread > 0:
        return _level(data, options)
    return np.clip(((data - finite.mean()) / spread + limit) / (2 * limit), 0, 1)


def _target(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    if "target" not in options:
        raise MethodError("normaliser 'target' needs the option target, the value that is best")
    away = np.abs(data - float(options["target"]))
    reach = float(options.get("reach", np.nanmax(away, initial=0.0)))
    if reach < 0 or ("reach" in options and reach == 0):
        raise MethodError(f"reach is {reach:g}; give a distance above 0")
    return np.clip(away / reach, 0, 1) if reach > 0 else np.where(np.isnan(data), np.nan, 0.0)


def _percentile(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    if "by" in options:
        return _percentile_by(data, np.asarray(options["by"]))
    ranks = pd.Series(data.ravel()).rank().to_numpy()
    known = int(np.count_nonzero(~np.isnan(ranks)))
    scores = (ranks - 1) / (known - 1) if known > 1 else np.where(np.isnan(ranks), np.nan, 0.5)
    return scores.reshape(data.shape)


def _percentile_by(data: np.ndarray, labels: np.ndarray) -> np.ndarray:
    if labels.shape != data.shape:
        raise MethodError(
            f"by: labels of shape {labels.shape} for values of shape {data.shape}; give one label a value"
        )
    groups = pd.Series(data.ravel()).groupby(labels.ravel())  # a missing label belongs to no group
    ranks, known = groups.rank().to_numpy(), groups.transform("count").to_numpy()
    scores = np.where(known > 1, (ranks - 1) / np.where(known > 1, known - 1, 1), 0.5)
    return np.where(np.isnan(ranks), np.nan, scores).reshape(data.shape)


def _rank(data: np.ndarray, _: Mapping[str, Any]) -> np.ndarray:
    ranks = pd.Series(data.ravel()).rank().to_numpy()
    known = int(np.count_nonzero(~np.isnan(ranks)))
    return ((ranks - 0.5) / max(known, 1)).reshape(data.shape)


def _knots(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    knots = np.asarray(options.get("knots", ()), dtype="float64")
    if knots.ndim != 2 or knots.shape[1] != 2 or len(knots) < 2:
        raise MethodError("knots: give at least two pairs [x, score]")
    x, score = knots.T
    if np.any(np.diff(x) <= 0):
        raise MethodError(f"knots: x must ascend, got {x.tolist()}")
    if score.min() < 0 or score.max() > 1:
        raise MethodError(f"knots: scores must lie in 0..1, got {score.tolist()}")
    return np.where(np.isnan(data), np.nan, np.interp(data, x, score))


def _identity(data: np.ndarray, _: Mapping[str, Any]) -> np.ndarray:
    least, most = np.nanmin(data, initial=0.0), np.nanmax(data, initial=1.0)
    if least < -_ROUNDING or most > 1 + _ROUNDING:
        raise MethodError(f"normaliser 'identity' met {least if least < 0 else most:g}; scores lie in 0..1")
    return np.clip(data, 0, 1)


def _raw(data: np.ndarray, options: Mapping[str, Any]) -> np.ndarray:
    return data * float(options.get("times", 1.0)) + float(options.get("plus", 0.0))


_SHAPES: Mapping[str, Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]] = {
    "minmax": _minmax,
    "half": _minmax,
    "log": _log,
    "power": _power,
    "boxcox": _boxcox,
    "zscore": _zscore,
    "target": _target,
    "percentile": _percentile,
    "rank": _rank,
    "knots": _knots,
    "identity": _identity,
    "raw": _raw,
}
