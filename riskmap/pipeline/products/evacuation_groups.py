"""Who finds a place: by time of day and year, by reason, by group, and who needs a vehicle."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from riskmap.maps.words import REASONS
from riskmap.model import Assessment, ProductTable, ShelterResult, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.scenario_order import in_order
from riskmap.shelters import GROUPS, SLOW, TIMES

__all__ = ["make"]

_SUMS = ["people", "assigned", "unassigned", "in_time", "need_vehicle"]
_WORDS: Mapping[str, Mapping[str, Text]] = {
    "time": TIMES,
    "group": {**GROUPS, SLOW: Text("行动缓慢者合计（至多）", "All who walk slowly, at most")},
    "reason": REASONS,
}
_HEADERS = {
    "scenario": Text("情景", "Scenario"),
    "time": Text("时段", "Time"),
    "group": Text("人群", "Group"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("村（社区）", "Village"),
    "reason": Text("原因", "Reason"),
    "units": Text("涉及村（社区）数", "Villages"),
    "people": Text("需安置人口（人）", "People to move (people)"),
    "assigned": Text("已安置（人）", "Placed (people)"),
    "unassigned": Text("未安置（人）", "Not placed (people)"),
    "placed_pct": Text("安置率（%）", "Placed (%)"),
    "worst_min": Text("最长步行时间（分钟）", "Longest walk (min)"),
    "in_time": Text("缓行可按时到达（人）", "In time though slow (people)"),
    "need_vehicle": Text("缓行超时、需车辆转移（人）", "Too slow on foot, need a vehicle (people)"),
}
_TIMES_NOTE = Text(
    "白天、夜间、外出（春节返乡）人口取自村（社区）图层，未提交的时段不列；危险区内人口按常住人口的比例折算",
    "people by day, at night and away (back at the Spring Festival) as the villages tell them, other times are not listed; "
    "inside a zone as many of a hundred as of the residents",
)
_GROUPS_NOTE = Text(
    "各人群按其占常住人口比例分摊并取整，两类身份重复计入；已安置的行动缓慢者优先到本村最近的安置处，步速与时限见阈值表",
    "each group shares out like the residents, in whole people; a person in two groups stands in both; those placed who walk "
    "slowly take the nearest places of their village; speed and limit stand in the table of thresholds",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Sum up an evacuation by time, reason and group.

    Parameters
    ----------
    assessment : Assessment
        With shelters.

    Returns
    -------
    list of ProductTable
        The tables of groups only where a group was delivered.

    Raises
    ------
    MissingLayerError
        No shelters were assessed.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    reach = assessment.shelters
    if reach is None or reach.times is None or reach.evacuated is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    tables = [_table("evacuation_times", Text("各时段安置人口", "Placed by time"), _times(reach.times), _TIMES_NOTE)]
    why = _reasons(reach.evacuated)
    if len(why):
        tables.append(_table("evacuation_reasons", Text("未能安置的原因", "Why people find no place"), why))
    return tables + (_groups(assessment, reach) if reach.groups is not None and len(reach.groups) else [])


def _times(times: pd.DataFrame) -> pd.DataFrame:
    found = times.rename(
        columns={"people_to_move": "people", "people_assigned": "assigned", "people_unassigned": "unassigned"}
    )
    share = 100 * found["assigned"] / found["people"].where(found["people"] > 0, np.nan)
    found = found.assign(placed_pct=share.round(1), worst_min=found["worst_min"].round(1))
    return found[["scenario", "time", "people", "assigned", "unassigned", "placed_pct", "worst_min"]]


def _reasons(places: pd.DataFrame) -> pd.DataFrame:
    left = places[places["unassigned"] > 0]
    summed = left.groupby(["scenario", "time", "reason"], sort=False)["unassigned"].agg(["size", "sum"])
    found = summed.rename(columns={"size": "units", "sum": "unassigned"}).reset_index()
    return in_order(found, places["scenario"], worst="unassigned")


def _groups(assessment: Assessment, reach: ShelterResult) -> list[ProductTable]:
    groups = pd.DataFrame(reach.groups).copy()
    summed = groups.groupby(["scenario", "time", "group"], sort=False)[_SUMS].sum().reset_index()
    units = assessment.survey.units
    names = units["name"] if "name" in units else pd.Series("", index=units.index)
    groups.insert(3, "name", names.reindex(groups["unit_id"]).to_numpy())
    slow = _worst(
        groups[(groups["group"] == SLOW) & (groups["need_vehicle"] > 0)].drop(columns="group"),
        "need_vehicle",
        groups["scenario"],
    )
    left = _worst(groups[(groups["group"] != SLOW) & (groups["unassigned"] > 0)], "unassigned", groups["scenario"])
    return [
        _table("evacuation_groups", Text("分人群安置情况", "Placed by group"), summed, _GROUPS_NOTE),
        _table(
            "evacuation_vehicles", Text("需车辆转移的村（社区）", "Villages with people who need a vehicle"), slow,
            _GROUPS_NOTE, internal=True,
        ),
        _table(
            "evacuation_groups_left", Text("各村（社区）未能安置的人群", "Groups without a place by village"), left,
            _GROUPS_NOTE, internal=True,
        ),
    ]  # fmt: skip


def _worst(table: pd.DataFrame, column: str, scenarios: pd.Series) -> pd.DataFrame:
    return in_order(table, scenarios, worst=column)


def _table(name: str, title: Text, frame: pd.DataFrame, *notes: Text, internal: bool = False) -> ProductTable:
    return ProductTable(
        name=name, title=title, frame=frame.reset_index(drop=True), headers=_HEADERS, notes=notes, internal=internal,
        words={column: dict(words) for column, words in _WORDS.items() if column in frame},
    )  # fmt: skip
