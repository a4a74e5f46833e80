"""A signed class stands in every product, the computed one beside it, and nothing is lost silently."""

import numpy as np
import pandas as pd
import pytest
import tiny

from riskmap.errors import CountyFileError
from riskmap.loaders import read_county
from riskmap.loaders.county_decisions import refuse_lost_overrides
from riskmap.maps.web.places import unit_facts
from riskmap.model import NO_CLASS, Assessment, Exposure
from riskmap.pipeline.products import make_product
from riskmap.scoring import assess_risk, cut

SIGNED = {"by": "小河县应急管理局", "date": "2026-01-05", "reason": "去年溃坝", "evidence": "灾情报告"}


def assessed(*overrides):
    survey = tiny.survey(overrides=[{**SIGNED, **one} for one in overrides])
    rows, columns = np.mgrid[0:60, 0:50]
    units = pd.DataFrame({"people": [1200.0, 300, 90, 450, 0, 2100]}, index=survey.units.index)
    grids = {"people": tiny.raster(units["people"].to_numpy()[rows // 20 * 2 + columns // 25] / 500)}
    harm = pd.DataFrame(0.5, index=survey.units.index, columns=["people"])
    exposed = Exposure(units=units, grids=grids)
    return Assessment(
        survey=survey, themes=tiny.themes(),
        risk=assess_risk(survey, tiny.themes(), exposed=exposed, vulnerability=harm),
    )  # fmt: skip


def test_both_classes_are_kept_and_the_index_is_not_touched():
    plain, found = assessed().risk, assessed({"unit": tiny.CODES[4], "class": "高"}).risk
    assert "override" not in plain.units
    row = found.units.loc[tiny.CODES[4]]
    assert (row["class"], row["class_computed"]) == (5, 1)
    assert "去年溃坝" in row["override"]
    assert SIGNED["by"] in row["override"]
    assert np.isnan(row["stability"])
    assert row["next_class"] == NO_CLASS
    others = found.units.drop(index=tiny.CODES[4])
    assert (others["class"] == others["class_computed"]).all()
    assert (others["override"] == "").all()
    assert (found.units["index"] == plain.units["index"]).all()
    assert (cut(found.units["index"], found.scheme) == found.units["class_computed"]).all()
    assert "override" not in found.townships
    assert 5 in set(found.zones["class"])
    (line,) = [one for one in unit_facts(found.units) if one["title"].zh == "人工审定"]
    assert [bool(one) for one in line["values"]] == [False] * 4 + [True, False]


def test_a_township_can_be_signed_for():
    code = tiny.CODES[0][:9] + "000"
    found = assessed({"unit": code, "class": 2}).risk
    assert found.townships.loc[code, "class"] == 2
    assert "override" not in found.units


def test_the_table_tells_what_agrees_and_what_has_changed():
    computed = assessed().risk.units["class"]
    other = int(computed.iloc[1]) % 5 + 1
    found = assessed(
        {"unit": tiny.CODES[0], "class": int(computed.iloc[0])},
        {
            "unit": tiny.CODES[1],
            "class": int(other),
            "computed": other % 5 + 1 if other % 5 + 1 != computed.iloc[1] else (other + 1) % 5 + 1,
        },
        {"unit": tiny.CODES[4], "class": "Medium"},
    )
    (table,) = make_product("overrides", found)
    assert table.frame["class_computed"].tolist() == computed.iloc[[0, 1, 4]].tolist()
    text = " ".join(one.en for one in table.notes)
    assert "Classes set by hand: 3" in text
    assert f"({tiny.CODES[0]}): the computed class is now" in text
    assert f"({tiny.CODES[1]}): the computed class was" in text
    assert tiny.CODES[4] not in text
    assert set(table.notes) <= set(found.risk.notes)
    assert all(one in table.headers for one in table.frame.columns)


def write(folder, text):
    head = 'date = "2026-01-01"\nunits = "grid30s"\nname = {zh = "县", en = "C"}\n'
    (folder / "county.toml").write_text(head + text, encoding="utf-8")
    return folder


ENTRY = '[[overrides]]\nunit = "{}"\nclass = {}\nby = "局"\ndate = "{}"\nreason = "因"\nevidence = "据"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ENTRY.format("1", '"极高"', "2026-01-01"), r"line 4\) unit 1 class: '极高'; allowed: 1 低 Low"),
        (ENTRY.format("1", 6, "2026-01-01"), r"line 4\) unit 1 class: 6; allowed"),
        ("\n" + ENTRY.format("1", 5, "昨天"), r"line 5\) unit 1 date: '昨天' is no date"),
        (ENTRY.format("1", 5, "2026-01-01") * 2, r"unit 1: stands on lines 4, 11"),
        (ENTRY.format("1", 5, "2026-01-01").replace('by = "局"\n', ""), r"line 4\) by: missing"),
        (
            ENTRY.format("1", 5, "2026-01-01") + 'evidence_file = "no.pdf"\n',
            "evidence_file.path: file not found 'no.pdf'",
        ),
        (ENTRY.format("1", 5, "2026-01-01") + "line = 3\n", r"line 4\) line: unknown key"),
    ],
)
def test_faults_name_the_line(tmp_path, text, said):
    with pytest.raises(CountyFileError, match=said):
        read_county(write(tmp_path, text))


def test_an_override_of_a_unit_that_is_gone_is_a_fault(tmp_path):
    county = read_county(write(tmp_path, ENTRY.format(tiny.CODES[0], '"High"', "2026-01-01")))
    refuse_lost_overrides(county, pd.Index(tiny.CODES), pd.Index([]))
    refuse_lost_overrides(county, pd.Index([]), pd.Index([tiny.CODES[0]]))
    with pytest.raises(CountyFileError, match=rf"line 4\) unit: '{tiny.CODES[0]}' is no unit of this county"):
        refuse_lost_overrides(county, pd.Index(tiny.CODES[1:]), pd.Index([]))
