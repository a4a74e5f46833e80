"""Weights, areas under the curve, stages and risk degrees against numbers from outside."""

import json

import numpy as np
import pandas as pd
import pytest

from riskmap.methods import (
    ahp_weights,
    auroc,
    information_values,
    normal_depth_m,
    rational_peak_m3_s,
    risk_degree,
)


@pytest.mark.shared
def test_ahp_gives_the_weights_of_saaty_2008(shared):
    """Saaty 2008, doi 10.1504/IJSSCI.2008.017590, consumption of drinks."""
    case = json.loads((shared / "reference/mcda/worked_examples.json").read_text(encoding="utf-8"))[
        "ahp_saaty2008_drinks"
    ]
    found = ahp_weights(case["matrix"])
    np.testing.assert_allclose(found.weights, list(case["published_weights"].values()), atol=6e-4)
    assert found.consistency_ratio == pytest.approx(case["published_consistency_ratio"], abs=6e-4)
    assert found.consistent


@pytest.mark.shared
def test_auroc_of_the_published_landslide_model(shared):
    """Geocomputation with R, chapter 12: coefficients and in-sample AUROC 0.8216 of the linear model."""
    table = pd.read_csv(shared / "cases/rbsf/lsl.csv")
    score = (
        2.51349 + 0.078974 * table["slope"] - 28.9395 * table["cplan"] - 17.5398 * table["cprof"]
        + 0.000178188 * table["elev"] - 2.27453 * table["log10_carea"]
    ).to_numpy()  # fmt: skip
    slid = table["lslpts"].to_numpy(bool)
    assert auroc(score[slid], score[~slid]) == pytest.approx(0.8216, abs=5e-5)


def test_auroc_is_that_of_scikit_learn():
    metrics = pytest.importorskip("sklearn.metrics")
    draw = np.random.default_rng(4)
    truth = draw.random(400) < 0.2
    score = (draw.normal(size=400) + truth).round(1)  # many ties
    assert auroc(score[truth], score[~truth]) == pytest.approx(metrics.roc_auc_score(truth, score), abs=1e-12)


@pytest.mark.parametrize(
    ("discharge", "width", "slope", "roughness", "depth"),
    [
        (32.91, 6.0, 0.0025, 0.015, 1.6),  # V. M. Ponce, SDSU CIVE 530, midterm 1 problem 4 (2008)
        (9.548, 5.0, 0.0025, 0.015, 0.8),  # the same, midterm 2 problem 1 (2007)
    ],
)
def test_normal_depth_of_textbook_channels(discharge, width, slope, roughness, depth):
    found = normal_depth_m(discharge, width_m=width, slope=slope, roughness=roughness)
    assert found.item() == pytest.approx(depth, abs=1e-3)


def test_information_values_by_hand():
    """40 points, 1,000 cells: ln[(10/40)/(400/1000)], ln[(30/40)/(400/1000)], ln[(0.5/40)/(200/1000)]."""
    found = information_values(np.array([10, 30, 0]), np.array([400, 400, 200]))
    np.testing.assert_allclose(found, np.log([0.625, 1.875, 0.0625]), rtol=1e-12)


def test_risk_degree_by_hand():
    """Depths 1 and 2 m at 10 and 100 a: 0.09 * 1.5 = 0.135; tail 0.01 * 2; head (0.5 - 0.1) * 1 / 2."""
    depths = np.array([[1.0], [2.0]])
    assert risk_degree(depths, [10, 100]).item() == pytest.approx(0.155)
    assert risk_degree(depths, [10, 100], tail="zero").item() == pytest.approx(0.135)
    assert risk_degree(depths, [10, 100], bankfull_frequency=0.5).item() == pytest.approx(0.355)


@pytest.mark.parametrize(("loss", "whole"), [(2.0, True), (5.0, True), (12.0, False), (40.0, False)])
def test_rational_peak_solves_both_equations(loss, whole):
    """The pair (Q, tau) satisfies the formulas of SL 44 when put back, with whole and partial confluence."""
    area, length, slope, n, m, rain = 80.0, 17.0, 0.02, 0.65, 1.2, 150.0
    peak = rational_peak_m3_s(
        area, length_km=length, slope=slope, rain_24h_mm=rain, rain_exponent=n, loss_mm_h=loss, routing_m=m
    ).item()
    power = rain * 24 ** (n - 1)
    travel = 0.278 * length / (m * slope ** (1 / 3) * peak**0.25)
    runoff = ((1 - n) * power / loss) ** (1 / n)
    share = 1 - loss / power * travel**n if runoff >= travel else n * (runoff / travel) ** (1 - n)
    assert peak == pytest.approx(0.278 * share * power / travel**n * area, rel=1e-9)
    assert (runoff >= travel) == whole
