"""Units that touch and resemble one another become regions: Ward's tree along shared borders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from riskmap.errors import MethodError
from riskmap.model.shown import frame_html

__all__ = ["Regions", "regions", "standardised"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regions:
    """Regions, and how they grew.

    Parameters
    ----------
    labels : ndarray of int64, shape (units,)
        Region of each unit, numbered from 0 in the order of their first units; -1 for a unit with an unknown value.
    merges : DataFrame
        A row for every joining of two groups, in the order in which they were joined, the costly ones last:
        ``first``, ``second`` (position of a unit in each of the two), ``units_first``, ``units_second`` (how many
        units they hold), ``cost`` (by how much the joining raises the sum of squares within the regions),
        ``share_lost`` (of all variance, lost by this and all earlier joinings), ``left`` (regions after it).
        It goes on until every part is one region, whatever the count.
    parts : int
        Parts that no border joins.
    """

    labels: NDArray[np.int64]
    merges: pd.DataFrame
    parts: int

    @property
    def count(self) -> int:
        """Number of regions."""
        return int(self.labels.max(initial=-1)) + 1

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Return the table of joinings."""
        return self.merges


class _Merge(NamedTuple):
    cost: float
    first: int
    second: int
    units_first: int
    units_second: int


def regions(
    values: NDArray[np.floating],
    pairs: Iterable[tuple[int, int]],
    *,
    weights: Sequence[float] | None = None,
    count: int | None = None,
    between: tuple[int, int] = (2, 20),
) -> Regions:
    """Join units that share borders to regions that differ as little as possible within.

    Parameters
    ----------
    values : ndarray, shape (units, columns)
        What is to be alike, columns on one scale (`standardised`). A unit with a NaN is in no region.
    pairs : iterable of (int, int)
        Positions of units that share a border (`riskmap.scoring.neighbours`).
    weights : sequence of float, optional
        Of the columns, on their squares; all alike unless given. Units cannot be weighted: each counts alike,
        whatever its area, for the tree of scikit-learn takes no weights.
    count : int, optional
        Number of regions. Never fewer than the parts: what does not touch is not joined. Unless given, the
        number with the largest jump is taken: the joining that would follow costs most above the one before.
    between : tuple of int
        Fewest and most regions that the jump may choose.

    Returns
    -------
    Regions

    Raises
    ------
    MethodError
        Values that are no table, weights that do not fit, or a count that is not within 1 and the units.

    Notes
    -----
    Ward 1963, doi:10.1080/01621459.1963.10500845, with joinings allowed along borders only
    (``sklearn.cluster.ward_tree``), each part on its own. The cost of joining A and B is
    ``|A| |B| / (|A| + |B|) x |mean_A - mean_B|^2``; all costs of a part add up to its sum of squares. Borders can make
    a later joining cheaper than an earlier one. Equal costs are settled by the order of the units.

    Examples
    --------
    >>> row = np.array([[0.0], [0.1], [5.0], [5.2]])
    >>> found = regions(row, [(0, 1), (1, 2), (2, 3)], count=2)
    >>> found.labels.tolist(), found.merges["cost"].round(3).tolist()
    ([0, 0, 1, 1], [0.005, 0.02, 25.502])
    """
    data = _checked(np.asarray(values, dtype="float64"), weights)
    known = np.flatnonzero(np.isfinite(data).all(axis=1))
    if count is not None and not 1 <= count <= max(known.size, 1):
        raise MethodError(f"{count} regions of {known.size} units with values; give a number from 1 to {known.size}")
    graph = _graph(pairs, len(data))[known][:, known]
    parts, part = connected_components(graph, directed=False)
    grown = _in_turn(
        [_tree(data, known[part == n], graph[part == n][:, part == n]) for n in range(parts)] if known.size else []
    )
    cost = np.array([one.cost for one in grown])
    wanted = _jump(cost, known.size, parts, between) if count is None else max(count, parts)
    total = float(((data[known] - data[known].mean(axis=0)) ** 2).sum()) if known.size else 0.0
    merges = pd.DataFrame(grown, columns=_Merge._fields)[["first", "second", "units_first", "units_second", "cost"]]
    merges["share_lost"] = np.minimum(cost.cumsum() / total, 1.0) if total > 0 else np.zeros(len(cost))
    merges["left"] = known.size - 1 - np.arange(len(cost))
    labels = _labels(len(data), known, [(one.first, one.second) for one in grown[: max(known.size - wanted, 0)]])
    return Regions(labels=labels, merges=merges, parts=int(parts) if known.size else 0)


def standardised(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Bring columns to mean 0 and standard deviation 1.

    Parameters
    ----------
    values : ndarray, shape (units, columns)
        NaN unknown: stays, and is left out of the mean.

    Returns
    -------
    ndarray of float64
        ``(x - mean) / population standard deviation``; 0 in a column that does not vary.

    Examples
    --------
    >>> standardised(np.array([[1.0, 5.0], [3.0, 5.0], [np.nan, 5.0]])).tolist()
    [[-1.0, 0.0], [1.0, 0.0], [nan, 0.0]]
    """
    data = np.asarray(values, dtype="float64")
    known = np.isfinite(data)
    many = known.sum(axis=0)
    mean = np.divide(np.where(known, data, 0).sum(axis=0), many, out=np.zeros(data.shape[1]), where=many > 0)
    away = np.where(known, data - mean, 0)
    spread = np.sqrt(np.divide((away**2).sum(axis=0), many, out=np.zeros(data.shape[1]), where=many > 0))
    flat = spread <= 1e-12 * np.maximum(np.abs(mean), 1e-300)
    return np.where(known, np.where(flat, 0.0, away / np.where(flat, 1.0, spread)), np.nan)


def _checked(data: NDArray[np.float64], weights: Sequence[float] | None) -> NDArray[np.float64]:
    if data.ndim != 2 or not data.shape[1]:
        raise MethodError(f"values of shape {data.shape} are no table of units and columns")
    share = np.ones(data.shape[1]) if weights is None else np.asarray(weights, dtype="float64")
    if share.shape != (data.shape[1],) or not (share >= 0).all() or not share.sum() > 0:
        raise MethodError(f"weights {share.tolist()} do not fit {data.shape[1]} columns; give one from 0 up for each")
    return data * np.sqrt(share)


def _graph(pairs: Iterable[tuple[int, int]], count: int) -> csr_array:
    ends = np.array([(int(a), int(b)) for a, b in pairs], dtype="int64").reshape(-1, 2)
    if ends.size and not (ends.min() >= 0 and ends.max() < count):
        raise MethodError(f"pairs name units from {ends.min()} to {ends.max()}; there are {count}, counted from 0")
    both = np.concatenate([ends, ends[:, ::-1]])
    return coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count)).tocsr()


def _tree(data: NDArray[np.float64], units: NDArray[np.int64], graph: csr_array) -> list[_Merge]:
    """Joinings of one part; `first` and `second` are positions of units in the whole table."""
    from sklearn.cluster import ward_tree  # a second to load, and most counties do without

    if len(units) < 2:
        return []
    children, _, leaves, _, distances = ward_tree(data[units], connectivity=graph.tocsr(), return_distance=True)
    lead, size, found = units.tolist(), [1] * leaves, []
    for (a, b), distance in zip(children.tolist(), distances.tolist(), strict=True):
        one, other = sorted((a, b), key=lambda n: lead[n])
        found.append(_Merge(distance**2 / 2, lead[one], lead[other], size[one], size[other]))
        lead.append(lead[one])
        size.append(size[one] + size[other])
    return found


def _in_turn(trees: list[list[_Merge]]) -> list[_Merge]:
    """Lay the joinings of all parts in one order: always the cheapest that is next in its part."""
    waiting, found = [list(reversed(one)) for one in trees if one], []
    while waiting:
        cheapest = min(waiting, key=lambda one: one[-1])
        found.append(cheapest.pop())
        waiting = [one for one in waiting if one]
    return found


def _jump(cost: NDArray[np.float64], units: int, parts: int, between: tuple[int, int]) -> int:
    """Number of regions whose next joining costs most above the one before."""
    fewest, most = max(between[0], parts), max(min(between[1], units), parts)
    counts = [n for n in range(max(fewest, parts + 1), most + 1) if n < units]
    if not counts:
        return max(min(fewest, most), parts)
    return max(counts, key=lambda n: (cost[units - n] - cost[units - n - 1], -n))


def _labels(count: int, known: NDArray[np.int64], joined: list[tuple[int, int]]) -> NDArray[np.int64]:
    ends = np.array(joined, dtype="int64").reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, group = connected_components(graph, directed=False)
    labels = np.full(count, -1, "int64")
    order = pd.unique(group[known])
    labels[known] = pd.Index(order).get_indexer(group[known])
    return labels
