"""Hidden-danger points, fires and losses of the made-up county, drawn from a law that is known."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, maximum_filter

from riskmap.demo.frame import CELL_M, CRS, rng_of
from riskmap.demo.geology import Geology
from riskmap.demo.ground import Ground, pick_apart
from riskmap.demo.land import village_distance

__all__ = ["LAW", "make_hazard_points", "make_losses", "make_past_fires"]

LAW: Mapping[str, Mapping[str, float]] = {
    "崩塌": {"count": 112, "slope_deg": 0.13, "loess": 1.0, "clay": 0.5, "rock": 0.6, "stream": 0.4, "road": 1.9, "mined": 0.2},
    "滑坡": {"count": 68, "slope_deg": 0.09, "loess": 1.2, "clay": 1.5, "rock": 0.0, "stream": 1.2, "road": 0.6, "mined": 0.6},
    "泥石流": {"count": 17, "slope_deg": 0.03, "loess": 0.3, "clay": 0.0, "rock": 0.3, "stream": 0.0, "road": 0.0, "mined": 0.0},
    "地面塌陷": {"count": 20, "slope_deg": 0.0, "loess": 0.2, "clay": 0.0, "rock": 0.2, "stream": 0.0, "road": 0.0, "mined": 7.0},
    "地裂缝": {"count": 3, "slope_deg": 0.0, "loess": 0.3, "clay": 0.0, "rock": 0.0, "stream": 0.0, "road": 0.0, "mined": 6.0},
}  # fmt: skip
"""Log-odds of a point of each type: a term for each degree of slope (to 40), for the rock group, for nearness to a
stream (exp(-d / 120 m)) and to a road (exp(-d / 60 m)), and for lying over old workings; and how many are drawn."""

_SURNAMES = "王李张刘陈杨赵黄吴周苗菅邬贾翟"


def make_hazard_points(
    ground: Ground, geology: Geology, villages: gpd.GeoDataFrame, *, roads: gpd.GeoDataFrame, seed: int
) -> gpd.GeoDataFrame:
    """Draw the points by `LAW`, where someone lives near enough to report them.

    Parameters
    ----------
    ground, geology, villages, roads
        The made county.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        220 rows with the columns of the layer ``hazard_points``, EPSG:4546.

    Examples
    --------
    >>> sum(int(law["count"]) for law in LAW.values())
    220
    """
    rng = rng_of(seed, "hazard_points")
    near_road = np.exp(-_distance(ground, roads) / 60)
    near_stream = np.exp(-ground.stream_m / 120)
    away, nearest = village_distance(ground, villages)
    told = ground.inside * (np.exp(-away / 900) + 0.03)
    picked, kinds = [], []
    for kind, law in LAW.items():
        odds = (
            law["slope_deg"] * np.minimum(ground.slope_deg, 40)
            + np.array([law["loess"], law["clay"], law["rock"], law["rock"], -1.0])[geology.codes - 1]
            + law["stream"] * near_stream
            + law["road"] * near_road
            + law["mined"] * geology.mined
        )
        weight = np.exp(odds) * told * _may(ground, kind)
        flat = pick_apart(weight, int(law["count"]), rng, apart=3)
        picked.append(flat)
        kinds += [kind] * len(flat)
    cells = np.concatenate(picked)
    points = ground.places(cells, rng)
    home = villages.iloc[nearest.ravel()[cells]].reset_index(drop=True)
    frame = _described(pd.DataFrame({"type": kinds}), home, away.ravel()[cells], rng)
    return gpd.GeoDataFrame(frame, geometry=points.to_numpy(), crs=CRS)


def _may(ground: Ground, kind: str) -> NDArray[np.bool_]:
    """Ground where a type can be at all: mouths of small basins for debris flows, slopes for slides."""
    area = ground.relief.area_m2
    if kind == "泥石流":
        return (area > 4e5) & (area < 6e6)
    if kind in {"崩塌", "滑坡"}:
        return maximum_filter(ground.slope_deg, 3) > 12
    return np.ones(area.shape, np.bool_)


def _distance(ground: Ground, lines: gpd.GeoDataFrame) -> NDArray[np.float32]:
    """Distance to lines, m, from their vertices 10 m apart."""
    points = shapely.get_coordinates(lines.geometry.segmentize(10.0).to_numpy())
    rows, columns = ground.cells(points[:, 0], points[:, 1])
    free = np.ones(ground.slope_deg.shape, np.bool_)
    free[rows, columns] = False
    return distance_transform_edt(free, sampling=CELL_M).astype(np.float32)


def _described(frame: pd.DataFrame, home: gpd.GeoDataFrame, away: NDArray, rng: np.random.Generator) -> pd.DataFrame:
    count = len(frame)
    share = np.clip(rng.lognormal(-3.0, 0.9, count) * np.exp(-away / 1200), 0, 0.6)
    people = np.minimum(np.round(home["people"].to_numpy() * share), 620).astype(int)
    size = np.array(["小型", "中型", "大型"])[rng.choice(3, count, p=[0.84, 0.14, 0.02])]
    threat = np.array(["小型", "中型", "大型"])[np.digitize(people, [10, 100])]
    number = (home.groupby("township_code").cumcount() + 1).astype(str).str.zfill(4)
    months = rng.choice([3, 4, 6, 7, 7, 8, 8, 8, 9, 9, 10], count)
    dates = [
        f"{y}-{m:02d}-{d:02d}"
        for y, m, d in zip(rng.integers(2003, 2025, count), months, rng.integers(1, 29, count), strict=True)
    ]
    name = home["name"].str.removesuffix("村").str.removesuffix("社区")
    return frame.assign(
        code=home["township_code"].str[:9] + number,
        name=name
        + home.groupby("code").cumcount().map(lambda n: "一二三四五六七八九十"[n % 10] + "组")
        + frame["type"],
        scale=size,
        threat_class=threat,
        threatened_people=people,
        threatened_households=np.ceil(people / 2.6).astype(int),
        threatened_property_yuan=np.round(people * rng.uniform(1.2, 4.5, count)) * 1e4,
        found_date=dates,
        closed="否",
        village_code=home["code"],
        warden_name=[_SURNAMES[n % len(_SURNAMES)] + "某某" for n in rng.integers(0, 99, count)],
        warden_phone=[f"000{n:08d}" for n in rng.integers(0, 10**8, count)],
    )


def make_past_fires(
    ground: Ground, cover: NDArray[np.uint8], weather: pd.DataFrame, *, villages: gpd.GeoDataFrame, seed: int
) -> gpd.GeoDataFrame:
    """Sixty fires on grass, shrubs and woods near people, on the driest windy days of ten years.

    Parameters
    ----------
    ground : Ground
        The made county.
    cover : ndarray of uint8
        Land cover.
    weather : DataFrame
        Daily weather: ``date``, ``temp_degc``, ``humidity_pct``, ``wind_m_s``, ``rain_mm``.
    villages : GeoDataFrame
        Seats.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        Columns of the layer ``past_fires``.

    Examples
    --------
    >>> make_past_fires.__name__
    'make_past_fires'
    """
    rng = rng_of(seed, "past_fires")
    away, _ = village_distance(ground, villages)
    fuel = np.select([cover == 20, cover == 40, cover == 30], [2.0, 1.6, 1.0], 0.0)
    flat = pick_apart(fuel * np.exp(-away / 1500) * ground.inside, 60, rng, apart=15)
    days = weather.groupby("date")[["temp_degc", "humidity_pct", "wind_m_s", "rain_mm"]].mean()
    fierce = np.exp(0.04 * days["temp_degc"] - 0.07 * days["humidity_pct"] + 0.25 * days["wind_m_s"]) * (
        days["rain_mm"] < 0.3
    )
    dates = np.sort(rng.choice(days.index.to_numpy(), len(flat), replace=False, p=(fierce / fierce.sum()).to_numpy()))
    causes = rng.choice(
        ["祭祀用火", "农事用火", "输电线路", "雷击", "不明"], len(flat), p=[0.38, 0.34, 0.08, 0.05, 0.15]
    )
    table = {
        "code": [f"HZ{n:03d}" for n in range(1, len(flat) + 1)],
        "date": dates,
        "area_hm2": np.maximum(0.1, rng.lognormal(0.2, 1.1, len(flat))).round(1),
        "cause": causes,
    }
    return gpd.GeoDataFrame(table, geometry=ground.places(flat, rng).to_numpy(), crs=CRS)


def make_losses(
    townships: gpd.GeoDataFrame, monthly: pd.DataFrame, *, people: NDArray[np.integer], seed: int
) -> pd.DataFrame:
    """Losses of 2000 to 2023; droughts follow the made-up rain.

    Parameters
    ----------
    townships : GeoDataFrame
        ``code``.
    monthly : DataFrame
        ``year``, ``month``, ``rain_mm``.
    people : ndarray
        People of each township.
    seed : int
        Seed of the county.

    Returns
    -------
    DataFrame
        Columns of the layer ``losses``, by date.

    Examples
    --------
    >>> make_losses.__name__
    'make_losses'
    """
    rng = rng_of(seed, "losses")
    growing = monthly[monthly["month"].between(4, 8)].groupby("year")["rain_mm"].sum()
    dry = growing.rank(pct=True)
    rows: list[dict[str, Any]] = []
    kinds = {"洪涝": (1.1, 0.05, 7), "风雹": (0.8, 0.06, 6), "低温冷冻": (0.35, 0.08, 4), "地质灾害": (0.7, 0.004, 8)}
    for year in range(2000, 2024):
        events = [("干旱", 0.35 * (1 - dry[year] / 0.35), 7)] * int(dry[year] < 0.35) * 4
        for kind, (rate, reach, month) in kinds.items():
            events += [(kind, reach, month)] * int(rng.poisson(rate))
        for kind, reach, month in events:
            at = int(rng.integers(len(townships)))
            hit = int(np.clip(people[at] * reach * rng.lognormal(0, 0.6), 3, people[at]))
            deaths = int(rng.binomial(3, 0.12)) if kind in {"洪涝", "地质灾害"} else 0
            date = f"{year}-{int(np.clip(month + rng.integers(-1, 2), 1, 12)):02d}-{int(rng.integers(1, 29)):02d}"
            loss = np.round(hit * rng.lognormal(6.6, 0.5) / 1e4, 1) * 1e4
            rows.append(
                {
                    "date": date,
                    "theme": kind,
                    "township_code": townships["code"].iloc[at],
                    "affected_people": hit,
                    "deaths_people": deaths,
                    "loss_yuan": loss,
                }
            )
    frame = pd.DataFrame(rows).sort_values(["date", "theme"], ignore_index=True)
    frame.insert(0, "code", [f"ZQ{date[:4]}{n:04d}" for n, date in enumerate(frame["date"], start=1)])
    return frame
