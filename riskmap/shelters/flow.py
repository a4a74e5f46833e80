"""People through a bipartite net of places and sites: the most that find room, and the cheapest way to place them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse.csgraph import maximum_flow

from riskmap.errors import MethodError

__all__ = ["CheapestFlow", "cheapest_flow", "most_placed"]

_MOST_PEOPLE = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheapestFlow:
    """The cheapest way to place people.

    Parameters
    ----------
    flow : csr_array of int64, shape (places, sites)
        People from each place to each site.
    total : float
        Its cost.
    detour : ndarray, shape (places, sites)
        What the total rises by, at least, for each head that goes this way instead (the reduced cost); inf where a
        place may not go.
    price : ndarray, shape (sites,)
        What the total falls by, at most, for each further head of room at a site.
    """

    flow: sp.csr_array
    total: float
    detour: NDArray[np.float64]
    price: NDArray[np.float64]


def most_placed(people: NDArray[np.int64], room: NDArray[np.int64], reached: NDArray[np.bool_]) -> sp.csr_array:
    """Place as many people as room and reach allow, wherever.

    Parameters
    ----------
    people : ndarray of int, shape (places,)
        Who looks for room.
    room : ndarray of int, shape (sites,)
        Whom each site holds.
    reached : ndarray of bool, shape (places, sites)
        Who may go where.

    Returns
    -------
    csr_array of int64, shape (places, sites)
        People from each place to each site.

    Raises
    ------
    MethodError
        More people than the method counts (2,147,483,647).

    Notes
    -----
    Maximum flow (Dinic 1970); whole people in, whole people out.

    Examples
    --------
    >>> reached = np.array([[True, False], [True, True]])
    >>> most_placed(np.array([5, 4]), np.array([6, 3]), reached).sum()
    np.int64(9)
    """
    if people.sum() > _MOST_PEOPLE:
        raise MethodError(f"{people.sum()} people; the method counts {_MOST_PEOPLE} at most, so run parts of the area")
    places, sites = reached.shape
    row, column = np.nonzero(reached)
    sink = places + sites + 1
    tail = np.concatenate([np.zeros(places, int), 1 + row, 1 + places + np.arange(sites)])
    head = np.concatenate([1 + np.arange(places), 1 + places + column, np.full(sites, sink)])
    room = np.minimum(room, people.sum())
    most = np.concatenate([people, np.minimum(people[row], room[column]), room]).astype("int32")
    net = sp.csr_array((most, (tail, head)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(net, 0, sink).flow[1 : places + 1, places + 1 : sink]
    found = sp.csr_array(flow.astype("int64"))
    found.eliminate_zeros()
    return found


def cheapest_flow(
    people: NDArray[np.int64], room: NDArray[np.int64], cost: NDArray[np.float64], *, placed: int
) -> CheapestFlow:
    """Place a given number of people at the least total cost.

    Parameters
    ----------
    people : ndarray of int, shape (places,)
        Who looks for room.
    room : ndarray of int, shape (sites,)
        Whom each site holds.
    cost : ndarray, shape (places, sites)
        Cost a head; inf where a place may not go.
    placed : int
        How many at least are placed; not more than `most_placed` places.

    Returns
    -------
    CheapestFlow

    Raises
    ------
    MethodError
        More people are to be placed than find room.

    Notes
    -----
    The transport problem (Hitchcock 1941) with one more site for those who stay out. Its matrix is totally unimodular,
    so a corner of the feasible region is whole people; the simplex method ends in a corner.

    Examples
    --------
    >>> found = cheapest_flow(np.array([5, 4]), np.array([6, 3]), np.array([[1.0, 9.0], [2.0, 3.0]]), placed=9)
    >>> found.flow.toarray().tolist(), found.total
    ([[5, 0], [1, 3]], 16.0)
    """
    places, sites = cost.shape
    if not places:
        return CheapestFlow(
            flow=sp.csr_array((0, sites), dtype="int64"), total=0.0, detour=cost.copy(), price=np.zeros(sites)
        )
    row, column = np.nonzero(np.isfinite(cost) & (people[:, None] > 0) & (room > 0))
    out = np.arange(places)
    arcs = np.arange(len(row) + places)
    leaves = sp.csr_array((np.ones(arcs.size), (np.concatenate([row, out]), arcs)), shape=(places, arcs.size))
    enters = sp.csr_array(
        (np.ones(arcs.size), (np.concatenate([column, np.full(places, sites)]), arcs)), shape=(sites + 1, arcs.size)
    )
    found = linprog(
        np.concatenate([cost[row, column], np.zeros(places)]),
        A_ub=enters,
        b_ub=np.append(room, people.sum() - placed),
        A_eq=leaves,
        b_eq=people,
        method="highs-ds",
    )
    if found.x is None:
        raise MethodError(f"{placed} of {people.sum()} people cannot be placed; place fewer or give more room")
    flow = sp.csr_array((np.rint(found.x[: len(row)]).astype("int64"), (row, column)), shape=(places, sites))
    flow.eliminate_zeros()
    detour = np.full(cost.shape, np.inf)
    detour[row, column] = cost[row, column] - found.eqlin.marginals[row] - found.ineqlin.marginals[column]
    return CheapestFlow(flow=flow, total=float(found.fun), detour=detour, price=-found.ineqlin.marginals[:sites])
