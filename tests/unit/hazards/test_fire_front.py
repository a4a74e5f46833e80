"""A fire front on a county made by hand, and the scenarios that it becomes."""

import itertools
import re
from dataclasses import replace

import fields
import numpy as np
import pandas as pd
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmap.errors import MethodError
from riskmap.hazards import FIRE
from riskmap.hazards.fire import measure
from riskmap.methods import calm_rate_m_min
from riskmap.model.titles import scenario_words
from riskmap.pipeline.publish import rasters
from riskmap.pipeline.themes import assess_theme
from riskmap.shelters.scenarios import closures

DECLARED = {"wind_m_s": 5.0, "temp_degc": 20.0, "humidity_pct": 30.0}
CALM = {**DECLARED, "wind_m_s": 0.0}
RATE = float(calm_rate_m_min(20.0, 0.0, 30.0, constants=(0.03, 0.05, 0.01, 0.3)))


def county(cover=20, fires=((30, 25),), dem=None, **more):
    codes = np.full(tiny.SHAPE, cover, "uint8") if np.isscalar(cover) else cover
    heights = np.full(tiny.SHAPE, 900.0) if dem is None else dem
    rows, columns = np.array(fires).T
    places = fields.points(rows, columns, ["火灾"] * len(rows))
    return fields.bare(land_cover=tiny.raster(codes, "land_cover"), dem=heights, past_fires=places, **more)


def arrival(survey, **knobs):
    return measure(survey, tiny.grid(), **{"front_h": [12], **CALM, **knobs})["front_arrival_h"].to_numpy()


def reason(found):
    return next(row[3] for row in found.attrs["left_out"] if row[1] == "Fire front")


def test_a_calm_day_on_level_forest_by_hand():
    got = arrival(county())
    assert pytest.approx(1.0) == RATE  # 0.03 * 20 + 0.01 * 70 - 0.3, m/min
    assert got[30, 25] == 0
    np.testing.assert_allclose(got[30, 26:31], 100 * np.arange(1, 6) / RATE / 60, rtol=1e-5)
    assert np.isnan(got[30, 35])  # 1000 m: 16.7 h


@pytest.mark.parametrize(("code", "factor"), [(10, 0.4), (20, 1.0), (30, 1.6), (40, 1.8), (50, 0.4)])
def test_every_fuel_has_its_rate(code, factor):
    got = arrival(county(cover=code))
    assert got[30, 26] == pytest.approx(100 / (RATE * factor) / 60, rel=1e-5)


def test_a_river_stops_it_and_unknown_land_too():
    cover = np.full(tiny.SHAPE, 30, "uint8")
    cover[:, 27], cover[:, 22] = 60, 70
    got = arrival(county(cover=cover), front_h=[48])
    assert np.isfinite(got[:, 23:27]).all()
    assert np.isnan(got[:, 27:]).all()
    assert np.isnan(got[:, :23]).all()


def test_without_a_direction_the_wind_is_behind_it_everywhere():
    calm = arrival(county(), front_h=[6])
    blown = arrival(county(), front_h=[6], wind_m_s=5.0)
    ratio = float(calm_rate_m_min(20.0, 5.0, 30.0, constants=(0.03, 0.05, 0.01, 0.3))) / RATE * np.exp(0.1783 * 5)
    known = np.isfinite(calm) & (calm > 0)
    np.testing.assert_allclose(calm[known] / blown[known], ratio, rtol=1e-5)


def test_a_west_wind_drives_it_east():
    got = arrival(county(), wind_m_s=8.0, wind_from_deg=270.0)
    assert got[30, 27] == pytest.approx(arrival(county(), wind_m_s=8.0)[30, 27])
    assert got[30, 27] < got[28, 25] < got[30, 23]
    north = arrival(county(), wind_m_s=8.0, wind_from_deg=0.0)
    assert north[32, 25] < north[28, 25]


def test_it_runs_uphill():
    rising = np.tile(20.0 * np.arange(tiny.SHAPE[1]), (tiny.SHAPE[0], 1))
    got = arrival(county(dem=rising), front_h=[24])
    assert got[30, 26] == pytest.approx(100 * np.hypot(1, 0.2) / np.exp(3.533 * 0.2**1.2) / 60, rel=1e-4)
    assert got[30, 26] < got[31, 25] < got[30, 24]


def test_any_place_of_ignition_counts_and_those_on_bare_ground_start_nothing():
    cover = np.full(tiny.SHAPE, 20, "uint8")
    cover[5, 5] = 90
    survey = county(cover=cover, fires=((30, 25), (5, 5)), ignition_sources=fields.points([50], [40], ["坟地"]))
    found = measure(survey, tiny.grid(), front_h=[1], **CALM)
    got = found["front_arrival_h"].to_numpy()
    assert got[30, 25] == got[50, 40] == 0
    assert np.isnan(got[5, 5])
    assert "2 of 3" in found.attrs["method_en"]
    assert "2（共3）处可燃地类上的起火点（野外火源、历史火灾）" in found.attrs["method_zh"]
    # a delivered source counts in the distance to ignition as well
    assert measure(survey, tiny.grid())["ignition_distance_m"].to_numpy()[50, 40] == 0


def test_distances_by_hour():
    found = measure(county(), tiny.grid(), front_h=[8, 4], **CALM)["front_distance_m"]
    assert found.dims == ("hours", "y", "x")
    assert found["hours"].to_numpy().tolist() == [4, 8]
    assert found["hours"].attrs["units"] == "h"
    assert (found.attrs["units"], found.dtype) == ("m", "float32")
    np.testing.assert_allclose(found[:, 30, 35], [800, 600])  # 240 m and 480 m burnt of 1000 m


def seasons(table):
    """A hundred days in April of two years, each a little drier than the last."""
    days = pd.to_datetime([f"{year}-04-{day:02}" for year in (2019, 2020) for day in range(1, 26)])
    humidity = np.linspace(90, 10, 50)
    both = [
        pd.DataFrame(
            {
                "station_id": one,
                "date": days,
                "temp_degc": 20.0 + off,
                "humidity_pct": humidity,
                "wind_m_s": 4.0,
                "rain_mm": 0.0,
            }
        )
        for one, off in (("A", -1.0), ("B", 1.0))
    ]
    july = both[0].assign(date=days + pd.Timedelta(days=90), temp_degc=40.0, humidity_pct=1.0)
    return {"stations": table["stations"], "weather_daily": pd.concat([*both, july], ignore_index=True)}


def test_the_day_is_the_ninetieth_of_a_hundred_by_rate_of_spread_and_of_the_season():
    survey = county(**seasons(fields.weather()))
    found = measure(survey, tiny.grid(), front_h=[3])
    humidity = np.linspace(90, 10, 50)[44]  # the 45th of 50 days; July is no fire season
    rate = calm_rate_m_min(20.0, 4.0, humidity, constants=(0.03, 0.05, 0.01, 0.3)) * np.exp(0.1783 * 4)
    assert float(found["front_arrival_h"][30, 26]) == pytest.approx(100 / float(rate) / 60, rel=1e-5)
    assert "2020-04-20" in found.attrs["method_en"]
    declared = measure(survey, tiny.grid(), front_h=[3], wind_m_s=9.0)
    assert float(declared["front_arrival_h"][30, 26]) < float(found["front_arrival_h"][30, 26])
    assert "9.0 m/s" in declared.attrs["method_en"]
    assert "fire.calm_rate" in found.attrs["thresholds"]


def test_what_is_missing_is_told():
    survey = county()
    assert "too little weather" in reason(measure(survey, tiny.grid()))
    without = {name: one for name, one in survey.layers.items() if name not in {"dem", "past_fires"}}
    thin = fields.bare(**{name: one.data for name, one in without.items()})
    found = measure(thin, tiny.grid(), **CALM)
    assert reason(found) == "no layer of heights; no places of ignition"
    assert "front_arrival_h" not in found
    assert not [key for key in found.attrs["thresholds"] if "front" in key]
    assert "no hours" in reason(measure(survey, tiny.grid(), front_h=[], **CALM))
    assert "of 1" in reason(measure(county(cover=60), tiny.grid(), **CALM))


@pytest.mark.parametrize(
    ("knobs", "said"),
    [
        ({"front_h": [3, 0]}, "front_h"), ({"front_h": [3, 3]}, "each time once"), ({"wind_m_s": -1.0}, "wind_m_s"),
        ({"humidity_pct": 130.0}, "from 0 to 100"), ({"wind_from_deg": 400.0}, "wind_from_deg"),
    ],
)  # fmt: skip
def test_hours_and_weather_out_of_range(knobs, said):
    with pytest.raises(MethodError, match=said):
        measure(county(), tiny.grid(), **{**DECLARED, **knobs})


def test_every_time_is_a_scenario_that_closes_roads_and_shelters():
    survey = county()
    result, _ = assess_theme(FIRE, survey, {"front_h": [2, 4.5], **CALM})
    assert [name for name in result.scenarios if name.endswith(" h")] == ["fire: 2 h", "fire: 4.5 h"]
    burnt = result.measured["front_arrival_h"].to_numpy() <= 2
    np.testing.assert_array_equal(
        result.scenarios["fire: 2 h"].to_numpy(), burnt
    )  # the margin is less than a cell here
    one = next(each for each in closures({"fire": result}) if each.name == "fire: 4.5 h")
    assert one.shuts("edges")
    assert one.shuts("sites")
    assert one.rule == "shelters.inside_zone"
    title = scenario_words(result.title, one.name, part=result.scenario_titles[one.name])
    assert title.zh == "森林草原火灾危险性（火场4.5小时后）"


def test_what_stands_within_the_margin_is_closed_too():
    survey = county()
    wide = survey.standards.threshold("fire.front_margin_m")
    book = survey.standards.with_entries(thresholds={wide.key: replace(wide, value=150.0)})
    result, _ = assess_theme(FIRE, replace(survey, standards=book), {"front_h": [1], **CALM})
    assert result.scenarios["fire: 1 h"].to_numpy().sum() == 9  # 60 m burnt: the cell and its eight neighbours


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 999), hours=st.lists(st.floats(0.5, 20), min_size=2, max_size=4, unique=True))
def test_more_hours_never_burn_less(seed, hours):
    draw = np.random.default_rng(seed)
    cover = draw.choice([10, 20, 30, 40, 60, 70], tiny.SHAPE).astype("uint8")
    cover[30, 25] = 20
    survey = county(cover=cover, dem=draw.normal(900, 30, tiny.SHAPE))
    found = measure(survey, tiny.grid(), front_h=hours, **DECLARED)
    burnt = found["front_distance_m"].to_numpy() == 0
    for before, after in itertools.pairwise(burnt):
        assert not (before & ~after).any()
    alone = measure(survey, tiny.grid(), front_h=[min(hours)], **DECLARED)["front_distance_m"].to_numpy()
    np.testing.assert_array_equal(burnt[0], alone[0] == 0)


def test_the_hours_are_a_raster_of_the_edition():
    result, _ = assess_theme(FIRE, county(), {"front_h": [3], **CALM})
    found = rasters(replace(tiny.assessment(), themes={"fire": result}))
    title, array, style = found["fire_front_arrival_h"]
    assert title.zh == "火场到达时间（起火后3小时内）"
    np.testing.assert_array_equal(array, result.measured["front_arrival_h"])
    first = re.findall(r'color="(#[0-9a-f]{6})"', style)
    assert first[0] == result.scheme.colours[-1]  # earliest is darkest
    assert "fire_front_distance_m" not in found
