"""Read vector files, with their texts decoded right and their codes turned into words."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from riskmap.loaders.delivered import Delivered
from riskmap.loaders.domains import decoded, domains_of
from riskmap.loaders.drawing import from_drawing
from riskmap.loaders.encoding import put_right as _put_right
from riskmap.loaders.encoding import unscramble
from riskmap.loaders.headers import match_columns
from riskmap.loaders.limits import MOST_COLUMNS, MOST_ROWS
from riskmap.loaders.openstreetmap import LAYERS, from_openstreetmap
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.loaders.source import Source, find_source, in_utf8, shape_encoding
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["layer_names", "read_vector"]

_KIND = {"Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line", "Polygon": "polygon",
         "MultiPolygon": "polygon", "CurvePolygon": "polygon", "MultiSurface": "polygon"}  # fmt: skip
_AGAIN = Text("重新导出或重新复制该文件", "export or copy the file again")
_FAULTS = (
    RuntimeError,
    ValueError,
    LookupError,
    NameError,
    AttributeError,
    MemoryError,
    TypeError,
    NotImplementedError,
    OverflowError,
    OSError,
    shapely.errors.GEOSException,
    pa.lib.ArrowException,
)
"""What pyogrio, pyarrow and shapely raise on damaged files (their own errors are children of these)."""
_NO_ARROW = frozenset({"flatgeobuf"})
"""Kinds whose damaged features end the process on GDAL's Arrow path (GDAL 3.12); it is two to seven times faster."""
_OWN_WAY = {"dxf": from_drawing, "osm": from_openstreetmap}
"""Kinds that hold more than the layer asks for, and how it is picked out."""
_KML_OWN = frozenset({"id", "Name", "description", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude",
                      "visibility", "drawOrder", "icon", "snippet"})  # fmt: skip
"""Columns that every KML has, used or not."""


def read_vector(
    path: Path,
    spec: LayerSpec,
    *,
    layer: str = "",
    encoding: str = "",
    columns: Mapping[str, str] | None = None,
) -> Delivered:
    """Read a vector file as it was delivered.

    Parameters
    ----------
    path : Path
        Shapefile, GeoPackage, GeoJSON, File GDB, KML, KMZ, GeoParquet, FlatGeobuf, DXF, OpenStreetMap or DBF; a ``.zip`` with one of
        them in it. Its content decides, not its suffix.
    spec : LayerSpec
        What it should be; decides which of several layers is read.
    layer : str
        Layer inside the file; by default the one that fits `spec` best.
    encoding : str
        Text encoding of a shapefile; found by itself when empty (.cpg, language byte, UTF-8, GB18030).
    columns : mapping, optional
        Field = header, as in ``county.toml``.

    Returns
    -------
    Delivered
        A GeoDataFrame (a DataFrame where the layer has no shapes) in the system of the file, without heights;
        the index is the number of the feature, from 1. Codes that a domain of the file explains are words.

    Raises
    ------
    LayerError
        Damaged or incomplete file, a format that is not read, no such layer, texts that no encoding fits, or more
        records and columns than `riskmap.loaders.limits` allow.

    Examples
    --------
    >>> import tempfile
    >>> from riskmap.standards import layer_spec
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "s.geojson")
    ...     _ = path.write_text('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
    ...         '{"名称": "小河"}, "geometry": {"type": "LineString", "coordinates": [[111, 39], [111, 40]]}}]}', "utf-8")
    ...     read_vector(path, layer_spec("streams")).frame.loc[1, "名称"]
    '小河'
    """
    source = find_source(path)
    shapefile = source.kind in {"shapefile", "dbf"}
    codec, label, findings = shape_encoding(source, encoding, spec) if shapefile else ("", "", [])
    if source.kind == "json":
        source, label = in_utf8(source, encoding)
    more: list[Finding] = []
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            if source.kind == "parquet":
                part, frame = "", _parquet(path)
            else:
                part = layer if shapefile else _layer(source, spec, (layer, columns or {}))
                frame, more = _features(source, part, codec, spec)
            frame, mended = _unscrambled(frame, spec)
    except Refusal:
        raise
    except _FAULTS as fault:
        raise _unreadable(path, fault) from None
    messages = dict.fromkeys(str(one.message) for one in told if issubclass(one.category, RuntimeWarning))
    findings += [*(_told(spec, one) for one in messages), *more]
    return Delivered(frame=frame, encoding=label, part=part, findings=(*findings, *mended), cut=shapefile)


def _features(source: Source, part: str, codec: str, spec: LayerSpec) -> tuple[Any, list[Finding]]:
    """Features of one layer, numbered from 1, flat, with the words of its domains."""
    info = pyogrio.read_info(source.name, layer=part or None, encoding=codec or None)
    _check_size(source.path, int(info["features"]), len(info["fields"]))
    domains = domains_of(source.name, source.kind, part)
    arrow = not domains and source.kind not in _NO_ARROW
    frame = pyogrio.read_dataframe(source.name, layer=part or None, use_arrow=arrow, encoding=codec or None)
    frame = _flat(frame)
    if source.kind in {"kml", "kmz"}:
        idle = [
            one
            for one in frame.columns
            if one in _KML_OWN and (one not in {"Name", "description"} or not _says(frame[one]))
        ]
        frame = frame.drop(columns=idle)
    if source.kind in _OWN_WAY:
        return _OWN_WAY[source.kind](frame, spec)
    return decoded(frame, spec, domains)


def _says(cells: pd.Series) -> bool:
    return bool((cells.notna() & (cells.astype(str).str.strip() != "")).any())


def _flat(frame: Any) -> Any:
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    names = [str(one) for one in frame.columns]
    if len(set(names)) < len(names):
        frame.columns = [one if one not in names[:at] else f"{one} ({at + 1})" for at, one in enumerate(names)]
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = shapely.force_2d(frame.geometry.to_numpy())
        shapes[shapely.is_empty(shapes)] = None
        if frame.crs is not None:
            _ = frame.crs.geodetic_crs  # a damaged system raises here, not later
        return frame.set_geometry(shapes, crs=frame.crs)
    return frame


def _parquet(path: Path) -> Any:
    """Features of a GeoParquet file; records of a plain Parquet one."""
    held = pq.ParquetFile(path)
    _check_size(path, held.metadata.num_rows, held.metadata.num_columns)
    placed = b"geo" in (held.schema_arrow.metadata or {})
    frame = gpd.read_parquet(path) if placed else pd.read_parquet(path, dtype_backend="numpy_nullable").astype(object)
    return _flat(frame if isinstance(frame.index, pd.RangeIndex) else frame.reset_index())


def _check_size(path: Path, rows: int, columns: int) -> None:
    if rows <= MOST_ROWS and columns <= MOST_COLUMNS:
        return
    what = Text(
        f"写明有 {rows:,} 条记录、{columns:,} 列，上限 {MOST_ROWS:,} 条、{MOST_COLUMNS:,} 列",
        f"claims {rows:,} records of {columns:,} columns; allowed: {MOST_ROWS:,} and {MOST_COLUMNS:,}",
    )
    cure = Text("只提交本县的记录和需要的列", "deliver only this county's records and the columns that are needed")
    raise Refusal(path.name, what, cure, rule="absurd-size")


def layer_names(path: Path) -> list[str]:
    """Names of the layers in a vector file, tables without shapes among them.

    Parameters
    ----------
    path : Path
        As delivered.

    Returns
    -------
    list of str

    Raises
    ------
    LayerError
        It cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    ...     layer_names(Path(folder, "a.geojson"))
    ['a']
    """
    source = find_source(path)
    if source.kind == "parquet":
        return [path.stem]
    if source.kind == "json":
        source, _ = in_utf8(source, "")
    return [one for one, _ in _layers(source)]


def _layers(source: Source) -> list[tuple[str, str]]:
    try:
        return [(str(one), _KIND.get(str(kind).split(" ")[0], "")) for one, kind in pyogrio.list_layers(source.name)]
    except _FAULTS as fault:
        raise _unreadable(source.path, fault) from None


def _unreadable(path: Path, fault: Exception) -> Refusal:
    if isinstance(fault, UnboundLocalError | pyproj.exceptions.CRSError | pyogrio.errors.CRSError):
        what = Text("坐标系说明损坏", "its coordinate system is damaged (in a shapefile the .prj)")
        cure = Text(
            "重新复制 .prj；或删除它，在 county.toml 写明 crs",
            "copy the .prj again; or delete it and state crs in county.toml",
        )
        return Refusal(path.name, what, cure, rule="no-crs")
    said = shown(str(fault).replace(f"{path.parent}/", ""), most=150)
    if isinstance(fault, UnicodeDecodeError):
        byte = f"0x{fault.object[fault.start]:02X}"
        what = Text(f"文字中的字节 {byte} 不是 UTF-8", f"byte {byte} in a text is not UTF-8")
        return Refusal(path.name, what, Text("重新导出为 UTF-8", "export it again as UTF-8"), rule="wrong-encoding")
    what = Text(f"文件损坏或不是矢量文件（{said}）", f"damaged, or no vector file ({said})")
    return Refusal(path.name, what, _AGAIN)


def _told(spec: LayerSpec, message: str) -> Finding:
    what = Text(f"读取时提示：{shown(message, most=150)}", f"said on reading: {shown(message, most=150)}")
    return Finding(rule="reader-warning", severity="warning", layer=spec.name, message=what, cure=_AGAIN)


def _layer(source: Source, spec: LayerSpec, wish: tuple[str, Mapping[str, str]]) -> str:
    """Name of the layer to read: the wished one, the one of the spec's name, else the best fit."""
    (name, columns), path = wish, source.path
    if isinstance(source.name, bytes):
        return ""  # one text, one layer
    layers = [one for one in _layers(source) if one[0] != "layer_styles"]
    names = [one for one, _ in layers]
    if name and name not in names:
        what = Text(f"没有图层“{name}”，有：{few(names)}", f"has no layer '{name}'; there are {few(names)}")
        raise Refusal(
            path.name,
            what,
            Text("改正 county.toml 的 layer", "correct layer in county.toml"),
            rule="no-layer",
        )
    if not names:
        raise Refusal(path.name, Text("没有图层", "holds no layer"), _AGAIN, rule="empty-layer")
    if not name and source.kind == "osm":
        name = LAYERS.get(spec.kind, names[0])
    if name or len(layers) == 1:
        return name or names[0]
    same = [one for one in names if one in {spec.name, spec.title.zh, spec.title.en}]
    if same:
        return same[0]
    scores: dict[str, float] = {}
    for one, kind in layers:
        headers = [str(field) for field in pyogrio.read_info(source.name, layer=one)["fields"]]
        match = len(match_columns(headers, spec, columns=columns).found)
        scores[one] = match + (0.5 if kind == spec.kind else 0)
    best = max(scores, key=lambda one: scores[one], default="")
    if not best or list(scores.values()).count(scores[best]) > 1:
        what = Text(f"有 {len(names)} 个图层：{few(names)}", f"holds {len(names)} layers: {few(names)}")
        raise Refusal(
            path.name,
            what,
            Text("在 county.toml 写明 layer", "name one as layer in county.toml"),
            rule="many-layers",
        )
    return best


def _unscrambled(frame: Any, spec: LayerSpec) -> tuple[Any, list[Finding]]:
    """Undo texts and headers that were stored garbled (GBK read as UTF-8 and the like)."""
    findings = []
    names = {one: back for one in frame.columns if isinstance(one, str) and (back := _put_right(one)) is not None}
    if names and unscramble([str(one) for one in frame.columns]):
        findings.append(_garbled(spec, next(iter(names.items())), ""))
        frame = frame.rename(columns=names)
    for column in frame.columns:
        if not pd.api.types.is_string_dtype(frame[column].dtype):
            continue
        texts = frame[column].dropna().unique()
        pair = unscramble([one for one in texts if isinstance(one, str)])
        if pair:
            right = {one: _put_right(one) or one for one in texts}
            frame = frame.assign(**{column: frame[column].map(right)})
            findings.append(_garbled(spec, pair, str(column)))
    return frame, findings


def _garbled(spec: LayerSpec, pair: tuple[str, str], column: str) -> Finding:
    return Finding(
        rule="garbled-text",
        severity="warning",
        layer=spec.name,
        field=column,
        value=shown(pair[0]),
        message=Text(f"文字是乱码，已还原为“{pair[1]}”等", f"texts are garbled; put right, such as '{pair[1]}'"),
        cure=Text("从原始数据以 UTF-8 重新导出", "export from the source again as UTF-8"),
        mended=True,
    )
