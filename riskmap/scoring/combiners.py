"""Ways to join scores of one place to one score, each on a block of shape (indicators, places)."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskmap.errors import MethodError

__all__ = ["ANY_SIZE", "COMBINERS", "ONLY_SCORES", "check_options", "join"]

Block = NDArray[np.floating]
_Join = Callable[[Block, Block, NDArray[np.bool_], Mapping[str, Any]], Block]


def join(
    block: Block, weight: Block, gap: NDArray[np.bool_], *, combiner: str, options: Mapping[str, Any] | None = None
) -> Block:
    """Join the scores of a block.

    Parameters
    ----------
    block : ndarray, shape (indicators, places)
        Scores 0..1, or (but for `ONLY_SCORES`) values of any size; any number where `gap` is True.
    weight : ndarray, shape (indicators, places) or (indicators, 1)
        0 where `gap` is True.
    gap : ndarray of bool, shape of `block`
        True where a score is unknown.
    combiner : str
        One of `COMBINERS`.
    options : mapping
        What that combiner takes.

    Returns
    -------
    ndarray, shape (places,)
        0..1 for scores (but for `ANY_SIZE`); NaN or anything where nothing is known.

    Raises
    ------
    MethodError
        As `check_options`.

    Notes
    -----
    s are the known scores of a place, w their weights scaled to sum 1:

    * ``weighted_mean``: ``sum w s``. ``geometric_mean``: ``prod s^w``. ``max``: the largest.
    * ``product``: ``prod s`` (H x E x V); a missing factor is taken as the geometric mean of the known ones.
    * ``power_mean``: ``(sum w s^p)^(1/p)``, p not 0; above 1 the worst indicator counts more.
    * ``owa``: scores of a place from the worst down, times ``order`` (one weight a rank, scaled to sum 1; those of
      missing ranks are shared out). Yager 1988, doi:10.1109/21.87068.
    * ``fuzzy_gamma``: ``(prod s)^(1 - gamma) (1 - prod(1 - s))^gamma``. Zimmermann and Zysno 1980.
    * ``topsis``: ``d- / (d+ + d-)``, weighted distances to the ideals 0 and 1. The ideals are fixed, not those of the
      county, so that two counties can be compared; `topsis` has the form with the best and worst of a table.
    * ``grey``: ``sum w rho / (1 - s + rho)`` scaled to 0..1; the grey relation to the worst possible place. Deng 1982.
    * ``matrix``: of exactly two scores: ``matrix[class of the first][class of the second]``, classes by ``edges``.
    * ``sum``: ``sum c s`` over the known ones, c the ``coefficients`` (all 1 unless given); weights have no say. What is
      missing adds nothing: the sum is then a lower bound, and the known share tells so.
    * ``power_product``: ``prod s^e``, e the ``exponents`` (-1 divides, 0.5 is a root); weights have no say. NaN where a
      part with an exponent other than 0 is missing, for a division by 0 and for a root of a negative value.

    Examples
    --------
    >>> two = np.array([[0.2], [0.8]])
    >>> join(two, np.array([[0.5], [0.5]]), np.isnan(two), combiner="power_mean", options={"p": 2}).round(3).tolist()
    [0.583]
    """
    chosen = options or {}
    with np.errstate(divide="ignore", invalid="ignore"):
        return _JOIN[combiner](block, weight, gap, chosen)


def check_options(combiner: str, options: Mapping[str, Any], *, count: int) -> None:
    """Refuse options that a combiner does not take, or that make no sense.

    Parameters
    ----------
    combiner : str
        Name.
    options : mapping
        What was given for it.
    count : int
        Number of indicators.

    Raises
    ------
    MethodError
        Naming the option, its value and what is allowed.

    Examples
    --------
    >>> check_options("power_mean", {"p": 0}, count=2)
    Traceback (most recent call last):
    riskmap.errors.MethodError: power_mean: p is 0; give a number other than 0
    """
    if combiner not in COMBINERS:
        raise MethodError(f"combiner {combiner!r} is not known; there are {', '.join(COMBINERS)}")
    takes = COMBINERS[combiner]
    if set(options) - takes or takes - set(options) - _MAY_LACK:
        raise MethodError(
            f"{combiner}: options are {', '.join(sorted(options)) or 'none'}; it takes {', '.join(sorted(takes)) or 'none'}"
        )
    faults = {
        "p": lambda one: not one or not np.isfinite(one),
        "gamma": lambda one: not 0 <= one <= 1,
        "rho": lambda one: not 0 < one <= 1,
        "order": lambda one: len(one) != count or min(one) < 0 or not sum(one) > 0,
        "coefficients": lambda one: len(one) != count or not np.isfinite(one).all(),
        "exponents": lambda one: len(one) != count or not np.isfinite(one).all(),
    }
    allowed = {
        "p": "a number other than 0",
        "gamma": "a number within 0..1",
        "rho": "a number above 0 and up to 1",
        "order": f"{count} numbers, none negative",
        "coefficients": f"{count} numbers",
        "exponents": f"{count} numbers",
    }
    for name, wrong in faults.items():
        if name in options and wrong(options[name]):
            raise MethodError(f"{combiner}: {name} is {options[name]}; give {allowed[name]}")
    if combiner == "matrix":
        _check_matrix(options, count)


def _check_matrix(options: Mapping[str, Any], count: int) -> None:
    table, edges = np.asarray(options["matrix"], dtype=float), list(options["edges"])
    side = len(edges) + 1
    if count != 2 or table.shape != (side, side) or edges != sorted(edges):
        raise MethodError(
            f"matrix: {count} indicators, {len(edges)} edges and a matrix of shape {table.shape}; "
            "give two indicators, ascending edges and a square matrix with one row more than edges"
        )
    if table.min() < 0 or table.max() > 1:
        raise MethodError(f"matrix: scores run from {table.min():g} to {table.max():g}; give numbers within 0..1")


def _share(weight: Block) -> Block:
    return np.asarray(weight / weight.sum(axis=0))


def _mean(block: Block, weight: Block, gap: NDArray[np.bool_], _: Mapping[str, Any]) -> Block:
    return np.asarray((np.where(gap, 0, block) * weight).sum(axis=0) / weight.sum(axis=0))


def _geometric(block: Block, weight: Block, gap: NDArray[np.bool_], _: Mapping[str, Any]) -> Block:
    logs = np.where((weight > 0) & ~gap, np.log(np.where(gap, 1, block)), 0)
    return np.asarray(np.exp((logs * weight).sum(axis=0) / weight.sum(axis=0)))


def _product(block: Block, _: Block, gap: NDArray[np.bool_], __: Mapping[str, Any]) -> Block:
    return np.asarray(np.where(gap, 1, block).prod(axis=0) ** (len(block) / (~gap).sum(axis=0)))


def _max(block: Block, _: Block, gap: NDArray[np.bool_], __: Mapping[str, Any]) -> Block:
    return np.asarray(np.where(gap, -np.inf, block).max(axis=0))


def _power(block: Block, weight: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    p = float(options["p"])
    raised = np.where(gap | (weight <= 0), 0, np.where(gap, 1, block) ** p)
    return np.asarray((raised * weight).sum(axis=0) / weight.sum(axis=0)) ** (1 / p)


def _ordered(block: Block, _: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    order = np.asarray(options["order"], dtype=block.dtype)[:, None]
    ranked = -np.sort(np.where(gap, np.inf, -block), axis=0)  # the worst first, unknown last
    known = np.isfinite(ranked)
    share = np.where(known, order, 0)
    return np.asarray((np.where(known, ranked, 0) * share).sum(axis=0) / share.sum(axis=0))


def _gamma(block: Block, _: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    gamma = float(options["gamma"])
    both = np.where(gap, 1, block).prod(axis=0)
    either = 1 - np.where(gap, 1, 1 - block).prod(axis=0)
    return np.asarray(both ** (1 - gamma) * either**gamma)


def _topsis(block: Block, weight: Block, gap: NDArray[np.bool_], _: Mapping[str, Any]) -> Block:
    share = _share(weight)
    far = np.sqrt((np.where(gap, 0, share * (1 - block)) ** 2).sum(axis=0))
    near = np.sqrt((np.where(gap, 0, share * block) ** 2).sum(axis=0))
    return np.asarray(near / (near + far))


def _grey(block: Block, weight: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    rho = float(options["rho"])
    relation = (_share(weight) * np.where(gap, 0, rho / (1 - block + rho))).sum(axis=0)
    least = rho / (1 + rho)
    return np.asarray((relation - least) / (1 - least))


def _matrix(block: Block, _: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    first, second = (np.searchsorted(options["edges"], one, side="right") for one in np.where(gap, 0, block))
    found = np.asarray(options["matrix"], dtype=block.dtype)[first, second]
    return np.where(gap.any(axis=0), np.nan, found)


def _sum(block: Block, _: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    factors = np.asarray(options.get("coefficients", np.ones(len(block))), dtype=block.dtype)[:, None]
    return np.asarray(np.where(gap, 0, block * factors).sum(axis=0))


def _power_product(block: Block, _: Block, gap: NDArray[np.bool_], options: Mapping[str, Any]) -> Block:
    exponents = np.asarray(options["exponents"], dtype=block.dtype)[:, None]
    found = (np.where(gap, np.nan, block) ** exponents).prod(axis=0)  # NaN to the power of 0 is 1
    return np.where(np.isfinite(found), found, np.nan)


_JOIN: Mapping[str, _Join] = {
    "weighted_mean": _mean,
    "geometric_mean": _geometric,
    "product": _product,
    "max": _max,
    "power_mean": _power,
    "owa": _ordered,
    "fuzzy_gamma": _gamma,
    "topsis": _topsis,
    "grey": _grey,
    "matrix": _matrix,
    "sum": _sum,
    "power_product": _power_product,
}

COMBINERS: Mapping[str, frozenset[str]] = {name: frozenset() for name in _JOIN} | {
    "power_mean": frozenset({"p"}),
    "owa": frozenset({"order"}),
    "fuzzy_gamma": frozenset({"gamma"}),
    "grey": frozenset({"rho"}),
    "matrix": frozenset({"matrix", "edges"}),
    "sum": frozenset({"coefficients"}),
    "power_product": frozenset({"exponents"}),
}
"""The combiners and the options that each takes."""

_MAY_LACK = frozenset({"coefficients"})

ANY_SIZE = frozenset({"sum", "power_product"})
"""Combiners whose result may leave 0..1."""

ONLY_SCORES = frozenset({"fuzzy_gamma", "topsis", "grey"})
"""Combiners that make no sense of values outside 0..1."""
