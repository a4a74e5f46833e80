"""A page measured in millimetres, and the pen that writes on it in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke

from riskmap.maps.fonts import font_families, text_width, wrapped
from riskmap.maps.labels import MM_PER_POINT
from riskmap.maps.style import INK, MUTED
from riskmap.model import Text

__all__ = ["BODY", "HEAD", "SMALL", "Page", "outline_path"]

HEAD, BODY, SMALL = 20.0, 9.5, 7.0
"""The three type sizes, in points."""

Language = Literal["both", "zh", "en"]


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A figure with axes in mm over the whole page.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The page.
    axes : matplotlib.axes.Axes
        0..width and 0..height in mm, without frame.
    language : {"both", "zh", "en"}
        What is written; ``both`` puts English small behind Chinese.
    """

    figure: Figure
    axes: Any
    language: Language

    @classmethod
    def of_size(cls, width_mm: float, height_mm: float, *, dpi: float, language: Language) -> "Page":
        """Make an empty page."""
        figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=dpi, facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1), zorder=5)
        axes.set(xlim=(0, width_mm), ylim=(0, height_mm))
        axes.patch.set_visible(False)
        axes.set_axis_off()
        return cls(figure, axes, language)

    def write(self, x: float, y: float, text: str, *, size: float = BODY, **more: Any) -> None:
        """Write one line with its baseline at `y` mm; ``halo=True`` outlines it in white."""
        halo = more.pop("halo", False)
        style = {"color": INK, "ha": "left", "va": "baseline", "parse_math": False} | more
        font = FontProperties(family=list(font_families()), size=size)
        artist = self.axes.text(x, y, text, fontproperties=font, **style)
        if halo:
            artist.set_path_effects([withStroke(linewidth=size / 4, foreground="white", alpha=0.85)])

    def pair(self, x: float, y: float, text: Text, *, size: float = BODY, colour: str = INK) -> None:
        """Write Chinese with small English behind it on one line (or the one language asked for)."""
        if self.language != "both" or text.zh == text.en:
            self.write(x, y, text["en" if self.language == "en" else "zh"], size=size, color=colour)
            return
        self.write(x, y, text.zh, size=size, color=colour)
        after = x + text_width(text.zh, size=size * MM_PER_POINT) + 1.5
        self.write(after, y, text.en, size=min(size, SMALL), color=MUTED)

    def width(self, text: Text, *, size: float = BODY) -> float:
        """Width in mm that `pair` needs."""
        if self.language != "both" or text.zh == text.en:
            return text_width(text["en" if self.language == "en" else "zh"], size=size * MM_PER_POINT)
        english = text_width(text.en, size=min(size, SMALL) * MM_PER_POINT)
        return text_width(text.zh, size=size * MM_PER_POINT) + 1.5 + english

    def lines(self, text: Text, *, width: float, size: float = SMALL) -> list[tuple[str, str]]:
        """Break a passage into lines with their colours: Chinese first, English behind it in grey."""
        wanted = {"both": ("zh", "en"), "zh": ("zh",), "en": ("en",)}[self.language]
        passages = dict.fromkeys(text[one] for one in wanted)  # type: ignore[index]
        return [
            (line, MUTED if n and self.language == "both" else INK)
            for n, passage in enumerate(passages)
            for line in wrapped(passage, size=size * MM_PER_POINT, width=width)
            if line
        ]

    def block(self, x: float, y: float, lines: Iterable[tuple[str, str]], *, size: float = SMALL) -> float:
        """Write lines downwards from the top edge `y`; return the bottom edge."""
        step = size * MM_PER_POINT * 1.4
        for line, colour in lines:
            self.write(x, y - step * 0.75, line, size=size, color=colour)
            y -= step
        return y


def outline_path(geometry: Any) -> Outline:
    """Turn a polygon or line (or many) into one path of matplotlib.

    Parameters
    ----------
    geometry : shapely geometry
        Any of its lines and rings become parts of the path.

    Returns
    -------
    matplotlib.path.Path

    Examples
    --------
    >>> outline_path(shapely.box(0, 0, 1, 1)).codes.tolist()
    [1, 2, 2, 2, 79]
    """
    parts = shapely.orient_polygons(shapely.get_parts(geometry))  # holes wind the other way
    rings = shapely.get_rings(parts) if shapely.area(geometry) > 0 else parts
    points, codes = [np.empty((0, 2))], [np.empty(0, Outline.code_type)]
    for ring in rings:
        corner = shapely.get_coordinates(ring)
        if len(corner) < 2:
            continue
        code = np.full(len(corner), Outline.LINETO, Outline.code_type)
        code[0] = Outline.MOVETO
        if shapely.get_type_id(ring) == 2:
            code[-1] = Outline.CLOSEPOLY
        points.append(corner)
        codes.append(code)
    return Outline(np.concatenate(points), np.concatenate(codes))
