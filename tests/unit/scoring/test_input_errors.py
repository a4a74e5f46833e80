"""A score with its inputs one standard error off."""

import numpy as np
import xarray as xr

from riskmap.model import Indicator, Profile, Text
from riskmap.scoring.input_errors import shifted_scores

TITLE = Text("甲", "A")
KNOTS = {"knots": [[0.0, 0.0], [10.0, 0.5], [40.0, 1.0]]}


def field(*values, units="m"):
    return xr.DataArray([list(values)], dims=("y", "x"), attrs={"units": units})


def profile(**weights):
    indicators = (Indicator(factor=name, title=TITLE, unit="m", normaliser="knots", options=KNOTS, weight=weight)
                  for name, weight in weights.items())  # fmt: skip
    return Profile(name="p", title=TITLE, indicators=tuple(indicators), source="t", confidence="C")


def test_only_inputs_with_a_known_error_are_shifted_through_the_bends():
    measured = xr.Dataset(
        {
            "depth": field(10.0, 1.0, 40.0, np.nan), "depth_sd": field(4.0, 4.0, 4.0, 4.0),
            "speed": field(10.0, 10.0, 10.0, 10.0), "speed_sd": field(np.nan, np.nan, np.nan, np.nan),
            "time": field(0.0, 0.0, 0.0, 0.0),
        }
    )  # fmt: skip
    before = measured.copy(deep=True)
    (found,) = shifted_scores(profile(depth=1, speed=1, time=2), measured)
    name, low, high = found
    assert name == "depth"
    # by hand: (s(depth) + 0.5 + 0) / 4 with s(6) = 0.3, s(0) = 0, s(36) = 14/15; s(14) = 0.5 + 4/60, s(5) = 0.25, s(44) = 1
    np.testing.assert_allclose(low.to_numpy()[0], [0.2, 0.125, (14 / 15 + 0.5) / 4, 0.5 / 3], rtol=1e-6)
    np.testing.assert_allclose(high.to_numpy()[0], [(1 + 4 / 60) / 4, 0.1875, 0.375, 0.5 / 3], rtol=1e-6)
    xr.testing.assert_identical(measured, before)


def test_a_cell_whose_error_is_unknown_keeps_its_score():
    measured = xr.Dataset({"depth": field(10.0, 10.0), "depth_sd": field(4.0, np.nan)})
    (found,) = shifted_scores(profile(depth=1), measured)
    np.testing.assert_allclose(found[1].to_numpy()[0], [0.3, 0.5], rtol=1e-6)
    np.testing.assert_allclose(found[2].to_numpy()[0], [0.5 + 4 / 60, 0.5], rtol=1e-6)
