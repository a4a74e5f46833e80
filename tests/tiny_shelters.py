"""Shelters, hazards and villages of the tiny county, for tests of who leaves and where to."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
import tiny

from riskmap.model import Layer, Text
from riskmap.standards import layer_spec

MIDDLE = (1250, 3000, "短期固定")


def with_shelters(*places, radius_m=None):
    """Shelters at (metres east, metres south of the north-west corner, type)."""
    survey = tiny.survey(**({"shelters": {"radius_m": radius_m}} if radius_m else {}))
    frame = gpd.GeoDataFrame(
        {
            "code": [f"S{n}" for n in range(len(places))],
            "name": "x",
            "type": [one[2] for one in places],
            "area_m2": 3000.0,
        },
        geometry=[shapely.Point(tiny.WEST_M + one[0], tiny.NORTH_M - one[1]) for one in places],
        crs=tiny.CRS,
    )
    return survey.with_layers({"shelters": Layer(spec=layer_spec("shelters"), data=frame)})


def belt(first, last):
    mask = np.zeros(tiny.SHAPE, bool)
    mask[first:last] = True
    return tiny.raster(mask)


def theme(name="flood", mask=None, *, closes="both", depth=None, rule="shelters.exclusion"):
    made = tiny.theme(name, Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    key = f"{name}: 20 a"
    told = {"scenarios": {key: mask}, "scenario_closes": {key: closes}, "scenario_rules": {key: rule}}
    if depth is not None:
        years = depth.expand_dims(return_period=[20.0])
        told |= {"measured": years.to_dataset(name="depth_m"), "scenario_depths": {key: ("depth_m", 20.0)}}
    return {name: replace(made, **{one: MappingProxyType(v) if isinstance(v, dict) else v for one, v in told.items()})}


def danger(survey, *areas):
    frame = gpd.GeoDataFrame(
        {"type": [kind for kind, _, _ in areas]},
        geometry=[
            shapely.box(tiny.WEST_M, tiny.NORTH_M - south, tiny.WEST_M + 5000, tiny.NORTH_M - north)
            for _, north, south in areas
        ],
        crs=tiny.CRS,
    )
    return survey.with_layers({"danger_areas": Layer(spec=layer_spec("danger_areas"), data=frame)})
