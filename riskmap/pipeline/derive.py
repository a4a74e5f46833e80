"""Make the derived layers of a survey once: terrain and hydrology from the elevation."""

from collections.abc import Callable, Iterable, Mapping

import xarray as xr

from riskmap.model import Layer, LayerSource, LayerSpec, Survey
from riskmap.spatial import hydrology, terrain
from riskmap.standards import layer_specs

__all__ = ["DERIVATIONS", "derived_layers", "needed_derivations"]


def _terrain(survey: Survey) -> xr.Dataset:
    return terrain(survey.raster("dem"))


def _hydrology(survey: Survey) -> xr.Dataset:
    return hydrology(survey.raster("dem"))


DERIVATIONS: Mapping[str, Callable[[Survey], xr.Dataset]] = {"terrain": _terrain, "hydrology": _hydrology}
"""Name of a derivation to the function that makes its layers from a survey with an elevation."""


def needed_derivations(specs: Iterable[LayerSpec]) -> tuple[str, ...]:
    """Return the derivations that a set of layer declarations asks for, in their order.

    Parameters
    ----------
    specs : iterable of LayerSpec
        What themes declare.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from riskmap.standards import layer_spec
    >>> needed_derivations([layer_spec("dem"), layer_spec("slope_deg")])
    ('terrain',)
    """
    asked = {one.derived for one in specs}
    return tuple(name for name in DERIVATIONS if name in asked)


def derived_layers(survey: Survey, name: str) -> dict[str, Layer]:
    """Make the layers of one derivation.

    Parameters
    ----------
    survey : Survey
        With a ``dem``.
    name : str
        ``"terrain"`` or ``"hydrology"``.

    Returns
    -------
    dict of str to Layer
        The catalogue's layers of that derivation.

    Examples
    --------
    >>> derived_layers.__module__
    'riskmap.pipeline.derive'
    """
    made = DERIVATIONS[name](survey)
    source = survey.layer("dem").source
    told = LayerSource(path="", licence=source.licence, source=source.source, secrecy=source.secrecy)
    return {
        spec.name: Layer(spec=spec, data=made[spec.name], source=told)
        for spec in layer_specs().values()
        if spec.derived == name and spec.name in made
    }
