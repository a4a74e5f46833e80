import warnings

import geopandas as gpd
import numpy as np
import pytest

from riskmap.errors import GridError, MethodError, ThinDataWarning
from riskmap.spatial import interpolate, leave_one_out, make_grid, on_grid

CRS = "EPSG:4546"
GRID = make_grid((0, 0, 100, 60), CRS, cell_size_m=10)


def stations(*xy, crs=CRS):
    x, y = np.transpose(xy)
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=crs)


def by_hand(points, values, power):
    x, y = np.meshgrid(np.arange(5, 100, 10.0), np.arange(55, 0, -10.0))
    away = np.stack([np.hypot(x - p.x, y - p.y) for p in points.geometry])
    share = away**-power
    return (share * np.reshape(values, (-1, 1, 1))).sum(0) / share.sum(0)


@pytest.mark.parametrize("power", [1.0, 2.0, 3.5])
def test_it_is_shepards_mean(power):
    points, values = stations((11, 22), (48, 3), (91, 57)), [3.0, -1.0, 8.0]
    got = interpolate(points, values, GRID, power=power)
    np.testing.assert_allclose(got, by_hand(points, values, power), rtol=1e-6)
    assert got.dtype == "float32"


def test_a_station_keeps_its_value_and_two_on_one_spot_share():
    points = stations((5, 5), (95, 55), (95, 55))
    got = interpolate(points, [1.0, 4.0, 6.0], GRID)
    assert got[5, 0] == 1.0
    assert got[0, 9] == 5.0


def test_only_the_nearest_count():
    points = stations((5, 5), (15, 5), (95, 55))
    got = interpolate(points, [1.0, 2.0, 9.0], GRID, neighbours=1)
    assert set(np.unique(got)) == {1.0, 2.0, 9.0}
    assert got[0, 9] == 9.0


def test_one_station_is_a_constant_with_a_warning_and_none_is_unknown():
    points = stations((5, 5), (95, 55))
    with pytest.warns(ThinDataWarning, match="1 of 2 stations"):
        assert (interpolate(points, [7.5, np.nan], GRID) == 7.5).all()
    with pytest.warns(ThinDataWarning, match="0 of 2"):
        assert interpolate(points, [np.nan, np.nan], GRID).isnull().all()


def test_a_quantity_that_falls_with_height_is_found_again():
    height = on_grid(np.add.outer(np.arange(6.0) * 50, np.arange(10.0) * 30) + 800, GRID)
    height[0, 0] = np.nan
    points = stations((15, 15), (55, 45), (85, 25), (35, 35))
    at = [900.0, 1100.0, 1300.0, 1250.0]
    truth = 25 - 0.0065 * height
    got = interpolate(points, 25 - 0.0065 * np.array(at), GRID, elevation=at, dem=height)
    np.testing.assert_allclose(got, truth, atol=1e-4)
    assert np.isnan(got[0, 0])
    np.testing.assert_allclose(leave_one_out(points, 25 - 0.0065 * np.array(at), elevation=at), 0, atol=1e-9)
    assert np.abs(leave_one_out(points, 25 - 0.0065 * np.array(at))).min() > 0.1


def test_too_few_heights_are_told():
    points, dem = stations((5, 5), (95, 55)), on_grid(np.full(GRID.shape, 900.0), GRID)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        got = interpolate(points, [1.0, 3.0], GRID, elevation=[800, 1000], dem=dem)
    thin = [str(one.message) for one in told if one.category is ThinDataWarning]
    assert len(thin) == 1
    assert thin[0].startswith("2 station heights")
    np.testing.assert_array_equal(got, interpolate(points, [1.0, 3.0], GRID))


def test_leave_one_out_knows_nothing_of_the_station():
    points = stations((0, 0), (10, 0), (30, 0))
    got = leave_one_out(points, [1.0, np.nan, 4.0])
    np.testing.assert_array_equal(got, [3.0, np.nan, -3.0])
    assert np.isnan(leave_one_out(points, [1.0, np.nan, np.nan])).all()


def test_wrong_use_is_named():
    points = stations((5, 5), (95, 55))
    with pytest.raises(MethodError, match="shape"):
        interpolate(points, [1.0], GRID)
    with pytest.raises(MethodError, match="go together"):
        interpolate(points, [1.0, 2.0], GRID, elevation=[1, 2])
    with pytest.raises(MethodError, match="power"):
        interpolate(points, [1.0, 2.0], GRID, power=0)
    with pytest.raises(GridError, match="see to_analysis"):
        interpolate(stations((5, 5), (95, 55), crs="EPSG:4547"), [1.0, 2.0], GRID)
    other = make_grid((0, 0, 90, 60), CRS, cell_size_m=10)
    with pytest.raises(GridError, match="resample"):
        interpolate(points, [1.0, 2.0], GRID, elevation=[1, 2], dem=on_grid(np.zeros(other.shape), other))
