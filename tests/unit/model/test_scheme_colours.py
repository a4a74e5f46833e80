"""Colours of schemes: three digits are written out, anything else is refused at the door."""

import re
from dataclasses import replace

import pytest

from riskmap.errors import StandardError
from riskmap.maps.desktop import class_style, plain_style, ramp_style, raster_style
from riskmap.standards import book, reader


def test_three_digits_are_six():
    scheme = book().scheme("gb-spi")
    short = replace(scheme, colours=("#eee", "#fc8", *scheme.colours[2:]))
    assert short.colours[:2] == ("#eeeeee", "#ffcc88")
    assert "238,238,238,255" in class_style(short, column="class")
    assert 'color="#ffcc88"' in raster_style(short)
    assert "238,238,238,255" in plain_style("#eee", shape="line")
    assert 'color="#eeeeee"' in ramp_style(["#eee", "#000"], 0, 1)


@pytest.mark.parametrize("colour", ["red", "#ee", "#eeee", "eeeeee", "#gggggg", "#eeeeeeff", 7])
def test_what_is_no_colour_is_refused_with_file_place_and_cure(colour):
    entry = {"name": "own", "title": {"zh": "甲", "en": "A"}, "labels": [{"zh": "甲", "en": "A"}], "colours": [colour]}
    told = rf"own.toml: scheme 'own': colour {re.escape(repr(colour))}; allowed: .* write it as '#fc8'"
    with pytest.raises(StandardError, match=told):
        reader._noun(type(book().scheme("gb-spi")), entry | {"source": "x", "confidence": "C"}, "own.toml")
