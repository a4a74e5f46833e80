"""What a page tells of the townships that its units belong to."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from riskmap.maps.unit_words import unit_words
from riskmap.maps.web.layers import class_codes
from riskmap.maps.web.places import column_fact, hazard_rows, known_texts, leaders, place_names, rank_fact, unit_facts
from riskmap.maps.words import COLUMNS, number
from riskmap.model import Assessment, RiskResult, ShelterResult, Text

__all__ = ["towns_part"]

_WORDS: Mapping[str, Text] = MappingProxyType(
    {
        "classes": Text("各等级{unit}", "{Units} by class"),
        "count": Text("{unit}数", "{Units}"),
        "mean": Text("综合风险指数（{units}按人口加权平均）", "Risk index (mean of {units} by people)"),
        "worst": Text("指数最高的{unit}", "{Unit} of the highest index"),
        "rank": Text("{above}排名（由高到低）", "{Above} rank (highest first)"),
        "left": Text("未安置（人）", "Not placed (people)"),
    }
)


def towns_part(assessment: Assessment, units: gpd.GeoDataFrame) -> Mapping[str, Any] | None:
    """Gather the story of each township: class, index, hazards, what is exposed, shelters.

    Parameters
    ----------
    assessment : Assessment
        Its risk is rolled up to townships; risk and shelters may be missing.
    units : GeoDataFrame
        Units in the order of the page, with ``parent_id``.

    Returns
    -------
    mapping or None
        ``names``, ``ids``, ``members`` (places of the units), ``facts``, ``shelters`` (facts of a day without a hazard),
        ``words``; with risk ``codes``, ``index``, ``rank``, ``ranked``, ``leading``, ``known``, ``hazards``. None where no unit
        belongs to a township that has a name. Townships without units are not told.

    Notes
    -----
    Index and amounts are those of the run (`riskmap.scoring.roll_up`): amounts are unknown where one unit's is. People covered
    are summed over the units whose people are known.

    Examples
    --------
    >>> towns_part.__name__
    'towns_part'
    """
    survey, risk = assessment.survey, assessment.risk
    if not len(survey.townships) or "parent_id" not in units:
        return None
    parents = units["parent_id"].astype(str).to_numpy()
    towns = survey.townships[[str(one) in set(parents) for one in survey.townships.index]]
    if towns.empty:
        return None
    if risk is not None and len(risk.townships):
        fresh = risk.townships.drop(columns=[one for one in risk.townships if one in towns or one == "geometry"])
        towns = gpd.GeoDataFrame(towns.join(pd.DataFrame(fresh)), geometry="geometry", crs=towns.crs)
    words, shelters = unit_words(survey), assessment.shelters
    return {
        "names": place_names(towns),
        "ids": [str(one) for one in towns.index],
        "members": [np.flatnonzero(parents == str(one)).tolist() for one in towns.index],
        "facts": unit_facts(towns),
        "shelters": [] if shelters is None else _sheltered(shelters, units, towns.index.astype(str)),
        "words": {name: words.fill(one) for name, one in _WORDS.items()},
        **({} if risk is None or "index" not in towns else _risk(assessment, risk, towns)),
    }


def _risk(assessment: Assessment, risk: RiskResult, towns: gpd.GeoDataFrame) -> Mapping[str, Any]:
    index = towns["index"].astype("float64")
    return {
        "codes": class_codes(towns["class"], risk.scheme),
        "index": [None if pd.isna(one) else number(round(one, 3)) for one in index],
        "rank": rank_fact(index),
        "ranked": int(index.notna().sum()),
        "leading": leaders(towns["leading"], assessment.themes),
        "known": known_texts(towns["known_share"]),
        "hazards": hazard_rows(assessment.themes, towns),
    }


def _sheltered(found: ShelterResult, units: gpd.GeoDataFrame, towns: pd.Index) -> list[Mapping[str, Any]]:
    """Shelters, their room, and the people whom they cover, by township."""
    parent = pd.Series(units["parent_id"].astype(str).to_numpy(), index=units.index.astype(str))
    of_shelter = found.shelters["unit_id"].astype(str).map(parent)
    count = of_shelter.value_counts().reindex(towns, fill_value=0)
    room = found.shelters["capacity_people"].astype("float64").groupby(of_shelter).sum(min_count=1).reindex(towns)
    demand = found.demand.reindex(units.index)
    people, covered = demand["people"].astype("float64"), demand["covered"].fillna(False).astype(bool)
    of_unit = parent.to_numpy()
    facts = [
        column_fact(count, title=Text("避难场所（处）", "Shelters")),
        column_fact(room, title=COLUMNS["capacity_people"][0], unit="people"),
    ]
    for title, which in (
        (Text("已覆盖人口", "People covered"), covered),
        (Text("未覆盖人口", "People not covered"), ~covered),
    ):
        counted = people.where(which | people.isna(), 0.0).groupby(of_unit).sum(min_count=1).reindex(towns)
        facts.append(column_fact(counted, title=title, unit="people"))
    return facts
