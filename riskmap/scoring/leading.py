"""Which hazard leads at a place: one rule for units, townships, zones and cells."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmap.errors import MethodError
from riskmap.model import NO_CLASS, NO_LEADER, ThemeResult

__all__ = ["HIGH", "high_columns", "leading_hazard", "lowest_high", "stands_high"]

HIGH = "lists.high_classes"
"""Threshold: how many of the highest classes of a hazard count as high."""


def lowest_high(classes: int, *, high_classes: int) -> int:
    """Lowest class that counts as high, of a scheme of so many classes.

    Examples
    --------
    >>> lowest_high(5, high_classes=2), lowest_high(1, high_classes=2)
    (4, 1)
    """
    return max(1, classes + 1 - high_classes)


def stands_high(codes: np.ndarray, *, classes: int, high_classes: int) -> np.ndarray:
    """Tell where a class counts as high.

    Parameters
    ----------
    codes : ndarray of int
        1..K, `NO_CLASS` unknown, 0 none.
    classes : int
        K.
    high_classes : int
        How many of the highest count; declared as ``lists.high_classes``.

    Returns
    -------
    ndarray of bool
        False where the class is unknown.

    Examples
    --------
    >>> stands_high(np.array([1, 3, 4, 255]), classes=4, high_classes=2).tolist()
    [False, True, True, False]
    """
    return (codes >= lowest_high(classes, high_classes=high_classes)) & (codes != NO_CLASS)


def high_columns(table: pd.DataFrame, themes: Mapping[str, ThemeResult], *, high_classes: int) -> pd.DataFrame:
    """Tell for each hazard of a table of places where it stands in a high class.

    Parameters
    ----------
    table : DataFrame
        ``class_<theme>`` of each place, where known.
    themes : mapping of str to ThemeResult
        By name, with their schemes.
    high_classes : int
        As `stands_high`.

    Returns
    -------
    DataFrame of bool
        Index of the table, a column per theme; False where the class is unknown.

    Examples
    --------
    >>> high_columns(pd.DataFrame(index=["a"]), {}, high_classes=2).shape
    (1, 0)
    """
    unknown = pd.Series(NO_CLASS, index=table.index)
    columns = {
        name: stands_high(
            table.get(f"class_{name}", unknown).to_numpy(), classes=one.scheme.size, high_classes=high_classes
        )
        for name, one in themes.items()
    }
    return pd.DataFrame(columns, index=table.index)


def leading_hazard(parts: pd.DataFrame, high: pd.DataFrame, index: pd.Series) -> pd.Series:
    """Name the hazard that leads at each place: of those in a high class, the one that adds most to the index.

    Parameters
    ----------
    parts : DataFrame
        A column per theme: what it adds to the index of each place.
    high : DataFrame of bool
        From `high_columns`; the same index, at least the columns of `parts`.
    index : Series of float
        Index of risk of each place; NaN unknown.

    Returns
    -------
    Series of text
        Theme; `NO_LEADER` where no hazard that is high adds anything; ``""`` where the index is unknown.

    Raises
    ------
    MethodError
        Tables of different places.

    Notes
    -----
    Without the bound on the class a hazard whose scores are alike everywhere, and not small, leads almost everywhere,
    also where it is low. The bound is ``lists.high_classes`` (confidence C). The first of equals leads.

    Examples
    --------
    >>> parts = pd.DataFrame({"drought": [0.3, 0.3, 0.3], "flood": [0.1, 0.2, np.nan]})
    >>> high = pd.DataFrame({"drought": False, "flood": [True, False, True]})
    >>> leading_hazard(parts, high, pd.Series([0.4, 0.5, np.nan])).tolist()
    ['flood', 'none', '']
    """
    if not (parts.index.equals(high.index) and parts.index.equals(index.index)):
        raise MethodError(
            "contributions, classes and index are of different places; give one row for each, in one order"
        )
    adds = np.where(high[list(parts)].to_numpy(bool), np.nan_to_num(parts.to_numpy("float64")), 0.0)
    names = np.array([*map(str, parts.columns), NO_LEADER], dtype=object)
    first = np.where(adds.max(axis=1, initial=0) > 0, adds.argmax(axis=1) if adds.shape[1] else 0, len(names) - 1)
    return pd.Series(names[first], index=parts.index, dtype="str").where(index.notna(), "")
