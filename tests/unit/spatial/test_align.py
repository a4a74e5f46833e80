import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from riskmap.errors import CountyFileError, GridError
from riskmap.spatial import burn, cell_size_m, distance, grid_of, inside, make_grid, on_grid, resample

CRS = "EPSG:4546"
GRID = make_grid((0, 0, 50, 40), CRS, cell_size_m=10)


def shapes(*geometry, crs=CRS, **columns):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)


def test_grids_of_different_extents_fit():
    one = make_grid((503.2, 17, 641, 99), CRS, cell_size_m=30)
    other = make_grid((600, -50, 700, 60), CRS, cell_size_m=30)
    assert one.transform.c % 30 == other.transform.c % 30 == one.transform.f % 30 == 0
    assert one.boundingbox.bbox == (480, 0, 660, 120)
    assert make_grid((30, 30, 60, 60), CRS, cell_size_m=30).shape == (1, 1)
    assert make_grid((30, 30, 60, 60), CRS, cell_size_m=30, margin_m=1).shape == (3, 3)


def test_a_grid_that_cannot_be():
    with pytest.raises(GridError, match="cell size 0"):
        make_grid((0, 0, 1, 1), CRS, cell_size_m=0)
    with pytest.raises(GridError, match="empty"):
        make_grid((5, 0, 1, 1), CRS, cell_size_m=1)
    with pytest.raises(GridError, match="empty"):
        make_grid((np.nan, 0, 1, 1), CRS, cell_size_m=1)
    with pytest.raises(CountyFileError, match="degrees"):
        make_grid((0, 0, 1, 1), "EPSG:4326", cell_size_m=1)


def test_numbers_find_their_place():
    stack = on_grid(np.zeros((2, 4, 5)), GRID, name="depth", lead={"period": (5, 10)}, units="m")
    assert stack.dims == ("period", "y", "x")
    assert stack.attrs == {"units": "m"}
    assert grid_of(stack) == GRID
    assert (stack.x[0], stack.y[0]) == (5, 35)
    with pytest.raises(GridError, match="shape"):
        on_grid(np.zeros((5, 4)), GRID)


def test_arrays_that_lie_on_no_grid():
    with pytest.raises(GridError, match="carries no grid"):
        grid_of(xr.DataArray(np.zeros((2, 2)), dims=("y", "x")))
    south_up = GeoBox((4, 5), Affine(10, 0, 0, 0, 10, 0), CRS)
    with pytest.raises(GridError, match="not square and north up"):
        grid_of(on_grid(np.zeros((4, 5)), south_up))
    with pytest.raises(GridError, match="degrees"):
        cell_size_m(on_grid(np.zeros((4, 5)), GeoBox((4, 5), Affine(0.1, 0, 0, 0, -0.1, 0), "EPSG:4326")))


def test_counts_keep_their_total_and_means_their_level():
    degrees = GeoBox((60, 80), Affine(1 / 1200, 0, 111.1, 0, -1 / 1200, 39.4), "EPSG:4326")
    people = on_grid(np.random.default_rng(0).uniform(0, 9, (60, 80)).astype("float32"), degrees)
    wide = make_grid((505_000, 4_354_000, 518_000, 4_366_000), CRS, cell_size_m=50)
    got = resample(people, wide, method="sum")
    assert float(got.sum()) == pytest.approx(float(people.sum()), rel=1e-5)
    flat = resample(people * 0 + 7, wide, method="average")
    np.testing.assert_allclose(flat.values[np.isfinite(flat)], 7)
    assert np.isnan(flat).any()


def test_average_of_known_cells_only():
    fine = on_grid(np.array([[1, 3], [np.nan, 5]], "float32"), make_grid((0, 0, 20, 20), CRS, cell_size_m=10))
    assert resample(fine, make_grid((0, 0, 20, 20), CRS, cell_size_m=20), method="average").item() == 3


def test_unknown_stays_unknown_and_the_source_as_it_was():
    holed = on_grid(np.arange(20, dtype="float32").reshape(4, 5), GRID)
    holed[1, 1] = np.nan
    before = holed.copy()
    for method in ("nearest", "bilinear", "average"):
        got = resample(holed, GRID, method=method)
        xr.testing.assert_equal(got, holed)
    xr.testing.assert_equal(holed, before)
    shifted = make_grid((40, 0, 70, 40), CRS, cell_size_m=10)
    assert np.isnan(resample(holed, shifted)).sum() == 8


def test_codes_stay_codes():
    wide = make_grid((0, 0, 100, 80), CRS, cell_size_m=20)
    codes = on_grid(np.full((4, 5), 3, "uint8"), GRID)
    got = resample(codes, wide, method="nearest")
    assert got.dtype == "uint8"
    assert set(np.unique(got)) == {3, 255}
    assert got.attrs["nodata"] == 255
    counts = on_grid(np.full((4, 5), 3, "int32"), GRID, nodata=-9)
    assert set(np.unique(resample(counts, wide, method="nearest"))) == {3, -9}
    counts[:, 0] = -9
    assert float(resample(counts, wide, method="sum").sum()) == 3 * 16
    with pytest.raises(GridError, match="nodata"):
        resample(on_grid(np.zeros((4, 5), "uint16"), GRID), wide, method="nearest")


def test_truth_values():
    half = on_grid(np.arange(20).reshape(4, 5) % 5 < 2, GRID)
    wide = make_grid((0, 0, 60, 40), CRS, cell_size_m=20)
    assert (
        resample(half, make_grid((0, 0, 60, 40), CRS, cell_size_m=10), method="nearest").values.tolist()
        == [[True, True, False, False, False, False]] * 4
    )
    assert resample(half, wide, method="average").values[0].tolist() == [1, 0, 0]


def test_no_system_no_resampling():
    with pytest.raises(GridError, match="without a coordinate system"):
        resample(on_grid(np.zeros((4, 5), "float32"), GeoBox((4, 5), GRID.transform, None)), GRID)


def test_burning():
    frame = shapes(
        shapely.box(0, 0, 20, 40),
        shapely.box(10, 0, 50, 20),
        None,
        depth=[1.5, np.nan, 3],
        kind=["a", "b", "c"],
    )
    rows = burn(frame, GRID)
    assert rows.dtype == "int32"
    assert rows.values[0].tolist() == [1, 1, 0, 0, 0]
    assert rows.values[3].tolist() == [1, 2, 2, 2, 2]
    depth = burn(frame, GRID, column="depth")
    assert depth.dtype == "float32"
    np.testing.assert_array_equal(depth.values[3], [1.5, *[np.nan] * 4])
    with pytest.raises(GridError, match="'kind'"):
        burn(frame, GRID, column="kind")
    with pytest.raises(GridError, match="see to_analysis"):
        burn(frame.set_crs("EPSG:4547", allow_override=True), GRID)
    assert not burn(frame.iloc[:0], GRID).any()


def test_touching():
    line = shapes(shapely.LineString([(1, 1), (49, 39)]))
    assert inside(line, GRID, all_touched=True).sum() > inside(line, GRID).sum() >= 5
    assert not inside(shapes(shapely.box(0, 0, 4, 4)), GRID).any()


def test_distance_is_straight():
    mask = on_grid(np.zeros((4, 5), bool), GRID)
    assert np.isnan(distance(mask)).all()
    mask[3, 0] = True
    got = distance(mask)
    assert got[0, 4] == 50
    assert got[3, 0] == 0
    assert got.attrs["units"] == "m"
