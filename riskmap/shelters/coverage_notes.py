"""What a planner must know beside the figures of coverage and placing."""

import numpy as np

from riskmap.model import Text
from riskmap.model.reach_result import MEASURES
from riskmap.shelters.ground import Ground

__all__ = ["coverage_notes", "parts_in_words"]


def coverage_notes(ground: Ground) -> tuple[Text, ...]:
    """Say how the roads hang together, who has no road near, how times were reckoned, and what the measures mean.

    Parameters
    ----------
    ground : Ground
        Network with units and shelters on it.

    Returns
    -------
    tuple of Text
        The roads first.

    Examples
    --------
    >>> coverage_notes.__name__
    'coverage_notes'
    """
    relief = bool(ground.unknown_relief.min(initial=1) < 1)
    return (
        parts_in_words(len(np.unique(ground.network.islands()))),
        _without_road(int((ground.nodes < 0).sum()), int((ground.sites < 0).sum())),
        Text("步行时间按坡度计算（Tobler 函数）", "walking times by slope (Tobler's function)")
        if relief
        else Text("缺少地形，步行时间按平地计算", "no relief: walking times as on flat ground"),
        Text(
            "人均可用容量为服务半径内场所容量按共享人口分摊，容量未知的场所按 0 计；覆盖判断未核减容量",
            "room a head shares the capacity within the radii among all who live there, unknown capacity as none; coverage does "
            "not count it off",
        ),
        Text(
            "中断路段按整段计长：一处不通，两个路口之间的整段即不通；小洪水已淹没多数沟道过水处时，各重现期的中断长度相近",
            "a closed stretch counts whole, from one junction to the next, wherever it is cut; where a small flood already "
            "covers most crossings, all return periods close about the same length",
        ),
        MEASURES,
    )


def parts_in_words(parts: int) -> Text:
    """Say whether the roads hang together.

    Parameters
    ----------
    parts : int
        Parts of the network between which no road leads.

    Returns
    -------
    Text

    Examples
    --------
    >>> parts_in_words(1).en, parts_in_words(3).en
    ('all roads hang together', 'the road network falls into 3 separate parts')
    """
    if parts == 0:
        return Text("没有道路", "there are no roads")
    if parts == 1:
        return Text("路网全部连通", "all roads hang together")
    return Text(f"路网分为 {parts} 个互不连通的部分", f"the road network falls into {parts} separate parts")


def _without_road(villages: int, shelters: int) -> Text:
    if not villages and not shelters:
        return Text("各村（社区）和避难场所附近均有道路", "every village and every shelter has a road near")
    zh = [f"{villages} 个村（社区）"] * (villages > 0) + [f"{shelters} 处避难场所"] * (shelters > 0)
    en = [_counted(villages, "village")] * (villages > 0) + [_counted(shelters, "shelter")] * (shelters > 0)
    verb = "has" if villages + shelters == 1 else "have"
    return Text(f"{'、'.join(zh)}附近没有道路", f"{' and '.join(en)} {verb} no road near")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
