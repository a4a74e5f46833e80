import geopandas as gpd
import pytest
import shapely

from riskmap.errors import CountyFileError, GridError, LayerError
from riskmap.spatial import guess_crs, is_legacy_datum, metric_crs, to_analysis, zone_crs


def places(*xy, crs="EPSG:4490"):
    return gpd.GeoDataFrame({"n": range(len(xy))}, geometry=[one and shapely.Point(one) for one in xy], crs=crs)


@pytest.mark.parametrize(
    ("lon", "code"),
    [(73.5, 4534), (109.5, 4546), (111.15, 4546), (112.499, 4546), (112.5, 4547), (135, 4554)],
)
def test_the_zone_of_a_longitude(lon, code):
    assert zone_crs(lon).to_epsg() == code


def test_every_zone_has_its_central_meridian():
    for width in (3, 6):
        for meridian in range(75, 136, width):
            for prefix in (False, True):
                crs = zone_crs(meridian, width_deg=width, prefix=prefix)
                parameters = {one.name: one.value for one in crs.coordinate_operation.params}
                assert parameters["Longitude of natural origin"] == meridian
                assert crs.name.startswith("CGCS2000")
                assert (parameters["False easting"] > 1e6) is prefix


@pytest.mark.parametrize("lon", [39.4, 139, float("nan")])
def test_no_zone(lon):
    with pytest.raises(GridError, match="no CGCS2000 zone"):
        zone_crs(lon)


def test_the_check_point():
    at = to_analysis(places((111.15, 39.38)), "EPSG:4546").geometry[0]
    assert (round(at.x), round(at.y)) == (512924, 4360702)
    at = to_analysis(places((111.15, 39.38)), "EPSG:4525").geometry[0]
    assert round(at.x) == 37512924


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("EPSG:4490", "degrees"),
        ("EPSG:2263", "US survey foot"),
        ("EPSG:3857", "Mercator"),
        ("EPSG:3395", "Mercator"),
        ("河曲", "not a known"),
    ],
)
def test_what_cannot_carry_an_analysis(text, why):
    with pytest.raises(CountyFileError, match=why) as caught:
        metric_crs(text)
    assert text in str(caught.value)
    assert "EPSG:4546" in str(caught.value)


@pytest.mark.parametrize("text", ["EPSG:4546", "EPSG:32649", 4508, "EPSG:4525"])
def test_what_can(text):
    assert metric_crs(text).is_projected


def test_a_layer_keeps_its_rows():
    frame = places((111.15, 39.38), None)
    out = to_analysis(frame, "EPSG:4546")
    assert out["n"].tolist() == [0, 1]
    assert out.geometry[1] is None
    assert frame.crs == "EPSG:4490"


def test_faults_of_a_layer():
    with pytest.raises(LayerError, match="states no coordinate system"):
        to_analysis(places((1, 2), crs=None), "EPSG:4546")
    with pytest.raises(LayerError, match="1 records") as caught:
        to_analysis(places((111.15, 39.38), (39.38, 111.15)), "EPSG:4546")
    assert caught.value.faults == ("record 1: POINT (39.38 111.15)",)


@pytest.mark.parametrize("code", ["EPSG:4214", "EPSG:4610", "EPSG:2433", "EPSG:2382"])
def test_legacy_datums_are_refused(code):
    assert is_legacy_datum(code)
    with pytest.raises(LayerError, match="not public"):
        to_analysis(places((111.0, 39.0), crs=code), "EPSG:4546")
    assert to_analysis(places((111.0, 39.0), crs=code), code).crs == code


def test_a_delivery_without_system_is_placed():
    county = (110.9, 39.0, 111.6, 39.6)
    point = places((111.2, 39.3))
    for code in (4490, 4546, 4525, 4497, 32649):
        b = tuple(to_analysis(point, code).total_bounds)
        assert code in [one.to_epsg() for one in guess_crs(b, near=county)]
    assert guess_crs((0, 0, 1, 1), near=county) == ()
