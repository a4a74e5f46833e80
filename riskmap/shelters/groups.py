"""Those who walk slowly: how many find room, how many of them get there in time, how many need a vehicle."""

import numpy as np
import pandas as pd

from riskmap.model import Survey
from riskmap.shelters.evacuation import Evacuation

__all__ = ["GROUP_THRESHOLDS", "groups_moved", "slow_flows", "slow_pace"]

GROUP_THRESHOLDS = ("shelters.slow_walk_km_h",)
_KEYS = ["scenario", "time", "unit_id"]
_COUNTS = ["people", "assigned", "unassigned", "in_time", "need_vehicle"]


def slow_pace(survey: Survey) -> float:
    """Say how many times longer slow walkers take: the declared speeds on the flat, the ordinary over the slow.

    Examples
    --------
    >>> slow_pace.__name__
    'slow_pace'
    """
    slow = survey.standards.value("shelters.slow_walk_km_h")
    return max(survey.county.shelters.walk_speed_km_h / slow, 1.0)


def groups_moved(moved: Evacuation, shares: pd.DataFrame, *, slower: float, limit_min: float) -> pd.DataFrame:
    """Follow each group through an allocation.

    Parameters
    ----------
    moved : Evacuation
        Who goes where.
    shares : DataFrame
        Index ``unit_id``, a column a group: its share of the people, 0..1 (`group_shares`).
    slower : float
        How many times longer the group walks, 1 or more.
    limit_min : float
        Longest walk, minutes.

    Returns
    -------
    DataFrame
        ``scenario``, ``time``, ``unit_id``, ``group``; ``people`` = ``assigned`` + ``unassigned``, ``assigned`` =
        ``in_time`` + ``need_vehicle``. Units of which a group is not known have no row for it.

    Notes
    -----
    The group shares out like all people of the unit: rounded, so that every sum is exact. Those placed take the nearest
    places that the unit was given, which leaves the allocation as good as it is.

    Examples
    --------
    >>> flows = pd.DataFrame({"scenario": "dry", "time": "resident", "unit_id": "U", "shelter_id": ["A", "B"],
    ...     "people": [10, 30], "minutes": [20.0, 40.0]})
    >>> places = pd.DataFrame({"scenario": "dry", "time": "resident", "unit_id": ["U"], "people": [50], "assigned": [40],
    ...     "unassigned": [10], "reason": "no room"})
    >>> moved = Evacuation(flows=flows, places=places, scenarios=places, times=places)
    >>> shares = pd.DataFrame({"elderly_people": [0.5]}, index=["U"])
    >>> found = groups_moved(moved, shares, slower=2.0, limit_min=60.0).iloc[0]
    >>> [int(found[one]) for one in ("people", "assigned", "unassigned", "in_time", "need_vehicle")]
    [25, 20, 5, 10, 10]
    """
    near = moved.flows[moved.flows["minutes"] * slower <= limit_min]
    fast = near.groupby(_KEYS)["people"].sum().rename("fast")
    table = moved.places.join(fast, on=_KEYS).fillna({"fast": 0})
    parts = []
    for group in shares.columns:
        share = table["unit_id"].map(shares[group])
        one = table[share.notna()]
        people = np.rint(one["people"] * share[share.notna()]).astype("int64")
        assigned = np.rint(people * (one["assigned"] / one["people"])).astype("int64")
        in_time = np.minimum(assigned, one["fast"].astype("int64"))
        counts = [people, assigned, people - assigned, in_time, assigned - in_time]
        parts.append(one[_KEYS].assign(group=group, **dict(zip(_COUNTS, counts, strict=True))))
    if not parts:
        return pd.DataFrame(columns=[*_KEYS, "group", *_COUNTS])
    found = pd.concat(parts, ignore_index=True)
    return found[found["people"] > 0].reset_index(drop=True)


def slow_flows(moved: Evacuation, groups: pd.DataFrame, *, slower: float, limit_min: float) -> pd.DataFrame:
    """Say to which shelters those go who need a vehicle.

    Parameters
    ----------
    moved : Evacuation
        Who goes where.
    groups : DataFrame
        From `groups_moved`, of one group.
    slower : float
        How many times longer the group walks.
    limit_min : float
        Longest walk, minutes.

    Returns
    -------
    DataFrame
        ``scenario``, ``time``, ``unit_id``, ``shelter_id``, ``people``: the nearest of the places that are too far for them.

    Examples
    --------
    >>> slow_flows.__name__
    'slow_flows'
    """
    far = moved.flows[moved.flows["minutes"] * slower > limit_min]
    far = far.sort_values([*_KEYS, "minutes"], kind="stable").join(groups.set_index(_KEYS)["need_vehicle"], on=_KEYS)
    before = far.groupby(_KEYS)["people"].cumsum() - far["people"]
    riders = (far["need_vehicle"].fillna(0) - before).clip(0, far["people"]).astype("int64")
    return far.assign(people=riders)[[*_KEYS, "shelter_id", "people"]][riders > 0].reset_index(drop=True)
