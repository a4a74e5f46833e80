"""From a score back to the quantity: what 0.5 means in millimetres."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.scoring.scores import NORMALISERS, bounds

__all__ = ["quantity_of"]


def quantity_of(
    scores: ArrayLike, values: ArrayLike, *, method: str, direction: Literal[1, -1] = 1, **options: Any
) -> NDArray[np.float64]:
    """Find the quantity that has a score.

    Parameters
    ----------
    scores : array_like
        0..1 (0.5..1 with ``half``), any shape.
    values : array_like
        The quantities that were normalised: bounds found from the data are found from them again.
    method, direction, **options
        As in `normalise`.

    Returns
    -------
    ndarray of float64
        Shaped like `scores`; NaN where the score is NaN. A score of 0 or 1 stands for all that lies beyond the bound:
        the bound is returned. With ``percentile`` and ``rank``, linear between the values.

    Raises
    ------
    MethodError
        An unknown method, one without an inverse (``target``: two quantities are as far from it; ``knots`` that are level
        or turn; a column without contrast), or a score outside its range.

    Examples
    --------
    >>> quantity_of([0.25], [0.0, 100.0], method="minmax", direction=-1)
    array([75.])
    >>> quantity_of([0.5], [0.0], method="power", low=0, high=100).round(6)
    array([25.])
    """
    if method not in _INVERSES:
        known = ", ".join(sorted(_INVERSES))
        raise MethodError(f"normaliser {method!r} has no inverse; those that have one: {known}")
    wrong = sorted(set(options) - NORMALISERS[method])
    if wrong:
        raise MethodError(f"normaliser {method!r} takes no option {', '.join(wrong)}")
    share, data = np.asarray(scores, dtype="float64"), np.asarray(values, dtype="float64")
    if method == "half":
        share = 2 * share - 1
    if direction == -1 and method not in {"knots", "raw"}:
        share = 1 - share
    if method != "raw" and ((share < -1e-9) | (share > 1 + 1e-9)).any():
        raise MethodError("a score lies outside its range; scores run from 0 to 1 (half: 0.5 to 1)")
    return _INVERSES[method](share if method == "raw" else np.clip(share, 0, 1), data, options)


_Inverse = Callable[[NDArray[np.float64], NDArray[np.float64], Mapping[str, Any]], NDArray[np.float64]]


def _contrast(low: float, high: float) -> None:
    if not high > low:
        raise MethodError(f"bounds are {low:g} and {high:g}: a column without contrast has no inverse")


def _minmax(t: NDArray[np.float64], data: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    low, high = bounds(data, options)
    _contrast(low, high)
    return low + t * (high - low)


def _log(t: NDArray[np.float64], data: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    low, high = bounds(data, options, low=0.0)
    _contrast(low, high)
    scale = (
        float(options["scale_share"]) * (high - low) if "scale_share" in options else float(options.get("scale", 1.0))
    )
    return low + scale * np.expm1(t * np.log1p((high - low) / scale))


def _power(t: NDArray[np.float64], data: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    low, high = bounds(data, options, low=0.0)
    _contrast(low, high)
    exponent = float(options.get("exponent", 0.5))
    return (low**exponent + t * (high**exponent - low**exponent)) ** (1 / exponent)


def _boxcox(t: NDArray[np.float64], data: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    from scipy.special import boxcox, inv_boxcox
    from scipy.stats import boxcox_normmax

    low, high = bounds(data, options)
    _contrast(low, high)
    finite = data[np.isfinite(data)]
    exponent = options["exponent"] if "exponent" in options else boxcox_normmax(finite, method="mle")
    first, last = float(boxcox(low, exponent)), float(boxcox(high, exponent))
    found: NDArray[np.float64] = inv_boxcox(first + t * (last - first), exponent)
    return found


def _zscore(t: NDArray[np.float64], data: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    finite = data[np.isfinite(data)]
    spread = float(finite.std()) if finite.size else 0.0
    _contrast(0.0, spread)
    limit = float(options.get("limit", 3.0))
    return float(finite.mean()) + spread * (2 * limit * t - limit)


def _ranked(t: NDArray[np.float64], data: NDArray[np.float64], *, middle: bool) -> NDArray[np.float64]:
    ranked = np.sort(data[np.isfinite(data)])
    _contrast(*((ranked[0], ranked[-1]) if ranked.size else (0.0, 0.0)))
    levels, first, count = np.unique(ranked, return_index=True, return_counts=True)
    mean = first + (count - 1) / 2  # mean rank of ties, from 0
    share = (mean + 0.5) / ranked.size if middle else mean / (ranked.size - 1)
    return np.where(np.isnan(t), np.nan, np.interp(t, share, levels))


def _percentile(t: NDArray[np.float64], data: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    if options.get("by") is not None:
        raise MethodError("percentiles by groups have one inverse a group; ask for each group by itself")
    return _ranked(t, data, middle=False)


def _rank(t: NDArray[np.float64], data: NDArray[np.float64], _: Mapping[str, Any]) -> NDArray[np.float64]:
    return _ranked(t, data, middle=True)


def _knots(t: NDArray[np.float64], _: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    x, score = np.asarray(options.get("knots", ((0, 0),)), dtype="float64").T
    step = np.diff(score)
    if not len(step) or not ((step > 0).all() or (step < 0).all()):
        raise MethodError(f"knots with scores {score.tolist()} are level or turn: they have no inverse")
    order = slice(None) if step[0] > 0 else slice(None, None, -1)
    return np.where(np.isnan(t), np.nan, np.interp(t, score[order], x[order]))


def _identity(t: NDArray[np.float64], _: NDArray[np.float64], __: Mapping[str, Any]) -> NDArray[np.float64]:
    return t


def _raw(t: NDArray[np.float64], _: NDArray[np.float64], options: Mapping[str, Any]) -> NDArray[np.float64]:
    times = float(options.get("times", 1.0))
    if times == 0:
        raise MethodError("raw with times = 0 has no inverse")
    return (t - float(options.get("plus", 0.0))) / times


_INVERSES: Mapping[str, _Inverse] = {
    "minmax": _minmax,
    "half": _minmax,
    "log": _log,
    "power": _power,
    "boxcox": _boxcox,
    "zscore": _zscore,
    "percentile": _percentile,
    "rank": _rank,
    "knots": _knots,
    "identity": _identity,
    "raw": _raw,
}
