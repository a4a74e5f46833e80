"""Rates of a surface fire against the tables in which they were published."""

import math

import numpy as np
import pytest

from riskmap.methods import calm_rate_m_min, slope_factor, wind_factor, wind_force
from riskmap.standards import book

# Wang Zhengfei's table of Kw by wind of 1 to 12 m/s, as public code that implements his model quotes it
# (WangZhengfei_Model, Kw_dict). He reads it from a curve; Mao's exponential stays within 6 % of it.
WIND_TABLE = [1.2, 1.4, 1.7, 2.0, 2.4, 2.9, 3.3, 4.1, 5.1, 6.0, 7.3, 8.5]

# Lower bounds of the Beaufort forces 1 to 12, m/s (WMO-No. 306, code table 1100)
BEAUFORT = [0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7]


def threshold(name):
    return book().threshold(f"fire.{name}").value


def test_factor_of_wind_against_the_published_table():
    got = wind_factor(np.arange(1, 13), exponent=threshold("wind_exponent"))
    np.testing.assert_allclose(got, WIND_TABLE, rtol=0.06)
    np.testing.assert_array_equal(got[[0, 1, 2, 3, 4, 5, 11]].round(1), np.array(WIND_TABLE)[[0, 1, 2, 3, 4, 5, 11]])
    assert wind_factor(0.0, exponent=0.1783) == 1
    assert wind_factor(-5.0, exponent=0.1783) == pytest.approx(1 / 2.439, rel=1e-3)


def test_factor_of_slope_is_ten_from_seventy_per_cent_on():
    # cffdrs (slope_adjustment): SF = 10 if GS >= 70 else exp(3.533 (GS / 100) ** 1.2), equation 39 of ST-X-3
    constants = threshold("slope_exponent")
    ground = np.arange(0, 120, 5)
    cffdrs = [10 if one >= 70 else math.exp(3.533 * (one / 100) ** 1.2) for one in ground.tolist()]
    np.testing.assert_allclose(slope_factor(ground / 100, constants=constants), cffdrs, rtol=2e-3)
    np.testing.assert_allclose(slope_factor([0.7, 1.0, 9.0], constants=constants), 10, rtol=2e-3)
    np.testing.assert_allclose(
        slope_factor(-ground / 100, constants=constants), 1 / slope_factor(ground / 100, constants=constants)
    )
    assert np.isnan(slope_factor(np.nan, constants=constants))


def test_wind_force_rounds_to_the_steps_of_beaufort():
    forces = np.arange(1, 13)
    np.testing.assert_array_equal(wind_force(np.array(BEAUFORT) + 0.06).round(), forces)
    np.testing.assert_array_equal(wind_force(np.array(BEAUFORT) - 0.14).round(), forces - 1)


def test_rate_by_weather_counts_dry_air_and_never_turns_back():
    # public code (r0_from_weather): 0.03 T + 0.05 W + 0.01 (100 - h); the d of the others taken off. By hand:
    # 0.03 * 30 + 0.05 * 4 + 0.01 * 70 - 0.3
    constants = threshold("calm_rate")
    force_4 = 0.836 * 4**1.5
    assert calm_rate_m_min(30.0, force_4, 30.0, constants=constants) == pytest.approx(1.5)
    damp, dry = calm_rate_m_min([20.0, 20.0], 3.0, [90.0, 20.0], constants=constants)
    assert damp < dry
    assert calm_rate_m_min(-15.0, 0.0, 100.0, constants=constants) == 0
    assert np.isnan(calm_rate_m_min([np.nan, 20.0], 3.0, [50.0, np.nan], constants=constants)).all()
