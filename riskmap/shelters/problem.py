"""What is asked in siting, and what is answered: rules, checked inputs, the chosen sites."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import LinearConstraint

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html
from riskmap.shelters.solve import PROVED, Status, relative_gap

__all__ = ["Case", "Siting", "SitingRules", "checked_case", "checked_room", "most_sites", "site_rows", "status_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SitingRules:
    """What a choice of sites must keep to, and how long the search may take.

    Parameters
    ----------
    existing : array_like of bool, optional
        Sites that stand already: they are always kept, cost nothing and do not count as added.
    add_at_least, add_at_most : int, optional
        How many sites are added.
    cost : array_like, optional
        Cost of each site, any unit.
    budget : float, optional
        Most that the added sites may cost together.
    gap : float
        Stop when the answer is this near to the bound, as a share (0.0001 is 0.01 %).
    time_limit_s : float
        Stop after so many seconds. Answers that were stopped so may differ between machines.
    """

    existing: ArrayLike | None = None
    add_at_least: int = 0
    add_at_most: int | None = None
    cost: ArrayLike | None = None
    budget: float | None = None
    gap: float = 0.0
    time_limit_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Checked inputs of siting.

    Parameters
    ----------
    people : ndarray, shape (places,)
        People of each place.
    ways : ndarray, shape (places, sites)
        Distance or time; inf where there is no way.
    existing : ndarray of bool, shape (sites,)
        Kept sites.
    cost : ndarray, shape (sites,)
        1 each if no cost was given; 0 for kept ones.
    rules : SitingRules
        As given.
    places, sites : Index
        Their names.
    """

    people: NDArray[np.float64]
    ways: NDArray[np.float64]
    existing: NDArray[np.bool_]
    cost: NDArray[np.float64]
    rules: SitingRules
    places: pd.Index
    sites: pd.Index


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Siting:
    """A choice of sites.

    Parameters
    ----------
    open : ndarray of bool, shape (sites,)
        Sites in use, the existing ones among them.
    existing : ndarray of bool, shape (sites,)
        Those that stood before.
    flow : csr_array, shape (places, sites)
        People of each place that each site serves.
    objective : float
        What was sought: sites (or their cost), people, person-minutes or minutes.
    bound : float
        No choice can do better than this.
    status : {"proved", "gap", "time limit"}
        ``proved``: nothing is better. ``gap``: stopped at the gap that the rules allow. ``time limit``: stopped by the
        clock; `gap` tells how far the best may be.
    out_of_reach : ndarray of bool, shape (places,)
        Places that no candidate reaches (as often as asked), whatever is chosen.
    places, sites : Index
        Names.
    """

    open: NDArray[np.bool_]
    existing: NDArray[np.bool_]
    flow: sp.csr_array
    objective: float
    bound: float
    status: Status
    out_of_reach: NDArray[np.bool_]
    places: pd.Index
    sites: pd.Index

    _repr_html_ = frame_html

    @property
    def added(self) -> NDArray[np.intp]:
        """Positions of the added sites."""
        return np.flatnonzero(self.open & ~self.existing)

    @property
    def gap(self) -> float:
        """How far from the best the choice may be, as a share of the objective."""
        return relative_gap(self.objective, self.bound)

    @property
    def served_people(self) -> NDArray[np.float64]:
        """People of each place that a site serves."""
        return np.asarray(self.flow.sum(axis=1), dtype="float64")

    def to_frame(self) -> pd.DataFrame:
        """One row a site in use: whether it is new, and how many people it serves."""
        return pd.DataFrame(
            {"new": self.open & ~self.existing, "people": np.asarray(self.flow.sum(axis=0))}, index=self.sites
        )[self.open]


def checked_case(
    people: ArrayLike, ways: ArrayLike, rules: SitingRules | None = None, *, may_be_empty: bool = False
) -> Case:
    """Check the inputs of siting and name all faults at once.

    Parameters
    ----------
    people : array_like, shape (places,)
        People of each place, known and not negative; a Series names the places.
    ways : array_like, shape (places, sites)
        Distance or time from place to candidate; inf or NaN where there is no way. The columns of a DataFrame name
        the sites.
    rules : SitingRules, optional
        Else no rule.
    may_be_empty : bool
        Whether no places or no sites are a case too.

    Returns
    -------
    Case

    Raises
    ------
    MethodError
        Shapes that do not agree, unknown or negative numbers, rules that contradict each other.

    Examples
    --------
    >>> checked_case([10, 20], [[1.0, np.nan], [3.0, 4.0]]).ways.tolist()
    [[1.0, inf], [3.0, 4.0]]
    """
    rules = rules or SitingRules()
    heads, way = np.asarray(people, dtype="float64"), np.asarray(ways, dtype="float64")
    way = np.where(np.isnan(way), np.inf, way)
    if heads.ndim != 1 or way.ndim != 2 or len(way) != heads.size or not (way.size or may_be_empty):
        raise MethodError(f"ways of shape {way.shape} for {heads.size} places; give one row a place, one column a site")
    count = way.shape[1]
    existing = np.zeros(count, bool) if rules.existing is None else np.asarray(rules.existing, dtype=bool)
    cost = np.ones(count) if rules.cost is None else np.asarray(rules.cost, dtype="float64")
    faults = _faults(heads, way, existing, cost, rules=rules)
    if faults:
        raise MethodError("siting cannot start", faults=faults)
    return Case(
        people=heads,
        ways=way,
        existing=existing,
        cost=np.where(existing, 0.0, cost),
        rules=rules,
        places=people.index if isinstance(people, pd.Series) else pd.RangeIndex(heads.size, name="place"),
        sites=ways.columns if isinstance(ways, pd.DataFrame) else pd.RangeIndex(count, name="site"),
    )


def _faults(
    people: np.ndarray, ways: np.ndarray, existing: np.ndarray, cost: np.ndarray, *, rules: SitingRules
) -> list[str]:
    count = ways.shape[1]
    faults = []
    bad = np.flatnonzero(~(np.isfinite(people) & (people >= 0)))
    if bad.size:
        faults.append(f"people are unknown or negative at {bad.size} places, the first at row {bad[0]}; leave them out")
    if (ways < 0).any():
        faults.append(f"{int((ways < 0).sum())} ways are negative; a way is 0 or more, inf where there is none")
    for name, given in (("existing", existing), ("cost", cost)):
        if given.shape != (count,):
            faults.append(f"{name} has shape {given.shape}; give one entry for each of the {count} sites")
    if not (np.isfinite(cost) & (cost >= 0)).all():
        faults.append("a cost is unknown or negative; give each site a cost of 0 or more")
    if rules.budget is not None and rules.cost is None:
        faults.append("a budget without cost; give the cost of each site")
    free = count - int(existing.sum())
    most = free if rules.add_at_most is None else rules.add_at_most
    if not 0 <= rules.add_at_least <= min(most, free):
        faults.append(f"{rules.add_at_least} to {most} sites are to be added; {free} candidates are free")
    return faults


def checked_room(room: ArrayLike, case: Case) -> NDArray[np.int64]:
    """Whole people that each site holds.

    Parameters
    ----------
    room : array_like, shape (sites,)
        People; fractions are cut off (part of a bed holds nobody), inf is no limit.
    case : Case
        People must be whole numbers there.

    Returns
    -------
    ndarray of int64

    Raises
    ------
    MethodError
        Unknown or negative room, or people in fractions.

    Examples
    --------
    >>> checked_room([12.7, np.inf], checked_case([10, 20], [[1.0, 2.0], [3.0, 4.0]])).tolist()
    [12, 30]
    """
    space = np.asarray(room, dtype="float64")
    if space.shape != case.sites.shape or np.isnan(space).any() or (space < 0).any():
        raise MethodError(f"room must be known and 0 or more for each of the {len(case.sites)} sites; got {space!r}")
    if (case.people % 1 != 0).any():
        first = int(np.flatnonzero(case.people % 1)[0])
        raise MethodError(f"{case.people[first]:g} people at row {first}: room is for whole people; round them first")
    return np.floor(np.minimum(space, case.people.sum())).astype("int64")


def most_sites(case: Case) -> int:
    """Open sites when as many are added as the rules allow.

    Examples
    --------
    >>> most_sites(checked_case([1], [[1.0, 2.0, 3.0]], SitingRules(existing=[True, False, False], add_at_most=1)))
    2
    """
    kept = int(case.existing.sum())
    free = len(case.sites) - kept
    return kept + (free if case.rules.add_at_most is None else min(case.rules.add_at_most, free))


def site_rows(case: Case, columns: int) -> list[LinearConstraint]:
    """Rows for number and cost of the added sites; the first columns of the program are the sites.

    Parameters
    ----------
    case : Case
        With its rules.
    columns : int
        Columns of the program.

    Returns
    -------
    list of LinearConstraint

    Examples
    --------
    >>> case = checked_case([1], [[1.0, 2.0]], SitingRules(add_at_most=1))
    >>> [(row.lb.item(), row.ub.item()) for row in site_rows(case, 2)]
    [(0.0, 1.0)]
    """
    rules, count = case.rules, len(case.sites)
    pad = columns - count
    most = count if rules.add_at_most is None else rules.add_at_most
    new = np.pad((~case.existing).astype("float64"), (0, pad))
    rows = [LinearConstraint(sp.csr_array(new[None]), rules.add_at_least, most)]
    if rules.budget is not None:
        rows.append(LinearConstraint(sp.csr_array(np.pad(case.cost, (0, pad))[None]), -np.inf, rules.budget))
    return rows


def status_of(objective: float, bound: float, gap: float) -> Status:
    """Say how far an answer is proved.

    Parameters
    ----------
    objective, bound : float
        What was found and what cannot be passed.
    gap : float
        What the rules allow.

    Returns
    -------
    {"proved", "gap", "time limit"}

    Examples
    --------
    >>> status_of(100.0, 100.0, 0.0), status_of(100.0, 99.9, 0.01), status_of(100.0, 90.0, 0.01)
    ('proved', 'gap', 'time limit')
    """
    distance = relative_gap(objective, bound)
    return "proved" if distance <= PROVED else "gap" if distance <= gap + PROVED else "time limit"
