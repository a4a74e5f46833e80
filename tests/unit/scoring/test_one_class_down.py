"""Parts that add up, the least that moves a unit down, the weight that flips it: each against trying it out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.scoring import comprehensive, cut, flip_distance, unit_risk
from riskmap.scoring.one_class_down import one_class_down, parts_of_index, weight_flip
from riskmap.scoring.unit_model import UnitModel
from riskmap.standards import book

THEMES = {"flood": 2.0, "drought": 1.0, "fire": 1.0}
OBJECTS = {"people": 3.0, "roads": 1.0, "crops": 2.0}
CUTS = replace(book().scheme("comprehensive-risk"), edges=(0.03, 0.06, 0.09, 0.12))
COUNT = 60


@pytest.fixture(scope="module")
def risks():
    rng = np.random.default_rng(8)
    units = pd.Index([f"u{n}" for n in range(COUNT)], name="unit_id")

    def table(names, holes):
        values = rng.random((COUNT, len(names)))
        values[rng.random(values.shape) < holes] = np.nan
        return pd.DataFrame(values, index=units, columns=list(names))

    exposure = table(OBJECTS, 0.05).mask(rng.random((COUNT, 3)) < 0.15, 0.0)
    hazard, harm = table(THEMES, 0.05), table(["people", "roads"], 0.2)
    exposure.iloc[0] = np.nan
    return unit_risk(hazard, exposure, harm, scheme=book().scheme("object-risk"))


@pytest.fixture(scope="module")
def model(risks):
    return UnitModel.from_risks(risks, themes=THEMES, objects=OBJECTS)


@pytest.fixture(scope="module")
def classes(model):
    return pd.Series(cut(model(), CUTS), index=model.units)


def test_the_model_gives_the_published_index(risks, model):
    found = comprehensive(risks, themes=THEMES, objects=OBJECTS)
    np.testing.assert_allclose(model(), found.units["index"], rtol=1e-13)
    np.testing.assert_allclose(parts_of_index(model).sum(axis=1).T, found.contributions, rtol=1e-12)


def test_parts_of_themes_and_objects_add_up_to_the_index(model):
    parts = parts_of_index(model)
    for axes in ((0, 1), (1, 0)):
        np.testing.assert_allclose(parts.sum(axis=axes[0]).sum(axis=0), model(), rtol=1e-13)
    assert np.isnan(parts[..., 0]).all()
    assert (parts[..., 1:] >= 0).all()


def lowered(model, part, of, keep):
    """The index with one score multiplied by `keep`."""
    changed = {
        "hazard": model.hazard.copy(),
        "exposure": model.exposure.copy(),
        "vulnerability": model.vulnerability.copy(),
    }
    names = model.themes if part == "hazard" else model.objects
    changed[part][names.index(of)] *= keep
    return replace(model, **changed)()


def test_the_measure_does_it_and_hardly_less_would(model, classes):
    found = one_class_down(model, classes, scheme=CUTS)
    does = found[found["outcome"] == "measure"]
    assert len(does) > 25
    for unit, row in does.iterrows():
        place = model.units.get_loc(unit)
        edge = CUTS.edges[classes[unit] - 2]
        after = lowered(model, row["part"], row["of"], 1 - row["reduction_pct"] / 100)[place]
        assert after < edge
        if row["reduction_pct"] < 100:
            assert after == pytest.approx(row["index_after"], abs=1e-12)
        if row["reduction_pct"] > 0.2:
            for part, names in (("hazard", THEMES), ("exposure", OBJECTS), ("vulnerability", OBJECTS)):
                for of in names:
                    less = lowered(model, part, of, 1 - (row["reduction_pct"] - 0.15) / 100)[place]
                    assert less >= edge - 1e-12, f"{unit}: {part} of {of} does it with less"


def test_where_no_single_measure_does_it_none_does(model, classes):
    found = one_class_down(model, classes, scheme=CUTS)
    none = found[found["outcome"] == "none"]
    for unit in none.index:
        place, edge = model.units.get_loc(unit), CUTS.edges[classes[unit] - 2]
        for part, names in (("hazard", THEMES), ("exposure", OBJECTS), ("vulnerability", OBJECTS)):
            for of in names:
                assert lowered(model, part, of, 1e-9)[place] >= edge - 1e-9


def test_the_four_outcomes(model, classes):
    found = one_class_down(model, classes, scheme=CUTS)
    np.testing.assert_array_equal(found["outcome"] == "unknown", classes == NO_CLASS)
    np.testing.assert_array_equal(found["outcome"] == "lowest", classes == 1)
    assert set(found["outcome"]) == {"measure", "none", "lowest", "unknown"}
    assert found.loc[found["outcome"] != "measure", "reduction_pct"].isna().all()


def flipped(model, kind, name, to):
    names, weights = (model.themes, model.theme_weights) if kind == "theme" else (model.objects, model.object_weights)
    place = names.index(name)
    drawn = weights * (1 - to) / (1 - weights[place])
    drawn[place] = to
    return model({f"{kind}_weights": drawn})


def test_the_weight_meets_an_edge_and_no_smaller_change_does(model):
    found = weight_flip(model, scheme=CUTS)
    edges = np.array(CUTS.edges)
    before = cut(model(), CUTS)
    some = found[found["kind"] != ""]
    assert len(some) > 40
    for unit, row in some.iterrows():
        place = model.units.get_loc(unit)
        assert np.abs(flipped(model, row["kind"], row["weight"], row["to"])[place] - edges).min() < 1e-9
        size = abs(row["to"] - row["from"]) * 0.99
        for kind, names, weights in (("theme", THEMES, model.theme_weights), ("object", OBJECTS, model.object_weights)):
            for name, weight in zip(names, weights, strict=True):
                for to in (weight - size, weight + size):
                    if 0 <= to <= 1:
                        assert cut(flipped(model, kind, name, to), CUTS)[place] == before[place]


def test_without_gaps_it_is_the_flip_distance():
    rng = np.random.default_rng(2)
    units = pd.Index([f"u{n}" for n in range(30)], name="unit_id")
    hazard = pd.DataFrame(rng.random((30, 3)), index=units, columns=list(THEMES))
    ones = pd.DataFrame(1.0, index=units, columns=["people"])
    risks = unit_risk(hazard, ones, ones, scheme=book().scheme("object-risk"))
    model = UnitModel.from_risks(risks, themes=THEMES, objects={"people": 1})
    scheme = replace(CUTS, edges=(0.3, 0.45, 0.55, 0.7))
    found = weight_flip(model, scheme=scheme)
    change, _ = flip_distance(hazard.to_numpy(), list(THEMES.values()), edges=scheme.edges)
    np.testing.assert_allclose((found["to"] - found["from"]).abs().fillna(np.inf), np.abs(change), atol=1e-9)


def test_units_that_stay_whatever_the_weights(risks):
    alone = UnitModel.from_risks(risks, themes={"flood": 1}, objects={"people": 1})
    found = weight_flip(alone, scheme=CUTS)
    assert (found["kind"] == "").all()
    assert found[["from", "to"]].isna().all(axis=None)


def test_exposures_and_errors_change_the_index(model):
    np.testing.assert_array_equal(model({"exposure": {"people": model.exposure[0]}}), model())
    halved = model({"exposure": {"people": model.exposure[0] / 2}})
    with np.errstate(invalid="ignore"):
        assert (halved <= model() + 1e-15)[1:].all()
    change = np.full((len(model.objects), COUNT), 0.1)
    wrong = replace(model, errors={"rain": (0, change)})
    want = replace(model, hazard=np.clip(model.hazard + np.array([-0.2, 0, 0])[:, None, None], 0, 1))
    np.testing.assert_allclose(wrong({"errors": {"rain": -2.0}}), want())
    with pytest.raises(MethodError, match="theme_weights, object_weights"):
        model({"weights": [1, 2, 3]})
