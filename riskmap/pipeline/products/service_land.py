"""Land that a facility reaches within its limit, against the largest area that its level may answer for."""

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.model import ProductTable, Standards, Survey, Text, Threshold
from riskmap.pipeline.products.network_ground import NetworkCase, NetworkGround
from riskmap.pipeline.products.service_words import HEADERS, amount_headers
from riskmap.shelters import Service, service_land

__all__ = ["land_tables"]

_JUDGED = {
    "whole": Text("可达范围不小于上限，责任区可按上限划定", "reaches as much as the area may be"),
    "part": Text(
        "可达范围小于上限，责任区应划小或改善道路", "reaches less: make the area smaller, or better the roads"
    ),
    "not known": Text("等级没有规定上限", "no largest area is told for this level"),
}
_NOTE = Text(
    "可达范围为时限内可到达道路两侧的土地；责任区须按建成区和城镇边界划定，不宜跨越高速公路、铁路干线和较大河流，此处未判断",
    "Land along the roads reached within the limit; the area itself is drawn by the built-up land and should not cross "
    "expressways, railways and large rivers, which is not judged here",
)


def land_tables(ground: NetworkGround, found: dict[str, Service], survey: Survey) -> list[ProductTable]:
    """Tabulate the land of the facilities of every network that asks for it.

    Parameters
    ----------
    ground : NetworkGround
        The networks.
    found : dict of str to Service
        What they serve.
    survey : Survey
        With its standards.

    Returns
    -------
    list of ProductTable
        One a network that has facilities.

    Examples
    --------
    >>> land_tables.__name__
    'land_tables'
    """
    cases = [one for one in ground.cases if one.rule.areas and len(one.facilities)]
    return [_table(one, ground, found[one.rule.name], survey.standards) for one in cases]


def _table(case: NetworkCase, ground: NetworkGround, found: Service, standards: Standards) -> ProductTable:
    rule, told = case.rule, found.facilities
    land = service_land(rule, ground.travel, case.facilities, width_m=standards.value("networks.width_m"))
    none = pd.Series("", index=case.facilities.index)
    level = case.facilities.get("level", none).fillna("").astype(str)
    rows = [one for one in standards.table("networks.area_limits") if one["network"] == rule.name]
    limit = np.array([next((row["km2"] for row in rows if row["word"] in one), np.nan) for one in level])
    judged = np.where(np.isnan(limit), "not known", np.where(land["area_km2"] >= limit, "whole", "part"))
    digits = 0 if rule.unit == "m" else 1
    frame = gpd.GeoDataFrame(
        {
            "name": case.facilities.get("name", none).fillna(""), "level": level, "area_km2": land["area_km2"].round(2),
            "limit_km2": limit, "judged": judged, "nearest": told["amount"].astype("int64"),
            "beyond": (told["amount"] - told["served"]).astype("int64"), "farthest": told["farthest"].round(digits),
        },
        geometry=land.geometry, crs=land.crs,
    )  # fmt: skip
    limits = tuple(
        Threshold(
            key=f"networks.area_limits.{row['word']}", value=float(row["km2"]), unit="km2",
            title=Text(f"{row['word']}站责任区面积上限", f"Largest area of responsibility of a station {row['en']}"),
            source=row["source"], clause=row["clause"], confidence=row["confidence"],
        )
        for row in rows
    )  # fmt: skip
    return ProductTable(
        name=f"network_land_{rule.name}",
        title=Text(f"{rule.title.zh}时限内可达范围", f"{rule.title.en}: land within the limit"), frame=frame,
        headers={**HEADERS, **amount_headers([rule])}, words={"judged": _JUDGED}, notes=(_NOTE,), rows_shown=len(frame),
        thresholds=(*limits, standards.threshold("networks.width_m")),
    )  # fmt: skip
