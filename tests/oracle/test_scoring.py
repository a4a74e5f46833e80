"""Weights and natural breaks against published figures and against mapclassify."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from riskmap.model import ClassScheme, Text
from riskmap.scoring import (
    ahp_weights,
    classify,
    combine,
    critic_weights,
    entropy_weights,
    goodness_of_fit,
    natural_breaks,
)

# Employment density of 58 California counties (mapclassify's example); Fisher-Jenks, k = 5, upper bounds and counts
# as printed by mapclassify: 75.29 192.05 370.5 722.85 4111.45 and 49 3 4 1 1.
UPPER = (75.29, 192.05, 370.5, 722.85, 4111.45)


@pytest.fixture
def examples(shared):
    return json.loads((shared / "reference/mcda/worked_examples.json").read_text(encoding="utf-8"))


@pytest.fixture
def density(shared):
    return pd.read_csv(shared / "reference/classify/calempdensity.csv")["emp/sq km"].to_numpy()


def scheme(breaks, size=5, **more):
    names = tuple(Text(str(n), str(n)) for n in range(size))
    return ClassScheme(
        name="s",
        title=names[0],
        labels=names,
        colours=("#000",) * size,
        breaks=breaks,
        source="t",
        confidence="C",
        **more,
    )


def test_ahp_of_drinks(examples):
    # Saaty 2008, doi 10.1504/IJSSCI.2008.017590
    one = examples["ahp_saaty2008_drinks"]
    got = ahp_weights(np.array(one["matrix"])).weights
    assert got == pytest.approx([one["published_weights"][name] for name in one["names"]], abs=5e-4)


def test_entropy(examples):
    one = examples["entropy_elsayed2017"]
    assert entropy_weights(np.array(one["matrix"])) == pytest.approx(one["published_weights"], abs=5e-7)


def test_critic(examples):
    one = examples["critic_diakoulaki1995"]
    assert critic_weights(np.array(one["matrix"])) == pytest.approx(one["published_weights"], abs=5e-9)


def test_weighted_sum(examples):
    one = examples["wsm_kracka2010"]
    data = np.array(one["matrix"])
    data = np.where(np.array(one["types"]) == -1, 1 / data, data)
    score, _ = combine(list((data / data.sum(axis=0)).T), one["weights_raw"])
    assert score == pytest.approx(one["published_scores"], abs=5e-9)


def test_natural_breaks_of_california(density):
    result = classify(density, scheme("jenks"))
    assert np.bincount(result.codes, minlength=6)[1:].tolist() == [49, 3, 4, 1, 1]
    assert [density[result.codes == c].max() for c in range(1, 6)] == pytest.approx(UPPER)
    assert [density[result.codes == c].min() for c in range(2, 6)] == list(result.scheme.edges)


def test_quantiles_of_california(density):
    # mapclassify Quantiles k = 5: 1.464 5.798 13.278 54.616 4111.45, closed on the right
    codes = classify(density, scheme("quantile")).codes
    bounds = [1.464, 5.798, 13.278, 54.616, 4111.45]
    assert (codes == np.searchsorted(bounds, density, side="left") + 1).all()


def test_breaks_are_as_good_as_mapclassify():
    from mapclassify import FisherJenks

    values = np.random.default_rng(3).lognormal(size=700).round(2)
    theirs = FisherJenks(values, k=6)
    codes = np.searchsorted(natural_breaks(values, classes=6), values, side="right")
    assert goodness_of_fit(values, codes) == pytest.approx(goodness_of_fit(values, theirs.yb), abs=1e-12)


def test_bins_lose_next_to_nothing():
    values = np.random.default_rng(5).gamma(2.0, size=300_000)
    binned = classify(values, scheme("jenks")).goodness
    sample = classify(values[::5], scheme("jenks")).scheme
    assert binned >= classify(values, replace(sample, breaks="fixed")).goodness - 1e-7
