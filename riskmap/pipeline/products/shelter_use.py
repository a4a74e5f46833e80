"""Shelters in each scenario: which are shut out, by which clause; how full the others are."""

import numpy as np
import pandas as pd

from riskmap.maps.words import rule_text
from riskmap.model import Assessment, ProductTable, ShelterResult, Survey, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.shelters import TIMES

__all__ = ["make"]

_HEADERS = {
    "scenario": Text("情景", "Scenario"),
    "time": Text("时段", "Time"),
    "shelter_id": Text("场所编号", "Shelter code"),
    "name": Text("避难场所", "Shelter"),
    "type": Text("类型", "Type"),
    "rule": Text("不得启用的依据", "Why it is not used"),
    "people": Text("安置人数（人）", "People taken in"),
    "room_left": Text("余量（人）", "Room left (people)"),
    "m2_per_head": Text("人均有效避难面积（m²/人）", "Effective area a head (m² a person)"),
}


def make(assessment: Assessment) -> list[ProductTable]:
    """Tabulate the use of the shelters.

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
    if reach is None or reach.threats is None or reach.flows is None or reach.houses is None:
        raise AbsentError("没有避难场所分析", "shelters were not assessed", asked=False)
    tables = []
    if len(reach.threats):
        shut = reach.threats.drop(columns="hazard").join(reach.shelters[["name", "type"]], on="shelter_id")
        rules = {key: rule_text(assessment.survey.standards.threshold(key)) for key in shut["rule"].unique()}
        frame = shut[["scenario", "shelter_id", "name", "type", "rule"]]
        title = Text("各情景下不得启用的避难场所", "Shelters that are not used in a scenario")
        words = {"rule": rules}
        tables.append(ProductTable(name="shelters_shut", title=title, frame=frame, headers=_HEADERS, words=words))
    title = Text("避难场所使用情况", "How full the shelters are")
    load = _load(assessment.survey, reach)
    words = {"time": dict(TIMES)}
    return [*tables, ProductTable(name="shelter_load", title=title, frame=load, headers=_HEADERS, words=words)]


def _load(survey: Survey, reach: ShelterResult) -> pd.DataFrame:
    """People in each shelter, the room left, and the area a head (of public houses the floor area)."""
    flows = pd.DataFrame(reach.flows)
    places = pd.concat(
        [one[["name", "type", "capacity_people"]] for one in (reach.shelters, reach.houses) if one is not None]
    )
    area = pd.Series(np.nan, index=places.index)
    for layer, column in (("shelters", "area_m2"), ("buildings", "floor_area_m2")):
        if survey.has(layer) and column in survey.frame(layer):
            told = survey.frame(layer).drop_duplicates("code").set_index("code")[column]
            area = area.fillna(pd.to_numeric(told.reindex(places.index), errors="coerce"))
    found = flows.groupby(["scenario", "time", "shelter_id"], sort=False)["people"].sum().reset_index()
    found = found.join(places, on="shelter_id")
    found["room_left"] = np.floor(found["capacity_people"]) - found["people"]
    found["m2_per_head"] = (area.reindex(found["shelter_id"]).to_numpy() / found["people"]).round(2)
    order = ["scenario", "time", "shelter_id", "name", "type", "people", "room_left", "m2_per_head"]
    return found.sort_values(["scenario", "time", "room_left"], kind="stable")[order].reset_index(drop=True)
