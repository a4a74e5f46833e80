"""How measured quantities are handed over: variables with units and names, products with their story."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from odc.geo.xr import xr_coords

from riskmap.model import LeftOut, Text

__all__ = ["measured", "product"]


def measured(values: np.ndarray, grid: GeoBox, *, title: Text, unit: str) -> xr.DataArray:
    """Put values on the grid as float32 with their unit and name.

    Parameters
    ----------
    values : numpy.ndarray, shape of the grid
        NaN where unknown.
    grid : GeoBox
        Analysis grid.
    title : Text
        What it is.
    unit : str
        Unit; "1" for a plain number.

    Returns
    -------
    DataArray
        Dims ``(y, x)``, attributes ``units``, ``title_zh``, ``title_en``.

    Examples
    --------
    >>> grid = GeoBox.from_bbox((0, 0, 200, 100), "EPSG:4546", resolution=100)
    >>> measured(np.zeros((1, 2)), grid, title=Text("水深", "Depth"), unit="m").attrs["units"]
    'm'
    """
    return xr.DataArray(
        np.asarray(values, dtype=np.float32),
        dims=("y", "x"),
        coords=xr_coords(grid, dims=("y", "x")),
        attrs={"units": unit, "title_zh": title.zh, "title_en": title.en},
    )


def product(
    variables: dict[str, xr.DataArray],
    *,
    title: Text,
    method: Text,
    thresholds: Iterable[str],
    left_out: Iterable[LeftOut] = (),
    **more: Any,
) -> xr.Dataset:
    """Join measured variables to the product of one theme.

    Parameters
    ----------
    variables : dict of str to DataArray
        From `measured`.
    title, method : Text
        Name of the product; one or two sentences on how it was made.
    thresholds : iterable of str
        Keys of the published values that went in.
    left_out : iterable of LeftOut
        What could not be made, with the reason.
    **more
        Further attributes, plain values only.

    Returns
    -------
    Dataset
        With attributes ``title_*``, ``method_*``, ``thresholds``, ``left_out`` and those of `more`.

    Examples
    --------
    >>> name = Text("洪水", "Flood")
    >>> product({}, title=name, method=name, thresholds=["b", "a"]).attrs["thresholds"]
    ('a', 'b')
    """
    gone = tuple((one.product.zh, one.product.en, one.reason.zh, one.reason.en) for one in left_out)
    attributes = {
        "title_zh": title.zh,
        "title_en": title.en,
        "method_zh": method.zh,
        "method_en": method.en,
        "thresholds": tuple(sorted(set(thresholds))),
        "left_out": gone,
    }
    return xr.Dataset(variables, attrs=attributes | more)
