"""How firmly each place holds to its lifelines: ways that share no road, what all hang on, what is left after a loss."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html
from riskmap.shelters.detours import detours, routes
from riskmap.shelters.lone_roads import WaysApart, lone_edges, ways_apart
from riskmap.spatial import Network, RouteGraph, nearest_ways

__all__ = ["Lifeline", "lifeline", "stretch_losses"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lifeline:
    """One lifeline of every place.

    Parameters
    ----------
    places : DataFrame
        In the order of the places. ``ways`` that share no road (0 to 3; 3 is three or more); ``lone_m`` (road that every
        way passes; NaN without a way), ``lone_edge`` (the longest edge of it; -1 without); ``site`` and ``cost`` (nearest,
        -1 and NaN without a way), ``second`` and ``second_cost``; ``shared_m`` (road without another way that the
        ways to both pass; NaN without a second); ``worst_edge`` (the one of the usual way whose loss is worst, the longest of several; -1
        without), ``worst_cost`` (of the way that is left then; NaN where none is).
    lone : tuple of ndarray of int
        By place: edges that every way passes, from the sites outwards.
    losses : DataFrame
        From `detours`: every edge of every usual way.
    """

    places: pd.DataFrame
    lone: tuple[NDArray[np.int64], ...]
    losses: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Places, a row each."""
        return self.places


def lifeline(
    network: Network, graph: RouteGraph, places: ArrayLike, sites: ArrayLike, *, usable: NDArray[np.bool_] | None = None
) -> Lifeline:
    """Tell how firmly places hold to the sites of one lifeline.

    Parameters
    ----------
    network : Network
        With places and sites attached.
    graph : RouteGraph
        Of that network: cost and direction of the usual ways.
    places, sites : array_like of int
        Their nodes; negative where no road is near.
    usable : ndarray of bool, optional
        Edges on which the lifeline can come at all; the others (footpaths for a car) are closed.

    Returns
    -------
    Lifeline

    Notes
    -----
    Ways are counted without direction (`ways_apart`): in need a one-way street is opened. Costs keep directions. Only
    stretches of road with a length can be lost, the walk from a place to its road cannot. ``shared_m`` counts the edges on
    both ways without which the road network falls apart: no choice of way gets round them.

    Examples
    --------
    A square of roads with a clinic at the near corner, a lane of 21 m from the far corner to a village, and a second
    clinic at the far corner:

    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network, route_graph
    >>> lines = [[(0, 0), (9, 0), (9, 9)], [(0, 0), (0, 9), (9, 9)], [(9, 9), (30, 9)]]
    >>> roads = gpd.GeoDataFrame(geometry=[shapely.LineString(one) for one in lines], crs="EPSG:4546")
    >>> network = build_network(roads, snap_m=0.1)
    >>> at = [int(np.hypot(*(network.nodes - one).T).argmin()) for one in ((0, 0), (9, 9), (30, 9))]
    >>> found = lifeline(network, route_graph(network), at[2:], at[:2])
    >>> found.places.loc[0, ["ways", "lone_m", "cost", "second_cost", "shared_m"]].tolist()
    [1.0, 21.0, 21.0, 39.0, 21.0]
    """
    nodes, ways = np.asarray(places, dtype="int64"), nearest_ways(graph, sites, k=2)
    length = network.edges["length_m"].to_numpy("float64")
    road = (network.edges["road"] >= 0).to_numpy() & (length > 0)
    apart = ways_apart(network, nodes, sites, usable=usable)
    losses = detours(ways, nodes, losable=road)
    off = np.where(nodes >= 0, nodes, -1)  # the row put last stands for places off the road
    site = np.vstack([ways.source, [[-1, -1]]])[off]
    cost = np.vstack([ways.cost, [[np.inf, np.inf]]])[off]
    shared = _shared_m(network, (routes(ways, nodes), routes(ways, nodes, rank=1)), usable, count=len(nodes))
    table = pd.DataFrame(
        {
            "ways": apart.ways, **_lone(apart, length), "site": site[:, 0], "cost": _known(cost[:, 0]),
            "second": site[:, 1], "second_cost": _known(cost[:, 1]), "shared_m": np.where(site[:, 1] >= 0, shared, np.nan),
        }
    )  # fmt: skip
    table = table.join(_worst(losses.assign(length=length[losses["edge"]]), len(nodes)))
    return Lifeline(places=table, lone=apart.lone, losses=losses)


def _known(cost: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(cost), cost, np.nan)


def _lone(apart: WaysApart, length: NDArray[np.float64]) -> dict[str, NDArray[np.float64] | list[int]]:
    metres = np.array([float(length[one].sum()) for one in apart.lone])
    longest = [int(one[length[one].argmax()]) if len(one) else -1 for one in apart.lone]
    return {"lone_m": np.where(apart.ways > 0, metres, np.nan), "lone_edge": longest}


def _worst(losses: pd.DataFrame, count: int) -> pd.DataFrame:
    """The edge of each place whose loss is worst, and the cost of the way that is left then."""
    last = losses.sort_values(["after", "length"], kind="stable").groupby("place").tail(1).set_index("place")
    told = last.reindex(range(count))
    edge = told["edge"].fillna(-1).astype("int64")
    return pd.DataFrame({"worst_edge": edge, "worst_cost": _known(told["after"].to_numpy("float64"))})


def _shared_m(
    network: Network, both: tuple[pd.DataFrame, pd.DataFrame], usable: NDArray[np.bool_] | None, *, count: int
) -> NDArray[np.float64]:
    """Metres on both routes of each place that no other way gets round."""
    common = both[0].merge(both[1], on=["place", "edge"])
    alone = np.zeros(len(network.edges), bool)
    alone[lone_edges(network, usable=usable)] = True
    common = common[alone[common["edge"].to_numpy("int64")]]
    length = network.edges["length_m"].to_numpy("float64")[common["edge"].to_numpy("int64")]
    return np.bincount(common["place"].to_numpy("int64"), weights=length, minlength=count).astype("float64")


def stretch_losses(found: Mapping[str, Lifeline], people: ArrayLike) -> pd.DataFrame:
    """Say what the loss of every stretch does to the people, over all lifelines.

    Parameters
    ----------
    found : mapping of str to Lifeline
        Of the same places.
    people : array_like
        People of each place; unknown ones count as none.

    Returns
    -------
    DataFrame
        Index ``edge``, only edges of usual ways: ``people_on_it`` (their usual way to a lifeline passes it),
        ``people_cut_off`` (lose a lifeline), ``people_isolated`` (lose every lifeline that they have), ``lost`` (set of the
        lifelines lost: 1 for the first, 2 for the second, 4 for the third, ...), ``extra`` (people x cost by which the
        longest detour of those who lose none is longer). Those that cut off most first.

    Raises
    ------
    MethodError
        Negative people, or as many as there are no places.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.spatial import build_network, route_graph
    >>> road = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (100, 0)])], crs="EPSG:4546")
    >>> network = build_network(road)
    >>> clinic = lifeline(network, route_graph(network), [1], [0])
    >>> stretch_losses({"clinic": clinic}, [70]).iloc[0].tolist()
    [70.0, 70.0, 70.0, 1.0, 0.0]
    """
    count = np.asarray(people, dtype="float64")
    if (count < 0).any() or any(len(one.places) != count.size for one in found.values()):
        raise MethodError(f"people of {count.size} places: give 0 or more for each place, NaN where they are unknown")
    parts = [one.losses.assign(bit=1 << n) for n, one in enumerate(found.values())]
    rows = pd.concat([pd.DataFrame(columns=["place", "edge", "before", "after", "bit"], dtype="float64"), *parts])
    cut = ~np.isfinite(rows["after"].to_numpy("float64"))
    rows = rows.assign(
        cut=cut, bit=np.where(cut, rows["bit"], 0), extra=np.where(cut, 0.0, rows["after"] - rows["before"])
    )
    had = np.sum([one.places["cost"].notna() for one in found.values()], axis=0)
    one = (
        rows.groupby(["edge", "place"])
        .agg(cut=("cut", "sum"), bit=("bit", "sum"), extra=("extra", "max"))
        .reset_index()
    )
    place = one["place"].to_numpy("int64")
    head = np.nan_to_num(count[place])
    table = pd.DataFrame(
        {
            "edge": one["edge"].astype("int64"), "people_on_it": head, "people_cut_off": np.where(one["cut"] > 0, head, 0.0),
            "people_isolated": np.where((one["cut"] > 0) & (one["cut"] == had[place]), head, 0.0),
            "extra": np.where(one["cut"] > 0, 0.0, head * one["extra"]),
        }
    )  # fmt: skip
    sums = table.groupby("edge").sum()
    lost = one["bit"].astype("int64").groupby(table["edge"]).agg(np.bitwise_or.reduce)
    sums.insert(3, "lost", lost.reindex(sums.index))
    return sums.sort_values(["people_cut_off", "people_isolated", "extra"], ascending=False, kind="stable")
