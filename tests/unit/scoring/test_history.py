"""Figures of the check against history: by scipy, by scikit-learn, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import roc_auc_score

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS
from riskmap.scoring.history import check_history, gain_area, hit_table, rank_correlation


def places(seed=1, count=40, slope=1.0, by_people=0.0):
    rng = np.random.default_rng(seed)
    index, people = rng.random(count), rng.integers(10, 1000, count).astype("float64")
    losses = np.maximum(slope * index + by_people * people / 1000 + rng.normal(0, 0.1, count) - 0.5, 0)
    classes = np.digitize(index, [0.2, 0.4, 0.6, 0.8]) + 1
    columns = {"index": index, "class": classes, "losses": losses, "people": people, "area_km2": rng.random(count) + 1}
    return pd.DataFrame(columns)


def check(table, draws=300, **more):
    return check_history(table, size=5, draws=draws, level=0.95, rng=np.random.default_rng(7), **more)


@pytest.mark.parametrize("seed", range(5))
def test_rank_correlation_and_area_under_the_curve_are_those_of_libraries(seed):
    table = places(seed).round(1)  # ties
    found = check(table, draws=5)
    assert found.rank.value == pytest.approx(spearmanr(table["index"], table["losses"]).statistic)
    assert found.people_rank.value == pytest.approx(spearmanr(table["people"], table["losses"]).statistic)
    assert found.auroc.value == pytest.approx(roc_auc_score(table["losses"] > 0, table["index"]))


def test_with_a_loss_or_none_on_equal_areas_the_gain_is_a_figure_of_the_roc():
    # area under the success curve = p/2 + (1 - p) AUROC, with p the share of places with the event
    rng = np.random.default_rng(3)
    order, event = rng.random(200), (rng.random(200) < 0.3).astype("float64")
    expected = event.mean() / 2 + (1 - event.mean()) * roc_auc_score(event, order)
    assert gain_area(order, event, np.ones(200)) == pytest.approx(expected)
    assert gain_area(np.ones(200), event, np.ones(200)) == pytest.approx(0.5)
    assert np.isnan(gain_area(order, np.zeros(200), np.ones(200)))


def test_hits_by_hand():
    table = pd.DataFrame(
        {"class": [3, 3, 1, NO_CLASS], "losses": [6.0, 2, 1, 1], "people": [10, 10, 60, 20], "area": [1.0, 1, 6, 2]}
    )
    found = hit_table(table["class"], table["losses"], size=3, area_km2=table["area"], people=table["people"])
    assert found["class"].tolist() == [3, 2, 1, NO_CLASS]
    assert found["places"].tolist() == [2, 0, 1, 1]
    assert found["loss_share"].tolist() == pytest.approx([0.8, 0, 0.1, 0.1])
    assert found["area_share"].tolist() == pytest.approx([0.2, 0, 0.6, 0.2])
    assert found["people_share"].tolist() == pytest.approx([0.2, 0, 0.6, 0.2])
    assert found["ratio"].tolist() == pytest.approx([4, np.nan, 1 / 6, 0.5], nan_ok=True)
    assert found["loss_sum"].tolist() == pytest.approx([0.8, 0.8, 0.9, 1.0])


def test_the_interval_of_a_rank_correlation_covers_as_it_says():
    truth, inside = 0.0, 0
    for seed in range(40):
        other = np.random.default_rng(1000 + seed)
        rng = np.random.default_rng(seed)
        table = places(seed).assign(losses=other.random(40))
        found = check_history(table, size=5, draws=200, level=0.9, rng=rng)
        inside += found.rank.low <= truth <= found.rank.high
    assert 30 <= inside <= 40


def test_verdicts():
    assert check(places(slope=1.0)).verdict == "more"
    assert check(places(slope=0.0, by_people=1.0)).verdict == "no more"
    same = places()
    assert check(same.assign(people=same["index"])).verdict == "no more"
    few = places(slope=1.0).iloc[:4].assign(losses=[0, 1, 0, 0], index=[0.1, 0.9, 0.2, 0.3], people=[5, 6, 9, 1])
    assert check(few).verdict == "not shown"
    assert check(places().assign(losses=0.0)).verdict == "unknown"


def test_unknown_takes_no_part_and_the_same_seed_gives_the_same():
    table = places()
    more = pd.concat([table, table.iloc[:3].assign(index=np.nan)], ignore_index=True)
    more.loc[40:, "class"] = NO_CLASS
    assert check(more).rank == check(table).rank == check(table).rank
    assert check(more).places == 40
    assert check(more).hits["places"].sum() == 43
    nothing = check(table.assign(people=np.nan))
    assert (nothing.places, nothing.verdict) == (0, "unknown")
    with pytest.raises(MethodError, match="losses of 0 or more"):
        check(table.assign(losses=-1.0))
    assert np.isnan(rank_correlation(np.ones(3), np.arange(3.0)))


def test_gains_of_draws_are_those_of_the_drawn_places():
    from riskmap.scoring.history import _gain_areas

    rng = np.random.default_rng(7)
    order, losses, area = rng.integers(0, 6, 40).astype(float), rng.random(40) * (rng.random(40) < 0.3), rng.random(40)
    drawn = np.vstack([rng.integers(0, 40, (50, 40)), np.full((1, 40), int(np.argmin(losses)))])
    one_by_one = [gain_area(order[at], losses[at], area[at]) for at in drawn]
    assert np.isnan(one_by_one[-1])  # only places without a loss
    assert _gain_areas(order, losses, area, drawn) == pytest.approx(one_by_one, rel=1e-12, nan_ok=True)
