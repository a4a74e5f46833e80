"""Roads of an OpenStreetMap extract: its tags become the columns of the layer, by a declared table."""

import re
from typing import Any

import pandas as pd

from riskmap.model.layers import Finding, LayerSpec
from riskmap.model.text import Text
from riskmap.standards import book

__all__ = ["LAYERS", "from_openstreetmap"]

LAYERS = {"point": "points", "line": "lines", "polygon": "multipolygons"}
"""Layer of an extract by the kind of place that is asked for."""

_PAIR = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_SPEED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph)?\s*$")
_KM_A_MILE = 1.609344
_ONEWAY = {"yes": "单向", "true": "单向", "1": "单向", "-1": "反向", "reverse": "反向"}


def from_openstreetmap(frame: Any, spec: LayerSpec) -> tuple[Any, list[Finding]]:
    """Keep the roads of an extract, with class, one-way, speed, surface, bridge and level from their tags.

    Parameters
    ----------
    frame : GeoDataFrame
        A layer of an ``.osm.pbf``: ``highway`` and ``other_tags`` as GDAL writes them.
    spec : LayerSpec
        Only ``roads`` are changed; of any other layer the features stay as they are.

    Returns
    -------
    frame : GeoDataFrame
        The roads alone.
    findings : list of Finding
        A note with the number of lines that are no roads.

    Notes
    -----
    Classes by ``openstreetmap.roads`` of the standards. Speeds in miles are turned into km/h; a text that is no number
    (``walk``, ``none``) is no speed. Roundabouts and motorways are one-way unless they say otherwise.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> from riskmap.standards import layer_spec
    >>> line = shapely.LineString([(0, 0), (1, 1)])
    >>> lines = gpd.GeoDataFrame({"highway": ["primary", None], "other_tags": ['"oneway"=>"yes","maxspeed"=>"60"', None]},
    ...     geometry=[line, line], index=[1, 2])
    >>> roads, _ = from_openstreetmap(lines, layer_spec("roads"))
    >>> roads[["class", "oneway", "speed_km_h"]].to_numpy().tolist()
    [['省道', '单向', 60.0]]
    """
    if spec.name != "roads" or "highway" not in frame:
        return frame, []
    classes = {str(row["highway"]): str(row["class"]) for row in book().table("openstreetmap.roads")}
    kind = frame["highway"].map(classes)
    roads = frame[kind.notna()]
    empty = pd.Series([None] * len(roads), index=roads.index, dtype="object")
    tags = [dict(_PAIR.findall(one)) if isinstance(one, str) else {} for one in roads.get("other_tags", empty)]
    table = roads[["name", "geometry"]] if "name" in roads else roads[["geometry"]]
    found = table.assign(
        **{
            "code": roads.get("osm_id", empty),
            "class": kind[roads.index],
            "oneway": [_way(one, way) for one, way in zip(tags, roads["highway"], strict=True)],
            "speed_km_h": [_speed(one.get("maxspeed", "")) for one in tags],
            "surface": [one.get("surface") for one in tags],
            "bridge": ["是" if one.get("bridge", "no") != "no" else "否" for one in tags],
            "level": [_level(one) for one in tags],
        }
    )
    count = len(frame) - len(found)
    if not count:
        return found, []
    what = Text(f"{count} 条线不是道路，未读取", f"{count} lines are no roads and are not read")
    cure = Text("无需处理", "nothing to do")
    return found, [Finding(rule="other-shapes", severity="note", layer=spec.name, message=what, cure=cure)]


def _way(tags: dict[str, str], highway: str) -> str:
    said = tags.get("oneway", "")
    if said:
        return _ONEWAY.get(said, "双向")
    return "单向" if tags.get("junction") == "roundabout" or highway.startswith("motorway") else "双向"


def _speed(text: str) -> float | None:
    match = _SPEED.match(text)
    if match is None:
        return None
    return round(float(match[1]) * (_KM_A_MILE if match[2] else 1), 1)


def _level(tags: dict[str, str]) -> int:
    """Level of the line: as tagged, else above for a bridge and below for a tunnel."""
    said = tags.get("layer", "")
    if re.fullmatch(r"-?[0-5]", said):
        return int(said)
    return int(tags.get("bridge", "no") != "no") - int(tags.get("tunnel", "no") not in {"no", "building_passage"})
