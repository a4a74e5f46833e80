"""What must hold for any relief, any seats and any counts."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from odc.geo.geobox import GeoBox

from riskmap.spatial import (
    accumulation,
    fill,
    flow,
    made_areas,
    make_grid,
    on_grid,
    resample,
    slope_deg,
    zone_labels,
)
from riskmap.spatial import hydrology as all_water

CRS = "EPSG:4546"
quick = settings(max_examples=60, deadline=None)
heights = st.integers(0, 9).map(float) | st.just(float("nan"))
reliefs = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda shape: arrays("float32", shape, elements=heights.map(np.float32), fill=st.nothing())
)


def dem(z):
    return on_grid(z, make_grid((0, 0, z.shape[1] * 100, z.shape[0] * 100), CRS, cell_size_m=100))


@given(reliefs)
@quick
def test_water_always_gets_out(z):
    found = flow(dem(z))
    filled = found.filled.values
    np.testing.assert_array_equal(np.isnan(filled), np.isnan(z))
    known = ~np.isnan(z)
    assert (filled[known] >= z[known]).all()
    np.testing.assert_array_equal(fill(found.filled), filled)
    place = np.full(z.size, -1)
    place[found.order] = np.arange(found.order.size)
    assert found.order.size == known.sum()
    for cell in found.order:
        down = found.receiver[cell]
        if down >= 0:
            assert place[down] < place[cell]
            assert filled.flat[down] <= filled.flat[cell]
    leaves = (found.receiver.reshape(z.shape) < 0) & known
    assert accumulation(found).values[leaves].sum() == pytest.approx(0.01 * known.sum(), rel=1e-5)


@given(reliefs)
@quick
def test_measures_are_unknown_only_where_they_must_be(z):
    found = all_water(dem(z), channel_km2=0.02)
    known = ~np.isnan(z)
    np.testing.assert_array_equal(found.drainage_km2.notnull(), known)
    hand = found.hand_m.values
    assert (hand[~np.isnan(hand)] >= 0).all()
    np.testing.assert_array_equal(np.isnan(hand), np.isnan(found.channel_km2))
    assert (found.channel_km2.values[~np.isnan(hand)] >= np.float32(0.02)).all()
    assert not np.isnan(hand[found.drainage_km2.values >= 0.02]).any()


@given(reliefs, st.floats(-500, 5000))
@quick
def test_slope_does_not_know_the_datum(z, lift):
    np.testing.assert_allclose(slope_deg(dem(z)), slope_deg(dem(z + np.float32(lift))), atol=0.01)


places = st.tuples(st.integers(1, 999), st.integers(1, 999))


@given(st.lists(places, min_size=1, max_size=25, unique=True))
@quick
def test_seats_share_the_ground_without_rest(xy):
    x, y = np.transpose(xy).astype(float)
    outline = shapely.box(0, 0, 1000, 1000).difference(shapely.Point(500, 1000).buffer(0.4))
    seats = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=CRS)
    areas = made_areas(seats, gpd.GeoDataFrame(geometry=[outline], crs=CRS))
    assert areas.area.sum() == pytest.approx(outline.area, rel=1e-9)
    assert areas.union_all().area == pytest.approx(outline.area, rel=1e-9)
    assert areas.geometry.covers(seats.geometry).all()


@given(
    arrays("float32", (6, 7), elements=st.integers(0, 500).map(np.float32)),
    st.sampled_from([20.0, 50.0, 100.0, 333.0]),
    st.booleans(),
)
@quick
def test_no_one_is_lost_between_cells(people, cell, degrees):
    if degrees:
        from affine import Affine

        source = GeoBox((6, 7), Affine(1 / 1200, 0, 111.2, 0, -1 / 1200, 39.4), "EPSG:4326")
        target = make_grid((516_000, 4_361_000, 519_000, 4_364_000), CRS, cell_size_m=cell)
    else:
        source = make_grid((1000, 1000, 1700, 1600), CRS, cell_size_m=100)
        target = make_grid((903, 907, 1800, 1700), CRS, cell_size_m=cell)
    got = resample(on_grid(people, source), target, method="sum")
    assert float(got.sum()) == pytest.approx(float(people.sum()), rel=1e-5)


@given(st.integers(1, 6), st.integers(1, 6))
@quick
def test_every_cell_of_a_tiling_has_one_label(rows, columns):
    boxes = [shapely.box(30 * c, 30 * r, 30 * c + 30, 30 * r + 30) for r in range(rows) for c in range(columns)]
    tiles = gpd.GeoDataFrame(geometry=boxes, crs=CRS)
    labels = zone_labels(tiles, make_grid(tiles.total_bounds, CRS, cell_size_m=10))
    assert np.bincount(labels.values.ravel()).tolist() == [0, *[9] * (rows * columns)]
