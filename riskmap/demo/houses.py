"""Houses of the made-up county."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.demo.frame import CRS, rng_of
from riskmap.demo.ground import Ground

__all__ = ["make_buildings"]

_BUILDINGS = 18_000
_RURAL = (("窑洞", 0.33), ("砖木", 0.30), ("砖混", 0.22), ("土木", 0.13), ("其他", 0.02))
_URBAN = (("砖混", 0.58), ("钢筋混凝土", 0.24), ("砖木", 0.13), ("钢结构", 0.03), ("窑洞", 0.02))
_STOREYS = {
    "钢筋混凝土": (5, 19),
    "砖混": (1, 6),
    "砖木": (1, 2),
    "土木": (1, 1),
    "窑洞": (1, 1),
    "钢结构": (1, 3),
    "其他": (1, 1),
}
_BUILT = {"钢筋混凝土": 2012, "砖混": 2004, "砖木": 1994, "土木": 1979, "窑洞": 1982, "钢结构": 2013, "其他": 1990}


def make_buildings(ground: Ground, villages: gpd.GeoDataFrame, *, seed: int) -> gpd.GeoDataFrame:
    """Some 18,000 buildings around the village seats, on ground that can be built on.

    Parameters
    ----------
    ground : Ground
        Slope.
    villages : GeoDataFrame
        Seats and people.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``buildings``, EPSG:4546.

    Examples
    --------
    >>> make_buildings.__name__
    'make_buildings'
    """
    rng = rng_of(seed, "buildings")
    people = villages["people"].to_numpy()
    urban = (villages["ur_code"] == "111").to_numpy()
    share = np.where(urban, 0.16, 1.0) * people
    counts = np.maximum(np.round(share / share.sum() * _BUILDINGS), 8).astype(int)
    home = np.repeat(np.arange(len(villages)), counts)
    points = _around(ground, villages, home, rng)
    kinds = _kinds(urban[home], rng)
    low, high = np.array([_STOREYS[kind] for kind in kinds]).T
    storeys = rng.integers(low, high + 1)
    footprint = rng.lognormal(np.log(np.where(urban[home], 260, 88)), 0.4)
    years = np.clip(rng.normal([_BUILT[kind] for kind in kinds], 9), 1935, 2025).astype(int)
    use = np.where(rng.random(len(home)) < 0.9, "住宅", np.where(urban[home], "商业", "公共服务"))
    nth = pd.Series(home).groupby(home).cumcount().to_numpy() + 1
    codes = villages["code"].to_numpy()[home]
    return gpd.GeoDataFrame(
        {
            "code": [f"{code}{n:05d}" for code, n in zip(codes, nth, strict=True)],
            "floor_area_m2": np.round(footprint * storeys, 1),
            "structure": kinds,
            "storeys": storeys.astype("int32"),
            "built_year": years.astype("int32"),
            "use": use,
            "village_code": codes,
        },
        geometry=gpd.points_from_xy(*points.round(1).T),
        crs=CRS,
    )


def _around(
    ground: Ground, villages: gpd.GeoDataFrame, home: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Places around the seats; those on steep ground or in the river are drawn again, nearer each time."""
    seats = shapely.get_coordinates(villages.geometry.to_numpy())[home]
    reach = np.sqrt(villages["people"].to_numpy()[home] * 190.0 / np.pi)[:, np.newaxis] * 0.62
    points = seats + rng.standard_normal(seats.shape) * reach
    for turn in range(8):
        rows, columns = ground.cells(*points.T)
        bad = (
            (ground.slope_deg[rows, columns] > 16)
            | ~ground.inside[rows, columns]
            | (ground.height_m[rows, columns] < 1)
        )
        points[bad] = seats[bad] + rng.standard_normal((bad.sum(), 2)) * reach[bad] * 0.85**turn
    rows, columns = ground.cells(*points.T)
    out = ~ground.inside[rows, columns]
    points[out] = seats[out] + rng.uniform(-20, 20, (out.sum(), 2))
    return points


def _kinds(urban: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.object_]:
    drawn = np.empty(len(urban), object)
    for which, table in ((urban, _URBAN), (~urban, _RURAL)):
        names, shares = [name for name, _ in table], [share for _, share in table]
        drawn[which] = rng.choice(names, int(which.sum()), p=shares)
    return drawn
