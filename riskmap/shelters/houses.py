"""Public houses that stand firm and above the flood line: shelters of their village while a flood or a slide threatens."""

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from scipy.spatial import cKDTree

from riskmap.model import Survey
from riskmap.shelters.reach import inside_mask
from riskmap.shelters.scenarios import Scenario
from riskmap.spatial import cell_values

__all__ = ["HOUSE_THRESHOLDS", "PUBLIC_HOUSE", "above_water", "house_states", "public_houses"]

PUBLIC_HOUSE = "安全公共建筑"
HOUSE_THRESHOLDS = ("shelters.public_house_m2", "shelters.flood_freeboard_m")


def public_houses(survey: Survey, rules: pd.DataFrame, leaving: Mapping[str, pd.Series]) -> gpd.GeoDataFrame:
    """List the houses of public use in villages whose people must leave.

    Parameters
    ----------
    survey : Survey
        ``buildings`` with ``use`` and ``structure``; units.
    rules : DataFrame
        From `riskmap.shelters.shelter_rules`.
    leaving : mapping of scenario to Series
        People of each unit who must leave, in the scenarios in which such houses serve.

    Returns
    -------
    GeoDataFrame
        Index ``shelter_id`` (the code of the house); ``name`` (of the village, and the use), ``type``,
        ``capacity_people``, ``radius_m``, ``unit_id``, geometry. Empty without buildings, without their use or
        structure, and where nobody must leave.

    Notes
    -----
    Uses and structures that count stand in the tables ``shelters.public_uses`` and ``shelters.firm_structures``, the
    least floor area in a threshold; a house whose structure is not known does not count. Where a house has the code of a
    shelter, it stands as the shelter alone.

    Examples
    --------
    >>> public_houses.__name__
    'public_houses'
    """
    empty = gpd.GeoDataFrame(
        {"name": [], "type": [], "capacity_people": [], "radius_m": [], "unit_id": []},
        geometry=[], index=pd.Index([], name="shelter_id", dtype="object"), crs=survey.units.crs,
    )  # fmt: skip
    wanted = {unit for one in leaving.values() for unit in one.index[one.fillna(0) > 0]}
    if not wanted or not survey.has("buildings"):
        return empty
    houses = survey.frame("buildings")
    if not {"use", "structure"} <= set(houses.columns):
        return empty
    houses = houses[_counts(survey, houses)].drop_duplicates("code")
    units = survey.units.loc[survey.units.index.isin(wanted), ["geometry"]]
    where = gpd.sjoin(houses[["geometry"]], units, how="inner", predicate="intersects").iloc[:, -1]
    where = where[~where.index.duplicated()]
    houses = houses.loc[where.index]
    if houses.empty:
        return empty
    per_head, radius = rules.loc[PUBLIC_HOUSE, ["m2_per_person", "radius_m"]].to_numpy("float64")
    names = survey.units["name"].reindex(where).fillna("").astype(str).to_numpy()
    return gpd.GeoDataFrame(
        {
            "name": [f"{village}{use}用房" for village, use in zip(names, houses["use"].astype(str), strict=True)],
            "type": PUBLIC_HOUSE,
            "capacity_people": np.floor(houses["floor_area_m2"].to_numpy("float64") / per_head),
            "radius_m": radius,
            "unit_id": where.to_numpy(),
        },
        geometry=houses.geometry.to_numpy(),
        index=pd.Index(houses["code"].astype("str"), name="shelter_id"),
        crs=houses.crs,
    )


def _counts(survey: Survey, houses: gpd.GeoDataFrame) -> np.ndarray:
    """Whether each house is of public use, firm and large enough."""
    words = [
        [row["word"] for row in survey.standards.table(f"shelters.{one}")] for one in ("public_uses", "firm_structures")
    ]
    area = pd.to_numeric(houses["floor_area_m2"], errors="coerce")
    large = area >= survey.standards.value("shelters.public_house_m2")
    public = houses["use"].fillna("").astype(str).map(lambda use: any(one in use for one in words[0]))
    return (public & houses["structure"].isin(words[1]) & large).to_numpy(bool)


def house_states(
    houses: gpd.GeoDataFrame, scenarios: Iterable[Scenario], *, dem: xr.DataArray | None, freeboard_m: float
) -> dict[str, np.ndarray]:
    """Say in which scenarios each house is safe.

    Parameters
    ----------
    houses : GeoDataFrame
        From `public_houses`.
    scenarios : iterable of Scenario
        With their zones and depths.
    dem : DataArray, optional
        Heights, metres.
    freeboard_m : float
        How far a house must stand above the flood line.

    Returns
    -------
    dict of str to ndarray of bool
        Outside the zone and, where the scenario tells a depth of water, above the flood line (`above_water`).

    Examples
    --------
    >>> house_states(gpd.GeoDataFrame(geometry=[], crs="EPSG:4546"), [], dem=None, freeboard_m=0.5)
    {}
    """
    xy = shapely.get_coordinates(houses.geometry.to_numpy())
    found = {}
    for one in scenarios:
        safe = np.ones(len(xy), bool) if one.mask is None else ~inside_mask(xy, one.mask)
        if one.depth_m is not None and dem is not None:
            safe &= above_water(xy, one.depth_m, dem, freeboard_m=freeboard_m)
        found[one.name] = safe
    return found


def above_water(xy: np.ndarray, depth_m: xr.DataArray, dem: xr.DataArray, *, freeboard_m: float) -> np.ndarray:
    """Whether places stand above the water of a flood that is nearest to them.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Easting and northing.
    depth_m : DataArray
        Depth of water, 0 where it is dry, NaN unknown.
    dem : DataArray
        Heights on the same grid, metres.
    freeboard_m : float
        Least height above the water.

    Returns
    -------
    ndarray of bool
        False where depth or height is not known.

    Notes
    -----
    The flood line of a place is the level ``dem + depth`` of the nearest wet cell.

    Examples
    --------
    Water of level 11 m in the first cell; the second cell stands 0.2 m above it, the third one 2 m:

    >>> from riskmap.spatial import make_grid, on_grid
    >>> grid = make_grid((0, 0, 30, 10), "EPSG:4546", cell_size_m=10)
    >>> dem, depth = on_grid(np.array([[10.0, 11.2, 13.0]]), grid), on_grid(np.array([[1.0, 0.0, 0.0]]), grid)
    >>> above_water(np.array([[5.0, 5.0], [15.0, 5.0], [25.0, 5.0]]), depth, dem, freeboard_m=0.5).tolist()
    [False, False, True]
    """
    dry = cell_values(depth_m, xy) == 0
    height = cell_values(dem, xy)
    row, column = np.nonzero((depth_m > 0).to_numpy())
    if not len(row) or not len(xy):
        return dry & np.isfinite(height)
    level = dem.to_numpy()[row, column] + depth_m.to_numpy()[row, column]
    wet = np.column_stack([depth_m["x"].to_numpy()[column], depth_m["y"].to_numpy()[row]])
    nearest = cKDTree(wet).query(xy)[1]
    return dry & (height >= level[nearest] + freeboard_m)
