"""Derived layers for the tiny county's valley, and an inventory, made by hand."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tiny

from riskmap.model import Layer
from riskmap.standards import layer_spec

ROWS, COLUMNS = np.mgrid[0 : tiny.SHAPE[0], 0 : tiny.SHAPE[1]]


def terrain():
    side = np.abs(COLUMNS - 24.5) - 0.5
    return {
        "slope_deg": 2 + 1.5 * side,
        "aspect_deg": np.where(COLUMNS < 25, 90.0, 270.0),
        "profile_curvature": np.sin(ROWS / 5) / 100,
        "plan_curvature": np.cos(COLUMNS / 5) / 100,
        "relief_m": 5 * side + ROWS / 10,
        "stream_distance_m": 100 * side,
        "hand_m": 8 * side,
        "channel_km2": 1 + ROWS / 2,
        "drainage_km2": np.where(side == 0, 1 + ROWS / 2, 0.1),
        "wetness": 12 - side / 3,
    }


def with_layers(survey, **data):
    """The survey with rasters (arrays) and frames added."""
    made = {
        name: Layer(
            spec=layer_spec(name),
            data=tiny.raster(one.astype("float32")) if isinstance(one, np.ndarray) else one,
        )
        for name, one in data.items()
    }
    return survey.with_layers(made)


def points(rows, columns, types):
    x = tiny.WEST_M + tiny.CELL_M * (np.asarray(columns) + 0.5)
    y = tiny.NORTH_M - tiny.CELL_M * (np.asarray(rows) + 0.5)
    return gpd.GeoDataFrame({"type": types}, geometry=gpd.points_from_xy(x, y), crs=tiny.CRS)


def inventory(count=60, seed=1):
    """Slides and collapses, more often on steep cells; a few points of other kinds."""
    draw = np.random.default_rng(seed)
    steep = terrain()["slope_deg"].ravel() ** 2
    cells = draw.choice(steep.size, count, p=steep / steep.sum())
    rows, columns = np.unravel_index(cells, tiny.SHAPE)
    types = draw.choice(["滑坡", "崩塌"], count)
    return pd.concat(
        [points(rows, columns, types), points([1, 2, 3], [24, 25, 24], ["泥石流", "泥石流", "地面塌陷"])],
        ignore_index=True,
    )


def rocks():
    west, north = tiny.WEST_M, tiny.NORTH_M
    return gpd.GeoDataFrame(
        {"group": ["黄土", "坚硬砂岩"]},
        geometry=[
            shapely.box(west, north - 6000, west + 2000, north),
            shapely.box(west + 2000, north - 6000, west + 5000, north),
        ],
        crs=tiny.CRS,
    )


def valley(**more):
    """The tiny county with its derived layers and an inventory."""
    return with_layers(tiny.survey(), **{**terrain(), "hazard_points": inventory(), "lithology": rocks(), **more})


def bare(**data):
    """The tiny county with these layers only."""
    full = with_layers(tiny.survey(), **data)
    return replace(full, layers=MappingProxyType({name: full.layers[name] for name in data}))


def weather():
    """Three stations with 30 years of months and two springs of days."""
    draw = np.random.default_rng(7)
    x = tiny.WEST_M + np.array([800.0, 2600, 4300])
    y = tiny.NORTH_M - np.array([900.0, 4800, 2500])
    stations = gpd.GeoDataFrame(
        {
            "station_id": ["A", "B", "C"],
            "name": ["甲站", "乙站", "丙站"],
            "elevation_m": [1150.0, 1020.0, 1160.0],
        },
        geometry=gpd.points_from_xy(x, y),
        crs=tiny.CRS,
    )
    months = pd.MultiIndex.from_product([["A", "B", "C"], range(1991, 2021), range(1, 13)])
    monthly = months.to_frame(index=False, name=["station_id", "year", "month"])
    warm = 1 - np.cos(2 * np.pi * (monthly["month"] - 1) / 12)
    monthly["rain_mm"] = draw.gamma(2.0, 5 + 20 * warm).round(1)
    monthly["temp_degc"] = (-9 + 16 * warm + draw.normal(0, 1, len(monthly))).round(1)
    days = pd.date_range("2019-01-01", "2020-12-31")
    daily = pd.MultiIndex.from_product([["A", "B", "C"], days]).to_frame(index=False, name=["station_id", "date"])
    heat = 1 - np.cos(2 * np.pi * daily["date"].dt.day_of_year / 365)
    daily["temp_degc"] = (-5 + 16 * heat + draw.normal(0, 2, len(daily))).round(1)
    daily["humidity_pct"] = draw.uniform(20, 90, len(daily)).round()
    daily["wind_m_s"] = draw.gamma(2, 1.5, len(daily)).round(1)
    daily["rain_mm"] = np.where(draw.random(len(daily)) < 0.2, draw.gamma(1, 8, len(daily)), 0).round(1)
    return {"stations": stations, "weather_monthly": monthly, "weather_daily": daily}


def everything():
    """The tiny county with every layer that a theme may ask for."""
    west, north = tiny.WEST_M, tiny.NORTH_M
    fires = points(np.arange(5, 50, 5), np.arange(3, 48, 5), ["火灾"] * 9).drop(columns="type")
    cover = np.where(COLUMNS < 15, 20, np.where(COLUMNS < 30, 30, 10)).astype("uint8")
    return valley(
        faults=gpd.GeoDataFrame(
            {"name": ["断层"]},
            geometry=[shapely.LineString([(west, north), (west + 5000, north - 6000)])],
            crs=tiny.CRS,
        ),
        mined_out=gpd.GeoDataFrame(
            {"name": ["矿"], "depth_m": [200.0], "thickness_m": [4.0]},
            geometry=[shapely.box(west, north - 900, west + 900, north)],
            crs=tiny.CRS,
        ),
        rain_design=pd.DataFrame(
            {"return_period_a": [5.0, 100.0], "duration_h": 24.0, "rain_mm": [80.0, 160.0], "station_id": "A"}
        ),
        land_cover=tiny.raster(cover, "land_cover"),
        population=np.full(tiny.SHAPE, 1.4),
        past_fires=fires.assign(
            code=[str(n) for n in range(9)], date=pd.Timestamp("2010-04-05"), area_hm2=2.0, cause="农事用火"
        ),
        **weather(),
    )
