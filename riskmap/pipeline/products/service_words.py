"""How the tables of the networks of facilities speak."""

from collections.abc import Iterable, Mapping

from riskmap.maps.words import UNITS, layer_title, number
from riskmap.model import Text
from riskmap.shelters import ServiceRule
from riskmap.standards import layer_spec

__all__ = [
    "HEADERS",
    "NEEDS_NOTE",
    "NOTES",
    "REASONS",
    "SITES_NOTE",
    "YES",
    "amount_headers",
    "amount_words",
    "limit_words",
    "outcome_words",
    "reckoned_for",
    "way_headers",
]

HEADERS: Mapping[str, Text] = {
    "network": Text("设施网络", "Network"),
    "measure": Text("服务对象", "Whom it serves"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("地点", "Place"),
    "scenario": Text("情景", "Scenario"),
    "facilities": Text("可用设施（处）", "Facilities in use"),
    "places": Text("对象数（处）", "Places"),
    "places_served": Text("其中已服务（处）", "Places served"),
    "share_pct": Text("服务比例（%）", "Share served (%)"),
    "reason": Text("情形", "Served, or why not"),
    "facility": Text("最近设施", "Nearest facility"),
    "second": Text("次近设施", "Second nearest"),
    "covered_pct": Text("现状服务比例（%）", "Served now (%)"),
    "asked_pct": Text("要求比例（%）", "Asked for (%)"),
    "possible_pct": Text("备选点全部启用可达（%）", "With all candidates (%)"),
    "reached": Text("可否达到要求", "Can it be reached"),
    "more": Text("增设（处）", "More to build"),
    "outcome": Text("增设后", "Once they are built"),
    "outcome_en": Text("增设后（英）", "Once they are built (English)"),
    "candidates": Text("备选点（处）", "Candidates"),
    "land_m2": Text("所需用地（m²）", "Land (m²)"),
    "kind": Text("来源", "Kind"),
    "turn": Text("增设次序", "Order of building"),
    "level": Text("等级", "Level"),
    "area_km2": Text("时限内可达范围（km²）", "Land within the limit (km²)"),
    "limit_km2": Text("责任区面积上限（km²）", "Largest area of responsibility (km²)"),
    "judged": Text("可达范围与责任区上限", "Land reached against the largest area"),
    "farthest": Text("最远用时（分钟）", "Farthest (min)"),
    "there_min": Text("去程（分钟）", "There (min)"),
    "back_min": Text("返程（分钟）", "Back (min)"),
    "round_min": Text("每趟含灌装（分钟）", "A trip, filling included (min)"),
    "people": Text("常住人口（人）", "Residents"),
    "m3_d": Text("日需水量（m³）", "Water a day (m³)"),
    "trips": Text("每日车次", "Trips a day"),
    "hours": Text("每日车时（小时）", "Truck hours a day (h)"),
    "yield_m3": Text("日供水能力（m³）", "Yield a day (m³)"),
    "enough": Text("供水是否足够", "Enough water"),
}
"""Headers of the columns that are not amounts."""

_AMOUNTS: Mapping[str, Text] = {
    "total": Text("应服务", "To serve"),
    "served": Text("已服务", "Served"),
    "too_far": Text("超出时限或距离", "Too far"),
    "no_road": Text("无道路连通", "No road"),
    "cut_off": Text("道路被灾害中断", "Roads closed by the hazard"),
    "unsafe": Text("设施受灾害威胁", "Facility itself unsafe"),
    "none": Text("没有此类设施", "No such facility"),
    "gain": Text("新增服务", "Newly served"),
    "nearest": Text("以其为最近设施", "Nearest to it"),
    "beyond": Text("其中超出时限或距离", "Beyond the limit"),
}
YES = {True: Text("是", "yes"), False: Text("否", "no")}

REASONS: Mapping[str, Text] = {
    "served": Text("已服务", "served"),
    "too far": Text("超出时限或距离", "too far"),
    "no road": Text("无道路连通", "no road leads there"),
    "none": Text("没有此类设施", "no such facility"),
}

NOTES = (
    Text(
        "无灾害日按全部道路计算；灾害情景中被危险区中断的道路不通行，位于危险区的设施不计；已服务与各类未服务之和等于应服务总数",
        "On a dry day all roads count; in a scenario roads inside its zone are closed and facilities inside it do not count; "
        "served and unserved add up to the whole",
    ),
    Text(
        "行车按道路登记车速或等级车速，步行按坡度；人口取整后计算",
        "by car at the speed of the road or of its class, on foot by slope; people are rounded to whole numbers",
    ),
)

NEEDS_NOTE = Text(
    "备选点为村（社区）驻地和规划点位，危险区内或过陡的不列入（雨量站不限坡度）；备选点全部启用仍达不到要求的，按所能达到的最大"
    "比例求最少处数；用地为每处用地乘处数",
    "Candidates are village seats and planned sites out of hazard zones and on gentle ground (any slope for gauges). Where "
    "all of them do not reach what is asked, the fewest that reach the most; land is that of one site times their number",
)
SITES_NOTE = Text(
    "按增设次序排列：每次先建新增服务最多的一处，前面已服务的不重复计",
    "In the order of building: each time the site that adds most; what is served before counts once",
)

_MODES: Mapping[str, Text] = {
    "drive": Text("行车", "by car"),
    "walk": Text("步行", "on foot"),
    "straight": Text("直线距离", "in a straight line"),
}


def limit_words(rule: ServiceRule) -> Text:
    """Say how far a network serves.

    Examples
    --------
    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.standards import book
    >>> limit_words(service_rules(book())[0]).zh
    '行车 5 分钟以内（含出发前 1 分钟）'
    """
    unit = Text("分钟", "min") if rule.unit == "min" else Text("m ", "m")
    mode, most, start = _MODES[rule.mode], number(rule.most), number(rule.start)
    zh, en = f"{mode.zh} {most} {unit.zh}以内", f"within {most} {unit.en} {mode.en}"
    if rule.start:
        return Text(f"{zh}（含出发前 {start} 分钟）", f"{en} (with {start} min before it sets out)")
    return Text(zh, en)


def outcome_words(more: int, *, reached: bool, most_pct: float) -> Text:
    """Say what building `more` sites comes to: what is asked for, or the most that all candidates could reach.

    Examples
    --------
    >>> outcome_words(3, reached=False, most_pct=86.34).zh
    '全部增设 3 处也只能达 86.3%，达不到要求'
    >>> outcome_words(3, reached=True, most_pct=97).en
    '3 more reach what is asked'
    """
    most = f"{number(round(most_pct, 1))}%"
    if reached:
        told = Text(f"增设 {more} 处即达到要求", f"{more} more reach what is asked")
        return told if more else Text("现状已达到要求", "what is asked is reached now")
    if not more:
        return Text(f"备选点都不能增加服务，仍为 {most}", f"no candidate adds anything: it stays {most}")
    return Text(
        f"全部增设 {more} 处也只能达 {most}，达不到要求", f"all {more} more reach only {most}, less than is asked"
    )


def reckoned_for(rule: ServiceRule, *, all_villages: bool) -> Text:
    """Say whom a network was reckoned for.

    Examples
    --------
    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.standards import book
    >>> reckoned_for(service_rules(book())[0], all_villages=True).zh
    '按全部村（社区）人口计算（缺少城乡分类代码，规范只适用于城镇建设用地）'
    """
    if rule.demand != "people":
        what = layer_title(rule.demand)
        return Text(f"服务对象为{what.zh}", f"reckoned for: {what.en.lower()}")
    if all_villages:
        return Text(
            "按全部村（社区）人口计算（缺少城乡分类代码，规范只适用于城镇建设用地）",
            "reckoned for all villages (no urban-rural code; the rule is one for urban land)",
        )
    return {
        "all": Text("按全部村（社区）人口计算", "reckoned for all villages"),
        "urban": Text(
            "只计城镇村（社区）（城乡分类代码首位为 1）", "for urban villages only (urban-rural code begins with 1)"
        ),
        "risk": Text("只计高风险等级的村（社区）", "for villages of a high risk class only"),
    }[rule.villages]


def amount_words(rule: ServiceRule) -> Text:
    """Say what is served at a place, with its unit.

    Examples
    --------
    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.standards import book
    >>> amount_words(service_rules(book())[0]).zh
    '人口（人）'
    """
    unit = _unit(rule)
    if rule.demand == "people":
        return Text(f"人口（{unit.zh}）", f"Residents ({unit.en})")
    title = layer_spec(rule.demand).field(rule.amount).title if rule.amount else layer_title(rule.demand)
    return Text(f"{title.zh}（{unit.zh}）", f"{title.en} ({unit.en})")


def _unit(rule: ServiceRule) -> Text:
    if rule.demand == "people":
        return UNITS["people"]
    if not rule.amount:
        return Text("处", "number")
    unit = layer_spec(rule.demand).field(rule.amount).unit
    return UNITS.get(unit, Text(unit, unit))


def amount_headers(rules: Iterable[ServiceRule]) -> dict[str, Text]:
    """Headers of what is served; with the unit where all networks share it, else the column 服务对象 tells it.

    Examples
    --------
    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.standards import book
    >>> amount_headers(service_rules(book()))["served"].zh
    '已服务（人）'
    """
    units = {(unit.zh, unit.en) for unit in map(_unit, rules)}
    if len(units) != 1:
        return dict(_AMOUNTS)
    zh, en = units.pop()
    return {name: Text(f"{text.zh}（{zh}）", f"{text.en} ({en})") for name, text in _AMOUNTS.items()}


def way_headers(rule: ServiceRule) -> dict[str, Text]:
    """Headers of the ways and amounts of one network.

    Examples
    --------
    >>> from riskmap.shelters.service_rules import service_rules
    >>> from riskmap.standards import book
    >>> way_headers(service_rules(book())[0])["way"].en
    'To the nearest (min)'
    """
    unit = Text("分钟", "min") if rule.unit == "min" else Text("m", "m")
    return {
        "amount": amount_words(rule),
        "way": Text(f"到最近设施（{unit.zh}）", f"To the nearest ({unit.en})"),
        "second_way": Text(f"到次近设施（{unit.zh}）", f"To the second nearest ({unit.en})"),
    }
