"""Fire weather: seasons, gaps, day lengths, faults. Numbers from outside are in tests/oracle."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods import (
    build_up_index,
    day_lengths,
    fire_season,
    fire_weather,
    fire_weather_index,
    initial_spread_index,
)


def fortnight(**more):
    days = {"temp": 18.0, "rh": 40.0, "wind": 15.0, "rain": 0.0}
    weather = [np.full((1, 14), one) for one in days.values()]
    for day in more.pop("unknown", ()):
        weather[1][0, day] = np.nan
    return fire_weather(*weather, month=np.full(14, 4), lengths=day_lengths([39.0]), **more)


def unknown_days(weather):
    return np.flatnonzero(np.isnan(weather.fwi[0])).tolist()


def test_dry_days_add_up():
    assert (np.diff(fortnight().fwi[0]) > 0).all()


def test_every_season_begins_anew_and_nothing_is_known_between():
    active = np.ones((1, 14), bool)
    active[0, 5:7] = False
    got = fortnight(active=active)
    assert unknown_days(got) == [5, 6]
    np.testing.assert_array_equal(got.dc[0, 7:12], got.dc[0, :5])


@pytest.mark.parametrize(("longest", "unknown"), [(0, list(range(3, 14))), (1, list(range(3, 14))), (2, [3, 4])])
def test_codes_wait_over_short_gaps_only(longest, unknown):
    got = fortnight(unknown=(3, 4), longest_gap_days=longest)
    assert unknown_days(got) == unknown
    if longest == 2:
        assert got.dc[0, 5] - got.dc[0, 2] == pytest.approx(got.dc[0, 1] - got.dc[0, 0])


def test_a_season_after_a_long_gap_is_known_again():
    active = np.ones((1, 14), bool)
    active[0, 8] = False
    assert unknown_days(fortnight(unknown=(3,), active=active)) == [3, 4, 5, 6, 7, 8]


def test_seasons_begin_after_warm_days_and_end_after_cold_ones():
    temp = np.array([13, 13, 11, 13, 13, 13, 4, 4, 6, 4, 4, 4, 20, 20], float)
    got = fire_season(temp, start_degc=12, end_degc=5, days=3)
    assert np.flatnonzero(got).tolist() == [6, 7, 8, 9, 10, 11]
    temp[4] = np.nan
    assert not fire_season(temp, start_degc=12, end_degc=5, days=3).any()


def test_day_lengths_by_latitude():
    got = day_lengths([46.0, 30.0, 0.0, -30.0, -40.0])
    assert got[0, :, 0].tolist() == [6.5, 7.9, 9.0, 11.5, 11.5]
    assert got[1, :, 0].tolist() == [-1.6, -1.6, 1.4, 6.4, 6.4]
    linear = day_lengths([60.0, 46.0, 33.0, -20.0], between="linear")
    np.testing.assert_allclose(linear[0, :, 0], [6.5, 6.5, 7.2, 10.1])
    np.testing.assert_array_equal(linear[0, 1], day_lengths([46.0])[0, 0])
    np.testing.assert_array_equal(day_lengths([39.0, 46.0])[0, 0], day_lengths([46.0])[0, 0])
    assert np.isnan(day_lengths([np.nan])).all()


def test_indices_at_their_ends():
    assert build_up_index(0.0, 0.0) == 0
    assert fire_weather_index(0.0, 50.0) == 0
    assert np.isnan(initial_spread_index(np.nan, 3.0))
    assert np.isnan(build_up_index(1.0, np.nan))
    assert np.isnan(fire_weather_index(np.nan, 1.0))
    below, above = fire_weather_index([10.0, 10.0], [79.999, 80.001])
    assert above == pytest.approx(below, rel=0.01)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: day_lengths([95.0]), "latitudes"),
        (lambda: day_lengths([40.0], between="nearest"), "nearest"),
        (lambda: fire_season(np.ones(3), start_degc=5, end_degc=12, days=3), "not warmer"),
        (lambda: fire_weather(*np.ones((4, 1, 2)), month=np.array([1]), lengths=day_lengths([40.0])), "months"),
        (lambda: fire_weather(*np.ones((4, 1, 1)), month=np.array([0]), lengths=day_lengths([40.0])), "1 to 12"),
    ],
)
def test_faults_are_named(call, match):
    with pytest.raises(MethodError, match=match):
        call()
