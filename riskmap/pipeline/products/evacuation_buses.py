"""Buses for those who cannot walk in time, and when each village is clear."""

import numpy as np
import pandas as pd

from riskmap.model import Assessment, ProductTable, Text, Threshold
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.scenario_order import in_order
from riskmap.shelters import buses_for

__all__ = ["make"]

_FLEET = ("shelters.bus_count", "shelters.bus_seats", "shelters.bus_boarding_min")
_DEADLINES = "shelters.bus_deadlines_h"
_HEADERS = {
    "scenario": Text("情景", "Scenario"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("村（社区）", "Village"),
    "shelter_id": Text("安置处编号", "Code of the shelter"),
    "shelter": Text("安置处", "Shelter"),
    "fleet": Text("可调用客车（辆）", "Buses at hand"),
    "seats": Text("每车座位（座）", "Seats of a bus"),
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
    used = tuple(survey.standards.threshold(one) for one in (*_FLEET, _DEADLINES))
    fleet, head, gap = _fleet(reach.fleet, reach.buses, used)
    limits = {one: _needed_head(one) for one in fleet.columns.astype(str) if one.startswith("within_")}
    title = Text("客车转移用时", "How long the buses take")
    return [
        ProductTable(
            name="evacuation_fleet", title=title, frame=fleet, headers={**_HEADERS, **limits},
            notes=(head, _rule(used), _needed_note(gap)), thresholds=used,
        ),
        ProductTable(
            name="evacuation_buses", title=Text("客车转移安排", "Trips of the buses"), headers=_HEADERS, thresholds=used,
            frame=in_order(jobs, list(reach.fleet.index), worst="clear_min"), notes=(head,),
        ),
    ]  # fmt: skip


def _fleet(summary: pd.DataFrame, jobs: pd.DataFrame, used: tuple[Threshold, ...]) -> tuple[pd.DataFrame, Text, int]:
    """The table of the scenarios with the fleet in it and the buses needed; the fleet in words; how sure the numbers are."""
    count, seats = (int(float(one.value)) for one in used[:2])  # type: ignore[arg-type]
    frame, gap = summary.round({"last_min": 1, "bound_min": 1}), 0
    frame.insert(0, "fleet", count)
    frame.insert(1, "seats", seats)
    for hours in np.atleast_1d(np.asarray(used[3].value, dtype="float64")).tolist():
        found = [_needed(jobs[jobs["scenario"] == name], hours) for name in frame.index]
        frame[f"within_{hours:g}_h"] = [np.nan if one is None else float(one[1]) for one in found]
        gap = max([gap, *(one[1] - one[0] for one in found if one is not None)])
    chosen = any(one.unverified for one in used[:2])
    return frame, Text(
        f"可调用客车 {count} 辆，每辆 {seats} 座" + ("（本系统假定，无条文依据，请按本县实有车辆更改）" if chosen else ""),
        f"{count} buses at hand, {seats} seats each"
        + (" (assumed here, no clause; give the vehicles that the county has)" if chosen else ""),
    ), gap  # fmt: skip


def _needed(jobs: pd.DataFrame, hours: float) -> tuple[int, int] | None:
    return buses_for(np.repeat(jobs["trip_min"], jobs["trips"].astype("int64")), within_min=60 * hours)


def _needed_head(column: str) -> Text:
    hours = column.split("_")[1]
    return Text(f"{hours} 小时内完成所需客车（辆）", f"Buses needed to be done in {hours} h")


def _needed_note(gap: int) -> Text:
    sure = (
        Text("，为最少辆数", ", the fewest possible")
        if gap == 0
        else Text(f"，至多比最少辆数多 {gap} 辆", f", at most {gap} more than the fewest possible")
    )
    return Text(
        f"时限内完成所需客车：够用的辆数{sure.zh}；空白表示单趟往返已超过时限，增车无用",
        f"buses needed in a time: so many are enough{sure.en}; empty where one round trip alone takes longer",
    )


def _rule(used: tuple[Threshold, ...]) -> Text:
    boarding = f"{float(used[2].value):g}"  # type: ignore[arg-type]
    return Text(
        f"每趟上下车 {boarding} 分钟，往返计时，走各情景下仍畅通的道路；乘车者为步行过慢或步行找不到安置处的常住人口；"
        "最长的趟次先派给最早空闲的车，总用时不超过最短可能的 4/3；同一辆车由近及远，近处先走",
        f"{boarding} minutes to get in and out on each trip, there and back over roads that stay open; for residents who walk "
        "too slowly or find no place on foot; the longest trip goes to the bus that is free first: at most 4/3 of the "
        "shortest time possible; each bus makes its near trips first",
    )
