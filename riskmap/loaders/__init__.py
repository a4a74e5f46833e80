"""Disk -> checked layer: the only room that reads delivered files.

`read_county` reads the settings, `load_survey` all layers of a county, `read_layer` and `read_raster` one of them,
`read_given` a finished product of another department. What is wrong comes back as findings, with row, field, value
and cure; a file that cannot be used at all raises a `LayerError` that says the same.
"""

from riskmap.loaders.county import read_county
from riskmap.loaders.files import file_hash, read_json, read_text
from riskmap.loaders.first_settings import county_template
from riskmap.loaders.footprint import read_footprint
from riskmap.loaders.given import classed_polygons, read_given
from riskmap.loaders.layer import Where, read_layer
from riskmap.loaders.raster import read_raster, read_window
from riskmap.loaders.refusal import Refusal
from riskmap.loaders.scout import Found, describe_folder, suggest_columns
from riskmap.loaders.store import read_store
from riskmap.loaders.survey import load_survey
from riskmap.loaders.table import read_table
from riskmap.loaders.vector import read_vector

__all__ = [
    "Found",
    "Refusal",
    "Where",
    "classed_polygons",
    "county_template",
    "describe_folder",
    "file_hash",
    "load_survey",
    "read_county",
    "read_footprint",
    "read_given",
    "read_json",
    "read_layer",
    "read_raster",
    "read_store",
    "read_table",
    "read_text",
    "read_vector",
    "read_window",
    "suggest_columns",
]
