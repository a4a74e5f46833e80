"""Weights from several sources, more combiners, normalisers and breaks: by hand, and their faults."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods.ahp import ahp_weights, group_judgements, judgement_doubts
from riskmap.model import ClassScheme, Text
from riskmap.scoring import classify, combine, natural_breaks, normalise
from riskmap.scoring.ranking import grey_relation, topsis
from riskmap.scoring.spread_weights import combined_weights, game_weights, pca_weights, variation_weights

SCORES = [np.array([0.2, 0.9, np.nan]), np.array([0.8, 0.9, 0.4]), np.array([0.5, np.nan, np.nan])]


def joined(combiner, **options):
    return combine(SCORES, [0.5, 0.3, 0.2], combiner=combiner, options=options)[0]


def test_power_mean_runs_from_geometric_to_the_worst():
    assert joined("power_mean", p=1) == pytest.approx(joined("weighted_mean"))
    assert joined("power_mean", p=1e-9) == pytest.approx(joined("geometric_mean"), abs=1e-6)
    assert joined("power_mean", p=200)[0] == pytest.approx(0.8, abs=0.01)
    assert joined("power_mean", p=-1)[0] == pytest.approx(1 / (0.5 / 0.2 + 0.3 / 0.8 + 0.2 / 0.5))


def test_ordered_weights_count_ranks():
    assert joined("owa", order=[1, 0, 0]) == pytest.approx(joined("max"))
    assert joined("owa", order=[1, 1, 1])[0] == pytest.approx(0.5)
    assert joined("owa", order=[0.6, 0.3, 0.1])[0] == pytest.approx(0.6 * 0.8 + 0.3 * 0.5 + 0.1 * 0.2)
    assert joined("owa", order=[0.6, 0.3, 0.1])[2] == pytest.approx(0.4)


def test_fuzzy_gamma_between_and_and_or():
    assert joined("fuzzy_gamma", gamma=0)[0] == pytest.approx(0.2 * 0.8 * 0.5)
    assert joined("fuzzy_gamma", gamma=1)[0] == pytest.approx(1 - 0.8 * 0.2 * 0.5)
    assert joined("fuzzy_gamma", gamma=0.9)[0] == pytest.approx(0.08**0.1 * 0.92**0.9)


def test_fixed_ideals():
    worst, best = [np.ones(1)] * 3, [np.zeros(1)] * 3
    for combiner, options in (("topsis", {}), ("grey", {"rho": 0.5})):
        assert combine(worst, [1, 1, 1], combiner=combiner, options=options)[0] == pytest.approx([1])
        assert combine(best, [1, 1, 1], combiner=combiner, options=options)[0] == pytest.approx([0])
    by_hand = np.hypot(0.5 * 0.2, 0.5 * 0.6) / (np.hypot(0.5 * 0.2, 0.5 * 0.6) + np.hypot(0.5 * 0.8, 0.5 * 0.4))
    two = combine([np.array([0.2]), np.array([0.6])], [1, 1], combiner="topsis")[0]
    assert two == pytest.approx([by_hand])


def test_matrix_of_classes():
    table = {"edges": [0.5], "matrix": [[0.0, 0.4], [0.6, 1.0]]}
    got, _ = combine(
        [np.array([0.2, 0.5, 0.9]), np.array([0.7, 0.1, np.nan])], [1, 1], combiner="matrix", options=table
    )
    assert got[:2].tolist() == [0.4, 0.6]
    assert np.isnan(got[2])


@pytest.mark.parametrize(
    ("combiner", "options", "told"),
    [
        ("median", {}, "not known"),
        ("owa", {"order": [1, 2]}, "3 numbers"),
        ("owa", {}, "it takes order"),
        ("max", {"p": 1}, "it takes none"),
        ("fuzzy_gamma", {"gamma": 2}, r"within 0\.\.1"),
        ("grey", {"rho": 0}, "above 0"),
        ("matrix", {"edges": [0.5], "matrix": [[0, 1], [1, 1]]}, "two indicators"),
    ],
)
def test_wrong_options_are_named(combiner, options, told):
    with pytest.raises(MethodError, match=told):
        joined(combiner, **options)


def test_power_boxcox_zscore_target_percentile():
    x = np.array([0.0, 1.0, 4.0, 9.0])
    assert normalise(x, method="power") == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert normalise(x**1.5, method="power", exponent=1 / 3) == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert normalise(np.exp([0.0, 1, 2]), method="boxcox", exponent=0) == pytest.approx([0, 0.5, 1])
    found = normalise(np.exp(np.random.default_rng(1).normal(size=4000)), method="boxcox")
    assert np.median(found) == pytest.approx(found.mean(), abs=0.02)  # made symmetric
    assert normalise(np.array([1.0, 3.0]), method="zscore", limit=2) == pytest.approx([0.25, 0.75])
    assert normalise(x, method="target", target=4, reach=5) == pytest.approx([0.8, 0.6, 0, 1])
    assert normalise(np.array([5.0, 1, 5, 9]), method="percentile") == pytest.approx([0.5, 0, 0.5, 1])
    for method, value in (("boxcox", [0.0, 1]), ("power", [-1.0, 1])):
        with pytest.raises(MethodError, match=method):
            normalise(np.array(value), method=method)


def scheme(breaks, size):
    names = tuple(Text(str(n), str(n)) for n in range(size))
    return ClassScheme(
        name="s", title=names[0], labels=names, colours=("#000",) * size, breaks=breaks, source="t", confidence="C"
    )


def test_head_tail_and_geometric():
    x = np.array([1.0] * 8 + [3.0] * 3 + [20.0])  # means: 3.08, then 20 alone
    found = classify(x, scheme("head_tail", 4))
    assert found.scheme.edges == (20.0, np.inf, np.inf)
    assert found.codes.tolist() == [1] * 11 + [2]
    assert classify(np.array([1.0, 10, 100, 1000]), scheme("geometric", 3)).scheme.edges == pytest.approx((10, 100))
    with pytest.raises(MethodError, match="above 0"):
        classify(np.array([0.0, 1]), scheme("geometric", 2))


def test_one_dimensional_k_means_is_natural_breaks():
    """Lloyd's iteration from the exact breaks stays where it is."""
    x = np.sort(np.random.default_rng(3).gamma(2, size=400))
    edges = natural_breaks(x, classes=4)
    codes = np.searchsorted(edges, x, side="right")
    middles = np.array([x[codes == n].mean() for n in range(4)])
    assert (np.abs(x[:, None] - middles).argmin(axis=1) == codes).all()


def test_weights_of_spread():
    table = np.array([[1.0, 10.0, 5.0], [3.0, 20.0, 5.0]])
    assert variation_weights(table) == pytest.approx(np.array([0.5, 1 / 3, 0]) / (5 / 6))
    rng = np.random.default_rng(2)
    common = rng.normal(size=500)
    data = np.stack([common + 0.1 * rng.normal(size=500), common + 0.1 * rng.normal(size=500), rng.normal(size=500)], 1)
    together = pca_weights(data, explained=0.6)
    assert together[:2] == pytest.approx([0.5, 0.5], abs=0.03)
    assert pca_weights(data * [1, 100, 0.01]) == pytest.approx(pca_weights(data))


def test_combined_weights():
    a, b = [0.2, 0.3, 0.5], [0.5, 0.3, 0.2]
    assert combined_weights([a, b], shares=[3, 1]) == pytest.approx([0.275, 0.3, 0.425])
    product = np.sqrt(np.multiply(a, b))
    assert combined_weights([a, b], how="multiplicative") == pytest.approx(product / product.sum())
    assert game_weights([a, b]) == pytest.approx([0.35, 0.3, 0.35])  # by symmetry
    with pytest.raises(MethodError, match="length"):
        combined_weights([a, [0.5, 0.5]])


def test_group_and_doubtful_judgements():
    fair = np.array([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    assert ahp_weights(fair, method="geometric_mean").weights == pytest.approx(ahp_weights(fair).weights)
    spoilt = fair.copy()
    spoilt[0, 2], spoilt[2, 0] = 1 / 4, 4
    worst = judgement_doubts(spoilt)[0]
    assert ahp_weights(spoilt).consistency_ratio > 0.1 > worst.consistency_ratio
    both = group_judgements([fair, spoilt])
    assert both[0, 2] == pytest.approx(1)
    assert both * both.T == pytest.approx(np.ones((3, 3)))
    four = np.outer([8, 4, 2, 1], 1 / np.array([8, 4, 2, 1.0]))
    four[1, 3], four[3, 1] = 1 / 9, 9
    first = judgement_doubts(four)[0]
    assert (first.row, first.column) == (1, 3)
    assert first.implied == pytest.approx(4)
    assert first.consistency_ratio == pytest.approx(0, abs=1e-9)


def test_ranking_of_rows_with_gaps_and_without_contrast():
    table = np.array([[1.0, 2.0], [np.nan, 1.0], [3.0, 2.0]])
    assert topsis(table, [1, 1])[[0, 2]].tolist() == [0, 1]
    assert np.isnan(topsis(table, [1, 1])[1])
    assert np.isnan(topsis(np.ones((3, 2)), [1, 1])).all()
    assert grey_relation(np.ones((3, 2)), [1, 1]).tolist() == [1, 1, 1]
    with pytest.raises(MethodError, match="one weight"):
        topsis(table, [1, 1, 1])
