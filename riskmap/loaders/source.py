"""Where GDAL finds the features of a delivered file, and how their texts are encoded."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from riskmap.loaders.archive import check_markup, member_name, members, unpacked
from riskmap.loaders.encoding import dbf_encoding, decode
from riskmap.loaders.kinds import check_kind, kind_of_bytes
from riskmap.loaders.limits import MOST_TEXT
from riskmap.loaders.refusal import Refusal, few
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["Source", "find_source", "in_utf8", "shape_encoding"]

VECTORS = {
    "shapefile": "shapefile", "zip": "zip", "sqlite": "GeoPackage", "json": "GeoJSON", "gdb": "File GDB", "kml": "KML",
    "kmz": "KMZ", "parquet": "GeoParquet", "flatgeobuf": "FlatGeobuf", "dxf": "DXF", "dbf": "DBF",
    "osm": "OpenStreetMap",
}  # fmt: skip
"""Kinds of file that hold features, with their names for people."""

_PARTS = (".shx", ".dbf")
_INSIDE = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".fgb", ".dxf")
_MOST_DBF = 1 << 29
_AGAIN = Text("重新导出或重新复制该文件", "export or copy the file again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A delivered file as GDAL opens it.

    Parameters
    ----------
    path : Path
        As delivered.
    kind : str
        From `riskmap.loaders.kinds.kind_of`; that of the file inside for an archive.
    name : str or bytes
        Name for GDAL, with its driver in front where GDAL would else try others; or the content itself.
    inner : str
        Name inside an archive.
    """

    path: Path
    kind: str
    name: str | bytes
    inner: str = ""
    beside: tuple[str, ...] = field(default=(), repr=False)


def find_source(path: Path) -> Source:
    """Find what GDAL should open, after the file's own claims were checked.

    Parameters
    ----------
    path : Path
        As delivered.

    Returns
    -------
    Source

    Raises
    ------
    LayerError
        Not a vector file, parts of a shapefile are missing, or an archive holds none or several, or is unsafe.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    ...     find_source(Path(folder, "a.txt")).kind
    'json'
    """
    kind = check_kind(path, allowed=VECTORS)
    if kind == "shapefile":
        _check_parts(path.name, path.stem, [one.name for one in path.parent.iterdir()])
    if kind == "kml":
        check_markup(path)
    if kind in {"zip", "kmz"}:
        return _inside(path, kind)
    head = b""
    if kind == "json":
        with path.open("rb") as file:
            head = file.read(1 << 16)
    return Source(path=path, kind=kind, name=_prefix(kind, head) + str(path))


def _prefix(kind: str, head: bytes) -> str:
    """Driver that alone may open a JSON text: others of GDAL's run commands or follow addresses."""
    if kind != "json":
        return ""
    return "ESRIJSON:" if re.search(rb'"(geometryType|fieldAliases)"\s*:', head) else "GeoJSON:"


def in_utf8(source: Source, declared: str) -> tuple[Source, str]:
    """GeoJSON as UTF-8, in which alone GDAL reads it.

    Parameters
    ----------
    source : Source
        Of kind ``"json"``.
    declared : str
        Encoding stated in ``county.toml``.

    Returns
    -------
    source : Source
        The same where the file is UTF-8; else one that holds the text itself.
    label : str
        Encoding and how it was decided; ``""`` for UTF-8, which the format demands.

    Raises
    ------
    LayerError
        No encoding fits (line and byte are named), or larger than `riskmap.loaders.limits.MOST_TEXT`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.json").write_bytes('{"type": "Feature", "名": "值"}'.encode("gbk"))
    ...     in_utf8(find_source(Path(folder, "a.json")), "")[1]
    'GB18030 (fallback)'
    """
    path = source.path
    raw = unpacked(path, source.inner, most=MOST_TEXT + 1) if source.inner else b""
    if not raw and path.stat().st_size <= MOST_TEXT:
        raw = path.read_bytes()
    if not 0 < len(raw) <= MOST_TEXT:
        what = Text(f"GeoJSON 超过 {MOST_TEXT >> 20} MB", f"the GeoJSON is larger than {MOST_TEXT >> 20} MB")
        cure = Text("改为 GeoPackage 提交", "deliver it as GeoPackage")
        raise Refusal(path.name, what, cure, rule="absurd-size")
    text, label = decode(raw, declared=declared, where=path.name)
    if label in {"UTF-8", "UTF-8 (byte order mark)"}:
        return source, ""
    return replace(source, name=text.encode()), label


def _check_parts(name: str, stem: str, beside: list[str]) -> None:
    there = {one.lower() for one in beside}
    gone = [part for part in _PARTS if f"{stem}{part}".lower() not in there]
    if gone:
        what = Text(f"缺少同名的 {'、'.join(gone)} 文件", f"its {' and '.join(gone)} is missing")
        cure = Text("把全部同名文件一起提交", "deliver all files of the same name")
        raise Refusal(name, what, cure, rule="missing-part")


def _inside(path: Path, kind: str) -> Source:
    names = members(path)
    root = f"/vsizip/{path.resolve().as_posix()}"
    bases = sorted({one[: one.lower().index(".gdb/") + 4] for one in names if ".gdb/" in one.lower()})
    found = bases or [one for one in names if one.lower().endswith(_INSIDE) and not _hidden(one)]
    if kind == "kmz":
        found = sorted(found, key=lambda one: (one.lower() != "doc.kml", one))[:1]
    if len(found) != 1:
        listed = few(member_name(one) for one in found)
        what = Text(
            f"压缩包内应有一个矢量文件，现有 {len(found)} 个：{listed}",
            f"holds {len(found)} vector files ({listed}), one is wanted",
        )
        raise Refusal(path.name, what, Text("每个图层一个压缩包", "one archive a layer"), rule="many-layers")
    inner = found[0]
    if bases:
        return Source(path=path, kind="gdb", name=f"{root}/{inner}", inner=inner)
    head = unpacked(path, inner, most=1 << 16)
    held = kind_of_bytes(head)
    if held not in VECTORS:
        what = Text(f"压缩包内的“{member_name(inner)}”不是矢量文件", f"'{member_name(inner)}' in it is no vector file")
        raise Refusal(path.name, what, _AGAIN)
    if held == "shapefile":
        _check_parts(path.name, inner[:-4], names)
    if held == "kml":
        check_markup(path, [inner])
    return Source(path=path, kind=held, name=f"{_prefix(held, head)}{root}/{inner}", inner=inner, beside=tuple(names))


def _hidden(name: str) -> bool:
    return any(one.startswith((".", "__MACOSX")) for one in PurePosixPath(name).parts)


def shape_encoding(source: Source, declared: str, spec: LayerSpec) -> tuple[str, str, list[Finding]]:
    """Decide how the texts of a shapefile are encoded.

    Parameters
    ----------
    source : Source
        A shapefile or DBF, plain or in an archive.
    declared : str
        Encoding stated in ``county.toml``.
    spec : LayerSpec
        For the findings.

    Returns
    -------
    codec, label : str
        For reading, and for the record.
    findings : list of Finding
        A .cpg that was passed over.

    Raises
    ------
    LayerError
        No DBF, or no encoding fits.

    Examples
    --------
    >>> shape_encoding.__name__
    'shape_encoding'
    """
    name = source.path.name
    dbf, cpg = _side_files(source)
    codec, label, wrong = dbf_encoding(dbf, cpg=cpg, declared=declared, where=name)
    if not wrong:
        return codec, label, []
    what = Text(
        f".cpg 写的是 {cpg}，与内容不符，按 {label} 读取",
        f"its .cpg says {cpg}, which does not fit; read as {label}",
    )
    cure = Text("改正或删除 .cpg 文件", "correct the .cpg file or delete it")
    found = Finding(rule="wrong-cpg", severity="warning", layer=spec.name, message=what, cure=cure, mended=True)
    return codec, label, [found]


def _side_files(source: Source) -> tuple[bytes, str]:
    """Bytes of the DBF and text of the .cpg that stand beside a shapefile."""
    found: dict[str, bytes] = {}
    path = source.path
    if source.inner:
        for name in source.beside:
            if name.rsplit(".", 1)[0] == source.inner.rsplit(".", 1)[0] and name[-4:].lower() in {".dbf", ".cpg"}:
                found[name[-3:].lower()] = unpacked(path, name, most=_MOST_DBF)
    else:
        for one in path.parent.iterdir():
            if one.stem.lower() == path.stem.lower() and one.suffix.lower() in {".dbf", ".cpg"}:
                found[one.suffix[1:].lower()] = one.read_bytes()
    dbf = found.get("dbf", b"")
    if len(dbf) < 33:
        what = Text("属性表 .dbf 缺失或损坏", "its .dbf is missing or damaged")
        raise Refusal(path.name, what, _AGAIN, rule="missing-part")
    return dbf, found.get("cpg", b"")[:100].decode("ascii", "replace").strip().strip("\x00")
