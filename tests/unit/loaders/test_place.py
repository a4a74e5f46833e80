import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.errors import LayerError
from riskmap.loaders.place import from_columns, in_crs, with_order
from riskmap.loaders.system import with_crs

NEAR = (110.9, 38.9, 111.7, 39.7)
# 111.15 E 39.38 N in CGCS2000, EPSG v11.022
CHECK = [
    ((512_924, 4_360_702), 4546),
    ((37_512_924, 4_360_702), 4525),
    ((19_512_924, 4_360_702), 4497),
    ((111.15, 39.38), 4490),
]


def points(*xy, crs=None):
    return gpd.GeoDataFrame(geometry=[shapely.Point(one) for one in xy], index=range(1, len(xy) + 1), crs=crs)


@pytest.mark.parametrize(("xy", "epsg"), CHECK)
@pytest.mark.parametrize("swapped", [False, True])
def test_system_is_seen_in_the_numbers(xy, epsg, swapped):
    frame, found = with_crs(points(xy[::-1] if swapped else xy), layer="l", near=NEAR)
    assert frame.crs.to_epsg() == epsg
    moved = in_crs(frame, "EPSG:4546").geometry.iloc[0]
    assert (moved.x, moved.y) == (pytest.approx(512_924, abs=1), pytest.approx(4_360_702, abs=1))
    assert [(one.rule, one.mended) for one in found] == [("no-crs", True)]
    assert ("swapped" in found[0].message.en) is swapped


@pytest.mark.parametrize(("xy", "epsg"), [CHECK[1], CHECK[2], CHECK[3]])
def test_without_a_county_only_what_the_numbers_show(xy, epsg):
    assert with_crs(points(xy), layer="l")[0].crs.to_epsg() == epsg
    with pytest.raises(LayerError, match=r"no coordinate system.*state crs"):
        with_crs(points((512_924, 4_360_702)), layer="l")


def test_a_stated_system_that_fits_is_believed():
    frame, found = with_crs(points((512_924, 4_360_702), crs=4546), layer="l", near=NEAR)
    assert frame.crs.to_epsg() == 4546
    assert found == []


def test_a_stated_system_that_does_not_fit_is_mended():
    frame, found = with_crs(points((37_512_924, 4_360_702), crs=4546), layer="l", near=NEAR)
    assert frame.crs.to_epsg() == 4525
    assert found[0].rule == "wrong-crs"
    assert found[0].severity == "warning"


def test_declared_is_used_where_the_file_states_none():
    assert with_crs(points((111.15, 39.38)), layer="l", declared="EPSG:4326", near=NEAR)[0].crs.to_epsg() == 4326


def test_ambiguous_systems_are_told():
    _, found = with_crs(points((512_924, 4_360_702)), layer="l", near=NEAR)
    assert "it could also be" in found[0].message.en


@pytest.mark.parametrize("epsg", [2382, 2434])
def test_old_datums_are_told(epsg):
    _, found = with_crs(points((512_924, 4_360_702), crs=epsg), layer="l", near=NEAR)
    assert [one.rule for one in found] == ["legacy-datum"]


def test_a_few_wrong_records_do_not_move_the_guess():
    frame = points((37_512_924, 4_360_702), (37_512_000, 4_361_000), (0, 0), (37_513_000, 4_360_000), (111.1, 39.3))
    assert with_crs(frame, layer="l", near=NEAR)[0].crs.to_epsg() == 4525


@pytest.mark.parametrize(("good", "epsg"), [((111.15, 39.38), 4490), ((512_924, 4_360_702), 4546)])
def test_single_swapped_points(good, epsg):
    frame, found = with_order(points(good, good[::-1], crs=epsg), layer="l", near=NEAR)
    assert frame.geometry[2].equals(shapely.Point(good))
    assert [(one.row, one.mended) for one in found] == [(2, True)]


def test_points_far_away_are_not_swapped():
    frame, found = with_order(points((120.0, 30.0), crs=4490), layer="l", near=NEAR)
    assert frame.geometry[1].x == 120
    assert found == []


def test_coordinates_of_tables():
    table = pd.DataFrame(
        {"经度": ["111°09′00″", "111度9分", "１１１．１５", "?"], "纬度": [39.38, "39.38", "39°22'48\"", 39]},
        index=[2, 3, 4, 5],
    )
    frame, found = from_columns(table, {"lon": "经度", "lat": "纬度"}, layer="l")
    np.testing.assert_allclose([(one.x, one.y) for one in frame.geometry[:3]], [(111.15, 39.38)] * 3)
    assert frame.geometry.isna().tolist() == [False, False, False, True]
    assert [(one.row, one.severity) for one in found] == [(5, "error")]


def test_records_that_cannot_be_projected_lose_their_place():
    frame = in_crs(points((111.15, 39.38), (111.0, 95.0), crs=4326), "EPSG:4546")
    assert frame.geometry.isna().tolist() == [False, True]
