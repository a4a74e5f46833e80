"""Drought quantities on records made by hand."""

from dataclasses import replace
from types import MappingProxyType

import fields
import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.hazards.drought import DROUGHT, measure
from riskmap.methods import spi
from riskmap.model import Threshold


@pytest.fixture
def weather():
    return fields.weather()


def county(weather, **more):
    return fields.bare(stations=weather["stations"], weather_monthly=weather["weather_monthly"], **more)


def at(measured, name, station):
    """Value in the cell of a station."""
    return float(measured[name].sel(x=station.x, y=station.y, method="nearest"))


def alone(weather):
    """One station: every cell has its value."""
    return {
        "stations": weather["stations"].iloc[:1],
        "weather_monthly": weather["weather_monthly"].query("station_id == 'A'"),
    }


@pytest.mark.filterwarnings("ignore:1 of 1 stations")
def test_shares_and_rare_minimum_of_one_station(weather):
    one = alone(weather)
    got = measure(county(one), fields.tiny.grid())
    index = spi(one["weather_monthly"]["rain_mm"].to_numpy(), scale_months=3).clip(-3.09, 3.09)
    known = index[2:]
    assert float(got["light_drought_pct"].max()) == pytest.approx(100 * (known <= -0.5).mean(), rel=1e-5)
    assert float(got["moderate_drought_pct"].min()) == pytest.approx(100 * (known <= -1.0).mean(), rel=1e-5)
    lowest = np.sort(index.reshape(30, 12)[1:].min(axis=1))
    assert float(got["spi3_10a"].mean()) == pytest.approx(lowest[2], rel=1e-5)  # rank 3 of 29: 3/30 = 1/10
    assert np.isnan(got["spi3_10a_sd"]).all()


def test_order_of_records_and_stations_without_records_do_not_matter(weather):
    shuffled = {**weather, "weather_monthly": weather["weather_monthly"].sample(frac=1, random_state=1)}
    more = weather["stations"].assign(station_id=["X", "Y", "Z"], name=["x", "y", "z"])
    widened = {**shuffled, "stations": pd.concat([weather["stations"], more], ignore_index=True)}
    plain, wide = (measure(county(one), fields.tiny.grid()) for one in (weather, widened))
    for name in plain.data_vars:
        np.testing.assert_allclose(plain[name], wide[name], rtol=1e-6)
    assert [row[0] for row in wide.attrs["left_out"]] == ["x的干旱指标", "y的干旱指标", "z的干旱指标"]


def test_a_short_record_is_left_out_by_name(weather):
    monthly = weather["weather_monthly"]
    short = monthly[(monthly["station_id"] != "B") | (monthly["year"] > 2000)]
    got = measure(county({**weather, "weather_monthly": short}), fields.tiny.grid())
    assert got.attrs["left_out"] == (
        (
            "乙站的干旱指标",
            "Drought quantities of station 乙站",
            "仅有20个完整年份，少于30年",
            "20 complete years only, 30 are needed",
        ),
    )
    assert "2个气象站" in got.attrs["method_zh"]
    with pytest.raises(MethodError, match=r"30 complete years \(most: 20\)"):
        measure(county({**weather, "weather_monthly": monthly[monthly["year"] > 2000]}), fields.tiny.grid())


def test_a_county_may_ask_for_fewer_years(weather):
    survey = county({**weather, "weather_monthly": weather["weather_monthly"].query("year > 2000")})
    key = "drought.record_years"
    fewer = replace(survey.standards.threshold(key), value=20)
    assert isinstance(fewer, Threshold)
    got = measure(replace(survey, standards=survey.standards.with_entries(thresholds={key: fewer})), survey.grid)
    assert np.isfinite(got["spi3_10a"]).all()


def test_a_month_that_stands_twice_is_refused(weather):
    monthly = weather["weather_monthly"]
    again = {**weather, "weather_monthly": pd.concat([monthly, monthly.iloc[[5]]])}
    with pytest.raises(MethodError, match="station_id A, year 1991, month 6"):
        measure(county(again), fields.tiny.grid())


def test_records_of_other_stations_only(weather):
    other = {**weather, "weather_monthly": weather["weather_monthly"].assign(station_id="Q")}
    with pytest.raises(MethodError, match="no month of any station"):
        measure(county(other), fields.tiny.grid())


def test_without_temperatures_only_aridity_is_unknown(weather):
    cold = {**weather, "weather_monthly": weather["weather_monthly"].drop(columns="temp_degc")}
    got = measure(county(cold), fields.tiny.grid())
    assert [name for name in DROUGHT_NAMES if np.isnan(got[name]).all()] == ["aridity"]
    assert got.attrs["left_out"][0][1].startswith("Rain over")


DROUGHT_NAMES = [one.variable for one in DROUGHT.factors]


def test_drier_station_is_more_arid_and_longer_droughts_are_longer(weather):
    monthly = weather["weather_monthly"]
    wet = monthly.assign(rain_mm=monthly["rain_mm"] * np.where(monthly["station_id"] == "A", 3, 1))
    got = measure(county({**weather, "weather_monthly": wet}), fields.tiny.grid())
    places = weather["stations"].geometry
    assert at(got, "aridity", places[0]) > 2 * at(got, "aridity", places[1])
    decades = np.where((monthly["station_id"] == "B") & (monthly["year"] % 10 < 3), 0.2, 1)
    long = measure(
        county({**weather, "weather_monthly": monthly.assign(rain_mm=monthly["rain_mm"] * decades)}), fields.tiny.grid()
    )
    for name in ("drought_duration_months", "drought_severity_months"):
        assert at(long, name, places[1]) > 1.5 * at(long, name, places[2])


def test_unknown_months_take_their_year_out(weather):
    monthly = weather["weather_monthly"].copy()
    monthly.loc[(monthly["station_id"] == "A") & (monthly["year"] == 2000) & (monthly["month"] == 7), "rain_mm"] = (
        np.nan
    )
    got = measure(county({**weather, "weather_monthly": monthly}), fields.tiny.grid())
    assert [row[2] for row in got.attrs["left_out"]] == ["仅有29个完整年份，少于30年"]


def test_outside_the_county_is_unknown(weather):
    survey = county(weather)
    mask = survey.mask.copy()
    mask[:, :7] = False
    got = measure(replace(survey, mask=mask), survey.grid)
    for name in got.data_vars:
        np.testing.assert_array_equal(np.isnan(got[name]), ~mask)


def test_survey_layers_are_those_that_are_declared(weather):
    survey = county(weather)
    assert isinstance(survey.layers, MappingProxyType)
    assert {one.name for one in DROUGHT.layers} == set(survey.layers)
