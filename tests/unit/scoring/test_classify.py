from dataclasses import replace

import numpy as np
import pytest
import tiny

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, ClassScheme, Text
from riskmap.scoring import classify, cut, goodness_of_fit, natural_breaks


def scheme(breaks, size=3, **more):
    names = tuple(Text(str(n), str(n)) for n in range(size))
    return ClassScheme(
        name="s",
        title=names[0],
        labels=names,
        colours=("#000",) * size,
        breaks=breaks,
        source="t",
        confidence="C",
        **more,
    )


def test_a_class_holds_its_lower_edge():
    fixed = scheme("fixed", edges=(1.0, 2.0))
    values = np.array([0.999, 1.0, 1.999, 2.0, np.nan, np.inf, -np.inf])
    assert classify(values, fixed).codes.tolist() == [1, 2, 2, 3, NO_CLASS, 3, 1]
    assert cut(values, replace(fixed, direction=-1, edges=(-2.0, -1.0))).tolist() == [
        3,
        3,
        2,
        2,
        NO_CLASS,
        1,
        3,
    ]


def test_edges_are_met_in_the_precision_of_the_raster():
    cells = tiny.raster(np.full(tiny.SHAPE, 0.7, "float32"))
    result = classify(cells, scheme("fixed", edges=(0.1, 0.7)))
    assert result.codes.shape == tiny.SHAPE
    assert result.codes.dtype == np.uint8
    assert (result.codes == 3).all()


@pytest.mark.parametrize("edges", [(), (1.0,), (2.0, 1.0), (1.0, np.nan)])
def test_wrong_edges_are_refused(edges):
    with pytest.raises(MethodError, match="ascending"):
        classify(np.ones(2), scheme("fixed", edges=edges))


def test_found_edges_by_hand():
    values = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 10.0])
    assert classify(values, scheme("equal", 4)).scheme.edges == (2.5, 5.0, 7.5)
    assert classify(values, scheme("equal", 4, options={"range": (0, 1)})).scheme.edges == (0.25, 0.5, 0.75)
    mean, sd = 4.0, np.std([1, 2, 3, 10])
    over = scheme("mean_sd", 3, options={"multiples": (-0.5, 1), "nonzero": (1,)})
    assert classify(values, over).scheme.edges == pytest.approx((mean - 0.5 * sd, mean + sd))
    by_rank = classify(values, scheme("quantile", 4))
    assert by_rank.codes.tolist() == [1, 1, 1, 1, 3, 3, 4, 4]
    assert classify(values, scheme("quantile", 3, options={"quantiles": (0.5, 0.9)})).codes.max() == 3


@pytest.mark.parametrize("options", [{}, {"multiples": (1.0,)}, {"multiples": (1.0, -1.0)}])
def test_multiples_must_fit(options):
    with pytest.raises(MethodError, match="multiples"):
        classify(np.arange(3.0), scheme("mean_sd", options=options))


def test_wrong_quantiles_and_range():
    with pytest.raises(MethodError, match="between 0 and 1"):
        classify(np.arange(3.0), scheme("quantile", options={"quantiles": (0.5, 1.0)}))
    with pytest.raises(MethodError, match="must ascend"):
        classify(np.arange(3.0), scheme("equal", options={"range": (1.0, 0.0)}))


@pytest.mark.parametrize("breaks", ["jenks", "quantile", "equal", "mean_sd"])
def test_nothing_known_and_nothing_varying(breaks):
    declared = scheme(breaks, options={"multiples": (0.0, 1.0)})
    none = classify(np.full(3, np.nan), declared)
    assert (none.codes == NO_CLASS).all()
    assert np.isnan(none.goodness)
    same = classify(np.array([0.3, 0.3, np.nan]), declared)
    assert same.codes.tolist() == [1, 1, NO_CLASS]
    assert same.scheme.edges == (np.inf, np.inf)


def test_fewer_values_than_classes_fill_from_below():
    result = classify(np.array([4.0, 1.0, 4.0]), scheme("jenks", 5))
    assert result.codes.tolist() == [2, 1, 2]
    assert result.scheme.edges == (4.0, np.inf, np.inf, np.inf)
    assert result.goodness == 1.0


def test_low_is_severe_with_direction():
    result = classify(np.array([-3.0, -2.9, 0.0, 0.1, 2.0]), scheme("jenks", direction=-1))
    assert result.codes.tolist() == [3, 3, 2, 2, 1]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 6])
def test_breaks_are_the_best_of_all(size):
    from itertools import combinations

    values = np.random.default_rng(size).integers(0, 60, 14).astype(float)
    distinct = np.unique(values)
    best = max(
        goodness_of_fit(values, np.searchsorted(edges, values, side="right") + 1)
        for edges in combinations(distinct[1:], size - 1)
    )
    got = goodness_of_fit(values, np.searchsorted(natural_breaks(values, classes=size), values, side="right") + 1)
    assert got == pytest.approx(best, abs=1e-12)


def test_many_equal_values_stay_exact():
    rng = np.random.default_rng(0)
    values = rng.choice([0.0, 0.1, 0.5, 0.55, 3.0], 300_000, p=[0.9, 0.04, 0.03, 0.02, 0.01])
    assert natural_breaks(values, classes=4) == natural_breaks(values[:200_000], classes=4)


def test_an_edge_of_many_values_is_one_of_them_and_no_neighbour_is_better():
    values = np.sort(np.random.default_rng(4).random(300_000))
    edges = natural_breaks(values, classes=2)
    at = int(np.searchsorted(values, edges[0]))
    assert values[at] == edges[0]
    squares = [values[:n].var() * n + values[n:].var() * (len(values) - n) for n in (at - 1, at, at + 1)]
    assert squares[1] == min(squares)
