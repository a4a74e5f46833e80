"""Natural breaks against mapclassify and jenkspy, and the way of large rasters against the exact one."""

import itertools
import sys

import jenkspy
import mapclassify
import numpy as np
import pandas as pd
import pytest

from riskmap.scoring import natural_breaks

module = sys.modules["riskmap.scoring.natural_breaks"]


def squares(values, edges):
    ranked = np.sort(values.astype("float64"))
    at = [0, *np.searchsorted(ranked, edges), ranked.size]
    return sum(ranked[a:b].var() * (b - a) for a, b in itertools.pairwise(at) if b > a)


def uppers(values, edges):
    """Highest value of each class, as mapclassify prints its bins."""
    ranked = np.unique(values)
    return np.append(ranked[np.searchsorted(ranked, edges) - 1], ranked[-1])


# calempdensity.csv is mapclassify's own example (employment density of 58 counties of California, Anselin and Rey).
@pytest.mark.shared
@pytest.mark.parametrize("classes", [2, 3, 5, 7, 9])
def test_the_bins_of_mapclassify_on_its_example(shared, classes):
    file = shared / "reference" / "classify" / "calempdensity.csv"
    if not file.exists():
        pytest.skip("the example of mapclassify is not in the reference data")
    values = pd.read_csv(file)["emp/sq km"].to_numpy()
    want = mapclassify.FisherJenks(values, k=classes).bins
    np.testing.assert_allclose(uppers(values, natural_breaks(values, classes=classes)), want, rtol=1e-12)


@pytest.mark.parametrize("seed", range(100))
def test_the_bins_of_mapclassify_and_jenkspy_on_random_series(seed):
    rng = np.random.default_rng(seed)
    size, classes = int(rng.integers(20, 300)), int(rng.integers(2, 8))
    draw = (rng.normal, rng.gamma, rng.lognormal, rng.uniform)[seed % 4]
    values = draw(2.0, size=size) if seed % 4 == 1 else draw(size=size)
    if seed % 5 == 0:
        values = values.round(1)  # ties
    edges = natural_breaks(values, classes=classes)
    want = mapclassify.FisherJenks(values, k=classes).bins
    found = uppers(values, edges)
    if not np.allclose(found, want, rtol=1e-12):  # another partition may be as good, none may be better
        assert seed % 5 == 0
        assert squares(values, edges) <= squares(values, [values[values > one].min() for one in want[:-1]]) * (
            1 + 1e-12
        )
    bins = jenkspy.jenks_breaks(values, n_classes=classes)[1:-1]
    theirs = squares(values, [values[values > one].min() for one in bins])
    assert squares(values, edges) <= theirs * (1 + 1e-12)


MILLION = 1_000_000
SHAPES = {
    "uniform": lambda rng: rng.random(MILLION),
    "gamma": lambda rng: rng.gamma(2, size=MILLION),
    "long tail": lambda rng: rng.lognormal(sigma=3, size=MILLION),
    "both tails": lambda rng: rng.standard_cauchy(MILLION),
    "mostly zero": lambda rng: np.where(rng.random(MILLION) < 0.6, 0, rng.gamma(2, size=MILLION)),
    "whole numbers": lambda rng: rng.integers(0, 300, MILLION).astype("float64"),
    "four heaps": lambda rng: np.concatenate([rng.normal(one, 0.1, MILLION // 4) for one in (0, 1, 5, 9)]),
    "two far away": lambda rng: np.append(rng.random(MILLION - 2), [1e9, 1e17]),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_million_values_get_the_exact_breaks(shape, dtype, monkeypatch):
    values = SHAPES[shape](np.random.default_rng(3)).astype(dtype)
    values[::1000] = np.nan
    found = natural_breaks(values, classes=5)
    monkeypatch.setattr(module, "_SORTABLE", 2 * MILLION)
    exact = natural_breaks(values, classes=5)
    known = values[~np.isnan(values)]
    assert squares(known, found) <= squares(known, exact) * (1 + 1e-6)
    assert set(found) <= set(known.tolist())
    assert found[-1] <= known.max()
    assert found == tuple(sorted(found))


def test_cells_alone_would_not_do(monkeypatch):
    """The second look at the values beside the breaks is what makes the breaks exact."""
    values = np.random.default_rng(3).gamma(2, size=MILLION)
    exact = natural_breaks(values, classes=5)
    monkeypatch.setattr(module, "_BINS", 64)
    monkeypatch.setattr(module, "_ROUNDS", 1)
    assert natural_breaks(values, classes=5) != exact
    monkeypatch.setattr(module, "_ROUNDS", 4)
    assert squares(values, natural_breaks(values, classes=5)) == pytest.approx(squares(values, exact), rel=1e-9)


@pytest.mark.parametrize(("values", "want"), [
    (np.full(300_000, np.nan), (np.inf, np.inf)),
    (np.full(300_000, 2.5, np.float32), (np.inf, np.inf)),
    (np.append(np.zeros(300_000), 1.0), (1.0, np.inf)),
    (np.tile(np.float32([1, 2, np.inf, 9]), 100_000), (2.0, 9.0)),
])  # fmt: skip
def test_large_and_poor(values, want):
    assert natural_breaks(values, classes=3) == want
