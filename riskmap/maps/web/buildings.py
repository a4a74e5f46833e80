"""The buildings of a page: a dot each, by structure, in four characters."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from riskmap.maps.web.shapes import packed
from riskmap.maps.words import NO_DATA, number
from riskmap.model import Survey, Text

__all__ = ["STRUCTURES", "buildings_part"]

STRUCTURES: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "钢筋混凝土": (Text("钢筋混凝土", "Reinforced concrete"), "#2e3440"),
        "钢结构": (Text("钢结构", "Steel frame"), "#6b7280"),
        "砖混": (Text("砖混", "Brick and concrete"), "#1f5fa8"),
        "砖木": (Text("砖木", "Brick and timber"), "#4f9bd9"),
        "土木": (Text("土木", "Earth and timber"), "#8e44ad"),
        "窑洞": (Text("窑洞", "Cave dwelling"), "#6d3b1f"),
    }
)
"""Structures of the survey with a colour of their own; every other one that is told is 其他 (other)."""
_OTHER, _UNKNOWN = (Text("其他", "Other"), "#9aa0a6"), (NO_DATA, "#ffffff")
_UNPLACED = Text("无位置", "Without a place")


def buildings_part(survey: Survey) -> Mapping[str, Any] | None:
    """Places of the buildings by structure.

    Parameters
    ----------
    survey : Survey
        With the layer ``buildings``; ``structure`` if it is known. Areas are shown by a point inside them.

    Returns
    -------
    mapping or None
        ``kinds``: label, colour, number as text, ``at`` (places as `riskmap.maps.web.shapes.packed`), the
        structures in a fixed order. Buildings of unknown structure are a kind of their own; those without a place are
        counted in the last one, which shows none. None where there are none, or where the map is public.

    Notes
    -----
    The order of a kind's buildings is that of a Hilbert curve, so that steps from one to the next are short; a building
    takes about four bytes.

    Examples
    --------
    >>> buildings_part.__name__
    'buildings_part'
    """
    if survey.county.maps.is_public or not survey.has("buildings") or survey.frame("buildings").empty:
        return None
    frame = survey.frame("buildings")
    placed = ~(frame.geometry.isna() | frame.geometry.is_empty)
    seats = gpd.GeoSeries(frame.geometry[placed].representative_point()).to_crs("EPSG:4326")
    order = np.argsort(seats.hilbert_distance().to_numpy(), kind="stable")
    seats, kinds = seats.iloc[order], _structures(frame)[placed].to_numpy()[order]
    named = {**STRUCTURES, "other": _OTHER, "": _UNKNOWN}
    rows = [_kind(*look, seats[kinds == one]) for one, look in named.items() if (kinds == one).any()]
    if not placed.all():
        rows.append(_kind(_UNPLACED, "#ffffff", seats.iloc[:0]) | {"count": number(int((~placed).sum()))})
    return {"kinds": rows}


def _structures(frame: gpd.GeoDataFrame) -> pd.Series:
    """Key of `STRUCTURES` of each building, ``other`` or nothing."""
    if "structure" not in frame:
        return pd.Series("", index=frame.index)
    told = frame["structure"].fillna("").astype(str)
    return told.where(told.isin([*STRUCTURES, ""]), "other")


def _kind(label: Text, colour: str, seats: gpd.GeoSeries) -> dict[str, Any]:
    at = shapely.get_coordinates(seats.to_numpy())
    return {"label": label, "colour": colour, "count": number(len(seats)), "at": packed(at)}
