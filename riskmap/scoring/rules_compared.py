"""The class of every unit under each rule from cells to units, against the published one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from riskmap.model import NO_CLASS, Exposure, Survey, ThemeResult
from riskmap.model.shown import frame_html
from riskmap.scoring.case import Case
from riskmap.scoring.cells_to_units import RULES
from riskmap.scoring.classify import classify
from riskmap.scoring.comprehensive import comprehensive
from riskmap.scoring.risk import unit_risk

__all__ = ["RulesCompared", "changes_between", "compare_rules"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RulesCompared:
    """What the choice of the rule changes.

    Parameters
    ----------
    indices : DataFrame
        Index ``unit_id``, a column of the comprehensive index for each of `RULES`; NaN unknown.
    classes : DataFrame of uint8
        The same of the class, `NO_CLASS` unknown, after the column ``published``.
    changes : DataFrame
        `changes_between` of the columns of `classes`.
    """

    indices: pd.DataFrame
    classes: pd.DataFrame
    changes: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Pairs of rules, a row each."""
        return self.changes


def compare_rules(
    survey: Survey,
    themes: Mapping[str, ThemeResult],
    *,
    exposed: Exposure,
    vulnerability: pd.DataFrame,
    published: pd.Series,
) -> RulesCompared:
    """Assess the comprehensive risk of the units by each rule that brings a hazard from the cells to a unit.

    Parameters
    ----------
    survey, themes, exposed, vulnerability
        As in `assess_risk`.
    published : Series of uint8
        Index ``unit_id``: the class that was published.

    Returns
    -------
    RulesCompared

    Raises
    ------
    MethodError
        As in `assess_risk`.

    Notes
    -----
    Only the way from the cells to the units differs: exposure, vulnerability and weights are those of the county.
    Each rule is classed as it would be published: by the county's scheme, which finds its breaks anew unless they
    are confirmed.

    Examples
    --------
    >>> compare_rules.__name__
    'compare_rules'
    """
    case = Case.of(survey, themes, exposed, vulnerability)
    plain = survey.standards.scheme("object-risk")
    plain = replace(plain, breaks="fixed", edges=tuple(np.arange(1, plain.size) / plain.size))  # no class is read here
    scheme = survey.standards.scheme(survey.county.scoring.scheme)
    indices, classes = {}, {"published": published}
    for rule in RULES:
        risks = unit_risk(case.hazards(rule), case.exposure, vulnerability, scheme=plain)
        joined = comprehensive(risks, themes=case.theme_weights, objects=case.object_weights)
        indices[rule] = joined.units["index"]
        codes = classify(indices[rule], scheme).codes
        classes[rule] = pd.Series(codes, index=indices[rule].index)
    table = pd.DataFrame(classes).fillna(NO_CLASS).astype("uint8")
    return RulesCompared(indices=pd.DataFrame(indices), classes=table, changes=changes_between(table))


def changes_between(classes: pd.DataFrame) -> pd.DataFrame:
    """Count the units whose class differs between each pair of columns.

    Parameters
    ----------
    classes : DataFrame of uint8
        Classes 1..K, `NO_CLASS` unknown.

    Returns
    -------
    DataFrame
        A row a pair: ``first``, ``second``, ``units`` (with a class in both), ``changed``, ``higher`` and ``lower``
        (in the second), ``far`` (by two classes or more), ``changed_share`` (NaN without a unit).

    Examples
    --------
    >>> two = pd.DataFrame({"a": [1, 2, 5, 255], "b": [1, 3, 2, 2]}, dtype="uint8")
    >>> changes_between(two).to_numpy().tolist()
    [['a', 'b', 3, 2, 1, 1, 1, 0.6666666666666666]]
    """
    rows = []
    for first, second in combinations(classes.columns, 2):
        both = (classes[first] != NO_CLASS) & (classes[second] != NO_CLASS)
        step = classes.loc[both, second].astype("int64") - classes.loc[both, first].astype("int64")
        changed, count = int((step != 0).sum()), int(both.sum())
        rows.append(
            {
                "first": first,
                "second": second,
                "units": count,
                "changed": changed,
                "higher": int((step > 0).sum()),
                "lower": int((step < 0).sum()),
                "far": int((step.abs() >= 2).sum()),
                "changed_share": changed / count if count else float("nan"),
            }
        )
    return pd.DataFrame(rows)
