"""Distributions that standardised indices stand on: sample moments, fits, cumulative probabilities."""

from typing import Literal

import numpy as np
from scipy import special

from riskmap.errors import MethodError

__all__ = ["GammaFit", "gamma_cdf", "gamma_fit", "l_moments", "loglogistic_cdf", "loglogistic_fit"]

GammaFit = Literal["thom", "ub-pwm"]

_FEWEST = 4
_SMALL = (-0.3080, -0.05812, 0.01765)
_LARGE = (0.7213, -0.5947, -2.1817, 1.2113)


def l_moments(values: np.ndarray) -> tuple[float, float, float]:
    """Sample L-moments by unbiased probability-weighted moments.

    Parameters
    ----------
    values : ndarray
        Any numbers; NaN are left out.

    Returns
    -------
    tuple of float
        Mean l1, L-scale l2 and L-skewness t3 = l3/l2; all NaN for fewer than 4 values, t3 NaN where l2 is 0.

    Notes
    -----
    b_r = mean of (i-1)...(i-r)/((n-1)...(n-r)) x_(i); l1 = b0, l2 = 2 b1 - b0, l3 = 6 b2 - 6 b1 + b0
    (Hosking 1990, doi:10.1111/j.2517-6161.1990.tb01775.x).

    Examples
    --------
    >>> np.round(l_moments(np.array([1.0, 2.0, 3.0, 4.0])), 4).tolist()
    [2.5, 0.8333, 0.0]
    """
    x = np.sort(values[~np.isnan(values)])
    n = x.size
    if n < _FEWEST:
        return np.nan, np.nan, np.nan
    i = np.arange(1, n + 1)
    b0 = float(x.mean())
    b1 = float(((i - 1) / (n - 1) * x).mean())
    b2 = float(((i - 1) * (i - 2) / ((n - 1) * (n - 2)) * x).mean())
    l2 = 2 * b1 - b0
    return b0, l2, (6 * b2 - 6 * b1 + b0) / l2 if l2 > 0 else np.nan


def gamma_fit(values: np.ndarray, *, method: GammaFit = "thom") -> tuple[float, float]:
    """Fit a two-parameter gamma distribution to positive values.

    Parameters
    ----------
    values : ndarray
        Positive numbers; NaN are left out.
    method : {"thom", "ub-pwm"}
        ``thom``: Thom's closed form of maximum likelihood, A = ln(mean) - mean(ln x),
        shape = (1 + sqrt(1 + 4A/3)) / 4A (the formula of GB/T 20481). ``ub-pwm``: from unbiased
        probability-weighted moments with Hosking's rational approximation, as R's SPEI package.

    Returns
    -------
    tuple of float
        Shape and scale; NaN for fewer than 4 values or for values without spread.

    Raises
    ------
    MethodError
        A value is zero or negative, or the method is unknown.

    Examples
    --------
    >>> shape, scale = gamma_fit(np.array([10.0, 20.0, 40.0, 30.0]))
    >>> bool(np.isclose(shape * scale, 25.0))
    True
    """
    x = values[~np.isnan(values)]
    if (x <= 0).any():
        raise MethodError(f"a gamma distribution holds positive values only, got {x.min():g}; take zeros apart")
    if method not in ("thom", "ub-pwm"):
        raise MethodError(f"no gamma fit called {method!r}; there are thom, ub-pwm")
    if x.size < _FEWEST or np.ptp(x) == 0:
        return np.nan, np.nan
    shape = _thom(x) if method == "thom" else _hosking(x)
    return shape, float(x.mean()) / shape


def _thom(x: np.ndarray) -> float:
    a = float(np.log(x.mean()) - np.log(x).mean())
    return (1 + np.sqrt(1 + 4 * a / 3)) / (4 * a)


def _hosking(x: np.ndarray) -> float:
    l1, l2, _ = l_moments(x)
    t = l2 / l1
    if t < 0.5:
        z = np.pi * t * t
        return (1 + _SMALL[0] * z) / (z * (1 + z * (_SMALL[1] + z * _SMALL[2])))
    z = 1 - t
    return z * (_LARGE[0] + z * _LARGE[1]) / (1 + z * (_LARGE[2] + z * _LARGE[3]))


def gamma_cdf(values: np.ndarray, *, shape: float, scale: float) -> np.ndarray:
    """Probability that a gamma variable is at most `values`; NaN in, NaN out.

    Parameters
    ----------
    values : ndarray
        Numbers of 0 and more, in the unit of `scale`.
    shape, scale : float
        Parameters as from `gamma_fit`.

    Returns
    -------
    ndarray
        P = regularised incomplete gamma of (shape, values / scale), shaped like `values`.

    Examples
    --------
    >>> gamma_cdf(np.array([0.0, 1.0]), shape=1.0, scale=1.0).round(4).tolist()
    [0.0, 0.6321]
    """
    return np.asarray(special.gammainc(shape, values / scale))


def loglogistic_fit(values: np.ndarray) -> tuple[float, float, float]:
    """Fit a three-parameter (generalised) log-logistic distribution by unbiased L-moments.

    Parameters
    ----------
    values : ndarray
        Any numbers; NaN are left out.

    Returns
    -------
    tuple of float
        Location, scale and shape k = -t3; NaN where `l_moments` are.

    Notes
    -----
    scale = l2 sin(k pi)/(k pi); location = l1 - scale (1 - k pi / sin(k pi)) / k (Hosking and Wallis 1997).

    Examples
    --------
    >>> location, scale, shape = loglogistic_fit(np.array([-2.0, -1.0, 0.0, 1.0, 5.0]))
    >>> round(shape, 4)
    -0.375
    """
    l1, l2, t3 = l_moments(values)
    k = -t3
    if abs(k) < 1e-6:
        return l1, l2, 0.0
    bend = k * np.pi / np.sin(k * np.pi)
    scale = l2 / bend
    return l1 - scale * (1 - bend) / k, scale, k


def loglogistic_cdf(values: np.ndarray, *, location: float, scale: float, shape: float) -> np.ndarray:
    """Probability that a generalised log-logistic variable is at most `values`; NaN in, NaN out.

    Parameters
    ----------
    values : ndarray
        Numbers.
    location, scale, shape : float
        Parameters as from `loglogistic_fit`.

    Returns
    -------
    ndarray
        P = 1/(1 + exp(-y)), y = -ln(1 - k u)/k with u = (values - location)/scale; 0 or 1 beyond the bound.

    Examples
    --------
    >>> loglogistic_cdf(np.array([0.0]), location=0.0, scale=1.0, shape=-0.2).tolist()
    [0.5]
    """
    u = (values - location) / scale
    if shape == 0:
        return np.asarray(special.expit(u))
    with np.errstate(divide="ignore"):
        return np.asarray(special.expit(-np.log(np.maximum(1 - shape * u, 0)) / shape))
