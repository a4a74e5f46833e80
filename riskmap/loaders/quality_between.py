"""Declared rules between layers: references, codes and places, people at risk against people, sums against the yearbook."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.loaders.codes import full_code
from riskmap.loaders.rules import Beside, BetweenRule, tell
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.text import Text
from riskmap.standards import layer_spec

__all__ = ["BETWEEN_RULES"]


def _split(of: str) -> tuple[str, str]:
    layer, _, column = of.partition(".")
    return layer, column


def _other(of: str, beside: Beside) -> Any:
    """The other layer's frame, or None where it or its column was not delivered."""
    layer, column = _split(of)
    frame = beside.layers.get(layer)
    return None if frame is None or (column and column not in frame) else frame


def _unknown_reference(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    other, (layer, column), name = _other(rule.of, beside), _split(rule.of), rule.fields[0]
    if other is None or name not in frame:
        return []
    bad = (~frame[name].isin(set(other[column])) & (frame[name] != "")).to_numpy()
    title = layer_spec(layer).title
    what = Text(f"图层“{title.zh}”中没有这个值", f"layer '{title.en}' has no such record")
    return tell(
        spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=frame[name][bad].to_numpy()
    )


def _wrong_division(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Records that lie outside the village or township that their code names."""
    name = rule.fields[0]
    if not isinstance(frame, gpd.GeoDataFrame) or name not in frame:
        return []
    spots = shapely.point_on_surface(frame.geometry.to_numpy())
    codes = frame[name].astype(object)
    away = np.full(len(frame), np.nan)
    for layer, keys in (("townships", codes.str[:9] + "000"), ("villages", codes)):
        areas = beside.areas.get(layer)
        if areas is None or spec.name == layer:
            continue
        at = pd.Index(areas["code"]).get_indexer(pd.Index(keys))
        known = at >= 0
        away[known] = shapely.distance(spots[known], areas.geometry.to_numpy()[at[known]])
    bad = away > beside.value(rule.limit[0])
    what = [
        Text(f"不在该代码的范围内，相距 {m / 1000:.2f} 千米", f"lies {m / 1000:.2f} km outside the area of this code")
        for m in away[bad]
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=codes[bad].to_numpy())


def _exceeds_division(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """More than all that the village or township has."""
    other, (layer, column), name = _other(rule.of, beside), _split(rule.of), rule.fields[0]
    if other is None or name not in frame or rule.by not in frame:
        return []
    whole = other.groupby("code")[column].first().reindex(frame[rule.by]).to_numpy("float64")
    part = frame[name].to_numpy("float64")
    bad = part > whole
    title, all_ = spec.field(name).title, layer_spec(layer).field(column).title
    place = "村" if layer == "villages" else "乡镇"
    what = [
        Text(f"大于所在{place}的{all_.zh} {n:,.0f}", f"exceeds the place's {all_.en.lower()}, {n:,.0f}")
        for n in whole[bad]
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=title.zh, values=part[bad])


def _exceeds_area(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    areas, name = beside.areas.get(rule.of), rule.fields[0]
    if areas is None or name not in frame:
        return []
    size = pd.Series(areas.area.to_numpy(), index=areas["code"]).groupby(level=0).sum()
    whole = size.reindex(frame[rule.by]).to_numpy("float64")
    part = frame[name].to_numpy("float64")
    bad = part > whole
    what = [
        Text(
            f"为 {a / 1e6:.1f} 平方千米，大于乡镇面积 {b / 1e6:.1f}",
            f"is {a / 1e6:.1f} km2, more than the township's {b / 1e6:.1f}",
        )
        for a, b in zip(part[bad], whole[bad], strict=True)
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=part[bad])


def _missing_record(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Records of another layer that none of this one speaks of."""
    other, (layer, column) = _other(rule.of, beside), _split(rule.of)
    if other is None or rule.by not in frame:
        return []
    mine = frame[rule.by]
    if spec.name == "villages":
        mine = mine.where(mine != "", frame["code"].str[:9] + "000")
    gone = other[~other[column].isin(set(mine))]
    title = layer_spec(layer).title
    what = Text(f"没有这一条“{title.zh}”的记录", f"no record speaks of this one of '{title.en}'")
    found = tell(spec, rule.rule, gone.index, what, field=spec.field(rule.by).title.zh, values=gone[column].to_numpy())
    return [replace(one, row=None, key=one.value) for one in found]


def _name_differs(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    other, (_, column), name = _other(rule.of, beside), _split(rule.of), rule.fields[0]
    if other is None or name not in frame:
        return []
    theirs = other.groupby("code")[column].first().reindex(frame[rule.by]).fillna("").to_numpy(object)
    mine = frame[name].to_numpy(object)
    bad = np.array([bool(a and b) and a not in b and b not in a for a, b in zip(mine, theirs, strict=True)], bool)
    what = [
        Text(f"同一代码在另一图层中名为“{one}”", f"this code is called {one} in the other layer") for one in theirs[bad]
    ]
    return tell(spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=mine[bad])


def _in_zone(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    zones = beside.layers.get(rule.of)
    if zones is None or not isinstance(frame, gpd.GeoDataFrame):
        return []
    sites, hit = shapely.STRtree(zones.geometry.to_numpy()).query(frame.geometry.to_numpy(), predicate="intersects")
    del hit
    title = layer_spec(rule.of).title
    what = Text(f"位于{title.zh}内", f"stands on '{title.en}'")
    return tell(spec, rule.rule, frame.index[np.unique(sites)], what, field="位置")


def _near_hazard(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    points = beside.layers.get(rule.of)
    if points is None or not isinstance(frame, gpd.GeoDataFrame) or not len(points):
        return []
    shapes = points.geometry.to_numpy()
    limit = beside.value(rule.limit[0])
    sites, near = shapely.STRtree(shapes).query_nearest(
        frame.geometry.to_numpy(), max_distance=limit, all_matches=False
    )
    away = shapely.distance(frame.geometry.to_numpy()[sites], shapes[near])
    title = layer_spec(rule.of).title
    what = [
        Text(
            f"距{title.zh}（第 {points.index[n]} 行）{m:.0f} 米",
            f"is {m:.0f} m from row {points.index[n]} of '{title.en}'",
        )
        for n, m in zip(near, away, strict=True)
    ]
    return tell(spec, rule.rule, frame.index[sites], what, field="位置")


def _height_differs(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """A stated height against the elevation model; places off the model are passed over."""
    dem, name = beside.layers.get(rule.of), rule.fields[0]
    if dem is None or name not in frame or not isinstance(frame, gpd.GeoDataFrame):
        return []
    shapes = frame.geometry.to_numpy()
    back = ~dem.odc.geobox.affine
    n = np.floor((shapely.get_y(shapes) - dem.odc.geobox.affine.f) * back.e).astype(int)
    m = np.floor((shapely.get_x(shapes) - dem.odc.geobox.affine.c) * back.a).astype(int)
    on = (n >= 0) & (m >= 0) & (n < dem.shape[0]) & (m < dem.shape[1])
    ground = np.full(len(frame), np.nan)
    ground[on] = dem.to_numpy()[n[on], m[on]]
    stated = frame[name].to_numpy("float64")
    bad = np.abs(stated - ground) > beside.value(rule.limit[0])
    what = [Text(f"高程模型在此处为 {one:.0f} 米", f"the elevation model has {one:.0f} m here") for one in ground[bad]]
    return tell(spec, rule.rule, frame.index[bad], what, field=spec.field(name).title.zh, values=stated[bad])


def _sum_differs(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """People of the villages against the yearbook, by township."""
    other, (_, column), name = _other(rule.of, beside), _split(rule.of), rule.fields[0]
    if other is None or name not in frame:
        return []
    towns = frame[rule.by] if rule.by in frame else pd.Series("", index=frame.index)
    towns = towns.where(towns != "", frame["code"].str[:9] + "000")
    counted = frame[name].groupby(towns.to_numpy()).sum(min_count=1)
    table = other.groupby("code").first()
    both = pd.DataFrame({"counted": counted, "published": table[column]}).dropna()
    off = both[(both["counted"] - both["published"]).abs() > beside.value(rule.limit[0]) * both["published"]]
    names = table["name"] if "name" in table else pd.Series(dtype=str)
    what = [
        Text(
            f"{names.get(code) or code}各村人口合计 {row.counted:.0f}，年鉴为 {row.published:.0f}",
            f"the villages of {names.get(code) or code} sum to {row.counted:.0f} people, the yearbook says {row.published:.0f}",
        )
        for code, row in off.iterrows()
    ]
    found = tell(
        spec,
        rule.rule,
        np.zeros(len(off), int),
        what,
        field=spec.field(name).title.zh,
        values=off["counted"].to_numpy(),
    )
    return [replace(one, row=None, key=str(code)) for one, code in zip(found, off.index, strict=True)]


def _odd_sum(frame: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Sum over a village, divided by what the village has, outside the limits."""
    other, (_, column), name = _other(rule.of, beside), _split(rule.of), rule.fields[0]
    if other is None or name not in frame or rule.by not in frame:
        return []
    low, high, least = (beside.value(key) for key in rule.limit)
    whole = other.groupby("code")[column].first()
    part = frame[name].groupby(frame[rule.by].map(full_code).to_numpy()).sum(min_count=1)
    each = (part / whole[whole >= least]).dropna()
    off = each[(each < low) | (each > high)]
    title = spec.field(name).title
    what = [
        Text(f"该村人均{title.zh} {one:,.1f}，通常在 {low:g} 到 {high:g} 之间", f"{title.en} per head of the village is {one:,.1f}, usually {low:g} to {high:g}")
        for one in off
    ]  # fmt: skip
    found = tell(spec, rule.rule, np.zeros(len(off), int), what, field=title.zh, values=part[off.index].to_numpy())
    return [replace(one, row=None, key=str(code)) for one, code in zip(found, off.index, strict=True)]


BETWEEN_RULES: Mapping[str, BetweenRule] = {
    "unknown-reference": _unknown_reference,
    "wrong-division": _wrong_division,
    "exceeds-division": _exceeds_division,
    "exceeds-area": _exceeds_area,
    "missing-record": _missing_record,
    "name-differs": _name_differs,
    "in-hazard-zone": _in_zone,
    "near-hazard-point": _near_hazard,
    "height-differs": _height_differs,
    "sum-differs": _sum_differs,
    "odd-sum": _odd_sum,
}
"""Rules by the name that layers declare."""
