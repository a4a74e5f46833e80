"""Look through a folder of deliveries and guess which file is which layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from riskmap.loaders.layer import deliver
from riskmap.model.county import LayerEntry
from riskmap.model.layers import LayerSpec
from riskmap.standards import layer_specs

__all__ = ["Found", "county_template", "describe_folder", "suggest_columns"]

_KINDS = {
    "Point": "point",
    "MultiPoint": "point",
    "LineString": "line",
    "MultiLineString": "line",
    "Polygon": "polygon",
    "MultiPolygon": "polygon",
}
_LEAST = 1.0
"""Points that a guess needs: a name that says it, or most of the required columns."""


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
        Why it cannot be read.
    """

    path: str
    layer: str = ""
    kind: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    crs: str = ""
    rows: int = 0
    note: str = ""


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
    plain: dict[str, Found] = {}
    for path in _files(folder):
        seen, scores = _look(path, path.relative_to(folder).as_posix())
        plain[seen.path] = seen
        guesses += [
            (score, name, _as_layer(seen, name, cut=path.suffix.lower() in {".shp", ".zip"}))
            for name, score in scores.items()
            if score >= _LEAST
        ]
    taken: set[str] = set()
    chosen: dict[str, Found] = {}
    for _, name, found in sorted(guesses, key=lambda one: (-one[0], one[2].path, list(layer_specs()).index(one[1]))):
        if name not in taken and found.path not in chosen:
            taken.add(name)
            chosen[found.path] = found
    return [chosen.get(path, one) for path, one in sorted(plain.items())]


def _as_layer(seen: Found, name: str, *, cut: bool) -> Found:
    spec = layer_specs()[name]
    headers = list(seen.columns)
    matched = match_columns(headers, spec, cut=cut).found if spec.kind != "raster" else {}
    columns = {key: header for key, header in matched.items() if key != header}
    return Found(
        path=seen.path,
        layer=name,
        kind=seen.kind,
        columns=columns,
        encoding=seen.encoding,
        crs=seen.crs,
        rows=seen.rows,
    )


def _files(folder: Path) -> list[Path]:
    known = {suffix for one in FORMATS.values() for suffix in one}
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if (
            "derived" in parts
            or any(one.lower().endswith(".gdb") for one in parts[:-1])
            or path.name.startswith((".", "~$"))
        ):
            continue
        side = path.suffix.lower() == ".dbf" and path.with_suffix(".shp").exists()
        if path.suffix.lower() in known and not side and (path.is_file() or path.suffix.lower() == ".gdb"):
            found.append(path)
    return found


def _look(path: Path, name: str) -> tuple[Found, dict[str, float]]:
    """Describe a file (its headers stand in `columns`) and score every layer that it could be."""
    if path.suffix.lower() in FORMATS["raster"] and path.suffix.lower() != ".gpkg":
        return _look_raster(path, name)
    spec = LayerSpec(name="any", title=layer_specs()["places"].title, kind="table", fields=_every_field())
    try:
        raw = deliver(path, spec, LayerEntry(path=name))
    except LayerError as fault:
        return Found(path=name, note=str(fault)), {}
    headers, kind = _headers(raw), _kind(raw.frame)
    crs = raw.frame.crs.name if isinstance(raw.frame, gpd.GeoDataFrame) and raw.frame.crs is not None else ""
    seen = Found(
        path=name, kind=kind, columns=dict.fromkeys(headers, ""), encoding=raw.encoding, crs=crs, rows=len(raw.frame)
    )
    scores = {
        one: _fit(path, layer, kind, (headers, raw.cut)) for one, layer in layer_specs().items() if not layer.derived
    }
    return seen, scores


def _every_field() -> tuple[Any, ...]:
    """Fields of all layers, so that the header row and the sheet are found whatever the table is."""
    every = {one.name: one for layer in layer_specs().values() for one in layer.fields}
    return tuple(every.values())


def _look_raster(path: Path, name: str) -> tuple[Found, dict[str, float]]:
    try:
        with rasterio.open(path) as source:
            crs, cells = source.crs.to_string() if source.crs else "", source.width * source.height
    except (RasterioError, OSError) as fault:
        return Found(path=name, note=str(fault)), {}
    rasters = [layer for layer in layer_specs().values() if layer.kind == "raster" and not layer.derived]
    seen = Found(path=name, kind="raster", crs=crs, rows=cells)
    return seen, {layer.name: _named(path, layer) for layer in rasters}


def _headers(raw: Delivered) -> list[str]:
    shapes = raw.frame.geometry.name if isinstance(raw.frame, gpd.GeoDataFrame) else None
    return [str(one) for one in raw.frame.columns if one != shapes]


def _kind(frame: Any) -> str:
    if not isinstance(frame, gpd.GeoDataFrame):
        return "table"
    kinds = frame.geometry.geom_type.dropna()
    return _KINDS.get(str(kinds.iloc[0]), "") if len(kinds) else ""


def _named(path: Path, spec: LayerSpec) -> float:
    """How much the file's name says that it is this layer, 0..2."""
    stem = path.stem.lower().removesuffix(".gdb")
    words = [spec.name, spec.name.rstrip("s"), spec.title.zh, spec.title.en.lower()]
    if any(word in stem for word in words):
        return 2.0
    close = max(SequenceMatcher(None, word, stem).ratio() for word in words)
    return close if close > 0.6 else 0.0


def _fit(path: Path, spec: LayerSpec, kind: str, headers: tuple[Sequence[str], bool]) -> float:
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
    named = _named(path, spec)
    own = [one for one in spec.fields if one.name in found and one.name not in {"code", "name"}]
    known = 0.2 * have if required else 0.5 * len(found)
    return named + known + 0.4 * len(own) / max(len(spec.fields), 1) + 0.2 * len(own)


def county_template(folder: str, found: Sequence[Found]) -> str:
    """Text of a commented county.toml for a folder of deliveries.

    Parameters
    ----------
    folder : str
        Name of the folder, which stands for the county's name until it is filled in.
    found : sequence of Found
        From `describe_folder`.

    Returns
    -------
    str
        One page of TOML: what must be filled in is marked, files that were not recognised are commented out.

    Examples
    --------
    >>> print(county_template("hequ", [Found(path="dem.tif", layer="dem", kind="raster", crs="EPSG:4490")]).splitlines()[-1])
    path = "dem.tif"
    """
    lines = [
        "# 县级自然灾害风险区划设置。先填带“填写”的各项，再运行：riskmap check .",
        "# Settings of a county. Fill in what says FILL IN, then run: riskmap check .",
        "",
        f'name = {{zh = "{_quoted(folder)}", en = "{_quoted(folder)}"}}    # 填写 FILL IN: county, in Chinese and English',
        'code = ""                # 填写 FILL IN: six digits (GB/T 2260), such as "140930"',
        'date = "2026-01-01"      # 填写 FILL IN: date of the edition, printed on every output',
        "cell_size_m = 30.0       # 分析格网 analysis cell, metres",
        f'units = "{_units(found)}"       # villages, townships, or grid30s (30 arc-second cells)',
        '# crs = "EPSG:4546"      # 分析坐标系 analysis system; by default the CGCS2000 3-degree zone of the county',
        '# output = "derived"',
    ]
    known = [one for one in found if one.layer]
    for one in sorted(known, key=lambda entry: list(layer_specs()).index(entry.layer)):
        lines += ["", *_table(one)]
    strange = [one for one in found if not one.layer]
    if strange:
        lines += ["", "# 未识别的文件 files that were not recognised (layers: " + ", ".join(_deliverable()) + ")"]
    for one in strange:
        lines.append(
            f"# {_quoted(one.path)}" + (f"    {' '.join(one.note.split())[:100]}" if one.note else f"    {one.kind}")
        )
    return "\n".join(lines) + "\n"


def _table(one: Found) -> list[str]:
    lines = [f"[layers.{one.layer}]", f'path = "{_quoted(one.path)}"']
    if one.columns:
        pairs = ", ".join(f'{name} = "{_quoted(header)}"' for name, header in one.columns.items())
        lines.append(f"# columns = {{{pairs}}}    # found by itself; needed only to change it")
    if one.encoding:
        lines.append(f"# encoding: {one.encoding}")
    if one.kind == "raster" and not one.crs:
        lines.append('crs = "EPSG:4490"    # 填写 FILL IN: the file states none')
    return lines


def _units(found: Sequence[Found]) -> str:
    layers = {one.layer for one in found}
    return next((name for name in ("villages", "townships") if name in layers), "grid30s")


def _deliverable() -> list[str]:
    return [name for name, layer in layer_specs().items() if not layer.derived]


def _quoted(text: str) -> str:
    return text.replace("\\", "/").replace('"', '\\"').replace("\n", " ")
