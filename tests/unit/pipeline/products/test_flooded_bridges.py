"""Bridges that floods close are told by the first flood that does; scenarios stand in their order in every table."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
import xarray as xr
from tiny_shelters import belt

from riskmap.errors import MissingLayerError
from riskmap.model import Layer, Text
from riskmap.pipeline.products import make_product
from riskmap.pipeline.products.flooded_bridges import make
from riskmap.pipeline.products.scenario_order import in_order
from riskmap.shelters import TIMES
from riskmap.shelters.ground import Ground, states_of
from riskmap.shelters.scenarios import closures
from riskmap.standards import layer_spec

YEARS = (5.0, 20.0, 100.0)
DEPTHS_M = (0.5, 2.0, 3.0)


def flooded(decks, bridge=True):
    """Bridges side by side over one belt of water, by the height of their decks above its bed."""
    wet = belt(20, 21)
    depth = xr.concat([wet.astype("float32") * one for one in DEPTHS_M], "return_period").assign_coords(
        return_period=list(YEARS)
    )
    names = [f"flood: {one:g} a" for one in YEARS]
    flood = replace(
        tiny.theme("flood", Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE)),
        measured=depth.to_dataset(name="depth_m"),
        scenarios=MappingProxyType(dict.fromkeys(names, wet)),
        scenario_closes=MappingProxyType(dict.fromkeys(names, "edges")),
        scenario_rules=MappingProxyType(dict.fromkeys(names, "shelters.exclusion")),
        scenario_depths=MappingProxyType({name: ("depth_m", one) for name, one in zip(names, YEARS, strict=True)}),
    )
    found = tiny.assessment()
    bed = tiny.relief()[20]
    x = [250 + 500 * n for n in range(len(decks))]
    at = [float(bed[one // 100]) for one in x]
    lines = [
        shapely.LineString([(tiny.WEST_M + one, tiny.NORTH_M - 1900), (tiny.WEST_M + one, tiny.NORTH_M - 2200)])
        for one in x
    ]
    roads = gpd.GeoDataFrame(
        {"name": [f"桥{n}" for n in range(len(decks))], "class": "村道", "bridge": bridge}, geometry=lines, crs=tiny.CRS
    )
    roads["deck_m"] = np.array(at) + np.array(decks)
    survey = found.survey.with_layers({"roads": Layer(spec=layer_spec("roads"), data=roads)})
    return replace(found, survey=survey, themes={"flood": flood})


def test_bridges_by_the_first_flood_that_closes_them():
    assessment = flooded([2.5, 0.2, 9.0, 1.2, np.nan])
    (table,) = make(assessment)
    assert table.frame["road"].tolist() == ["桥1", "桥3", "桥0"]
    assert table.frame["scenario"].tolist() == ["flood: 5 a", "flood: 20 a", "flood: 100 a"]
    assert table.frame["over_m"].tolist() == pytest.approx([0.3, 0.8, 0.5], abs=0.05)
    assert table.frame["most_over_m"].tolist() == pytest.approx([2.8, 1.8, 0.5], abs=0.05)
    assert table.notes[1].en == "bridges of unknown height, held to stay open: 1"
    assert table.frame["place"].str.len().gt(0).all()
    (shown,) = make_product("flooded_bridges", assessment)
    assert set(shown.headers) >= set(table.frame.columns) - {"geometry"}


def test_it_tells_what_the_scenarios_close():
    """The same bridges as the analysis of shelters leaves out, flood by flood."""
    assessment = flooded([2.5, 0.2, 9.0, 1.2, np.nan])
    survey = assessment.survey
    (table,) = make(assessment)
    nowhere = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=tiny.CRS))
    ground = Ground.of(survey, nowhere, nowhere)
    states = states_of(ground, closures(assessment.themes), nowhere, dem=survey.raster("dem"))
    names = survey.frame("roads")["name"].to_numpy()[ground.network.edges["road"]]
    order = list(states)
    for name, (usable, _) in states.items():
        closed = table.frame["scenario"].map(order.index) <= order.index(name)
        assert set(names[~usable & ground.bridges]) == set(table.frame["road"][closed])


def test_without_decks_or_water_over_them_it_is_left_out():
    with pytest.raises(MissingLayerError, match="no height of a deck"):
        make(flooded([np.nan, np.nan]))
    with pytest.raises(MissingLayerError, match="no height of a deck"):
        make(flooded([1.0], bridge=False))
    with pytest.raises(MissingLayerError, match="no flood rises over"):
        make(flooded([9.0]))
    with pytest.raises(MissingLayerError, match="no depth"):
        make(replace(flooded([1.0]), themes={}))


def test_rows_follow_the_scenarios_and_the_times_of_day():
    scenarios = ["dry", "flood: 5 a", "flood: 20 a", "flood: 100 a"]
    every = [(one, time, n) for one in scenarios for time in TIMES for n in (9, 5, 1)]
    wanted = pd.DataFrame(every, columns=["scenario", "time", "people"])
    mixed = wanted.sample(frac=1, random_state=0)
    mixed.index = [0] * len(mixed)
    pd.testing.assert_frame_equal(in_order(mixed, scenarios, worst="people"), wanted)
    assert in_order(mixed.iloc[:0], scenarios, worst="people").empty
    assert in_order(mixed, scenarios[1:], worst="people")["scenario"].iloc[-1] == "dry"
