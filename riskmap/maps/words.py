"""Words, numbers and units as people read them: the same on every map and page."""

from collections.abc import Mapping
from math import floor, isfinite, log10
from types import MappingProxyType
from typing import Any

from riskmap.model import Text, Threshold
from riskmap.standards import layer_specs

__all__ = [
    "COLUMNS",
    "CONFIDENCE",
    "DASH",
    "NO_DATA",
    "ORIGINS",
    "REASONS",
    "UNITS",
    "UNVERIFIED",
    "amount",
    "layer_title",
    "number",
    "quantity",
    "rule_text",
    "share",
]

NO_DATA = Text("无数据", "no data")
UNVERIFIED = Text("阈值未核实", "thresholds unverified")

UNITS: Mapping[str, Text] = MappingProxyType(
    {
        "": Text("", ""),
        "1": Text("", ""),
        "m": Text("m", "m"),
        "m2": Text("m²", "m²"),
        "m3": Text("m³", "m³"),
        "m3/s": Text("m³/s", "m³/s"),
        "1/m": Text("m⁻¹", "m⁻¹"),
        "km": Text("km", "km"),
        "km2": Text("km²", "km²"),
        "km/km2": Text("km/km²", "km/km²"),
        "mm": Text("mm", "mm"),
        "mm/h": Text("mm/h", "mm/h"),
        "deg": Text("°", "°"),
        "degC": Text("℃", "℃"),
        "%": Text("%", "%"),
        "a": Text("年", "a"),
        "year": Text("年", ""),
        "1/a": Text("次/年", "times a year"),
        "d": Text("天", "days"),
        "days": Text("天", "days"),
        "day": Text("天", "days"),
        "month": Text("个月", "months"),
        "months": Text("个月", "months"),
        "records": Text("条", "records"),
        "rating": Text("评分", "rating"),
        "h": Text("小时", "h"),
        "km/h": Text("公里/小时", "km/h"),
        "min": Text("分钟", "min"),
        "people": Text("人", "people"),
        "households": Text("户", "households"),
        "yuan": Text("元", "yuan"),
        "probability": Text("", ""),
    }
)
"""Units of the data as people write them; others are shown as they stand."""

CONFIDENCE: Mapping[str, Text] = MappingProxyType(
    {
        "A": Text("已读条文", "clause read"),
        "A2": Text("二手来源", "secondary source"),
        "B": Text("通行做法", "common practice"),
        "C": Text("未核实", "unverified"),
        "county-confirmed": Text("本县已核实", "confirmed by the county"),
    }
)
ORIGINS: Mapping[str, Text] = MappingProxyType(
    {
        "measured": Text("本系统评估", "Assessed here"),
        "given": Text("部门成果", "Product of another department"),
    }
)
REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "covered": Text("已覆盖", "covered"),
        "too far": Text("超出服务半径", "beyond the service radius"),
        "too long": Text("超出步行时限", "beyond the walking limit"),
        "no road": Text("无道路连通", "no road leads there"),
        "unsafe": Text("场所受灾害威胁", "the shelter itself is unsafe"),
        "no people": Text("无常住人口", "no residents"),
        "no room": Text("场所容量不足", "no room left"),
        "cut off": Text("道路被灾害中断", "roads closed by the hazard"),
    }
)
COLUMNS: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "people": (Text("人口", "People"), "people"),
        "gdp_yuan": (Text("地区生产总值", "GDP"), "yuan"),
        "crops_km2": (Text("农作物面积", "Crops"), "km2"),
        "houses_m2": (Text("房屋面积", "Houses"), "m2"),
        "roads_km": (Text("公路里程", "Roads"), "km"),
        "area_km2": (Text("面积", "Area"), "km2"),
        "units": (Text("村（社区）数", "Villages"), ""),
        "capacity_people": (Text("容量", "Capacity"), "people"),
        "radius_m": (Text("服务半径", "Service radius"), "m"),
        "people_in_reach": (Text("服务人口", "People in reach"), "people"),
        "distance_m": (Text("路程", "Distance by road"), "m"),
        "straight_m": (Text("直线距离", "Straight distance"), "m"),
        "time_min": (Text("步行时间", "Walking time"), "min"),
        "slow_min": (Text("行动缓慢者步行时间", "Walking time of slow walkers"), "min"),
        "drive_min": (Text("行车时间", "By car"), "min"),
        "second_min": (Text("到次近场所步行时间", "Walking time to the second nearest"), "min"),
        "room_per_head": (Text("人均可用容量", "Room a head"), ""),
    }
)
"""Name and unit of the columns that results share."""

DASH = "—"
_ZH_BIG = ((1e8, "亿"), (1e4, "万"))
_EN_BIG = ((1e9, " billion"), (1e6, " million"))


def number(value: Any, *, digits: int = 3) -> str:
    """Write a number as people read it: grouped thousands, about `digits` significant figures.

    Parameters
    ----------
    value : float
        NaN and None give a dash: unknown never looks like zero.
    digits : int
        Significant figures below 1000; whole numbers are kept whole.

    Returns
    -------
    str

    Examples
    --------
    >>> number(143852), number(0.50), number(12.345), number(0), number(float("nan"))
    ('143,852', '0.5', '12.3', '0', '—')
    """
    if value is None or not isfinite(float(value)):
        return DASH
    x = float(value)
    if x == 0 or x.is_integer():
        return f"{x:,.0f}".replace("-0", "0") if x == 0 else f"{x:,.0f}"
    places = max(digits - 1 - floor(log10(abs(x))), 0)
    text = f"{x:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Any, unit: str = "", *, digits: int = 3) -> str:
    """Write a number without its unit: as `number`, but a year of the calendar without groups.

    Examples
    --------
    >>> amount(1990, "year"), amount(1990, "m")
    ('1990', '1,990')
    """
    return number(value, digits=digits).replace(",", "" if unit == "year" else ",")


def quantity(value: Any, unit: str = "", *, digits: int = 3) -> Text:
    """Write a number with its unit, in both languages; large sums of money in 万元, 亿元 and millions.

    Parameters
    ----------
    value : float
        NaN and None give 无数据 / no data.
    unit : str
        As in the data (``km2``, ``people``, ``yuan``); see `UNITS`.
    digits : int
        As in `number`.

    Returns
    -------
    Text

    Examples
    --------
    >>> str(quantity(1316.04, "km2")), str(quantity(2.5e8, "yuan")), quantity(float("nan"), "m").en
    ('1,316 km²', '2.5 亿元 250 million yuan', 'no data')
    >>> str(quantity(1990, "year"))
    '1990 年 1990'
    """
    if value is None or not isfinite(float(value)):
        return NO_DATA
    words = UNITS.get(unit, Text(unit, unit))
    if unit == "yuan":
        return Text(
            _scaled(float(value), _ZH_BIG, digits, gap=" ") + "元",
            _scaled(float(value), _EN_BIG, digits, gap="") + " yuan",
        )
    text = amount(value, unit, digits=digits)
    zh, en = ("" if not one or one in {"°", "%"} else " " for one in (words.zh, words.en))
    return Text(f"{text}{zh}{words.zh}", f"{text}{en}{words.en}")


def _scaled(value: float, steps: tuple[tuple[float, str], ...], digits: int, *, gap: str) -> str:
    for size, word in steps:
        if abs(value) >= size:
            return f"{number(value / size, digits=digits)}{gap}{word}"
    return number(value, digits=digits) + gap


def rule_text(rule: Threshold) -> Text:
    """Say a rule and where it stands: the clause, or that it was chosen.

    Parameters
    ----------
    rule : Threshold
        A sentence or a number.

    Returns
    -------
    Text

    Examples
    --------
    >>> from riskmap.standards import book
    >>> rule_text(book().threshold("fire.safe_distance_m")).en
    'Least distance of a site from easily burning fuel 50 m (chosen here, no clause)'
    """
    sentence = isinstance(rule.value, str)
    unit = UNITS.get(rule.unit, Text(rule.unit, rule.unit))
    amount = Text("", "") if sentence else Text(f" {rule.value:g} {unit.zh}", f" {rule.value:g} {unit.en}")
    source = f"{rule.source} {rule.clause}".strip()
    where = Text(source.replace("chapter 4", "第4章"), source)
    if "no clause" in source:
        where = Text("本系统取值，无条文", "chosen here, no clause")
    zh = str(rule.value) if sentence else rule.title.zh
    return Text(f"{zh}{amount.zh.rstrip()}（{where.zh}）", f"{rule.title.en}{amount.en.rstrip()} ({where.en})")


def share(part: Any) -> str:
    """Write a share 0..1 in per cent; a share that is not nought is never shown as 0 %.

    Examples
    --------
    >>> share(0.256), share(0.0004), share(0), share(float("nan"))
    ('25.6%', '<0.1%', '0%', '—')
    """
    if part is None or not isfinite(float(part)):
        return DASH
    if 0 < float(part) < 0.0005:
        return "<0.1%"
    return f"{float(part):.1%}".replace(".0%", "%")


def layer_title(name: str) -> Text:
    """Name of a layer of the catalogue; other names stand for themselves.

    Examples
    --------
    >>> layer_title("hazard_points").zh, layer_title("given.hail").en
    ('地质灾害隐患点', 'given.hail')
    """
    known = layer_specs()
    return known[name].title if name in known else Text(name, name)
