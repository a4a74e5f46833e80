import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from riskmap.errors import MethodError
from riskmap.scoring import comprehensive, reasons, roll_up

THEMES, OBJECTS = {"flood": 2.0, "fire": 1.0, "frost": 1.0}, {"people": 3.0, "roads": 1.0}


def county(seed, count=30, gaps=0.1):
    """Units whose index and contributions are made by the house's own formula, with gaps."""
    rng = np.random.default_rng(seed)
    names = [f"u{n:02d}" for n in range(count)]
    rows = [
        {"unit_id": unit, "theme": theme, "object": thing, "index": rng.random() if rng.random() > gaps else np.nan, "known_share": 1.0}
        for unit in names for theme in THEMES for thing in OBJECTS
    ]  # fmt: skip
    joined = comprehensive(pd.DataFrame(rows), themes=THEMES, objects=OBJECTS)
    shapes = [shapely.box(n * 1000, 0, n * 1000 + 1000, 500 + 100 * (n % 7)) for n in range(count)]
    more = {
        "people": rng.integers(0, 900, count) * 1.0,
        "gdp_yuan": rng.random(count) * 1e7,
        "stability": rng.random(count),
    }
    frame = joined.units.join(joined.contributions.add_prefix("part_")).assign(**more)
    places = pd.Series([f"T{n % 4}" for n in range(count)], index=frame.index, name="zone_id")
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4546"), places, joined.contributions


@pytest.mark.parametrize("gaps", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("seed", range(4))
def test_contributions_add_up_and_agree_with_the_townships(seed, gaps):
    units, places, contributions = county(seed, gaps=gaps)
    found = reasons(units, places)
    parts = found[[one for one in found if one.startswith("part_")]]
    assert parts.sum(axis=1).to_numpy() == pytest.approx(found["index"].to_numpy(), rel=1e-12)
    rolled = roll_up(units, places, contributions, area_km2=units.area / 1e6)
    for column in ("index", "known_share", "people", "gdp_yuan"):
        assert found[column].to_numpy() == pytest.approx(rolled[column].to_numpy(), rel=1e-12, nan_ok=True)
    assert found[["part_flood", "part_fire"]].to_numpy() == pytest.approx(
        rolled[["part_flood", "part_fire"]].to_numpy()
    )
    assert found["area_km2"].sum() == pytest.approx(units.area.sum() / 1e6)
    assert found["units"].sum() == len(units)


def test_by_hand():
    units, places, _ = county(0, count=2, gaps=0)
    units = units.assign(
        index=[0.2, 0.6], part_flood=[0.1, 0.2], part_fire=[0.1, 0.4], part_frost=0.0, people=[300.0, 100.0],
        index_people=[0.1, 0.2], index_roads=[0.9, 0.0], stability=[1.0, 0.6],
    )  # fmt: skip
    row = reasons(units, places.str[:0] + "Z").loc["Z"]
    assert row["index"] == pytest.approx(0.3)
    assert row["part_fire"] == pytest.approx((0.1 * 300 + 0.4 * 100) / 400)
    assert row[["theme_1", "theme_2", "object_1", "object_2"]].tolist() == ["fire", "flood", "roads", "people"]
    assert row["stability"] == pytest.approx(0.9)
    nobody = reasons(units.assign(people=0.0), places.str[:0] + "Z").loc["Z"]
    area = units.area.to_numpy()
    assert nobody["index"] == pytest.approx(np.average([0.2, 0.6], weights=area))


def test_the_unknown_stays_unknown():
    units, places, _ = county(1, count=4, gaps=0)
    parts = [one for one in units if one.startswith(("part_", "index"))]
    units.loc["u00", parts] = np.nan
    units.loc["u01", [one for one in units if one.startswith("part_")]] = 0.0
    units.loc["u01", ["index", "index_people", "index_roads"]] = 0.0
    units.loc["u02", "gdp_yuan"] = np.nan
    found = reasons(units, places)
    assert np.isnan(found.loc["T0", "index"])
    assert found.loc["T0", ["theme_1", "object_1"]].tolist() == ["", ""]
    assert found.loc["T0", "known_share"] == 0
    assert found.loc["T1", ["theme_1", "theme_2", "object_1"]].tolist() == ["", "", ""]
    assert found.loc["T1", "index"] == 0
    assert np.isnan(found.loc["T2", "gdp_yuan"])


def test_units_of_no_place_are_in_none():
    units, places, _ = county(2, count=5)
    assert reasons(units, places.where(places == "T0"))["units"].tolist() == [2]


def test_what_cannot_be_summed_is_told():
    units, places, _ = county(0, count=3)
    with pytest.raises(MethodError, match="no contributions"):
        reasons(units.drop(columns=[one for one in units if one.startswith("part_")]), places)
    with pytest.raises(MethodError, match="other units"):
        reasons(units, places.iloc[::-1])
