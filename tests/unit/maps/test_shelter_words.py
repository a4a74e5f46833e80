"""What is covered and who is placed are told apart, in the same words, wherever scenarios are tabled."""

from dataclasses import replace

import tiny

from riskmap.maps.chapters import shelter_section
from riskmap.maps.web.shelters import shelter_part
from riskmap.model.reach_result import AT_ONCE, MEASURES
from riskmap.pipeline.tables import workbook


def assessed():
    made = tiny.assessment()
    sums = {"people_to_move": [4140, 160], "people_assigned": [1200, 120], "people_unassigned": [2940, 40]}
    reach = made.shelters
    return replace(made, shelters=replace(reach, scenarios=reach.scenarios.assign(**sums), notes=(MEASURES,)))


def test_the_report_has_both_measures_side_by_side_with_their_meaning():
    first, uncovered = shelter_section(assessed(), {}).parts
    assert MEASURES in first.lines
    table = first.tables[0]
    heads = [one.text.zh for one in table.heads]
    assert heads[2:5] == ["需安置（人）", "已安置（人）", "未安置（人）"]
    flood = dict(zip(heads, (str(one.text.zh) for one in table.rows[1]), strict=True))
    assert (flood["需安置（人）"], flood["已安置（人）"], flood["未安置（人）"]) == ("160", "120", "40")
    assert flood["未覆盖：服务半径外（人）"] == "4,140"
    heads = [one.text.zh for one in uncovered.tables[0].heads]
    beyond = next(row for row in uncovered.tables[0].rows if row[1].text.zh == "300")
    told = dict(zip(heads, (one.text.zh for one in beyond), strict=True))
    assert (told["路程（m）"], told["其服务半径（m）"]) == ("1,200", "1,000")
    assert told["最近场所"] == '<b>学校</b>"'


def test_without_a_hazard_the_figures_say_that_they_are_a_supposition():
    assert AT_ONCE.zh in MEASURES.zh
    assert AT_ONCE.en in MEASURES.en
    made = assessed()
    part = shelter_part(made.shelters, units=made.survey.units.index, assessment=made)
    dry, flood = (row[0] for row in part["scenarios"])
    assert dry.zh == "无灾害（假定全县同时转移）"
    assert "假定" not in flood.zh


def test_the_workbook_says_it_in_the_same_words():
    sheet = workbook(assessed())["避难情景"]
    assert MEASURES in sheet.notes
    heads = " ".join(sheet.frame.columns)
    for word in ("需安置人口", "已安置人口", "未安置人口", "覆盖人口：服务半径内", "未覆盖人口：服务半径外"):
        assert word in heads
