"""The ways of the people who leave, and the public houses that take them in."""

import geopandas as gpd
import pandas as pd

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.scenario_order import in_order

__all__ = ["make"]

_HEADERS = {
    "scenario": Text("情景", "Scenario"),
    "unit_id": Text("村（社区）代码", "Village code"),
    "name": Text("村（社区）", "Village"),
    "shelter_id": Text("安置处编号", "Code of the shelter"),
    "shelter": Text("安置处", "Shelter"),
    "people": Text("转移人数（人）", "People"),
    "minutes": Text("步行时间（分钟）", "On foot (min)"),
    "length_m": Text("路程（m）", "Length (m)"),
    "type": Text("类型", "Type"),
    "capacity_people": Text("可容纳（人）", "Room (people)"),
}
_ROUTES = Text(
    "沿各情景下仍畅通的道路，步行最快的路线（带线位）；多个时段取人数最多者，各时段人数见“避难安置去向”",
    "quickest ways on foot over the roads that stay open in each scenario, as lines; of several times the one with most "
    "people; the people of every time stand under Who goes to which shelter",
)
_HOUSES = Text(
    "结构较好的公共用房，位于危险区外且高于洪水位，仅在洪水、滑坡类情景中启用；面积、人均面积为本系统取值",
    "firm houses of public use outside the zone and above the flood line; they serve in floods and slides only; least area "
    "and area a person are chosen here",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """List routes and safe houses.

    Parameters
    ----------
    assessment : Assessment
        With shelters.

    Returns
    -------
    list of ProductTable
        The second one only where a public house takes people in.

    Raises
    ------
    MissingLayerError
        No shelters were assessed, or nobody finds a place.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    reach = assessment.shelters
    if reach is None or reach.routes is None or reach.houses is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    if reach.routes.empty:
        raise AbsentError("各情景均无人可安置", "nobody finds a place in any scenario")
    units = assessment.survey.units
    names = units["name"] if "name" in units else pd.Series("", index=units.index)
    routes = reach.routes.assign(minutes=reach.routes["minutes"].round(1), length_m=reach.routes["length_m"].round())
    routes.insert(2, "name", names.reindex(routes["unit_id"]).to_numpy())
    called = pd.concat([reach.shelters["name"], reach.houses["name"]])
    routes.insert(4, "shelter", called.reindex(routes["shelter_id"]).to_numpy())
    ordered = in_order(routes, reach.routes["scenario"], worst="people")
    tables = [
        ProductTable(
            name="evacuation_routes", title=Text("转移路线", "Ways of those who leave"),
            frame=gpd.GeoDataFrame(ordered, crs=routes.crs), headers=_HEADERS, notes=(_ROUTES,),
        )
    ]  # fmt: skip
    if len(reach.houses):
        houses = reach.houses[["name", "type", "capacity_people", "unit_id", "geometry"]]
        headers = {**_HEADERS, "name": Text("公共建筑", "Public house")}
        title = Text("安全公共建筑", "Safe public houses")
        tables.append(ProductTable(name="safe_houses", title=title, frame=houses, headers=headers, notes=(_HOUSES,)))
    return tables
