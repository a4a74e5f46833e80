"""Domains of a File GDB or GeoPackage: codes become the words that stand for them, ranges are held against."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from riskmap.loaders.archive import has_doctype
from riskmap.loaders.headers import match_columns
from riskmap.loaders.refusal import few, shown
from riskmap.loaders.units_of_measure import bounds_words
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["Domain", "decoded", "domains_of"]

_KEPT = frozenset({"code", "number", "integer", "date"})
"""Types of field whose values stay as they are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What the values of a column may be.

    Parameters
    ----------
    name : str
        As in the geodatabase.
    labels : mapping of str to str
        Code -> word; empty for a range.
    low, high : float, optional
        Ends of a range.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None


def domains_of(source: str | bytes, kind: str, layer: str) -> dict[str, Domain]:
    """Domains by column of one layer.

    Parameters
    ----------
    source : str
        Name for GDAL.
    kind : str
        ``"gdb"`` or ``"sqlite"``; others have none.
    layer : str
        Layer in it.

    Returns
    -------
    dict of str to Domain
        Subtypes of a File GDB count as a domain of their column. Empty where the definitions cannot be read.

    Examples
    --------
    >>> domains_of("a.shp", "shapefile", "a")
    {}
    """
    if kind not in {"gdb", "sqlite"}:
        return {}
    try:
        return dict(_geodatabase(source, layer) if kind == "gdb" else _geopackage(source, layer))
    except (DataSourceError, DataLayerError, ET.ParseError, KeyError, ValueError, RuntimeError):
        return {}


def _geodatabase(source: str | bytes, layer: str) -> Iterator[tuple[str, Domain]]:
    how = {"columns": ["Name", "Definition"], "read_geometry": False, "use_arrow": False}
    table = pyogrio.read_dataframe(source, layer="GDB_Items", **how)
    known, columns, subtypes = {}, {}, None
    for name, text in zip(table["Name"], table["Definition"], strict=True):
        if not isinstance(text, str) or has_doctype(text.encode("utf-8", "replace")):
            continue
        root = ET.fromstring(text)  # noqa: S314 - no document type, so no entities
        if "Domain" in root.tag:
            known[_said(root, "DomainName")] = _domain(root)
        elif name == layer:
            infos = list(root.iter("GPFieldInfoEx"))
            columns = {_said(one, "Name"): _said(one, "DomainName") for one in infos}
            subtypes = (_said(root, "SubtypeFieldName"), root)
    for column, domain in columns.items():
        if domain in known:
            yield column, known[domain]
    if subtypes and subtypes[0]:
        pairs = {_said(one, "SubtypeCode"): _said(one, "SubtypeName") for one in subtypes[1].iter("Subtype")}
        yield subtypes[0], Domain(name=subtypes[0], labels=pairs)


def _said(root: ET.Element, tag: str) -> str:
    return (root.findtext(f".//{tag}") or "").strip()


def _domain(root: ET.Element) -> Domain:
    name = _said(root, "DomainName")
    if "CodedValue" in root.tag:
        pairs = {_number_text(_said(one, "Code")): _said(one, "Name") for one in root.iter("CodedValue")}
        return Domain(name=name, labels=pairs)
    return Domain(name=name, low=_number(_said(root, "MinValue")), high=_number(_said(root, "MaxValue")))


def _geopackage(source: str | bytes, layer: str) -> Iterator[tuple[str, Domain]]:
    query = (
        "SELECT c.table_name AS layer, c.column_name AS col, k.* FROM gpkg_data_columns c "
        "JOIN gpkg_data_column_constraints k ON c.constraint_name = k.constraint_name"
    )
    rows = pyogrio.read_dataframe(source, sql=query, read_geometry=False, use_arrow=False)
    rows = rows[rows["layer"] == layer]
    for column, group in rows.groupby("col", sort=False):
        name = str(group["constraint_name"].iloc[0])
        if (group["constraint_type"] == "enum").all():
            labels = {
                str(code): str(word) for code, word in zip(group["value"], group["description"], strict=True) if word
            }
            yield str(column), Domain(name=name, labels=labels)
        elif (group["constraint_type"] == "range").all():
            yield str(column), Domain(name=name, low=_number(group["min"].iloc[0]), high=_number(group["max"].iloc[0]))


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None


def _number_text(code: str) -> str:
    number = _number(code)
    return shown(number) if number is not None and "." in code else code


def decoded(frame: Any, spec: LayerSpec, domains: Mapping[str, Domain]) -> tuple[Any, list[Finding]]:
    """Put words in place of codes, and hold numbers against ranges.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        As delivered.
    spec : LayerSpec
        Columns that are read as codes, numbers or dates keep their values.
    domains : mapping of str to Domain
        By column.

    Returns
    -------
    frame : DataFrame or GeoDataFrame
        New; values that a domain does not know stay as they are.
    findings : list of Finding
        One note for each decoded column; a warning for each value that its domain does not allow.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> table = pd.DataFrame({"结构": [1.0, 9.0]}, index=[1, 2])
    >>> got, found = decoded(table, layer_spec("buildings"), {"结构": Domain(name="结构", labels={"1": "砌体"})})
    >>> got["结构"].tolist(), found[0].row
    (['砌体', '9'], 2)
    """
    types = {one.name: one.dtype for one in spec.fields}
    read = {
        header: types.get(name, "") for name, header in match_columns(list(map(str, frame.columns)), spec).found.items()
    }
    findings: list[Finding] = []
    for column, domain in domains.items():
        if column not in frame:
            continue
        texts = frame[column].map(shown, na_action="ignore")
        allowed = _listed(domain)
        bad = texts.notna() & (~texts.isin(list(domain.labels)) if domain.labels else ~_between(frame[column], domain))
        what = Text(f"不在域“{domain.name}”中", f"is not in the domain '{domain.name}'")
        findings += [
            Finding(rule="not-in-domain", severity="warning", layer=spec.name, row=int(row), field=column, value=value,
                    message=what, cure=Text(f"允许：{allowed.zh}", f"allowed: {allowed.en}"))
            for row, value in texts[bad].items()
        ]  # fmt: skip
        if domain.labels and read.get(column, "") not in _KEPT:
            frame = frame.assign(**{column: texts.map(lambda one: domain.labels.get(one, one), na_action="ignore")})  # noqa: B023
            findings.append(_told(spec, column, domain))
    return frame, findings


def _listed(domain: Domain) -> Text:
    if domain.labels:
        pairs = few(f"{code} {word}" for code, word in domain.labels.items())
        return Text(pairs, pairs)
    words = bounds_words(domain.low, domain.high) if (domain.low, domain.high) != (None, None) else Text("", "")
    return Text(words.zh.strip(), words.en)


def _between(cells: pd.Series, domain: Domain) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce")
    low = -np.inf if domain.low is None else domain.low
    high = np.inf if domain.high is None else domain.high
    return numbers.isna() | numbers.between(low, high)


def _told(spec: LayerSpec, column: str, domain: Domain) -> Finding:
    what = Text(
        f"“{column}”的代码已按域“{domain.name}”换成文字",
        f"codes of '{column}' became words by the domain '{domain.name}'",
    )
    cure = Text("无需处理", "nothing to do")
    return Finding(
        rule="domain-decoded", severity="note", layer=spec.name, field=column, message=what, cure=cure, mended=True
    )
