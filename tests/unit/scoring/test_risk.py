import numpy as np
import pandas as pd
import pytest
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.scoring import comprehensive, grid_index, risk_index, roll_up, unit_hazard, unit_risk
from riskmap.standards import book

SCHEME = book().scheme("object-risk")
UNITS = pd.Index(["a", "b", "c"], name="unit_id")


def row(*values):
    return xr.DataArray([list(values)], dims=("y", "x"))


def frame(**columns):
    return pd.DataFrame(columns, index=UNITS, dtype="float64")


def test_hazard_of_a_unit_by_each_rule():
    score = row(0.0, 1.0, np.nan, 0.5, 0.25)
    labels = row(1, 1, 1, 2, 0)
    assert unit_hazard(score, labels, count=3) == pytest.approx([0.5, 0.5, np.nan], nan_ok=True)
    by_people = unit_hazard(score, labels, count=3, weights=row(3.0, 1.0, 9.0, 0.0, 1.0))
    assert by_people == pytest.approx([0.25, 0.5, np.nan], nan_ok=True)  # nobody in unit 2: its area
    many = row(*np.linspace(0, 1, 20))
    assert unit_hazard(many, xr.ones_like(many, dtype="int32"), count=1, worst_share=0.1) == pytest.approx([37 / 38])
    assert unit_hazard(score, labels, count=3, worst_share=1.0) == pytest.approx([0.5, 0.5, np.nan], nan_ok=True)
    with pytest.raises(MethodError, match="worst_share"):
        unit_hazard(score, labels, count=3, worst_share=0.0)


def test_nothing_exposed_is_zero_and_unknown_is_unknown():
    nan = np.nan
    hazard, exposure = np.array([0.8, nan, nan, 0.8, 0.8]), np.array([0.5, 0.0, 0.5, nan, 0.5])
    index, known = risk_index(hazard, exposure, np.array([0.25, nan, 0.5, 0.5, nan]))
    assert index == pytest.approx([0.1, 0, nan, nan, 0.4**1.5], nan_ok=True)
    assert known == pytest.approx([1, 1, 0, 0, 2 / 3])
    assert risk_index(hazard, exposure, None)[0][0] == pytest.approx(0.4**1.5)


def table(**more):
    hazard = frame(flood=[0.9, 0.5, np.nan], drought=[0.1, 0.5, 0.5])
    exposure = frame(people=[1.0, 0.0, 0.5], roads=[0.2, 1.0, np.nan])
    return unit_risk(hazard, exposure, frame(people=[0.5, 0.5, 1.0]), scheme=SCHEME, **more)


def test_long_table():
    risks = table()
    assert len(risks) == 12
    one = risks.set_index(["object", "theme", "unit_id"]).sort_index()
    assert one.loc[("people", "flood"), "index"].tolist() == pytest.approx([0.45, 0, np.nan], nan_ok=True)
    assert one.loc[("people", "flood"), "class"].tolist() == [2, 1, NO_CLASS]
    assert one.loc[("roads", "drought"), "index"].tolist() == pytest.approx([0.02**1.5, 0.5**1.5, np.nan], nan_ok=True)
    assert one.loc[("roads", "drought"), "known_share"].tolist() == pytest.approx([2 / 3, 2 / 3, 0])
    doubtful = table(hazard_known=frame(flood=[0.4, 0.4, 1], drought=[1, 1, 1]))
    doubtful = doubtful.set_index(["object", "theme", "unit_id"]).sort_index()
    assert doubtful.loc[("people", "flood"), "known_share"].tolist() == pytest.approx([0.8, 1, 0])


def test_an_object_may_have_its_own_hazard():
    hazard = {"people": frame(flood=[1, 1, 1]), "roads": frame(flood=[0, 0, 0])}
    risks = unit_risk(
        hazard, frame(people=[1, 1, 1], roads=[1, 1, 1]), frame(people=[1, 1, 1], roads=[1, 1, 1]), scheme=SCHEME
    )
    assert risks.groupby("object")["index"].sum().to_dict() == {"people": 3, "roads": 0}


def test_units_must_agree():
    with pytest.raises(MethodError, match="different units"):
        unit_risk(frame(flood=[1, 1, 1]).iloc[:2], frame(people=[1, 1, 1]), frame(people=[1, 1, 1]), scheme=SCHEME)
    with pytest.raises(MethodError, match="at least one"):
        unit_risk(frame(flood=[1, 1, 1]), frame(), frame(), scheme=SCHEME)


def test_joined_index_by_hand():
    found = comprehensive(table(), themes={"flood": 3, "drought": 1}, objects={"people": 1, "roads": 1})
    people, roads = (0.45 * 3 + 0.05) / 4, (0.18**1.5 * 3 + 0.02**1.5) / 4
    units = found.units
    assert units.loc["a", "index"] == pytest.approx((people + roads) / 2)
    assert units.loc["a", ["index_people", "index_roads"]].tolist() == pytest.approx([people, roads])
    assert units.loc["c", "index"] == pytest.approx(0.25)  # drought to people is all that is known
    assert found.contributions.idxmax(axis=1).tolist() == ["flood", "flood", "drought"]
    assert units["known_share"].tolist() == pytest.approx([5 / 6, 5 / 6, 1 / 8])
    assert found.contributions.sum(axis=1).to_numpy() == pytest.approx(units["index"].to_numpy())


def test_missing_objects_and_themes_lower_the_known_share():
    found = comprehensive(table(), themes={"flood": 1, "drought": 1, "hail": 2}, objects={"people": 1, "crops": 1})
    assert found.units["known_share"].tolist() == pytest.approx([0.25, 0.25, 0.125])
    assert found.units.loc["b", "index"] == 0
    with pytest.raises(MethodError, match="no weight"):
        comprehensive(table(), themes={"hail": 1}, objects={"people": 1})


def test_nothing_known_is_unknown():
    risks = table().assign(index=np.nan)
    found = comprehensive(risks, themes={"flood": 1, "drought": 1}, objects={"people": 1})
    assert found.units["index"].isna().all()
    assert not found.contributions.notna().any(axis=None)
    assert found.units["known_share"].tolist() == [0, 0, 0]


def test_grid_follows_the_formula_of_the_units():
    rng = np.random.default_rng(2)
    gaps = rng.random((5, 40)) < 0.2
    values = np.where(gaps, np.nan, rng.random((5, 40)))
    values[2:][rng.random((3, 40)) < 0.2] = 0
    labels = row(*([1, 2] * 20)).astype("int32")
    scores = {"flood": row(*values[0]), "drought": row(*values[1])}
    exposures = {"people": row(*values[2]), "crops": row(*values[3]), "roads": row(*values[4])}
    harm = {"people": np.array([0.5, np.nan]), "crops": np.array([0.3, 0.7])}
    themes, objects = {"flood": 2.0, "drought": 1.0}, {"people": 3.0, "crops": 1.0, "roads": 1.0, "houses": 5.0}
    got = grid_index(scores, exposures, harm, labels, themes=themes, objects=objects)
    cells = pd.RangeIndex(40)
    risks = unit_risk(
        pd.DataFrame({name: one.to_numpy()[0] for name, one in scores.items()}, index=cells),
        pd.DataFrame({name: one.to_numpy()[0] for name, one in exposures.items()}, index=cells),
        pd.DataFrame({name: np.tile(one, 20) for name, one in harm.items()}, index=cells),
        scheme=SCHEME,
    )
    units = comprehensive(risks, themes=themes, objects=objects).units["index"]
    assert got.to_numpy()[0] == pytest.approx(units.to_numpy(), abs=1e-6, nan_ok=True)
    assert np.isnan(units).any()
    with pytest.raises(MethodError):
        grid_index(scores, exposures, harm, labels, themes={"hail": 1}, objects=objects)


def test_grid_is_unknown_outside_the_units():
    one = grid_index(
        {"flood": row(1.0, 1.0)},
        {"people": row(1.0, 1.0)},
        {"people": np.ones(1)},
        row(0, 1),
        themes={"flood": 1},
        objects={"people": 1},
    )
    assert one.to_numpy() == pytest.approx(np.array([[np.nan, 1]]), nan_ok=True)
    assert one.dtype == np.float32


def test_roll_up_weighs_people_else_area():
    units = frame(index=[0.2, 0.6, np.nan], known_share=[1, 0.5, 0], index_people=[0.4, 0.8, np.nan]).assign(
        gdp_yuan=[1, 2, 3.0]
    )
    parts = frame(flood=[0.15, 0.1, np.nan], drought=[0.05, 0.5, np.nan])
    area = pd.Series([1.0, 1.0, 2.0], index=UNITS)
    parents = pd.Series(["T", "T", "T"], index=UNITS)
    by_area = roll_up(units, parents, parts, area_km2=area).loc["T"]
    assert by_area[["index", "index_people", "known_share"]].tolist() == pytest.approx([0.4, 0.6, 0.375])
    assert by_area[["part_flood", "part_drought"]].tolist() == pytest.approx([0.125, 0.275])
    assert by_area["gdp_yuan"] == 6
    by_people = roll_up(units.assign(people=[900, 100, 0]), parents, parts, area_km2=area).loc["T"]
    assert by_people[["index", "known_share", "people"]].tolist() == pytest.approx([0.24, 0.95, 1000])
    assert by_people[["part_flood", "part_drought"]].tolist() == pytest.approx([0.145, 0.095])
    unknown = roll_up(units.assign(people=[900, 100, np.nan]), parents, parts, area_km2=area).loc["T"]
    assert unknown["index"] == pytest.approx(0.4)
    assert np.isnan(unknown["people"])
    empty = roll_up(units.iloc[2:], parents.iloc[2:], parts.iloc[2:], area_km2=area.iloc[2:]).loc["T"]
    assert np.isnan(empty["index"])
    assert empty[["part_flood", "part_drought"]].isna().all()
