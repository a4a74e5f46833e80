"""The typeface: found by file, honest about what it lacks, cut to what a page shows."""

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from matplotlib import get_data_path, rcParams

from riskmap.errors import RiskmapError
from riskmap.maps import font_families, font_path, missing_glyphs, woff_subset
from riskmap.maps.fonts import text_width, wrapped

RARE = "\U00020bb7"  # 𠮷, beyond the font's own set


def characters(font):
    return set(TTFont(BytesIO(font)).getBestCmap())


def test_the_shipped_font_writes_the_county_and_its_units():
    assert font_path().name == "NotoSansSC-Regular.ttf"
    assert missing_glyphs("河曲县 Hequ 39°22′N 12.5 km² ℃ ≥ ≤ ~ ·（）“”※ ") == ""


def test_missing_characters_are_named_once_in_order():
    assert missing_glyphs(f"甲{RARE}乙\ue000{RARE}\n") == f"{RARE}\ue000"


def test_the_environment_names_another_font(monkeypatch, tmp_path):
    path = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    monkeypatch.setenv("RISKMAP_FONT", path)
    assert str(font_path()) == path
    assert missing_glyphs("abc") == ""
    monkeypatch.setenv("RISKMAP_FONT", str(tmp_path / "no.ttf"))
    with pytest.raises(RiskmapError, match=r"RISKMAP_FONT.*no\.ttf"):
        font_path()


def test_a_file_that_is_no_font_is_named(monkeypatch, tmp_path):
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    monkeypatch.setenv("RISKMAP_FONT", str(broken))
    with pytest.raises(RiskmapError, match=r"broken\.ttf cannot be read as a font"):
        font_families()
    with pytest.raises(RiskmapError, match=r"broken\.ttf cannot be read as a font"):
        woff_subset("甲")


def test_registering_changes_no_setting():
    before = dict(rcParams)
    assert font_families()[0] == "Noto Sans SC"
    assert dict(rcParams) == before


def test_the_cut_holds_what_was_asked_and_little_more():
    cut = woff_subset("河曲县河")
    assert cut[:4] == b"wOFF"
    assert len(cut) < 60_000
    have = characters(cut)
    assert {ord(c) for c in "河曲县aZ0"} <= have
    assert ord("府") not in have


def test_the_cut_is_the_same_whatever_the_order():
    from riskmap.maps.fonts import _cut

    first = woff_subset("县曲河")
    _cut.cache_clear()
    assert woff_subset("河曲河县") == first


def test_width_of_chinese_is_one_em_each_and_latin_less():
    assert text_width("河曲县", size=7) == pytest.approx(21)
    assert 0 < text_width("iiii", size=10) < text_width("MMMM", size=10)


def test_lines_stay_inside_the_column_and_lose_nothing():
    text = "采用高差法估算淹没水深，适用于筛查（不作为洪水风险图）。Depth from height above drainage."
    lines = wrapped(text, size=1, width=12)
    assert all(text_width(line, size=1) <= 12 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，。）" for line in lines)
    assert wrapped("", size=1, width=5) == [""]
    assert wrapped("甲\n乙", size=1, width=50) == ["甲", "乙"]
