import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import GridError
from riskmap.spatial import SHIFTS, add_shift, remove_shift, unshifted

# longitude, latitude: true and shifted, as published in the test suite of googollee/eviltransform (python/test.py)
GCJ02 = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
# WGS 84 and what the map services themselves answer: Amap's coordinate convert and Baidu's geoconv, by their manuals' examples
SERVICES = [
    ("gcj02", (116.481499, 39.990475), (116.487585177952, 39.991754014757)),
    ("gcj02", (116.481499, 39.990375), (116.487585177952, 39.991653917101)),
    ("gcj02", (116.39089, 39.90734), (116.39713623, 39.90874539)),
    ("bd09", (114.21892734521, 29.575429778924), (114.23075654746, 29.579087603387)),
]
# true, GCJ-02, BD-09 by PyPI coord-convert 0.2.1; prcoords 1.0.2 gives the same to 3e-14 degrees
TRIPLES = [
    ((124.82088923997784, 44.012495297029986), (124.82700926808646, 44.01465347247203), (124.833470370474, 44.020705420380935)),
    ((99.81372326901986, 27.544252759667792), (99.814791992518, 27.540757200334728), (99.82127071454629, 27.546831336653906)),
    ((105.1652085607479, 32.362826535863675), (105.16866933412689, 32.360640642238465), (105.17523296016708, 32.36637386157222)),
]  # fmt: skip


@pytest.mark.parametrize(("true", "shifted"), GCJ02)
def test_published_pairs_of_gcj02(true, shifted):
    np.testing.assert_allclose(add_shift([true], shift="gcj02"), [shifted], rtol=0, atol=2e-7)
    np.testing.assert_allclose(remove_shift([shifted], shift="gcj02"), [true], rtol=0, atol=2e-7)


@pytest.mark.parametrize(("true", "gcj02", "bd09"), TRIPLES)
def test_another_implementation(true, gcj02, bd09):
    np.testing.assert_allclose(add_shift([true], shift="gcj02"), [gcj02], rtol=0, atol=1e-12)
    np.testing.assert_allclose(add_shift([true], shift="bd09"), [bd09], rtol=0, atol=1e-12)
    np.testing.assert_allclose(remove_shift([gcj02, gcj02], shift="gcj02"), [true, true], rtol=0, atol=1e-12)
    np.testing.assert_allclose(remove_shift([bd09], shift="bd09"), [true], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("shift", "true", "answer"), SERVICES)
def test_answers_of_the_map_services_lie_within_one_and_a_half_metres(shift, true, answer):
    metres = np.hypot(*((remove_shift([answer], shift=shift)[0] - true) * (86_000, 111_000)))
    assert metres < 1.5


@pytest.mark.parametrize("shift", SHIFTS)
def test_there_and_back_over_all_china(shift):
    lon, lat = np.meshgrid(np.linspace(73, 137, 60), np.linspace(4, 54, 60))
    true = np.column_stack([lon.ravel(), lat.ravel()])
    shifted = add_shift(true, shift=shift)
    assert np.median(np.abs(shifted - true).max(axis=1)) > 2e-3
    np.testing.assert_allclose(remove_shift(shifted, shift=shift), true, rtol=0, atol=1e-10)


@pytest.mark.parametrize("shift", SHIFTS)
def test_elsewhere_nothing_is_shifted_and_nan_stays(shift):
    points = [(-79.0, -3.9), (np.nan, 39.0), (np.nan, np.nan)]
    for verb in (add_shift, remove_shift):
        np.testing.assert_array_equal(verb(points, shift=shift), [(-79.0, -3.9), (np.nan, 39.0), (np.nan, np.nan)])
    assert add_shift(np.empty((0, 2)), shift=shift).shape == (0, 2)


def test_layers_of_any_kind_and_system_are_moved_back():
    true = gpd.GeoSeries(
        [shapely.Point(111.1, 39.4), shapely.LineString([(111, 39.3), (111.2, 39.4)]), shapely.box(111, 39, 111.1, 39.1), None],
        index=[3, 5, 7, 9],
        crs=4490,
    )  # fmt: skip
    shifted = shapely.transform(true.to_numpy(), lambda xy: add_shift(xy, shift="bd09"))
    frame = gpd.GeoDataFrame(
        {"a": [1, 2, 3, 4]}, index=true.index, geometry=gpd.GeoSeries(shifted, index=true.index, crs=4490)
    )
    for delivered in (frame, frame.to_crs(4546)):
        back = unshifted(delivered, shift="bd09")
        assert back.crs.to_epsg() == 4490
        assert back.index.tolist() == [3, 5, 7, 9]
        assert shapely.equals_exact(back.geometry.to_numpy()[:3], true.to_numpy()[:3], tolerance=1e-8).all()
        assert back.geometry[9] is None
    assert not frame.geometry[3].equals(true[3])


def test_unknown_shifts_are_named():
    with pytest.raises(GridError, match=r"no shift 'gcj-02'; allowed are gcj02, bd09"):
        add_shift([(111, 39)], shift="gcj-02")
