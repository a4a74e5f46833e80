"""From catchment area and design rain to discharge and to the water's height in the channel."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError

__all__ = ["gumbel_interpolate", "normal_depth_m", "rational_peak_m3_s"]

_ROUNDS = 60  # both iterations contract at least threefold a round: far below rounding


def gumbel_interpolate(return_periods_a: ArrayLike, values: ArrayLike, *, at_a: ArrayLike) -> NDArray[np.float64]:
    """Read a frequency curve at other return periods.

    Parameters
    ----------
    return_periods_a : array_like
        Return periods of the known points, over 1 a, ascending.
    values : array_like
        Value of each (rain in mm, discharge in m3/s).
    at_a : array_like
        Return periods asked for, within the known ones.

    Returns
    -------
    numpy.ndarray of float64
        Linear between neighbours in the Gumbel reduced variate -ln(-ln(1 - 1/T)).

    Raises
    ------
    MethodError
        Return periods that do not ascend, or one asked for beyond the ends: the curve is not continued.

    Examples
    --------
    >>> gumbel_interpolate([10, 100], [80.0, 140.0], at_a=[10, 50, 100]).round(1).tolist()
    [80.0, 122.2, 140.0]
    """
    known, asked = np.asarray(return_periods_a, float), np.asarray(at_a, float)
    if known.size < 1 or (known <= 1).any() or (np.diff(known) <= 0).any():
        raise MethodError(f"return periods {known.tolist()}: give years over 1, ascending")
    if (asked < known[0]).any() or (asked > known[-1]).any():
        raise MethodError(
            f"return periods {asked.tolist()} a go beyond the curve's {known[0]:g} to {known[-1]:g} a; "
            "add points to the curve or ask for fewer"
        )
    return np.interp(_reduced(asked), _reduced(known), np.asarray(values, float))


def _reduced(return_periods_a: NDArray[np.float64]) -> NDArray[np.float64]:
    return -np.log(-np.log1p(-1 / return_periods_a))


def rational_peak_m3_s(
    area_km2: ArrayLike,
    *,
    length_km: ArrayLike,
    slope: ArrayLike,
    rain_24h_mm: float,
    rain_exponent: float,
    loss_mm_h: float,
    routing_m: float,
) -> NDArray[np.float64]:
    """Peak discharge of small catchments by the Chinese rational formula (推理公式).

    Parameters
    ----------
    area_km2, length_km, slope : array_like
        Catchment area F, length L of the main channel, and its mean slope J (m/m).
    rain_24h_mm : float
        Design rain in 24 hours.
    rain_exponent : float
        n of the intensity curve i = Sp / t^n, 0 < n < 1.
    loss_mm_h : float
        Mean infiltration rate while runoff forms, above 0.
    routing_m : float
        Routing parameter m.

    Returns
    -------
    numpy.ndarray of float64
        Peak discharge in m3/s, shaped like the inputs together; NaN where an input is NaN.

    Raises
    ------
    MethodError
        A parameter outside its range.

    Notes
    -----
    Chen Jiaqi 1958, as in SL 44: with Sp = H24 24^(n-1), tau = 0.278 L / (m J^(1/3) Q^(1/4)) and
    tc = [(1-n) Sp / mu]^(1/n), Q = 0.278 (Sp / tau^n - mu) F where tc >= tau, else
    Q = 0.278 n Sp tc^(1-n) F / tau. The two equations in Q and tau are solved by iteration.

    Examples
    --------
    >>> rational_peak_m3_s(50.0, length_km=13.3, slope=0.0188, rain_24h_mm=160.0,
    ...     rain_exponent=0.7, loss_mm_h=5.0, routing_m=1.0).round(0).item()
    299.0
    """
    if not (0 < rain_exponent < 1 and min(rain_24h_mm, loss_mm_h, routing_m) > 0):
        raise MethodError(
            f"rain_24h_mm {rain_24h_mm}, loss_mm_h {loss_mm_h}, routing_m {routing_m}: all above 0; "
            f"rain_exponent {rain_exponent}: between 0 and 1"
        )
    area, length, fall = np.broadcast_arrays(*(np.asarray(one, float) for one in (area_km2, length_km, slope)))
    power = rain_24h_mm * 24 ** (rain_exponent - 1)
    runoff_h = ((1 - rain_exponent) * power / loss_mm_h) ** (1 / rain_exponent)
    runoff_mm = rain_exponent * power * runoff_h ** (1 - rain_exponent)
    peak = area.copy()
    for _ in range(_ROUNDS):
        travel_h = 0.278 * length / (routing_m * np.cbrt(fall) * peak**0.25)
        whole = power / travel_h**rain_exponent - loss_mm_h
        peak = 0.278 * area * np.where(runoff_h >= travel_h, whole, runoff_mm / travel_h)
    return peak


def normal_depth_m(
    discharge_m3_s: ArrayLike, *, width_m: ArrayLike, slope: ArrayLike, roughness: ArrayLike
) -> NDArray[np.float64]:
    """Depth of uniform flow in a rectangular channel.

    Parameters
    ----------
    discharge_m3_s : array_like
        Discharge Q.
    width_m, slope, roughness : array_like
        Width b, bed slope S (m/m) and Manning's n, all above 0.

    Returns
    -------
    numpy.ndarray of float64
        Depth h in m, at which Q = (1/n) A R^(2/3) S^(1/2) with A = b h, R = b h / (b + 2 h);
        NaN where an input is NaN.

    Raises
    ------
    MethodError
        A width, slope or roughness that is not above 0, or a negative discharge.

    Examples
    --------
    >>> normal_depth_m(32.91, width_m=6.0, slope=0.0025, roughness=0.015).round(2).item()
    1.6
    """
    flow, width, fall, rough = np.broadcast_arrays(
        *(np.asarray(one, float) for one in (discharge_m3_s, width_m, slope, roughness))
    )
    if (flow < 0).any() or any((one <= 0).any() for one in (width, fall, rough)):
        raise MethodError("width, slope and roughness are above 0 and discharge is not negative")
    wide = (flow * rough / (width * np.sqrt(fall))) ** 0.6
    depth = wide.copy()
    for _ in range(_ROUNDS):
        depth = wide * (1 + 2 * depth / width) ** 0.4
    return depth
