"""Danger areas, decks of bridges and people at other times of the made-up county are such as a county could have."""

import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr

from riskmap.pipeline import load, open_county
from riskmap.shelters.demand import people_at_times
from riskmap.shelters.scenarios import scenarios_of

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def survey(demo_folder):
    return load(open_county(demo_folder))


def test_people_leave_villages_by_day_and_come_home_for_the_festival(survey):
    villages = survey.frame("villages")
    town, seat = villages["ur_code"] == "111", villages["ur_code"] == "122"
    assert villages["people_day"].sum() == villages["people"].sum()  # nobody is lost between home and work
    gain = villages["people_day"] / villages["people"]
    assert gain[town].min() > 1.05
    assert gain[seat].min() > 1.05
    assert gain[~town & ~seat].between(0.7, 0.95).all()
    assert villages["people_night"].between(0.96 * villages["people"], villages["people"]).all()
    times = people_at_times(survey, villages.set_index("code")["people"].reindex(survey.units.index))
    assert list(times) == ["resident", "day", "night", "festival"]
    assert times.notna().all(axis=None)
    back = times["festival"] / times["resident"]
    assert back.min() > 1
    rural = ~villages.set_index("code")["ur_code"].reindex(times.index).eq("111")
    assert back[rural].min() > back[~rural].max()


def test_share_of_the_disabled_is_that_of_the_country(survey):
    """6.34 % on 1 April 2006: Second National Sample Survey on Disability, communique no. 1 (2006-12-01)."""
    villages = survey.frame("villages")
    assert villages["disabled_people"].sum() / villages["people"].sum() == pytest.approx(0.0634, rel=0.01)
    share, old = villages["disabled_people"] / villages["people"], villages["elderly_people"] / villages["people"]
    assert np.corrcoef(share, old)[0, 1] > 0.3


def test_bridges_stand_above_their_bed_and_some_lie_low(survey):
    roads = survey.frame("roads")
    decks = roads["deck_m"]
    bridges = roads["bridge"].fillna(False).astype(bool)
    assert decks[~bridges].isna().all()
    assert 0.1 < decks[bridges].isna().mean() < 0.3
    known = roads[decks.notna()]
    points, of = shapely.get_coordinates(shapely.segmentize(known.geometry.to_numpy(), 5.0), return_index=True)
    cells = survey.raster("dem")
    at = cells.to_numpy()[
        np.abs(cells["y"].to_numpy()[:, None] - points[:, 1]).argmin(axis=0),
        np.abs(cells["x"].to_numpy()[:, None] - points[:, 0]).argmin(axis=0),
    ]
    clear = known["deck_m"].to_numpy() - pd.Series(at).groupby(of).min().to_numpy()
    assert (clear > 0.3).all()
    low = clear < 1.5
    assert 5 <= low.sum() <= 25
    assert set(known["class"][low]) <= {"乡道", "村道"}
    assert (clear[known["class"].isin(["国道", "省道"]).to_numpy()] > 5).all()


def test_danger_areas_hold_a_few_people_in_a_hundred(survey):
    areas, houses = survey.frame("danger_areas"), survey.frame("buildings")
    people = survey.frame("villages").set_index("code")["people"]
    heads = houses["village_code"].map(people / houses.groupby("village_code").size()).fillna(0)
    titles = {"山洪危险区（20年一遇）", "山洪危险区（100年一遇）", "地质灾害风险区"}
    found = {name: one for name, one in scenarios_of(survey, {}).items() if name in titles}
    assert set(found) == titles
    inside = {}
    at = {one: xr.DataArray(getattr(houses.geometry, one).to_numpy(), dims="house") for one in "xy"}
    for name, one in found.items():  # as the analysis counts them, by cells, and as they were drawn
        inside[name] = heads[one.mask.sel(at, method="nearest").to_numpy()].sum() / people.sum()
    drawn = areas[areas["return_period_a"] == 100].union_all()
    assert heads[houses.within(drawn)].sum() / people.sum() == pytest.approx(inside["山洪危险区（100年一遇）"], rel=0.3)
    assert 0.003 < inside["地质灾害风险区"] < 0.02
    assert 0.01 < inside["山洪危险区（20年一遇）"] < 0.03
    assert inside["山洪危险区（20年一遇）"] < inside["山洪危险区（100年一遇）"] < 0.05


def test_danger_areas_lie_where_their_hazard_is(survey):
    areas = survey.frame("danger_areas")
    assert areas.within(survey.outline.union_all()).all()
    floods = areas[areas["type"] == "山洪危险区"]
    large, small = (floods[floods["return_period_a"] == years].set_index("name").geometry for years in (100, 20))
    assert set(small.index) <= set(large.index)
    assert small.difference(large[small.index]).area.max() < 1.0
    streams = survey.frame("streams")
    streams = streams[streams["name"] != "黄河"].union_all()
    assert (floods.distance(streams) == 0).all()
    points = survey.frame("hazard_points").drop_duplicates("code").set_index("code")
    slides = areas[areas["type"] == "地质灾害风险区"].assign(point=lambda one: one["code"].str[2:]).set_index("point")
    both = slides.index.intersection(points.index)
    assert len(both) > 20
    assert (points.geometry[both].distance(slides.geometry[both]) < 1).mean() > 0.85  # some places are sown wrong
    assert set(points.loc[both, "type"]) == {"崩塌", "滑坡", "泥石流"}
