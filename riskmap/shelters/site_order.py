"""Which site to add first, which next, and what each of them brings."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmap.errors import MethodError
from riskmap.shelters.problem import SitingRules, checked_case

__all__ = ["sites_in_order"]


def sites_in_order(
    people: ArrayLike,
    ways: ArrayLike,
    radius: ArrayLike,
    *,
    rules: SitingRules | None = None,
    share: float = 1.0,
    among: ArrayLike | None = None,
) -> pd.DataFrame:
    """Add one site after another, always the one that covers the most people who are not covered yet.

    Parameters
    ----------
    people : array_like, shape (places,)
        People of each place, known and not negative.
    ways : array_like, shape (places, sites)
        Distance or time from place to site; inf or NaN where there is no way.
    radius : array_like
        How far a site reaches, in the unit of `ways`: one number or one a site.
    rules : SitingRules, optional
        `SitingRules.existing` marks the sites that stand already; nothing else of it is used.
    share : float
        Stop when this part of all people is covered, over 0 up to 1.
    among : array_like of int, optional
        Columns of `ways` that may be added; all unless given.

    Returns
    -------
    DataFrame
        In the order of adding: ``site`` (column of `ways`), ``people`` (newly covered), ``share`` (of all people, covered
        with this site and those before). Ends where the share is reached or no site covers anyone more; empty without people.

    Raises
    ------
    MethodError
        Inputs that do not fit.

    Notes
    -----
    The first k sites cover at least ``1 - 1/e`` (63 %) of the people that any k sites add (Nemhauser, Wolsey and Fisher
    1978, doi:10.1007/BF01588971). Of equals, the one nearest to those whom it newly covers comes first, then the first column.

    Examples
    --------
    >>> ways = [[0.4, 5.0, 6.0], [3.0, 0.8, 2.5], [9.0, 1.9, 1.0]]
    >>> sites_in_order([500, 300, 200], ways, 1.0, rules=SitingRules(existing=[True, False, False]))
       site  people  share
    0     1   300.0    0.8
    1     2   200.0    1.0
    """
    if not 0 < share <= 1:
        raise MethodError(f"share is {share:g}; give a part of all people above 0 and up to 1 (0.9 is 90 %)")
    case = checked_case(people, ways, SitingRules(existing=None if rules is None else rules.existing))
    reached = np.isfinite(case.ways) & (case.ways <= np.asarray(radius, dtype="float64"))
    waiting = np.where(reached[:, case.existing].any(axis=1), 0.0, case.people)
    able = ~case.existing
    if among is not None:
        able &= np.isin(np.arange(len(able)), np.asarray(among, dtype="int64"))
    near = np.where(reached, case.ways, 0.0)
    total, rows = float(case.people.sum()), []
    while waiting.sum() > total * (1 - share) + 1e-9 * total:
        gain = np.where(able, waiting @ reached, 0.0)
        if not gain.max(initial=0.0) > 0:
            break
        best = int(np.lexsort((waiting @ near, -gain))[0])
        waiting = np.where(reached[:, best], 0.0, waiting)
        rows.append((best, gain[best], 1 - waiting.sum() / total))
    return pd.DataFrame(rows, columns=["site", "people", "share"])
