"""How the tables of relief goods speak."""

from collections.abc import Iterable, Mapping
from typing import Any

from riskmap.model import Text, Threshold

__all__ = ["HEADERS", "NOTES", "SIZES", "URGENCY", "VERDICTS", "good_headers", "good_thresholds"]

HEADERS: Mapping[str, Text] = {
    "rank": Text("次序", "Rank"),
    "name": Text("名称", "Name"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "urgency": Text("配送分组", "Group"),
    "people_to_move": Text("需转移人口（人）", "People to move (people)"),
    "minutes": Text("县级储备库送达时间（分钟，含装车）", "From the county store (min, loading included)"),
    "in_time": Text("能否按时送达", "In time"),
    "shut_min": Text("该情景下送达时间（分钟，空为不能送达）", "In the scenario (min; empty: not at all)"),
    "lone_km": Text("别无他路的路段长（km）", "Road without another way (km)"),
    "level": Text("级别", "Level"),
    "villages": Text("供应村（社区）（个）", "Villages supplied"),
    "people": Text("供应转移人口（人）", "People supplied (people)"),
    "scenario": Text("情景", "Scenario"),
    "facilities": Text("县级及以上储备库（处）", "Stores of county level and above"),
    "safe": Text("其中该情景下安全（处）", "Safe in the scenario"),
    "floor_area_m2": Text("现有建筑面积（m²）", "Floor area (m²)"),
    "asked_m2": Text("要求建筑面积（m²）", "Floor area asked for (m²)"),
    "verdict": Text("是否达标", "Verdict"),
    "why": Text("依据", "Why"),
}
"""Headers of the columns that are not goods."""

URGENCY: Mapping[int, Text] = {
    3: Text("高风险且偏远", "at risk and remote"),
    2: Text("高风险", "at risk"),
    1: Text("偏远", "remote"),
    0: Text("其他", "other"),
}
VERDICTS: Mapping[str, Text] = {
    "pass": Text("达标", "pass"),
    "fail": Text("不达标", "fail"),
    "not known": Text("无法判定", "not known"),
}
SIZES: Mapping[str, Text] = {
    "within": Text("在规范人口区间内，按两端线性取值", "within a row of the standard, straight between its ends"),
    "below": Text("少于规范最小人口，按最小规模", "fewer people than its first row: its least size"),
    "between": Text(
        "人口在县级与市级规模之间，规范未列，面积至少为县级上限",
        "between its county and city rows, where it is silent: at least the upper end below",
    ),
    "above": Text("超过规范最大人口，面积至少为上限", "more people than its last row: at least its upper end"),
    "unknown": Text("缺少转移人口或建筑面积", "people to move or floor area are not known"),
}
NOTES = (
    Text(
        "先供高风险且偏远的村，再供高风险的村、偏远的村和其他村；同组先供转移人口多的，再供路程远的。偏远：自县级储备库行车超过规定时间，"
        "或别无他路的路段超过规定长度，或无路可通；高风险：综合风险等级最高两级",
        "Villages at risk and remote come first, then those at risk, the remote ones and the others; within a group the one "
        "with more people to move, then the farther one. Remote: beyond the declared minutes by road from the county store, or "
        "more than the declared length of road without another way, or no road. At risk: one of the two highest risk classes",
    ),
    Text(
        "“该情景下送达时间”按该情景道路中断、受威胁的储备库停用计算",
        "In the scenario its roads are closed, and stores inside its zone are out of use",
    ),
    Text(
        "人均物资标准未见统一规定，除饮用水外为参考值，请按本地标准核改；帐篷、棉被、折叠床按村向上取整",
        "No standard list of goods was read: all but drinking water are candidates, to be replaced by the county's own; tents, "
        "quilts and beds are rounded up by village",
    ),
)


def good_headers(goods: Iterable[Mapping[str, Any]]) -> dict[str, Text]:
    """Headers of the goods, their stock and what is missing.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> good_headers(book().table("networks.relief_goods"))["gap_tents_count"].zh
    '帐篷缺口（顶）'
    """
    found = {}
    for row in goods:
        zh, en, unit = row["title"]["zh"], row["title"]["en"], row["unit"]
        tail = f" ({unit})" if unit.isascii() else ""
        found[row["name"]] = Text(f"{zh}（{unit}）", f"{en}{tail}")
        found[row["stock"]] = Text(f"{zh}库存（{unit}）", f"Stock of {en.lower()}{tail}")
        found[f"gap_{row['name']}"] = Text(f"{zh}缺口（{unit}）", f"Missing {en.lower()}{tail}")
    return found


def good_thresholds(goods: Iterable[Mapping[str, Any]]) -> tuple[Threshold, ...]:
    """What a head needs of each good, for the record of a result.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> good_thresholds(book().table("networks.relief_goods"))[0].title.zh
    '饮用水每人每日数量'
    """
    return tuple(
        Threshold(
            key=f"networks.relief_goods.{row['name']}", value=float(row["amount"]) * float(row.get("share", 1.0)),
            unit=row["unit"], source=row["source"], confidence=row["confidence"],
            title=Text(
                f"{row['title']['zh']}每人{'每日' if row.get('daily') else ''}数量",
                f"{row['title']['en']} a head{' a day' if row.get('daily') else ''}",
            ),
        )
        for row in goods
    )  # fmt: skip
