"""Everything around the map: frame, graticule, title, legend, scale, north, and the fine print."""

from typing import Any, Literal

import numpy as np
from matplotlib.patches import Polygon, Rectangle
from pyproj import CRS, Transformer

from riskmap.maps.fonts import text_width, wrapped
from riskmap.maps.frame import Frame
from riskmap.maps.imprint import approval, imprint, left_out_text
from riskmap.maps.labels import MM_PER_POINT
from riskmap.maps.page import BODY, HEAD, SMALL, Page
from riskmap.maps.style import INK, MUTED, TINT, WATER
from riskmap.maps.subject import LegendLine, Subject
from riskmap.model import Assessment, Survey, Text

__all__ = ["draw_column", "draw_graticule", "scale_steps"]

_STEPS_DEG = (1 / 60, 2 / 60, 5 / 60, 10 / 60, 15 / 60, 0.5, 1.0, 2.0)
_NOTE = "#b03a2e"
_MARKERS = {"shelter": ("^", 7.0), "site": ("s", 5.4)}  # as they stand on the map
_GAP_MM, _HEAD_MM = 3.2, 4.2  # above the head of a note, and down to its first line
_PHRASE_ENDS = ("。", "；", "、", "，", "; ", ", ", ". ")
_REST = Text("（全文见报告）", "(in full in the report)")
_SHORT = 60  # longer English is left to the English sheet


def scale_steps(scale: float, *, room_mm: float = 60) -> tuple[float, float]:
    """Length of one step of the scale bar, and its length on paper.

    Parameters
    ----------
    scale : float
        Denominator.
    room_mm : float
        The bar has four steps and fits into this.

    Returns
    -------
    tuple of float
        Metres, and mm on the page.

    Examples
    --------
    >>> scale_steps(250_000)
    (2500.0, 10.0)
    """
    longest = room_mm / 4 * scale / 1000
    power = 10.0 ** np.floor(np.log10(longest))
    step = float(max(one * power for one in (1, 2, 2.5, 5) if one * power <= longest))
    return step, step / scale * 1000


def draw_graticule(page: Page, axes: Any, frame: Frame, *, crs: Any) -> None:
    """Draw faint meridians and parallels, with degrees around the frame.

    Parameters
    ----------
    page : Page
        For the labels, in a strip of 6 mm around the map.
    axes : matplotlib.axes.Axes
        The map, in metres.
    frame : Frame
        What it shows.
    crs : pyproj.CRS or str
        Of the map.

    Examples
    --------
    >>> draw_graticule.__name__
    'draw_graticule'
    """
    crs = CRS.from_user_input(crs)
    there = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    west, south, east, north = frame.extent
    lon0, lat0, lon1, lat1 = there.transform_bounds(west, south, east, north)
    step = next((s for s in _STEPS_DEG if (lat1 - lat0) / s <= 6), _STEPS_DEG[-1])
    left, bottom, right, top = frame.box
    for lon in _round_degrees(lon0, lon1, step):
        x, y = there.transform(np.full(30, lon), np.linspace(lat0, lat1, 30), direction="INVERSE")
        axes.plot(x, y, color=INK, lw=0.3, alpha=0.28, zorder=5.2)
        for edge, place in ((south, bottom - 3.6), (north, top + 1.7)):
            at = frame.on_page(np.interp(edge, y, x), 0)[0]
            if left + 8 < at < right - 8:
                page.write(at, place, _degrees(lon, "EW"), size=SMALL, color=MUTED, ha="center")
    for lat in _round_degrees(lat0, lat1, step):
        x, y = there.transform(np.linspace(lon0, lon1, 30), np.full(30, lat), direction="INVERSE")
        axes.plot(x, y, color=INK, lw=0.3, alpha=0.28, zorder=5.2)
        for edge, place in ((west, left - 2.6), (east, right + 2.6)):
            at = frame.on_page(0, np.interp(edge, x, y))[1]
            if bottom + 8 < at < top - 8:
                page.write(place, at, _degrees(lat, "NS"), size=SMALL, color=MUTED, rotation=90,
                           ha="center", va="center", rotation_mode="default")  # fmt: skip


def _round_degrees(low: float, high: float, step: float) -> np.ndarray:
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def _degrees(value: float, letters: str) -> str:
    minutes = round(abs(value) * 60)
    letter = letters[0] if value >= 0 else letters[1]
    return f"{minutes // 60}°{minutes % 60:02d}′{letter}"


def draw_column(page: Page, frame: Frame, assessment: Assessment, *, subject: Subject, box: tuple[float, ...]) -> None:
    """Draw the column at the right: title, legend and notes downwards, scale and fine print from the bottom.

    Parameters
    ----------
    page : Page
        To draw on.
    frame : Frame
        For the scale.
    assessment : Assessment
        For names, sources and what was left out.
    subject : Subject
        What the sheet is about.
    box : tuple of float
        Left, bottom, right, top in mm.

    Examples
    --------
    >>> draw_column.__name__
    'draw_column'
    """
    left, bottom, right, top = box
    survey = assessment.survey
    floor = _fine_print(page, survey, left, bottom, width=right - left)
    floor = _scale_and_north(page, frame, left, floor + 4, width=right - left)
    y = _title(page, survey, subject, (left, top), width=right - left)
    y = _legend(page, survey, subject, (left, y - 5), width=right - left)
    gone = left_out_text(assessment)
    _notes(page, [*subject.notes, *gone], (left, y), floor=floor, width=right - left, own=len(subject.notes))


def _notes(
    page: Page, notes: list[tuple[Text, Text]], at: tuple[float, float], *, floor: float, width: float, own: int
) -> None:
    """Write notes downwards to `floor`; a cut one says so, and later ones are kept two lines each.

    The first `own` notes are of the sheet itself: the others stand only where none of them need be cut for it.
    """
    x, y = at
    whole = [page.lines(body, width=width) for _, body in notes]
    first = [[line for line in lines if line[1] == INK] for lines in whole]  # the second language is grey
    least = [min(len(one), 2) for one in first]
    used = len(notes)
    if _lines_between(y, floor, heads=used) < sum(map(len, first[:own])) + sum(least[own:]):
        used = own
    while used and _lines_between(y, floor, heads=used) < sum(least[:used]):
        used -= 1
    left = _lines_between(y, floor, heads=used)
    told: list[list[tuple[str, str]]] = []
    for n in range(used):
        room = left - sum(least[n + 1 : used])
        told.append(first[n] if len(first[n]) <= room else _cut(page, notes[n][1], room, width=width))
        left -= len(told[n])
    for n in range(used):
        more = len(whole[n]) - len(told[n])
        if told[n] == first[n] and more <= left:
            told[n], left = whole[n], left - more
    for (head, _), lines in zip(notes[:used], told, strict=True):
        page.pair(x, y - _GAP_MM - 3, head, size=SMALL + 1)
        y = page.block(x, y - _GAP_MM - _HEAD_MM, lines)


def _lines_between(y: float, floor: float, *, heads: int) -> int:
    return int((y - floor - 2 - heads * (_GAP_MM + _HEAD_MM)) / (SMALL * MM_PER_POINT * 1.4))


def _cut(page: Page, body: Text, room: int, *, width: float) -> list[tuple[str, str]]:
    """As much of a passage as there is room for, up to the end of a phrase, and where the rest stands."""
    language: Literal["zh", "en"] = "en" if page.language == "en" else "zh"
    lines = [
        (line, n == len(lines))
        for passage in body[language].split("\n")
        for lines in [wrapped(passage, size=SMALL * MM_PER_POINT, width=width)]
        for n, line in enumerate(lines, 1)
    ][: room - 1]
    kept = [line for line, _ in lines]
    if lines and not lines[-1][1]:
        at = max(kept[-1].rfind(mark) for mark in _PHRASE_ENDS)
        kept[-1] = f"{kept[-1][:at] if at > 0 else kept[-1]}…"
    return [*((line, INK) for line in kept), (_REST[language], MUTED)]


def _title(page: Page, survey: Survey, subject: Subject, at: tuple[float, float], *, width: float) -> float:
    x, y = at
    county = survey.county
    year = county.date[:4]
    named = county.maps.title.text if county.maps.title is not None else county.title
    rest = subject.title.zh.removeprefix(named.zh)
    english = f"{named.en}: {subject.title.en}, {year}"
    if page.language != "en":
        title, under = _in_lines(named.zh, rest, width)
        y = page.block(x, y, _one_colour(title, width, HEAD), size=HEAD)
        y = page.block(x, y - 0.5, [(f"{under}，{year}年" if under else f"{year}年", INK)], size=BODY)
    if page.language != "zh":
        size = BODY if page.language == "both" else HEAD
        colour = MUTED if page.language == "both" else INK
        y = page.block(x, y - 0.8, _one_colour(english, width, size, colour), size=size)
    note = county.maps.data_note
    if note is not None:
        y -= 2.2
        page.axes.add_patch(Rectangle((x, y - 6.4), width, 6.4, fc="#fbeeec", ec=_NOTE, lw=0.7))
        page.pair(x + 2.5, y - 4.4, note.text, size=BODY, colour=_NOTE)
        y -= 6.4
    return y


def _in_lines(county: str, title: str, width: float) -> tuple[str, str]:
    """A Chinese title, broken behind the county where it is long; what stands in its brackets goes to the line of the year."""

    def fits(text: str) -> bool:
        return text_width(text, size=HEAD * MM_PER_POINT) <= width

    if fits(county + title):
        return county + title, ""
    under = ""
    if not fits(title):
        title, _, under = title.partition("（")
    return f"{county}\n{title}", under.removesuffix("）")


def _legend(page: Page, survey: Survey, subject: Subject, at: tuple[float, float], *, width: float) -> float:
    x, y = at
    page.axes.plot([x, x + width], [y, y], color=INK, lw=0.6)
    y -= 5
    page.pair(x, y, Text("图例", "Legend"))
    places = [x + width * part for part in (0.67, 0.85, 1.0)]
    for place, head in zip(places, subject.heads, strict=True):
        page.write(place, y, head["en" if page.language == "en" else "zh"], size=SMALL, color=MUTED, ha="right")
    for row in subject.rows:
        y -= 7.4
        _swatch(page, row, x, y)
        _row_words(page, row, x + 10, y, room=places[0] - x - 22)
        for place, value in zip(places, row.figures, strict=False):
            page.write(place, y, value, size=BODY - 1, ha="right")
    y -= 3.4
    page.axes.plot([x, x + width], [y, y], color=MUTED, lw=0.3)
    return _base_legend(page, survey, x, y - 4.2, width=width)


def _row_words(page: Page, row: LegendLine, x: float, y: float, *, room: float) -> None:
    bounds = row.bounds["en" if page.language == "en" else "zh"]
    if page.language != "both" or (page.width(row.label) <= room or not any(row.figures)):
        page.pair(x, y + (1.2 if bounds else 0), row.label)
    else:
        page.write(x, y + 1.2, row.label.zh)
        bounds = f"{row.label.en} {bounds}".rstrip()
    page.write(x, y - 2.0, bounds, size=SMALL, color=MUTED)


def _base_legend(page: Page, survey: Survey, x: float, y: float, *, width: float) -> float:
    rows: list[tuple[Text, dict[str, Any]]] = [(Text("县界", "County"), {"color": INK, "lw": 1.7})]
    if len(survey.townships):
        style = {"color": "#4a4a4a", "lw": 0.5, "ls": (0, (6, 2.5))}
        rows.append((Text("乡镇界", "Township"), style))
    if survey.has("neighbours"):
        rows.append((Text("邻县界", "Neighbour"), {"color": "#b4aea3", "lw": 0.8}))
    if survey.has("streams"):
        rows.append((Text("河流", "Stream"), {"color": WATER, "lw": 0.8}))
    for n, (label, style) in enumerate(rows):
        at, down = x + (n % 2) * width / 2, y - (n // 2) * 4.6
        page.axes.plot([at, at + 7.5], [down + 0.9, down + 0.9], solid_capstyle="butt", **style)
        page.pair(at + 10, down, label, size=SMALL)
    return y - ((len(rows) + 1) // 2 - 1) * 4.6 - 2


def _swatch(page: Page, row: LegendLine, x: float, y: float) -> None:
    if row.mark in {"area", "unknown"}:
        alpha = TINT if row.mark == "area" else 1
        page.axes.add_patch(Rectangle((x, y - 1.4), 7.5, 4.6, fc=row.colour, alpha=alpha, lw=0))
        hatch = "//////" if row.mark == "unknown" else None
        page.axes.add_patch(Rectangle((x, y - 1.4), 7.5, 4.6, fc="none", ec="#a8a8a8", hatch=hatch, lw=0.4))
    elif row.mark == "line":
        page.axes.plot([x, x + 7.5], [y + 0.9, y + 0.9], color=row.colour, lw=1.0)
    else:
        marker, size = _MARKERS.get(row.mark, ("o", 4.0))
        page.axes.plot(x + 3.7, y + 0.9, marker, ms=size, mfc=row.colour, mec="white", mew=0.5)


def _scale_and_north(page: Page, frame: Frame, x: float, floor: float, *, width: float) -> float:
    """Draw upwards from `floor`; return the top edge."""
    step, long = scale_steps(frame.scale)
    unit, size = ("km", 1000.0) if step >= 1000 else ("m", 1.0)
    base = floor + 2
    for n in range(4):
        page.axes.add_patch(
            Rectangle((x + n * long, base), long, 1.4, fc=INK if n % 2 == 0 else "white", ec=INK, lw=0.5)
        )
    for n in (0, 1, 2, 4):
        page.write(x + n * long, base + 2.6, f"{n * step / size:g}", size=SMALL, ha="center" if n else "left")
    page.write(x + 4 * long + 2.5, base + 2.6, unit, size=SMALL)
    page.pair(x, base + 7, Text(f"比例尺 1:{frame.scale:,.0f}", f"Scale 1:{frame.scale:,.0f} on A3"))
    tip, middle = base + 13, x + width - 8
    for side, colour in ((-1, INK), (1, "white")):
        corners = [(middle, tip), (middle + side * 3.4, base + 1), (middle, base + 3.6)]
        page.axes.add_patch(Polygon(corners, closed=True, fc=colour, ec=INK, lw=0.6))
    page.write(middle, tip + 1, "北 N" if page.language == "both" else "N", size=SMALL + 1, ha="center")
    page.axes.plot([x, x + width], [tip + 6, tip + 6], color=MUTED, lw=0.3)
    return tip + 6


def _fine_print(page: Page, survey: Survey, x: float, bottom: float, *, width: float) -> float:
    """Write upwards from `bottom`; return the top edge."""
    lines = [line for fact in imprint(survey) for line in _told(page, fact, width)[:5]]
    high = len(lines) * SMALL * MM_PER_POINT * 1.4
    page.block(x, bottom + 7 + high, lines)
    page.pair(x, bottom + 1, approval(survey), size=BODY)
    return bottom + 7 + high


def _told(page: Page, fact: Text, width: float) -> list[tuple[str, str]]:
    text = fact["en" if page.language == "en" else "zh"]
    repeated = fact.zh.endswith(fact.en.rsplit(maxsplit=1)[-1])
    if page.language == "both" and len(fact.en) <= _SHORT and not repeated:
        text = f"{text}  {fact.en}"
    return _one_colour(text, width, SMALL)


def _one_colour(text: str, width: float, size: float, colour: str = INK) -> list[tuple[str, str]]:
    return [(line, colour) for line in wrapped(text, size=size * MM_PER_POINT, width=width)]
