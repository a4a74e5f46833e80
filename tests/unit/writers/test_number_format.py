"""Numbers are shown as people read them; LibreOffice and Excel read the same format codes."""

import pytest

from riskmap.writers.number_format import number_formats


def shown(value, code):
    """What ``#,##0.00`` and ``0.0%`` make of a value (ECMA-376 part 1, 18.8.31): digits after the point, grouping."""
    places = len(code.rstrip("%").partition(".")[2])
    if code == "General":
        return str(value)
    return f"{100 * value:.{places}f}%" if code.endswith("%") else f"{value:,.{places}f}"


CASES = [
    ("地区生产总值（元） GDP (yuan)", 487521550.7775005, "487,521,551"),
    ("面积（km²） Area (km²)", 130.8851570884123, "130.89"),
    ("面积（km²） Area (km²)", 0.0009, "0.0009"),
    ("等级稳定性 Stability of the class", 0.9739999771118164, "0.974"),
    ("已知指标占比 Known share", 0.9273595223372221, "92.7%"),
    ("占记录 Share of the records", 0.0001, "0.0100%"),
    ("人口（人） People (people)", 4416, "4,416"),
    ("其中居住人口（人，按建筑面积估算） People in them", 1768, "1,768"),
    ("步行时间（分钟） Walking time (min)", 3.680003144775172, "3.7"),
    ("占全县面积（%） Share of the county (%)", 3.5, "3.5"),
    ("路程（m） Distance by road (m)", 250.66, "251"),
    ("水深（m） Depth (m)", 0.533, "0.533"),
    ("人均避难面积（m²） Shelter area per head (m²)", 0.9785550697480742, "0.979"),
    ("低等级的概率（0-1） Probability of Low (0-1)", 0.02800000086426735, "0.028"),
    ("年份 Year", 2021, "2021"),
    ("参与分级的值数 Values classed", 1462547, "1,462,547"),
    ("单位面积（个） Number", 0, "0"),
]


@pytest.mark.parametrize(("header", "value", "expected"), CASES)
def test_by_unit_and_by_size(header, value, expected):
    (code,) = number_formats(header, [value])
    assert shown(value, code) == expected


def test_the_column_decides_whether_numbers_are_whole_and_shares():
    assert number_formats("值 Value", [2, 0.5, None, "甲", True]) == ["General", "#,##0.000", *["General"] * 3]
    assert number_formats("记录占比与面积占比之比 Share over share", [0.5, 1.4]) == ["#,##0.00"] * 2
    assert number_formats("面积（km²）", [0.0, float("nan"), 12.5]) == ["#,##0.00", "General", "#,##0.00"]


def test_a_column_has_one_format():
    index = [0.0240, 0.00239, 0.000768, 0.0, 0.1031]
    assert number_formats("综合风险指数 Risk index", index) == ["#,##0.0000"] * 5
    assert number_formats("等级稳定性 Stability of the class", [0.974, 1.0, 0.5]) == ["#,##0.000"] * 3
    assert number_formats("对指数的贡献（0-1） Part (0-1)", [0.0008, 0.0004, 0.0002]) == ["#,##0.0000"] * 3
    assert number_formats("格网数 Cells", [8292, 12241]) == ["#,##0"] * 2
    assert number_formats("已知指标占比 Known share", [0.93, 1 + 2e-16 * 2]) == ["0.0%"] * 2
    assert number_formats("路程（m） Distance by road (m)", [250.67, 48.8, 1215.7]) == ["#,##0"] * 3
    assert number_formats("面积（m²） Area (m²)", [27042.8, 89.1, 330.0]) == ["#,##0"] * 3
    assert number_formats("人口风险指数 Index", [0.02, 0.03, 0.000004]) == ["#,##0.0000"] * 2 + ["#,##0.000000"]


def test_rows_of_several_kinds_keep_their_own_decimals():
    assert number_formats("各年平均 Mean of the years", [5699.8, 0.0373]) == ["#,##0", "#,##0.0000"]
    assert number_formats("前一版 Before", [5699.8, 0.62, 12.5]) == ["#,##0.00"] * 3
