"""What is stored comes back the same."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import tiny
import xarray as xr
from geopandas.testing import assert_geodataframe_equal

from riskmap.model.codec import decode, encode
from riskmap.standards import book


def test_an_assessment_comes_back():
    before = tiny.assessment()
    after = decode(encode(before), standards=book())
    assert after.survey.county == before.survey.county
    assert after.survey.grid == before.survey.grid
    assert after.survey.findings == before.survey.findings
    assert after.survey.layers["dem"].source == before.survey.layers["dem"].source
    assert_geodataframe_equal(after.risk.units, before.risk.units)
    assert_geodataframe_equal(after.shelters.demand, before.shelters.demand)
    pd.testing.assert_frame_equal(after.shelters.scenarios, before.shelters.scenarios)
    for name, theme in before.themes.items():
        xr.testing.assert_identical(after.themes[name].classes, theme.classes)
        xr.testing.assert_identical(after.themes[name].measured, theme.measured)
        assert after.themes[name].scheme == theme.scheme
        assert after.themes[name].classes.odc.geobox == tiny.grid()
    assert after.left_out == before.left_out
    assert after.survey.standards is book()


def test_order_comes_back():
    layers = {"outline": {"path": "o.shp"}, "dem": {"path": "d.tif"}}
    after = decode(encode(tiny.county(layers=layers)))
    assert list(after.layers) == ["outline", "dem"]
    measured = xr.Dataset({name: tiny.raster(np.zeros(tiny.SHAPE)) for name in ("z", "a")}, attrs={"n": 1, "b": 2})
    after = decode(encode(measured))
    assert list(after.data_vars) == ["z", "a"]
    assert list(after.attrs) == ["n", "b"]


def test_same_noun_same_bytes():
    assert encode(tiny.risk()) == encode(tiny.risk())


@pytest.mark.parametrize(
    "value",
    [
        float("inf"),
        0.1,
        3,
        True,
        None,
        "河",
        (1, "a"),
        [1.5],
        np.float64(0.1),
        np.int64(7),
        np.bool_(True),
        b"\0\xff",
    ],
)
def test_plain_values(value):
    after = decode(encode(value))
    assert after == value
    assert type(after) is type(value)


def test_arrays():
    for value in (
        np.arange(6).reshape(2, 3),
        np.array([]),
        np.array(["a", "河"], object),
        np.array([np.nan, 1], "float32"),
    ):
        after = decode(encode(value))
        np.testing.assert_array_equal(after, value)
        assert after.dtype == value.dtype


def test_return_periods_survive():
    layers = [tiny.raster(np.full(tiny.SHAPE, n, "float32")) for n in (5, 100)]
    depth = xr.concat(layers, xr.DataArray([5, 100], dims="return_period", name="return_period"))
    depth.attrs["units"] = "m"
    xr.testing.assert_identical(decode(encode(depth)), depth)


def test_empty_geo_frame():
    empty = gpd.GeoDataFrame({"a": []}, geometry=[], crs=tiny.CRS)
    assert decode(encode(empty)).crs == empty.crs


def test_code_is_refused():
    with pytest.raises(TypeError, match="cannot store"):
        encode({"f": print})
