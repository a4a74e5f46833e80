"""The atlas of an assessment: one HTML file with every map, figure and word in it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from riskmap.errors import MethodError
from riskmap.maps.imprint import approval
from riskmap.maps.tally import people_cells
from riskmap.maps.unit_words import unit_words
from riskmap.maps.web.about import about_part
from riskmap.maps.web.base import base_part, labels_part
from riskmap.maps.web.buildings import buildings_part
from riskmap.maps.web.layers import area_layer, grid_layer, object_layers, theme_layer
from riskmap.maps.web.offline import OfflineMap, json_text
from riskmap.maps.web.pictures import PIXELS
from riskmap.maps.web.places import (
    area_set,
    hazard_rows,
    known_texts,
    leaders,
    rank_fact,
    reasons_of,
    sizes_of,
    stable_texts,
    unit_facts,
    zone_facts,
    zone_of,
)
from riskmap.maps.web.quantities import quantities_part
from riskmap.maps.web.shapes import tolerance_of
from riskmap.maps.web.shelters import shelter_part
from riskmap.maps.web.strings import strings_for
from riskmap.maps.web.towns import towns_part
from riskmap.maps.web.what_if import cells_part, what_if_part
from riskmap.maps.web.zones_of_scenarios import scenario_zones
from riskmap.maps.words import number
from riskmap.model import Assessment, RiskResult, Text
from riskmap.model.atlas_names import BUILDINGS, TRIAL_CELLS, VALUES, atlas_names

__all__ = ["assessment_map", "atlas"]

_COARSER = (1, 2, 4, 8)
_HOSTS = tuple(f"https://t{n}.tianditu.gov.cn" for n in range(8))
_TILES = (
    "https://t{s}.tianditu.gov.cn/%s_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=%s&STYLE=default"
    "&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=%s"
)


def atlas(assessment: Assessment, *, tianditu_key: str | None = None, pixels: int = PIXELS) -> str:
    """Write the atlas of an assessment as one page that opens by double click with no network.

    Parameters
    ----------
    assessment : Assessment
        What a run found out; risk and shelters may be missing, the page then says what is left out and why.
    tianditu_key : str, optional
        Key of the online base map Tianditu. Without it no address stands in the page. With it the page offers
        the base map, and asks for it only when its reader switches it on.
    pixels : int
        Upper size of each picture.

    Returns
    -------
    str
        HTML; the same assessment gives the same bytes. Class rasters are drawn in EPSG:3857 by nearest
        cell. Where the page would grow beyond ``[maps] atlas_mb`` it first carries no values of cells (the fine print then
        says so), then coarser pictures (the legend names the cell size). Unknown
        values are told as 无数据 / no data.

    Raises
    ------
    MethodError
        A key that is none, something in the page that would ask the network, a layer to be left out that is none, or a
        page that stays too large: the message names the largest parts.

    Examples
    --------
    >>> atlas.__name__
    'atlas'
    """
    limit = assessment.survey.county.maps.atlas_mb * 1e6
    made = assessment_map(assessment, tianditu_key=tianditu_key, pixels=pixels)
    page, carried = made.html(), made.document["values"] is not None
    for step in _COARSER if carried else _COARSER[1:]:
        if len(page.encode()) <= limit:
            return page
        made = assessment_map(assessment, tianditu_key=tianditu_key, pixels=pixels // step, values=not carried)
        page = made.html()
    if len(page.encode()) <= limit:
        return page
    raise MethodError(
        f"the atlas has {len(page.encode()) / 1e6:.1f} MB at its coarsest, [maps] atlas_mb allows {limit / 1e6:g}; allow more, "
        "give larger cells (cell_size_m), or leave layers out: [maps] atlas_leave_out = [...]. The largest parts:",
        faults=_largest(made.document),
    )


def _largest(document: Mapping[str, Any]) -> list[str]:
    parts = {f"{one['id']} ({one['title'].en})": one for one in document["layers"]}
    parts |= {f"{TRIAL_CELLS} (cells for trials of weights)": document["cells"], "areas": document["areas"]}
    parts |= {BUILDINGS: document["buildings"], f"{VALUES} (of the cells)": document["values"]}
    parts |= {"areas of the scenarios": document["scenarioZones"]}
    sizes = sorted(((len(json_text(one)), name) for name, one in parts.items()), reverse=True)
    return [f"{name}: {size / 1e6:.2f} MB" for size, name in sizes[:6]]


def assessment_map(
    assessment: Assessment, *, tianditu_key: str | None = None, pixels: int = PIXELS, values: bool = True
) -> OfflineMap:
    """Map of an assessment, before it is written.

    Parameters
    ----------
    assessment : Assessment
        As in `atlas`.
    tianditu_key : str, optional
        As in `atlas`.
    pixels : int
        Upper size of each picture.
    values : bool
        Whether the page carries measured values of the cells; the fine print says so where it does not.

    Returns
    -------
    OfflineMap

    Raises
    ------
    MethodError
        As in `atlas`.

    Examples
    --------
    >>> assessment_map.__name__
    'assessment_map'
    """
    survey, risk = assessment.survey, assessment.risk
    units = _units(assessment)
    areas, people = {"units": _unit_part(assessment, units)}, people_cells(assessment)
    if risk is not None and len(risk.zones):
        areas["zones"] = area_set(risk.zones, tolerance_m=tolerance_of(survey.county.cell_size_m)) | {
            "facts": zone_facts(risk, assessment.themes, words=unit_words(survey)),
            "reasons": reasons_of(assessment.products, "zone_reasons", risk.zones.index),
        }
        areas["units"]["zone"] = zone_of(units, risk.zones)
    shelters = assessment.shelters
    layers = _layers(assessment, units, people=people, pixels=pixels)
    gone = _left_out(survey.county.maps.atlas_leave_out, layers)
    document = _head(assessment) | {
        "base": base_part(survey),
        "labels": labels_part(survey),
        "areas": areas,
        "layers": [one for one in layers if one["id"] not in gone],
        "whatIf": what_if_part(assessment, units),
        "buildings": None if BUILDINGS in gone else buildings_part(survey),
        "cells": None if TRIAL_CELLS in gone else cells_part(assessment, units, people=people, pixels=pixels),
        "values": None if VALUES in gone or not values else quantities_part(assessment, pixels=pixels),
        "shelters": None if shelters is None else shelter_part(shelters, units=units.index, assessment=assessment),
        "scenarioZones": None if shelters is None else scenario_zones(shelters, assessment, pixels=pixels),
        "towns": towns_part(assessment, units),
        "about": about_part(assessment, values=values),
        "online": _online(tianditu_key),
    }
    title = Text(f"{survey.county.title.zh}{document['title'].zh}", document["title"].en)
    return OfflineMap(document, title=title, hosts=_HOSTS if tianditu_key else ())


def _left_out(names: Sequence[str], layers: Sequence[Mapping[str, Any]]) -> set[str]:
    """Names to be left out; a hazard that is not in this run need not be."""
    hazards = [one["id"].removeprefix("hazard-") for one in layers if one["id"].startswith("hazard-")]
    known = atlas_names(hazards)
    wrong = sorted(one for one in set(names) - set(known) if not one.startswith("hazard-"))
    if wrong:
        raise MethodError(f"[maps] atlas_leave_out names {', '.join(wrong)}; the atlas has {', '.join(known)}")
    return set(names)


def _head(assessment: Assessment) -> dict[str, Any]:
    survey = assessment.survey
    maps, county = survey.county.maps, survey.county
    title = Text("自然灾害综合风险区划图", "Zoning of comprehensive natural-disaster risk")
    if assessment.risk is None:
        title = Text("自然灾害危险性图", "Natural hazards")
    return {
        "county": county.title,
        "title": maps.title.text if maps.title else title,
        "note": maps.data_note.text if maps.data_note else None,
        "approval": approval(survey),
        "cell_m": county.cell_size_m,
        "date": maps.compile_date or county.date,
        "compiler": maps.compiler,
        "strings": strings_for(unit_words(survey)),
    }


def _units(assessment: Assessment) -> gpd.GeoDataFrame:
    """Units in one order for every part, with whatever was found out on them."""
    survey, risk, known = assessment.survey, assessment.risk, assessment.hazard_units
    units = survey.units
    for found in (None if risk is None else risk.units, known):
        if found is not None:
            fresh = found.drop(columns=[one for one in found if one in units or one == "geometry"])
            units = units.join(pd.DataFrame(fresh))
    return gpd.GeoDataFrame(units, geometry="geometry", crs=survey.units.crs)


def _unit_part(assessment: Assessment, units: gpd.GeoDataFrame) -> dict[str, Any]:
    risk = assessment.risk
    survey = assessment.survey
    tolerance = tolerance_of(survey.county.cell_size_m)
    part = area_set(units, townships=survey.townships, tolerance_m=tolerance) | {
        "facts": unit_facts(units),
        "hazards": hazard_rows(assessment.themes, units),
        "sizes": sizes_of(units),
    }
    if risk is None:
        return part
    index = units["index"].astype("float64")
    return part | {
        "index": [None if pd.isna(one) else number(round(one, 3)) for one in index],
        "rank": rank_fact(index),
        "ranked": int(index.notna().sum()),
        "leading": leaders(units["leading"], assessment.themes),
        "reasons": reasons_of(assessment.products, "why_class", units.index),
        "known": known_texts(units["known_share"]),
        "stable": stable_texts(units, risk.scheme),
    }


def _layers(
    assessment: Assessment, units: gpd.GeoDataFrame, *, people: xr.DataArray | None, pixels: int
) -> list[Mapping[str, Any]]:
    survey, risk = assessment.survey, assessment.risk
    layers: list[Mapping[str, Any]] = [] if risk is None else _risk_layers(assessment, risk, units)
    if risk is not None:
        grid = grid_layer(risk.classes, risk.grid_scheme, mask=survey.mask, people=people, pixels=pixels)
        layers.insert(1, grid | {"id": "risk-grid", "title": Text("格网综合风险", "Comprehensive risk, by cell")})
    given = survey.county.given
    layers += [
        theme_layer(
            one,
            mask=survey.mask,
            people=people,
            scores=given[name].scores if name in given else (),
            pixels=pixels,
        )
        for name, one in assessment.themes.items()
    ]
    if risk is not None:
        scheme = survey.standards.scheme("object-risk")
        layers += object_layers(risk, units, scheme)
    return layers


def _risk_layers(assessment: Assessment, risk: RiskResult, units: gpd.GeoDataFrame) -> list[Mapping[str, Any]]:
    title = unit_words(assessment.survey).fill(Text("{unit}综合风险", "Comprehensive risk, by {unit}"))
    layers: list[Mapping[str, Any]] = [area_layer(units, risk.scheme, name="risk-units", areas="units", title=title)]
    if len(risk.zones):
        title = Text("综合风险区划", "Risk zones")
        layers.append(area_layer(risk.zones, risk.scheme, name="zones", areas="zones", title=title))
    return layers


def _online(key: str | None) -> Mapping[str, Any] | None:
    if not key:
        return None
    if not re.fullmatch(r"[0-9A-Za-z]{8,64}", key):
        raise MethodError("the Tianditu key is not one: give the letters and digits of the key, nothing else")
    return {"tiles": [_TILES % (one, one, key) for one in ("vec", "cva")], "subdomains": "01234567"}
