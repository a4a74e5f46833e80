"""Who is in the made-up villages when: by day, at night and at the Spring Festival, and how many are disabled."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from riskmap.demo.frame import rng_of

__all__ = ["with_times"]

_TOWN = "140930100000"
_DISABLED = 0.0634
"""82.96 million, 6.34 % of the people of China, on 1 April 2006 (Second National Sample Survey on Disability, communique no. 1
of 1 December 2006). That the old are three times as often among them is chosen, as are all other shares here."""
_COMMUTERS = (0.08, 0.26)
_TO_TOWN = 0.45
_AWAY = {"urban": (0.02, 0.09), "rural": (0.16, 0.62)}


def with_times(villages: gpd.GeoDataFrame, *, seed: int) -> gpd.GeoDataFrame:
    """Count who is in each village at other times, and its disabled people.

    Parameters
    ----------
    villages : GeoDataFrame
        ``code``, ``township_code``, ``people``, ``elderly_people``, ``ur_code``.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        With ``disabled_people``, ``people_day``, ``people_night``, ``away_people``.

    Notes
    -----
    By day a part of the villagers works or learns at the seat of the township or in the county town; the county neither
    gains nor loses by it. At night a few work in shifts elsewhere. ``away_people`` live outside the county and come home
    for the festival: many of the villages, few of the town.

    Examples
    --------
    >>> with_times.__name__
    'with_times'
    """
    rng = rng_of(seed, "people_at_times")
    people, old = villages["people"].to_numpy(), villages["elderly_people"].to_numpy()
    urban = (villages["ur_code"] == "111").to_numpy()
    risk = (people + 2.0 * old) * rng.uniform(0.8, 1.2, len(people))
    low, high = np.where(urban[:, np.newaxis], _AWAY["urban"], _AWAY["rural"]).T
    return villages.assign(
        disabled_people=np.round(risk * (_DISABLED * people.sum() / risk.sum())).astype(int),
        people_day=people + _commuting(villages, urban, rng),
        people_night=np.round(people * rng.uniform(0.97, 1.0, len(people))).astype(int),
        away_people=np.round(people * rng.uniform(low, high)).astype(int),
    )


def _commuting(villages: gpd.GeoDataFrame, urban: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """What each village gains by day: less where people leave, more in the town and at the seats of the townships."""
    people, town = villages["people"].to_numpy(), villages["township_code"].to_numpy()
    seat = (villages["ur_code"] == "122").to_numpy()
    leave = np.where(urban | seat, 0, np.round(people * rng.uniform(*_COMMUTERS, len(people)))).astype(int)
    far = np.round(leave * _TO_TOWN).astype(int)
    coming = pd.Series(leave - far).groupby(town).sum()
    rest = int(far.sum() + coming[~coming.index.isin(town[seat])].sum())
    gain = -leave
    for code, count in coming[coming.index.isin(town[seat])].items():
        gain = gain + _shared(int(count), np.where(seat & (town == code), people, 0))
    return gain + _shared(rest, np.where(urban & (town == _TOWN), people, 0))


def _shared(count: int, weight: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole people by weight, none lost."""
    return np.diff(np.floor(count * np.cumsum(weight) / weight.sum()), prepend=0).astype(int)
