"""The map itself: picture, neighbours under a veil, lines, and labels that do not touch one another."""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from matplotlib.collections import PathCollection
from matplotlib.patches import PathPatch
from numpy.typing import NDArray

from riskmap.maps.fonts import text_width
from riskmap.maps.frame import Frame
from riskmap.maps.labels import MM_PER_POINT, Label, place_labels
from riskmap.maps.page import BODY, SMALL, Page, outline_path
from riskmap.maps.style import INK, MUTED, NO_DATA_COLOUR, TINT, VEIL, WATER, class_image
from riskmap.maps.subject import Subject
from riskmap.maps.water import county_streams
from riskmap.model import Assessment, Survey
from riskmap.spatial import hillshade

__all__ = ["draw_lines", "draw_names", "draw_picture", "draw_subject"]

_SHADE, _FLAT = 0.30, 0.75
_VILLAGES = 140
_RIVER = 6
"""Streams of higher order are drawn as rivers."""


def draw_picture(axes: Any, frame: Frame, assessment: Assessment, *, subject: Subject, pixels: tuple[int, int]) -> None:
    """Draw hillshade and class colours as one picture at the resolution of the page.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        In metres.
    frame : Frame
        What is shown.
    assessment : Assessment
        For relief and mask.
    subject : Subject
        Its `codes`, if any.
    pixels : tuple of int
        Width and height of the picture.

    Examples
    --------
    >>> draw_picture.__name__
    'draw_picture'
    """
    survey = assessment.survey
    rows, columns = _nearest(survey.mask, frame, pixels)
    inside = survey.mask.to_numpy()[np.ix_(rows, columns)]
    edge = (rows[:, None] < 0) | (columns[None, :] < 0)
    light = np.full(inside.shape, 1.0, np.float32)
    if survey.has("dem"):
        shade = hillshade(survey.raster("dem")).to_numpy()
        smooth = _sampled(shade, survey.mask, frame, pixels)
        light = 1 - _SHADE * (1 - np.clip(np.nan_to_num(smooth, nan=_FLAT) / _FLAT, 0, 1))
    colour = np.repeat(light[..., None], 3, axis=2) * 255
    if subject.codes is not None and subject.scheme is not None:
        codes = subject.codes.to_numpy()[np.ix_(rows, columns)]
        tint = class_image(codes, subject.scheme)
        known = (tint[..., 3] > 0) & inside
        colour[known] = TINT * tint[known, :3] * (0.4 + 0.6 * light[known, None]) + (1 - TINT) * colour[known]
        unknown = ~known & inside
        stripe = (np.add.outer(np.arange(pixels[1]), np.arange(pixels[0])) % 12) < 2
        colour[unknown] = np.where(stripe[unknown, None], 168, int(NO_DATA_COLOUR[1:3], 16))
    picture = np.empty((*inside.shape, 4), np.uint8)
    picture[..., :3] = colour.clip(0, 255)
    picture[..., 3] = np.where(inside & ~edge, 255, 0)
    west, south, east, north = frame.extent
    axes.imshow(picture, extent=(west, east, south, north), interpolation="nearest", zorder=2, aspect="auto")


def draw_subject(axes: Any, subject: Subject) -> None:
    """Draw areas, lines and points of the subject.

    Examples
    --------
    >>> draw_subject.__name__
    'draw_subject'
    """
    if subject.shapes is not None and subject.scheme is not None:
        shapes, scheme = subject.shapes, subject.scheme
        codes = shapes["class"].fillna(0).astype(int)
        known = codes.between(1, scheme.size)
        paths = [outline_path(one) for one in shapes.geometry]
        for chosen, hatch, edge in ((known, None, "white"), (~known, "//////", "#a8a8a8")):
            axes.add_collection(
                PathCollection(
                    [path for path, keep in zip(paths, chosen, strict=True) if keep],
                    facecolors=[(*_rgb(scheme.colour(code)), TINT) for code in codes[chosen]],
                    edgecolors=edge,
                    linewidths=0.9 if subject.named else 0.3,
                    hatch=hatch,
                    zorder=3,
                )
            )
    if subject.lines is not None:
        paths = [outline_path(one) for one in subject.lines.geometry]
        axes.add_collection(
            PathCollection(paths, fc="none", ec=subject.lines["colour"], lw=subject.lines.get("width", 0.7), zorder=4)
        )
    if subject.points is not None:
        for (marker, size), some in subject.points.groupby(["marker", "size"], sort=True):
            axes.scatter(
                some.geometry.x, some.geometry.y, s=size, marker=marker, c=some["colour"],
                edgecolors="white", linewidths=0.5, zorder=6 + (marker == "^"),
            )  # fmt: skip


def draw_lines(axes: Any, survey: Survey) -> None:
    """Draw neighbours under a veil, streams, townships and the county line.

    Examples
    --------
    >>> draw_lines.__name__
    'draw_lines'
    """
    axes.set_facecolor(VEIL)
    if survey.has("neighbours"):
        paths = [outline_path(one) for one in survey.frame("neighbours").geometry]
        axes.add_collection(PathCollection(paths, fc="#efece5", ec="#b4aea3", lw=0.8, zorder=1))
    if survey.has("streams"):
        streams = county_streams(survey)
        widths = [min(0.2 + 0.15 * order, 1.2) if order <= _RIVER else 3.2 for order in streams["order"]]
        paths = [outline_path(one) for one in streams.geometry]
        axes.add_collection(PathCollection(paths, fc="none", ec=WATER, lw=widths, zorder=4))
    whole = survey.outline.union_all()
    if len(survey.townships):
        shared = shapely.line_merge(shapely.union_all(survey.townships.boundary.to_numpy()))
        inner = shapely.difference(shared, shapely.buffer(whole.boundary, 1.0))
        style = {"fc": "none", "ec": "#4a4a4a", "lw": 0.6, "ls": (0, (6, 3))}
        axes.add_artist(PathPatch(outline_path(inner), zorder=5, **style))
    county = outline_path(whole)
    axes.add_artist(PathPatch(county, fc="none", ec="white", lw=3.6, alpha=0.7, zorder=5.4))
    axes.add_artist(PathPatch(county, fc="none", ec=INK, lw=1.7, zorder=5.5))


def draw_names(page: Page, frame: Frame, survey: Survey, *, subject: Subject) -> None:
    """Write names of zones, townships, neighbours and villages, as many as find room.

    Parameters
    ----------
    page : Page
        To write on.
    frame : Frame
        Where the map is.
    survey : Survey
        Who is there.
    subject : Subject
        Its named areas come first.

    Examples
    --------
    >>> draw_names.__name__
    'draw_names'
    """
    labels: list[Label] = []
    if subject.named and subject.shapes is not None:
        labels += _zones(page, frame, subject.shapes)
    labels += _areas(page, frame, survey.townships, size=BODY, kind="town")
    if survey.has("neighbours"):
        outside = survey.frame("neighbours")
        seen = outside.clip_by_rect(*frame.extent).difference(survey.outline.union_all())
        outside = outside.set_geometry(seen)[~seen.is_empty]
        labels += _areas(page, frame, outside, size=BODY, kind="neighbour")
    if not subject.named:
        labels += _villages(page, frame, survey)
    left, bottom, right, top = frame.box
    placed = place_labels(labels, frame=(left + 1.5, bottom + 1.5, right - 1.5, top - 1.5))
    for one in placed:
        colour = {"neighbour": MUTED, "village": "#3d4852"}.get(one.label.kind, INK)
        page.write(
            one.x, one.y, one.label.text, size=one.label.size, color=colour, ha="center",
            va="center_baseline", halo=one.label.kind != "neighbour",
        )  # fmt: skip
    seats = [one.label for one in placed if one.label.beside and subject.points is None]
    page.axes.plot([one.x for one in seats], [one.y for one in seats], "o", ms=1.6, mfc=INK, mec="white", mew=0.3)


def _areas(page: Page, frame: Frame, areas: gpd.GeoDataFrame, *, size: float, kind: str) -> list[Label]:
    points = areas.representative_point()
    x, y = frame.on_page(points.x.to_numpy(), points.y.to_numpy())
    order = np.argsort(-areas.area.to_numpy(), kind="stable")
    names = _names(page, areas)
    return [Label(text=names[n], x=x[n], y=y[n], size=size, kind=kind) for n in order if names[n]]


def _zones(page: Page, frame: Frame, zones: gpd.GeoDataFrame) -> list[Label]:
    """A zone bears its name where it has room for it, else its number."""
    labels = _areas(page, frame, zones.assign(name=zones.index, name_en=zones.index), size=BODY, kind="zone")
    room = dict(zip(zones.index, zip(_names(page, zones), zones.geometry, strict=True), strict=True))
    named = []
    for one in labels:
        name, area = room[one.text]
        wide, high = text_width(name, size=BODY * MM_PER_POINT), BODY * MM_PER_POINT
        east, north = frame.on_map(one.x, one.y)
        half, up = wide * frame.scale / 2000, high * frame.scale / 2000
        fits = area.contains(shapely.box(east - half, north - up, east + half, north + up))
        named.append(replace(one, text=name) if fits else one)
    return named


def _villages(page: Page, frame: Frame, survey: Survey) -> list[Label]:
    if survey.has("villages"):
        seats = survey.frame("villages")
    elif survey.county.units != "grid30s":
        seats = survey.units
    elif survey.has("places"):  # survey cells have numbers, no names
        seats = survey.frame("places")
        seats = seats[seats.within(survey.outline.union_all())]
    else:
        return []
    people = seats["people"].fillna(0).to_numpy() if "people" in seats else np.zeros(len(seats))
    points = seats.representative_point()
    x, y = frame.on_page(points.x.to_numpy(), points.y.to_numpy())
    order = np.argsort(-people, kind="stable")[:_VILLAGES]
    names = _names(page, seats)
    return [
        Label(text=_short(names[n]), x=x[n], y=y[n], size=SMALL, beside=True, kind="village") for n in order if names[n]
    ]


def _short(name: str) -> str:
    for ending in ("村民委员会", "村委会", "社区居民委员会", "居民委员会", "社区居委会"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending) + ("村" if ending.startswith("村") else "社区")
    return name


def _names(page: Page, frame: gpd.GeoDataFrame) -> list[str]:
    zh = frame["name"].fillna("").astype(str) if "name" in frame else None
    en = frame["name_en"].fillna("").astype(str) if "name_en" in frame else None
    chosen = en if page.language == "en" and en is not None else zh
    return [""] * len(frame) if chosen is None else chosen.tolist()


def _nearest(array: xr.DataArray, frame: Frame, pixels: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of the cell under each pixel; -1 beyond the grid."""
    down, across = _positions(array, frame, pixels)
    found = []
    for place, size in ((down, array.sizes["y"]), (across, array.sizes["x"])):
        index = np.floor(place).astype(np.intp)
        found.append(np.where((index >= 0) & (index < size), index, -1))
    return found[0], found[1]


def _positions(
    array: xr.DataArray, frame: Frame, pixels: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    affine = array.odc.geobox.affine
    west, south, east, north = frame.extent
    x = west + (np.arange(pixels[0]) + 0.5) * (east - west) / pixels[0]
    y = north - (np.arange(pixels[1]) + 0.5) * (north - south) / pixels[1]
    return (y - affine.f) / affine.e, (x - affine.c) / affine.a


def _sampled(
    values: NDArray[np.float32], array: xr.DataArray, frame: Frame, pixels: tuple[int, int]
) -> NDArray[np.float32]:
    """Values between cell centres, linear along rows, then along columns."""
    for axis, place in enumerate(_positions(array, frame, pixels)):
        size = values.shape[axis]
        at = np.clip(place - 0.5, 0, size - 1)
        low = np.minimum(np.floor(at).astype(np.intp), max(size - 2, 0))
        part = (at - low).astype(np.float32)
        part = part[:, None] if axis == 0 else part
        first, second = values.take(low, axis), values.take(np.minimum(low + 1, size - 1), axis)
        mixed = first * (1 - part) + second * part
        values = np.where(np.isnan(mixed), np.where(np.isnan(first), second, first), mixed)
    return values


def _rgb(colour: str) -> tuple[float, float, float]:
    digits = colour.removeprefix("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    return int(digits[:2], 16) / 255, int(digits[2:4], 16) / 255, int(digits[4:6], 16) / 255
