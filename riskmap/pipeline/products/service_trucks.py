"""Water by truck: the route to every village, trips and hours a day, and whether the water points yield enough."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import ProductTable, Text
from riskmap.pipeline.products.network_ground import NetworkCase, NetworkGround
from riskmap.pipeline.products.service_words import HEADERS
from riskmap.shelters import hauls

__all__ = ["truck_tables"]

_ENOUGH = {
    "yes": Text("足够", "enough"),
    "no": Text("不足", "not enough"),
    "not known": Text("供水能力未知", "yield not known"),
}


def truck_tables(ground: NetworkGround) -> list[ProductTable]:
    """Tabulate routes and water points of every network that brings water.

    Parameters
    ----------
    ground : NetworkGround
        The networks.

    Returns
    -------
    list of ProductTable
        Two a network that has facilities.

    Examples
    --------
    >>> truck_tables.__name__
    'truck_tables'
    """
    cases = [one for one in ground.cases if one.rule.water is not None and len(one.facilities)]
    return [table for one in cases for table in _tables(one, ground)]


def _tables(case: NetworkCase, ground: NetworkGround) -> list[ProductTable]:
    rule = case.rule
    if rule.water is None:  # pragma: no cover - asked before
        return []
    found = hauls(rule, ground.travel, case.demand, case.facilities)
    name = case.facilities.get("name", pd.Series("", index=case.facilities.index)).fillna("").astype(str)
    routes = gpd.GeoDataFrame(
        {
            "name": case.demand["name"], "people": case.demand["amount"], "facility": found["facility"].map(name),
            "there_min": found["there_min"].round(1), "back_min": found["back_min"].round(1),
            "round_min": found["round_min"].round(1), "m3_d": found["m3_d"].round(1), "trips": found["trips"],
            "hours": found["hours"].round(1),
        },
        geometry=found.geometry, crs=found.crs,
    ).sort_values(["hours", "people"], ascending=False, na_position="first", kind="stable")  # fmt: skip
    day = float(rule.water.hours.value)  # type: ignore[arg-type]
    head, load = float(rule.water.a_head.value), float(rule.water.load.value)  # type: ignore[arg-type]
    lost = found["facility"].isna()
    trucks, dry = int(np.ceil(found["hours"].sum() / day)), int(case.demand["amount"][lost].sum())
    note = Text(
        f"假定全部水厂停供，每人每日 {head:g} L，每车 {load:g} m³；每日 {int(found['trips'].sum())} 车次，每车日行 {day:g} 小时，"
        f"至少需 {trucks} 辆；无路可达 {dry} 人",
        f"With every waterworks out: {head:g} L a head a day, {load:g} m³ a truck; {int(found['trips'].sum())} trips a day, "
        f"{trucks} trucks at least at {day:g} h a day; {dry} people have no road",
    )
    return [
        ProductTable(
            name=f"network_routes_{rule.name}", title=Text("应急送水路线", "Routes of the water trucks"), frame=routes,
            headers=HEADERS, notes=(note,), thresholds=rule.thresholds, rows_shown=10,
        ),
        _points(case, found, name),
    ]  # fmt: skip


def _points(case: NetworkCase, found: gpd.GeoDataFrame, name: pd.Series) -> ProductTable:
    """What each water point must give, against its yield."""
    known = found[found["facility"].notna()]
    people = case.demand["amount"].reindex(known.index)
    sums = pd.DataFrame({"people": people, "m3_d": known["m3_d"], "trips": known["trips"], "hours": known["hours"]})
    sums = sums.groupby(known["facility"]).sum().reindex(case.facilities.index, fill_value=0.0)
    column = "" if case.rule.water is None else case.rule.water.supply
    given = case.facilities.get(column, pd.Series(np.nan, index=case.facilities.index)).astype("float64")
    enough = np.where(given.isna(), "not known", np.where(given >= sums["m3_d"], "yes", "no"))
    frame = gpd.GeoDataFrame(
        {
            "name": name, "yield_m3": given, "m3_d": sums["m3_d"].round(1), "enough": enough,
            "people": sums["people"].astype("int64"), "trips": sums["trips"].astype("int64"), "hours": sums["hours"].round(1),
        },
        geometry=case.facilities.geometry, crs=case.facilities.crs,
    )  # fmt: skip
    return ProductTable(
        name=f"network_supply_{case.rule.name}", title=Text("应急取水点供水能力", "What the water points must give"),
        frame=frame, headers={**HEADERS, "people": Text("供水人口（人）", "People supplied")}, words={"enough": _ENOUGH},
        notes=(Text("每村（社区）由最近的取水点供水，未按供水能力调剂", "Every village draws from its nearest point; yields are not balanced"),),
    )  # fmt: skip
