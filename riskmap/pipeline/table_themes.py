"""The themes under which the database and the workbook list their tables, in their order."""

from collections.abc import Mapping
from types import MappingProxyType

from riskmap.model import Text

__all__ = ["THEMES", "product_theme", "table_theme"]

THEMES: Mapping[str, Text] = MappingProxyType(
    {
        "risk": Text("综合风险", "Risk"),
        "hazards": Text("灾害危险性", "Hazards"),
        "zones": Text("区划与成因", "Zones and reasons"),
        "exposed": Text("承灾体与减灾能力", "What is exposed, and capacity"),
        "planning": Text("规划应用", "Planning"),
        "shelters": Text("避难与转移", "Shelters and evacuation"),
        "networks": Text("防灾设施与生命线", "Facilities and lifelines"),
        "checks": Text("方法检验", "Checks of the method"),
        "sources": Text("数据与阈值来源", "Sources of data and thresholds"),
    }
)
"""Groups of tables, as lists show them."""

_PRODUCTS: Mapping[str, str] = {
    "zone_reasons": "zones",
    "prevention": "zones",
    "grid_zones": "zones",
    "capacity": "exposed",
    "class_amounts": "exposed",
    "chains": "hazards",
    "evacuation": "shelters",
    "evacuation_groups": "shelters",
    "evacuation_routes": "shelters",
    "evacuation_buses": "shelters",
    "shelter_use": "shelters",
    "shelter_sites": "shelters",
    "shelter_clauses": "shelters",
    "shelter_roads": "shelters",
    "flooded_bridges": "networks",
    "services": "networks",
    "lifelines": "networks",
    "relief": "networks",
    "road_network": "networks",
}
_TABLES: Mapping[str, str] = {"outline": "risk", "hazard_units": "hazards"}


def product_theme(name: str, *, check: bool) -> Text:
    """Tell the theme of a product; one that is not placed belongs to planning, or to the checks.

    Parameters
    ----------
    name : str
        One of `PRODUCTS`.
    check : bool
        Whether it tries the method.

    Returns
    -------
    Text

    Examples
    --------
    >>> product_theme("relief", check=False).zh, product_theme("new", check=True).zh
    ('防灾设施与生命线', '方法检验')
    """
    return THEMES["checks" if check else _PRODUCTS.get(name, "planning")]


def table_theme(name: str) -> Text:
    """Tell the theme of a table that is no product.

    Parameters
    ----------
    name : str
        Of the table in the database.

    Returns
    -------
    Text

    Examples
    --------
    >>> table_theme("risk_units").zh, table_theme("shelter_demand").zh, table_theme("facts_layers").zh
    ('综合风险', '避难与转移', '数据与阈值来源')
    """
    groups = {"risk": "risk", "shelter": "shelters", "shelters": "shelters", "facts": "sources"}
    return THEMES[_TABLES.get(name, groups.get(name.partition("_")[0], "planning"))]
