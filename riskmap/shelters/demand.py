"""How many people look for a shelter: by scenario, at which time, and how many of them walk slowly."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from riskmap.model import Survey, Text
from riskmap.shelters.scenarios import Scenario
from riskmap.spatial import zonal_mean, zone_labels

__all__ = ["GROUPS", "SLOW", "TIMES", "group_shares", "leaving", "people_at_times"]

TIMES: Mapping[str, Text] = MappingProxyType(
    {
        "resident": Text("常住人口", "Residents"),
        "day": Text("白天", "By day"),
        "night": Text("夜间", "At night"),
        "festival": Text("春节返乡", "Spring Festival"),
    }
)
"""Times at which people are counted."""

GROUPS: Mapping[str, Text] = MappingProxyType(
    {
        "elderly_people": Text("65岁及以上", "65 and over"),
        "children_people": Text("14岁及以下", "14 and under"),
        "disabled_people": Text("残疾人", "Disabled"),
    }
)
"""Groups of the village layer that walk slowly."""

SLOW = "slow"
"""All who walk slowly together: the sum of the groups, so a person in two of them counts twice, at most all people."""

_COLUMNS = ("people", "people_day", "people_night", "away_people", "registered_people", *GROUPS)


def people_at_times(survey: Survey, residents: pd.Series) -> pd.DataFrame:
    """Count the people of each unit at each time of which something was delivered.

    Parameters
    ----------
    survey : Survey
        ``villages`` with any of ``people_day``, ``people_night``, ``away_people``, ``registered_people``.
    residents : Series
        Resident people of each unit.

    Returns
    -------
    DataFrame
        Index ``unit_id``; ``resident`` and those of ``day``, ``night``, ``festival`` that are known of any unit. NaN
        where a village did not tell.

    Notes
    -----
    Festival: residents and those who live away; where these were not delivered, the larger of registered and resident
    people.

    Examples
    --------
    >>> people_at_times.__name__
    'people_at_times'
    """
    told = _village_sums(survey)
    found = pd.DataFrame({"resident": residents.astype("float64")})
    found["day"], found["night"] = told["people_day"], told["people_night"]
    registered = np.maximum(told["registered_people"], found["resident"])
    back = found["resident"] + told["away_people"]
    found["festival"] = back.where(back.notna(), registered)
    return found[[one for one in found if one == "resident" or found[one].notna().any()]]


def group_shares(survey: Survey) -> pd.DataFrame:
    """Share of each group among the residents of each unit.

    Parameters
    ----------
    survey : Survey
        ``villages`` with any of ``elderly_people``, ``children_people``, ``disabled_people``.

    Returns
    -------
    DataFrame
        Index ``unit_id``; the delivered groups and ``slow`` (their sum, at most 1), 0..1; NaN where a village did not tell,
        or has no residents. Without columns where no group was delivered.

    Examples
    --------
    >>> group_shares.__name__
    'group_shares'
    """
    told = _village_sums(survey)
    groups = told[[one for one in GROUPS if told[one].notna().any()]]
    shares = groups.div(told["people"].where(told["people"] > 0), axis=0).clip(0, 1)
    if groups.empty or not len(groups.columns):
        return shares
    return shares.assign(**{SLOW: shares.sum(axis=1, min_count=1).clip(upper=1)})


def leaving(
    survey: Survey, scenario: Scenario, times: pd.DataFrame, *, inside: pd.Series | None = None
) -> pd.DataFrame | None:
    """Count the people of each unit who must leave in a scenario, at each time.

    Parameters
    ----------
    survey : Survey
        Units and their grid.
    scenario : Scenario
        With a zone, or with a share of all.
    times : DataFrame
        From `people_at_times`.
    inside : Series, optional
        Residents of each unit inside the zone.

    Returns
    -------
    DataFrame or None
        As `times`. None for a zone of which nobody counted the people.

    Notes
    -----
    At other times as many of a hundred people are inside the zone as of the residents; of a village without residents, as
    much as its area.

    Examples
    --------
    >>> times = pd.DataFrame({"resident": [200.0]}, index=pd.Index(["U"], name="unit_id"))
    >>> quake = Scenario(name="earthquake", theme="earthquake", share=0.15)
    >>> leaving(None, quake, times)["resident"].tolist()
    [30.0]
    """
    if scenario.mask is None:
        return times * scenario.share
    if inside is None:
        return None
    heads = inside.reindex(times.index)
    if len(times.columns) == 1:
        return pd.DataFrame({"resident": heads})
    labels = zone_labels(survey.units, survey.grid)
    area = zonal_mean(scenario.mask.astype("float64"), labels, count=len(survey.units))
    of_area = pd.Series(area, index=survey.units.index).reindex(times.index)
    share = (heads / times["resident"].where(times["resident"] > 0)).clip(0, 1).where(times["resident"] > 0, of_area)
    return times.mul(share, axis=0).assign(resident=heads)


def _village_sums(survey: Survey) -> pd.DataFrame:
    """Counts of the village layer on the units: villages, or townships by their villages."""
    empty = pd.DataFrame(np.nan, index=survey.units.index, columns=list(_COLUMNS))
    if not survey.has("villages"):
        return empty
    villages = survey.frame("villages").drop_duplicates("code")
    counts = villages.reindex(columns=list(_COLUMNS)).apply(pd.to_numeric, errors="coerce").astype("float64")
    for key in ("code", "township_code"):
        if key in villages and villages[key].isin(survey.units.index).any():
            summed = counts.groupby(villages[key].to_numpy()).sum(min_count=1)
            return summed.reindex(survey.units.index)
    return empty
