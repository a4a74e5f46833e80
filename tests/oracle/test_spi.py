"""Standardised indices against R's SPEI package on its own Wichita series (1980-2011)."""

import numpy as np
import pandas as pd
import pytest

from riskmap.methods import gamma_fit, spei, spi, thornthwaite_mm


@pytest.fixture
def wichita(shared):
    return pd.read_csv(shared / "reference/drought/spei_r_wichita_expected.csv")


@pytest.mark.parametrize(("scale", "tolerance"), [(1, 2e-14), (12, 5e-8)])
def test_spi_with_mixed_zeros(wichita, scale, tolerance):
    """Columns of 2018, which mix the share of zeros in; the second was made with pi of 8 digits."""
    got = spi(wichita["PRCP"].to_numpy(), scale_months=scale, fit="ub-pwm")
    np.testing.assert_allclose(got, wichita[f"spi_{scale}mo"], rtol=0, atol=tolerance)


@pytest.mark.parametrize("scale", [1, 12])
def test_spi_of_the_current_release(wichita, scale):
    """SPEI 1.8.1: zeros are impossible (-Inf, stored as empty); its gamma fit writes pi with 8 digits."""
    got = spi(wichita["PRCP"].to_numpy(), scale_months=scale, fit="ub-pwm", zeros="impossible")
    expected = wichita[f"v181_spi_{scale}_vector"].to_numpy()
    finite = np.isfinite(got)
    if scale == 1:
        assert (got[~finite] == -np.inf).all()
        np.testing.assert_array_equal(~finite, wichita["PRCP"] == 0)
    np.testing.assert_allclose(got[finite], expected[finite], rtol=0, atol=5e-8)
    assert np.isnan(expected[~finite]).all()


@pytest.mark.parametrize("scale", [1, 12])
def test_spei(wichita, scale):
    balance = (wichita["PRCP"] - wichita["thornthwaite_out"]).to_numpy()
    got = spei(balance, scale_months=scale)
    np.testing.assert_allclose(got, wichita[f"v181_spei_{scale}_vector"], rtol=0, atol=3e-14)


def test_thornthwaite(wichita):
    got = thornthwaite_mm(wichita["TMED"].to_numpy(), latitude_deg=37.6475)
    np.testing.assert_allclose(got, wichita["thornthwaite_out"], rtol=0, atol=2e-8)


def test_default_fit_is_close_to_maximum_likelihood(wichita):
    """Thom's closed form against scipy's numerical maximum."""
    from scipy.stats import gamma

    rain = wichita.loc[wichita["MONTH"] == 7, "PRCP"].to_numpy()
    shape, _, scale = gamma.fit(rain, floc=0)
    np.testing.assert_allclose(gamma_fit(rain), (shape, scale), rtol=0.005)
