"""The rules between layers and over rasters, run when every layer of the county is read."""

from collections.abc import Mapping

import pandas as pd

from riskmap.loaders.quality import located
from riskmap.loaders.quality_between import BETWEEN_RULES
from riskmap.loaders.quality_raster import RASTER_RULES
from riskmap.loaders.rules import Beside
from riskmap.model.layers import Finding, LayerSpec

__all__ = ["check_between"]


def check_between(beside: Beside, specs: Mapping[str, LayerSpec]) -> list[Finding]:
    """Hold the layers of a county against each other, and the rasters against what rasters can be.

    Parameters
    ----------
    beside : Beside
        Every usable layer.
    specs : mapping of str to LayerSpec
        With the rules that each declares.

    Returns
    -------
    list of Finding
        None of them takes a record out: which of two layers is wrong is not known.

    Examples
    --------
    >>> from riskmap.loaders.rules import Against
    >>> from riskmap.standards import layer_specs
    >>> names = pd.DataFrame({"code": ["140930100000"], "name": ["甲镇"], "people": [500.0]}, index=[2])
    >>> seats = pd.DataFrame({"code": ["140930100200"], "people": [900.0]}, index=[2])
    >>> beside = Beside(layers={"yearbook": names, "villages": seats}, areas={}, mask=None, against=Against())
    >>> [one.rule for one in check_between(beside, layer_specs())]
    ['sum-differs']
    """
    found: list[Finding] = []
    for name, data in beside.layers.items():
        spec = specs[name]
        rules = BETWEEN_RULES if isinstance(data, pd.DataFrame) else RASTER_RULES
        told = [one for rule in spec.rules if rule.rule in rules for one in rules[rule.rule](data, spec, rule, beside)]
        found += located(told, data, spec) if isinstance(data, pd.DataFrame) else told
    return found
