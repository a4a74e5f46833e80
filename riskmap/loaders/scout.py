"""Look through a folder of deliveries and guess which file is which layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import geopandas as gpd
import rasterio
from rasterio.errors import RasterioError

from riskmap.errors import LayerError
from riskmap.loaders.county_checks import FORMATS
from riskmap.loaders.delivered import Delivered
from riskmap.loaders.headers import match_columns
from riskmap.loaders.kinds import FOREIGN_SUFFIXES
from riskmap.loaders.layer import deliver
from riskmap.loaders.vector import layer_names
from riskmap.loaders.workbook import read_sheets
from riskmap.model.county import LayerEntry
from riskmap.model.layers import LayerSpec
from riskmap.model.text import Text
from riskmap.standards import layer_specs

__all__ = ["Found", "describe_folder", "suggest_columns"]

_KINDS = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}
_REMARKS = frozenset({"说明", "填表说明", "填报说明"})
_LEAST = 1.0
"""Points that a guess needs: a name that says it, or most of the required columns."""
_CLOSE = 0.7
"""Share of a file's best points that a guess at another layer needs: a second list of shelters is no list of stoves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that may be a layer.

    Parameters
    ----------
    path : str
        Relative to the folder, with ``/``.
    layer : str
        Name of the layer it seems to be; ``""`` if nothing fits.
    kind : str
        What it holds: point, line, polygon, raster, table; ``""`` if it cannot be read.
    columns : mapping of str to str
        Field = header, where the header is not the field's own name.
    encoding, crs : str
        As found.
    rows : int
        Records.
    note : str
        Why it cannot be read, or which file is taken in its place.
    part : str
        Layer of a GeoPackage or geodatabase, sheet of a workbook; ``""`` where the file holds one only.
    cell_m : float
        Side of a raster's cell, metres.
    """

    path: str
    layer: str = ""
    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    crs: str = ""
    rows: int = 0
    note: str = ""
    part: str = ""
    cell_m: float = 0.0


def suggest_columns(path: Path, spec: LayerSpec) -> dict[str, str]:
    """Guess which header of a file is which field.

    Parameters
    ----------
    path : Path
        Vector file or table.
    spec : LayerSpec
        The layer that it should be.

    Returns
    -------
    dict of str to str
        Field = header (``lon`` and ``lat`` too for tables of points), in the order of the fields.

    Raises
    ------
    LayerError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("编号,场所名称,经度,纬度\\n1,广场,111,39\\n", encoding="utf-8")
    ...     suggest_columns(Path(folder, "a.csv"), layer_specs()["shelters"])
    {'code': '编号', 'name': '场所名称', 'lon': '经度', 'lat': '纬度'}
    """
    raw = deliver(path, spec, LayerEntry(path=path.name))
    found = match_columns(_headers(raw), spec, cut=raw.cut).found
    return {name: found[name] for name in (*(one.name for one in spec.fields), "lon", "lat") if name in found}


def describe_folder(folder: Path) -> list[Found]:
    """List the deliveries in a folder, each with the layer that it seems to be.

    Name, kind of shape and headers decide; no two files are given one layer.

    Parameters
    ----------
    folder : Path
        Searched with its subfolders; ``derived`` folders are passed over.

    Returns
    -------
    list of Found
        By path; unreadable files carry a note.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "避难场所.csv").write_text("编号,名称,经度,纬度\\n1,广场,111,39\\n", encoding="gbk")
    ...     [(one.path, one.layer, one.encoding) for one in describe_folder(Path(folder))]
    [('避难场所.csv', 'shelters', 'GB18030 (fallback)')]
    """
    guesses: list[tuple[float, str, Found]] = []
    plain: dict[tuple[str, str], Found] = {}
    for path in _files(folder):
        name, parts = path.relative_to(folder).as_posix(), _parts(path)
        for part in parts:
            seen, scores = _look(path, name, part)
            if part and not seen.rows:
                continue  # a sheet of remarks, an empty layer, a template that nobody filled in
            plain[seen.path, part] = seen
            guesses += [
                (score, layer, _as_layer(seen, layer, cut=path.suffix.lower() in {".shp", ".zip"}))
                for layer, score in scores.items()
                if score >= max(_LEAST, _CLOSE * max(scores.values()))
            ]
    chosen = _chosen(guesses)
    doubles = _doubles(guesses, {one.layer: one.path for one in chosen.values()})
    return [chosen.get(at) or doubles.get(at, one) for at, one in sorted(plain.items())]


def _doubles(guesses: list[tuple[float, str, Found]], taken: Mapping[str, str]) -> dict[tuple[str, str], Found]:
    """Files that seem to be a layer which another file gives already: no layer, and a note that says so."""
    found: dict[tuple[str, str], Found] = {}
    for _, name, one in sorted(guesses, key=lambda guess: guess[0]):
        if name in taken:
            title, other = layer_specs()[name].title, taken[name]
            zh, en = f"疑为{title.zh}，已采用另一文件 {other}", f"seems to be {title.en}; {other} is taken"
            found[one.path, one.part] = replace(one, layer="", note=str(Text(zh, en)))
    return found


def _chosen(guesses: list[tuple[float, str, Found]]) -> dict[tuple[str, str], Found]:
    """The best guesses, each layer and each file once; counties around an outline hold that outline too."""
    order = list(layer_specs())
    taken: set[str] = set()
    chosen: dict[tuple[str, str], Found] = {}
    for _, name, found in sorted(guesses, key=lambda one: (-one[0], one[2].path, order.index(one[1]))):
        if name not in taken and (found.path, found.part) not in chosen:
            taken.add(name)
            chosen[found.path, found.part] = found
    if "outline" not in taken:
        chosen |= {at: replace(one, layer="outline") for at, one in chosen.items() if one.layer == "neighbours"}
    return chosen


def _parts(path: Path) -> list[str]:
    """Names of the layers or sheets of a file that holds several; one ``""`` otherwise."""
    try:
        if path.suffix.lower() in {".gpkg", ".gdb", ".kml", ".kmz"}:
            names = [one for one in layer_names(path) if one != "layer_styles"]
        elif path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".xlsb"}:
            names = [one.name for one in read_sheets(path)]
        else:
            return [""]
    except LayerError:  # the reader says it, file by file
        return [""]
    return [one for one in names if one not in _REMARKS] if len(names) > 1 else [""]


def _as_layer(seen: Found, name: str, *, cut: bool) -> Found:
    spec = layer_specs()[name]
    headers = list(seen.columns)
    matched = match_columns(headers, spec, cut=cut).found if spec.kind != "raster" else {}
    columns = {key: header for key, header in matched.items() if key != header}
    return replace(seen, layer=name, columns=columns)


def _foreign() -> set[str]:
    """Suffixes of data that cannot be read; reports and web pages are no deliveries."""
    return {suffix for suffix, kind in FOREIGN_SUFFIXES.items() if kind not in {"document", "pdf", "html"}}


def _files(folder: Path) -> list[Path]:
    known = {suffix for one in FORMATS.values() for suffix in one} | _foreign()
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if (
            any(one == "derived" or one.endswith("-clean") for one in parts[:-1])
            or any(one.lower().endswith(".gdb") for one in parts[:-1])
            or path.name.startswith((".", "~$"))
        ):
            continue
        side = path.suffix.lower() == ".dbf" and path.with_suffix(".shp").exists()
        if path.suffix.lower() in known and not side and (path.is_file() or path.suffix.lower() == ".gdb"):
            found.append(path)
    return found


def _look(path: Path, name: str, part: str) -> tuple[Found, dict[str, float]]:
    """Describe a file (its headers stand in `columns`) and score every layer that it could be."""
    if path.suffix.lower() in FORMATS["raster"] and path.suffix.lower() != ".gpkg":
        return _look_raster(path, name)
    spec = LayerSpec(name="any", title=layer_specs()["places"].title, kind="table", fields=_every_field())
    try:
        raw = deliver(path, spec, LayerEntry(path=name, layer=part, sheet=part))
    except LayerError as fault:
        return Found(path=name, note=str(fault), part=part), {}
    headers, kind = _headers(raw), _kind(raw.frame)
    crs = raw.frame.crs.name if isinstance(raw.frame, gpd.GeoDataFrame) and raw.frame.crs is not None else ""
    empty = dict.fromkeys(headers, "")
    seen = Found(path=name, kind=kind, columns=empty, encoding=raw.encoding, crs=crs, rows=len(raw.frame), part=part)
    scores = {
        one: _fit(f"{path.stem} {part}", layer, kind, (headers, raw.cut))
        for one, layer in layer_specs().items()
        if not layer.derived
    }
    return seen, scores


def _every_field() -> tuple[Any, ...]:
    """Fields of all layers, so that the header row and the sheet are found whatever the table is."""
    every = {one.name: one for layer in layer_specs().values() for one in layer.fields}
    return tuple(every.values())


def _look_raster(path: Path, name: str) -> tuple[Found, dict[str, float]]:
    try:
        with rasterio.open(path) as source:
            crs, cells = source.crs, source.width * source.height
            cell_m = abs(source.transform.e) * (111_320.0 if crs is not None and crs.is_geographic else 1.0)
            bands = f"{source.count} bands" if source.count > 1 else ""
    except (RasterioError, OSError) as fault:
        return Found(path=name, note=str(fault)), {}
    rasters = [layer for layer in layer_specs().values() if layer.kind == "raster" and not layer.derived]
    seen = Found(
        path=name, kind="raster", columns={bands: ""} if bands else {}, rows=cells, cell_m=cell_m,
        crs=crs.to_string() if crs else "",
    )  # fmt: skip
    return seen, {layer.name: _named(path.stem, layer) for layer in rasters}


def _headers(raw: Delivered) -> list[str]:
    shapes = raw.frame.geometry.name if isinstance(raw.frame, gpd.GeoDataFrame) else None
    return [str(one) for one in raw.frame.columns if one != shapes]


def _kind(frame: Any) -> str:
    if not isinstance(frame, gpd.GeoDataFrame):
        return "table"
    kinds = frame.geometry.geom_type.dropna()
    return _KINDS.get(str(kinds.iloc[0]), "") if len(kinds) else ""


def _named(stem: str, spec: LayerSpec) -> float:
    """How much a name says that it is this layer, 0..2."""
    stem = stem.lower()
    words = [spec.name, spec.name.rstrip("s"), spec.title.zh, spec.title.en.lower(), *spec.file_words]
    if any(word in stem for word in words):
        return 2.0
    close = max(SequenceMatcher(None, word, stem).ratio() for word in words)
    return close if close > 0.6 else 0.0


def _fit(name: str, spec: LayerSpec, kind: str, headers: tuple[Sequence[str], bool]) -> float:
    """Score of a file as a layer: name, required columns, other columns; 0 if the kind does not fit."""
    found = match_columns(headers[0], spec, cut=headers[1]).found
    placed = kind == "table" and spec.kind == "point" and {"lon", "lat"} <= set(found)
    areal = spec.name == "villages" and kind == "polygon"
    if spec.kind == "raster" or not (kind == spec.kind or placed or areal):
        return 0.0
    required = [one.name for one in spec.fields if one.required]
    have = sum(name in found for name in required)
    if have < len(required):
        return 0.0
    named = _named(name, spec)
    own = [one for one in spec.fields if one.name in found and one.name not in {"code", "name"}]
    known = 0.2 * have if required else 0.5 * len(set(found) - {"lon", "lat"})
    return named + known + 0.4 * len(own) / max(len(spec.fields), 1) + 0.2 * len(own)
