"""Chains raise one hazard by another, upstream too; hazards that meet are counted; rules come from the standards."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
import tiny

from riskmap.errors import MethodError, StandardError
from riskmap.model import NO_CLASS, Text, Threshold
from riskmap.scoring.chains import Chain, Condition, chains_of, compound, raised
from riskmap.spatial import flow
from riskmap.standards import book

TITLE = Text("链", "Chain")


def number(value, unit="1"):
    return Threshold(key="chains.x", value=value, unit=unit, title=TITLE, source="test", confidence="C")


def chain(name="c", cause="a", effect="b", k=0.5, **more):
    return Chain(name=name, title=TITLE, words=TITLE, cause=cause, effect=effect, strength=number(k), **more)


SCORES = {
    "a": np.array([0.8, 0.4, np.nan, 1.0]),
    "b": np.array([0.5, 0.5, 0.5, np.nan]),
    "c": np.array([0.0, 1.0, 0.2, 0.3]),
}
HIGH = {"a": np.array([True, False, True, True]), "b": np.zeros(4, bool), "c": np.array([True, True, True, True])}


def test_noisy_or_by_hand():
    found = raised(SCORES, [chain()], high=HIGH)
    # 1 - (1 - 0.5)(1 - 0.5 * 0.8) = 0.7; not high; cause unknown; effect unknown
    assert found.scores["b"] == pytest.approx([0.7, 0.5, 0.5, np.nan], nan_ok=True)
    assert found.acting["c"].tolist() == [True, False, False, False]
    assert found.scores["a"] is SCORES["a"]


def test_several_chains_in_any_order_and_from_the_scores_as_given():
    chains = [chain(), chain("d", cause="c", k=0.2), chain("e", cause="b", effect="a")]
    high = {**HIGH, "b": np.ones(4, bool)}
    found, other = raised(SCORES, chains, high=high), raised(SCORES, chains[::-1], high=high)
    assert found.scores["b"][:2] == pytest.approx([1 - 0.5 * (1 - 0.4) * 1, 1 - 0.5 * (1 - 0.2)])
    assert found.scores["a"][0] == pytest.approx(1 - 0.2 * (1 - 0.5 * 0.5))  # from 0.5, not from the raised 0.7
    for name in SCORES:
        assert found.scores[name] == pytest.approx(other.scores[name], nan_ok=True)


def test_conditions_hold_at_the_cause_and_at_the_place():
    near = Condition(variable="distance_m", operator="<=", threshold=number(100, "m"))
    values = {"distance_m": np.array([100.0, 0.0, 0.0, 0.0])}
    assert raised(SCORES, [chain(where=(near,))], high=HIGH, values=values).acting["c"][0]
    values = {"distance_m": np.array([100.5, 0.0, 0.0, 0.0])}
    for where in ({"where": (near,)}, {"cause_where": (near,)}):
        assert not raised(SCORES, [chain(**where)], high=HIGH, values=values).acting["c"].any()
    values = {"distance_m": np.array([np.nan, 0.0, 0.0, 0.0])}
    assert not raised(SCORES, [chain(where=(near,))], high=HIGH, values=values).acting["c"].any()


def test_what_is_absent_is_told():
    near = Condition(variable="distance_m", operator="<=", threshold=number(100, "m"))
    chains = [chain("x", cause="hail"), chain("y", where=(near,)), chain("z", reach="upstream")]
    found = raised(SCORES, chains, high=HIGH)
    assert dict(found.left_out) == {"x": ("hail",), "y": ("distance_m",), "z": ("flow",)}
    assert found.scores["b"] is SCORES["b"]
    with pytest.raises(MethodError, match="one shape"):
        raised({**SCORES, "b": np.zeros(3)}, [chain()], high=HIGH)


def test_a_cause_upstream_acts_on_all_below_it_and_on_nothing_else():
    water = flow(tiny.raster(tiny.relief(), units="m"))
    shape = tiny.SHAPE
    cause, starts = np.full(shape, 0.3, "float32"), np.zeros(shape, bool)
    cause[10, 24], starts[10, 24] = 0.9, True
    cause[20, 24], starts[20, 24] = 0.5, True
    found = raised(
        {"a": cause, "b": np.zeros(shape, "float32")}, [chain(reach="upstream")],
        high={"a": starts, "b": starts}, flow=water,
    )  # fmt: skip
    assert found.scores["b"].dtype == np.float32
    below = {(int(n) // shape[1], int(n) % shape[1]) for n in path(water, 10 * shape[1] + 24)}
    acts = {(int(r), int(c)) for r, c in zip(*np.nonzero(found.acting["c"]), strict=True)}
    assert acts == below | {(int(n) // shape[1], int(n) % shape[1]) for n in path(water, 20 * shape[1] + 24)}
    assert found.scores["b"][10, 24] == pytest.approx(0.45)
    end = min(below - {(10, 24)}, key=lambda one: -one[0])
    both = (20, 24) in below
    assert both  # the valley runs south along this column
    assert found.scores["b"][end] == pytest.approx(0.5 * (0.9 + 0.5) / 2, abs=1e-6)


def path(water, cell):
    while cell >= 0:
        yield cell
        cell = water.receiver[cell]


def test_hazards_that_meet():
    found = compound(SCORES, high=HIGH)
    assert found.number.tolist() == [2, 1, 2, 2]
    assert found.leading.tolist() == [1, 3, 3, 1]  # b is nowhere high
    assert found.names == ("a", "b", "c")
    weighted = compound(SCORES, high=HIGH, weights={"a": 0.1, "b": 1.0, "c": 0.5})
    assert weighted.leading.tolist() == [1, 3, 3, 3]
    tie = {"x": np.array([0.5, 0.0]), "y": np.array([0.5, 0.0])}
    none = {"x": np.zeros(2, bool), "y": np.zeros(2, bool)}
    assert compound(tie, high=none).leading.tolist() == [0, 0]
    every = {"x": np.ones(2, bool), "y": np.ones(2, bool)}
    assert compound(tie, high=every).leading.tolist() == [1, 0]
    unknown = {"x": np.array([np.nan, 0.2]), "y": np.array([np.nan, np.nan])}
    assert compound(unknown, high=none).leading.tolist() == [NO_CLASS, 0]
    assert compound(dict(reversed(tie.items())), high=none).names[0] == "y"
    with pytest.raises(MethodError):
        compound({}, high={})


def test_rules_of_the_standards_are_whole():
    chains = chains_of(book())
    assert len(chains) >= 2
    for one in chains:
        assert one.cause != one.effect
        assert all(part.source and part.confidence == "C" for part in one.thresholds)
        assert 0 < one.strength.value <= 1
        assert one.title.zh
        assert one.words.en


@pytest.mark.parametrize("change", [{"reach": "far"}, {"where": ({"variable": "x", "operator": "=", "threshold": "chains.dam_slope"},)},
                                    {"strength": "chains.dam_slope"}])  # fmt: skip
def test_rules_that_make_no_sense_are_refused(change):
    standards = book()
    rules = ({**standards.table("chains.rules")[0], **change},)
    with pytest.raises(StandardError, match="dammed_stream"):
        chains_of(replace(standards, tables=MappingProxyType({**standards.tables, "chains.rules": rules})))
