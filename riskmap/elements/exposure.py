"""Exposure: what stands in each unit and in each cell."""

from types import MappingProxyType

import pandas as pd

from riskmap.elements.assets import count_crops, count_gdp, count_houses, count_roads
from riskmap.elements.part import on_survey_grid
from riskmap.elements.people import count_people
from riskmap.model import EXPOSURE_COLUMNS, OBJECTS, Exposure, LeftOut, Survey, Text
from riskmap.spatial.zonal import zone_labels

__all__ = ["exposure"]

_UNITS = {"people": "people", "gdp": "yuan", "crops": "km2", "houses": "m2", "roads": "km"}


def exposure(survey: Survey) -> Exposure:
    """Count the exposed objects of a county on its units and on its grid.

    Parameters
    ----------
    survey : Survey
        Any of the layers ``population`` or ``villages`` (people), ``yearbook`` (GDP, cropland),
        ``land_cover`` (crops), ``buildings`` (houses), ``roads``.

    Returns
    -------
    Exposure
        An object without its layer is absent, with the reason in `left_out`; it is never counted as zero.
        Grids are float64, so that they sum to the units.

    Notes
    -----
    People: population grid, or counts of villages spread within their areas. GDP: of the township, by people.
    Crops: cropland of the land cover. Where the yearbook gives a township's total, units sum to it exactly
    (people of villages excepted: they are counts themselves).

    Examples
    --------
    >>> exposure.__name__
    'exposure'
    """
    labels = zone_labels(survey.units, survey.grid)
    people = count_people(survey, labels)
    parts = {
        "people": people,
        "gdp": count_gdp(survey, labels, people),
        "crops": count_crops(survey, labels),
        "houses": count_houses(survey, labels),
        "roads": count_roads(survey, labels),
    }
    units, grids, left_out, notes = {}, {}, [], []
    for name, part in parts.items():
        if part.units is None or part.cells is None:
            product = Text(f"{OBJECTS[name].zh}风险", f"{OBJECTS[name].en}: risk")
            left_out.append(LeftOut(product=product, reason=part.note))
            continue
        column = EXPOSURE_COLUMNS[name]
        units[column] = part.units
        grids[column] = on_survey_grid(part.cells, survey, units=_UNITS[name])
        notes.append(part.note)
    keys = sorted({key for part in parts.values() if part.units is not None for key in part.thresholds})
    return Exposure(
        units=pd.DataFrame(units, index=survey.units.index, dtype="float64"),
        grids=MappingProxyType(grids),
        left_out=tuple(left_out),
        notes=tuple(notes),
        thresholds=tuple(survey.standards.threshold(key) for key in keys),
    )
