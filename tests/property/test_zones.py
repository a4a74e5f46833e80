"""Zones keep the ground they are made of, and do not depend on the order of the units."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.model import NO_CLASS, Text
from riskmap.scoring import zones
from riskmap.spatial import class_polygons, make_grid, minimum_mapping, on_grid, smooth_classes
from riskmap.standards import book

SCHEME = replace(book().scheme("comprehensive-risk"), edges=(0.2, 0.4, 0.6, 0.8))
TITLES = {"flood": Text("洪水", "Flood"), "fire": Text("火灾", "Fire")}
CELL = 30.0


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**31), st.integers(2, 40), st.integers(2, 40), st.sampled_from([1, 3, 5, 7]),
    st.floats(0, 0.6), st.floats(0, 0.05), st.sampled_from([0.0, 20.0, 90.0]),
)  # fmt: skip
def test_smoothed_and_drawn_zones_keep_the_known_ground(seed, rows, columns, size, gaps, least_km2, simplify_m):
    rng = np.random.default_rng(seed)
    codes = rng.integers(1, 6, (rows, columns)).astype("uint8")
    codes[rng.random(codes.shape) < gaps] = NO_CLASS
    grid = make_grid((CELL * 17_000, 0, CELL * (17_000 + columns), CELL * rows), "EPSG:4546", cell_size_m=CELL)
    made = minimum_mapping(smooth_classes(on_grid(codes, grid), size=size), area_km2=least_km2)
    assert np.array_equal(made.to_numpy() == NO_CLASS, codes == NO_CLASS)
    found = class_polygons(made, simplify_m=simplify_m)
    known = float((codes != NO_CLASS).sum()) * CELL**2
    assert found.area.sum() == pytest.approx(known, rel=1e-9)
    assert shapely.union_all(found.geometry.to_numpy()).area == pytest.approx(known, rel=1e-9)
    assert found["cells"].sum() == (codes != NO_CLASS).sum()


def county(seed, count):
    rng = np.random.default_rng(seed)
    seats = shapely.MultiPoint(rng.uniform(0, 20_000, (count, 2)))
    box = shapely.box(0, 0, 20_000, 20_000)
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seats, extend_to=box)), box)
    flood, fire = rng.random(len(cells)), rng.random(len(cells))
    index = np.where(rng.random(len(cells)) < 0.1, np.nan, (flood + fire) / 2)
    codes = np.where(np.isnan(index), NO_CLASS, np.digitize(index, SCHEME.edges) + 1).astype("uint8")
    return gpd.GeoDataFrame(
        {
            "class": codes, "leading": np.where(flood > fire, "flood", "fire"), "people": rng.integers(0, 900, len(cells)) * 1.0,
            "index": index, "part_flood": flood / 2, "part_fire": fire / 2, "score_flood": flood, "score_fire": fire,
        },
        geometry=cells, index=[f"u{n:03d}" for n in range(len(cells))], crs="EPSG:4546",
    )  # fmt: skip


@pytest.mark.parametrize("method", ["class", "like", "regions"])
@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31), st.integers(3, 40), st.floats(0, 60))
def test_order_of_units_changes_nothing_and_ground_is_kept(method, seed, count, least_km2):
    units = county(seed, count)
    more = {"scheme": SCHEME, "titles": TITLES, "minimum_area_km2": least_km2, "method": method}
    found = zones(units, **more)
    assert found["area_km2"].sum() == pytest.approx(400, rel=1e-9)
    assert found["units"].sum() == len(units)
    other = zones(units.sample(frac=1, random_state=seed % 1000), **more)
    plain = [one for one in found if one != "geometry"]
    assert other[plain].equals(found[plain])
    assert other.geometry.geom_equals(found.geometry).all()
