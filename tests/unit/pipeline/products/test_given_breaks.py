"""Own breaks and given breaks of one index, counted by hand."""

from dataclasses import replace

import pytest
import tiny

from riskmap.errors import MissingLayerError
from riskmap.model import NO_CLASS
from riskmap.pipeline.products import make_product
from riskmap.scoring import classify, cut
from riskmap.standards import book, confirmed


def given(edges=(0.2, 0.6, 0.8, 0.95)):
    entry = {"edges": edges, "clause": "省技术导则", "confirmed_by": "省厅", "date": "2026-01-01"}
    found = tiny.assessment(standards={"comprehensive-risk": entry})
    survey = replace(found.survey, standards=confirmed(book(), found.survey.county.standards))
    scheme = survey.standards.scheme("comprehensive-risk")
    units = found.risk.units.assign(**{"class": cut(found.risk.units["index"], scheme)})
    return replace(found, survey=survey, risk=replace(found.risk, units=units, scheme=scheme))


def test_transitions_by_hand():
    transition, units = make_product("given_breaks", given())
    # index .9 .7 .5 .3 nan .1: five values, five natural classes 5 4 3 2 - 1; by the edges given 4 3 2 2 - 1
    rows = transition.frame.set_index(["class_local", "class_given"])
    assert list(rows.index) == [(5, 4), (4, 3), (3, 2), (2, 2), (1, 1)]
    assert rows["units"].tolist() == [1] * 5
    assert rows["people"].tolist() == [1200, 300, 90, 450, 2100]
    assert rows["area_km2"].tolist() == pytest.approx([5] * 5)
    assert units.frame.index.tolist() == tiny.CODES[:3]
    shipped = book().scheme("comprehensive-risk")
    local = classify(given().risk.units["index"], shipped).codes
    assert units.frame["class_local"].tolist() == local[:3].tolist()
    assert local[4] == NO_CLASS
    for one in (transition, units):
        assert all(column in one.headers for column in one.frame.columns if column != "geometry")


def test_without_breaks_given_it_is_left_out():
    with pytest.raises(MissingLayerError, match="no breaks are given"):
        make_product("given_breaks", tiny.assessment())
