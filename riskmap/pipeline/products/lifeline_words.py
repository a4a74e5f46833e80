"""How the tables of the lifelines speak."""

from collections.abc import Iterable, Mapping

from riskmap.model import Text

__all__ = ["AFTER", "ALL", "ANY", "HEADERS", "NOTES", "ROADS_NOTE", "SCENARIOS_NOTE", "lists"]

HEADERS: Mapping[str, Text] = {
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("村（社区）", "Village"),
    "people": Text("常住人口（人）", "Residents (people)"),
    "lifeline": Text("生命线", "Lifeline"),
    "sites": Text("设施或通道（处）", "Sites (number)"),
    "ways": Text("通路等级（按最弱的生命线）", "Class of ways (weakest lifeline)"),
    "ways_class": Text("通路等级", "Class of ways"),
    "hanging": Text("全系于一段路的生命线（条）", "Lifelines on one stretch (number)"),
    "isolating_km": Text("断后失去全部生命线的路长（km）", "Road whose loss takes every lifeline (km)"),
    "isolating_road": Text("该路段所在道路", "Road of that stretch"),
    "isolating_bridge": Text("该路段有桥梁", "A bridge on that stretch"),
    "left_fewest": Text("最不利情景可达生命线（条）", "Lifelines left in the worst scenario (number)"),
    "worst_in": Text("最不利情景", "Worst scenario"),
    "lone_km": Text("别无他路的路长（km）", "Road without another way (km)"),
    "lone_road": Text("其中最长一段所在道路", "Road of its longest stretch"),
    "lone_bridge": Text("其中有桥梁", "A bridge on it"),
    "site": Text("最近设施或通道", "Nearest site"),
    "minutes": Text("通常用时（分钟）", "Usual way (min)"),
    "after": Text("最不利一段中断后", "If the worst stretch is lost"),
    "worst_road": Text("最不利路段所在道路", "Road of the worst stretch"),
    "extra_min": Text("绕行多用时（分钟）", "Longer by the way round (min)"),
    "second": Text("次近设施或通道", "Second nearest site"),
    "second_min": Text("到次近用时（分钟）", "To the second nearest (min)"),
    "shared_km": Text("到最近与次近同经且别无他路的路长（km）", "Road without another way on both (km)"),
    "closed_in": Text("中断的情景", "Lost in"),
    "scenario": Text("情景", "Scenario"),
    "people_all": Text("各生命线均如无灾害日（人）", "Keep all lifelines (people)"),
    "people_fewer": Text("失去部分生命线（人）", "Lose some (people)"),
    "people_none": Text("失去全部生命线（人）", "Lose all (people)"),
    "people_never": Text("无灾害日即无生命线（人）", "None even on a dry day (people)"),
    "road": Text("路名", "Road"),
    "class": Text("道路等级", "Class of road"),
    "bridge": Text("含桥梁", "Bridge"),
    "place": Text("所在村（社区）", "Where"),
    "length_m": Text("路段长（m）", "Length (m)"),
    "people_cut_off": Text("中断后失去生命线（人）", "Lose a lifeline (people)"),
    "people_isolated": Text("其中失去全部生命线（人）", "Of these, lose every lifeline (people)"),
    "lost": Text("失去的生命线", "Lifelines lost"),
    "people_on_it": Text("通常经过此段（人）", "Usual way passes it (people)"),
    "detour_min": Text("其余人绕行平均多用时（分钟）", "Way round of the others, mean (min)"),
}

ALL = Text("各生命线中最弱的", "the weakest of all")

ANY: Mapping[str, Text] = {"yes": Text("有", "yes"), "no": Text("无", "no"), "": Text("", "")}

AFTER: Mapping[str, Text] = {
    "cut": Text("无路可绕", "no way left"),
    "round": Text("可绕行", "a way round"),
    "none": Text("本无通路", "no way at all"),
    "near": Text("就在设施旁", "beside the site"),
}

NOTES = (
    Text(
        "通路数为互不共用任何路段的通路数，通往同类任一设施均可，三条及以上不再细分；一段路中断即全断的为“全系于一段路”。村驻地到路边的步行"
        "路段不计。单行路按双向计数，用时仍按规定方向。村旁只有一条路时最多两条通路",
        "Ways that share no stretch of road, to any site of the lifeline, counted up to three; one stretch on which all hang is "
        "“hangs on one stretch”. The walk from the village to its road does not count. One-way streets count in both directions, "
        "times keep to the traffic. A village beside a single road has two ways at most",
    ),
    Text(
        "村的等级按其最弱的生命线；某类设施只有一处且在断头路上时，全县都系于该路段",
        "A village is classed by its weakest lifeline; where the only site of a kind stands on a dead end, the whole county "
        "hangs on that road",
    ),
    Text(
        "到避难场所按步行，其余按行车；“中断”指无路可达或设施本身受威胁，不计时限。电力、通信、供水管线不在普查图层之列，未计算",
        "On foot to shelters, by car else; lost means no way, or the site itself in danger, whatever the time. The survey "
        "delivers no lines of power, communication or water supply: they are not reckoned",
    ),
)
SCENARIOS_NOTE = Text(
    "各生命线列为仍能到达的人口；村内情形与无灾害日相比",
    "Columns of lifelines tell the people who still reach them; keeping and losing are against the dry day",
)
ROADS_NOTE = Text(
    "无灾害日逐段试断通常路线所经的每一段路；按中断后失去生命线的人数排列，同一后果的相连路段合为一行，短于路端连接容差的碎段不列",
    "Every stretch of the usual ways is taken out once, on a dry day; by the people who lose a lifeline; stretches that follow "
    "one another with the same effect are one row; pieces shorter than the tolerance for joining roads are not told",
)


def lists(titles: Iterable[Text], codes: Iterable[int]) -> dict[int, Text]:
    """Words for sets of lifelines: 1 for the first, 2 for the second, 3 for both, ...

    Examples
    --------
    >>> lists([Text("医疗", "Clinics"), Text("消防", "Fire")], [3])[3].zh
    '医疗、消防'
    """
    told = list(titles)
    parts = {code: [one for n, one in enumerate(told) if code >> n & 1] for code in codes}
    return {
        code: Text("、".join(one.zh for one in some) or "无", ", ".join(one.en for one in some) or "none")
        for code, some in parts.items()
    }
