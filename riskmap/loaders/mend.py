"""What a delivered layer would be if it were written as it was read: the values to change, one by one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from riskmap.loaders.codes import full_code
from riskmap.loaders.place import from_columns, with_order
from riskmap.loaders.records import Records, Where, deliver, read_records
from riskmap.loaders.refusal import shown
from riskmap.loaders.shapes import right_shapes
from riskmap.loaders.system import with_crs
from riskmap.loaders.units_of_measure import factor
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Field, Finding, LayerSpec

__all__ = ["Change", "Mended", "mend_layer"]

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that is written otherwise.

    Parameters
    ----------
    row : int, optional
        As in `Finding`; None for the whole layer.
    key : str
        The record's key.
    header : str
        Column of the file; ``""`` for the shape.
    field : str
        What it is, in Chinese.
    old, new : object
        As delivered, and as it is read.
    rule : str
        Rule of the check that told it, or ``plain-form``.
    """

    row: int | None
    header: str
    field: str
    old: object
    new: object
    rule: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mended:
    """A layer as it would be delivered without the faults that riskmap reads right.

    Parameters
    ----------
    spec : LayerSpec
        The layer.
    entry : LayerEntry
        As in ``county.toml``.
    frame : DataFrame or GeoDataFrame
        All records and columns of the file under their own headers; index is the row as a person counts it.
    changes : tuple of Change
        What differs from the file.
    columns : mapping of str to str
        Field = header.
    part : str
        Sheet or layer of the file.
    crs : str
        Code of the coordinate system, where the file cannot state it itself.
    """

    spec: LayerSpec
    entry: LayerEntry
    frame: Any
    changes: tuple[Change, ...]
    columns: Mapping[str, str]
    part: str = ""
    crs: str = ""


def mend_layer(
    entry: LayerEntry, spec: LayerSpec, *, where: Where, also: Sequence[str] = (), placed: bool = True
) -> Mended:
    """Find every value of a layer that riskmap reads otherwise than it is written, and write it so.

    Only what can be read without doubt is changed: numbers with commas, units or full-width digits, dates, codes that
    became decimals, old codes that ``[codes]`` joins, words of a list under other names, swapped coordinates, broken
    shapes, garbled texts, a missing or wrong coordinate system. Values that are wrong stay as they are: they are for
    whoever delivered them. No record is added or taken away.

    Parameters
    ----------
    entry, spec, where, also, placed
        As in `read_layer`.

    Returns
    -------
    Mended

    Raises
    ------
    LayerError
        As in `read_records`.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from riskmap.standards import layer_spec
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "y.csv").write_text('乡镇代码,GDP(万元)\\n140930100,"1,500"\\n', encoding="utf-8")
    ...     got = mend_layer(LayerEntry(path="y.csv"), layer_spec("yearbook"), where=Where(folder=Path(folder)))
    >>> [(one.row, one.header, one.old, one.new) for one in got.changes]
    [(2, 'GDP(万元)', '1,500', 1500)]
    """
    where = replace(where, crs=None)
    records = read_records(entry, spec, where=where, also=also, placed=placed)
    frame = records.raw.frame
    if entry.only or entry.every:
        frame = deliver(where.folder / entry.path, spec, entry).frame
    changes = [*_garbled(records, where, entry), *_cells(records, spec), *_of_file(records)]
    crs = ""
    if isinstance(frame, gpd.GeoDataFrame):
        frame, more = _shapes(frame, spec, (entry, where, also), records)
        changes += more
    elif isinstance(records.frame, gpd.GeoDataFrame) and records.frame.crs is not None and not entry.shift:
        changes += _places(records)
        code = records.frame.crs.to_epsg()
        crs = f"EPSG:{code}" if code else records.frame.crs.to_wkt()
    keys = records.frame.get(spec.key, {})
    changes = [replace(one, key=str(keys.get(one.row, ""))) for one in changes]
    found = dict(records.columns.found)
    part = records.raw.part
    return Mended(
        spec=spec,
        entry=entry,
        frame=_written(frame, changes),
        changes=tuple(changes),
        columns=found,
        part=part,
        crs=crs,
    )


def _written(frame: Any, changes: Sequence[Change]) -> Any:
    new: dict[str, dict[int, object]] = {}
    for one in changes:
        if one.row is not None and one.header and one.rule != "garbled-text":
            new.setdefault(one.header, {})[one.row] = one.new
    for header, cells in new.items():
        column = frame[header].astype(object)
        column.loc[list(cells)] = pd.Series(cells, dtype=object)
        whole = (
            pd.to_numeric(column, errors="coerce") if all(isinstance(v, int | float) for v in cells.values()) else None
        )
        typed = column if whole is None or (whole.isna() & column.notna()).any() else whole
        frame = frame.assign(**{header: typed})
    return frame


def _cells(records: Records, spec: LayerSpec) -> Iterator[Change]:
    told = {(one.field, one.row): one.rule for one in records.findings if one.mended}
    for field in spec.fields:
        header = records.columns.found.get(field.name)
        if header is None:
            continue
        times = factor(records.columns.units.get(field.name, ""), field.unit) or 1.0
        cells, values = records.raw.frame[header], records.frame[field.name]
        for row, new in _otherwise(cells, values, field, times):
            rule = told.get((field.title.zh, row)) or _of_column(told, field) or "plain-form"
            yield Change(row=row, header=header, field=field.title.zh, old=cells[row], new=new, rule=rule)


def _of_column(told: Mapping[tuple[str, int | None], str], field: Field) -> str | None:
    """Rule that was told once for the whole column."""
    return next((rule for (title, _), rule in told.items() if title == field.title.zh), None)


def _otherwise(cells: pd.Series, values: pd.Series, field: Field, times: float) -> Iterator[tuple[int, object]]:
    """Rows of a column that are read otherwise than they are written, each with what was read."""
    plain = field.dtype == "yesno" or (field.dtype == "text" and not field.codes)
    if plain or (field.dtype in {"number", "integer", "date"} and cells.dtype != object and cells.dtype.kind in "fiuM"):
        return
    known = values.notna() & (values.astype(str) != "")
    for row, raw, value in zip(cells.index[known], cells[known], values[known], strict=True):
        new: object = None
        if field.dtype in {"number", "integer"}:
            new = _number(raw, float(value), times)
        elif field.dtype == "date":
            new = _date(raw, value)
        elif shown(raw, most=4000) != value and full_code(shown(raw)) != value:
            new = value
        if new is not None:
            yield int(row), new


def _number(raw: Any, value: float, times: float) -> float | int | None:
    if isinstance(raw, int | float | np.number) and not isinstance(raw, bool):
        return None
    text = str(raw).strip()
    if _NUMBER.fullmatch(text) and text.isascii() and np.isclose(float(text) * times, value, rtol=1e-9, atol=0):
        return None
    new = float(f"{value / times:.12g}")
    return int(new) if new.is_integer() else new


def _date(raw: Any, value: Any) -> str | None:
    """Day in full; months and years alone stay, for they name no day."""
    text = shown(raw) if isinstance(raw, str | int | float | np.number) else ""
    groups = re.findall(r"\d+", text)
    named = _SERIAL.fullmatch(text) or len(groups) >= 3 or (len(groups) == 1 and len(groups[0]) >= 8)
    return None if not named or _ISO.fullmatch(text) else f"{value:%Y-%m-%d}"


def _of_file(records: Records) -> Iterator[Change]:
    """What is wrong with the file as a whole and right in the copy."""
    for one in records.findings:
        if one.rule == "wrong-cpg" and one.mended:
            yield Change(row=None, header="", field="编码", old=one.message.zh, new="UTF-8", rule=one.rule)


def _garbled(records: Records, where: Where, entry: LayerEntry) -> Iterator[Change]:
    """Texts that were stored garbled, record by record where the file can be read as it is stored."""
    told = [one for one in records.findings if one.rule == "garbled-text"]
    path = where.folder / entry.path
    if not told or path.suffix.lower() in {".zip", ".xlsx", ".xlsm", ".csv", ".txt"} or entry.only:
        yield from (_whole(one) for one in told)
        return
    codec = records.raw.encoding.split()[0] if records.raw.encoding else None
    stored = pyogrio.read_dataframe(
        path, layer=records.raw.part or None, encoding=codec, read_geometry=False, use_arrow=True
    )
    frame = records.raw.frame
    names = [one for one in frame.columns if not isinstance(frame[one].dtype, gpd.array.GeometryDtype)]
    for old, name in zip(stored.columns, names, strict=True):
        if str(old) != str(name):
            yield Change(row=None, header=str(name), field=str(name), old=str(old), new=str(name), rule="garbled-text")
        before = stored[old].to_numpy(object)
        for row, was, now in zip(frame.index, before, frame[name].to_numpy(object), strict=True):
            if isinstance(was, str) and was != now:
                yield Change(row=int(row), header=str(name), field=str(name), old=was, new=now, rule="garbled-text")


def _whole(one: Finding) -> Change:
    return Change(row=None, header=one.field, field=one.field, old=one.value, new=one.message.zh, rule=one.rule)


def _places(records: Records) -> Iterator[Change]:
    """Coordinates of a table that were swapped, or are of other axes than the columns say."""
    points: Any = records.frame.geometry
    first, _ = from_columns(records.raw.frame, records.columns.found, layer="")
    told = {one.row: one.rule for one in records.findings if one.rule == "swapped-coordinates"}
    for name, read, was in (
        ("lon", shapely.get_x(points.to_numpy()), shapely.get_x(first.geometry.to_numpy())),
        ("lat", shapely.get_y(points.to_numpy()), shapely.get_y(first.geometry.to_numpy())),
    ):
        header, title = records.columns.found[name], {"lon": "经度", "lat": "纬度"}[name]
        cells = records.raw.frame[header]
        for n in np.flatnonzero(np.isfinite(read) & np.isfinite(was) & (read != was)):
            row = int(points.index[n])
            rule = told.get(row, "wrong-crs")
            yield Change(row=row, header=header, field=title, old=cells[row], new=float(read[n]), rule=rule)


def _shapes(
    frame: Any, spec: LayerSpec, how: tuple[LayerEntry, Where, Sequence[str]], records: Records
) -> tuple[Any, list[Change]]:
    entry, where, also = how
    placed, told = with_crs(frame, layer=spec.name, declared=entry.crs, near=where.near)
    changes = [
        Change(row=None, header="", field="坐标系", old="" if frame.crs is None else frame.crs.name, new=placed.crs.name, rule=one.rule)
        for one in told if one.mended
    ]  # fmt: skip
    ordered, swapped = with_order(placed, layer=spec.name, near=where.near)
    changes += [
        Change(row=one.row, header="", field="位置", old=one.value, new=_spot(ordered, one.row), rule=one.rule)
        for one in swapped
    ]
    broken = [one for one in records.findings if one.rule == "broken-shape" and one.row in ordered.index]
    if broken:
        rows = list(dict.fromkeys(one.row for one in broken))
        mended, _ = right_shapes(ordered.loc[rows], spec, also=also)
        shapes = ordered.geometry.copy()
        shapes.loc[rows] = mended.geometry
        ordered = ordered.set_geometry(shapes)
        changes += [
            Change(row=one.row, header="", field="图形", old=one.value, new="有效图形 valid shape", rule=one.rule)
            for one in broken
        ]
    return ordered, changes


def _spot(frame: Any, row: int | None) -> str:
    point = frame.geometry[row]
    return f"{point.x:.8g}, {point.y:.8g}"
