"""Layers drawn on a Chinese web map: say which they are, with the evidence; take the shift out when told."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from riskmap.loaders.fit import Fit, Sign, fit_near, fit_own, sample, tree_of
from riskmap.model.county import LayerEntry
from riskmap.model.layers import Finding, Layer
from riskmap.model.text import Text
from riskmap.spatial import Shift, unshifted

__all__ = ["SHIFT_TITLES", "check_shifts", "without_shift"]

SHIFT_TITLES: dict[Shift, Text] = {
    "gcj02": Text("GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent)"),
    "bd09": Text("BD-09（百度地图）", "BD-09 (Baidu)"),
}
_LINES = ("roads", "streams", "outline", "townships", "villages", "neighbours")
"""Layers whose lines or borders others lie at."""
_LEAST_RECORDS = 15
"""Fewer lines or polygons of another layer may lie beside a border by chance, along their whole length."""
_MOST_ROUNDS = 4
_MOST_PROOFS = 3
_GEOD = pyproj.Geod(ellps="GRS80")


def without_shift(frame: gpd.GeoDataFrame, *, layer: str, shift: Shift) -> tuple[gpd.GeoDataFrame, Finding]:
    """Take out the shift that ``county.toml`` names for a layer.

    Parameters
    ----------
    frame : GeoDataFrame
        With a coordinate system.
    layer : str
        For the finding.
    shift : {"gcj02", "bd09"}
        Which web map's.

    Returns
    -------
    frame : GeoDataFrame
        Same rows in CGCS2000 degrees, in their true place.
    finding : Finding
        A note with the distance by which the records moved (median).

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([111.14651], [39.38018]), crs=4326)
    >>> without_shift(seat, layer="villages", shift="gcj02")[1].message.en
    'the shift of GCJ-02 (Amap, Tencent) is taken out; records move 582 m'
    """
    moved = unshifted(frame, shift=shift)
    before = frame.to_crs(4490).geometry.bounds.to_numpy()
    after = moved.geometry.bounds.to_numpy()
    known = np.isfinite(before).all(axis=1) & np.isfinite(after).all(axis=1)
    _, _, far = _GEOD.inv(*before[known, :2].T, *after[known, :2].T)
    metres = float(np.median(far)) if known.any() else 0.0
    title = SHIFT_TITLES[shift]
    what = Text(
        f"已去除 {title.zh} 的偏移，记录移动约 {metres:.0f} 米",
        f"the shift of {title.en} is taken out; records move {metres:.0f} m",
    )
    cure = Text("如需改变，在 county.toml 的 shift 中写明", "if this is wrong, say so under shift in county.toml")
    return moved, Finding(rule="shift-removed", severity="note", layer=layer, message=what, cure=cure, mended=True)


def check_shifts(
    layers: Mapping[str, Layer], *, areas: Mapping[str, gpd.GeoDataFrame], entries: Mapping[str, LayerEntry]
) -> list[Finding]:
    """Find layers that fit the others clearly better after a web map's shift is taken out of them.

    Every layer is compared with roads, streams and the borders of the county and its units (`fit_near`), and, where
    its records name their villages, with the seats of these (`fit_own`). A layer is told when more places speak for
    a shift than against it. Then the others are compared again with the layer put right, until no more are found:
    so layers that came from one web map are all told.

    Parameters
    ----------
    layers : mapping of str to Layer
        Checked, in the analysis system.
    areas : mapping of str to GeoDataFrame
        Polygons of villages and townships, where they were delivered.
    entries : mapping of str to LayerEntry
        Of ``county.toml``; only layers in it are told.

    Returns
    -------
    list of Finding
        One warning for each such layer; nothing is moved.

    Examples
    --------
    >>> check_shifts({}, areas={}, entries={})
    []
    """
    frames = _frames(layers, areas)
    declared: dict[str, Shift] = {name: one.shift for name, one in entries.items() if one.shift}
    correct: dict[str, tuple[Shift, Sign]] = {}
    proofs: dict[str, list[Fit]] = {}
    for _ in range(_MOST_ROUNDS):
        fits = list(_fits(frames, _seats(layers), correct))
        blamed = _blamed(fits, declared, known=set(correct))
        if not blamed:
            break
        for name, (cure, why) in blamed.items():
            correct[name], proofs[name] = cure, why
    return [_finding(name, correct, proofs[name], layers) for name in correct if name in entries]


def _frames(layers: Mapping[str, Layer], areas: Mapping[str, gpd.GeoDataFrame]) -> dict[str, gpd.GeoDataFrame]:
    frames = {}
    for name, layer in layers.items():
        data = areas.get(name, layer.data)
        if isinstance(data, gpd.GeoDataFrame) and not (data.geometry.isna() | data.geometry.is_empty).all():
            frames[name] = data
    return frames


def _seats(layers: Mapping[str, Layer]) -> gpd.GeoDataFrame | None:
    data: Any = layers["villages"].data if "villages" in layers else None
    return data if isinstance(data, gpd.GeoDataFrame) and "code" in data else None


def _fits(
    frames: Mapping[str, gpd.GeoDataFrame], seats: gpd.GeoDataFrame | None, correct: Mapping[str, tuple[Shift, Sign]]
) -> Iterator[Fit]:
    """All comparisons that say something, with the layers found so far put right."""
    trees = {
        name: tree_of(frames[name], correct=correct.get(name))
        for name in _LINES
        if name in frames and shapely.get_dimensions(frames[name].geometry.to_numpy()).max() > 0
    }
    points = {name: sample(frame, name, correct=correct.get(name)) for name, frame in frames.items()}
    places = {}
    if seats is not None:
        codes = seats["code"].to_numpy()
        where = sample(seats, "villages", correct=correct.get("villages"), most=len(seats))
        places = {codes[row]: (float(x), float(y)) for row, (x, y) in zip(where.rows, where.xy, strict=True)}
    for name, one in points.items():
        for reference, tree in trees.items():
            if reference != name and (name in _LINES or one.records >= _LEAST_RECORDS):
                yield from fit_near(one, tree, reference)
        if name != "villages":
            yield from fit_own(one, places, "villages")


def _blamed(
    fits: Sequence[Fit], declared: Mapping[str, Shift], *, known: set[str]
) -> dict[str, tuple[tuple[Shift, Sign], list[Fit]]]:
    """Layers that more places speak against than for, with the cure and the proofs, best first."""
    against: dict[tuple[str, Shift, Sign], list[Fit]] = {}
    for fit in fits:
        if fit.sign:
            name, sign = _at_fault(fit, declared)
            if name not in known:
                against.setdefault((name, fit.shift, sign), []).append(fit)
    blamed: dict[str, tuple[tuple[Shift, Sign], list[Fit]]] = {}
    for (name, shift, sign), proofs in sorted(against.items(), key=lambda one: _weight(one[1])):
        friends = [fit for fit in fits if not fit.sign and fit.shift == shift and name in {fit.layer, fit.reference}]
        friends = [fit for fit in friends if (_other(fit, name), shift, sign) not in against]
        if _weight(proofs) > _weight(friends) or _all_one_side(name, (shift, sign), fits, against):
            best = sorted(proofs, key=lambda fit: fit.after_m / max(fit.before_m, 1.0))
            blamed[name] = (shift, sign), best
    return blamed


def _all_one_side(
    name: str, cure: tuple[Shift, Sign], fits: Sequence[Fit], against: Mapping[tuple[str, Shift, Sign], list[Fit]]
) -> bool:
    """Whether the layers that lie with this one are spoken against twice and for never: one web map's, all of them."""
    kin = {name}
    for _ in fits:
        more = {one for fit in fits if not fit.sign and fit.shift == cure[0] and kin & {fit.layer, fit.reference}
                for one in (fit.layer, fit.reference)}  # fmt: skip
        if more <= kin:
            break
        kin |= more
    charges = [fit for one in kin for fit in against.get((one, *cure), ())]
    cleared = [fit for (one, shift, _), proofs in against.items() if shift == cure[0] and one not in kin
               for fit in proofs if kin & {fit.layer, fit.reference}]  # fmt: skip
    return len(charges) > 1 and not cleared


def _weight(fits: Sequence[Fit]) -> int:
    return sum(fit.places for fit in fits)


def _at_fault(fit: Fit, declared: Mapping[str, Shift]) -> tuple[str, Sign]:
    """Of two layers that lie a shift apart: the one on the shifted side, or the one that was put right for nothing."""
    shifted, true = (fit.layer, fit.reference) if fit.sign == 1 else (fit.reference, fit.layer)
    if declared.get(true) == fit.shift and declared.get(shifted) != fit.shift:
        return true, -1
    return shifted, 1


def _other(fit: Fit, name: str) -> str:
    return fit.reference if name == fit.layer else fit.layer


def _finding(
    name: str, correct: Mapping[str, tuple[Shift, Sign]], proofs: Sequence[Fit], layers: Mapping[str, Layer]
) -> Finding:
    shift, sign = correct[name]
    title = SHIFT_TITLES[shift]
    told = [_proof(fit, name, correct, layers) for fit in proofs[:_MOST_PROOFS]]
    zh, en = "；".join(one.zh for one in told), "; ".join(one.en for one in told)
    if sign == 1:
        what = Text(
            f"坐标疑为 {title.zh} 偏移坐标，去除偏移后明显更吻合：{zh}",
            f"seems to lie in {title.en}: with that shift taken out it fits clearly better: {en}",
        )
        cure = Text(
            f'确认后在 [layers.{name}] 写明 shift = "{shift}"', f'if so, write shift = "{shift}" under [layers.{name}]'
        )
        return Finding(rule="shifted-coordinates", severity="warning", layer=name, value=shift, message=what, cure=cure)
    what = Text(
        f"county.toml 写明去除 {title.zh} 偏移，但不去除时明显更吻合：{zh}",
        f"county.toml takes the shift of {title.en} out, but without that it fits clearly better: {en}",
    )
    cure = Text(f"删去 [layers.{name}] 的 shift", f"remove shift under [layers.{name}]")
    return Finding(rule="needless-shift", severity="warning", layer=name, value=shift, message=what, cure=cure)


def _proof(fit: Fit, name: str, correct: Mapping[str, tuple[Shift, Sign]], layers: Mapping[str, Layer]) -> Text:
    """How far, on how many records, against what."""
    subject, reference = layers[fit.layer].spec.title, layers[fit.reference].spec.title
    mended = _other(fit, name) in correct
    zh_also, en_also = ("（同样去除偏移后）", " (put right likewise)") if mended else ("", "")
    metres = f"{fit.before_m:.0f} → {fit.after_m:.0f}"
    if fit.kind == "own":
        return Text(
            f"“{subject.zh}”{fit.records} 条记录相对所属村驻地的整体偏离 {metres} 米{zh_also}",
            f"{fit.records} records of '{subject.en}' lie off the seats of their own villages by {metres} m as a "
            f"whole{en_also}",
        )
    return Text(
        f"“{subject.zh}”{fit.records} 条记录到“{reference.zh}”的距离中位数 {metres} 米{zh_also}",
        f"{fit.records} records of '{subject.en}' lie {metres} m (median) from '{reference.en}'{en_also}",
    )
