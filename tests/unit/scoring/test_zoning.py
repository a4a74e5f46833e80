import geopandas as gpd
import numpy as np
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, Text
from riskmap.scoring import neighbours, zones
from riskmap.scoring.zone_names import octant, unique_names
from riskmap.standards import book

SCHEME = book().scheme("comprehensive-risk")
TITLES = {"flood": Text("洪水", "Flood"), "fire": Text("火灾", "Fire")}


def squares(codes, leading=None, side=1000.0):
    """Squares of a kilometre, in rows from the north."""
    codes = np.array(codes)
    shapes, names = [], []
    for (r, c), _ in np.ndenumerate(codes):
        shapes.append(shapely.box(c * side, -(r + 1) * side, (c + 1) * side, -r * side))
        names.append(f"u{r}{c}")
    leading = np.array(leading) if leading is not None else np.where((codes > 0) & (codes < 9), "flood", "")
    return gpd.GeoDataFrame(
        {
            "class": np.where(codes == 9, NO_CLASS, codes).ravel().astype("uint8"),
            "leading": leading.ravel().astype(object),
            "people": np.arange(codes.size, dtype="float64"),
        },
        geometry=shapes,
        index=names,
        crs="EPSG:4546",
    )


def zoned(units, minimum=0.0, **more):
    return zones(units, scheme=SCHEME, titles=TITLES, minimum_area_km2=minimum, **{"method": "like"} | more)


def test_a_corner_is_no_border():
    pairs = neighbours(squares([[1, 1], [1, 1]]).geometry)
    assert sorted(pairs) == [(0, 1), (0, 2), (1, 3), (2, 3)]
    assert pairs[0, 1] == pytest.approx(1000, abs=1)
    apart = gpd.GeoSeries([shapely.box(0, 0, 9, 9), shapely.box(9.05, 0, 18, 9), shapely.box(19, 0, 20, 9)])
    assert list(neighbours(apart)) == [(0, 1)]


def test_like_joins_like_only_where_it_touches():
    found = zoned(squares([[5, 5, 1, 5], [1, 1, 1, 5]]))
    assert found["class"].tolist() == [5, 5, 1]
    assert found["units"].tolist() == [2, 2, 4]
    assert found["people"].tolist() == [1, 3 + 7, 2 + 4 + 5 + 6]
    assert found.index.tolist() == ["Z01", "Z02", "Z03"]
    assert found["name"].is_unique
    assert found["name_en"].is_unique


def test_a_corner_joins_nothing():
    assert len(zoned(squares([[5, 1], [1, 5]]))) == 4


def test_same_class_under_another_hazard_is_another_zone():
    found = zoned(squares([[4, 4, 4]], [["flood", "fire", "fire"]]))
    assert sorted(zip(found["leading"], found["units"], strict=True)) == [("fire", 2), ("flood", 1)]


def test_small_zones_go_to_the_nearest_class_then_the_longest_border():
    found = zoned(squares([[1, 1, 1, 1], [1, 1, 4, 5], [1, 1, 5, 5]]), minimum=1.5)
    assert found["class"].tolist() == [5, 1]
    assert found["units"].tolist() == [4, 8]
    sided = squares([[2, 2], [2, 2]]).iloc[:0]
    assert sided.empty
    tie = gpd.GeoDataFrame(
        {"class": [3, 2, 4], "leading": ["flood", "flood", "fire"]},
        geometry=[shapely.box(0, 0, 100, 1000), shapely.box(-3000, 0, 0, 400), shapely.box(100, 0, 3100, 1000)],
        index=list("abc"),
        crs="EPSG:4546",
    )
    found = zoned(tie, minimum=0.5)
    assert found[["class", "leading", "units"]].to_numpy().tolist() == [[4, "fire", 2], [2, "flood", 1]]


def test_growing_joins_zones_that_come_to_touch():
    found = zoned(squares([[5, 5, 4, 5, 5]]), minimum=1.5)
    assert found[["class", "units"]].to_numpy().tolist() == [[5, 5]]


def test_no_data_is_neither_absorbed_nor_absorbs():
    found = zoned(squares([[9, 1, 1], [9, 9, 2]]), minimum=1.5)
    assert found["class"].tolist() == [1, NO_CLASS]
    assert found["units"].tolist() == [3, 3]
    assert found["name"].iloc[1].endswith("无数据区")
    lonely = zoned(squares([[9, 3, 9]]), minimum=5)
    assert lonely["units"].tolist() == [1, 1, 1]


@pytest.mark.parametrize("minimum", [0.0, 2.5, 99.0])
def test_area_and_units_are_conserved(minimum):
    rng = np.random.default_rng(7)
    seats = shapely.MultiPoint(rng.uniform(0, 30_000, (80, 2)))
    outline = shapely.Point(15_000, 15_000).buffer(14_000)
    cells = [
        one
        for one in shapely.get_parts(shapely.intersection(shapely.voronoi_polygons(seats).geoms, outline))
        if one.area
    ]
    units = gpd.GeoDataFrame(
        {
            "class": rng.choice([1, 2, 3, 4, 5, NO_CLASS], len(cells)).astype("uint8"),
            "leading": rng.choice(["flood", "fire"], len(cells)),
            "people": 1.0,
        },
        geometry=cells,
        crs="EPSG:4546",
    )
    found = zoned(units, minimum=minimum)
    assert found["area_km2"].sum() == pytest.approx(outline.area / 1e6, rel=1e-9)
    assert found["units"].sum() == found["people"].sum() == len(units)
    assert found["name"].is_unique
    lost = units[units["class"] == NO_CLASS].area.sum() / 1e6
    assert found.loc[found["class"] == NO_CLASS, "area_km2"].sum() == pytest.approx(lost, rel=1e-9)
    known = found[found["class"] != NO_CLASS]
    assert (known["area_km2"] >= minimum).all() or minimum > 50
    kinds = list(zip(found["class"], found["leading"], strict=True))
    assert all(kinds[a] != kinds[b] for a, b in neighbours(found.geometry))


@pytest.mark.parametrize(
    ("east", "north", "zh"),
    [
        (9, 0, "东部"),
        (9, 9, "东北部"),
        (0, 9, "北部"),
        (-9, 9, "西北部"),
        (-9, 0, "西部"),
        (-9, -1e-9, "西部"),
        (-9, -9, "西南部"),
        (0, -9, "南部"),
        (9, -9, "东南部"),
        (1, 1, "中部"),
    ],
)
def test_octants(east, north, zh):
    assert octant(east, north, middle_m=2)["zh"] == zh


def test_township_tells_equal_names_apart():
    units = squares([[5, 1, 5]]).assign(parent_id=["T1", "T1", "T2"])
    units.geometry = units.geometry.scale(1, 100, origin=(0, 0))
    towns = gpd.GeoDataFrame(
        {"name": ["甲乡", "乙镇"], "name_en": ["Jia", None]}, index=["T1", "T2"], geometry=[None, None]
    )
    found = zoned(units, townships=towns, central_share=9.0)
    assert found["name"].tolist() == [
        "中部洪水高风险区（甲乡一带）",
        "中部洪水高风险区（乙镇一带）",
        "中部洪水低风险区",
    ]
    assert found["name_en"].tolist()[:2] == [
        "Central flood high-risk zone (Jia)",
        "Central flood high-risk zone (乙镇)",
    ]


def test_numbers_never_meet_a_name_that_is_there():
    names = [Text(one, one) for one in ("a", "a", "a 2", "a1")]
    told = unique_names(names, [Text("", "")] * 4)
    assert len({one.zh for one in told}) == len({one.en for one in told}) == 4


def test_units_must_be_there_and_unique():
    with pytest.raises(MethodError, match="0"):
        zoned(squares([[1]]).iloc[:0])
    with pytest.raises(MethodError, match="unique"):
        zoned(squares([[1, 1]]).set_axis(["a", "a"]))


def test_nothing_is_written_into_the_units():
    units = squares([[5, 1]])
    before = units.copy()
    zoned(units, minimum=5)
    assert units.equals(before)
