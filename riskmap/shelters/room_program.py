"""Sites and who goes there as one program, where sites hold so many."""

from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint

from riskmap.shelters.problem import Case, site_rows
from riskmap.shelters.solve import Solved, solve

__all__ = ["program_with_room"]


def program_with_room(
    case: Case,
    room: NDArray[np.int64],
    reached: NDArray[np.bool_],
    *,
    together: bool,
    seek: Literal["least", "any"] = "least",
    time_limit_s: float | None = None,
) -> Solved:
    """Choose sites and send everyone to them: with the least person-minutes, or in any way at all.

    Parameters
    ----------
    case : Case
        Rules of the choice.
    room : ndarray of int64, shape (sites,)
        Whom each site holds.
    reached : ndarray of bool, shape (places, sites)
        Who may go where; nowhere for places of nobody.
    together : bool
        Whether each place goes to one site as a whole.
    seek : {"least", "any"}
        The capacitated p-median, or only whether there is an answer.
    time_limit_s : float, optional
        Else that of the rules.

    Returns
    -------
    Solved
        The first columns of ``x`` are the sites, the others the ways in the order of ``np.nonzero(reached)``.

    Notes
    -----
    With the rows ``x_ij <= y_j`` (Ceselli and Righini 2005, doi:10.1002/net.20059).

    Examples
    --------
    >>> from riskmap.shelters.problem import SitingRules, checked_case
    >>> case = checked_case([10, 10], [[1.0, 4.0], [2.0, 3.0]], SitingRules(add_at_most=1))
    >>> program_with_room(case, np.array([15, 20]), case.ways < 9, together=True).x.tolist()
    [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]
    """
    row, column = np.nonzero(reached)
    count = len(room)
    heads, number = case.people[row], count + np.arange(len(row))
    columns, ones = count + len(row), np.ones(len(row))
    served = sp.csr_array((ones, (row, number)), shape=(len(case.people), columns))
    held = sp.csr_array((heads, (column, number)), shape=(count, columns)) - sp.csr_array(
        (room.astype("float64"), (np.arange(count), np.arange(count))), shape=(count, columns)
    )
    arcs = np.tile(np.arange(len(row)), 2)
    only_open = sp.csr_array(
        (np.concatenate([ones, -ones]), (arcs, np.concatenate([number, column]))), shape=(len(row), columns)
    )
    cost = np.zeros(len(row)) if seek == "any" else heads * case.ways[row, column]
    return solve(
        np.concatenate([np.zeros(count), cost]),
        [
            LinearConstraint(served, case.people > 0, 1),
            LinearConstraint(held, -np.inf, 0),
            LinearConstraint(only_open, -np.inf, 0),
            *site_rows(case, columns),
        ],
        whole=np.append(np.ones(count), np.full(len(row), float(together))),
        lower=np.pad(case.existing.astype("float64"), (0, len(row))),
        upper=1,
        gap=case.rules.gap,
        time_limit_s=case.rules.time_limit_s if time_limit_s is None else time_limit_s,
    )
