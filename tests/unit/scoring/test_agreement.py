"""Kappa as scikit-learn reckons it; stretches of a border measured by hand."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sklearn.metrics import accuracy_score, cohen_kappa_score

from riskmap.errors import MethodError
from riskmap.scoring.agreement import agreement, edge_stretches


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("weighted", [False, True])
def test_kappa_is_that_of_scikit_learn(seed, weighted):
    rng = np.random.default_rng(seed)
    first = rng.integers(1, 6, 200)
    second = np.clip(first + rng.integers(-2, 3, 200), 1, 5)
    weights = rng.random(200) if weighted else None
    found = agreement(first, second, size=5, weights=weights)
    expected = cohen_kappa_score(first, second, weights="quadratic", labels=range(1, 6), sample_weight=weights)
    assert found.kappa == pytest.approx(expected)
    assert found.overall == pytest.approx(accuracy_score(first, second, sample_weight=weights))
    near = np.abs(first - second) <= 1
    assert found.within_one == pytest.approx(np.average(near, weights=weights))


def test_what_has_no_class_on_one_side_takes_no_part():
    found = agreement([1, 255, 3], [1, 2, 255], size=3)
    assert found.matrix.sum() == 1
    assert found.overall == 1
    assert np.isnan(found.kappa)  # both in one class throughout
    nothing = agreement([255], [1], size=3)
    assert np.isnan([nothing.overall, nothing.within_one, nothing.kappa]).all()
    with pytest.raises(MethodError, match="2 and 1 classes"):
        agreement([1, 2], [1], size=3)


def boxes(classes, west, *, names=None, wide=1000):
    shapes = [shapely.box(west, n * 1000, west + wide, n * 1000 + 1000) for n in range(len(classes))]
    return gpd.GeoDataFrame({"class": classes}, index=names, geometry=shapes, crs="EPSG:4546")


@pytest.mark.parametrize("gap", [-30, 0, 30])
def test_gaps_and_overlaps_are_bridged(gap):
    own, other = boxes([1, 4, 2], 0, names=list("abc")), boxes([1, 1, 5], 1000 + gap)
    found = edge_stretches(own, other, own.geometry.union_all().boundary, tolerance_m=50)
    assert found["difference"].abs().tolist() == [3, 3, 0]
    assert found.set_index("unit_id")["difference"].to_dict() == {"a": 0, "b": 3, "c": -3}
    assert found["length_km"].to_numpy() == pytest.approx([1, 1, 1], abs=0.11)  # the ends, to within the tolerance
    assert (found.geom_type == "LineString").all()
    assert found.length.to_numpy() / 1000 == pytest.approx(found["length_km"].to_numpy())
    assert (found.distance(shapely.LineString([(1000, 0), (1000, 3000)])) < 1e-6).all()


def test_a_neighbour_too_far_away_shares_nothing():
    own, other = boxes([1], 0, names=["a"]), boxes([1], 1100)
    border = own.geometry.union_all().boundary
    assert edge_stretches(own, other, border, tolerance_m=50).empty
    assert len(edge_stretches(own, other, border, tolerance_m=120)) == 1
    with pytest.raises(MethodError, match="above 0"):
        edge_stretches(own, other, border, tolerance_m=0)


def test_one_neighbour_between_two_stretches_of_another():
    own = boxes([2], 0, names=["a"], wide=1000)
    other = gpd.GeoDataFrame(
        {"class": [1, 3, 1]},
        geometry=[shapely.box(1000, a, 2000, b) for a, b in ((0, 300), (300, 600), (600, 1000))],
        crs="EPSG:4546",
    )
    found = edge_stretches(own, other, own.geometry["a"].boundary, tolerance_m=10)
    assert found["difference"].tolist() == [1, 1, -1]
    assert found["length_km"].to_numpy() == pytest.approx([0.4, 0.3, 0.3], abs=0.021)
