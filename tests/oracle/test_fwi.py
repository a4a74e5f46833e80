"""Fire weather against cffdrs: the 48 days of Van Wagner and Pickett, other start values, function grids.

`cffdrs_test_fwi.nc` is cffdrs 1.8.18 (constant 147.2); `cffdrs_r_*.csv` is cffdrs_r 1.10 (unrounded, 4 digits).
"""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from riskmap.methods import FFMC_CONSTANT_EXACT, FireWeather, day_lengths, fire_weather


@pytest.fixture
def days(shared):
    return pd.read_csv(shared / "reference/fire/cffdrs_test_fwi_input.csv", sep=";")


def run(frame, **more):
    weather = [frame[[name]].to_numpy(float).T for name in ("temp", "rh", "ws", "prec")]
    return fire_weather(*weather, month=frame["mon"].to_numpy(), lengths=day_lengths([40.0]), **more)


def test_standard_series_from_start_values_and_carried_on(shared, days):
    """The file's second run begins with the codes that end the first."""
    expected = xr.open_dataset(shared / "reference/fire/cffdrs_test_fwi.nc")
    first = run(days)
    second = run(days, start=[first.ffmc[0, -1], first.dmc[0, -1], first.dc[0, -1]])
    for case, got in enumerate((first, second)):
        for name in FireWeather._fields:
            np.testing.assert_allclose(getattr(got, name)[0], expected[name][case], rtol=0, atol=1e-11, err_msg=name)


@pytest.mark.parametrize(("file", "start"), [("01", (85, 6, 15)), ("05", (0, 0, 0))])
def test_unrounded_constant(shared, days, file, start):
    expected = pd.read_csv(shared / f"reference/fire/cffdrs_r_fwi_{file}.csv")
    got = run(days, start=start, constant=FFMC_CONSTANT_EXACT)
    for name in FireWeather._fields:
        np.testing.assert_allclose(getattr(got, name)[0], expected[name.upper()], rtol=5e-4, err_msg=name)


def test_the_constants_differ_as_published(days):
    rounded, exact = run(days), run(days, constant=FFMC_CONSTANT_EXACT)
    assert 0.10 < np.abs(rounded.ffmc - exact.ffmc).max() < 0.125
    assert 0.20 < np.abs(rounded.fwi - exact.fwi).max() < 0.245


def one_day(frame, code, *, place, **more):
    """One day for each row of a function grid, every row a station of its own."""
    start = np.tile([85.0, 6.0, 15.0], (len(frame), 1))
    start[:, place] = frame[code]
    columns = {"temp": 20.0, "rh": 40.0, "ws": 10.0, "prec": 0.0}
    weather = [
        frame.assign(**{k: v for k, v in columns.items() if k not in frame})[[k]].to_numpy(float) for k in columns
    ]
    return fire_weather(*weather, start=start, **more)


def test_grid_of_the_fine_fuel_code_with_invalid_inputs(shared):
    grid = pd.read_csv(shared / "reference/fire/cffdrs_r_grid_FineFuelMoistureCode.csv")
    got = one_day(
        grid,
        "ffmc_yda",
        place=0,
        month=np.array([1]),
        lengths=np.zeros((2, len(grid), 12)),
        constant=FFMC_CONSTANT_EXACT,
    ).ffmc[:, 0]
    np.testing.assert_array_equal(np.isnan(got), grid["FineFuelMoistureCode"].isna())
    np.testing.assert_allclose(got, grid["FineFuelMoistureCode"], rtol=5.1e-4)


@pytest.mark.parametrize(("file", "code", "place"), [("DuffMoistureCode", "dmc_yda", 1), ("DroughtCode", "dc_yda", 2)])
def test_grids_of_the_slow_codes_by_latitude_and_month(shared, file, code, place):
    grid = pd.read_csv(
        shared / f"reference/fire/cffdrs_r_grid_{file}.csv", true_values=["TRUE"], false_values=["FALSE"]
    )
    for (month, adjust), part in grid.groupby(["mon", "lat.adjust"]):
        latitude = part["lat"] if adjust else np.full(len(part), 46.0)
        got = one_day(part, code, place=place, month=np.array([month]), lengths=day_lengths(latitude))
        np.testing.assert_allclose(got[place][:, 0], part[file], rtol=5.1e-4, atol=5e-4)
