"""How firmly each unit stands in its class of comprehensive risk, and what its index is made of."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmap.model import NO_CLASS, ClassScheme
from riskmap.scoring.stability import ClassStability, class_stability, drawn_weights

__all__ = ["class_doubt", "unit_draws"]


def class_doubt(
    risks: pd.DataFrame,
    classes: pd.Series,
    *,
    scheme: ClassScheme,
    weights: tuple[Mapping[str, float], Mapping[str, float]],
    draws: int,
    doubt: float,
    seed: int,
) -> pd.DataFrame:
    """Class every unit again under drawn weights of themes and objects.

    Parameters
    ----------
    risks : DataFrame
        Long table of `unit_risk`.
    classes : Series of uint8
        Index ``unit_id``: the published class.
    scheme : ClassScheme
        With the edges that were used; they are held.
    weights : tuple of two mappings
        Of themes and of objects.
    draws : int
        How many.
    doubt : float
        Relative standard deviation of an average weight (`drawn_weights`).
    seed : int
        Same seed, same draws.

    Returns
    -------
    DataFrame
        Index ``unit_id``; ``stability`` (share of the draws that leave the unit in its class; NaN unknown) and
        ``next_class`` (uint8: the class of most other draws; `NO_CLASS` where there is none).

    Examples
    --------
    >>> class_doubt.__name__
    'class_doubt'
    """
    found = unit_draws(risks, classes, scheme=scheme, weights=weights, draws=draws, doubt=doubt, seed=seed)
    published = classes.to_numpy("uint8")
    others = found.probability.copy()
    inside = published != NO_CLASS
    others[np.flatnonzero(inside), published[inside] - 1] = 0
    most = np.nan_to_num(others)
    moves = inside & (most.max(axis=1) > 0)
    following = np.where(moves, most.argmax(axis=1) + 1, NO_CLASS).astype("uint8")
    return pd.DataFrame({"stability": found.stability.astype("float64"), "next_class": following}, index=classes.index)


def unit_draws(
    risks: pd.DataFrame,
    classes: pd.Series,
    *,
    scheme: ClassScheme,
    weights: tuple[Mapping[str, float], Mapping[str, float]],
    draws: int,
    doubt: float,
    seed: int,
) -> ClassStability:
    """Probability of each class of every unit under drawn weights of themes and objects.

    Parameters
    ----------
    risks, classes, scheme, weights, draws, doubt, seed
        As in `class_doubt`, which draws the same weights from the same seed.

    Returns
    -------
    ClassStability
        In the order of `classes`.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from riskmap.standards import book
    >>> cuts = replace(book().scheme("comprehensive-risk"), edges=(0.1, 0.2, 0.3, 0.4))
    >>> risks = pd.DataFrame({"unit_id": ["a", "a"], "theme": ["flood", "drought"], "object": "people",
    ...     "index": [0.5, 0.0]})
    >>> unit_draws(risks, pd.Series([3], index=["a"]), scheme=cuts, weights=({"flood": 1, "drought": 1}, {"people": 1}),
    ...     draws=500, doubt=0.2, seed=1).probability.astype("float64").round(1).tolist()
    [[0.0, 0.2, 0.7, 0.2, 0.0]]
    """
    themes, objects = ({name: one for name, one in part.items() if one > 0} for part in weights)
    pairs = pd.MultiIndex.from_product([themes, objects], names=["theme", "object"])
    table = risks.pivot_table(index="unit_id", columns=["theme", "object"], values="index", sort=False, dropna=False)
    scores = table.reindex(index=classes.index, columns=pairs).to_numpy("float64")
    rng = np.random.default_rng([seed, 41])
    by_theme = drawn_weights(list(themes.values()), draws=draws, rng=rng, doubt=doubt)
    by_object = drawn_weights(list(objects.values()), draws=draws, rng=rng, doubt=doubt)
    drawn = (by_theme[:, :, None] * by_object[:, None, :]).reshape(draws, -1)
    published = classes.to_numpy("uint8")
    return class_stability(scores, drawn, edges=scheme.edges, published=published)
