import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import GridError
from riskmap.spatial import (
    exact_mean,
    exact_statistics,
    make_grid,
    on_grid,
    zonal_mean,
    zonal_shares,
    zonal_sum,
    zone_labels,
)

CRS = "EPSG:4546"
GRID = make_grid((0, 0, 40, 30), CRS, cell_size_m=10)
VALUES = on_grid(np.arange(12, dtype="float32").reshape(3, 4), GRID)


def units(*shapes, crs=CRS):
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs)


HALVES = units(shapely.box(0, 0, 20, 30), shapely.box(20, 0, 40, 30), shapely.box(1, 1, 3, 3))


def test_labels_count_from_one_and_small_units_get_none():
    labels = zone_labels(HALVES, GRID)
    assert labels.values.tolist() == [[1, 1, 2, 2]] * 3
    assert labels.dtype == "int32"


def test_sums_and_means_pass_over_the_unknown():
    holed = VALUES.copy(deep=True)
    holed[0, 0] = np.nan
    holed[:, 2:] = np.nan
    labels = zone_labels(HALVES, GRID)
    np.testing.assert_array_equal(zonal_sum(holed, labels, count=3), [1 + 4 + 5 + 8 + 9, np.nan, np.nan])
    np.testing.assert_array_equal(zonal_mean(holed, labels, count=3), [27 / 5, np.nan, np.nan])


def test_weights_and_cells_without_weight():
    labels = zone_labels(HALVES, GRID)
    people = on_grid(np.array([[1, 3, 0, 0]] * 3, "float32"), GRID)
    people[1:] = np.nan
    np.testing.assert_allclose(zonal_mean(VALUES, labels, count=3, weights=people), [(0 + 3) / 4, np.nan, np.nan])


def test_shares_of_classed_cells():
    codes = on_grid(np.array([[1, 1, 3, 255], [1, 2, 255, 255], [1, 0, 255, 255]], "uint8"), GRID)
    got = zonal_shares(codes, zone_labels(HALVES, GRID), count=3, classes=3)
    np.testing.assert_array_equal(got, [[0.8, 0.2, 0], [0, 0, 1], [np.nan] * 3])


def test_exact_fractions_of_small_units():
    holed = VALUES.copy(deep=True)
    holed[2, 0] = np.nan
    small = units(shapely.box(8, 12, 16, 18), shapely.box(1, 1, 3, 3), shapely.box(900, 900, 910, 910))
    np.testing.assert_allclose(exact_mean(holed, small), [(4 * 2 + 5 * 6) / 8, np.nan, np.nan])
    got = exact_statistics(holed, small, ["sum", "count"])
    np.testing.assert_allclose(got[0], [4 * 0.12 + 5 * 0.36, 0.48])


def test_grids_that_do_not_fit():
    with pytest.raises(GridError, match="reproject"):
        exact_mean(VALUES, HALVES.set_crs("EPSG:4547", allow_override=True))
    with pytest.raises(GridError, match="different grids"):
        zonal_sum(VALUES[1:], zone_labels(HALVES, GRID), count=3)
