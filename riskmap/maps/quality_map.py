"""Where the findings of the quality check lie, as a drawing on the quality page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from riskmap.maps.quality_words import SEVERITIES
from riskmap.maps.words import layer_title
from riskmap.model import Finding, Survey, Text

__all__ = ["Frame", "findings_map"]

_MOST = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A drawing of part of the ground, its width in units of the drawing.

    Parameters
    ----------
    west, north : float
        Corner of what is shown, metres.
    scale : float
        Units of the drawing per metre.
    high : float
        Height of the drawing.
    """

    west: float
    north: float
    scale: float
    high: float
    wide: float = 480.0
    margin: float = 14.0

    @classmethod
    def around(cls, bounds: Sequence[float], *, wide: float = 480.0, margin: float = 14.0) -> "Frame":
        """Fit an extent (west, south, east, north, metres) into a drawing of that width."""
        west, south, east, north = bounds
        scale = (wide - 2 * margin) / max(east - west, 1.0)
        high = (north - south) * scale + 2 * margin
        return cls(west=west, north=north, scale=scale, high=high, wide=wide, margin=margin)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Place of a point of the ground, across and down."""
        return self.margin + (x - self.west) * self.scale, self.margin + (self.north - y) * self.scale

    def holds(self, place: tuple[float, float]) -> bool:
        """Whether a place is on the drawing."""
        return 0 <= place[0] <= self.wide and 0 <= place[1] <= self.high

    def path(self, shapes: Iterable[Any]) -> str:
        """Outlines of polygons, and lines, as one path."""
        parts = []
        for shape in shapes:
            simple = shapely.get_parts(shapely.simplify(shape, 0.3 / self.scale))
            areal = shapely.get_dimensions(shape) == 2
            for line in shapely.get_rings(simple) if areal else simple:
                corners = shapely.get_coordinates(line)
                across, down = self.at(corners[:, 0], corners[:, 1])
                places = "L".join(f"{x:.1f} {y:.1f}" for x, y in np.c_[across, down])
                parts.append(f"M{places}{'Z' if areal else ''}")
        return "".join(parts)


def findings_map(survey: Survey, findings: Sequence[Finding]) -> dict[str, Any] | None:
    """Draw the findings that have a place; each knows its number in the list.

    Parameters
    ----------
    survey : Survey
        Its outline and townships are drawn beneath.
    findings : sequence of Finding
        In the order of the list on the page.

    Returns
    -------
    dict or None
        Values of the template: size, paths, township names, points (the last drawn first in the list) and what is
        not on the map; None where no finding has a place.

    Examples
    --------
    >>> findings_map.__name__
    'findings_map'
    """
    located = [(n, one) for n, one in enumerate(findings) if one.lon is not None and one.lat is not None]
    if not located:
        return None
    frame = Frame.around(survey.outline.total_bounds)
    to_map = Transformer.from_crs("EPSG:4326", survey.outline.crs, always_xy=True)
    shown, outside = [], 0
    for number, one in located[:_MOST]:
        place = frame.at(*to_map.transform(one.lon, one.lat))
        if not frame.holds(place):
            outside += 1
            continue
        text = f"{layer_title(one.layer).zh} {one.key}: {one.message.zh}"
        at = {"x": f"{place[0]:.1f}", "y": f"{place[1]:.1f}"}
        shown.append({**at, "number": number, "colour": SEVERITIES[one.severity][1], "text": text})
    return {
        "width": f"{frame.wide:.0f}",
        "height": f"{frame.high:.0f}",
        "outline": frame.path([survey.outline.union_all()]),
        "townships": frame.path(survey.townships.geometry),
        "names": _names(survey, frame),
        "points": shown[::-1],
        "words": _words(len(shown), outside, len(located)),
    }


def _names(survey: Survey, frame: Frame) -> list[dict[str, str]]:
    towns = survey.townships
    if not len(towns) or "name" not in towns:
        return []
    spots = towns.representative_point()
    places = [frame.at(x, y) for x, y in zip(spots.x, spots.y, strict=True)]
    return [
        {"x": f"{x:.1f}", "y": f"{y:.1f}", "name": str(name)}
        for (x, y), name in zip(places, towns["name"], strict=True)
    ]


def _words(shown: int, outside: int, located: int) -> Text:
    words = Text(f"图上 {shown} 条", f"{shown} on the map")
    if outside:
        words = Text(f"{words.zh}，图外 {outside} 条", f"{words.en}, {outside} beyond it")
    if located > _MOST:
        words = Text(f"{words.zh}（前 {_MOST} 条）", f"{words.en} (the first {_MOST})")
    return words
