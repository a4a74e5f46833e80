"""Where planned areas and sites meet high hazard: how much of each, with how many people, and what is done about it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from riskmap.model import NO_CLASS, Text, ThemeResult
from riskmap.spatial import class_polygons, inside

__all__ = ["advice_for", "planned_conflicts", "rule_for"]


def rule_for(kind: str, rules: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Find the first rule whose word stands in the type of a planned area; None where none does.

    Examples
    --------
    >>> rule_for("城镇开发边界", [{"word": "农田"}, {"word": "开发边界"}])
    {'word': '开发边界'}
    """
    return next((one for one in rules if str(one["word"]) in kind), None)


def advice_for(rule: Mapping[str, Any], hazards: Sequence[str]) -> Text:
    """Say what is done about the hazards that a planned area or site meets.

    Parameters
    ----------
    rule : mapping
        ``advice``; ``at``: by hazard what stands in its place; ``hazards``: those that matter (all where absent).
    hazards : sequence of str
        Names of the hazards that are high there, in the order to tell them.

    Returns
    -------
    Text
        Each advice once; empty where no hazard that matters is high.

    Examples
    --------
    >>> rule = {"advice": Text("评估", "assess"), "at": {"fire": Text("隔离带", "fire breaks")}}
    >>> advice_for(rule, ["fire", "flood", "hail"]).zh
    '隔离带；评估'
    >>> advice_for({**rule, "hazards": ["flood"]}, ["fire"]).en
    ''
    """
    own = rule.get("at", {})
    told = [own.get(one, rule["advice"]) for one in hazards if one in rule.get("hazards", hazards)]
    found = list(dict.fromkeys(Text(**one) if isinstance(one, Mapping) else one for one in told))
    return Text("；".join(one.zh for one in found), "; ".join(one.en for one in found))


def planned_conflicts(
    plans: gpd.GeoDataFrame,
    themes: Mapping[str, ThemeResult],
    rules: Sequence[Mapping[str, Any]],
    *,
    people: xr.DataArray | None,
    high_classes: int,
    least_share: float,
    slow: Collection[str] = (),
) -> gpd.GeoDataFrame:
    """Lay planned areas over the hazards.

    Parameters
    ----------
    plans : GeoDataFrame
        Polygons with ``name`` and ``type``, in the system of the grid.
    themes : mapping of str to ThemeResult
        Hazards with their classes on the grid.
    rules : sequence of mapping
        ``word`` in the type, ``hazards`` that matter (all but `slow` where absent), ``advice``, ``at`` as `advice_for`; a
        planned area without a rule is not tried.
    people : DataArray, optional
        People by cell.
    high_classes : int
        How many of the highest classes count.
    least_share : float
        Smaller shares of a planned area are no conflict.
    slow : collection of str
        Hazards that count only where a rule names them.

    Returns
    -------
    GeoDataFrame
        A row a planned area and hazard: ``name``, ``type``, ``theme``, ``class`` (highest inside), ``area_km2``,
        ``share`` (of the planned area inside the grid), ``people`` (NaN unknown), ``advice`` (Text), geometry of the
        conflicting part; the largest first.

    Examples
    --------
    >>> planned_conflicts.__name__
    'planned_conflicts'
    """
    rows = []
    for number in range(len(plans)):
        rule = rule_for(str(plans["type"].iloc[number]), rules)
        if rule is None:
            continue
        whole = inside(plans.iloc[[number]], next(iter(themes.values())).classes.odc.geobox)
        for name in [one for one in themes if one in rule.get("hazards", set(themes) - set(slow))]:
            theme = themes[name]
            classes = theme.classes.where(whole & (theme.classes != NO_CLASS), 0)
            hit = classes > theme.scheme.size - high_classes
            share = float(hit.sum()) / max(int(whole.sum()), 1)
            if share < least_share or share == 0:
                continue
            part = class_polygons(hit.where(hit, NO_CLASS).astype("uint8"))
            rows.append(
                {
                    "name": plans["name"].iloc[number] if "name" in plans else "",
                    "type": plans["type"].iloc[number],
                    "theme": name,
                    "class": int(classes.max()),
                    "area_km2": float(part.area.sum()) / 1e6,
                    "share": share,
                    "people": np.nan if people is None else float(people.where(hit).sum()),
                    "advice": advice_for(rule, [name]),
                    "geometry": shapely.multipolygons(shapely.get_parts(part.union_all())),
                }
            )
    columns = ["name", "type", "theme", "class", "area_km2", "share", "people", "advice", "geometry"]
    table = pd.DataFrame(rows, columns=columns).sort_values("area_km2", ascending=False, kind="stable")
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry="geometry", crs=plans.crs)
