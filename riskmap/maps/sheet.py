"""Static A3 sheets: one subject a page, frame at the left, a column at the right."""

import logging
import warnings
from io import BytesIO
from typing import Literal

import geopandas as gpd
import matplotlib as mpl
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text as Written

from riskmap.errors import RiskmapError
from riskmap.maps.base import draw_lines, draw_names, draw_picture, draw_subject
from riskmap.maps.fonts import missing_glyphs
from riskmap.maps.frame import county_frame
from riskmap.maps.furniture import draw_column, draw_graticule
from riskmap.maps.legend import Subject
from riskmap.maps.page import Page
from riskmap.maps.render_child import SETTINGS, png
from riskmap.maps.style import INK
from riskmap.maps.subject import sheet_names, subject_of
from riskmap.model import Assessment

__all__ = ["drawn_sheet", "laid_out", "sheet", "sheet_names", "unwritable"]

log = logging.getLogger(__name__)

A3_MM = (420.0, 297.0)
_NEAT, _MAP, _COLUMN = (10.0, 10.0, 312.0, 287.0), (16.0, 16.0, 306.0, 281.0), (320.0, 10.0, 410.0, 287.0)


def sheet(
    assessment: Assessment,
    product: str,
    *,
    language: Literal["both", "zh", "en"] = "both",
    dpi: float = 150,
    fmt: Literal["png", "pdf"] = "png",
) -> bytes:
    """Draw one A3 sheet, landscape.

    Parameters
    ----------
    assessment : Assessment
        What a run found out.
    product : str
        One of `sheet_names`.
    language : {"both", "zh", "en"}
        ``both`` writes Chinese with small English beside.
    dpi : float
        Pixels per inch of a PNG, and of the picture inside a PDF.
    fmt : {"png", "pdf"}
        File format.

    Returns
    -------
    bytes
        The file; the same assessment gives the same bytes.

    Raises
    ------
    MissingLayerError
        There is no such sheet.
    RiskmapError
        A name holds characters that the font cannot write; they are named.

    Notes
    -----
    The scale printed is true on A3. Where data are unknown the map is hatched grey, never the lowest class.

    Examples
    --------
    >>> sheet.__kwdefaults__["fmt"]
    'png'
    """
    return drawn_sheet(assessment, subject_of(assessment, product), name=product, language=language, dpi=dpi, fmt=fmt)


def drawn_sheet(
    assessment: Assessment,
    subject: Subject,
    *,
    name: str,
    around: gpd.GeoDataFrame | None = None,
    language: Literal["both", "zh", "en"] = "both",
    dpi: float = 150,
    fmt: Literal["png", "pdf"] = "png",
) -> bytes:
    """Draw a subject of one's own as a sheet; otherwise as `sheet`.

    Parameters
    ----------
    assessment : Assessment
        Its survey gives the base and the fine print.
    subject : Subject
        What the sheet shows.
    name : str
        For messages.
    around : GeoDataFrame, optional
        What the map shows whole; the county unless given.
    language, dpi, fmt
        As in `sheet`.

    Returns
    -------
    bytes

    Examples
    --------
    >>> drawn_sheet.__kwdefaults__["dpi"]
    150
    """
    return _rendered(laid_out(assessment, subject, name=name, around=around, language=language, dpi=dpi), name, fmt=fmt)


def laid_out(
    assessment: Assessment,
    subject: Subject,
    *,
    name: str,
    around: gpd.GeoDataFrame | None = None,
    language: Literal["both", "zh", "en"] = "both",
    dpi: float = 150,
) -> Figure:
    """Lay out a sheet without drawing it.

    Parameters
    ----------
    assessment, subject, name, around, language, dpi
        As in `drawn_sheet`.

    Returns
    -------
    Figure

    Raises
    ------
    RiskmapError
        A name holds characters that the font cannot write.

    Examples
    --------
    >>> laid_out.__kwdefaults__["language"]
    'both'
    """
    survey = assessment.survey
    if survey.county.maps.is_public and not survey.county.maps.map_approval_number:
        log.warning("%s: a public map without map_approval_number is marked for internal use", name)
    with mpl.rc_context(SETTINGS):
        page = Page.of_size(*A3_MM, dpi=dpi, language=language)
        frame = county_frame(survey, _MAP, margin_mm=8 if around is None else 40, around=around)
        axes = page.figure.add_axes(_share(_MAP), xticks=[], yticks=[])
        west, south, east, north = frame.extent
        axes.set(xlim=(west, east), ylim=(south, north))
        pixels = round((_MAP[2] - _MAP[0]) / 25.4 * dpi), round((_MAP[3] - _MAP[1]) / 25.4 * dpi)
        draw_picture(axes, frame, assessment, subject=subject, pixels=pixels)
        draw_subject(axes, subject)
        draw_lines(axes, survey)
        axes.set(xlim=(west, east), ylim=(south, north))
        draw_graticule(page, axes, frame, crs=survey.grid.crs)
        draw_names(page, frame, survey, subject=subject)
        _neat_lines(page)
        draw_column(page, frame, assessment, subject=subject, box=_COLUMN)
    missing = missing_glyphs("".join(one.get_text() for one in page.figure.findobj(Written)))
    if missing:
        raise unwritable(name, ", ".join(f"{one} (U+{ord(one):04X})" for one in missing))
    return page.figure


def _share(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return box[0] / A3_MM[0], box[1] / A3_MM[1], (box[2] - box[0]) / A3_MM[0], (box[3] - box[1]) / A3_MM[1]


def _neat_lines(page: Page) -> None:
    for (left, bottom, right, top), width in ((_NEAT, 1.4), (_MAP, 0.5)):
        page.axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, fc="none", ec=INK, lw=width))


def _rendered(figure: Figure, name: str, *, fmt: str) -> bytes:
    with mpl.rc_context(SETTINGS), warnings.catch_warnings(), BytesIO() as out:
        warnings.filterwarnings("error", message="Glyph .* missing")
        try:
            if fmt == "png":
                return png(figure)
            plain = {"CreationDate": None, "Creator": None, "Producer": None}
            FigureCanvasPdf(figure).print_pdf(out, metadata=plain)
        except UserWarning as fault:
            raise unwritable(name, str(fault)) from fault
        return out.getvalue()


def unwritable(product: str, missing: str) -> RiskmapError:
    """Say what the font cannot write, and the cure.

    Examples
    --------
    >>> "RISKMAP_FONT" in str(unwritable("zones", "?"))
    True
    """
    return RiskmapError(
        f"sheet {product}: the font cannot write {missing}; correct the name in the source layer, "
        "or name a font that has it in RISKMAP_FONT"
    )
