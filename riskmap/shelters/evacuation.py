"""Who must leave in each scenario, to which shelter with room left, and who finds none for which reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import Standards
from riskmap.model.shown import frame_html
from riskmap.shelters.allocation import split_people
from riskmap.shelters.ground import Ground
from riskmap.spatial import route_graph, way_matrix

__all__ = ["EVACUATION_THRESHOLDS", "Evacuation", "evacuation"]

EVACUATION_THRESHOLDS = ("shelters.evacuation_limit_min", "shelters.other_township_min")
_CENTIMETRE = 0.01
_FLOWS = ("scenario", "time", "unit_id", "shelter_id", "people", "minutes")
_PLACES = ("scenario", "time", "unit_id", "people", "assigned", "unassigned", "reason")
_SUMS = ("people", "assigned", "unassigned")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evacuation:
    """Allocation of people to shelters, scenario by scenario and time by time.

    Parameters
    ----------
    flows : DataFrame
        ``scenario``, ``time``, ``unit_id``, ``shelter_id``, ``people``, ``minutes`` on foot; one row for each unit and
        shelter with people between them.
    places : DataFrame
        ``scenario``, ``time``, ``unit_id``, ``people`` = ``assigned`` + ``unassigned``, ``reason`` of the unassigned:
        ``no room``, ``cut off`` (closed roads alone are the cause), ``unsafe`` (only threatened shelters are near),
        ``too far`` (beyond the radii), ``too long`` (beyond the walking time), ``no road``; ``covered`` where all found
        room.
    scenarios : DataFrame
        Index ``scenario``, of the residents; ``people_to_move``, ``people_assigned``, ``people_unassigned``, ``worst_min``.
    times : DataFrame
        ``scenario``, ``time`` and the same four.
    """

    flows: pd.DataFrame
    places: pd.DataFrame
    scenarios: pd.DataFrame
    times: pd.DataFrame

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """People to move, placed and not placed, by scenario and time."""
        return self.times


def evacuation(
    ground: Ground,
    places: gpd.GeoDataFrame,
    people: Mapping[str, pd.Series | pd.DataFrame],
    *,
    states: Mapping[str, tuple[np.ndarray, np.ndarray]],
    away: np.ndarray,
    standards: Standards,
    serves: Mapping[str, np.ndarray] | None = None,
    by_radius: Collection[str] = ("dry",),
) -> Evacuation:
    """Allocate the people of each scenario to shelters that stay safe and have room, over roads that stay open.

    Parameters
    ----------
    ground : Ground
        Network with units and shelters on it.
    places : GeoDataFrame
        Index ``shelter_id``; ``capacity_people`` (NaN holds nobody), ``radius_m``.
    people : mapping of scenario to Series or DataFrame
        Index ``unit_id`` in the order of ``ground.nodes``: who must leave; NaN counts as nobody, fractions are rounded.
        The columns of a DataFrame are times, the first of them that of the summary; a Series is of the residents.
    states : mapping of scenario to (open edges, safe shelters)
        From `riskmap.shelters.states_of`; a scenario that is not in it leaves all open.
    away : ndarray of bool, shape (units, shelters)
        Where the shelter stands in another township.
    standards : Standards
        Limit, and the price of leaving the own township.
    serves : mapping of scenario to ndarray of bool, optional
        Which shelters are meant for it; all unless told.
    by_radius : collection of str
        Scenarios in which the radius of each shelter is the limit; in the others it is the declared time.

    Returns
    -------
    Evacuation

    Notes
    -----
    As many people as possible find room, then the least person-minutes (`split_people`, proved).

    Examples
    --------
    >>> evacuation.__name__
    'evacuation'
    """
    extra = standards.value("shelters.other_township_min") * away
    room = np.floor(places["capacity_people"].fillna(0).to_numpy("float64"))
    case = _Case.of(ground, places, limit_min=standards.value("shelters.evacuation_limit_min"))
    everywhere = np.ones(len(ground.network.edges), bool), np.ones(len(places), bool)
    parts = []
    for name, counts in people.items():
        meant = (serves or {}).get(name, everywhere[1])
        table, why = case.ways(states.get(name, everywhere), meant=meant, by_radius=name in by_radius)
        frame = counts.to_frame("resident") if isinstance(counts, pd.Series) else counts
        minutes = pd.DataFrame(table, index=frame.index, columns=places.index)
        for time in frame.columns:
            found = split_people(frame[time].fillna(0).round(), minutes, room, extra_min=extra)
            told = found.places["reason"].eq("no way"), found.places["unassigned"].eq(0)
            reason = np.select([told[1], told[0]], ["covered", why], "no room")
            named = {"scenario": name, "time": time}
            flows = found.flows.rename(columns={"place": "unit_id", "site": "shelter_id"}).assign(**named)
            left = found.places.assign(reason=reason, **named).rename_axis("unit_id").reset_index()
            parts.append((flows[list(_FLOWS)], left[list(_PLACES)], {**named, "worst_min": found.worst_min}))
    return _joined(parts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Case:
    """Ways on a day without a hazard, and what lies within the limits then."""

    ground: Ground
    dry_min: np.ndarray
    within_radius: np.ndarray
    limit_min: float

    @classmethod
    def of(cls, ground: Ground, places: gpd.GeoDataFrame, *, limit_min: float) -> "_Case":
        radius = places["radius_m"].to_numpy("float64") + _CENTIMETRE
        graph = route_graph(ground.network)
        metres = way_matrix(graph, ground.sites, ground.nodes, limit=float(radius.max(initial=0.0)))
        dry = way_matrix(ground.on_foot(), ground.sites, ground.nodes)
        return cls(ground=ground, dry_min=dry, within_radius=metres <= radius, limit_min=limit_min)

    def ways(
        self, state: tuple[np.ndarray, np.ndarray], *, meant: np.ndarray, by_radius: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Minutes to the shelters that may be used, inf to the others; and why a unit has none."""
        usable, safe = state
        near = (self.within_radius if by_radius else self.dry_min <= self.limit_min) & meant
        minutes = self.dry_min
        if not usable.all():
            minutes = way_matrix(self.ground.on_foot(usable), self.ground.sites, self.ground.nodes)
        inside = near if by_radius else (minutes <= self.limit_min) & meant
        why = np.select(
            [~np.isfinite(self.dry_min).any(axis=1), (near & safe).any(axis=1), near.any(axis=1)],
            ["no road", "cut off", "unsafe"],
            "too far" if by_radius else "too long",
        )
        return np.where(inside & safe, minutes, np.inf), why


def _joined(parts: list[tuple[pd.DataFrame, pd.DataFrame, dict[str, object]]]) -> Evacuation:
    flows = pd.concat([one for one, _, _ in parts], ignore_index=True)
    places = pd.concat([one for _, one, _ in parts], ignore_index=True)
    summary = pd.DataFrame([told for _, _, told in parts])
    sums = places.groupby(["scenario", "time"])[list(_SUMS)].sum().add_prefix("people_")
    sums.columns = pd.Index([f"people_{one}" for one in ("to_move", "assigned", "unassigned")])
    times = summary.join(sums, on=["scenario", "time"])
    times = times[["scenario", "time", *sums.columns, "worst_min"]]
    first = times.drop_duplicates("scenario").drop(columns="time").set_index("scenario")
    kept = places[places["people"] > 0].reset_index(drop=True)
    return Evacuation(flows=flows, places=kept, scenarios=first, times=times)
