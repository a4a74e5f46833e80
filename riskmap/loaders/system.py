"""Which coordinate system a layer is in: stated, declared in county.toml, or seen in its numbers."""

from functools import lru_cache
from typing import Literal

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from riskmap.errors import GridError
from riskmap.loaders.refusal import Refusal
from riskmap.model.layers import Finding
from riskmap.model.text import Text
from riskmap.spatial import guess_crs, legacy_datum

__all__ = ["Box", "transformer", "wider", "with_crs"]

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

_CURE_CRS = Text("在 county.toml 写明 crs（如 EPSG:4546）", "state crs in county.toml (such as EPSG:4546)")
_CHINA: Box = (72.0, 2.0, 138.0, 55.0)
_FAR_DEG = 1.0
"""A layer with no record within this distance of the county belongs to another place, or to another system."""


def with_crs(
    frame: gpd.GeoDataFrame, *, layer: str, declared: str = "", near: Box | None = None
) -> tuple[gpd.GeoDataFrame, list[Finding]]:
    """Give a layer the coordinate system that its numbers are in.

    Parameters
    ----------
    frame : GeoDataFrame
        As delivered.
    layer : str
        For messages.
    declared : str
        `crs` in county.toml; where it fits the numbers it goes before the file's own.
    near : tuple of float, optional
        Extent of the county in degrees; without it only what the numbers themselves show is used.

    Returns
    -------
    frame : GeoDataFrame
        With the system set; coordinates are untouched, except where the axes of all records are swapped.
    findings : list of Finding
        System guessed, wrong, overruled, swapped, or of a legacy datum.

    Raises
    ------
    LayerError
        Neither file nor county.toml states a system and the numbers do not show it; or they state one under which
        no record lies within a degree of the county, and the numbers show no other.

    Notes
    -----
    Zones by EPSG v11.022; an easting of eight digits carries the zone number. Numbers do not show the datum: a
    guessed system stands on the datum that was stated, else on CGCS2000.

    Examples
    --------
    >>> seat = gpd.GeoDataFrame(geometry=gpd.points_from_xy([37512924], [4360702]))
    >>> with_crs(seat, layer="villages", near=(110.9, 39.0, 111.6, 39.6))[0].crs.to_epsg()
    4525
    """
    centre = _centre(frame)
    told = pyproj.CRS.from_user_input(declared) if declared else None
    stated = [one for one in (told, frame.crs) if one is not None]
    if centre is None:
        return frame.set_crs(stated[0] if stated else 4490, allow_override=True), []
    for crs in stated:
        if _fits(crs, centre, near):
            overruled = _overruled(layer, told, frame.crs, used=crs, centre=centre)
            return frame.set_crs(crs, allow_override=True), [*overruled, *_legacy(crs, layer)]
    first = stated[0] if stated else None
    for swap in (False, True):
        tries = _candidates(centre[::-1] if swap else centre, near, stated)
        if tries:
            moved = frame.set_geometry(_swapped(frame.geometry)) if swap else frame
            findings = [_told(layer, first, tries, swap=swap), *_legacy(tries[0], layer)]
            return moved.set_crs(tries[0], allow_override=True), findings
    if first is None and (tries := _shown(*centre)):
        return frame.set_crs(tries[0], allow_override=True), [_told(layer, first, tries, swap=False)]
    if first is None or (near is not None and _nowhere(frame, first, near)):
        raise _lost(layer, first, centre)
    return frame.set_crs(first, allow_override=True), _legacy(first, layer)


def _centre(frame: gpd.GeoDataFrame) -> tuple[float, float] | None:
    """Median centre of the records, which a few wrong ones do not move."""
    bounds = shapely.bounds(frame.geometry.to_numpy())
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return None
    middle = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
    return float(middle[0]), float(middle[1])


def _place(crs: pyproj.CRS, x: float | NDArray[np.float64], y: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes and latitudes; numbers that a system cannot hold become infinite."""
    return np.array(transformer(crs, pyproj.CRS.from_epsg(4326)).transform(x, y))


def _fits(crs: pyproj.CRS, centre: tuple[float, float], near: Box | None) -> bool:
    if crs.is_geographic and not (abs(centre[0]) <= 180 and abs(centre[1]) <= 90):
        return False
    x, y = _place(crs, *centre)
    return bool(np.isfinite([x, y]).all()) and _inside(x, y, wider(near) if near is not None else _CHINA)


@lru_cache(maxsize=64)
def transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    """Longitude (easting) first; made once, for it takes 30 ms.

    Examples
    --------
    >>> transformer(pyproj.CRS(4490), pyproj.CRS(4546)).transform(111.0, 0.0)
    (500000.0, 0.0)
    """
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _candidates(centre: tuple[float, float], near: Box | None, stated: list[pyproj.CRS]) -> list[pyproj.CRS]:
    """Systems that put a place in the county: those that are stated, then all usual ones."""
    if near is None:
        return _shown(*centre)
    fitting = [one for one in stated if _fits(one, centre, near)]
    if fitting:
        return fitting[:1]
    datum = next((old for one in stated if (old := legacy_datum(one)) is not None), None) or "CGCS2000"
    try:
        return list(guess_crs((*centre, *centre), near=wider(near), datum=datum))
    except GridError:
        return []  # not in China: nothing to guess from


def _shown(x: float, y: float) -> list[pyproj.CRS]:
    """What numbers show without knowing the county."""
    if _inside(x, y, _CHINA):
        return [pyproj.CRS.from_epsg(4490)]
    zone = int(x // 1_000_000)
    if 0 < y < 6_500_000 and 25 <= zone <= 45:
        return [pyproj.CRS.from_epsg(4488 + zone)]
    if 0 < y < 6_500_000 and 13 <= zone <= 23:
        return [pyproj.CRS.from_epsg(4478 + zone)]
    return []


def _inside(x: float, y: float, box: Box) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def wider(box: Box) -> Box:
    """Extent of the county with a quarter of its size around it, at least 0.1 degrees.

    Examples
    --------
    >>> wider((110.0, 39.0, 112.0, 39.2))
    (109.5, 38.9, 112.5, 39.300000000000004)
    """
    dx, dy = max(0.1, 0.25 * (box[2] - box[0])), max(0.1, 0.25 * (box[3] - box[1]))
    return box[0] - dx, box[1] - dy, box[2] + dx, box[3] + dy


def _swapped(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    turned = shapely.transform(shapes.to_numpy(), lambda xy: xy[:, ::-1])
    return gpd.GeoSeries(turned, index=shapes.index, crs=shapes.crs)


def _nowhere(frame: gpd.GeoDataFrame, crs: pyproj.CRS, near: Box) -> bool:
    bounds = shapely.bounds(frame.geometry.to_numpy())
    west, south = _place(crs, bounds[:, 0], bounds[:, 1])
    east, north = _place(crs, bounds[:, 2], bounds[:, 3])
    meets = (west <= near[2] + _FAR_DEG) & (east >= near[0] - _FAR_DEG)
    return not (meets & (south <= near[3] + _FAR_DEG) & (north >= near[1] - _FAR_DEG)).any()


def _lost(layer: str, stated: pyproj.CRS | None, centre: tuple[float, float]) -> Refusal:
    numbers = f"({centre[0]:.8g}, {centre[1]:.8g})"
    if stated is None:
        what = Text(f"没有坐标系，坐标如 {numbers}", f"states no coordinate system; numbers such as {numbers}")
        return Refusal(layer, what, _CURE_CRS, rule="no-crs")
    what = Text(
        f"按写明的坐标系 {stated.name}，全部记录都远离本县；坐标如 {numbers}，也不符合其他常用坐标系",
        f"states {stated.name}, by which all records lie far from the county; numbers such as {numbers} fit no other "
        "usual system either",
    )
    cure = Text(
        f"核对文件是否属于本县；{_CURE_CRS.zh}",
        f"check that the file is of this county, and its system: {_CURE_CRS.en}",
    )
    return Refusal(layer, what, cure, rule="wrong-crs")


def _told(layer: str, stated: pyproj.CRS | None, tries: list[pyproj.CRS], *, swap: bool) -> Finding:
    used = tries[0].name
    if swap and stated == tries[0]:
        what = Text(f"坐标系为 {used}，两个坐标轴颠倒，已对调", f"is in {used} with its two axes swapped; put right")
        cure = Text("改正原数据", "correct the source")
        return Finding(
            rule="swapped-coordinates", severity="warning", layer=layer, message=what, cure=cure, mended=True
        )
    zh = "没有坐标系" if stated is None else f"写明的坐标系 {stated.name} 与坐标不符"
    en = "states no coordinate system" if stated is None else f"states {stated.name}, which its numbers do not fit"
    zh, en = f"{zh}，按坐标判断为 {used}", f"{en}; by its numbers it is {used}"
    if swap:
        zh, en = f"{zh}，两个坐标轴已对调", f"{en}, with the two axes swapped"
    if len(tries) > 1:
        zh, en = f"{zh}（也可能是 {tries[1].name}）", f"{en} (it could also be {tries[1].name})"
    if stated is None:
        zh, en = f"{zh}；坐标本身看不出基准", f"{en}; numbers do not show the datum"
    rule = "no-crs" if stated is None else "wrong-crs"
    plain = stated is None and not swap and tries[0].is_geographic
    severity: Literal["note", "warning"] = "note" if plain else "warning"
    return Finding(rule=rule, severity=severity, layer=layer, message=Text(zh, en), cure=_CURE_CRS, mended=True)


def _overruled(
    layer: str, told: pyproj.CRS | None, own: pyproj.CRS | None, *, used: pyproj.CRS, centre: tuple[float, float]
) -> list[Finding]:
    """Of two stated systems that differ by more than a metre, the one that is not used is told."""
    if told is None or own is None:
        return []
    places = np.array([_place(told, *centre), _place(own, *centre)])
    if np.isfinite(places).all() and np.abs(places[0] - places[1]).max() < 1e-5:
        return []
    if used == told:
        what = Text(
            f"文件写明 {own.name}，按 county.toml 改用 {told.name}",
            f"states {own.name}; {told.name} is used, as county.toml says",
        )
        return [Finding(rule="crs-declared", severity="note", layer=layer, message=what, cure=_CURE_CRS, mended=True)]
    what = Text(
        f"county.toml 写明的 {told.name} 与坐标不符，改用文件的 {own.name}",
        f"its numbers do not fit {told.name} of county.toml; the file's {own.name} is used",
    )
    return [Finding(rule="wrong-crs", severity="warning", layer=layer, message=what, cure=_CURE_CRS, mended=True)]


def _legacy(crs: pyproj.CRS, layer: str) -> list[Finding]:
    if legacy_datum(crs) is None:
        return []
    what = Text(
        f"坐标系为 {crs.name}，未经参数转换，位置可能偏差约 100 米",
        f"is in {crs.name}; without shift parameters it can lie 100 m off",
    )
    cure = Text(
        "用省级转换参数转为 CGCS2000 后再提交", "have it transformed to CGCS2000 with the province's parameters"
    )
    return [Finding(rule="legacy-datum", severity="warning", layer=layer, message=what, cure=cure)]
