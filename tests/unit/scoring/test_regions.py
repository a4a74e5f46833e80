import itertools

import numpy as np
import pytest
from scipy.cluster.hierarchy import cut_tree, ward

from riskmap.errors import MethodError
from riskmap.scoring import regions, standardised


def squares_within(values, labels):
    return sum(
        ((values[labels == one] - values[labels == one].mean(axis=0)) ** 2).sum()
        for one in np.unique(labels[labels >= 0])
    )


def lattice(rows, columns):
    at = np.arange(rows * columns).reshape(rows, columns)
    return [
        *zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True),
        *zip(at[:-1].ravel(), at[1:].ravel(), strict=True),
    ]


def same(one, other):
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


def greedy(values, pairs):
    """Ward's rule word for word: join the two groups that touch and whose joining costs least."""
    groups = [{n} for n in range(len(values))]
    costs, steps = [], []
    while True:
        best = None
        for a, b in itertools.combinations(range(len(groups)), 2):
            if not any((x in groups[a] and y in groups[b]) or (x in groups[b] and y in groups[a]) for x, y in pairs):
                continue
            one, other = values[sorted(groups[a])], values[sorted(groups[b])]
            both = np.vstack([one, other])
            cost = sum(sign * ((part - part.mean(0)) ** 2).sum() for sign, part in ((1, both), (-1, one), (-1, other)))
            if best is None or cost < best[0]:
                best = (cost, a, b)
        if best is None:
            return costs, steps
        cost, a, b = best
        groups[a] |= groups.pop(b)
        costs.append(cost)
        labels = np.empty(len(values), int)
        for n, held in enumerate(groups):
            labels[sorted(held)] = n
        steps.append(labels)


@pytest.mark.parametrize("seed", range(5))
def test_without_borders_in_the_way_it_is_scipys_ward(seed):
    values = np.random.default_rng(seed).normal(size=(25, 3))
    every = list(itertools.combinations(range(25), 2))
    tree = ward(values)
    found = regions(values, every, count=4)
    assert found.merges["cost"].to_numpy() == pytest.approx(tree[:, 2] ** 2 / 2)
    for count in (2, 4, 9, 25):
        assert same(regions(values, every, count=count).labels, cut_tree(tree, count)[:, 0])
    assert found.merges["cost"].sum() == pytest.approx(((values - values.mean(0)) ** 2).sum())
    assert found.merges["share_lost"].iloc[-1] == pytest.approx(1)


@pytest.mark.parametrize("seed", range(6))
def test_with_borders_it_is_the_rule_word_for_word(seed):
    values = np.random.default_rng(seed).normal(size=(12, 2))
    pairs = lattice(3, 4)
    costs, steps = greedy(values, pairs)
    found = regions(values, pairs, count=1)
    assert found.merges["cost"].to_numpy() == pytest.approx(costs)
    for count in range(1, 12):
        cut = regions(values, pairs, count=count)
        assert same(cut.labels, steps[len(values) - count - 1])
        lost = found.merges.set_index("left")["share_lost"].loc[count]
        assert squares_within(values, cut.labels) == pytest.approx(lost * ((values - values.mean(0)) ** 2).sum())


@pytest.mark.parametrize("seed", range(4))
def test_regions_hang_together_and_parts_are_never_joined(seed):
    values = np.random.default_rng(seed).normal(size=(24, 2))
    pairs = [(a, b) for a, b in lattice(4, 6) if (a % 6 < 3) == (b % 6 < 3)]  # two halves with water between
    one = regions(values, pairs, count=1)
    assert one.parts == one.count == 2
    assert same(one.labels, np.arange(24) % 6 < 3)
    assert len(one.merges) == 22
    assert one.merges["share_lost"].iloc[-1] < 1
    costs, steps = greedy(values, pairs)
    assert one.merges["cost"].to_numpy() == pytest.approx(costs)
    assert same(regions(values, pairs, count=5).labels, steps[24 - 5 - 1])


@pytest.mark.parametrize("seed", range(8))
def test_the_largest_jump(seed):
    values = np.random.default_rng(seed).normal(size=(12, 2))
    found = regions(values, lattice(3, 4), between=(3, 9))
    cost = found.merges.set_index("left")["cost"]
    jump = {n: cost.loc[n - 1] - cost.loc[n] for n in range(3, 10)}
    assert found.count == max(jump, key=jump.get)
    assert regions(values, lattice(3, 4), between=(6, 6)).count == 6
    assert regions(values, [], between=(2, 3)).count == 12  # nothing touches


def test_the_table_says_who_joined_whom():
    found = regions(np.array([[0.0], [4.0], [0.5]]), [(0, 2), (1, 2)], count=1).merges
    assert found[["first", "second", "units_first", "units_second", "left"]].to_numpy().tolist() == [
        [0, 2, 1, 1, 2],
        [0, 1, 2, 1, 1],
    ]
    assert found["cost"].tolist() == pytest.approx([0.125, 2 / 3 * 3.75**2])


def test_the_unknown_is_in_no_region_and_joins_nothing():
    values = np.array([[0.0], [np.nan], [0.1], [0.2]])
    found = regions(values, [(0, 1), (1, 2), (2, 3)], count=1)
    assert found.labels.tolist() == [0, -1, 1, 1]
    nothing = regions(np.full((3, 1), np.nan), [(0, 1)])
    assert nothing.labels.tolist() == [-1, -1, -1]
    assert nothing.count == nothing.parts == len(nothing.merges) == 0
    assert regions(np.zeros((3, 2)), [(0, 1), (1, 2)], count=1).merges["share_lost"].tolist() == [0, 0]


def test_weights_are_those_of_columns():
    values = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 2.0]])
    chain = [(0, 1), (1, 2)]
    assert regions(values, chain, count=2).labels.tolist() == [0, 0, 1]
    assert regions(values, chain, count=2, weights=[9, 1]).labels.tolist() == [0, 1, 1]
    with pytest.raises(MethodError, match="do not fit"):
        regions(values, chain, weights=[1, 2, 3])


def test_wrong_counts_and_pairs_are_told():
    values = np.zeros((3, 1))
    for count in (0, 4):
        with pytest.raises(MethodError, match="from 1 to 3"):
            regions(values, [(0, 1)], count=count)
    with pytest.raises(MethodError, match="from 0 to 3"):
        regions(values, [(0, 3)])
    with pytest.raises(MethodError, match="no table"):
        regions(np.zeros(3), [])


def test_standardised_is_that_of_numpy():
    values = np.random.default_rng(0).normal(3, 2, size=(50, 2))
    assert standardised(values) == pytest.approx((values - values.mean(0)) / values.std(0))
    assert standardised(np.full((4, 1), 0.1)).tolist() == [[0.0]] * 4
