"""What a page needs to work the index again under other weights: risks of the units, scores of the cells."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from riskmap.maps.web.pictures import PIXELS, change, grey_picture, lon_lat_bounds, web_grid
from riskmap.model import NO_CLASS, OBJECTS, Assessment, ClassScheme, RiskResult, Text
from riskmap.model.titles import short_title
from riskmap.spatial import resample, zone_labels

__all__ = ["CELL_STEPS", "UNIT_STEPS", "cells_part", "what_if_part"]

UNIT_STEPS, CELL_STEPS = 10_000, 250
"""Risks of units and scores of cells stand in a page in steps of one over these."""


def what_if_part(assessment: Assessment, units: gpd.GeoDataFrame) -> Mapping[str, Any] | None:
    """Weights and risks of the units.

    Parameters
    ----------
    assessment : Assessment
        With its risk.
    units : GeoDataFrame
        In the order in which the page has them.

    Returns
    -------
    mapping or None
        ``themes`` and ``objects`` (name, title, weight), ``risks`` (theme, object, unit: steps of 1/10,000, -1 unknown),
        ``edges`` (of the joined index, and of each object's). None where there is nothing to weigh, or where the map is
        public: a class that its reader can move is no map that an office publishes.

    Notes
    -----
    The page computes what `riskmap.scoring.comprehensive` does, in the same order, with the breaks of the run.

    Examples
    --------
    >>> what_if_part.__name__
    'what_if_part'
    """
    risk = assessment.risk
    if risk is None or assessment.survey.county.maps.is_public or not risk.theme_weights or not risk.object_weights:
        return None
    table = risk.unit_risk.pivot(index="unit_id", columns=["theme", "object"], values="index").reindex(units.index)
    themes, objects = _held(risk, assessment)
    risks = []
    for theme in themes:
        for thing in objects:
            values = table[theme, thing].to_numpy("float64")
            risks.append(
                np.where(np.isnan(values), -1, np.rint(np.nan_to_num(values) * UNIT_STEPS)).astype(int).tolist()
            )
    return {
        "themes": [_weighed(one, short_title(assessment.themes[one].title), risk.theme_weights[one]) for one in themes],
        "objects": [_weighed(one, OBJECTS[one], risk.object_weights[one]) for one in objects],
        "risks": risks,
        "steps": UNIT_STEPS,
        "edges": _edges(risk.scheme),
    }


def cells_part(
    assessment: Assessment, units: gpd.GeoDataFrame, *, people: xr.DataArray | None = None, pixels: int = PIXELS
) -> Mapping[str, Any] | None:
    """Cells of the page: the unit of each, people, and what the index of the grid is worked from.

    Parameters
    ----------
    assessment : Assessment
        With its risk.
    units : GeoDataFrame
        In the order in which the page has them.
    people : DataArray, optional
        People of each cell.
    pixels : int
        Upper size of each picture; all have the size and place of the class pictures.

    Returns
    -------
    mapping or None
        ``size``, ``bounds``, ``units`` (picture; red x 256 + green: 0 none, n for unit n - 1), ``scores`` and ``amounts``
        (one grey picture a theme and an object: steps of 1/250, 255 unknown), ``harms`` (object, unit; -1 unknown),
        ``edges`` (None for one that is never reached) and ``people`` (steps from one inhabited pixel to the next, and the
        people there). None without risk, or where the map is public.

    Examples
    --------
    >>> cells_part.__name__
    'cells_part'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None or survey.county.maps.is_public or not risk.cell_exposure:
        return None
    grid = web_grid(survey.grid, pixels=pixels)
    themes, objects = _held(risk, assessment)
    labels = zone_labels(units, survey.grid).astype("float32")
    numbers = np.nan_to_num(np.asarray(resample(labels, grid, method="nearest").data)).astype("uint16")

    def picture(steps: xr.DataArray) -> str:
        values = np.asarray(resample(steps, grid, method="nearest").data).astype("uint8")
        return grey_picture(np.where(numbers > 0, values, NO_CLASS).astype("uint8"))

    harm = risk.vulnerability.reindex(units.index)
    return {
        "size": (numbers.shape[1], numbers.shape[0]),
        "bounds": lon_lat_bounds(grid),
        "units": _rgb(numbers),
        "scores": [picture(_in_steps(assessment.themes[one].score)) for one in themes],
        "amounts": [picture(risk.cell_exposure[one]) for one in objects],
        "harms": [
            [-1 if np.isnan(value) else float(value) for value in harm[one]] if one in harm else [-1] * len(units)
            for one in objects
        ],
        "steps": CELL_STEPS,
        "edges": _edges(risk.grid_scheme),
        "people": None if people is None else _inhabited(people, grid),
    }


def _edges(scheme: ClassScheme) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in scheme.edges]


def _inhabited(people: xr.DataArray, grid: GeoBox) -> list[list[float]]:
    """Pixels where people live, each by its step from the one before, and how many."""
    amounts = np.nan_to_num(people.to_numpy())
    rows, columns = np.nonzero(amounts > 0)
    east, north = people.odc.geobox.affine @ (columns + 0.5, rows + 0.5)
    x, y = ~grid.affine @ change(str(people.odc.geobox.crs), str(grid.crs)).transform(east, north)
    inside = (x >= 0) & (y >= 0) & (x < grid.shape[1]) & (y < grid.shape[0])
    place = np.floor(y[inside]).astype(int) * grid.shape[1] + np.floor(x[inside]).astype(int)
    at, group = np.unique(place, return_inverse=True)
    counts = np.bincount(group, weights=amounts[rows[inside], columns[inside]])
    return [np.diff(at, prepend=0).tolist(), np.round(counts, 2).tolist()]


def _held(risk: RiskResult, assessment: Assessment) -> tuple[list[str], list[str]]:
    """Themes and objects that were assessed, in the order of the weights."""
    seen_t, seen_o = set(risk.unit_risk["theme"]), set(risk.unit_risk["object"])
    themes = [one for one in risk.theme_weights if one in seen_t and one in assessment.themes]
    return themes, [one for one in risk.object_weights if one in seen_o]


def _weighed(name: str, title: Text, weight: float) -> Mapping[str, Any]:
    return {"id": name, "title": title, "weight": float(weight)}


def _in_steps(scores: xr.DataArray) -> xr.DataArray:
    values = scores.to_numpy()
    steps = np.where(np.isnan(values), NO_CLASS, np.rint(np.nan_to_num(values) * CELL_STEPS))
    return scores.copy(data=steps.astype("uint8"))


def _rgb(numbers: NDArray[np.uint16]) -> str:
    bands: Sequence[NDArray[np.uint8]] = [(numbers >> 8).astype("uint8"), (numbers & 255).astype("uint8")]
    return grey_picture(np.dstack([*bands, np.zeros_like(bands[0])]))
