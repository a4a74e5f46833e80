"""How a spreadsheet program shows a number: by its unit, or by its size. The value itself stays whole."""

import math
import re
from collections.abc import Sequence
from typing import TypeGuard

__all__ = ["number_formats"]

_UNIT = re.compile(r"（([^（），,]+)[^（）]*）")
_PLACES = {"0-1": 3, "人": 0, "户": 0, "元": 0, "m²": 0, "%": 1, "分钟": 1, "小时": 1, "km²": 2, "km": 2, "公里": 2}
_DIGITS, _COMMON_PLACES, _MOST_PLACES = 3, 4, 6
_MIXED = frozenset({"值", "目标", "各年平均", "区间下限", "区间上限"})
"""Heads of columns whose rows are of several kinds."""
_LOW = 100
"""Numbers below it get decimals even where their unit has none: 0.98 m² a head."""
_ROUNDING = 1e-9
"""What a share may lie above 1 by, as sums of weights do."""
_GROUPED = 10_000
"""Whole numbers without a unit are grouped from here on: years and ranks are not."""


def number_formats(header: str, values: Sequence[object]) -> list[str]:
    """Tell the number format of each cell of a column.

    Parameters
    ----------
    header : str
        Its unit stands in full-width brackets: ``面积（km²） Area (km²)``. Without one a column that tells a share
        (``占比``, ``share``) of 0 to 1 is shown in per cent.
    values : sequence
        Of the column.

    Returns
    -------
    list of str
        One a value; ``General`` for what is no number, NaN, and whole numbers that may be years or ranks.

    Notes
    -----
    A column has one format: the decimals of its unit where they are known, else those that give its median size three
    significant figures, up to four and, without a unit, at least two decimals. Only a number that would look like zero
    gets more: little and nothing look different. Columns whose rows are of several kinds, such as ``值``, are formatted
    number by number.

    Examples
    --------
    >>> number_formats("面积（km²） Area (km²)", [130.8851570884123, 0.0009, None])
    ['#,##0.00', '#,##0.000000', 'General']
    >>> number_formats("已知指标占比 Known share", [0.9273, 1.0]), number_formats("年份 Year", [2021])
    (['0.0%', '0.0%'], ['General'])
    """
    found = _UNIT.search(header)
    unit = found.group(1).strip() if found else ""
    numbers = [one for one in values if _is_number(one)]
    told = "占比" in header or "share" in header.lower()
    if not unit and told and numbers and all(0 <= one <= 1 + _ROUNDING for one in numbers):
        return [_share(one) for one in values]
    if header.partition(" ")[0] in _MIXED:
        return [_format(one, unit, places=None) for one in values]
    grouped = any(abs(one) >= _GROUPED for one in numbers)
    return [_format(one, "1" if grouped else unit, places=_places(unit, numbers)) for one in values]


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _share(value: object) -> str:
    if not _is_number(value):
        return "General"
    return "0.0%" if value == 0 or value >= 0.0005 else "0.0000%"


def _places(unit: str, numbers: Sequence[int | float]) -> int:
    """Decimals of a column."""
    if all(float(one).is_integer() for one in numbers):
        return 0
    sizes = sorted(abs(one) for one in numbers if one)
    middle = sizes[len(sizes) // 2]
    known = _PLACES.get(unit)
    if known is not None and middle >= (0.5 * 10**-known if known else _LOW):
        return known
    return max(min(_significant(middle), _COMMON_PLACES), 0 if unit else 2)


def _format(value: object, unit: str, *, places: int | None) -> str:
    if not _is_number(value):
        return "General"
    size = abs(value)
    if places is None:
        places = 0 if float(size).is_integer() else _significant(size)
    elif 0 < size < 0.5 * 10**-places:
        places = _significant(size)
    if not places and not unit and float(size).is_integer() and size < _GROUPED:
        return "General"
    return "#,##0" + ("." + "0" * places if places else "")


def _significant(size: float) -> int:
    """Decimals for three significant figures, none from a hundred on."""
    if size == 0:
        return 0
    return min(max(_DIGITS - 1 - math.floor(math.log10(size)), 0), _MOST_PLACES)
