"""Slope, aspect, curvature, local relief and hillshade of an elevation raster; each method is named."""

from typing import Literal

import numpy as np
import xarray as xr
from numba import njit
from scipy.ndimage import maximum_filter, minimum_filter

from riskmap.errors import MethodError
from riskmap.spatial.grid import cell_size_m, grid_of, on_grid

__all__ = ["aspect_deg", "curvature", "hillshade", "relief_m", "slope_deg", "terrain"]

SlopeMethod = Literal["horn", "zevenbergen-thorne"]
_FLAT = 1e-12
"""Squared or plain gradient (m/m) under which ground is flat: it faces nowhere and bends nowhere."""


@njit(cache=True, nogil=True)
def _gradient(z: np.ndarray, cell: float, horn: bool) -> tuple[np.ndarray, np.ndarray]:
    """West-east and south-north gradient; NaN where any of the nine cells is unknown."""
    rows, columns = z.shape
    east = np.full((rows, columns), np.nan)
    north = np.full((rows, columns), np.nan)
    side, span = (2.0, 8.0 * cell) if horn else (1.0, 2.0 * cell)
    corner = 1.0 if horn else 0.0
    for r in range(1, rows - 1):
        for c in range(1, columns - 1):
            nw, n, ne = z[r - 1, c - 1], z[r - 1, c], z[r - 1, c + 1]
            w, m, e = z[r, c - 1], z[r, c], z[r, c + 1]
            sw, s, se = z[r + 1, c - 1], z[r + 1, c], z[r + 1, c + 1]
            if np.isnan(nw + n + ne + w + m + e + sw + s + se):
                continue
            east[r, c] = (corner * (ne + se - nw - sw) + side * (e - w)) / span
            north[r, c] = (corner * (nw + ne - sw - se) + side * (n - s)) / span
    return east, north


@njit(cache=True, nogil=True)
def _curvature(z: np.ndarray, cell: float) -> tuple[np.ndarray, np.ndarray]:
    """Curvature down the slope and along the contour, positive where convex."""
    rows, columns = z.shape
    profile = np.full((rows, columns), np.nan, np.float32)
    plan = np.full((rows, columns), np.nan, np.float32)
    area = cell * cell
    for r in range(1, rows - 1):
        for c in range(1, columns - 1):
            d = ((z[r, c - 1] + z[r, c + 1]) / 2 - z[r, c]) / area
            e = ((z[r - 1, c] + z[r + 1, c]) / 2 - z[r, c]) / area
            f = (-z[r - 1, c - 1] + z[r - 1, c + 1] + z[r + 1, c - 1] - z[r + 1, c + 1]) / (4 * area)
            g = (z[r, c + 1] - z[r, c - 1]) / (2 * cell)
            h = (z[r - 1, c] - z[r + 1, c]) / (2 * cell)
            steep = g * g + h * h
            if np.isnan(d + e + f + steep):
                continue
            flat = steep < _FLAT
            along = 2 * (d * g * g + e * h * h + f * g * h)
            across = 2 * (d * h * h + e * g * g - f * g * h)
            profile[r, c] = 0.0 if flat else -along / (steep * (1 + steep) ** 1.5)
            plan[r, c] = 0.0 if flat else -across / steep**1.5
    return profile, plan


def _gradient_of(dem: xr.DataArray, method: SlopeMethod) -> tuple[np.ndarray, np.ndarray]:
    if method not in {"horn", "zevenbergen-thorne"}:
        raise MethodError(f"slope method {method!r}: allowed are 'horn' and 'zevenbergen-thorne'")
    return _gradient(dem.to_numpy().astype("float64"), cell_size_m(dem), method == "horn")


def slope_deg(dem: xr.DataArray, *, method: SlopeMethod = "horn") -> xr.DataArray:
    """Slope of the surface.

    Parameters
    ----------
    dem : DataArray
        Elevation in metres, dims ``(y, x)`` on a projected GeoBox.
    method : {"horn", "zevenbergen-thorne"}
        Horn (1981): eight neighbours, as in gdaldem and QGIS. Zevenbergen and Thorne (1987): four neighbours.

    Returns
    -------
    DataArray of float32
        Degrees, 0..90; NaN on the rim and where any of the nine cells is NaN.

    Raises
    ------
    GridError
        The elevation is not on a projected grid.
    MethodError
        No such method.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> grid = make_grid((0, 0, 40, 40), "EPSG:4546", cell_size_m=10)
    >>> ramp = on_grid(np.tile(np.arange(4.0) * 10, (4, 1)), grid)
    >>> float(slope_deg(ramp)[1, 1].round(3))
    45.0
    """
    east, north = _gradient_of(dem, method)
    return on_grid(np.degrees(np.arctan(np.hypot(east, north))).astype("float32"), grid_of(dem), units="deg")


def aspect_deg(dem: xr.DataArray, *, method: SlopeMethod = "horn") -> xr.DataArray:
    """Direction that the slope faces, clockwise from north.

    Parameters
    ----------
    dem, method
        As in `slope_deg`.

    Returns
    -------
    DataArray of float32
        Degrees in [0, 360); NaN where the ground is flat or the slope unknown.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> grid = make_grid((0, 0, 40, 40), "EPSG:4546", cell_size_m=10)
    >>> ramp = on_grid(np.tile(np.arange(4.0) * 10, (4, 1)), grid)
    >>> float(aspect_deg(ramp)[1, 1])  # rises to the east, so it faces west
    270.0
    """
    east, north = _gradient_of(dem, method)
    faces = np.mod(np.degrees(np.arctan2(-east, -north)), 360.0)
    flat = np.hypot(east, north) < _FLAT
    return on_grid(np.where(flat, np.nan, faces).astype("float32"), grid_of(dem), units="deg")


def curvature(dem: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Profile and plan curvature, both positive where the ground is convex.

    Second derivatives by the surface of Zevenbergen and Thorne (1987), doi:10.1002/esp.3290120107; from
    them the curvature of the normal section down the slope (profile) and of the contour line (plan), as
    radians a metre. Profile convex: steepening downhill; plan convex: a nose, where flow spreads; hollows
    are negative.

    Parameters
    ----------
    dem : DataArray
        As in `slope_deg`.

    Returns
    -------
    tuple of DataArray of float32
        Profile and plan, 1/m; 0 on flat ground, NaN as in `slope_deg`. Plan curvature grows without bound
        towards flat ground: cut it into classes rather than averaging it.

    Raises
    ------
    GridError
        No metric grid.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> grid = make_grid((0, 0, 40, 40), "EPSG:4546", cell_size_m=10)
    >>> plane = on_grid(np.tile(np.arange(4.0), (4, 1)), grid)
    >>> [abs(float(one[1, 1])) for one in curvature(plane)]
    [0.0, 0.0]
    """
    profile, plan = _curvature(dem.to_numpy().astype("float64"), cell_size_m(dem))
    return on_grid(profile, grid_of(dem), units="1/m"), on_grid(plan, grid_of(dem), units="1/m")


def relief_m(dem: xr.DataArray, *, window_m: float = 300.0) -> xr.DataArray:
    """Local relief: highest minus lowest elevation in a square window.

    Parameters
    ----------
    dem : DataArray
        As in `slope_deg`.
    window_m : float
        Side of the window, metres; rounded up to an odd number of cells.

    Returns
    -------
    DataArray of float32
        Metres; NaN where the elevation is NaN (unknown neighbours are passed over).

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> grid = make_grid((0, 0, 40, 40), "EPSG:4546", cell_size_m=10)
    >>> ramp = on_grid(np.tile(np.arange(4.0) * 10, (4, 1)), grid)
    >>> float(relief_m(ramp, window_m=30)[1, 1])
    20.0
    """
    size = max(int(window_m / cell_size_m(dem)) | 1, 3)
    z = dem.to_numpy()
    known = np.isfinite(z)
    high = maximum_filter(np.where(known, z, -np.inf), size=size, mode="nearest")
    low = minimum_filter(np.where(known, z, np.inf), size=size, mode="nearest")
    return on_grid(np.where(known, high - low, np.nan).astype("float32"), grid_of(dem), units="m")


def hillshade(
    dem: xr.DataArray, *, azimuth_deg: float = 315.0, altitude_deg: float = 45.0, exaggeration: float = 1.0
) -> xr.DataArray:
    """Light and shade of the relief, for base maps.

    Parameters
    ----------
    dem : DataArray
        As in `slope_deg`.
    azimuth_deg, altitude_deg : float
        Where the light stands, clockwise from north and above the horizon.
    exaggeration : float
        Factor on the heights.

    Returns
    -------
    DataArray of float32
        0 (dark) to 1 (light); NaN as in `slope_deg`.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> flat = on_grid(np.zeros((3, 3)), make_grid((0, 0, 30, 30), "EPSG:4546", cell_size_m=10))
    >>> round(float(hillshade(flat)[1, 1]), 3)
    0.707
    """
    east, north = (exaggeration * one for one in _gradient_of(dem, "horn"))
    azimuth, altitude = np.radians(azimuth_deg), np.radians(altitude_deg)
    light = np.sin(altitude) - np.cos(altitude) * (east * np.sin(azimuth) + north * np.cos(azimuth))
    shade = light / np.sqrt(1.0 + east * east + north * north)
    return on_grid(np.clip(shade, 0.0, 1.0).astype("float32"), grid_of(dem), units="1")


def terrain(dem: xr.DataArray) -> xr.Dataset:
    """Measure all terrain layers that hazards ask for.

    Parameters
    ----------
    dem : DataArray
        As in `slope_deg`.

    Returns
    -------
    Dataset
        ``slope_deg`` and ``aspect_deg`` (Horn), ``profile_curvature``, ``plan_curvature``, ``relief_m``.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> flat = on_grid(np.zeros((3, 3)), make_grid((0, 0, 30, 30), "EPSG:4546", cell_size_m=10))
    >>> sorted(terrain(flat).data_vars)
    ['aspect_deg', 'plan_curvature', 'profile_curvature', 'relief_m', 'slope_deg']
    """
    profile, plan = curvature(dem)
    return xr.Dataset(
        {
            "slope_deg": slope_deg(dem),
            "aspect_deg": aspect_deg(dem),
            "profile_curvature": profile,
            "plan_curvature": plan,
            "relief_m": relief_m(dem),
        }
    )
