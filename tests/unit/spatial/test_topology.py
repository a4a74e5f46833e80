import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import GridError
from riskmap.spatial import attach, build_network, nearest_source, topology

CRS = "EPSG:4546"


def roads(*lines):
    return gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs=CRS)


def test_a_sound_network_has_nothing_to_tell():
    ring = roads([(0, 0), (100, 0), (100, 100)], [(100, 100), (0, 100), (0, 0)])
    found = topology(build_network(ring))
    assert (found.islands, found.off_main_km, found.dead_ends, len(found.near_misses)) == (1, 0, 0, 0)


def test_islands_dead_ends_and_near_misses():
    lines = roads([(0, 0), (1000, 0)], [(500, 10), (500, 300)], [(0, 900), (200, 900)])
    found = topology(build_network(lines, snap_m=5), near_m=20)
    assert found.islands == 3
    assert found.off_main_km == pytest.approx(0.49)
    assert found.dead_ends == 6
    assert found.near_misses.geom_equals_exact(
        gpd.GeoSeries([shapely.Point(500, 10)], found.near_misses.index, CRS), 0
    ).all()
    assert len(topology(build_network(lines, snap_m=5), near_m=5).near_misses) == 0


def test_a_short_side_road_is_no_near_miss():
    found = topology(build_network(roads([(0, 0), (100, 0)], [(50, 0), (50, 15)]), snap_m=1), near_m=20)
    assert (found.dead_ends, len(found.near_misses)) == (3, 0)


def test_no_roads():
    found = topology(build_network(gpd.GeoDataFrame(geometry=[], crs=CRS)))
    assert (found.islands, found.dead_ends, len(found.near_misses)) == (0, 0, 0)


def test_degrees_are_no_lengths():
    with pytest.raises(GridError, match="degrees"):
        build_network(gpd.GeoDataFrame(geometry=[shapely.LineString([(111, 39), (112, 39)])], crs="EPSG:4490"))


def test_a_real_city(shared):
    # reference/network/coquimbo_roads.gpkg (OpenStreetMap, ODbL): 19,983 links, 15,724 nodes, 1,526.4 km
    links = gpd.read_file(shared / "reference/network/coquimbo_roads.gpkg", layer="links")
    stated_km = links["distance"].sum() / 1000
    network = build_network(links.to_crs("EPSG:32719"), snap_m=1)
    assert network.edges["length_m"].sum() / 1000 == pytest.approx(stated_km, rel=1e-3)
    assert len(network.nodes) == pytest.approx(15_724, rel=0.02)
    found = topology(network)
    assert found.islands < 10
    assert found.off_main_km < 0.01 * stated_km
    spots = gpd.GeoSeries(links.geometry.sample(50, random_state=1), crs=links.crs).to_crs("EPSG:32719").centroid
    joined, node, walk = attach(network, spots, limit_m=500)
    way = nearest_source(joined, node[:5])
    assert np.isfinite(way.distance_m[node[node >= 0]]).mean() > 0.9
    assert np.nanmax(walk) <= 500
