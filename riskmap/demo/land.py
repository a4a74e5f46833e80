"""Land cover of the made-up county, after slope, height, aspect and villages."""

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.xr import xr_coords
from scipy.ndimage import distance_transform_edt

from riskmap.demo.frame import CELL_M, rng_of
from riskmap.demo.ground import Ground
from riskmap.demo.relief import noise

__all__ = ["make_land_cover", "village_distance"]

_CROPS, _FOREST, _GRASS, _SHRUB, _WATER, _BUILT, _BARE = 10, 20, 30, 40, 60, 80, 90
_BUILT_M2_A_HEAD = 190.0


def village_distance(ground: Ground, villages: gpd.GeoDataFrame) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Distance of each cell to the nearest village seat, and the row of that village.

    Parameters
    ----------
    ground : Ground
        With the grid.
    villages : GeoDataFrame
        Seats.

    Returns
    -------
    distance_m, nearest : ndarray (y, x)

    Examples
    --------
    >>> village_distance.__name__
    'village_distance'
    """
    rows, columns = ground.cells(villages.geometry.x.to_numpy(), villages.geometry.y.to_numpy())
    number = np.full(ground.slope_deg.shape, -1, np.int32)
    number[rows, columns] = np.arange(len(villages))
    away, at = distance_transform_edt(number < 0, sampling=CELL_M, return_indices=True)
    return away.astype(np.float32), number[at[0], at[1]]


def make_land_cover(ground: Ground, villages: gpd.GeoDataFrame, *, seed: int) -> xr.DataArray:
    """Cover the land: crops on gentle loess, woods high and on shaded slopes, grass and shrubs on gully walls.

    Parameters
    ----------
    ground : Ground
        Relief and water.
    villages : GeoDataFrame
        Seats with ``people``.
    seed : int
        Seed of the county.

    Returns
    -------
    DataArray of uint8 (y, x)
        Codes of the layer ``land_cover``.

    Examples
    --------
    >>> make_land_cover.__name__
    'make_land_cover'
    """
    rng = rng_of(seed, "land_cover")
    shape = ground.slope_deg.shape
    patch = [noise(shape, rng, wavelength=length, octaves=4) for length in (26, 60, 18)]
    level, slope = ground.relief.level, ground.slope_deg
    shade = np.gradient(level, CELL_M, axis=0)
    away, nearest = village_distance(ground, villages)
    crops = slope + 3.0 * patch[0] + away / 900 < 15.5
    forest = (level - 1310) / 130 + 1.1 * patch[1] + 2.2 * shade > 1.0
    cover = np.full(shape, _GRASS, np.uint8)
    cover[slope + 5 * patch[2] > 21] = _SHRUB
    cover[forest] = _FOREST
    cover[crops & ~(forest & (patch[0] > 0.3))] = _CROPS
    cover[(slope > 31) & (patch[2] > 0.4)] = _BARE
    sand = (ground.height_m < 2.5) & (ground.relief.area_m2 > 2e8) & ~ground.relief.river
    cover[sand & (patch[2] > 0)] = _BARE
    reach = np.sqrt(villages["people"].to_numpy() * _BUILT_M2_A_HEAD / np.pi)[nearest]
    cover[(away < reach * (1 + 0.25 * patch[2])) & (slope < 17)] = _BUILT
    cover[ground.relief.river] = _WATER
    return xr.DataArray(cover, dims=("y", "x"), coords=xr_coords(ground.grid, dims=("y", "x")), name="land_cover")
