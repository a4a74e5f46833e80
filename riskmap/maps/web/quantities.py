"""Measured quantities of the cells, so that a page can tell the value under the pointer."""

from collections.abc import Iterator, Mapping
from math import floor, log10
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.maps.web.pictures import PIXELS, grey_picture, lon_lat_bounds, web_grid
from riskmap.maps.words import UNITS
from riskmap.model import Assessment, Text, ThemeResult
from riskmap.model.titles import scenario_words
from riskmap.spatial import resample

__all__ = ["in_steps", "quantities_part", "theme_quantities"]

_MOST, _TRACE, _UNKNOWN = 253, 254, 255
_NICE = (1.0, 2.0, 5.0, 10.0)


def quantities_part(assessment: Assessment, *, pixels: int = PIXELS) -> Mapping[str, Any] | None:
    """What was measured in each cell: the quantity that a hazard's classes cut, and the depths of its scenarios.

    Parameters
    ----------
    assessment : Assessment
        With its hazards.
    pixels : int
        Upper size of each picture; all have the size and place of the class pictures.

    Returns
    -------
    mapping or None
        ``size``, ``bounds``, ``layers``: by id of the layer a list of quantities, the one that the classes cut first, each
        with ``title``, ``unit`` (with its space), ``png`` and the scale of `in_steps`. None where there is none, or where
        the map is public: measured values stand in internal editions only.

    Notes
    -----
    Where the classes are cut from the score, or the quantity is the score itself, it is not told twice.

    Examples
    --------
    >>> quantities_part.__name__
    'quantities_part'
    """
    maps, themes = assessment.survey.county.maps, assessment.themes
    return None if maps.is_public else theme_quantities(themes, assessment.survey.grid, pixels=pixels)


def theme_quantities(
    themes: Mapping[str, ThemeResult], grid: GeoBox, *, pixels: int = PIXELS
) -> Mapping[str, Any] | None:
    """Quantities of hazards alone, as `quantities_part`.

    Examples
    --------
    >>> theme_quantities({}, GeoBox.from_bbox((0, 0, 9, 9), "EPSG:4546", shape=(3, 3))) is None
    True
    """
    layers = {
        f"hazard-{name}": [_told(*one, web_grid(grid, pixels=pixels)) for one in _quantities(theme)]
        for name, theme in themes.items()
    }
    if not any(layers.values()):
        return None
    shown = web_grid(grid, pixels=pixels)
    return {"size": (shown.shape[1], shown.shape[0]), "bounds": lon_lat_bounds(shown), "layers": layers}


def _told(title: Text, values: xr.DataArray, grid: GeoBox) -> Mapping[str, Any]:
    codes, scale = in_steps(values.to_numpy())
    shown = np.asarray(resample(values.copy(data=codes).assign_attrs(nodata=_UNKNOWN), grid, method="nearest").data)
    name = str(values.attrs.get("units", ""))
    unit = UNITS.get(name, Text(name, name))
    gap = Text(*(f" {one}" if one and one not in {"°", "%"} else one for one in (unit.zh, unit.en)))
    return {"title": title, "unit": gap, "png": grey_picture(shown.astype("uint8"))} | scale


def in_steps(values: NDArray[np.floating[Any]]) -> tuple[NDArray[np.uint8], dict[str, float]]:
    """Round a quantity to at most 254 even steps of 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    values : ndarray of float
        NaN and what is not finite are unknown.

    Returns
    -------
    codes : ndarray of uint8
        Steps above the lowest; 254 for what is more than nought and rounds to it, so that traces and nought differ; 255
        unknown.
    scale : dict
        ``low`` and ``step``: a value is ``low + code * step``, at most half a step off.

    Examples
    --------
    >>> codes, scale = in_steps(np.array([0.0, 0.004, 1.0, 3.49, np.nan]))
    >>> codes.tolist(), scale
    ([0, 254, 50, 174, 255], {'low': 0.0, 'step': 0.02})
    """
    known = np.isfinite(values)
    if not known.any():
        return np.full(values.shape, _UNKNOWN, "uint8"), {"low": 0.0, "step": 1.0}
    least, most = float(values[known].min()), float(values[known].max())
    step = _nice((most - least) / (_MOST - 1) or abs(most) / 100 or 1.0)
    low = floor(least / step) * step
    codes = np.where(known, np.rint((np.where(known, values, low) - low) / step), _UNKNOWN)
    if least >= 0:
        codes[known & (values > 0) & (low + codes * step == 0)] = _TRACE
    digits = max(0, -floor(log10(step)))
    return codes.astype("uint8"), {"low": round(low, digits), "step": round(step, digits)}


def _nice(least: float) -> float:
    """Next larger 1, 2 or 5 times a power of ten."""
    power = 10.0 ** floor(log10(least))
    return float(next(one for one in _NICE if one * power >= least * (1 - 1e-9)) * power)


def _quantities(theme: ThemeResult) -> Iterator[tuple[Text, xr.DataArray]]:
    headline = theme.measured.get(theme.headline) if theme.headline != "score" else None
    if headline is not None and set(headline.dims) == {"y", "x"} and not _same(headline, theme.score):
        yield _title(headline), headline
    for name in theme.scenario_depths:
        depth = theme.depth_m(name)
        if depth is not None:
            yield scenario_words(_title(depth), name, part=theme.scenario_titles.get(name)), depth


def _same(quantity: xr.DataArray, score: xr.DataArray) -> bool:
    return quantity.shape == score.shape and np.array_equal(quantity.to_numpy(), score.to_numpy(), equal_nan=True)


def _title(values: xr.DataArray) -> Text:
    name = str(values.name or "")
    return Text(str(values.attrs.get("title_zh", name)), str(values.attrs.get("title_en", name)))
