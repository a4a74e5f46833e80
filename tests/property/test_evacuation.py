"""Whoever must leave is assigned to a shelter or named as left out, whatever the people, the shelters and their room."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.model import Layer
from riskmap.shelters import assess_shelters
from riskmap.standards import layer_spec

TYPES = ("紧急", "短期固定", "中期固定", "长期固定")


@st.composite
def counties(draw):
    """The tiny county with other people, and with shelters of any type and size along its roads and off them."""
    count = draw(st.integers(1, 5))
    place = st.tuples(st.integers(0, 4999), st.integers(0, 5999), st.sampled_from(TYPES), st.integers(0, 4000))
    rows = [draw(place) for _ in range(count)]
    shelters = gpd.GeoDataFrame(
        {
            "code": [f"S{n}" for n in range(count)],
            "name": "x",
            "type": [one[2] for one in rows],
            "area_m2": [float(one[3]) for one in rows],
        },
        geometry=[shapely.Point(tiny.WEST_M + one[0], tiny.NORTH_M - one[1]) for one in rows],
        crs=tiny.CRS,
    )
    people = draw(st.lists(st.integers(0, 3000), min_size=len(tiny.CODES), max_size=len(tiny.CODES)))
    return shelters, pd.Series(people, index=tiny.CODES, dtype="float64")


@given(counties())
@settings(max_examples=15, deadline=None)
def test_people_in_are_people_assigned_and_people_named(county):
    shelters, people = county
    survey = tiny.survey().with_layers({"shelters": Layer(spec=layer_spec("shelters"), data=shelters)})
    found = assess_shelters(survey, {}, people=people)
    moved, flows = found.evacuated, found.flows
    for name, table in moved.groupby("scenario"):
        assert (table["assigned"] + table["unassigned"] == table["people"]).all()
        assert (table[["assigned", "unassigned"]] >= 0).all().all()
        assert ((table["unassigned"] > 0) == (table["reason"] != "covered")).all()
        there = flows[flows["scenario"] == name].groupby("unit_id")["people"].sum()
        assert (there.reindex(table["unit_id"], fill_value=0).to_numpy() == table["assigned"].to_numpy()).all()
    dry = moved[moved["scenario"] == "dry"].set_index("unit_id")["people"]
    assert (dry.reindex(people.index, fill_value=0) == people).all()
    room = found.shelters["capacity_people"]
    for _, part in flows.groupby("scenario"):
        load = part.groupby("shelter_id")["people"].sum()
        assert (load <= np.floor(room[load.index])).all()
