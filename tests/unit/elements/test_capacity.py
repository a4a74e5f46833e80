"""What townships have against disasters, counted by hand, and how it lessens vulnerability."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny
from tiny_exposure import buildings, with_layers

from riskmap.elements import capacity
from riskmap.model import Exposure
from riskmap.pipeline.assess import lessened
from riskmap.scoring import evaluate

PEOPLE = pd.DataFrame({"people": [1000.0, 500, 500, 2000, 0, 3000]}, index=pd.Index(tiny.CODES, name="unit_id"))


def at(*places):
    return [shapely.Point(tiny.WEST_M + x, tiny.NORTH_M - y) for x, y in places]


def survey(**more):
    points = gpd.GeoDataFrame(
        {"code": ["P1", "P2", "P3"], "type": "滑坡", "warden_name": ["甲", "", None]},
        geometry=at((1000, 1000), (2000, 1500), (1000, 5000)), crs=tiny.CRS,
    )  # fmt: skip
    clinics = gpd.GeoDataFrame({"code": ["C1", "C2"], "beds_count": [30, np.nan]},
                               geometry=at((1000, 1000), (1200, 5000)), crs=tiny.CRS)  # fmt: skip
    stores = gpd.GeoDataFrame({"code": ["W1"]}, geometry=at((3000, 5000)), crs=tiny.CRS)
    layers = {"hazard_points": points, "clinics": clinics, "relief_stores": stores, "buildings": buildings()}
    return with_layers(tiny.survey(**more), **layers)


def found(**more):
    return capacity(survey(**more), Exposure(units=PEOPLE, grids={}))


def test_facilities_by_heads_of_the_township():
    table = found().indicators
    towns = tiny.townships()
    by_town = PEOPLE["people"].groupby(tiny.survey().units["parent_id"]).sum()
    first, second = towns.index[:2]
    assert table.loc[first, "beds_per_1000"] == pytest.approx(30 / by_town[first] * 1000)
    assert table.loc[second, "beds_per_1000"] == 0  # a clinic of unknown beds adds none, the township is a known zero
    assert table.loc[second, "stores_per_10000"] == pytest.approx(1 / by_town[second] * 10_000)


def test_watched_points_roads_and_weak_houses():
    table = found().indicators
    first, second = tiny.townships().index[:2]
    assert table.loc[first, "watched_share_pct"] == 50
    assert table.loc[second, "watched_share_pct"] == 0
    roads = tiny.survey().frame("roads")
    shape = tiny.townships().geometry.loc[first]
    expected = roads.intersection(shape).length.sum() / 1000 / (shape.area / 1e6)
    assert table.loc[first, "road_km_per_km2"] == pytest.approx(expected)
    # 100 m2 of earth and 50 of cave house among 450 with a known structure
    assert table.loc[first, "weak_houses_pct"] == pytest.approx(100 * 150 / 450)


def test_income_finds_its_township_by_long_and_short_codes():
    book = pd.DataFrame({"code": ["140930101000", "140930100"], "income_yuan": [9000, 30000]})
    one = with_layers(survey(), yearbook=book)
    table = capacity(one, Exposure(units=PEOPLE, grids={})).indicators
    assert table["income_yuan"].to_dict() == {"140930100000": 30000, "140930101000": 9000}


def test_dependants_are_counted_over_villages_that_tell_all_three():
    villages = gpd.GeoDataFrame(
        {"code": ["a", "b", "c"], "people": [100, 300, 50], "elderly_people": [20, 30, np.nan],
         "children_people": [10, 40, 5]},
        geometry=at((1000, 1000), (2000, 1500), (1500, 1200)), crs=tiny.CRS,
    )  # fmt: skip
    table = capacity(with_layers(survey(), villages=villages), Exposure(units=PEOPLE, grids={})).indicators
    assert table.loc["140930100000", "dependants_pct"] == pytest.approx(100 * (30 + 70) / (100 + 300))
    assert np.isnan(table.loc["140930101000", "dependants_pct"])


def test_what_was_not_delivered_is_named_and_not_scored():
    told = found()
    gone = {one.product.en for one in told.left_out}
    assert {"Shelter area per head", "Income per head", "Share of children and elderly"} <= gone
    assert not {"income_yuan", "shelter_m2_per_head"} & set(told.indicators)
    assert set(told.indicators.attrs["units"]) == set(told.indicators)


def test_capacity_lessens_vulnerability_as_one_less_c():
    one = survey(scoring={"capacity": 1.0})
    exposed = Exposure(units=PEOPLE, grids={})
    harm = pd.DataFrame({"people": 0.5, "houses": [0.2, np.nan, 0.4, 0.6, 0.8, 1.0]}, index=PEOPLE.index)
    score = evaluate(one.standards.profile("capacity"), capacity(one, exposed).indicators)[0]
    own = score.reindex(one.units["parent_id"]).to_numpy()
    less = lessened(harm, one, exposed)
    assert less["people"].to_numpy() == pytest.approx(0.5 * (1 - own))
    assert np.isnan(less["houses"].iloc[1])
    half = lessened(harm, survey(scoring={"capacity": 0.5}), exposed)
    assert half["people"].to_numpy() == pytest.approx(0.5 * (1 - 0.5 * own))
    assert lessened(harm, survey(), exposed) is harm
