"""Read shapefiles (also zipped), GeoPackages, GeoJSON and File GDBs, with their texts decoded right."""

import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from riskmap.loaders.delivered import Delivered
from riskmap.loaders.encoding import dbf_encoding, unscramble
from riskmap.loaders.encoding import put_right as _put_right
from riskmap.loaders.headers import match_columns
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["read_vector"]

_PARTS = (".shx", ".dbf")
_KIND = {"Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line", "Polygon": "polygon",
         "MultiPolygon": "polygon", "CurvePolygon": "polygon", "MultiSurface": "polygon"}  # fmt: skip
_AGAIN = Text("重新导出或重新复制该文件", "export or copy the file again")


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
        ``.shp``, ``.zip`` (one shapefile or File GDB in it), ``.gpkg``, ``.geojson``, ``.gdb`` folder, ``.gdb.zip``, ``.dbf``.
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
        the index is the number of the feature, from 1.

    Raises
    ------
    LayerError
        Damaged or incomplete file, no such layer, or texts that no encoding fits.

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
    source = _source(path)
    shapefile = source.lower().endswith((".shp", ".dbf"))
    codec, label, findings = _shape_encoding(path, source, encoding, spec) if shapefile else ("", "", [])
    part = layer if shapefile else _layer(source, path, spec, (layer, columns or {}))
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            frame = pyogrio.read_dataframe(source, layer=part or None, use_arrow=True, encoding=codec or None)
    except (
        DataSourceError,
        DataLayerError,
        shapely.errors.GEOSException,
        NotImplementedError,
        UnicodeDecodeError,
    ) as fault:
        raise _unreadable(path, fault) from None
    findings += [_told(spec, str(one.message)) for one in told if issubclass(one.category, RuntimeWarning)]
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="row")
    if isinstance(frame, gpd.GeoDataFrame):
        frame = frame.set_geometry(shapely.force_2d(frame.geometry.to_numpy()), crs=frame.crs)
    frame, mended = _unscrambled(frame, spec)
    return Delivered(frame=frame, encoding=label, part=part, findings=(*findings, *mended), cut=shapefile)


def _unreadable(path: Path, fault: Exception) -> Refusal:
    what = Text(
        f"文件损坏或不是矢量文件（{shown(fault, most=150)}）",
        f"damaged, or no vector file ({shown(fault, most=150)})",
    )
    return Refusal(path.name, what, _AGAIN)


def _told(spec: LayerSpec, message: str) -> Finding:
    what = Text(f"读取时提示：{shown(message, most=150)}", f"said on reading: {shown(message, most=150)}")
    return Finding(rule="reader-warning", severity="warning", layer=spec.name, message=what, cure=_AGAIN)


def _source(path: Path) -> str:
    """Where GDAL finds the data; the parts of a shapefile are checked."""
    suffix = path.suffix.lower()
    if suffix == ".shp":
        beside = {one.name.lower() for one in path.parent.iterdir()}
        gone = [part for part in _PARTS if f"{path.stem}{part}".lower() not in beside]
        if gone:
            what = Text(f"缺少同名的 {'、'.join(gone)} 文件", f"its {' and '.join(gone)} is missing")
            raise Refusal(
                path.name,
                what,
                Text("把全部同名文件一起提交", "deliver all files of the same name"),
                rule="missing-part",
            )
    if suffix != ".zip" or path.name.lower().endswith(".gdb.zip"):
        return str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        raise Refusal(path.name, Text("压缩包损坏", "the archive is damaged"), _AGAIN) from None
    if any(".gdb/" in one.lower() for one in names):
        top = next(one for one in names if ".gdb/" in one.lower())
        return f"/vsizip/{path.as_posix()}/{top[: top.lower().index('.gdb/') + 4]}"
    found = [one for one in names if one.lower().endswith((".shp", ".gpkg", ".geojson"))]
    if len(found) != 1:
        what = Text(
            f"压缩包内应有一个矢量文件，现有 {len(found)} 个：{few(found)}",
            f"holds {len(found)} vector files ({few(found)}), one is wanted",
        )
        raise Refusal(path.name, what, Text("每个图层一个压缩包", "one archive a layer"), rule="many-layers")
    return f"/vsizip/{path.as_posix()}/{found[0]}"


def _shape_encoding(path: Path, source: str, declared: str, spec: LayerSpec) -> tuple[str, str, list[Finding]]:
    dbf, cpg = _side_files(path, source)
    codec, label, wrong = dbf_encoding(dbf, cpg=cpg, declared=declared, where=path.name)
    if not wrong:
        return codec, label, []
    what = Text(
        f".cpg 写的是 {cpg}，与内容不符，按 {label} 读取",
        f"its .cpg says {cpg}, which does not fit; read as {label}",
    )
    cure = Text("改正或删除 .cpg 文件", "correct the .cpg file or delete it")
    return (
        codec,
        label,
        [Finding(rule="wrong-cpg", severity="warning", layer=spec.name, message=what, cure=cure, mended=True)],
    )


def _side_files(path: Path, source: str) -> tuple[bytes, str]:
    """Bytes of the DBF and text of the .cpg that stand beside a shapefile."""
    found: dict[str, bytes] = {}
    if path.suffix.lower() == ".zip":
        inner = source.split(".zip/", 1)[1] if ".zip/" in source else source[len(f"/vsizip/{path.as_posix()}/") :]
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.rsplit(".", 1)[0] == inner.rsplit(".", 1)[0]:
                    found[name.rsplit(".", 1)[-1].lower()] = archive.read(name)
    else:
        for one in path.parent.iterdir():
            if one.stem.lower() == path.stem.lower() and one.suffix.lower() in {".dbf", ".cpg"}:
                found[one.suffix[1:].lower()] = one.read_bytes()
    dbf = found.get("dbf", b"")
    if len(dbf) < 33:
        raise Refusal(
            path.name,
            Text("属性表 .dbf 缺失或损坏", "its .dbf is missing or damaged"),
            _AGAIN,
            rule="missing-part",
        )
    return dbf, found.get("cpg", b"").decode("ascii", "replace").strip().strip("\x00")


def _layer(source: str, path: Path, spec: LayerSpec, wish: tuple[str, Mapping[str, str]]) -> str:
    """Name of the layer to read: the wished one, the one of the spec's name, else the best fit."""
    name, columns = wish
    try:
        layers = [(str(one), _KIND.get(str(kind).split(" ")[0], "")) for one, kind in pyogrio.list_layers(source)]
    except DataSourceError as fault:
        raise _unreadable(path, fault) from None
    names = [one for one, _ in layers]
    if name and name not in names:
        what = Text(f"没有图层“{name}”，有：{few(names)}", f"has no layer '{name}'; there are {few(names)}")
        raise Refusal(
            path.name,
            what,
            Text("改正 county.toml 的 layer", "correct layer in county.toml"),
            rule="no-layer",
        )
    if name or len(layers) == 1:
        return name or names[0]
    same = [one for one in names if one in {spec.name, spec.title.zh, spec.title.en}]
    if same:
        return same[0]
    scores: dict[str, float] = {}
    for one, kind in layers:
        headers = [str(field) for field in pyogrio.read_info(source, layer=one)["fields"]]
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
