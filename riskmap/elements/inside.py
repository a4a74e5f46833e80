"""What lies inside an area: people of each unit, records, lengths of lines."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from riskmap.spatial import inside, zonal_sum

__all__ = ["lines_inside", "records_inside", "units_inside"]


def units_inside(
    units: gpd.GeoDataFrame,
    area: gpd.GeoDataFrame,
    labels: xr.DataArray,
    *,
    totals: pd.DataFrame,
    grids: Mapping[str, xr.DataArray],
) -> gpd.GeoDataFrame:
    """Units that an area touches, whole and in part.

    Parameters
    ----------
    units : GeoDataFrame
        Index ``unit_id``; polygons.
    area : GeoDataFrame
        One area in the system of `units`.
    labels : DataArray of int
        0 for none, n for unit n - 1 (`zone_labels`).
    totals : DataFrame
        Index ``unit_id``: amounts of each unit, whole.
    grids : mapping of str to DataArray
        The same amounts by cell.

    Returns
    -------
    GeoDataFrame
        The touched units: ``area_share`` (0..1 of the unit), for each amount ``<name>`` (whole) and ``<name>_inside``
        (cells whose centre lies inside; NaN where unknown), geometry; most people inside first.

    Examples
    --------
    >>> units_inside.__name__
    'units_inside'
    """
    shape = area.union_all()
    share = shapely.area(shapely.intersection(units.geometry.to_numpy(), shape)) / units.area.to_numpy()
    mask = inside(area, labels.odc.geobox)
    found = gpd.GeoDataFrame(
        {"area_share": share}, geometry=units.geometry.to_numpy(), index=units.index, crs=units.crs
    )
    for name in [str(one) for one in totals if str(one) in grids]:
        found[name] = totals[name].reindex(units.index)
        found[f"{name}_inside"] = zonal_sum(grids[name].where(mask, 0.0), labels, count=len(units))
    touched = found[found["area_share"] > 0]
    order = [one for one in ("people_inside",) if one in touched]
    return touched.sort_values([*order, "area_share"], ascending=False, kind="stable")


def records_inside(frame: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Records whose place lies in the area or touches it.

    Examples
    --------
    >>> points = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=gpd.points_from_xy([1, 9], [1, 9]))
    >>> records_inside(points, gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 5, 5)]))["name"].tolist()
    ['a']
    """
    return frame[frame.geometry.intersects(area.union_all()).to_numpy()]


def lines_inside(lines: gpd.GeoDataFrame, area: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Parts of lines inside the area, with ``length_m``; the longest first.

    Examples
    --------
    >>> road = gpd.GeoDataFrame({"name": ["r"]}, geometry=[shapely.LineString([(0, 1), (9, 1)])])
    >>> lines_inside(road, gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 5, 5)]))["length_m"].tolist()
    [5.0]
    """
    cut = shapely.intersection(lines.geometry.to_numpy(), area.union_all())
    length = shapely.length(cut)
    found = lines.set_geometry(cut, crs=lines.crs).assign(length_m=length)
    return found[np.asarray(length) > 0].sort_values("length_m", ascending=False, kind="stable")
