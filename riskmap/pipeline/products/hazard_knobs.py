"""The hazards measured anew with other knobs: what the method of a hazard does to the index of the units."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from riskmap.elements import exposure
from riskmap.hazards import THEMES
from riskmap.model import Assessment, Survey, Text, Theme
from riskmap.pipeline.products.unit_index import UnitIndex, hazards_on_units
from riskmap.pipeline.themes import assess_theme
from riskmap.scoring.sensitivity import Uncertain, one_of
from riskmap.spatial import zone_labels

__all__ = ["KnobTrials", "knob_trials"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnobTrials:
    """Hazards of the units for every setting of the declared knobs, each measured once.

    Parameters
    ----------
    inputs : mapping of str to Uncertain
        By ``knob/<theme>/<knob>``; every option as likely.
    hazards : mapping of str to mapping
        Theme, then its settings (a value per knob of `inputs`, in their order), then the array (objects, units).
    refused : tuple of Text
        Why settings could not be measured; under them their theme keeps its hazard.
    """

    inputs: Mapping[str, Uncertain] = field(default_factory=dict)
    hazards: Mapping[str, Mapping[tuple[Any, ...], np.ndarray]] = field(default_factory=dict)
    refused: tuple[Text, ...] = ()

    @property
    def measured(self) -> int:
        """How often a hazard was measured anew."""
        return sum(len(one) for one in self.hazards.values())

    def of(self, drawn: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Hazards under one draw of the knobs."""
        found = {}
        for theme, settings in self.hazards.items():
            values = tuple(value for key, value in drawn.items() if key.startswith(f"knob/{theme}/"))
            if values in settings:
                found[theme] = settings[values]
        return found


def knob_trials(assessment: Assessment, whole: UnitIndex) -> KnobTrials:
    """Measure every hazard with every combination of its declared knobs.

    Parameters
    ----------
    assessment : Assessment
        Its survey holds the layers, derived ones too.
    whole : UnitIndex
        From `unit_index`.

    Returns
    -------
    KnobTrials
        Empty unless the county asks for it (``[scoring] try_knobs``). A hazard whose method refuses every option of a
        knob but one (no points to learn from) loses that knob.

    Notes
    -----
    Knobs and their options stand in ``robustness.knobs``; each combination is measured, scored and brought to the units as
    in a run, everything else as the county sets it.

    Examples
    --------
    >>> knob_trials.__name__
    'knob_trials'
    """
    survey = assessment.survey
    if not survey.county.scoring.try_knobs:
        return KnobTrials()
    declared = defaultdict(list)
    for row in survey.standards.table("robustness.knobs"):
        declared[row["hazard"]].append(row)
    exposed = assessment.exposed or exposure(survey)
    labels = zone_labels(survey.units, survey.grid)

    def on_units(scores: Mapping[str, xr.DataArray]) -> Mapping[str, np.ndarray]:
        return hazards_on_units(survey, whole.model, scores, labels=labels, amounts=exposed.grids)

    inputs: dict[str, Uncertain] = {}
    hazards: dict[str, dict[tuple[Any, ...], np.ndarray]] = {}
    refused: dict[Text, None] = {}
    for theme in THEMES:
        result = assessment.themes.get(theme.name)
        if theme.name not in whole.model.themes or result is None or result.origin != "measured":
            continue
        rows = declared[theme.name]
        found, gone = _tried(survey, theme, rows, on_units)
        refused |= dict.fromkeys(gone)
        options = [[one for one in row["options"] if any(key[n] == one for key in found)] for n, row in enumerate(rows)]
        live = [n for n, one in enumerate(options) if len(one) > 1]
        for n in live:
            inputs[f"knob/{theme.name}/{rows[n]['knob']}"] = one_of(options[n], title=Text(**rows[n]["title"]))
        if live:
            hazards[theme.name] = {tuple(key[n] for n in live): array for key, array in found.items()}
    return KnobTrials(inputs=inputs, hazards=hazards, refused=tuple(refused))


def _tried(
    survey: Survey,
    theme: Theme,
    rows: Sequence[Mapping[str, Any]],
    on_units: Callable[[Mapping[str, xr.DataArray]], Mapping[str, np.ndarray]],
) -> tuple[dict[tuple[Any, ...], np.ndarray], list[Text]]:
    """Measure one hazard under every combination of its knobs."""
    settings, found, refused = survey.county.hazards.get(theme.name, {}), {}, []
    for values in product(*(row["options"] for row in rows)) if rows else ():
        knobs = {row["knob"]: value for row, value in zip(rows, values, strict=True)}
        tried, gone = assess_theme(theme, survey, {**settings, **knobs})
        if tried is None:
            refused.append(gone[0].reason)
        else:
            found[values] = on_units({theme.name: tried.score})[theme.name]
    return found, refused
