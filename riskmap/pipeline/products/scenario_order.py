"""Rows by scenario and time, in the order in which both are told everywhere."""

from collections.abc import Iterable

import pandas as pd

from riskmap.shelters import TIMES

__all__ = ["in_order"]


def in_order(table: pd.DataFrame, scenarios: Iterable[str], *, worst: str) -> pd.DataFrame:
    """Sort by scenario, then by time where there is one, then the worst first.

    Parameters
    ----------
    table : DataFrame
        ``scenario``, perhaps ``time``.
    scenarios : iterable of str
        Names in their order; may repeat. Others come last.
    worst : str
        Column, the largest first.

    Returns
    -------
    DataFrame
        With a fresh index.

    Examples
    --------
    >>> table = pd.DataFrame({"scenario": ["flood: 100 a", "flood: 5 a", "flood: 5 a"], "people": [3, 1, 2]})
    >>> in_order(table, ["dry", "flood: 5 a", "flood: 100 a"], worst="people")["people"].tolist()
    [2, 1, 3]
    """
    place = {name: n for n, name in enumerate(dict.fromkeys(scenarios))}
    times = {name: n for n, name in enumerate(TIMES)}
    rank = pd.DataFrame({"scenario": table["scenario"].map(place), "worst": -table[worst]}).reset_index(drop=True)
    keys = ["scenario", "worst"]
    if "time" in table:
        rank["time"] = table["time"].map(times).to_numpy()
        keys.insert(1, "time")
    return table.iloc[rank.sort_values(keys, kind="stable").index].reset_index(drop=True)
