"""Words and classes explained in the page."""

import re
from dataclasses import replace

import pandas as pd
import tiny

from riskmap.maps.web.about import about_part
from riskmap.maps.web.glossary import class_rows, word_rows
from riskmap.model import ProductTable, Text
from riskmap.standards import book


def test_words_of_what_is_not_there_are_not_explained():
    made = tiny.assessment()
    whole = {row[0].en for row in word_rows(made)}
    bare = {row[0].en for row in word_rows(replace(made, risk=None, shelters=None))}
    assert whole - bare == {
        "Exposure", "Vulnerability", "Risk", "Stability of a class", "Completeness of data", "Covered by a shelter"
    }  # fmt: skip
    assert "Hazard" in bare


def test_classes_tell_limits_rule_source_and_confidence():
    rows = {row[0].en: row for row in class_rows(tiny.assessment())}
    village = rows["Comprehensive risk, by village"]
    assert village[1].en.startswith("High ≥ 0.8; Medium-high 0.6 to 0.8;")
    assert "natural breaks" in village[1].en
    assert village[2]["warn"] is True
    assert "Hail" not in rows  # given by another department, whose classes are its own
    assert {"Flood screening", "Drought"} <= set(rows)


def test_the_fine_print_carries_both():
    titles = [one["title"].en for one in about_part(tiny.assessment())]
    assert {"What the words mean", "Classes and their limits"} <= set(titles)


def test_thresholds_stand_under_their_theme_in_the_words_of_the_page():
    wanted = ("geohazard.block_size_m", "vulnerability.floor", "shelters.critical_roads", "lifelines.roads_told")
    used = tuple(book().threshold(one) for one in wanted)
    table = ProductTable(name="made", title=Text("表", "Table"), frame=pd.DataFrame({"a": [1]}), thresholds=used)
    made = replace(tiny.assessment(), products=(table,))
    parts = {one["title"].zh: one["rows"] for one in about_part(made) if one["title"].zh.startswith("阈值与依据")}
    assert {"阈值与依据：灾害危险性", "阈值与依据：避难与转移", "阈值与依据：生命线"} <= set(parts)
    told = [row[1].zh for rows in parts.values() for row in rows]
    assert "20（本系统取值；无条文）" in told
    assert not [one for one in told if re.search(r"chosen|candidate|clause", one)]
    for rows in parts.values():  # within a theme no name stands twice
        assert len({row[0].zh for row in rows}) == len(rows)


def test_limits_of_classes_give_their_source_in_the_words_of_the_page():
    assert not [row[1].zh for row in class_rows(tiny.assessment()) if "class names" in row[1].zh]
