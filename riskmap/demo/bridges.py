"""Heights of the decks of the made-up bridges."""

import geopandas as gpd
import numpy as np
import shapely

from riskmap.demo.frame import rng_of
from riskmap.demo.ground import Ground

__all__ = ["with_decks"]

_CLEAR_M = {"国道": 6.0, "省道": 5.5, "县道": 4.5, "乡道": 3.5, "村道": 3.0}
_LOW_ROADS = ("乡道", "村道")
_LOW_SHARE, _LOW_M = 0.3, (0.5, 1.1)
_BLANK_SHARE = 0.2
_STEP_M = 10.0


def with_decks(roads: gpd.GeoDataFrame, ground: Ground, *, seed: int) -> gpd.GeoDataFrame:
    """Measure the decks of bridges: above the bed by class, some low-water bridges (漫水桥), some never measured.

    Parameters
    ----------
    roads : GeoDataFrame
        ``class``, ``bridge`` (是, 否), lines.
    ground : Ground
        Relief.
    seed : int
        Seed of the county.

    Returns
    -------
    GeoDataFrame
        With ``deck_m``, in the heights of the relief; NaN beside bridges and for a fifth of them.

    Notes
    -----
    The bed is the lowest ground along the bridge. A deck stands above it by a clearance of its class (3 m for a village
    road to 6 m for a national one), and no lower than the lower of its ends; a low-water bridge of a township or village
    road lies half a metre to a metre above the bed.

    Examples
    --------
    >>> with_decks.__name__
    'with_decks'
    """
    rng = rng_of(seed, "bridges")
    row = np.flatnonzero((roads["bridge"] == "是").to_numpy())
    kinds = roads["class"].to_numpy()[row]
    fine = shapely.segmentize(roads.geometry.to_numpy()[row], _STEP_M)
    points, of = shapely.get_coordinates(fine, return_index=True)
    level = ground.relief.dem.to_numpy()[ground.cells(*points.T)].astype(float)
    first = np.flatnonzero(np.diff(of, prepend=-1))
    bed = np.minimum.reduceat(level, first)
    bank = np.minimum(level[first], level[np.append(first[1:], len(level)) - 1])
    high = np.maximum(bed + [_CLEAR_M[kind] for kind in kinds], bank)
    low = np.isin(kinds, _LOW_ROADS) & (rng.random(len(row)) < _LOW_SHARE)
    deck = np.where(low, bed + rng.uniform(*_LOW_M, len(row)), high)
    told = np.full(len(roads), np.nan)
    told[row] = np.where(rng.random(len(row)) < _BLANK_SHARE, np.nan, deck.round(1))
    return roads.assign(deck_m=told)[[*roads.columns.drop("geometry"), "deck_m", "geometry"]]
