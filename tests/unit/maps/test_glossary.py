"""Words and classes explained in the page."""

from dataclasses import replace

import tiny

from riskmap.maps.web.about import about_part
from riskmap.maps.web.glossary import class_rows, word_rows


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
