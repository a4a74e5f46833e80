from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import tiny
from tiny_exposure import buildings, cover, with_layers, yearbook

from riskmap.errors import MissingLayerError
from riskmap.model import EXPOSURE_COLUMNS, NO_CLASS, NO_LEADER, OBJECTS, Exposure, Text
from riskmap.scoring import assess_risk, cut, normalise


def exposed_by(survey, **amounts):
    """Amounts given per unit, spread evenly over the cells of each."""
    rows, columns = np.mgrid[0:60, 0:50]
    unit = rows // 20 * 2 + columns // 25
    units = pd.DataFrame(amounts, index=survey.units.index, dtype="float64")
    grids = {name: tiny.raster(one.to_numpy()[unit] / 500) for name, one in units.items()}
    return Exposure(units=units, grids=grids)


AMOUNTS = {"people": [1200, 300, 90, 450, 0, 2100], "roads_km": [4, 1, np.nan, 2, 0, 3]}


def run(survey=None, **more):
    survey = survey or tiny.survey()
    harm = pd.DataFrame(0.5, index=survey.units.index, columns=["people", "roads"])
    harm.attrs["thresholds"] = ("vulnerability.floor",)
    return assess_risk(survey, tiny.themes(), exposed=exposed_by(survey, **AMOUNTS), vulnerability=harm, **more)


def test_result_fits_its_noun():
    risk = run()
    units = risk.units
    assert units.index.tolist() == tiny.CODES
    assert {"name", "parent_id", "made_area", "index", "class", "leading", "known_share", "people", "roads_km"} <= set(
        units
    )
    for theme in tiny.themes():
        assert units[f"score_{theme}"].between(0, 1).all()
        assert units[f"class_{theme}"].dtype == np.uint8
    for one in ("people", "roads"):
        assert {f"index_{one}", f"class_{one}"} <= set(units)
    assert units.columns[-1] == "geometry"
    assert list(risk.unit_risk)[:8] == [
        "unit_id",
        "theme",
        "object",
        "hazard",
        "exposure",
        "vulnerability",
        "index",
        "class",
    ]
    assert len(risk.unit_risk) == 6 * 3 * 2
    assert risk.index.odc.geobox == risk.classes.odc.geobox == tiny.grid()
    assert risk.index.dtype == np.float32
    assert risk.classes.dtype == np.uint8
    assert (cut(risk.index, risk.grid_scheme) == risk.classes.to_numpy()).all()
    assert (cut(units["index"], risk.scheme) == units["class"]).all()
    assert set(risk.townships.index) == set(tiny.survey().townships.index)
    assert (cut(risk.townships["index"], risk.scheme) == risk.townships["class"]).all()
    own = {"made_area", "stability", "next_class", *(one for one in units if one.startswith("part_"))}
    assert set(units.columns) - own <= set(risk.townships.columns)
    parts = units[[one for one in units if one.startswith("part_")]]
    assert parts.sum(axis=1, min_count=1).to_numpy() == pytest.approx(units["index"].to_numpy(), nan_ok=True)
    known = units["index"].notna()
    assert units.loc[known, "stability"].between(0, 1).all()
    assert (units.loc[units["stability"] < 1, "next_class"] != units.loc[units["stability"] < 1, "class"]).all()
    again = run().units
    assert (again["stability"].fillna(-1) == units["stability"].fillna(-1)).all()


def test_one_unit_by_hand():
    risk = run()
    row = risk.unit_risk.set_index(["theme", "object", "unit_id"]).loc[("drought", "people", tiny.CODES[0])]
    hazard = tiny.themes()["drought"].score.to_numpy()[:20, :25].mean()
    scaled = normalise(np.array([1200.0, 2100]), method="log", low=0, scale_share=0.1)[0]
    assert row["hazard"] == pytest.approx(hazard)
    assert row["exposure"] == pytest.approx(scaled)
    assert row["index"] == pytest.approx(hazard * scaled * 0.5)
    people = risk.units["index_people"].iloc[0]
    flood = np.nanmean(tiny.themes()["flood"].score.to_numpy()[:20, :25])
    hail = tiny.themes()["hail"].score.to_numpy()[:20, :25].mean()
    assert people == pytest.approx((hazard + flood + hail) / 3 * scaled * 0.5)


def test_zero_and_unknown_look_different():
    units = run().units
    nobody, unknown = units.iloc[4], units.iloc[2]
    assert nobody["index"] == 0
    assert nobody["class"] == 1
    assert nobody["leading"] == NO_LEADER
    assert np.isnan(unknown["index_roads"])
    assert unknown["class_roads"] == NO_CLASS
    assert unknown["index"] > 0
    # two of five objects are assessed; of unit 2, people alone
    assert units["known_share"].iloc[[1, 2]].tolist() == pytest.approx([0.4, 0.2])
    assert units["known_share"].iloc[0] == pytest.approx(0.4 * (1 - 9 / 500 / 9))


@pytest.mark.parametrize("rule", ["area_mean", "people_mean", "exposed_mean", "worst_share"])
def test_rules_of_cells_to_units(rule):
    survey = tiny.survey(scoring={"cells_to_units": rule})
    amounts = exposed_by(survey, **AMOUNTS)
    west = np.where(np.arange(50) % 25 < 5, 1.0, 0.0)
    grids = dict(amounts.grids) | {"people": amounts.grids["people"] * west}
    harm = pd.DataFrame(index=survey.units.index)
    risks = assess_risk(survey, tiny.themes(), exposed=replace(amounts, grids=grids), vulnerability=harm).unit_risk
    risks = risks[(risks["theme"] == "flood") & (risks["unit_id"] == tiny.CODES[3])]
    hazard = risks.set_index("object")["hazard"]
    score = tiny.themes()["flood"].score.to_numpy()[20:40, 25:]
    area, people = score.mean(), score[:, :5].mean()
    worst = np.sort(score.ravel())[-50:].mean()
    expected = {
        "area_mean": (area, area),
        "people_mean": (people, people),
        "exposed_mean": (people, area),
        "worst_share": (worst, worst),
    }
    assert hazard[["people", "roads"]].tolist() == pytest.approx(expected[rule], abs=1e-6)


def test_what_leads_stands_in_a_high_class():
    risk, led = run(), 0
    for table in (risk.units, risk.townships):
        for place, leading in table["leading"].items():
            if leading not in {"", NO_LEADER}:
                scheme, led = tiny.themes()[leading].scheme, led + 1
                assert scheme.size - 2 < table.loc[place, f"class_{leading}"] <= scheme.size
    assert led
    assert any(one.key == "lists.high_classes" for one in risk.thresholds)


def test_weights_of_the_county_count():
    by_weight = run(tiny.survey(scoring={"weights": {"drought": 1.0}})).units
    assert set(by_weight["leading"]) == {"drought", NO_LEADER}
    judged = {"themes": ["flood", "drought", "hail"], "pairwise": [[1, 1, 1 / 9], [1, 1, 1 / 9], [9, 9, 1]]}
    assert run(tiny.survey(scoring=judged)).units["leading"].iloc[0] == "hail"
    only = run(tiny.survey(scoring={"objects": {"people": 2.0}})).units
    assert only["index"].to_numpy() == pytest.approx(only["index_people"].to_numpy())
    assert only["known_share"].iloc[1] == pytest.approx(1)


def test_what_is_missing_is_said():
    survey = tiny.survey()
    bare = exposed_by(survey, **AMOUNTS)
    risk = assess_risk(survey, tiny.themes(), exposed=bare, vulnerability=pd.DataFrame(index=survey.units.index))
    assert [one.product.zh for one in risk.left_out] == ["人口脆弱性", "公路脆弱性"]
    with pytest.raises(MissingLayerError, match="hazard"):
        assess_risk(survey, {}, exposed=bare, vulnerability=risk.vulnerability)
    with pytest.raises(MissingLayerError, match="exposed"):
        assess_risk(
            survey,
            tiny.themes(),
            exposed=Exposure(units=bare.units.iloc[:, :0], grids={}),
            vulnerability=risk.vulnerability,
        )


def test_declared_values_are_told():
    keys = {one.key: one for one in run().thresholds}
    assert {"vulnerability.floor", "scheme.comprehensive-risk", "profile.comprehensive"} <= set(keys)
    assert len(keys["scheme.comprehensive-risk"].value) == 4
    assert any("0.333" in one.zh for one in run().notes)


def test_zones_use_short_titles_and_the_minimum():
    titles = {name: Text(name.upper(), name) for name in tiny.themes()}
    risk = run(tiny.survey(zoning={"minimum_area_km2": 0}), titles=titles)
    assert risk.zones["units"].sum() == 6
    assert risk.zones["area_km2"].sum() == pytest.approx(30)
    assert risk.zones["name"].str.contains("FLOOD|DROUGHT|HAIL").any()
    assert run(tiny.survey(zoning={"minimum_area_km2": 99})).zones["units"].tolist() == [6]


def test_without_townships():
    survey = replace(tiny.survey(), townships=tiny.townships().iloc[:0])
    assert run(survey).townships.empty


def test_whole_way_from_layers():
    from riskmap.elements import exposure, vulnerability

    survey = with_layers(tiny.survey(), buildings=buildings(), yearbook=yearbook(), land_cover=cover())
    exposed = exposure(survey)
    risk = assess_risk(survey, tiny.themes(), exposed=exposed, vulnerability=vulnerability(survey, exposed))
    assert list(risk.exposure) == list(EXPOSURE_COLUMNS.values())
    assert set(risk.unit_risk["object"]) == set(OBJECTS)
    assert risk.units["index"].between(0, 1).all()
    assert float(risk.index.max()) <= 1
