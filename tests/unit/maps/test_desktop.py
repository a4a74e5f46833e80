"""Styles for desktop GIS are well-formed, name every class and survive hostile text."""

from xml.etree import ElementTree as ET

import tiny

from riskmap.maps.desktop import class_style, plain_style, raster_style
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


def test_hostile_alias_stays_text():
    text = plain_style("#336699", shape="line", headers={tiny.EVIL: Text(tiny.EVIL, "x")})
    root = ET.fromstring(text.split("\n", 1)[1])
    assert root.find(".//alias").get("field") == tiny.EVIL
    assert root.find(".//img") is None


def test_raster_style_has_only_the_classes():
    root = ET.fromstring(raster_style(book().scheme("flood-risk-degree")).split("\n", 1)[1])
    assert [one.get("value") for one in root.iter("paletteEntry")] == ["4", "3", "2", "1"]
