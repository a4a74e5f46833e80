import numpy as np
import pytest
from odc.geo.geobox import GeoBox

from riskmap.errors import GridError, MethodError
from riskmap.spatial import aspect_deg, curvature, hillshade, make_grid, on_grid, relief_m, slope_deg, terrain

CRS = "EPSG:4546"
GRID = make_grid((0, 0, 90, 70), CRS, cell_size_m=10)
X, Y = np.meshgrid(GRID.coords["x"].values, GRID.coords["y"].values)


def dem(z):
    return on_grid(np.asarray(z, "float32"), GRID)


@pytest.mark.parametrize("method", ["horn", "zevenbergen-thorne"])
def test_a_plane_has_its_own_slope_and_aspect(method):
    for faces in (0, 45, 90, 200, 315):
        turn = np.radians(faces)
        plane = dem(500 - 0.3 * (X * np.sin(turn) + Y * np.cos(turn)))
        np.testing.assert_allclose(slope_deg(plane, method=method)[1:-1, 1:-1], np.degrees(np.arctan(0.3)), atol=1e-3)
        away = (aspect_deg(plane, method=method)[1:-1, 1:-1] - faces + 180) % 360 - 180
        np.testing.assert_allclose(away, 0, atol=1e-2)


def test_the_rim_and_the_neighbours_of_the_unknown_are_unknown():
    z = 0.1 * X + Y
    z[3, 4] = np.nan
    unknown = np.ones(z.shape, bool)
    unknown[1:-1, 1:-1] = False
    unknown[2:5, 3:6] = True
    for one in (slope_deg(dem(z)), aspect_deg(dem(z)), hillshade(dem(z)), *curvature(dem(z))):
        np.testing.assert_array_equal(np.isnan(one), unknown)
        assert one.dtype == "float32"


def test_flat_ground_faces_nowhere():
    flat = dem(np.full(X.shape, 800))
    assert np.isnan(aspect_deg(flat)).all()
    assert (slope_deg(flat)[1:-1, 1:-1] == 0).all()
    assert all((one[1:-1, 1:-1] == 0).all() for one in curvature(flat))


def test_curvature_is_positive_where_convex():
    hill = dem(1000 - ((X - 45) ** 2 + (Y - 35) ** 2) / 50)
    hollow = dem(1000 + ((X - 45) ** 2 + (Y - 35) ** 2) / 50)
    for up, down in zip(curvature(hill), curvature(hollow), strict=True):
        known = np.isfinite(up.values)
        known[3, 4] = False  # the very top is flat
        assert (up.values[known] > 0).all()
        assert (down.values[known] < 0).all()


def test_contours_of_a_cone_bend_by_their_radius():
    away = np.hypot(X - 45, Y - 235)
    _, plan = curvature(dem(500 - 0.5 * away))
    np.testing.assert_allclose(plan[1:-1, 1:-1], 1 / away[1:-1, 1:-1], rtol=0.01)


def test_relief_in_a_window():
    z = np.zeros(X.shape)
    z[3, 4] = 40
    z[0, 0] = np.nan
    got = relief_m(dem(z), window_m=30)
    assert got.sum() == 40 * 9
    assert np.isnan(got[0, 0])
    assert got[1, 1] == 0
    assert relief_m(dem(z), window_m=70).values[6, 4] == 40


def test_shade_is_light_to_the_north_west():
    lit, dark = dem(500 + X - Y), dem(500 - X + Y)
    assert hillshade(lit)[3, 3] > 0.9
    assert hillshade(dark)[3, 3] < 0.3
    assert hillshade(dark, exaggeration=3)[3, 3] == 0


def test_all_layers_together_and_the_source_as_it_was():
    source = dem(X + Y**1.1)
    before = source.copy(deep=True)
    found = terrain(source)
    assert {name: one.attrs["units"] for name, one in found.items()} == {
        "slope_deg": "deg",
        "aspect_deg": "deg",
        "profile_curvature": "1/m",
        "plan_curvature": "1/m",
        "relief_m": "m",
    }
    assert source.identical(before)
    np.testing.assert_array_equal(found["slope_deg"], slope_deg(source))


def test_wrong_use():
    with pytest.raises(MethodError, match="'steep'"):
        slope_deg(dem(X), method="steep")
    degrees = GeoBox((7, 9), GRID.transform, "EPSG:4326")
    with pytest.raises(GridError, match="degrees"):
        slope_deg(on_grid(X, degrees))
