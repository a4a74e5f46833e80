"""A made-up relief of the Loess Plateau: a great river, land lifted beyond it, and gullies cut by running water."""

from dataclasses import dataclass

import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates, zoom

from riskmap.demo.erosion import channel_of, creep, drain, incise, upstream_sum
from riskmap.demo.frame import CELL_M, Frame, cell_at, rng_of

__all__ = ["Relief", "make_relief", "noise", "stretched"]

Grid = NDArray[np.float32]

_HIGH_WATER_M, _LOW_WATER_M = 870.0, 838.0
_MEAN_M, _TOP_M = 1190.0, 1600.0
_THETA = 0.5
_CREEP_LENGTH_M = 50.0
_STEEPEST = 0.78
_RIVER_HALF_M = 170.0
_CHANNEL_M2 = 1.5e6
_PLAIN_M = (1100.0, 450.0)
_PLAIN_REACH_M = 2300.0


@dataclass(frozen=True, slots=True)
class _Stage:
    """One grid of the solution: cells of 30 m a side, uplift a step, steps, uplift over erodibility."""

    cells: int
    lift_m: float
    steps: int
    steepness: float

    @property
    def cell_m(self) -> float:
        return CELL_M * self.cells


_STAGES = (_Stage(8, 30.0, 160, 49.0), _Stage(4, 20.0, 40, 49.0), _Stage(2, 10.0, 14, 46.0), _Stage(1, 7.0, 8, 44.0))


@dataclass(frozen=True, slots=True)
class _Land:
    """What erosion works on: level of the river at the nearest place, the river, uplift, softness."""

    bed: Grid
    river: NDArray[np.bool_]
    lift: Grid
    soft: Grid


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Relief:
    """The made landscape.

    Parameters
    ----------
    dem : DataArray of float32 (y, x)
        Elevation, m.
    level, area_m2 : ndarray of float32
        Elevation with lakes filled; drainage area.
    order, receiver : ndarray of int32
        Drainage, from `drain`.
    river : ndarray of bool
        Bed of the Yellow River.
    """

    dem: xr.DataArray
    level: Grid
    area_m2: Grid
    order: NDArray[np.int32]
    receiver: NDArray[np.int32]
    river: NDArray[np.bool_]


def noise(shape: tuple[int, int], rng: np.random.Generator, *, wavelength: float, octaves: int = 4) -> Grid:
    """Smooth random field of mean 0 and standard deviation 1.

    Parameters
    ----------
    shape : tuple of int
        Rows, columns.
    rng : Generator
        Source of random numbers.
    wavelength : float
        Longest wave, cells.
    octaves : int
        Waves of half the length and half the height are added so many times less one.

    Returns
    -------
    ndarray of float32

    Examples
    --------
    >>> field = noise((40, 50), np.random.default_rng(0), wavelength=16)
    >>> field.shape, abs(float(field.mean())) < 1e-3
    ((40, 50), True)
    """
    total = np.zeros(shape, np.float32)
    for octave in range(octaves):
        step = max(1.0, wavelength / 2**octave / 3)
        rows, columns = (int(np.ceil(side / step)) + 6 for side in shape)
        coarse = gaussian_filter(rng.standard_normal((rows, columns)).astype(np.float32), 1.0)
        fine = stretched(coarse, shape, step=step)
        total += fine / fine.std() * 0.5**octave
    total -= total.mean()
    return total / total.std()


def stretched(coarse: Grid, shape: tuple[int, int], *, step: float) -> Grid:
    """Bring values some cells apart to every cell, linear between them along rows, then along columns.

    Parameters
    ----------
    coarse : ndarray of float32
        Values; the first one stands in the first cell.
    shape : tuple of int
        Rows, columns wanted; beyond the last value it goes on unchanged.
    step : float
        Cells from value to value.

    Returns
    -------
    ndarray of float32

    Examples
    --------
    >>> stretched(np.array([[0, 4, 8]], np.float32), (1, 5), step=2).tolist()
    [[0.0, 2.0, 4.0, 6.0, 8.0]]
    """
    for axis in (1, 0):
        place = np.minimum(np.arange(shape[axis]) / step, coarse.shape[axis] - 1)
        low = place.astype(np.intp)
        part = (place - low).astype(np.float32)
        part = part if axis else part[:, np.newaxis]
        first = coarse.take(low, axis)
        coarse = first + part * (coarse.take(np.minimum(low + 1, coarse.shape[axis] - 1), axis) - first)
    return coarse


def make_relief(frame: Frame, grid: GeoBox, *, seed: int) -> Relief:
    """Cut the relief of the demo county.

    Parameters
    ----------
    frame : Frame
        Outline and river.
    grid : GeoBox
        From `side_grid`.
    seed : int
        Seed of the county.

    Returns
    -------
    Relief
        Elevation 840 to about 1,620 m, mean about 1,190 m inside the outline.

    Notes
    -----
    Uplift against stream power ``K A^0.45 S`` and creep, solved on grids of 240, 120, 60 and 30 m in turn.

    Examples
    --------
    >>> make_relief.__name__  # several seconds on the whole county
    'make_relief'
    """
    rng = rng_of(seed, "dem")
    shape = tuple(grid.shape)
    level, away = _bed(frame, grid)
    lift = _lift(shape, rng)
    soft = (1 + 0.35 * noise(shape, rng, wavelength=400, octaves=5).clip(-2, 2)).astype(np.float32)
    z = (level + lift * 20 + 12 * noise(shape, rng, wavelength=160, octaves=6)).astype(np.float32)[::8, ::8]
    for stage in _STAGES:
        here = (slice(stage.cells // 2, None, stage.cells),) * 2
        if z.shape != level[here].shape:
            z = zoom(z, 2, order=1, grid_mode=True, mode="nearest").astype(np.float32)
            if stage.cells == 4:
                z = _bent(z, away[here], rng)
            z += rng.normal(0, 0.6 * stage.cells**0.5, z.shape).astype(np.float32)
        river = away[here] < max(_RIVER_HALF_M, stage.cell_m / 2)
        z = _age(z, _Land(level[here], river, lift[here], soft[here]), stage, rng)
    low = np.minimum(z, _plain(frame, grid, (level, away), rng))
    return _finished(low, away < _RIVER_HALF_M, grid)


def _age(z: Grid, land: _Land, stage: _Stage, rng: np.random.Generator) -> Grid:
    """Lift, drain, cut and creep, step by step; on coarse grids the streams wander at first.

    On finer grids the water keeps its ways for two steps: finding them takes most of the time.
    """
    cell_m, river = stage.cell_m, land.river
    tops = np.float32(_STEEPEST * cell_m), np.float32(_STEEPEST * cell_m * 2**0.5)
    diffusion = stage.lift_m * _CREEP_LENGTH_M / cell_m**2
    sweeps = int(np.ceil(diffusion / 0.24))
    softness = (stage.lift_m / stage.steepness / cell_m * land.soft).astype(np.float32)
    for step in range(stage.steps):
        rise = land.lift * np.clip((_TOP_M - z) / (_TOP_M - _MEAN_M), 0.05, 1.5) * stage.lift_m
        wander = 0.02 * cell_m * max(0.0, 1 - 1.5 * step / stage.steps) * (cell_m > 100)
        if wander:
            rise += wander * rng.standard_normal(z.shape)
        z = np.where(river, land.bed, z + rise).astype(np.float32)
        if step % 2 == 0 or stage.cells == 8:
            z, order, receiver = drain(z, river, rise_m=1e-3 * stage.cells)
            rate = softness * upstream_sum(np.full(z.shape, cell_m**2, np.float32), order, receiver) ** _THETA
        z = incise(z, rate, (order, receiver), tops)
        for _ in range(sweeps):
            z = creep(z, np.float32(diffusion / sweeps), river)
    return z


def _bent(z: Grid, away: Grid, rng: np.random.Generator) -> Grid:
    """Bend the valleys sideways, so that none runs straight along the grid; the river stays."""
    free = np.clip((away - 600) / 4000, 0, 1)
    shift = [free * 3.2 * noise(z.shape, rng, wavelength=32, octaves=3) for _ in range(2)]
    rows, columns = np.indices(z.shape, dtype=np.float32)
    return map_coordinates(z, [rows + shift[0], columns + shift[1]], order=1, mode="nearest")


def _bed(frame: Frame, grid: GeoBox) -> tuple[Grid, Grid]:
    """River level, m, and distance to the middle of the river, m, of every cell."""
    vertices = shapely.get_coordinates(frame.river.segmentize(10.0))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(vertices, axis=0).T))])
    columns, rows = cell_at(grid, *vertices.T)
    rows, columns = np.floor(rows).astype(int), np.floor(columns).astype(int)
    here = (rows >= 0) & (columns >= 0) & (rows < grid.shape.y) & (columns < grid.shape.x)
    share = np.full(tuple(grid.shape), np.nan, np.float32)
    share[rows[here], columns[here]] = (along / along[-1])[here]
    away, (row, column) = distance_transform_edt(np.isnan(share), sampling=CELL_M, return_indices=True)
    level = _HIGH_WATER_M + (_LOW_WATER_M - _HIGH_WATER_M) * share[row, column]
    return level.astype(np.float32), away.astype(np.float32)


def _lift(shape: tuple[int, int], rng: np.random.Generator) -> Grid:
    """Uplift: more in the south-east than in the north-west."""
    rows, columns = np.indices(shape, dtype=np.float32)
    ramp = 0.62 + 0.3 * rows / shape[0] + 0.35 * columns / shape[1]
    return (ramp * (1 + 0.12 * noise(shape, rng, wavelength=500, octaves=2))).astype(np.float32)


def _plain(frame: Frame, grid: GeoBox, bed: tuple[Grid, Grid], rng: np.random.Generator) -> Grid:
    """Highest ground of the terraces beside the great river: widest at the town, ending in bluffs."""
    level, away = bed
    width = 140 + 240 * np.maximum(noise(away.shape, rng, wavelength=120, octaves=3), 0)
    rows, columns = np.indices(away.shape, dtype=np.float32)
    reach = 2 * (_PLAIN_REACH_M / CELL_M) ** 2
    for seat, wide_m in zip(frame.townships.geometry, _PLAIN_M, strict=False):
        column, row = cell_at(grid, seat.x, seat.y)
        width += wide_m * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / reach)
    beyond = np.maximum(away - width - _RIVER_HALF_M, 0)
    rising = 0.014 * np.clip(away - _RIVER_HALF_M, 0, width)
    return (level + 4 + rising + 0.4 * beyond).astype(np.float32)


def _finished(z: Grid, river: NDArray[np.bool_], grid: GeoBox) -> Relief:
    """Lay flat floors into the valleys and drain the whole once more."""
    level, order, receiver = drain(z, river)
    area = upstream_sum(np.full(z.shape, CELL_M**2, np.float32), order, receiver)
    area[river] = np.float32(np.nan)
    at = channel_of(river | (area > _CHANNEL_M2), order, receiver)
    floor = np.float32(1.6) * (area / np.float32(1e6)) ** np.float32(0.42)
    floor = floor.ravel()[at]
    height = np.maximum(level - level.ravel()[at], 0)
    floor = np.where(np.isfinite(floor), np.maximum(floor, 1.0), 1.0)
    cut = floor * (1 - np.exp(-height / floor)) * np.exp(-height / (7 * floor))
    cut = gaussian_filter(cut.astype(np.float32), 2.5)
    level, order, receiver = drain(np.where(river, level, level - cut).astype(np.float32), river)
    area = upstream_sum(np.full(z.shape, CELL_M**2, np.float32), order, receiver)
    dem = xr.DataArray(level.round(1), dims=("y", "x"), coords=xr_coords(grid, dims=("y", "x")), name="dem")
    return Relief(dem=dem, level=level, area_m2=area, order=order, receiver=receiver, river=river)
