"""One county under every rule from cells to units; the rule of the worst class counted cell by cell."""

import numpy as np
import pandas as pd
import pytest
import tiny
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, Exposure
from riskmap.scoring import assess_risk
from riskmap.scoring.cells_to_units import RULES, covered_score
from riskmap.scoring.rules_compared import changes_between, compare_rules


def exposed(survey):
    """People by unit, in the western fifth of each."""
    rows, columns = np.mgrid[0:60, 0:50]
    units = pd.DataFrame({"people": [1200.0, 300, 90, 450, 0, 2100]}, index=survey.units.index)
    people = units["people"].to_numpy()[rows // 20 * 2 + columns // 25] * (columns % 25 < 5)
    return Exposure(units=units, grids={"people": tiny.raster(people / 100)})


def flat(*values):
    return xr.DataArray(np.array([values], dtype="float64"), dims=("y", "x"))


@pytest.mark.parametrize("by_people", [False, True])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 1.0])
def test_the_class_of_the_covered_score_is_the_worst_class_that_covers_the_share(share, by_people):
    rng = np.random.default_rng(5)
    score, labels = rng.random((40, 50)).round(2), rng.integers(0, 4, (40, 50))
    score[rng.random(score.shape) < 0.1] = np.nan
    people = rng.integers(0, 5, score.shape).astype("float64")
    weights = xr.DataArray(people, dims=("y", "x")) if by_people else None
    found = covered_score(
        xr.DataArray(score, dims=("y", "x")),
        xr.DataArray(labels, dims=("y", "x")),
        count=3,
        share=share,
        weights=weights,
    )
    edges = [0.2, 0.4, 0.6, 0.8]
    for unit in (1, 2, 3):
        here = (labels == unit) & np.isfinite(score)
        amount = (people if by_people else np.ones_like(people))[here]
        classes = np.digitize(score[here], edges) + 1
        covers = {c: amount[classes >= c].sum() / amount.sum() for c in range(1, 6)}
        worst = max(c for c, part in covers.items() if part >= share)
        assert np.digitize(found[unit - 1], edges) + 1 == worst


def test_units_without_known_cells_or_people_are_unknown():
    score, labels = flat(0.9, np.nan, 0.4), flat(1, 2, 3).astype("int64")
    assert covered_score(score, labels, count=3, share=0.2).tolist() == pytest.approx([0.9, np.nan, 0.4], nan_ok=True)
    by_people = covered_score(score, labels, count=3, share=0.2, weights=flat(1, 1, 0))
    assert by_people.tolist() == pytest.approx([0.9, np.nan, np.nan], nan_ok=True)
    with pytest.raises(MethodError, match="above 0"):
        covered_score(score, labels, count=3, share=0)


@pytest.mark.parametrize("rule", list(RULES))
def test_each_rule_is_what_would_be_published_under_it(rule):
    survey = tiny.survey(scoring={"cells_to_units": rule})
    amounts, harm = exposed(survey), pd.DataFrame(0.5, index=survey.units.index, columns=["people"])
    risk = assess_risk(survey, tiny.themes(), exposed=amounts, vulnerability=harm)
    found = compare_rules(survey, tiny.themes(), exposed=amounts, vulnerability=harm, published=risk.units["class"])
    assert (found.classes[rule] == risk.units["class"]).all()
    assert (found.classes["published"] == risk.units["class"]).all()
    assert found.indices[rule].to_numpy() == pytest.approx(risk.units["index"].to_numpy(), nan_ok=True)
    assert (found.indices["worst_class"] > found.indices["area_mean"]).any()
    assert set(found.classes) == {"published", *RULES}
    assert any("最高等级" in one.zh or rule != "worst_class" for one in risk.notes)


def test_changes_by_hand():
    table = pd.DataFrame({"a": [1, 2, 3, 4, NO_CLASS], "b": [1, 3, 1, 4, 2], "c": [2, 2, 3, 4, 2]}, dtype="uint8")
    found = changes_between(table).set_index(["first", "second"])
    assert found.loc[("a", "b")].tolist() == [4, 2, 1, 1, 1, 0.5]
    assert found.loc[("a", "c"), ["units", "changed", "higher"]].tolist() == [4, 1, 1]
    assert found.loc[("b", "c"), ["units", "changed"]].tolist() == [5, 3]
    assert np.isnan(changes_between(table.iloc[4:])["changed_share"].iloc[0])
