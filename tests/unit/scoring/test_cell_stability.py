"""The class of cells under draws of weights: the same as computing every draw by itself."""

import numpy as np
import pytest
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.scoring import cell_stability, grid_index
from riskmap.scoring.stability import drawn_weights

SHAPE = (40, 50)
EDGES = (0.05, 0.12, 0.2)
WEIGHTS = ({"flood": 2.0, "drought": 1.0, "fire": 0.0}, {"people": 1.0, "roads": 3.0, "crops": 1.0})


def raster(values):
    return xr.DataArray(np.asarray(values), dims=("y", "x"))


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(3)
    scores = {one: rng.random(SHAPE).astype("float32") for one in ("flood", "drought", "fire")}
    amounts = {one: rng.random(SHAPE).astype("float32") for one in ("people", "roads", "crops")}
    scores["flood"][:4] = np.nan
    scores["drought"][2:6] = np.nan
    for one in amounts.values():
        one[rng.random(SHAPE) < 0.4] = 0
        one[rng.random(SHAPE) < 0.1] = np.nan
    labels = rng.integers(0, 4, SHAPE)
    harm = {"people": np.array([0.2, np.nan, 0.9]), "roads": np.array([0.5, 0.6, 0.7])}
    return {n: raster(v) for n, v in scores.items()}, {n: raster(v) for n, v in amounts.items()}, harm, raster(labels)


def classed(index):
    codes = np.searchsorted(np.float32(EDGES), index.ravel(), side="right").astype("uint8") + 1
    return np.where(np.isnan(index.ravel()), NO_CLASS, codes).reshape(index.shape).astype("uint8")


def published(case):
    return raster(classed(grid_index(*case, themes=WEIGHTS[0], objects=WEIGHTS[1]).to_numpy()))


def test_counts_are_those_of_every_draw_by_itself(case):
    draws, seed = 60, 7
    shown = published(case)
    found = cell_stability(*case, weights=WEIGHTS, edges=EDGES, published=shown, draws=draws, doubt=0.3, seed=seed)
    rng = np.random.default_rng([seed, 43])
    by_theme = drawn_weights([2, 1], draws=draws, rng=rng, doubt=0.3)
    by_object = drawn_weights([1, 3, 1], draws=draws, rng=rng, doubt=0.3)
    counts = np.zeros((4, *SHAPE))
    for theme, thing in zip(by_theme, by_object, strict=True):
        one = grid_index(
            *case,
            themes=dict(zip(("flood", "drought"), theme, strict=True)),
            objects=dict(zip(WEIGHTS[1], thing, strict=True)),
        )
        codes = classed(one.to_numpy())
        for code in range(4):
            counts[code] += codes == code + 1
    known = counts.sum(axis=0) > 0
    np.testing.assert_array_equal(known, shown.to_numpy() != NO_CLASS)
    want = np.where(known, counts / draws, np.nan)
    assert np.abs(np.nan_to_num(found.probability.to_numpy() - want)).max() <= 1.001 / draws  # a rounding at an edge
    assert np.nanmean(np.abs(found.probability.to_numpy() - want)) < 1e-4
    np.testing.assert_array_equal(np.isnan(found.probability.to_numpy()), np.isnan(want))
    most = np.where(known, want.argmax(axis=0) + 1, NO_CLASS)
    assert (found.likely.to_numpy() == most).mean() > 0.999
    assert 0.3 < np.nanmean(found.stability) < 1


def test_nothing_moves_without_doubt(case):
    shown = published(case)
    found = cell_stability(*case, weights=WEIGHTS, edges=EDGES, published=shown, draws=9, doubt=1e-7, seed=1)
    np.testing.assert_array_equal(found.likely, shown)
    assert np.nanmin(found.stability) == 1
    np.testing.assert_array_equal(np.isnan(found.stability), shown == NO_CLASS)


def test_the_same_seed_gives_the_same_bytes(case):
    shown = published(case)
    one, two, other = (
        cell_stability(*case, weights=WEIGHTS, edges=EDGES, published=shown, draws=50, doubt=0.3, seed=seed).probability
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, other, equal_nan=True)


def test_senseless_draws_are_refused(case):
    with pytest.raises(MethodError, match="65535"):
        cell_stability(*case, weights=WEIGHTS, edges=EDGES, published=published(case), draws=0, doubt=0.3, seed=1)
    with pytest.raises(MethodError, match="weight above 0"):
        cell_stability(*case, weights=({"hail": 1}, WEIGHTS[1]), edges=EDGES, published=published(case), draws=9,
                       doubt=0.3, seed=1)  # fmt: skip


def test_units_without_a_cell_do_no_harm(case):
    scores, amounts, harm, labels = case
    longer = {name: np.append(one, [0.5, 0.5]) for name, one in harm.items()}
    shown = published(case)
    one, two = (
        cell_stability(scores, amounts, part, labels, weights=WEIGHTS, edges=EDGES, published=shown, draws=20, doubt=0.3,
                       seed=1).probability
        for part in (harm, longer)
    )  # fmt: skip
    np.testing.assert_array_equal(one, two)
