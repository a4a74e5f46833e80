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
from riskmap.demo.frame import CELL_M, Frame, rng_of

__all__ = ["Relief", "make_relief", "noise"]

Grid = NDArray[np.float32]

_HIGH_WATER_M, _LOW_WATER_M = 870.0, 838.0
_MEAN_M, _TOP_M = 1190.0, 1600.0
_THETA = 0.5
_STEEPNESS = (49.0, 49.0, 46.0, 44.0)
_LIFT_M = (30.0, 20.0, 10.0, 7.0)
_STEPS = (160, 40, 14, 8)
_CELLS = (8, 4, 2, 1)
_CREEP_LENGTH_M = 50.0
_STEEPEST = 0.78
_RIVER_HALF_M = 170.0
_CHANNEL_M2 = 1.5e6
_PLAIN_M = (1100.0, 450.0)
_PLAIN_REACH_M = 2300.0


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
        fine = zoom(coarse, step, order=1) if step > 1 else coarse
        fine = fine[: shape[0], : shape[1]]
        total += fine / fine.std() * 0.5**octave
    total -= total.mean()
    return total / total.std()


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
    bed = _bed(frame, grid)
    lift, soft = _lift(shape, rng), 1 + 0.35 * noise(shape, rng, wavelength=400, octaves=5).clip(-2, 2)
    z = (bed[0] + lift * 20 + 12 * noise(shape, rng, wavelength=160, octaves=6)).astype(np.float32)[::8, ::8]
    for cells, lift_m, steps, steep in zip(_CELLS, _LIFT_M, _STEPS, _STEEPNESS, strict=True):
        here = slice(cells // 2, None, cells)
        if z.shape != bed[0][here, here].shape:
            z = zoom(z, 2, order=1, grid_mode=True, mode="nearest").astype(np.float32)
            if cells == 4:
                z = _bent(z, bed[1][here, here], rng)
            z += rng.normal(0, 0.6 * cells**0.5, z.shape).astype(np.float32)
        fields = bed[0][here, here], bed[1][here, here] < max(_RIVER_HALF_M, 15.0 * cells)
        made, pace = (lift[here, here], soft[here, here]), (CELL_M * cells, lift_m, steps, steep)
        z = _age(z, fields, made, pace, rng)
    seats = [~grid.affine * (point.x, point.y) for point in frame.townships.geometry[: len(_PLAIN_M)]]
    return _finished(z, (bed, grid), seats, rng)


def _age(z, fields, made, pace, rng):
    cell_m, lift_m, steps, steep = pace
    bed, river = fields
    lift, soft = made
    tops = np.float32(_STEEPEST * cell_m), np.float32(_STEEPEST * cell_m * 2**0.5)
    diffusion = lift_m * _CREEP_LENGTH_M / cell_m**2
    sweeps = int(np.ceil(diffusion / 0.24))
    for step in range(steps):
        wander = 0.02 * cell_m * max(0.0, 1 - 1.5 * step / steps) * (cell_m > 100)
        rise = lift * np.clip((_TOP_M - z) / (_TOP_M - _MEAN_M), 0.05, 1.5) * lift_m
        z = np.where(river, bed, z + rise + wander * rng.standard_normal(z.shape)).astype(np.float32)
        level, order, receiver = drain(z, river)
        area = upstream_sum(np.full(z.shape, cell_m**2, np.float32), order, receiver)
        rate = (lift_m / steep / cell_m * soft * area**_THETA).astype(np.float32)
        z = incise(level, rate, (order, receiver), tops)
        for _ in range(sweeps):
            z = creep(z, np.float32(diffusion / sweeps), river)
    return z


def _bent(z, away, rng):
    """Bend the valleys sideways, so that none runs straight along the grid; the river stays."""
    free = np.clip((away - 600) / 4000, 0, 1)
    shift = [free * 3.2 * noise(z.shape, rng, wavelength=32, octaves=3) for _ in range(2)]
    rows, columns = np.indices(z.shape, dtype=np.float32)
    return map_coordinates(z, [rows + shift[0], columns + shift[1]], order=1, mode="nearest")


def _bed(frame, grid):
    """River level, m, and distance to the middle of the river, m, of every cell."""
    vertices = shapely.get_coordinates(frame.river.segmentize(10.0))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(vertices, axis=0).T))])
    columns, rows = ~grid.affine * vertices.T
    rows, columns = np.floor(rows).astype(int), np.floor(columns).astype(int)
    here = (rows >= 0) & (columns >= 0) & (rows < grid.shape.y) & (columns < grid.shape.x)
    share = np.full(tuple(grid.shape), np.nan, np.float32)
    share[rows[here], columns[here]] = (along / along[-1])[here]
    away, (row, column) = distance_transform_edt(np.isnan(share), sampling=CELL_M, return_indices=True)
    level = _HIGH_WATER_M + (_LOW_WATER_M - _HIGH_WATER_M) * share[row, column]
    return level.astype(np.float32), away.astype(np.float32)


def _lift(shape, rng):
    """Uplift: more in the south-east than in the north-west."""
    rows, columns = np.indices(shape, dtype=np.float32)
    ramp = 0.62 + 0.3 * rows / shape[0] + 0.35 * columns / shape[1]
    return (ramp * (1 + 0.12 * noise(shape, rng, wavelength=500, octaves=2))).astype(np.float32)


def _plain(bed, seats, rng):
    """Highest ground of the terraces beside the great river: widest at the town, ending in bluffs."""
    level, away = bed
    width = 140 + 240 * np.maximum(noise(away.shape, rng, wavelength=120, octaves=3), 0)
    rows, columns = np.indices(away.shape, dtype=np.float32)
    for (column, row), wide in zip(seats, _PLAIN_M, strict=True):
        width += wide * np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 2 / (_PLAIN_REACH_M / CELL_M) ** 2)
    beyond = np.maximum(away - width - _RIVER_HALF_M, 0)
    rising = 0.014 * np.clip(away - _RIVER_HALF_M, 0, width)
    return (level + 4 + rising + 0.4 * beyond).astype(np.float32)


def _finished(z, bed, seats, rng):
    """Lay flat floors into the valleys, a wide one beside the great river, and drain the whole once more."""
    bed, grid = bed
    river = bed[1] < _RIVER_HALF_M
    level, order, receiver = drain(np.minimum(z, _plain(bed, seats, rng)), river)
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
