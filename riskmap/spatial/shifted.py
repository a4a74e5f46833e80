"""Shifted coordinates of Chinese web maps: GCJ-02 (Amap, Tencent) and BD-09 (Baidu), and their exact inverse."""

from collections.abc import Callable
from typing import Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import GridError

__all__ = ["SHIFTS", "Shift", "add_shift", "remove_shift", "unshifted"]

Shift = Literal["gcj02", "bd09"]
SHIFTS: tuple[Shift, ...] = get_args(Shift)
"""Names of the shifts."""

_AXIS_M = 6_378_245.0
_ECCENTRICITY_2 = 0.006_693_421_622_965_943_23
"""Krassowsky 1940, on which the formula of GCJ-02 stands whatever its input."""

_LIMITS = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north of what is shifted."""

_ENOUGH_DEG = 1e-12
_MOST_STEPS = 30

_Array = NDArray[np.float64]


def add_shift(lonlat: ArrayLike, *, shift: Shift) -> _Array:
    """Shift true coordinates as a Chinese web map does.

    Parameters
    ----------
    lonlat : array_like, shape (n, 2)
        Longitude, latitude in WGS 84 or CGCS2000, degrees.
    shift : {"gcj02", "bd09"}
        Which map's shift.

    Returns
    -------
    ndarray, shape (n, 2)
        Degrees; 300 to 700 m off for GCJ-02, 1 to 1.5 km for BD-09. Outside 72-137.8 E, 0.8-55.8 N nothing is
        shifted. NaN stays NaN.

    Raises
    ------
    GridError
        No such shift.

    Notes
    -----
    The official formula is not public; this is the one that open implementations share (eviltransform, PRCoords,
    coord-convert). Published answers of the map services themselves lie within 1.5 m of it.

    Examples
    --------
    >>> add_shift([(116.377817, 39.911954)], shift="gcj02").round(6).tolist()
    [[116.384047, 39.913345]]
    """
    points = np.asarray(lonlat, dtype="float64").reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        out = _known(shift)(points)
    west, south, east, north = _LIMITS
    lon, lat = points.T
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.where(inside[:, None], out, points)


def remove_shift(lonlat: ArrayLike, *, shift: Shift) -> _Array:
    """Bring shifted coordinates back to where they are.

    Parameters
    ----------
    lonlat : array_like, shape (n, 2)
        Longitude, latitude as the web map gives them, degrees.
    shift : {"gcj02", "bd09"}
        Which map's shift.

    Returns
    -------
    ndarray, shape (n, 2)
        Degrees, WGS 84 (for a survey the same as CGCS2000). NaN stays NaN.

    Raises
    ------
    GridError
        No such shift.

    Notes
    -----
    Iterated: the guess is moved by what its shifted place misses, until no step is over 1e-12 degrees. A step
    leaves less than a hundredth of the miss.

    Examples
    --------
    >>> remove_shift([(116.38404722455657, 39.91334545536069)], shift="gcj02").round(6).tolist()
    [[116.377817, 39.911954]]
    """
    points = np.asarray(lonlat, dtype="float64").reshape(-1, 2)
    guess = points.copy()
    for _ in range(_MOST_STEPS):
        missed = points - add_shift(guess, shift=shift)
        guess += missed
        if not (np.abs(missed) > _ENOUGH_DEG).any():
            break
    return guess


def unshifted(frame: gpd.GeoDataFrame, *, shift: Shift) -> gpd.GeoDataFrame:
    """Take a web map's shift out of a layer.

    Parameters
    ----------
    frame : GeoDataFrame
        With a coordinate system; a projected one is first brought to degrees.
    shift : {"gcj02", "bd09"}
        Which map's shift.

    Returns
    -------
    GeoDataFrame
        The same rows in CGCS2000 degrees (EPSG:4490); missing and empty shapes stay.

    Raises
    ------
    GridError
        No such shift.

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([111.14651], [39.38018]), crs=4326)
    >>> point = unshifted(seat, shift="gcj02").geometry[0]
    >>> round(point.x, 4), round(point.y, 4)
    (111.1399, 39.379)
    """
    _known(shift)
    degrees: Any = frame if frame.crs.is_geographic else frame.to_crs(4490)
    moved = shapely.transform(degrees.geometry.to_numpy(), lambda xy: remove_shift(xy, shift=shift))
    return frame.set_geometry(gpd.GeoSeries(moved, index=frame.index, crs=pyproj.CRS.from_epsg(4490)))


def _known(shift: str) -> Callable[[_Array], _Array]:
    formulas = {"gcj02": _gcj02, "bd09": _bd09}
    if shift not in formulas:
        raise GridError(f"no shift {shift!r}; allowed are {', '.join(formulas)}")
    return formulas[shift]


def _gcj02(points: _Array) -> _Array:
    lon, lat = points.T
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = 20.0 * (np.sin(6 * np.pi * x) + np.sin(2 * np.pi * x))
    waves_y = 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)
    waves_y += 160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)
    waves_x = 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)
    waves_x += 150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + (common + waves_y) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + (common + waves_x) * 2 / 3
    rad = np.radians(lat)
    squash = 1 - _ECCENTRICITY_2 * np.sin(rad) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / squash**1.5
    parallel_m = _AXIS_M / np.sqrt(squash) * np.cos(rad)
    return np.column_stack([lon + np.degrees(east_m / parallel_m), lat + np.degrees(north_m / meridian_m)])


def _bd09(points: _Array) -> _Array:
    lon, lat = _gcj02(points).T
    turn = np.pi * 3000 / 180
    reach = np.hypot(lon, lat) + 2e-5 * np.sin(lat * turn)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * turn)
    return np.column_stack([reach * np.cos(angle) + 0.0065, reach * np.sin(angle) + 0.006])
