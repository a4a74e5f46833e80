"""Capacity as a product: groups add up to the score, villages take their township's, and it has a sheet."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
from tiny_exposure import buildings, with_layers

from riskmap.maps.subject import sheet_names, subject_of
from riskmap.model import NO_CLASS, Exposure
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.capacity import make


def at(*places):
    return [shapely.Point(tiny.WEST_M + x, tiny.NORTH_M - y) for x, y in places]


def assessed():
    found = tiny.assessment()
    people = pd.DataFrame({"people": [1000.0, 500, 500, 2000, 0, 3000]}, index=pd.Index(tiny.CODES, name="unit_id"))
    points = gpd.GeoDataFrame({"warden_name": ["甲", ""]}, geometry=at((1000, 1000), (1000, 5000)), crs=tiny.CRS)
    clinics = gpd.GeoDataFrame({"beds_count": [30]}, geometry=at((1000, 1000)), crs=tiny.CRS)
    stores = gpd.GeoDataFrame({"code": ["W1"]}, geometry=at((3000, 5000)), crs=tiny.CRS)
    layers = {"hazard_points": points, "clinics": clinics, "relief_stores": stores, "buildings": buildings()}
    survey = with_layers(found.survey, **layers)
    return replace(found, survey=survey, exposed=Exposure(units=people, grids={}))


def test_groups_add_up_to_the_score():
    towns, units = make(assessed())
    frame = towns.frame
    parts = frame[[one for one in frame if str(one).startswith("adds_")]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(frame["score"].to_numpy())
    assert frame["score"].is_monotonic_increasing  # the weakest first
    assert (frame["known_share"] < 1).all()
    assert "人均避难面积" in towns.notes[1].zh
    held = frame["score"].reindex(assessed().survey.units["parent_id"].reindex(units.frame.index)).to_numpy()
    assert units.frame["score"].to_numpy() == pytest.approx(held)
    assert set(map(str, frame.columns)) - {"name", "name_en", "geometry"} <= set(towns.headers)


def test_groups_that_are_known_carry_the_weight_of_one_that_is_not():
    found = assessed()
    layers = {name: one for name, one in found.survey.layers.items() if name != "clinics"}
    towns, _ = make(replace(found, survey=replace(found.survey, layers=layers)))
    parts = towns.frame[[one for one in towns.frame if str(one).startswith("adds_")]]
    assert "adds_society" not in parts
    assert parts.sum(axis=1).to_numpy() == pytest.approx(towns.frame["score"].to_numpy())


def test_it_has_a_sheet():
    found = replace(assessed(), products=tuple(make(assessed())))
    assert "capacity" in sheet_names(found)
    subject = subject_of(found, "capacity")
    assert subject.title.zh == "自然灾害减灾能力图"
    assert np.isfinite([float(row.figures[0].replace(",", "")) for row in subject.rows if row.figures[0] != "—"]).all()


def test_without_people_it_is_left_out():
    with pytest.raises(AbsentError):
        make(replace(assessed(), exposed=None))


def test_too_little_known_gets_no_class():
    found = assessed()
    bare = replace(
        found.survey, layers={k: v for k, v in found.survey.layers.items() if k in {"roads", "villages", "dem"}}
    )
    towns, _ = make(replace(found, survey=bare))
    assert (towns.frame["class"] == NO_CLASS).all()
    assert towns.frame["score"].notna().any()
