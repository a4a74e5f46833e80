"""What holds of indices, weights and their doubts for every input."""

import contextlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, Indicator, Profile, Text
from riskmap.scoring import (
    combine,
    comprehensive,
    contributions,
    cut,
    drawn_weights,
    evaluate,
    given_weights,
    named_weights,
    natural_breaks,
    overlay_classes,
    overlay_scores,
    pca_weights,
    unit_risk,
    variation_weights,
)
from riskmap.scoring.judgement_draws import moved_judgements
from riskmap.scoring.one_class_down import one_class_down, parts_of_index, weight_flip
from riskmap.scoring.unit_model import UnitModel
from riskmap.standards import book

FEW = settings(max_examples=60, deadline=None)
SHARE = st.one_of(st.just(np.nan), st.floats(0, 1, width=32))
TABLE = hnp.arrays("float64", st.tuples(st.integers(1, 10), st.integers(2, 5)), elements=SHARE)
WEIGHT = st.floats(0.01, 9)
TITLE = Text("甲", "A")
THEMES, OBJECTS = ["flood", "drought", "fire"], ["people", "roads"]
CUTS = replace(book().scheme("comprehensive-risk"), edges=(0.05, 0.1, 0.2, 0.4))


def weights_for(data, count):
    return data.draw(st.lists(WEIGHT, min_size=count, max_size=count))


@FEW
@given(TABLE, st.sampled_from(["weighted_mean", "geometric_mean", "max", "product"]), st.data())
def test_order_of_indicators_and_of_units_does_not_count(scores, combiner, data):
    weights = np.array(weights_for(data, scores.shape[1]))
    columns = data.draw(st.permutations(range(scores.shape[1])))
    rows = data.draw(st.permutations(range(len(scores))))
    first, known = combine(list(scores.T), weights, combiner=combiner)
    second, again = combine(list(scores[rows][:, columns].T), weights[columns], combiner=combiner)
    assert second == pytest.approx(first[rows], nan_ok=True)
    assert again == pytest.approx(known[rows])


@FEW
@given(TABLE, st.data())
def test_contributions_sum_to_the_index(scores, data):
    weights = weights_for(data, scores.shape[1])
    joined, _ = combine(list(scores.T), weights)
    parts = contributions(scores, weights)
    assert (np.isnan(parts) == np.isnan(scores)).all()
    total = np.where(np.isnan(parts).all(axis=1), np.nan, np.nansum(parts, axis=1))
    assert total == pytest.approx(joined, nan_ok=True)


METHODS = {
    "minmax": {"low": 0, "high": 50}, "half": {"low": 0, "high": 50}, "log": {"low": 0, "high": 50},
    "power": {"low": 0, "high": 50}, "knots": {"knots": [[0, 0.1], [10, 0.4], [50, 0.9]]},
}  # fmt: skip


@FEW
@given(st.data())
def test_a_profile_never_falls_where_a_harmful_indicator_rises(data):
    methods = data.draw(st.lists(st.sampled_from(sorted(METHODS)), min_size=2, max_size=4))
    directions = data.draw(st.lists(st.sampled_from([1, -1]), min_size=len(methods), max_size=len(methods)))
    weights = weights_for(data, len(methods))
    profile = Profile(
        name="p", title=TITLE, source="t", confidence="C",
        combiner=data.draw(st.sampled_from(["weighted_mean", "geometric_mean", "max"])),
        indicators=tuple(
            Indicator(factor=f"x{n}", title=TITLE, normaliser=one, options=METHODS[one], weight=weight, direction=way)
            for n, (one, weight, way) in enumerate(zip(methods, weights, directions, strict=True))
        ),
    )  # fmt: skip
    amount = st.one_of(st.just(np.nan), st.floats(0, 60))
    values = data.draw(hnp.arrays("float64", (6, len(methods)), elements=amount))
    which = data.draw(st.integers(0, len(methods) - 1))
    harm = 1 if methods[which] == "knots" else directions[which]  # knots state their scores themselves
    worse = values.copy()
    worse[:, which] += harm * data.draw(st.floats(0, 30))
    names = [f"x{n}" for n in range(len(methods))]
    before, after = (
        evaluate(profile, pd.DataFrame(np.maximum(one, 0), columns=names))[0].to_numpy() for one in (values, worse)
    )
    assert (np.isnan(before) == np.isnan(after)).all()
    assert (np.nan_to_num(after) >= np.nan_to_num(before) - 1e-9).all()
    known = before[~np.isnan(before)]
    assert ((known >= 0) & (known <= 1)).all()


@FEW
@given(
    hnp.arrays("float64", st.tuples(st.integers(3, 12), st.integers(2, 5)), elements=st.floats(0, 1e4, width=32)),
    st.data(),
)
def test_weights_of_every_kind_sum_to_one(table, data):
    count = table.shape[1]
    raw = weights_for(data, count)
    names = [f"n{n}" for n in range(count)]
    found = [variation_weights(table), pca_weights(table), given_weights(raw)]
    found.append(np.array(list(named_weights(names, given=dict(zip(names, raw, strict=True))).values())))
    rng = np.random.default_rng(1)
    found += list(drawn_weights(raw, draws=5, rng=rng, doubt=data.draw(st.floats(0.01, 0.9)) * np.sqrt(count - 1)))
    share = given_weights(raw)
    scale = np.clip(np.round(np.maximum.outer(share, share) / np.minimum.outer(share, share)), 1, 9)
    judged = np.where(share[:, None] >= share, scale, 1 / scale)
    with contextlib.suppress(MethodError):  # judgements that nothing makes consistent
        found += list(moved_judgements(judged, steps=2, draws=5, rng=rng).weights)
    for one in found:
        assert one.sum() == pytest.approx(1)
        assert (one >= 0).all()


UNIT = hnp.arrays("float64", (8, 3), elements=SHARE)


@FEW
@given(UNIT, hnp.arrays("float64", (8, 2), elements=SHARE), hnp.arrays("float64", (8, 1), elements=SHARE), st.data())
def test_the_index_of_the_units(hazard, exposure, harm, data):
    units = pd.Index([f"u{n}" for n in range(8)], name="unit_id")
    themes = dict(zip(THEMES, weights_for(data, 3), strict=True))
    objects = dict(zip(OBJECTS, weights_for(data, 2), strict=True))

    def model_of(hazards, exposures, *, order=(0, 1, 2)):
        risks = unit_risk(
            pd.DataFrame(hazards, index=units, columns=THEMES)[[THEMES[n] for n in order]],
            pd.DataFrame(exposures, index=units, columns=OBJECTS),
            pd.DataFrame(harm, index=units, columns=OBJECTS[:1]),
            scheme=book().scheme("object-risk"),
        )
        whole = comprehensive(risks, themes=themes, objects=objects)
        return UnitModel.from_risks(risks, themes=themes, objects=objects), whole.units["index"].to_numpy()

    model, index = model_of(hazard, exposure)
    assert model() == pytest.approx(index, nan_ok=True)
    known = index[~np.isnan(index)]
    assert ((known >= 0) & (known <= 1)).all()
    assert parts_of_index(model).sum(axis=(0, 1)) == pytest.approx(index, nan_ok=True)
    assert model_of(hazard, exposure, order=(2, 0, 1))[1] == pytest.approx(index, nan_ok=True)
    which = data.draw(st.integers(0, 2))
    worse = hazard.copy()
    worse[:, which] = np.minimum(worse[:, which] * 1.5 + 0.1, 1)
    raised = model_of(worse, exposure)[1]
    assert (np.nan_to_num(raised) >= np.nan_to_num(index) - 1e-9).all()

    classes = pd.Series(cut(index, CUTS), index=units)
    down = one_class_down(model, classes, scheme=CUTS)
    does = (down["outcome"] == "measure").to_numpy()
    assert (down["index_after"][does] < np.array(CUTS.edges)[classes[does] - 2]).all()
    assert ((down["reduction_pct"][does] > 0) & (down["reduction_pct"][does] <= 100)).all()
    np.testing.assert_array_equal(down["outcome"] == "unknown", classes == NO_CLASS)
    flip = weight_flip(model, scheme=CUTS)
    some = flip["kind"] != ""
    assert flip.loc[some, "to"].between(-1e-9, 1 + 1e-9).all()


@FEW
@given(TABLE, st.data())
def test_the_fast_overlay_is_the_plain_one(scores, data):
    layers = list(np.asarray(scores.T, dtype="float32"))
    weights = weights_for(data, len(layers))
    required = data.draw(st.lists(st.booleans(), min_size=len(layers), max_size=len(layers)))
    fast = overlay_scores(layers, weights, required=required)
    plain = combine(layers, weights, required=required)
    for one, other in zip(fast, plain, strict=True):
        np.testing.assert_array_equal(one, other)
    codes = overlay_classes(layers, weights, edges=CUTS.edges, required=required)
    np.testing.assert_array_equal(codes, cut(plain[0], replace(CUTS, breaks="fixed")))


@FEW
@given(st.lists(st.integers(0, 40), min_size=3, max_size=40), st.integers(2, 5), st.randoms(), st.floats(0.5, 8))
def test_breaks_do_not_depend_on_order_and_follow_a_change_of_unit(values, classes, random, factor):
    first = np.array(values, dtype="float64")
    mixed = list(values)
    random.shuffle(mixed)
    assert natural_breaks(np.array(mixed, dtype="float64"), classes=classes) == natural_breaks(first, classes=classes)
    scale = 2.0 ** round(np.log2(factor))  # a power of two changes no digit
    edges = natural_breaks(first * scale, classes=classes)
    assert edges == tuple(one * scale for one in natural_breaks(first, classes=classes))
