"""A clean county of 24 villages with every layer that can be delivered: nothing in it for a check to find."""

import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely

from riskmap.standards import layer_spec

CRS = "EPSG:4546"
WEST_M, SOUTH_M = 510_000.0, 4_350_000.0
WIDE_M, HIGH_M = 12_000.0, 10_000.0
CELL_M = 100.0
COUNTY = "140930"
DATE = "2026-01-01"
UNITS = {"m2": "(平方米)", "yuan": "(元)", "hm2": "(公顷)", "m": "(m)", "mm": "(mm)"}
TOWNS = ("城关镇", "楼子营镇", "刘家塔镇", "巡镇")
KINDS = ("崩塌", "滑坡", "泥石流", "地面塌陷")
VILLAGES = "榆桃杏槐柳枣梨桑松柏杨椿棠枫桐桂楸楝槭檀栎椴榛桦"


def height(east, north):
    """Hills of some 10 degrees, smooth and without a straight line in them."""
    a, b = (np.asarray(east) - WEST_M) / 1000, (np.asarray(north) - SOUTH_M) / 1000
    return 450 + 120 * np.sin(1.7 * a + 0.3 * b) * np.cos(1.3 * b - 0.4 * a) + 9 * a + 7 * b


def cells():
    east = WEST_M + CELL_M * (np.arange(int(WIDE_M / CELL_M)) + 0.5)
    north = SOUTH_M + HIGH_M - CELL_M * (np.arange(int(HIGH_M / CELL_M)) + 0.5)
    return np.meshgrid(east, north)


def box(west, south, wide, high):
    """A box in metres from the south-west corner of the county."""
    return shapely.box(WEST_M + west, SOUTH_M + south, WEST_M + west + wide, SOUTH_M + south + high)


def line(*points):
    return shapely.LineString([(WEST_M + a, SOUTH_M + b) for a, b in points])


def units():
    """Villages of 2 x 2.5 km, six to a township of 6 x 5 km; the last one of each is small and named by no record."""
    rows = []
    for n in range(24):
        town, inner = divmod(n, 6)
        west = 6000 * (town % 2) + 2000 * (inner % 3)
        south = 5000 * (town // 2) + 2500 * (inner // 3)
        code = f"{COUNTY}{100 + town}"
        people = 24 if inner == 5 else 420 + 13 * n
        rows.append(
            {
                "code": f"{code}{200 + inner}",
                "name": f"{VILLAGES[n]}树村",
                "township_code": f"{code}000",
                "people": people,
                "households": people // 3,
                "elderly_people": people // 5,
                "children_people": people // 6,
                "geometry": box(west, south, 2000, 2500),
            }
        )
    return gpd.GeoDataFrame(rows, crs=CRS)


def spots(rng, count, taken):
    """Places 120 m or more apart, off the mined-out areas and off the border of the county."""
    a, b = np.meshgrid(np.arange(400, WIDE_M - 399, 200), np.arange(400, HIGH_M - 399, 200))
    free = [(x, y) for x, y in zip(a.ravel(), b.ravel(), strict=True) if (x, y) not in taken and _usual(x, y)]
    chosen = [free[n] for n in rng.permutation(len(free))[:count]]
    taken.update(chosen)
    corner = np.array([WEST_M, SOUTH_M])
    return shapely.points(np.array(chosen) + corner + rng.uniform(-39, 39, (count, 2)))


def _usual(x, y):
    """Neither on a mined-out area nor in one of the small villages."""
    mined = any(abs(x - a) < 500 and abs(y - b) < 500 for a, b in ((2000, 2000), (9000, 7000)))
    return not mined and not (x % 6000 >= 4000 and y % 5000 >= 2500)


def located(rows, shapes):
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS)


def sites(rng, villages):
    """Layers of points, each with its place."""
    taken = set()
    busy = villages[villages["people"] > 100]
    days = pd.date_range("2001-01-01", "2024-12-31")

    def village(shapes):
        place = shapely.STRtree(busy.geometry.to_numpy()).nearest(shapes)
        return busy["code"].to_numpy()[place], busy["people"].to_numpy()[place]

    def day(n):
        return [f"{one:%Y-%m-%d}" for one in days[rng.integers(0, len(days), n)]]

    made = {}
    shapes = spots(rng, 60, taken)
    code, _ = village(shapes)
    people = rng.integers(12, 140, 60)
    kinds = [KINDS[n % 4] for n in range(60)]
    made["hazard_points"] = located(
        {
            "code": [f"YH{n:03d}" for n in range(60)],
            "name": [f"{n + 1}号{kind}" for n, kind in enumerate(kinds)],
            "type": kinds,
            "scale": "小型",
            "threat_class": np.where(people >= 100, "中型", "小型"),
            "threatened_people": people,
            "threatened_households": people // 4,
            "threatened_property_yuan": people * 2000,
            "found_date": day(60),
            "closed": "否",
            "village_code": code,
        },
        shapes,
    )
    area = rng.integers(2000, 9000, 50)
    made["shelters"] = located(
        {
            "code": [f"BN{n:03d}" for n in range(50)],
            "name": [f"{n + 1}号广场" for n in range(50)],
            "type": "短期固定",
            "area_m2": area,
            "capacity_people": area // 3,
            "indoor": "否",
        },
        spots(rng, 50, taken),
    )
    shapes = spots(rng, 80, taken)
    code, _ = village(shapes)
    made["buildings"] = located(
        {
            "code": [f"FW{n:04d}" for n in range(80)],
            "floor_area_m2": rng.integers(2500, 6000, 80),
            "structure": rng.choice(["砖混", "砖木", "窑洞"], 80),
            "storeys": rng.integers(1, 6, 80),
            "built_year": rng.integers(1960, 2024, 80),
            "use": "住宅",
            "village_code": code,
        },
        shapes,
    )
    for layer, count, word in (
        ("clinics", 20, "卫生室"),
        ("relief_stores", 8, "物资库"),
        ("planned_sites", 8, "规划点"),
    ):
        made[layer] = located(
            {
                "code": [f"{layer[:2].upper()}{n:03d}" for n in range(count)],
                "name": [f"{n + 1}号{word}" for n in range(count)],
            },
            spots(rng, count, taken),
        )
    made["clinics"]["beds_count"] = rng.integers(1, 40, 20)
    made["relief_stores"]["level"] = "乡镇级"
    made["planned_sites"]["type"] = "避难场所"
    made["fire_stations"] = located(
        {"code": [f"XF{n}" for n in range(5)], "name": [f"{one}消防站" for one in (*TOWNS, "县城")]},
        spots(rng, 5, taken),
    )
    made["past_fires"] = located(
        {"code": [f"HZ{n:02d}" for n in range(30)], "date": day(30), "area_hm2": rng.uniform(0.1, 9, 30).round(2)},
        spots(rng, 30, taken),
    )
    shapes = spots(rng, 4, taken)
    made["stations"] = located(
        {
            "station_id": [f"5356{n}" for n in range(4)],
            "name": [f"{one}站" for one in TOWNS],
            "elevation_m": height(shapely.get_x(shapes), shapely.get_y(shapes)).round(1),
        },
        shapes,
    )
    return made


def tables(rng, villages):
    """Layers without places."""
    towns = villages.groupby("township_code")["people"].sum()
    made = {
        "yearbook": pd.DataFrame(
            {
                "code": towns.index,
                "name": TOWNS,
                "people": towns.to_numpy(),
                "gdp_yuan": towns.to_numpy() * 30_000,
                "cropland_m2": 6_000_000,
            }
        )
    }
    steps = [(p, d) for p in (5, 10, 20, 50) for d in (1, 6, 24)]
    made["rain_design"] = pd.DataFrame(
        {
            "return_period_a": [p for p, _ in steps],
            "duration_h": [d for _, d in steps],
            "rain_mm": [round(20 * p**0.3 * d**0.35, 1) for p, d in steps],
        }
    )
    months = [(s, y, m) for s in range(4) for y in (2021, 2022, 2023) for m in range(1, 13)]
    made["weather_monthly"] = pd.DataFrame(
        {
            "station_id": [f"5356{s}" for s, _, _ in months],
            "year": [y for _, y, _ in months],
            "month": [m for _, _, m in months],
            "rain_mm": rng.uniform(1, 90, len(months)).round(1),
            "temp_degc": rng.uniform(-12, 25, len(months)).round(1),
        }
    )
    days = [(s, one) for s in range(3) for one in pd.date_range("2023-03-01", periods=40)]
    made["weather_daily"] = pd.DataFrame(
        {
            "station_id": [f"5356{s}" for s, _ in days],
            "date": [f"{one:%Y-%m-%d}" for _, one in days],
            "temp_degc": rng.uniform(-5, 25, len(days)).round(1),
            "humidity_pct": rng.uniform(15, 95, len(days)).round(1),
            "wind_m_s": rng.uniform(0, 9, len(days)).round(1),
            "rain_mm": rng.uniform(0, 20, len(days)).round(1),
        }
    )
    made["losses"] = pd.DataFrame(
        {
            "code": [f"ZQ{n:02d}" for n in range(40)],
            "date": [f"{2001 + n % 22}-07-{n % 28 + 1:02d}" for n in range(40)],
            "theme": "洪水",
            "township_code": rng.choice(towns.index.to_numpy(), 40),
            "affected_people": rng.integers(20, 400, 40),
            "deaths_people": 0,
            "loss_yuan": rng.integers(10, 900, 40) * 10_000,
        }
    )
    return made


def shapes(villages):
    """Layers of lines and polygons."""
    outline = box(0, 0, WIDE_M, HIGH_M)
    made = {
        "outline": located({"name": ["小河县"], "code": [COUNTY]}, [outline]),
        "townships": located(
            {"code": [f"{COUNTY}{100 + n}000" for n in range(4)], "name": TOWNS},
            [box(6000 * (n % 2), 5000 * (n // 2), 6000, 5000) for n in range(4)],
        ),
        "villages": villages,
        "lithology": located(
            {"group": [f"岩组{n}" for n in range(12)]},
            [box(3000 * (n % 4), 10_000 / 3 * (n // 4), 3000, 10_000 / 3) for n in range(12)],
        ),
        "mined_out": located(
            {"name": ["甲矿", "乙矿"], "depth_m": [120.0, 200.0], "thickness_m": [3.0, 4.0]},
            [box(1800, 1800, 400, 400), box(8800, 6800, 400, 400)],
        ),
        "planning": located(
            {"name": [f"规划{n}" for n in range(8)], "type": "建设用地"},
            [box(600 + 1400 * n, 4000, 500, 400 + 40 * n) for n in range(8)],
        ),
        "streams": located(
            {"name": [f"{n + 1}号沟" for n in range(8)], "order": [1 + n % 3 for n in range(8)]},
            [line((900 + 1400 * n, 300), (800 + 1400 * n, 9000)) for n in range(8)],
        ),
        "faults": located(
            {"name": [f"F{n}" for n in range(4)]},
            [line((500, 2000 * n + 700), (9000, 2100 * n + 900)) for n in range(4)],
        ),
    }
    across = [line((500, 1000 * n + 500), (11_500, 1000 * n + 500)) for n in range(9)]
    rungs = [
        line((1000 + 1000 * m, 1000 * n + 500), (1000 + 1000 * m, 1000 * n + 1500)) for n in range(8) for m in range(2)
    ]
    count = len(across) + len(rungs)
    made["roads"] = located(
        {"code": [f"X{n:03d}" for n in range(count)], "class": ["县道"] * 9 + ["村道"] * len(rungs), "width_m": 6.0},
        [*across, *rungs],
    )
    return made


def county(seed):
    """Frames by layer, with riskmap's own column names; rasters as arrays."""
    rng = np.random.default_rng(seed)
    villages = units()
    east, north = cells()
    frames = shapes(villages) | sites(rng, villages) | tables(rng, villages)
    share = rng.uniform(0.5, 1.5, east.shape)
    people = (share / share.sum() * villages["people"].sum()).astype("float32")
    cover = np.array([10, 20, 30, 80], "uint8")[(east // 700 + north // 900).astype(int) % 4]
    return frames, {"dem": height(east, north).astype("float32"), "land_cover": cover, "population": people}


def header(spec, name):
    if name in {"lon", "lat"}:
        return {"lon": "经度", "lat": "纬度"}[name]
    field = spec.field(name)
    return field.title.zh + UNITS.get(field.unit, "")


def write_frame(folder, name, frame):
    """Points and tables as text, lines and polygons as GeoPackage; returns the path."""
    spec = layer_spec(name)
    if name == "villages" or (isinstance(frame, gpd.GeoDataFrame) and spec.kind != "point"):
        out, path = frame.infer_objects(), f"{name}.gpkg"
    else:
        out, path = frame, f"{name}.csv"
    out = out.rename(columns={one: header(spec, one) for one in out.columns if one != "geometry"})
    if path.endswith(".csv"):
        out.to_csv(folder / path, index=False)
        return path
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        pyogrio.write_dataframe(out, folder / path)
    return path


def in_degrees(frame):
    """Points as longitude and latitude columns of six decimals."""
    degrees = frame.geometry.to_crs(4490)
    table = pd.DataFrame(frame.drop(columns="geometry"))
    return table.assign(lon=degrees.x.round(6), lat=degrees.y.round(6))


def write_raster(folder, name, values, *, cell=CELL_M, nodata=None):
    transform = rasterio.Affine(cell, 0, WEST_M, 0, -cell, SOUTH_M + HIGH_M)
    kind = {"driver": "GTiff", "height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": values.dtype}
    with rasterio.open(folder / f"{name}.tif", "w", crs=CRS, transform=transform, nodata=nodata, **kind) as file:
        file.write(values, 1)
    return f"{name}.tif"


def nodata(values):
    return -9999.0 if values.dtype.kind == "f" else 0


def settings(paths):
    """county.toml for these files."""
    head = f'name = {{zh = "小河县", en = "Clean County"}}\ncode = "{COUNTY}"\ncrs = "{CRS}"\ncell_size_m = {CELL_M}\ndate = "{DATE}"\n'
    tables = [f'[layers.{name}]\npath = "{path}"\n' for name, path in paths.items()]
    degrees = [one if ".csv" not in one else one + 'crs = "EPSG:4490"\n' for one in tables]
    return head + "".join(degrees)
