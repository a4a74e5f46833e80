"""Filling and accumulation against TauDEM (its own test data: MED_01_01, Logan)."""

import numpy as np
import pytest
import rasterio
from numba import njit
from odc.geo.geobox import GeoBox

from riskmap.spatial import Flow, accumulation, fill, from_outside, on_grid

ROW = np.array([0, 0, -1, -1, -1, 0, 1, 1, 1])  # TauDEM: 1 east, then counter-clockwise
COLUMN = np.array([0, 1, 1, 0, -1, -1, -1, 0, 1])


def read(path, *, dtype="float32"):
    with rasterio.open(path) as source:
        values = source.read(1)
        crs = source.crs.to_wkt() if source.crs else "EPSG:32736"
        return values.astype(dtype), GeoBox(source.shape, source.transform, crs), source.nodata


@pytest.mark.parametrize("name", ["MED_01_01", "logan100"])
def test_filling_equals_taudem(shared, name):
    dem, grid, _ = read(shared / f"reference/terrain/{name}.tif")
    theirs, _, _ = read(shared / f"reference/terrain/{name}fel.tif")
    got = fill(on_grid(dem, grid)).to_numpy()
    np.testing.assert_array_equal(got, theirs)
    assert (got > dem).sum() > 100


@njit
def downstream_first(receiver, known):
    donors = np.zeros(receiver.size, np.int32)
    for cell in range(receiver.size):
        if receiver[cell] >= 0:
            donors[receiver[cell]] += 1
    order, done = np.empty(known.sum(), np.int32), 0
    for cell in range(receiver.size):
        at = cell
        while at >= 0 and known[at] and donors[at] == 0:
            donors[at] = -1
            order[done] = at
            done += 1
            at = receiver[at]
            if at >= 0:
                donors[at] -= 1
    return order[:done][::-1]


def test_accumulation_equals_taudem(shared):
    codes, grid, nodata = read(shared / "reference/terrain/loganp.tif", dtype="int64")
    theirs, _, none = read(shared / "reference/terrain/loganad8.tif")
    known = codes != nodata
    row, column = np.indices(codes.shape)
    code = np.where(known, codes, 0)
    i, j = row + ROW[code], column + COLUMN[code]
    inside = known & (code > 0) & (i >= 0) & (j >= 0) & (i < codes.shape[0]) & (j < codes.shape[1])
    receiver = np.full(codes.size, -1, np.int32)
    receiver[inside.ravel()] = (i * codes.shape[1] + j)[inside]
    receiver[receiver >= 0] = np.where(known.ravel()[receiver[receiver >= 0]], receiver[receiver >= 0], -1)
    found = Flow(
        filled=on_grid(np.where(known, 0, np.nan).astype("float32"), grid),
        receiver=receiver,
        order=downstream_first(receiver, known.ravel()),
    )
    cells = accumulation(found).to_numpy() / 0.0009
    counted = theirs != none
    assert counted.sum() == 1_587_804
    np.testing.assert_allclose(cells[counted], theirs[counted], rtol=1e-6)
    open_to_outside = from_outside(found).to_numpy()
    assert 0 < open_to_outside.sum() < known.sum()
