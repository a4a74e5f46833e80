"""Layers of what stands in the tiny county."""

import geopandas as gpd
import numpy as np
import pandas as pd
import tiny

from riskmap.model import Layer
from riskmap.standards import layer_spec


def with_layers(survey, **data):
    return survey.with_layers({name: Layer(spec=layer_spec(name), data=one) for name, one in data.items()})


def buildings():
    frame = pd.DataFrame(
        {
            "floor_area_m2": [100.0, 300.0, 50.0, 80.0, 70.0],
            "structure": ["土木", "砖混", "窑洞", "钢筋混凝土", None],
        }
    )
    x = tiny.WEST_M + np.array([150.0, 2250, 2650, 4000, 99_000])
    y = tiny.NORTH_M - np.array([150.0, 1850, 150, 5000, 150])
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(x, y), crs=tiny.CRS)


def yearbook():
    return pd.DataFrame(
        {
            "code": ["140930100", "140930101000"],
            "gdp_yuan": [3e7, 8e7],
            "cropland_m2": [4e6, np.nan],
            "people": [3180.0, 5100.0],
        }
    )


def cover():
    codes = np.full(tiny.SHAPE, 10.0, "float32")
    codes[:, 40:] = 80
    codes[:20, :25] = 30
    codes[40:, 25:] = np.nan
    return tiny.raster(codes)
