from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, NO_LEADER, Text
from riskmap.scoring import Rivers, neighbours, zone_of_units, zones
from riskmap.scoring.zone_names import octant, unique_names
from riskmap.standards import book

SCHEME = book().scheme("comprehensive-risk")
CUT = replace(SCHEME, edges=(0.2, 0.4, 0.6, 0.8))
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


def parted(codes, flood, fire, people=None):
    """Squares with contributions, scores and an index."""
    units = squares(codes)
    flood, fire = np.array(flood, float).ravel(), np.array(fire, float).ravel()
    units = units.assign(part_flood=flood, part_fire=fire, score_flood=flood, score_fire=fire, index=flood + fire)
    units["leading"] = np.where(flood > fire, "flood", np.where(fire > 0, "fire", NO_LEADER))
    return units if people is None else units.assign(people=np.array(people, float).ravel())


def test_zones_of_one_class_whatever_leads_named_by_what_leads_for_most_people():
    units = parted([[4, 4, 4, 1]], [[0.4, 0.1, 0.1, 0.0]], [[0.1, 0.2, 0.2, 0.0]], people=[[1000, 10, 10, 5]])
    found = zoned(units, method="class")
    assert found[["class", "units", "leading"]].to_numpy().tolist() == [[4, 3, "flood"], [1, 1, NO_LEADER]]
    by_area = zoned(units.assign(people=np.nan), method="class")
    assert by_area["leading"].tolist() == ["fire", NO_LEADER]  # two squares of three
    assert [name for name in by_area["name"] if "洪水" in name or "火灾" in name] == [by_area["name"].iloc[0]]
    unlike = zoned(units.assign(people=[1, 1000, 1000, 5.0]), method="class")
    assert unlike["leading"].iloc[0] == "fire"
    bare = squares([[4, 4, 4]], [["flood", "fire", "fire"]])
    assert zoned(bare, method="class")["leading"].tolist() == ["fire"]


def test_regions_take_the_class_of_their_mean_index_by_people():
    units = parted([[5, 5, 1, 1]], [[0.9, 0.7, 0.1, 0.1]], [[0.0, 0.0, 0.1, 0.0]], people=[[1, 99, 1, 1]])
    found = zones(units, scheme=CUT, titles=TITLES, minimum_area_km2=0, method="regions", count=2)
    assert found[["class", "units", "leading"]].to_numpy().tolist() == [[4, 2, "flood"], [1, 2, "fire"]]
    even = zones(units.assign(people=0.0), scheme=CUT, titles=TITLES, minimum_area_km2=0, method="regions", count=2)
    assert even["class"].tolist() == [5, 1]  # 0.8 by area


def test_regions_take_in_units_of_unknown_score_and_leave_those_without_an_index():
    units = parted([[5, 5, 1, 1, 9]], [[0.9, 0.8, 0.1, 0.2, np.nan]], [[0, 0, 0, 0, np.nan]])
    units.loc["u02", "score_fire"] = np.nan  # its index is known, and nearer to that of the east
    found = zones(units, scheme=CUT, titles=TITLES, minimum_area_km2=0, method="regions", count=2)
    assert found["units"].tolist() == [2, 2, 1]
    assert found["class"].tolist() == [5, 1, NO_CLASS]
    lonely = units.iloc[2:3].assign(score_fire=0.3)
    lonely.loc["u02", "score_flood"] = np.nan
    assert zones(lonely, scheme=CUT, titles=TITLES, minimum_area_km2=0, method="regions")["units"].tolist() == [1]


def test_an_unknown_method_is_told():
    with pytest.raises(MethodError, match="allowed: class, like, regions"):
        zoned(squares([[1]]), method="best")


@pytest.mark.parametrize("method", ["class", "like", "regions"])
def test_every_unit_is_in_its_zone(method):
    rng = np.random.default_rng(3)
    codes = rng.integers(1, 6, (6, 6))
    units = parted(codes, codes / 10, rng.random((6, 6)) / 10)
    found = zones(units, scheme=CUT, titles=TITLES, minimum_area_km2=2, method=method)
    held = zone_of_units(units, found)
    assert held.notna().all()
    assert held.value_counts().to_dict() == found["units"].to_dict()
    again = zone_of_units(units.sample(frac=1, random_state=1), found)
    assert again.reindex(units.index).equals(held)


def river(name, x, **more):
    line = shapely.LineString([(x, 0), (x, -9000)])
    return gpd.GeoDataFrame(
        {"name": [name], **{key: [one] for key, one in more.items()}}, geometry=[line], crs="EPSG:4546"
    )


def test_zones_along_a_river_say_so():
    units = squares([[5, 1, 1, 1]]).assign(people=[10.0, 90, 5, 5])
    rivers = Rivers(lines=river("黄河", 0, name_en="Yellow River"), near_m=900, least_share=0.5)
    found = zoned(units, method="class", rivers=rivers)
    assert found["name"].tolist() == ["西部沿黄洪水高风险区", "东部洪水低风险区"]
    assert found["name_en"].iloc[0] == "Western flood high-risk zone along the Yellow River"
    wide = Rivers(lines=river("县川河", 0), near_m=1900, least_share=0.5)
    # nine tenths of the people of the second zone live in the unit of which nine tenths lie near
    assert zoned(units, method="class", rivers=wide)["name"].iloc[1] == "东部沿县川河洪水低风险区"
    unknown = units.assign(people=np.nan)
    assert zoned(unknown, method="class", rivers=wide)["name"].iloc[1] == "东部洪水低风险区"
    assert (
        zoned(units, method="class", rivers=Rivers(lines=river("", 0), near_m=900, least_share=0.5))["name"]
        .iloc[0]
        .startswith("西部洪水")
    )


def test_of_two_rivers_the_longer_names():
    long, short = river("长河水", 200), river("小沟", 100)
    short["geometry"] = [shapely.LineString([(100, 0), (100, -900)])]
    lines = gpd.GeoDataFrame(pd.concat([short, long], ignore_index=True), crs="EPSG:4546")
    found = zoned(squares([[5, 1]]), method="class", rivers=Rivers(lines=lines, near_m=900, least_share=0.5))
    assert "沿长河水" in found["name"].iloc[0]


@pytest.mark.parametrize("method", ["class", "like"])
def test_equal_zones_keep_the_order_of_the_ids_of_their_units(method):
    units = squares([[5, 1, 5, 1, 5]])
    plain = zoned(units, method=method)
    turned = zoned(units.iloc[::-1], method=method)
    assert turned.geometry.geom_equals(plain.geometry).all()
    assert turned["name"].tolist() == plain["name"].tolist()


def test_a_wide_zone_with_its_town_on_the_bank_is_no_zone_along_the_river():
    units = squares([[1, 1, 1, 1, 1, 1]]).assign(people=[900.0, 1, 1, 1, 1, 1])
    for least, name in ((0.1, "中部沿黄洪水低风险区"), (0.2, "中部洪水低风险区")):
        rivers = Rivers(lines=river("黄河", 0), near_m=900, least_share=0.5, least_area=least)
        assert zoned(units, method="class", rivers=rivers)["name"].tolist() == [name]


def test_a_finished_product_gives_the_hazard_its_name_without_its_ending():
    hail = {"flood": Text("冰雹危险性", "Hail hazard")}
    found = zones(squares([[5]]), scheme=SCHEME, titles=hail, minimum_area_km2=0)
    assert found[["name", "name_en"]].to_numpy().tolist() == [["中部冰雹高风险区", "Central hail high-risk zone"]]
