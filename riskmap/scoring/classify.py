"""Quantities and indices are cut into the named classes of a scheme."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, Classification, ClassScheme
from riskmap.scoring.natural_breaks import natural_breaks

__all__ = ["classify", "cut", "found_edges", "goodness_of_fit"]

Quantity = np.ndarray | pd.Series | xr.DataArray


def classify(values: Quantity, scheme: ClassScheme) -> Classification:
    """Put values into the classes of a scheme, finding its edges from the data where the scheme says so.

    Parameters
    ----------
    values : ndarray, Series or DataArray
        The quantity, any shape, in the scheme's unit.
    scheme : ClassScheme
        ``breaks`` says how edges are found in ``severity = direction * value``:

        * ``fixed``: `edges` as given.
        * ``jenks``: natural breaks, see `natural_breaks`.
        * ``kmeans``: k-means. In one dimension its optimum is the same partition as the natural breaks, so it is
          found by the same exact solver; no start by chance, so no other answer next time.
        * ``quantile``: above the linear quantiles at ``options["quantiles"]`` (else equal shares); the edge
          is the lowest value above the quantile, so that many equal values stay in the lower class.
        * ``equal``: equal steps over ``options["range"]`` (else the range of the data).
        * ``geometric``: steps that grow by one factor from the lowest to the highest value, both above 0.
        * ``head_tail``: the mean, then the mean of what lies above it, and so on; classes left over stay empty.
          Jiang 2013, doi:10.1080/00330124.2012.700499.
        * ``mean_sd``: mean + ``options["multiples"]`` x population standard deviation, over the non-zero
          values only if ``options["nonzero"]`` is set.

    Returns
    -------
    Classification
        Codes (uint8 1..K, shape of `values`, `NO_CLASS` where NaN), the scheme with the edges used, and the
        goodness of variance fit. Without a single known value found edges are ``inf``.

    Raises
    ------
    MethodError
        A fixed scheme without K - 1 ascending edges, or options that do not fit.

    Notes
    -----
    Class c holds ``[edge, next edge)`` of the severity: 以上 includes the number. Edges are compared in the
    precision of the values, so a float32 raster that holds 0.7 meets the edge 0.7. Where edges are found
    from values that do not vary, all are ``inf``: everything stands in the lowest class.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> classify(np.array([0.3, -0.5, -1.7, np.nan]), book().scheme("gb-spi")).codes
    array([  1,   2,   4, 255], dtype=uint8)
    """
    used = replace(scheme, edges=found_edges(values, scheme))
    codes = cut(values, used)
    return Classification(codes=codes, scheme=used, goodness=goodness_of_fit(np.asarray(values), codes))


def found_edges(values: Quantity, scheme: ClassScheme) -> tuple[float, ...]:
    """Find the edges between the classes of a scheme from values, without classing them.

    Parameters
    ----------
    values : ndarray, Series or DataArray
        As in `classify`.
    scheme : ClassScheme
        As in `classify`.

    Returns
    -------
    tuple of float
        K - 1 ascending edges of the severity.

    Raises
    ------
    MethodError
        As `classify`.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> found_edges(np.array([1.0, 1.1, 5.0, 5.2, 9.0, 12.0, 20.0]), book().scheme("comprehensive-risk"))
    (5.0, 9.0, 12.0, 20.0)
    """
    severity = _severity(values, scheme)
    known = severity if scheme.breaks == "fixed" else severity[np.isfinite(severity)]
    edges = _EDGES[scheme.breaks](known, scheme)
    if scheme.breaks == "fixed" or "range" in scheme.options:
        return edges
    return edges if known.size and known.min() < known.max() else (np.inf,) * (scheme.size - 1)


def cut(values: Quantity, scheme: ClassScheme) -> np.ndarray:
    """Put values into classes by the edges that a scheme already holds, whatever its breaks.

    Parameters
    ----------
    values : ndarray, Series or DataArray
        Any shape.
    scheme : ClassScheme
        With K - 1 edges.

    Returns
    -------
    ndarray of uint8
        Class 1..K, `NO_CLASS` where the value is NaN.

    Raises
    ------
    MethodError
        The scheme does not hold K - 1 ascending edges.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> cut(np.array([0.1, 0.15, 2.0]), book().scheme("flood-risk-degree"))
    array([1, 2, 4], dtype=uint8)
    """
    severity = _severity(values, scheme)
    edges = np.asarray(_fixed(severity, scheme)).astype(severity.dtype)
    codes = np.searchsorted(edges, severity.ravel(), side="right").astype("uint8") + np.uint8(1)
    codes[np.isnan(severity.ravel())] = NO_CLASS
    return codes.reshape(severity.shape)


def goodness_of_fit(values: np.ndarray, codes: np.ndarray) -> float:
    """Goodness of variance fit: 1 - (squares within classes) / (squares about the mean).

    Parameters
    ----------
    values : ndarray of float
        The quantity; values that are not finite are left out.
    codes : ndarray of int
        Class of each value, same shape; `NO_CLASS` is left out.

    Returns
    -------
    float
        0..1; NaN where the values do not vary.

    Examples
    --------
    >>> goodness_of_fit(np.array([1.0, 1.0, 5.0, 5.0]), np.array([1, 1, 2, 2]))
    1.0
    """
    known = (np.isfinite(values) & (codes != NO_CLASS)).ravel()
    x, group = values.ravel()[known].astype("float64"), codes.ravel()[known].astype("int64")
    if not x.size:
        return float("nan")
    x = x - x.mean()
    total = float(x @ x)
    if total <= 0:
        return float("nan")
    counts, sums = np.bincount(group), np.bincount(group, weights=x)
    between = float((sums[counts > 0] ** 2 / counts[counts > 0]).sum())
    return min(between / total, 1.0)


def _severity(values: Quantity, scheme: ClassScheme) -> np.ndarray:
    data = np.asarray(values)
    if data.dtype != np.float32:
        data = data.astype("float64")
    return -data if scheme.direction == -1 else data


def _fixed(_: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    edges = scheme.edges
    if len(edges) != scheme.size - 1 or list(edges) != sorted(edges) or np.isnan(edges).any():
        raise MethodError(
            f"scheme {scheme.name!r} has {scheme.size} classes and edges {list(edges)}; "
            f"give {scheme.size - 1} ascending numbers"
        )
    return edges


def _jenks(known: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    return natural_breaks(known, classes=scheme.size)


def _quantile(known: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    shares = _option(scheme, "quantiles", tuple(np.linspace(0, 1, scheme.size + 1)[1:-1].tolist()))
    if shares and not 0 < min(shares) <= max(shares) < 1:
        raise MethodError(f"scheme {scheme.name!r}: quantiles {list(shares)} must lie between 0 and 1")
    if not known.size:
        return ()
    ranked = np.append(np.sort(known.astype("float64")), np.inf)
    return tuple(ranked[np.searchsorted(ranked, np.quantile(ranked[:-1], shares), side="right")].tolist())


def _equal(known: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    if "range" in scheme.options:
        low, high = scheme.options["range"]
        if not low < high:
            raise MethodError(f"scheme {scheme.name!r}: range [{low}, {high}] must ascend")
    else:
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    return tuple(np.linspace(low, high, scheme.size + 1)[1:-1].tolist())


def _mean_sd(known: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    multiples = _option(scheme, "multiples", ())
    if any(scheme.options.get("nonzero", ())):
        known = known[known != 0]
    if not known.size:
        return (np.inf,) * len(multiples)
    mean, sd = float(known.mean(dtype="float64")), float(known.std(dtype="float64"))
    return tuple(mean + one * sd for one in multiples)


def _geometric(known: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    if not known.size:
        return (np.inf,) * (scheme.size - 1)
    low, high = float(known.min()), float(known.max())
    if low <= 0:
        raise MethodError(f"scheme {scheme.name!r}: geometric steps met {low:g}; values must be above 0")
    return tuple(np.geomspace(low, high, scheme.size + 1)[1:-1].tolist())


def _head_tail(known: np.ndarray, scheme: ClassScheme) -> tuple[float, ...]:
    edges: list[float] = []
    head = known.astype("float64")
    while len(edges) < scheme.size - 1:
        mean = float(head.mean()) if head.size else np.inf
        above = head[head > mean]
        if not above.size:
            break
        edges.append(float(above.min()))  # the lowest value of the next class, as for all other breaks
        head = above
    return tuple(edges) + (np.inf,) * (scheme.size - 1 - len(edges))


def _option(scheme: ClassScheme, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
    given = tuple(scheme.options.get(key, default))
    if len(given) != scheme.size - 1 or list(given) != sorted(given):
        raise MethodError(
            f"scheme {scheme.name!r}: {key} is {list(given)}; {scheme.size} classes ask for "
            f"{scheme.size - 1} ascending numbers"
        )
    return given


_EDGES: Mapping[str, Callable[[np.ndarray, ClassScheme], tuple[float, ...]]] = {
    "fixed": _fixed,
    "jenks": _jenks,
    "kmeans": _jenks,
    "quantile": _quantile,
    "equal": _equal,
    "mean_sd": _mean_sd,
    "geometric": _geometric,
    "head_tail": _head_tail,
}
