import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import CoverageWarning, LayerError, ThinDataWarning
from riskmap.spatial.geometry import made_areas, repair

CRS = "EPSG:4546"


def seats(xy, **columns):
    x, y = np.transpose(xy)
    return gpd.GeoDataFrame(columns, geometry=gpd.points_from_xy(x, y), crs=CRS)


def county(*shapes, index=None):
    return gpd.GeoDataFrame(geometry=list(shapes), index=index, crs=CRS)


L_SHAPE = shapely.Polygon([(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)])


def test_areas_fill_the_outline_once_and_hold_their_seats():
    xy = np.add(np.random.default_rng(3).uniform(1, 39, (25, 2)), (510_000, 4_360_000))
    outline = shapely.affinity.translate(L_SHAPE, 510_000, 4_360_000)
    points = seats(xy, name=[f"v{n}" for n in range(25)])
    areas = made_areas(points, county(outline))
    assert areas.index.equals(points.index)
    assert areas["name"].tolist() == points["name"].tolist()
    assert areas["made_area"].all()
    assert areas.area.sum() == pytest.approx(outline.area, rel=1e-9)
    assert areas.union_all().symmetric_difference(outline).area < 1e-6
    assert areas.geometry.contains(points.geometry).all()
    assert "made_area" not in points


def test_parents_keep_their_seats_ground():
    parents = county(shapely.box(0, 0, 50, 50), shapely.box(50, 0, 100, 50), index=["a", "b"])
    points = seats([(45, 25), (55, 25), (90, 25)], parent_id=["a", "b", "b"])
    areas = made_areas(points, county(shapely.box(0, 0, 100, 50)), parents=parents)
    assert areas.area.tolist() == pytest.approx([2500, 1125, 1375])


def test_one_seat_takes_all():
    assert made_areas(seats([(1, 1)]), county(L_SHAPE)).area.tolist() == [L_SHAPE.area]


def test_overlapping_parents_are_not_counted_twice():
    parents = county(shapely.box(0, 0, 60, 50), shapely.box(50, 0, 100, 50), index=["a", "b"])
    points = seats([(10, 25), (90, 25)], parent_id=["a", "b"])
    assert made_areas(points, county(shapely.box(0, 0, 100, 50)), parents=parents).area.tolist() == [
        3000,
        2000,
    ]


def test_seats_on_one_spot_share_in_sectors():
    with pytest.warns(ThinDataWarning, match="2 seats share one spot.*: 0, 1"):
        areas = made_areas(seats([(20, 20), (20, 20), (80, 20)]), county(shapely.box(0, 0, 100, 40)))
    assert areas.area.sum() == pytest.approx(4000)
    assert areas.distance(shapely.Point(20, 20)).iloc[:2].max() < 1e-6


def test_what_belongs_to_nobody_is_told():
    parents = county(shapely.box(0, 0, 50, 50), shapely.box(50, 0, 100, 50), index=["a", "b"])
    whole = county(shapely.box(0, 0, 100, 50))
    with pytest.warns(CoverageWarning, match="1 parents hold no seat.*: b"):
        made_areas(seats([(10, 25)], parent_id=["a"]), whole, parents=parents)
    with pytest.warns(CoverageWarning, match=r"50\.0% of the outline"):
        made_areas(seats([(10, 25)], parent_id=["a"]), whole, parents=parents.loc[["a"]])


def test_a_seat_outside_gets_the_nearest_ground_and_is_told():
    with pytest.warns(ThinDataWarning, match="1 seats lie outside.*: 1"):
        areas = made_areas(seats([(20, 20), (120, 20)]), county(shapely.box(0, 0, 100, 40)))
    assert areas.area.tolist() == pytest.approx([2800, 1200])


def test_faults_are_named_together():
    parents = county(shapely.box(0, 0, 50, 50), index=["a"])
    points = seats([(10, 10), (20, 20)], parent_id=["x", "a"])
    points.loc[1, "geometry"] = None
    with pytest.raises(LayerError, match="2 seats") as caught:
        made_areas(points, county(shapely.box(0, 0, 50, 50)), parents=parents)
    assert len(caught.value.faults) == 2
    with pytest.raises(LayerError, match="2 seats have no ground"):
        made_areas(seats([(10, 10), (900, 10), (1000, 10)]), county(shapely.box(0, 0, 50, 50)))
    with pytest.raises(LayerError, match="do not fit"):
        made_areas(seats([(10, 10)]), county(L_SHAPE).set_crs("EPSG:4547", allow_override=True))
    with pytest.raises(LayerError, match="without seats"):
        made_areas(seats([(10, 10)]).iloc[:0], county(L_SHAPE))


def test_repair_keeps_rows_and_gives_polygons():
    tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    flat = shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])
    frame = county(tie, L_SHAPE, None, flat, index=list("abcd"))
    out = repair(frame)
    assert out.area.tolist()[:2] == [2.0, L_SHAPE.area]
    assert out.index.tolist() == list("abcd")
    assert out.geometry["c"] is None
    assert out.geometry["d"].is_empty
    assert not frame.geometry["a"].is_valid
