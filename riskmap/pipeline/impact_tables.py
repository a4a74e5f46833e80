"""The tables of an impact: each asks for its layers and is left out where they were not delivered."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from riskmap.elements import lines_inside, records_inside, units_inside
from riskmap.hazards import THEMES
from riskmap.loaders import read_vector, read_window
from riskmap.maps.words import COLUMNS
from riskmap.model import NO_CLASS, ClassScheme, Exposure, LayerSpec, ProductTable, Survey, Text
from riskmap.shelters import Ground, demand_points, evacuation, rated_shelters, serving, shelter_rules
from riskmap.spatial import inside, zone_labels

__all__ = ["footprint_tables"]

_EVENT = "event"
_NAMES = {
    "unit_id": Text("代码", "Code"),
    "name": Text("名称", "Name"),
    "township": Text("乡镇", "Township"),
    "area_share": Text("范围占村域面积", "Share of its area inside"),
    "class": Text("综合风险等级", "Risk class"),
    "hazard": Text("灾种", "Hazard"),
    "hazard_class": Text("危险性等级", "Hazard class"),
    "area_km2": Text("面积（km²）", "Area (km²)"),
    "people": Text("人口（人）", "People"),
    "structure": Text("结构类型", "Structure"),
    "buildings": Text("栋数", "Buildings"),
    "floor_area_m2": Text("建筑面积（m²）", "Floor area (m²)"),
    "code": Text("编号", "Code"),
    "type": Text("类型", "Type"),
    "capacity_people": Text("容量（人）", "Capacity (people)"),
    "taken_in": Text("可接收（人）", "Takes in (people)"),
    "minutes": Text("平均步行时间（分钟）", "Mean walk (min)"),
    "length_km": Text("长度（km）", "Length (km)"),
}


def footprint_tables(
    survey: Survey, exposed: Exposure, area: gpd.GeoDataFrame, *, edition: Path
) -> dict[str, ProductTable]:
    """Count what lies inside an area.

    Parameters
    ----------
    survey : Survey
        Checked layers, personal data among them.
    exposed : Exposure
        Amounts by unit and by cell.
    area : GeoDataFrame
        One area in the analysis system.
    edition : pathlib.Path
        Folder of the published edition; classes of risk and hazard come from it where it is there.

    Returns
    -------
    dict of str to ProductTable
        ``impact_units``, ``impact_classes``, ``impact_danger``, ``impact_buildings``, ``impact_shelters``,
        ``impact_refuge``, ``impact_roads``: those whose layers were delivered.

    Examples
    --------
    >>> footprint_tables.__name__
    'footprint_tables'
    """
    makers: Mapping[str, Callable[[], ProductTable | None]] = {
        "impact_units": lambda: _units(survey, exposed, area, edition),
        "impact_classes": lambda: _classes(survey, exposed, area, edition),
        "impact_danger": lambda: _danger(survey, area),
        "impact_buildings": lambda: _buildings(survey, area),
        "impact_shelters": lambda: _shelters(survey, area),
        "impact_refuge": lambda: _refuge(survey, exposed, area),
        "impact_roads": lambda: _roads(survey, area),
    }
    found = {name: make() for name, make in makers.items()}
    return {name: one for name, one in found.items() if one is not None}


def _table(name: str, title: Text, frame: Any, **more: Any) -> ProductTable:
    headers = {**_NAMES, **more.pop("headers", {})}
    return ProductTable(name=name, title=title, frame=frame, headers=headers, internal=True, rows_shown=200, **more)


def _units(survey: Survey, exposed: Exposure, area: gpd.GeoDataFrame, edition: Path) -> ProductTable:
    labels = zone_labels(survey.units, survey.grid)
    found = units_inside(survey.units, area, labels, totals=exposed.units, grids=exposed.grids)
    names = survey.units["name"] if "name" in survey.units else pd.Series("", index=survey.units.index)
    found.insert(0, "name", names.reindex(found.index))
    schemes: dict[str, ClassScheme] = {}
    path = edition / "riskmap.gpkg"
    if path.exists():
        spec = LayerSpec(name="risk_units", title=Text("综合风险", "Risk"), kind="polygon")
        told = read_vector(path, spec, layer="risk_units").frame
        codes = told.set_index("unit_id")["class"].reindex(found.index)
        found.insert(1, "class", codes.fillna(NO_CLASS).astype("uint8"))
        schemes["class"] = survey.standards.scheme(survey.county.scoring.scheme)
    for column in [one for one in found if str(one).endswith(("_inside", *exposed.units.columns))]:
        found[column] = found[column].round(0 if str(column).startswith(("people", "gdp", "houses")) else 2)
    headers = {
        str(column): _inside_header(str(column)) for column in found if str(column).removesuffix("_inside") in COLUMNS
    }
    notes = (
        Text(
            "“范围内”按格网统计：中心落在影响范围内的格网；整村数为全村合计",
            "'inside' counts cells whose centre lies in the footprint; the plain figure is that of the whole village",
        ),
    )
    return _table(
        "impact_units", Text("涉及村（社区）", "Villages touched"), found, headers=headers, schemes=schemes, notes=notes
    )


def _inside_header(column: str) -> Text:
    title, unit = COLUMNS[column.removesuffix("_inside")]
    tail = f"（{unit}）" if unit else ""
    if column.endswith("_inside"):
        return Text(f"范围内{title.zh}{tail}", f"{title.en} inside ({unit})")
    return Text(f"整村{title.zh}{tail}", f"{title.en}, whole village ({unit})")


def _classes(survey: Survey, exposed: Exposure, area: gpd.GeoDataFrame, edition: Path) -> ProductTable | None:
    """Area and people of each hazard class inside, from the rasters of the edition."""
    schemes = {one.name: (one.title, survey.standards.scheme(one.scheme)) for one in THEMES}
    given = survey.county.given
    schemes |= {name: (one.title.text, survey.standards.scheme(one.scheme)) for name, one in given.items()}
    mask = inside(area, survey.grid).to_numpy()
    people = exposed.grids["people"].to_numpy()[mask] if "people" in exposed.grids else np.full(int(mask.sum()), np.nan)
    cell_km2 = abs(survey.grid.affine.a * survey.grid.affine.e) / 1e6
    rows = []
    for name, (title, scheme) in schemes.items():
        path = edition / "rasters" / f"{name}_class.tif"
        codes = _on_grid(path, survey)
        if codes is None:
            continue
        for code in range(scheme.size, 0, -1):
            here = codes[mask] == code
            if here.any():
                count = float(np.nansum(people[here])) if np.isfinite(people).any() else np.nan
                rows.append((str(title), str(scheme.label(code)), float(here.sum()) * cell_km2, round(count)))
    if not rows:
        return None
    frame = pd.DataFrame(rows, columns=["hazard", "hazard_class", "area_km2", "people"])
    return _table("impact_classes", Text("范围内各灾种危险性", "Hazard classes inside"), frame)


def _on_grid(path: Path, survey: Survey) -> np.ndarray | None:
    """Classes of a published raster; None where it is not there or lies on another grid."""
    if not path.exists():
        return None
    found, _ = read_window(path, survey.grid)
    aligned = found.reindex_like(xr.DataArray(survey.mask), method="nearest", tolerance=1.0)
    return aligned.to_numpy()


def _danger(survey: Survey, area: gpd.GeoDataFrame) -> ProductTable | None:
    """Danger points inside, with who watches them."""
    if not survey.has("hazard_points"):
        return None
    layer = survey.layer("hazard_points")
    found = records_inside(survey.frame("hazard_points"), area)
    wanted = ("code", "name", "type", "threat_class", "threatened_people", "threatened_households", "village_code",
              "warden_name", "warden_phone")  # fmt: skip
    shown = [one for one in wanted if one in found]
    if "threatened_people" in found:
        found = found.sort_values("threatened_people", ascending=False, kind="stable")
    headers = {one.name: one.title for one in layer.spec.fields}
    title = Text("范围内地质灾害隐患点", "Danger points inside")
    return _table("impact_danger", title, found[[*shown, "geometry"]].reset_index(drop=True), headers=headers)


def _buildings(survey: Survey, area: gpd.GeoDataFrame) -> ProductTable | None:
    if not survey.has("buildings"):
        return None
    found = records_inside(survey.frame("buildings"), area)
    kind = found["structure"].fillna("未填").astype(str) if "structure" in found else pd.Series("—", index=found.index)
    table = found.assign(structure=kind).groupby("structure", sort=False)["floor_area_m2"].agg(["size", "sum"])
    table = table.rename(columns={"size": "buildings", "sum": "floor_area_m2"}).sort_values(
        "buildings", ascending=False
    )
    return _table("impact_buildings", Text("范围内房屋", "Buildings inside"), table.reset_index())


def _shelters(survey: Survey, area: gpd.GeoDataFrame) -> ProductTable | None:
    if not survey.has("shelters"):
        return None
    places = rated_shelters(survey.frame("shelters"), shelter_rules(survey.standards))
    found = records_inside(places, area)[["name", "type", "capacity_people", "geometry"]]
    title = Text("范围内避难场所（不宜使用）", "Shelters inside, not to be used")
    return _table("impact_shelters", title, found.rename_axis("code").reset_index())


def _refuge(survey: Survey, exposed: Exposure, area: gpd.GeoDataFrame) -> ProductTable | None:
    """Shelters outside that take in the people inside, over the roads, with room counted off."""
    if not (survey.has("shelters") and survey.has("roads") and "people" in exposed.grids):
        return None
    labels = zone_labels(survey.units, survey.grid)
    inner = units_inside(survey.units, area, labels, totals=exposed.units[["people"]], grids=exposed.grids)
    leaving = inner["people_inside"].reindex(survey.units.index, fill_value=0.0)
    rules = shelter_rules(survey.standards)
    places = rated_shelters(survey.frame("shelters"), rules)
    ground = Ground.of(survey, demand_points(survey, exposed.units["people"]), places)
    safe = ~places.geometry.intersects(area.union_all()).to_numpy() & serving(places["type"], rules, _EVENT)
    state = {_EVENT: (np.ones(len(ground.network.edges), bool), safe)}
    away = np.zeros((len(leaving), len(places)), bool)
    moved = evacuation(ground, places, {_EVENT: leaving}, states=state, away=away, standards=survey.standards)
    flows = moved.flows.assign(total=moved.flows["people"] * moved.flows["minutes"])
    sums = flows.groupby("shelter_id")[["people", "total"]].sum()
    table = places.loc[sums.index, ["name", "type", "capacity_people", "geometry"]].assign(
        taken_in=sums["people"], minutes=(sums["total"] / sums["people"]).round(1)
    )
    left = int(moved.places["unassigned"].sum())
    note = Text(
        f"范围内人口步行安置到范围外场所，先满足人数、再求时间最短；仍有 {left} 人未能安置",
        f"people inside walk to shelters outside, as many as possible, then the least time; {left} find no room or way",
    )
    frame = table.sort_values("taken_in", ascending=False, kind="stable").rename_axis("code").reset_index()
    return _table("impact_refuge", Text("接收避难场所", "Shelters that take people in"), frame, notes=(note,))


def _roads(survey: Survey, area: gpd.GeoDataFrame) -> ProductTable | None:
    if not survey.has("roads"):
        return None
    found = lines_inside(survey.frame("roads"), area)
    shown = [one for one in ("name", "class", "bridge") if one in found]
    table = found[[*shown, "geometry"]].assign(length_km=(found["length_m"] / 1000).round(3)).reset_index(drop=True)
    headers = {"class": Text("道路等级", "Class"), "bridge": Text("桥梁", "Bridge")}
    return _table("impact_roads", Text("范围内道路", "Roads inside"), table, headers=headers)
