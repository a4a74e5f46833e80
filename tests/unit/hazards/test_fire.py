"""Fire quantities on a county made by hand."""

import fields
import numpy as np
import pandas as pd
import pytest
import tiny

from riskmap.errors import MethodError
from riskmap.hazards.fire import measure
from riskmap.methods import day_lengths, fire_weather


@pytest.fixture
def weather():
    return fields.weather()


def cover(codes):
    """Land cover in vertical strips of equal width."""
    return tiny.raster(np.repeat(np.array(codes, "uint8"), 50 // len(codes))[None].repeat(60, 0), "land_cover")


def test_flammability_of_every_class_and_of_codes_without_one():
    got = measure(fields.bare(land_cover=cover([10, 20, 30, 40, 50, 60, 80, 90, 70, 255])), tiny.grid())
    rating = got["fuel_flammability"].isel(y=0, x=slice(2, None, 5)).to_numpy()
    np.testing.assert_array_equal(rating, [1, 3, 3, 2, 1, 0, 0, 0, np.nan, np.nan])
    burnable = got["burnable"].isel(y=0, x=slice(2, None, 5)).to_numpy()
    np.testing.assert_array_equal(burnable, [1, 1, 1, 1, 1, 0, 0, 0, np.nan, np.nan])


def test_land_cover_with_unknown_cells_as_numbers():
    codes = cover([20, 60]).astype("float32")
    codes[:, :5] = np.nan
    got = measure(fields.bare(land_cover=codes), tiny.grid())["fuel_flammability"].isel(y=0).to_numpy()
    np.testing.assert_array_equal(got, [np.nan] * 5 + [3] * 20 + [0] * 25)


def test_distances_to_ignition_and_to_easily_burning_fuel():
    got = measure(fields.bare(land_cover=cover([30, 40, 40, 40, 10])), tiny.grid())
    row = got["ignition_distance_m"].isel(y=9).to_numpy()
    np.testing.assert_allclose(row, 100 * np.maximum(40 - np.arange(50), 0))
    np.testing.assert_allclose(got["fuel_distance_m"].isel(y=9), 100 * np.maximum(np.arange(50) - 9, 0))


def test_roads_and_villages_are_sources_of_ignition():
    plain = fields.bare(land_cover=cover([20]))
    survey = tiny.survey()
    settled = plain.with_layers({name: survey.layers[name] for name in ("roads", "villages")})
    got = measure(settled, tiny.grid())
    assert (
        got["ignition_distance_m"].sel(x=survey.frame("villages").geometry.x.to_numpy()[0], method="nearest").min()
    ) == 0
    assert float(got["ignition_distance_m"].isel(y=20, x=12)) == 0  # on the road
    assert np.isnan(measure(plain, tiny.grid())["ignition_distance_m"]).all()
    names = [row[1] for row in measure(plain, tiny.grid()).attrs["left_out"]]
    assert {"Roads among the sources of ignition", "Villages among the sources of ignition"} <= set(names)
    assert not any("sources" in row[1] for row in got.attrs["left_out"])


def test_southern_slopes_face_the_sun_and_flat_ground_neither():
    aspect = np.full(tiny.SHAPE, 180.0)
    aspect[:20], aspect[20:40] = 0, 90
    aspect[0, 0], slope = np.nan, np.full(tiny.SHAPE, 30.0)
    slope[0, 0], slope[0, 1] = 0, np.nan
    got = measure(fields.bare(land_cover=cover([20]), slope_deg=slope, aspect_deg=aspect), tiny.grid())["solar_aspect"]
    np.testing.assert_allclose(got[[5, 25, 45], 5], [-0.5, 0, 0.5], atol=1e-6)
    assert got[0, 0] == 0
    assert np.isnan(got[0, 1])


def season(frame, months=(11, 12, 1, 2, 3, 4, 5)):
    """The same chain by hand for one station: codes restart after three days above 12 degC."""
    temp = frame["temp_degc"].to_numpy()
    active, on = np.zeros(len(temp), bool), False
    for day in range(3, len(temp)):
        before = temp[day - 3 : day]
        on = (on or (before > 12).all()) and not (before < 5).all()
        active[day] = on
    month = frame["date"].dt.month.to_numpy()
    columns = [frame[[name]].to_numpy(float).T for name in ("temp_degc", "humidity_pct", "wind_m_s", "rain_mm")]
    columns[2] = columns[2] * 3.6
    lengths = day_lengths([39.4], between="linear")
    fwi = fire_weather(*columns, month=month, lengths=lengths, active=active[None]).fwi[0]
    return np.quantile(fwi[active & np.isin(month, months)], 0.9)


@pytest.mark.filterwarnings("ignore:1 of 1 stations")
@pytest.mark.parametrize("months", [None, (3, 4)])
def test_fire_weather_of_one_station(weather, months):
    one = weather["weather_daily"].query("station_id == 'B'")
    survey = fields.bare(land_cover=cover([20]), stations=weather["stations"], weather_daily=one)
    knobs = {} if months is None else {"season_months": months}
    got = measure(survey, tiny.grid(), **knobs)
    expected = season(one, *([] if months is None else [months]))
    np.testing.assert_allclose(got["fwi_p90"], expected, rtol=2e-3)  # the station stands a little off 39.4 N
    assert np.isnan(got["fwi_p90_sd"]).all()
    assert {row[0] for row in got.attrs["left_out"]} >= {"甲站的火险天气", "丙站的火险天气"}


def test_exact_constant_moves_fire_weather_a_little(weather):
    survey = fields.bare(land_cover=cover([20]), **{k: weather[k] for k in ("stations", "weather_daily")})
    rounded, exact = (measure(survey, tiny.grid(), moisture_scale=one)["fwi_p90"] for one in ("rounded", "exact"))
    assert 0 < float(abs(rounded - exact).max()) < 0.24


def test_one_year_of_days_is_too_few(weather):
    daily = weather["weather_daily"].query("date < '2020-01-01'")
    got = measure(fields.bare(land_cover=cover([20]), stations=weather["stations"], weather_daily=daily), tiny.grid())
    assert np.isnan(got["fwi_p90"]).all()
    assert "无火险天气" in got.attrs["method_zh"]
    assert not [key for key in got.attrs["thresholds"] if "season" in key]


def test_a_day_that_stands_twice_is_refused(weather):
    daily = pd.concat([weather["weather_daily"], weather["weather_daily"].iloc[[9]]])
    survey = fields.bare(land_cover=cover([20]), stations=weather["stations"], weather_daily=daily)
    with pytest.raises(MethodError, match="station_id A, date 2019-01-10"):
        measure(survey, tiny.grid())


def test_days_of_unknown_stations_leave_fire_weather_out(weather):
    daily = weather["weather_daily"].assign(station_id="Q")
    got = measure(fields.bare(land_cover=cover([20]), stations=weather["stations"], weather_daily=daily), tiny.grid())
    assert np.isnan(got["fwi_p90"]).all()
    assert any("known station" in row[3] for row in got.attrs["left_out"])


def test_past_fires_check_the_factors():
    rows = np.arange(0, 40, 5)
    fires = fields.points(rows, np.full(8, 2), ["火灾"] * 8)
    got = measure(fields.bare(land_cover=cover([30, 10]), past_fires=fires), tiny.grid()).attrs["auroc"]
    assert got["points"] == 8
    # 8 of 1500 easy cells burnt, none of the 1500 others: (1492/2 + 1500) / 2992
    assert got["fuel_flammability"] == pytest.approx((1492 / 2 + 1500) / 2992)
    assert "fwi_p90" not in got
    water = measure(fields.bare(land_cover=cover([60, 10]), past_fires=fires), tiny.grid())
    assert water.attrs["auroc"] == {}
    assert any("burnable land" in row[3] for row in water.attrs["left_out"])


def test_months_out_of_range():
    with pytest.raises(MethodError, match="season_months"):
        measure(fields.bare(land_cover=cover([20])), tiny.grid(), season_months=[0, 4])


def test_fires_beside_roads_speak_for_the_distance_to_ignition():
    places = fields.points(np.arange(10, 18), np.full(8, 12), ["火灾"] * 8)  # along the road
    road = {"roads": tiny.survey().layers["roads"]}
    survey = fields.bare(land_cover=cover([30]), past_fires=places).with_layers(road)
    assert measure(survey, tiny.grid()).attrs["auroc"]["ignition_distance_m"] > 0.95
