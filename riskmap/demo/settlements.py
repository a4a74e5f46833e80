"""Where the villages of the made-up county stand, whose ground is whose, and who lives there."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.demo.frame import CELL_M, CRS, cell_at, rng_of
from riskmap.demo.ground import Ground, pick_apart
from riskmap.demo.relief import noise
from riskmap.spatial import made_areas

__all__ = ["make_townships", "make_villages", "make_yearbook"]

_PEOPLE = 120_000
_TOWN = "140930100000"
_TOWN_RADIUS_M = 1500.0


def make_villages(ground: Ground, *, seed: int) -> gpd.GeoDataFrame:
    """Place the villages whose seats are not known along the valleys, and people them.

    Parameters
    ----------
    ground : Ground
        Relief and water.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``villages``, EPSG:4546; 120,000 people within a few.

    Examples
    --------
    >>> make_villages.__name__
    'make_villages'
    """
    rng = rng_of(seed, "villages")
    table = ground.frame.villages
    owner = _owners(ground)
    good = _fitness(ground, rng)
    parts = [_placed(ground, part, np.where(owner == number, good, 0), rng) for number, part in _parts(table, ground)]
    villages = gpd.GeoDataFrame(pd.concat(parts), geometry="geometry", crs=CRS).sort_values("code", ignore_index=True)
    return _peopled(villages, rng)


def _parts(table: pd.DataFrame, ground: Ground) -> list[tuple[int, pd.DataFrame]]:
    codes = ground.frame.townships["code"]
    return [(number, table[table["township_code"] == code]) for number, code in enumerate(codes)]


def _owners(ground: Ground) -> NDArray[np.int8]:
    """Township of each cell: nearest seat, wider reach where there are more villages."""
    towns = ground.frame.townships
    rural = ground.frame.villages[~ground.frame.villages["name"].str.endswith("社区")]
    counts = rural.groupby("township_code").size().reindex(towns["code"]).to_numpy()
    rows, columns = np.indices(ground.slope_deg.shape, dtype=np.float32)
    best = np.full(rows.shape, np.inf, np.float32)
    owner = np.full(rows.shape, -1, np.int8)
    for number, (seat, count) in enumerate(zip(towns.geometry, counts, strict=True)):
        column, row = cell_at(ground.grid, seat.x, seat.y)
        away = np.hypot(rows - row, columns - column) / np.float32(count**0.3)
        near = away < best
        best[near], owner[near] = away[near], number
    return np.where(ground.inside, owner, -1).astype(np.int8)


def _fitness(ground: Ground, rng: np.random.Generator) -> NDArray[np.float32]:
    """How much a cell invites a village: gentle, a little above a stream and not far from it."""
    slope = np.exp(-((ground.slope_deg / 6.0) ** 2))
    height = np.exp(-(((ground.height_m - 14.0) / 22.0) ** 2)) * (ground.height_m > 3)
    near = np.exp(-ground.stream_m / 500.0)
    patch = np.exp(0.5 * noise(slope.shape, rng, wavelength=60, octaves=2))
    return (slope * height * near * patch).astype(np.float32)


def _placed(ground: Ground, part: pd.DataFrame, good: NDArray[np.float32], rng: np.random.Generator) -> pd.DataFrame:
    """Seats of one township; codes follow one another from the township's seat outwards."""
    part = part.copy()
    known = part["easting_m"].notna().to_numpy()
    urban = part["name"].str.endswith("社区").to_numpy() & ~known
    seat = ground.frame.townships.set_index("code").geometry[part["township_code"].iloc[0]]
    rows, columns = np.indices(good.shape, dtype=np.float32)
    column, row = cell_at(ground.grid, seat.x, seat.y)
    away = np.hypot(rows - row, columns - column) * np.float32(CELL_M)
    town = ground.inside & (ground.slope_deg < 5) & (away < _TOWN_RADIUS_M) & (away > 250)
    for which, weight, apart in (
        (urban, town.astype(np.float32), 12.0),
        (~urban & ~known, np.where(away > 2 * _TOWN_RADIUS_M if urban.any() else away > 900, good, 0), None),
    ):
        if which.any():
            spacing = apart or 0.6 * np.sqrt((good > 0).sum() / len(part))
            flat = pick_apart(weight, int(which.sum()), rng, apart=spacing)
            if len(flat) < which.sum():
                flat = pick_apart(weight, int(which.sum()), rng, apart=spacing / 2)
            points = _chained(shapely.get_coordinates(ground.places(flat).to_numpy()), np.array([seat.x, seat.y]))
            part.loc[which, ["easting_m", "northing_m"]] = points
    geometry = shapely.points(part.pop("easting_m").to_numpy(), part.pop("northing_m").to_numpy())
    return part.assign(geometry=geometry, urban=urban, seat=known)


def _chained(points: NDArray[np.float64], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points in the order of a walk that always goes to the nearest one left."""
    left, walk, here = list(range(len(points))), [], start
    while left:
        nearest = min(left, key=lambda n: float(np.hypot(*(points[n] - here))))
        left.remove(nearest)
        walk.append(nearest)
        here = points[nearest]
    return points[walk]


def _peopled(villages: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    count = len(villages)
    urban = villages.pop("urban").to_numpy() | villages["name"].str.endswith("社区").to_numpy()
    seat = villages.pop("seat").to_numpy() & ~urban
    size = np.exp(rng.normal(np.log(np.where(urban, 4600, np.where(seat, 950, 290))), np.where(urban, 0.25, 0.65)))
    people = np.maximum(np.round(size * _PEOPLE / size.sum()), 18).astype(int)
    elderly = np.where(urban, rng.uniform(0.11, 0.17, count), rng.uniform(0.2, 0.42, count))
    children = np.where(urban, rng.uniform(0.14, 0.19, count), rng.uniform(0.06, 0.14, count))
    villages = villages.assign(
        people=people,
        households=np.ceil(people / rng.uniform(2.2, 2.9, count)).astype(int),
        elderly_people=np.round(people * elderly).astype(int),
        children_people=np.round(people * children).astype(int),
        ur_code=np.where(urban, "111", np.where(seat, "122", "220")),
    )
    order = ["code", "name", "name_en", "township_code", "people", "households", "elderly_people", "children_people"]
    return villages[[*order, "ur_code", "geometry"]]


def make_townships(ground: Ground, villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Ground of the townships: what lies nearer to one of its villages than to any other.

    Parameters
    ----------
    ground : Ground
        With the outline.
    villages : GeoDataFrame
        From `make_villages`.

    Returns
    -------
    GeoDataFrame
        ``code``, ``name``, ``name_en``, ``made`` (是), polygons that fill the county.

    Examples
    --------
    >>> make_townships.__name__
    'make_townships'
    """
    areas = made_areas(villages.set_index("code")[["township_code", "geometry"]], ground.frame.outline)
    whole = areas[["township_code", "geometry"]].dissolve("township_code")
    towns = ground.frame.townships.set_index("code")[["name", "name_en"]]
    return gpd.GeoDataFrame(towns.join(whole).assign(made="是").reset_index(), geometry="geometry", crs=CRS)


def make_yearbook(
    villages: gpd.GeoDataFrame, townships: gpd.GeoDataFrame, crops_km2: NDArray[np.floating], *, seed: int
) -> pd.DataFrame:
    """Yearbook of the townships; people are the sums of the villages.

    Parameters
    ----------
    villages, townships : GeoDataFrame
        As delivered before any dirt.
    crops_km2 : ndarray
        Cropland of each township.
    seed : int
        Seed of the county.

    Returns
    -------
    DataFrame
        ``code``, ``name``, ``people``, ``gdp_yuan`` (about 10 billion together), ``cropland_m2``, ``income_yuan``.

    Examples
    --------
    >>> make_yearbook.__name__
    'make_yearbook'
    """
    rng = rng_of(seed, "yearbook")
    people = villages.groupby("township_code")["people"].sum().reindex(townships["code"]).to_numpy()
    town = (townships["code"] == _TOWN).to_numpy()
    mines = rng.uniform(0.6, 2.2, len(people))
    share = people * np.where(town, 1.5, 0.9) * mines
    return pd.DataFrame(
        {
            "code": townships["code"],
            "name": townships["name"],
            "people": people,
            "gdp_yuan": np.round(share / share.sum() * 1.0e6) * 1e4,
            "cropland_m2": np.round(crops_km2 * 1e6 * 1.5e-3 * 0.82) * 2000 / 3,
            "income_yuan": np.where(town, 33_800, rng.integers(9_800, 15_600, len(people))),
        }
    )
