"""Smoothing, mapping and drawing the classes of 1.5 million cells, and Ward's tree of 2,000 units."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from riskmap.scoring import regions
from riskmap.spatial import class_polygons, make_grid, minimum_mapping, on_grid, smooth_classes

SHAPE = (1250, 1200)


@pytest.fixture(scope="module")
def classes():
    rng = np.random.default_rng(1)
    field = gaussian_filter(rng.normal(size=SHAPE), 4) * 10 + rng.normal(size=SHAPE) * 0.1
    codes = (np.digitize(field, np.quantile(field, [0.3, 0.6, 0.85, 0.95])) + 1).astype("uint8")
    return on_grid(codes, make_grid((0, 0, 30 * SHAPE[1], 30 * SHAPE[0]), "EPSG:4546", cell_size_m=30))


def test_smooth(benchmark, classes):
    benchmark(smooth_classes, classes, size=5)


def test_minimum_mapping(benchmark, classes):
    benchmark(minimum_mapping, classes, area_km2=1.0)


def test_polygons(benchmark, classes):
    mapped = minimum_mapping(smooth_classes(classes, size=5), area_km2=0.1)
    benchmark(class_polygons, mapped, simplify_m=60)


def test_regions(benchmark):
    values = np.random.default_rng(0).normal(size=(2000, 5))
    at = np.arange(2000).reshape(40, 50)
    pairs = [
        *zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True),
        *zip(at[:-1].ravel(), at[1:].ravel(), strict=True),
    ]
    benchmark(regions, values, pairs, between=(8, 20))
