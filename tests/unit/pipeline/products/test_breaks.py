"""The table of break values says what the maps were cut at, and reaches workbook, database and report."""

from dataclasses import replace

import numpy as np
import pytest
import tiny

from riskmap.maps.product_tables import product_section
from riskmap.maps.subject import BREAKS
from riskmap.model import ProductTable, Text
from riskmap.model.scheme import Breaks
from riskmap.pipeline.products import PRODUCTS, make_product
from riskmap.pipeline.products.breaks import make
from riskmap.pipeline.tables import database, workbook


def test_goodness_is_the_share_of_variance_between_the_classes():
    found = tiny.assessment()
    (table,) = make(found)
    units = found.risk.units
    known = units[units["index"].notna()]
    index, classes = known["index"].to_numpy(), known["class"].to_numpy()
    within = sum(((index[classes == one] - index[classes == one].mean()) ** 2).sum() for one in np.unique(classes))
    expected = 1 - within / ((index - index.mean()) ** 2).sum()
    row = table.frame.set_index("product").loc["单元综合风险 Risk by unit"]
    assert row["goodness"] == pytest.approx(expected)
    assert row["values"] == len(known)


def test_every_rule_has_a_word():
    assert set(BREAKS) >= set(Breaks.__args__)


def test_a_product_reaches_database_workbook_and_report_and_text_stays_text():
    found = tiny.assessment()
    frame = found.risk.units[["name", "class", "people", "geometry"]]
    table = ProductTable(name="a_list", title=Text("清单", "List"), frame=frame, schemes={"class": found.risk.scheme},
                         headers={"people": Text("人口（人）", "People")}, rows_shown=2)  # fmt: skip
    found = replace(found, products=(table,))
    assert "a_list" in {one.name for one in database(found)}
    sheet = workbook(found)["清单"].frame
    assert set(sheet.iloc[:, 2]) <= {found.risk.scheme.label(code).zh for code in range(6)}
    (section,) = product_section(found)
    assert len(section.parts[0].tables[0].rows) == 2
    assert "共 6 行，此处列前 2 行" in section.parts[0].lines[-1].zh
    assert section.parts[0].tables[0].rows[0][2].colour


def test_products_carry_words_for_their_columns():
    assert "breaks" in PRODUCTS
    (table,) = make_product("breaks", tiny.assessment())
    assert table.headers["rule"].zh == "分级方法"
    assert set(table.frame["rule"]) <= set(table.words["rule"])
