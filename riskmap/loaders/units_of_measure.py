"""Units as Chinese tables write them, and the factor to riskmap's own."""

import unicodedata
from collections.abc import Mapping

from riskmap.model.text import Text

__all__ = ["UNITS", "bounds_words", "factor", "plain_unit", "unit_words"]

_AREA = {
    "m2": 1.0, "㎡": 1.0, "平方米": 1.0, "平米": 1.0, "平方": 1.0, "sqm": 1.0,
    "亩": 2000 / 3, "mu": 2000 / 3, "万亩": 2e7 / 3, "公顷": 1e4, "hm2": 1e4, "ha": 1e4, "万m2": 1e4, "万平方米": 1e4,
    "km2": 1e6, "平方公里": 1e6, "平方千米": 1e6,
}  # fmt: skip
_MONEY = {
    "yuan": 1.0, "元": 1.0, "rmb": 1.0, "千元": 1e3, "万元": 1e4, "万": 1e4, "百万元": 1e6, "千万元": 1e7,
    "亿元": 1e8, "亿": 1e8,
}  # fmt: skip
_LENGTH = {
    "m": 1.0,
    "米": 1.0,
    "km": 1e3,
    "公里": 1e3,
    "千米": 1e3,
    "dm": 0.1,
    "cm": 0.01,
    "厘米": 0.01,
    "mm": 1e-3,
    "毫米": 1e-3,
}
_COUNT = dict.fromkeys(("people", "1", "人", "户", "个", "处", "栋", "座", "张", "层", "间", "口", "家"), 1.0) | {
    "万人": 1e4, "千人": 1e3, "万户": 1e4, "百人": 100.0,
}  # fmt: skip
_KINDS: tuple[Mapping[str, float], ...] = (
    _AREA,
    _MONEY,
    _LENGTH,
    _COUNT,
    {"a": 1.0, "年": 1.0, "岁": 1.0},
    {"h": 1.0, "小时": 1.0, "时": 1.0, "min": 1 / 60, "分钟": 1 / 60, "d": 24.0, "天": 24.0},
    {"degc": 1.0, "°c": 1.0, "℃": 1.0, "摄氏度": 1.0, "度": 1.0, "0.1degc": 0.1, "0.1°c": 0.1, "0.1℃": 0.1},
    {"m/s": 1.0, "ms-1": 1.0, "米/秒": 1.0, "km/h": 1 / 3.6, "公里/小时": 1 / 3.6, "0.1m/s": 0.1},
    {"%": 1.0, "percent": 1.0, "百分比": 1.0},
    {"deg": 1.0, "°": 1.0, "度": 1.0},
    {"m3": 1.0, "立方米": 1.0, "方": 1.0, "万m3": 1e4, "万立方米": 1e4, "l": 1e-3, "升": 1e-3},
    {
        "m3/d": 1.0,
        "立方米/天": 1.0,
        "立方米/日": 1.0,
        "方/天": 1.0,
        "m3/h": 24.0,
        "立方米/小时": 24.0,
        "l/s": 86.4,
        "升/秒": 86.4,
    },
    {"kg": 1.0, "公斤": 1.0, "千克": 1.0, "t": 1e3, "吨": 1e3},
)
_EXTRA_LENGTH = {"0.1mm": 1e-4}

UNITS: Mapping[str, float] = {name: size for kind in _KINDS for name, size in kind.items()}
"""Every unit text that is understood (in any dimension)."""


_WORDS = {
    "people": Text("人", "people"), "yuan": Text("元", "yuan"), "m2": Text("平方米", "m2"), "km2": Text("平方千米", "km2"),
    "hm2": Text("公顷", "ha"), "m": Text("米", "m"), "mm": Text("毫米", "mm"), "a": Text("年", "years"), "h": Text("小时", "h"),
    "degC": Text("℃", "degC"), "deg": Text("度", "degrees"), "m/s": Text("米/秒", "m/s"), "km/h": Text("公里/小时", "km/h"), "1": Text("", ""),
}  # fmt: skip


def bounds_words(low: float | None, high: float | None) -> Text:
    """Say an allowed range, both ends included.

    Examples
    --------
    >>> bounds_words(0, 50000).en, bounds_words(0, None).zh
    ('0 to 50,000', '不小于 0 ')
    """
    ends = [f"{one:,.10g}" for one in (low, high) if one is not None]
    if len(ends) == 2:
        return Text(f"在 {ends[0]} 到 {ends[1]} ", f"{ends[0]} to {ends[1]}")
    return (
        Text(f"不小于 {ends[0]} ", f"{ends[0]} or more")
        if high is None
        else Text(f"不大于 {ends[0]} ", f"{ends[0]} or less")
    )


def unit_words(unit: str) -> Text:
    """Return a unit as people read it.

    Examples
    --------
    >>> unit_words("m2").zh
    '平方米'
    """
    return _WORDS.get(unit, Text(unit, unit))


def plain_unit(text: str) -> str:
    """Unit text in one spelling: half width, small letters, superscripts as digits, no blanks.

    Examples
    --------
    >>> plain_unit(" Ｋｍ² ")
    'km2'
    """
    if text.strip() == "㎡":
        return "m2"
    return "".join(unicodedata.normalize("NFKC", text).lower().split()).replace("^", "")


def factor(unit: str, wanted: str) -> float | None:
    """Number that turns values in `unit` into values in `wanted`.

    Parameters
    ----------
    unit : str
        As delivered (亩, 万元, km2); ``""`` means already right.
    wanted : str
        riskmap's unit of the column (m2, yuan, people); ``""`` for a column without one.

    Returns
    -------
    float or None
        None where the two are not of one kind, or the unit is not known.

    Notes
    -----
    1 亩 = 2000/3 m2 (15 亩 = 1 公顷); 1 万元 = 10,000 yuan.

    Examples
    --------
    >>> round(factor("亩", "m2"), 2), factor("万元", "yuan"), factor("万元", "m2")
    (666.67, 10000.0, None)
    """
    have, want = plain_unit(unit), plain_unit(wanted)
    if have == want or not have:
        return 1.0
    if not want:
        return _COUNT.get(have)
    for kind in _KINDS:
        pool = {**kind, **_EXTRA_LENGTH} if kind is _LENGTH else kind
        sizes = {plain_unit(name): size for name, size in pool.items()}
        if have in sizes and want in sizes:
            return sizes[have] / sizes[want]
    return None
