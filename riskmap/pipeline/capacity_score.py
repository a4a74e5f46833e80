"""One score of capacity for all who ask: prevention, risk and the product."""

from typing import cast

import pandas as pd

from riskmap.elements import Capacity, capacity
from riskmap.errors import MissingLayerError
from riskmap.model import Exposure, Survey
from riskmap.scoring.profile_tree import TreeScores, evaluate_tree

__all__ = ["CAPACITY_PROFILE", "capacity_score", "enough_known"]

CAPACITY_PROFILE = "capacity"


def capacity_score(survey: Survey, exposed: Exposure) -> tuple[Capacity, TreeScores] | None:
    """Score the capacity of the townships (of the units where there are none) by its profile.

    Parameters
    ----------
    survey : Survey
        With the layers of capacity.
    exposed : Exposure
        With people.

    Returns
    -------
    tuple of Capacity and TreeScores, or None
        None where no indicator can be told.

    Examples
    --------
    >>> capacity_score.__name__
    'capacity_score'
    """
    told = capacity(survey, exposed)
    try:
        return told, evaluate_tree(survey.standards.profile(CAPACITY_PROFILE), told.indicators)
    except MissingLayerError:
        return None


def enough_known(tree: TreeScores, survey: Survey) -> pd.Series:
    """Scores of which enough is known to say a class; NaN elsewhere.

    Parameters
    ----------
    tree : TreeScores
        From `capacity_score`.
    survey : Survey
        Its standards hold ``capacity.least_known_share``.

    Returns
    -------
    Series of float

    Examples
    --------
    >>> enough_known.__name__
    'enough_known'
    """
    scores, known = cast("pd.DataFrame", tree.scores), cast("pd.DataFrame", tree.known_share)
    return scores["goal"].where(known["goal"] >= survey.standards.value("capacity.least_known_share"))
