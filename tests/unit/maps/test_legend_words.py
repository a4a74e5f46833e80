"""The Chinese line of a legend is Chinese."""

import re

import pytest

from riskmap.hazards import THEMES
from riskmap.maps.legend import break_note
from riskmap.standards import book


@pytest.mark.parametrize("scheme", sorted({one.scheme for one in THEMES}))
def test_where_classes_come_from_is_told_in_each_language(scheme):
    told = break_note(book().scheme(scheme))[1]
    words = re.findall(r"\b[a-z]{3,}\b", told.zh)
    assert words == [], told.zh
    assert re.search(r"[a-z]{3}", told.en)
