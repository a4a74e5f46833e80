"""Draws of weights, contributions, and the change that flips a class."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.scoring.stability import class_stability, contributions, drawn_weights, flip_distance


def test_drawn_weights_have_the_doubt_that_was_asked_for():
    drawn = drawn_weights([1, 1, 1, 1], draws=40_000, rng=np.random.default_rng(1), doubt=0.3)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(40_000))
    assert drawn.mean(axis=0) == pytest.approx([0.25] * 4, abs=0.002)
    assert drawn.std(axis=0) / 0.25 == pytest.approx([0.3] * 4, rel=0.02)
    assert drawn_weights([1, 0], draws=3, rng=np.random.default_rng(1)).tolist() == [[1, 0]] * 3
    with pytest.raises(MethodError, match="doubt is 0"):
        drawn_weights([1, 1], draws=3, rng=np.random.default_rng(1), doubt=0)


def test_stability_is_that_of_plain_counting():
    rng = np.random.default_rng(4)
    scores = rng.random((200, 6)).astype("float32")
    scores[rng.random(scores.shape) < 0.05] = np.nan
    scores[7] = np.nan
    draws = drawn_weights(np.ones(6), draws=300, rng=rng, doubt=0.4)
    edges = [0.4, 0.5, 0.6]
    known = ~np.isnan(scores)
    with np.errstate(invalid="ignore"):
        index = np.nan_to_num(scores).astype(float) @ draws.T / (known.astype(float) @ draws.T)
    codes = np.where(np.isnan(index), NO_CLASS, np.searchsorted(edges, index, side="right") + 1)
    published = codes[:, 0].astype("uint8")
    found = class_stability(scores, draws, edges=edges, published=published)
    for code in (1, 2, 3, 4):
        want = np.where(np.isnan(index[:, 0]), np.nan, (codes == code).mean(axis=1))
        assert found.probability[:, code - 1] == pytest.approx(want, abs=4 / 300, nan_ok=True)
    assert np.isnan(found.stability[7])
    assert found.likely[7] == NO_CLASS
    assert np.nanmin(found.stability) < 1 == np.nanmax(found.stability)


def test_contributions_add_up():
    scores = np.array([[0.2, 0.4, np.nan], [1.0, 0.0, 0.5]])
    got = contributions(scores, [2, 1, 1])
    assert np.nansum(got, axis=1) == pytest.approx([(2 * 0.2 + 0.4) / 3, (2 + 0.5) / 4])


def test_flip_distance_flips():
    rng = np.random.default_rng(5)
    scores, weights, edges = rng.random((60, 4)), np.array([0.4, 0.3, 0.2, 0.1]), [0.35, 0.5, 0.65]
    change, which = flip_distance(scores, weights, edges=edges)
    before = np.searchsorted(edges, scores @ weights, side="right")
    for n in np.flatnonzero(np.isfinite(change)):
        for factor, same in ((0.999, True), (1.001, False)):
            moved = weights[which[n]] + factor * change[n]
            tried = weights * (1 - moved) / (1 - weights[which[n]])
            tried[which[n]] = moved
            after = np.searchsorted(edges, scores[n] @ tried, side="right")
            assert (after == before[n]) == same
    assert np.isfinite(change).sum() > 30
    assert (which[~np.isfinite(change)] == -1).all()
