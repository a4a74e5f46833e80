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
from riskmap.loaders.county_words import choices, nearest, no_date, not_a_class
from riskmap.loaders.inside import leads_out, roots_of
from riskmap.loaders.kinds import FOREIGN_SUFFIXES, export_step
from riskmap.loaders.units_of_measure import factor
from riskmap.model.county import Confirmation
from riskmap.model.layers import LayerSpec
from riskmap.model.text import Text
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

_KINDS = {"raster": "栅格", "table": "表格", "polygon": "面", "line": "线", "point": "点"}
_UNITS = ("villages", "townships", "grid30s")
_AREAL = ("townships", "villages", "outline")
_PLACES = ("lon", "lat")


def check_settings(raw: Mapping[str, Any], folder: Path) -> list[Text]:
    """Find what the types of single keys cannot tell.

    Parameters
    ----------
    raw : mapping
        Tables of ``county.toml``, not yet validated (wrong types are passed over here).
    folder : Path
        Where the file stands; paths are relative to it.

    Returns
    -------
    list of Text
        One line per fault, with the key, the value, what is allowed and the cure.

    Examples
    --------
    >>> check_settings({"units": "towns", "date": "2026-01-01"}, Path("."))[0].en
    "units: 'towns'; nearest: townships; allowed: villages, townships, grid30s"
    """
    faults: list[Text] = []
    checks: tuple[Callable[[Mapping[str, Any], Path], Iterator[Text]], ...] = (
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


def _basics(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:
    units = raw.get("units", "villages")
    if isinstance(units, str) and units not in _UNITS:
        names = choices(units, _UNITS)
        yield Text(f"units：{units!r}{names.zh}", f"units: {units!r}{names.en}")
    if isinstance(raw.get("date"), str):
        try:
            date.fromisoformat(raw["date"])
        except ValueError:
            yield no_date("date", raw["date"])
    if isinstance(raw.get("crs"), str) and raw["crs"]:
        try:
            metric_crs(raw["crs"])
        except RiskmapError as fault:
            yield Text(f"crs：{fault.zh}", f"crs: {fault.en}")
    if isinstance(raw.get("output"), str):
        target = (folder / raw["output"]).resolve()
        if folder.resolve().is_relative_to(target):
            yield Text(
                f'output：{raw["output"]!r} 就是 county.toml 所在的文件夹；请另给一个文件夹，如 "derived"',
                f'output: {raw["output"]!r} holds county.toml itself; give a folder of its own, such as "derived"',
            )


def _layers(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:
    known = {name: one for name, one in layer_specs().items() if not one.derived}
    for name, entry in _tables(raw.get("layers")):
        where = f"layers.{name}"
        if name in known:
            yield from _entry(where, entry, known[name])
        elif name in layer_specs():
            yield Text(
                f"{where}：该图层由高程自动推算；请删去这一段",
                f"{where}: riskmap makes this layer from the elevation itself; remove the table",
            )
        else:
            names = choices(name, known)
            yield Text(f"{where}：没有这个图层{names.zh}", f"{where}: unknown layer{names.en}")
        yield from _file(where, entry, folder, roots_of(raw, folder))


def _entry(where: str, entry: Mapping[str, Any], spec: LayerSpec) -> Iterator[Text]:
    names = [one.name for one in spec.fields] + (list(_PLACES) if spec.kind == "point" else [])
    for column in _mapping(entry.get("columns")):
        if column not in names:
            near, at = choices(column, names), f"{where}.columns.{column}"
            yield Text(f"{at}：没有这个字段{near.zh}", f"{at}: unknown column{near.en}")
    for column, unit in _mapping(entry.get("units")).items():
        if column in names and isinstance(unit, str):
            wanted = spec.field(column).unit if column not in _PLACES else ""
            if factor(unit, wanted) is None:
                at = f"{where}.units.{column}"
                yield Text(
                    f"{at}：{unit!r} 不能换算为{wanted or '该字段的单位'}",
                    f"{at}: {unit!r} is no unit that becomes {wanted or 'this column'}",
                )
    suffix = Path(str(entry.get("path", ""))).suffix.lower()
    allowed = (*FORMATS[spec.kind], *(FORMATS["table"] if spec.name in _AREAL[:2] else ()))
    if suffix and suffix not in allowed:
        step = export_step(FOREIGN_SUFFIXES.get(suffix, ""))
        cure = Text(f"（{step.zh}）", f" ({step.en})") if step else Text("", "")
        kinds = ", ".join(dict.fromkeys(allowed))
        yield Text(
            f"{where}.path：{suffix} 文件不能作为{_KINDS[spec.kind]}图层读取{cure.zh}；可用：{kinds}",
            f"{where}.path: {suffix} files are not read as {spec.kind} layers{cure.en}; allowed: {kinds}",
        )
    if spec.kind == "raster" and entry.get("shift"):
        yield Text(
            f"{where}.shift：只有矢量图层和表可以纠正偏移；栅格请由提供部门纠正",
            f"{where}.shift: only vector layers and tables are shifted back; have the raster warped",
        )
    yield from _reading(where, entry)


def _reading(where: str, entry: Mapping[str, Any]) -> Iterator[Text]:
    encoding, crs = entry.get("encoding"), entry.get("crs")
    if isinstance(encoding, str) and encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            yield Text(
                f"{where}.encoding：没有 {encoding!r} 这种编码；可用：UTF-8、GB18030、GBK，或不写",
                f"{where}.encoding: {encoding!r} is unknown; allowed: UTF-8, GB18030, GBK, or leave it out",
            )
    if isinstance(crs, str) and crs:
        try:
            CRS.from_user_input(crs)
        except CRSError:
            yield Text(
                f'{where}.crs：{crs!r} 不是坐标系；请写 EPSG 代码，如 "EPSG:4490"',
                f'{where}.crs: {crs!r} is no coordinate system; give an EPSG code such as "EPSG:4490"',
            )


def _file(where: str, entry: Mapping[str, Any], folder: Path, roots: Sequence[Path]) -> Iterator[Text]:
    text = entry.get("path")
    if not isinstance(text, str) or not text:
        return
    if "\0" in text:
        yield Text(
            f"{where}.path：{text!r} 含空字符；请写文件名",
            f"{where}.path: {text!r} holds a NUL; write the plain file name",
        )
        return
    path = folder / text
    if out := leads_out(path, roots):
        cure = f"outside = [{Path(out).parent.as_posix()!r}]"
        yield Text(
            f"{where}.path：“{text}”在县文件夹之外（{out}）；请把文件复制到县文件夹，或写明可以读取的文件夹：{cure}",
            f"{where}.path: {text!r} leads out of the county's folder, to {out!r}; copy the file into the folder, or "
            f"name the folder that may be read: {cure}",
        )
    elif path.is_dir() and path.suffix.lower() != ".gdb":
        yield Text(
            f"{where}.path：“{text}”是文件夹；请写其中的文件",
            f"{where}.path: {text!r} is a folder; name the file in it",
        )
    elif not path.exists():
        why = _not_there(path, text, folder)
        yield Text(f"{where}.path：找不到文件“{text}”；{why.zh}", f"{where}.path: file not found {text!r}; {why.en}")


def _not_there(path: Path, text: str, folder: Path) -> Text:
    if "\\" in text and (folder / text.replace("\\", "/")).exists():
        return Text("请用 / 代替 \\", "write / in place of \\")
    if not path.parent.is_dir():
        parent = path.parent.as_posix()
        return Text(f"没有文件夹“{parent}”", f"there is no folder {parent!r}")
    there = sorted(one.name for one in path.parent.iterdir())
    near, rest = nearest(path.name, there), len(there) - 8
    zh = "、".join(there[:8]) + (f"，另有 {rest} 个" if rest > 0 else "")
    en = ", ".join(there[:8]) + (f" and {rest} more" if rest > 0 else "")
    return Text(f"该文件夹里有 {zh or '（空）'}{near.zh}", f"in that folder there is {en or 'nothing'}{near.en}")


def _given(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:
    for name, entry in _tables(raw.get("given")):
        where = f"given.{name}"
        yield from _file(where, entry, folder, roots_of(raw, folder))
        yield from _reading(where, entry)
        kind = entry.get("kind")
        if kind in {"polygon", "table"} and not entry.get("field"):
            yield Text(
                f"{where}.field：缺少；请写等级所在的列",
                f"{where}.field: missing; name the column that holds the class",
            )
        if kind == "table" and not entry.get("key"):
            yield Text(
                f"{where}.key：缺少；请写单元代码所在的列",
                f"{where}.key: missing; name the column that holds the unit code",
            )
        scheme = entry.get("scheme")
        if not isinstance(scheme, str) or not scheme:
            continue
        try:
            size = book().scheme(scheme).size
        except StandardError as fault:
            yield Text(f"{where}.scheme：{fault.zh}", f"{where}.scheme: {fault.en}")
            continue
        yield from _classes(where, entry, size)


def _classes(where: str, entry: Mapping[str, Any], size: int) -> Iterator[Text]:
    scores = entry.get("scores")
    if isinstance(scores, list):
        if len(scores) != size:
            yield Text(
                f"{where}.scores：{len(scores)} 个数；分级 {entry['scheme']!r} 有 {size} 级，请给 {size} 个",
                f"{where}.scores: {len(scores)} numbers; scheme {entry['scheme']!r} has {size} classes: give {size}",
            )
        for value in scores:
            if isinstance(value, int | float) and not 0 <= value <= 1:
                yield Text(f"{where}.scores：{value}；可用：0 至 1", f"{where}.scores: {value}; allowed: 0 to 1")
    for text, code in _mapping(entry.get("classes")).items():
        if isinstance(code, int) and not 1 <= code <= size:
            yield not_a_class(f"{where}.classes.{text}", code, size)


def _scoring(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:
    scoring = _mapping(raw.get("scoring"))
    scheme, profile = scoring.get("scheme"), scoring.get("profile")
    if isinstance(scheme, str) and scheme not in book().schemes:
        schemes = book().schemes
        names = choices(scheme, schemes)
        yield Text(f"scoring.scheme：{scheme!r}{names.zh}", f"scoring.scheme: {scheme!r}{names.en}")
    if isinstance(profile, str) and profile not in book().profiles:
        if out := leads_out(folder / profile, roots_of(raw, folder)):
            yield Text(
                f"scoring.profile：{profile!r} 在县文件夹之外（{out}）；请复制到县文件夹",
                f"scoring.profile: {profile!r} leads out of the county's folder, to {out!r}; copy it into the folder",
            )
        elif not (folder / profile).is_file():
            known = ", ".join(book().profiles) or "none"
            yield Text(
                f"scoring.profile：{profile!r} 既不是已有的评分方案（{known}），也不是 county.toml 旁的文件",
                f"scoring.profile: {profile!r} is neither a profile ({known}) nor a file beside county.toml",
            )
    rows, themes = scoring.get("pairwise"), scoring.get("themes")
    if isinstance(rows, list) and rows:
        count = len(themes) if isinstance(themes, list) else 0
        if len(rows) != count or any(not isinstance(row, list) or len(row) != count for row in rows):
            yield Text(
                f"scoring.pairwise：请给 {count} × {count} 的数字方阵，次序同 scoring.themes",
                f"scoring.pairwise: give a square of {count} x {count} numbers, in the order of scoring.themes",
            )


def _confirmations(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:  # noqa: ARG001 - one signature for all checks
    entries = {}
    names = [*book().schemes, *book().thresholds]
    for key, entry in _tables(raw.get("standards")):
        if key not in names:
            listed, near = ", ".join(book().schemes), nearest(key, names)
            near = near if near.en else Text(f"；分级有 {listed}", f"; class schemes are {listed}")
            yield Text(
                f"standards.{key}：没有这个分级或阈值{near.zh}",
                f"standards.{key}: no scheme or threshold is called so{near.en}",
            )
            continue
        try:
            entries[key] = TypeAdapter(Confirmation).validate_python(entry)
        except ValidationError:
            continue  # told by the types of the keys
    try:
        confirmed(book(), entries)
    except StandardError as fault:
        told = fault.faults or (str(fault),)
        yield from (Text(*one) for one in zip(told, told, strict=True))


def _code_table(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:
    if isinstance(raw.get("codes"), dict):
        yield from _file("codes", raw["codes"], folder, roots_of(raw, folder))


def _compared(raw: Mapping[str, Any], folder: Path) -> Iterator[Text]:
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
