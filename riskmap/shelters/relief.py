"""Relief goods: what people who are moved need, whether the store is large enough, and which villages come first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError

__all__ = ["StoreSize", "goods_needed", "store_size", "urgency"]


def goods_needed(people: pd.Series, goods: Sequence[Mapping[str, Any]], *, days: float) -> pd.DataFrame:
    """Goods that people need over some days.

    Parameters
    ----------
    people : Series
        People to move, by place; NaN is unknown.
    goods : sequence of mapping
        Rows of the table ``networks.relief_goods``: ``name``, ``amount`` a head, ``daily`` (times the days), ``share`` of
        the people who need it (1 if absent), ``whole`` (pieces, rounded up for every place).
    days : float
        Above 0.

    Returns
    -------
    DataFrame
        Index of `people`, one column a good; NaN where people are unknown.

    Raises
    ------
    MethodError
        Negative people, or days that are not above 0.

    Notes
    -----
    ``people x share x amount [x days]``.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> goods = book().table("networks.relief_goods")
    >>> found = goods_needed(pd.Series([50.0], index=["甲村"]), goods, days=3)
    >>> found[["water_l", "tents_count"]].iloc[0].tolist()  # 50 x 3 L x 3 days; 50 x 0.3 / 4 = 3.75 tents
    [450.0, 4.0]
    """
    if not days > 0 or (people < 0).any():
        raise MethodError(
            f"goods for {days:g} days and at least {people.min():g} people; give days above 0, people from 0"
        )
    columns = {}
    for row in goods:
        need = people.astype("float64") * (float(row.get("share", 1.0)) * float(row["amount"]))
        need = need * days if row.get("daily", False) else need
        columns[str(row["name"])] = np.ceil(need - 1e-9) if row.get("whole", False) else need
    return pd.DataFrame(columns, index=people.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSize:
    """Whether a store is large enough.

    Parameters
    ----------
    verdict : {"pass", "fail", "not known"}
        By the table.
    asked_m2 : float
        Floor area that the table asks for; the least it must be where `reason` is ``between`` or ``above``; NaN unknown.
    reason : {"within", "below", "between", "above", "unknown"}
        Where the people stand in the table: in a row of it, below its first, between two, above its last; or people or
        floor area are not known.
    """

    verdict: Literal["pass", "fail", "not known"]
    asked_m2: float
    reason: Literal["within", "below", "between", "above", "unknown"]


def store_size(people: float, floor_area_m2: float, *, sizes: Sequence[Mapping[str, Any]]) -> StoreSize:
    """Judge a store by the people who must be moved.

    Parameters
    ----------
    people : float
        People to move; NaN unknown.
    floor_area_m2 : float
        Floor area; NaN unknown.
    sizes : sequence of mapping
        Rows of the table ``networks.store_sizes``, the smallest first: ``people_low``, ``people_high``, ``area_low_m2``,
        ``area_high_m2``.

    Returns
    -------
    StoreSize

    Notes
    -----
    建标121-2009: 0.5-0.7 x 10^4 people 630-800 m2, 4-6 x 10^4 people 2900-4100 m2; straight between the ends of a row.
    Fewer people ask for the least size. Between two rows a store below the row under it fails, one of the row above it
    passes, and all else is not known: the table is silent there.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> sizes = book().table("networks.store_sizes")
    >>> store_size(6000, 720, sizes=sizes)  # half way between 630 and 800 is 715 m2
    StoreSize(verdict='pass', asked_m2=715.0, reason='within')
    >>> store_size(20000, 1450, sizes=sizes).verdict
    'not known'
    """
    if not (np.isfinite(people) and np.isfinite(floor_area_m2)):
        return StoreSize(verdict="not known", asked_m2=np.nan, reason="unknown")
    under: Mapping[str, Any] | None = None
    for row in sizes:
        if people < row["people_low"]:
            if under is None:
                asked = float(row["area_low_m2"])
                return StoreSize(verdict=_judged(floor_area_m2, asked), asked_m2=asked, reason="below")
            return _beyond(floor_area_m2, float(under["area_high_m2"]), float(row["area_low_m2"]))
        if people <= row["people_high"]:
            ends = [row["people_low"], row["people_high"]], [row["area_low_m2"], row["area_high_m2"]]
            asked = float(np.interp(people, *ends))
            return StoreSize(verdict=_judged(floor_area_m2, asked), asked_m2=asked, reason="within")
        under = row
    if under is None:
        raise MethodError("the table of store sizes is empty; give at least one row")
    return _beyond(floor_area_m2, float(under["area_high_m2"]), np.inf)


def _judged(area: float, asked: float) -> Literal["pass", "fail"]:
    return "pass" if area >= asked else "fail"


def _beyond(area: float, least: float, enough: float) -> StoreSize:
    verdict: Literal["pass", "fail", "not known"] = (
        "fail" if area < least else "pass" if area >= enough else "not known"
    )
    return StoreSize(verdict=verdict, asked_m2=least, reason="between" if np.isfinite(enough) else "above")


def urgency(at_risk: ArrayLike, remote: ArrayLike) -> NDArray[np.int8]:
    """Order of supply of villages: the more, the sooner.

    Parameters
    ----------
    at_risk : array_like of bool
        The village is of a high risk class.
    remote : array_like of bool
        It lies far from the county store by road, hangs on one road, or has none.

    Returns
    -------
    ndarray of int8
        3 at risk and remote, 2 at risk, 1 remote, 0 neither.

    Examples
    --------
    >>> urgency([True, True, False, False], [True, False, True, False]).tolist()
    [3, 2, 1, 0]
    """
    return (2 * np.asarray(at_risk, bool) + np.asarray(remote, bool)).astype(np.int8)
