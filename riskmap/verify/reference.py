"""Published figures on sets that are too large, or not ours, to ship: read from a folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import floyd_warshall

from riskmap.errors import MissingLayerError
from riskmap.shelters import SitingRules, fewest_sites, most_covered, p_centre, p_median
from riskmap.verify.worked import Worked

__all__ = ["reference_values"]


def reference_values(entry: Mapping[str, Any], folder: Path) -> list[Worked]:
    """Compute what a source prints for a set that lies in a folder.

    Parameters
    ----------
    entry : mapping
        One of ``[reference.*]`` in ``verify/published.toml``: its ``method`` and what the source prints.
    folder : Path
        With ``location/pmed1.txt`` and on (OR-Library) and ``location/sanfrancisco`` (PySAL spopt).

    Returns
    -------
    list of (str, float, float)
        Name of the value, as printed, as computed.

    Raises
    ------
    MissingLayerError
        A file that the entry needs is not in the folder.

    Examples
    --------
    >>> reference_values({"method": "medians", "values": [5819]}, Path("no such folder"))
    Traceback (most recent call last):
    riskmap.errors.MissingLayerError: .../location/pmed1.txt is not there; give the folder that holds the reference sets
    """
    return _METHODS[entry["method"]](entry, folder / "location")


def _there(path: Path) -> Path:
    if not path.is_file():
        raise MissingLayerError(f"{path} is not there; give the folder that holds the reference sets")
    return path


def _graph(folder: Path, number: int) -> tuple[np.ndarray, int]:
    """Shortest ways of a graph of OR-Library and its p; an edge given again takes its last cost, as its page says."""
    with _there(folder / f"pmed{number}.txt").open(encoding="ascii") as file:
        nodes, _, count = (int(one) for one in file.readline().split())
        edges = np.loadtxt(file, dtype=int)
    cost = np.full((nodes, nodes), np.inf)
    for here, there, length in edges:
        cost[here - 1, there - 1] = cost[there - 1, here - 1] = length
    return floyd_warshall(cost), count


def _of_graphs(site: Callable[..., Any], word: str) -> Callable[[Mapping[str, Any], Path], list[Worked]]:
    def values(entry: Mapping[str, Any], folder: Path) -> list[Worked]:
        found = []
        for number, printed in enumerate(entry["values"], start=1):
            ways, count = _graph(folder, number)
            got = site(np.ones(len(ways)), ways, rules=SitingRules(add_at_most=count))
            found.append((f"{word} of pmed{number}", float(printed), float(got.objective)))
        return found

    return values


def _stores(folder: Path) -> tuple[pd.Series, pd.DataFrame]:
    """People of the tracts, and metres from tract to store."""
    name = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
    table = pd.read_csv(_there(folder / "sanfrancisco" / name))
    ways = table.pivot_table(index="DestinationName", columns="name", values="distance")
    return table.groupby("DestinationName")["demand"].first().reindex(ways.index), ways


def _covering_stores(entry: Mapping[str, Any], folder: Path) -> list[Worked]:
    people, ways = _stores(folder)
    radius, rules = entry["radius_m"], SitingRules(add_at_most=entry["stores"])
    uncovered = (most_covered(people, ways, radius, rules=rules).served_people == 0).sum()
    got = (fewest_sites(people, ways, radius).objective, float(uncovered))
    names = ("stores that cover all tracts", f"tracts uncovered by {entry['stores']} stores")
    return [(name, float(a), b) for name, a, b in zip(names, entry["values"], got, strict=True)]


def _near_stores(entry: Mapping[str, Any], folder: Path) -> list[Worked]:
    people, ways = _stores(folder)
    rules = SitingRules(add_at_most=entry["stores"])
    mean = p_median(people, ways, rules=rules).objective / float(people.sum())
    got = (mean, p_centre(people, ways, rules=rules).objective)
    names = ("mean way to a store (m)", "longest way to a store (m)")
    return [(name, float(a), b) for name, a, b in zip(names, entry["values"], got, strict=True)]


def _backup_stores(entry: Mapping[str, Any], folder: Path) -> list[Worked]:
    people, ways = _stores(folder)
    rules = SitingRules(add_at_most=entry["stores"])
    found = most_covered(np.ones(len(people)), ways, entry["radius_m"], rules=rules, times=2, all_by=1)
    return [("tracts covered twice where all are covered once", float(entry["value"]), found.objective)]


_METHODS: Mapping[str, Callable[[Mapping[str, Any], Path], list[Worked]]] = {
    "medians": _of_graphs(p_median, "p-median"),
    "centres": _of_graphs(p_centre, "p-centre"),
    "covering_stores": _covering_stores,
    "near_stores": _near_stores,
    "backup_stores": _backup_stores,
}
