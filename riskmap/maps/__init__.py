"""Finished results to bytes, text or figures: sheets, atlas, report. Computes no risk."""

from riskmap.maps.explore import explore
from riskmap.maps.fonts import font_families, font_path, missing_glyphs, woff_subset
from riskmap.maps.quality_page import quality_page
from riskmap.maps.rendering import Renderer
from riskmap.maps.report import report
from riskmap.maps.sheet import laid_out, sheet, sheet_names
from riskmap.maps.style import (
    LegendRow,
    class_image,
    class_range,
    contrast_colour,
    legend_rows,
    lightness,
)
from riskmap.maps.web import OfflineMap, atlas
from riskmap.maps.words import number, quantity, share

__all__ = [
    "LegendRow",
    "OfflineMap",
    "Renderer",
    "atlas",
    "class_image",
    "class_range",
    "contrast_colour",
    "explore",
    "font_families",
    "font_path",
    "laid_out",
    "legend_rows",
    "lightness",
    "missing_glyphs",
    "number",
    "quality_page",
    "quantity",
    "report",
    "share",
    "sheet",
    "sheet_names",
    "woff_subset",
]
