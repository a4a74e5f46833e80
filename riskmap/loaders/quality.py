"""Rules over the records of one layer: kinds of shape, places, keys, closed records."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.loaders.refusal import Refusal, shown
from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text
from riskmap.spatial import repair

__all__ = ["Checked", "check_records", "located", "right_shapes"]

_KINDS = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}
_KIND_WORDS = {"point": Text("点", "points"), "line": Text("线", "lines"), "polygon": Text("面", "polygons")}
_NEIGHBOURLY = frozenset(
    {"outline", "neighbours", "stations", "streams", "roads", "faults", "lithology", "places", "dem"}
)
"""Layers that may well reach over the county's border."""


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


_Rule = Callable[[Any, LayerSpec, gpd.GeoDataFrame | None], list[Finding]]


def check_records(
    frame: Any, spec: LayerSpec, *, area: gpd.GeoDataFrame | None, found: Sequence[Finding] = ()
) -> Checked:
    """Apply the rules of a layer and leave out the records that break them.

    Parameters
    ----------
    frame : DataFrame or GeoDataFrame
        Typed columns, analysis system, index the row as a person counts it.
    spec : LayerSpec
        Key, required fields, closed field.
    area : GeoDataFrame, optional
        The county, same system.
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
    >>> got = check_records(table, layer_spec("yearbook"), area=None)
    >>> len(got.frame), got.findings[0].rule, got.findings[0].row
    (1, 'duplicate-key', 3)
    """
    kept = _without(frame, found)
    findings: list[Finding] = []
    rules: tuple[_Rule, ...] = (_closed, _missing, _no_place, _outside, _duplicate_keys, _duplicate_places)
    for rule in rules:
        new = rule(kept, spec, area)
        findings += new
        dropped = [
            one for one in new if one.severity == "error" or (one.rule == "closed-record" and one.row is not None)
        ]
        kept = _without(kept, [replace(one, severity="error") for one in dropped])
    return Checked(frame=kept, findings=tuple(_counted(findings)))


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


def _closed(frame: Any, spec: LayerSpec, area: gpd.GeoDataFrame | None) -> list[Finding]:
    del area
    if spec.closed_field not in frame:
        return []
    rows = frame.index[frame[spec.closed_field].fillna(False).astype(bool)]
    field = spec.field(spec.closed_field).title.zh
    cure = Text("无需处理", "nothing to do")
    return [
        _one("closed-record", "note", spec, int(row), at=("", field), what=Text("已销号", "closed"), cure=cure)
        for row in rows
    ]


def _missing(frame: Any, spec: LayerSpec, area: gpd.GeoDataFrame | None) -> list[Finding]:
    del area
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


def _no_place(frame: Any, spec: LayerSpec, area: gpd.GeoDataFrame | None) -> list[Finding]:
    del area
    if not isinstance(frame, gpd.GeoDataFrame):
        return []
    empty = (frame.geometry.isna() | frame.geometry.is_empty).to_numpy()
    what = Text("没有可用的位置", "has no usable place")
    cure = Text("补充坐标或图形", "give coordinates or a shape")
    return [_one("no-place", "error", spec, int(row), at=("", ""), what=what, cure=cure) for row in frame.index[empty]]


def _outside(frame: Any, spec: LayerSpec, area: gpd.GeoDataFrame | None) -> list[Finding]:
    if area is None or not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return []
    county = shapely.union_all(area.geometry.to_numpy())
    shapely.prepare(county)
    shapes = frame.geometry.to_numpy()
    out = ~shapely.intersects(county, shapes)
    if spec.kind != "point" and not out.all():
        return []
    if (
        not out.any()
        or (spec.name in _NEIGHBOURLY and not out.all())
        or spec.name in {"neighbours", "stations", "places"}
    ):
        return []
    away = shapely.distance(county, shapes[out]) / 1000
    if out.all():
        what = Text(
            f"全部 {len(frame)} 条记录都在县界外，最近的相距 {away.min():.1f} 千米",
            f"all {len(frame)} records lie outside the county, the nearest {away.min():.1f} km away",
        )
        raise Refusal(
            spec.name,
            what,
            Text("检查坐标系和文件是否属于本县", "check the coordinate system, and that the file is of this county"),
            rule="outside-county",
        )
    cure = Text("核对坐标", "check the coordinates")
    return [
        _one(
            "outside-county",
            "error",
            spec,
            int(row),
            at=("", "位置"),
            what=Text(f"在县界外 {km:.2f} 千米", f"lies {km:.2f} km outside the county"),
            cure=cure,
        )
        for row, km in zip(frame.index[out], away, strict=True)
    ]


def _duplicate_keys(frame: Any, spec: LayerSpec, area: gpd.GeoDataFrame | None) -> list[Finding]:
    del area
    if spec.key not in frame:
        return []
    keys = frame[spec.key]
    again = keys.duplicated() & (keys != "")
    first = {value: row for row, value in keys[~keys.duplicated()].items()}
    field = spec.field(spec.key).title.zh
    cure = Text("每条记录用唯一的编号；重复的删除", "give each record its own code; remove repeated records")
    return [
        _one("duplicate-key", "error", spec, int(row), at=(value, field), what=Text(f"与第 {first[value]} 行的编号重复", f"repeats the code of row {first[value]}"), cure=cure)
        for row, value in keys[again].items()
    ]  # fmt: skip


def _duplicate_places(frame: Any, spec: LayerSpec, area: gpd.GeoDataFrame | None) -> list[Finding]:
    del area
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


def right_shapes(
    frame: gpd.GeoDataFrame, spec: LayerSpec, *, also: Sequence[str] = ()
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Bring shapes to the kind that the layer asks for, and mend broken ones.

    Parameters
    ----------
    frame : GeoDataFrame
        As delivered.
    spec : LayerSpec
        Its `kind`.
    also : sequence of str
        Other kinds that are taken as they are.

    Returns
    -------
    frame : GeoDataFrame
        Polygons of a point layer become points inside them; broken polygons are mended.
    findings : list of Finding
        Mended shapes.

    Raises
    ------
    LayerError
        Most shapes are of a kind that cannot be used.

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> site = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 2, 2)], index=[1])
    >>> right_shapes(site, layer_spec("shelters"))[0].geometry[1].geom_type
    'Point'
    """
    shapes = frame.geometry.to_numpy()
    kinds = np.array([_KINDS.get(int(one), "") for one in shapely.get_type_id(shapes)])
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    wanted = {spec.kind, *also}
    odd = there & ~np.isin(kinds, list(wanted)) & ~((spec.kind == "point") & (kinds == "polygon"))
    if odd.any() and odd.sum() * 2 >= there.sum():
        have = _KIND_WORDS.get(str(kinds[odd][0]), Text("混合图形", "mixed shapes"))
        want = _KIND_WORDS[spec.kind]
        what = Text(f"图形是{have.zh}，应为{want.zh}", f"holds {have.en}, not {want.en}")
        raise Refusal(spec.name, what, Text(f"提交{want.zh}图层", f"deliver {want.en}"), rule="wrong-kind")
    out = shapes.copy()
    out[odd] = None
    if spec.kind == "point" and "polygon" not in also:
        area = there & (kinds == "polygon")
        out[area] = shapely.point_on_surface(shapes[area])
    many = there & (shapely.get_type_id(out) == 4)
    out[many] = shapely.centroid(out[many])
    broken = (shapely.get_dimensions(out) == 2) & ~shapely.is_valid(out)
    reasons = shapely.is_valid_reason(shapes[broken])
    mended = repair(frame.set_geometry(gpd.GeoSeries(out, index=frame.index, crs=frame.crs)))
    return mended, [*_broken(frame.index[broken], reasons, spec), *_odd(frame.index[odd], spec)]


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


_REPAIR = Text("在原数据中修复图形", "repair the shape in the source")


def _broken(rows: pd.Index, reasons: np.ndarray, spec: LayerSpec) -> list[Finding]:
    what = Text("图形自相交等，已修复", "the shape is broken; mended")
    return [
        replace(_one("broken-shape", "warning", spec, int(row), at=(reason, ""), what=what, cure=_REPAIR), mended=True)
        for row, reason in zip(rows, reasons, strict=True)
    ]


def _odd(rows: pd.Index, spec: LayerSpec) -> list[Finding]:
    what = Text("图形类型不符", "shape of another kind")
    return [_one("wrong-kind", "error", spec, int(row), at=("", ""), what=what, cure=_REPAIR) for row in rows]
