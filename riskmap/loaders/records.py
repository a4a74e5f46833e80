"""One delivered vector file or table -> typed records, before the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from riskmap.loaders.codes import CodeJoin, division_codes
from riskmap.loaders.delivered import Delivered
from riskmap.loaders.headers import ColumnMap, match_columns
from riskmap.loaders.place import from_columns, in_crs, with_order
from riskmap.loaders.quality import Against
from riskmap.loaders.refusal import Refusal, few, shown
from riskmap.loaders.shapes import right_shapes
from riskmap.loaders.shifted import without_shift
from riskmap.loaders.system import Box, with_crs
from riskmap.loaders.table import is_table, read_table
from riskmap.loaders.units_of_measure import unit_words
from riskmap.loaders.values import read_column
from riskmap.loaders.vector import read_vector
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["Records", "Where", "deliver", "read_records"]

_UNSTATED = frozenset({"m2", "yuan", "hm2", "km2"})
"""Units of which Chinese tables use several (亩, 万元, 公顷): a header without one is told."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Where:
    """What is known of the county when a layer is read.

    Parameters
    ----------
    folder : Path
        Of ``county.toml``.
    crs : CRS, optional
        Analysis system; None while the outline itself is read (then layers stay in their own).
    near : tuple of float, optional
        Extent of the county, degrees.
    against : Against
        The county's area in the analysis system, and its codes.
    codes : CodeJoin
        Old division codes -> new ones.
    """

    folder: Path
    crs: Any = None
    near: Box | None = None
    against: Against = field(default_factory=Against)
    codes: CodeJoin = field(default_factory=CodeJoin)


def deliver(path: Path, spec: LayerSpec, entry: LayerEntry) -> Delivered:
    """Read a file by its kind, before any check.

    Parameters
    ----------
    path : Path
        The file.
    spec : LayerSpec
        What it should be.
    entry : LayerEntry
        How ``county.toml`` says to read it.

    Returns
    -------
    Delivered

    Raises
    ------
    LayerError
        It cannot be read.

    Examples
    --------
    >>> deliver.__name__
    'deliver'
    """
    if is_table(path):
        return read_table(path, spec, sheet=entry.sheet, encoding=entry.encoding, columns=entry.columns)
    return read_vector(path, spec, layer=entry.layer, encoding=entry.encoding, columns=entry.columns)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """Records of one layer as they were read, before the rules leave any out.

    Parameters
    ----------
    raw : Delivered
        What the file holds, the records that ``only`` names.
    columns : ColumnMap
        Which header is which field.
    frame : DataFrame or GeoDataFrame
        Typed columns under their own names; index is the row as a person counts it.
    crs : str
        Coordinate system of the delivery, in words.
    findings : tuple of Finding
        What was found while reading.
    """

    raw: Delivered
    columns: ColumnMap
    frame: Any
    crs: str = ""
    findings: tuple[Finding, ...] = ()


def read_records(
    entry: LayerEntry, spec: LayerSpec, *, where: Where, also: Sequence[str] = (), placed: bool = True
) -> Records:
    """Read one vector layer or table and type its columns; no record is left out.

    Parameters
    ----------
    entry, spec, where, also, placed
        As in `read_layer`.

    Returns
    -------
    Records

    Raises
    ------
    LayerError
        The layer cannot be used: unreadable, empty, required columns missing.

    Examples
    --------
    >>> import tempfile
    >>> from riskmap.standards import layer_spec
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "y.csv").write_text("乡镇代码,GDP(万元)\\n140930100,5\\n", encoding="utf-8")
    ...     got = read_records(LayerEntry(path="y.csv"), layer_spec("yearbook"), where=Where(folder=Path(folder)))
    >>> got.columns.found["gdp_yuan"], got.frame["gdp_yuan"].tolist()
    ('GDP(万元)', [50000.0])
    """
    path = where.folder / entry.path
    raw, chosen = _only(deliver(path, spec, entry), entry, spec)
    if not len(raw.frame):
        raise Refusal(
            path.name,
            Text("图层没有记录", "the layer has no records"),
            Text("补交数据", "deliver the records"),
            rule="empty-layer",
        )
    headers = [str(one) for one in raw.frame.columns if one != _geometry(raw.frame)]
    columns = match_columns(headers, spec, columns=entry.columns, units=entry.units, cut=raw.cut)
    findings = [*raw.findings, *chosen, *_column_findings(columns, headers, spec, path.name)]
    frame, crs_label, more = _shapes(raw.frame, columns, spec, (entry, where, tuple(also), placed))
    findings += more
    table, more = _typed(frame, columns, spec, entry)
    findings += more
    table, more = _numbered(table, spec)
    findings += more
    table, more = division_codes(table, spec, where.codes)
    findings += more
    return Records(raw=raw, columns=columns, frame=table, crs=crs_label, findings=tuple(findings))


def _only(raw: Delivered, entry: LayerEntry, spec: LayerSpec) -> tuple[Delivered, list[Finding]]:
    """Keep the records that ``only`` names, give them what ``every`` says; tell how many are passed over."""
    raw = replace(raw, frame=raw.frame.assign(**entry.every))
    keep = pd.Series(True, index=raw.frame.index)
    for column, texts in entry.only.items():
        if column not in raw.frame:
            what = Text(f"没有 only 中写的列“{column}”", f"has no column '{column}', which only in county.toml names")
            headers = [one for one in raw.frame.columns if one != _geometry(raw.frame)]
            cure = Text(f"文件中有：{few(headers, most=20)}", f"the file has {few(headers, most=20)}")
            raise Refusal(entry.path, what, cure, rule="missing-column")
        keep &= raw.frame[column].map(shown).isin(texts)
    if keep.all():
        return raw, []
    if not keep.any():
        held = few(pd.unique(raw.frame[next(iter(entry.only))].map(shown)))
        what = Text("没有符合 only 的记录", "no record is one of those that only names")
        cure = Text(f"该列的值有：{held}", f"the column holds {held}")
        raise Refusal(entry.path, what, cure, rule="empty-layer")
    gone = int((~keep).sum())
    what = Text(f"按 only 略去 {gone} 条记录", f"{gone} records are passed over by only")
    return replace(raw, frame=raw.frame[keep]), [_layer_finding("not-chosen", "note", spec, what, key="only")]


def _numbered(table: Any, spec: LayerSpec) -> tuple[Any, list[Finding]]:
    """Records without codes are known by their rows."""
    if not spec.key or spec.key in table:
        return table, []
    title = spec.field(spec.key).title
    what = Text(f"没有{title.zh}列，以行号作编号", f"has no column for {title.en}; row numbers serve instead")
    table = table.assign(**{spec.key: table.index.astype(str)})
    return table, [_layer_finding("no-key", "warning", spec, what, key="columns")]


def _geometry(frame: Any) -> Any:
    return frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None


def _column_findings(columns: ColumnMap, headers: list[str], spec: LayerSpec, where: str) -> list[Finding]:
    """Headers that county.toml names in vain or that required fields lack stop the layer; others are told."""
    gone = [one for one in spec.fields if one.required and one.name not in columns.found]
    wrong = [
        Text(f"没有 columns 中写的列“{one}”", f"has no column '{one}', which columns in county.toml names")
        for one in columns.absent
    ]
    wrong += [
        Text(f"缺少必需的列“{one.title.zh}”", f"has no column for {one.title.en} ({one.title.zh}), which is required")
        for one in gone
    ]
    if wrong:
        near = {name for one in gone for name in get_close_matches(one.title.zh, headers, n=1, cutoff=0.4)}
        hint = f"; nearest: {few(near)}" if near else ""
        what = Text("；".join(one.zh for one in wrong), "; ".join(one.en for one in wrong))
        cure = Text(
            f"在 county.toml 的 columns 中写明对应的列；文件中有：{few(headers, most=20)}",
            f"name the right column under columns in county.toml; the file has {few(headers, most=20)}{hint}",
        )
        raise Refusal(where, what, cure, rule="missing-column")
    findings = []
    for header, means in columns.ambiguous.items():
        what = Text(f"列“{header}”可能是 {few(means)}，没有读取", f"column '{header}' could be {few(means)}; not read")
        findings.append(_layer_finding("ambiguous-column", "warning", spec, what, key="columns"))
    for one in spec.fields:
        if one.unit in _UNSTATED and one.name in columns.found and one.name not in columns.units:
            header = columns.found[one.name]
            if header != one.name:
                what = Text(
                    f"列“{header}”没有写单位，按{unit_words(one.unit).zh}读取",
                    f"column '{header}' states no unit; read as {unit_words(one.unit).en}",
                )
                findings.append(_layer_finding("unit-not-stated", "warning", spec, what, key="units"))
    if columns.unused:
        what = Text(
            f"没有用到的列：{few(columns.unused, most=20)}",
            f"columns that are not used: {few(columns.unused, most=20)}",
        )
        findings.append(_layer_finding("unused-columns", "note", spec, what, key="columns"))
    return findings


def _layer_finding(rule: str, severity: Any, spec: LayerSpec, what: Text, *, key: str) -> Finding:
    cure = Text(f"如需改变，在 county.toml 的 {key} 中写明", f"if this is wrong, say so under {key} in county.toml")
    return Finding(rule=rule, severity=severity, layer=spec.name, message=what, cure=cure)


def _shapes(
    frame: Any, columns: ColumnMap, spec: LayerSpec, how: tuple[LayerEntry, Where, tuple[str, ...], bool]
) -> tuple[Any, str, list[Finding]]:
    """Give records their shapes in the analysis system; tables stay tables."""
    entry, where, also, placed = how
    if spec.kind == "table":
        return pd.DataFrame(frame.drop(columns=_geometry(frame) or [])), "", []
    findings: list[Finding] = []
    if not isinstance(frame, gpd.GeoDataFrame):
        if not placed and not {"lon", "lat"} <= set(columns.found):
            return frame, "", []
        if spec.kind != "point" and not {"lon", "lat"} <= set(columns.found):
            want = Text("文件没有图形", "the file holds no shapes")
            raise Refusal(entry.path, want, Text("提交矢量图层", "deliver a vector layer"), rule="wrong-kind")
        frame, findings = from_columns(frame, columns.found, layer=spec.name)
    frame, more = with_crs(frame, layer=spec.name, declared=entry.crs, near=where.near)
    label = f"{frame.crs.name}" + (f" (EPSG:{frame.crs.to_epsg()})" if frame.crs.to_epsg() else "")
    frame, swapped = with_order(frame, layer=spec.name, near=where.near)
    if entry.shift:
        frame, gone = without_shift(frame, layer=spec.name, shift=entry.shift)
        label, more = f"{label} {entry.shift}", [*more, gone]
    frame, mended = right_shapes(frame, spec, also=also)
    if where.crs is not None:
        frame = in_crs(frame, where.crs)
    return frame, label, [*findings, *more, *swapped, *mended]


def _typed(frame: Any, columns: ColumnMap, spec: LayerSpec, entry: LayerEntry) -> tuple[Any, list[Finding]]:
    """Columns of the spec under their own names, in its order, typed."""
    findings: list[Finding] = []
    table: dict[str, pd.Series] = {}
    for one in spec.fields:
        if one.name in columns.found:
            cells = frame[columns.found[one.name]]
            unit: Mapping[str, str] = columns.units
            table[one.name], more = read_column(
                cells, one, layer=spec.name, unit=unit.get(one.name, ""), missing=entry.missing
            )
            findings += more
    data = pd.DataFrame(table, index=frame.index)
    if isinstance(frame, gpd.GeoDataFrame):
        return gpd.GeoDataFrame(
            data, geometry=gpd.GeoSeries(frame.geometry.to_numpy(), index=frame.index, crs=frame.crs)
        ), findings
    return data, findings
