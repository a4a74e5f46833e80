"""Standardised indices: unknowns, zeros, calendars, faults. Numbers from outside are in tests/oracle."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods import gamma_fit, l_moments, rolling_sum, spei, spi, thornthwaite_mm


@pytest.fixture
def rain():
    return np.random.default_rng(3).gamma(2, 20, size=(2, 360))


def test_rolling_sum_waits_for_a_full_window_and_passes_unknowns_on():
    got = rolling_sum(np.array([1.0, 2, np.nan, 4, 5, 6]), months=2)
    np.testing.assert_array_equal(got, [np.nan, 3, np.nan, np.nan, 9, 11])
    assert np.isnan(rolling_sum(np.ones(2), months=3)).all()


def test_stations_do_not_know_each_other(rain):
    both = spi(rain, scale_months=3)
    np.testing.assert_array_equal(both[1], spi(rain[1], scale_months=3))


def test_index_is_standard_normal_in_every_calendar_month(rain):
    index = spi(rain, scale_months=1).reshape(2, 30, 12)
    np.testing.assert_allclose(index.mean(axis=1), 0, atol=0.05)
    np.testing.assert_allclose(index.std(axis=1), 1, atol=0.1)


def test_a_series_that_begins_in_march_is_the_same_series(rain):
    cut = spi(rain[0, 2:], scale_months=1, first_month=3)
    whole = spi(np.concatenate([[np.nan, np.nan], rain[0, 2:]]), scale_months=1)
    np.testing.assert_array_equal(cut, whole[2:])


def test_unknown_in_unknown_out(rain):
    rain[0, 100] = np.nan
    index = spi(rain, scale_months=3)
    assert np.flatnonzero(np.isnan(index[0])).tolist() == [0, 1, 100, 101, 102]


def test_dry_months_have_the_probability_of_no_rain(rain):
    rain[0, ::48] = 0
    dry = 8 / 30
    from scipy.stats import norm

    np.testing.assert_allclose(spi(rain, scale_months=1)[0, ::48], norm.ppf(dry))
    assert (spi(rain, scale_months=1, zeros="impossible")[0, ::48] == -np.inf).all()


def test_a_month_without_enough_rain_has_no_index():
    rain = np.ones((30, 12)) + np.arange(30)[:, None]
    rain[:27, 0] = 0
    index = spi(rain.ravel(), scale_months=1).reshape(30, 12)
    assert np.isnan(index[:, 0]).all()
    assert np.isfinite(index[:, 1:]).all()
    assert np.isnan(spi(np.full(360, 5.0), scale_months=1)).all()


def test_spei_takes_negative_balances_and_is_not_the_spi(rain):
    index = spei(rain - 60, scale_months=3)
    assert np.isfinite(index[:, 2:]).all()
    assert np.corrcoef(index[0, 2:], spi(rain, scale_months=3)[0, 2:])[0, 1] > 0.97


def test_no_evapotranspiration_in_frost_and_none_known_without_a_summer():
    year = np.tile([-5.0, -2, 4, 10, 15, 20, 22, 20, 15, 9, 2, -4], 2)
    pet = thornthwaite_mm(year, latitude_deg=39)
    np.testing.assert_array_equal(pet == 0, year <= 0)
    assert pet[6] == pet.max()
    np.testing.assert_array_equal(thornthwaite_mm(year[3:], latitude_deg=39, first_month=4), pet[3:])
    year[1] = np.nan
    assert np.flatnonzero(np.isnan(thornthwaite_mm(year, latitude_deg=39))).tolist() == [1]
    assert np.isnan(thornthwaite_mm(np.full(24, -3.0), latitude_deg=39)).all()
    assert np.isnan(thornthwaite_mm(np.full(11, 3.0), latitude_deg=39)).all()


def test_l_moments_of_the_uniform_distribution():
    np.testing.assert_allclose(l_moments(np.linspace(0, 1, 2001)), [0.5, 1 / 6, 0], atol=1e-3)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: spi(np.array([-1.0]), scale_months=1), "never negative"),
        (lambda: spi(np.ones(12), scale_months=0), "0 months"),
        (lambda: spi(np.ones(12), scale_months=1, first_month=13), "first_month 13"),
        (lambda: spi(np.ones(12), scale_months=1, zeros="none"), "zeros"),
        (lambda: gamma_fit(np.array([0.0, 1.0])), "positive values"),
        (lambda: gamma_fit(np.ones(5), method="best"), "no gamma fit"),
    ],
)
def test_faults_are_named(call, match):
    with pytest.raises(MethodError, match=match):
        call()
