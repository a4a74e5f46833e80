"""Terrain against SAGA's layers of the San Francisco reserve (RSAGA / sperrorest data, CC0), and gdaldem's formulas."""

import numpy as np
import pytest
import rasterio
from odc.geo.geobox import GeoBox

from riskmap.spatial import aspect_deg, curvature, hillshade, make_grid, on_grid, slope_deg


@pytest.fixture(scope="module")
def reserve(shared):
    with rasterio.open(shared / "cases/rbsf/ta.tif") as source:
        bands = {name: source.read(n + 1) for n, name in enumerate(source.descriptions)}
        grid = GeoBox(source.shape, source.transform, source.crs.to_wkt())
    return bands, on_grid(bands["elev"], grid)


def worst(got, band):
    both = np.isfinite(got) & np.isfinite(band)
    assert both.sum() > 150_000
    return np.abs(got - band)[both].max()


def test_zevenbergen_thorne_slope_is_the_stored_band(reserve):
    bands, dem = reserve
    assert worst(slope_deg(dem, method="zevenbergen-thorne").to_numpy(), bands["slope"]) < 4e-6


def test_horn_is_another_method(reserve):
    bands, dem = reserve
    assert worst(slope_deg(dem).to_numpy(), bands["slope"]) == pytest.approx(14.26, abs=0.01)


def test_curvatures_are_the_stored_bands(reserve):
    bands, dem = reserve
    profile, plan = curvature(dem)
    assert worst(profile.to_numpy(), bands["cprof"]) < 1e-7
    assert worst(plan.to_numpy(), bands["cplan"]) < 1e-6


def test_horn_slope_aspect_and_shade_of_a_window_by_the_published_formula():
    # Burrough and McDonnell (1998), worked in Esri's "How Slope works" and "How Aspect works":
    # slope 75.25762 deg of the first window (cell 5), aspect 92.64 deg of the second,
    # "How Hillshade works": 154 of 255 of the third (sun 315, 45, cell 5).
    slope_window = [[50, 45, 50], [30, 30, 30], [8, 10, 10]]
    aspect_window = [[101, 92, 85], [101, 92, 85], [101, 91, 84]]
    shade_window = [[2450, 2461, 2483], [2452, 2461, 2483], [2447, 2455, 2477]]
    grid = make_grid((0, 0, 15, 15), "EPSG:4546", cell_size_m=5)
    assert float(slope_deg(on_grid(np.array(slope_window, "f4"), grid))[1, 1]) == pytest.approx(75.25762, abs=1e-4)
    assert float(aspect_deg(on_grid(np.array(aspect_window, "f4"), grid))[1, 1]) == pytest.approx(92.64, abs=0.01)
    assert float(hillshade(on_grid(np.array(shade_window, "f4"), grid))[1, 1]) * 255 == pytest.approx(154, abs=0.5)
