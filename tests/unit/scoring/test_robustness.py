"""Doubt in judgements, rules and measurements: counted by hand, and against trying it out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap.errors import MethodError
from riskmap.methods import ahp
from riskmap.model import NO_CLASS, Text
from riskmap.scoring.judgement_draws import moved_judgements
from riskmap.scoring.robustness import Doubtful, robustness
from riskmap.standards import book

JUDGED = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]
TITLE = Text("甲", "A")
CUTS = replace(book().scheme("comprehensive-risk"), edges=(0.2, 0.4, 0.6, 0.8))


def test_judgements_move_on_the_scale_and_stay_reciprocal(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "riskmap.scoring.judgement_draws.ahp_weights", lambda one: seen.append(np.array(one)) or ahp.ahp_weights(one)
    )
    found = moved_judgements(JUDGED, steps=2, draws=400, rng=np.random.default_rng(1))
    drawn = np.stack(seen[1:])
    np.testing.assert_allclose(drawn * drawn.transpose(0, 2, 1), 1)
    assert set(drawn[:, 0, 1].round(6)) == {1, 2, 3, 4, 5}
    assert set(drawn[:, 1, 2].round(6)) == {1 / 2, 1, 2, 3, 4}
    assert set(drawn[:, 0, 2].round(6)) == {3, 4, 5, 6, 7}
    assert len(drawn) == 400 + found.rejected
    np.testing.assert_allclose(found.weights.sum(axis=1), 1)


def test_drawn_weights_come_from_consistent_judgements_only():
    rng = np.random.default_rng(5)
    doubtful = [[1, 5, 9, 3], [1 / 5, 1, 4, 1], [1 / 9, 1 / 4, 1, 1 / 5], [1 / 3, 1, 5, 1]]
    found = moved_judgements(doubtful, steps=2, draws=100, rng=rng)
    assert found.rejected > 0
    assert found.weights.shape == (100, 4)
    centre = ahp.ahp_weights(doubtful).weights
    assert np.abs(found.weights.mean(axis=0) - centre).max() < 0.05
    assert found.weights.std(axis=0).min() > 0.005


def test_more_steps_are_more_doubt():
    spread = [
        moved_judgements(JUDGED, steps=n, draws=200, rng=np.random.default_rng(1)).weights.std(axis=0).sum()
        for n in (1, 2)
    ]
    assert spread[0] < spread[1]


def test_judgements_that_stay_inconsistent_are_refused():
    circle = [[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]
    with pytest.raises(MethodError, match="mend the judgements"):
        moved_judgements(circle, steps=1, draws=2, rng=np.random.default_rng(1))
    with pytest.raises(MethodError, match="at least 1"):
        moved_judgements(JUDGED, steps=0, draws=2, rng=np.random.default_rng(1))


def test_classes_are_counted_by_source():
    published = pd.Series([3, 2, NO_CLASS, 5], index=list("abcd"))
    base = np.array([0.5, 0.35, np.nan, 0.9])
    shift = Doubtful(title=TITLE, draws=[{"by": 0.0}, {"by": 0.06}, {"by": 0.06}, {"by": 0.11}])
    still = Doubtful(title=TITLE, draws=[{"by": 0.0}])
    found = robustness(lambda one: base + one["by"], {"shift": shift, "still": still}, scheme=CUTS, published=published)
    assert found.stability["shift"].tolist()[:2] == [0.75, 0.25]
    assert np.isnan(found.stability.loc["c"]).all()
    assert found.likely["shift"].tolist() == [3, 3, NO_CLASS, 5]
    assert found.stability.loc["d", "shift"] == 1
    assert found.summary.loc["shift"].round(6).to_dict() == {
        "draws": 4, "stability": 0.666667, "moved_share": 0.333333, "shaken_share": 0.333333,
    }  # fmt: skip
    assert found.summary.loc["still", "stability"] == 1


def test_schemes_find_their_edges_anew():
    values = np.array([0.0, 0.1, 0.2, 0.3, 10.0])
    published = pd.Series([1, 1, 1, 1, 5], index=list("abcde"))
    quantile = replace(CUTS, breaks="quantile", edges=())
    equal = replace(CUTS, breaks="equal", edges=())
    source = Doubtful(title=TITLE, draws=[{}, {}], schemes=[quantile, equal])
    found = robustness(lambda _: values, {"scheme": source}, scheme=CUTS, published=published)
    assert found.stability["scheme"].tolist() == [1, 0.5, 0.5, 0.5, 1]


def test_sources_that_do_not_fit_are_refused():
    published = pd.Series([1], index=["a"])
    for source, message in (
        (Doubtful(title=TITLE, draws=[]), "0 draws"),
        (Doubtful(title=TITLE, draws=[{}], schemes=[CUTS, CUTS]), "2 schemes"),
        (Doubtful(title=TITLE, draws=[{}], schemes=[book().scheme("flood-risk-degree")]), "4"),
    ):
        with pytest.raises(MethodError, match=message):
            robustness(lambda _: np.array([0.1]), {"x": source}, scheme=CUTS, published=published)
