import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import GridError, MethodError
from riskmap.spatial import accumulation, fill, flow, from_outside, hydrology, make_grid, on_grid, slope_deg

CRS = "EPSG:4546"


def dem(rows, *, cell=100):
    z = np.asarray(rows, "float32")
    return on_grid(z, make_grid((0, 0, z.shape[1] * cell, z.shape[0] * cell), CRS, cell_size_m=cell))


def to(found, row, column):
    """Where a cell drains to."""
    columns = found.filled.shape[1]
    at = int(found.receiver[row * columns + column])
    return None if at < 0 else divmod(at, columns)


BOWL = [
    [9, 9, 9, 9, 9],
    [9, 3, 2, 4, 9],
    [9, 4, 1, 3, 5],
    [9, 5, 4, 4, 9],
    [9, 9, 9, 9, 9],
]


def test_a_bowl_fills_to_its_spill_and_drains_there():
    bowl = dem(BOWL)
    filled = fill(bowl)
    assert filled.values[1:4, 1:4].tolist() == [[5] * 3] * 3
    assert (filled.values[0] == 9).all()
    found = flow(bowl)
    assert to(found, 2, 4) is None
    assert to(found, 2, 3) == (2, 4)
    assert to(found, 2, 2) == (2, 3)
    assert to(found, 2, 1) == (2, 2)
    assert to(found, 1, 3) == (2, 4)  # a flat goes the shortest way to the spill
    # the nine cells of the bowl and the rim cells that fall into it leave together
    into = sum(ends(found, row, column) == (2, 4) for row in range(5) for column in range(5))
    assert into >= 10
    assert accumulation(found).values[2, 4] == pytest.approx(into * 0.01)


def ends(found, row, column):
    at = (row, column)
    while (down := to(found, *at)) is not None:
        at = down
    return at


def test_water_takes_the_steepest_of_eight():
    found = flow(dem([[9, 9, 9], [9, 5, 4.1], [9, 9, 3.8]]))
    assert to(found, 1, 1) == (1, 2)  # 0.9 a cell beats 1.2 over the diagonal (0.85)
    found = flow(dem([[9, 9, 9], [9, 5, 4.1], [9, 9, 3.7]]))
    assert to(found, 1, 1) == (2, 2)  # 1.3 / sqrt(2) = 0.92


def test_area_is_counted_once_on_its_way_out():
    rng = np.random.default_rng(5)
    found = flow(dem(rng.uniform(0, 50, (30, 40))))
    area = accumulation(found)
    leaving = found.receiver.reshape(30, 40) < 0
    assert float(area.values[leaving].sum()) == pytest.approx(30 * 40 * 0.01, rel=1e-6)
    assert area.min() == np.float32(0.01)
    rain = on_grid(np.full((30, 40), 2.0), found.filled.odc.geobox, units="mm")
    np.testing.assert_allclose(accumulation(found, weights=rain), area * 200, rtol=1e-6)


def test_unknown_ground_is_outside():
    z = np.tile(np.arange(9.0), (7, 1))
    z[:, :3] = np.nan
    found = flow(dem(z))
    assert np.isnan(found.filled.values[:, :3]).all()
    assert to(found, 3, 3) is None
    assert accumulation(found).values[3, 3] == pytest.approx(0.06)
    assert np.isnan(accumulation(found).values[3, 2])
    everything = hydrology(dem(z), channel_km2=0.03)
    assert all(np.isnan(one.values[:, :3]).all() for one in everything.values())


def test_catchments_that_reach_the_rim_are_told():
    away = np.hypot(*np.mgrid[-4:5, -4:5])
    open_ = from_outside(flow(dem(20 - away))).values
    assert not open_[1:-1, 1:-1].any()
    assert open_[0].all()
    river = from_outside(flow(dem(np.abs(np.arange(-4, 5)) * 5 + np.arange(9)[:, None]))).values
    assert river[:, 4].all()


VALLEY = 5.0 * np.abs(np.arange(21) - 10) - 1.0 * np.arange(30)[:, None]


def test_height_above_the_channel():
    found = hydrology(dem(VALLEY), channel_km2=1)
    drainage, hand = found.drainage_km2.values, found.hand_m.values
    assert set(np.flatnonzero(drainage[20] >= 1)) == {10}
    np.testing.assert_allclose(hand[20, 4:17], 5 * np.abs(np.arange(4, 17) - 10), atol=1e-4)
    assert (hand[drainage >= 1] == 0).all()
    np.testing.assert_allclose(found.channel_km2.values[20, 6], drainage[20, 10])
    assert found.stream_distance_m.values[20, 7] == 300
    expected = np.log(drainage * 1e6 / 100 / np.tan(np.radians(slope_deg(dem(VALLEY)).values)))
    np.testing.assert_allclose(found.wetness.values[5:-5, 3:-3], expected[5:-5, 3:-3], rtol=1e-4)
    assert {name: one.attrs["units"] for name, one in found.items()} == {
        "drainage_km2": "km2", "hand_m": "m", "channel_km2": "km2", "stream_distance_m": "m", "wetness": "1",
    }  # fmt: skip


def test_a_channel_in_the_first_cell_counts():
    found = hydrology(dem([[1, 2, 4]]), channel_km2=0.03)
    assert found.hand_m.values.tolist() == [[0, 1, 3]]
    np.testing.assert_allclose(found.channel_km2, [[0.03] * 3])


def test_no_channel_no_height():
    found = hydrology(dem(VALLEY), channel_km2=100)
    assert np.isnan(found.hand_m).all()
    assert np.isnan(found.channel_km2).all()
    assert np.isnan(found.stream_distance_m).all()
    assert found.drainage_km2.notnull().all()


def test_mapped_streams_lead_the_water():
    grid = dem(VALLEY).odc.geobox
    line = gpd.GeoDataFrame(geometry=[shapely.LineString([(1350, 3000), (1350, 0)])], crs=CRS)
    found = hydrology(dem(VALLEY), streams=line, channel_km2=0.5, burn_m=30)
    stream = np.zeros(grid.shape, bool)
    stream[:, 13] = True
    assert (found.hand_m.values[stream] == 0).all()
    assert (found.hand_m.values >= 0)[np.isfinite(found.hand_m.values)].all()
    np.testing.assert_allclose(found.hand_m.values[15, 16], 15, atol=1)
    assert found.drainage_km2.values[29, 13] > hydrology(dem(VALLEY), channel_km2=0.5).drainage_km2.values[29, 13]
    by_mask = hydrology(dem(VALLEY), streams=on_grid(stream, grid), channel_km2=0.5, burn_m=30)
    np.testing.assert_array_equal(by_mask.drainage_km2[1:-1], found.drainage_km2[1:-1])


def test_wrong_use_and_the_source_as_it_was():
    source = dem(VALLEY)
    before = source.copy(deep=True)
    hydrology(source)
    assert source.identical(before)
    with pytest.raises(MethodError, match="channel_km2 = 0"):
        hydrology(source, channel_km2=0)
    with pytest.raises(GridError, match="streams"):
        flow(source, streams=dem(BOWL) > 3)
    with pytest.raises(GridError, match="weights"):
        accumulation(flow(source), weights=dem(BOWL))
