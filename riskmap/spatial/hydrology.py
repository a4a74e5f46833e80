"""Where water goes: filling, D8 flow, drainage area, height above the nearest drainage.

These are global: a cell's answer depends on the whole relief, so they run on the array in memory, not in
blocks. Water leaves the relief over its rim and into unknown (NaN) cells.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import xarray as xr

from riskmap.errors import GridError, MethodError
from riskmap.model.shown import fields_frame, frame_html
from riskmap.spatial.align import distance, inside
from riskmap.spatial.grid import cell_size_m, grid_of, on_grid
from riskmap.spatial.hydrology_kernels import first_channel, flood, gather, outlets, steepest
from riskmap.spatial.terrain import slope_deg

__all__ = ["Flow", "accumulation", "fill", "flow", "from_outside", "hydrology"]

_FLATTEST = 1e-3
"""Least tangent of the slope in the wetness index (1 m in 1 km), so that flats stay finite."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Flow:
    """Which way water goes from every cell.

    Parameters
    ----------
    filled : DataArray of float32
        The relief with its hollows filled to their rims, metres; NaN outside.
    receiver : numpy.ndarray of int32
        For each cell, counted row by row, the cell it drains to; -1 where water leaves (and outside).
    order : numpy.ndarray of int32
        Known cells so that each stands after the one it drains to.
    """

    filled: xr.DataArray
    receiver: np.ndarray
    order: np.ndarray

    _repr_html_ = frame_html
    to_frame = fields_frame


def _heights(dem: xr.DataArray) -> np.ndarray:
    cell_size_m(dem)
    z = np.ascontiguousarray(dem.to_numpy(), dtype="float32")
    if z.size >= np.iinfo(np.int32).max:
        raise GridError(f"{z.size} cells are more than one pass can count ({np.iinfo(np.int32).max}); use larger cells")
    return np.where(np.isfinite(z), z, np.float32(np.nan))


def fill(dem: xr.DataArray) -> xr.DataArray:
    """Fill hollows up to the height at which they spill.

    Priority flood (Barnes, Lehman and Mulla 2014, doi:10.1016/j.cageo.2013.04.024) from the rim and from
    cells beside unknown ones, over eight neighbours, without any added gradient.

    Parameters
    ----------
    dem : DataArray
        Elevation in metres, dims ``(y, x)`` on a metric grid; NaN outside.

    Returns
    -------
    DataArray of float32
        Never below `dem`; NaN where `dem` is.

    Raises
    ------
    GridError
        No metric grid.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> grid = make_grid((0, 0, 3, 3), "EPSG:4546", cell_size_m=1)
    >>> float(fill(on_grid([[5.0, 5, 5], [5, 1, 4], [5, 5, 5]], grid))[1, 1])
    4.0
    """
    z = _heights(dem)
    return on_grid(flood(z, outlets(z))[0], grid_of(dem), units="m")


def flow(dem: xr.DataArray, *, streams: xr.DataArray | None = None, burn_m: float = 20.0) -> Flow:
    """Direction of flow: to the steepest of eight neighbours on the filled relief.

    Diagonals count ``sqrt(2)`` cells; of equal slopes the first of east, south, west, north, then south-east
    and on clockwise is taken. On flats and filled hollows water goes back the way the flood came: to the
    spill by the fewest steps.

    Parameters
    ----------
    dem : DataArray
        As in `fill`.
    streams : DataArray of bool, optional
        Known streams: their cells are lowered by `burn_m` before filling, so that water keeps to them.
    burn_m : float
        Metres.

    Returns
    -------
    Flow
        Its `filled` is the relief water was led over (lowered along `streams`).

    Raises
    ------
    GridError
        No metric grid, or streams on another one.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> ramp = on_grid([[3.0, 2, 1]], make_grid((0, 0, 3, 1), "EPSG:4546", cell_size_m=1))
    >>> flow(ramp).receiver.tolist()
    [1, 2, -1]
    """
    z = _heights(dem)
    if streams is not None:
        if streams.shape != dem.shape:
            raise GridError(f"streams of shape {streams.shape} do not lie on the grid of the elevation {dem.shape}")
        z = np.where(streams.to_numpy(), z - np.float32(burn_m), z)
    filled, order, parent = flood(z, outlets(z))
    return Flow(filled=on_grid(filled, grid_of(dem), units="m"), receiver=steepest(filled, parent), order=order)


def _spread(values: np.ndarray, found: Flow) -> xr.DataArray:
    """Flat values back on the grid, NaN outside."""
    shaped = values.reshape(found.filled.shape)
    return on_grid(np.where(np.isnan(found.filled), np.nan, shaped).astype("float32"), grid_of(found.filled))


def accumulation(found: Flow, *, weights: xr.DataArray | None = None) -> xr.DataArray:
    """Drainage area, or the sum of any quantity over it; each cell counts itself.

    Parameters
    ----------
    found : Flow
        From `flow`.
    weights : DataArray, optional
        Quantity to sum (runoff, burnt area) instead of area; NaN makes everything downstream NaN.

    Returns
    -------
    DataArray of float32
        km2, or the unit of `weights`. NaN outside. A lower bound where `from_outside` is true.

    Raises
    ------
    GridError
        Weights of another shape.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> ramp = on_grid([[3.0, 2, 1]], make_grid((0, 0, 3000, 1000), "EPSG:4546", cell_size_m=1000))
    >>> accumulation(flow(ramp)).values
    array([[1., 2., 3.]], dtype=float32)
    """
    if weights is None:
        own = np.full(found.filled.size, (cell_size_m(found.filled) / 1000) ** 2)
    elif weights.shape == found.filled.shape:
        own = weights.to_numpy().astype("float64").ravel()
    else:
        raise GridError(f"weights of shape {weights.shape} do not lie on the grid of the flow {found.filled.shape}")
    sums = _spread(gather(own, found.order, found.receiver), found)
    return sums.assign_attrs(units="km2" if weights is None else weights.attrs.get("units", ""))


def from_outside(found: Flow) -> xr.DataArray:
    """Cells whose catchment reaches the rim of the relief, so that their drainage area is a lower bound.

    Water may come in over the rim from ground that is not in the elevation: a great river that enters
    the county looks like a brook there.

    Parameters
    ----------
    found : Flow
        From `flow`.

    Returns
    -------
    DataArray of bool
        False outside.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> grid = make_grid((0, 0, 5, 5), "EPSG:4546", cell_size_m=1)
    >>> cone = on_grid(9.0 - np.hypot(*np.mgrid[-2:3, -2:3]), grid)
    >>> from_outside(flow(cone)).values[2].tolist()
    [True, False, False, False, True]
    """
    rim = outlets(found.filled.to_numpy()).ravel().astype("float64")
    return _spread(gather(rim, found.order, found.receiver), found) > 0


def hydrology(
    dem: xr.DataArray,
    *,
    channel_km2: float = 1.0,
    streams: gpd.GeoDataFrame | xr.DataArray | None = None,
    burn_m: float = 20.0,
) -> xr.Dataset:
    """Measure all water layers that hazards ask for.

    Channels are the cells that drain at least `channel_km2`, and the mapped streams where given.

    Parameters
    ----------
    dem : DataArray
        As in `fill`; it should reach beyond the county by the size of a valley.
    channel_km2 : float
        Drainage area from which a cell counts as a channel.
    streams : GeoDataFrame or DataArray of bool, optional
        Mapped streams; water is led along them (`flow`).
    burn_m : float
        How far they are lowered for that, metres.

    Returns
    -------
    Dataset of float32
        ``drainage_km2``; ``hand_m``, height of the filled relief above the channel cell that the water of
        a cell first meets (Renno et al. 2008, doi:10.1016/j.rse.2008.03.018), 0 where the ground lies no
        higher; ``channel_km2``, drainage area at that channel cell; ``stream_distance_m``, straight to the
        nearest channel cell; ``wetness``, ``ln(a / tan b)`` (Beven and Kirkby 1979,
        doi:10.1080/02626667909491834) with a the drainage area per metre of cell side and b the Horn slope,
        its tangent at least 0.001. ``hand_m`` and ``channel_km2`` are NaN where water leaves the relief
        without meeting a channel, ``wetness`` where the slope is NaN, all of them outside.

    Raises
    ------
    GridError
        No metric grid, or streams on another one.
    MethodError
        `channel_km2` is not above zero.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> rows, columns = np.mgrid[0:20, 0:21]
    >>> grid = make_grid((0, 0, 2100, 2000), "EPSG:4546", cell_size_m=100)
    >>> valley = on_grid(5.0 * np.abs(columns - 10) - rows, grid)
    >>> hydrology(valley, channel_km2=1).hand_m[15, 8:13].round(1).values
    array([10.,  5.,  0.,  5., 10.], dtype=float32)
    """
    if not channel_km2 > 0:
        raise MethodError(f"channel_km2 = {channel_km2} is not above zero; allowed is a drainage area in km2")
    grid = grid_of(dem)
    if isinstance(streams, gpd.GeoDataFrame):
        streams = inside(streams, grid, all_touched=True)
    found = flow(dem, streams=streams, burn_m=burn_m)
    drainage = accumulation(found)
    channel = drainage.to_numpy() >= channel_km2
    if streams is not None:
        channel |= streams.to_numpy() & ~np.isnan(found.filled.to_numpy())
    meets = first_channel(channel.ravel(), found.order, found.receiver)
    ground = np.fmax(found.filled.to_numpy(), dem.to_numpy()).ravel()
    hand = np.where(meets >= 0, np.maximum(ground - ground[meets], 0), np.nan)
    area = np.where(meets >= 0, drainage.to_numpy().ravel()[meets], np.nan)
    to_stream = distance(on_grid(channel, grid)).where(dem.notnull().to_numpy())
    tangent = np.maximum(np.tan(np.radians(slope_deg(dem).to_numpy())), _FLATTEST)
    wetness = np.log(drainage.to_numpy() * 1e6 / cell_size_m(dem) / tangent)
    measured: dict[str, tuple[xr.DataArray, str]] = {
        "drainage_km2": (drainage, "km2"),
        "hand_m": (_spread(hand, found), "m"),
        "channel_km2": (_spread(area, found), "km2"),
        "stream_distance_m": (to_stream, "m"),
        "wetness": (_spread(wetness, found), "1"),
    }
    return xr.Dataset({name: one.assign_attrs(units=unit) for name, (one, unit) in measured.items()})
