"""The made ground that every other layer stands on, with the few measures that placing things needs."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import binary_erosion, distance_transform_edt

from riskmap.demo.erosion import channel_of
from riskmap.demo.frame import CELL_M, CRS, Frame, at, cell_at
from riskmap.demo.relief import Relief
from riskmap.spatial import inside, slope_deg

__all__ = ["Ground", "make_ground", "pick_apart"]

_GULLY_M2 = 3e5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ground:
    """Relief, water and what follows from them, cell by cell.

    Parameters
    ----------
    frame : Frame
        What is real.
    grid : GeoBox
        30 m.
    relief : Relief
        Elevation and drainage.
    streams : GeoDataFrame
        Channels.
    slope_deg : ndarray of float32
        Slope.
    height_m : ndarray of float32
        Above the channel (more than 0.3 km2) that the cell drains to.
    stream_m : ndarray of float32
        Distance to such a channel.
    inside : ndarray of bool
        In the county, a cell or more from its border, outside the bed of the Yellow River.
    """

    frame: Frame
    grid: GeoBox
    relief: Relief
    streams: gpd.GeoDataFrame
    slope_deg: NDArray[np.float32]
    height_m: NDArray[np.float32]
    stream_m: NDArray[np.float32]
    inside: NDArray[np.bool_]

    def cells(self, east: NDArray[np.float64], north: NDArray[np.float64]) -> tuple[NDArray[np.int64], ...]:
        """Row and column of places; those beyond the grid get its edge."""
        columns, rows = cell_at(self.grid, np.asarray(east), np.asarray(north))
        return (
            np.clip(np.floor(rows).astype(np.int64), 0, self.grid.shape.y - 1),
            np.clip(np.floor(columns).astype(np.int64), 0, self.grid.shape.x - 1),
        )

    def places(self, flat: NDArray[np.int64], rng: np.random.Generator | None = None) -> gpd.GeoSeries:
        """Points in cells given by flat number: the middle, or anywhere in the cell when `rng` is given."""
        rows, columns = np.divmod(flat, self.grid.shape.x)
        off = np.full((2, len(flat)), 0.5) if rng is None else rng.uniform(0.05, 0.95, (2, len(flat)))
        east, north = at(self.grid, columns + off[0], rows + off[1])
        return gpd.GeoSeries.from_xy(np.round(east, 1), np.round(north, 1), crs=CRS)


def make_ground(frame: Frame, grid: GeoBox, relief: Relief, *, streams: gpd.GeoDataFrame) -> Ground:
    """Measure slope, height above channels and distance to them.

    Parameters
    ----------
    frame, grid, relief
        From `read_frame`, `side_grid`, `make_relief`.
    streams : GeoDataFrame
        From `make_streams`.

    Returns
    -------
    Ground

    Examples
    --------
    >>> make_ground.__name__
    'make_ground'
    """
    channel = (relief.area_m2 > _GULLY_M2) | relief.river
    at = channel_of(channel, relief.order, relief.receiver)
    return Ground(
        frame=frame,
        grid=grid,
        relief=relief,
        streams=streams,
        slope_deg=np.nan_to_num(slope_deg(relief.dem).to_numpy()),  # unknown on the rim of the grid only
        height_m=relief.level - relief.level.ravel()[at],
        stream_m=distance_transform_edt(~channel, sampling=CELL_M).astype(np.float32),
        inside=binary_erosion(inside(frame.outline, grid).to_numpy()) & ~relief.river,
    )


def pick_apart(
    weight: NDArray[np.floating], count: int, rng: np.random.Generator, *, apart: float
) -> NDArray[np.int64]:
    """Draw cells by weight, none nearer to another than `apart`.

    Parameters
    ----------
    weight : ndarray (rows, columns)
        Not below zero; 0 is never drawn.
    count : int
        How many; fewer when there is no room.
    rng : Generator
        Source of random numbers.
    apart : float
        Least distance, cells.

    Returns
    -------
    ndarray of int
        Flat cell numbers in the order drawn.

    Examples
    --------
    >>> pick_apart(np.array([[0.0, 1.0, 0.0]]), 2, np.random.default_rng(0), apart=1.0).tolist()
    [1]
    """
    flat = np.flatnonzero(weight.ravel() > 0)
    keys = rng.exponential(size=len(flat)) / weight.ravel()[flat]
    many = min(len(flat), max(4000, 60 * count))
    order = flat[np.argpartition(keys, many - 1)[:many]]
    order = order[np.argsort(keys[np.argpartition(keys, many - 1)[:many]], kind="stable")]
    rows, columns = np.divmod(order, weight.shape[1])
    taken: list[int] = []
    for n in range(len(order)):
        near = (rows[taken] - rows[n]) ** 2 + (columns[taken] - columns[n]) ** 2
        if not (near < apart**2).any():
            taken.append(n)
            if len(taken) == count:
                break
    return order[taken]
