import numpy as np
import pandas as pd
import pytest
import xarray as xr

from riskmap.errors import MethodError
from riskmap.scoring import NORMALISERS, normalise

X = np.array([1.0, 2.0, np.nan, 5.0])


def test_shapes_by_hand():
    assert normalise(X, method="minmax") == pytest.approx([0, 0.25, np.nan, 1], nan_ok=True)
    assert normalise(X, method="half") == pytest.approx([0.5, 0.625, np.nan, 1], nan_ok=True)
    assert normalise(X, method="half", direction=-1) == pytest.approx([1, 0.875, np.nan, 0.5], nan_ok=True)
    assert normalise(X, method="rank") == pytest.approx([1 / 6, 3 / 6, np.nan, 5 / 6], nan_ok=True)
    assert normalise(X, method="log") == pytest.approx(np.log1p(X) / np.log(6), nan_ok=True)
    got = normalise(X, method="log", scale_share=0.1)
    assert got == pytest.approx(np.log1p(X / 0.5) / np.log(11), nan_ok=True)
    assert normalise(X, method="knots", direction=-1, knots=[[1, 1], [3, 0]]) == pytest.approx(
        [1, 0.5, np.nan, 0], nan_ok=True
    )
    assert normalise(X / 5, method="identity", direction=-1) == pytest.approx([0.8, 0.6, np.nan, 0], nan_ok=True)


def test_declared_bounds_hold_values():
    assert normalise(X, method="minmax", low=2, high=4) == pytest.approx([0, 0, np.nan, 1], nan_ok=True)
    assert normalise(np.arange(101.0), method="minmax", winsor=[0.1, 0.9])[[5, 50, 95]] == pytest.approx([0, 0.5, 1])
    assert normalise(X, method="log", low=2) == pytest.approx([0, 0, np.nan, 1], nan_ok=True)


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize(("method", "level"), [("minmax", 0.5), ("half", 0.75), ("rank", 0.5)])
def test_no_contrast_is_the_middle(method, level, direction):
    got = normalise(np.array([3.0, np.nan, 3.0]), method=method, direction=direction)
    assert got == pytest.approx([level, np.nan, level], nan_ok=True)


def test_declared_constant_and_all_zero_log():
    assert normalise(np.zeros(2), method="log", constant=0).tolist() == [0, 0]


@pytest.mark.parametrize("method", sorted(NORMALISERS))
def test_kind_dtype_and_labels_are_kept(method):
    options = {"knots": {"knots": [[0, 0], [1, 1]]}, "target": {"target": 0.2}}.get(method, {})
    series = pd.Series([0.1, 0.5, np.nan], index=list("abc"), name="q")
    got = normalise(series, method=method, **options)
    assert got.index.equals(series.index)
    assert got.name == "q"
    assert np.isnan(got["c"])
    cells = xr.DataArray(
        np.float32([[0.1, np.nan], [0.5, 0.9]]),
        dims=("y", "x"),
        coords={"x": [1.0, 2.0]},
        attrs={"units": "m"},
    )
    out = normalise(cells, method=method, **options)
    assert out.dtype == np.float32
    assert out.dims == ("y", "x")
    assert out.attrs == {"units": "1"}
    assert cells.attrs == {"units": "m"}
    nothing = normalise(np.full(3, np.nan), method=method, **options)
    assert np.isnan(nothing).all()


@pytest.mark.parametrize(
    ("method", "options", "word"),
    [
        ("sigmoid", {}, "not known"),
        ("minmax", {"knots": []}, "takes no option"),
        ("minmax", {"low": 2, "high": 2}, "low must be below"),
        ("minmax", {"winsor": [0.9, 0.1]}, "winsor"),
        ("minmax", {"constant": 2, "low": 9, "winsor": [0, 1]}, "constant"),
        ("knots", {}, "at least two"),
        ("knots", {"knots": [[1, 0], [1, 1]]}, "ascend"),
        ("knots", {"knots": [[1, 0], [2, 7]]}, "0..1"),
        ("log", {"scale": 0}, "above 0"),
        ("identity", {}, "met 5"),
    ],
)
def test_faults_are_named(method, options, word):
    with pytest.raises(MethodError, match=word):
        normalise(X, method=method, **options)


def test_log_of_negative_and_wrong_direction():
    with pytest.raises(MethodError, match="met -1"):
        normalise(np.array([-1.0, 2.0]), method="log")
    with pytest.raises(MethodError, match="direction"):
        normalise(X, method="minmax", direction=0)
