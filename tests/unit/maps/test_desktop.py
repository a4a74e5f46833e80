"""Styles for desktop GIS are well-formed, name every class and survive hostile text."""

from xml.etree import ElementTree as ET

import tiny

from riskmap.maps.desktop import Columns, case_style, class_style, plain_style, ramp_style, raster_style, table_style
from riskmap.model import Text
from riskmap.standards import book


def test_every_class_has_its_colour():
    scheme = book().scheme("gb-spi")
    root = ET.fromstring(class_style(scheme, column="class").split("\n", 1)[1])
    labels = [one.get("label") for one in root.iter("category")]
    assert labels[0] == str(scheme.label(5))
    assert labels[-1] == "无数据 no data"
    red = root.find(".//symbol[@name='0']//Option[@name='color']").get("value")
    assert red == "102,37,6,255"


def test_hostile_text_stays_text():
    evil = Text(tiny.EVIL, "x")
    columns = Columns(headers={tiny.EVIL: evil}, words={tiny.EVIL: {tiny.EVIL: evil}}, label="name")
    cases = [(tiny.EVIL, evil, "#336699")]
    for text in (
        plain_style("#336699", shape="line", columns=columns),
        case_style(cases, column=tiny.EVIL, shape="point", columns=columns),
        table_style(columns),
    ):
        root = ET.fromstring(text.split("\n", 1)[1])
        assert root.find(".//alias").get("field") == tiny.EVIL
        assert root.find(".//editWidget//Option[@type='QString']").attrib == {
            "name": f"{tiny.EVIL} x",
            "type": "QString",
            "value": tiny.EVIL,
        }
        assert root.find(".//img") is None


def test_ramp_runs_from_the_lowest_to_the_highest():
    root = ET.fromstring(ramp_style(["#ffffff", "#888888", "#000000"], -2.0, 4.0).split("\n", 1)[1])
    items = [(float(one.get("value")), one.get("color")) for one in root.iter("item")]
    assert items == [(-2.0, "#ffffff"), (1.0, "#888888"), (4.0, "#000000")]


def test_raster_style_has_only_the_classes():
    root = ET.fromstring(raster_style(book().scheme("flood-risk-degree")).split("\n", 1)[1])
    assert [one.get("value") for one in root.iter("paletteEntry")] == ["4", "3", "2", "1"]
