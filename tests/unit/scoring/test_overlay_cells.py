"""The fast overlay gives what combine and cut give, to the last bit."""

import sys
from dataclasses import replace

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.scoring import cut
from riskmap.scoring.combine import _in_blocks, combine
from riskmap.scoring.overlay_cells import overlay_classes, overlay_scores
from riskmap.standards import book

EDGES = (0.2, 0.4, 0.55, 0.7)
CELLS = 2 * 32 * 32_768 + 12_345  # three runs, the last one short


def plain(layers, weights, *, missing="renormalise", required=()):
    how = ("weighted_mean", {}, (0.0, 1.0))
    return _in_blocks(layers, weights, how, missing=missing, required=required)


def layers(count, *, holes, size=100_000, seed=1):
    rng = np.random.default_rng(seed)
    found = [rng.random(size, dtype=np.float32) for _ in range(count)]
    for one in found:
        one[: size // 2][rng.random(size // 2) < holes] = np.nan  # blocks with gaps, and blocks without
    for one in found:
        one[:50] = np.nan
    return found


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("missing", ["renormalise", "unknown"])
def test_the_same_bits_as_combine(count, missing):
    made = layers(count, holes=0.2, seed=count)
    weights = np.random.default_rng(count).random(count) + 0.1
    required = [n == 1 for n in range(count)]
    for got, want in zip(
        overlay_scores(made, weights, missing=missing, required=required),
        plain(made, weights, missing=missing, required=required),
        strict=True,
    ):
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got.view("uint32")[~np.isnan(got)], want.view("uint32")[~np.isnan(want)])
        np.testing.assert_array_equal(np.isnan(got), np.isnan(want))


def test_layers_that_are_wholly_missing():
    first, second = layers(2, holes=0.2)
    assert (overlay_classes([first, None, second], [3, 1, 2], edges=EDGES, required=[False, True, False]) == 255).all()
    for required in ([False] * 3, [True, False, False], [False, True, False]):
        for got, want in zip(
            overlay_scores([first, None, second], [3, 1, 2], required=required),
            plain([first, None, second], [3, 1, 2], required=required),
            strict=True,
        ):
            np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("holes", [0.0, 0.3])
def test_classes_are_those_of_cut_over_many_runs(holes):
    made = layers(8, holes=holes, size=CELLS)
    weights = np.arange(1, 9)
    scheme = replace(book().scheme("comprehensive-risk"), breaks="fixed", edges=EDGES)
    got = overlay_classes(made, weights, edges=EDGES)
    np.testing.assert_array_equal(got, cut(plain(made, weights)[0], scheme))
    assert set(np.unique(got)) == {1, 2, 3, 4, 5, 255}


def test_combine_hands_rasters_over_and_says_the_same(monkeypatch):
    made = layers(4, holes=0.2, size=300_000)
    called = []
    monkeypatch.setattr(
        sys.modules["riskmap.scoring.combine"],
        "overlay_scores",
        lambda *a, **k: called.append(1) or overlay_scores(*a, **k),
    )
    for got, want in zip(combine(made, [1, 2, 3, 4]), plain(made, [1, 2, 3, 4]), strict=True):
        np.testing.assert_array_equal(got, want)
    combine([one[:1000] for one in made], [1, 2, 3, 4])
    combine(made, [1, 2, 3, 4], combiner="max")
    assert called == [1]
    with pytest.raises(MethodError, match="2 weights"):
        combine(made, [1, 2])


def test_a_mean_on_an_edge_belongs_above_it():
    values = np.float32([0.7, np.nextafter(np.float32(0.7), np.float32(0)), 0.2])
    assert overlay_classes([values], [1], edges=EDGES).tolist() == [5, 4, 2]


def test_shape_is_kept_and_nothing_is_written_into_the_layers():
    made = [one.reshape(250, 400) for one in layers(3, holes=0.3)]
    before = [one.copy() for one in made]
    assert overlay_classes(made, [1, 2, 3], edges=EDGES).shape == (250, 400)
    for one, kept in zip(made, before, strict=True):
        np.testing.assert_array_equal(one, kept)
    turned = [one.T for one in made]
    np.testing.assert_array_equal(overlay_scores(turned, [1, 2, 3])[0], overlay_scores(made, [1, 2, 3])[0].T)


def test_zero_weight_and_zero_size():
    one = np.float32([0.5, np.nan])
    other = np.float32([np.nan, 0.25])
    for got, want in zip(overlay_scores([one, other], [1, 0]), plain([one, other], [1, 0]), strict=True):
        np.testing.assert_array_equal(got, want)
    assert overlay_classes([np.empty(0, np.float32)], [1], edges=EDGES).size == 0


def test_what_it_cannot_take_is_refused():
    one = np.zeros(4, np.float32)
    for made, weights, message in (
        ([one] * 9, [1] * 9, "9 layers"),
        ([None], [1], "0 layers"),
        ([one, one], [1], "1 weights"),
        ([one.astype("float64")], [1], "float64"),
        ([one, one[:2]], [1, 1], r"\(2,\)"),
    ):
        with pytest.raises(MethodError, match=message):
            overlay_scores(made, weights)
    with pytest.raises(MethodError, match="ascending"):
        overlay_classes([one], [1], edges=[0.5, 0.2])
    with pytest.raises(MethodError, match="allowed"):
        overlay_scores([one], [1], missing="drop")
