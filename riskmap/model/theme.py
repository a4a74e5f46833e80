"""A theme: one hazard's declaration. Scoring, zoning, shelters and maps know no hazard by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from riskmap.model.layers import LayerSpec
from riskmap.model.shown import Rows, fields_frame, frame_html
from riskmap.model.text import Text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

__all__ = ["Closure", "Factor", "Theme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A measured quantity that profiles may use.

    Parameters
    ----------
    variable : str
        Name in the Dataset that `measure` returns.
    title : Text
        What it is.
    unit : str
        Its unit attribute.
    direction : {1, -1}
        1: more is worse.
    """

    variable: str
    title: Text
    unit: str
    direction: Literal[1, -1] = 1

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Where the hazard closes roads or shelters, as a rule that the pipeline turns into a mask.

    Parameters
    ----------
    variable : str
        Measured variable; every entry of its leading dimension is a scenario of its own: return periods in years, or what
        the ``units`` of the dimension's coordinate say (``h``: hours after the start).
    operator : {">", ">=", "<", "<="}
        Closed where ``variable operator threshold``.
    threshold : str
        Key of the threshold in the standards.
    closes : {"edges", "sites", "both"}
        Roads, shelters, or both.
    title : Text
        Name of the scenario.
    clause : str
        Why, for the person who asks.
    rule : str
        Key of the threshold that shuts a shelter out of such a zone; by default the `threshold` itself.
    over : str
        Layer of heights over which `variable` is a depth of water: bridges then close by their own level.
    """

    variable: str
    operator: Literal[">", ">=", "<", "<="]
    threshold: str
    closes: Literal["edges", "sites", "both"]
    title: Text
    clause: str = ""
    rule: str = ""
    over: str = ""

    _repr_html_ = frame_html
    to_frame = fields_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One hazard: what it asks for, what it measures, how it is named.

    Parameters
    ----------
    name : str
        Key in ``county.toml`` (``[hazards.<name>]``).
    title : Text
        Name on maps.
    layers : tuple of LayerSpec
        Layers that `measure` may use (delivered, or ``derived``).
    required : tuple of str
        Names of those without which the theme is left out.
    factors : tuple of Factor
        What is measured.
    headline : str
        Variable that the official scheme cuts; ``"score"`` when the class is cut from the profile's score.
    scheme : str
        The official ClassScheme.
    profile : str
        Default profile.
    measure : callable
        ``measure(survey, grid, *, knobs...) -> xarray.Dataset`` on dims ``(y, x)``.
    closures : tuple of Closure
        Scenarios for shelters.
    """

    name: str
    title: Text
    layers: tuple[LayerSpec, ...]
    required: tuple[str, ...]
    factors: tuple[Factor, ...]
    headline: str
    scheme: str
    profile: str
    measure: "Callable[..., xr.Dataset]"
    closures: tuple[Closure, ...] = ()

    _repr_html_ = frame_html

    def to_frame(self) -> "pd.DataFrame":
        """What it measures, a row a factor."""
        return Rows(self.factors).to_frame()
