"""Dates as they stand in Chinese tables."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

__all__ = ["date_of", "serial_dates"]

_PATTERNS = tuple(
    re.compile(one)
    for one in (
        r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?",
        r"(\d{4})(\d{2})(\d{2})(?:\d{6})?",
        r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?.*",
        r"(\d{4})[-/.](\d{1,2})",
        r"(\d{4})年(\d{1,2})月?份?",
        r"(\d{4})(\d{2})",
        r"(\d{4})年?",
    )
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EPOCH = datetime(1899, 12, 30)


def date_of(text: str) -> datetime | None:
    """Day that a text means; the first of the month or year where it names no day.

    Parameters
    ----------
    text : str
        ``2019-07-01``, ``2019/7/1``, ``20190701``, ``2019年7月1日``, ``2019年7月``, ``2019``, or a spreadsheet's
        serial number (days since 1899-12-30, five digits).

    Returns
    -------
    datetime or None
        At midnight; None if the text is no date between 1700 and 2200.

    Examples
    --------
    >>> date_of("2019年7月1日") == date_of("43647") == date_of("2019/7/1")
    True
    >>> date_of("2019-13-01") is None
    True
    """
    if _SERIAL.fullmatch(text):
        return _EPOCH + timedelta(days=int(float(text)))
    compact = text.replace(" ", "") if "年" in text else text
    for pattern in _PATTERNS:
        match = pattern.fullmatch(compact)
        if match:
            year, month, day = (*map(int, match.groups()), 1, 1)[:3]
            try:
                return datetime(year, month, day) if 1700 <= year <= 2200 else None
            except ValueError:
                continue
    return None


def serial_dates(texts: Iterable[str]) -> Iterator[bool]:
    """Say of each text whether it is a spreadsheet's serial number.

    Examples
    --------
    >>> list(serial_dates(["43647", "2019"]))
    [True, False]
    """
    return (bool(_SERIAL.fullmatch(one)) for one in texts)
