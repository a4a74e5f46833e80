"""Tables of planning in the report: both languages in one cell, the columns that were asked for."""

import numpy as np
import pandas as pd

from riskmap.maps.product_tables import product_parts
from riskmap.model import ProductTable, Text


def part(**more):
    frame = pd.DataFrame(
        {"name": ["甲", "乙"], "name_en": ["Jia", None], "people": [3.0, np.nan], "why_zh": ["因", "果"], "why_en": ["cause", "effect"]},
        index=pd.Index(["Z1", "Z2"], name="zone_id"),
    )  # fmt: skip
    headers = {
        "name": Text("名称", "Name"),
        "why": Text("原因", "Why"),
        "why_zh": Text("原因（中文）", "Why (Chinese)"),
    }
    return product_parts([ProductTable(name="t", title=Text("表", "Table"), frame=frame, headers=headers, **more)])[0]


def test_a_text_and_its_english_are_one_cell():
    (table,) = part().tables
    assert [one.text.zh for one in table.heads] == ["zone_id", "名称", "people", "原因"]
    assert [row[1].text for row in table.rows] == [Text("甲", "Jia"), Text("乙", "乙")]
    assert [row[3].text for row in table.rows] == [Text("因", "cause"), Text("果", "effect")]


def test_only_the_columns_asked_for():
    (table,) = part(columns_shown=("name", "why_zh")).tables
    assert [one.text.en for one in table.heads] == ["Name", "Why"]
    assert [len(row) for row in table.rows] == [2, 2]
