"""What planners ask: how many more places and where, which one first, and which existing one matters most."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html
from riskmap.shelters.problem import Case, Siting, SitingRules, checked_case
from riskmap.shelters.siting import fewest_sites, most_covered

__all__ = ["NextPlaces", "next_places"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NextPlaces:
    """Answers to the three questions.

    Parameters
    ----------
    covered_now : float
        Share of all people within the radius of an existing site; NaN without people.
    possible : float
        Share that all candidates together would cover.
    asked : float
        Share that was asked for.
    needed : Siting or None
        The fewest added sites that cover the share asked for, and among those the ones that cover the most people; None
        where `possible` is less than `asked`.
    first : Siting or None
        The one site whose addition covers the most people, of equals the one that spares most person-minutes; None if
        no candidate covers anyone more.
    existing : DataFrame
        One row an existing site, the most important first: ``people`` (nearest to it), ``people_lost`` (no longer covered
        if it closes), ``extra`` (people times longer way, for those who still have a way) and ``people_cut_off`` (no way
        to any other).
    """

    covered_now: float
    possible: float
    asked: float
    needed: Siting | None
    first: Siting | None
    existing: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Existing sites by what would be lost without them."""
        return self.existing


def next_places(
    people: ArrayLike, ways: ArrayLike, radius: ArrayLike, *, share: float, rules: SitingRules | None = None
) -> NextPlaces:
    """Answer how many more places are needed, which is the best one to add, and which existing one matters most.

    Parameters
    ----------
    people : array_like, shape (places,)
        People of each place, known and not negative; a Series names the places.
    ways : array_like, shape (places, sites)
        Distance or time from place to site, existing ones and candidates; inf or NaN where there is no way. The columns
        of a DataFrame name the sites.
    radius : array_like
        How far a site reaches, in the unit of `ways`: one number or one a site.
    share : float
        Part of all people to be covered, over 0 up to 1.
    rules : SitingRules, optional
        `SitingRules.existing` marks the existing sites; gap and time limit hold for each search. Numbers of sites, cost
        and budget are not used here: all candidates are equal.

    Returns
    -------
    NextPlaces

    Raises
    ------
    MethodError
        Inputs that do not fit.

    Notes
    -----
    The number is the exact partial set cover, not the greedy one: greedy may need more. Then the maximal covering with
    that number finds the best of the equals. The one to add is found by trying each. Room is not counted.

    Examples
    --------
    A shelter in the valley stands; there are two places for another:

    >>> ways = pd.DataFrame([[0.4, 5.0, 6.0], [3.0, 0.8, 2.5], [9.0, 1.9, 1.0]], columns=["valley", "ridge", "mill"])
    >>> now = SitingRules(existing=[True, False, False])
    >>> found = next_places([500, 300, 200], ways, 1.0, share=0.8, rules=now)
    >>> found.covered_now, ways.columns[found.needed.added].tolist(), ways.columns[found.first.added].tolist()
    (0.5, ['ridge'], ['ridge'])
    >>> found.existing.loc["valley", ["people_lost", "people_cut_off"]].tolist()  # it is the only one
    [500.0, 1000.0]
    """
    if not 0 < share <= 1:
        raise MethodError(f"share is {share:g}; give a part of all people above 0 and up to 1 (0.9 is 90 %)")
    given = rules or SitingRules()
    plain = SitingRules(existing=given.existing, gap=given.gap, time_limit_s=given.time_limit_s)
    case = checked_case(people, ways, plain)
    total = float(case.people.sum())
    reached = np.isfinite(case.ways) & (case.ways <= np.asarray(radius, dtype="float64"))
    now = float(case.people[reached[:, case.existing].any(axis=1)].sum())
    possible = float(case.people[reached.any(axis=1)].sum())
    needed = None
    if 0 < total * share * (1 - 1e-12) <= possible:
        # of all people, also where some cannot be reached: a share of 1 is then not possible
        least = fewest_sites(people, ways, radius, rules=plain, share=share)
        more = replace(plain, add_at_least=len(least.added), add_at_most=len(least.added))
        best = most_covered(people, ways, radius, rules=more)
        needed = replace(least, open=best.open, flow=best.flow)
    return NextPlaces(
        covered_now=now / total if total > 0 else np.nan,
        possible=possible / total if total > 0 else np.nan,
        asked=share,
        needed=needed,
        first=_first(case, people, ways, radius),
        existing=_losses(case, reached),
    )


def _first(case: Case, people: ArrayLike, ways: ArrayLike, radius: ArrayLike) -> Siting | None:
    """The best one to add, by trying each."""
    reached = np.isfinite(case.ways) & (case.ways <= np.asarray(radius, dtype="float64"))
    open_now = np.asarray(reached[:, case.existing].any(axis=1))
    more = case.people @ (reached & ~open_now[:, None])
    more[case.existing] = 0
    if not more.max(initial=0) > 0:
        return None
    near = case.ways[:, case.existing].min(axis=1, initial=np.inf)
    known = np.isfinite(near)
    spared = case.people[known] @ np.maximum(near[known, None] - case.ways[known], 0)
    best = int(np.lexsort((-spared, -more))[0])
    chosen = case.existing | (np.arange(len(case.sites)) == best)
    fixed = most_covered(people, ways, radius, rules=replace(case.rules, existing=chosen, add_at_most=0))
    return replace(fixed, existing=case.existing)


def _losses(case: Case, reached: np.ndarray) -> pd.DataFrame:
    """What is lost with each existing site."""
    here = np.flatnonzero(case.existing)
    ways, inside = case.ways[:, here], reached[:, here]
    times = inside.sum(axis=1)
    lost = case.people @ (inside & (times == 1)[:, None])
    rows = []
    for column in range(len(here)):
        others = np.delete(ways, column, axis=1).min(axis=1, initial=np.inf)
        mine = ways[:, column] < others
        still = mine & np.isfinite(others)
        rows.append(
            {
                "people": case.people[mine].sum(),
                "people_lost": lost[column],
                "extra": case.people[still] @ (others[still] - ways[still, column]),
                "people_cut_off": case.people[mine & ~still].sum(),
            }
        )
    table = pd.DataFrame(rows, index=case.sites[here], columns=["people", "people_lost", "extra", "people_cut_off"])
    return table.sort_values(["people_lost", "people_cut_off", "extra"], ascending=False, kind="stable")
