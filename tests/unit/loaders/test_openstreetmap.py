"""Roads of an OpenStreetMap extract arrive with class, direction, speed, surface, bridge and level."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from riskmap.loaders.layer import deliver
from riskmap.loaders.openstreetmap import from_openstreetmap
from riskmap.model.county import LayerEntry
from riskmap.standards import layer_spec

LINE = shapely.LineString([(0, 0), (1, 1)])


def road(tags, highway="primary"):
    lines = gpd.GeoDataFrame({"highway": [highway], "other_tags": [tags]}, geometry=[LINE], index=[1])
    return from_openstreetmap(lines, layer_spec("roads"))[0].iloc[0]


@pytest.mark.parametrize(
    ("tags", "highway", "column", "expected"),
    [
        ('"oneway"=>"yes"', "primary", "oneway", "单向"),
        ('"oneway"=>"-1"', "primary", "oneway", "反向"),
        ('"oneway"=>"no"', "motorway", "oneway", "双向"),
        (None, "motorway_link", "oneway", "单向"),
        ('"junction"=>"roundabout"', "tertiary", "oneway", "单向"),
        ('"maxspeed"=>"30 mph"', "primary", "speed_km_h", 48.3),
        ('"maxspeed"=>"walk"', "primary", "speed_km_h", None),
        ('"note"=>"say \\"hi\\", friend","surface"=>"gravel"', "track", "surface", "gravel"),
        ('"bridge"=>"yes"', "primary", "level", 1),
        ('"tunnel"=>"yes","layer"=>"-2"', "primary", "level", -2),
        ('"tunnel"=>"building_passage"', "service", "level", 0),
        ('"layer"=>"99"', "primary", "level", 0),
        ('"bridge"=>"viaduct"', "primary", "bridge", "是"),
        (None, "steps", "class", "步行道"),
    ],
)
def test_tags(tags, highway, column, expected):
    found = road(tags, highway)[column]
    assert found == expected or (expected is None and pd.isna(found))


def test_other_lines_are_told_and_other_layers_kept():
    lines = gpd.GeoDataFrame({"highway": ["primary", None, "construction"]}, geometry=[LINE] * 3, index=[1, 2, 3])
    roads, (note,) = from_openstreetmap(lines, layer_spec("roads"))
    assert roads.index.tolist() == [1]
    assert note.severity == "note"
    assert "2 lines" in note.message.en
    assert len(from_openstreetmap(lines, layer_spec("streams"))[0]) == 3


def test_the_real_extract(shared):
    path = shared / "reference/network/helsinki_centre.osm.pbf"
    frame = deliver(path, layer_spec("roads"), LayerEntry(path=path.name)).frame
    # 2302: ogrinfo -sql, lines whose highway is one of those in openstreetmap.toml
    assert set(frame["class"]) >= {"省道", "县道", "乡道", "城市道路", "步行道"}
    assert len(frame) == 2302
    assert (frame["oneway"] == "单向").sum() > 200
