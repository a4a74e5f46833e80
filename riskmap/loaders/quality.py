"""Rules over the records of one layer: kinds of shape, places, keys, closed records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.loaders.quality_places import PLACE_RULES
from riskmap.loaders.quality_records import COLUMN_RULES
from riskmap.loaders.quality_shapes import SHAPE_RULES
from riskmap.loaders.quality_time import TIME_RULES
from riskmap.loaders.refusal import Refusal, shown
from riskmap.loaders.rules import Against, RecordRule
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text

__all__ = ["Against", "Checked", "check_records", "located"]

_REGIONAL = frozenset({"outline", "neighbours", "stations", "places"})
"""Layers that may lie outside the county."""

_DIVIDED = frozenset({"villages", "townships"})

_TOLD_ONLY = frozenset({"closed-record", "county-row"})
"""Rules whose records are right and yet not used."""

_DECLARED: Mapping[str, RecordRule] = {**COLUMN_RULES, **TIME_RULES, **PLACE_RULES, **SHAPE_RULES}
"""Rules that layers declare by name."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Checked:
    """Records that passed, and what the rules found.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Index is the row as a person counts it.
    findings : tuple of Finding
        In the order of the rules.
    """

    frame: Any
    findings: tuple[Finding, ...] = ()


_Rule = Callable[[Any, LayerSpec, Against], list[Finding]]


def check_records(frame: Any, spec: LayerSpec, *, against: Against, found: Sequence[Finding] = ()) -> Checked:
    """Apply the rules of a layer and leave out the records that break them.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Typed columns, analysis system, index the row as a person counts it.
    spec : LayerSpec
        Key, required fields, closed field.
    against : Against
        The county and its codes.
    found : sequence of Finding
        What was found while reading; rows with an error are left out first.

    Returns
    -------
    Checked
        `findings` holds the new ones only.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> table = pd.DataFrame({"code": ["1", "1"], "name": ["甲", "甲"]}, index=[2, 3])
    >>> got = check_records(table, layer_spec("yearbook"), against=Against())
    >>> len(got.frame), got.findings[0].rule, got.findings[0].row
    (1, 'duplicate-key', 3)
    """
    kept = _without(frame, found)
    findings: list[Finding] = []
    rules: tuple[_Rule, ...] = (
        _closed,
        _missing,
        _no_place,
        _outside,
        _duplicate_keys,
        _duplicate_places,
        _declared,
        _unknown_divisions,
    )
    for rule in rules:
        new = rule(kept, spec, against)
        findings += new
        dropped = [one for one in new if one.severity == "error" or (one.rule in _TOLD_ONLY and one.row is not None)]
        kept = _without(kept, [replace(one, severity="error") for one in dropped])
    return Checked(frame=kept, findings=tuple(_counted(findings)))


def _declared(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    """Rules of the layer's own table; those between layers come when all are read."""
    if not len(frame):
        return []
    return [
        one for rule in spec.rules if rule.rule in _DECLARED for one in _DECLARED[rule.rule](frame, spec, rule, against)
    ]


def _without(frame: Any, findings: Sequence[Finding]) -> Any:
    rows = {one.row for one in findings if one.severity == "error" and one.row is not None}
    return frame[~frame.index.isin(rows)] if rows else frame


def _counted(findings: list[Finding]) -> list[Finding]:
    """Closed records are told once, with their number."""
    closed = [one for one in findings if one.rule == "closed-record"]
    if not closed:
        return findings
    what = Text(
        f"{len(closed)} 条记录已销号，不参与现状风险",
        f"{len(closed)} closed records are no current risk and are left out",
    )
    return [
        replace(closed[0], row=None, value="", message=what),
        *[one for one in findings if one.rule != "closed-record"],
    ]


def _closed(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    del against
    if spec.closed_field not in frame:
        return []
    rows = frame.index[frame[spec.closed_field].fillna(False).astype(bool)]
    field = spec.field(spec.closed_field).title.zh
    cure = Text("无需处理", "nothing to do")
    return [
        _one("closed-record", "note", spec, int(row), at=("", field), what=Text("已销号", "closed"), cure=cure)
        for row in rows
    ]


def _missing(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    del against
    findings = []
    for field in spec.fields:
        if not field.required or field.name not in frame:
            continue
        values = frame[field.name]
        empty = values.isna() | (values == "") if field.dtype in {"text", "code"} else values.isna()
        what = Text(f"缺少必填项“{field.title.zh}”", f"has no {field.title.en}, which is required")
        cure = Text("补填后重新提交", "fill it in and deliver again")
        findings += [
            _one("missing-value", "error", spec, int(row), at=("", field.title.zh), what=what, cure=cure)
            for row in frame.index[empty]
        ]
    return findings


def _no_place(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    del against
    if not isinstance(frame, gpd.GeoDataFrame):
        return []
    empty = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    what = Text("没有可用的位置", "has no usable place")
    cure = Text("补充坐标或图形", "give coordinates or a shape")
    return [_one("no-place", "error", spec, int(row), at=("", ""), what=what, cure=cure) for row in frame.index[empty]]


def _outside(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    if against.area is None or not isinstance(frame, gpd.GeoDataFrame) or frame.empty or spec.name in _REGIONAL:
        return []
    county = shapely.union_all(against.area.geometry.to_numpy())
    shapely.prepare(county)
    shapes = frame.geometry.to_numpy()
    out = ~shapely.intersects(county, shapes)
    away = np.zeros(len(frame))
    away[out] = shapely.distance(county, shapes[out])
    out &= away > against.border_m
    if out.all():
        raise _all_outside(spec, away)
    if spec.kind != "point":
        return []
    cure = Text("核对坐标", "check the coordinates")
    return [
        _one("outside-county", "error", spec, int(row), at=("", "位置"), cure=cure,
             what=Text(f"在县界外 {metres / 1000:.2f} 千米", f"lies {metres / 1000:.2f} km outside the county"))
        for row, metres in zip(frame.index[out], away[out], strict=True)
    ]  # fmt: skip


def _all_outside(spec: LayerSpec, away: NDArray[np.float64]) -> Refusal:
    what = Text(
        f"全部 {len(away)} 条记录都在县界外，最近的相距 {away.min() / 1000:.1f} 千米",
        f"all {len(away)} records lie outside the county, the nearest {away.min() / 1000:.1f} km away",
    )
    cure = Text("检查坐标系和文件是否属于本县", "check the coordinate system, and that the file is of this county")
    return Refusal(spec.name, what, cure, rule="outside-county")


def _unknown_divisions(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    """Codes of villages and townships that the county does not have."""
    if against.divisions is None or spec.name in _DIVIDED:
        return []
    columns = [one for one in ("township_code", "village_code") if one in frame]
    columns += ["code"] if spec.name == "yearbook" else []
    cure = Text("核对代码，或用 [codes] 对照新旧代码", "check the code, or join old and new codes by [codes]")
    findings = []
    for column in columns:
        strange = frame[column][~frame[column].isin(against.divisions) & (frame[column] != "")]
        title = spec.field(column).title
        what = Text("本县的村和乡镇中没有这个代码", "no village or township of the county has this code")
        findings += [
            _one("unknown-division", "warning", spec, int(row), at=(code, title.zh), what=what, cure=cure)
            for row, code in strange.items()
        ]
    return findings


def _duplicate_keys(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    del against
    if spec.key not in frame:
        return []
    keys = frame[spec.key]
    again = keys.duplicated() & (keys != "")
    twice = keys[keys.isin(set(keys[again])) & ~keys.duplicated()] if again.any() else keys[:0]
    first = {value: row for row, value in twice.items()}
    field = spec.field(spec.key).title.zh
    cure = Text("每条记录用唯一的编号；重复的删除", "give each record its own code; remove repeated records")
    return [
        _one("duplicate-key", "error", spec, int(row), at=(value, field), what=Text(f"与第 {first[value]} 行的编号重复", f"repeats the code of row {first[value]}"), cure=cure)
        for row, value in keys[again].items()
    ]  # fmt: skip


def _duplicate_places(frame: Any, spec: LayerSpec, against: Against) -> list[Finding]:
    del against
    if spec.kind != "point" or "name" not in frame or not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return []
    shapes = frame.geometry.to_numpy()
    spots = pd.DataFrame(
        {"x": shapely.get_x(shapes).round(), "y": shapely.get_y(shapes).round(), "name": frame["name"]}
    )
    spots = spots.dropna()
    again = spots.index[(spots.duplicated() & (spots["name"] != "")).to_numpy()]
    what = Text("同一位置、同一名称已有一条记录", "another record has the same place and name")
    cure = Text("确认是否重复登记", "check whether it was entered twice")
    return [
        _one("duplicate-place", "warning", spec, int(row), at=(frame["name"][row], "名称"), what=what, cure=cure)
        for row in again
    ]


def _one(
    rule: str, severity: Any, spec: LayerSpec, row: int, *, at: tuple[Any, str], what: Text, cure: Text
) -> Finding:
    value, field = at
    return Finding(
        rule=rule, severity=severity, layer=spec.name, row=row, field=field, value=shown(value), message=what, cure=cure
    )


def located(findings: Sequence[Finding], frame: Any, spec: LayerSpec) -> tuple[Finding, ...]:
    """Add the record's key and place (WGS 84 degrees) to findings that name a row.

    Parameters
    ----------
    findings : sequence of Finding
        Of this layer.
    frame : DataFrame or GeoDataFrame
        All records, also those left out; index is the row.
    spec : LayerSpec
        Names the key.

    Returns
    -------
    tuple of Finding

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> seat = gpd.GeoDataFrame({"code": ["a"]}, geometry=gpd.points_from_xy([111.2], [39.4]), index=[5], crs=4490)
    >>> one = Finding(rule="r", severity="note", layer="shelters", row=5, message=Text("", ""), cure=Text("", ""))
    >>> located([one], seat, layer_spec("shelters"))[0].key
    'a'
    """
    rows = [one.row for one in findings if one.row is not None and one.row in frame.index]
    some = frame.loc[list(dict.fromkeys(rows))]
    keys = some[spec.key].to_dict() if spec.key in some else {}
    places: dict[int, tuple[float, float]] = {}
    if isinstance(some, gpd.GeoDataFrame) and some.crs is not None and len(some):
        middle = some.geometry.representative_point().to_crs(4326)
        places = {
            row: (x, y)
            for row, x, y in zip(some.index, middle.x, middle.y, strict=True)
            if np.isfinite(x) and np.isfinite(y)
        }
    return tuple(
        replace(one, key=one.key or str(keys.get(one.row, "")), lon=places.get(one.row, (None, None))[0], lat=places.get(one.row, (None, None))[1])
        if one.row is not None
        else one
        for one in findings
    )  # fmt: skip
