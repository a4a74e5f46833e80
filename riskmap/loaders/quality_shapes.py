"""Declared rules over lines and polygons: overlaps, gaps, parts outside, repeated and tiny shapes, roads that all but meet."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.loaders.rules import Against, RecordRule, tell
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.text import Text
from riskmap.standards import rule_texts

__all__ = ["SHAPE_RULES"]

_M2_A_KM2 = 1e6


def _shapes(frame: Any, dimension: int) -> NDArray[Any] | None:
    """Shapes of a frame whose records all are lines (1) or polygons (2)."""
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return None
    shapes = frame.geometry.to_numpy()
    return shapes if (shapely.get_dimensions(shapes) == dimension).all() else None


def _width(shapes: NDArray[Any]) -> NDArray[np.float64]:
    """Mean width of polygons, metres: area over half the outline."""
    around = shapely.length(shapes)
    return np.divide(2 * shapely.area(shapes), around, out=np.zeros(len(shapes)), where=around > 0)


def _overlaps(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    shapes = _shapes(frame, 2)
    if shapes is None:
        return []
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    touch = shapely.touches(shapes[left], shapes[right])
    left, right = left[~touch], right[~touch]
    same = shapely.equals(shapes[left], shapes[right])  # told as a repeated shape
    left, right = left[~same], right[~same]
    common = shapely.intersection(shapes[left], shapes[right])
    wide = _width(common) > against.standards.value(rule.limit[0])
    what = [
        Text(
            f"与第 {frame.index[a]} 行的面重叠 {m2 / _M2_A_KM2:.3f} 平方千米",
            f"overlaps the polygon of row {frame.index[a]} by {m2 / _M2_A_KM2:.3f} km2",
        )
        for a, m2 in zip(left[wide], shapely.area(common[wide]), strict=True)
    ]
    return tell(spec, rule.rule, frame.index[right[wide]], what, field="图形")


def _gaps(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Parts of the county that no unit holds; a place each, no row."""
    shapes = _shapes(frame, 2)
    if shapes is None or against.area is None or len(shapes) < 2:
        return []
    county = shapely.union_all(against.area.geometry.to_numpy())
    left = shapely.difference(county, shapely.union_all(shapes))
    parts = shapely.get_parts(left)
    parts = parts[_width(parts) > against.standards.value(rule.limit[0])]
    text = rule_texts()[rule.rule]
    middle = gpd.GeoSeries(shapely.point_on_surface(parts), crs=frame.crs).to_crs(4326)
    return [
        Finding(rule=rule.rule, severity=text.severity, layer=spec.name, cure=text.cure, field="图形",
                value=f"{x:.4f}, {y:.4f}", lon=float(x), lat=float(y),
                message=Text(f"县内有 {m2 / _M2_A_KM2:.3f} 平方千米不属于任何单元", f"{m2 / _M2_A_KM2:.3f} km2 of the county belong to no unit"))
        for x, y, m2 in zip(middle.x, middle.y, shapely.area(parts), strict=True)
    ]  # fmt: skip


def _partly_outside(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    shapes = _shapes(frame, 2)
    if shapes is None or against.area is None:
        return []
    county = shapely.buffer(shapely.union_all(against.area.geometry.to_numpy()), against.border_m)
    shapely.prepare(county)
    crossing = np.flatnonzero(~shapely.contains(county, shapes))
    out = shapely.difference(shapes[crossing], county)
    share = shapely.area(out) / np.maximum(shapely.area(shapes[crossing]), 1e-9)
    bad = share > against.standards.value(rule.limit[0])
    what = [Text(f"{one:.0%} 的面积在县界外", f"{one:.0%} of its area lies outside the county") for one in share[bad]]
    return tell(spec, rule.rule, frame.index[crossing[bad]], what, field="图形")


def _far_outside(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Lines and polygons of layers that may reach over the border, but not so far."""
    if against.area is None or not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return []
    county = shapely.union_all(against.area.geometry.to_numpy())
    shapely.prepare(county)
    away = shapely.distance(county, frame.geometry.to_numpy())
    bad = away > against.standards.value(rule.limit[0])
    what = [Text(f"距县界 {m / 1000:.1f} 千米", f"lies {m / 1000:.1f} km from the county") for m in away[bad]]
    return tell(spec, rule.rule, frame.index[bad], what, field="图形")


def _repeated_shape(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    del against
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return []
    marks = pd.Series(shapely.to_wkb(shapely.normalize(frame.geometry.to_numpy())), index=frame.index)
    again = marks.duplicated().to_numpy()
    first = {mark: row for row, mark in marks[~again].items()} if again.any() else {}
    what = [
        Text(f"与第 {first[one]} 行的图形完全相同", f"has the very shape of row {first[one]}") for one in marks[again]
    ]
    return tell(spec, rule.rule, frame.index[again], what, field="图形")


def _tiny(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    lines = spec.kind == "line"
    shapes = _shapes(frame, 1 if lines else 2)
    if shapes is None:
        return []
    size = shapely.length(shapes) if lines else shapely.area(shapes)
    bad = size < against.standards.value(rule.limit[0])
    unit = Text("米", "m") if lines else Text("平方米", "m2")
    what = [Text(f"图形只有 {one:.3g} {unit.zh}", f"the shape is {one:.3g} {unit.en} only") for one in size[bad]]
    return tell(spec, rule.rule, frame.index[bad], what, field="图形", values=[f"{one:.3g}" for one in size[bad]])


def _near_miss(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Ends of lines that touch nothing and stop just short of another line."""
    shapes = _shapes(frame, 1)
    if shapes is None:
        return []
    lines, owner = shapely.get_parts(shapes, return_index=True)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    whose = np.concatenate([owner, owner])
    touch_m, near_m = (against.standards.value(key) for key in rule.limit)
    end, other = shapely.STRtree(lines).query(ends, predicate="dwithin", distance=near_m)
    foreign = owner[other] != whose[end]
    end, other = end[foreign], owner[other[foreign]]
    apart = pd.DataFrame(
        {"end": end, "other": other, "metres": shapely.distance(ends[end], shapes[other])}
    ).sort_values("metres", kind="stable")
    nearest = apart.drop_duplicates("end")
    missed = nearest[nearest["metres"] > touch_m]
    missed = missed.assign(row=whose[missed["end"]]).drop_duplicates("row").sort_values("row")
    what = [
        Text(
            f"端点距第 {frame.index[b]} 行的线 {metres:.1f} 米，没有相接",
            f"ends {metres:.1f} m from the line of row {frame.index[b]} without meeting it",
        )
        for b, metres in zip(missed["other"], missed["metres"], strict=True)
    ]
    return tell(spec, rule.rule, frame.index[missed["row"]], what, field="图形")


SHAPE_RULES: Mapping[str, RecordRule] = {
    "overlap": _overlaps,
    "gap": _gaps,
    "far-outside": _far_outside,
    "partly-outside": _partly_outside,
    "repeated-shape": _repeated_shape,
    "tiny-shape": _tiny,
    "near-miss": _near_miss,
}
"""Rules by the name that layers declare."""
