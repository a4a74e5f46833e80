"""Sobol indices against functions whose indices are known, and against SALib's own analysis."""

import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.model import Text
from riskmap.scoring.sensitivity import around_share, between, one_of, sobol
from riskmap.scoring.stability import drawn_weights


def named(count, low=0.0, high=1.0):
    return {f"x{n}": between(low, high, title=Text(f"x{n}", f"x{n}")) for n in range(count)}


def ishigami(x):
    return np.sin(x["x0"]) + 7 * np.sin(x["x1"]) ** 2 + 0.1 * x["x2"] ** 4 * np.sin(x["x0"])


# Ishigami and Homma 1990 with a = 7, b = 0.1; indices as printed by Saltelli et al. 2008, Global Sensitivity Analysis,
# and by SALib's documentation of this function.
def test_ishigami():
    found = sobol(ishigami, named(3, -np.pi, np.pi), n=4096, seed=1).mean
    want = {"x0": (0.3139, 0.5576), "x1": (0.4424, 0.4424), "x2": (0.0, 0.2437)}
    for name, (first, total) in want.items():
        assert found.loc[name, "first"] == pytest.approx(first, abs=0.015)
        assert found.loc[name, "total"] == pytest.approx(total, abs=0.015)
        assert abs(found.loc[name, "first"] - first) < 2 * found.loc[name, "first_half"] + 1e-3
    assert list(found.index) == ["x0", "x1", "x2"]


# g-function of Sobol' with a = (0, 1, 4.5, 9, 99, 99, 99, 99): Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018;
# first index V_i / V with V_i = (1/3) / (1 + a_i)^2 and V = prod(1 + V_i) - 1, total V_i prod_{j != i}(1 + V_j) / V.
def test_g_function():
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    part = 1 / 3 / (1 + a) ** 2
    whole = np.prod(1 + part) - 1
    total = part * np.prod(1 + part) / (1 + part) / whole
    np.testing.assert_allclose(part[:4] / whole, [0.716, 0.179, 0.0237, 0.0072], atol=5e-4)  # as printed

    def g(x):
        values = np.array([x[f"x{n}"] for n in range(8)])
        return np.prod((np.abs(4 * values - 2) + a) / (1 + a))

    found = sobol(g, named(8), n=4096, seed=3).mean.loc[[f"x{n}" for n in range(8)]]
    np.testing.assert_allclose(found["first"], part / whole, atol=0.02)
    np.testing.assert_allclose(found["total"], total, atol=0.02)


def test_the_same_numbers_as_the_analysis_of_salib():
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sample

    problem = {"num_vars": 3, "names": ["x0", "x1", "x2"], "bounds": [[-np.pi, np.pi]] * 3}
    rows = sample.sample(problem, 512, calc_second_order=False, seed=9)
    values = np.array([ishigami(dict(zip(problem["names"], row, strict=True))) for row in rows])
    want = analysis.analyze(problem, values, calc_second_order=False, seed=1)
    found = sobol(ishigami, named(3, -np.pi, np.pi), n=512, seed=9)
    np.testing.assert_allclose(found.first.iloc[0], want["S1"], atol=1e-9)
    np.testing.assert_allclose(found.total.iloc[0], want["ST"], atol=1e-9)
    half = found.mean.loc[problem["names"]]
    np.testing.assert_allclose(half["first_half"], want["S1_conf"], rtol=0.35)
    np.testing.assert_allclose(half["total_half"], want["ST_conf"], rtol=0.35)


def test_outputs_count_by_their_variance():
    found = sobol(lambda x: np.array([3 * x["x0"], x["x1"], 5.0, np.nan]), named(2), n=512, seed=1)
    assert found.mean["first"].to_dict() == pytest.approx({"x0": 0.9, "x1": 0.1}, abs=0.02)
    np.testing.assert_allclose(found.first.iloc[:2], np.eye(2), atol=0.03)
    assert found.first.iloc[2:].isna().all(axis=None)
    assert found.evaluations == 512 * 4


def test_shares_are_those_of_drawn_weights():
    weights, doubt = np.array([0.5, 0.3, 0.2]), 0.3
    strength = 2 / doubt**2 - 1
    rng = np.random.default_rng(1)
    parts = [around_share(one, strength=strength, title=Text("w", "w")) for one in weights]
    drawn = np.array([[part.at(u) for part, u in zip(parts, row, strict=True)] for row in rng.random((4000, 3))])
    drawn /= drawn.sum(axis=1, keepdims=True)
    want = drawn_weights(weights, draws=4000, rng=rng, doubt=doubt)
    np.testing.assert_allclose(drawn.mean(axis=0), weights, atol=0.005)
    np.testing.assert_allclose(drawn.std(axis=0), want.std(axis=0), rtol=0.06)


def test_choices_are_equally_likely_and_faults_are_told():
    pick = one_of(["a", "b", "c"], title=Text("选", "Choice"))
    assert [pick.at(u) for u in (0.0, 0.34, 0.67, 1.0)] == ["a", "b", "c", "c"]
    with pytest.raises(MethodError, match="power of 2"):
        sobol(ishigami, named(3), n=100, seed=1)
    with pytest.raises(MethodError, match="must ascend"):
        between(2, 1, title=Text("深", "Depth"))
    with pytest.raises(MethodError, match="above 0"):
        around_share(0.0, strength=1, title=Text("深", "Depth"))
    with pytest.raises(MethodError, match="one option"):
        one_of([], title=Text("深", "Depth"))
