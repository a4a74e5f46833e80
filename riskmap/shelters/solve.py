"""One way to HiGHS: a mixed integer program in, its answer with bound and status out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

__all__ = ["PROVED", "Solved", "Status", "relative_gap", "solve"]

Status = Literal["proved", "gap", "time limit"]

PROVED = 1e-6
"""An answer this near to its bound (as a share of it) is proved: the solver's own tolerance."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solved:
    """What the solver found.

    Parameters
    ----------
    x : ndarray or None
        The best answer; None if there is none (``impossible``) or none was found in time.
    objective : float
        Its value; inf without an answer.
    bound : float
        No answer has a smaller value.
    impossible : bool
        True where it is proved that no answer meets the rows.
    """

    x: NDArray[np.float64] | None
    objective: float
    bound: float
    impossible: bool = False


def relative_gap(objective: float, bound: float) -> float:
    """How far a value may be from the best one, as a share of the value.

    Parameters
    ----------
    objective, bound : float
        What was found and what cannot be passed.

    Returns
    -------
    float
        0 or more; 0 if both are 0.

    Examples
    --------
    >>> relative_gap(200.0, 199.0)
    0.005
    """
    distance = abs(objective - bound)
    return 0.0 if distance == 0 else distance / max(abs(objective), 1e-9)


def solve(
    cost: NDArray[np.float64],
    rows: Sequence[LinearConstraint],
    *,
    whole: ArrayLike,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    gap: float = 0.0,
    time_limit_s: float = 60.0,
) -> Solved:
    """Find the smallest ``cost @ x`` that the rows allow.

    Parameters
    ----------
    cost : ndarray
        One entry a column.
    rows : sequence of LinearConstraint
        What holds.
    whole : array_like
        1 where a column must be a whole number.
    lower, upper : array_like
        Bounds of the columns.
    gap : float
        Stop when this near to the bound, as a share.
    time_limit_s : float
        Stop after so many seconds; which answer is then the best depends on the machine.

    Returns
    -------
    Solved

    Notes
    -----
    HiGHS (Huangfu and Hall 2018, doi:10.1007/s12532-017-0130-5) as it comes with scipy.

    Examples
    --------
    >>> row = LinearConstraint(np.array([[2.0, 3.0]]), 4.0, np.inf)
    >>> found = solve(np.array([1.0, 1.0]), [row], whole=1, upper=1)
    >>> found.objective, found.bound
    (2.0, 2.0)
    """
    found = milp(
        cost,
        constraints=list(rows),
        integrality=np.broadcast_to(whole, cost.shape),
        bounds=Bounds(np.broadcast_to(lower, cost.shape), np.broadcast_to(upper, cost.shape)),
        options={"time_limit": max(time_limit_s, 0.01), "mip_rel_gap": gap},
    )
    if found.status == 2:
        return Solved(x=None, objective=np.inf, bound=np.inf, impossible=True)
    bound = found.mip_dual_bound
    if found.x is None:
        return Solved(x=None, objective=np.inf, bound=-np.inf if bound is None else float(bound))
    return Solved(x=found.x, objective=float(found.fun), bound=float(found.fun if bound is None else bound))
