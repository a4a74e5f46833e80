"""Mended copies of a county's deliveries beside its edition, with every changed value in a log."""

import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.errors import CountyFileError, LayerError
from riskmap.loaders import Where
from riskmap.loaders.codes import CodeJoin, read_codes
from riskmap.loaders.mend import Change, Mended, mend_layer
from riskmap.maps.quality_words import rule_title
from riskmap.maps.words import layer_title
from riskmap.model import County, Survey, Text
from riskmap.model.shown import frame_html
from riskmap.pipeline.steps import Progress, silent
from riskmap.pipeline.toml_text import toml_text
from riskmap.writers import (
    neutral,
    write_bytes,
    write_csv,
    write_delivered_gpkg,
    write_json,
    write_mended_copy,
    write_mended_sheet,
    write_workbook,
)

__all__ = ["Fixed", "clean_folder", "fix"]

_BOOKS = frozenset({".xlsx", ".xlsm"})
_TEXTS = frozenset({".csv", ".txt"})
_HEADS = "行号 Row,编号 Key,字段 Column,列名 Header,原值 Old,新值 New,规则 Rule".split(",")  # noqa: SIM905  read as one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What was mended.

    Parameters
    ----------
    folder : pathlib.Path
        Where the copies stand, with a ``county.toml`` that uses them.
    files : dict of str to str
        Layer to the name of its copy.
    changes : dict of str to tuple of Change
        Layer to the values that were changed.
    """

    folder: Path
    files: dict[str, str]
    changes: dict[str, tuple[Change, ...]]

    _repr_html_ = frame_html

    def to_frame(self) -> pd.DataFrame:
        """Values that were changed, a row each."""
        return pd.DataFrame(
            [{"layer": name, **asdict(one)} for name, changes in self.changes.items() for one in changes]
        )


def clean_folder(county: County) -> Path:
    """Where mended copies stand: beside the edition, under its name with ``-clean``.

    Examples
    --------
    >>> plain = {"folder": "/a", "name": {"zh": "县", "en": "C"}, "date": "2026-01-01", "output": "derived/hequ"}
    >>> clean_folder(County.model_validate(plain)).name
    'hequ-clean'
    """
    target = county.output_folder
    return target.with_name(f"{target.name}-clean")


def fix(survey: Survey, *, progress: Progress = silent) -> Fixed:
    """Write mended copies of the layers in which something was read otherwise than it is written.

    The delivered files are only read. Workbooks stay workbooks, text tables become CSV in UTF-8, vector layers become
    GeoPackages. ``county.toml`` beside the copies names them, and the delivered files of all other layers.

    Parameters
    ----------
    survey : Survey
        As checked.
    progress : callable
        ``(fraction, message)``.

    Returns
    -------
    Fixed

    Raises
    ------
    CountyFileError
        A delivered file lies in the folder of the copies: this county is such a copy itself.

    Examples
    --------
    >>> fix.__name__
    'fix'
    """
    county, folder = survey.county, clean_folder(survey.county)
    _keep_off(county, folder)
    names = [one for one in county.layers if one in survey.layers and survey.layers[one].spec.kind != "raster"]
    files: dict[str, str] = {}
    changes: dict[str, tuple[Change, ...]] = {}
    settings = _rebased(county, folder)
    for number, name in enumerate(names):
        progress(number / len(names), name)
        mended = _mended(survey, name)
        if mended is None or not mended.changes:
            continue
        mended = _neutralised(mended)
        files[name] = _write(mended, folder, county)
        changes[name] = mended.changes
        settings["layers"][name] |= _entry(mended, files[name])
    if files:
        _log(survey, folder, changes)
        write_bytes(folder / "county.toml", toml_text(settings).encode("utf-8"))
    return Fixed(folder=folder, files=files, changes=changes)


def _keep_off(county: County, folder: Path) -> None:
    inputs = [county.folder, *((county.folder / one.path).resolve() for one in county.layers.values())]
    if any(one == folder or one.is_relative_to(folder) for one in inputs):
        raise CountyFileError(
            Text(
                f"{folder}：本县正在读取其中的文件，它们已是改正后的副本",
                f"{folder}: holds files that this county reads, so they are mended copies already",
            )
        )


def _mended(survey: Survey, name: str) -> Mended | None:
    county, spec = survey.county, survey.layers[name].spec
    west, south, east, north = (float(one) for one in survey.outline.to_crs(4326).total_bounds)
    near = None if name in {"outline", "neighbours"} else (west, south, east, north)
    codes = CodeJoin() if county.codes is None else read_codes(county.codes, folder=county.folder)
    where = Where(folder=county.folder, near=near, codes=codes)
    also = {"townships": ("point",), "villages": ("polygon",)}.get(name, ())
    try:
        return mend_layer(county.layers[name], spec, where=where, also=also, placed=name != "townships")
    except LayerError:
        return None  # the check has told it


def _suffix(mended: Mended) -> str:
    if isinstance(mended.frame, gpd.GeoDataFrame):
        return ".gpkg"
    return ".csv" if Path(mended.entry.path).suffix.lower() in _TEXTS else ".xlsx"


def _neutralised(mended: Mended) -> Mended:
    """Texts of a text table that a spreadsheet program would take for formulas get an apostrophe, and are told."""
    if _suffix(mended) != ".csv":
        return mended
    more = [
        Change(row=int(row), header=str(header), field=str(header), old=one, new=neutral(one), rule="formula-like")
        for header in mended.frame
        for row, one in mended.frame[header].items()
        if isinstance(one, str) and str(neutral(one)).startswith("'") and neutral(one) != one
    ]
    return replace(mended, changes=(*mended.changes, *more))


def _write(mended: Mended, folder: Path, county: County) -> str:
    name = f"{mended.spec.name}{_suffix(mended)}"
    frame, target = mended.frame, folder / name
    cells = {(one.row, one.header): one.new for one in mended.changes if one.row is not None and one.header}
    if name.endswith(".gpkg"):
        note = "" if county.maps.data_note is None else str(county.maps.data_note.text)
        write_delivered_gpkg(target, {mended.spec.name: frame}, note=note)
    elif name.endswith(".csv"):
        target.parent.mkdir(parents=True, exist_ok=True)
        plain = frame.astype(object).where(frame.notna(), "")
        write_csv(target, [list(frame.columns), *plain.itertuples(index=False)])
    else:
        source = county.folder / mended.entry.path
        told = bool(cells) and source.suffix.lower() in _BOOKS
        if not told or not write_mended_copy(target, source, mended.part, cells=cells, day=county.date):
            write_mended_sheet(target, pd.DataFrame(frame), mended.part, cells=cells, day=county.date)
    return name


def _entry(mended: Mended, file: str) -> dict[str, Any]:
    """Keys of ``[layers.<name>]`` that the copy needs instead of the file's."""
    sheet = mended.part if file.endswith(".xlsx") else ""
    layer = mended.spec.name if file.endswith(".gpkg") else ""
    columns = {name: header for name, header in mended.columns.items() if name != header}
    return {
        "path": file, "sheet": sheet or None, "layer": layer or None, "encoding": None, "crs": mended.crs or None,
        "columns": columns or None,
    }  # fmt: skip


def _rebased(county: County, folder: Path) -> dict[str, Any]:
    """Settings of the county as they read from the folder of the copies."""
    settings = county.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    for table in (*settings.get("layers", {}).values(), *settings.get("given", {}).values(), settings.get("codes", {})):
        if "path" in table:
            table["path"] = _from(folder, county.folder / table["path"])
    for table in (*settings.get("hazards", {}).values(), settings.get("scoring", {})):
        own = county.folder / str(table.get("profile", ""))
        if table.get("profile") and own.is_file():
            table["profile"] = _from(folder, own)
    outside = [_from(folder, county.folder / one) for one in (".", *county.outside)]
    return {**settings, "output": _from(folder, county.output_folder), "outside": outside}


def _from(folder: Path, path: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder)).as_posix()
    except ValueError:  # another drive
        return path.resolve().as_posix()


def _log(survey: Survey, folder: Path, changes: dict[str, tuple[Change, ...]]) -> None:
    told = {name: list(_told(survey, name, some)) for name, some in changes.items()}
    plain = ("row", "key", "field", "header", "old", "new", "rule")
    listed = {name: [dict(zip(plain, row, strict=True)) for row in rows] for name, rows in told.items()}
    sources = {name: survey.county.layers[name].path for name in changes}
    write_json(folder / "changes.json", {"sources": sources, "changes": listed})
    sheets = {
        layer_title(name).zh: pd.DataFrame([(*row[:6], rule_title(str(row[6])).zh) for row in rows], columns=_HEADS)
        for name, rows in told.items()
    }
    notes = [
        str(survey.county.title),
        "各图层按读取结果改写的值；原始文件没有改动。无行号的是整个图层的改动。",
        "Values written as they are read; the delivered files are untouched. Without a row: of the whole layer.",
    ]
    write_workbook(folder / "changes.xlsx", sheets, date=survey.county.date, notes=notes)


def _told(survey: Survey, name: str, changes: tuple[Change, ...]) -> Iterator[tuple[object, ...]]:
    hidden = {one.title.zh for one in survey.layers[name].spec.fields if one.personal}
    for one in changes:
        masked = one.field in hidden or one.header in hidden
        old, new = ("***", "***") if masked else (_plain(one.old), _plain(one.new))
        yield one.row, one.key, one.field, one.header, old, new, one.rule


def _plain(value: object) -> object:
    value = value.item() if hasattr(value, "item") else value
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
