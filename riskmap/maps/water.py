"""Streams as maps draw them: cut at the county, with an order each."""

import geopandas as gpd
import numpy as np

from riskmap.model import Survey

__all__ = ["county_streams"]

_BORDER_RIVER = 5
_BEYOND_M = 600.0


def county_streams(survey: Survey) -> gpd.GeoDataFrame:
    """Cut the streams at the county; large rivers go on a little beyond, for a border often runs along one.

    Parameters
    ----------
    survey : Survey
        With ``streams``.

    Returns
    -------
    GeoDataFrame
        Parts inside, with ``order`` (3 where it is not delivered); no empty shapes.

    Examples
    --------
    >>> county_streams.__name__
    'county_streams'
    """
    frame = survey.frame("streams")
    order = frame["order"].fillna(3).astype(int).to_numpy() if "order" in frame else np.full(len(frame), 3)
    whole = survey.outline.union_all()
    inside = frame.geometry.intersection(whole)
    beyond = frame.geometry.intersection(whole.buffer(_BEYOND_M))
    cut = inside.where(order < _BORDER_RIVER, beyond)
    streams = gpd.GeoDataFrame({"order": order}, geometry=cut.to_numpy(), crs=frame.crs)
    return streams[~streams.is_empty].reset_index(drop=True)
