"""What holds for every input: ranges, sums, order and monotony."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from riskmap.model import NO_CLASS, ClassScheme, Group, Indicator, Profile, Text
from riskmap.scoring import (
    classify,
    combine,
    comprehensive,
    critic_weights,
    entropy_weights,
    evaluate_tree,
    natural_breaks,
    normalise,
    risk_index,
    unit_risk,
    weight_tree,
)
from riskmap.standards import book

FEW = settings(max_examples=60, deadline=None)
AMOUNT = st.one_of(st.just(np.nan), st.integers(0, 40).map(float), st.floats(0, 1e6, width=32))
COLUMN = st.lists(AMOUNT, min_size=1, max_size=30).map(np.array)
SHARE = st.one_of(st.just(np.nan), st.floats(0, 1, width=32))
METHODS = st.sampled_from(["minmax", "half", "rank", "log"])


def scheme(breaks, size):
    names = tuple(Text(str(n), str(n)) for n in range(size))
    more = {"multiples": tuple(np.linspace(-1, 1, size - 1).tolist())} if breaks == "mean_sd" else {}
    return ClassScheme(
        name="s",
        title=names[0],
        labels=names,
        colours=("#000",) * size,
        breaks=breaks,
        options=more,
        source="t",
        confidence="C",
    )


@FEW
@given(COLUMN, METHODS, st.sampled_from([1, -1]))
def test_scores_stay_in_range(values, method, direction):
    got = normalise(values, method=method, direction=direction)
    assert (np.isnan(got) == np.isnan(values)).all()
    known = got[~np.isnan(got)]
    assert ((known >= (0.5 if method == "half" else 0)) & (known <= 1)).all()


@FEW
@given(COLUMN, METHODS, st.data())
def test_raising_a_harmful_value_never_lowers_its_score(values, method, data):
    place = data.draw(st.integers(0, len(values) - 1))
    raised = values.copy()
    raised[place] += data.draw(st.floats(0, 1e5))
    before, after = (normalise(one, method=method)[place] for one in (values, raised))
    assert np.isnan(before) or after >= before - 1e-9


@FEW
@given(COLUMN, METHODS, st.randoms())
def test_order_of_units_does_not_count(values, method, random):
    order = list(range(len(values)))
    random.shuffle(order)
    assert normalise(values[order], method=method) == pytest.approx(
        normalise(values, method=method)[order], nan_ok=True
    )


@FEW
@given(
    hnp.arrays("float64", st.tuples(st.integers(2, 4), st.integers(1, 12)), elements=SHARE),
    st.sampled_from(["weighted_mean", "geometric_mean", "product", "max"]),
    st.sampled_from(["renormalise", "unknown"]),
    st.data(),
)
def test_combined_scores_stay_in_range_and_rise(scores, combiner, missing, data):
    weights = data.draw(st.lists(st.floats(0.01, 9), min_size=len(scores), max_size=len(scores)))
    joined, known = combine(list(scores), weights, combiner=combiner, missing=missing)
    seen = joined[~np.isnan(joined)]
    assert ((seen >= 0) & (seen <= 1)).all()
    assert ((known >= 0) & (known <= 1)).all()
    row = data.draw(st.integers(0, len(scores) - 1))
    worse = scores.copy()
    worse[row] = np.minimum(worse[row] + data.draw(st.floats(0, 1)), 1)
    after, _ = combine(list(worse), weights, combiner=combiner, missing=missing)
    assert (np.isnan(after) == np.isnan(joined)).all()
    assert (np.nan_to_num(after) >= np.nan_to_num(joined) - 1e-9).all()


@FEW
@given(hnp.arrays("float64", st.tuples(st.integers(2, 12), st.integers(1, 5)), elements=st.floats(0, 1e4, width=32)))
def test_weights_sum_to_one(table):
    for found in (entropy_weights(table), critic_weights(table)):
        assert found.sum() == pytest.approx(1)
        assert (found >= 0).all()


@FEW
@given(COLUMN, st.sampled_from(["jenks", "quantile", "equal", "mean_sd"]), st.integers(2, 6))
def test_classes_keep_order_and_ties(values, breaks, size):
    codes = classify(values, scheme(breaks, size)).codes
    assert ((codes == NO_CLASS) == np.isnan(values)).all()
    known = ~np.isnan(values)
    order = np.argsort(values[known], kind="stable")
    ranked, held = values[known][order], codes[known][order].astype(int)
    assert (np.diff(held) >= 0).all()
    assert (np.diff(held)[np.diff(ranked) == 0] == 0).all()
    assert not held.size or (held.min() >= 1 and held.max() <= size)


@FEW
@given(st.lists(st.integers(0, 50).map(float), min_size=1, max_size=25).map(np.array), st.integers(2, 5))
def test_natural_breaks_beat_any_shift_of_one_edge(values, classes):
    def squares(edges):
        group = np.searchsorted(edges, values, side="right")
        return sum(values[group == g].var() * (group == g).sum() for g in np.unique(group))

    edges = list(natural_breaks(values, classes=classes))
    best = squares(edges)
    for place in range(len(edges)):
        for other in np.unique(values):
            moved = sorted([*edges[:place], other, *edges[place + 1 :]])
            assert squares(moved) >= best - 1e-9


UNIT = st.tuples(SHARE, SHARE, SHARE, SHARE, SHARE)


@FEW
@given(st.lists(UNIT, min_size=1, max_size=8), st.randoms(), st.floats(0.1, 5))
def test_units_are_judged_alike_in_any_order(rows, random, weight):
    data = pd.DataFrame(rows, columns=["flood", "drought", "people", "roads", "harm"], dtype="float64")
    data.index = pd.Index([f"u{n}" for n in range(len(data))])

    def joined(frame):
        risks = unit_risk(
            frame[["flood", "drought"]],
            frame[["people", "roads"]],
            pd.DataFrame({"people": frame["harm"]}),
            scheme=book().scheme("object-risk"),
        )
        return comprehensive(risks, themes={"flood": weight, "drought": 1}, objects={"people": 1, "roads": 1}).units

    order = list(data.index)
    random.shuffle(order)
    first, second = joined(data), joined(data.loc[order]).loc[data.index]
    pd.testing.assert_frame_equal(first, second)
    known = first["index"].dropna()
    assert known.between(0, 1).all()
    assert first["known_share"].between(0, 1 + 1e-9).all()


@FEW
@given(*[hnp.arrays("float64", 5, elements=SHARE)] * 3)
def test_risk_rises_with_each_of_its_parts(hazard, exposure, harm):
    index, known = risk_index(hazard, exposure, harm)
    for n in range(3):
        parts = [hazard, exposure, harm]
        parts[n] = np.minimum(parts[n] * 1.5, 1)
        worse, same = risk_index(*parts)
        assert (np.nan_to_num(worse) >= np.nan_to_num(index) - 1e-9).all()
        assert (known == same).all()


@st.composite
def profiles(draw):
    """Trees of up to four groups, each below one before it, with indicators anywhere and at least one in every group."""
    title = Text("题", "Title")
    names = [f"g{n}" for n in range(draw(st.integers(0, 4)))]
    weight = st.floats(0.1, 9)
    means = st.sampled_from(["weighted_mean", "geometric_mean", "product", "max"])
    groups = tuple(
        Group(
            name=one,
            title=title,
            parent=draw(st.sampled_from(["", *names[:n]])),
            weight=draw(weight),
            combiner=draw(means),
        )
        for n, one in enumerate(names)
    )
    homes = [*names, *draw(st.lists(st.sampled_from(["", *names]), min_size=1, max_size=4))]
    leaves = tuple(
        Indicator(factor=f"f{n}", title=title, group=home, normaliser="identity", weight=draw(weight))
        for n, home in enumerate(homes)
    )
    return Profile(
        name="p", title=title, indicators=leaves, groups=groups, combiner=draw(means), source="t", confidence="C"
    )


@FEW
@given(profiles())
def test_global_weights_of_a_tree_sum_to_one(profile):
    table = weight_tree(profile)
    leaves = table[table["kind"] == "indicator"]
    assert leaves["global"].sum() == pytest.approx(1)
    assert set(leaves.index) == {one.factor for one in profile.indicators}
    for _, children in table.iloc[1:].groupby("parent"):
        assert children["local"].sum() == pytest.approx(1)
    for name, row in table.iloc[1:].iterrows():
        below = table[table["parent"] == name]["global"]
        assert not len(below) or below.sum() == pytest.approx(row["global"])


@FEW
@given(profiles(), st.randoms(), st.data())
def test_the_order_of_indicators_and_groups_does_not_count(profile, random, data):
    rows = data.draw(st.integers(1, 6))
    column = st.lists(SHARE, min_size=rows, max_size=rows)
    table = pd.DataFrame({one.factor: data.draw(column) for one in profile.indicators}, dtype="float64")
    leaves, groups = list(profile.indicators), list(profile.groups)
    random.shuffle(leaves)
    random.shuffle(groups)
    other = replace(profile, indicators=tuple(leaves), groups=tuple(groups))
    first, second = (evaluate_tree(one, table) for one in (profile, other))
    for one, two in ((first.scores, second.scores), (first.known_share, second.known_share)):
        pd.testing.assert_frame_equal(one, two[one.columns])
    seen = first.scores.to_numpy()
    assert ((seen >= 0) & (seen <= 1) | np.isnan(seen)).all()
    assert first.known_share["goal"].between(0, 1 + 1e-9).all()
