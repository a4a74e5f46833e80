"""Scores are joined to one, and a profile is evaluated."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError, MissingLayerError
from riskmap.model import Indicator, Profile
from riskmap.model.profile import Combiner
from riskmap.scoring.combiners import check_options, join
from riskmap.scoring.scores import normalise
from riskmap.scoring.spread_weights import pca_weights, variation_weights
from riskmap.scoring.weights import (
    critic_weights,
    entropy_weights,
    equal_weights,
    given_weights,
    judged_weights,
)

__all__ = ["combine", "evaluate"]

_BLOCK = 32_768  # values per block: all rows of a block stay in the processor's cache


def combine(
    scores: Sequence[np.ndarray | None],
    weights: Sequence[float] | np.ndarray,
    *,
    combiner: Combiner = "weighted_mean",
    options: Mapping[str, Any] | None = None,
    missing: Literal["renormalise", "unknown"] = "renormalise",
    required: Sequence[bool] = (),
) -> tuple[np.ndarray, np.ndarray]:
    """Join scores 0..1 to one.

    Parameters
    ----------
    scores : sequence of ndarray or None
        One array per indicator, all of one shape; NaN unknown; None where the indicator is wholly missing.
    weights : sequence of float
        One per indicator; scaled to sum 1.
    combiner, options
        How, see `join`.
    missing : {"renormalise", "unknown"}
        Weights of the known indicators are scaled up, or the result is NaN where any is missing.
    required : sequence of bool
        Where True, the result is NaN wherever that indicator is NaN, whatever `missing` says.

    Returns
    -------
    score : ndarray
        0..1, NaN where nothing is known; float32 if all scores are, else float64.
    known_share : ndarray
        Share 0..1 of the weight that was known, same dtype.

    Raises
    ------
    MethodError
        Shapes or counts do not agree, no array at all, or an unknown combiner.

    Examples
    --------
    >>> score, known = combine([np.array([0.2, 0.4]), np.array([1.0, np.nan])], [3, 1])
    >>> score.round(2).tolist(), known.tolist()
    ([0.4, 0.4], [1.0, 0.75])
    """
    share = given_weights(weights)
    arrays = [one for one in scores if one is not None]
    if len(share) != len(scores) or (required and len(required) != len(scores)):
        raise MethodError(
            f"{len(scores)} scores, {len(share)} weights, {len(required)} required flags: give equal counts"
        )
    if missing not in {"renormalise", "unknown"}:
        raise MethodError(f"missing is {missing!r}; allowed: renormalise, unknown")
    chosen = options or {}
    check_options(combiner, chosen, count=len(scores))
    if not arrays or len({one.shape for one in arrays}) > 1:
        raise MethodError(f"scores must be arrays of one shape, got {[one.shape for one in arrays]}")
    must = np.array(required or [False] * len(scores)) | (missing == "unknown")
    dtype = np.result_type(*arrays)
    score, known_share = np.empty(arrays[0].size, dtype), np.empty(arrays[0].size, dtype)
    flat = [None if one is None else one.reshape(-1) for one in scores]
    share = share.astype(dtype)
    for start in range(0, score.size, _BLOCK):
        piece = slice(start, min(start + _BLOCK, score.size))
        absent = np.full(piece.stop - start, np.nan, dtype)
        block = np.stack([absent if one is None else one[piece] for one in flat])
        score[piece], known_share[piece] = _joined(block, share, must, (combiner, chosen))
    return score.reshape(arrays[0].shape), known_share.reshape(arrays[0].shape)


def _joined(
    block: np.ndarray, share: np.ndarray, must: np.ndarray, how: tuple[Combiner, Mapping[str, Any]]
) -> tuple[np.ndarray, np.ndarray]:
    gap = np.isnan(block)
    if gap.any():
        weight = np.where(gap, 0, share[:, None])
        known = weight.sum(axis=0)
    else:
        weight = share[:, None]
        known = np.broadcast_to(share.sum(), block.shape[1:])
    score = join(block, weight, gap, combiner=how[0], options=how[1])
    nothing = gap.all(axis=0) | gap[must].any(axis=0)
    return np.where(nothing, np.nan, np.clip(score, 0, 1)), np.minimum(known, 1)


def evaluate(
    profile: Profile,
    measured: "xr.Dataset | pd.DataFrame",
    *,
    mask: xr.DataArray | pd.Series | np.ndarray | None = None,
) -> Any:
    """Score measured quantities by a profile.

    Parameters
    ----------
    profile : Profile
        Indicators, weights, combiner.
    measured : Dataset or DataFrame
        Factors as variables on one set of dimensions ``(y, x)`` with the attribute ``units``, or as columns
        (units in ``measured.attrs["units"]``, a mapping by column, checked where it names the column).
    mask : DataArray, Series or ndarray of bool, optional
        Only where True (the county); elsewhere unknown, and without a say in bounds found from the data.

    Returns
    -------
    score : DataArray of float32 or Series of float64
        0..1, NaN unknown.
    known_share : DataArray of float32 or Series of float64
        Share 0..1 of the profile's weight that was known; 0 outside the mask. An absent optional indicator
        lowers it everywhere. With computed weights (entropy, CRITIC) each absent indicator counts 1/n.

    Raises
    ------
    MissingLayerError
        A required indicator is absent, or all are.
    MethodError
        Units or dimensions that do not fit (all named at once), or as `normalise` and `combine`.

    Examples
    --------
    >>> from riskmap.model import Text
    >>> title = Text("坡度", "Slope")
    >>> slope = Indicator(factor="slope_deg", title=title, unit="deg", options={"low": 0, "high": 40})
    >>> rain = Indicator(factor="rain_mm", title=Text("雨量", "Rain"), unit="mm")
    >>> profile = Profile(name="p", title=title, indicators=(slope, rain), source="here", confidence="C")
    >>> score, known = evaluate(profile, pd.DataFrame({"slope_deg": [10.0, 20.0]}))
    >>> score.tolist(), known.tolist()
    ([0.25, 0.5], [0.5, 0.5])
    """
    present = [one for one in profile.indicators if one.factor in measured]
    absent = [one.factor for one in profile.indicators if one.factor not in measured]
    lost = [one.factor for one in profile.indicators if not one.optional and one.factor in absent]
    if lost or not present:
        raise MissingLayerError(
            f"profile {profile.name!r} needs {', '.join(lost or absent)}; measured are "
            f"{', '.join(map(str, measured)) or 'none'}"
        )
    _check_units(profile, measured, present)
    template = measured[present[0].factor]
    inside = None if mask is None else np.asarray(mask, dtype=bool)
    by_factor = {one.factor: _score(one, measured, inside) for one in present}
    scores = [by_factor.get(one.factor) for one in profile.indicators]
    score, known = combine(
        scores,
        _weights(profile, scores),
        combiner=profile.combiner,
        options=profile.combiner_options,
        missing=profile.missing,
        required=[not one.optional for one in profile.indicators],
    )
    return _labelled(score, template), _labelled(known, template)


def _score(one: Indicator, measured: "xr.Dataset | pd.DataFrame", inside: np.ndarray | None) -> np.ndarray:
    data = np.asarray(measured[one.factor])
    data = data.astype("float32" if isinstance(measured, xr.Dataset) else "float64", copy=False)
    if inside is not None:
        data = np.where(inside, data, np.float32(np.nan))
    return normalise(data, method=one.normaliser, direction=one.direction, **one.options)


def _check_units(profile: Profile, measured: "xr.Dataset | pd.DataFrame", present: Sequence[Indicator]) -> None:
    faults = []
    first = measured[present[0].factor]
    units: Mapping[str, str] = measured.attrs.get("units", {}) if isinstance(measured, pd.DataFrame) else {}
    for one in present:
        column = measured[one.factor]
        if isinstance(column, xr.DataArray) and column.dims != first.dims:
            faults.append(f"{one.factor}: dimensions {column.dims}, but {present[0].factor} has {first.dims}")
        has = column.attrs.get("units", "") if isinstance(column, xr.DataArray) else units.get(one.factor, one.unit)
        if (has or "1") != (one.unit or "1"):
            faults.append(f"{one.factor}: measured in {has or '1'!r}, the profile asks for {one.unit or '1'!r}")
    if faults:
        raise MethodError(f"profile {profile.name!r} does not fit what was measured", faults)


_FROM_DATA = {
    "entropy": entropy_weights,
    "critic": critic_weights,
    "variation": variation_weights,
    "pca": pca_weights,
}


def _weights(profile: Profile, scores: Sequence[np.ndarray | None]) -> np.ndarray:
    if profile.weights == "equal":
        return equal_weights(len(scores))
    if profile.weights == "ahp":
        return judged_weights(profile.matrix)
    if profile.weights == "given":
        return given_weights([one.weight for one in profile.indicators])
    table = np.stack([one.ravel() for one in scores if one is not None], axis=1)
    found = _FROM_DATA[profile.weights](table)
    full = equal_weights(len(scores))
    full[[one is not None for one in scores]] *= found * len(found)
    return full


def _labelled(values: np.ndarray, template: "xr.DataArray | pd.Series") -> Any:
    if isinstance(template, xr.DataArray):
        return xr.DataArray(values, dims=template.dims, coords=template.coords, attrs={"units": "1"})
    return pd.Series(values, index=template.index)
