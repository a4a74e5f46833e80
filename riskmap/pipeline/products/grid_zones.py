"""Zones of the grid: smoothed classes of the comprehensive risk as polygons."""

import numpy as np
import pandas as pd

from riskmap.maps.tally import people_cells
from riskmap.maps.words import share
from riskmap.model import NO_CLASS, Assessment, ProductTable, RiskResult, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.spatial import class_polygons, minimum_mapping, smooth_classes, zonal_mean, zonal_sum, zone_labels

__all__ = ["make"]

_THRESHOLD = "comprehensive.grid_zone_km2"
_HEADERS = {
    "grid_zone_id": Text("图斑编号", "Patch"),
    "cells": Text("格网数", "Cells"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Draw the classes of the comprehensive risk on the grid as zones.

    Parameters
    ----------
    assessment : Assessment
        With its risk; ``[zoning]`` gives ``smooth_cells`` and ``mapping_km2``.

    Returns
    -------
    list of ProductTable
        One table of polygons, the highest class first, then the largest.

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk, or it is known nowhere.

    Examples
    --------
    >>> make.__name__
    'make'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None or not (risk.classes != NO_CLASS).any():
        raise AbsentError(
            "没有综合风险，无法编制格网区划", "There is no comprehensive risk to draw zones of", asked=False
        )
    settings = survey.county.zoning
    least = settings.mapping_km2
    least_km2 = float(survey.standards.value(_THRESHOLD)) if least is None else least
    smooth = smooth_classes(risk.classes, size=settings.smooth_cells)
    made = minimum_mapping(smooth, area_km2=least_km2)
    frame = class_polygons(made)
    labels, count = zone_labels(frame, survey.grid), len(frame)
    people = people_cells(assessment)
    width = max(3, len(str(count)))
    columns = {
        "class": frame["class"],
        "area_km2": frame.area / 1e6,
        "people": np.full(count, np.nan) if people is None else zonal_sum(people, labels, count=count),
        "known_share": np.mean(
            [zonal_mean(one.known_share.fillna(0), labels, count=count) for one in assessment.themes.values()], axis=0
        ),
        "cells": frame["cells"],
    }
    table = frame[["geometry"]].assign(**columns)[[*columns, "geometry"]]
    table.index = pd.Index([f"G{n:0{width}d}" for n in range(1, count + 1)], name="grid_zone_id")
    notes = _notes(risk, made.to_numpy(), cells=settings.smooth_cells, least_km2=least_km2)
    used = (survey.standards.threshold(_THRESHOLD),) if least is None else ()
    title = Text("格网综合风险区划", "Grid zones of comprehensive risk")
    schemes = {"class": risk.grid_scheme}
    return [
        ProductTable(
            name="grid_zones", title=title, frame=table, headers=_HEADERS, schemes=schemes, notes=notes, thresholds=used
        )
    ]  # fmt: skip


def _notes(risk: RiskResult, made: np.ndarray, *, cells: int, least_km2: float) -> tuple[Text, ...]:
    codes, top = risk.classes.to_numpy(), risk.grid_scheme.size
    known = codes != NO_CLASS
    same = share((made[known] == codes[known]).mean())
    rule = Text(
        f"按 {cells}×{cells} 格网众数平滑，小于 {least_km2:g} km² 的图斑并入公共边界最长的邻斑；{same}的面积等级不变",
        f"Smoothed by the majority of {cells} x {cells} cells; patches under {least_km2:g} km² go to the neighbour of "
        f"the longest border; {same} of the area keeps its class",
    )
    doubt = Text(
        "资料完备程度为各灾种已知指标占比的平均",
        "The known share is the mean over the hazards of the share of known indicators",
    )
    highest = codes == top
    if not highest.any():
        return rule, doubt
    kept, label = share((made[highest] == top).mean()), risk.grid_scheme.label(top)
    spots = Text(
        f"{label.zh}风险格网中有{kept}留在该级图斑内，其余零星分布，并入邻斑；防治须查看格网风险图",
        f"Of the cells of class {label.en}, {kept} lie in patches of that class; the others are scattered and went to "
        "their neighbours: see the map by cell before acting",
    )
    return rule, spots, doubt
