"""The index of the units as a function, and what is in doubt about it, taken from an assessment."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from riskmap.elements import exposure
from riskmap.hazards import THEMES
from riskmap.model import EXPOSURE_COLUMNS, Assessment, Profile, RiskResult, Survey, Text
from riskmap.pipeline.products.absent import AbsentError
from riskmap.scoring import cut, named_weights, normalise
from riskmap.scoring.cells_to_units import WORST_CLASS, unit_hazards
from riskmap.scoring.input_errors import shifted_scores
from riskmap.scoring.unit_model import UnitModel
from riskmap.spatial import zone_labels

__all__ = [
    "UnitIndex",
    "hazards_on_units",
    "measured_profiles",
    "other_scalings",
    "scaled_exposures",
    "unit_index",
    "with_errors",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitIndex:
    """The comprehensive risk of the units, ready to be computed again.

    Parameters
    ----------
    risk : RiskResult
        What was published.
    model : UnitModel
        The index as a function.
    classes : Series of uint8
        The computed class of each unit (before any class that somebody signed for).
    names : DataFrame
        Index ``unit_id``: ``name`` of each unit.
    """

    risk: RiskResult
    model: UnitModel
    classes: pd.Series
    names: pd.DataFrame


def unit_index(assessment: Assessment) -> UnitIndex:
    """Take the index of the units out of an assessment.

    Parameters
    ----------
    assessment : Assessment
        With its risk.

    Returns
    -------
    UnitIndex

    Raises
    ------
    MissingLayerError
        There is no comprehensive risk.

    Examples
    --------
    >>> unit_index.__name__
    'unit_index'
    """
    risk, survey = assessment.risk, assessment.survey
    if risk is None:
        raise AbsentError(
            "没有综合风险，没有可检验的等级",
            "there is no comprehensive risk, so there is no class to question",
            asked=False,
        )
    settings, profile = survey.county.scoring, survey.standards.profile(survey.county.scoring.profile)
    by_column = {one.factor: one.weight for one in profile.indicators}
    declared = {name: by_column[column] for name, column in EXPOSURE_COLUMNS.items() if column in by_column}
    model = UnitModel.from_risks(
        risk.unit_risk,
        themes=named_weights(
            list(assessment.themes), given=settings.weights, order=settings.themes, pairwise=settings.pairwise
        ),
        objects=named_weights(list(declared), given=settings.objects or declared),
    )
    frame = risk.units.loc[model.units]
    classes = pd.Series(cut(frame["index"].to_numpy("float64"), risk.scheme), index=model.units)
    return UnitIndex(risk=risk, model=model, classes=classes, names=pd.DataFrame(frame[["name"]]))


def scaled_exposures(assessment: Assessment, whole: UnitIndex) -> dict[str, list[tuple[Text, np.ndarray]]]:
    """Exposure of each object as the profile scales it, then as others might.

    Parameters
    ----------
    assessment : Assessment
        Knows the amounts, and the scalings that its standards declare.
    whole : UnitIndex
        From `unit_index`.

    Returns
    -------
    dict of str to list of (Text, ndarray)
        By object. What is 0 stays 0: nothing is there, however it is scaled.

    Examples
    --------
    >>> scaled_exposures.__name__
    'scaled_exposures'
    """
    found: dict[str, list[tuple[Text, np.ndarray]]] = {}
    for place, name in enumerate(whole.model.objects):
        amount = whole.risk.exposure[EXPOSURE_COLUMNS[name]].reindex(whole.model.units).to_numpy("float64")
        found[name] = [
            (Text("采用的方法", "as used"), whole.model.exposure[place]),
            *other_scalings(assessment, amount),
        ]
    return found


def other_scalings(assessment: Assessment, amount: np.ndarray) -> list[tuple[Text, np.ndarray]]:
    """Scale an amount as others might.

    Parameters
    ----------
    assessment : Assessment
        Knows the scalings that its standards declare.
    amount : ndarray
        Any shape, NaN unknown.

    Returns
    -------
    list of (Text, ndarray)
        What is 0 stays 0.

    Examples
    --------
    >>> other_scalings.__name__
    'other_scalings'
    """
    found = []
    for row in assessment.survey.standards.table("robustness.scalings"):
        options: dict[str, Any] = dict(row["options"])
        scaled = normalise(amount, method=row["normaliser"], **options)
        found.append((Text(**row["title"]), np.where(amount == 0, amount.dtype.type(0), scaled)))
    return found


def with_errors(assessment: Assessment, whole: UnitIndex) -> tuple[UnitModel, Mapping[str, Text]]:
    """Add to the index what a standard error of each measured input does to the hazards of the units.

    Parameters
    ----------
    assessment : Assessment
        Hazards that were measured here and state the error of an input.
    whole : UnitIndex
        From `unit_index`.

    Returns
    -------
    UnitModel
        With its `errors`; the error of an input is taken as the same everywhere at once, which moves classes most.
    mapping of str to Text
        Title of each input, by ``theme/input``.

    Examples
    --------
    >>> with_errors.__name__
    'with_errors'
    """
    survey, model = assessment.survey, whole.model
    value = survey.standards.value
    stated = [
        one for one in measured_profiles(assessment, model.themes) if any(str(name).endswith("_sd") for name in one[1])
    ]
    if not stated:
        return model, {}
    labels, exposed = zone_labels(survey.units, survey.grid), assessment.exposed or exposure(survey)
    step = int(np.ceil(np.sqrt(labels.size / value("robustness.error_cells"))))
    thin = {"y": slice(None, None, step), "x": slice(None, None, step)}
    labels, amounts = labels.isel(thin), {name: one.isel(thin) for name, one in exposed.grids.items()}
    errors: dict[str, tuple[int, np.ndarray]] = {}
    titles: dict[str, Text] = {}
    for theme, measured, profile in stated:
        for name, low, high in shifted_scores(profile, measured.isel(thin)):
            hazards = hazards_on_units(survey, model, {"low": low, "high": high}, labels=labels, amounts=amounts)
            key, attrs = f"{theme}/{name}", measured[name].attrs
            errors[key] = (model.themes.index(theme), np.nan_to_num((hazards["high"] - hazards["low"]) / 2))
            titles[key] = Text(attrs.get("title_zh", name), attrs.get("title_en", name))
    return replace(model, errors=errors), titles


def hazards_on_units(
    survey: Survey,
    model: UnitModel,
    scores: Mapping[str, xr.DataArray],
    *,
    labels: xr.DataArray,
    amounts: Mapping[str, xr.DataArray],
) -> dict[str, np.ndarray]:
    """Bring scores to the units as the county's rule does.

    Parameters
    ----------
    survey : Survey
        Its county sets the rule.
    model : UnitModel
        Objects and units that are wanted.
    scores : mapping of str to DataArray
        By any name.
    labels, amounts
        As in `riskmap.scoring.cells_to_units.unit_hazards`.

    Returns
    -------
    dict of str to ndarray
        By name, shape (objects, units).

    Examples
    --------
    >>> hazards_on_units.__name__
    'hazards_on_units'
    """
    settings, value = survey.county.scoring, survey.standards.value
    found = unit_hazards(
        scores, labels, rule=settings.cells_to_units, index=survey.units.index, objects=model.objects, amounts=amounts,
        worst_share=settings.worst_share, covers=(value(WORST_CLASS[0]), value(WORST_CLASS[1])),
    )  # fmt: skip
    return {
        name: np.stack([found[one][name].reindex(model.units).to_numpy("float64") for one in model.objects])
        for name in scores
    }


def measured_profiles(assessment: Assessment, names: Sequence[str]) -> Iterator[tuple[str, xr.Dataset, Profile]]:
    """Hazards that were measured here, with the profile that scored them.

    Parameters
    ----------
    assessment : Assessment
        Hazards that were given by others are left aside.
    names : sequence of str
        Themes that are wanted.

    Yields
    ------
    str, Dataset, Profile

    Examples
    --------
    >>> measured_profiles.__name__
    'measured_profiles'
    """
    survey = assessment.survey
    for theme in THEMES:
        result = assessment.themes.get(theme.name)
        if theme.name in names and result is not None and result.origin == "measured":
            profile = survey.county.hazards.get(theme.name, {}).get("profile", theme.profile)
            yield theme.name, result.measured, survey.standards.profile(profile)
