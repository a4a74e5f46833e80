"""Look at any result in a notebook: the atlas's map with just that result on it, with no network."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import singledispatch
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.maps.unit_words import VILLAGES, UnitWords, unit_words
from riskmap.maps.web.atlas import assessment_map
from riskmap.maps.web.base import base_part, bounds_of, labels_part
from riskmap.maps.web.layers import area_layer, grid_layer, object_layers, theme_layer
from riskmap.maps.web.offline import OfflineMap
from riskmap.maps.web.pictures import lon_lat_bounds, web_grid
from riskmap.maps.web.places import (
    area_set,
    column_fact,
    known_texts,
    rank_fact,
    sizes_of,
    stable_texts,
    unit_facts,
    zone_facts,
)
from riskmap.maps.web.quantities import theme_quantities
from riskmap.maps.web.shapes import line_shapes, shape_of
from riskmap.maps.web.shelters import shelter_part
from riskmap.maps.web.strings import strings_for
from riskmap.maps.words import COLUMNS, number
from riskmap.model import (
    NO_CLASS,
    NO_LEADER,
    NO_LEADER_WORDS,
    Assessment,
    ProductTable,
    RiskResult,
    ShelterResult,
    Survey,
    Text,
    ThemeResult,
)

__all__ = ["explore"]

_BASE = dict.fromkeys(("shade", "neighbours", "outline", "townships", "streams", "roads"))
_MOST = 5000


@singledispatch
def explore(result: Any, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    """Show a result on an offline map; in a notebook the last line of a cell is enough.

    Parameters
    ----------
    result : Assessment, Edition, Survey, Layer, ThemeResult, RiskResult, ShelterResult, ProductTable or GeoDataFrame
        What to show, or any other result or table with shapes, or (given `on`) whose index is that of the units or
        townships. Of a table every shape is drawn and told by its columns when it is clicked; it must know its
        coordinate system.
    title : Text, optional
        Heading; by default what the result is.
    on : Survey, optional
        The county under it: relief, boundaries, roads, waters and names. Of use for a hazard and for tables; an
        Assessment and a Survey bring their own.

    Returns
    -------
    OfflineMap
        A `folium.Map`; ``.html()`` gives the page. It asks the network for nothing.

    Raises
    ------
    MethodError
        Something without shapes, or a GeoDataFrame without coordinate system, without rows, or with more than 5000.

    Examples
    --------
    >>> from shapely import Point
    >>> explore(gpd.GeoDataFrame({"name": ["河曲"]}, geometry=[Point(111.1, 39.4)], crs="EPSG:4326")).get_name()[:4]
    'map_'
    """
    frame = result if isinstance(result, pd.DataFrame) else result.to_frame() if hasattr(result, "to_frame") else None
    placed = _placed(frame, on)
    if placed is None:
        raise MethodError(
            f"cannot explore a {type(result).__name__}: it has no shapes; give an Assessment, Edition, Survey, Layer, "
            f"ThemeResult, RiskResult, ShelterResult or GeoDataFrame, or on=survey with a table whose index is that of "
            f"the survey's units or townships"
        )
    own = getattr(result, "title", None)
    return explore(placed, title=title or (own if isinstance(own, Text) else None), on=on)


@explore.register
def _product(result: ProductTable, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    frame = _placed(result.frame, on)
    if frame is None:
        raise MethodError(
            f"cannot explore the table {result.title.en!r}: it has no shapes; it shows itself as a table, and on=survey "
            f"places rows whose index is that of the survey's units or townships"
        )
    told = gpd.GeoDataFrame(result.in_words().drop(columns="geometry", errors="ignore"), geometry=frame.geometry.values)
    told = told.set_crs(frame.crs)
    column = next((one for one in result.schemes if one in frame), None)
    if column is None or not frame.geom_type.isin(["Polygon", "MultiPolygon"]).all():
        return explore(told, title=title or result.title, on=on)
    scheme = result.schemes[column]
    layer = area_layer(frame, scheme, name=result.name, areas="layer", title=result.title, column=column)
    return _drawn(told, title or result.title, on, layers=[layer])


def _placed(frame: pd.DataFrame | None, on: Survey | None) -> gpd.GeoDataFrame | None:
    """Give a table shapes: its own, or those of the units or townships that its index names."""
    if isinstance(frame, gpd.GeoDataFrame) or frame is None or on is None:
        return frame if isinstance(frame, gpd.GeoDataFrame) else None
    for areas in (on.units, on.townships):
        if len(frame) and frame.index.isin(areas.index).all():
            names = areas["name"].reindex(frame.index)
            named = frame if "name" in frame else frame.assign(name=names)
            return gpd.GeoDataFrame(named, geometry=areas.geometry.reindex(frame.index), crs=areas.crs)
    return None


@explore.register
def _assessment(result: Assessment, *, title: Text | None = None, **_: Any) -> OfflineMap:
    return assessment_map(result) if title is None else assessment_map(_renamed(result, title))


@explore.register
def _survey(result: Survey, *, title: Text | None = None, **_: Any) -> OfflineMap:
    facts = []
    if result.has("villages"):
        people = result.frame("villages").drop_duplicates("code").set_index("code").get("people")
        if people is not None:
            head, unit = COLUMNS["people"]
            facts.append(column_fact(people.reindex(result.units.index), title=head, unit=unit))
    areas = {"units": area_set(result.units, townships=result.townships) | {"facts": facts}}
    heading = title or Text("普查数据", "Survey")
    more = {"base": base_part(result), "labels": labels_part(result), "areas": areas}
    return _map(heading, more, of=result.county.title, words=unit_words(result))


@explore.register
def _theme(result: ThemeResult, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    known = (result.known_share.to_numpy() > 0) | (result.classes.to_numpy() != NO_CLASS)
    mask = result.classes.copy(data=known) if on is None else on.mask
    layer = theme_layer(result, mask=mask)
    grid = result.classes.odc.geobox
    values = None if on is not None and on.county.maps.is_public else theme_quantities({result.name: result}, grid)
    more = {"base": _BASE | {"bounds": lon_lat_bounds(web_grid(grid))}, "layers": [layer], "values": values}
    return _map(title or result.title, more | _under(on))


@explore.register
def _risk(result: RiskResult, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    units = result.units
    mask: xr.DataArray = result.classes != NO_CLASS
    layers: list[Mapping[str, Any]] = [
        area_layer(units, result.scheme, name="risk-units", areas="units", title=Text("单元综合风险", "Risk by unit")),
        grid_layer(result.classes, result.grid_scheme, mask=mask) | {"title": Text("格网综合风险", "Risk by cell")},
    ]
    index = units["index"].astype("float64")
    part = area_set(units, townships=result.townships) | {
        "facts": unit_facts(units),
        "index": [None if pd.isna(one) else number(round(one, 3)) for one in index],
        "rank": rank_fact(index),
        "ranked": int(index.notna().sum()),
        "leading": [NO_LEADER_WORDS if one == NO_LEADER else str(one) or None for one in units["leading"].fillna("")],
        "known": known_texts(units["known_share"]),
        "stable": stable_texts(units, result.scheme),
        "sizes": sizes_of(units),
    }
    areas = {"units": part}
    if len(result.zones):
        areas["zones"] = area_set(result.zones) | {"facts": zone_facts(result, {}, words=_words(on))}
        heading = Text("综合风险区划", "Risk zones")
        layers.append(area_layer(result.zones, result.scheme, name="zones", areas="zones", title=heading))
    layers += object_layers(result, units, result.scheme)
    base = _BASE | {
        "bounds": bounds_of(units),
        "outline": line_shapes(gpd.GeoSeries([units.union_all()], crs=units.crs)),
    }
    more = {"base": base, "layers": layers, "areas": areas}
    return _map(title or Text("综合风险", "Comprehensive risk"), more | _under(on), words=_words(on))


@explore.register
def _shelters(result: ShelterResult, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    demand = result.demand
    facts = [column_fact(demand["people"], title=COLUMNS["people"][0], unit="people")]
    points = area_set(demand.assign(geometry=demand.geometry)) | {"facts": facts}
    roads = line_shapes(result.roads)
    base = _BASE | {
        "bounds": bounds_of(pd.concat([demand[["geometry"]], result.shelters[["geometry"]]])),
        "roads": [{"width": 1, "shape": roads}] if roads else None,
    }
    more = {
        "base": base,
        "areas": {"units": points},
        "shelters": shelter_part(result, units=demand.index),
        "overlays": {"shelters": True, "roads": True},
    }
    return _map(
        title or Text("应急避难场所服务覆盖", "Reach of emergency shelters"), more | _under(on), words=_words(on)
    )


@explore.register
def _frame(result: gpd.GeoDataFrame, *, title: Text | None = None, on: Survey | None = None) -> OfflineMap:
    return _drawn(result, title or Text("图层", "Layer"), on)


def _drawn(
    result: gpd.GeoDataFrame, heading: Text, on: Survey | None, *, layers: Sequence[Mapping[str, Any]] = ()
) -> OfflineMap:
    """Draw every shape, told by its columns; the columns that results share by their names and units."""
    shapes = result[~(result.geometry.isna() | result.geometry.is_empty)]
    if result.crs is None or not 0 < len(shapes) <= _MOST:
        what = "no coordinate system (set it with set_crs)" if result.crs is None else f"{len(shapes)} shapes"
        raise MethodError(f"cannot explore this GeoDataFrame: it has {what}; 1 to {_MOST} shapes can be shown")
    lon_lat = shapes.to_crs("EPSG:4326")
    columns = [one for one in shapes.columns if one != shapes.geometry.name]
    heads = {one: COLUMNS.get(str(one), (Text(str(one), str(one)), "")) for one in columns}
    facts = [column_fact(_plain(shapes[one]), title=heads[one][0], unit=heads[one][1]) for one in columns]
    names = shapes["name"].fillna("").astype(str) if "name" in shapes else pd.Series("", index=shapes.index)
    codes = [str(one) for one in shapes.index]
    part = {
        "shapes": [shape_of(one) for one in lon_lat.geometry],
        "ids": codes,
        "names": [name or code for name, code in zip(names, codes, strict=True)],
        "parents": [None] * len(codes),
        "facts": facts,
    }
    more = {"base": _BASE | {"bounds": bounds_of(shapes)}, "areas": {"layer": part}, "layers": list(layers)}
    return _map(heading, more | _under(on))


def _under(survey: Survey | None) -> dict[str, Any]:
    """Ground and names of the county, to lie under a result that does not bring its own."""
    return {} if survey is None else {"base": base_part(survey), "labels": labels_part(survey)}


def _words(survey: Survey | None) -> UnitWords:
    return VILLAGES if survey is None else unit_words(survey)


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "是 yes", False: "否 no"})
    return values.replace([np.inf, -np.inf], np.nan) if pd.api.types.is_numeric_dtype(values) else values


def _renamed(result: Assessment, title: Text) -> Assessment:
    county = result.survey.county
    name = {"title": {"zh": title.zh, "en": title.en}}
    maps = type(county.maps).model_validate(county.maps.model_dump() | name)
    return replace(result, survey=replace(result.survey, county=county.model_copy(update={"maps": maps})))


def _map(title: Text, more: Mapping[str, Any], *, of: Text | None = None, words: UnitWords = VILLAGES) -> OfflineMap:
    document: dict[str, Any] = {
        "county": of or Text("", ""),
        "title": title,
        "note": None,
        "approval": Text("", ""),
        "date": "",
        "compiler": "",
        "strings": strings_for(words),
        "labels": [],
        "areas": {},
        "layers": [],
        "shelters": None,
        "about": [],
        "online": None,
    }
    return OfflineMap(document | dict(more), title=title)
