"""Cross-checks of the raw tables of `county.toml`: files, layers, units, standards, given products."""

import codecs
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pyproj import CRS
from pyproj.exceptions import CRSError

from riskmap.errors import RiskmapError, StandardError
from riskmap.loaders.county_words import nearest
from riskmap.loaders.inside import leads_out, roots_of
from riskmap.loaders.kinds import FOREIGN_SUFFIXES, export_step
from riskmap.loaders.units_of_measure import factor
from riskmap.model.county import Confirmation
from riskmap.model.layers import LayerSpec
from riskmap.spatial.crs import metric_crs
from riskmap.standards import book, confirmed, layer_specs

__all__ = ["FORMATS", "check_settings"]

_TABLES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".csv", ".txt")
_VECTORS = (
    ".shp", ".zip", ".gpkg", ".geojson", ".json", ".gdb", ".kml", ".kmz", ".fgb", ".parquet", ".geoparquet", ".dxf",
)  # fmt: skip
FORMATS: Mapping[str, tuple[str, ...]] = {
    "raster": (".tif", ".tiff", ".img", ".vrt", ".asc", ".nc", ".jp2", ".gpkg"),
    "table": (*_TABLES, ".dbf", ".gpkg", ".gdb", ".zip", ".parquet"),
    "polygon": _VECTORS,
    "line": _VECTORS,
    "point": (*_VECTORS, *_TABLES),
}
"""File suffixes that a kind of layer may be delivered in."""

_UNITS = ("villages", "townships", "grid30s")
_AREAL = ("townships", "villages", "outline")
_PLACES = ("lon", "lat")


def check_settings(raw: Mapping[str, Any], folder: Path) -> list[str]:
    """Find what the types of single keys cannot tell.

    Parameters
    ----------
    raw : mapping
        Tables of ``county.toml``, not yet validated (wrong types are passed over here).
    folder : Path
        Where the file stands; paths are relative to it.

    Returns
    -------
    list of str
        One line per fault, with the key, the value, what is allowed and the cure.

    Examples
    --------
    >>> check_settings({"units": "towns", "date": "2026-01-01"}, Path("."))
    ["units: 'towns'; nearest: townships; allowed: villages, townships, grid30s"]
    """
    faults: list[str] = []
    checks: tuple[Callable[[Mapping[str, Any], Path], Iterator[str]], ...] = (
        _basics,
        _layers,
        _given,
        _scoring,
        _confirmations,
        _code_table,
        _compared,
    )
    for check in checks:
        faults.extend(check(raw, folder))
    return faults


def _basics(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:
    units = raw.get("units", "villages")
    if isinstance(units, str) and units not in _UNITS:
        yield f"units: {units!r}{nearest(units, _UNITS)}; allowed: {', '.join(_UNITS)}"
    if isinstance(raw.get("date"), str):
        try:
            date.fromisoformat(raw["date"])
        except ValueError:
            yield f'date: {raw["date"]!r} is no date; write it as "2026-01-31"'
    if isinstance(raw.get("crs"), str) and raw["crs"]:
        try:
            metric_crs(raw["crs"])
        except RiskmapError as fault:
            yield f"crs: {fault}"
    if isinstance(raw.get("output"), str):
        target = (folder / raw["output"]).resolve()
        if folder.resolve().is_relative_to(target):
            yield f'output: {raw["output"]!r} holds county.toml itself; give a folder of its own, such as "derived"'


def _layers(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:
    known = {name: one for name, one in layer_specs().items() if not one.derived}
    for name, entry in _tables(raw.get("layers")):
        where = f"layers.{name}"
        if name in known:
            yield from _entry(where, entry, known[name])
        elif name in layer_specs():
            yield f"{where}: riskmap makes this layer from the elevation itself; remove the table"
        else:
            yield f"{where}: unknown layer{nearest(name, known)}; allowed: {', '.join(known)}"
        yield from _file(where, entry, folder, roots_of(raw, folder))


def _entry(where: str, entry: Mapping[str, Any], spec: LayerSpec) -> Iterator[str]:
    names = [one.name for one in spec.fields] + (list(_PLACES) if spec.kind == "point" else [])
    for column in _mapping(entry.get("columns")):
        if column not in names:
            yield f"{where}.columns.{column}: unknown column{nearest(column, names)}; allowed: {', '.join(names)}"
    for column, unit in _mapping(entry.get("units")).items():
        if column in names and isinstance(unit, str):
            wanted = spec.field(column).unit if column not in _PLACES else ""
            if factor(unit, wanted) is None:
                yield f"{where}.units.{column}: {unit!r} is no unit that becomes {wanted or 'this column'}"
    suffix = Path(str(entry.get("path", ""))).suffix.lower()
    allowed = (*FORMATS[spec.kind], *(FORMATS["table"] if spec.name in _AREAL[:2] else ()))
    if suffix and suffix not in allowed:
        step = export_step(FOREIGN_SUFFIXES.get(suffix, ""))
        cure = f" ({step.en})" if step else ""
        kinds = ", ".join(dict.fromkeys(allowed))
        yield f"{where}.path: {suffix} files are not read as {spec.kind} layers{cure}; allowed: {kinds}"
    if spec.kind == "raster" and entry.get("shift"):
        yield f"{where}.shift: only vector layers and tables are shifted back; have the raster warped"
    yield from _reading(where, entry)


def _reading(where: str, entry: Mapping[str, Any]) -> Iterator[str]:
    encoding, crs = entry.get("encoding"), entry.get("crs")
    if isinstance(encoding, str) and encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            yield f"{where}.encoding: {encoding!r} is unknown; allowed: UTF-8, GB18030, GBK, or leave it out"
    if isinstance(crs, str) and crs:
        try:
            CRS.from_user_input(crs)
        except CRSError:
            yield f'{where}.crs: {crs!r} is no coordinate system; give an EPSG code such as "EPSG:4490"'


def _file(where: str, entry: Mapping[str, Any], folder: Path, roots: Sequence[Path]) -> Iterator[str]:
    text = entry.get("path")
    if not isinstance(text, str) or not text:
        return
    if "\0" in text:
        yield f"{where}.path: {text!r} holds a NUL; write the plain file name"
        return
    path = folder / text
    if out := leads_out(path, roots):
        yield (
            f"{where}.path: {text!r} leads out of the county's folder, to {out!r}; copy the file into the folder, or "
            f"name the folder that may be read: outside = [{Path(out).parent.as_posix()!r}]"
        )
        return
    if path.is_file() or (path.is_dir() and path.suffix.lower() == ".gdb"):
        return
    if path.is_dir():
        yield f"{where}.path: {text!r} is a folder; name the file in it"
        return
    if "\\" in text and (folder / text.replace("\\", "/")).exists():
        yield f"{where}.path: file not found {text!r}; write / in place of \\"
        return
    there = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else None
    if there is None:
        yield f"{where}.path: file not found {text!r}; there is no folder {path.parent.as_posix()!r}"
        return
    listed = ", ".join(there[:8]) + (f" and {len(there) - 8} more" if len(there) > 8 else "")
    near = nearest(path.name, there)
    yield f"{where}.path: file not found {text!r}; in that folder there is {listed or 'nothing'}{near}"


def _given(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:
    for name, entry in _tables(raw.get("given")):
        where = f"given.{name}"
        yield from _file(where, entry, folder, roots_of(raw, folder))
        yield from _reading(where, entry)
        kind = entry.get("kind")
        if kind in {"polygon", "table"} and not entry.get("field"):
            yield f"{where}.field: missing; name the column that holds the class"
        if kind == "table" and not entry.get("key"):
            yield f"{where}.key: missing; name the column that holds the unit code"
        scheme = entry.get("scheme")
        if not isinstance(scheme, str) or not scheme:
            continue
        try:
            size = book().scheme(scheme).size
        except StandardError as fault:
            yield f"{where}.scheme: {fault}"
            continue
        yield from _classes(where, entry, size)


def _classes(where: str, entry: Mapping[str, Any], size: int) -> Iterator[str]:
    scores = entry.get("scores")
    if isinstance(scores, list):
        if len(scores) != size:
            yield f"{where}.scores: {len(scores)} numbers; scheme {entry['scheme']!r} has {size} classes: give {size}"
        for value in scores:
            if isinstance(value, int | float) and not 0 <= value <= 1:
                yield f"{where}.scores: {value}; allowed: 0 to 1"
    for text, code in _mapping(entry.get("classes")).items():
        if isinstance(code, int) and not 1 <= code <= size:
            yield f"{where}.classes.{text}: {code}; allowed: 1 to {size} (low to high)"


def _scoring(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:
    scoring = _mapping(raw.get("scoring"))
    scheme, profile = scoring.get("scheme"), scoring.get("profile")
    if isinstance(scheme, str) and scheme not in book().schemes:
        schemes = book().schemes
        yield f"scoring.scheme: {scheme!r}{nearest(scheme, schemes)}; allowed: {', '.join(schemes)}"
    if isinstance(profile, str) and profile not in book().profiles:
        if out := leads_out(folder / profile, roots_of(raw, folder)):
            yield f"scoring.profile: {profile!r} leads out of the county's folder, to {out!r}; copy it into the folder"
        elif not (folder / profile).is_file():
            names = ", ".join(book().profiles) or "none"
            yield f"scoring.profile: {profile!r} is neither a profile ({names}) nor a file beside county.toml"
    rows, themes = scoring.get("pairwise"), scoring.get("themes")
    if isinstance(rows, list) and rows:
        count = len(themes) if isinstance(themes, list) else 0
        if len(rows) != count or any(not isinstance(row, list) or len(row) != count for row in rows):
            yield f"scoring.pairwise: give a square of {count} x {count} numbers, in the order of scoring.themes"


def _confirmations(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:  # noqa: ARG001 - one signature for all checks
    entries = {}
    names = [*book().schemes, *book().thresholds]
    for key, entry in _tables(raw.get("standards")):
        if key not in names:
            near = nearest(key, names) or f"; class schemes are {', '.join(book().schemes)}"
            yield f"standards.{key}: no scheme or threshold is called so{near}"
            continue
        try:
            entries[key] = TypeAdapter(Confirmation).validate_python(entry)
        except ValidationError:
            continue  # told by the types of the keys
    try:
        confirmed(book(), entries)
    except StandardError as fault:
        yield from fault.faults or (str(fault),)


def _code_table(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:
    if isinstance(raw.get("codes"), dict):
        yield from _file("codes", raw["codes"], folder, roots_of(raw, folder))


def _compared(raw: Mapping[str, Any], folder: Path) -> Iterator[str]:
    compare = _mapping(raw.get("compare"))
    entries = {f"neighbour.{name}": one for name, one in _tables(compare.get("neighbour"))}
    for name, entry in {**entries, "province": _mapping(compare.get("province"))}.items():
        yield from _file(f"compare.{name}", entry, folder, roots_of(raw, folder))
        yield from _reading(f"compare.{name}", entry)
    rows = raw.get("overrides")
    for entry in rows if isinstance(rows, list) else ():
        file = _mapping(entry).get("evidence_file")
        where = f"overrides unit {_mapping(entry).get('unit')}, evidence_file"
        yield from _file(where, {"path": file}, folder, roots_of(raw, folder))


def _tables(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, entry in _mapping(value).items():
        if isinstance(entry, dict):
            yield name, entry


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
