"""Numbers, units and classes as people read them."""

from dataclasses import replace

import numpy as np
import pytest

from riskmap.maps import class_image, class_range, contrast_colour, legend_rows, lightness, number, quantity, share
from riskmap.standards import book


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (1234567, "1,234,567"), (1316.04, "1,316"), (0.05, "0.05"), (0.123456, "0.123"),
     (-2.5, "-2.5"), (99.96, "100"), (np.float32(12.5), "12.5"), (np.nan, "—"), (None, "—"), (np.inf, "—")],
)  # fmt: skip
def test_numbers(value, text):
    assert number(value) == text


def test_zero_and_unknown_are_two_things():
    assert quantity(0, "people").zh == "0 人"
    assert quantity(np.nan, "people").zh == "无数据"
    assert share(0) != share(np.nan)
    assert share(0.0001) == "<0.1%"
    assert share(1) == "100%"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [(9000, "9,000 元", "9,000 yuan"), (3.2e5, "32 万元", "320,000 yuan"), (1.25e9, "12.5 亿元", "1.25 billion yuan")],
)
def test_money(value, zh, en):
    assert (quantity(value, "yuan").zh, quantity(value, "yuan").en) == (zh, en)


def test_units_in_words_and_degrees_close_up():
    assert quantity(35, "deg").zh == "35°"
    assert quantity(5, "min").en == "5 min"
    assert quantity(2, "furlong").en == "2 furlong"


def test_class_bounds_turn_back_the_sign_of_a_reversed_scheme():
    spi = book().scheme("gb-spi")
    assert [class_range(spi, code).zh for code in (1, 3, 5)] == ["> -0.5", "-1.5 ~ -1.0", "≤ -2.0"]
    assert class_range(spi, 6).zh == class_range(spi, 255).zh == ""
    assert class_range(replace(spi, edges=()), 1).zh == ""


def test_close_edges_stay_apart():
    scheme = replace(book().scheme("flood-risk-degree"), edges=(0.1231, 0.1234, 0.9), unit="")
    assert class_range(scheme, 2).zh == "0.1231 ~ 0.1234"


def test_breaks_of_one_legend_have_the_same_decimals():
    scheme = replace(book().scheme("comprehensive-risk"), edges=(0.04, 0.061, 0.1, 0.25), unit="")
    assert [class_range(scheme, code).zh for code in (1, 2, 3)] == ["< 0.040", "0.040 ~ 0.061", "0.061 ~ 0.100"]
    whole = replace(scheme, edges=(-10.0, 0.0, 1000.0, 2000.0))
    assert class_range(whole, 3).zh == "0 ~ 1,000"


def test_legends_run_from_high_to_low():
    rows = legend_rows(book().scheme("flood-risk-degree"))
    assert [row.label.zh for row in rows] == ["极高", "高", "中", "低"]
    assert [row.code for row in rows] == [4, 3, 2, 1]


def test_pictures_leave_unknown_transparent():
    scheme = book().scheme("flood-risk-degree")
    image = class_image(np.array([[1, 4], [255, 0]], "uint8"), scheme)
    assert image[0, 0].tolist() == [0xE9, 0xF2, 0xFA, 191]
    assert image[1, :, 3].tolist() == [0, 0]


def test_lightness_and_contrast():
    assert lightness("#000") == pytest.approx(0)
    assert lightness("#ff0000") == pytest.approx(53.24, abs=0.05)  # Lindbloom, sRGB, D65
    assert contrast_colour("#662506") == "#ffffff"
