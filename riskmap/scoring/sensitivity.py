"""Which input explains how much of the variance of an index: Sobol indices."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.errors import MethodError
from riskmap.model import Text
from riskmap.model.shown import frame_html

__all__ = ["Sobol", "Uncertain", "around_share", "between", "normal", "one_of", "sobol"]

_LEVEL = 1.959963984540054  # half width of a 95 % interval, in standard deviations

_TINY = 1e-12  # no draw of a normal error is infinite


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uncertain:
    """An input that is not known exactly.

    Parameters
    ----------
    title : Text
        What it is.
    at : callable
        From a number within 0..1 (uniform) to the value: the inverse of its distribution function.
    """

    title: Text
    at: Callable[[float], Any]


def between(low: float, high: float, *, title: Text) -> Uncertain:
    """An input that is anywhere between two bounds.

    Examples
    --------
    >>> between(2.0, 4.0, title=Text("深", "Depth")).at(0.25)
    2.5
    """
    if not low < high:
        raise MethodError(f"{title.en}: bounds [{low:g}, {high:g}] must ascend")
    return Uncertain(title=title, at=lambda u: low + u * (high - low))


def normal(mean: float, sd: float, *, title: Text) -> Uncertain:
    """An input that is off by a normal error.

    Examples
    --------
    >>> round(normal(10.0, 2.0, title=Text("雨", "Rain")).at(0.975), 2)
    13.92
    """
    if not sd > 0:
        raise MethodError(f"{title.en}: standard deviation is {sd:g}; give a number above 0")

    def at(u: float) -> float:
        from scipy.special import ndtri

        return float(mean + sd * ndtri(min(max(u, _TINY), 1 - _TINY)))

    return Uncertain(title=title, at=at)


def one_of(options: Sequence[Any], *, title: Text) -> Uncertain:
    """An input that is one of several things, each as likely.

    Examples
    --------
    >>> one_of(["log", "minmax"], title=Text("归一化", "Scaling")).at(0.6)
    'minmax'
    """
    if not options:
        raise MethodError(f"{title.en}: give at least one option")
    return Uncertain(title=title, at=lambda u: options[min(int(u * len(options)), len(options) - 1)])


def around_share(share: float, *, strength: float, title: Text) -> Uncertain:
    """One of several weights that are scaled to sum 1 after they are drawn.

    Parameters
    ----------
    share : float
        Its share 0..1 of the weights, above 0.
    strength : float
        Above 0; the larger, the less doubt.
    title : Text
        What it weighs.

    Returns
    -------
    Uncertain
        A gamma variate of shape ``strength x share``.

    Raises
    ------
    MethodError
        A share or a strength that is not above 0.

    Notes
    -----
    Gamma variates divided by their sum follow the Dirichlet distribution (Devroye 1986, XI.4), so that weights drawn
    one by one stay on the simplex; with the strength of `drawn_weights` they are those of the stability of classes.

    Examples
    --------
    >>> round(around_share(0.5, strength=20, title=Text("洪水", "Flood")).at(0.5), 2)
    9.67
    """
    if not share > 0 or not strength > 0:
        raise MethodError(f"{title.en}: share is {share:g}, strength is {strength:g}; give numbers above 0")

    def at(u: float) -> float:
        from scipy.special import gammaincinv

        return float(gammaincinv(strength * share, u))

    return Uncertain(title=title, at=at)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sobol:
    """First-order and total indices of every input.

    Parameters
    ----------
    first, total : DataFrame
        Index: outputs, a column per input; NaN where an output does not vary or is unknown. First: share of the
        variance that the input explains by itself. Total: share that would be left if all others were known.
    mean : DataFrame
        Index: inputs, the largest total first; ``first``, ``first_half``, ``total``, ``total_half``: means over the
        outputs weighted by their variances, and half widths of their 95 % intervals (bootstrap).
    evaluations : int
        How often the index was computed.
    """

    first: pd.DataFrame
    total: pd.DataFrame
    mean: pd.DataFrame
    evaluations: int

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Total indices."""
        return self.total


def sobol(
    evaluate: Callable[[Mapping[str, Any]], Any],
    parameters: Mapping[str, Uncertain],
    *,
    n: int,
    seed: int,
    resamples: int = 50,
) -> Sobol:
    """Share the variance of an index out among its inputs.

    Parameters
    ----------
    evaluate : callable
        From one value per parameter to a number or to an array (one number per output, such as a unit). Where a call is
        dear, as a hazard measured anew, a small `n` gives wide intervals, which say so.
    parameters : mapping of str to Uncertain
        At least two, independent of one another.
    n : int
        Base sample, a power of 2; `evaluate` is called ``n (parameters + 2)`` times.
    seed : int
        Same seed, same result.
    resamples : int
        Bootstrap samples behind the intervals.

    Returns
    -------
    Sobol

    Raises
    ------
    MethodError
        Fewer than two parameters, or an `n` that is no power of 2.

    Notes
    -----
    Sampling and estimators of SALib: Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018. The mean over outputs weighted
    by variance is the index of the whole vector: Lamboni et al. 2011, doi:10.1016/j.ress.2010.09.002.

    Examples
    --------
    >>> put = {one: between(0.0, 1.0, title=Text(one, one)) for one in ("a", "b")}
    >>> found = sobol(lambda one: 2 * one["a"] + one["b"], put, n=256, seed=1)
    >>> found.mean["first"].round(1).to_dict(), found.evaluations
    ({'a': 0.8, 'b': 0.2}, 1024)
    """
    if len(parameters) < 2 or n < 2 or n & (n - 1):
        raise MethodError(f"{len(parameters)} parameters, n is {n}; give at least two, and a power of 2")
    from SALib.sample import sobol as saltelli  # slow to import, and few ask for it

    names = list(parameters)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    places = saltelli.sample(problem, n, calc_second_order=False, seed=seed)
    found = [
        np.atleast_1d(evaluate({name: parameters[name].at(float(u)) for name, u in zip(names, row, strict=True)}))
        for row in places
    ]
    values = np.stack(found).astype("float64").reshape(n, len(names) + 2, -1)
    spread = values[:, [0, -1]].std(axis=(0, 1))
    moves = np.isfinite(spread) & (spread > 1e-12 * np.abs(values).max(axis=(0, 1)))
    scaled = (values - values.mean(axis=(0, 1))) / np.where(moves, spread, 1)
    first, total = _indices(scaled[..., moves])
    rng = np.random.default_rng([seed, 47])
    again = [_means(scaled[rng.integers(n, size=n)][..., moves], spread[moves]) for _ in range(resamples)]
    half = _LEVEL * np.std(again, axis=0, ddof=1) if resamples > 1 else np.full((2, len(names)), np.nan)
    share = _weighted(np.stack([first, total]), spread[moves])
    mean = pd.DataFrame(
        {"first": share[0], "first_half": half[0], "total": share[1], "total_half": half[1]},
        index=pd.Index(names, name="parameter"),
    )
    return Sobol(
        first=_spread_out(first, moves, names),
        total=_spread_out(total, moves, names),
        mean=mean.sort_values("total", ascending=False, kind="stable"),
        evaluations=len(places),
    )


def _indices(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """First and total indices, each of shape (inputs, outputs), by SALib's estimators."""
    from SALib.analyze.sobol import first_order, total_order

    count, outputs = values.shape[1] - 2, values.shape[2]
    if not outputs:
        return np.zeros((count, 0)), np.zeros((count, 0))
    a, b = values[:, 0], values[:, -1]
    first = np.stack([first_order(a, values[:, j + 1], b) for j in range(count)])
    return first, np.stack([total_order(a, values[:, j + 1], b) for j in range(count)])


def _means(values: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    return _weighted(np.stack(_indices(values)), spread)


def _weighted(indices: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the outputs, weighted by their variances; NaN without any."""
    if not spread.size:
        return np.full(indices.shape[:-1], np.nan)
    return np.asarray(np.average(indices, axis=-1, weights=spread**2))


def _spread_out(indices: NDArray[np.float64], moves: NDArray[np.bool_], names: list[str]) -> pd.DataFrame:
    whole = np.full((moves.size, len(names)), np.nan)
    whole[moves] = indices.T
    return pd.DataFrame(whole, columns=names)
