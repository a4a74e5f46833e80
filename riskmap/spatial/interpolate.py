"""From stations to the grid: inverse distance, with the fall of a quantity with height where asked."""

import warnings
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from odc.geo.geobox import GeoBox
from scipy.spatial import cKDTree

from riskmap.errors import GridError, MethodError, ThinDataWarning
from riskmap.spatial.grid import grid_of, on_grid

__all__ = ["interpolate", "leave_one_out"]

_LAPSE_STATIONS = 3
"""Fewest stations at different heights that a line with a slope and a spread can be drawn through."""
_BLOCK = 200_000
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """Stations ready to be asked: their places, and their values without the share of height."""

    xy: _Floats
    rest: _Floats
    power: float
    neighbours: int

    def at(self, xy: _Floats) -> _Floats:
        """Inverse-distance mean of the rests at places; a station's own rest at its place."""
        count = min(self.neighbours, len(self.rest))
        if count == len(self.rest):
            return self._of_all(xy)
        away, who = cKDTree(self.xy).query(xy, k=np.arange(1, count + 1), workers=-1)
        here = away[:, :1] == 0
        away[here[:, 0]] = np.where(away[here[:, 0]] == 0, 1.0, np.inf)
        share = away**-self.power
        return (share * self.rest[who]).sum(axis=1) / share.sum(axis=1)

    def _of_all(self, xy: _Floats) -> _Floats:
        """The same where every station counts, so that none has to be looked for."""
        whole, shares, own, here = np.zeros((4, len(xy)))
        with np.errstate(divide="ignore", invalid="ignore"):
            for place, rest in zip(self.xy, self.rest, strict=True):
                square = (xy[:, 0] - place[0]) ** 2 + (xy[:, 1] - place[1]) ** 2
                own[square == 0] += rest
                here[square == 0] += 1
                share = square ** (-self.power / 2)
                whole += share * rest
                shares += share
            return np.where(here > 0, own / here, whole / shares)


def _lapse(values: _Floats, heights: _Floats | None) -> float:
    """Slope of the least-squares line of values on heights; 0 where it cannot be drawn."""
    if heights is None:
        return 0.0
    if len(np.unique(heights)) < _LAPSE_STATIONS:
        warnings.warn(
            f"{len(np.unique(heights))} station heights are too few to tell how the quantity changes with height "
            f"(at least {_LAPSE_STATIONS}); interpolated without it",
            ThinDataWarning,
            stacklevel=4,
        )
        return 0.0
    return float(np.polyfit(heights - heights.mean(), values, 1)[0])


def _known(
    stations: gpd.GeoDataFrame, values: ArrayLike, elevation: ArrayLike | None
) -> tuple[_Floats, _Floats, _Floats, NDArray[np.bool_]]:
    """Places, values and heights of the stations whose value (and height, where used) is known; and which."""
    number = np.asarray(values, dtype="float64")
    height = np.zeros(len(stations)) if elevation is None else np.asarray(elevation, dtype="float64")
    if number.shape != (len(stations),) or height.shape != number.shape:
        raise MethodError(
            f"{len(stations)} stations, values of shape {number.shape} and elevations of shape {height.shape}; "
            "give one value and one elevation a station"
        )
    xy = np.column_stack([stations.geometry.x, stations.geometry.y])
    good = np.isfinite(number) & np.isfinite(height) & np.isfinite(xy).all(axis=1)
    return xy[good], number[good], height[good], good


def _check(power: float, neighbours: int) -> None:
    if not power > 0 or neighbours < 1:
        raise MethodError(f"power {power} and neighbours {neighbours}; allowed are a power above 0 and 1 or more")


def interpolate(
    stations: gpd.GeoDataFrame,
    values: ArrayLike,
    grid: GeoBox,
    *,
    elevation: ArrayLike | None = None,
    dem: xr.DataArray | None = None,
    power: float = 2.0,
    neighbours: int = 12,
) -> xr.DataArray:
    """Inverse-distance mean of the nearest stations (Shepard 1968, doi:10.1145/800186.810616).

    With `elevation` and `dem` the values are first brought to one height by the least-squares line of
    value on station height, interpolated, and taken to the height of each cell by the same line.

    Parameters
    ----------
    stations : GeoDataFrame
        Points in the coordinate system of the grid.
    values : array, shape (stations,)
        One value a station; NaN stations are passed over.
    grid : GeoBox
        Where the cells are.
    elevation : array, shape (stations,), optional
        Height of the stations, metres; stations with NaN are passed over.
    dem : DataArray, optional
        Height of the cells on `grid`, metres; needed with `elevation`.
    power : float
        Exponent of the distance.
    neighbours : int
        Nearest stations that count.

    Returns
    -------
    DataArray of float32
        In the unit of `values`; NaN where `dem` is, and everywhere without a known station.

    Raises
    ------
    MethodError
        Shapes that do not agree, `elevation` without `dem` or the reverse, a power not above 0.
    GridError
        Stations in another system than the grid, or a `dem` on another grid.

    Warns
    -----
    ThinDataWarning
        Fewer than two known stations (the result is that one value, or unknown), or heights too few for
        the line.

    Examples
    --------
    >>> from riskmap.spatial.grid import make_grid
    >>> stations = gpd.GeoDataFrame(geometry=gpd.points_from_xy([5, 25], [5, 5]), crs="EPSG:4546")
    >>> interpolate(stations, [10.0, 20.0], make_grid((0, 0, 30, 10), stations.crs, cell_size_m=10)).values
    array([[10., 15., 20.]], dtype=float32)
    """
    _check(power, neighbours)
    if (elevation is None) != (dem is None):
        raise MethodError("elevation of the stations and dem of the cells go together; give both or neither")
    if dem is not None and grid_of(dem) != grid:
        raise GridError("the dem does not lie on the grid asked for; resample it first")
    if stations.crs is not None and grid.crs is not None and stations.crs != grid.crs.proj:
        raise GridError(f"stations in {stations.crs.name!r}, grid in {grid.crs.proj.name!r}; see to_analysis")
    xy, known, heights, _ = _known(stations, values, elevation)
    if len(known) < 2:
        text = f"{len(known)} of {len(stations)} stations have a value; the grid is that one value, or unknown"
        warnings.warn(text, ThinDataWarning, stacklevel=2)
    if not len(known):
        return on_grid(np.full(grid.shape, np.nan, "float32"), grid)
    lapse = _lapse(known, None if elevation is None or len(known) < 2 else heights)
    field = _Field(xy=xy, rest=known - lapse * heights, power=power, neighbours=neighbours)
    out = _on_cells(field, grid)
    if dem is not None:
        z = dem.to_numpy()
        out = np.where(np.isfinite(z), out + lapse * np.nan_to_num(z), np.nan)
    return on_grid(out.astype("float32"), grid)


def _on_cells(field: _Field, grid: GeoBox) -> _Floats:
    """Ask the field at every cell centre, some rows at a time."""
    rows, columns = grid.shape
    t = grid.transform
    x = t.c + t.a * (np.arange(columns) + 0.5)
    y = t.f + t.e * (np.arange(rows) + 0.5)
    out = np.empty((rows, columns))
    step = max(1, _BLOCK // columns)
    for first in range(0, rows, step):
        easting, northing = np.meshgrid(x, y[first : first + step])
        found = field.at(np.column_stack([easting.ravel(), northing.ravel()]))
        out[first : first + step] = found.reshape(easting.shape)
    return out


def leave_one_out(
    stations: gpd.GeoDataFrame,
    values: ArrayLike,
    *,
    elevation: ArrayLike | None = None,
    power: float = 2.0,
    neighbours: int = 12,
) -> NDArray[np.float64]:
    """Error of `interpolate` at each station when it is not shown that station.

    Each station in turn is left out (of the line of height as well) and foretold from the others.

    Parameters
    ----------
    stations, values, elevation, power, neighbours
        As in `interpolate`; the height of a station left out is its own.

    Returns
    -------
    numpy.ndarray, shape (stations,)
        Foretold minus known, in the unit of `values`; its root mean square is the usual measure. NaN for
        stations without a value (or height, where used), and for all with fewer than two known ones.

    Raises
    ------
    MethodError
        As `interpolate`.

    Examples
    --------
    >>> stations = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 10, 20], [0, 0, 0]))
    >>> leave_one_out(stations, [1.0, 2.0, 3.0]).round(3).tolist()
    [1.2, 0.0, -1.2]
    """
    _check(power, neighbours)
    xy, known, heights, good = _known(stations, values, elevation)
    errors = np.full(len(stations), np.nan)
    if len(known) < 2:
        return errors
    for n, place in enumerate(np.flatnonzero(good)):
        rest = np.arange(len(known)) != n
        lapse = _lapse(known[rest], None if elevation is None else heights[rest])
        told = known[rest] - lapse * heights[rest]
        field = _Field(xy=xy[rest], rest=told, power=power, neighbours=neighbours)
        errors[place] = field.at(xy[n : n + 1])[0] + lapse * heights[n] - known[n]
    return errors
