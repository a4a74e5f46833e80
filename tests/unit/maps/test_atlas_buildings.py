"""Places of buildings in the atlas: every one kept, by structure, unknown and unplaced ones told."""

from dataclasses import replace
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
import tiny
from polyline import opened

from riskmap.maps.web.buildings import STRUCTURES, buildings_part
from riskmap.model import Layer, LayerSource
from riskmap.standards import layer_spec


def survey(frame, **settings):
    made = tiny.survey(**settings)
    layer = Layer(spec=layer_spec("buildings"), data=frame, source=LayerSource(path="b.x", sha256="0" * 64))
    return replace(made, layers=MappingProxyType({**made.layers, "buildings": layer}))


def houses(structures, count):
    at = np.random.default_rng(6).random((count, 2)) * 5000 + [tiny.WEST_M, tiny.NORTH_M - 5000]
    return gpd.GeoDataFrame({"structure": structures}, geometry=shapely.points(at), crs=tiny.CRS)


def test_every_building_is_where_it_was_under_its_structure():
    frame = houses(np.resize(["窑洞", "砖混", "竹", None], 400), 400)
    frame.index = np.zeros(400, int)  # an index that tells nothing
    kinds = buildings_part(survey(frame))["kinds"]
    assert [one["label"].en for one in kinds] == ["Brick and concrete", "Cave dwelling", "Other", "no data"]
    assert [one["count"] for one in kinds] == ["100"] * 4
    lon_lat = shapely.get_coordinates(frame.to_crs(4326).geometry.to_numpy()).round(5)
    for kind, first in zip(kinds, (1, 0, 2, 3), strict=True):
        want = sorted(map(tuple, lon_lat[first::4].tolist()))
        assert sorted(opened(kind["at"])) == want


def test_near_ones_stand_beside_one_another_so_that_they_take_little_room():
    kinds = buildings_part(survey(houses(["砖混"] * 5000, 5000)))["kinds"]
    assert len(kinds[0]["at"]) < 5.5 * 5000


def test_those_without_a_place_are_counted_and_not_drawn():
    frame = houses(["砖混"] * 4, 4)
    frame.loc[[1, 3], "geometry"] = [None, shapely.Point()]
    kinds = buildings_part(survey(frame))["kinds"]
    assert [(one["label"].en, one["count"], bool(one["at"])) for one in kinds] == [
        ("Brick and concrete", "2", True),
        ("Without a place", "2", False),
    ]


def test_areas_are_shown_by_a_point_inside_and_no_structure_is_no_data():
    frame = gpd.GeoDataFrame(geometry=houses(["x"], 1).buffer(30), crs=tiny.CRS)
    (kind,) = buildings_part(survey(frame))["kinds"]
    assert kind["label"].en == "no data"
    assert frame.to_crs(4326).contains(shapely.Point(opened(kind["at"])[0])).all()


def test_none_without_the_layer_or_on_a_public_map():
    frame = houses(["砖混"], 1)
    assert buildings_part(tiny.survey()) is None
    assert buildings_part(survey(frame.iloc[:0])) is None
    assert buildings_part(survey(frame)) is not None
    assert buildings_part(survey(frame, maps={"compiler": "县局", "is_public": True})) is None


def test_structures_are_those_of_the_survey():
    (field,) = [one for one in layer_spec("buildings").fields if one.name == "structure"]
    assert set(field.codes) == {*STRUCTURES, "其他"}
    assert len({colour for _, colour in STRUCTURES.values()}) == len(STRUCTURES)
