"""How a spreadsheet program shows a number: by its unit, or by its size. The value itself stays whole."""

import math
import re
from collections.abc import Sequence
from typing import TypeGuard

__all__ = ["number_formats"]

_UNIT = re.compile(r"（([^（），,]+)[^（）]*）")
_PLACES = {"0-1": 3, "人": 0, "户": 0, "元": 0, "m²": 0, "%": 1, "分钟": 1, "小时": 1, "km²": 2, "km": 2, "公里": 2}
_DIGITS, _MOST_PLACES = 3, 6
_LOW = 100
"""Numbers below it get decimals even where their unit has none: 0.98 m² a head."""
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
    A known unit sets the decimals; other numbers get three significant figures. A number that would look like zero in
    the decimals of its unit gets more of them: little and nothing look different.

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
    if not unit and told and numbers and all(0 <= one <= 1 for one in numbers):
        return [_share(one) for one in values]
    whole = all(float(one).is_integer() for one in numbers)
    return [_format(one, unit, whole=whole) for one in values]


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _share(value: object) -> str:
    if not _is_number(value):
        return "General"
    return "0.0%" if value == 0 or value >= 0.0005 else "0.0000%"


def _format(value: object, unit: str, *, whole: bool) -> str:
    if not _is_number(value):
        return "General"
    size = abs(value)
    places = _PLACES.get(unit)
    if whole or (places is None and float(size).is_integer()):
        return "#,##0" if unit or size >= _GROUPED else "General"
    if places is None or 0 < size < (0.5 * 10**-places if places else _LOW):
        places = _significant(size)
    return "#,##0" + ("." + "0" * places if places else "")


def _significant(size: float) -> int:
    """Decimals for three significant figures, none from a hundred on."""
    if size == 0:
        return 0
    return min(max(_DIGITS - 1 - math.floor(math.log10(size)), 0), _MOST_PLACES)
