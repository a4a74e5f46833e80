import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmap.errors import LayerError
from riskmap.loaders.dates import date_of
from riskmap.loaders.units_of_measure import factor
from riskmap.loaders.values import read_column
from riskmap.model import Field, Text

GONE = {-9999.0, -99999.0, -999999.0, -32768.0}  # texts of other programs for "no value"; told, and taken as missing


def column(cells, dtype, **more):
    rows = range(2, 2 + len(cells))
    how = {key: more.pop(key) for key in ("unit_in", "missing") if key in more}
    field = Field(name="f", title=Text("列", "Column"), dtype=dtype, **more)
    return read_column(
        pd.Series(cells, index=rows), field, layer="l", unit=how.get("unit_in", ""), missing=how.get("missing", ())
    )


def test_numbers_in_text():
    values, found = column(["1,234.5", "１２３", " 7 ", "--", None, "约30", "1e3", "无"], "number")
    np.testing.assert_array_equal(values, [1234.5, 123, 7, np.nan, np.nan, np.nan, 1000, np.nan])
    told = [(one.rule, one.row, one.value, one.severity) for one in found]
    assert told == [("undeclared-missing", 9, "无", "warning"), ("no-number", 7, "约30", "warning")]
    assert "“约30”不是数，按缺值处理" in [one.message.zh for one in found]
    assert 'missing = ["无"]' in found[0].cure.en


def test_decimal_commas():
    values, found = column(["12,5", "1.234,56", "1,234", "1,234,567", "7"], "number")
    np.testing.assert_array_equal(values, [12.5, 1234.56, np.nan, 1234567, 7])
    assert [(one.rule, one.row, one.mended) for one in found] == [("decimal-comma", 2, True), ("no-number", 4, False)]
    assert column(["1,234", "12"], "number")[0].tolist() == [1234, 12]


def test_numbers_for_no_data_that_nobody_declared():
    values, found = column([-9999.0, -12.5, -32768], "number")
    np.testing.assert_array_equal(values, [np.nan, -12.5, np.nan])
    assert [(one.rule, one.value) for one in found] == [
        ("undeclared-missing", "-9999"),
        ("undeclared-missing", "-32768"),
    ]
    values, found = column([-9999.0, 3], "number", low=0)
    assert [one.rule for one in found] == ["out-of-range"]


@pytest.mark.parametrize(
    ("text", "day"),
    [("二〇二三年五月一日", "2023-05-01"), ("二零一九年十二月三十一号", "2019-12-31"), ("一九九八年廿三月", None), ("二○二三年十月", "2023-10-01"),
     ("二〇二三年", "2023-01-01"), ("2023.5.1", "2023-05-01"), ("2023年5月中旬", "2023-05-01"), ("2023年 5月 1日", "2023-05-01"),
     ("45047.5", "2023-05-01"), ("二〇二三年二月三十日", None), ("1/5/2023", None)],
)  # fmt: skip
def test_dates_in_every_usual_form(text, day):
    got = date_of(text)
    assert (got and got.date().isoformat()) == day


def test_a_date_that_became_a_decimal_number_is_not_guessed():
    values, found = column([2008.1, "2008.10", 43647.0], "date")
    assert values.dt.strftime("%Y-%m").tolist()[1:] == ["2008-10", "2019-07"]
    assert values.isna().tolist() == [True, False, False]
    assert [one.row for one in found if one.rule == "no-date"] == [2]


@pytest.mark.parametrize("cell", ["1.4093E+11", 1.40930100201123e17, "1.4093e11", 140930100201123456789.0])
def test_codes_that_lost_their_digits(cell):
    values, found = column([cell, 140930100201.0, "140930100202 "], "code")
    assert values.tolist() == ["", "140930100201", "140930100202"]
    assert [(one.rule, one.row) for one in found] == [("code-digits-lost", 2)]


def test_declared_missing():
    values, found = column(["-9999", "无", 5], "number", missing=("-9999", "无"))
    assert found == []
    assert values.isna().tolist() == [True, True, False]
    values, found = column([-9999.0, 5.0], "number", missing=("-9999",))
    assert values.isna().tolist() == [True, False]
    assert found == []


@pytest.mark.parametrize(
    ("unit", "wanted", "times"),
    [("亩", "m2", 2000 / 3), ("万亩", "m2", 2e7 / 3), ("公顷", "m2", 1e4), ("hm²", "m2", 1e4), ("平方公里", "m2", 1e6), ("㎡", "m2", 1),
     ("亩", "hm2", 1 / 15), ("万元", "yuan", 1e4), ("亿元", "yuan", 1e8), ("km", "m", 1000), ("0.1mm", "mm", 0.1), ("万人", "people", 1e4)],
)  # fmt: skip
def test_units(unit, wanted, times):
    assert factor(unit, wanted) == pytest.approx(times)
    values, _ = column(["3"], "number", unit=wanted, unit_in=unit)
    assert values.iloc[0] == pytest.approx(3 * times)


def test_a_unit_of_another_kind_is_refused():
    with pytest.raises(LayerError, match="unit '万元' does not become m2"):
        column(["3"], "number", unit="m2", unit_in="万元")


def test_cell_with_its_own_unit_goes_before_the_column():
    values, found = column(["3亩", "2"], "number", unit="m2", unit_in="公顷")
    np.testing.assert_allclose(values, [2000, 20000])
    assert [one.mended for one in found] == [True]


def test_range_both_ends_included():
    values, found = column([0, 10, -1, 11], "number", low=0, high=10)
    assert values.isna().tolist() == [False, False, True, True]
    assert [one.row for one in found] == [4, 5]
    assert "0 to 10" in found[0].message.en


def test_integers_must_be_whole():
    values, found = column([1.0, 2.5], "integer")
    assert values.isna().tolist() == [False, True]
    assert found[0].rule == "not-whole"


def test_required_makes_an_error():
    _, found = column(["x"], "number", required=True)
    assert found[0].severity == "error"


def test_personal_values_are_hidden():
    _, found = column(["13800000000 张三"], "number", personal=True)
    assert found[0].value == "***"


def test_codes_keep_leading_zeros():
    values, found = column(["007", 140930100002.0, "140930100002.0", "'12", 140930100002, None, "1.4E+11"], "code")
    assert values.tolist() == ["007", "140930100002", "140930100002", "12", "140930100002", "", ""]
    assert {one.rule for one in found} == {"code-as-number", "code-digits-lost"}


def test_yesno():
    values, found = column(["是", "否", "１", "0", "true", "N", None, "也许"], "yesno")
    assert values.tolist()[:6] == [True, False, True, False, True, False]
    assert values.isna().tolist() == [False] * 6 + [True, True]
    assert found[0].row == 9


@pytest.mark.parametrize(
    "text",
    [
        "2019-07-01",
        "2019/7/1",
        "2019.7.1",
        "20190701",
        "2019年7月1日",
        "2019年7月1号",
        "2019年7月",
        "2019-07-01 08:30:00",
        "43647",
        "201907",
    ],
)
def test_dates(text):
    assert str(date_of(text)) == "2019-07-01 00:00:00"


def test_year_alone_and_nonsense():
    assert str(date_of("2019年")) == "2019-01-01 00:00:00"
    assert [date_of(one) for one in ("2019-02-30", "昨天", "0", "99999999")] == [None] * 4


def test_dates_of_a_sheet():
    values, found = column([pd.Timestamp("2019-07-01"), "2019年7月1日", 43647, None, "昨天"], "date")
    assert values.tolist()[:3] == [pd.Timestamp("2019-07-01")] * 3
    assert values.isna().tolist() == [False] * 3 + [True] * 2
    assert [(one.rule, one.row) for one in found] == [("no-date", 6), ("serial-date", None)]


def test_listed_texts():
    values, found = column(["滑坡", "土质滑坡", "土质滑坡", "泥石", "火山", None], "text", codes=("滑坡", "泥石流"))
    assert values.tolist() == ["滑坡", "滑坡", "滑坡", "泥石流", "", ""]
    assert [(one.row, one.mended) for one in found] == [(3, True), (5, True), (6, False)]


def test_longest_listed_text_wins():
    values, _ = column(["特大型滑坡"], "text", codes=("大型", "特大型"))
    assert values.tolist() == ["特大型"]


@given(st.floats(min_value=-1e9, max_value=1e9).map(lambda one: round(one, 3)).filter(lambda one: one not in GONE))
def test_any_spelling_of_a_number_is_that_number(number):
    wide = str(number).translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    values, found = column([f"{number:,.3f}", wide, number], "number")
    assert found == []
    np.testing.assert_allclose(values, number, atol=5e-4)
