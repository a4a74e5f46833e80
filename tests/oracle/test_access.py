"""Floating catchments against PySAL's `access`, and, where ways differ by direction, against the papers line by line."""

import warnings

import numpy as np
import pandas as pd
import pytest

from riskmap.shelters import catchment_weights, floating_catchment

CATCHMENT = 30.0
# Luo and Qi 2009, doi:10.1016/j.healthplace.2009.06.002: zones of 0-10, 10-20 and 20-30 minutes, weights of its first set
STEPS = {10.0: 1.0, 20.0: 0.68, 30.0: 0.22}
DECAYS = ("none", "steps", "gaussian")


@pytest.fixture(scope="module")
def fca():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from access import fca, weights

    return fca, weights


def dai(minutes):
    """Decay of Dai 2010, doi:10.1016/j.healthplace.2010.06.012, for one way."""
    edge = np.exp(-0.5)
    return (np.exp(-0.5 * (minutes / CATCHMENT) ** 2) - edge) / (1 - edge) if minutes <= CATCHMENT else 0.0


def by_access(fca, people, room, minutes, *, decay, selection):
    """Room a head by `access`: one row a pair, places and sites under the same names."""
    module, weights = fca
    places, sites = minutes.shape
    pairs = pd.DataFrame(
        {
            "origin": np.repeat(np.arange(places), sites),
            "dest": np.tile(np.arange(sites), places),
            "cost": minutes.ravel(),
        }
    )
    demand = pd.DataFrame({"demand": people.astype(float)}, index=pd.RangeIndex(places, name="geoid"))
    supply = pd.DataFrame({"supply": room.astype(float)}, index=pd.RangeIndex(sites, name="geoid"))
    weigh = {"none": lambda way: float(way <= CATCHMENT), "steps": weights.step_fn(STEPS), "gaussian": dai}[decay]
    run = module.three_stage_fca if selection else module.two_stage_fca
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about its next release
        found = run(demand, supply, pairs, CATCHMENT, weight_fn=weigh)
    return found.reindex(demand.index).fillna(0.0).to_numpy()  # no row: nothing within the catchment


def by_the_papers(people, room, minutes, *, decay, selection):
    """Luo and Wang 2003; with steps Luo and Qi 2009; with selection Wan, Zou and Sternberg 2012: loops only."""
    places, sites = range(len(people)), range(len(room))
    weight = np.zeros(minutes.shape)
    for i in places:
        for j in sites:
            inside = minutes[i, j] <= CATCHMENT
            step = next((worth for bound, worth in STEPS.items() if minutes[i, j] <= bound), 0.0)
            weight[i, j] = {"none": float(inside), "steps": step, "gaussian": dai(minutes[i, j])}[decay]
    if selection:
        total = weight.sum(axis=1)
        weight = np.array([[w * w / total[i] if total[i] else 0.0 for w in weight[i]] for i in places])
    asked = [sum(people[i] * weight[i, j] for i in places) for j in sites]
    ratio = [room[j] / asked[j] if asked[j] else 0.0 for j in sites]
    return np.array([sum(ratio[j] * weight[i, j] for j in sites) for i in places])


def ours(people, room, minutes, *, decay, selection):
    weight = catchment_weights(minutes, catchment=CATCHMENT, decay=decay, steps=STEPS if decay == "steps" else None)
    return floating_catchment(people, room, weight, selection=selection)


def towns(seed, places=12, sites=12):
    rng = np.random.default_rng(seed)
    return rng.integers(1, 900, places), rng.integers(0, 400, sites), rng


@pytest.mark.parametrize("selection", [False, True])
@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("seed", range(10))
def test_symmetric_ways_equal_access(fca, seed, decay, selection):
    people, room, rng = towns(seed)
    minutes = rng.integers(0, 60, (12, 12)).astype(float)  # whole minutes: some stand on a bound
    minutes = np.minimum(minutes, minutes.T)
    found = ours(people, room, minutes, decay=decay, selection=selection)
    theirs = by_access(fca, people, room, minutes, decay=decay, selection=selection)
    assert found == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    assert (found > 0).sum() > 6


@pytest.mark.parametrize("selection", [False, True])
@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("seed", range(20))
def test_ways_by_direction_equal_the_papers(seed, decay, selection):
    people, room, rng = towns(seed, places=15, sites=6)
    minutes = rng.integers(0, 60, (15, 6)).astype(float)
    minutes[rng.random(minutes.shape) < 0.2] = np.inf
    minutes[0] = np.inf  # cut off
    found = ours(people, room, minutes, decay=decay, selection=selection)
    theirs = by_the_papers(people, room, minutes, decay=decay, selection=selection)
    assert found == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    assert found[0] == 0
    assert found @ people == pytest.approx(room[counted(minutes, decay)].sum())


def counted(minutes, decay):
    """Sites that anyone counts: at the very bound the Gaussian weighs nothing."""
    return (minutes < CATCHMENT if decay == "gaussian" else minutes <= CATCHMENT).any(axis=0)


def test_the_direction_is_that_of_the_flight():
    """Down to the valley school 20 minutes, back up 40: seen the wrong way round, nobody would reach it."""
    down = np.array([[20.0], [5.0]])
    assert ours([100, 100], [50], down, decay="none", selection=False).tolist() == [0.25, 0.25]
    assert ours([100, 100], [50], down * 2, decay="none", selection=False).tolist() == [0.0, 0.5]
