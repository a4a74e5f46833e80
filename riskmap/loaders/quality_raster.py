"""Declared rules over rasters: seas of one value, stripes, spikes, impossible relief, cells too coarse, people that do not add up."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray

from riskmap.loaders.rules import Beside, BetweenRule
from riskmap.model.layers import Finding, LayerSpec, Rule
from riskmap.model.text import Text
from riskmap.standards import rule_texts

__all__ = ["RASTER_RULES"]

_SAMPLE = 1_000_000
_M_A_DEGREE = 111_320.0
_SIDES = tuple((n, m) for n in (-1, 0, 1) for m in (-1, 0, 1) if (n, m) != (0, 0))


def _one(spec: LayerSpec, rule: str, what: Text, *, value: str = "", place: tuple[Any, Any] | None = None) -> Finding:
    text = rule_texts()[rule]
    lon, lat = place or (None, None)
    return Finding(rule=rule, severity=text.severity, layer=spec.name, message=what, cure=text.cure, value=value,
                   lon=lon, lat=lat)  # fmt: skip


def _inside(data: Any, beside: Beside) -> NDArray[np.float64]:
    """Known values inside the county."""
    values = data.to_numpy()[beside.mask.to_numpy()]
    return np.asarray(values[np.isfinite(values)])


def _one_value(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """One value, most often an undeclared no-data value, over a large share of the county."""
    known = _inside(data, beside)
    some = known[:: max(1, len(known) // _SAMPLE)]
    values, counts = np.unique(some, return_counts=True)
    if len(values) < 2 or counts.max() / len(some) <= beside.value(rule.limit[0]):
        return []
    share, value = counts.max() / len(some), values[counts.argmax()]
    what = Text(f"{share:.0%} 的格网恰为 {value:g}", f"{share:.0%} of the cells hold exactly {value:g}")
    return [_one(spec, rule.rule, what, value=f"{value:g}")]


def _flat(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    known = _inside(data, beside)
    if len(known) < 2 or known.min() != known.max():
        return []
    what = Text(f"全县只有一个值 {known[0]:g}", f"holds the one value {known[0]:g} all over the county")
    return [_one(spec, rule.rule, what, value=f"{known[0]:g}")]


def _stripes(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Rows or columns that as a whole stand out from both neighbours, which bend the other way."""
    values = np.where(beside.mask, data.to_numpy(), np.nan)
    limit = beside.value(rule.limit[0])
    found = []
    for axis, name in ((0, Text("行", "row")), (1, Text("列", "column"))):
        lines = values if axis == 0 else values.T
        bend = _middle(lines[1:-1] - (lines[:-2] + lines[2:]) / 2)
        noise = 1.4826 * np.nanmedian(np.abs(bend - np.nanmedian(bend))) if np.isfinite(bend).any() else 0.0
        around = [np.append(bend[1:], np.nan), np.insert(bend[:-1], 0, np.nan)]
        turned = np.logical_and.reduce([-one / np.where(bend == 0, np.nan, bend) > 0.3 for one in around])
        bad = np.flatnonzero(turned & (np.abs(bend) > max(limit, 8 * noise)))
        if len(bad):
            at = int(bad[np.abs(bend[bad]).argmax()])
            what = Text(
                f"有 {len(bad)} {name.zh}条带，最明显的高差 {abs(bend[at]):.1f} 米（分析格网第 {at + 2} {name.zh}）",
                f"{len(bad)} {name.en}s stand out as stripes, the worst by {abs(bend[at]):.1f} m ({name.en} {at + 2} of the grid)",
            )
            found.append(_one(spec, rule.rule, what, value=f"{name.en} {at + 2}"))
    return found


def _middle(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Median of every line, NaN where it holds fewer than eight known cells."""
    out = np.full(len(lines), np.nan)
    enough = np.isfinite(lines).sum(axis=1) >= 8
    if enough.any():
        out[enough] = np.nanmedian(lines[enough], axis=1)
    return out


def _spikes(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Cells above (or below) all eight neighbours by more than the limit."""
    values = data.to_numpy()
    limit = beside.value(rule.limit[0])
    inner = values[1:-1, 1:-1]
    high, low = np.full(inner.shape, -np.inf), np.full(inner.shape, np.inf)
    rows, columns = values.shape
    for n, m in _SIDES:
        side = values[1 + n : rows - 1 + n, 1 + m : columns - 1 + m]
        high, low = np.fmax(high, side), np.fmin(low, side)
    odd = ((inner > high + limit) | (inner < low - limit)) & np.isfinite(high)
    odd &= beside.mask.to_numpy()[1:-1, 1:-1]
    spots = np.argwhere(odd) + 1
    if not len(spots):
        return []
    centre = shapely.points(data["x"].to_numpy()[spots[:, 1]], data["y"].to_numpy()[spots[:, 0]])
    places = gpd.GeoSeries(centre, crs=data.odc.geobox.crs.to_wkt()).to_crs(4326)
    return [
        _one(spec, rule.rule, Text(f"此处高程 {values[n, m]:.0f} 米，与四周相差 {limit:g} 米以上", f"{values[n, m]:.0f} m here differs from all around by more than {limit:g} m"),
             value=f"{values[n, m]:.0f}", place=(float(x), float(y)))
        for (n, m), x, y in zip(spots, places.x, places.y, strict=True)
    ]  # fmt: skip


def _too_steep(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Median slope that no county has: heights in decimetres or feet, or a system in degrees."""
    if min(data.shape) < 3:
        return []
    cell = abs(data.odc.geobox.resolution.x)
    down, across = np.gradient(data.to_numpy(), cell)
    slope = np.degrees(np.arctan(np.hypot(down, across)))[beside.mask.to_numpy()]
    slope = slope[np.isfinite(slope)]
    middle = float(np.median(slope)) if len(slope) else 0.0
    if middle <= beside.value(rule.limit[0]):
        return []
    what = Text(
        f"坡度中位数达 {middle:.0f}°，高程可能不是米",
        f"half the county is steeper than {middle:.0f} degrees: heights may not be metres",
    )
    return [_one(spec, rule.rule, what, value=f"{middle:.0f}")]


def _people_differ(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """People of a grid against those of the villages."""
    layer, _, column = rule.of.partition(".")
    other = beside.layers.get(layer)
    if other is None or column not in other:
        return []
    counted, published = float(_inside(data, beside).sum()), float(other[column].sum())
    if not published or abs(counted - published) <= beside.value(rule.limit[0]) * published:
        return []
    what = Text(
        f"格网人口合计 {counted:,.0f}，各村合计 {published:,.0f}",
        f"the grid sums to {counted:,.0f} people, the villages to {published:,.0f}",
    )
    return [_one(spec, rule.rule, what, value=f"{counted:.0f}")]


def _coarse(data: Any, spec: LayerSpec, rule: Rule, beside: Beside) -> list[Finding]:
    """Cells of the delivered file against those of the analysis grid."""
    if spec.name not in beside.files:
        return []
    with rasterio.open(beside.files[spec.name]) as source:
        degrees = source.crs.is_geographic if source.crs else max(source.res) < 1
        cell = max(source.res) * (_M_A_DEGREE if degrees else 1.0)
    grid = abs(data.odc.geobox.resolution.x)
    if cell <= beside.value(rule.limit[0]) * grid:
        return []
    what = Text(
        f"格网边长约 {cell:,.0f} 米，分析格网为 {grid:g} 米",
        f"its cells measure {cell:,.0f} m, those of the analysis {grid:g} m",
    )
    return [_one(spec, rule.rule, what, value=f"{cell:.0f}")]


RASTER_RULES: Mapping[str, BetweenRule] = {
    "one-value": _one_value,
    "flat-raster": _flat,
    "stripes": _stripes,
    "spike": _spikes,
    "too-steep": _too_steep,
    "coarse-raster": _coarse,
    "sum-differs": _people_differ,
}
"""Rules by the name that rasters declare."""
