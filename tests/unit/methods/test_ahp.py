import numpy as np
import pytest

from riskmap.errors import MethodError, StandardError
from riskmap.methods import ahp_weights


def test_consistent_judgements_give_back_their_weights():
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    found = ahp_weights(weights[:, None] / weights[None, :])
    np.testing.assert_allclose(found.weights, weights, rtol=1e-9)
    assert found.consistency_ratio == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_indicators_cannot_contradict(n):
    assert ahp_weights(np.ones((n, n))).consistency_ratio == 0


def test_contradiction_is_seen_and_depends_on_the_named_table():
    circle = [[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]]
    first, second = ahp_weights(circle), ahp_weights(circle, random_index="alternative")
    assert not first.consistent
    assert second.consistency_ratio / first.consistency_ratio == pytest.approx(0.58 / 0.52)


def test_all_faults_are_named_at_once():
    with pytest.raises(MethodError) as fault:
        ahp_weights([[1, 2, 3], [1, 1, 4], [1 / 3, 1 / 4, 2]])
    assert len(fault.value.faults) == 2
    assert "row 1, column 2" in str(fault.value)
    assert "row 3, column 3" in str(fault.value)


@pytest.mark.parametrize("matrix", [[[1, 2]], [1, 2], np.ones((11, 11)), [[1, -2], [-0.5, 1]], [[np.nan]]])
def test_matrices_that_give_no_weights(matrix):
    with pytest.raises(MethodError):
        ahp_weights(matrix)


def test_unknown_table():
    with pytest.raises(StandardError):
        ahp_weights([[1]], random_index="none")
