"""Shelters, stations, stores, clinics and water points of the made-up county."""

import geopandas as gpd
import numpy as np
import shapely

from riskmap.demo.frame import CRS, rng_of
from riskmap.demo.ground import Ground, pick_apart

__all__ = ["make_clinics", "make_fire_stations", "make_relief_stores", "make_shelters", "make_water_points"]

_M2_A_HEAD = {"紧急": 1.0, "短期固定": 2.0, "中期固定": 3.0, "长期固定": 4.5}


def make_shelters(
    ground: Ground, villages: gpd.GeoDataFrame, hazard_points: gpd.GeoDataFrame, *, seed: int
) -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Shelters at squares, schools and parks; five in bad places on purpose.

    Parameters
    ----------
    ground, villages, hazard_points
        The made county.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``shelters``, EPSG:4546.
    dict
        Code of each badly placed shelter and why.

    Examples
    --------
    >>> make_shelters.__name__
    'make_shelters'
    """
    rng = rng_of(seed, "shelters")
    urban = villages[villages["ur_code"] == "111"]
    seats = villages[villages["ur_code"] == "122"]
    rest = villages[villages["ur_code"] == "220"].nlargest(18, "people")
    rows = [("黄河广场", "长期固定", 62_000, "否", urban.geometry.iloc[0])]
    places = ("中学操场", "体育公园", "文化广场", "小学操场", "停车场")
    for n, (name, point) in enumerate(zip(urban["name"], urban.geometry, strict=True)):
        kind = ("紧急", "短期固定", "中期固定")[n % 3]
        size = {"紧急": 1800, "短期固定": 4200, "中期固定": 14_000}[kind]
        rows.append((name.removesuffix("社区") + places[n % 5], kind, size, "否", point))
    for name, point in zip(seats["name"], seats.geometry, strict=True):
        rows.append((name.removesuffix("村") + "中心小学", "短期固定", 3600, "是", point))
    for n, (name, point) in enumerate(zip(rest["name"], rest.geometry, strict=True)):
        rows.append((name + ("文化广场", "学校")[n % 2], "紧急", 1100, ("否", "是")[n % 2], point))
    sites = [_level_site(ground, row[4], rng) for row in rows]
    bad, why = _bad_sites(ground, villages, hazard_points, rng)
    for n, (point, reason) in enumerate(zip(bad, why, strict=True), start=1):
        rows.append((f"{reason[1]}临时安置点", "紧急", 1500, "否", point))
        sites.append(point)
        _ = n
    area = np.round([row[2] * rng.uniform(0.7, 1.4) for row in rows], -1)
    kinds = [row[1] for row in rows]
    codes = [f"140930BN{n:03d}" for n in range(1, len(rows) + 1)]
    frame = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": [row[0] for row in rows],
            "type": kinds,
            "area_m2": area,
            "capacity_people": [int(a // _M2_A_HEAD[kind]) for a, kind in zip(area, kinds, strict=True)],
            "indoor": [row[3] for row in rows],
            "contact_name": "某某",
            "contact_phone": "00000000000",
        },
        geometry=sites,
        crs=CRS,
    )
    return frame, {code: reason[0] for code, reason in zip(codes[-len(why) :], why, strict=True)}


def _level_site(ground: Ground, point: shapely.Point, rng: np.random.Generator) -> shapely.Point:
    """Gentlest dry place of some within 300 m."""
    tries = np.array([point.x, point.y]) + rng.uniform(-300, 300, (40, 2))
    rows, columns = ground.cells(*tries.T)
    worth = (
        ground.slope_deg[rows, columns] + 50 * ~ground.inside[rows, columns] + 20 * (ground.height_m[rows, columns] < 6)
    )
    return shapely.Point(tries[worth.argmin()].round(1))


def _bad_sites(
    ground: Ground, villages: gpd.GeoDataFrame, hazard_points: gpd.GeoDataFrame, rng: np.random.Generator
) -> tuple[list[shapely.Point], list[tuple[str, str]]]:
    away = villages.union_all().buffer(1500)
    low = (ground.height_m < 0.8) & (ground.relief.area_m2 > 2e7) & ground.inside & (ground.slope_deg < 4)
    flood = [one for one in ground.places(pick_apart(low.astype(float), 40, rng, apart=60)) if away.contains(one)][:3]
    slides = hazard_points[(hazard_points["type"] == "滑坡") & (hazard_points["closed"] == "否")]
    slides = slides.nlargest(2, "threatened_people")
    below = [shapely.Point(round(one.x + 35, 1), round(one.y - 20, 1)) for one in slides.geometry]
    names = villages.iloc[[int(villages.distance(one).argmin()) for one in [*flood, *below]]]["name"]
    why = ["on the flood plain of a larger stream"] * len(flood) + ["beside an active landslide"] * len(below)
    return [*flood, *below], list(zip(why, names, strict=True))


def make_fire_stations(ground: Ground) -> gpd.GeoDataFrame:
    """Three fire stations, at the seats of the largest townships.

    Parameters
    ----------
    ground : Ground
        With the frame.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``fire_stations``.

    Examples
    --------
    >>> make_fire_stations.__name__
    'make_fire_stations'
    """
    towns = ground.frame.townships.iloc[[0, 3, 5]]
    return gpd.GeoDataFrame(
        {
            "code": ["XF001", "XF002", "XF003"],
            "name": list(towns["name"].str[:-1] + "消防救援站（模拟）"),
            "level": ["二级站", "小型站", "乡镇专职队"],
        },
        geometry=towns.translate(220, -160).to_numpy(),
        crs=CRS,
    )


def make_relief_stores(ground: Ground) -> gpd.GeoDataFrame:
    """One county store and five of townships.

    Parameters
    ----------
    ground : Ground
        With the frame.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``relief_stores``.

    Examples
    --------
    >>> make_relief_stores.__name__
    'make_relief_stores'
    """
    towns = ground.frame.townships.iloc[[0, 2, 3, 5, 6, 7]]
    level = ["县级", *["乡镇级"] * 5]
    return gpd.GeoDataFrame(
        {
            "code": [f"WZ{n:03d}" for n in range(1, 7)],
            "name": [f"{name}救灾物资储备库（模拟）" for name in towns["name"]],
            "level": level,
            "floor_area_m2": [1450.0, 180.0, 220.0, 260.0, 150.0, 160.0],
            "stock_water_l": [90_000.0, 6000.0, 9000.0, 8000.0, 4000.0, 3000.0],
            "stock_tents_count": [1200, 60, 80, 90, 40, 40],
            "stock_quilts_count": [8000, 400, 600, 500, 300, 250],
        },
        geometry=towns.translate(-180, 140).to_numpy(),
        crs=CRS,
    )


def make_clinics(ground: Ground, villages: gpd.GeoDataFrame, *, seed: int) -> gpd.GeoDataFrame:
    """The county hospital, a clinic in each township and in the larger villages.

    Parameters
    ----------
    ground, villages
        The made county.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``clinics``.

    Examples
    --------
    >>> make_clinics.__name__
    'make_clinics'
    """
    rng = rng_of(seed, "clinics")
    towns = ground.frame.townships
    large = villages[villages["ur_code"] == "220"].nlargest(14, "people")
    names = ["河曲县人民医院（模拟）", *(towns["name"] + "卫生院"), *(large["name"] + "卫生室")]
    beds = [280, *rng.integers(12, 46, len(towns)), *rng.integers(0, 4, len(large))]
    geometry = [towns.geometry.iloc[0], *towns.translate(120, 180), *large.translate(60, -40)]
    codes = [f"YL{n:03d}" for n in range(1, len(names) + 1)]
    return gpd.GeoDataFrame(
        {"code": codes, "name": names, "beds_count": np.array(beds, "int32")}, geometry=geometry, crs=CRS
    )


def make_water_points(ground: Ground) -> gpd.GeoDataFrame:
    """Six wells and intakes at the seats of townships where water trucks can fill up.

    Parameters
    ----------
    ground : Ground
        With the frame.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``water_points``.

    Examples
    --------
    >>> make_water_points.__name__
    'make_water_points'
    """
    towns = ground.frame.townships.iloc[[0, 2, 3, 5, 6, 7]]
    return gpd.GeoDataFrame(
        {
            "code": [f"SY{n:03d}" for n in range(1, 7)],
            "name": [f"{name[:-1]}应急取水点（模拟）" for name in towns["name"]],
            "type": ["水厂", "机井", "机井", "机井", "水库", "机井"],
            "yield_m3_d": [900.0, 240.0, 480.0, 150.0, 800.0, 120.0],
        },
        geometry=towns.translate(90, -240).to_numpy(),
        crs=CRS,
    )
