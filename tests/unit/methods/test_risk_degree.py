import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods import risk_degree


def test_unknown_depth_is_unknown_risk_and_type_is_kept():
    depths = np.array([[0.0, np.nan, 1.0], [0.0, 1.0, 1.0]], "float32")
    found = risk_degree(depths, [5, 20])
    assert found.dtype == np.float32
    assert found[0] == 0
    assert np.isnan(found[1])
    assert found[2] == pytest.approx(0.2)


def test_constant_depth_counts_with_the_frequency_of_the_smallest_flood():
    assert risk_degree(np.full((5, 1), 2.0), [5, 10, 20, 50, 100]).item() == pytest.approx(0.4)


@pytest.mark.parametrize("years", [[20, 5], [5], [5, 5], [0, 5]])
def test_wrong_return_periods(years):
    with pytest.raises(MethodError, match="ascending"):
        risk_degree(np.zeros((2, 1)), years)


def test_bankfull_flood_is_more_frequent_than_the_smallest():
    with pytest.raises(MethodError, match="bankfull"):
        risk_degree(np.zeros((2, 1)), [5, 20], bankfull_frequency=0.2)
