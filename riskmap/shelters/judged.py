"""Each shelter judged clause by clause (后评价): pass, fail or not known, with the value."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from riskmap.errors import MethodError

__all__ = ["judged", "verdicts"]

_COMPARE: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
}


def judged(facts: pd.DataFrame, clauses: Sequence[Mapping[str, Any]], rules: pd.DataFrame) -> pd.DataFrame:
    """Judge shelters by declared clauses.

    Parameters
    ----------
    facts : DataFrame
        Index ``shelter_id``; ``type``, ``indoor`` (True, False, unknown) and the columns that clauses measure; an absent
        column, or NaN, is not known.
    clauses : sequence of mapping
        Rows of the table ``shelters.clauses``: ``key``, ``title``, ``value``, ``operator``, ``limit`` (a number, or a
        column of `rules`), and where the clause does not concern all: ``types``, ``indoor``.
    rules : DataFrame
        Index type (`shelter_rules`).

    Returns
    -------
    DataFrame
        A row for each shelter and clause that concerns it: ``shelter_id``, ``clause`` (key), ``value``, ``limit``,
        ``verdict`` (``pass``, ``fail``, ``not known``); clauses in their order. Where it is not known whether a clause
        concerns a shelter (inside or outside), it does, and only a pass is certain: else ``not known``.

    Raises
    ------
    MethodError
        A clause with an operator or a limit that does not exist.

    Examples
    --------
    >>> facts = pd.DataFrame({"type": ["紧急"], "slope_pct": [9.0]}, index=pd.Index(["S1"], name="shelter_id"))
    >>> clause = {"key": "slope", "value": "slope_pct", "operator": "<=", "limit": 7}
    >>> judged(facts, [clause], pd.DataFrame(index=["紧急"]))[["value", "limit", "verdict"]].to_numpy().tolist()
    [[9.0, 7.0, 'fail']]
    """
    parts = [_one(facts, clause, rules) for clause in clauses]
    columns = ["shelter_id", "clause", "value", "limit", "verdict"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def _one(facts: pd.DataFrame, clause: Mapping[str, Any], rules: pd.DataFrame) -> pd.DataFrame:
    limit = clause["limit"]
    if clause["operator"] not in _COMPARE or (isinstance(limit, str) and limit not in rules):
        raise MethodError(
            f"clause {clause['key']!r}: operator {clause['operator']!r}, limit {limit!r}; allowed are "
            f"{', '.join(_COMPARE)}, and a number or one of {', '.join(map(str, rules))}"
        )
    bound = rules[limit].reindex(facts["type"]).to_numpy("float64") if isinstance(limit, str) else float(limit)
    empty = pd.Series(np.nan, index=facts.index)
    value = pd.to_numeric(facts.get(clause["value"], empty), errors="coerce").to_numpy("float64")
    bound = np.broadcast_to(bound, value.shape)
    good = _COMPARE[clause["operator"]](value, bound)
    known = np.isfinite(value) & np.isfinite(bound)
    concerns, doubtful = _concerned(facts, clause)
    verdict = np.select([known & good, known & ~doubtful], ["pass", "fail"], "not known")
    table = pd.DataFrame(
        {"shelter_id": facts.index, "clause": clause["key"], "value": value, "limit": bound, "verdict": verdict}
    )
    return table[concerns]


def _concerned(facts: pd.DataFrame, clause: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Whom a clause concerns, and of whom that is not known."""
    concerns = np.ones(len(facts), bool)
    if "types" in clause:
        concerns &= facts["type"].isin(clause["types"]).to_numpy()
    if "indoor" not in clause:
        return concerns, np.zeros(len(facts), bool)
    inside = facts.get("indoor", pd.Series(pd.NA, index=facts.index)).astype("boolean")
    unknown = inside.isna().to_numpy()
    return concerns & (unknown | (inside == clause["indoor"]).fillna(False).to_numpy(bool)), unknown


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """Count the verdicts of each shelter.

    Parameters
    ----------
    table : DataFrame
        From `judged`.

    Returns
    -------
    DataFrame
        Index ``shelter_id``; ``pass``, ``fail``, ``not known`` (numbers of clauses).

    Examples
    --------
    >>> table = pd.DataFrame({"shelter_id": ["S1", "S1"], "clause": ["a", "b"], "verdict": ["pass", "fail"]})
    >>> verdicts(table).to_numpy().tolist()
    [[1, 1, 0]]
    """
    counts = pd.crosstab(table["shelter_id"], table["verdict"])
    return counts.reindex(columns=["pass", "fail", "not known"], fill_value=0).rename_axis(columns=None)
