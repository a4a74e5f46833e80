"""Where the next shelters belong, on the tiny county: reckoned by hand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import tiny

from riskmap.model import Layer
from riskmap.pipeline.products.absent import AbsentError
from riskmap.pipeline.products.shelter_sites import make
from riskmap.shelters import assess_shelters
from riskmap.standards import layer_spec

PEOPLE = pd.Series([100.0, 0, 700, 0, 200, 0], index=pd.Index(tiny.CODES, name="unit_id"))


def county(themes=None, people=PEOPLE):
    """One shelter beside the third village of the western road; villages 1, 3 and 5 lie along it, 2 km apart."""
    frame = gpd.GeoDataFrame(
        {"code": ["S1"], "name": ["广场"], "type": ["短期固定"], "area_m2": [3000.0]},
        geometry=[shapely.Point(tiny.WEST_M + 1250, tiny.NORTH_M - 3000)],
        crs=tiny.CRS,
    )
    found = tiny.assessment()
    survey = found.survey.with_layers({"shelters": Layer(spec=layer_spec("shelters"), data=frame)})
    shelters = assess_shelters(survey, themes or {}, people=people)
    return replace(found, survey=survey, shelters=shelters, themes=themes or {})


def test_the_village_with_most_uncovered_people_comes_first():
    sites, worth = make(county())
    # 700 of 1000 are covered; 90 % needs one more: the village of 200, not the one of 100
    assert "1 more places" in sites.notes[0].en
    assert sites.frame["name"].tolist() == ["戊村"]
    assert sites.frame["first"].tolist() == [True]
    assert sites.frame["covered_people"].tolist() == [200]
    assert sites.frame["people_added"].tolist() == [200]
    assert sites.frame["share_after_pct"].tolist() == [90.0]
    assert sites.frame["land_m2"].tolist() == [2000]  # 200 people x 2 m2 is less than the least area of the type
    row = worth.frame.loc["S1"]
    assert (row["people"], row["people_lost"], row["people_cut_off"]) == (1000, 700, 1000)


def test_ground_in_a_zone_is_no_candidate():
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[40:] = True  # the south, with the village of 200
    theme = tiny.theme("flood", tiny.Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    theme = replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": "both"})
    sites, _ = make(county({"flood": theme}))
    assert sites.frame["name"].tolist() == ["甲村"]
    assert "80%" in sites.notes[0].en
    assert "1 in hazard zones" in sites.notes[1].en


def test_where_the_share_is_out_of_reach_all_that_help_are_listed_in_order():
    people = pd.Series([100.0, 0, 300, 150, 200, 250], index=pd.Index(tiny.CODES, name="unit_id"))
    mask = tiny.raster(np.zeros(tiny.SHAPE, bool))
    mask[40:] = True  # the south, with the villages of 200 and 250
    theme = tiny.theme("flood", tiny.Text("洪水", "Flood"), "flood-risk-degree", np.zeros(tiny.SHAPE))
    theme = replace(theme, scenarios={"flood: 20 a": mask}, scenario_closes={"flood: 20 a": "both"})
    sites, _ = make(county({"flood": theme}, people))
    # 300 of 1000 are covered; the villages of 150 and 100 may have a shelter, the larger first
    assert sites.frame["people_added"].tolist() == [150, 100]
    assert sites.frame["share_after_pct"].tolist() == [45.0, 55.0]
    assert sites.frame["order"].tolist() == [1, 2]
    assert sites.frame["first"].tolist() == [True, False]
    assert "55%, less than 90%" in sites.notes[0].en
    assert "达不到 90%" in sites.notes[0].zh


def test_without_shelters_it_is_left_out():
    with pytest.raises(AbsentError):
        make(replace(tiny.assessment(), shelters=None))
