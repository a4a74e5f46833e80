"""Whom the facilities of any declared network serve: how far, which facility, and why not, in every scenario."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html
from riskmap.shelters.driving import Travel
from riskmap.shelters.next_places import NextPlaces, next_places
from riskmap.shelters.problem import SitingRules
from riskmap.shelters.service_areas import isochrones, reached_roads
from riskmap.shelters.service_rules import ServiceRule
from riskmap.spatial import nearest_ways, way_matrix

__all__ = ["Service", "in_reach", "more_facilities", "service", "service_land", "ways_to"]

_HAIR = 1e-6
"""A way of exactly the limit is within it."""

_UNSERVED = ("too far", "no road", "cut off", "unsafe", "none")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service:
    """Whom a network of facilities serves.

    Parameters
    ----------
    rule : ServiceRule
        What was asked.
    places : GeoDataFrame
        As the demand, with ``facility`` (index of the nearest, None without a way), ``way`` (minutes or metres, the time
        before it sets out included; NaN without a way), ``second`` and ``second_way``, ``served`` and ``reason``:
        ``served``; ``no road``; ``too far``; ``none`` (there is no facility).
    scenarios : DataFrame
        Index ``scenario``, ``dry`` first: ``facilities`` (usable), ``places``, ``places_served``, ``total`` = ``served`` + ``too far`` + ``no road`` +
        ``cut off`` (only closed roads are the cause) + ``unsafe`` (only threatened facilities are near) + ``none``; and
        ``share`` (NaN without demand).
    facilities : DataFrame
        Index of the facilities: ``amount`` of the places that are nearest to it, ``served`` of it, ``farthest`` way.
    """

    rule: ServiceRule
    places: gpd.GeoDataFrame
    scenarios: pd.DataFrame
    facilities: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> gpd.GeoDataFrame:
        """Places, each with its nearest facility."""
        return self.places


def service(
    rule: ServiceRule,
    travel: Travel,
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    states: Mapping[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] | None = None,
) -> Service:
    """Tell whom the facilities serve, on a dry day and in each scenario.

    Parameters
    ----------
    rule : ServiceRule
        The network of facilities.
    travel : Travel
        Roads, with demand and facilities attached.
    demand : GeoDataFrame
        Points with ``amount`` (people, square metres, points; NaN is unknown and stands in no sum) and ``node`` (of the
        network; -1 where no road is near).
    facilities : GeoDataFrame
        Points with ``node``.
    states : mapping of scenario to (open edges, safe facilities), optional
        From `riskmap.shelters.states_of`.

    Returns
    -------
    Service

    Raises
    ------
    MethodError
        A negative amount, or a state that does not fit.

    Notes
    -----
    The nearest facility over all open roads (`riskmap.spatial.nearest_ways`), in the direction in which the network
    works. Closing roads never shortens a way; one more facility never lowers what is served.

    Examples
    --------
    A fire station at the end of a county road, a village 2 km and one 4 km away; 40 km/h, a minute to set out:

    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.spatial import build_network
    >>> from riskmap.standards import book
    >>> fire = service_rules(book())[0]
    >>> lines = [shapely.LineString([(0, 0), (2000, 0)]), shapely.LineString([(2000, 0), (4000, 0)])]
    >>> network = build_network(gpd.GeoDataFrame(geometry=lines, crs="EPSG:4546"))
    >>> drive = np.full((2, 2), 3.0)
    >>> at = gpd.points_from_xy([0, 2000, 4000], [0, 0, 0])
    >>> station = gpd.GeoDataFrame({"node": [0]}, geometry=at[:1])
    >>> node = [int(np.hypot(*(network.nodes - [x, 0]).T).argmin()) for x in (2000, 4000)]
    >>> villages = gpd.GeoDataFrame({"amount": [300, 500], "node": node}, geometry=at[1:])
    >>> found = service(fire, Travel(network=network, walk=drive, drive=drive), villages, station)
    >>> found.places[["way", "reason"]].to_numpy().tolist()
    [[4.0, 'served'], [7.0, 'too far']]
    >>> found.scenarios.loc["dry", ["total", "served", "too far"]].tolist()
    [800.0, 300.0, 500.0]
    """
    amount = demand["amount"].to_numpy("float64")
    if (amount < 0).any():
        raise MethodError("the amount of a place is negative; give 0 or more, NaN where it is unknown")
    every = np.ones(len(facilities), bool)
    way, source = _nearest(rule, travel, demand, facilities, usable=None, safe=every)
    near = in_reach(rule, way[:, 0])
    why = np.where(near, "served", np.where(np.isfinite(way[:, 0]), "too far", "no road" if len(every) else "none"))
    rows = {"dry": _sums(amount, why, usable=len(every))}
    for name, (usable, safe) in (states or {}).items():
        if len(usable) != len(travel.network.edges) or len(safe) != len(every):
            raise MethodError(
                f"scenario {name!r} tells of {len(usable)} roads and {len(safe)} facilities; there are "
                f"{len(travel.network.edges)} and {len(every)}"
            )
        kept = way if safe.all() else _nearest(rule, travel, demand, facilities, usable=None, safe=safe)[0]
        shut = kept if usable.all() else _nearest(rule, travel, demand, facilities, usable=usable, safe=safe)[0]
        lost = np.where(in_reach(rule, kept[:, 0]), "cut off", "unsafe")
        told = np.where(in_reach(rule, shut[:, 0]) | ~near, why, lost)
        rows[name] = _sums(amount, told, usable=int(safe.sum()))
    ids = np.array([*facilities.index, None], dtype="object")
    places = demand.assign(
        facility=ids[source[:, 0]], way=_known(way[:, 0]), second=ids[source[:, 1]], second_way=_known(way[:, 1]),
        served=near, reason=why,
    )  # fmt: skip
    scenarios = pd.DataFrame.from_dict(rows, orient="index").rename_axis("scenario")
    return Service(rule=rule, places=places, scenarios=scenarios, facilities=_by_facility(places, facilities.index))


def _known(way: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(way), way, np.nan)


def _sums(amount: NDArray[np.float64], why: NDArray[np.str_], *, usable: int) -> dict[str, float]:
    parts = {one: float(np.nansum(amount[why == one])) for one in ("served", *_UNSERVED)}
    total = sum(parts.values())
    places = {"places": len(why), "places_served": int((why == "served").sum())}
    share = parts["served"] / total if total > 0 else np.nan
    return {"facilities": usable, **places, "total": total, **parts, "share": share}


def _by_facility(places: gpd.GeoDataFrame, index: pd.Index) -> pd.DataFrame:
    known = places[places["facility"].notna()]
    of = known["facility"]
    table = pd.DataFrame(
        {
            "amount": known["amount"].groupby(of).sum(),
            "served": known["amount"].where(known["served"], 0.0).groupby(of).sum(),
            "farthest": known["way"].groupby(of).max(),
        }
    )
    return table.reindex(index).fillna({"amount": 0.0, "served": 0.0})


def _nearest(
    rule: ServiceRule,
    travel: Travel,
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    usable: NDArray[np.bool_] | None,
    safe: NDArray[np.bool_],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Ways to the nearest two facilities, inf without one, and their positions, -1 without one."""
    way, source = np.full((len(demand), 2), np.inf), np.full((len(demand), 2), -1)
    if rule.mode == "straight":
        kept = np.flatnonzero(safe)
        if len(kept) and len(demand):
            there = shapely.get_coordinates(facilities.geometry.to_numpy()[kept])
            way, at = cKDTree(there).query(shapely.get_coordinates(demand.geometry.to_numpy()), k=2)
            source = np.append(kept, -1)[np.where(at < len(kept), at, len(kept))]
        return way, source
    nodes = np.where(safe, facilities["node"].to_numpy("int64"), -1)
    found = nearest_ways(travel.graph(rule, usable), nodes, k=2)
    at = demand["node"].to_numpy("int64")
    on = at >= 0
    way[on], source[on] = found.cost[at[on]] + rule.start, found.source[at[on]]
    return way, source


def ways_to(
    rule: ServiceRule, travel: Travel, demand: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame
) -> NDArray[np.float64]:
    """Way between every place and every facility on a dry day, the time before it sets out included.

    Parameters
    ----------
    rule, travel, demand, facilities
        As in `service`.

    Returns
    -------
    ndarray, shape (places, facilities)
        Minutes or metres; inf where there is none, and over roads where it is beyond the limit.

    Examples
    --------
    >>> ways_to.__name__
    'ways_to'
    """
    if rule.mode != "straight":
        most = rule.most - rule.start + _HAIR
        return way_matrix(travel.graph(rule), facilities["node"], demand["node"], limit=most) + rule.start
    here, there = (shapely.get_coordinates(one.geometry.to_numpy()) for one in (demand, facilities))
    return np.hypot(here[:, None, 0] - there[None, :, 0], here[:, None, 1] - there[None, :, 1])


def in_reach(rule: ServiceRule, ways: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether ways are within the limit; one of exactly the limit is.

    Examples
    --------
    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.standards import book
    >>> in_reach(service_rules(book())[0], np.array([4.0, 5.0, 5.1, np.inf, np.nan])).tolist()
    [True, True, False, False, False]
    """
    return np.asarray(ways <= rule.most + _HAIR)


def more_facilities(
    rule: ServiceRule,
    travel: Travel,
    demand: gpd.GeoDataFrame,
    facilities: gpd.GeoDataFrame,
    *,
    candidates: gpd.GeoDataFrame,
) -> NextPlaces:
    """How many more facilities are needed, and where, until the declared share is served.

    Parameters
    ----------
    rule, travel, demand, facilities
        As in `service`; unknown amounts count as nothing to serve.
    candidates : GeoDataFrame
        Points with ``node``; in the answer they stand after the facilities.

    Returns
    -------
    NextPlaces
        Where all candidates together serve less than the declared share, the fewest that serve as much as is possible;
        ``asked`` is then what is possible.

    Raises
    ------
    MethodError
        The network declares no share.

    Notes
    -----
    The exact partial set cover of `riskmap.shelters.next_places`.

    Examples
    --------
    >>> more_facilities.__name__
    'more_facilities'
    """
    if rule.share is None:
        raise MethodError(f"network {rule.name!r} declares no share; add share to its table")
    both = gpd.GeoDataFrame(pd.concat([facilities[["node", "geometry"]], candidates[["node", "geometry"]]]))
    ways = pd.DataFrame(ways_to(rule, travel, demand, both), index=demand.index)
    rules = SitingRules(existing=np.arange(len(both)) < len(facilities))
    amount, most = demand["amount"].fillna(0.0).astype("float64"), rule.most + _HAIR
    found = next_places(amount, ways, most, share=float(rule.share.value), rules=rules)  # type: ignore[arg-type]
    if found.needed is None and found.possible > 0:
        return next_places(amount, ways, most, share=found.possible * (1 - 1e-9), rules=rules)
    return found


def service_land(
    rule: ServiceRule, travel: Travel, facilities: gpd.GeoDataFrame, *, width_m: float
) -> gpd.GeoDataFrame:
    """Land that each facility reaches within the limit on a dry day: along the roads, or in a circle.

    Parameters
    ----------
    rule, travel, facilities
        As in `service`.
    width_m : float
        How far from a road still counts.

    Returns
    -------
    GeoDataFrame
        Index of the facilities; ``area_km2`` and the land; 0 and an empty shape where no road is near.

    Examples
    --------
    >>> service_land.__name__
    'service_land'
    """
    if rule.mode == "straight":
        shapes = facilities.geometry.buffer(rule.most).to_numpy()
    else:
        minutes = travel.minutes(rule)
        price = minutes[:, ::-1] if rule.outward else minutes  # reached_roads goes to the site
        shapes = np.array(
            [_land(travel, int(node), rule.most - rule.start, price=price, width_m=width_m) for node in facilities["node"]],
            dtype="object",
        )  # fmt: skip
    found = gpd.GeoDataFrame(geometry=shapes, index=facilities.index, crs=facilities.crs)
    return found.assign(area_km2=found.area / 1e6)[["area_km2", "geometry"]]


def _land(travel: Travel, node: int, most: float, *, price: NDArray[np.float64], width_m: float) -> shapely.Geometry:
    found = reached_roads(travel.network, [node], [most], cost=price)
    roads = found[travel.network.edges["road"].reindex(found["edge"]).to_numpy() >= 0]  # walks to places are no roads
    return isochrones(roads, width_m=width_m).geometry.iloc[0] if len(roads) else shapely.Polygon()
