"""Judged and spread weights against kept libraries on 200 random tables and matrices, to 1e-9."""

import numpy as np
import pytest
from pymcdm.weights.subjective import AHP
from scipy.stats import gmean, variation
from sklearn.decomposition import PCA

from riskmap.methods.ahp import ahp_weights
from riskmap.scoring import pca_weights, variation_weights

TABLES = [np.random.default_rng(seed).uniform(1, 100, (8 + seed % 20, 2 + seed % 7)) for seed in range(200)]


def judgements(seed):
    rng = np.random.default_rng(seed)
    size = 3 + seed % 7
    scale = np.r_[1 / np.arange(9, 1, -1), np.arange(1, 10)]
    matrix = np.eye(size)
    for i, j in zip(*np.triu_indices(size, 1), strict=True):
        matrix[i, j] = rng.choice(scale)
        matrix[j, i] = 1 / matrix[i, j]
    return matrix


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_ahp_of_random_judgements(start):
    """The ratio is compared before the random index: theirs are of Tummala and Ling 1998, ours of Saaty."""
    for seed in range(start, start + 50):
        matrix = judgements(seed)
        theirs, ours = AHP(matrix=matrix), ahp_weights(matrix)
        assert ours.weights == pytest.approx(theirs(), abs=1e-9)
        size = len(matrix)
        assert ours.consistency_index == pytest.approx(theirs.get_cr() * AHP.RI_M[size - 1], abs=1e-9)
        by_mean = gmean(matrix, axis=1)
        assert ahp_weights(matrix, method="geometric_mean").weights == pytest.approx(by_mean / by_mean.sum(), abs=1e-9)


@pytest.mark.parametrize("explained", [0.5, 0.85, 1.0])
def test_principal_components_of_random_tables(explained):
    for table in TABLES:
        found = PCA().fit((table - table.mean(axis=0)) / table.std(axis=0))
        kept = int(np.searchsorted(np.cumsum(found.explained_variance_ratio_), explained - 1e-12)) + 1
        loads = np.abs(found.components_[:kept]).T @ found.explained_variance_[:kept]
        assert pca_weights(table, explained=explained) == pytest.approx(loads / loads.sum(), abs=1e-9)


def test_variation_of_random_tables():
    for table in TABLES:
        spread = variation(table, axis=0)
        assert variation_weights(table) == pytest.approx(spread / spread.sum(), abs=1e-9)
