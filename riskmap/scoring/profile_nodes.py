"""The nodes of a profile: their names, their weights, and what they can be joined to."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import Group, Indicator, Profile
from riskmap.model.profile import tree_faults
from riskmap.scoring.combiners import ANY_SIZE, ONLY_SCORES
from riskmap.scoring.spread_weights import pca_weights, variation_weights
from riskmap.scoring.weights import critic_weights, entropy_weights, equal_weights, given_weights, judged_weights

__all__ = [
    "FROM_DATA",
    "check_tree",
    "holds_scores",
    "is_there",
    "node_key",
    "node_label",
    "node_names",
    "node_weights",
    "weight_rows",
]

_Node = Profile | Group | Indicator
_GOAL = "goal"
FROM_DATA: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "entropy": entropy_weights,
    "critic": critic_weights,
    "variation": variation_weights,
    "pca": pca_weights,
}
"""Rules that find weights from the scores of the children."""


def holds_scores(profile: Profile, node: _Node | None = None) -> bool:
    """Whether a profile (or one node of it) gives scores 0..1, not values of any size.

    Parameters
    ----------
    profile : Profile
    node : Profile, Group or Indicator, optional
        The goal unless given.

    Returns
    -------
    bool

    Examples
    --------
    >>> from riskmap.model import Text
    >>> loss = Indicator(factor="loss_yuan", title=Text("损失", "Loss"), normaliser="raw")
    >>> holds_scores(Profile(name="p", title=loss.title, indicators=(loss,), source="here", confidence="C"))
    False
    """
    one = profile if node is None else node
    if one.normaliser != "raw":
        return True
    if isinstance(one, Indicator) or one.options:
        return False
    if one.combiner == "matrix":
        return True
    children = profile.children(node_key(one))
    return one.combiner not in ANY_SIZE and all(holds_scores(profile, child) for child in children)


def node_key(one: Profile | Group) -> str:
    """Name by which children call their parent: ``""`` for the goal.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> node_key(Group(name="ground", title=Text("地形", "Ground")))
    'ground'
    """
    return "" if isinstance(one, Profile) else one.name


def node_label(one: Profile | Group) -> str:
    """Name of a group in tables, or ``goal``.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> node_label(Group(name="ground", title=Text("地形", "Ground")))
    'ground'
    """
    return _GOAL if isinstance(one, Profile) else one.name


def is_there(profile: Profile, one: _Node, measured: xr.Dataset | pd.DataFrame) -> bool:
    """Whether a node can be scored: nothing that it requires is absent, and something is there.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> slope = Indicator(factor="slope", title=Text("坡度", "Slope"))
    >>> profile = Profile(name="p", title=slope.title, indicators=(slope,), source="here", confidence="C")
    >>> is_there(profile, profile, pd.DataFrame({"rain": [1.0]}))
    False
    """
    if isinstance(one, Indicator):
        return one.factor in measured
    children = profile.children(node_key(one))
    there = [is_there(profile, child, measured) for child in children]
    return any(there) and all(here or child.optional for here, child in zip(there, children, strict=True))


def node_names(profile: Profile) -> dict[int, str]:
    """Name of every indicator (by its identity): the factor, with its group before it where it is used again.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> slope = Indicator(factor="slope", title=Text("坡度", "Slope"))
    >>> profile = Profile(name="p", title=slope.title, indicators=(slope,), source="here", confidence="C")
    >>> list(node_names(profile).values())
    ['slope']
    """
    factors = [one.factor for one in profile.indicators]
    taken = {_GOAL, *(one.name for one in profile.groups)}
    names: dict[int, str] = {}
    for one in profile.indicators:
        alone = factors.count(one.factor) == 1 and one.factor not in taken
        name = first = one.factor if alone else f"{one.group or _GOAL}/{one.factor}"
        number = 1
        while name in taken:
            number += 1
            name = f"{first} ({number})"
        taken.add(name)
        names[id(one)] = name
    return names


def weight_rows(profile: Profile, local: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Table of weights, see `weight_tree`; `local` holds those of the children of each branch.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> slope = Indicator(factor="slope", title=Text("坡度", "Slope"))
    >>> profile = Profile(name="p", title=slope.title, indicators=(slope,), source="here", confidence="C")
    >>> weight_rows(profile, {"goal": np.array([1.0])})["global"].to_dict()
    {'goal': 1.0, 'slope': 1.0}
    """
    names = node_names(profile)
    rows = [(_GOAL, "", profile.title, "goal", 1.0, 1.0)]

    def below(one: Profile | Group, share: float) -> None:
        for child, weight in zip(profile.children(node_key(one)), local[node_label(one)].tolist(), strict=True):
            leaf = isinstance(child, Indicator)
            name = names[id(child)] if isinstance(child, Indicator) else child.name
            rows.append((name, node_label(one), child.title, "indicator" if leaf else "group", weight, share * weight))
            if not isinstance(child, Indicator):
                below(child, share * weight)

    below(profile, 1.0)
    return pd.DataFrame(rows, columns=["node", "parent", "title", "kind", "local", "global"]).set_index("node")


def check_tree(profile: Profile) -> None:
    """Refuse groups that make no tree, and values of any size where scores 0..1 are needed; MethodError names all.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> loss = Indicator(factor="loss", title=Text("损失", "Loss"), normaliser="raw")
    >>> check_tree(Profile(name="p", title=loss.title, indicators=(loss,), combiner="sum", source="me", confidence="C"))
    """
    faults = tree_faults(profile)
    if not faults:
        for one in profile.branches:
            sized = [child for child in profile.children(node_key(one)) if not holds_scores(profile, child)]
            if sized and one.combiner in ONLY_SCORES:
                titles = ", ".join(str(child.title) for child in sized)
                faults.append(
                    f"{node_label(one)}: combiner {one.combiner!r} takes scores 0..1; give {titles} a normaliser"
                )
    if faults:
        raise MethodError(f"profile {profile.name!r} cannot be evaluated", faults)


def node_weights(one: Profile | Group, children: Sequence[_Node], scores: Sequence[np.ndarray | None]) -> np.ndarray:
    """Weights of the children of a branch, sum 1; an absent one counts 1/n where weights are found from data.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> slope = Indicator(factor="slope", title=Text("坡度", "Slope"))
    >>> node_weights(Group(name="ground", title=slope.title, weights="equal"), [slope, slope], [])
    array([0.5, 0.5])
    """
    if one.weights == "equal":
        return equal_weights(len(children))
    if one.weights == "ahp":
        judged = judged_weights(one.matrix)
        if len(judged) != len(children):
            raise MethodError(
                f"{node_label(one)}: {len(judged)} rows of judgements for {len(children)} parts; give as many"
            )
        return judged
    if one.weights == "given":
        return given_weights([child.weight for child in children if not isinstance(child, Profile)])
    full = equal_weights(len(children))
    there = [score is not None for score in scores]
    if any(there):
        found = FROM_DATA[one.weights](np.stack([score.ravel() for score in scores if score is not None], axis=1))
        full[there] *= found * len(found)
    return full
