from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny
import xarray as xr

from riskmap.errors import MethodError, MissingLayerError
from riskmap.model import Indicator, Profile, Text
from riskmap.scoring import (
    combine,
    critic_weights,
    entropy_weights,
    equal_weights,
    evaluate,
    given_weights,
    named_weights,
)

A, B = np.array([0.25, 0.5, np.nan, 0.0]), np.array([1.0, np.nan, np.nan, 0.9])


@pytest.mark.parametrize(
    ("combiner", "expected"),
    [
        ("weighted_mean", [0.4375, 0.5, np.nan, 0.225]),
        ("geometric_mean", [0.25**0.75, 0.5, np.nan, 0]),
        ("product", [0.25, 0.25, np.nan, 0]),
        ("max", [1.0, 0.5, np.nan, 0.9]),
    ],
)
def test_combiners_by_hand(combiner, expected):
    score, known = combine([A, B], [3, 1], combiner=combiner)
    assert score == pytest.approx(expected, nan_ok=True)
    assert known == pytest.approx([1, 0.75, 0, 1])


def test_missing_rules():
    score, known = combine([A, B], [1, 1], missing="unknown")
    assert score == pytest.approx([0.625, np.nan, np.nan, 0.45], nan_ok=True)
    score, _ = combine([A, B], [1, 1], required=[False, True])
    assert np.isnan(score).tolist() == [False, True, True, False]
    score, known = combine([A, None], [1, 3])
    assert score == pytest.approx(A, nan_ok=True)
    assert known.tolist() == [0.25, 0.25, 0, 0.25]
    assert np.isnan(combine([A, None], [1, 3], missing="unknown")[0]).all()


def test_blocks_leave_no_seam():
    rng = np.random.default_rng(1)
    data = rng.random((3, 250, 300)).astype("float32")
    data[rng.random(data.shape) < 0.2] = np.nan
    score, _ = combine(list(data), [1, 2, 3])
    assert score.dtype == np.float32
    masked = np.ma.masked_invalid(data)
    assert score == pytest.approx(
        np.ma.average(masked, axis=0, weights=[1, 2, 3]).filled(np.nan), abs=1e-6, nan_ok=True
    )


@pytest.mark.parametrize(
    ("scores", "weights", "more"),
    [
        ([A, B], [1], {}),
        ([A, B[:2]], [1, 1], {}),
        ([None], [1], {}),
        ([A], [0], {}),
        ([A], [-1], {}),
        ([A], [1], {"combiner": "sum"}),
    ],
)
def test_wrong_input_is_refused(scores, weights, more):
    with pytest.raises(MethodError):
        combine(scores, weights, **more)


def profile(**more):
    slope = Indicator(
        factor="slope_deg",
        title=Text("坡度", "Slope"),
        unit="deg",
        options={"low": 0, "high": 40},
        weight=3.0,
    )
    wet = Indicator(factor="wet", title=Text("湿度", "Wetness"), direction=-1)
    return replace(
        Profile(name="p", title=Text("甲", "A"), indicators=(slope, wet), source="here", confidence="C"),
        **more,
    )


def measured():
    slope = np.tile(np.float32([0, 10, 20, 40, np.nan]), (60, 10))
    return xr.Dataset(
        {
            "slope_deg": tiny.raster(slope, units="deg"),
            "wet": tiny.raster(slope.T.reshape(60, 50).copy(), units="1"),
        }
    )


def test_grid_is_scored_with_its_coordinates():
    data = measured()
    score, known = evaluate(profile(), data)
    assert score.dtype == known.dtype == np.float32
    assert score.odc.geobox == tiny.grid()
    wet = 1 - data["wet"].to_numpy() / 40
    slope = data["slope_deg"].to_numpy() / 40
    both = ~np.isnan(wet) & ~np.isnan(slope)
    assert score.to_numpy()[both] == pytest.approx((0.75 * slope + 0.25 * wet)[both], abs=1e-6)
    assert set(np.unique(known)) <= {0, 0.25, 0.75, 1}


def test_mask_bounds_the_bounds():
    data = measured()[["wet"]]
    mask = tiny.raster(data["wet"].to_numpy() <= 20)
    score, known = evaluate(profile(), data, mask=mask)
    inside = mask.to_numpy()
    assert score.to_numpy()[inside] == pytest.approx(1 - data["wet"].to_numpy()[inside] / 20, abs=1e-6)
    assert np.isnan(score.to_numpy()[~inside]).all()
    assert set(np.unique(known)) == {0, 0.25}


def test_units_and_dimensions_are_checked_all_at_once():
    data = measured()
    data["slope_deg"].attrs["units"] = "rad"
    data["wet"] = data["wet"].expand_dims(return_period=[10])
    with pytest.raises(MethodError, match="profile 'p'") as fault:
        evaluate(profile(), data)
    assert len(fault.value.faults) == 2
    table = pd.DataFrame({"slope_deg": [1.0]})
    table.attrs["units"] = {"slope_deg": "rad"}
    with pytest.raises(MethodError, match="'rad'"):
        evaluate(profile(), table)


def test_required_indicator():
    first, second = profile().indicators
    strict = profile(indicators=(first, replace(second, optional=False)))
    with pytest.raises(MissingLayerError, match="wet"):
        evaluate(strict, measured()[["slope_deg"]])
    with pytest.raises(MissingLayerError, match="slope_deg, wet"):
        evaluate(profile(), pd.DataFrame({"other": [1.0]}))
    score, _ = evaluate(strict, measured())
    assert np.isnan(score.to_numpy()[np.isnan(measured()["wet"].to_numpy())]).all()


@pytest.mark.parametrize("kind", ["equal", "entropy", "critic", "ahp"])
def test_weights_of_a_profile(kind):
    table = pd.DataFrame({"slope_deg": [0.0, 10, 20, 40], "wet": [4.0, 1, 3, 0]}, index=list("abcd"))
    scores = np.stack([table["slope_deg"] / 40, 1 - table["wet"] / 4], axis=1)
    expected = {
        "equal": equal_weights(2),
        "entropy": entropy_weights(scores),
        "critic": critic_weights(scores),
        "ahp": [0.75, 0.25],
    }[kind]
    matrix = ((1.0, 3.0), (1 / 3, 1.0)) if kind == "ahp" else ()
    score, known = evaluate(profile(weights=kind, matrix=matrix), table)
    assert score.to_numpy() == pytest.approx(scores @ expected)
    assert known.index.tolist() == list("abcd")
    score, known = evaluate(profile(weights=kind, matrix=matrix), table[["slope_deg"]])
    assert known.to_numpy() == pytest.approx(0.75 if kind == "ahp" else 0.5)


def test_weights_without_contrast_are_equal():
    flat = np.ones((4, 3))
    assert entropy_weights(flat) == pytest.approx([1 / 3] * 3)
    assert critic_weights(flat) == pytest.approx([1 / 3] * 3)
    assert entropy_weights(np.array([[1.0, 0], [3, 0]])) == pytest.approx([1, 0])
    for broken in (np.ones(3), np.ones((1, 3)), np.full((4, 2), np.nan)):
        with pytest.raises(MethodError):
            critic_weights(broken)
    with pytest.raises(MethodError, match="negative"):
        entropy_weights(np.array([[-1.0], [2.0]]))


def test_named_weights():
    assert named_weights(["a", "b"]) == {"a": 0.5, "b": 0.5}
    got = named_weights(["b", "a"], order=["a", "b", "c"], pairwise=[[1, 3, 9], [1 / 3, 1, 3], [1 / 9, 1 / 3, 1]])
    assert got == pytest.approx({"b": 0.25, "a": 0.75})
    with pytest.raises(MethodError, match="no row for z"):
        named_weights(["z"], order=["a", "b"], pairwise=[[1, 1], [1, 1]])
    with pytest.raises(MethodError, match="above 0"):
        named_weights(["z"], given={"a": 1})
    with pytest.raises(MethodError, match="nothing"):
        named_weights([])
    with pytest.raises(MethodError, match="one"):
        equal_weights(0)
    with pytest.raises(MethodError):
        given_weights([np.nan, 1])
    crooked = [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]
    with pytest.raises(MethodError, match="contradict"):
        named_weights(["a", "b", "c"], order=["a", "b", "c"], pairwise=crooked)
