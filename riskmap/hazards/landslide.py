"""Susceptibility (易发性) to slides and collapses, from known hidden-danger points where there are enough."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.errors import MethodError
from riskmap.hazards.declare import measured, product
from riskmap.hazards.landslide_factors import ClassedFactor, classed_factors
from riskmap.methods import (
    ahp_weights,
    auroc,
    auroc_interval,
    class_counts,
    class_sum,
    cross_validated_sum,
    information_values,
)
from riskmap.model import NO_CLASS, Closure, Factor, LeftOut, Standards, Survey, Text, Theme
from riskmap.standards import layer_spec

__all__ = ["LANDSLIDE", "measure"]

_PRODUCT = Text("滑坡崩塌易发性图", "Slide and collapse susceptibility map")
_INDEX = Text("易发性指数", "Susceptibility index")
_RANK = Text("易发性百分位", "Susceptibility percentile")
_KEYS = ("geohazard.minimum_points_count", "geohazard.minimum_coverage_pct")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Model:
    """Susceptibility of the cells inside, and its story."""

    values: NDArray[np.float32]
    method: Text
    thresholds: tuple[str, ...]
    attributes: dict[str, Any]


def measure(
    survey: Survey,
    grid: GeoBox,
    *,
    method: Literal["auto", "information_value", "expert"] = "auto",
    folds_count: int = 5,
) -> xr.Dataset:
    """Susceptibility to slides and collapses.

    Parameters
    ----------
    survey : Survey
        ``slope_deg``; further terrain, geology, roads, land cover and ``hazard_points`` where they are there.
    grid : GeoBox
        Analysis grid.
    method : {"auto", "information_value", "expert"}
        Information values of the classed factors, or an expert weighting of declared ratings. ``auto``:
        information values where at least ``geohazard.minimum_points_count`` slides and collapses are known.
    folds_count : int
        Folds of the spatial cross-validation; blocks of ``geohazard.block_size_m`` are dealt to them in turn.

    Returns
    -------
    Dataset
        ``susceptibility`` (sum of information values, or weighted rating 1 to 9; attribute ``method_key``)
        and ``susceptibility_rank_pct``: share of the county's known cells that are less susceptible (ties
        counted half). NaN outside the county and where a factor used is unknown. Attributes ``contributions``
        (one row a factor and class) and ``auroc`` (empty for the expert weighting).

    Raises
    ------
    MethodError
        Information values asked for with too few points, or fewer than two folds.
    MissingLayerError
        A required layer is not in the survey.

    Notes
    -----
    I = sum_i ln[(N_ij / N) / (S_ij / S)], which takes the factors as independent of one another: slope and
    relief partly say the same, so the sum ranks places rather than gives a probability.

    Examples
    --------
    >>> measure.__kwdefaults__
    {'method': 'auto', 'folds_count': 5}
    """
    survey.layer("slope_deg")
    if folds_count < 2:
        asked = f"[hazards.landslide] folds_count {folds_count}"
        raise MethodError(Text(f"{asked}：请给 2 以上的数", f"{asked}: give 2 or more"))
    inside = survey.mask.to_numpy().astype(bool)
    factors, left_out = classed_factors(survey, grid)
    places, counts = _places(survey, grid, inside)
    left_out += [*_types_left_out(survey.standards, counts), _no_trigger(survey)]
    least = int(survey.standards.value("geohazard.minimum_points_count"))
    if factors:
        known = np.all([one.codes[places] != NO_CLASS for one in factors], axis=0)
        places = places[known]
    if method == "information_value" and places.size < least:
        raise _too_few(places.size, least)
    if method == "expert" or places.size < least:
        model = _expert(factors, survey.standards, points=places.size)
    else:
        folds = _folds(grid, inside, folds_count, survey.standards.value("geohazard.block_size_m"))
        model = _informed(factors, places, folds, standards=survey.standards)
    return _handed_over(model, grid, inside, left_out)


def _too_few(count: int, least: int) -> MethodError:
    asked = "[hazards.landslide] method information_value"
    zh = f"{asked}：因子齐全处有滑坡崩塌 {count} 处，需要 {least} 处；请用 auto 或 expert"
    return MethodError(
        Text(zh, f"{asked}: {count} slides and collapses on known ground, {least} are needed; use auto or expert")
    )


def _handed_over(model: _Model, grid: GeoBox, inside: NDArray[np.bool_], left_out: list[LeftOut]) -> xr.Dataset:
    known = ~np.isnan(model.values)
    rank = np.full(model.values.shape, np.nan, np.float32)
    if known.any():
        _, place, many = np.unique(model.values[known], return_inverse=True, return_counts=True)
        rank[known] = 100 * (np.cumsum(many) - many / 2)[place] / known.sum()  # equal values share the middle
    variables = {}
    for name, values, title, unit in (
        ("susceptibility", model.values, _INDEX, "1"),
        ("susceptibility_rank_pct", rank, _RANK, "%"),
    ):
        full = np.full(inside.shape, np.nan, np.float32)
        full[inside] = values
        variables[name] = measured(full, grid, title=title, unit=unit)
    return product(
        variables,
        title=_PRODUCT,
        method=model.method,
        thresholds=(*_KEYS, *model.thresholds),
        left_out=left_out,
        **model.attributes,
    )


def _places(survey: Survey, grid: GeoBox, inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Position among the cells inside of every slide and collapse; number of points of every type."""
    if not survey.has("hazard_points"):
        return np.zeros(0, np.int64), {}
    points = survey.frame("hazard_points")
    points = points[~points.geometry.isna() & ~points.geometry.is_empty]
    modelled = {row["type"] for row in survey.standards.table("geohazard.types") if row["modelled"]}
    chosen = points[points["type"].isin(modelled)]
    x, y, back = chosen.geometry.x.to_numpy(), chosen.geometry.y.to_numpy(), ~grid.affine
    columns = np.floor(back.a * x + back.b * y + back.c).astype(int)
    rows = np.floor(back.d * x + back.e * y + back.f).astype(int)
    on_grid = (rows >= 0) & (rows < grid.shape[0]) & (columns >= 0) & (columns < grid.shape[1])
    rows, columns = rows[on_grid], columns[on_grid]
    kept = inside[rows, columns]
    number = np.cumsum(inside.ravel()) - 1
    places = number[np.ravel_multi_index((rows[kept], columns[kept]), inside.shape)]
    return places, {str(kind): int(n) for kind, n in points["type"].value_counts().items()}


def _folds(grid: GeoBox, inside: NDArray[np.bool_], count: int, block_m: float) -> NDArray[np.uint8]:
    """Fold of every cell inside: neighbouring blocks go to different folds."""
    cells = max(1, round(block_m / abs(float(grid.resolution.x))))
    rows, columns = (np.arange(n) // cells for n in grid.shape)
    return ((rows[:, None] + 2 * columns[None, :]) % count).astype(np.uint8)[inside]


def _informed(
    factors: list[ClassedFactor], places: NDArray[np.int64], folds: NDArray[np.uint8], *, standards: Standards
) -> _Model:
    zero = standards.value("geohazard.zero_count")
    codes = np.stack([one.codes for one in factors])
    table = np.full((len(factors), max(one.size for one in factors)), np.nan)
    contributions = []
    for row, factor in zip(table, factors, strict=True):
        events, cells = class_counts(factor.codes, places, classes=factor.size)
        row[: factor.size] = information_values(events, cells, zero_count=zero)
        contributions += _contributions(factor, events=events, cells=cells, values=row)
    values = class_sum(codes, table)
    held_out = cross_validated_sum(codes, places, folds, zero_count=zero)
    quality = {
        "points": int(places.size),
        "folds": int(folds.max()) + 1,
        **_quality("in_sample", values, places),
        **_quality("cross_validated", held_out, places),
    }
    names_zh = "、".join(one.title.zh for one in factors)
    names_en = ", ".join(one.title.en.lower() for one in factors)
    text = Text(
        f"信息量模型：{places.size}处滑坡崩塌隐患点，因子为{names_zh}；各因子按相互独立处理，不含降雨等诱发因素。",
        f"Information values of {places.size} slides and collapses over {names_en}; the factors are taken as "
        "independent, and triggers such as rain are not in it.",
    )
    attributes = {"method_key": "information_value", "contributions": contributions, "auroc": quality}
    return _Model(
        values=values,
        method=text,
        thresholds=("geohazard.zero_count", "geohazard.block_size_m"),
        attributes=attributes,
    )


def _contributions(
    factor: ClassedFactor, *, events: NDArray[np.int64], cells: NDArray[np.int64], values: NDArray[np.float64]
) -> list[dict[str, Any]]:
    return [
        {
            "factor": factor.name,
            "factor_zh": factor.title.zh,
            "factor_en": factor.title.en,
            "class_zh": label.zh,
            "class_en": label.en,
            "points": int(n),
            "cells": int(s),
            "information_value": float(value),
            "floored": bool(n == 0),
        }
        for label, n, s, value in zip(factor.labels, events, cells, values[: factor.size], strict=True)
        if s
    ]


def _quality(name: str, values: NDArray[np.float32], places: NDArray[np.int64]) -> dict[str, float | None]:
    """Area under the curve of the points against all other known cells, with its 95 % interval."""
    without = np.ones(values.size, bool)
    without[places] = False
    with_event, other = values[places], values[without]
    area = auroc(with_event, other)
    if np.isnan(area):
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    low, high = auroc_interval(
        area,
        positive_count=int(np.sum(~np.isnan(with_event))),
        negative_count=int(np.sum(~np.isnan(other))),
    )
    return {name: area, f"{name}_low": low, f"{name}_high": high}


def _expert(factors: list[ClassedFactor], standards: Standards, *, points: int) -> _Model:
    names = [row["layer"] for row in standards.table("geohazard.expert_judgements")]
    least = standards.value("geohazard.minimum_coverage_pct")
    rated = {}
    for one in factors:
        known = ~np.isnan(np.append(one.ratings, np.full(256 - one.size, np.nan)))[one.codes - np.uint8(1)]
        if one.name in names and 100 * known.mean() >= least:
            rated[one.name] = one
    used = [rated[name] for name in names if name in rated]
    if not used:
        zh = "[hazards.landslide] 没有覆盖全县且有专家评分的因子；请补交高程数据"
        raise MethodError(
            Text(zh, "[hazards.landslide] no factor with expert ratings covers the county; deliver a DEM")
        )
    places = [names.index(one.name) for one in used]
    judged = ahp_weights(_judgements(standards)[np.ix_(places, places)])
    table = np.full((len(used), max(one.size for one in used)), np.nan)
    for row, one, weight in zip(table, used, judged.weights, strict=True):
        row[: one.size] = weight * np.asarray(one.ratings)
    weights = {one.name: float(weight) for one, weight in zip(used, judged.weights, strict=True)}
    share = [(one.title, round(100 * weights[one.name])) for one in used]
    return _Model(
        values=class_sum(np.stack([one.codes for one in used]), table),
        method=Text(
            f"专家赋权（层次分析法，一致性比率{judged.consistency_ratio:.3f}）："
            + "、".join(f"{title.zh}{part}%" for title, part in share)
            + f"；可用滑坡崩塌隐患点{points}处，未用于检验。",
            f"Expert weighting (AHP, consistency ratio {judged.consistency_ratio:.3f}): "
            + ", ".join(f"{title.en.lower()} {part} %" for title, part in share)
            + f"; not tested against the {points} known slides and collapses.",
        ),
        thresholds=("ahp.random_index_saaty", "ahp.consistency_limit"),
        attributes={
            "method_key": "expert",
            "weights": weights,
            "consistency_ratio": judged.consistency_ratio,
            "contributions": [],
            "auroc": {},
        },
    )


def _judgements(standards: Standards) -> NDArray[np.float64]:
    rows = standards.table("geohazard.expert_judgements")
    matrix = np.eye(len(rows))
    for i, row in enumerate(rows):
        for j, judged in enumerate(row["against_following"], start=i + 1):
            matrix[i, j], matrix[j, i] = judged, 1 / judged
    return matrix


def _types_left_out(standards: Standards, counts: dict[str, int]) -> list[LeftOut]:
    """Kinds of points that the model does not pool, where the county has any."""
    return [
        LeftOut(
            product=Text(**row["title"]),
            reason=Text(
                f"{counts[row['type']]}处；{row['reason']['zh']}",
                f"{counts[row['type']]} points; {row['reason']['en']}",
            ),
        )
        for row in standards.table("geohazard.types")
        if not row["modelled"] and counts.get(row["type"])
    ]


def _no_trigger(survey: Survey) -> LeftOut:
    reason = Text("缺少设计暴雨，只评价易发性", "there is no design rain: susceptibility only")
    if survey.has("rain_design"):
        reason = Text(
            "设计暴雨为全县一值，不改变县内高低次序，只评价易发性",
            "design rain is one value for the whole county and does not change the order of places within it",
        )
    return LeftOut(product=Text("降雨情景下的滑坡崩塌危险性", "Slide and collapse hazard under rain"), reason=reason)


LANDSLIDE = Theme(
    name="landslide",
    title=Text("滑坡崩塌", "Landslide"),
    layers=tuple(
        layer_spec(one)
        for one in (
            "slope_deg", "aspect_deg", "profile_curvature", "plan_curvature", "relief_m", "stream_distance_m",
            "hazard_points", "lithology", "faults", "mined_out", "roads", "land_cover", "rain_design",
        )
    ),
    required=("slope_deg",),
    factors=(
        Factor(variable="susceptibility", title=_INDEX, unit="1"),
        Factor(variable="susceptibility_rank_pct", title=_RANK, unit="%"),
    ),
    headline="susceptibility",
    scheme="geohazard-susceptibility",
    profile="landslide",
    measure=measure,
    closures=(
        Closure(
            variable="susceptibility_rank_pct",
            operator=">=",
            threshold="geohazard.closing_rank_pct",
            closes="both",
            title=Text("高易发斜坡中断", "Most susceptible slopes closed"),
            clause="the most susceptible tenth of the county; no event with a known frequency",
            rule="shelters.exclusion",
        ),
    ),
)  # fmt: skip
