from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, Text
from riskmap.scoring import by_matrix, first_level, neighbours, prevention_zones, reaching_class
from riskmap.scoring.prevention import FirstLevel
from riskmap.standards import book

SCHEME = book().scheme("prevention-geohazard")
TITLE = Text("地质灾害", "Geological hazard")
MEASURES = {3: Text("治理", "Works"), 2: Text("排查", "Inspection"), 1: Text("宣传", "Information")}
TITLES = {"flood": Text("洪水", "Flood"), "fire": Text("火灾", "Fire")}


def squares(codes, side=1000.0, **more):
    codes = np.array(codes)
    at = list(np.ndindex(codes.shape))
    shapes = [shapely.box(c * side, -(r + 1) * side, (c + 1) * side, -r * side) for r, c in at]
    frame = gpd.GeoDataFrame(
        {"people": np.arange(codes.size) * 1.0, **{key: np.ravel(one) for key, one in more.items()}},
        geometry=shapes, index=[f"u{r}{c}" for r, c in at], crs="EPSG:4546",
    )  # fmt: skip
    classes = pd.Series(np.where(codes == 9, NO_CLASS, codes).ravel().astype("uint8"), index=frame.index)
    return frame, classes


def zoned(codes, minimum=0.0, **more):
    frame, classes = squares(codes)
    return prevention_zones(
        frame, classes, scheme=SCHEME, title=TITLE, measures=MEASURES, minimum_area_km2=minimum, **more
    )


def test_the_matrix_is_looked_up_cell_by_cell():
    matrix = [[1, 1, 2], [1, 2, 3]]
    rows, columns = np.array(list(product((0, 1, 2, 3, NO_CLASS), (0, 1, 2, 3, 4, NO_CLASS)))).T
    found = by_matrix(rows, columns, matrix=matrix)
    for a, b, code in zip(rows, columns, found, strict=True):
        assert code == (matrix[a - 1][b - 1] if 1 <= a <= 2 and 1 <= b <= 3 else NO_CLASS)
    with pytest.raises(MethodError, match=r"\[2, 1\]"):
        by_matrix(rows, columns, matrix=[[1, 2], [1]])


def test_declared_matrices_never_fall_with_hazard_risk_or_exposure_nor_rise_with_capacity():
    tables = book()
    for row in tables.table("prevention.by_exposure"):
        table = np.array(row["rows"])
        assert table.shape == (row["classes"], 3)
        assert (np.diff(table, axis=0) >= 0).all()
        assert (np.diff(table, axis=1) >= 0).all()
        assert table.min() == 1
        assert table.max() == 3
    (row,) = tables.table("prevention.by_capacity")
    table = np.array(row["rows"])
    assert (np.diff(table, axis=0) >= 0).all()
    assert (np.diff(table[:, :3], axis=1) <= 0).all()
    assert (table[:, 3] == table[:, 0]).all()  # unknown is taken as weak


def test_every_kind_has_a_scheme_of_three_and_measures_for_each_class():
    tables = book()
    kinds = {row["theme"]: row for row in tables.table("prevention.kinds")}
    assert {"", "*"} <= set(kinds)
    rows = tables.table("prevention.measures")
    for theme in {row["theme"] for row in rows} | set(kinds):
        own = [row for row in rows if row["theme"] == theme]
        assert sorted(row["class"] for row in own) == [1, 2, 3]
        assert all(row["zh"] and row["en"] for row in own)
    for row in kinds.values():
        assert tables.scheme(row["scheme"]).size == 3
        assert tables.scheme(row["scheme"]).confidence == "C"


@pytest.mark.parametrize("least", [0.05, 0.1, 0.5, 1.0])
def test_the_class_that_covers_a_share(least):
    shares = np.random.default_rng(0).dirichlet([1, 1, 0.3, 0.2], size=60)
    found = reaching_class(shares, least_share=least)
    for row, code in zip(shares, found, strict=True):
        held = [k for k in range(1, 5) if row[k - 1 :].sum() >= least - 1e-9]
        assert code == max(held)
    assert reaching_class(np.full((1, 4), np.nan), least_share=least).tolist() == [NO_CLASS]
    with pytest.raises(MethodError, match="least_share"):
        reaching_class(shares, least_share=0)


def test_units_of_one_class_dissolve_with_their_measures():
    found = zoned([[3, 3, 1], [1, 1, 1], [9, 1, 3]])
    assert found["class"].tolist() == [3, 3, 1, NO_CLASS]
    assert found["units"].tolist() == [2, 1, 5, 1]
    assert found["people"].tolist() == [1, 8, 2 + 3 + 4 + 5 + 7, 6]
    assert found["measures_zh"].tolist() == ["治理", "治理", "宣传", ""]
    assert found["name"].iloc[0] == "西北部地质灾害重点防治区"
    assert found["name_en"].iloc[0] == "North-western geological hazard priority prevention zone"
    assert found["name"].iloc[3] == "西南部地质灾害无数据区"
    assert found.index.tolist() == ["P01", "P02", "P03", "P04"]
    assert found["area_km2"].sum() == pytest.approx(9, rel=1e-9)
    assert "first_level" not in found


def test_small_zones_go_but_those_of_priority_stay():
    found = zoned([[1, 1, 1], [1, 3, 1], [1, 1, 2]], minimum=2)
    assert found[["class", "units"]].to_numpy().tolist() == [[3, 1], [1, 8]]


def test_the_second_level_stays_within_the_first():
    frame, classes = squares([[1, 1, 1, 1], [2, 2, 2, 2]])
    labels = pd.Series([0, 0, 1, 1] * 2, index=frame.index)
    first = FirstLevel(labels=labels, names=(Text("西区", "West"), Text("东区", "East")))
    found = prevention_zones(
        frame, classes, scheme=SCHEME, title=TITLE, measures=MEASURES, minimum_area_km2=0, first=first
    )
    assert found.index.tolist() == ["1-1", "1-2", "2-1", "2-2"]
    assert found["first_level"].tolist() == ["西区", "西区", "东区", "东区"]
    assert found["class"].tolist() == [2, 1, 2, 1]
    assert found["units"].tolist() == [2] * 4
    higher = classes.copy()
    higher.iloc[[2, 3]] = 3
    turned = prevention_zones(
        frame, higher, scheme=SCHEME, title=TITLE, measures=MEASURES, minimum_area_km2=0, first=first
    )
    assert turned["first_level"].iloc[0] == "东区"  # the higher mean class comes first


def test_the_second_level_is_named_by_its_township():
    frame, classes = squares([[3, 1]], parent_id=np.array(["T1", "T2"]))
    towns = gpd.GeoDataFrame(
        {"name": ["甲乡", "乙镇"], "name_en": ["Jia", "Yi"]}, index=["T1", "T2"], geometry=[None] * 2
    )
    first = FirstLevel(labels=pd.Series(0, index=frame.index), names=(Text("全区", "All"),))
    found = prevention_zones(
        frame, classes, scheme=SCHEME, title=TITLE, measures=MEASURES, minimum_area_km2=0, first=first, townships=towns
    )
    assert found["name"].tolist() == ["甲乡一带地质灾害重点防治区", "乙镇一带地质灾害一般防治区"]
    assert found["name_en"].iloc[0] == "Geological hazard priority prevention zone about Jia"


def nature(rows, columns, seed=0, gaps=()):
    rng = np.random.default_rng(seed)
    west = np.arange(rows * columns) % columns < columns // 2
    flood = np.where(west, 0.8, 0.2) + rng.uniform(-0.05, 0.05, west.size)
    fire = np.where(west, 0.1, 0.7) + rng.uniform(-0.05, 0.05, west.size)
    frame, _ = squares(np.ones((rows, columns)), score_flood=flood, score_fire=fire, part_flood=flood, part_fire=fire)
    frame.iloc[list(gaps), frame.columns.get_loc("score_flood")] = np.nan
    return frame, west


@pytest.mark.parametrize("seed", range(3))
def test_the_first_level_follows_nature_and_place(seed):
    frame, west = nature(4, 6, seed=seed)
    found = first_level(frame, titles=TITLES, between=(2, 4))
    assert found.labels.groupby(west).nunique().tolist() == [1, 1]
    assert sorted(one.zh for one in found.names) == ["东部火灾、洪水防治区", "西部洪水、火灾防治区"]
    pairs = neighbours(frame.geometry)
    for n in found.labels.unique():
        held = np.flatnonzero(found.labels == n)
        reached, todo = {held[0]}, [held[0]]
        while todo:
            one = todo.pop()
            near = {b if a == one else a for a, b in pairs if one in (a, b)} & set(held) - reached
            reached |= near
            todo += near
        assert reached == set(held)


def test_units_of_unknown_score_go_to_the_longest_border():
    frame, _ = nature(4, 6, gaps=(0, 1, 8, 23))
    found = first_level(frame, titles=TITLES, between=(2, 2))
    assert found.labels.nunique() == 2
    assert found.labels.iloc[0] == found.labels.iloc[1] == found.labels.iloc[7]
    assert found.labels.iloc[23] == found.labels.iloc[17]
    alone = frame.iloc[[0, 4, 5]]
    assert first_level(alone, titles=TITLES, between=(1, 1)).labels.nunique() == 2  # an island without scores
    with pytest.raises(MethodError, match="every hazard is known"):
        first_level(frame.iloc[:2].assign(score_fire=np.nan), titles=TITLES, between=(2, 2))


def test_order_of_units_changes_nothing():
    rng = np.random.default_rng(5)
    frame, classes = squares(rng.integers(1, 4, (6, 6)), score_flood=rng.random(36), part_flood=rng.random(36))
    more = {"scheme": SCHEME, "title": TITLE, "measures": MEASURES, "minimum_area_km2": 2}
    mixed = frame.sample(frac=1, random_state=2)
    first, other = (first_level(one, titles=TITLES, between=(2, 5)) for one in (frame, mixed))
    plain = prevention_zones(frame, classes, first=first, **more)
    turned = prevention_zones(mixed, classes.reindex(mixed.index), first=other, **more)
    assert turned.drop(columns="geometry").equals(plain.drop(columns="geometry"))
    assert turned.geometry.geom_equals(plain.geometry).all()
    assert plain["area_km2"].sum() == pytest.approx(36, rel=1e-9)


def test_classes_of_other_units_are_told():
    frame, classes = squares([[1, 2]])
    with pytest.raises(MethodError, match="a class for each"):
        prevention_zones(frame, classes.iloc[:1], scheme=SCHEME, title=TITLE, measures={}, minimum_area_km2=0)
