"""Hazard scores come from the cells to the units by one of five rules."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.model import EXPOSURE_COLUMNS, Standards, Text
from riskmap.model.county import ScoringSettings
from riskmap.scoring.risk import unit_hazard
from riskmap.spatial.zonal import zonal_mean

__all__ = ["RULES", "WORST_CLASS", "covered_score", "rule_words", "unit_hazards"]

RULES: Mapping[str, Text] = MappingProxyType(
    {
        "area_mean": Text("面积平均", "mean over the area"),
        "people_mean": Text("按人口加权平均", "mean weighted by people"),
        "exposed_mean": Text("按承灾体数量加权平均", "mean weighted by what is exposed"),
        "worst_share": Text("最不利部分的平均", "mean of the worst part"),
        "worst_class": Text("达到规定占比的最高等级", "the worst class that covers a stated share"),
    }
)
"""Rules that bring a hazard from the cells to a unit."""
WORST_CLASS = ("comprehensive.worst_class_area", "comprehensive.worst_class_people")
"""Shares of area and of people that the rule ``worst_class`` asks for."""


def covered_score(
    score: xr.DataArray, labels: xr.DataArray, *, count: int, share: float, weights: xr.DataArray | None = None
) -> np.ndarray:
    """Highest score that at least a share of each unit reaches.

    Parameters
    ----------
    score : DataArray
        0..1 on the grid, NaN unknown.
    labels : DataArray of int
        0 for none, n for unit n - 1.
    count : int
        Number of units.
    share : float
        Above 0, at most 1.
    weights : DataArray, optional
        People in each cell, for a share of the people in place of a share of the area; NaN counts as 0.

    Returns
    -------
    ndarray of float64, shape (count,)
        NaN for a unit without a known cell of positive weight.

    Raises
    ------
    MethodError
        The share is not above 0 and at most 1.

    Notes
    -----
    Classes rise with the score, so the class of this score is the worst class c for which the cells of class c or
    worse cover at least `share` of the unit: nothing is averaged away, and one bad cell decides nothing.

    Examples
    --------
    >>> score = xr.DataArray([[0.9, 0.5, 0.4, 0.1]], dims=("y", "x"))
    >>> one = xr.DataArray([[1, 1, 1, 1]], dims=("y", "x"))
    >>> covered_score(score, one, count=1, share=0.5).tolist()
    [0.5]
    """
    if not 0 < share <= 1:
        raise MethodError(f"the share that a class must cover is {share:g}; give a share above 0, at most 1")
    value, zone = score.to_numpy().ravel(), labels.to_numpy().ravel()
    amount = np.ones(value.size) if weights is None else np.nan_to_num(weights.to_numpy().ravel().astype("float64"))
    used = np.flatnonzero((zone > 0) & np.isfinite(value) & (amount > 0))
    value, zone, amount = value[used].astype("float64"), zone[used] - 1, amount[used]
    order = np.lexsort((-value, zone))
    value, zone, amount = value[order], zone[order], amount[order]
    whole = np.bincount(zone, weights=amount, minlength=count)
    reached = np.cumsum(amount) - (np.cumsum(whole) - whole)[zone]
    enough = np.flatnonzero(reached >= share * whole[zone] * (1 - 1e-9))
    units, first = np.unique(zone[enough], return_index=True)
    found = np.full(count, np.nan)
    found[units] = value[enough[first]]
    return found


def unit_hazards(
    scores: Mapping[str, xr.DataArray],
    labels: xr.DataArray,
    *,
    rule: str,
    index: pd.Index,
    objects: Sequence[str],
    amounts: Mapping[str, xr.DataArray],
    worst_share: float,
    covers: tuple[float, float],
) -> dict[str, pd.DataFrame]:
    """Bring the hazards from the cells to the units, for each object where it stands.

    Parameters
    ----------
    scores : mapping of theme to DataArray
        0..1 on the grid, NaN unknown.
    labels : DataArray of int
        0 for none, n for unit n - 1.
    rule : str
        One of `RULES`. Means weighted by people or by what is exposed take the mean over the area in a unit where
        none of it stands on a known cell. ``worst_class`` takes the higher of the scores that enough of the area
        and enough of the people reach (`covered_score`).
    index : Index
        Of the units.
    objects : sequence of str
        Exposed objects.
    amounts : mapping of str to DataArray
        Amount per cell by exposure column.
    worst_share : float
        For ``worst_share``.
    covers : tuple of float
        For ``worst_class``: share of the area, share of the people.

    Returns
    -------
    dict of str to DataFrame
        By object: index `index`, a column per theme. Rules that do not ask what is exposed give every object the
        same table.

    Raises
    ------
    MethodError
        No such rule.

    Examples
    --------
    >>> one = lambda *values: xr.DataArray([list(values)], dims=("y", "x"))
    >>> unit_hazards({"flood": one(0.2, 0.8)}, one(1, 1), rule="people_mean", index=pd.Index(["a"]),
    ...     objects=["people"], amounts={"people": one(1.0, 3.0)}, worst_share=0.1, covers=(0.2, 0.2))["people"]
       flood
    a   0.65
    """
    if rule not in RULES:
        raise MethodError(f"no rule {rule!r} from cells to units; allowed: {', '.join(RULES)}")
    count = len(index)
    if rule in {"worst_share", "worst_class"}:
        people = amounts.get("people")
        made = {
            theme: unit_hazard(one, labels, count=count, worst_share=worst_share)
            if rule == "worst_share"
            else _worst_class(one, labels, count=count, covers=covers, people=people)
            for theme, one in scores.items()
        }
        return dict.fromkeys(objects, pd.DataFrame(made, index=index))
    area = {theme: zonal_mean(one, labels, count=count) for theme, one in scores.items()}
    by_column: dict[str, pd.DataFrame] = {}
    found = {}
    for name in objects:
        column = {"area_mean": "", "people_mean": "people"}.get(rule, EXPOSURE_COLUMNS[name])
        if column not in by_column:
            weights = amounts.get(column)
            made = {
                theme: unit_hazard(one, labels, count=count, weights=weights, area_mean=area[theme])
                for theme, one in scores.items()
            }
            by_column[column] = pd.DataFrame(made, index=index)
        found[name] = by_column[column]
    return found


def _worst_class(
    score: xr.DataArray,
    labels: xr.DataArray,
    *,
    count: int,
    covers: tuple[float, float],
    people: xr.DataArray | None,
) -> np.ndarray:
    by_area = covered_score(score, labels, count=count, share=covers[0])
    if people is None:
        return by_area
    return np.fmax(by_area, covered_score(score, labels, count=count, share=covers[1], weights=people))


def rule_words(rule: str, settings: ScoringSettings, standards: Standards) -> Text:
    """Say a rule with its figures.

    Parameters
    ----------
    rule : str
        One of `RULES`.
    settings : ScoringSettings
        Holds the worst share.
    standards : Standards
        Holds the shares that a class must cover.

    Returns
    -------
    Text

    Examples
    --------
    >>> from riskmap.standards import book
    >>> rule_words("worst_share", ScoringSettings(), book()).en
    'mean of the worst 10% of the area'
    """
    if rule == "worst_share":
        share = f"{settings.worst_share:.0%}"
        return Text(f"最不利的 {share} 面积的平均", f"mean of the worst {share} of the area")
    if rule == "worst_class":
        area, people = (f"{standards.value(one):.0%}" for one in WORST_CLASS)
        return Text(
            f"至少覆盖 {area} 面积或 {people} 人口的最高等级",
            f"the worst class that covers at least {area} of the area or {people} of the people",
        )
    return RULES[rule]
