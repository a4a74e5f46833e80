"""Layers drawn on a Chinese web map: take the shift out when told."""

import geopandas as gpd
import numpy as np
import pyproj

from riskmap.model.layers import Finding
from riskmap.model.text import Text
from riskmap.spatial import Shift, unshifted

__all__ = ["SHIFT_TITLES", "without_shift"]

SHIFT_TITLES: dict[Shift, Text] = {
    "gcj02": Text("GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent)"),
    "bd09": Text("BD-09（百度地图）", "BD-09 (Baidu)"),
}
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
