"""Shapes of the atlas: light, on longitude and latitude, neighbours with one common edge."""

import json

import geopandas as gpd
import jinja2
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from polyline import opened

from riskmap.maps.web.offline import json_text
from riskmap.maps.web.places import column_fact, rank_fact, short_name
from riskmap.maps.web.shapes import area_shapes, line_shapes, packed, point_places, shape_of, tolerance_of


def polygon(shape):
    rings = [opened(one) for one in shape["coordinates"]]
    return shapely.Polygon(rings[0], rings[1:])


def wavy():
    """Two areas with one common, wavy edge of 400 points."""
    y = np.linspace(0, 4000, 400)
    edge = np.c_[520000 + 30 * np.sin(y / 40) + 200 * np.sin(y / 900), 4_350_000 + y]
    left = shapely.Polygon([(516000, 4_350_000), *edge, (516000, 4_354_000)])
    right = shapely.Polygon([(524000, 4_350_000), *edge, (524000, 4_354_000)])
    return gpd.GeoDataFrame(geometry=[left, right], crs="EPSG:4546")


def test_neighbours_keep_one_edge_and_lose_points():
    frame = wavy()
    left, right = (polygon(one) for one in area_shapes(frame, tolerance_m=20))
    assert left.intersection(right).area == 0
    assert shapely.get_num_coordinates(left) < shapely.get_num_coordinates(frame.geometry.iloc[0]) / 2
    whole = shapely.union(left, right)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    sides = [set(map(tuple, shapely.get_coordinates(one).tolist())) for one in (left, right)]
    assert len(sides[0] & sides[1]) > 20


def test_packed_is_the_published_format():
    # https://developers.google.com/maps/documentation/utilities/polylinealgorithm, the example and the single value
    path = [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]
    assert packed(path) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert packed([(-179.9832104, 0)]) == "?`~oia@"
    assert packed([]) == ""


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(-180_00000, 180_00000), st.integers(-90_00000, 90_00000)), max_size=20))
def test_packed_paths_come_back(steps):
    path = [(east / 1e5, north / 1e5) for east, north in steps]
    assert opened(packed(path)) == path


def test_unknown_places_are_refused():
    with pytest.raises(ValueError, match="1 of 2 places are unknown"):
        packed([(111, 39), (np.nan, 39)])


def test_holes_parts_and_collections_are_kept():
    outer = shapely.box(111, 39, 112, 40).difference(shapely.box(111.2, 39.2, 111.4, 39.4))
    many = shapely.MultiPolygon([outer, shapely.box(113, 39, 114, 40)])
    assert polygon(shape_of(outer)).equals(outer)
    assert [len(one) for one in shape_of(many)["coordinates"]] == [2, 1]
    both = shape_of(shapely.GeometryCollection([outer, shapely.Point(111, 39)]))
    assert polygon(both["geometries"][0]).equals(outer)
    assert both["geometries"][1]["coordinates"] == [111, 39]


def test_large_cells_need_fewer_corners():
    frame = wavy()
    assert tolerance_of(30) == tolerance_of(100) == 12
    assert tolerance_of(1000) == 100
    fine, coarse = (area_shapes(frame, tolerance_m=tolerance_of(one))[0]["coordinates"][0] for one in (30, 1000))
    assert len(coarse) < len(fine) / 2


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", "{% raw %}", "{# x #}", "{{{", "{"])
def test_no_text_is_read_as_a_template(text):
    written = json_text({"name": text, "none": {"a": {}}})
    assert json.loads(written) == {"name": text, "none": {"a": {}}}
    assert jinja2.Template(written).render() == written


def test_nothing_is_lost_when_a_shape_is_tiny_or_missing():
    frame = gpd.GeoDataFrame(geometry=[shapely.box(516000, 4_350_000, 516001, 4_350_001), None], crs="EPSG:4546")
    assert [one is None for one in area_shapes(frame)] == [False, True]
    assert shape_of(shapely.Polygon()) is None
    assert point_places(frame)[1] is None


def test_lines_become_one_shape():
    frame = gpd.GeoSeries([shapely.LineString([(516000, 4_350_000), (517000, 4_350_000)])] * 2, crs="EPSG:4546")
    assert line_shapes(frame)["type"] == "MultiLineString"
    assert line_shapes(frame.iloc[:0]) is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9)), min_size=1, max_size=12))
def test_unknown_stays_unknown(values):
    series = pd.Series(values, dtype="float64")
    fact = column_fact(series, title="x", unit="m")
    assert [one is None for one in fact["values"]] == list(series.isna())
    ranks = rank_fact(series)
    assert [one is None for one in ranks] == list(series.isna())
    assert min((one for one in ranks if one), default=1) == 1


def test_short_names():
    assert [short_name(one) for one in ("焦尾城村村民委员会", "城东社区居民委员会", "大峪村")] == [
        "焦尾城村",
        "城东社区",
        "大峪村",
    ]
