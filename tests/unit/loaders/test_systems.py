"""Every system that counties deliver in, as shapefiles with the .prj that desktop software writes."""

import warnings

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from riskmap.errors import LayerError
from riskmap.loaders.layer import Where, read_layer
from riskmap.loaders.system import with_crs
from riskmap.model.county import LayerEntry
from riskmap.spatial import legacy_datum
from riskmap.standards import layer_spec

NEAR = (110.9, 38.9, 111.7, 39.7)
LON, LAT = 111.15, 39.38


def degrees(name, datum, ellipsoid, axis, flattening):
    return (
        f'GEOGCS["{name}",DATUM["{datum}",SPHEROID["{ellipsoid}",{axis},{flattening}]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )


def zone(name, base, easting, meridian, *, scale=1.0, method="Gauss_Kruger"):
    return (
        f'PROJCS["{name}",{base},PROJECTION["{method}"],PARAMETER["False_Easting",{easting}],'
        f'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
        f'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


CGCS = degrees("GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000", "CGCS2000", 6378137.0, 298.257222101)
XIAN = degrees("GCS_Xian_1980", "D_Xian_1980", "Xian_1980", 6378140.0, 298.257)
BEIJING = degrees("GCS_Beijing_1954", "D_Beijing_1954", "Krasovsky_1940", 6378245.0, 298.3)
NEW_BEIJING = degrees("GCS_New_Beijing", "D_New_Beijing", "Krasovsky_1940", 6378245.0, 298.3)
WGS = degrees("GCS_WGS_1984", "D_WGS_1984", "WGS_1984", 6378137.0, 298.257223563)
OWN_54 = degrees("GCS_unknown", "D_unknown", "my_ellipsoid", 6378245.0, 298.3)
OWN_80 = degrees("GCS_User_Defined", "D_User_Defined", "IAG_75", 6378140.0, 298.257)
OWN = degrees("GCS_User_Defined", "D_User_Defined", "CGCS2000", 6378137.0, 298.257222101)
# .prj, EPSG code of the system (None: nobody's), old datum
SYSTEMS = {
    "CGCS2000_3_Degree_GK_Zone_37": (CGCS, 37_500_000, 111, 4525, None),
    "CGCS2000_3_Degree_GK_CM_111E": (CGCS, 500_000, 111, 4546, None),
    "CGCS2000_3_Degree_GK_Zone_38": (CGCS, 38_500_000, 114, 4526, None),
    "CGCS2000_3_Degree_GK_CM_114E": (CGCS, 500_000, 114, 4547, None),
    "CGCS2000_GK_Zone_19": (CGCS, 19_500_000, 111, 4497, None),
    "CGCS2000_GK_CM_111E": (CGCS, 500_000, 111, 4508, None),
    "Xian_1980_3_Degree_GK_Zone_37": (XIAN, 37_500_000, 111, 2361, "Xian 1980"),
    "Xian_1980_3_Degree_GK_CM_111E": (XIAN, 500_000, 111, 2382, "Xian 1980"),
    "Xian_1980_GK_Zone_19": (XIAN, 19_500_000, 111, 2333, "Xian 1980"),
    "Xian_1980_GK_CM_111E": (XIAN, 500_000, 111, 2344, "Xian 1980"),
    "Beijing_1954_3_Degree_GK_Zone_37": (BEIJING, 37_500_000, 111, 2413, "Beijing 1954"),
    "Beijing_1954_3_Degree_GK_CM_111E": (BEIJING, 500_000, 111, 2434, "Beijing 1954"),
    "Beijing_1954_GK_Zone_19": (BEIJING, 19_500_000, 111, 21419, "Beijing 1954"),
    "河曲独立坐标系": (CGCS, 500_000, 111.25, None, None),
    "local_111_15": (OWN, 500_000, 111.25, None, None),
    "hequ54": (OWN_54, 500_000, 111, None, "Beijing 1954"),
    "mine": (OWN_80, 37_500_000, 111, None, "Xian 1980"),
    "degrees of CGCS2000": (CGCS, None, None, 4490, None),
    "degrees of WGS 84": (WGS, None, None, 4326, None),
    "degrees of Xian 1980": (XIAN, None, None, 4610, "Xian 1980"),
    "degrees of Beijing 1954": (BEIJING, None, None, 4214, "Beijing 1954"),
    "degrees of New Beijing": (NEW_BEIJING, None, None, 4555, "Beijing 1954"),
}
NAMES = list(SYSTEMS)
GUESSED = [name for name, (base, *_) in SYSTEMS.items() if base in {CGCS, WGS} and not name.startswith("河曲")]


def prj(name):
    base, easting, meridian, *_ = SYSTEMS[name]
    return base if easting is None else zone(name, base, easting, meridian)


def numbers(name):
    """The place of the test in a system, by its own datum."""
    crs = pyproj.CRS.from_wkt(prj(name))
    if crs.is_geographic:
        return LON, LAT
    return pyproj.Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True).transform(LON, LAT)


def read(folder, xy, text):
    frame = gpd.GeoDataFrame({"编号": ["1"], "场所名称": ["甲"]}, geometry=[shapely.Point(*xy)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame, folder / "s.shp", encoding="GBK")
    (folder / "s.prj").unlink(missing_ok=True)
    if text:
        (folder / "s.prj").write_text(text, encoding="utf-8")
    layer, found = read_layer(
        LayerEntry(path="s.shp"), layer_spec("shelters"), where=Where(folder=folder, crs="EPSG:4546", near=NEAR)
    )
    told = {
        one.rule: one for one in found if one.rule in {"no-crs", "wrong-crs", "swapped-coordinates", "legacy-datum"}
    }
    return layer.data.geometry[0], layer.source.crs, told


def off_m(point):
    east, north = pyproj.Transformer.from_crs(4490, 4546, always_xy=True).transform(LON, LAT)
    return np.hypot(point.x - east, point.y - north)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_stated_system_is_known_by_its_desktop_name(tmp_path, name, swapped):
    *_, epsg, old = SYSTEMS[name]
    xy = numbers(name)
    point, label, told = read(tmp_path, xy[::-1] if swapped else xy, prj(name))
    assert off_m(point) < 0.01
    assert set(told) == ({"swapped-coordinates"} if swapped else set()) | ({"legacy-datum"} if old else set())
    assert (f"EPSG:{epsg}" in label) is (epsg is not None)
    assert all(one.severity == "warning" for one in told.values())


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("name", GUESSED)
def test_a_system_that_is_not_stated_is_seen_in_the_numbers(tmp_path, name, swapped):
    xy = numbers(name)
    point, _, told = read(tmp_path, xy[::-1] if swapped else xy, "")
    assert off_m(point) < 0.01
    assert set(told) == {"no-crs"}
    assert "numbers do not show the datum" in told["no-crs"].message.en
    assert ("swapped" in told["no-crs"].message.en) is swapped


WRONG = [
    (stated, actual)
    for stated in (*NAMES[:3], "Xian_1980_3_Degree_GK_CM_111E", "Beijing_1954_GK_Zone_19", *NAMES[17:21])
    for actual in GUESSED
    if SYSTEMS[stated][1:3] != SYSTEMS[actual][1:3]
]


@pytest.mark.parametrize(("stated", "actual"), WRONG)
def test_a_wrong_system_is_mended_on_the_datum_that_it_states(tmp_path, stated, actual):
    old = SYSTEMS[stated][-1]
    point, label, told = read(tmp_path, numbers(actual), prj(stated))
    assert off_m(point) < (80 if old else 0.01)  # the ellipsoids differ
    assert set(told) == {"wrong-crs"} | ({"legacy-datum"} if old else set())
    assert (old or "") in label


def test_web_mercator_without_a_system():
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(LON, LAT)
    frame, found = with_crs(gpd.GeoDataFrame(geometry=[shapely.Point(x, y)]), layer="l", near=NEAR)
    assert frame.crs.to_epsg() == 3857
    assert [one.rule for one in found] == ["no-crs"]


def test_what_county_toml_says_goes_before_the_file():
    xy = pyproj.Transformer.from_crs(4326, 32649, always_xy=True).transform(LON, LAT)
    frame = gpd.GeoDataFrame(geometry=[shapely.Point(*xy)], crs=4546)
    used, found = with_crs(frame, layer="l", declared="EPSG:32649", near=NEAR)
    assert used.crs.to_epsg() == 32649
    assert [(one.rule, one.severity) for one in found] == [("crs-declared", "note")]
    used, found = with_crs(frame, layer="l", declared="EPSG:4525", near=NEAR)
    assert used.crs.to_epsg() == 4546
    assert [(one.rule, one.severity) for one in found] == [("wrong-crs", "warning")]
    assert with_crs(frame.to_crs(4326), layer="l", declared="EPSG:4490", near=NEAR)[1] == []


def test_a_layer_of_another_place_is_refused_with_its_numbers():
    far = gpd.GeoDataFrame(geometry=[shapely.Point(121.5, 31.2)], crs=4490)
    with pytest.raises(LayerError, match=r"all records lie far from the county; numbers such as \(121.5, 31.2\)"):
        with_crs(far, layer="l", near=NEAR)


def test_a_layer_of_the_whole_country_is_taken():
    wide = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([121.5, 104.1, 111.2, 113.3], [31.2, 30.7, 39.1, 23.1]), crs=4490
    )
    assert with_crs(wide, layer="l", near=NEAR)[1] == []


def test_an_outline_with_the_wrong_zone_is_seen_without_a_county():
    frame, found = with_crs(
        gpd.GeoDataFrame(geometry=[shapely.Point(37_512_924, 4_360_702)], crs=4546), layer="outline"
    )
    assert frame.crs.to_epsg() == 4525
    assert [one.rule for one in found] == ["wrong-crs"]
    frame, found = with_crs(gpd.GeoDataFrame(geometry=[shapely.Point(714_000, 9_557_000)], crs=32717), layer="outline")
    assert frame.crs.to_epsg() == 32717
    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_old_datums_are_known_by_name_or_ellipsoid(name):
    assert legacy_datum(pyproj.CRS.from_wkt(prj(name))) == SYSTEMS[name][-1]


@pytest.mark.parametrize("epsg", [4284, 32649, 3857, 4555])
def test_other_datums_are_left_alone(epsg):
    assert (legacy_datum(epsg) is not None) is (epsg == 4555)
