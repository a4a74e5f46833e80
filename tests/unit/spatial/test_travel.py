"""Walking over relief and driving by class, on ways whose minutes a hand can reckon."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import GridError, MethodError
from riskmap.spatial import make_grid, on_grid, values_at
from riskmap.spatial.travel import driving_minutes, tobler_km_h, walking_minutes

CRS = "EPSG:4546"


def ramp(rise_a_cell=1.0, cells=50):
    grid = make_grid((0, 0, 10 * cells, 30), CRS, cell_size_m=10)
    return on_grid(np.tile(np.arange(cells) * rise_a_cell, (3, 1)).astype("float32"), grid)


def edge(*coordinates, length=None):
    line = shapely.LineString(coordinates)
    return gpd.GeoDataFrame({"length_m": [length or line.length], "road": [0]}, geometry=[line], crs=CRS)


def test_published_speeds():
    # Tobler 1993, NCGIA 93-1: 6 km/h at best, on a descent of 2.86 degrees; about 5 km/h on the flat
    assert tobler_km_h(-np.tan(np.radians(2.8624))) == pytest.approx(6.0, abs=1e-4)
    assert tobler_km_h(0.0) == pytest.approx(5.037, abs=5e-4)
    assert np.isnan(tobler_km_h(np.nan))


def test_up_takes_longer_than_down():
    minutes, unknown = walking_minutes(edge((5, 15), (405, 15)), ramp())
    assert minutes[0, 0] == pytest.approx(0.4 / (6 * np.exp(-3.5 * 0.15)) * 60)
    assert minutes[0, 1] == pytest.approx(0.4 / (6 * np.exp(-3.5 * 0.05)) * 60)
    assert unknown.tolist() == [0.0]


def test_slow_walkers_and_longer_roads_scale():
    plain, _ = walking_minutes(edge((5, 15), (405, 15)), ramp())
    slow, _ = walking_minutes(edge((5, 15), (405, 15)), ramp(), flat_km_h=5.0368 / 2)
    long, _ = walking_minutes(edge((5, 15), (405, 15), length=800.0), ramp())
    assert slow == pytest.approx(2 * plain, rel=1e-4)
    assert long == pytest.approx(2 * plain)


def test_unknown_relief_is_walked_flat_and_told():
    dem = ramp()
    dem[:, 20:] = np.nan
    minutes, unknown = walking_minutes(edge((5, 15), (405, 15)), dem)
    assert unknown[0] == pytest.approx(210 / 400, abs=0.03)
    assert minutes[0, 0] < walking_minutes(edge((5, 15), (405, 15)), ramp())[0][0, 0]
    flat, all_unknown = walking_minutes(edge((5, 15), (405, 15)), None)
    assert flat[0, 0] == flat[0, 1] == pytest.approx(0.4 / tobler_km_h(0.0) * 60)
    assert all_unknown.tolist() == [1.0]


def test_a_bridge_runs_evenly_over_the_gorge():
    dem = ramp(0.0)
    dem[:, 15:25] = -80
    over, _ = walking_minutes(edge((5, 15), (405, 15)), dem, bridges=np.array([True]))
    through, _ = walking_minutes(edge((5, 15), (405, 15)), dem)
    assert over[0] == pytest.approx(0.4 / tobler_km_h(0.0) * 60)
    assert (through > 2 * over).all()


def test_heights_between_cells_and_off_the_grid():
    dem = ramp()
    assert values_at(dem, np.array([[10.0, 15.0], [2.0, 2.0], [-1.0, 15.0]])).tolist()[:2] == [0.5, 0.0]
    assert np.isnan(values_at(dem, np.array([[-1.0, 15.0]])))[0]


def test_a_zero_length_edge_takes_no_time():
    minutes, _ = walking_minutes(edge((5, 15), (5, 15), length=0.0), ramp())
    assert minutes.tolist() == [[0.0, 0.0]]


@pytest.mark.parametrize(
    ("oneway", "turned", "there", "back"),
    [("单向", False, 3.0, np.inf), ("单向", True, np.inf, 3.0), ("反向", False, np.inf, 3.0), (None, True, 3.0, 3.0)],
)
def test_one_way_streets_whichever_way_the_edge_was_cut(oneway, turned, there, back):
    roads = gpd.GeoDataFrame(
        {"class": ["乡道"], "oneway": [oneway]}, geometry=[shapely.LineString([(0, 0), (2000, 0)])], crs=CRS
    )
    piece = [(1500, 0), (0, 0)] if turned else [(0, 0), (1500, 0)]
    assert driving_minutes(edge(*piece), roads, {"乡道": 30.0}, other_km_h=20.0).tolist() == [[there, back]]


def test_speed_of_the_road_goes_before_its_class():
    roads = gpd.GeoDataFrame(
        {"class": ["乡道", None], "speed_km_h": [60.0, None]},
        geometry=[shapely.LineString([(0, 0), (2000, 0)])] * 2,
        crs=CRS,
    )
    edges = gpd.GeoDataFrame(
        {"length_m": [1000.0] * 3, "road": [0, 1, -1]}, geometry=[shapely.LineString([(0, 0), (1000, 0)])] * 3, crs=CRS
    )
    found = driving_minutes(edges, roads, {"乡道": 30.0}, other_km_h=20.0)
    assert found[:, 0].tolist() == [1.0, 3.0, 3.0]


def test_faults_say_what_is_wrong():
    with pytest.raises(MethodError, match="above 0"):
        tobler_km_h(0.0, flat_km_h=0)
    with pytest.raises(GridError, match="one system"):
        walking_minutes(edge((5, 15), (405, 15)).to_crs("EPSG:32649"), ramp())
