"""The typeface of maps and pages: where it is, what it can write, and a cut of it for one page."""

import os
import re
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path

import uharfbuzz as harfbuzz
from fontTools.ttLib import TTFont, TTLibError
from matplotlib import font_manager

from riskmap.errors import RiskmapError

__all__ = [
    "FAMILIES",
    "font_families",
    "font_files",
    "font_path",
    "missing_glyphs",
    "text_width",
    "woff_subset",
    "wrapped",
]

FAMILIES = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)
"""Families in the order in which they are tried."""

OVERRIDE = "RISKMAP_FONT"
PACKAGE, FILE = "zhplot", "zhplot/fonts/NotoSansSC-Regular.ttf"
_FEATURES = ("kern", "locl", "ccmp", "mark")
_NOT_FOR_PAGES = ("STAT", "BASE", "vhea", "vmtx", "DSIG", "gasp")
INVISIBLE = frozenset("\n\r\t\u200b")
_PIECES = re.compile(r"[（《“(]*(?:[!-~\u00a0-\u024f°′″²³·]+|[^\s])[，。、；：！？）》”)]*\s*|\s+")


def font_path() -> Path:
    """Find the font file that writes Chinese.

    The file named by the environment variable ``RISKMAP_FONT`` comes first, then Noto Sans SC as shipped
    by the package `zhplot` (found by file, not imported), then the installed families of `FAMILIES`.

    Returns
    -------
    Path
        A TrueType or OpenType file.

    Raises
    ------
    RiskmapError
        ``RISKMAP_FONT`` names no file, or the machine has no font with Chinese characters.

    Examples
    --------
    >>> font_path().suffix.lower() in {".ttf", ".otf", ".ttc"}
    True
    """
    chosen = os.environ.get(OVERRIDE, "")
    if chosen:
        if not Path(chosen).is_file():
            raise RiskmapError(f"{OVERRIDE} names {chosen!r}, which is no file; give a .ttf or .otf file")
        return Path(chosen)
    return _found()


@lru_cache(maxsize=1)
def _found() -> Path:
    try:
        shipped = Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError:
        shipped = Path()
    if shipped.is_file():
        return shipped
    for family in FAMILIES[:-1]:
        found = _installed(family)
        if found is not None:
            return found
    raise RiskmapError(
        f"no font with Chinese characters was found (tried {', '.join(FAMILIES[:-1])}); "
        f"run 'pip install {PACKAGE}' or name a font file in {OVERRIDE}"
    )


def font_families() -> tuple[str, ...]:
    """Make the font known to matplotlib and return the families that text may be drawn with.

    The order is that of trying: characters that the first lacks are taken from the next. No setting of
    matplotlib is changed.

    Returns
    -------
    tuple of str
        Names for ``FontProperties(family=...)``.

    Raises
    ------
    RiskmapError
        As `font_path`.

    Examples
    --------
    >>> font_families()[-1]
    'DejaVu Sans'
    """
    return tuple(name for name, _ in _chain(font_path()))


def font_files() -> tuple[Path, ...]:
    """Files of `font_families`, for another process.

    Returns
    -------
    tuple of pathlib.Path

    Examples
    --------
    >>> font_files()[0].is_file()
    True
    """
    return tuple(path for _, path in _chain(font_path()))


def missing_glyphs(text: str) -> str:
    """Return the characters of `text` that no usable family can write.

    Parameters
    ----------
    text : str
        Anything that is to be drawn.

    Returns
    -------
    str
        Each missing character once, in the order of the text; ``""`` when all can be written.

    Raises
    ------
    RiskmapError
        As `font_path`.

    Examples
    --------
    >>> missing_glyphs("河曲县 Hequ 12.5 km²")
    ''
    """
    fonts = [_characters(path) for _, path in _chain(font_path())]
    seen = dict.fromkeys(c for c in text if c not in INVISIBLE)
    return "".join(c for c in seen if not any(ord(c) in one for one in fonts))


def text_width(text: str, *, size: float) -> float:
    """Width of one line of text.

    Parameters
    ----------
    text : str
        What is written; characters without a glyph count as one em.
    size : float
        Type size, in any unit.

    Returns
    -------
    float
        In the unit of `size`.

    Examples
    --------
    >>> text_width("河曲", size=10)
    20.0
    """
    fonts = [_characters(path) for _, path in _chain(font_path())]
    return size * sum(next((one[ord(c)] for one in fonts if ord(c) in one), 1.0) for c in text)


def wrapped(text: str, *, size: float, width: float) -> list[str]:
    """Break text into lines: between Chinese characters, between words of Latin.

    Parameters
    ----------
    text : str
        Line ends in it are kept.
    size, width : float
        Type size and width of the column, in one unit.

    Returns
    -------
    list of str
        At least one line. A word that is wider than the column stands alone on its line.

    Examples
    --------
    >>> wrapped("河曲县的洪水，筛查 flood map", size=1, width=6.5)
    ['河曲县的洪', '水，筛查', 'flood map']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECES.findall(paragraph):
            if line and text_width((line + piece).rstrip(), size=size) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece.lstrip() if not line else piece
        lines.append(line.rstrip())
    return lines


def woff_subset(characters: str) -> bytes:
    """Cut the font down to some characters, as WOFF for embedding in a page.

    Parameters
    ----------
    characters : str
        Every character that the page shows; repeats and order do not matter. ASCII is always kept.
        Characters that the font lacks are left to the reader's own fonts.

    Returns
    -------
    bytes
        A WOFF file; the same characters give the same bytes.

    Raises
    ------
    RiskmapError
        As `font_path`, or the file is no font.

    Notes
    -----
    HarfBuzz cuts; WOFF 2 would be a quarter smaller and takes over a second a page to pack.

    Examples
    --------
    >>> woff_subset("河曲")[:4]
    b'wOFF'
    """
    wanted = {ord(c) for c in characters} | set(range(0x20, 0x7F))
    return _cut(font_path(), frozenset(wanted - {ord(c) for c in INVISIBLE}))


def _installed(family: str) -> Path | None:
    try:
        return Path(font_manager.findfont(family, fallback_to_default=False))
    except ValueError:
        return None


@lru_cache(maxsize=4)
def _chain(first: Path) -> tuple[tuple[str, Path], ...]:
    try:
        name = font_manager.get_font(first).family_name
    except (OSError, RuntimeError) as fault:
        raise RiskmapError(f"{first} cannot be read as a font: {fault}") from fault
    manager = font_manager.fontManager
    if not any(Path(one.fname) == first for one in manager.ttflist):
        manager.addfont(first)
    chain = {name: first}
    for family in FAMILIES:
        found = _installed(family)
        if found is not None:
            chain.setdefault(family, found)
    return tuple(chain.items())


@lru_cache(maxsize=16)
def _characters(path: Path) -> dict[int, float]:
    """Advance width in ems of every character of a font."""
    with TTFont(path, lazy=True, fontNumber=0) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {code: widths[glyph][0] / em for code, glyph in (font.getBestCmap() or {}).items()}


@lru_cache(maxsize=4)
def _cut(path: Path, codes: frozenset[int]) -> bytes:
    wanted = harfbuzz.SubsetInput()
    wanted.unicode_set.update(codes)
    wanted.flags = harfbuzz.SubsetFlags.NO_HINTING | harfbuzz.SubsetFlags.NOTDEF_OUTLINE
    for tags, names in ((wanted.layout_feature_tag_set, _FEATURES), (wanted.drop_table_tag_set, _NOT_FOR_PAGES)):
        tags.clear()
        tags.update({int.from_bytes(one.encode("ascii"), "big") for one in names})  # as OpenType writes four letters
    try:
        cut = harfbuzz.subset(harfbuzz.Face(path.read_bytes(), 0), wanted).blob.data
        font = TTFont(BytesIO(cut), recalcTimestamp=False, lazy=True)
    except (OSError, TTLibError, RuntimeError) as fault:
        raise RiskmapError(f"{path} cannot be read as a font: {fault}") from fault
    with font, BytesIO() as out:
        font.flavor = "woff"
        font.save(out, reorderTables=None)
        return out.getvalue()
