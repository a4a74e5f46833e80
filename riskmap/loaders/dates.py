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
        r"(\d{4})年(\d{1,2})月?份?[上中下]?[旬初底末]?",
        r"(\d{4})(\d{2})",
        r"(\d{4})年?",
    )
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EPOCH = datetime(1899, 12, 30)
_DIGITS = {one: str(at) for at, one in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
    "o": "0",
    "两": "2",
}
_IN_WORDS = re.compile(
    r"([〇零○Oo一二三四五六七八九]{4})年(?:([元正一二三四五六七八九十]{1,3})月份?(?:([一二三四五六七八九十廿卅]{1,4})[日号]?)?)?"
)


def date_of(text: str) -> datetime | None:
    """Day that a text means; the first of the month or year where it names no day.

    Parameters
    ----------
    text : str
        ``2019-07-01``, ``2019/7/1``, ``2019.7.1``, ``20190701``, ``2019年7月1日``, ``2019年7月上旬``, ``二〇一九年七月一日``,
        ``2019``, or a spreadsheet's serial number (days since 1899-12-30, five digits).

    Returns
    -------
    datetime or None
        At midnight; None if the text is no date between 1700 and 2200.

    Examples
    --------
    >>> date_of("2019年7月1日") == date_of("43647") == date_of("2019/7/1") == date_of("二〇一九年七月一日")
    True
    >>> date_of("2019-13-01") is None
    True
    """
    if _SERIAL.fullmatch(text):
        return _EPOCH + timedelta(days=int(float(text)))
    compact = _in_digits(text.replace(" ", "")) if "年" in text else text
    for pattern in _PATTERNS:
        match = pattern.fullmatch(compact)
        if match:
            year, month, day = (*map(int, match.groups()), 1, 1)[:3]
            try:
                return datetime(year, month, day) if 1700 <= year <= 2200 else None
            except ValueError:
                continue
    return None


def _in_digits(text: str) -> str:
    """Put figures in place of a date written in words; other texts stay."""
    match = _IN_WORDS.fullmatch(text)
    if match is None:
        return text
    year = "".join(_DIGITS[one] for one in match[1])
    return f"{year}年" + "".join(f"{_count(part)}{mark}" for part, mark in ((match[2], "月"), (match[3], "日")) if part)


def _count(words: str) -> int:
    """Number up to 99 in words: 十二, 二十三, 廿一, 三十."""
    words = words.replace("廿", "二十").replace("卅", "三十").replace("元", "一").replace("正", "一")
    tens, ten, ones = words.rpartition("十")
    return (int(_DIGITS.get(tens, "1")) * 10 if ten else 0) + int(_DIGITS.get(ones, "0"))


def serial_dates(texts: Iterable[str]) -> Iterator[bool]:
    """Say of each text whether it is a spreadsheet's serial number.

    Examples
    --------
    >>> list(serial_dates(["43647", "2019"]))
    [True, False]
    """
    return (bool(_SERIAL.fullmatch(one)) for one in texts)
