"""A zoning held against what has happened: where the recorded losses fell, and whether people alone tell as much."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from riskmap.errors import MethodError
from riskmap.methods import auroc
from riskmap.model import NO_CLASS
from riskmap.model.shown import frame_html

__all__ = ["HistoryCheck", "Measure", "check_history", "gain_area", "hit_table", "rank_correlation"]

_Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure with its interval.

    Parameters
    ----------
    value, low, high : float
        The figure and the ends of its bootstrap interval; NaN where it is not defined.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HistoryCheck:
    """How well an index tells where losses fell, and how much of that people alone tell.

    Parameters
    ----------
    hits : DataFrame
        From `hit_table`.
    places, struck : int
        Places compared, and those of them with a loss.
    auroc, rank, gain : Measure
        Area under the receiver operating characteristic (places with a loss against those without), Spearman's rank
        correlation of amount and index, area under the cumulative curve (`gain_area`).
    people_rank, people_gain : Measure
        The same two with people in place of the index.
    rank_more, gain_more : Measure
        Index less people, by paired draws.
    verdict : {"more", "not shown", "no more", "unknown"}
        ``more``: an interval of the two differences lies above 0 and neither difference is below 0. ``no more``:
        neither difference is above 0. ``unknown``: neither is defined. ``not shown``: anything else.
    """

    hits: pd.DataFrame
    places: int
    struck: int
    auroc: Measure
    rank: Measure
    gain: Measure
    people_rank: Measure
    people_gain: Measure
    rank_more: Measure
    gain_more: Measure
    verdict: Literal["more", "not shown", "no more", "unknown"]

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Classes, a row each, with what the records say of them."""
        return self.hits


def hit_table(
    classes: pd.Series, losses: pd.Series, *, size: int, area_km2: pd.Series, people: pd.Series | None = None
) -> pd.DataFrame:
    """Share of the losses in each class beside its share of area and people, from the highest class down.

    Parameters
    ----------
    classes : Series of uint8
        Index: places. Class 1..K; `NO_CLASS` unknown stands in the last row.
    losses : Series of float
        Recorded amount or number of each place, at least 0; NaN counts as a place without records.
    size : int
        K.
    area_km2, people : Series of float
        Of each place; NaN counts as 0.

    Returns
    -------
    DataFrame
        ``class``, ``places``, ``losses``, ``loss_share``, ``area_share``, ``people_share``, ``ratio`` (loss share over
        area share; above 1 where more was lost than the area would say; NaN for an empty class), ``loss_sum`` and
        ``area_sum`` (cumulative shares: the curve).

    Examples
    --------
    >>> places = list("abc")
    >>> found = hit_table(pd.Series([2, 1, 1], places), pd.Series([3.0, 1, 0], places), size=2,
    ...     area_km2=pd.Series([1.0, 1, 2], places))
    >>> found[["class", "loss_share", "area_share", "ratio"]].to_numpy().tolist()
    [[2.0, 0.75, 0.25, 3.0], [1.0, 0.25, 0.75, 0.3333333333333333]]
    """
    nothing = pd.Series(np.nan, index=classes.index)
    table = pd.DataFrame(
        {"class": classes.astype("int64"), "places": 1, "losses": losses.reindex(classes.index), "area": area_km2}
        | {"people": nothing if people is None else people}
    )
    codes = list(range(size, 0, -1))
    codes += [NO_CLASS] if (table["class"] == NO_CLASS).any() else []
    sums = table.groupby("class").sum().reindex(codes, fill_value=0)
    shares = sums.div(sums.sum().where(sums.sum() > 0), axis=1)
    out = sums[["places", "losses"]].assign(
        loss_share=shares["losses"],
        area_share=shares["area"],
        people_share=shares["people"],
        ratio=shares["losses"] / shares["area"].where(shares["area"] > 0),
        loss_sum=shares["losses"].cumsum(),
        area_sum=shares["area"].cumsum(),
    )
    return out.reset_index()


def rank_correlation(first: _Values, second: _Values) -> float:
    """Spearman's rank correlation, equal values sharing their mean rank.

    Examples
    --------
    >>> rank_correlation(np.array([1.0, 2, 3]), np.array([10.0, 30, 20]))
    0.5
    """
    one, two = rankdata(first), rankdata(second)
    one, two = one - one.mean(), two - two.mean()
    below = float(np.sqrt((one @ one) * (two @ two)))
    return float(one @ two) / below if below > 0 else float("nan")


def _rank_correlations(first: _Values, second: _Values) -> _Values:
    """Return `rank_correlation` of every row of two tables."""
    if not first.shape[1]:
        return np.full(len(first), np.nan)
    one, two = (rankdata(part, axis=1) for part in (first, second))
    one, two = (part - part.mean(axis=1, keepdims=True) for part in (one, two))
    below = np.sqrt((one * one).sum(axis=1) * (two * two).sum(axis=1))
    return np.divide((one * two).sum(axis=1), below, out=np.full(len(one), np.nan), where=below > 0)


def gain_area(order: _Values, losses: _Values, area: _Values) -> float:
    """Area under the curve of the share of losses over the share of area, from the highest value down.

    Parameters
    ----------
    order : ndarray
        What places are taken by, highest first; places of one value are taken together.
    losses, area : ndarray
        Of each place, at least 0.

    Returns
    -------
    float
        1/2 where the order says nothing, near 1 where a small area holds all losses; NaN without losses or area.

    Notes
    -----
    Trapezoids between the values of `order`. The curve is that of Chung and Fabbri 2003
    (doi:10.1023/B:NHAZ.0000007172.62651.2b), with amounts in place of events.

    Examples
    --------
    >>> gain_area(np.array([2.0, 1, 1]), np.array([3.0, 1, 0]), np.array([1.0, 1, 2]))
    0.75
    """
    _, group = np.unique(-order, return_inverse=True)
    lost, land = np.bincount(group, weights=losses), np.bincount(group, weights=area)
    if not (lost.sum() > 0 and land.sum() > 0):
        return float("nan")
    y, x = np.append(0, np.cumsum(lost)) / lost.sum(), np.append(0, np.cumsum(land)) / land.sum()
    return float(np.trapezoid(y, x))


def _gain_areas(order: _Values, losses: _Values, area: _Values, drawn: NDArray[np.int64]) -> _Values:
    """Return `gain_area` of every row of drawn places; a draw only says how often a place counts."""
    if not order.size:
        return np.full(len(drawn), np.nan)
    down = np.argsort(-order, kind="stable")
    last = np.append(order[down][1:] != order[down][:-1], True)  # of the places of one value
    times = np.stack([np.bincount(row, minlength=order.size) for row in drawn])[:, down]
    first = np.zeros((len(drawn), 1))
    y, x = (np.hstack([first, np.cumsum(times * one[down], axis=1)[:, last]]) for one in (losses, area))
    whole = y[:, -1] * x[:, -1]
    return np.divide(np.trapezoid(y, x, axis=1), whole, out=np.full(len(drawn), np.nan), where=whole > 0)


def check_history(
    places: pd.DataFrame, *, size: int, draws: int, level: float, rng: np.random.Generator
) -> HistoryCheck:
    """Hold an index against recorded losses, and against people alone.

    Parameters
    ----------
    places : DataFrame
        Index: places; ``index`` (NaN unknown), ``class`` (uint8), ``losses`` (NaN: nothing recorded), ``people``,
        ``area_km2``.
    size : int
        Number of classes.
    draws : int
        Bootstrap draws of places, with replacement; the same draw for index and people.
    level : float
        Of the intervals, 0..1: percentiles of the draws in which the figure is defined.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    HistoryCheck
        Places whose index or people are unknown stand in `hits` only.

    Raises
    ------
    MethodError
        Losses below 0, no draw, or a level outside 0..1.

    Examples
    --------
    >>> places = pd.DataFrame({"index": [0.9, 0.5, 0.1, 0.2], "class": [2, 2, 1, 1], "losses": [9.0, 4, 0, 1],
    ...     "people": [1, 9, 8, 2], "area_km2": 1.0})
    >>> found = check_history(places, size=2, draws=50, level=0.9, rng=np.random.default_rng(1))
    >>> found.rank.value, found.people_rank.value, found.verdict
    (1.0, -0.4, 'not shown')
    """
    if draws < 1 or not 0 < level < 1 or (places["losses"] < 0).any():
        raise MethodError(f"{draws} draws, level {level:g}: give 1 or more, a level in 0..1, and losses of 0 or more")
    people = places.get("people")
    hits = hit_table(places["class"], places["losses"], size=size, area_km2=places["area_km2"], people=people)
    known = places[places["index"].notna() & places["people"].notna()]
    columns = ("index", "people", "losses", "area_km2")
    index, heads, losses, area = (known[one].fillna(0).to_numpy("float64") for one in columns)
    count = len(known)
    places_drawn = rng.integers(0, max(count, 1), (draws, count))
    whole = {"auroc": auroc(index[losses > 0], index[losses == 0]) if count else float("nan")}
    drawn = {"auroc": np.full(draws, np.nan)}
    for n, at in enumerate(places_drawn if count else ()):
        drawn["auroc"][n] = auroc(index[at][losses[at] > 0], index[at][losses[at] == 0])
    for name, order in (("", index), ("people_", heads)):
        whole[f"{name}rank"] = rank_correlation(order, losses) if count else float("nan")
        drawn[f"{name}rank"] = _rank_correlations(order[places_drawn], losses[places_drawn])
        whole[f"{name}gain"] = gain_area(order, losses, area) if count else float("nan")
        drawn[f"{name}gain"] = _gain_areas(order, losses, area, places_drawn)
    for name in ("rank", "gain"):
        whole[f"{name}_more"] = whole[name] - whole[f"people_{name}"]
        drawn[f"{name}_more"] = drawn[name] - drawn[f"people_{name}"]
    made = {name: _measure(whole[name], drawn[name], level) for name in whole}
    verdict = _verdict(made["rank_more"], made["gain_more"])
    return HistoryCheck(hits=hits, places=count, struck=int((losses > 0).sum()), verdict=verdict, **made)


def _measure(value: float, drawn: _Values, level: float) -> Measure:
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not known.size:
        return Measure(value=value, low=float("nan"), high=float("nan"))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Measure(value=value, low=float(low), high=float(high))


def _verdict(*more: Measure) -> Literal["more", "not shown", "no more", "unknown"]:
    known = [one for one in more if np.isfinite(one.value)]
    if not known:
        return "unknown"
    if all(one.value <= 0 for one in known):
        return "no more"
    firm = any(one.low > 0 for one in known) and all(one.value >= 0 for one in known)
    return "more" if firm else "not shown"
