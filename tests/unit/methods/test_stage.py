import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.methods import gumbel_interpolate, normal_depth_m, rational_peak_m3_s
from riskmap.methods.flood_rating import design_rain_24h_mm, peak_discharge_m3_s, stage_m
from riskmap.standards import book

AREAS = np.geomspace(0.1, 5000, 50)


def test_frequency_curve_is_not_continued():
    with pytest.raises(MethodError, match="beyond"):
        gumbel_interpolate([10, 100], [80, 140], at_a=[200])
    with pytest.raises(MethodError, match="ascending"):
        gumbel_interpolate([100, 10], [80, 140], at_a=[50])


def test_gumbel_quantiles_lie_on_the_line():
    years = np.array([5.0, 10, 20, 50, 100])
    true = 60 + 20 * -np.log(-np.log(1 - 1 / years))
    np.testing.assert_allclose(gumbel_interpolate(years[[0, 4]], true[[0, 4]], at_a=years), true, rtol=1e-12)


def test_depth_grows_with_discharge_and_falls_with_slope():
    depth = normal_depth_m([10, 20, 40], width_m=5, slope=0.002, roughness=0.03)
    assert (np.diff(depth) > 0).all()
    assert normal_depth_m(20, width_m=5, slope=0.01, roughness=0.03) < depth[1]
    assert normal_depth_m(0, width_m=5, slope=0.01, roughness=0.03) == 0
    assert np.isnan(normal_depth_m(np.nan, width_m=5, slope=0.01, roughness=0.03))


def test_deep_narrow_channels_converge():
    depth = normal_depth_m(50.0, width_m=1.0, slope=0.001, roughness=0.03).item()
    radius = depth / (1 + 2 * depth)
    assert depth * radius ** (2 / 3) * 0.001**0.5 / 0.03 == pytest.approx(50, rel=1e-9)


def test_wrong_channels():
    with pytest.raises(MethodError):
        normal_depth_m(1, width_m=0, slope=0.01, roughness=0.03)
    with pytest.raises(MethodError):
        rational_peak_m3_s(1, length_km=1, slope=0.1, rain_24h_mm=100, rain_exponent=1.2, loss_mm_h=5, routing_m=1)


def test_peak_is_continuous_and_grows_with_area_and_rain():
    small = peak_discharge_m3_s(AREAS, book(), rain_24h_mm=80)
    large = peak_discharge_m3_s(AREAS, book(), rain_24h_mm=160)
    assert (np.diff(small) > 0).all()
    assert (large > small).all()
    limit = book().value("flood.rational_area_max_km2")
    below, above = peak_discharge_m3_s(np.array([limit * 0.9999, limit * 1.0001]), book(), rain_24h_mm=80)
    assert above / below == pytest.approx(1, abs=1e-3)
    assert np.isnan(peak_discharge_m3_s(AREAS, book(), rain_24h_mm=np.nan)).all()


def test_stage_is_deeper_downstream():
    stage = stage_m(peak_discharge_m3_s(AREAS, book(), rain_24h_mm=120), AREAS, book())
    assert (np.diff(stage) > 0).all()


def test_county_rain_goes_before_the_default():
    table = pd.DataFrame(
        {
            "return_period_a": [10, 10, 100, 10],
            "duration_h": [24, 24, 24, 6],
            "rain_mm": [80.0, 100.0, 150.0, 1.0],
        }
    )
    rain, own = design_rain_24h_mm(table, book(), return_periods_a=[5, 10, 100])
    assert own
    np.testing.assert_allclose(rain, [np.nan, 90, 150])
    rain, own = design_rain_24h_mm(table[table["duration_h"] == 6], book(), return_periods_a=[5, 10, 100])
    assert not own
    assert rain[0] == 75


def test_mean_slope_of_the_main_channel_is_that_of_its_profile():
    """S = 0.03 A^-0.4 at every A = (x / 1.27)^(1/0.6) down a channel: its mean is three times the outlet's."""
    area, parts = 100.0, 2_000_000
    length = 1.27 * area**0.6
    x = (np.arange(parts) + 0.5) / parts * length
    mean = (0.03 * (x / 1.27) ** (-0.4 / 0.6)).mean()
    expected = rational_peak_m3_s(
        area, length_km=length, slope=mean, rain_24h_mm=100, rain_exponent=0.7, loss_mm_h=5, routing_m=1
    )
    assert peak_discharge_m3_s(np.array([area]), book(), rain_24h_mm=100).item() == pytest.approx(expected, rel=2e-3)
