"""How classes look, on every map and page: one place, so that they look the same."""

from dataclasses import dataclass
from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

from riskmap.maps.words import UNITS
from riskmap.model import NO_CLASS, ClassScheme, Text

__all__ = [
    "INK",
    "MUTED",
    "NO_DATA_COLOUR",
    "TINT",
    "VEIL",
    "WATER",
    "LegendRow",
    "class_image",
    "class_range",
    "contrast_colour",
    "legend_rows",
    "lightness",
]

INK, MUTED, VEIL, WATER = "#1f2933", "#7b8794", "#f7f5f0", "#2b7bba"
TINT = 0.75
"""Opacity of class colours over the hillshade."""
NO_DATA_COLOUR = "#d9d9d9"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendRow:
    """One class as a legend shows it.

    Parameters
    ----------
    code : int
        1..K; `NO_CLASS` for no data.
    label : Text
        Name of the class.
    colour : str
        Hex colour.
    bounds : Text
        Its break values with unit; empty where the scheme has none.
    """

    code: int
    label: Text
    colour: str
    bounds: Text


def class_range(scheme: ClassScheme, code: int) -> Text:
    """Break values of one class, with unit, of the quantity itself (signs turned back for SPI).

    Parameters
    ----------
    scheme : ClassScheme
        With its edges.
    code : int
        1..K.

    Returns
    -------
    Text
        Empty where the scheme has no edges, `code` is none of its classes, or no value can stand in it.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> spi, flood = book().scheme("gb-spi"), book().scheme("flood-risk-degree")
    >>> class_range(spi, 5).en, class_range(spi, 2).en, class_range(flood, 1).en, class_range(flood, 2).en
    ('≤ -2.0', '-1.0 to -0.5', '< 0.15 m', '0.15 to 0.50 m')
    """
    if len(scheme.edges) != scheme.size - 1 or not 1 <= code <= scheme.size:
        return Text("", "")
    words = UNITS.get(scheme.unit, Text(scheme.unit, scheme.unit))
    low = scheme.edges[code - 2] if code > 1 else None
    high = scheme.edges[code - 1] if code < scheme.size else None
    if low is not None and not isfinite(low):  # more classes than values: nothing can stand in this one
        return Text("", "")
    high = None if high is None or not isfinite(high) else high
    if low is None and high is None:
        return Text("", "")
    if scheme.direction < 0:
        low, high = (None if high is None else -high), (None if low is None else -low)
        below, above = "≤", ">"
    else:
        below, above = "<", "≥"
    low_text, high_text = (None if one is None else _edge(one, scheme.edges) for one in (low, high))
    if low_text is None:
        zh = en = f"{below} {high_text}"
    elif high_text is None:
        zh = en = f"{above} {low_text}"
    else:
        zh, en = f"{low_text} ~ {high_text}", f"{low_text} to {high_text}"
    return Text(f"{zh} {words.zh}".rstrip(), f"{en} {words.en}".rstrip())


def _edge(value: float, edges: tuple[float, ...]) -> str:
    """A break, with as many decimals as the longest of them needs."""
    known = [one for one in edges if isfinite(one)]
    gaps = np.diff(known)
    closest = float(gaps.min()) if gaps.size and gaps.min() > 0 else abs(value) or 1.0
    most = min(max(1 - floor(log10(closest)), 0), 8)
    places = max((len(f"{one:.{most}f}".rstrip("0").partition(".")[2]) for one in known), default=0)
    text = f"{value:,.{places}f}"
    return text.removeprefix("-") if float(text.replace(",", "")) == 0 else text


def legend_rows(scheme: ClassScheme) -> tuple[LegendRow, ...]:
    """Classes of a scheme from high to low, as a legend lists them.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> [row.label.zh for row in legend_rows(book().scheme("comprehensive-risk"))]
    ['高', '中高', '中', '中低', '低']
    """
    return tuple(
        LegendRow(code=code, label=scheme.label(code), colour=scheme.colour(code), bounds=class_range(scheme, code))
        for code in range(scheme.size, 0, -1)
    )


def class_image(codes: NDArray[np.uint8], scheme: ClassScheme, *, opacity: float = TINT) -> NDArray[np.uint8]:
    """Colour a class raster.

    Parameters
    ----------
    codes : numpy.ndarray of uint8
        1..K; anything else is transparent.
    scheme : ClassScheme
        Its colours.
    opacity : float
        0..1.

    Returns
    -------
    numpy.ndarray of uint8
        Shape of `codes` and 4: red, green, blue, opacity.

    Examples
    --------
    >>> from riskmap.standards import book
    >>> class_image(np.array([[4, 255]], "uint8"), book().scheme("flood-risk-degree"), opacity=1)[0].tolist()
    [[8, 48, 107, 255], [0, 0, 0, 0]]
    """
    table = np.zeros((NO_CLASS + 1, 4), np.uint8)
    for code in range(1, scheme.size + 1):
        table[code] = (*_rgb(scheme.colour(code)), round(255 * opacity))
    return table[codes]


def lightness(colour: str) -> float:
    """CIE L* of a hex colour, 0 black to 100 white (sRGB, D65).

    Examples
    --------
    >>> round(lightness("#ffffff"), 1), round(lightness("#777777"), 1)
    (100.0, 50.0)
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in np.divide(_rgb(colour), 255)]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return float(116 * luminance ** (1 / 3) - 16 if luminance > 216 / 24389 else luminance * 24389 / 27)


def contrast_colour(colour: str) -> str:
    """Black or white, whichever reads better on `colour`.

    Examples
    --------
    >>> contrast_colour("#08306b"), contrast_colour("#fef0d9")
    ('#ffffff', '#1f2933')
    """
    return "#ffffff" if lightness(colour) < 55 else INK


def _rgb(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(c * 2 for c in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
