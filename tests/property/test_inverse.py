"""Every normaliser that has an inverse gives the quantity back, and says so where it has none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.errors import MethodError
from riskmap.scoring import NORMALISERS, normalise, quantity_of

CASES = [
    ("minmax", {}), ("minmax", {"low": 0.5, "high": 2000.0}), ("minmax", {"winsor": [0.0, 1.0]}), ("half", {}),
    ("log", {}), ("log", {"low": 0.0, "scale_share": 0.1}), ("power", {}), ("power", {"exponent": 1 / 3}),
    ("boxcox", {}), ("boxcox", {"exponent": 0.0}), ("zscore", {"limit": 60.0}), ("percentile", {}), ("rank", {}),
    ("knots", {"knots": [[0.0, 0.0], [10.0, 0.7], [2000.0, 1.0]]}), ("knots", {"knots": [[0.0, 1.0], [2000.0, 0.0]]}),
    ("raw", {"times": -2.0, "plus": 5.0}),
]  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(
    values=st.lists(st.integers(10, 10_000), min_size=3, max_size=30, unique=True).map(lambda one: np.array(one) / 10),
    case=st.sampled_from(CASES),
    direction=st.sampled_from([1, -1]),
)
def test_there_and_back(values, case, direction):
    method, options = case
    direction = 1 if method == "raw" else direction  # raw knows no other
    scores = normalise(values, method=method, direction=direction, **options)
    back = quantity_of(scores, values, method=method, direction=direction, **options)
    assert back == pytest.approx(values, rel=1e-6, abs=1e-6)


def test_every_normaliser_has_an_inverse_or_a_reason():
    tried = {method for method, _ in CASES} | {"identity"}
    assert set(NORMALISERS) - tried == {"target"}
    with pytest.raises(MethodError, match="no inverse"):
        quantity_of([0.5], [1.0, 2.0], method="target", target=1)
    with pytest.raises(MethodError, match="without contrast"):
        quantity_of([0.5], [2.0, 2.0], method="minmax")
    with pytest.raises(MethodError, match="level or turn"):
        quantity_of([0.5], [2.0], method="knots", knots=[[0, 0], [1, 1], [2, 1]])
    with pytest.raises(MethodError, match="outside its range"):
        quantity_of([1.5], [1.0, 2.0], method="minmax")
    with pytest.raises(MethodError, match="outside its range"):
        quantity_of([0.2], [1.0, 2.0], method="half")


def test_unknown_scores_stay_unknown():
    for method, options in CASES:
        assert np.isnan(quantity_of([np.nan], [1.0, 2.0, 4.0], method=method, **options)).all(), method
