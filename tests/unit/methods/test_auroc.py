import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods import auroc, auroc_interval


def test_perfect_useless_and_wrong():
    assert auroc([2, 3], [0, 1]) == 1
    assert auroc([1, 1], [1, 1]) == 0.5
    assert auroc([0], [1, 2]) == 0


def test_unknown_scores_take_no_part():
    assert auroc([2, np.nan], [1, np.nan, 3]) == auroc([2], [1, 3])
    assert np.isnan(auroc([np.nan], [1]))


def test_interval_narrows_with_points_and_stays_within_bounds():
    few = auroc_interval(0.8, positive_count=10, negative_count=1000)
    many = auroc_interval(0.8, positive_count=100, negative_count=1000)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]
    assert auroc_interval(0.99, positive_count=5, negative_count=5)[1] == 1
    assert np.isnan(auroc_interval(np.nan, positive_count=1, negative_count=1)).all()


def test_interval_covers_what_it_should():
    """True area of two normals one apart: Phi(1/sqrt 2) = 0.7602; 95 % intervals hold it about 95 times in 100."""
    draw = np.random.default_rng(2)
    held = 0
    for _ in range(300):
        area = auroc(draw.normal(1, 1, 40), draw.normal(0, 1, 200))
        low, high = auroc_interval(area, positive_count=40, negative_count=200)
        held += low <= 0.76025 <= high
    assert 0.91 < held / 300 < 0.985


def test_wrong_use():
    with pytest.raises(MethodError):
        auroc(np.zeros((2, 2)), [1])
    with pytest.raises(MethodError):
        auroc_interval(1.2, positive_count=3, negative_count=3)
    with pytest.raises(MethodError):
        auroc_interval(0.5, positive_count=0, negative_count=3)
