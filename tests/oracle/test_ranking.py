"""Weights and rankings against pymcdm on random tables, and against worked examples of books and papers."""

import json

import numpy as np
import pymcdm.methods
import pymcdm.normalizations
import pymcdm.weights
import pytest

from riskmap.methods.ahp import ahp_weights, group_judgements
from riskmap.scoring import critic_weights, entropy_weights
from riskmap.scoring.ranking import topsis
from riskmap.scoring.spread_weights import combined_weights

TABLES = [np.random.default_rng(seed).uniform(1, 100, (5 + seed % 20, 2 + seed % 7)) for seed in range(200)]


@pytest.mark.filterwarnings("ignore:Alternatives with indices")
@pytest.mark.parametrize("seed", range(0, 200, 20))
def test_against_pymcdm(seed):
    for table in TABLES[seed : seed + 20]:
        assert entropy_weights(table) == pytest.approx(pymcdm.weights.entropy_weights(table), abs=1e-9)
        types = np.where(np.arange(table.shape[1]) % 3 == 2, -1, 1)
        weights = entropy_weights(table)
        theirs = pymcdm.methods.TOPSIS(pymcdm.normalizations.minmax_normalization)(table, weights, types)
        scaled = np.where(types == 1, table, -table)
        assert topsis(scaled, weights, normalisation="minmax") == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("seed", range(0, 200, 50))
def test_critic_against_pymcdm(seed):
    """pymcdm divides by m where Diakoulaki's figures, and ours, divide by m - 1: the factor cancels in the sum."""
    for table in TABLES[seed : seed + 50]:
        assert critic_weights(table) == pytest.approx(pymcdm.weights.critic_weights(table), abs=1e-9)


def test_topsis_of_tzeng_and_huang(shared):
    case = json.loads((shared / "reference/mcda/worked_examples.json").read_text(encoding="utf-8"))["topsis_tzeng2011"]
    got = topsis(np.array(case["matrix"]), case["weights"])
    assert got == pytest.approx(case["published_similarity"], abs=5e-5)
    assert (np.argsort(np.argsort(-got)) + 1).tolist() == case["published_rank"]


def test_saaty_by_geometric_mean(shared):
    case = json.loads((shared / "reference/mcda/worked_examples.json").read_text(encoding="utf-8"))
    case = case["ahp_saaty2008_drinks"]
    by_vector = ahp_weights(case["matrix"]).weights
    by_mean = ahp_weights(case["matrix"], method="geometric_mean").weights
    assert by_vector == pytest.approx(list(case["published_weights"].values()), abs=6e-4)
    assert by_mean == pytest.approx(by_vector, abs=0.006)  # nearly consistent: the two ways nearly agree


def test_a_group_of_one_mind_is_that_mind():
    matrix = [[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]]
    assert group_judgements([matrix] * 3, shares=[1, 2, 3]) == pytest.approx(np.array(matrix))
    weights = ahp_weights(matrix).weights
    assert combined_weights([weights, weights], how="game") == pytest.approx(weights)
