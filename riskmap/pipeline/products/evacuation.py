"""Who goes to which shelter in each scenario, and who is left without room or way."""

import pandas as pd

from riskmap.maps.words import REASONS
from riskmap.model import Assessment, ProductTable, Text
from riskmap.model.reach_result import MEASURES
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.scenario_order import in_order
from riskmap.shelters import TIMES

__all__ = ["make"]

_HEADERS = {
    "scenario": Text("情景", "Scenario"),
    "time": Text("时段", "Time"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("村（社区）", "Village"),
    "shelter_id": Text("场所编号", "Shelter code"),
    "shelter": Text("避难场所", "Shelter"),
    "people": Text("需安置人口（人）", "People to move (people)"),
    "assigned": Text("已安置（人）", "Placed (people)"),
    "unassigned": Text("未安置（人）", "Not placed (people)"),
    "minutes": Text("步行时间（分钟）", "On foot (min)"),
    "reason": Text("原因", "Reason"),
}
_NOTES = (
    Text(
        "无灾害情景安置全部人口、地震情景安置规定比例人口（限服务半径内）；其他灾害情景安置危险区内人口，限步行时间，场所须安全、"
        "道路须畅通；洪水、滑坡情景计入安全公共建筑",
        "without a hazard all people are placed, after an earthquake a declared share, within the radii; in other scenarios the "
        "people inside the zone, within the walking limit, in shelters that stay safe over roads that stay open; safe public "
        "houses count in floods and slides",
    ),
    Text(
        "先使安置人数最多，再使步行总时间最短，优先本乡镇；容量未知的场所不计入",
        "as many people as possible find room, then the total walking time is least, the own township first; shelters of "
        "unknown capacity hold nobody",
    ),
)
_FLOWS = Text(
    "按情景和时段逐一列出各村（社区）去往各场所的人数；走哪条路见“转移路线”，该表每情景只取人数最多的时段",
    "how many go from each village to each shelter, scenario by scenario and time by time; the ways stand under Ways of "
    "those who leave, which takes the time with most people in each scenario",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate allocation and the people left over.

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
        No shelters were assessed.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    reach = assessment.shelters
    if reach is None or reach.flows is None or reach.evacuated is None or reach.houses is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    places = _named(assessment, reach.evacuated)
    named = list(reach.evacuated["scenario"])
    left = in_order(places[places["unassigned"] > 0], named, worst="unassigned")
    flows = _named(assessment, reach.flows)
    called = pd.concat([reach.shelters["name"], reach.houses["name"]])
    flows.insert(5, "shelter", called.reindex(flows["shelter_id"]).to_numpy())
    flows = flows.assign(people=flows["people"].astype("int64"), minutes=flows["minutes"].round(1))
    headers = {**_HEADERS, "people": Text("人数（人）", "People")}
    return [
        ProductTable(
            name="evacuation_left", title=Text("未能安置的村（社区）", "Villages without room or way"),
            frame=left, headers=_HEADERS, words={"reason": dict(REASONS), "time": dict(TIMES)},
            notes=(*_NOTES, MEASURES),
        ),
        ProductTable(
            name="evacuation_flows", title=Text("避难安置去向", "Who goes to which shelter"),
            frame=in_order(flows, named, worst="people"), headers=headers, words={"time": dict(TIMES)},
            notes=(_FLOWS,),
        ),
    ]  # fmt: skip


def _named(assessment: Assessment, table: pd.DataFrame) -> pd.DataFrame:
    units = assessment.survey.units
    names = units["name"] if "name" in units else pd.Series("", index=units.index)
    found = table.copy()
    found.insert(3, "name", names.reindex(table["unit_id"]).to_numpy())
    return found
