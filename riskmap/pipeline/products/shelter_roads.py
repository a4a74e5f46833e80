"""Roads on which the ways to the shelters hang, and the land within walking time of one."""

import numpy as np

from riskmap.model import Assessment, ProductTable, Text
from riskmap.pipeline.products.absent import AbsentError

__all__ = ["make"]

_ROADS = {
    "name": Text("路名", "Road"),
    "class": Text("道路等级", "Class"),
    "bridge": Text("桥梁", "Bridge"),
    "length_m": Text("路段长（m）", "Length (m)"),
    "people_on_it": Text("经过人数（人）", "People who pass (people)"),
    "people_cut_off": Text("中断后无路可达（人）", "Cut off if it is lost (people)"),
    "extra_min": Text("中断后其余人平均多走（分钟）", "Longer way of the others (min)"),
}
_AREAS = {
    "limit": Text("步行时间（分钟以内）", "On foot (minutes, at most)"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
}
_NOTE = Text(
    "按无灾害日步行到最近避难场所的路线逐段试断；“多走”为仍可到达且原经过该路段者的平均值",
    "Every used stretch is taken out once, on a dry day, on foot to the nearest shelter; the longer way is the mean of "
    "those who passed it and still arrive",
)


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate critical roads and walking areas.

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
    if reach is None or reach.critical is None or reach.areas is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    left = reach.critical["people_on_it"] - reach.critical["people_cut_off"]
    extra = np.where(left > 0, reach.critical["extra"] / left.where(left > 0, np.nan), 0.0)
    roads = reach.critical.assign(extra_min=extra.round(1))
    shown = [one for one in (*_ROADS, "geometry") if one in roads]
    return [
        ProductTable(
            name="shelter_critical_roads", title=Text("避难关键路段", "Roads that the ways to shelters hang on"),
            frame=roads[shown].reset_index(drop=True), headers=_ROADS, notes=(_NOTE,),
        ),
        ProductTable(
            name="shelter_areas", title=Text("避难步行服务范围", "Land within walking time of a shelter"),
            frame=reach.areas.reset_index(), headers=_AREAS,
        ),
    ]  # fmt: skip
