"""Classes of 1.5 million cells under 200 draws of the weights, beside computing the index of the cells once."""

import numpy as np
import pytest
import xarray as xr

from riskmap.scoring import cell_stability, classify, grid_index
from riskmap.standards import book

SIDE = 1225
THEMES, OBJECTS = ("landslide", "flood", "drought", "fire"), ("people", "gdp", "crops", "houses", "roads")


@pytest.fixture(scope="module")
def cells():
    rng = np.random.default_rng(1)

    def raster(share):
        values = rng.random((SIDE, SIDE), dtype=np.float32)
        values[rng.random((SIDE, SIDE)) > share] = 0  # nothing stands there
        return xr.DataArray(values, dims=("y", "x"))

    labels = xr.DataArray(rng.integers(1, 200, (SIDE, SIDE)), dims=("y", "x"))
    harm = {one: rng.random(200) for one in OBJECTS[:4]}
    return {one: raster(1.0) for one in THEMES}, {one: raster(0.4) for one in OBJECTS}, harm, labels


@pytest.mark.parametrize("who", ["200 draws of weights", "the index once"])
def test_cells(benchmark, cells, who):
    benchmark.group = f"{SIDE * SIDE:,} cells, 4 hazards, 5 objects"
    weights = (dict.fromkeys(THEMES, 1.0), dict.fromkeys(OBJECTS, 1.0))
    index = grid_index(*cells, themes=weights[0], objects=weights[1])
    if who == "the index once":
        benchmark.pedantic(lambda: grid_index(*cells, themes=weights[0], objects=weights[1]), rounds=3, iterations=1)
        return
    found = classify(index, book().scheme("comprehensive-risk"))
    published = xr.DataArray(found.codes, dims=("y", "x"))
    call = lambda: cell_stability(  # noqa: E731
        *cells, weights=weights, edges=found.scheme.edges, published=published, draws=200, doubt=0.2, seed=1
    )
    call()  # compile
    benchmark.pedantic(call, rounds=3, iterations=1)
