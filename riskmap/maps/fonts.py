"""The typeface of maps and pages: where it is, what it can write, and a cut of it for one page."""

import os
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError
from matplotlib import font_manager

from riskmap.errors import RiskmapError

__all__ = ["FAMILIES", "font_families", "font_path", "missing_glyphs", "woff2_subset"]

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
INVISIBLE = frozenset("\n\r\t\u200b")


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
    known = frozenset().union(*(_characters(path) for _, path in _chain(font_path())))
    return "".join(dict.fromkeys(c for c in text if c not in INVISIBLE and ord(c) not in known))


def woff2_subset(characters: str) -> bytes:
    """Cut the font down to some characters, as WOFF2 for embedding in a page.

    Parameters
    ----------
    characters : str
        Every character that the page shows; repeats and order do not matter. ASCII is always kept.
        Characters that the font lacks are left to the reader's own fonts.

    Returns
    -------
    bytes
        A WOFF2 file; the same characters give the same bytes.

    Raises
    ------
    RiskmapError
        As `font_path`, or the file is no font.

    Examples
    --------
    >>> woff2_subset("河曲")[:4]
    b'wOF2'
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
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap() or ())


@lru_cache(maxsize=4)
def _cut(path: Path, codes: frozenset[int]) -> bytes:
    options = subset.Options(
        layout_features=["kern", "locl", "ccmp", "mark"],
        hinting=False,
        notdef_outline=True,
        drop_tables=["STAT"],
    )
    try:
        font = TTFont(path, recalcTimestamp=False, fontNumber=0)
    except (OSError, TTLibError) as fault:
        raise RiskmapError(f"{path} cannot be read as a font: {fault}") from fault
    with font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=sorted(codes))
        cutter.subset(font)
        font.flavor = "woff2"
        out = BytesIO()
        font.save(out)
    return out.getvalue()
