import fields
import numpy as np
import pandas as pd
import pytest
import tiny

from riskmap.errors import MethodError
from riskmap.hazards.flood import measure
from riskmap.methods.flood_rating import peak_discharge_m3_s, stage_m
from riskmap.standards import book


def reasons(found):
    return {one[0]: one[2] for one in found.attrs["left_out"]}


def rain(*rows):
    return pd.DataFrame(rows, columns=["return_period_a", "rain_mm"]).assign(duration_h=24.0)


def test_depth_is_stage_minus_height():
    survey = fields.valley(rain_design=rain((5, 80.0), (100, 160.0)))
    found = measure(survey, survey.grid)
    area = fields.terrain()["channel_km2"][:, 24]
    expected = stage_m(peak_discharge_m3_s(area, book(), rain_24h_mm=160.0), area, book())
    np.testing.assert_allclose(found["depth_m"].sel(return_period=100)[:, 24], expected, rtol=1e-3)
    assert (found["depth_m"].diff("return_period") >= 0).all()
    assert float(found["depth_m"][:, :, 0].max()) == 0
    assert "按本县设计暴雨推求的水深" not in reasons(found)
    assert "flood.default_rain_24h_mm" not in found.attrs["thresholds"]


def test_frequency_is_that_of_the_smallest_flood_that_wets():
    hand = fields.terrain()["hand_m"]
    survey = fields.valley()
    depth = measure(survey, survey.grid)["depth_m"].to_numpy()
    hand[10, 24] = depth[1:3, 10, 24].mean()  # between the floods of 10 and 20 years
    hand[11, 24] = np.nan
    found = measure(fields.valley(hand_m=hand), survey.grid)
    frequency = found["inundation_frequency"].to_numpy()
    assert frequency[10, 24] == pytest.approx(1 / 20)
    assert np.isnan(frequency[11, 24])
    assert frequency[12, 24] == pytest.approx(1 / 5)
    assert frequency[12, 0] == 0


def test_default_rain_is_said_to_be_default():
    found = measure(fields.valley(), tiny.grid())
    assert "未核实" in reasons(found)["按本县设计暴雨推求的水深"]
    assert "flood.default_rain_24h_mm" in found.attrs["thresholds"]


def test_return_periods_beyond_the_rain_are_left_out():
    found = measure(fields.valley(rain_design=rain((10, 80.0), (50, 130.0))), tiny.grid())
    assert found["return_period"].to_numpy().tolist() == [10, 20, 50]
    assert {"5年一遇淹没水深", "100年一遇淹没水深"} <= set(reasons(found))


def test_given_peaks_replace_the_rational_formula():
    found = measure(fields.valley(), tiny.grid(), return_periods_a=(10, 50), peak_coefficients_m3_s=(5.0, 12.0))
    area = fields.terrain()["channel_km2"][30, 24]
    expected = stage_m(np.array([12 * area**0.67]), np.array([area]), book()).item()
    assert found["depth_m"].to_numpy()[1, 30, 24] == pytest.approx(expected, rel=1e-3)
    assert "flood.loss_mm_h" not in found.attrs["thresholds"]


def test_bankfull_flood_lowers_depth_and_opens_the_head():
    survey = fields.valley()
    bed = measure(survey, survey.grid)
    bank = measure(survey, survey.grid, bankfull_return_period_a=2)
    first, second = bed["depth_m"].to_numpy()[:, 30, 24], bank["depth_m"].to_numpy()[:, 30, 24]
    assert np.ptp(first - second) < 1e-5
    assert (first > second).all()
    p = 1 / np.array([5.0, 10, 20, 50, 100])
    body = np.sum((p[:-1] - p[1:]) * (second[:-1] + second[1:]) / 2) + p[-1] * second[-1]
    assert bank["equivalent_depth_m"].to_numpy()[30, 24] == pytest.approx(body + 0.3 * second[0] / 2, rel=1e-4)


def test_beside_a_river_from_outside_depth_is_unknown_until_its_stage_is_given():
    survey = fields.valley()
    free = measure(survey, survey.grid)
    unknown = measure(survey, survey.grid, through_rivers=("小河",))
    gone = np.isnan(unknown["depth_m"].to_numpy()[0])
    above = tiny.relief() - tiny.relief()[:, 24:25]
    np.testing.assert_array_equal(gone, above <= book().value("flood.through_river_rise_m"))
    np.testing.assert_array_equal(unknown["depth_m"].to_numpy()[:, ~gone], free["depth_m"].to_numpy()[:, ~gone])
    assert "水位" in reasons(unknown)["过境大河沿岸淹没水深"]
    given = measure(survey, survey.grid, through_rivers=("小河",), through_river_stages_m=(1, 2, 4, 8, 12))
    assert given["depth_m"].to_numpy()[4, 30, 24] == pytest.approx(12)
    assert given["depth_m"].to_numpy()[4, 30, 26] == pytest.approx(4)
    assert "过境大河沿岸淹没水深" not in reasons(given)


def test_the_yellow_river_is_known_by_its_name():
    streams = tiny.survey().frame("streams").assign(name="黄河")
    assert np.isnan(measure(fields.valley(streams=streams), tiny.grid())["equivalent_depth_m"].to_numpy()).any()


def test_knobs_that_do_not_fit_are_named_together():
    survey = fields.valley()
    with pytest.raises(MethodError) as fault:
        measure(
            survey,
            survey.grid,
            return_periods_a=(20, 5),
            peak_coefficients_m3_s=(1.0,),
            through_river_stages_m=(1,),
        )
    assert len(fault.value.faults) == 3
    with pytest.raises(MethodError, match="bankfull"):
        measure(survey, survey.grid, bankfull_return_period_a=10)
    with pytest.raises(MethodError, match="bankfull"):
        measure(
            survey,
            survey.grid,
            return_periods_a=(5,),
            peak_coefficients_m3_s=(3,),
            bankfull_return_period_a=2,
        )


def test_it_never_calls_itself_a_risk_map():
    found = measure(fields.valley(), tiny.grid())
    assert found.attrs["title_zh"] == "洪水淹没筛查图"
    assert "不是洪水风险图" in found.attrs["method_zh"]
    assert "凌汛淹没" in reasons(found)
