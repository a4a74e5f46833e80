"""A front from 60 places over 1.5 million cells of 50 m: some hours of it, and all of it."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from riskmap.methods import slope_factor
from riskmap.spatial import least_time, make_grid, on_grid

SHAPE = (1250, 1200)
SLOPE = (3.533, 1.2, 0.7)


@pytest.fixture(scope="module")
def ground():
    rng = np.random.default_rng(1)
    grid = make_grid((0, 0, 50 * SHAPE[1], 50 * SHAPE[0]), "EPSG:4546", cell_size_m=50)
    start = np.zeros(SHAPE, bool)
    start.ravel()[rng.choice(start.size, 60, replace=False)] = True
    fuel = np.digitize(gaussian_filter(rng.normal(size=SHAPE), 3), [-0.12, 0.0, 0.05])
    relief = 2000 * gaussian_filter(rng.normal(size=SHAPE), 10)
    return on_grid(start, grid), on_grid(np.array([0.0, 1.0, 1.6, 1.8])[fuel], grid), on_grid(relief, grid)


@pytest.mark.parametrize("limit", [360.0, np.inf])
def test_arrival(benchmark, ground, limit):
    by_slope = slope_factor(np.linspace(-0.7, 0.7, 1401), constants=SLOPE)
    how = {"by_direction": np.full(16, 2.3), "by_slope": by_slope, "steepest": 0.7}
    least_time(*ground, **how, limit=60.0)  # compiled
    benchmark(least_time, *ground, **how, limit=limit)
