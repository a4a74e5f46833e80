"""Tables that planning asks for, made of an assessment: one file a topic, one line in the list."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.columns import class_key, headers, words
from riskmap.pipeline.products import (
    beyond_the_county,
    breaks,
    capacity,
    cell_robustness,
    chains,
    core_indicators,
    evacuation,
    evacuation_buses,
    evacuation_groups,
    evacuation_routes,
    flooded_bridges,
    given_breaks,
    grid_zones,
    history,
    lifelines,
    lists,
    overrides,
    planning,
    prevention,
    reasons,
    relief,
    road_network,
    robustness,
    rules_compared,
    services,
    shelter_clauses,
    shelter_roads,
    shelter_sites,
    shelter_use,
    stability,
    why,
    zone_costs,
)
from riskmap.pipeline.table_themes import product_theme

__all__ = ["PRODUCTS", "make_product"]

_Maker = Callable[[Assessment], list[ProductTable]]
_PLANNING: Mapping[str, tuple[Text, _Maker]] = {
    "zone_reasons": (Text("区划与乡镇成因", "Why each zone and township"), reasons.make),
    "prevention": (Text("防治区划", "Prevention zoning"), prevention.make),
    "grid_zones": (Text("格网区划", "Grid zones"), grid_zones.make),
    "capacity": (Text("减灾能力", "Capacity"), capacity.make),
    "lists": (Text("避险搬迁与加固清单", "Lists for relocation and strengthening"), lists.make),
    "class_amounts": (Text("各等级承灾体", "What each class holds"), planning.make_amounts),
    "planning": (Text("规划图层冲突", "Planning layers in conflict"), planning.make),
    "core_indicators": (Text("规划核心指标", "Core indicators of the plan"), core_indicators.make),
    "chains": (Text("灾害链与多灾种叠加", "Chains, and hazards that meet"), chains.make),
    "evacuation": (Text("避难安置", "Who goes where"), evacuation.make),
    "evacuation_groups": (Text("分时段、分人群安置", "Placed by time and group"), evacuation_groups.make),
    "evacuation_routes": (Text("转移路线与安全公共建筑", "Ways out and safe houses"), evacuation_routes.make),
    "evacuation_buses": (Text("客车转移", "Buses"), evacuation_buses.make),
    "shelter_use": (Text("避难场所启用情况", "Use of the shelters"), shelter_use.make),
    "shelter_sites": (Text("避难场所增设建议", "Where the next shelters belong"), shelter_sites.make),
    "shelter_clauses": (Text("避难场所评价", "Shelters judged"), shelter_clauses.make),
    "shelter_roads": (Text("避难关键路段与服务范围", "Roads and areas of the shelters"), shelter_roads.make),
    "flooded_bridges": (Text("洪水淹没的桥梁", "Bridges that floods close"), flooded_bridges.make),
    "services": (Text("防灾设施网络", "Networks of facilities"), services.make),
    "lifelines": (Text("生命线冗余", "Lifeline redundancy"), lifelines.make),
    "relief": (Text("救灾物资", "Relief goods"), relief.make),
    "road_network": (Text("路网拓扑检查", "How the roads hang together"), road_network.make),
}
_CHECKS: Mapping[str, tuple[Text, _Maker]] = {
    "overrides": (Text("人工审定的等级", "Classes set by hand"), overrides.make),
    "breaks": (Text("分级界线", "Breaks"), breaks.make),
    "why": (Text("等级成因与降级措施", "Why a class, and what would move it"), why.make),
    "stability": (Text("各等级概率", "Probability of each class"), stability.make),
    "robustness": (Text("稳健性与敏感性", "Robustness and sensitivity"), robustness.make),
    "cell_robustness": (Text("格网等级稳健性", "Robustness of cells"), cell_robustness.make),
    "rules_compared": (Text("汇总规则对等级的影响", "What the rule from cells to units changes"), rules_compared.make),
    "history": (Text("历史灾情检验", "Check against history"), history.make),
    "given_breaks": (Text("本县界线与给定界线", "Own breaks and breaks given"), given_breaks.make),
    "neighbours": (Text("与邻县接边检查", "Edge matching"), beyond_the_county.make_neighbours),
    "province": (Text("与上级成果的一致性", "Agreement with the level above"), beyond_the_county.make_province),
    "zone_costs": (Text("区数与成本", "Number of zones and its cost"), zone_costs.make),
}
_MAKERS = {**_PLANNING, **_CHECKS}
_KEYED = {"lists", "planning", "class_amounts"}
"""Products that put classes of several hazards into one column; a note tells their words from low to high."""

PRODUCTS: Mapping[str, Text] = MappingProxyType({name: title for name, (title, _) in _MAKERS.items()})
"""Names and titles of the products, in the order in which the report shows them."""


def make_product(name: str, assessment: Assessment) -> list[ProductTable]:
    """Make the tables of one product.

    Parameters
    ----------
    name : str
        One of `PRODUCTS`.
    assessment : Assessment
        With its risk and shelters, as far as they could be made.

    Returns
    -------
    list of ProductTable
        Each with headers and words for all of its columns that the house knows.

    Raises
    ------
    MissingLayerError
        What the product stands on is not there; the message says what.

    Examples
    --------
    >>> make_product.__name__
    'make_product'
    """
    return [
        replace(
            one,
            headers={**headers(assessment, one.frame), **one.headers},
            words={**_shared_words(assessment, one), **one.words},
            check=name in _CHECKS,
            theme=product_theme(name, check=name in _CHECKS),
            notes=(*one.notes, *((class_key(assessment),) if name in _KEYED else ())),
        )
        for one in _MAKERS[name][1](assessment)
    ]


def _shared_words(assessment: Assessment, product: ProductTable) -> dict[str, dict[Any, Text]]:
    """Words of the house, but for the classes of the product: those have the words of its own schemes."""
    found = words(assessment, product.frame)
    return {column: told for column, told in found.items() if column not in product.schemes}
