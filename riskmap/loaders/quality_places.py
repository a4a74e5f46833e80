"""Declared rules over points: the same place, nearly the same record, places that were rounded or guessed."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from riskmap.loaders.rules import Against, RecordRule, tell
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.text import Text

__all__ = ["PLACE_RULES"]

_DIGITS = re.compile(r"\d+|[一二三四五六七八九十东西南北上下前后大小新旧]")
"""What tells apart places that are named in a row: 一号, 二号, 东, 西."""


def _points(frame: Any) -> NDArray[Any] | None:
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        return None
    shapes = frame.geometry.to_numpy()
    return shapes if (shapely.get_type_id(shapes) == 0).all() else None


def _same_place(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Several records on one metre; the same name there is told by another rule."""
    shapes = _points(frame)
    if shapes is None:
        return []
    least = int(against.standards.value(rule.limit[0]))
    spots = pd.DataFrame({"x": shapely.get_x(shapes).round(), "y": shapely.get_y(shapes).round()}, index=frame.index)
    spots["name"] = frame[rule.fields[0]] if rule.fields and rule.fields[0] in frame else frame.index.astype(str)
    once = spots[~spots.duplicated() | (spots["name"] == "")]
    group = once.groupby(["x", "y"], sort=False)
    many = once[(group["x"].transform("size") >= least).to_numpy() & (group.cumcount() >= least - 1).to_numpy()]
    shared = once[(group["x"].transform("size") > 1).to_numpy()] if len(many) else once[:0]
    first = {(x, y): row for row, x, y in shared[~shared.duplicated(["x", "y"])][["x", "y"]].itertuples()}
    what = [
        Text(
            f"与第 {first[x, y]} 行是同一个点，名称不同",
            f"stands on the very point of row {first[x, y]}, under another name",
        )
        for x, y in zip(many["x"], many["y"], strict=True)
    ]
    field = spec.field(rule.fields[0]).title.zh if rule.fields else ""
    values = many["name"].to_numpy() if rule.fields else None
    return tell(spec, rule.rule, many.index, what, field=field, values=values)


def _near_duplicate(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Neighbours with names alike."""
    shapes = _points(frame)
    name = rule.fields[0]
    if shapes is None or name not in frame:
        return []
    near_m, alike = (against.standards.value(key) for key in rule.limit)
    names = frame[name].to_numpy(object)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=near_m)
    pairs = left < right
    left, right = left[pairs], right[pairs]
    apart = shapely.distance(shapes[left], shapes[right])
    same_spot = (shapely.get_x(shapes[left]).round() == shapely.get_x(shapes[right]).round()) & (
        shapely.get_y(shapes[left]).round() == shapely.get_y(shapes[right]).round()
    )
    hits = {
        int(b): (int(a), metres)
        for a, b, metres, there in zip(left, right, apart, same_spot, strict=True)
        if not there and _alike(names[a], names[b], alike)
    }
    order = sorted(hits)
    what = [
        Text(
            f"距第 {frame.index[a]} 行“{names[a]}”{metres:.0f} 米，名称相近",
            f"is {metres:.0f} m from row {frame.index[a]}, {names[a]}, and named alike",
        )
        for a, metres in (hits[b] for b in order)
    ]
    return tell(spec, rule.rule, frame.index[order], what, field=spec.field(name).title.zh, values=names[order])


def _alike(a: str, b: str, share: float) -> bool:
    if not a or not b:
        return False
    if a == b:
        return True
    if _DIGITS.findall(a) != _DIGITS.findall(b):
        return False
    return SequenceMatcher(None, a, b).ratio() >= share


def _coarse_place(frame: Any, spec: LayerSpec, rule: Rule, against: Against) -> list[Finding]:
    """Both degrees end after two decimals although the layer's others do not."""
    shapes = _points(frame)
    if shapes is None or frame.crs is None:
        return []
    step, usual = (against.standards.value(key) for key in rule.limit)
    degrees = frame.geometry.to_crs(4490)
    lon, lat = degrees.x.to_numpy(), degrees.y.to_numpy()
    coarse = _on(lon, step) & _on(lat, step)
    if not coarse.any() or (_on(lon, step / 100) & _on(lat, step / 100)).mean() > usual:
        return []
    what = Text("经纬度只有两位小数，位置可能差 1 千米", "has two decimals of a degree only: it can lie 1 km off")
    values = [f"{x:.2f}, {y:.2f}" for x, y in zip(lon[coarse], lat[coarse], strict=True)]
    return tell(spec, rule.rule, frame.index[coarse], what, field="经度、纬度", values=values)


def _on(values: NDArray[np.float64], step: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(values / step - np.round(values / step)) * step < 2e-8)


PLACE_RULES: Mapping[str, RecordRule] = {
    "same-place": _same_place,
    "near-duplicate": _near_duplicate,
    "coarse-place": _coarse_place,
}
"""Rules by the name that layers declare."""
