"""Buses for those who cannot walk in time, and when each village is clear."""

import pandas as pd

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.scenario_order import in_order

__all__ = ["make"]

_THRESHOLDS = ("shelters.bus_count", "shelters.bus_seats", "shelters.bus_boarding_min")
_HEADERS = {
    "scenario": Text("情景", "Scenario"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("村（社区）", "Village"),
    "shelter_id": Text("安置处编号", "Code of the shelter"),
    "shelter": Text("安置处", "Shelter"),
    "people": Text("乘车人数（人）", "By bus (people)"),
    "left": Text("无处可送（人）", "No shelter with room and a way (people)"),
    "there_min": Text("去程（分钟）", "There (min)"),
    "back_min": Text("回程（分钟）", "Back (min)"),
    "trips": Text("趟次", "Trips"),
    "trip_min": Text("每趟用时（分钟）", "One trip (min)"),
    "buses": Text("用车（辆）", "Buses"),
    "clear_min": Text("转移完毕（分钟）", "Clear after (min)"),
    "last_min": Text("全部完成（分钟）", "All done after (min)"),
    "bound_min": Text("最短不少于（分钟）", "No plan needs less than (min)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the buses of every scenario.

    Parameters
    ----------
    assessment : Assessment
        With shelters.

    Returns
    -------
    list of ProductTable

    Raises
    ------
    MissingLayerError
        No shelters were assessed, or nobody needs a bus.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    reach = assessment.shelters
    if reach is None or reach.buses is None or reach.fleet is None or reach.houses is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    if reach.fleet.empty:
        raise AbsentError("没有需要车辆转移的人", "nobody needs a bus", asked=False)
    survey = assessment.survey
    names = survey.units["name"] if "name" in survey.units else pd.Series("", index=survey.units.index)
    jobs = reach.buses.copy()
    jobs.insert(2, "name", names.reindex(jobs["unit_id"]).to_numpy())
    called = pd.concat([reach.shelters["name"], reach.houses["name"]])
    jobs.insert(4, "shelter", called.reindex(jobs["shelter_id"]).to_numpy())
    jobs = jobs.round(dict.fromkeys(("there_min", "back_min", "trip_min", "clear_min"), 1))
    used = tuple(survey.standards.threshold(one) for one in _THRESHOLDS)
    count, seats, boarding = (float(one.value) for one in used if isinstance(one.value, int | float))
    note = Text(
        f"{count:g} 辆 {seats:g} 座客车，每趟上下车 {boarding:g} 分钟，往返计时，走各情景下仍畅通的道路；乘车者为步行过慢或步行找不到"
        "安置处的常住人口；最长的趟次先派给最早空闲的车，总用时不超过最短可能的 4/3",
        f"{count:g} buses of {seats:g} seats, {boarding:g} minutes to get in and out, there and back over roads that stay open; for "
        "residents who walk too slowly or find no place on foot; the longest trip goes to the bus that is free first: "
        "at most 4/3 of the shortest time possible",
    )
    return [
        ProductTable(
            name="evacuation_fleet", title=Text("客车转移用时", "How long the buses take"),
            frame=reach.fleet.round({"last_min": 1, "bound_min": 1}), headers=_HEADERS, notes=(note,), thresholds=used,
        ),
        ProductTable(
            name="evacuation_buses", title=Text("客车转移安排", "Trips of the buses"), headers=_HEADERS, thresholds=used,
            frame=in_order(jobs, list(reach.fleet.index), worst="clear_min"),
        ),
    ]  # fmt: skip
