"""When something that spreads over the ground arrives: least time over the grid, every direction with its own speed."""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from riskmap.errors import GridError, MethodError
from riskmap.spatial.arrival_kernels import advance
from riskmap.spatial.grid import cell_size_m, grid_of, on_grid

__all__ = ["BEARINGS_DEG", "least_time"]

_STEPS = np.array(
    [(-1, 0), (-2, 1), (-1, 1), (-1, 2), (0, 1), (1, 2), (1, 1), (2, 1),
     (1, 0), (2, -1), (1, -1), (1, -2), (0, -1), (-1, -2), (-1, -1), (-2, -1)]
)  # fmt: skip
"""Cells down and to the right: eight neighbours and eight knight's moves, clockwise from north."""

BEARINGS_DEG = tuple(float(one) for one in np.degrees(np.arctan2(_STEPS[:, 1], -_STEPS[:, 0])) % 360)
"""Where the sixteen steps lead, degrees clockwise from north."""


def least_time(
    sources: xr.DataArray,
    speed: xr.DataArray,
    dem: xr.DataArray,
    *,
    by_direction: ArrayLike | None = None,
    by_slope: ArrayLike | None = None,
    steepest: float = 1.0,
    limit: float = np.inf,
) -> xr.DataArray:
    """Find when each cell is reached first.

    Parameters
    ----------
    sources : DataArray of bool
        Where it starts, at time 0.
    speed : DataArray
        Metres over the ground in a unit of time, on the flat and without a preferred direction; 0 stops it, NaN unknown.
    dem : DataArray
        Heights, metres, on the same grid.
    by_direction : array_like, shape (16,), optional
        Factor of the speed along each of `BEARINGS_DEG`; 1 everywhere unless given.
    by_slope : array_like, optional
        Factors of the speed at equally spaced slopes (rise over run in the direction of travel) from ``-steepest`` to
        ``steepest``, straight between them; steeper ways take the last. 1 unless given.
    steepest : float
        See `by_slope`.
    limit : float
        Later arrivals are not looked for.

    Returns
    -------
    DataArray of float32
        Time of arrival in the unit of `speed`, 0 in the sources; NaN where it does not come within `limit`, and where
        speed or height is unknown. Sources that stand on such cells, or where speed is 0, start nothing.

    Raises
    ------
    MethodError
        Not 16 directions, a factor or `steepest` that is not above 0, or an even number of slopes or fewer than 3.
    GridError
        Arrays of different shapes, or no metric grid.

    Notes
    -----
    Dijkstra's least time over sixteen steps (the neighbours and the knight's moves). On uniform ground the front is the
    convex hull of the sixteen speeds; against a circle it lags by 2.75 % at most (1 / cos(13.3 deg) - 1, half of the widest
    gap between two steps). A step takes the mean slowness of the cells that it crosses and its length along the slope. None
    crosses a cell that stops it, nor a corner between two of these.

    Examples
    --------
    >>> from riskmap.spatial import make_grid
    >>> grid = make_grid((0, 0, 150, 30), "EPSG:4546", cell_size_m=30)
    >>> start, flat = on_grid([[True, False, False, False, False]], grid), on_grid(np.zeros((1, 5)), grid)
    >>> least_time(start, on_grid([[30.0, 30, 15, 0, 30]], grid), flat).values
    array([[0. , 1. , 2.5, nan, nan]], dtype=float32)
    """
    if not sources.shape == speed.shape == dem.shape:
        raise GridError(f"sources {sources.shape}, speed {speed.shape} and heights {dem.shape} must share one grid")
    ways = np.ones(16) if by_direction is None else np.asarray(by_direction, dtype="float64")
    slopes = np.ones(3) if by_slope is None else np.asarray(by_slope, dtype="float64")
    if ways.shape != (16,) or slopes.size < 3 or slopes.size % 2 == 0:
        raise MethodError(
            f"{ways.size} directions and {slopes.size} slopes: give 16 directions and 3, 5, 7, ... slopes"
        )
    if not ((ways > 0).all() and (slopes > 0).all() and steepest > 0):
        raise MethodError("factors of speed and the steepest slope must be above 0")
    z, rate = dem.to_numpy().astype("float64"), speed.to_numpy().astype("float64")
    free = (rate > 0) & np.isfinite(z)
    slow = np.full(rate.shape, np.inf)
    slow[free] = 1 / rate[free]
    time = np.where(sources.to_numpy().astype(bool) & free, 0.0, np.inf)
    advance(slow, z, _STEPS, ways, slopes, float(steepest), cell_size_m(speed), float(limit), time)
    return on_grid(np.where(np.isfinite(time), time, np.nan).astype("float32"), grid_of(speed))
