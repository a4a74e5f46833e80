"""Sites that stand in the worst class of a finished hazard product."""

from typing import Any

import numpy as np
import shapely
import xarray as xr

from riskmap.loaders.quality import located
from riskmap.loaders.rules import tell
from riskmap.model.layers import Finding
from riskmap.model.results import Survey
from riskmap.model.text import Text

__all__ = ["sites_in_worst_class"]

_SITES = ("shelters", "planned_sites")


def sites_in_worst_class(codes: xr.DataArray, survey: Survey, *, title: Text, worst: int) -> list[Finding]:
    """Tell shelters and planned sites that stand where a given product is at its worst.

    Parameters
    ----------
    codes : DataArray of uint8
        Classes on the grid of the county.
    survey : Survey
        Holds the sites; none of them is left out.
    title : Text
        Of the product.
    worst : int
        Number of the highest class.

    Returns
    -------
    list of Finding
        None where the class covers more of the county than `quality.zone_share`: then it tells no site from another.

    Examples
    --------
    >>> sites_in_worst_class.__name__
    'sites_in_worst_class'
    """
    zone = (codes == worst).to_numpy()
    share = zone[survey.mask.to_numpy()].mean() if survey.mask.any() else 0.0
    if not zone.any() or share > survey.standards.value("quality.zone_share"):
        return []
    what = Text(f"位于“{title.zh}”的最高等级区内", f"stands in the highest class of '{title.en}'")
    found: list[Finding] = []
    for name in _SITES:
        if name not in survey.layers:
            continue
        layer = survey.layers[name]
        data: Any = layer.data if layer.rows is None else layer.data.set_axis(layer.rows)
        inside = _at(zone, data.geometry.to_numpy(), survey)
        found += located(tell(layer.spec, "in-hazard-zone", data.index[inside], what, field="位置"), data, layer.spec)
    return found


def _at(zone: Any, shapes: Any, survey: Survey) -> Any:
    """Whether points stand on a cell of the zone."""
    affine = survey.grid.affine
    n = np.floor((shapely.get_y(shapes) - affine.f) / affine.e)
    m = np.floor((shapely.get_x(shapes) - affine.c) / affine.a)
    rows, columns = zone.shape
    on = (n >= 0) & (m >= 0) & (n < rows) & (m < columns)
    inside = np.zeros(len(shapes), bool)
    inside[on] = zone[n[on].astype(int), m[on].astype(int)]
    return inside
