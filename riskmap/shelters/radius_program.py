"""The p-median as a program over radii: a place pays step by step until an open site is inside."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint

from riskmap.shelters.problem import Case, site_rows
from riskmap.shelters.solve import Solved, solve

__all__ = ["solve_by_radius"]


def solve_by_radius(case: Case, cost: NDArray[np.float64], *, usable: NDArray[np.bool_]) -> Solved:
    """Solve the p-median under any rules.

    Parameters
    ----------
    case : Case
        Rules of the choice.
    cost : ndarray, shape (places, sites)
        Cost of serving a place from a site.
    usable : ndarray of bool, shape (places, sites)
        Ways that there are; each place has one at least.

    Returns
    -------
    Solved
        The first columns of ``x`` are the sites.

    Notes
    -----
    Elloumi (2010, Journal of Combinatorial Optimization 19), after Cornuejols, Nemhauser and Wolsey (1980, SIAM Journal on Algebraic and Discrete Methods 1):
    with the sites of a place in the order of their cost, ``z_k`` says that none of the first k is open, and ``cost =
    c_1 + sum (c_k+1 - c_k) z_k``, ``z_k + y_k >= z_k-1``. Only the set of the first k matters, so places with the same
    set share one ``z`` (Church 2003, Annals of Operations Research 122).

    Examples
    --------
    >>> from riskmap.shelters.problem import SitingRules, checked_case
    >>> cost = np.array([[0.0, 4.0, 9.0], [5.0, 0.0, 5.0], [9.0, 4.0, 0.0]])
    >>> case = checked_case([1, 1, 1], cost, SitingRules(add_at_most=1))
    >>> solve_by_radius(case, cost, usable=np.ones((3, 3), bool)).objective
    8.0
    """
    count = len(case.sites)
    start, steps, links = _chains(cost, fixed=case.existing, usable=usable)
    columns = count + len(steps)
    number = {group: count + n for n, group in enumerate(steps)}
    entries = []
    for row, (before, site, group) in enumerate(links):
        entries += [(row, site, 1.0)] + [
            (row, number[one], sign) for one, sign in ((group, 1.0), (before, -1.0)) if one
        ]
    row, column, value = np.array(entries or [(0, 0, 0.0)]).T
    chain = sp.csr_array((value, (row.astype(int), column.astype(int))), shape=(max(len(links), 1), columns))
    floor = np.array([float(not before) for before, _, _ in links] or [0.0])
    pad = (0, len(steps))
    found = solve(
        np.concatenate([np.zeros(count), list(steps.values())]),
        [LinearConstraint(chain, floor, np.inf), *site_rows(case, columns)],
        whole=np.pad(np.ones(count), pad),
        lower=np.pad(case.existing.astype("float64"), pad),
        upper=1,
        gap=case.rules.gap,
        time_limit_s=case.rules.time_limit_s,
    )
    return Solved(x=found.x, objective=found.objective + start, bound=found.bound + start, impossible=found.impossible)


def _chains(
    cost: NDArray[np.float64], *, fixed: NDArray[np.bool_], usable: NDArray[np.bool_]
) -> tuple[float, dict[int, float], list[tuple[int, int, int]]]:
    """Cost that is paid anyway, what each set of sites costs if none is open, and ``(set before, site, set)`` as rows.

    A set is the bits of a whole number; 0 is the empty one, and as the last of a row says that someone must be open.
    """
    ordered = np.argsort(np.where(usable, cost, np.inf), axis=1, kind="stable")
    length = usable.sum(axis=1)
    start = 0.0
    steps: dict[int, float] = {}
    rows: dict[tuple[int, int, int], None] = {}
    for place, sites in enumerate(ordered):
        mine = sites[: length[place]]
        stop = np.flatnonzero(fixed[mine])
        mine = mine[: stop[0] + 1] if stop.size else mine
        ways = cost[place, mine]
        start += float(ways[0])
        group = 0
        for site, rise in zip(mine[:-1].tolist(), np.diff(ways).tolist(), strict=True):
            before, group = group, group | 1 << site
            rows[before, site, group] = None
            steps[group] = steps.get(group, 0.0) + rise
        if not stop.size:
            rows[group, int(mine[-1]), 0] = None
    return start, steps, list(rows)
