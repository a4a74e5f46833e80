"""Factors of slides and collapses, cut into classes as the standards declare."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from odc.geo.geom import Geometry
from odc.geo.xr import rasterize
from scipy.ndimage import distance_transform_edt

from riskmap.model import NO_CLASS, LeftOut, Survey, Text
from riskmap.standards import layer_spec

__all__ = ["ClassedFactor", "classed_factors"]

_OCTANTS = tuple(
    Text(f"{zh}向", en)
    for zh, en in (
        ("北", "north"), ("东北", "north-east"), ("东", "east"), ("东南", "south-east"),
        ("南", "south"), ("西南", "south-west"), ("西", "west"), ("西北", "north-west"),
    )
)  # fmt: skip
_FLAT = Text("平地", "flat")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClassedFactor:
    """One factor cut into classes, over the cells inside the county.

    Parameters
    ----------
    name : str
        Layer it was made from.
    title : Text
        What it is.
    codes : numpy.ndarray of uint8, one-dimensional
        Class 1..K of every cell inside, 255 unknown.
    labels : tuple of Text
        K names.
    ratings : tuple of float
        Expert rating 1..9 of each class, NaN where none is declared.
    """

    name: str
    title: Text
    codes: NDArray[np.uint8]
    labels: tuple[Text, ...]
    ratings: tuple[float, ...]

    @property
    def size(self) -> int:
        """Number of classes K."""
        return len(self.labels)


def classed_factors(survey: Survey, grid: GeoBox) -> tuple[list[ClassedFactor], list[LeftOut]]:
    """Cut every factor of ``geohazard.landslide_factors`` that the survey holds.

    Parameters
    ----------
    survey : Survey
        Terrain, geology, roads and land cover.
    grid : GeoBox
        Analysis grid.

    Returns
    -------
    tuple of list
        Factors in the order of the table, and those left out with the reason (no layer, or known on less
        than ``geohazard.minimum_coverage_pct`` of the county).

    Examples
    --------
    >>> ClassedFactor(name="slope_deg", title=Text("坡度", "Slope"), codes=np.array([1], "uint8"),
    ...     labels=(Text("缓", "gentle"), Text("陡", "steep")), ratings=(1.0, 9.0)).size
    2
    """
    inside = survey.mask.to_numpy().astype(bool)
    least = survey.standards.value("geohazard.minimum_coverage_pct")
    found, gone = [], []
    for row in survey.standards.table("geohazard.landslide_factors"):
        title = Text(**row["title"])
        product = Text(f"易发性模型中的因子：{title.zh}", f"Factor of the susceptibility model: {title.en}")
        reason = None
        if not survey.has(row["layer"]):
            reason = Text("缺少图层", "no layer")
        else:
            factor = _KINDS[row["kind"]](survey, grid, (row, inside))
            share = 100 * float(np.mean(factor.codes != NO_CLASS)) if factor.codes.size else 0.0
            if share < least:
                reason = Text(f"仅覆盖全县{share:.0f}%", f"known on {share:.0f} % of the county only")
            elif factor.size < 2:
                reason = Text("全县只有一个分级", "the whole county is of one class")
            else:
                found.append(factor)
        if reason is not None:
            gone.append(LeftOut(product=product, reason=reason))
    return found, gone


_Row = tuple[Mapping[str, Any], NDArray[np.bool_]]


def _number(survey: Survey, _grid: GeoBox, given: _Row) -> ClassedFactor:
    row, inside = given
    return _cut(survey.raster(row["layer"]).to_numpy()[inside], row)


def _distance(survey: Survey, grid: GeoBox, given: _Row) -> ClassedFactor:
    row, inside = given
    burnt = _burnt(survey.frame(row["layer"]), grid)
    if not burnt.any():
        return _factor(row, np.full(int(inside.sum()), NO_CLASS, np.uint8), ())
    away = distance_transform_edt(~burnt, sampling=abs(float(grid.resolution.x)))
    return _cut(away[inside], row)


def _cut(values: NDArray[np.floating], row: Mapping[str, Any]) -> ClassedFactor:
    values = values.astype(np.float32, copy=False)
    unknown = np.isnan(values)
    edges = np.asarray(row.get("edges", ()), np.float32)
    if "quantiles" in row and not unknown.all():
        steps = np.arange(1, row["quantiles"]) / row["quantiles"]
        edges = np.quantile(values[~unknown], steps).astype(np.float32)
    codes = np.ones(values.shape, np.uint8)
    for edge in edges:
        codes += values >= edge
    codes[unknown] = NO_CLASS
    ends = [f"{edge:.3g}" for edge in edges]
    unit = row.get("unit", "")
    between = (f"{low}–{high}" for low, high in pairwise(ends))
    spans = [f"<{ends[0]}", *between, f"≥{ends[-1]}"] if ends else []
    labels = tuple(Text(f"{span} {unit}".strip(), f"{span} {unit}".strip()) for span in spans)
    return _factor(row, codes, labels, row.get("ratings", ()))


def _aspect(survey: Survey, _grid: GeoBox, given: _Row) -> ClassedFactor:
    row, inside = given
    degrees = survey.raster(row["layer"]).to_numpy()[inside].astype(np.float32, copy=False)
    faces = np.isfinite(degrees) & (degrees >= 0)
    codes = np.full(degrees.shape, NO_CLASS, np.uint8)
    codes[faces] = (np.floor((degrees[faces] + 22.5) / 45) % 8 + 1).astype(np.uint8)
    flat = ~faces & (degrees < 0)
    if survey.has("slope_deg"):
        flat |= ~faces & (survey.raster("slope_deg").to_numpy()[inside] == 0)
    codes[flat] = len(_OCTANTS) + 1
    return _factor(row, codes, (*_OCTANTS, _FLAT))


def _group(survey: Survey, grid: GeoBox, given: _Row) -> ClassedFactor:
    row, inside = given
    frame = survey.frame(row["layer"]).dropna(subset=[row["column"]])
    named = frame[row["column"]].astype(str)
    groups = dict(enumerate(sorted(named.unique())[:NO_CLASS]))
    codes = np.full(grid.shape, NO_CLASS, np.uint8)
    for code, group in groups.items():
        codes[_burnt(frame[named == group], grid, touched=False)] = code
    words = survey.standards.table(f"geohazard.{row['layer']}_ratings")
    ratings = {
        code: next((float(one["rating"]) for one in words if one["contains"] in group), np.nan)
        for code, group in groups.items()
    }
    return _present(row, codes[inside], {code: Text(one, one) for code, one in groups.items()}, ratings)


def _code(survey: Survey, _grid: GeoBox, given: _Row) -> ClassedFactor:
    row, inside = given
    values = survey.raster(row["layer"]).to_numpy()[inside]
    codes = np.where(np.isfinite(values), values, NO_CLASS).astype(np.uint8)
    rated = survey.standards.table(f"geohazard.{row['layer']}_ratings")
    ratings = {int(one["code"]): float(one["rating"]) for one in rated}
    return _present(row, codes, layer_spec(row["layer"]).categories, ratings)


def _present(
    row: Mapping[str, Any],
    codes: NDArray[np.uint8],
    names: Mapping[int, Text],
    ratings: Mapping[int, float],
) -> ClassedFactor:
    """Give the codes that occur inside the county the numbers 1..K."""
    kinds = [int(one) for one in np.flatnonzero(np.bincount(codes, minlength=256)[:NO_CLASS])]
    lookup = np.full(256, NO_CLASS, np.uint8)
    lookup[kinds] = np.arange(1, len(kinds) + 1)
    labels = tuple(names.get(one, Text(str(one), str(one))) for one in kinds)
    return _factor(row, lookup[codes], labels, [ratings.get(one, np.nan) for one in kinds])


def _factor(
    row: Mapping[str, Any], codes: NDArray[np.uint8], labels: tuple[Text, ...], ratings: Any = ()
) -> ClassedFactor:
    ratings = tuple(float(one) for one in ratings) or (float("nan"),) * len(labels)
    return ClassedFactor(name=row["layer"], title=Text(**row["title"]), codes=codes, labels=labels, ratings=ratings)


def _burnt(frame: gpd.GeoDataFrame, grid: GeoBox, *, touched: bool = True) -> NDArray[np.bool_]:
    if frame.empty:
        return np.zeros(grid.shape, bool)
    shape = Geometry(frame.union_all(), frame.crs)
    return np.asarray(rasterize(shape, grid, all_touched=touched).to_numpy(), bool)


_KINDS = {"number": _number, "distance": _distance, "aspect": _aspect, "group": _group, "code": _code}
