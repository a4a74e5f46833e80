"""How fast a surface fire runs: Wang Zhengfei's rate with Mao Xianmin's factors of wind and slope."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["calm_rate_m_min", "slope_factor", "wind_factor", "wind_force"]


def wind_force(speed_m_s: ArrayLike) -> NDArray[np.float64]:
    """Wind force on the Beaufort scale, without rounding to whole steps.

    Parameters
    ----------
    speed_m_s : array_like
        Wind at 10 m, m/s; NaN unknown.

    Returns
    -------
    ndarray of float64
        NaN where the wind is unknown.

    Notes
    -----
    ``(v / 0.836) ** (2 / 3)``, the World Meteorological Organization's equivalent speeds ``v = 0.836 B ** 1.5`` turned round.

    Examples
    --------
    >>> wind_force([0.836, 6.7]).round(1)
    array([1., 4.])
    """
    return np.asarray((np.asarray(speed_m_s, dtype="float64") / 0.836) ** (2 / 3))


def calm_rate_m_min(
    temp_degc: ArrayLike, wind_m_s: ArrayLike, humidity_pct: ArrayLike, *, constants: Sequence[float]
) -> NDArray[np.float64]:
    """Rate at which a fire spreads on level ground by the day's weather alone (fuel, wind and slope are factors of it).

    Parameters
    ----------
    temp_degc, humidity_pct : array_like
        Highest temperature and lowest relative humidity of the day (noon stands for them).
    wind_m_s : array_like
        Wind at noon; it counts by its force.
    constants : sequence of 4 floats
        a, b, c and d of the formula (``fire.calm_rate``).

    Returns
    -------
    ndarray of float64
        m/min; 0 on days too cold and wet for the formula, NaN where one of the three is unknown.

    Notes
    -----
    ``R0 = a T + b W + c (100 - h) - d``, W the wind force. 王正非 (1992) 通用森林火险级系统, 自然灾害学报 1(3).

    Examples
    --------
    >>> float(calm_rate_m_min(25.0, 6.7, 20.0, constants=(0.03, 0.05, 0.01, 0.3)).round(2))
    1.45
    """
    a, b, c, d = constants
    temp, dry = np.asarray(temp_degc, dtype="float64"), 100 - np.asarray(humidity_pct, dtype="float64")
    return np.maximum(a * temp + b * wind_force(wind_m_s) + c * dry - d, 0.0)


def wind_factor(along_m_s: ArrayLike, *, exponent: float) -> NDArray[np.float64]:
    """How many times faster a fire runs with the wind.

    Parameters
    ----------
    along_m_s : array_like
        Wind along the direction of spread, m/s: speed times the cosine between them, negative against the wind.
    exponent : float
        Of the formula (``fire.wind_exponent``).

    Returns
    -------
    ndarray of float64
        1 across the wind; NaN where unknown.

    Notes
    -----
    ``exp(0.1783 v cos(angle))``. 王正非 1992; 毛贤敏 (1993) 风和地形对林火蔓延速度的作用, 应用气象学报 4(1).

    Examples
    --------
    >>> wind_factor([6.0, 0.0, -6.0], exponent=0.1783).round(2)
    array([2.91, 1.  , 0.34])
    """
    return np.asarray(np.exp(exponent * np.asarray(along_m_s, dtype="float64")))


def slope_factor(slope: ArrayLike, *, constants: Sequence[float]) -> NDArray[np.float64]:
    """How many times faster a fire runs uphill, and slower downhill.

    Parameters
    ----------
    slope : array_like
        Rise over run in the direction of spread.
    constants : sequence of 3 floats
        Factor and power of the formula, and the slope beyond which it stays the same (``fire.slope_exponent``).

    Returns
    -------
    ndarray of float64
        1 on the level; NaN where unknown.

    Notes
    -----
    ``exp(+-3.533 |tan| ** 1.2)``, + uphill, - downhill (毛贤敏 1993). Uphill it is equation 39 of the Canadian Forest Fire
    Behavior Prediction System (ST-X-3, 1992), which keeps it at 10 from a slope of 70 % on; so does this, downhill too.

    Examples
    --------
    >>> slope_factor([0.3, 0.0, -0.3, 2.0], constants=(3.533, 1.2, 0.7)).round(2)
    array([ 2.3 ,  1.  ,  0.43, 10.  ])
    """
    factor, power, steepest = constants
    kept = np.clip(np.asarray(slope, dtype="float64"), -steepest, steepest)
    return np.asarray(np.exp(np.sign(kept) * factor * np.abs(kept) ** power))
