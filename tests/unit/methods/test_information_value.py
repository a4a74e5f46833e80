import numpy as np
import pytest

from riskmap.errors import MethodError
from riskmap.methods import class_counts, class_sum, cross_validated_sum, information_values


def test_an_empty_tiny_class_is_not_called_dangerous():
    found = information_values(np.array([50, 0]), np.array([9990, 10]))
    assert found[1] == 0
    assert information_values(np.array([50, 0]), np.array([5000, 5000]))[1] < -3


def test_a_class_without_cells_is_unknown():
    assert np.isnan(information_values(np.array([3, 0]), np.array([5, 0]))[1])


def test_no_event_and_strange_floor_are_refused():
    with pytest.raises(MethodError, match="inventory"):
        information_values(np.array([0, 0]), np.array([5, 5]))
    with pytest.raises(MethodError, match="zero_count"):
        information_values(np.array([1, 0]), np.array([5, 5]), zero_count=0)


def test_strange_codes_are_refused():
    with pytest.raises(MethodError, match="0"):
        class_counts(np.array([0, 1], "uint8"), np.array([1]), classes=1)
    with pytest.raises(MethodError, match="3"):
        class_counts(np.array([3, 1], "uint8"), np.array([1]), classes=2)


def test_sum_needs_a_row_a_factor():
    with pytest.raises(MethodError):
        class_sum(np.ones((2, 3), "uint8"), np.ones((1, 1)))


def test_held_out_values_are_those_of_the_other_folds():
    draw = np.random.default_rng(0)
    codes = draw.integers(1, 4, (2, 300)).astype("uint8")
    codes[0, 5] = 255
    folds = draw.integers(0, 3, 300).astype("uint8")
    places = draw.integers(0, 300, 40)
    found = cross_validated_sum(codes, places, folds)
    for fold in range(3):
        expected = np.zeros(300)
        for one in codes:
            table = np.full(256, np.nan)
            kept = places[folds[places] != fold]
            cells = np.bincount(one[folds != fold], minlength=256)
            events = np.bincount(one[kept], minlength=256)
            table[1:4] = information_values(events[1:4], cells[1:4])
            expected += table[one]
        here = folds == fold
        np.testing.assert_allclose(found[here], expected[here], rtol=1e-5)
    assert np.isnan(found[5])


def test_events_in_one_fold_only_cannot_be_cross_validated():
    found = cross_validated_sum(np.ones((1, 4), "uint8"), np.array([0]), np.array([0, 0, 1, 1], "uint8"))
    assert np.isnan(found).all()
