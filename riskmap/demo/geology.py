"""Made-up rocks, faults and old coal workings under the made-up relief."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, median_filter

from riskmap.demo.frame import CRS, at, rng_of
from riskmap.demo.ground import Ground, pick_apart
from riskmap.demo.relief import noise, stretched
from riskmap.spatial import inside

__all__ = ["GROUPS", "Geology", "make_geology"]

GROUPS = (
    ("黄土单层土体", "第四系马兰黄土"),
    ("红黏土单层土体", "新近系静乐红黏土"),
    ("砂岩泥岩互层岩组", "石炭–二叠系含煤岩系"),
    ("石灰岩坚硬岩组", "奥陶系石灰岩"),
    ("冲洪积松散土体", "第四系全新统冲洪积层"),
)
"""Rock groups: name for engineers and for geologists; position + 1 is the code on the grid."""

_STEP = 4
_FAULTS = ("天桥断层", "石偏梁断层", "前川断层", "沙泉断层")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Geology:
    """Rocks as the made truth.

    Parameters
    ----------
    codes : ndarray of uint8 (y, x)
        Position in `GROUPS` + 1.
    lithology, faults, mined_out : GeoDataFrame
        Layers, EPSG:4546.
    mined : ndarray of bool
        Cells over old workings.
    """

    codes: NDArray[np.uint8]
    lithology: gpd.GeoDataFrame
    faults: gpd.GeoDataFrame
    mined_out: gpd.GeoDataFrame
    mined: NDArray[np.bool_]


def make_geology(ground: Ground, *, seed: int) -> Geology:
    """Lay a loess mantle over red clay over a gently dipping bedrock, and mine its coal.

    Parameters
    ----------
    ground : Ground
        Relief and water.
    seed : int
        Seed of the county.

    Returns
    -------
    Geology

    Examples
    --------
    >>> [group for group, _ in GROUPS][0]
    '黄土单层土体'
    """
    codes = _codes(ground, rng_of(seed, "lithology"))
    lithology = _polygons(codes, ground)
    mined_out = _mined_out(ground, codes, rng_of(seed, "mined_out"))
    return Geology(
        codes=codes,
        lithology=lithology,
        faults=_faults(ground, rng_of(seed, "faults")),
        mined_out=mined_out,
        mined=inside(mined_out, ground.grid).to_numpy(),
    )


def _codes(ground: Ground, rng: np.random.Generator) -> NDArray[np.uint8]:
    shape = ground.slope_deg.shape
    _, columns = np.indices(shape, dtype=np.float32)
    level = ground.relief.level
    dip = 975 + 200 * columns / shape[1]
    broad = stretched(gaussian_filter(level[::6, ::6], 7.5), shape, step=6)
    top = 0.4 * dip + 0.6 * broad - 25 + 22 * noise(shape, rng, wavelength=500, octaves=3)
    clay = top + 24 + 9 * noise(shape, rng, wavelength=300, octaves=3)
    lime = dip - 70 + 30 * noise(shape, rng, wavelength=600, octaves=2)
    codes = np.select([level < lime, level < top, level < clay], [4, 3, 2], 1)
    flat = (ground.height_m < 7) & (ground.slope_deg < 5) & (ground.stream_m < 500)
    low = (level < 905) & (ground.slope_deg < 6)
    return np.where(flat | low | ground.relief.river, 5, codes).astype(np.uint8)


def _polygons(codes: NDArray[np.uint8], ground: Ground) -> gpd.GeoDataFrame:
    coarse = median_filter(codes[_STEP // 2 :: _STEP, _STEP // 2 :: _STEP], size=3)
    begins = np.diff(coarse, axis=1, prepend=255) != 0
    rows, starts = np.nonzero(begins)
    stops = np.where(np.diff(rows, append=-1) == 0, np.roll(starts, -1), coarse.shape[1])
    west, north = at(ground.grid, starts * _STEP, rows * _STEP)
    east, south = at(ground.grid, stops * _STEP, (rows + 1) * _STEP)
    boxes = shapely.box(west, south, east, north)
    areas = gpd.GeoDataFrame({"code": coarse[begins]}, geometry=boxes, crs=CRS).dissolve("code").explode()
    smooth = shapely.coverage_simplify(areas.geometry.to_numpy(), 90.0)
    areas = areas.set_geometry(gpd.GeoSeries(smooth, index=areas.index, crs=CRS)).reset_index()
    areas = areas.clip(ground.frame.outline.buffer(300.0).iloc[0], keep_geom_type=True)
    areas = areas.explode().sort_values("code", kind="stable").reset_index(drop=True)
    names = areas["code"].map(dict(enumerate(GROUPS, start=1)))
    areas = areas.assign(group=names.str[0], name=names.str[1])
    return areas[areas.area > 1000][["group", "name", "geometry"]].reset_index(drop=True)


def _mined_out(ground: Ground, codes: NDArray[np.uint8], rng: np.random.Generator) -> gpd.GeoDataFrame:
    rows, columns = np.indices(codes.shape)
    field = (columns < 0.55 * codes.shape[1]) & (rows > 0.25 * codes.shape[0]) & (rows < 0.75 * codes.shape[0])
    seeds = pick_apart((ground.inside & field & (codes <= 3)).astype(float), 9, rng, apart=110)
    shapes, rest = [], []
    for number, point in enumerate(ground.places(seeds), start=1):
        turn = np.linspace(0, 2 * np.pi, 25)[:-1]
        radius = rng.uniform(450, 1100) * (1 + 0.18 * np.sin(turn * 2 + rng.uniform(0, 6)))
        radius = radius * (1 + 0.06 * rng.standard_normal(len(turn)))
        ring = np.stack([point.x + 1.4 * radius * np.cos(turn), point.y + radius * np.sin(turn)], axis=1)
        shapes.append(shapely.Polygon(ring.round(1)))
        rest.append((f"模拟{number}号井采空区", float(rng.integers(80, 260)), round(rng.uniform(2.2, 9.5), 1)))
    frame = gpd.GeoDataFrame(rest, columns=["name", "depth_m", "thickness_m"], geometry=shapes, crs=CRS)
    return frame.clip(ground.frame.outline.geometry.iloc[0], keep_geom_type=True).sort_index()


def _faults(ground: Ground, rng: np.random.Generator) -> gpd.GeoDataFrame:
    west, south, east, north = ground.frame.outline.total_bounds
    lines = []
    for number in range(len(_FAULTS)):
        middle = np.array(
            [west + (0.3 + 0.13 * number) * (east - west), north - (0.25 + 0.2 * number) * (north - south)]
        )
        along = np.linspace(-1, 1, 9)[:, np.newaxis] * rng.uniform(4000, 8000)
        strike = np.radians(rng.uniform(15, 55))
        points = middle + along * [np.sin(strike), np.cos(strike)] + rng.normal(0, 120, (9, 2))
        lines.append(shapely.LineString(points.round(1)))
    frame = gpd.GeoDataFrame({"name": list(_FAULTS)}, geometry=lines, crs=CRS)
    return frame.clip(ground.frame.outline.geometry.iloc[0], keep_geom_type=True).sort_index()
