"""The only place that writes: editions, the county database, rasters, tables, the cache."""

from riskmap.writers.edition import EditionPaths, begin, edition_lock, recover, swap
from riskmap.writers.geopackage import GeoTable, write_geopackage
from riskmap.writers.mended import write_mended_copy, write_mended_sheet
from riskmap.writers.raster import write_cog
from riskmap.writers.raster_blocks import write_class_blocks
from riskmap.writers.store import write_bytes, write_store
from riskmap.writers.survey_files import (
    write_delivered_csv,
    write_delivered_gdb,
    write_delivered_gpkg,
    write_delivered_raster,
    write_delivered_shapefile,
    write_delivered_sheet,
    write_delivered_text,
)
from riskmap.writers.table import neutral, save_workbook, write_csv, write_json
from riskmap.writers.template import Column, write_template
from riskmap.writers.workbook import Sheet, write_workbook

__all__ = [
    "Column",
    "EditionPaths",
    "GeoTable",
    "Sheet",
    "begin",
    "edition_lock",
    "neutral",
    "recover",
    "save_workbook",
    "swap",
    "write_bytes",
    "write_class_blocks",
    "write_cog",
    "write_csv",
    "write_delivered_csv",
    "write_delivered_gdb",
    "write_delivered_gpkg",
    "write_delivered_raster",
    "write_delivered_shapefile",
    "write_delivered_sheet",
    "write_delivered_text",
    "write_geopackage",
    "write_json",
    "write_mended_copy",
    "write_mended_sheet",
    "write_store",
    "write_template",
    "write_workbook",
]
