"""Bridges that the water of a flood rises over."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.shelters.reach import highest_along
from riskmap.shelters.scenarios import Scenario

__all__ = ["bridges_under_water"]


def bridges_under_water(roads: gpd.GeoDataFrame, scenarios: Iterable[Scenario], *, dem: xr.DataArray) -> pd.DataFrame:
    """Say by how much the water of each flood stands over the deck of each bridge.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines; ``bridge`` (bool) and ``deck_m``, the height of the deck in the system of the relief, NaN unknown.
    scenarios : iterable of Scenario
        Those with a depth of water count.
    dem : DataArray
        Heights of the ground, metres.

    Returns
    -------
    DataFrame
        Index that of the bridges with a known deck; one column a scenario with a depth: the highest water along the bridge less
        its deck, metres; NaN where no water is known along it. Above 0 the bridge is closed, as in `states_of`.

    Examples
    --------
    >>> import shapely
    >>> from riskmap.spatial import make_grid, on_grid
    >>> grid = make_grid((0, 0, 20, 10), "EPSG:4546", cell_size_m=10)
    >>> dem, depth = on_grid(np.array([[800.0, 801.0]]), grid), on_grid(np.array([[2.5, 0.0]]), grid)
    >>> flood = Scenario(name="flood: 20 a", theme="flood", depth_m=depth)
    >>> line = shapely.LineString([(1, 5), (19, 5)])
    >>> roads = gpd.GeoDataFrame({"bridge": True, "deck_m": [802.0, 803.0]}, geometry=[line, line], crs="EPSG:4546")
    >>> bridges_under_water(roads, [flood], dem=dem)["flood: 20 a"].tolist()
    [0.5, -0.5]
    """
    deck = pd.to_numeric(roads.get("deck_m", pd.Series(np.nan, index=roads.index)), errors="coerce").astype("float64")
    given = roads["bridge"].fillna(False).astype(bool) if "bridge" in roads else pd.Series(False, index=roads.index)
    bridges = roads[given & deck.notna()]
    found = {
        one.name: highest_along(bridges, (dem + one.depth_m).where(one.depth_m > 0))
        - deck.loc[bridges.index].to_numpy()
        for one in scenarios
        if one.depth_m is not None and len(bridges)
    }
    return pd.DataFrame(found, index=bridges.index)
