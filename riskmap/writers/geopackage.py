"""The embedded county risk database: one GeoPackage with every vector result, its headers and its styles."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from riskmap.model.text import Text

__all__ = ["GeoTable", "write_geopackage"]

_STYLES = """CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
_COLUMNS = """CREATE TABLE IF NOT EXISTS gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name))"""
_SCHEMA = "http://www.geopackage.org/spec121/#extension_schema"
_EXTENSIONS = """CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GeoTable:
    """One table of the database.

    Parameters
    ----------
    name : str
        Table name.
    title : Text
        Shown in a layer list.
    frame : DataFrame or GeoDataFrame
        Its rows; a named index becomes the first column.
    headers : mapping of str to Text
        Header of each column.
    styles : mapping of str to str
        Name of a style to its QML text; the first is the default, the others can be chosen.
    theme : Text, optional
        The group in which it stands; leads the identifier of the table.
    """

    name: str
    title: Text
    frame: pd.DataFrame
    headers: Mapping[str, Text] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)
    theme: Text | None = None


def write_geopackage(path: Path, tables: Sequence[GeoTable], *, date: str, note: str = "") -> None:
    """Write the tables into one GeoPackage with aliases and styles that QGIS applies by itself.

    Parameters
    ----------
    path : pathlib.Path
        ``*.gpkg`` to write.
    tables : sequence of GeoTable
        In the order in which they are listed.
    date : str
        Date of the edition (ISO); the only time stamp in the file.
    note : str
        Put into every table's description (模拟数据 / synthetic survey).

    Raises
    ------
    OSError
        The file cannot be written.

    Examples
    --------
    >>> import shapely, tempfile
    >>> frame = gpd.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs="EPSG:4546")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = Path(folder, "t.gpkg")
    ...     write_geopackage(target, [GeoTable(name="t", title=Text("表", "Table"), frame=frame)], date="2026-01-01")
    ...     pyogrio.list_layers(target)[:, 0].tolist()
    ['t', 'layer_styles']
    """
    stamp = f"{date}T00:00:00.000Z"
    for table in tables:
        frame = table.frame.reset_index() if table.frame.index.name else table.frame
        what = {"layer": table.name, "driver": "GPKG", "use_arrow": True}
        options = {
            "IDENTIFIER": _identifier(table),
            "DESCRIPTION": "  ".join(str(one) for one in (table.theme, note) if one),
        }
        if isinstance(frame, gpd.GeoDataFrame):
            dots = len(frame) > 0 and bool((frame.geom_type == "Point").all())
            spatial = {"layer_options": {**options, "GEOMETRY_NAME": "geom"}, "promote_to_multi": not dots}
            frame.to_file(path, engine="pyogrio", dataset_options={"VERSION": "1.2"}, **what, **spatial)
        else:
            pyogrio.write_dataframe(frame, path, dataset_options={"VERSION": "1.2"}, layer_options=options, **what)
    with closing(sqlite3.connect(path)) as base, base:
        _annotate(base, tables, stamp)
        base.execute("UPDATE gpkg_contents SET last_change = ?", (stamp,))
    with closing(sqlite3.connect(path)) as base:
        base.execute("VACUUM")
    _forget_changes(path)


def _identifier(table: GeoTable) -> str:
    """What layer lists show: the theme, then the title, in Chinese and in English."""
    title, theme = table.title, table.theme
    return str(Text(f"{theme.zh}·{title.zh}", f"{theme.en}: {title.en}") if theme else title)


def _forget_changes(path: Path) -> None:
    """Set the two counters of changes in the header to 1, so that the same rows are the same bytes.

    SQLite counts transactions, and how many GDAL made depends on its buffers; the counters need only be equal.
    """
    with path.open("rb+") as file:
        for place in (24, 92):
            file.seek(place)
            file.write((1).to_bytes(4, "big"))


def _annotate(base: sqlite3.Connection, tables: Sequence[GeoTable], stamp: str) -> None:
    for statement in (_STYLES, _COLUMNS, _EXTENSIONS):
        base.execute(statement)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) VALUES (?, 'attributes', ?, ?)",
        ("layer_styles", "layer_styles", stamp),
    )
    base.executemany(
        "INSERT OR IGNORE INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')",
        [("gpkg_data_columns", _SCHEMA), ("gpkg_data_column_constraints", _SCHEMA)],
    )
    base.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (constraint_name TEXT NOT NULL, "
        "constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, "
        "max_is_inclusive BOOLEAN, description TEXT, "
        "CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"
    )
    for table in tables:
        base.executemany(
            "INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, title, description)"
            " VALUES (?, ?, ?, ?)",
            [(table.name, column, str(text), text.en) for column, text in table.headers.items()],
        )
        column = "geom" if isinstance(table.frame, gpd.GeoDataFrame) else ""
        base.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, useAsDefault, description, owner, update_time) VALUES ('', '', ?, ?, ?, ?, ?, '', '', ?)",
            [(table.name, column, name[:30], qml, not n, stamp) for n, (name, qml) in enumerate(table.styles.items())],
        )
