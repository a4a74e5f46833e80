"""Odd places of the roads are listed where they are."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import Layer
from riskmap.pipeline.products.road_network import make
from riskmap.standards import layer_spec


def with_roads(*lines):
    found = tiny.assessment()
    shapes = [shapely.LineString([(tiny.WEST_M + x, tiny.NORTH_M - y) for x, y in one]) for one in lines]
    frame = gpd.GeoDataFrame({"name": [f"路{n}" for n in range(len(lines))]}, geometry=shapes, crs=tiny.CRS)
    survey = found.survey.with_layers({"roads": Layer(spec=layer_spec("roads"), data=frame)})
    return replace(found, survey=survey)


def test_islands_near_misses_and_repeated_lines():
    main, far = [(0, 1000), (4000, 1000)], [(0, 5000), (1500, 5000)]
    short = [(2000, 1012), (2000, 1900)]
    (table,) = make(with_roads(main, far, short, far[::-1]))
    found = table.frame.groupby("kind")["road"].apply(list).to_dict()
    assert set(found) == {"island", "near miss", "repeated"}
    assert found["repeated"] == ["路3"]
    assert "路1" in found["island"]
    misses = table.frame[table.frame["kind"] == "near miss"]
    assert misses.geometry.iloc[0].equals(shapely.Point(tiny.WEST_M + 2000, tiny.NORTH_M - 1012))
    assert "3 separate parts" in table.notes[0].en


def test_a_sound_network_has_nothing_to_tell():
    (table,) = make(with_roads([(0, 1000), (4000, 1000)], [(2000, 1000), (2000, 3000)]))
    assert table.frame.empty


def test_without_roads_it_is_left_out():
    found = tiny.assessment()
    bare = replace(found.survey, layers={k: v for k, v in found.survey.layers.items() if k != "roads"})
    with pytest.raises(MissingLayerError, match="no roads"):
        make(replace(found, survey=bare))
