"""The program behind coverage: which sites are open, and whom they then cover."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint

from riskmap.shelters.flow import most_placed
from riskmap.shelters.problem import Case, site_rows
from riskmap.shelters.solve import Solved, solve

__all__ = ["Cover", "Seek", "cover_of", "open_sites", "share_out"]


Seek = Literal["most", "least", "any"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cover:
    """Who is reached from where, places with the same sites taken together.

    Parameters
    ----------
    case : Case
        What is asked.
    reached : ndarray of bool, shape (places, sites)
        Whether a site reaches a place.
    group : ndarray of int, shape (places,)
        Group of each place: all with the same sites.
    sites_of : csr_array, shape (groups, sites)
        1 where a site reaches a group.
    people : ndarray, shape (groups,)
        People of each group.
    times : int
        By how many sites a place must be reached to count as covered.
    room : ndarray of int64 or None
        People that each site holds; None counts no room.
    """

    case: Case
    reached: NDArray[np.bool_]
    group: NDArray[np.intp]
    sites_of: sp.csr_array
    people: NDArray[np.float64]
    times: int
    room: NDArray[np.int64] | None

    @property
    def out_of_reach(self) -> NDArray[np.bool_]:
        """Places that the candidates together do not reach as often as asked."""
        return np.asarray(self.reached.sum(axis=1) < self.times)


def cover_of(case: Case, reached: NDArray[np.bool_], *, times: int = 1, room: NDArray[np.int64] | None = None) -> Cover:
    """Take places with the same sites together.

    Parameters
    ----------
    case : Case
        What is asked.
    reached : ndarray of bool, shape (places, sites)
        Whether a site reaches a place.
    times : int
        By how many sites a place must be reached.
    room : ndarray of int64, optional
        People that each site holds.

    Returns
    -------
    Cover

    Notes
    -----
    Exact: in coverage only the set of sites that reach a place matters. 100,000 places among 100 sites are often a few
    thousand groups.

    Examples
    --------
    >>> from riskmap.shelters.problem import checked_case
    >>> case = checked_case([1, 2, 4], [[1.0, 9.0], [9.0, 1.0], [2.0, 8.0]])
    >>> cover_of(case, case.ways <= 5).people.tolist()
    [2.0, 5.0]
    """
    packed = np.ascontiguousarray(np.packbits(reached, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    sites_of = sp.csr_array(reached[first].astype("float64"))
    return Cover(
        case=case,
        reached=reached,
        group=group,
        sites_of=sites_of,
        people=np.bincount(group, weights=case.people, minlength=len(first)).astype("float64"),
        times=times,
        room=room,
    )


def open_sites(
    cover: Cover, *, seek: Seek, people: float = 0.0, all_by: int = 0, time_limit_s: float | None = None
) -> Solved:
    """Choose sites: the most people covered, or the least cost at which so many are.

    Parameters
    ----------
    cover : Cover
        Who is reached from where.
    seek : {"most", "least", "any"}
        Most people, the least cost of sites, or any answer at all.
    people : float
        People to be covered at least.
    all_by : int
        Every group must be reached by so many sites, or by all that reach it if they are fewer.
    time_limit_s : float, optional
        Else that of the rules.

    Returns
    -------
    Solved
        The first columns of ``x`` are the sites; with ``most`` objective and bound are people, negative.

    Notes
    -----
    Without room, one column a group: ``times z <= sum of its open sites`` (Church and ReVelle 1974,
    doi:10.1007/BF01942293; twice covered: Hogan and ReVelle 1986, doi:10.1287/mnsc.32.11.1434). With room, one column a
    group and site: the share of the group that goes there; shares sum to 1 at most, their people to the room
    (Current and Storbeck 1988, doi:10.1068/b150153).

    Examples
    --------
    >>> from riskmap.shelters.problem import SitingRules, checked_case
    >>> case = checked_case([1, 2, 4], [[1.0, 9.0], [9.0, 1.0], [2.0, 8.0]], SitingRules(add_at_most=1))
    >>> found = open_sites(cover_of(case, case.ways <= 5), seek="most")
    >>> -found.objective, found.x[:2].tolist()
    (5.0, [1.0, 0.0])
    """
    case, count = cover.case, len(cover.case.sites)
    rows, served = _rows_without_room(cover) if cover.room is None else _rows_with_room(cover, cover.room)
    rows += site_rows(case, len(served))
    if people > 0:
        rows.append(LinearConstraint(sp.csr_array(served[None]), people, np.inf))
    if all_by:
        reach = sp.csr_array(cover.sites_of, copy=True)
        reach.resize(len(cover.people), len(served))
        rows.append(LinearConstraint(reach, np.minimum(all_by, np.diff(cover.sites_of.indptr)), np.inf))
    whole = np.zeros(len(served))
    whole[: count if cover.times == 1 else None] = 1
    lower = np.zeros(len(served))
    lower[:count] = case.existing
    aim = {"most": -served, "least": np.pad(case.cost, (0, len(served) - count)), "any": np.zeros(len(served))}
    return solve(
        aim[seek],
        rows,
        whole=whole,
        lower=lower,
        upper=1,
        gap=case.rules.gap,
        time_limit_s=case.rules.time_limit_s if time_limit_s is None else time_limit_s,
    )


def _rows_without_room(cover: Cover) -> tuple[list[LinearConstraint], NDArray[np.float64]]:
    """Rows that link groups to sites, and the people that each column covers."""
    link = sp.hstack([-cover.sites_of, sp.eye_array(len(cover.people)) * cover.times], format="csr")
    served = np.concatenate([np.zeros(len(cover.case.sites)), cover.people])
    return [LinearConstraint(link, -np.inf, 0)], served


def _rows_with_room(cover: Cover, room: NDArray[np.int64]) -> tuple[list[LinearConstraint], NDArray[np.float64]]:
    """Rows that share groups out over sites with room, and the people that each column covers."""
    count, groups = len(room), len(cover.people)
    pairs = cover.sites_of.tocoo()
    keep = (cover.people[pairs.row] > 0) & (room[pairs.col] > 0)
    row, column = pairs.row[keep], pairs.col[keep]
    heads, number = cover.people[row], np.arange(len(row))
    columns = count + len(row)
    ones = np.ones(len(row))
    shared = sp.csr_array((ones, (row, count + number)), shape=(groups, columns))
    held = sp.csr_array((heads, (column, count + number)), shape=(count, columns))
    held -= sp.csr_array((room.astype("float64"), (np.arange(count), np.arange(count))), shape=(count, columns))
    only_open = sp.csr_array(
        (
            np.concatenate([ones, -np.minimum(1.0, room[column] / heads)]),
            (np.tile(number, 2), np.concatenate([count + number, column])),
        ),
        shape=(len(row), columns),
    )
    rows = [
        LinearConstraint(shared, -np.inf, 1),
        LinearConstraint(held, -np.inf, 0),
        LinearConstraint(only_open, -np.inf, 0),
    ]
    return rows, np.concatenate([np.zeros(count), heads])


def share_out(cover: Cover, chosen: NDArray[np.bool_]) -> sp.csr_array:
    """Send people to the open sites: to the nearest, or, where room counts, so that most find room.

    Parameters
    ----------
    cover : Cover
        Who is reached from where.
    chosen : ndarray of bool, shape (sites,)
        Open sites.

    Returns
    -------
    csr_array, shape (places, sites)
        People. Where room counts, who of a group goes to which of its sites is by their order, not by distance.

    Examples
    --------
    >>> from riskmap.shelters.problem import checked_case
    >>> case = checked_case([1, 2, 4], [[1.0, 9.0], [9.0, 1.0], [2.0, 3.0]])
    >>> share_out(cover_of(case, case.ways <= 5, room=np.array([3, 3])), np.array([True, True])).toarray().tolist()
    [[1, 0], [0, 2], [2, 1]]
    """
    case = cover.case
    inside = cover.reached & chosen
    if cover.room is None:
        row = np.flatnonzero(inside.any(axis=1))
        nearest = np.where(inside, case.ways, np.inf)[row].argmin(axis=1)
        return sp.csr_array((case.people[row], (row, nearest)), shape=inside.shape)
    groups = most_placed(cover.people.astype("int64"), np.where(chosen, cover.room, 0), cover.sites_of.toarray() > 0)
    order = np.argsort(cover.group, kind="stable")
    return _to_places(groups, case.people.astype("int64"), cover.group, order)


def _to_places(
    groups: sp.csr_array, people: NDArray[np.int64], group: NDArray[np.intp], order: NDArray[np.intp]
) -> sp.csr_array:
    """Split the flow of each group over its places, in their order."""
    ends = np.searchsorted(group[order], np.arange(groups.shape[0] + 1))
    rows, columns, heads = [], [], []
    for one in np.flatnonzero(np.diff(groups.indptr)):
        part = slice(groups.indptr[one], groups.indptr[one + 1])
        members = order[ends[one] : ends[one + 1]]
        of_place, of_site = np.cumsum(people[members]), np.cumsum(groups.data[part])
        cuts = np.unique(np.concatenate([of_place, of_site]))
        cuts = cuts[(cuts > 0) & (cuts <= of_site[-1])]
        rows.append(members[np.searchsorted(of_place, cuts)])
        columns.append(groups.indices[part][np.searchsorted(of_site, cuts)])
        heads.append(np.diff(cuts, prepend=0))
    if not rows:
        return sp.csr_array((len(people), groups.shape[1]), dtype="int64")
    flat = np.concatenate(heads), (np.concatenate(rows), np.concatenate(columns))
    return sp.csr_array(flat, shape=(len(people), groups.shape[1]))
