"""Sources and clauses are told in Chinese, but for formulas and the names of documents."""

import re

import pytest

from riskmap.standards import book
from riskmap.standards.source_words import _phrases, source_text

ENGLISH = re.compile(r"\b[a-z]{2,},? [a-z]{2,}\b|^[ -~]*[a-z]{3}[^0-9]*$")
NAMES = re.compile(r"[A-Z][A-Za-z]+( and [A-Z][a-z]+| and others)? \d{4}.*|.*doi .*|K\w* = .*|R0 = .*")


def told():
    rows = [*book().thresholds.values(), *book().schemes.values(), *book().profiles.values()]
    return sorted({part for one in rows for part in (one.source, one.clause) if part})


@pytest.mark.parametrize("words", told())
def test_no_sentence_stays_english(words):
    for part in source_text(words).zh.split("；"):
        assert not ENGLISH.search(part) or NAMES.fullmatch(part), (words, part)


def test_every_phrase_is_in_use():
    used = {part for words in told() for part in words.split("; ")}
    rows = [row for table in book().tables.values() for row in table]
    used |= {part for row in rows for name in ("source", "clause") for part in str(row.get(name, "")).split("; ")}
    assert set(_phrases()) <= used
    assert all(en != zh for en, zh in _phrases().items())
