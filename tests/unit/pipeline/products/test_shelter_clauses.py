"""Facts of shelters come from the delivered layers; what was not delivered is not known, never passed."""

import re
from dataclasses import replace

import pytest
import tiny

from riskmap.errors import MissingLayerError
from riskmap.pipeline.products.shelter_clauses import make


def test_every_shelter_stands_with_its_verdicts():
    found = tiny.assessment()
    counts, table = make(found)
    places = found.shelters.shelters
    assert set(counts.frame.index) == set(places.index)
    assert set(table.frame["verdict"]) <= set(table.words["verdict"])
    assert set(table.frame["clause"]) <= set(table.words["clause"])
    assert table.words["clause"]["area"].zh == "有效避难面积达到本类型下限"
    by_shelter = table.frame.groupby("shelter_id")["verdict"].value_counts().unstack(fill_value=0)
    assert (by_shelter["not known"] == counts.frame["not known"].reindex(by_shelter.index)).all()
    hazard = table.frame[table.frame["clause"] == "hazard"].set_index("shelter_id")["verdict"]
    threatened = places["unsafe_for"] != ""
    assert (hazard[places.index[threatened]] == "fail").all()
    assert (hazard[places.index[~threatened]] == "pass").all()
    assert (table.frame.loc[table.frame["clause"] == "fire_source", "verdict"] == "not known").all()


def test_the_worst_comes_first():
    _, table = make(tiny.assessment())
    order = table.frame["verdict"].map({"fail": 0, "not known": 1, "pass": 2})
    assert order.is_monotonic_increasing


def test_limits_sources_and_confidence_have_words():
    _, table = make(tiny.assessment())
    for column in ("limit", "source", "confidence"):
        told = {table.words[column][one].zh for one in table.frame[column]}
        assert not [one for one in told if re.search("candidate|chapter|clause|[<>=]|^[ABC]2?$", one)], column
    assert "GB 55028-2022 特殊设施工程项目规范；第4章" in {one.zh for one in table.words["source"].values()}
    assert table.words["limit"]["<= 7 %"].en == "at most 7 %"


def test_without_shelters_it_is_left_out():
    with pytest.raises(MissingLayerError, match="not assessed"):
        make(replace(tiny.assessment(), shelters=None))
