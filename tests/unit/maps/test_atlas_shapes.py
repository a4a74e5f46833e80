"""Shapes of the atlas: light, on longitude and latitude, neighbours with one common edge."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmap.maps.web.places import column_fact, rank_fact, short_name
from riskmap.maps.web.shapes import area_shapes, line_shapes, point_places, shape_of


def wavy():
    """Two areas with one common, wavy edge of 400 points."""
    y = np.linspace(0, 4000, 400)
    edge = np.c_[520000 + 30 * np.sin(y / 40) + 200 * np.sin(y / 900), 4_350_000 + y]
    left = shapely.Polygon([(516000, 4_350_000), *edge, (516000, 4_354_000)])
    right = shapely.Polygon([(524000, 4_350_000), *edge, (524000, 4_354_000)])
    return gpd.GeoDataFrame(geometry=[left, right], crs="EPSG:4546")


def test_neighbours_keep_one_edge_and_lose_points():
    frame = wavy()
    left, right = (shapely.from_geojson(json.dumps(one)) for one in area_shapes(frame, tolerance_m=20))
    assert left.intersection(right).area == 0
    assert shapely.get_num_coordinates(left) < shapely.get_num_coordinates(frame.geometry.iloc[0]) / 2
    whole = shapely.union(left, right)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    sides = [set(map(tuple, shapely.get_coordinates(one).tolist())) for one in (left, right)]
    assert len(sides[0] & sides[1]) > 20


def test_five_decimals():
    shape = area_shapes(wavy())[0]
    numbers = np.ravel(shape["coordinates"][0])
    assert all(len(repr(float(one)).split(".")[1]) <= 5 for one in numbers)


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
